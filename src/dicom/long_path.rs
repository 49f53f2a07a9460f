//! Files and folders whose path is longer than the system takes in one piece (`PATH_MAX`: 4,096 bytes on Linux).
//!
//! Such a path is gone along in steps, each from the folder that the last one led to. A tree below is read the same way:
//! down from folder to folder by name, up again by "..", so that it costs its own size and no more, however deep it is.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::work::Cancel;

/// Whether the path, or a name in it, was too long.
pub(super) fn is_too_long(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::InvalidFilename
}

/// Opens a file for reading, however long its path is.
pub(super) fn open(path: &Path) -> io::Result<File> {
    match File::open(path) {
        Err(error) if is_too_long(&error) => steps::open(path).map_err(|_still| error),
        opened => opened,
    }
}

/// Hands on every file below a folder, and why one is not read.
pub(super) fn walk(folder: &Path, cancel: &Cancel, each: impl FnMut(Found)) -> io::Result<()> {
    steps::walk(folder, cancel, each)
}

/// What lies below a folder.
#[derive(Debug)]
pub(super) enum Found {
    /// A regular file.
    File(PathBuf),
    /// Something else, and what to say of it.
    Other(PathBuf, String),
}

#[cfg(unix)]
mod steps {
    use std::ffi::{OsStr, OsString};
    use std::fs::File;
    use std::io;
    use std::os::fd::OwnedFd;
    use std::os::unix::ffi::OsStrExt as _;
    use std::path::{Path, PathBuf};

    use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, Stat, fstat, openat, statat};

    use super::Found;
    use crate::dicom::error::words;
    use crate::work::Cancel;

    /// Bytes of a path that are given to the system at a time.
    const STEP: usize = 2048;

    /// For a folder: not where a link leads, and nothing that waits for a writer.
    fn folder_flags() -> OFlags {
        OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC
    }

    fn at(path: &Path, flags: OFlags) -> io::Result<OwnedFd> {
        let mut folder: Option<OwnedFd> = None;
        let mut step = PathBuf::new();
        for part in path.components() {
            if step.as_os_str().len() + part.as_os_str().len() > STEP {
                folder = Some(from(folder.as_ref(), &step, folder_flags())?);
                step.clear();
            }
            step.push(part);
        }
        from(folder.as_ref(), &step, flags)
    }

    fn from(folder: Option<&OwnedFd>, path: &Path, flags: OFlags) -> io::Result<OwnedFd> {
        Ok(match folder {
            Some(folder) => openat(folder, path, flags, Mode::empty())?,
            None => openat(CWD, path, flags, Mode::empty())?,
        })
    }

    pub(super) fn open(path: &Path) -> io::Result<File> {
        let file = File::from(at(path, OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC)?);
        if file.metadata()?.is_file() { Ok(file) } else { Err(io::ErrorKind::InvalidInput.into()) }
    }

    /// A folder on the way down.
    struct Level {
        /// Folders in it that are not read yet, the last one first.
        folders: Vec<OsString>,
        /// To know it again on the way up.
        about: Stat,
    }

    pub(super) fn walk(root: &Path, cancel: &Cancel, mut each: impl FnMut(Found)) -> io::Result<()> {
        let mut folder = at(root, folder_flags())?;
        let mut path = root.to_owned();
        let mut levels = vec![level(&folder, &path, &mut each)?];
        while let Some(here) = levels.last_mut() {
            if cancel.is_cancelled() {
                return Ok(());
            }
            let Some(name) = here.folders.pop() else {
                levels.pop();
                if let Some(above) = levels.last() {
                    folder = openat(&folder, "..", folder_flags(), Mode::empty())?;
                    path.pop();
                    let here = fstat(&folder)?;
                    if (here.st_dev, here.st_ino) != (above.about.st_dev, above.about.st_ino) {
                        return Err(io::Error::other("it was moved while it was read"));
                    }
                }
                continue;
            };
            path.push(&name);
            let inner = openat(&folder, &*name, folder_flags() | OFlags::NOFOLLOW, Mode::empty());
            match inner
                .map_err(io::Error::from)
                .and_then(|inner| Ok((level(&inner, &path, &mut each)?, inner)))
            {
                Ok((level, inner)) => {
                    levels.push(level);
                    folder = inner;
                }
                Err(error) => {
                    let why = format!("the folder could not be read: {}", words(&error));
                    each(Found::Other(path.clone(), why));
                    path.pop();
                }
            }
        }
        Ok(())
    }

    /// Hands on the files of a folder, by name.
    fn level(folder: &OwnedFd, path: &Path, each: &mut impl FnMut(Found)) -> io::Result<Level> {
        let mut entries: Vec<(OsString, FileType)> = Vec::new();
        for entry in Dir::read_from(folder)? {
            let entry = entry?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes());
            if name != "." && name != ".." {
                entries.push((name.to_owned(), entry.file_type()));
            }
        }
        entries.sort_unstable_by(|a, b| b.0.cmp(&a.0));
        let mut folders = Vec::new();
        while let Some((name, kind)) = entries.pop() {
            let about = |flags| {
                statat(folder, &*name, flags)
                    .map_or(FileType::Unknown, |about| FileType::from_raw_mode(about.st_mode))
            };
            let own = if kind == FileType::Unknown { about(AtFlags::SYMLINK_NOFOLLOW) } else { kind };
            let other = |why: &str| Found::Other(path.join(&name), why.to_owned());
            let led_to = (own == FileType::Symlink).then(|| about(AtFlags::empty()));
            let kind = led_to.unwrap_or(own);
            if kind == FileType::RegularFile {
                each(Found::File(path.join(&name)));
            } else if kind == FileType::Directory && led_to.is_some() {
                each(other("a link to a folder, too deep to be followed"));
            } else if kind == FileType::Directory {
                folders.push(name);
            } else {
                each(other("not a regular file"));
            }
        }
        folders.reverse();
        Ok(Level { folders, about: fstat(folder)? })
    }
}

