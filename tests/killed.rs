//! Killed at any moment, with a full disk, in a read-only folder: what was said more than two seconds ago is there.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

#[path = "killed/child.rs"]
mod child;
#[cfg(target_os = "linux")]
#[path = "killed/full.rs"]
mod full;
#[path = "killed/parent.rs"]
mod parent;
#[cfg(target_os = "linux")]
#[path = "common/skip.rs"]
mod skip;

use std::time::Duration;

use isodense::session::AUTOSAVE_EVERY;

/// Real processes that are killed, in lanes side by side: they mostly wait.
const LANES: u64 = 4;
const KILLS_PER_LANE: usize = 50;

/// Edits from save to save of a reader who does not save.
const NEVER: u64 = u64::MAX;

/// What the reader is promised.
const MOST_LOST: Duration = Duration::from_secs(2);

#[test]
fn a_process_killed_at_200_random_moments_loses_no_more_than_it_may() {
    let life = parent::Life { every: Duration::from_millis(50), saves: [11, 97, NEVER] };
    let lanes = |seed| {
        // Half of them early: while the program starts, opens and saves first.
        let wait = |random: &mut parent::Random| match random.below(2) {
            0 => Duration::from_millis(random.below(150)),
            _ => Duration::from_millis(150 + random.below(750)),
        };
        parent::lane(seed, KILLS_PER_LANE, life, wait)
    };
    let total = parent::side_by_side(LANES, lanes);
    println!("{total:?}");
    assert_eq!(total.kills, 200);
    assert!(total.compared > 5, "kills had something to lose: {total:?}");
    assert!(total.after_save > 20, "many came after a save: {total:?}");
}

#[test]
fn with_the_programs_own_interval_no_more_than_two_seconds_are_lost() {
    let wait = |random: &mut parent::Random| Duration::from_millis(3000 + random.below(2000));
    let life = parent::Life { every: AUTOSAVE_EVERY, saves: [NEVER; 3] };
    let total = parent::side_by_side(LANES, |seed| parent::lane(seed + 100, 1, life, wait));
    println!("{total:?}");
    assert!(total.worst_lost < MOST_LOST + total.stalled, "{total:?}");
    assert_eq!(total.compared, 4, "each had something to lose: {total:?}");
}

#[test]
#[ignore = "the process that is killed: the tests above start it"]
fn child_body() {
    child::run();
}
