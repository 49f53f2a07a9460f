//! Are two files that claim to be one object the same bytes?

use std::hash::{DefaultHasher, Hasher as _};
use std::io::Read as _;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::bytes;
use super::error::Result;
use super::scan::Whereabouts;
use crate::image::ArchiveEntry;

/// Bytes that are compared at a time.
const STEP: usize = 256 << 10;

/// A file's bytes, for comparing: looked at only where two files claim to be one, and then once.
#[derive(Debug, Clone)]
pub struct Content {
    path: Arc<Path>,
    archive: Option<Arc<ArchiveEntry>>,
    length: u64,
    hash: Arc<OnceLock<Option<u64>>>,
}

impl Content {
    pub(super) fn new(path: &Arc<Path>, archive: Option<&Arc<ArchiveEntry>>, length: u64) -> Self {
        Self { path: Arc::clone(path), archive: archive.map(Arc::clone), length, hash: Arc::default() }
    }

    /// Where the bytes are.
    pub(crate) fn whereabouts(&self) -> Whereabouts {
        self.archive.as_ref().map_or(Whereabouts::File, |entry| Whereabouts::Archive(Arc::clone(entry)))
    }

    /// Whether both hold the same bytes; `None` where one cannot be read.
    ///
    /// It may read both files from end to end: where somebody waits, ask before on another thread. The answer stays.
    pub fn is_same_as(&self, other: &Self) -> Option<bool> {
        if self.path == other.path {
            return Some(true);
        }
        if self.length != other.length {
            return Some(false);
        }
        Some(self.hash()? == other.hash()?)
    }

    fn hash(&self) -> Option<u64> {
        *self.hash.get_or_init(|| self.read().ok())
    }

    fn read(&self) -> Result<u64> {
        let (mut reader, _) = bytes::open_at(&self.path, self.archive.as_deref(), false)?;
        let mut hasher = DefaultHasher::new();
        let mut step = vec![0; STEP];
        loop {
            let read = reader.read(&mut step)?;
            if read == 0 {
                return Ok(hasher.finish());
            }
            hasher.write(step.get(..read).unwrap_or_default());
        }
    }
}
