use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crossbeam_channel::RecvTimeoutError;

use super::CliError;
use super::console::Console;
use crate::dicom::{Problem, ScanEvent, assemble, scan};
use crate::image::Series;
use crate::work::{Cancel, Progress};

/// How often progress is shown, and how long a short job shows none.
const TICK: Duration = Duration::from_millis(200);
/// How often a line says so where nobody watches a terminal.
const LINE: Duration = Duration::from_secs(10);

/// What was found in some files and folders.
#[derive(Debug)]
pub struct Opened {
    /// Every series, in the order of patients, studies and series numbers.
    pub series: Vec<Series>,
    /// Files and folders that are not used, by path.
    pub problems: Vec<Problem>,
}

/// Finds all DICOM objects in files and folders and sorts them into series.
pub fn open(paths: &[PathBuf]) -> Opened {
    open_with(paths, &Progress::default())
}

/// The same, with progress for a person who waits.
pub(super) fn open_watched(paths: &[PathBuf], console: &mut Console<'_>) -> Result<Opened, CliError> {
    watched("reading", console, |progress| open_with(paths, progress))
}

fn open_with(paths: &[PathBuf], progress: &Progress) -> Opened {
    let events = Mutex::new((Vec::new(), Vec::new()));
    scan(paths, &Cancel::default(), progress, |event| {
        let mut events = events.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            ScanEvent::Found(instance) => events.0.push(*instance),
            ScanEvent::Skipped(problem) => events.1.push(problem),
        }
    });
    let (instances, mut problems) = events.into_inner().unwrap_or_else(PoisonError::into_inner);
    let (series, duplicates) = assemble(instances);
    problems.extend(duplicates);
    problems.sort_by(|a, b| a.path.cmp(&b.path));
    Opened { series, problems }
}

/// Does a job, and says on the terminal how far it is once it takes a while; without a terminal a line says so now and
/// then.
pub(super) fn watched<T: Send>(
    doing: &str,
    console: &mut Console<'_>,
    job: impl FnOnce(&Progress) -> T + Send,
) -> Result<T, CliError> {
    let progress = Progress::default();
    let (sender, receiver) = crossbeam_channel::bounded(1);
    let mut shown = Ok(false);
    let tick = if console.terminal { TICK } else { LINE };
    let answer = std::thread::scope(|scope| {
        let watched = &progress;
        scope.spawn(move || {
            // The receiver waits below; only a panic there could hang up.
            if sender.send(job(watched)).is_err() {
                log::debug!("nobody waits for the answer");
            }
        });
        loop {
            match receiver.recv_timeout(tick) {
                Err(RecvTimeoutError::Timeout) => show(doing, &progress, console, &mut shown),
                answer => return answer,
            }
        }
    });
    if shown? {
        write!(console.err, "\r{:40}\r", "")?;
    }
    // A panic of the job has already been passed on by the scope.
    answer.map_err(|error| CliError::failed(format!("{doing} ended early: {error}")))
}

fn show(doing: &str, progress: &Progress, console: &mut Console<'_>, shown: &mut std::io::Result<bool>) {
    let (done, total) = (progress.done(), progress.total());
    if shown.is_err() || total == 0 {
        return;
    }
    let terminal = console.terminal;
    *shown = if terminal {
        write!(console.err, "\r{doing} {done} of {total} files ").and_then(|()| console.err.flush())
    } else {
        writeln!(console.err, "{doing} {done} of {total} files")
    }
    .map(|()| terminal);
}
