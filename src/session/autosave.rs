//! Autosave: what no crash takes. A case is written when it changes, then at most once in
//! [`autosave_every`](super::Environment::autosave_every), one thread at a time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::jobs::Done;
use super::{Notice, Session};
use crate::case::{Case, Edit};
use crate::store::{self, Autosave, Home, StoreError};

/// How often an autosave is written while the case changes: with the time that writing takes, a crash loses less than
/// two seconds.
pub const AUTOSAVE_EVERY: Duration = Duration::from_millis(1500);

/// The thread that autosaves.
pub(super) const AUTOSAVER: &str = "isodense-autosave";

/// How it goes with the autosaves.
#[derive(Debug, Default)]
pub(super) struct Pulse {
    /// A thread writes one.
    writing: bool,
    /// When the last one began.
    began: Option<Instant>,
    /// What was being typed when the last one began.
    typed: Option<Edit>,
    /// The last one failed, and the reader knows.
    failing: bool,
}

impl Session {
    /// When the window should look again although nothing happens.
    pub fn next_wake(&self) -> Option<Duration> {
        let due = self.autosave_due?;
        // The end of the one that is being written wakes the window.
        let writing = if self.pulse.writing { self.environment.autosave_every } else { Duration::ZERO };
        Some(due.saturating_duration_since(Instant::now()).max(writing))
    }

    pub(super) fn open_state_folder(&mut self) {
        let Some(folder) = self.environment.state_dir.clone() else { return };
        let (settings, problem) = store::load_settings(&folder.join("settings.json"));
        self.settings = settings;
        if let Some(problem) = problem {
            self.tell(Notice::warning(
                "The settings could not be read; the usual ones are used.",
                problem.to_string(),
            ));
        }
        self.begin_autosaves();
        self.recovered = self.autosave.as_ref().and_then(|autosave| autosave.recoverable());
    }

    fn begin_autosaves(&mut self) {
        let Some(folder) = &self.environment.state_dir else { return };
        match Autosave::new(folder) {
            Ok(autosave) => self.autosave = Some(Arc::new(autosave)),
            Err(error) => self.tell(Notice::warning(
                "Autosave does not work.",
                format!("Save your case often: a crash would lose what is not saved. {error}"),
            )),
        }
    }

    pub(super) fn schedule_autosave(&mut self) {
        if self.autosave.is_some() && self.autosave_due.is_none() {
            let now = Instant::now();
            let next = self.pulse.began.map_or(now, |began| began + self.environment.autosave_every);
            self.autosave_due = Some(next.max(now));
            (self.environment.wake)();
        }
    }

    pub(super) fn autosave_if_due(&mut self) {
        // Two at a time could overtake each other; what changes meanwhile stays due.
        if !self.pulse.writing && self.autosave_due.is_some_and(|due| Instant::now() >= due) {
            self.autosave_now();
        }
    }

    fn autosave_now(&mut self) {
        self.autosave_due = None;
        let Some(autosave) = self.autosave.clone() else { return };
        if Arc::ptr_eq(&self.autosaved, self.history.present()) && self.pulse.typed == self.typing {
            return;
        }
        self.autosaved = Arc::clone(self.history.present());
        self.pulse.typed.clone_from(&self.typing);
        self.pulse.writing = true;
        self.pulse.began = Some(Instant::now());
        let home = self.home();
        let case = self.case_to_keep(&home);
        let turn = autosave.turn();
        self.jobs.spawn(AUTOSAVER, move |report| {
            let written = autosave.save_in_turn(turn, &case, &home);
            report.send(Done::Autosaved(written.map(drop).map_err(|error| error.to_string())));
        });
    }

    /// Writes the case to the autosaves before going on.
    pub(super) fn autosave_at_once(&self) -> Result<(), StoreError> {
        let Some(autosave) = &self.autosave else { return Ok(()) };
        let home = self.home();
        let case = self.case_to_keep(&home);
        autosave.save_in_turn(autosave.turn(), &case, &home).map(drop)
    }

    /// The case with what is being typed: it is no edit yet, and must not be lost.
    fn case_to_keep(&self, home: &Home) -> Case {
        // Images of a case that was never saved are named from the root of the file system.
        let case = self.case_for_file(home.path.as_deref().unwrap_or(std::path::Path::new("")));
        match self.typing.clone().map(|edit| case.with(edit)) {
            Some(Ok(typed)) => typed,
            // What it belongs to is gone.
            Some(Err(_)) | None => case,
        }
    }

