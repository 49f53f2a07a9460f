//! Files that are written on a thread of their own: one at a time, never over a source.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::files::{self, Existing, Refusal, Target};
use crate::render::Fonts;
use crate::session::{Notice, Session};
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
    /// The fonts it is drawn with, which note what they lack.
    pub(in crate::session) fonts: Arc<Fonts>,
    /// What becomes of a file that has the name already.
    existing: Existing,
    pub(in crate::session) cancel: Cancel,
}

impl Writing {
    /// The file, and what becomes of one that is there.
    pub(in crate::session) fn target(&self) -> Target<'_> {
        Target::with(&self.path, self.existing)
    }
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
            return Err(Refusal::Source.to_string());
        }
        files::may_write(self.target(path)).map_err(|why| format!("{why}: {}", path.display()))
    }

    /// A file that may be written as this session was told.
    pub(in crate::session) fn target<'p>(&self, path: &'p Path) -> Target<'p> {
        Target::with(path, self.environment.existing)
    }

    /// From now on a file is being written.
    pub(in crate::session) fn begin_writing(&mut self, path: PathBuf) -> Writing {
        let (progress, cancel) = (Progress::default(), Cancel::default());
        let fonts = Arc::new(self.environment.fonts.noting());
        let writing = Writing { path, progress, fonts, existing: self.environment.existing, cancel };
        self.leaving.writing = Some(writing.clone());
        writing
    }

    /// No file is being written any more; how it went.
    pub(in crate::session) fn end_writing(&mut self, written: Result<u64, String>) {
        if let Some(writing) = self.leaving.writing.take() {
            self.tell_lacking(&writing.fonts);
        }
        self.leaving.written = Some(written);
    }

    /// Names the letters that were drawn as hollow boxes.
    pub(super) fn tell_lacking(&mut self, fonts: &Fonts) {
        if let Some(lacking) = fonts.lacking() {
            self.tell(Notice::warning("Some letters are drawn as boxes:", format!("{lacking}.")));
        }
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
        let images = self.library.all().flat_map(|series| &series.frames).map(|frame| frame.stored.file());
        files::is_one_of(path, images.chain(self.case_path()))
    }
}

/// The size of a file in words.
pub(in crate::session) fn megabytes(bytes: u64) -> String {
    format!("{} MB", crate::case::number(bytes as f64 / 1e6, 1))
}
