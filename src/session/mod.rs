//! What is open, and what happens next? The state, and the one function that changes it.
//!
//! Panels and tests read `&Session` and return [`Action`]s; [`Session::apply`] does them. Background results come
//! in through [`Session::poll`]. Nothing here knows a window.

mod action;
mod case_file;
mod compare;
mod crosshair;
mod elements;
mod fonts;
mod images;
mod jobs;
mod keys;
mod library;
mod links;
mod lock;
mod marks;
mod notice;
mod over;
mod picture;
pub mod placing;
mod planes;
mod presets;
mod propose;
mod shape;
mod true_size;
mod workspace;

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

pub use action::{Action, Grip, GripDrag, Tool};
pub use compare::{Comparison, matched};
pub use crosshair::{Crosshair, LineOf, ReferenceLine};
pub use elements::{Elements, ElementsOf};
pub use fonts::FontFinder;
pub use images::Scan;
pub use jobs::Wake;
pub use library::{Library, Pixels};
pub use links::{Link, Links};
pub use marks::{Draft, DraftMark, Mark, Values};
pub use notice::{Notice, Severity};
pub use over::Over;
pub use picture::{OVERLAY_OPACITY, Readiness, ShownImage};
pub use planes::{Cut, THICKEST, computed_frame, evaluate_on_plane, plane_place, plane_words, slab_words};
pub use workspace::{
    Layout, MOST_VIEWPORTS, OverlayLevel, Shown, Viewport, ViewportId, WindowOrigin, Workspace,
};

use crate::case::{Case, DrawnPlane, Edit, History, KeyImageId, Measurement, MeasurementId};
use crate::image::{Decoded, Frame, FrameRef, SeriesKey};
use crate::render::Fonts;
use crate::store::{Autosave, Recovered, Settings};
use crate::view::Reformat;

/// Notices on the screen at most: the oldest go.
const NOTICES: usize = 6;

/// What a session needs from outside.
#[derive(Clone)]
pub struct Environment {
    /// Called after each background result.
    pub wake: Wake,
    /// The app's own folder for autosaves and settings; `None` keeps nothing (tests).
    pub state_dir: Option<PathBuf>,
    /// Fonts for labels in exported pictures.
    pub fonts: Arc<Fonts>,
    /// Finds more of them for letters that these lack.
    pub find_fonts: FontFinder,
    /// Bytes of pixels to keep at most.
    pub memory: usize,
}

impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Environment").field("state_dir", &self.state_dir).finish_non_exhaustive()
    }
}

impl Environment {
    /// No window, no state folder.
    pub fn for_tests() -> Self {
        Self {
            wake: Arc::new(|| {}),
            state_dir: None,
            fonts: Arc::default(),
            find_fonts: FontFinder::default(),
            memory: 2 << 30,
        }
    }
}

/// Everything that is open. Read it freely; only [`Session::apply`] and [`Session::poll`] change it.
#[derive(Debug)]
pub struct Session {
    environment: Environment,
    jobs: jobs::Jobs,
    library: Library,
    workspace: Workspace,
    history: History,
    settings: Settings,
    kept: case_file::Kept,
    tool: Tool,
    draft: Option<Draft>,
    crosshair: Option<Crosshair>,
    grip: Option<(ViewportId, GripDrag)>,
    selected: Option<MeasurementId>,
    wordless: Option<Measurement>,
    values: marks::ValueCache,
    notices: Vec<Notice>,
    scan: Option<Scan>,
    scans: u64,
    case_path: Option<PathBuf>,
    saved: Arc<Case>,
    missing: Option<case_file::Missing>,
    autosave: Option<Arc<Autosave>>,
    autosaved: Arc<Case>,
    autosave_due: Option<Instant>,
    recovered: Option<Recovered>,
    wanted: Option<images::Wanted>,
    watched: elements::Watched,
    letters: fonts::Letters,
    key_image: Option<KeyImageId>,
    waiting: Option<keys::Waiting>,
}

impl Session {
    /// An empty session. A case that the last run lost is offered by [`Session::recovered`].
    pub fn new(environment: Environment) -> Self {
        let history = History::default();
        let mut session = Self {
            jobs: jobs::Jobs::new(Arc::clone(&environment.wake)),
            environment,
            library: Library::default(),
            workspace: Workspace::default(),
            saved: Arc::clone(history.present()),
            autosaved: Arc::clone(history.present()),
            history,
            settings: Settings::default(),
            kept: case_file::Kept::default(),
            tool: Tool::default(),
            draft: None,
            crosshair: None,
            grip: None,
            selected: None,
            wordless: None,
            values: marks::ValueCache::default(),
            notices: Vec::new(),
            scan: None,
            scans: 0,
            case_path: None,
            missing: None,
            autosave: None,
            autosave_due: None,
            recovered: None,
            wanted: None,
            watched: elements::Watched::default(),
            letters: fonts::Letters::default(),
            key_image: None,
            waiting: None,
        };
        session.open_state_folder();
        session
    }

