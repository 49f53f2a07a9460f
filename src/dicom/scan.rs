//! Files, folders and archives in, headers and reasons out.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use super::archive::{self, Contents, Listed};
use super::bytes;
use super::error::{DicomError, Result, words};
use super::header::{Instance, read_entry_header, read_header};
use super::index;
use super::long_path::{self, Found};
use super::source::read_index;
use crate::image::ArchiveEntry;
use crate::work::{Cancel, Progress};

/// Smaller files of an archive are read as a whole, so their checksum is looked at.
const SMALL: u64 = 64 << 10;

/// A file or folder that is not used, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// The file or folder.
    pub path: PathBuf,
    /// Why, for the user; no patient attribute in it.
    pub reason: String,
    /// Where its bytes are, for who wants to see what stands in them.
    pub bytes: Whereabouts,
}

/// Where the bytes of a file that is not used are.
#[derive(Debug, Clone, PartialEq)]
pub enum Whereabouts {
    /// In a file of their own.
    File,
    /// In an archive, where they can be read.
    Archive(Arc<ArchiveEntry>),
    /// Nowhere that is safe to read: a folder, a pipe, a file of an archive that is encrypted or claims too much.
    OutOfReach,
}

impl Problem {
    /// A file on disk that is not used.
    pub fn new(path: &Path, reason: impl Into<String>) -> Self {
        Self { path: path.to_owned(), reason: reason.into(), bytes: Whereabouts::File }
    }

    /// The reason without what it says of this file alone: the same for all that are counted together.
    pub fn kind(&self) -> &str {
        let kind = NAMING.iter().find(|(start, _)| self.reason.starts_with(start));
        kind.map_or(self.reason.as_str(), |(_, kind)| kind)
    }
}

/// How many files were not used for each reason, most first; reasons that name another file count as one.
pub fn by_reason<'p>(problems: impl IntoIterator<Item = &'p Problem>) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for problem in problems {
        *counts.entry(problem.kind()).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().map(|(reason, count)| (reason.to_owned(), count)).collect();
    // Stable: of equal counts the first by letter.
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

/// Reasons that name another file, and what they say without it.
const NAMING: [(&str, &str); 3] = [
    ("same image as ", "second copy of an image"),
    (
        "another image with the same identity",
        "another image with the same identity (UID) as one that is shown",
    ),
    ("perhaps the same image as ", "perhaps a copy of an image"),
];

/// One thing that the search came upon.
#[derive(Debug, Clone)]
pub enum ScanEvent {
    /// A DICOM object.
    Found(Box<Instance>),
    /// A file or folder that is not used.
    Skipped(Problem),
}

/// Reads the headers of all files in these files, folders and ZIP archives, on all cores.
///
/// The files are counted first, so `progress` knows the total; it grows by the files of each archive that is met, and
/// by the files of the medium where a DICOMDIR itself is named. Every file makes exactly one event, in no order, an
/// archive only where something is wrong with it; after `cancel` the rest is reported as cancelled. `on_event` is
/// called from several threads.
pub fn scan(paths: &[PathBuf], cancel: &Cancel, progress: &Progress, on_event: impl Fn(ScanEvent) + Sync) {
    let mut search = Search::default();
    let files = search.list(paths, cancel, &on_event);
    progress.set_total(files.len());
    let reading = Reading { paths, cancel, progress, on_event: &on_event, indexes: Mutex::default() };
    // Threads of its own: on the shared ones every picture would wait until the last file is read, and a
    // caller whose `on_event` waits for the window that waits for the picture would wait for ever.
    let pool = rayon::ThreadPoolBuilder::new().thread_name(|_| "isodense-scan".to_owned()).build();
    let read_all = |files: &[PathBuf]| match &pool {
        Ok(pool) => pool.install(|| files.par_iter().for_each(|path| reading.file(path))),
        Err(_no_threads) => files.iter().for_each(|path| reading.file(path)),
    };
    read_all(&files);
    // Whoever opens an index means the medium that it lies on.
    let named: Vec<PathBuf> = {
        let indexes = reading.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        let named = indexes.iter().filter(|path| paths.contains(path));
        named.flat_map(|path| index::folders(path, &ids(path).unwrap_or_default())).collect()
    };
    if !named.is_empty() {
        let more = search.list(&named, cancel, &on_event);
        progress.add_total(more.len());
        read_all(&more);
    }
    let indexes = reading.indexes.into_inner().unwrap_or_else(PoisonError::into_inner);
    for path in indexes {
        let there = || search.found.iter().map(PathBuf::as_path);
        on_event(judged(&path, Whereabouts::File, ids(&path), there));
    }
}

/// The files that an index on disk names.
fn ids(path: &Path) -> Result<Vec<Vec<String>>> {
    let (file, length) = bytes::file(path)?;
    read_index(file, length)
}

/// What an index says about the files that are there.
fn judged<'p, I: Iterator<Item = &'p Path>>(
    path: &Path,
    bytes: Whereabouts,
    named: Result<Vec<Vec<String>>>,
    there: impl Fn() -> I,
) -> ScanEvent {
    let folder = path.parent().unwrap_or(Path::new(""));
    match named {
        Ok(named) => skipped(path, bytes, &index::verdict(folder, &named, there())),
        Err(error) => skipped(path, bytes, &error),
    }
}

/// What every thread of a scan shares.
struct Reading<'a, F> {
    /// What was asked for.
    paths: &'a [PathBuf],
    cancel: &'a Cancel,
    progress: &'a Progress,
    on_event: &'a F,
    /// DICOMDIR files: what they are worth is known when all files are.
    indexes: Mutex<Vec<PathBuf>>,
}

