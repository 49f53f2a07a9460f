//! The file of the case: whose it is, what it held, and whether it may be written over.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Notice, Session};
use crate::files::{Existing, Refusal};
use crate::store::{self, Hold, NewerCase, Stamp, StoreError};

/// What is known of the case's file.
#[derive(Debug, Default)]
pub(super) struct OnDisk {
    /// What it held when it was opened or saved.
    pub(super) stamp: Option<Stamp>,
    /// Tells other windows that the case is open here.
    hold: Option<Hold>,
    /// Set when a newer version wrote it.
    pub(super) newer: Option<NewerCase>,
}

impl Session {
    /// Whether a newer version wrote the case's file, so that changes go to another file only.
    pub fn is_read_only(&self) -> bool {
        self.on_disk.newer.is_some()
    }

    pub(super) fn save_case(&mut self, path: PathBuf) {
        if crate::sample::is_bundled(&path) {
            self.tell(Notice::error(
                "The sample is the program's own and is not written over.",
                "Save the case in a folder of yours: Save case as asks where.",
            ));
            return;
        }
        match self.write_case(&path) {
            Ok((on_disk, lost)) => {
                self.saved = Arc::clone(self.history.present());
                self.forget_autosaves();
                let whole = self.on_disk.newer.is_none();
                self.on_disk = on_disk;
                self.keep_places();
                self.tell(if whole {
                    Notice::info("The case was saved.", path.display().to_string())
                } else {
                    Notice::warning(
                        "A copy of the newer case was saved.",
                        format!("It holds what this Isodense understands of it: {}", path.display()),
                    )
                });
                self.tell_of_lost_pictures(&lost);
                self.ask_about_places(&path);
                self.case_path = Some(path);
            }
            Err(error) => {
                // The autosave that was written on the way may name a file that did not come to be.
                if self.has_unsaved_changes() {
                    self.autosaved = Arc::default();
                    self.schedule_autosave();
                }
                let newer = matches!(error, StoreError::Newer { .. });
                let advice = if newer { "Save under another name. " } else { "" };
                self.tell(Notice::error("The case was not saved.", format!("{advice}{error}")));
            }
        }
    }

    /// Writes the case to its own file, if that is what is known of it, or to another; what its pictures are called that
    /// could not be kept beside it.
    fn write_case(&mut self, path: &Path) -> Result<(OnDisk, Vec<String>), StoreError> {
        let own = self.case_path.as_deref().is_some_and(|own| store::same_file(own, path));
        let held = own && self.on_disk.hold.is_some();
        let fresh = if held { None } else { self.hold_file(path)? };
        let holds_something = || path.metadata().is_ok_and(|there| there.len() > 0);
        if !own && self.environment.existing == Existing::Keep && holds_something() {
            return Err(StoreError::Write { path: path.to_owned(), source: Refusal::Exists.into() });
        }
        // Before the case that names them: a crash between leaves a picture too many, never one too few.
        let lost = self.save_pictures(path)?;
        let case = self.case_for_file(path);
        self.autosave_before_saving(path, &case);
        let stamp = store::save_case_over(path, &case, self.on_disk.stamp.filter(|_| own))?;
        let hold = if held { self.on_disk.hold.take() } else { fresh };
        Ok((OnDisk { stamp: Some(stamp), hold, newer: None }, lost))
    }

    /// A crash right after the file was written then finds an autosave that equals it, which is never offered.
    fn autosave_before_saving(&self, path: &Path, case: &crate::case::Case) {
        if let Some(autosave) = &self.autosave {
            let home = store::Home { path: Some(path.to_owned()), stamp: self.on_disk.stamp };
            if let Err(error) = autosave.save_in_turn(autosave.turn(), case, &home) {
                log::debug!("no autosave before saving: {error}");
            }
        }
    }

    fn hold_file(&self, path: &Path) -> Result<Option<Hold>, StoreError> {
        self.environment.state_dir.as_ref().map_or(Ok(None), |state| Hold::new(state, path))
    }

    /// Holds the file that was opened; the reader is told when another window has it.
    pub(super) fn hold_opened(&mut self, path: &Path) {
        match self.hold_file(path) {
            Ok(hold) => self.on_disk.hold = hold,
            Err(_in_use) => self.tell(Notice::warning(
                "This case is open in another window.",
                format!(
                    "Changes here cannot be saved over it while it is open there. Save them under another name, or go \
                     on in the other window: {}",
                    path.display()
                ),
            )),
        }
    }

    pub(super) fn open_case(&mut self, path: &Path) {
        let opened = match store::open_case(path) {
            Ok(opened) => opened,
            Err(error) => {
                self.tell(Notice::error("The case was not opened.", error.to_string()));
                return;
            }
        };
        if !self.set_aside() {
            return;
        }
        let folders = store::resolve_sources(path, &opened.case);
        self.start_case(opened.case, Some(path.to_owned()));
        self.saved = Arc::clone(self.history.present());
        self.on_disk.stamp = Some(opened.stamp);
        self.on_disk.newer = opened.newer;
        self.hold_opened(path);
        self.tell_of_file(&opened.mended);
        let there: Vec<_> = folders.into_iter().filter(|folder| folder.exists()).collect();
        if there.is_empty() {
            self.report_missing();
        } else {
            self.close_images();
            self.start_scan(there);
        }
    }

    fn tell_of_file(&mut self, mended: &[String]) {
        if let Some(NewerCase { version, left_out }) = self.on_disk.newer {
            let known = store::CASE_VERSION;
            let hidden = match left_out {
                0 => String::new(),
                1 => "One entry is not understood and not shown. ".to_owned(),
                many => format!("{many} entries are not understood and not shown. "),
            };
            self.tell(Notice::warning(
                "A newer Isodense wrote this case: it is open read-only.",
                format!(
                    "{hidden}The file stays as it is (its version is {version}, this Isodense writes {known}). Saving \
                     under another name makes a copy of what is understood."
                ),
            ));
        }
        if !mended.is_empty() {
            self.tell(Notice::warning(
                "Parts of the case pointed to something that is not in it.",
                format!("They are left out here, and in the file once you save: {}.", mended.join("; ")),
            ));
        }
    }
}
