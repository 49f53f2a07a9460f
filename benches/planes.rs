//! How many pictures a second do the three planes and the free one hold, while the crosshair moves or slices scroll?
//!
//! `cargo bench --no-default-features --bench read -- --keep DIR` writes a volume of 512 x 512 x 300;
//! `cargo bench --no-default-features --bench planes -- DIR/volume` moves through it. The limit is 60 a second.

#![expect(clippy::print_stdout, reason = "a benchmark reports by printing")]

use std::path::Path;
use std::time::{Duration, Instant};

use isodense::geometry::PatientPoint;
use isodense::render::{Picture, ViewRenderer};
use isodense::session::{Action, Environment, Link, Readiness, Session, ViewportId};
use isodense::view::{View, ViewportSize};

const ALL: [ViewportId; 4] = [ViewportId(0), ViewportId(1), ViewportId(2), ViewportId(3)];
const STEPS: usize = 200;
const LIMIT_MS: f64 = 1000.0 / 60.0;

fn main() {
    for folder in std::env::args_os().skip(1).filter(|argument| !argument.to_string_lossy().starts_with("--"))
    {
        let mut session = open(Path::new(&folder));
        // A viewport of the 2 x 2 layout in a window of 1280 x 800, of 1920 x 1080 and of 3840 x 2160, with both panels.
        for (window, width, height) in
            [("1280 x 800", 380, 346), ("1920 x 1080", 700, 486), ("3840 x 2160", 1660, 1026)]
        {
            for id in ALL {
                session.apply(Action::Resized(id, ViewportSize { width, height }));
                session.apply(Action::Fit(id));
            }
            crosshair(&mut session, window);
            scrolling(&mut session, window);
        }
    }
}

/// The series in three planes and a free one, all of it loaded.
fn open(folder: &Path) -> Session {
    let mut session = Session::new(Environment::for_tests());
    session.apply(Action::Open(vec![folder.to_owned()]));
    let wait = |session: &mut Session, there: &dyn Fn(&Session) -> bool| {
        while !there(session) {
            session.poll();
            std::thread::sleep(Duration::from_millis(1));
        }
    };
    wait(&mut session, &|session| session.scan().is_none() && session.shown(ALL[0]).is_some());
    session.apply(Action::ShowPlanes(ALL[0]));
    wait(&mut session, &|session| ALL.iter().all(|id| session.readiness(*id) == Readiness::Ready));
    session
}

fn crosshair(session: &mut Session, window: &str) {
    let Some(start) = session.crosshair().map(|crosshair| crosshair.point) else { return };
    let step = |session: &mut Session, step: usize| {
        // Round and round, so that every plane moves at every step.
        let turn = step as f64 / 20.0;
        let off = glam::DVec3::new(turn.sin(), turn.cos(), (turn * 0.7).sin()) * 40.0;
        session.apply(Action::PointAt(ALL[0], PatientPoint(start.0 + off)));
    };
    report(session, &format!("{window}, crosshair, four planes"), &ALL, 1, step);
    report(session, &format!("{window}, the same, one pixel for 2 x 2"), &ALL, 2, step);
}

fn scrolling(session: &mut Session, window: &str) {
    for id in &ALL[..3] {
        session.apply(Action::SetCut(*id, isodense::session::Cut::Axial));
    }
    session.apply(Action::ToggleLink(Link::Scroll));
    let step = |session: &mut Session, step: usize| {
        let way = if (step / 50).is_multiple_of(2) { 1 } else { -1 };
        session.apply(Action::Scroll(ALL[0], way));
    };
    report(session, &format!("{window}, scroll, three linked"), &ALL[..3], 1, step);
    session.apply(Action::ToggleLink(Link::Scroll));
    session.apply(Action::ShowPlanes(ALL[0]));
}

/// Prints the median and the slowest of a twentieth of all steps, from the action to the last viewport's pixels, and
/// the medians of the action and of each viewport alone.
///
/// With `coarse` 2 as the window draws what moves faster than it can be drawn in full.
fn report(
    session: &mut Session,
    name: &str,
    ids: &[ViewportId],
    coarse: u32,
    step: impl Fn(&mut Session, usize),
) {
    let mut drawn: Vec<(ViewRenderer, Option<Picture>)> =
        ids.iter().map(|_| (ViewRenderer::default(), None)).collect();
    let mut parts = vec![Vec::new(); ids.len() + 1];
    let mut times: Vec<f64> = (0..STEPS)
        .map(|index| {
            let start = Instant::now();
            step(session, index);
            let mut last = start.elapsed().as_secs_f64() * 1e3;
            parts[0].push(last);
            for ((id, (renderer, picture)), part) in ids.iter().zip(&mut drawn).zip(&mut parts[1..]) {
                let (Some(shown), Some(image)) = (session.shown(*id), session.shown_image(*id)) else {
                    continue;
                };
                let view = &shown.viewport.view;
                let (framing, size) = view.framing.coarser(session.workspace().size(*id), coarse);
                let resolved = View { framing, ..view.clone() }.resolve(shown.frame, size);
                let picture = picture.get_or_insert_with(|| Picture::new(resolved.size));
                renderer.render(&image.image(), &resolved, &view.look, picture);
                let now = start.elapsed().as_secs_f64() * 1e3;
                part.push(now - last);
                last = now;
            }
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let (median, slow) = (times[STEPS / 2], times[STEPS * 19 / 20]);
    let parts: Vec<String> = parts
        .iter_mut()
        .map(|part| {
            part.sort_by(f64::total_cmp);
            format!("{:.2}", part[STEPS / 2])
        })
        .collect();
    println!(
        "{name}: {median:.2} ms, 95 of 100 within {slow:.2} ms; {:.0} % of 1/60 s ({})",
        100.0 * slow / LIMIT_MS,
        parts.join(" + ")
    );
}
