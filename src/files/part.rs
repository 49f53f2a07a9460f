//! Temporary files beside the file that they become: nobody's are cleared, a living one's never.
//!
//! A part is locked as long as its process lives: by the system, so that a crash unlocks it. What is to go when a signal
//! ends the program is noted here before it comes into being.

use std::fs::{self, File, Permissions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tempfile::NamedTempFile;

/// What temporary files start and end with; whoever lists a folder leaves them alone.
pub const PART_PREFIX: &str = ".isodense-";
/// See [`PART_PREFIX`].
pub const PART_SUFFIX: &str = ".part";

/// Where locks do not work, a part this old belongs to nobody, even where a big picture is written slowly.
const STALE: Duration = Duration::from_hours(1);

/// What must not stay when the program is ended.
#[derive(Debug)]
enum Leftover {
    File(PathBuf),
    /// Only when it is empty.
    Folder(PathBuf),
    /// With all that is in it.
    Tree(PathBuf),
}

#[derive(Debug)]
struct Leftovers {
    next: u64,
    noted: Vec<(u64, Leftover)>,
}

static LEFTOVERS: Mutex<Leftovers> = Mutex::new(Leftovers { next: 0, noted: Vec::new() });

fn leftovers() -> MutexGuard<'static, Leftovers> {
    // A list is good whatever happened to the thread that held it.
    LEFTOVERS.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Leftovers {
    fn note(&mut self, what: Leftover) -> Noted {
        self.next += 1;
        self.noted.push((self.next, what));
        Noted(self.next)
    }
}

/// What is noted goes when a signal ends the program; dropped, it is no longer noted.
#[derive(Debug)]
struct Noted(u64);

impl Drop for Noted {
    fn drop(&mut self) {
        leftovers().noted.retain(|(id, _)| *id != self.0);
    }
}

impl Leftover {
    fn remove(&self) {
        let removed = match self {
            Self::File(path) => fs::remove_file(path),
            Self::Folder(path) => fs::remove_dir(path),
            Self::Tree(path) => fs::remove_dir_all(path),
        };
        if let Err(error) = removed {
            log::debug!("something temporary stays: {error}");
        }
    }
}

/// Removes all that is unfinished, newest first, and ends the program. No other thread begins or ends a file any more.
#[cfg(unix)]
pub(super) fn clear_and_exit(code: i32) -> ! {
    let all = leftovers();
    for (_, leftover) in all.noted.iter().rev() {
        leftover.remove();
    }
    std::process::exit(code)
}

/// A temporary file that this process holds; it goes when it is dropped.
#[derive(Debug)]
pub struct Part {
    // Before the note: what is dropped is gone by then.
    file: NamedTempFile,
    noted: Noted,
}

impl Part {
    /// A part in a folder. With `permissions` it has those as far as the umask lets it, else only the user may read it.
    pub fn new(folder: &Path, permissions: Option<Permissions>) -> io::Result<Self> {
        /// Each try is lost only to somebody who clears the folder within the same millisecond.
        const TRIES: usize = 20;
        let mut builder = tempfile::Builder::new();
        builder.prefix(PART_PREFIX).suffix(PART_SUFFIX);
        if let Some(permissions) = permissions {
            builder.permissions(permissions);
        }
        for _ in 0..TRIES {
            let mut all = leftovers();
            let file = builder.tempfile_in(folder)?;
            let noted = all.note(Leftover::File(file.path().to_owned()));
            drop(all);
            match file.as_file().try_lock() {
                // Who clears the folder holds it, and removes it.
                Err(TryLockError::WouldBlock) => continue,
                Err(TryLockError::Error(error)) => log::debug!("parts cannot be locked: {error}"),
                Ok(()) => {}
            }
            if file.path().exists() {
                return Ok(Self { file, noted });
            }
        }
        Err(io::Error::other("temporary files do not stay in this folder"))
    }

    /// The file.
    pub fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Where it is now.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Gives it a name, in place of a file that has it. The file stays locked as long as it is open.
    pub fn replace(self, path: &Path) -> io::Result<File> {
        self.file.persist(path).map_err(|failed| failed.error)
    }

    /// Gives it a name that is free; the part itself where it is not.
    pub(super) fn name(self, path: &Path) -> Result<(), (io::Error, Option<Self>)> {
        let Self { file, noted } = self;
        match file.persist_noclobber(path) {
            Ok(_file) => Ok(()),
            Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists || path.exists() => {
                let error = io::Error::from(io::ErrorKind::AlreadyExists);
                Err((error, Some(Self { file: failed.file, noted })))
            }
            // File systems without hard links cannot name a file only where the name is free.
            Err(failed) => failed.file.persist(path).map(drop).map_err(|failed| (failed.error, None)),
        }
    }
}

/// Removes the parts in a folder that no living process holds: what a crash left there.
pub fn clear_parts(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        let name = entry.file_name();
        let name = name.as_encoded_bytes();
        if name.starts_with(PART_PREFIX.as_bytes())
            && name.ends_with(PART_SUFFIX.as_bytes())
            && entry.file_type().is_ok_and(|kind| kind.is_file())
        {
            clear(&entry.path());
        }
    }
}

fn clear(part: &Path) {
    let Ok(file) = File::open(part) else { return };
    let nobodys = match file.try_lock() {
        Ok(()) => true,
        Err(TryLockError::WouldBlock) => false,
        Err(TryLockError::Error(_)) => {
            let modified = file.metadata().and_then(|file| file.modified());
            modified.is_ok_and(|modified| modified.elapsed().is_ok_and(|age| age > STALE))
        }
    };
    if nobodys {
        // Still locked: nobody takes it for his own meanwhile.
        Leftover::File(part.to_owned()).remove();
    }
}

/// What comes into being step by step: all of it stays, or nothing.
#[derive(Debug, Default)]
pub struct Together {
    made: Vec<(Noted, Leftover)>,
}

impl Together {
    /// Makes a folder, and those above it, where it is missing.
    pub fn folder(&mut self, path: &Path) -> io::Result<()> {
        if path.is_dir() {
            return Ok(());
        }
        if let Some(above) = path.parent().filter(|above| !above.as_os_str().is_empty()) {
            self.folder(above)?;
        }
        let mut all = leftovers();
        match fs::create_dir(path) {
            Ok(()) => {
                let noted = all.note(Leftover::Folder(path.to_owned()));
                self.made.push((noted, Leftover::Folder(path.to_owned())));
                Ok(())
            }
            // Somebody else made it meanwhile: it is not ours.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// A file that is written next: it goes again if the whole does not come about, unless it was there before.
    pub fn file(&mut self, path: &Path) {
        if !path.exists() {
            let noted = leftovers().note(Leftover::File(path.to_owned()));
            self.made.push((noted, Leftover::File(path.to_owned())));
        }
    }

    /// All is there: it stays.
    pub fn stay(mut self) {
        self.made.clear();
    }
}

impl Drop for Together {
    fn drop(&mut self) {
        for (_noted, made) in self.made.drain(..).rev() {
            made.remove();
        }
    }
}

/// A folder for the length of a job, with what is in it; it goes also when a signal ends the program.
#[derive(Debug)]
pub struct Scratch {
    folder: tempfile::TempDir,
    _noted: Noted,
}

impl Scratch {
    /// A new folder where the system keeps what is temporary.
    pub fn new() -> io::Result<Self> {
        let mut all = leftovers();
        let folder = tempfile::Builder::new().prefix(PART_PREFIX).tempdir()?;
        let noted = all.note(Leftover::Tree(folder.path().to_owned()));
        Ok(Self { folder, _noted: noted })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}
