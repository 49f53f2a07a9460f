//! The case and its images: what its file says of them, and finding them again.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::on_disk::OnDisk;
use super::{Notice, Session};
use crate::case::{Case, History, SavedWorkspace, Source};
use crate::image::{SeriesKey, SeriesUid};
use crate::store;

/// Images of the case that were not where it says.
#[derive(Debug, Clone)]
pub(super) struct Missing {
    series: Vec<SeriesUid>,
    /// The user was asked for a folder already.
    asked: bool,
}

/// What the last save or the closing of the images knew of them: it must outlive them.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// Their folders, from the root of the file system.
    sources: Vec<Source>,
    /// How they were shown.
    pub(super) workspace: Option<Arc<SavedWorkspace>>,
}

impl Session {
    /// Where the case was saved or opened.
    pub fn case_path(&self) -> Option<&Path> {
        self.case_path.as_deref()
    }

    /// Whether the case has changes that are not in its file.
    pub fn has_unsaved_changes(&self) -> bool {
        let never_begun = self.case_path.is_none() && self.case().is_blank();
        !never_begun && (!Arc::ptr_eq(&self.saved, self.history.present()) || self.is_panel_changed())
    }

    /// How many series of the case are not open, when the user should be asked where they are.
    pub fn missing_images(&self) -> Option<usize> {
        self.missing.as_ref().filter(|missing| missing.asked).map(|missing| missing.series.len())
    }

    pub(super) fn save_settings(&mut self) {
        let Some(folder) = &self.environment.state_dir else { return };
        if let Err(error) = store::save_settings(&folder.join("settings.json"), &self.settings) {
            self.tell(Notice::warning("The settings could not be saved.", error.to_string()));
        }
    }

    /// The case with the folders of its images as they are now, relative to where it is saved.
    pub(super) fn case_for_file(&self, path: &Path) -> Case {
        let mut case = self.case().as_ref().clone();
        case.workspace = self.saved_workspace();
        case.recorded = self.records();
        case.seal = self.seal(&case);
        self.kept_sources(&mut case, path);
        let on_plane = case.measurements.iter().filter_map(|m| m.drawn_on_plane.as_ref());
        let views = case.key_images.iter().map(|key| &key.view);
        let over = views.clone().filter_map(|view| view.over.as_ref());
        let named = on_plane
            .map(|plane| (&plane.series, plane.part.as_ref()))
            .chain(views.map(|view| (&view.series, view.part.as_ref())))
            .chain(over.map(|over| (&over.series, over.part.as_ref())))
            .filter_map(|(uid, part)| self.library.part(uid, part));
        let measured: HashSet<SeriesKey> = case
            .measurements
            .iter()
            .filter_map(|m| self.library.find_frame(m.points.drawn_on()?))
            .map(|(series, _)| series)
            .chain(named)
            .map(|series| series.key())
            .collect();
        let shown = self.shown_series();
        for series in self.library.browse() {
            // Pictures lie beside the case, by their own names.
            // Another patient's may be on the screen, and are none of the case's.
            if self.is_of_another(series) {
                continue;
            }
            if series.is_picture() || (!measured.contains(&series.key()) && !shown.contains(&series.key())) {
                continue;
            }
            let Some(folder) = series.frames.first().and_then(|frame| frame.stored.folder()) else {
                continue;
            };
            let source = Source {
                series: series.info.uid.clone(),
                study: series.study.uid.clone(),
                folder: folder_for(path, folder),
                extra: serde_json::Map::new(),
            };
            match case.sources.iter_mut().find(|old| old.series == source.series) {
                Some(old) => old.folder = source.folder,
                None => case.sources.push(source),
            }
        }
        case
    }

    /// Remembers where the images of the case are and how they are shown: they may be closed before the next save.
    pub(super) fn keep_places(&mut self) {
        // Without a file folders are named from the root of the file system.
        let case = self.case_for_file(Path::new(""));
        self.kept = Kept { sources: case.sources, workspace: case.workspace };
    }

