//! How long a figure takes: medians, in milliseconds. `cargo bench --bench figure`.
//!
//! Limits: ten panels 180 mm wide at 600 dpi within 1 s to TIFF and to PDF; a frame of the composer within 16.7 ms
//! while a panel is dragged.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench prints its figures and ends at the first surprise"
)]

use std::path::Path;
use std::time::{Duration, Instant};

use egui::{Key, Modifiers, Pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use isodense::case::figure::FileKind;
use isodense::export::write_figure;
use isodense::files::Target;
use isodense::render::{Fonts, Page, figure_page};
use isodense::session::{Action, Environment, FigureAction, PanelDrawing, Session};
use isodense::ui::{App, FileDialogs};
use isodense::work::{Cancel, Progress};

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn timed(runs: usize, mut work: impl FnMut()) -> f64 {
    work();
    let once = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64() * 1000.0
    };
    median((0..runs).map(|_| once(&mut work)).collect())
}

fn case() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_dicom/case.json")
}

fn until(session: &mut Session, done: impl Fn(&Session) -> bool) {
    while !done(session) {
        if !session.poll() {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

/// The sample's Figure 1 with all of its pixels loaded.
fn opened() -> Session {
    let mut session = Session::new(Environment::for_tests());
    session.apply(Action::OpenCase(case()));
    until(&mut session, |session| session.scan().is_none());
    let id = session.case().figures[0].id;
    session.apply(Action::Figure(FigureAction::Show(Some(id))));
    until(&mut session, all_there);
    session
}

fn all_there(session: &Session) -> bool {
    session.figure().is_some_and(|figure| session.panel_drawings(figure).iter().all(Result::is_ok))
}

fn files(session: &Session) {
    let figure = session.figure().unwrap();
    let drawings: Vec<PanelDrawing> =
        session.panel_drawings(figure).into_iter().map(Result::unwrap).collect();
    let marks: Vec<_> = drawings.iter().map(PanelDrawing::marks).collect();
    let panels: Vec<_> =
        drawings.iter().zip(&marks).map(|(drawing, marks)| Some(drawing.panel(marks))).collect();
    let (fonts, cancel, progress) = (Fonts::default(), Cancel::default(), Progress::default());
    let page = || -> Page { figure_page(figure, &panels, 600.0, &fonts, &cancel, &progress).unwrap() };
    let drawn = page();
    println!("page of {} x {} px: {:.0} ms", drawn.size.width, drawn.size.height, timed(7, || drop(page())));
    let folder = tempfile::tempdir().unwrap();
    for kind in FileKind::ALL {
        let path = folder.path().join(format!("figure.{}", kind.extension()));
        let mut bytes = 0;
        let time = timed(7, || {
            bytes = write_figure(Target::over(&path), &page(), kind, &fonts, &cancel, &progress).unwrap();
        });
        let size = bytes as f64 / 1e6;
        println!("{}: {time:.0} ms of 1000, {size:.1} MB", kind.extension());
    }
}

/// The window's own work for a frame, without painting it, while a panel is dragged.
fn composer(session: Session) {
    let mut harness = Harness::builder().with_size([1280.0, 800.0]).allow_missing_glyphs().build_ui_state(
        |ui, app: &mut App| {
            let ctx = ui.ctx().clone();
            app.logic(&ctx);
            app.ui(ui);
        },
        App::new(session, FileDialogs::typed()),
    );
    harness.run_steps(5);
    let from = harness.get_by_label("Image of c").rect().center();
    let at = |step: usize| from + vec2((step % 40) as f32, (step % 7) as f32 * 3.0);
    harness.hover_at(from);
    harness.run_steps(1);
    harness.drag_at(from);
    let mut step = 0;
    let next = |harness: &mut Harness<'_, App>, place: Pos2| {
        harness.hover_at(place);
        harness.run_steps(1);
    };
    let frame = timed(60, || {
        step += 1;
        next(&mut harness, at(step));
    });
    println!("a frame while a panel is dragged: {frame:.1} ms of 16.7");
    harness.drop_at(from);
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::NONE, Key::ArrowRight);
    let idle = timed(60, || harness.run_steps(1));
    println!("a frame at rest: {idle:.1} ms of 16.7");
}

fn main() {
    let session = opened();
    files(&session);
    composer(session);
}
