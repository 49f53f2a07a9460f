//! A session that is driven by actions.

use std::path::Path;
use std::time::{Duration, Instant};

use isodense::session::{Action, Environment, PanelState, Readiness, Session, Shown, ViewportId};

pub(crate) const FIRST: ViewportId = ViewportId(0);

pub(crate) fn session(state: Option<&Path>) -> Session {
    Session::new(Environment {
        state_dir: state.map(ToOwned::to_owned),
        autosave_every: Duration::from_millis(20),
        ..Environment::for_tests()
    })
}

/// Polls until something is so. The limit only ends a test that would never end.
pub(crate) fn wait(session: &mut Session, what: &str, done: impl Fn(&Session) -> bool) {
    let start = Instant::now();
    while !done(session) {
        assert!(start.elapsed() < Duration::from_mins(1), "never happened: {what}; {:?}", session.notices());
        session.poll();
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Until nothing is read any more.
pub(crate) fn settle(session: &mut Session) {
    wait(session, "everything is read", |session| {
        let waits = session.shown(FIRST).is_some() && session.readiness(FIRST) == Readiness::Loading;
        let loads = |panel| matches!(session.panel_drawing(panel), Err(PanelState::Loading { .. }));
        let figure = session.figure().is_some_and(|figure| figure.panels.iter().any(|panel| loads(panel)));
        !session.is_adding_pictures() && session.scan().is_none() && !waits && !figure
    });
}

pub(crate) fn add(session: &mut Session, path: &Path) {
    session.apply(Action::AddPicture(path.to_owned()));
    settle(session);
}

pub(crate) fn shown(session: &Session) -> Shown<'_> {
    session.shown(FIRST).unwrap_or_else(|| panic!("nothing is shown: {:?}", session.notices()))
}

/// Whether the session says these words.
pub(crate) fn says(session: &Session, words: &str) -> bool {
    session.notices().iter().any(|notice| format!("{} {}", notice.summary, notice.details).contains(words))
}
