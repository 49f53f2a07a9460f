//! What a session reads and holds.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use isodense::geometry::Mm;
use isodense::memory::Memory;
use isodense::session::{
    Action, CineOptions, Cut, Environment, FigureAction, Leaving, Readiness, Session, Slices, ViewportId,
};
use isodense::view::{Plane, Slab, SlabMode, ViewportSize};

use super::stack::{self, SLICE};

const FIRST: ViewportId = ViewportId(0);

/// A session that reads nothing ahead, as a command has, with room for so many slices.
fn commanded(slices: usize) -> Session {
    let memory = Memory::Fixed(slices * SLICE);
    Session::new(Environment { memory, reads_ahead: false, ..Environment::for_tests() })
}

fn wait(session: &mut Session, what: &str, done: impl Fn(&Session) -> bool) {
    let start = Instant::now();
    while !done(session) {
        assert!(start.elapsed() < Duration::from_mins(1), "never happened: {what}");
        if !session.poll() {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

fn open(session: &mut Session, folder: &Path) {
    session.apply(Action::Open(vec![folder.to_owned()]));
    wait(session, "the scan ends", |session| session.scan().is_none());
    session.apply(Action::Resized(FIRST, ViewportSize { width: 200, height: 150 }));
    settle(session);
}

fn settle(session: &mut Session) {
    wait(session, "the images are there", |session| {
        !matches!(session.readiness(FIRST), Readiness::Loading | Readiness::InPart { .. })
    });
    // What was still on its way arrives too.
    for _ in 0..5 {
        std::thread::sleep(Duration::from_millis(10));
        session.poll();
    }
}

fn loaded(session: &Session) -> usize {
    session.library().loaded(session.shown(FIRST).unwrap().series)
}

#[test]
fn an_axial_plane_of_an_axial_stack_reads_two_slices_and_a_slab_those_it_is_thick() {
    let folder = tempfile::tempdir().unwrap();
    stack::write(folder.path(), "long", 90);
    let mut session = commanded(1000);
    open(&mut session, folder.path());
    // The slice that is shown, and that in the middle of what the scan had found first.
    assert!((1..=2).contains(&loaded(&session)), "{}", loaded(&session));
    let shown = session.shown(FIRST).unwrap();
    let middle = shown.series.slices.as_ref().unwrap().middle();
    // 90 slices: the middle lies half way between two of them, 0.75 mm from the one that is shown.
    session.apply(Action::SetPlane(FIRST, Plane::axial(middle)));
    settle(&mut session);
    assert_eq!(session.readiness(FIRST), Readiness::Ready);
    assert_eq!(session.images_read(FIRST), (2, 2));
    // One of the two may be a slice that was shown.
    assert!((2..=4).contains(&loaded(&session)), "{}", loaded(&session));
    let picture = session.view_picture(FIRST).unwrap();
    assert!(picture.pixels.iter().any(|pixel| pixel[0] > 0), "it shows something");
    // 9 mm of 1.5 mm slices around half way between two: 4.5 mm are 3 steps on each side.
    session.apply(Action::SetSlab(FIRST, Slab { thickness: Mm(9.0), mode: SlabMode::Mip }));
    settle(&mut session);
    assert_eq!(session.images_read(FIRST), (8, 8));
    session.apply(Action::SetCut(FIRST, Cut::Coronal));
    settle(&mut session);
    assert_eq!(session.images_read(FIRST), (90, 90));
}

#[test]
fn a_plane_that_does_not_fit_is_said_before_any_of_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    stack::write(folder.path(), "long", 90);
    let mut session = commanded(40);
    open(&mut session, folder.path());
    session.apply(Action::SetCut(FIRST, Cut::Coronal));
    settle(&mut session);
    let Readiness::Failed(why) = session.readiness(FIRST) else { panic!("{:?}", session.readiness(FIRST)) };
    assert!(why.contains("needs") && why.contains("--memory"), "{why}");
    assert!(loaded(&session) <= 2, "{}", loaded(&session));
    assert!(session.view_picture(FIRST).is_err());
    // Planes that do fit are shown, and slices.
    session.apply(Action::SetCut(FIRST, Cut::Axial));
    settle(&mut session);
    assert_eq!(session.readiness(FIRST), Readiness::Ready);
    session.apply(Action::SetCut(FIRST, Cut::Acquired));
    session.apply(Action::Scroll(FIRST, 1));
    settle(&mut session);
    assert_eq!(session.readiness(FIRST), Readiness::Ready);
    assert!(session.library().bytes() <= 40 * SLICE);
}

#[test]
fn a_reader_scrolls_through_a_series_that_does_not_fit() {
    let folder = tempfile::tempdir().unwrap();
    stack::write(folder.path(), "long", 90);
    let memory = Memory::Fixed(20 * SLICE);
    let mut session = Session::new(Environment { memory, ..Environment::for_tests() });
    open(&mut session, folder.path());
    session.apply(Action::GoToSlice(FIRST, 0));
    for at in 0..90 {
        settle(&mut session);
        assert_eq!(session.shown(FIRST).unwrap().index, at);
        assert_eq!(session.readiness(FIRST), Readiness::Ready);
        assert!(session.library().bytes() <= 20 * SLICE, "{} bytes at {at}", session.library().bytes());
        session.apply(Action::Scroll(FIRST, 1));
    }
}

#[test]
fn a_montage_and_a_film_hold_the_frames_in_hand() {
    let folder = tempfile::tempdir().unwrap();
    let (images, out) = (folder.path().join("images"), folder.path().join("out"));
    std::fs::create_dir_all(&images).unwrap();
    std::fs::create_dir_all(&out).unwrap();
    stack::write(&images, "long", 90);
    let mut session = commanded(20);
    open(&mut session, &images);
    let slices = Slices { from: 30, to: 41, step: 1 };
    session.apply(Action::Figure(FigureAction::Montage { viewport: FIRST, slices, columns: 4 }));
    let figure = Arc::clone(session.figure().unwrap());
    wait(&mut session, "the panels are there", |session| {
        figure.panels.iter().all(|panel| session.panel_drawing(panel).is_ok())
    });
    // The twelve, and those that were shown while the scan went on, which may be among them.
    assert!((12..=14).contains(&loaded(&session)), "{}", loaded(&session));
    // All 90: more than fit. Each is read when it is drawn, and forgotten.
    session.apply(Action::Figure(FigureAction::Show(None)));
    for (plane, name) in [(None, "slices.gif"), (Some(Cut::Axial), "axial.gif")] {
        session.apply(Action::SetCut(FIRST, plane.unwrap_or(Cut::Acquired)));
        settle(&mut session);
        let film = Leaving::Cine(FIRST, out.join(name), CineOptions { width: 64, ..CineOptions::default() });
        session.apply(Action::Leave(film));
        wait(&mut session, "the film is written", |session| session.written().is_some());
        assert!(matches!(session.written(), Some(Ok(_))), "{:?}", session.written());
        assert!(session.library().bytes() <= 20 * SLICE);
    }
    // A film of planes that need all slices at once is refused, and says why.
    session.apply(Action::SetCut(FIRST, Cut::Sagittal));
    settle(&mut session);
    session.apply(Action::Leave(Leaving::Cine(FIRST, out.join("no.gif"), CineOptions::default())));
    assert!(
        session.notices().iter().any(|notice| notice.details.contains("--memory")),
        "{:?}",
        session.notices()
    );
    assert!(!out.join("no.gif").exists());
}
