//! How is a file written so that no crash halves it, and nothing of anybody's is lost? One function, [`write_whole`];
//! everything that leaves memory goes through it.

mod kind;
mod part;
mod private;
mod signals;
mod target;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

pub use part::{PART_PREFIX, PART_SUFFIX, Part, Scratch, Together, clear_parts};
pub use private::{is_private, keep_private, private_folder};
pub use signals::clear_up_on_signals;
pub use target::{Existing, Refusal, Target, is_one_of, may_write};

/// Writes a file so that at every moment either the old one or the new one is there, whole.
///
/// `write` fills a temporary file in the same folder, which is synced and renamed over the path; then the folder is
/// synced. When `write` fails the old file stays as it was. A link is followed, so that it stays a link. What is there
/// is replaced only as far as the [`Target`] says, and never a file that is DICOM by its bytes, a folder, a device or
/// a pipe. Parts that a crash left in the folder are cleared.
pub fn write_whole<E: From<io::Error>>(
    to: Target<'_>,
    write: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<(), E> {
    let path = target::real_target(to.path)?;
    let folder = folder_of(&path);
    let old = target::there(&path)?;
    if old.as_ref().is_some_and(|old| old.permissions().readonly()) {
        return Err(io::Error::from(io::ErrorKind::PermissionDenied).into());
    }
    // What stays may hold the same bytes as what is written: it is compared in the end.
    if to.existing != Existing::Keep {
        may_write(to)?;
    }
    clear_parts(&folder);
    let permissions = match old {
        _ if to.private => None,
        Some(old) => Some(old.permissions()),
        None => new_file_permissions(),
    };
    let mut part = Part::new(&folder, permissions)?;
    write(part.file())?;
    part.file().sync_all()?;
    if to.existing == Existing::Keep {
        name_new(part, &path)?;
    } else {
        // Somebody else may have put something there meanwhile.
        may_write(to)?;
        part.replace(&path)?;
    }
    sync_folder(&folder)?;
    Ok(())
}

/// Gives a part its name, if that is free or the file there holds the same.
fn name_new(part: Part, path: &Path) -> io::Result<()> {
    match part.name(path) {
        Ok(()) => Ok(()),
        Err((_, Some(mut part))) => {
            if target::there(path)?.is_some() && target::holds_the_same(path, part.file())? {
                return Ok(());
            }
            Err(target::never_over(path, Existing::Keep)?.unwrap_or(Refusal::Exists).into())
        }
        Err((error, None)) => Err(error),
    }
}

/// The folder that holds a path: `.` for a bare name.
pub fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        Some(_) | None => PathBuf::from("."),
    }
}

/// The usual permissions of a new file (the umask applies), not a temporary file's private ones.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere there are none")]
fn new_file_permissions() -> Option<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt as _;
    Some(fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn new_file_permissions() -> Option<fs::Permissions> {
    None
}

/// Makes the rename itself durable.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    let opened = match File::open(folder) {
        // A folder that may be written but not listed: the file has its name already.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Ok(()),
        answer => answer?,
    };
    match opened.sync_all() {
        // Some network file systems cannot sync a folder; the file itself is safe.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        answer => answer,
    }
}

/// Folders cannot be opened for syncing here; the rename is journalled.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}
