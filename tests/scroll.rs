//! A series of very many slices: where it opens, and how much work a key waits for. Work is counted, not time.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

#[path = "common/made.rs"]
mod made;
#[path = "common/many.rs"]
mod many;
#[path = "common/put.rs"]
mod put;

use std::path::Path;
use std::time::{Duration, Instant};

use isodense::session::{Action, Environment, Session, ViewportId};

const FIRST: ViewportId = ViewportId(0);
const SLICES: usize = 2_000;
/// Images that are taken in until the one that is wanted is there: those that were read ahead, those that two readers
/// had in hand, and what came with it. Without a limit it was up to a thousand.
const MOST: u64 = 32 + 2 + 32;

fn poll_until(session: &mut Session, what: &str, done: impl Fn(&Session) -> bool) {
    let start = Instant::now();
    while !done(session) {
        assert!(start.elapsed() < Duration::from_mins(1), "never happened: {what}");
        if !session.poll() {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

fn is_there(session: &Session) -> bool {
    session.shown(FIRST).is_some_and(|shown| session.samples(shown.frame).is_some())
}

fn opened(folder: &Path) -> Session {
    let mut session = Session::new(Environment::for_tests());
    session.apply(Action::Open(vec![folder.to_owned()]));
    poll_until(&mut session, "the scan ends", |session| session.scan().is_none() && is_there(session));
    session
}

#[test]
fn a_large_series_opens_at_its_middle_and_no_key_waits_for_what_was_read_ahead() {
    let folder = tempfile::tempdir().unwrap();
    many::write_slices(folder.path(), SLICES, [40, 24]);
    let mut session = opened(folder.path());
    let shown = session.shown(FIRST).unwrap();
    assert_eq!((shown.index, shown.count), (SLICES / 2, SLICES));
    let last = SLICES - 1;
    let jumps = [last, 0, 1_500, 300, last, 40];
    let mut most = 0;
    for jump in jumps {
        // The reader looks at it for a while, and reading ahead goes on.
        for action in [Action::GoToSlice(FIRST, jump), Action::Scroll(FIRST, if jump == 0 { 1 } else { -1 })]
        {
            std::thread::sleep(Duration::from_millis(30));
            let before = session.library().changes();
            session.apply(action);
            poll_until(&mut session, "the slice is there", is_there);
            most = most.max(session.library().changes() - before);
        }
        let shown = session.shown(FIRST).unwrap();
        assert_eq!(shown.index, if jump == 0 { 1 } else { jump - 1 });
        // It is the slice that it is called: every pixel holds its number.
        let samples = session.samples(shown.frame).unwrap();
        assert_eq!(samples.stored(7), Some(shown.index as f64));
    }
    assert!(most <= MOST, "{most} images were taken in before the one that was wanted");
}
