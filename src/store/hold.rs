use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::StoreError;
use super::stamp::hash;
use crate::files::{folder_of, keep_private};

/// A lock file that was not used for so long is removed.
const OLD: Duration = Duration::from_hours(7 * 24);

/// This window holds a case file: while this lives, other windows are told that the case is open here.
///
/// The lock lies in the program's own state folder, so that nothing appears beside the reader's case and a case in a
/// read-only folder can be held too. It is the system's: a crash leaves none behind. A window of another computer
/// is not seen; what it writes is noticed by the [`Stamp`](super::Stamp) before anything is overwritten.
#[derive(Debug)]
pub struct Hold {
    _lock: File,
}

impl Hold {
    /// Holds a case file. `None` where locks do not work: nobody can tell.
    pub fn new(state_dir: &Path, path: &Path) -> Result<Option<Self>, StoreError> {
        let folder = state_dir.join("open");
        let place = real(path);
        // Not the path itself: it may name a patient.
        let name = format!("{:016x}.lock", hash(place.as_os_str().as_encoded_bytes()));
        let opened = super::places::private_state(state_dir, &folder)
            .and_then(|()| File::options().write(true).create(true).truncate(false).open(folder.join(&name)))
            .inspect(|_| keep_private(&folder.join(&name)));
        let lock = match opened {
            Ok(lock) => lock,
            Err(error) => {
                log::debug!("cases cannot be held: {error}");
                return Ok(None);
            }
        };
        match lock.try_lock() {
            Ok(()) => {
                // Its time says when the case was open last.
                if let Err(error) = lock.set_modified(std::time::SystemTime::now()) {
                    log::debug!("a lock keeps its old time: {error}");
                }
                tidy(&folder, &name);
                Ok(Some(Self { _lock: lock }))
            }
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(error)) => {
                log::debug!("cases cannot be held: {error}");
                Ok(None)
            }
        }
    }
}

/// Whether two paths are names of one file.
pub fn same_file(a: &Path, b: &Path) -> bool {
    a == b || real(a) == real(b)
}

/// The path without links; also of a file that is not there yet.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| {
        let folder = folder_of(path);
        let folder = folder.canonicalize().or_else(|_| std::path::absolute(&folder)).unwrap_or(folder);
        path.file_name().map_or_else(|| path.to_owned(), |name| folder.join(name))
    })
}

/// Removes locks of cases that nobody has opened for a week.
fn tidy(folder: &Path, mine: &str) {
    for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        let path = entry.path();
        let is_lock = path.extension().is_some_and(|ending| ending == "lock");
        let is_old = || super::is_older(&path, OLD);
        let is_free = || File::open(&path).is_ok_and(|lock| lock.try_lock().is_ok());
        if is_lock && entry.file_name().to_string_lossy() != mine && is_old() && is_free() {
            super::remove(&path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_held_once_by_any_of_its_names_and_free_again_after() {
        let root = tempfile::tempdir().unwrap();
        let (state, path) = (root.path().join("state"), root.path().join("case.json"));
        let mine = Hold::new(&state, &path).unwrap().unwrap();
        // The file comes into being while it is held.
        crate::store::write_atomic(&path, b"{}").unwrap();
        let other_name = root.path().join("./state/../case.json");
        assert!(same_file(&path, &other_name));
        for name in [&path, &other_name] {
            assert!(matches!(Hold::new(&state, name), Err(StoreError::InUse { .. })));
        }
        let other = Hold::new(&state, &root.path().join("other.json")).unwrap();
        assert!(other.is_some());
        drop(mine);
        assert!(Hold::new(&state, &path).unwrap().is_some());
        // Where there is no folder for locks, nobody can tell.
        assert!(Hold::new(&path, &path).unwrap().is_none());
    }

    #[test]
    fn locks_of_long_ago_go_unless_they_are_held() {
        let root = tempfile::tempdir().unwrap();
        let hold = |name: &str| Hold::new(root.path(), &root.path().join(name)).unwrap().unwrap();
        let held = hold("held.json");
        drop(hold("free.json"));
        let long_ago = std::time::SystemTime::now() - OLD * 2;
        let locks = || fs::read_dir(root.path().join("open")).unwrap().map(|entry| entry.unwrap().path());
        for path in locks() {
            File::options().write(true).open(path).unwrap().set_modified(long_ago).unwrap();
        }
        let _new = hold("new.json");
        assert_eq!(locks().count(), 2, "the free one is gone");
        drop(held);
    }
}
