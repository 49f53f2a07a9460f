//! Where a command writes: the one rule of [`crate::files`], asked before any image is read.

use std::path::Path;

use clap::Args;

use super::{CliError, Opened};
use crate::files::{self, Existing, Refusal, Target};

/// Whether files that are there may be replaced.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Overwrite {
    /// Replace a file of that name that is there already; never DICOM, an archive or a case. Without it the same bytes
    /// may be written again.
    #[arg(long)]
    pub(super) overwrite: bool,
}

impl Overwrite {
    /// What becomes of files that are there.
    pub(super) fn existing(self) -> Existing {
        if self.overwrite { Existing::Replace } else { Existing::Keep }
    }

    /// The file that is to be written, if it may.
    pub(super) fn target(self, path: &Path) -> Result<Target<'_>, CliError> {
        let to = Target::with(path, self.existing());
        files::may_write(to).map_err(|why| refused(path, why))?;
        Ok(to)
    }
}

/// The output is none of the images (invariant 9), nor the case.
pub(super) fn never_a_source(output: &Path, opened: &Opened, case: Option<&Path>) -> Result<(), CliError> {
    let images = opened.frames().map(|chosen| chosen.frame.stored.file());
    if files::is_one_of(output, images.chain(case)) {
        return Err(refused(output, Refusal::Source));
    }
    Ok(())
}

fn refused(path: &Path, why: impl std::fmt::Display) -> CliError {
    CliError::failed(format!("{why}: {}", path.display()))
}
