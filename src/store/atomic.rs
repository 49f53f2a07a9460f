use std::io::Write as _;
use std::path::Path;

use super::StoreError;
use crate::files::{Existing, Target, write_whole};

/// Writes bytes over a file of the program's own, or to a new one; the error says what happened to the old file.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    write_to(Target::with(path, Existing::Own), bytes)
}

/// Writes bytes as [`write_whole`] does; the error says what happened to the old file.
pub(super) fn write_to(to: Target<'_>, bytes: &[u8]) -> Result<(), StoreError> {
    write_whole(to, |file| file.write_all(bytes)).map_err(StoreError::write(to.path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, io};

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
        assert_eq!(
            full.to_string(),
            "the disk is full; free some space or save to another place; what was there is untouched: a.json"
        );
    }
}
