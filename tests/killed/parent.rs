//! Starts, kills and looks at what is left.

use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use isodense::case::Case;
use isodense::store::{Autosave, Recovered, load_case};

use crate::child;

/// What writing may take on top of the interval, on a slow machine. What the child and its disk stood still is added.
const SLACK: Duration = Duration::from_millis(250);

/// The same numbers from the same seed.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }
}

/// What came out.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Total {
    pub(crate) kills: usize,
    /// Kills after which something had to be there.
    pub(crate) compared: usize,
    pub(crate) after_save: usize,
    /// The age of the oldest edit that any kill lost.
    pub(crate) worst_lost: Duration,
    /// The longest that any child stood still: the machine's doing, not the program's.
    pub(crate) stalled: Duration,
    pub(crate) most_parts: usize,
}

impl Total {
    fn and(self, other: Self) -> Self {
        Self {
            kills: self.kills + other.kills,
            compared: self.compared + other.compared,
            after_save: self.after_save + other.after_save,
            worst_lost: self.worst_lost.max(other.worst_lost),
            stalled: self.stalled.max(other.stalled),
            most_parts: self.most_parts.max(other.most_parts),
        }
    }
}

pub(crate) fn side_by_side(lanes: u64, lane: impl Fn(u64) -> Total + Sync) -> Total {
    std::thread::scope(|scope| {
        let lane = &lane;
        let running: Vec<_> = (0..lanes).map(|seed| scope.spawn(move || lane(seed))).collect();
        running.into_iter().map(|lane| lane.join().unwrap()).fold(Total::default(), Total::and)
    })
}

/// How the processes of a lane live.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Life {
    /// Time from autosave to autosave.
    pub(crate) every: Duration,
    /// Edits from save to save, each for some of the processes.
    pub(crate) saves: [u64; 3],
}

/// One folder, in which a process after the other is started and killed.
pub(crate) fn lane(seed: u64, kills: usize, life: Life, wait: impl Fn(&mut Random) -> Duration) -> Total {
    let mut random = Random(seed);
    let folder = tempfile::tempdir().unwrap();
    let (mut total, mut first) = (Total::default(), 1);
    for kill in 0..kills {
        // A case of its own now and then; the others go on with what the last one saved.
        if kill % 8 == 0 && folder.path().join("case.json").exists() {
            std::fs::remove_file(folder.path().join("case.json")).unwrap();
        }
        let wait = wait(&mut random);
        let lived = Lived::start_and_kill(folder.path(), first, (life.every, life.saves[kill % 3]), wait);
        let name = format!("seed {seed}, kill {kill} after {wait:?}");
        total = total.and(lived.check(folder.path(), life.every, &name));
        first = lived.edits.last().map_or(first, |(number, _)| number + 1);
    }
    Total { most_parts: parts(folder.path()).max(total.most_parts), ..total }
}

/// What a process said before it was killed.
struct Lived {
    edits: Vec<(u64, u64)>,
    saved: Option<u64>,
    /// How long nothing came from it: the machine's doing, not the program's.
    stalled: Duration,
    killed: u64,
}

/// Longest silence of one of the child's voices, up to when it was killed; ms.
#[derive(Default)]
struct Silence {
    before: Option<u64>,
    longest: u64,
}

impl Silence {
    fn ends(&mut self, time: u64) {
        self.longest = self.longest.max(time.saturating_sub(self.before.unwrap_or(time)));
        self.before = Some(time);
    }
}

