//! What may stand under a name before a file is written there, and what is never written over.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use super::kind::{Kind, kind_of};

/// What becomes of a file that has the name already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Existing {
    /// It stays: only a new file is written. One that holds the very same bytes counts as written.
    #[default]
    Keep,
    /// It is replaced, because the command says so or the reader confirmed it; but never DICOM, an archive or a case.
    Replace,
    /// It is replaced although it is a case: the caller knows that it is the program's own. Never DICOM.
    Own,
}

/// A path that is to be written, and what may be there already. The one rule for every file that the program writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target<'a> {
    /// The file.
    pub path: &'a Path,
    /// What becomes of a file that has the name already.
    pub existing: Existing,
    /// Only the user may read it (mode 0600), whatever the old file's mode was.
    pub private: bool,
}

impl<'a> Target<'a> {
    /// A file that is not there yet.
    pub fn new(path: &'a Path) -> Self {
        Self::with(path, Existing::Keep)
    }

    /// A file that may be there already: somebody said that it may be replaced.
    pub fn over(path: &'a Path) -> Self {
        Self::with(path, Existing::Replace)
    }

    /// A file of the program's own in its state folder, for the user's eyes only.
    pub fn state(path: &'a Path) -> Self {
        Self { private: true, ..Self::with(path, Existing::Own) }
    }

    /// A file, and what becomes of one that is there.
    pub fn with(path: &'a Path, existing: Existing) -> Self {
        Self { path, existing, private: false }
    }
}

/// Why a path is not written. What is there stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Something has the name already, and nobody said that it may be replaced.
    #[error(
        "a file of that name is there already; choose another name, or say that it may be replaced (--overwrite)"
    )]
    Exists,
    /// The file is DICOM by its bytes, whatever it is called.
    #[error("the file there is DICOM, which is never overwritten; choose another name")]
    Dicom,
    /// The file is the work of a reader.
    #[error("the file there is an Isodense case, which no export overwrites; choose another name")]
    Case,
    /// The file is an archive, which may hold images.
    #[error(
        "the file there is an archive, which may hold images and is never overwritten; choose another name"
    )]
    Archive,
    /// The file is one of the images that are open, or the case.
    #[error("the file is one of the images, or the case: it is never overwritten; choose another name")]
    Source,
    /// A folder has the name.
    #[error("that is a folder; name a file in it")]
    Folder,
    /// A device, a pipe or a socket has the name.
    #[error("that is a device, a pipe or a socket, not a file; choose another name")]
    NotAFile,
}

impl From<Refusal> for io::Error {
    fn from(refusal: Refusal) -> Self {
        let kind = match refusal {
            Refusal::Exists => io::ErrorKind::AlreadyExists,
            Refusal::Folder => io::ErrorKind::IsADirectory,
            Refusal::Dicom | Refusal::Case | Refusal::Archive | Refusal::Source | Refusal::NotAFile => {
                io::ErrorKind::InvalidInput
            }
        };
        Self::new(kind, refusal)
    }
}

/// Whether a path may be written: before anything is drawn for it. [`super::write_whole`] asks again.
///
/// With [`Existing::Keep`] a file that is there is no reason yet: it may turn out to hold the same bytes.
pub fn may_write(to: Target<'_>) -> io::Result<()> {
    let path = real_target(to.path)?;
    let Some(there) = there(&path)? else { return Ok(()) };
    if there.len() == 0 && to.existing != Existing::Keep {
        return Ok(());
    }
    match never_over(&path, to.existing)? {
        Some(refusal) => Err(refusal.into()),
        None => Ok(()),
    }
}

/// The file that a path leads to: a link stays a link.
pub(super) fn real_target(path: &Path) -> io::Result<PathBuf> {
    if path.is_symlink() { fs::canonicalize(path) } else { Ok(path.to_owned()) }
}

/// What is known of the file there, if there is one; it is a file that may be written.
pub(super) fn there(path: &Path) -> io::Result<Option<Metadata>> {
    let there = match fs::metadata(path) {
        Ok(there) => there,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if there.is_dir() {
        return Err(Refusal::Folder.into());
    }
    // Opening a pipe would wait for somebody at its other end.
    if !there.is_file() {
        return Err(Refusal::NotAFile.into());
    }
    Ok(Some(there))
}

/// What speaks against replacing a file, by its bytes.
pub(super) fn never_over(path: &Path, existing: Existing) -> io::Result<Option<Refusal>> {
    Ok(match (kind_of(path)?, existing) {
        (Kind::Dicom, _) => Some(Refusal::Dicom),
        (Kind::Case | Kind::Archive, Existing::Own) | (Kind::Other, _) => None,
        (Kind::Case, Existing::Keep | Existing::Replace) => Some(Refusal::Case),
        (Kind::Archive, Existing::Keep | Existing::Replace) => Some(Refusal::Archive),
    })
}

/// Whether a file that is there holds the same bytes as an open one.
pub(super) fn holds_the_same(path: &Path, file: &mut File) -> io::Result<bool> {
    let mut there = File::open(path)?;
    if there.metadata()?.len() != file.metadata()?.len() {
        return Ok(false);
    }
    file.seek(SeekFrom::Start(0))?;
    let (mut old, mut new) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let read = there.read(&mut old)?;
        if read == 0 {
            return Ok(true);
        }
        let (Some(old), Some(new)) = (old.get(..read), new.get_mut(..read)) else { return Ok(false) };
        file.read_exact(new)?;
        if *old != *new {
            return Ok(false);
        }
    }
}

/// Whether a path is another name of one of some files: a link, a hard link or another spelling.
pub fn is_one_of<'p>(path: &Path, others: impl IntoIterator<Item = &'p Path>) -> bool {
    let Some(own) = Identity::of(path) else { return false };
    others.into_iter().any(|other| other == path || Identity::of(other).is_some_and(|other| other == own))
}

/// Which file it is, whatever it is called.
#[derive(PartialEq)]
#[cfg(unix)]
struct Identity(u64, u64);

#[cfg(unix)]
impl Identity {
    fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        let file = fs::metadata(path).ok()?;
        Some(Self(file.dev(), file.ino()))
    }
}

/// The same where files have no numbers that the standard library tells: by their place.
#[derive(PartialEq)]
#[cfg(not(unix))]
struct Identity(PathBuf);

#[cfg(not(unix))]
impl Identity {
    fn of(path: &Path) -> Option<Self> {
        path.canonicalize().ok().map(Self)
    }
}