    /// Something is being typed that will become an edit; `None` when it is not any more.
    pub(super) fn keep_typing(&mut self, edit: Option<Edit>) {
        self.typing = edit;
        if self.typing.is_some() {
            self.schedule_autosave();
        }
    }

    pub(super) fn home(&self) -> Home {
        Home { path: self.case_path.clone(), stamp: self.on_disk.stamp }
    }

    /// An autosave was written, or not, and why.
    pub(super) fn take_autosaved(&mut self, written: Result<(), String>) {
        self.pulse.writing = false;
        match written {
            Ok(()) => self.pulse.failing = false,
            Err(why) => self.take_autosave_failure(&why),
        }
    }

    /// The case is in its file, and its autosaves are of no use any more.
    pub(super) fn forget_autosaves(&mut self) {
        // What is in the file needs no autosave; one from before it had a file would look unsaved.
        self.autosaved = Arc::clone(self.history.present());
        if let Some(autosave) = &self.autosave {
            autosave.clear();
        }
        // Of what changes from now on the reader wants to know again that it is not kept.
        self.pulse.failing = false;
    }

    /// It is told once and tried again until it works.
    pub(super) fn take_autosave_failure(&mut self, why: &str) {
        if !self.pulse.failing {
            self.tell(Notice::warning(
                "The case could not be autosaved.",
                format!("{why}. It is tried again; until then save the case yourself."),
            ));
        }
        self.pulse.failing = true;
        if self.has_unsaved_changes() {
            self.autosaved = Arc::default();
            self.schedule_autosave();
        }
    }

    /// Before another case takes the place of this one: keeps unsaved changes for the next start, as after a crash.
    ///
    /// `false` when they could not be kept, and nothing may take their place.
    pub(super) fn set_aside(&mut self) -> bool {
        if !self.has_unsaved_changes() || self.autosave.is_none() {
            return true;
        }
        if let Err(error) = self.autosave_at_once() {
            self.tell(Notice::error(
                "The case stays open: its unsaved changes could not be kept.",
                format!("Save it first. {error}"),
            ));
            return false;
        }
        // The files of this run stay; without its lock they count as those of a run that ended.
        self.autosave = None;
        self.begin_autosaves();
        self.tell(Notice::info(
            "The case before had unsaved changes.",
            "They were kept and are offered at the next start.",
        ));
        true
    }

    pub(super) fn recover(&mut self) {
        let Some(recovered) = self.recovered.take() else { return };
        if !self.set_aside() {
            self.recovered = Some(recovered);
            return;
        }
        let base = recovered.case_path.clone().unwrap_or_default();
        let folders = store::resolve_sources(&base, &recovered.case);
        self.start_case(recovered.case.clone(), recovered.case_path.clone());
        self.on_disk.stamp = recovered.base;
        if let Some(path) = &recovered.case_path {
            self.on_disk.newer = store::open_case(path).ok().and_then(|there| there.newer);
            self.hold_opened(path);
        }
        // It is not what the file holds: the title shows it as unsaved until it is saved.
        self.saved = Arc::default();
        let there: Vec<_> = folders.into_iter().filter(|folder| folder.exists()).collect();
        if there.is_empty() {
            self.report_missing();
        } else {
            self.start_scan(there);
        }
        // The lost run's copy goes only when this run has its own.
        match (self.autosave_at_once(), &self.autosave) {
            (Ok(()), Some(autosave)) => autosave.discard(&recovered),
            (Ok(()), None) => {}
            (Err(error), _) => self.take_autosave_failure(&error.to_string()),
        }
    }

    pub(super) fn discard_recovered(&mut self) {
        if let (Some(autosave), Some(recovered)) = (&self.autosave, self.recovered.take()) {
            autosave.discard(&recovered);
        }
    }

    /// Before the program ends: saves what is pending, or clears the autosaves of a case that is safe.
    pub fn close(mut self) {
        self.close_panel();
        if self.has_unsaved_changes() {
            // Also what a thread is writing: the thread ends with the program.
            if let Err(error) = self.autosave_at_once() {
                log::error!("the last autosave failed: {error}");
            }
        } else if let Some(autosave) = self.autosave.take() {
            autosave.clear();
            if let Some(autosave) = Arc::into_inner(autosave) {
                autosave.finish();
            }
        }
    }
}
