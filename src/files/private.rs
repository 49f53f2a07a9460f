//! Files and folders that only their user may read.

use std::fs;
use std::io;
use std::path::Path;

/// Makes a folder (mode 0700), and those above it, where it is missing. One that was there before is closed to others.
pub fn private_folder(path: &Path) -> io::Result<()> {
    make(path)?;
    keep_private(path);
    Ok(())
}

#[cfg(unix)]
fn make(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Elsewhere a user's own folders are closed to others anyway.
#[cfg(not(unix))]
fn make(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// Closes a file or a folder of the program's own to everybody else: an older version, or a wider umask, made it.
///
/// A link is not followed, and a folder that everybody uses (a sticky one, as `/tmp`) stays as it is.
#[cfg(unix)]
pub fn keep_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    const STICKY: u32 = 0o1000;
    const OTHERS: u32 = 0o077;
    let Ok(about) = fs::symlink_metadata(path) else { return };
    let mode = about.permissions().mode();
    if about.is_symlink() || mode & OTHERS == 0 || (about.is_dir() && mode & STICKY != 0) {
        return;
    }
    let closed = fs::Permissions::from_mode(mode & 0o7700);
    if let Err(error) = fs::set_permissions(path, closed) {
        log::debug!("something of the program's own stays open to others: {error}");
    }
}

/// Whether a file or folder is closed to everybody but its user.
#[cfg(unix)]
pub fn is_private(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    const OTHERS: u32 = 0o077;
    fs::metadata(path).is_ok_and(|about| (about.permissions().mode() & OTHERS) == 0)
}

/// Elsewhere nothing says so.
#[cfg(not(unix))]
pub fn is_private(_path: &Path) -> bool {
    false
}

/// Elsewhere a user's own folders are closed to others anyway.
#[cfg(not(unix))]
pub fn keep_private(_path: &Path) {}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn what_was_open_is_closed_and_what_is_everybodys_stays() {
        let root = tempfile::tempdir().unwrap();
        let (open, shared) = (root.path().join("open"), root.path().join("shared"));
        for folder in [&open, &shared] {
            fs::create_dir(folder).unwrap();
        }
        fs::set_permissions(&open, fs::Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(&shared, fs::Permissions::from_mode(0o1777)).unwrap();
        let new = root.path().join("new/deep");
        for folder in [&open, &shared, &new] {
            private_folder(folder).unwrap();
        }
        assert_eq!([mode(&open), mode(&shared), mode(&new)], [0o700, 0o1777, 0o700]);
    }
}