    /// What is open.
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// Layout and viewports.
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// The case now.
    pub fn case(&self) -> &Arc<Case> {
        self.history.present()
    }

    /// What undo and redo would do.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Presets and preferences.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What the left button does.
    pub fn tool(&self) -> Tool {
        self.tool
    }

    /// Whether a shape is half drawn.
    pub fn is_drawing(&self) -> bool {
        self.draft.as_ref().is_some_and(|draft| draft.placing.is_started())
    }

    /// The selected measurement.
    pub fn selected(&self) -> Option<MeasurementId> {
        self.selected
    }

    /// Whether a text was placed and waits for its words; it is not in the case yet.
    pub fn wants_words(&self) -> bool {
        self.wordless.is_some()
    }

    /// What the user should know, oldest first.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// The running scan.
    pub fn scan(&self) -> Option<&Scan> {
        self.scan.as_ref()
    }

    /// A case that the last run lost.
    pub fn recovered(&self) -> Option<&Recovered> {
        self.recovered.as_ref()
    }

    /// The samples of a frame, once they are loaded.
    pub fn samples(&self, frame: &Frame) -> Option<&Arc<Decoded>> {
        match self.library.pixels(frame)? {
            Pixels::Loaded(samples) => Some(samples),
            Pixels::Failed(_) => None,
        }
    }

    /// A frame that is open.
    pub fn frame(&self, of: &FrameRef) -> Option<&Arc<Frame>> {
        let (series, index) = self.library.find_frame(of)?;
        series.frames.get(index)
    }

    /// The fonts of labels.
    pub fn fonts(&self) -> &Arc<Fonts> {
        &self.environment.fonts
    }

    /// Does an action: the only way the reader changes anything (invariant 2).
    pub fn apply(&mut self, action: Action) {
        let before = Arc::clone(self.history.present());
        let lead = links::Lead::of(&action, self.tool);
        self.dispatch(action);
        self.follow(lead);
        self.forget_what_is_gone();
        self.want_elements();
        if !Arc::ptr_eq(&before, self.history.present()) {
            self.case_changed();
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "dispatch_view names every other action")]
    fn dispatch(&mut self, action: Action) {
        match action {
            Action::Open(paths) => {
                self.workspace.left_empty = false;
                self.open(paths);
            }
            Action::CancelScan => self.cancel_scan(),
            Action::CloseImages => {
                self.keep_places();
                self.waiting = None;
                self.close_images();
            }
            Action::Choose(tool) => self.choose(tool),
            Action::Place(id, pointer) => self.place(id, pointer),
            Action::Escape => self.escape(),
            Action::Select(id) => self.selected = id,
            Action::DragGrip(id, drag) => self.drag_grip(id, drag),
            Action::DropGrip => self.drop_grip(),
            Action::Commit(edit) => self.commit(edit),
            Action::GiveWords(words) => self.give_words(words),
            Action::DeleteSelected => {
                if let Some(id) = self.selected.take() {
                    self.commit(Edit::Remove(id));
                }
            }
            Action::Undo => self.step_history(History::undo),
            Action::Redo => self.step_history(History::redo),
            Action::GoToMeasurement(id) => self.go_to_measurement(id),
            Action::SaveCase(path) => self.save_case(path),
            Action::OpenCase(path) => self.open_case(path),
            Action::NewCase => self.new_case(),
            Action::Recover => self.recover(),
            Action::DiscardRecovered => self.discard_recovered(),
            Action::FindMissing(folder) => self.find_missing(folder),
            Action::Export(id, path, options) => self.export(id, path, options),
            Action::Dismiss(index) => {
                if index < self.notices.len() {
                    self.notices.remove(index);
                }
            }
            Action::Tell(notice) => self.tell(notice),
            Action::SetPresets(presets) => {
                self.settings.presets = presets;
                self.save_settings();
            }
            Action::SetWindowDragInverted(inverted) => {
                self.settings.inverted_window_drag = inverted;
                self.save_settings();
            }
            Action::SetScreenPixel(pixel) => self.set_screen_pixel(pixel),
            Action::TrueSize(id) => self.true_size(id),
            Action::MarkKeyImage(id) => self.mark_key_image(id),
            Action::GoToKeyImage(id) => self.go_to_key_image(id),
            Action::NextKeyImage => self.next_key_image(),
            action => self.dispatch_view(action),
        }
    }

