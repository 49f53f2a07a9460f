//! The case on disk: versioned, atomic, autosaved, recovered.
//!
//! A reader's work is never lost and never half written: every write goes to a temporary file in the same
//! folder, is synced and takes the old file's place in one step (invariant 9). Nothing here reads pixels.

mod atomic;
mod autosave;
mod case_file;
mod check;
mod hold;
mod pictures;
mod places;
mod settings;
mod sources;
mod stamp;
mod versions;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use atomic::write_atomic;
pub use autosave::{Autosave, Home, Recovered, Turn};
pub use case_file::{
    CASE_VERSION, NewerCase, OpenedCase, is_case, load_case, open_case, save_case, save_case_new,
    save_case_over,
};
pub use hold::{Hold, same_file};
pub use pictures::{keep_picture, pictures_of_case, pictures_of_state, read_bytes, read_picture};
pub use places::{settings_path, state_dir};
pub use settings::{ExportOptions, Settings, load_settings, save_settings};
pub use sources::{relative_folder, resolve_sources};
pub use stamp::Stamp;

/// Why something cannot be read or written. What happened first, the path last.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file cannot be read.
    #[error("cannot read the file ({source}): {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file cannot be written; what was there is untouched.
    #[error("cannot write the file ({source}); what was there is untouched: {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is no room; what was there is untouched.
    #[error("the disk is full; free some space or save to another place; what was there is untouched: {}", path.display())]
    DiskFull {
        /// The file.
        path: PathBuf,
    },
    /// The folder or the file may not be written; what was there is untouched.
    #[error("no permission to write here; save to another place; what was there is untouched: {}", path.display())]
    Denied {
        /// The file.
        path: PathBuf,
    },
    /// The file is something else.
    #[error("this is not an Isodense case: {}", path.display())]
    NotACase {
        /// The file.
        path: PathBuf,
    },
    /// The file is a case, but not a whole or sound one.
    #[error("the case file is damaged ({reason}): {}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The file was written by a newer version, which this one must not overwrite.
    #[error(
        "the case was written by a newer Isodense (version {version}, this one reads {CASE_VERSION}); \
         it was left as it is: {}", path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u64,
    },
    /// Another window of this computer has the case open.
    #[error(
        "the case is open in another window; close it there, or save under another name: {}", path.display()
    )]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The file is not what was opened or saved last: somebody else wrote it.
    #[error(
        "somebody else changed the file since it was opened here; it was left as it is; save under another name, then \
         compare the two: {}", path.display()
    )]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// Not a file, or one that is too big for a picture.
    #[error("this is no picture: {}", path.display())]
    NotAPicture {
        /// The file.
        path: PathBuf,
    },
    /// The file of a picture is not what joined the case.
    #[error(
        "the file of the picture was changed or is damaged, so it is not used; bring back the file that was there, or \
         add the picture again: {}", path.display()
    )]
    PictureChanged {
        /// The file.
        path: PathBuf,
    },
    /// No case is this big.
    #[error("the file is too big for a case ({bytes} bytes): {}", path.display())]
    TooBig {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
    },
    /// A number of the case is not finite: writing it would lose it.
    #[error("measurement {id} has a coordinate or value that is not a number; the case was not written")]
    NotFinite {
        /// The measurement.
        id: u32,
    },
    /// A number of a kept view is not finite: writing it would lose it.
    #[error("a key image or view has a number that is not a number; the case was not written")]
    UnsoundView,
    /// An offset between spaces is not finite: writing it would lose it.
    #[error("locked slices have an offset that is not a number; the case was not written")]
    UnsoundLock,
    /// The settings file is not sound; it was put aside.
    #[error("the settings could not be read ({reason}); defaults are used, the old file is kept as {}",
        kept.display())]
    BadSettings {
        /// What is wrong.
        reason: String,
        /// Where the old file is now.
        kept: PathBuf,
    },
}

impl StoreError {
    fn read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Read { path, source }
    }

    fn write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| {
            let is = |kinds: [io::ErrorKind; 2]| kinds.contains(&source.kind());
            if is([io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded]) {
                Self::DiskFull { path }
            } else if is([io::ErrorKind::PermissionDenied, io::ErrorKind::ReadOnlyFilesystem]) {
                Self::Denied { path }
            } else {
                Self::Write { path, source }
            }
        }
    }
}

/// Whether a file was last written so long ago.
fn is_older(path: &Path, age: Duration) -> bool {
    let modified = std::fs::metadata(path).and_then(|file| file.modified());
    modified.is_ok_and(|modified| modified.elapsed().is_ok_and(|elapsed| elapsed > age))
}

/// Removes a file of the program's own; one that cannot be removed now is removed at a later start.
fn remove(path: &Path) {
    if let Err(error) = std::fs::remove_file(path) {
        log::debug!("an old file stays: {error}");
    }
}
