use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::atomic::write_to;
use super::case_file::{case_from_value, case_value, read};
use super::{Stamp, StoreError, load_case, places, remove};
use crate::case::Case;
use crate::files::{Part, Target, clear_parts};

/// How many autosaves each run of the program keeps, and how many of runs that ended.
const KEEP: usize = 5;
const FORMAT: &str = "isodense-autosave";

/// One autosave: a whole case document, and where the case belongs.
#[derive(Serialize, Deserialize)]
struct Envelope {
    format: String,
    version: u64,
    /// Milliseconds since 1970.
    time: u64,
    case_path: Option<PathBuf>,
    /// What the file at `case_path` held when it was opened or saved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base: Option<Stamp>,
    case: Value,
}

/// Where a case belongs.
#[derive(Debug, Clone, Default)]
pub struct Home {
    /// The file that it was opened from or saved to, if ever.
    pub path: Option<PathBuf>,
    /// What that file held then.
    pub stamp: Option<Stamp>,
}

/// A place in the order of a run's autosaves: taken when the case is, used when it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn(u64);

/// A case that a crashed run left behind.
#[derive(Debug, Clone)]
pub struct Recovered {
    /// The case as it was last.
    pub case: Case,
    /// The file it was opened from or saved to, if ever.
    pub case_path: Option<PathBuf>,
    /// What that file held then: if it holds something else now, somebody else wrote it.
    pub base: Option<Stamp>,
    /// When it was autosaved.
    pub time: SystemTime,
    run: String,
}

/// This run's autosaves, in the program's own state folder.
///
/// Every run has its own file names and holds a lock while it lives, so that runs side by side neither
/// overwrite nor recover each other's work.
#[derive(Debug)]
pub struct Autosave {
    folder: PathBuf,
    run: String,
    last: AtomicU64,
    /// The newest turn that was written or is not wanted any more. Held while writing.
    done: Mutex<u64>,
    lock: File,
}

impl Autosave {
    /// Starts this run's autosaves below a state folder, which is made where it is missing.
    pub fn new(state_dir: &Path) -> Result<Self, StoreError> {
        let folder = state_dir.join("autosave");
        let failed = || StoreError::write(&folder);
        places::private_state(state_dir, &folder).map_err(failed())?;
        // Locked before it gets its name: nobody ever sees an unlocked lock of a living run.
        let fresh = Part::new(&folder, None).map_err(failed())?;
        let random = fresh.path().file_stem().map_or_else(String::new, |name| {
            name.to_string_lossy().chars().filter(char::is_ascii_alphanumeric).collect()
        });
        let run = format!("{}-{random}", std::process::id());
        let lock = fresh.replace(&folder.join(format!("{run}.lock"))).map_err(failed())?;
        let autosave = Self { folder, run, last: AtomicU64::new(0), done: Mutex::new(0), lock };
        autosave.tidy();
        let pictures = super::pictures_of_state(state_dir);
        if pictures.is_dir() {
            places::private_state(state_dir, &pictures).map_err(StoreError::write(&pictures))?;
        }
        autosave.tidy_pictures(&pictures);
        Ok(autosave)
    }

