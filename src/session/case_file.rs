//! The case on disk: opening, saving, autosave, recovery, and finding its images again.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::jobs::Done;
use super::{Notice, Session, ViewportId};
use crate::case::{Case, History, SavedWorkspace, Source};
use crate::export::{self, ExportOptions, ViewExport};
use crate::image::{SeriesKey, SeriesUid};
use crate::render::MarkInput;
use crate::store::{self, Autosave};

/// Autosaves are at least this far apart.
const AUTOSAVE_EVERY: Duration = Duration::from_secs(2);

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
        !never_begun && !Arc::ptr_eq(&self.saved, self.history.present())
    }

    /// How many series of the case are not open, when the user should be asked where they are.
    pub fn missing_images(&self) -> Option<usize> {
        self.missing.as_ref().filter(|missing| missing.asked).map(|missing| missing.series.len())
    }

    /// When the window should look again although nothing happens.
    pub fn next_wake(&self) -> Option<Duration> {
        self.autosave_due.map(|due| due.saturating_duration_since(Instant::now()))
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
        match Autosave::new(&folder) {
            Ok(autosave) => {
                self.recovered = autosave.recoverable();
                self.autosave = Some(Arc::new(autosave));
            }
            Err(error) => self.tell(Notice::warning("Autosave does not work.", error.to_string())),
        }
    }

    pub(super) fn save_settings(&mut self) {
        let Some(folder) = &self.environment.state_dir else { return };
        if let Err(error) = store::save_settings(&folder.join("settings.json"), &self.settings) {
            self.tell(Notice::warning("The settings could not be saved.", error.to_string()));
        }
    }

    pub(super) fn save_case(&mut self, path: PathBuf) {
        match store::save_case(&path, &self.case_for_file(&path)) {
            Ok(()) => {
                self.saved = Arc::clone(self.history.present());
                // What is in the file needs no autosave; one from before it had a file would look unsaved.
                self.autosaved = Arc::clone(self.history.present());
                if let Some(autosave) = &self.autosave {
                    autosave.clear();
                }
                self.tell(Notice::info("The case was saved.", path.display().to_string()));
                self.keep_places();
                self.case_path = Some(path);
            }
            Err(error) => self.tell(Notice::error("The case was not saved.", error.to_string())),
        }
    }

    /// The case with the folders of its images as they are now, relative to where it is saved.
    fn case_for_file(&self, path: &Path) -> Case {
        let mut case = self.case().as_ref().clone();
        case.workspace = self.saved_workspace();
        case.recorded = self.records();
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
            if !measured.contains(&series.key()) && !shown.contains(&series.key()) {
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

    pub(super) fn open_case(&mut self, path: PathBuf) {
        match store::load_case(&path) {
            Ok(case) => {
                let folders = store::resolve_sources(&path, &case);
                self.start_case(case, Some(path));
                self.saved = Arc::clone(self.history.present());
                let there: Vec<_> = folders.into_iter().filter(|folder| folder.exists()).collect();
                if there.is_empty() {
                    self.report_missing();
                } else {
                    self.close_images();
                    self.start_scan(there);
                }
            }
            Err(error) => self.tell(Notice::error("The case was not opened.", error.to_string())),
        }
    }

    fn start_case(&mut self, case: Case, path: Option<PathBuf>) {
        let missing = case.sources.iter().map(|source| source.series.clone()).collect();
        self.missing = Some(Missing { series: missing, asked: false });
        self.history = History::starting_at(case);
        self.kept = Kept::default();
        self.expect_workspace();
        self.key_image = None;
        self.autosaved = Arc::clone(self.history.present());
        self.case_path = path;
        self.selected = None;
        self.wordless = None;
        self.third_axis = None;
        self.molding = None;
        self.focus = None;
        self.draft = None;
        self.grip = None;
        self.refresh_values(None);
        self.want_all();
    }

    pub(super) fn new_case(&mut self) {
        self.start_case(Case::default(), None);
        self.saved = Arc::clone(self.history.present());
        self.missing = None;
    }

    /// After a scan: are all images of the case there? If not, the user is asked once.
    pub(super) fn report_missing(&mut self) {
        let restored = self.restore_workspace();
        let Some(mut missing) = self.missing.take() else { return };
        missing.series.retain(|uid| !self.library.has_uid(uid));
        if missing.series.is_empty() {
            if !restored {
                self.show_first_measurement();
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
            self.start_scan(vec![folder]);
        } else {
            self.missing = None;
            self.waiting = None;
        }
    }

    pub(super) fn recover(&mut self) {
        let Some(recovered) = self.recovered.take() else { return };
        let base = recovered.case_path.clone().unwrap_or_default();
        let folders = store::resolve_sources(&base, &recovered.case);
        self.start_case(recovered.case.clone(), recovered.case_path.clone());
        // It is not what the file holds: the title shows it as unsaved until it is saved.
        self.saved = Arc::default();
        let there: Vec<_> = folders.into_iter().filter(|folder| folder.exists()).collect();
        if there.is_empty() {
            self.report_missing();
        } else {
            self.start_scan(there);
        }
        let Some(autosave) = self.autosave.clone() else { return };
        // The lost run's copy goes only when this run has its own.
        let base = recovered.case_path.clone().unwrap_or_default();
        match autosave.save(&self.case_for_file(&base), recovered.case_path.as_deref()) {
            Ok(_) => autosave.discard(&recovered),
            Err(error) => self.take_autosave_failure(&error.to_string()),
        }
    }

    pub(super) fn discard_recovered(&mut self) {
        if let (Some(autosave), Some(recovered)) = (&self.autosave, self.recovered.take()) {
            autosave.discard(&recovered);
        }
    }

    pub(super) fn schedule_autosave(&mut self) {
        if self.autosave.is_some() && self.autosave_due.is_none() {
            self.autosave_due = Some(Instant::now() + AUTOSAVE_EVERY);
            (self.environment.wake)();
        }
    }

    pub(super) fn autosave_if_due(&mut self) {
        if self.autosave_due.is_some_and(|due| Instant::now() >= due) {
            self.autosave_now();
        }
    }

    fn autosave_now(&mut self) {
        self.autosave_due = None;
        let Some(autosave) = self.autosave.clone() else { return };
        if Arc::ptr_eq(&self.autosaved, self.history.present()) {
            return;
        }
        self.autosaved = Arc::clone(self.history.present());
        // Images of a case that was never saved are named from the root of the file system.
        let base = self.case_path.clone().unwrap_or_default();
        let (case, path) = (self.case_for_file(&base), self.case_path.clone());
        self.jobs.spawn("isodense-autosave", move |report| {
            if let Err(error) = autosave.save(&case, path.as_deref()) {
                report.send(Done::AutosaveFailed(error.to_string()));
            }
        });
    }

    /// Before the program ends: saves what is pending, or clears the autosaves of a case that is safe.
    pub fn close(mut self) {
        if self.has_unsaved_changes() {
            if let Some(autosave) = &self.autosave
                && !Arc::ptr_eq(&self.autosaved, self.history.present())
            {
                let base = self.case_path.clone().unwrap_or_default();
                if let Err(error) = autosave.save(&self.case_for_file(&base), self.case_path.as_deref()) {
                    log::error!("the last autosave failed: {error}");
                }
            }
        } else if let Some(autosave) = self.autosave.take().and_then(Arc::into_inner) {
            autosave.finish();
        }
    }

    /// Renders a view again from its samples and writes it, on a thread of its own.
    pub(super) fn export(&mut self, id: ViewportId, path: PathBuf, options: ExportOptions) {
        let Some(shown) = self.shown(id) else {
            self.tell(Notice::error("There is no image to export.", "Show a series first."));
            return;
        };
        let picture = match self.whole_image(id) {
            Ok(picture) => picture,
            Err(why) => {
                self.tell(Notice::error(why, "Try again when it shows without a badge of missing images."));
                return;
            }
        };
        let view = shown.viewport.view.clone();
        let (viewport, marks) = (self.workspace.size(id), self.marks(id));
        if let Some(why) = self.lacks(id) {
            self.tell(Notice::warning("The picture has holes.", why));
        }
        let fonts = Arc::clone(&self.environment.fonts);
        self.jobs.spawn("isodense-export", move |report| {
            let inputs: Vec<MarkInput<'_>> = marks.iter().map(super::Mark::input).collect();
            let image = picture.image();
            let export = ViewExport { image, view: &view, viewport, marks: &inputs, fonts: &fonts };
            let cancel = crate::work::Cancel::default();
            let written = export::view_picture(&export, &options, &cancel).and_then(|picture| {
                export::write_picture(&path, &picture, options.format, options.size.dpi(), &cancel)
            });
            report.send(Done::Exported(path.clone(), written.map_err(|error| error.to_string())));
        });
    }

    /// The view of a viewport as a picture at screen size, for the clipboard: no patient data.
    pub fn copy_view(&self, id: ViewportId) -> Result<crate::render::Picture, String> {
        let shown = self.shown(id).ok_or("There is no image to copy.")?;
        let picture = self.whole_image(id)?;
        let viewport = self.workspace.size(id);
        let marks = self.marks(id);
        let inputs: Vec<MarkInput<'_>> = marks.iter().map(super::Mark::input).collect();
        let export = ViewExport {
            image: picture.image(),
            view: &shown.viewport.view,
            viewport,
            marks: &inputs,
            fonts: &self.environment.fonts,
        };
        let size = export::OutputSize::Pixels { width: viewport.width, dpi: 96.0 };
        let options = ExportOptions { size, ..ExportOptions::default() };
        export::view_picture(&export, &options, &crate::work::Cancel::default())
            .map_err(|error| error.to_string())
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
