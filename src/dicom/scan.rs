//! Files and folders in, headers and reasons out.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::WalkDir;

use super::error::DicomError;
use super::header::{Instance, read_header};
use crate::work::{Cancel, Progress};

/// A file or folder that is not used, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file or folder.
    pub path: PathBuf,
    /// Why, for the user; no path and no patient attribute in it.
    pub reason: String,
}

/// One thing that the search came upon.
#[derive(Debug, Clone)]
pub enum ScanEvent {
    /// A DICOM object.
    Found(Box<Instance>),
    /// A file or folder that is not used.
    Skipped(Problem),
}

/// Reads the headers of all files in these files and folders, on all cores.
///
/// The files are counted first, so `progress` knows the total. Every file makes exactly one event, in no
/// order; after `cancel` the rest is reported as cancelled. `on_event` is called from several threads.
pub fn scan(paths: &[PathBuf], cancel: &Cancel, progress: &Progress, on_event: impl Fn(ScanEvent) + Sync) {
    let files = list(paths, cancel, &on_event);
    progress.set_total(files.len());
    let read_one = |path: PathBuf| {
        let read = if cancel.is_cancelled() { Err(DicomError::Cancelled) } else { read_header(&path) };
        progress.advance(1);
        on_event(match read {
            Ok(instance) => ScanEvent::Found(Box::new(instance)),
            Err(error) => skipped(&path, &error),
        });
    };
    // Threads of its own: on the shared ones every picture would wait until the last file is read, and a
    // caller whose `on_event` waits for the window that waits for the picture would wait for ever.
    match rayon::ThreadPoolBuilder::new().thread_name(|_| "isodense-scan".to_owned()).build() {
        Ok(pool) => pool.install(|| files.into_par_iter().for_each(read_one)),
        Err(_no_threads) => files.into_iter().for_each(read_one),
    }
}

fn skipped(path: &Path, reason: &dyn ToString) -> ScanEvent {
    ScanEvent::Skipped(Problem { path: path.to_owned(), reason: reason.to_string() })
}

/// The regular files, each once, in the folders' own order.
fn list(paths: &[PathBuf], cancel: &Cancel, on_event: &impl Fn(ScanEvent)) -> Vec<PathBuf> {
    let mut seen = HashSet::new();
    let mut files = Vec::new();
    for entry in paths.iter().flat_map(|path| WalkDir::new(path).follow_links(true).sort_by_file_name()) {
        if cancel.is_cancelled() {
            break;
        }
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) if entry.file_type().is_file() => {
                let path = entry.into_path();
                if seen.insert(path.clone()) {
                    files.push(path);
                }
            }
            Ok(entry) => on_event(skipped(entry.path(), &"not a regular file")),
            Err(error) => on_event(skipped(error.path().unwrap_or(Path::new("")), &reason(&error))),
        }
    }
    files
}

fn reason(error: &walkdir::Error) -> String {
    if error.loop_ancestor().is_some() {
        return "a link that leads back to a folder around it".to_owned();
    }
    let is_folder = error.path().is_some_and(|path| fs::symlink_metadata(path).is_ok_and(|m| m.is_dir()));
    let what = if is_folder { "the folder" } else { "the file" };
    match error.io_error() {
        Some(error) => format!("{what} could not be read: {}", error.kind()),
        None => format!("{what} could not be read"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn a_picture_is_drawn_while_a_scan_runs() {
        let folder = tempfile::tempdir().unwrap();
        for name in 0..64 {
            fs::File::create(folder.path().join(name.to_string())).unwrap();
        }
        let (sender, receiver) = crossbeam_channel::bounded(0);
        let path = folder.path().to_owned();
        let scanning = std::thread::Builder::new().spawn(move || {
            scan(&[path], &Cancel::default(), &Progress::default(), |_| sender.send(()).unwrap());
        });
        // Between two events that nobody takes, the shared threads are free.
        receiver.recv().unwrap();
        let (drawn, waited) = crossbeam_channel::bounded(1);
        rayon::spawn(move || drawn.send(()).unwrap());
        let answer = waited.recv_timeout(std::time::Duration::from_secs(20));
        assert_eq!(receiver.iter().count(), 63);
        scanning.unwrap().join().unwrap();
        assert!(answer.is_ok(), "the shared threads wait for the scan");
    }

    #[test]
    fn every_file_is_reported_once_with_its_reason() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| {
            use std::io::Write as _;
            fs::File::create(folder.path().join(name)).unwrap().write_all(bytes).unwrap();
        };
        write("report.pdf", b"%PDF-1.7 and so on");
        write("photo.jpg", b"\xFF\xD8\xFF\xE0");
        write("empty", b"");
        write("zeros", &[0; 400]);
        let events = Mutex::new(Vec::new());
        let progress = Progress::default();
        let missing = folder.path().join("absent");
        let paths = [folder.path().to_owned(), folder.path().to_owned(), missing];
        scan(&paths, &Cancel::default(), &progress, |event| events.lock().unwrap().push(event));
        let mut reasons: Vec<String> = events
            .into_inner()
            .unwrap()
            .into_iter()
            .map(|event| match event {
                ScanEvent::Skipped(problem) => problem.reason,
                ScanEvent::Found(_) => "found".to_owned(),
            })
            .collect();
        reasons.sort();
        let expected = [
            "not DICOM: JPEG picture",
            "not DICOM: PDF document",
            "not DICOM: empty file",
            "not DICOM: no DICOM header",
            "the file could not be read: entity not found",
        ];
        assert_eq!(reasons, expected);
        assert_eq!((progress.done(), progress.total()), (4, 4));
    }
}