    /// The next place in the order. Threads may write in any order: the newest case stays the newest.
    pub fn turn(&self) -> Turn {
        Turn(self.last.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// Writes the case beside the earlier ones of this run and keeps the last five.
    ///
    /// `case_path` is the file it was opened from or saved to, if ever. Give what is on disk there too: an
    /// autosave that equals its case file is never offered.
    pub fn save(&self, case: &Case, case_path: Option<&Path>) -> Result<PathBuf, StoreError> {
        self.save_in_turn(self.turn(), case, &Home { path: case_path.map(ToOwned::to_owned), stamp: None })
    }

    /// Writes the case in its turn. What was overtaken by a later turn or by [`Autosave::clear`] is not written.
    pub fn save_in_turn(&self, turn: Turn, case: &Case, home: &Home) -> Result<PathBuf, StoreError> {
        let path = self.folder.join(format!("{}.{:08}.json", self.run, turn.0));
        let envelope = Envelope {
            format: FORMAT.to_owned(),
            version: 1,
            time: millis(SystemTime::now()),
            case_path: home.path.as_ref().map(|p| std::path::absolute(p).unwrap_or_else(|_| p.clone())),
            base: home.stamp,
            case: case_value(case)?,
        };
        let bytes = serde_json::to_vec(&envelope)
            .map_err(|error| StoreError::Write { path: path.clone(), source: error.into() })?;
        let mut done = self.done();
        if turn.0 <= *done {
            return Ok(path);
        }
        write_to(Target::state(&path), &bytes)?;
        *done = turn.0;
        let mine = self.runs().remove(&self.run).unwrap_or_default();
        for old in mine.iter().rev().skip(KEEP) {
            remove(old);
        }
        Ok(path)
    }

    fn done(&self) -> MutexGuard<'_, u64> {
        // A number is good whatever happened to the thread that held it.
        self.done.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest work that a run left behind without saving it. Call once, on start.
    ///
    /// Work counts as saved when its case file holds the same. That the file was written later says nothing: perhaps
    /// somebody else wrote it.
    pub fn recoverable(&self) -> Option<Recovered> {
        let ended = self.runs().into_iter().filter(|(run, _)| !self.is_running(run));
        let newest =
            ended.filter_map(|(run, files)| newest_of(&run, &files)).filter(|found| !is_saved(found));
        newest.max_by_key(|found| found.time)
    }

    /// Removes what was recovered or declined.
    pub fn discard(&self, recovered: &Recovered) {
        if !self.is_running(&recovered.run) {
            self.remove_run(&recovered.run);
        }
    }

    /// Removes this run's autosaves: the case is in its own file now.
    ///
    /// What is being written is waited for; what still waits to be written never is.
    pub fn clear(&self) {
        let mut done = self.done();
        *done = self.last.load(Ordering::Relaxed);
        self.remove_run(&self.run);
    }

    /// Ends this run: the user saved, or said that nothing should be kept.
    pub fn finish(self) {
        self.remove_run(&self.run);
        drop(self.lock);
        remove(&self.folder.join(format!("{}.lock", self.run)));
    }

    fn remove_run(&self, run: &str) {
        for file in self.runs().remove(run).unwrap_or_default() {
            remove(&file);
        }
        if run != self.run {
            remove(&self.folder.join(format!("{run}.lock")));
        }
    }

    /// Autosaves by run, oldest first. Anything else in the folder is not looked at.
    fn runs(&self) -> BTreeMap<String, Vec<PathBuf>> {
        let mut runs: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        for (name, path) in self.entries() {
            let parts = name.strip_suffix(".json").and_then(|stem| stem.rsplit_once('.'));
            if let Some((run, number)) = parts
                && !run.starts_with('.')
                && number.chars().all(|c| c.is_ascii_digit())
            {
                runs.entry(run.to_owned()).or_default().push(path);
            }
        }
        for files in runs.values_mut() {
            files.sort();
        }
        runs
    }

    fn entries(&self) -> Vec<(String, PathBuf)> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().filter_map(Result::ok);
        entries.map(|e| (e.file_name().to_string_lossy().into_owned(), e.path())).collect()
    }

    fn is_running(&self, run: &str) -> bool {
        if run == self.run {
            return true;
        }
        match File::open(self.folder.join(format!("{run}.lock"))) {
            // Where locks do not work nobody can tell: better no offer than another run's work destroyed.
            Ok(lock) => matches!(lock.try_lock(), Err(TryLockError::WouldBlock | TryLockError::Error(_))),
            Err(_) => false,
        }
    }

    /// Removes what no start will ever offer: old work beyond the last five runs, locks and parts of nobody.
    fn tidy(&self) {
        let ended = self.runs().into_iter().filter(|(run, _)| !self.is_running(run));
        let mut found: Vec<_> = ended.map(|(run, files)| (newest_of(&run, &files), run)).collect();
        found.retain(|(newest, run)| {
            let keep = newest.as_ref().is_some_and(|newest| !is_saved(newest));
            if !keep && newest.is_some() {
                self.remove_run(run);
            }
            keep
        });
        found.sort_by_key(|(newest, _)| std::cmp::Reverse(newest.as_ref().map(|n| n.time)));
        for (_, run) in found.iter().skip(KEEP) {
            self.remove_run(run);
        }
        let runs = self.runs();
        for (name, path) in self.entries() {
            let ended = |run: &str| !runs.contains_key(run) && !self.is_running(run);
            if name.strip_suffix(".lock").is_some_and(ended) {
                remove(&path);
            }
        }
        clear_parts(&self.folder);
    }

    /// Removes pictures that no autosave needs: what is saved has them beside its case file.
    ///
    /// A run that lives may still need one that it took back. Call before this run has any.
    fn tidy_pictures(&self, folder: &Path) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        let others = self.entries().into_iter().filter_map(|(name, _)| {
            name.strip_suffix(".lock").filter(|run| *run != self.run).map(ToOwned::to_owned)
        });
        if others.into_iter().any(|run| self.is_running(&run)) {
            return;
        }
        let autosaves = self.runs().into_values().flatten();
        let Some(needed) = autosaves.map(|path| pictures_in(&path)).collect::<Option<Vec<_>>>() else {
            return;
        };
        for entry in entries.filter_map(Result::ok) {
            let name = entry.file_name().to_string_lossy().into_owned();
            let hash = name.strip_suffix(".png").filter(|hash| hash.len() == 64);
            if hash.is_some() && !needed.iter().flatten().any(|needed| *needed == name) {
                remove(&entry.path());
            }
        }
        clear_parts(folder);
    }
}

/// Names of the files of pictures that an autosave needs; `None` where it cannot be told.
fn pictures_in(path: &Path) -> Option<Vec<String>> {
    let envelope: Value = serde_json::from_slice(&read(path).ok()?).ok()?;
    let Some(pictures) = envelope.get("case")?.get("pictures") else { return Some(Vec::new()) };
    // By any version of the program: one that is newer may say more of a picture, but calls its file so.
    let name = |picture: &Value| Some(format!("{}.png", picture.get("sha256")?.as_str()?));
    pictures.as_array()?.iter().map(name).collect()
}

/// The newest autosave of a run that can be read.
fn newest_of(run: &str, files: &[PathBuf]) -> Option<Recovered> {
    files.iter().rev().find_map(|path| {
        let envelope: Envelope = serde_json::from_slice(&read(path).ok()?).ok()?;
        if envelope.format != FORMAT {
            return None;
        }
        let case = case_from_value(path, envelope.case).ok()?;
        let time = UNIX_EPOCH.checked_add(Duration::from_millis(envelope.time))?;
        let Envelope { case_path, base, .. } = envelope;
        Some(Recovered { case, case_path, base, time, run: run.to_owned() })
    })
}

fn is_saved(found: &Recovered) -> bool {
    let Some(path) = &found.case_path else { return found.case.is_blank() };
    load_case(path).is_ok_and(|case| case == found.case)
}

fn millis(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX))
}
