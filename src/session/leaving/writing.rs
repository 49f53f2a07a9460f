//! Files that are written on a thread of their own: one at a time, never over a source.

use std::path::{Path, PathBuf};

use crate::session::Session;
use crate::work::{Cancel, Progress};

/// The thread that writes.
pub(in crate::session) const WRITES: &str = "isodense-writer";

/// A file that is being written.
#[derive(Debug, Clone)]
pub struct Writing {
    /// The file.
    pub path: PathBuf,
    /// Panels or slices that are drawn, of how many.
    pub progress: Progress,
    pub(in crate::session) cancel: Cancel,
}

impl Session {
    /// The file that is being written: one at a time.
    pub fn writing(&self) -> Option<&Writing> {
        self.leaving.writing.as_ref()
    }

    /// How writing the last file went: its bytes, or why there is none.
    pub fn written(&self) -> Option<&Result<u64, String>> {
        self.leaving.written.as_ref()
    }

    /// Whether a file may be written there now; if not, why.
    pub(in crate::session) fn may_write(&self, path: &Path) -> Result<(), String> {
        if self.leaving.writing.is_some() {
            return Err("Another file is being written: wait for it, or cancel it.".to_owned());
        }
        if self.is_source(path) {
            return Err("The file is one of the images, or the case: it is never overwritten.".to_owned());
        }
        Ok(())
    }

    /// From now on a file is being written.
    pub(in crate::session) fn begin_writing(&mut self, path: PathBuf) -> Writing {
        let writing = Writing { path, progress: Progress::default(), cancel: Cancel::default() };
        self.leaving.writing = Some(writing.clone());
        writing
    }

    /// No file is being written any more; how it went.
    pub(in crate::session) fn end_writing(&mut self, written: Result<u64, String>) {
        self.leaving.writing = None;
        self.leaving.written = Some(written);
    }

    pub(in crate::session) fn cancel_writing(&mut self) {
        if let Some(writing) = &self.leaving.writing {
            writing.cancel.cancel();
        }
        // Nothing was begun yet that could be stopped.
        if self.figures.waiting_figure().is_some() {
            self.figures.forget_waiting();
            self.leaving.writing = None;
        }
    }

    /// A thread failed. If it wrote a file, nothing is being written any more.
    pub(in crate::session) fn writer_failed(&mut self, thread: &str) {
        if thread == WRITES {
            self.end_writing(Err("the thread that writes it failed".to_owned()));
        }
    }

    /// Whether a path is that of an image that is open, or of the case (invariant 9).
    fn is_source(&self, path: &Path) -> bool {
        let Ok(path) = path.canonicalize() else { return false };
        let is_it = |source: &Path| source.canonicalize().is_ok_and(|source| source == path);
        let images = self.library.all().flat_map(|series| &series.frames);
        self.case_path().is_some_and(is_it) || images.into_iter().any(|frame| is_it(frame.stored.file()))
    }
}

/// The size of a file in words.
pub(in crate::session) fn megabytes(bytes: u64) -> String {
    format!("{} MB", crate::case::number(bytes as f64 / 1e6, 1))
}