    /// The folders that the case and the last save named, as they are called from where the case goes.
    fn kept_sources(&self, case: &mut Case, path: &Path) {
        let base = crate::files::folder_of(self.case_path.as_deref().unwrap_or(Path::new("")));
        if base != crate::files::folder_of(path) || path.as_os_str().is_empty() {
            for source in &mut case.sources {
                source.folder = folder_for(path, &base.join(&source.folder));
            }
        }
        for kept in &self.kept.sources {
            if !case.sources.iter().any(|source| source.series == kept.series) {
                let folder = folder_for(path, Path::new(&kept.folder));
                case.sources.push(Source { folder, ..kept.clone() });
            }
        }
    }

    pub(super) fn start_case(&mut self, case: Case, path: Option<PathBuf>) {
        let missing = case.sources.iter().map(|source| source.series.clone()).collect();
        self.missing = Some(Missing { series: missing, asked: false });
        self.history = History::starting_at(case);
        self.opened = Arc::clone(self.history.present());
        self.forget_leaving();
        self.kept = Kept::default();
        self.expect_workspace();
        self.key_image = None;
        self.autosaved = Arc::clone(self.history.present());
        self.case_path = path;
        self.on_disk = OnDisk::default();
        self.selected = None;
        self.wordless = None;
        self.unnamed_arrow = None;
        self.third_axis = None;
        self.molding = None;
        self.typing = None;
        self.focus = None;
        self.draft = None;
        self.grip = None;
        self.forget_patients();
        self.forget_pictures();
        self.put_pictures();
        self.refresh_values(None);
        self.want_all();
    }

    pub(super) fn new_case(&mut self) {
        if self.set_aside() {
            self.begin_blank_case();
        }
    }

    pub(super) fn begin_blank_case(&mut self) {
        self.start_case(Case::default(), None);
        self.saved = Arc::clone(self.history.present());
        self.missing = None;
    }

    /// The case goes with its images: notes of one patient must not stand beside images of the next.
    pub(super) fn close_case(&mut self) {
        if self.set_aside() {
            self.begin_blank_case();
            self.close_images();
        }
    }

    /// Whether the case is the program's own sample, which is never written.
    pub fn is_sample(&self) -> bool {
        self.case_path.as_deref().is_some_and(crate::sample::is_bundled)
    }

    /// After a scan: are all images of the case there? If not, the user is asked once.
    pub(super) fn report_missing(&mut self) {
        let restored = self.restore_workspace();
        let Some(mut missing) = self.missing.take() else { return };
        missing.series.retain(|uid| !self.library.has_uid(uid));
        if missing.series.is_empty() {
            if !restored {
                self.show_first_measurement();
                self.show_first_picture();
            }
            return;
        }
        missing.asked = true;
        self.missing = Some(missing);
    }

    fn show_first_measurement(&mut self) {
        let first = self.case().measurements.first().map(|m| m.id);
        if let Some(id) = first {
            self.apply(super::Action::GoToMeasurement(id));
            self.selected = None;
        }
    }

    pub(super) fn find_missing(&mut self, folder: Option<PathBuf>) {
        if let Some(folder) = folder {
            if let Some(missing) = &mut self.missing {
                missing.asked = false;
            }
            self.look_for_pictures(std::slice::from_ref(&folder));
            self.start_scan(vec![folder]);
        } else {
            self.missing = None;
            self.waiting = None;
        }
    }
}

/// A folder as the case file names it; from the root of the file system while the case has no file.
fn folder_for(case_path: &Path, folder: &Path) -> String {
    if case_path.as_os_str().is_empty() {
        return std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()).display().to_string();
    }
    store::relative_folder(case_path, folder)
}

impl Drop for Session {
    fn drop(&mut self) {
        self.cancel_scan();
    }
}
