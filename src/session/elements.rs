//! The list of elements that somebody looks at: of the image shown, or of one file.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Session;
use super::jobs::Done;
use crate::dicom::{self, ElementList};

/// Whose elements are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ElementsOf {
    /// The image in the active viewport; follows it.
    Shown,
    /// A file, whether it is used or not.
    File(PathBuf),
}

/// A file's elements, as far as they are read.
#[derive(Debug, Clone, Default)]
pub enum Elements {
    /// Nothing is shown that has any.
    #[default]
    None,
    /// They are being read.
    Loading,
    /// They are there.
    Ready(Arc<ElementList>),
    /// The file has none; why.
    Failed(String),
}

/// What is looked at.
#[derive(Debug, Default)]
pub(super) struct Watched {
    of: Option<ElementsOf>,
    /// The file of `elements`.
    path: Option<PathBuf>,
    elements: Elements,
    /// The file that a thread reads now: one at a time, however fast somebody scrolls.
    reading: Option<PathBuf>,
}

impl Session {
    /// Whose elements are looked at, if anybody looks.
    pub fn elements_of(&self) -> Option<&ElementsOf> {
        self.watched.of.as_ref()
    }

    /// The file whose elements are looked at.
    pub fn elements_path(&self) -> Option<&Path> {
        self.watched.path.as_deref()
    }

    /// The elements that are looked at.
    pub fn elements(&self) -> &Elements {
        &self.watched.elements
    }

    pub(super) fn watch_elements(&mut self, of: Option<ElementsOf>) {
        self.watched.of = of;
        if self.watched.of.is_none() {
            self.watched = Watched { reading: self.watched.reading.take(), ..Watched::default() };
        }
    }

    /// Reads the elements of what is looked at now, if they are not there.
    pub(super) fn want_elements(&mut self) {
        let wanted = match &self.watched.of {
            None => return,
            Some(ElementsOf::File(path)) => Some(path.clone()),
            Some(ElementsOf::Shown) => {
                self.shown(self.workspace.active).map(|shown| shown.frame.stored.path.to_path_buf())
            }
        };
        let Some(path) = wanted else {
            self.watched.path = None;
            self.watched.elements = Elements::None;
            return;
        };
        if self.watched.path.as_ref() == Some(&path) && !matches!(self.watched.elements, Elements::Loading) {
            return;
        }
        if self.watched.path.as_ref() != Some(&path) {
            self.watched.path = Some(path.clone());
            self.watched.elements = Elements::Loading;
        }
        if self.watched.reading.is_none() {
            self.watched.reading = Some(path.clone());
            let bytes = self.library.whereabouts(&path);
            self.jobs.spawn("isodense-elements", move |report| {
                let read = catch_unwind(AssertUnwindSafe(|| dicom::read_elements_at(&path, &bytes)));
                let read = read.map_or_else(
                    |_panic| Err("the reader met an error it did not expect".to_owned()),
                    |read| read.map(Box::new).map_err(|error| error.to_string()),
                );
                report.send(Done::Elements(path.clone(), read));
            });
        }
    }

    pub(super) fn take_elements(&mut self, path: &Path, read: Result<Box<ElementList>, String>) {
        self.watched.reading = None;
        if self.watched.path.as_deref() == Some(path) {
            self.watched.elements = match read {
                Ok(list) => Elements::Ready(Arc::from(list)),
                Err(why) => Elements::Failed(why),
            };
        }
    }
}
