//! A figure made by keys and drags.

use std::path::Path;

use egui::{Key, Modifiers, Pos2, vec2};
use egui_kittest::kittest::Queryable as _;
use isodense::case::figure::FigureShape;
use isodense::case::{Figure, PanelId};
use isodense::image::Voi;
use isodense::typography::typeset;

use super::{Bench, CT, FIRST, sample};

const CTRL_SHIFT: Modifiers = Modifiers { shift: true, ..Modifiers::COMMAND };

fn figure(bench: &Bench) -> &Figure {
    bench.session().case().figures.last().expect("a figure")
}

fn order(bench: &Bench) -> Vec<u32> {
    figure(bench).panels.iter().map(|panel| panel.id.0).collect()
}

fn place(bench: &Bench, panel: &str) -> Pos2 {
    bench.0.get_by_label(panel).rect().center()
}

/// A click, which is over before the hand could tremble.
fn press(bench: &mut Bench, at: Pos2) {
    bench.0.hover_at(at);
    bench.steps(1);
    bench.0.drag_at(at);
    bench.0.drop_at(at);
    bench.steps(3);
}

fn ready(bench: &mut Bench) {
    bench.wait_until("every panel is there", |session| {
        let figure = session.figure().expect("the figure is shown");
        session.panel_drawings(figure).iter().all(Result::is_ok)
    });
}

/// Four slices of the first CT, in a figure of two columns.
fn four(bench: &mut Bench) {
    bench.open(&sample().join(CT));
    for slice in [12, 3, 3, 3] {
        (0..slice).for_each(|_| bench.key(Key::ArrowDown));
        bench.key(Key::K);
    }
    bench.0.get_by_label("The view is panel (d) of figure 1.");
    bench.key(Key::F9);
    ready(bench);
    let columns = bench.0.get_by_label("Panels in a row");
    columns.click();
    bench.steps(2);
    bench.keys(Modifiers::COMMAND, Key::A);
    bench.0.get_by_label("Panels in a row").type_text("2");
    bench.steps(2);
    bench.key(Key::Enter);
    bench.steps(2);
    assert_eq!(figure(bench).page.columns, 2);
}

fn export(bench: &mut Bench, path: &Path) {
    bench.keys(CTRL_SHIFT, Key::F);
    bench.type_path(path);
    bench.wait_until("it is written", |session| session.writing().is_none());
}

#[test]
fn a_two_by_two_figure_is_made_reordered_changed_undone_and_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::new();
    four(&mut bench);
    assert_eq!((figure(&bench).grid().rows, order(&bench)), (2, vec![1, 2, 3, 4]));
    // The last panel dragged onto the first: letters follow.
    let (from, to) = (place(&bench, "Image of (d)"), place(&bench, "Image of (a)"));
    bench.drag(from, to);
    assert_eq!(order(&bench), [4, 1, 2, 3]);
    // By keys: the first is taken in hand and moved on.
    bench.key(Key::ArrowRight);
    assert_eq!(bench.session().selected_panel(), Some(PanelId(4)));
    bench.keys(CTRL_SHIFT, Key::ArrowRight);
    assert_eq!(order(&bench), [1, 4, 2, 3]);
    bench.keys(Modifiers::COMMAND, Key::Z);
    bench.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(order(&bench), [1, 2, 3, 4]);
    // A panel is opened, windowed and scrolled in a viewport; it keeps what it was left at.
    let at = place(&bench, "Image of (b)");
    press(&mut bench, at);
    bench.keys(Modifiers::COMMAND, Key::Enter);
    assert!(bench.session().opened_panel().is_some_and(|(_, panel, _)| panel == PanelId(2)));
    let seen = |bench: &Bench| figure(bench).panel(PanelId(2)).expect("it is there").view.as_ref().clone();
    let before = seen(&bench);
    bench.key(Key::Num2);
    bench.key(Key::ArrowDown);
    assert_eq!(bench.session().history().undo_name(), Some("change page of figure"), "no step yet");
    bench.key(Key::F9);
    let after = seen(&bench);
    assert_ne!((&after.slice, &after.look), (&before.slice, &before.look));
    assert_eq!(bench.session().history().undo_name(), Some("change view of panel"));
    ready(&mut bench);
    bench.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(seen(&bench), before);
    let path = folder.path().join("figure.png");
    export(&mut bench, &path);
    let (width, height) = png_size(&path);
    assert_eq!(width, 4252);
    assert!(height > 4000, "two rows of square panels");
    export(&mut bench, &folder.path().join("figure.pdf"));
    assert!(std::fs::read(folder.path().join("figure.pdf")).unwrap().starts_with(b"%PDF"));
}

fn png_size(path: &Path) -> (u32, u32) {
    let bytes = std::fs::read(path).expect("it was written");
    let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    (side(16), side(20))
}

