use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::StoreError;

/// What temporary files start and end with; whoever lists a folder leaves them alone.
pub(super) const PART_PREFIX: &str = ".isodense-";
pub(super) const PART_SUFFIX: &str = ".part";

/// Writes a file so that at every moment either the old one or the new one is there, whole.
///
/// The bytes go to a temporary file in the same folder, are synced and renamed over the path; then the folder
/// is synced. A link is followed, so that it stays a link.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    replace(path, bytes).map_err(StoreError::write(path))
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = if path.is_symlink() { fs::canonicalize(path)? } else { path.to_owned() };
    let folder = folder_of(&target);
    let mut builder = tempfile::Builder::new();
    builder.prefix(PART_PREFIX).suffix(PART_SUFFIX);
    match fs::metadata(&target) {
        Ok(old) if old.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(old) if old.permissions().readonly() => return Err(io::ErrorKind::PermissionDenied.into()),
        Ok(old) => {
            builder.permissions(old.permissions());
        }
        Err(_) => {
            new_file_permissions(&mut builder);
        }
    }
    let mut part = builder.tempfile_in(&folder)?;
    part.write_all(bytes)?;
    part.as_file().sync_all()?;
    part.persist(&target).map_err(|failed| failed.error)?;
    sync_folder(&folder)
}

/// The folder that holds a path: `.` for a bare name.
pub(super) fn folder_of(path: &Path) -> PathBuf {
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
    match File::open(folder)?.sync_all() {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn the_new_bytes_replace_the_old_and_nothing_stays_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        write_atomic(&path, b"first").unwrap();
        write_atomic(&path, b"2").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"2");
        assert_eq!(names(folder.path()), ["a.json"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_permissions_stay_too() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        write_atomic(&real, b"old").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        write_atomic(&link, b"new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read(&real).unwrap(), b"new");
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn a_failure_has_a_name_and_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        write_atomic(&path, b"old").unwrap();
        let mut locked = fs::metadata(&path).unwrap().permissions();
        locked.set_readonly(true);
        fs::set_permissions(&path, locked).unwrap();
        assert!(matches!(write_atomic(&path, b"new"), Err(StoreError::Denied { .. })));
        assert_eq!(fs::read(&path).unwrap(), b"old");
        let nowhere = folder.path().join("no/such/folder/a.json");
        assert!(matches!(write_atomic(&nowhere, b"new"), Err(StoreError::Write { .. })));
        assert!(matches!(write_atomic(folder.path(), b"new"), Err(StoreError::Write { .. })));
        assert_eq!(names(folder.path()), ["a.json"]);
    }

    #[test]
    fn a_full_disk_is_named() {
        let full = StoreError::write(Path::new("a.json"))(io::ErrorKind::StorageFull.into());
        assert_eq!(full.to_string(), "the disk is full; what was there is untouched: a.json");
    }
}
