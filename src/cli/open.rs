use std::path::PathBuf;
use std::time::Duration;

use super::CliError;
use super::console::Console;
use crate::dicom::{Problem, ScanEvent, assemble, scan};
use crate::image::Series;
use crate::work::{Cancel, Progress};

/// How often progress is shown, and how long a short job shows none.
const TICK: Duration = Duration::from_millis(200);

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
    open_with(paths, |_| ())
}

/// The same, with progress for a person who waits.
pub(super) fn open_watched(paths: &[PathBuf], console: &mut Console<'_>) -> Result<Opened, CliError> {
    let mut shown: Result<bool, std::io::Error> = Ok(false);
    let opened = open_with(paths, |progress| {
        if console.terminal && shown.is_ok() {
            let (done, total) = (progress.done(), progress.total());
            shown = write!(console.err, "\rreading {done} of {total} files ").and_then(|()| {
                console.err.flush()?;
                Ok(true)
            });
        }
    });
    if shown? {
        write!(console.err, "\r{:40}\r", "")?;
    }
    Ok(opened)
}

fn open_with(paths: &[PathBuf], mut tick: impl FnMut(&Progress)) -> Opened {
    let (cancel, progress) = (Cancel::default(), Progress::default());
    let (sender, receiver) = crossbeam_channel::bounded(256);
    let (mut instances, mut problems) = (Vec::new(), Vec::new());
    std::thread::scope(|scope| {
        let watched = &progress;
        scope.spawn(move || {
            scan(paths, &cancel, watched, |event| {
                // The receiver lives until the scan ends; nobody else can hang up.
                if sender.send(event).is_err() {
                    cancel.cancel();
                }
            });
        });
        let mut next_tick = std::time::Instant::now() + TICK;
        loop {
            match receiver.recv_deadline(next_tick) {
                Ok(ScanEvent::Found(instance)) => instances.push(*instance),
                Ok(ScanEvent::Skipped(problem)) => problems.push(problem),
                Err(crossbeam_channel::RecvTimeoutError::Timeout) => {}
                Err(crossbeam_channel::RecvTimeoutError::Disconnected) => break,
            }
            if std::time::Instant::now() >= next_tick {
                tick(&progress);
                next_tick += TICK;
            }
        }
    });
    let (series, duplicates) = assemble(instances);
    problems.extend(duplicates);
    problems.sort_by(|a, b| a.path.cmp(&b.path));
    Opened { series, problems }
}
