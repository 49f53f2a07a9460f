//! How long a key waits after a jump through a series of very many slices: 95 of 100, in milliseconds.
//!
//! `cargo bench --no-default-features --bench scroll -- FOLDER`; the limit is 100 ms in 10,000 slices.

#![expect(clippy::print_stdout, reason = "a benchmark reports by printing")]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use isodense::session::{Action, Environment, Session, ViewportId};

const FIRST: ViewportId = ViewportId(0);
const KEYS: usize = 100;

fn main() {
    let folder = std::env::args_os().skip(1).find(|a| !a.to_string_lossy().starts_with("--"));
    let Some(folder) = folder.map(PathBuf::from) else {
        println!("Give a folder with one series of many slices.");
        return;
    };
    let mut session = Session::new(Environment::for_tests());
    session.apply(Action::Open(vec![folder]));
    wait(&mut session, |session| session.scan().is_none() && is_there(session));
    let count = session.shown(FIRST).map_or(0, |shown| shown.count);
    let mut jumps = Vec::new();
    let mut keys = Vec::new();
    for at in 0..KEYS {
        // End, Home, and places between; then the next key of the wheel or the arrows.
        let (jump, step) = match at % 4 {
            0 => (count.saturating_sub(1), -1),
            1 => (0, 1),
            _ => (at * 7_919 % count.max(1), 1),
        };
        jumps.push(timed(&mut session, Action::GoToSlice(FIRST, jump)));
        keys.push(timed(&mut session, Action::Scroll(FIRST, step)));
        // The reader looks at it for a while, and reading ahead goes on.
        let start = Instant::now();
        while start.elapsed() < Duration::from_millis(50) {
            session.poll();
            std::thread::sleep(Duration::from_millis(1));
        }
    }
    for (what, mut times) in [("jump", jumps), ("key after it", keys)] {
        times.sort_by(f64::total_cmp);
        let part = |of: usize| times.get(KEYS * of / 100).or(times.last()).copied().unwrap_or(f64::NAN) * 1e3;
        println!(
            "{count} slices, {what}: median {:.1} ms, 95 of 100 within {:.1} ms, most {:.1} ms",
            part(50),
            part(94),
            part(99)
        );
    }
}

/// Seconds until the slice that an action leads to is there.
fn timed(session: &mut Session, action: Action) -> f64 {
    let start = Instant::now();
    session.apply(action);
    wait(session, is_there);
    start.elapsed().as_secs_f64()
}

fn is_there(session: &Session) -> bool {
    session.shown(FIRST).is_some_and(|shown| session.samples(shown.frame).is_some())
}

fn wait(session: &mut Session, done: impl Fn(&Session) -> bool) {
    while !done(session) {
        if !session.poll() {
            std::thread::sleep(Duration::from_micros(200));
        }
    }
}