    /// Actions that change what is seen, not what is said.
    #[expect(clippy::too_many_lines, reason = "one arm for each action")]
    fn dispatch_view(&mut self, action: Action) {
        match action {
            Action::ShowSeries(id, uid) => self.show_series(id, &uid),
            Action::StepSeries(id, step) => self.step_series(id, step),
            Action::SetLayout(layout) => {
                self.waiting = None;
                self.workspace.set_layout(layout);
                self.fill_viewports();
                self.want_all();
            }
            Action::Activate(id) => self.workspace.activate(id),
            Action::NextViewport => {
                let visible = self.workspace.visible();
                let at = visible.iter().position(|id| *id == self.workspace.active).map_or(0, |at| at + 1);
                self.workspace.activate(visible[at % visible.len()]);
            }
            Action::ToggleMaximised(id) => {
                let all = self.workspace.maximised.is_some();
                self.workspace.maximised = (!all).then_some(id);
            }
            Action::Scroll(id, steps) => self.scroll(id, steps),
            Action::GoToSlice(id, index) => self.go_to_frame(id, index),
            Action::SetCut(id, cut) => self.set_cut(id, cut),
            Action::SetPlane(id, plane) => self.set_plane(id, plane),
            Action::SetSlab(id, slab) => self.set_slab(id, slab),
            Action::ShowPlanes(id) => self.show_planes(id),
            Action::PointAt(id, point) => self.point_at(id, point),
            Action::ToggleCrosshair => self.workspace.crosshair_hidden = !self.workspace.crosshair_hidden,
            Action::ToggleReferenceLines => self.workspace.lines_hidden = !self.workspace.lines_hidden,
            Action::Resized(id, size) => self.resized(id, size),
            Action::SetFraming(id, framing) => {
                if let Some(viewport) = self.workspace.viewport_mut(id) {
                    viewport.view.framing = framing;
                    viewport.fitted = false;
                }
            }
            Action::Fit(id) => {
                if let Some(viewport) = self.workspace.viewport_mut(id) {
                    viewport.fitted = true;
                }
                self.refit(id);
            }
            Action::SetLook(id, look) => {
                if let Some(viewport) = self.workspace.viewport_mut(id) {
                    viewport.view.look = look;
                    viewport.window = WindowOrigin::Settled;
                }
            }
            Action::UsePreset(id, index) => self.use_preset(id, index),
            Action::AutoWindow(id) => self.auto_window(id),
            Action::ToggleCine(id) => {
                if let Some(viewport) = self.workspace.viewport_mut(id) {
                    viewport.cine = !viewport.cine;
                }
            }
            Action::SetOver(id, over) => self.set_over(id, over),
            Action::SetOverlays(level) => self.workspace.overlays = level,
            Action::ToggleGraphics => self.workspace.graphics_hidden = !self.workspace.graphics_hidden,
            Action::CycleOverlays => self.workspace.overlays = self.workspace.overlays.next(),
            Action::WatchElements(of) => self.watch_elements(of),
            Action::TogglePatientData => self.workspace.patient_hidden = !self.workspace.patient_hidden,
            Action::ToggleLink(link) => self.workspace.links.toggle(link),
            Action::LockSlices => self.lock_slices(),
            Action::UnlockSlices => self.unlock_slices(),
            Action::ProposeLock => self.propose_lock(),
            Action::ShowComparison => self.show_comparison(),
            // Done by `dispatch`. Named, so that a new action is a compile error until it has a place.
            Action::Open(_)
            | Action::CancelScan
            | Action::CloseImages
            | Action::SetPresets(_)
            | Action::SetWindowDragInverted(_)
            | Action::SetScreenPixel(_)
            | Action::TrueSize(_)
            | Action::Choose(_)
            | Action::Place(..)
            | Action::Escape
            | Action::Select(_)
            | Action::DragGrip(..)
            | Action::DropGrip
            | Action::Commit(_)
            | Action::GiveWords(_)
            | Action::DeleteSelected
            | Action::Undo
            | Action::Redo
            | Action::GoToMeasurement(_)
            | Action::SaveCase(_)
            | Action::OpenCase(_)
            | Action::NewCase
            | Action::Recover
            | Action::DiscardRecovered
            | Action::FindMissing(_)
            | Action::Export(..)
            | Action::Dismiss(_)
            | Action::MarkKeyImage(_)
            | Action::GoToKeyImage(_)
            | Action::NextKeyImage
            | Action::Tell(_) => {}
        }
    }