#[cfg(not(unix))]
mod steps {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    use super::Found;
    use crate::work::Cancel;

    pub(super) fn open(_path: &Path) -> io::Result<File> {
        Err(io::ErrorKind::InvalidFilename.into())
    }

    pub(super) fn walk(_folder: &Path, _cancel: &Cancel, _each: impl FnMut(Found)) -> io::Result<()> {
        Err(io::ErrorKind::InvalidFilename.into())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::sync::Mutex;

    use crate::dicom::{ScanEvent, scan};
    use crate::work::{Cancel, Progress};

    #[test]
    fn a_tree_of_ten_thousand_levels_is_read_to_its_end_and_costs_its_size() {
        use std::os::fd::{AsFd as _, OwnedFd};

        use rustix::fs::{AtFlags, CWD, Mode, OFlags, mkdirat, openat, unlinkat};
        let root = tempfile::tempdir().unwrap();
        let levels = 10_000;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY;
        let mut folder: OwnedFd = openat(CWD, root.path(), flags, Mode::empty()).unwrap();
        let empty = |folder: &OwnedFd, name: &str| {
            let made = OFlags::CREATE | OFlags::WRONLY;
            drop(openat(folder.as_fd(), name, made, Mode::from_raw_mode(0o600)).unwrap());
        };
        for level in 0..levels {
            if level % 1000 == 999 {
                empty(&folder, "z");
                mkdirat(&folder, "e", Mode::from_raw_mode(0o700)).unwrap();
            }
            mkdirat(&folder, "d", Mode::from_raw_mode(0o700)).unwrap();
            folder = openat(&folder, "d", flags, Mode::empty()).unwrap();
        }
        empty(&folder, "last");
        let started = std::time::Instant::now();
        let found = Mutex::new(Vec::new());
        scan(&[root.path().to_owned()], &Cancel::default(), &Progress::default(), |event| match event {
            ScanEvent::Skipped(problem) => found.lock().unwrap().push((problem.path, problem.reason)),
            ScanEvent::Found(_) => panic!("there is no image"),
        });
        let took = started.elapsed();
        let found = found.into_inner().unwrap();
        // Each is opened and read: an empty file, not one that cannot be reached.
        assert!(found.iter().all(|(_, reason)| reason.contains("empty file")), "{:?}", found.first());
        assert_eq!(found.len(), 11);
        assert!(found.iter().any(|(path, _)| path.ends_with("d/last") && path.components().count() > levels));
        assert!(took.as_secs() < 20, "{took:?}");
        // Not by its path, which is too long for the system.
        for level in (0..levels).rev() {
            for name in ["last", "z"] {
                unlinkat(&folder, name, AtFlags::empty()).ok();
            }
            folder = openat(&folder, "..", flags, Mode::empty()).unwrap();
            for name in ["d", "e"] {
                unlinkat(&folder, name, AtFlags::REMOVEDIR).ok();
            }
            if level % 1000 == 999 {
                unlinkat(&folder, "z", AtFlags::empty()).ok();
            }
        }
    }
}
