use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::*;
use crate::dicom::{self, Instance, ScanEvent};
use crate::session::images::Scan;
use crate::session::jobs::Done;
use crate::session::{Action, Environment};
use crate::work::{Cancel, Progress};

const FIRST: ViewportId = ViewportId(0);

/// The images of one series of the sample, in the order of their files.
fn images() -> Vec<Instance> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_dicom/2015-05-12_CT");
    let found = Mutex::default();
    dicom::scan(&[folder], &Cancel::default(), &Progress::default(), |event| {
        if let ScanEvent::Found(instance) = event {
            Vec::push(&mut found.lock().unwrap(), *instance);
        }
    });
    let mut found: Vec<Instance> = found.into_inner().unwrap();
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(found.len() > 12, "the sample has that many slices");
    found
}

/// A session that scans, as far as it knows.
fn scanning() -> Session {
    let mut session = Session::new(Environment::for_tests());
    session.scan = Some(Scan::for_tests(session.scans));
    session
}

/// Lets a worker send this, and takes it in.
fn send(session: &mut Session, done: Done, arrived: impl Fn(&Session) -> bool) {
    let done = Mutex::new(Some(done));
    session.jobs.spawn("isodense-test", move |report| {
        if let Some(done) = done.lock().unwrap().take() {
            report.send(done);
        }
    });
    let start = Instant::now();
    while !arrived(session) {
        assert!(start.elapsed() < Duration::from_secs(20), "what was sent never came");
        session.poll();
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn find(session: &mut Session, found: Vec<Instance>) {
    let before: usize = session.library.all().map(|series| series.frames.len()).sum();
    let all = before + found.len();
    let number = session.scans;
    send(session, Done::Found(number, found), |session| {
        session.library.all().map(|series| series.frames.len()).sum::<usize>() == all
    });
}

fn end(session: &mut Session) {
    let number = session.scans;
    send(session, Done::ScanEnded(number), |session| session.scan.is_none());
}

fn index(session: &Session) -> usize {
    session.shown(FIRST).unwrap().index
}

#[test]
fn a_series_that_came_in_parts_opens_at_the_middle_of_all_of_it() {
    let mut images = images();
    let count = images.len();
    let later = images.split_off(5);
    let mut session = scanning();
    find(&mut session, images);
    assert_eq!(index(&session), 2, "there are five");
    // What the window does by itself is nothing that the reader looks at.
    session.apply(Action::Resized(FIRST, ViewportSize { width: 640, height: 410 }));
    find(&mut session, later);
    let first = session.shown(FIRST).unwrap().frame.of.clone();
    end(&mut session);
    let shown = session.shown(FIRST).unwrap();
    assert_eq!((shown.index, shown.count), (count / 2, count));
    assert_ne!(shown.frame.of, first);
    // And once only: what comes later finds a reader at work.
    assert!(!shown.viewport.untouched);
}

#[test]
fn the_order_in_which_files_are_found_changes_nothing_of_what_is_shown_first() {
    let views = [false, true].map(|reversed| {
        let mut images = images();
        if reversed {
            images.reverse();
        }
        let later = images.split_off(4);
        let mut session = scanning();
        find(&mut session, images);
        find(&mut session, later);
        end(&mut session);
        session.workspace.viewport(FIRST).unwrap().view.clone()
    });
    assert_eq!(views[0], views[1]);
}

#[test]
fn a_reader_who_did_something_with_the_image_keeps_it() {
    let look = |session: &Session| {
        let mut look = session.shown(FIRST).unwrap().viewport.view.look.clone();
        look.inverted = !look.inverted;
        Action::SetLook(FIRST, look)
    };
    let wheel = |_: &Session| Action::Scroll(FIRST, 1);
    let there = |_: &Session| Action::GoToSlice(FIRST, 2);
    let does: [&dyn Fn(&Session) -> Action; 3] = [&wheel, &there, &look];
    for does in does {
        let mut images = images();
        let later = images.split_off(5);
        let mut session = scanning();
        find(&mut session, images);
        let action = does(&session);
        session.apply(action.clone());
        let seen = session.workspace.viewport(FIRST).unwrap().view.clone();
        find(&mut session, later);
        end(&mut session);
        assert_eq!(session.workspace.viewport(FIRST).unwrap().view, seen, "{action:?}");
    }
}