    /// Tells the user something. What was said before in the same words makes room.
    pub(crate) fn tell(&mut self, notice: Notice) {
        self.notices.retain(|old| old.summary != notice.summary);
        self.notices.push(notice);
        if self.notices.len() > NOTICES {
            self.notices.remove(0);
        }
    }

    fn commit(&mut self, edit: Edit) {
        if let Err(error) = self.history.commit(edit) {
            self.tell(Notice::error("That change was not made.", error.to_string()));
        }
    }

    fn step_history(&mut self, step: impl FnOnce(&mut History) -> Option<String>) {
        self.draft = None;
        self.grip = None;
        let _nothing_to_do = step(&mut self.history);
    }

    /// Whatever was done: nothing is selected that the case does not hold.
    fn forget_what_is_gone(&mut self) {
        let case = self.history.present();
        self.selected = self.selected.filter(|id| case.measurement(*id).is_some());
        self.key_image = self.key_image.filter(|id| case.key_image(*id).is_some());
    }

    fn case_changed(&mut self) {
        self.refresh_values(None);
        self.want_all();
        self.want_fonts();
        self.schedule_autosave();
    }

    fn choose(&mut self, tool: Tool) {
        self.tool = tool;
        self.draft = None;
    }

    fn escape(&mut self) {
        if self.grip.take().is_some() || self.is_drawing() {
            self.draft = None;
        } else if self.selected.take().is_none() {
            self.choose(Tool::Window);
        }
    }

    fn go_to_measurement(&mut self, id: MeasurementId) {
        let measurement = self.history.present().measurement(id).cloned();
        if let Some(drawn) = measurement.as_ref().and_then(|m| m.drawn_on_plane.clone()) {
            self.go_to_drawn_plane(id, &drawn);
            return;
        }
        let of = measurement.as_ref().and_then(|m| m.points.drawn_on());
        let place = of.and_then(|of| self.library.find_frame(of));
        let Some((series, index)) = place.map(|(series, index)| (series.key(), index)) else {
            self.tell_not_open();
            return;
        };
        let acquired = |view: &Viewport| view.series == series && view.view.acquired().is_some();
        let viewport = self.viewport_for(&series, acquired);
        self.workspace.active = viewport;
        self.go_to_frame(viewport, index);
        self.selected = Some(id);
    }

    fn go_to_drawn_plane(&mut self, id: MeasurementId, drawn: &DrawnPlane) {
        let Some(series) = self.library.drawn_on(drawn).map(|series| series.key()) else {
            self.tell_not_open();
            return;
        };
        let (right, down) = (drawn.reformat.plane.right, drawn.reformat.plane.down);
        let is_it = |view: &Viewport| {
            let alike = |r: &Reformat| r.plane.right.dot(right) > 0.999 && r.plane.down.dot(down) > 0.999;
            view.series == series && view.view.reformat().is_some_and(alike)
        };
        let viewport = self.viewport_for(&series, is_it);
        self.workspace.active = viewport;
        self.set_reformat(viewport, drawn.reformat);
        self.selected = Some(id);
    }

    /// The viewport in sight that shows what is wanted; otherwise the active one, which then shows the series.
    fn viewport_for(&mut self, series: &SeriesKey, is_it: impl Fn(&Viewport) -> bool) -> ViewportId {
        let mut visible = self.workspace.visible().into_iter();
        let showing = visible.find(|id| self.workspace.viewport(*id).is_some_and(&is_it));
        showing.unwrap_or_else(|| {
            let active = self.workspace.active;
            self.show_series(active, series);
            active
        })
    }

    fn tell_not_open(&mut self) {
        self.tell(Notice::warning(
            "The image of this measurement is not open.",
            "Open the folder that holds it; the measurement is kept.",
        ));
    }

    /// Series that viewports show: their pixels are kept.
    fn shown_series(&self) -> HashSet<SeriesKey> {
        let ids = (0..self.workspace.layout.count()).map(ViewportId);
        let viewports = ids.filter_map(|id| self.workspace.viewport(id));
        viewports.flat_map(|v| v.over.iter().map(|over| &over.series).chain([&v.series])).cloned().collect()
    }
}
