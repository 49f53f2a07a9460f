use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Unpacked bytes that stay in memory for one archive, at most; the last file stays whatever its size.
const KEPT_BYTES: usize = 256 << 20;

/// An archive file that images lie in. It is never written, and nothing is unpacked to disk.
pub struct Archive {
    path: Arc<Path>,
    kept: Mutex<Kept>,
}

/// Files of an archive that hold many frames, unpacked: 500 frames are not unpacked 500 times.
#[derive(Default)]
pub struct Kept(Vec<(u64, Arc<Vec<u8>>)>);

impl Kept {
    /// The unpacked bytes of the file whose data start there.
    pub fn get(&self, at: u64) -> Option<Arc<Vec<u8>>> {
        self.0.iter().find(|(start, _)| *start == at).map(|(_, bytes)| Arc::clone(bytes))
    }

    /// Keeps these bytes; the oldest others go when they are too many.
    pub fn put(&mut self, at: u64, bytes: Arc<Vec<u8>>) {
        self.0.retain(|(start, _)| *start != at);
        self.0.push((at, bytes));
        while self.0.len() > 1 && self.0.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() > KEPT_BYTES {
            self.0.remove(0);
        }
    }
}

/// No bytes: they are the patient's.
impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Kept").field(&self.0.len()).finish()
    }
}

impl fmt::Debug for Archive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Archive").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Archive {
    /// The archive in that file.
    pub fn new(path: &Path) -> Self {
        Self { path: path.into(), kept: Mutex::default() }
    }

    /// The archive's own file.
    pub fn path(&self) -> &Arc<Path> {
        &self.path
    }

    /// What is unpacked already. Held while a file is unpacked, so that nobody else does the same work.
    pub fn kept(&self) -> MutexGuard<'_, Kept> {
        // A panic while it was held leaves whole files behind: they are still good.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where one file lies in an archive, as the archive's headers say it.
#[derive(Debug)]
pub struct ArchiveEntry {
    /// The archive.
    pub archive: Arc<Archive>,
    /// First byte of the file's data in the archive.
    pub at: u64,
    /// Bytes that it takes there.
    pub packed: u64,
    /// Bytes of the file itself.
    pub size: u64,
    /// CRC-32 of the file itself.
    pub crc: u32,
    /// Packed by deflate; otherwise stored as it is.
    pub deflated: bool,
    /// Whether the checksum of a stored file is right, once somebody looked.
    pub sound: OnceLock<bool>,
}

/// The same bytes of the same archive.
impl PartialEq for ArchiveEntry {
    fn eq(&self, other: &Self) -> bool {
        self.archive.path == other.archive.path && self.at == other.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_bounded_and_the_last_stays() {
        let mut kept = Kept::default();
        let bytes = |count: usize| Arc::new(vec![0; count]);
        kept.put(1, bytes(KEPT_BYTES / 2));
        kept.put(2, bytes(KEPT_BYTES / 2));
        assert!(kept.get(1).is_some() && kept.get(2).is_some());
        kept.put(3, bytes(1));
        assert!(kept.get(1).is_none() && kept.get(2).is_some() && kept.get(3).is_some());
        kept.put(4, bytes(KEPT_BYTES + 1));
        assert!(kept.get(3).is_none() && kept.get(4).is_some());
        assert_eq!(format!("{kept:?}"), "Kept(1)");
    }
}