impl<F: Fn(ScanEvent) + Sync> Reading<'_, F> {
    fn file(&self, path: &Path) {
        if self.cancel.is_cancelled() {
            // Not counted: nobody looked at it.
            return (self.on_event)(skipped(path, Whereabouts::File, &DicomError::Cancelled));
        }
        match read_header(path) {
            Ok(instance) => (self.on_event)(ScanEvent::Found(Box::new(instance))),
            Err(DicomError::Index) => {
                self.indexes.lock().unwrap_or_else(PoisonError::into_inner).push(path.to_owned());
            }
            Err(DicomError::Zip) => self.archive(path, self.paths.iter().any(|named| named == path)),
            Err(error) => (self.on_event)(skipped(path, Whereabouts::File, &error)),
        }
        self.progress.advance(1);
    }

    /// The files of an archive, read where they lie.
    fn archive(&self, path: &Path, named: bool) {
        let listed = catch_unwind(|| archive::contents(path))
            .unwrap_or_else(|_panic| Err(DicomError::Archive("its list of files makes no sense".to_owned())));
        let Contents { file: archive, files, problem } = match listed {
            // Of a document in a folder nobody wants to hear what it consists of.
            Ok(contents) if !named && let Some(kind) = contents.kind() => {
                return (self.on_event)(skipped(path, Whereabouts::File, &DicomError::NotDicom(kind)));
            }
            Ok(contents) => contents,
            Err(error) => return (self.on_event)(skipped(path, Whereabouts::File, &error)),
        };
        if let Some(problem) = problem {
            (self.on_event)(skipped(path, Whereabouts::File, &problem));
        }
        self.progress.add_total(files.len());
        let indexes: Mutex<Vec<(&PathBuf, &Arc<ArchiveEntry>)>> = Mutex::default();
        files.par_iter().for_each(|Listed { path, entry }| {
            let found = entry.as_ref().map(|entry| (entry, Whereabouts::Archive(Arc::clone(entry))));
            let (entry, bytes) = match found {
                Ok((_, bytes)) if self.cancel.is_cancelled() => {
                    return (self.on_event)(skipped(path, bytes, &DicomError::Cancelled));
                }
                Ok(found) => found,
                Err(refused) => {
                    (self.on_event)(skipped(path, Whereabouts::OutOfReach, refused));
                    return self.progress.advance(1);
                }
            };
            match read_entry(&archive, path, entry) {
                Ok(instance) => (self.on_event)(ScanEvent::Found(Box::new(instance))),
                Err(DicomError::Index) => {
                    let mut indexes = indexes.lock().unwrap_or_else(PoisonError::into_inner);
                    indexes.push((path, entry));
                }
                Err(DicomError::Zip) => (self.on_event)(skipped(path, bytes, &NESTED)),
                Err(error) => (self.on_event)(skipped(path, bytes, &error)),
            }
            self.progress.advance(1);
        });
        for (path, entry) in indexes.into_inner().unwrap_or_else(PoisonError::into_inner) {
            let named = read_index(bytes::stream(&archive, entry), entry.size);
            let bytes = Whereabouts::Archive(Arc::clone(entry));
            let there = || files.iter().map(|file| file.path.as_path());
            (self.on_event)(judged(path, bytes, named, there));
        }
    }
}

const NESTED: &str = "an archive inside an archive: unpack the outer one and open the folder";