#[test]
fn marks_are_drawn_moved_and_deleted_and_captions_typed() {
    let mut bench = Bench::new();
    four(&mut bench);
    bench.click("Arrow");
    let at = place(&bench, "Image of (c)");
    bench.drag(at + vec2(-40.0, 30.0), at);
    let mark = |bench: &Bench| figure(bench).panels[2].marks.first().cloned();
    let drawn = mark(&bench).expect("an arrow");
    let FigureShape::Arrow { tail_pt } = &drawn.shape else { panic!("not an arrow: {drawn:?}") };
    assert!(tail_pt.x < -4.0 && tail_pt.y > 4.0, "it comes from where the drag began: {tail_pt}");
    bench.drag(at, at + vec2(20.0, 0.0));
    let moved = mark(&bench).expect("it is there");
    assert!(moved.at.x > drawn.at.x + 1.0 && (moved.at.y - drawn.at.y).abs() < 0.5, "{moved:?}");
    bench.key(Key::Delete);
    assert_eq!(mark(&bench), None);
    bench.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(mark(&bench), Some(moved));
    // A click chooses the panel; what the program says of it stands in the empty caption.
    let corner = bench.0.get_by_label("Image of (c)").rect().min + vec2(12.0, 60.0);
    press(&mut bench, corner);
    assert_eq!(bench.session().selected_panel(), Some(PanelId(3)));
    bench.0.get_by_label_contains(&typeset(
        "(c) Axial non-contrast CT, brain window (width 80 HU, level 40 HU).",
    ));
    bench.type_into("Caption of (c)", "Level of the tumour");
    bench.0.get_by_label("Title of the figure").focus();
    bench.steps(3);
    assert_eq!(figure(&bench).panels[2].caption.as_deref(), Some("Level of the tumour"));
    bench.0.get_by_label_contains("(c) Level of the tumour.");
}

#[test]
fn the_samples_figure_shows_its_ten_panels_and_what_a_journal_asks() {
    let mut bench = Bench::new();
    bench.keys(Modifiers::COMMAND, Key::L);
    bench.type_path(&sample().join("case.json"));
    bench.wait_until("the images", |session| {
        session.scan().is_none() && session.library().browse().len() == 10
    });
    bench.key(Key::F9);
    ready(&mut bench);
    for letter in ["a", "e", "f", "j"] {
        bench.0.get_by_label(&format!("Image of {letter}"));
    }
    bench.0.get_by_label_contains(&typeset(
        "(f) Axial non-contrast CT, brain window (width 80 HU, level 40 HU), 2 years 4 months after",
    ));
    bench.click("Journal");
    bench.click("J Neurosurg, 84 mm");
    let page = &figure(&bench).page;
    assert_eq!((page.journal.as_str(), page.width_mm), ("J Neurosurg", 84.0));
    assert_eq!(figure(&bench).letters.form.letter(1), "B");
    bench.0.get_by_label_contains("all panels: acquired with");
    bench.key(Key::F9);
    assert!(bench.session().shown(FIRST).is_some() && bench.session().figure().is_none());
}

#[test]
fn panels_of_one_row_share_their_window() {
    let mut bench = Bench::new();
    four(&mut bench);
    bench.click("Shared by panels");
    bench.click("Window shared by");
    bench.click("each row");
    let window = |bench: &Bench, index: usize| {
        let panel = &figure(bench).panels[index];
        let drawing = bench.session().panel_drawing(panel).expect("it is there");
        match &drawing.look().voi {
            Voi::Window(window) => window.width,
            Voi::Lut(_) => f64::NAN,
        }
    };
    bench.key(Key::ArrowRight);
    bench.keys(Modifiers::COMMAND, Key::Enter);
    // Bone: the digit no longer depends on what the file brings.
    bench.key(Key::Num4);
    bench.key(Key::F9);
    ready(&mut bench);
    let widths = [0, 1, 2, 3].map(|index| window(&bench, index).round().to_string());
    assert_eq!(widths, ["2500", "2500", "80", "80"]);
}

#[test]
fn what_names_the_patient_is_replaced_or_kept_before_a_figure_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::new();
    four(&mut bench);
    bench.wait_until("the headers are read", |session| {
        session.figure().is_some_and(|figure| session.figure_findings(figure, None).reading == 0)
    });
    bench.0.get_by_label("Nothing was found that could say who the patient is.");
    bench.key(Key::ArrowRight);
    bench.type_into("Caption of (a)", "Scan of Sample, Isodense");
    bench.0.get_by_label("Title of the figure").focus();
    bench.steps(3);
    let path = folder.path().join("figure.png");
    export(&mut bench, &path);
    assert!(!path.exists(), "it names the patient");
    let place = "caption of (a): the patient's name";
    bench.click(&format!("Keep on purpose: {place}"));
    assert_eq!(figure(&bench).kept.len(), 1);
    bench.keys(Modifiers::COMMAND, Key::Z);
    bench.click(&format!("Write \u{201c}the patient\u{201d}: {place}"));
    assert_eq!(figure(&bench).panels[0].caption.as_deref(), Some("Scan of the patient"));
    export(&mut bench, &path);
    assert!(path.exists());
}
