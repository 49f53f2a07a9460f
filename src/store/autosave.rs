use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::case_file::{case_from_value, case_value, read};
use super::{StoreError, load_case, write_atomic};
use crate::case::Case;
use crate::files::{PART_PREFIX, PART_SUFFIX};

/// How many autosaves each run of the program keeps, and how many of runs that ended.
const KEEP: usize = 5;
const FORMAT: &str = "isodense-autosave";
/// A temporary file this old belongs to nobody.
const STALE: Duration = Duration::from_hours(24);

/// One autosave: a whole case document, and where the case belongs.
#[derive(Serialize, Deserialize)]
struct Envelope {
    format: String,
    version: u64,
    /// Milliseconds since 1970.
    time: u64,
    case_path: Option<PathBuf>,
    case: Value,
}

/// A case that a crashed run left behind.
#[derive(Debug, Clone)]
pub struct Recovered {
    /// The case as it was last.
    pub case: Case,
    /// The file it was opened from or saved to, if ever.
    pub case_path: Option<PathBuf>,
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
    lock: File,
}

impl Autosave {
    /// Starts this run's autosaves below a state folder, which is made where it is missing.
    pub fn new(state_dir: &Path) -> Result<Self, StoreError> {
        let folder = state_dir.join("autosave");
        let failed = || StoreError::write(&folder);
        fs::create_dir_all(&folder).map_err(failed())?;
        // Locked before it gets its name: nobody ever sees an unlocked lock of a living run.
        let fresh = tempfile::Builder::new()
            .prefix(PART_PREFIX)
            .suffix(PART_SUFFIX)
            .tempfile_in(&folder)
            .map_err(failed())?;
        fresh.as_file().lock().map_err(failed())?;
        let random = fresh.path().file_stem().map_or_else(String::new, |name| {
            name.to_string_lossy().chars().filter(char::is_ascii_alphanumeric).collect()
        });
        let run = format!("{}-{random}", std::process::id());
        let lock = fresh.persist(folder.join(format!("{run}.lock"))).map_err(|e| failed()(e.error))?;
        let autosave = Self { folder, run, last: AtomicU64::new(0), lock };
        autosave.tidy();
        Ok(autosave)
    }

    /// Writes the case beside the earlier ones of this run and keeps the last five.
    ///
    /// `case_path` is the file it was opened from or saved to, if ever. Give what is on disk there too: an
    /// autosave that equals its case file is never offered.
    pub fn save(&self, case: &Case, case_path: Option<&Path>) -> Result<PathBuf, StoreError> {
        let number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        let path = self.folder.join(format!("{}.{number:08}.json", self.run));
        let envelope = Envelope {
            format: FORMAT.to_owned(),
            version: 1,
            time: millis(SystemTime::now()),
            case_path: case_path.map(|p| std::path::absolute(p).unwrap_or_else(|_| p.to_owned())),
            case: case_value(case)?,
        };
        let bytes = serde_json::to_vec(&envelope)
            .map_err(|error| StoreError::Write { path: path.clone(), source: error.into() })?;
        write_atomic(&path, &bytes)?;
        let mine = self.runs().remove(&self.run).unwrap_or_default();
        for old in mine.iter().rev().skip(KEEP) {
            remove(old);
        }
        Ok(path)
    }

    /// The newest work that a run left behind without saving it. Call once, on start.
    ///
    /// Work counts as saved when its case file holds the same, or was written later.
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
    pub fn clear(&self) {
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
            let lock_of_nobody = name
                .strip_suffix(".lock")
                .is_some_and(|run| !runs.contains_key(run) && !self.is_running(run));
            let part_of_nobody =
                name.starts_with(PART_PREFIX) && name.ends_with(PART_SUFFIX) && is_stale(&path);
            if lock_of_nobody || part_of_nobody {
                remove(&path);
            }
        }
    }
}

/// The newest autosave of a run that can be read.
fn newest_of(run: &str, files: &[PathBuf]) -> Option<Recovered> {
    files.iter().rev().find_map(|path| {
        let envelope: Envelope = serde_json::from_slice(&read(path).ok()?).ok()?;
        if envelope.format != FORMAT {
            return None;
        }
        let case = case_from_value(path, &envelope.case).ok()?;
        let time = UNIX_EPOCH.checked_add(Duration::from_millis(envelope.time))?;
        Some(Recovered { case, case_path: envelope.case_path, time, run: run.to_owned() })
    })
}

fn is_saved(found: &Recovered) -> bool {
    let Some(path) = &found.case_path else { return found.case.is_blank() };
    let written_later =
        fs::metadata(path).and_then(|file| file.modified()).is_ok_and(|modified| modified > found.time);
    load_case(path).is_ok_and(|case| written_later || case == found.case)
}

fn is_stale(path: &Path) -> bool {
    let modified = fs::metadata(path).and_then(|file| file.modified());
    modified.is_ok_and(|modified| modified.elapsed().is_ok_and(|age| age > STALE))
}

/// A file that cannot be removed now is removed at the next start.
fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path) {
        log::debug!("an old autosave stays: {error}");
    }
}

fn millis(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX))
}