fn read_entry(archive: &rawzip::FileReader, path: &Path, entry: &Arc<ArchiveEntry>) -> Result<Instance> {
    if entry.size > SMALL {
        return read_entry_header(path, entry, bytes::stream(archive, entry));
    }
    let (whole, _) = bytes::open_at(path, Some(entry), false)?;
    read_entry_header(path, entry, whole)
}

fn skipped(path: &Path, bytes: Whereabouts, reason: &dyn ToString) -> ScanEvent {
    ScanEvent::Skipped(Problem { path: path.to_owned(), reason: reason.to_string(), bytes })
}

/// The files that were come upon.
#[derive(Default)]
struct Search {
    found: Vec<PathBuf>,
    /// Where each of them really is: a file that is reached on two ways is one file.
    real: HashSet<PathBuf>,
}

impl Search {
    /// The regular files that are new, each once, in the folders' own order.
    fn list(&mut self, paths: &[PathBuf], cancel: &Cancel, on_event: &impl Fn(ScanEvent)) -> Vec<PathBuf> {
        let before = self.found.len();
        for path in paths {
            // Where the folders around an entry really are, outermost first.
            let mut around: Vec<PathBuf> = Vec::new();
            for entry in WalkDir::new(path).follow_links(true).sort_by_file_name() {
                if cancel.is_cancelled() {
                    break;
                }
                match entry {
                    Ok(entry) if entry.file_type().is_dir() => {
                        around.truncate(entry.depth());
                        let real = real(&entry, &around);
                        around.push(real);
                    }
                    Ok(entry) if entry.file_type().is_file() => {
                        around.truncate(entry.depth());
                        let real = real(&entry, &around);
                        self.add(entry.into_path(), real);
                    }
                    // To open a pipe waits for ever.
                    Ok(entry) => {
                        on_event(skipped(entry.path(), Whereabouts::OutOfReach, &"not a regular file"));
                    }
                    Err(error) => self.beyond(&error, &around, cancel, on_event),
                }
            }
        }
        self.found.get(before..).unwrap_or_default().to_vec()
    }

    fn add(&mut self, path: PathBuf, real: PathBuf) {
        if self.real.insert(real) {
            self.found.push(path);
        }
    }

    /// Goes on below a folder whose path is too long to be given to the system in one piece; says what else is wrong.
    fn beyond(
        &mut self,
        error: &walkdir::Error,
        around: &[PathBuf],
        cancel: &Cancel,
        on_event: &impl Fn(ScanEvent),
    ) {
        let path = error.path().unwrap_or(Path::new(""));
        let too_long = error.io_error().is_some_and(long_path::is_too_long);
        let own = around.last().filter(|real| real.file_name() == path.file_name()).map_or(path, |real| real);
        let own = own.to_owned();
        let read = |search: &mut Self| {
            long_path::walk(path, cancel, |found| match found {
                Found::File(file) => {
                    let inside = file.strip_prefix(path).unwrap_or(&file);
                    let real = own.join(inside);
                    search.add(file, real);
                }
                Found::Other(path, why) => on_event(skipped(&path, Whereabouts::OutOfReach, &why)),
            })
        };
        if !too_long || read(self).is_err() {
            on_event(skipped(path, Whereabouts::OutOfReach, &reason(error)));
        }
    }
}

/// Where an entry is when all links are followed: by the folder around it. Only of a link the file system is asked,
/// which goes along the whole path.
fn real(entry: &DirEntry, around: &[PathBuf]) -> PathBuf {
    match (around.last(), entry.path().file_name()) {
        (Some(folder), Some(name)) if !entry.path_is_symlink() => folder.join(name),
        _ => entry.path().canonicalize().unwrap_or_else(|_| entry.path().to_owned()),
    }
}

fn reason(error: &walkdir::Error) -> String {
    if error.loop_ancestor().is_some() {
        return "a link that leads back to a folder around it".to_owned();
    }
    let is_folder = error.path().is_some_and(|path| fs::symlink_metadata(path).is_ok_and(|m| m.is_dir()));
    let what = if is_folder { "the folder" } else { "the file" };
    match error.io_error() {
        Some(error) => format!("{what} could not be read: {}", words(error)),
        None => format!("{what} could not be read"),
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn a_picture_is_drawn_while_a_scan_runs() {
        let folder = tempfile::tempdir().unwrap();
        for name in 0..64 {
            File::create(folder.path().join(name.to_string())).unwrap();
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
            File::create(folder.path().join(name)).unwrap().write_all(bytes).unwrap();
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
            "the file could not be read: it is not there",
        ];
        assert_eq!(reasons, expected);
        assert_eq!((progress.done(), progress.total()), (4, 4));
    }
}