impl Lived {
    fn start_and_kill(folder: &Path, first: u64, (every, saves): (Duration, u64), wait: Duration) -> Self {
        let mut running = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child_body", "--ignored", "--nocapture"])
            .env(child::FOLDER, folder)
            .env(child::EVERY, every.as_millis().to_string())
            .env(child::SAVES, saves.to_string())
            .env(child::FIRST, first.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(wait);
        let killed = child::now();
        running.kill().unwrap();
        Self::said(&mut running, killed)
    }

    fn said(running: &mut Child, killed: u64) -> Self {
        let (mut out, mut errors) = (String::new(), String::new());
        running.stdout.take().unwrap().read_to_string(&mut out).unwrap();
        running.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        let ended = running.wait().unwrap();
        assert!(!ended.success() && !errors.contains("panicked"), "it ended by itself: {errors}\n{out}");
        let mut lived = Self { edits: Vec::new(), saved: None, stalled: Duration::ZERO, killed };
        let (mut editing, mut disk) = (Silence::default(), Silence::default());
        for line in out.lines() {
            let mut words = line.split(' ');
            let (word, numbers) = (words.next().unwrap_or_default(), words.filter_map(|n| n.parse().ok()));
            let [number, time] = numbers.collect::<Vec<u64>>()[..] else { continue };
            match word {
                "edit" => lived.edits.push((number, time)),
                "saved" => lived.saved = Some(number),
                "disk" => {
                    disk.ends(time);
                    continue;
                }
                _ => continue,
            }
            editing.ends(time);
        }
        editing.ends(killed);
        disk.ends(killed);
        // An edit may come while an autosave without it is written, and is in the next one.
        lived.stalled = Duration::from_millis(editing.longest + 2 * disk.longest);
        lived
    }

    /// What is on the disk now opens, is sound, and holds all that may not be lost.
    fn check(&self, folder: &Path, every: Duration, name: &str) -> Total {
        let path = folder.join("case.json");
        let file = path.exists().then(|| {
            load_case(&path).unwrap_or_else(|error| panic!("{name}: the case file does not open: {error}"))
        });
        let next = Autosave::new(&folder.join("state")).unwrap();
        let recovered = next.recoverable();
        let newest = |case: &Case| self.edits.iter().rev().map(|(n, _)| *n).find(|n| holds(case, *n));
        let in_file = file.as_ref().and_then(newest);
        let in_autosave = recovered.as_ref().and_then(|recovered| newest(&recovered.case));
        assert!(in_file >= self.saved, "{name}: saved {:?}, the file has {in_file:?}", self.saved);
        let best = match &recovered {
            Some(recovered) => {
                assert!(in_autosave >= in_file, "{name}: what is offered is older than the file");
                Some(&recovered.case)
            }
            None => file.as_ref(),
        };
        let lost = |number: &u64| best.is_none_or(|case| !holds(case, *number));
        let oldest = self.edits.iter().find(|(number, _)| lost(number));
        let worst_lost =
            Duration::from_millis(oldest.map_or(0, |(_, time)| self.killed.saturating_sub(*time)));
        let may = every + SLACK + self.stalled;
        assert!(
            worst_lost <= may,
            "{name}: lost {worst_lost:?} of work, {oldest:?}, where {may:?} may be lost"
        );
        let had = |(_, time): &&(u64, u64)| Duration::from_millis(self.killed.saturating_sub(*time)) > may;
        let total = Total {
            kills: 1,
            compared: usize::from(self.edits.iter().any(|edit| had(&edit))),
            after_save: usize::from(self.saved.is_some()),
            worst_lost,
            stalled: self.stalled,
            most_parts: 0,
        };
        give_up(next, recovered);
        total
    }
}

fn give_up(next: Autosave, recovered: Option<Recovered>) {
    if let Some(recovered) = recovered {
        next.discard(&recovered);
    }
    next.finish();
}

fn holds(case: &Case, number: u64) -> bool {
    let name = child::named(number);
    match number % 7 {
        0 => case.lesions.iter().any(|lesion| lesion.name == name),
        // Notes are written over: later ones hold the earlier.
        3 => case.notes.strip_prefix("edit ").and_then(|n| n.parse().ok()).is_some_and(|n: u64| n >= number),
        _ => case.measurements.iter().any(|m| m.label == name),
    }
}

/// Temporary files that kills left; the program removes them once they are too old to be anybody's.
fn parts(folder: &Path) -> usize {
    let of = |folder: &Path| {
        let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        entries.filter(|entry| entry.path().extension().is_some_and(|ending| ending == "part")).count()
    };
    of(folder) + of(&folder.join("state/autosave"))
}
