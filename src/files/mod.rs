//! How is a file written so that no crash halves it? One function; everything that leaves memory goes through it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// What temporary files start and end with; whoever lists a folder leaves them alone.
pub const PART_PREFIX: &str = ".isodense-";
/// See [`PART_PREFIX`].
pub const PART_SUFFIX: &str = ".part";

/// Writes a file so that at every moment either the old one or the new one is there, whole.
///
/// `write` fills a temporary file in the same folder, which is synced and renamed over the path; then the folder is
/// synced. When `write` fails the old file stays as it was. A link is followed, so that it stays a link.
pub fn write_whole<E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<(), E> {
    let target = if path.is_symlink() { fs::canonicalize(path)? } else { path.to_owned() };
    let folder = folder_of(&target);
    let mut builder = tempfile::Builder::new();
    builder.prefix(PART_PREFIX).suffix(PART_SUFFIX);
    match fs::metadata(&target) {
        Ok(old) if old.is_dir() => return Err(io::Error::from(io::ErrorKind::IsADirectory).into()),
        Ok(old) if old.permissions().readonly() => {
            return Err(io::Error::from(io::ErrorKind::PermissionDenied).into());
        }
        Ok(old) => {
            builder.permissions(old.permissions());
        }
        Err(_) => new_file_permissions(&mut builder),
    }
    let mut part = builder.tempfile_in(&folder)?;
    write(part.as_file_mut())?;
    part.as_file().sync_all()?;
    part.persist(&target).map_err(|failed| failed.error)?;
    sync_folder(&folder)?;
    Ok(())
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
fn new_file_permissions(builder: &mut tempfile::Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt as _;
    builder.permissions(fs::Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
fn new_file_permissions(_builder: &mut tempfile::Builder<'_, '_>) {}

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
