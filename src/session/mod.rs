//! What is open, and what happens next? The state, and the one function that changes it.
//!
//! Panels and tests read `&Session` and return [`Action`]s; [`Session::apply`] does them. Background results come
//! in through [`Session::poll`]. Nothing here knows a window.

mod action;
mod autosave;
mod case_file;
mod compare;
mod crosshair;
mod dispatch;
mod elements;
mod figure;
mod fonts;
mod gate;
mod growth;
mod images;
mod jobs;
mod keys;
mod leaving;
mod ledger;
mod library;
mod links;
mod load;
mod lock;
mod marks;
mod mask;
mod mask_copy;
mod mirror;
mod mold;
mod needs;
mod notice;
mod on_disk;
mod opening;
mod over;
mod patients;
mod picture;
mod picture_to_read;
mod pictures;
pub mod placing;
mod planes;
mod presets;
mod propose;
mod provenance;
mod records;
mod report;
mod shape;
mod shown;
mod size;
mod slices;
mod table;
mod true_size;
mod values;
mod visit;
mod workspace;

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub use action::{Action, Grip, GripDrag, Tool};
pub use autosave::AUTOSAVE_EVERY;
pub use compare::{Comparison, matched};
pub use crosshair::{Crosshair, LineOf, ReferenceLine};
pub use elements::{Elements, ElementsOf};
pub use figure::{FigureAction, FigureOptions, PanelDrawing, PanelState, legend_words, panel_caption};
pub use fonts::FontFinder;
pub use gate::{
    CASE_FILE, Finding, FindingPlace, FindingSeverity, Gate, PictureParts, TellingPlace, picture_findings,
    telling_places,
};
pub use growth::{Doubt, GrowthQuestion};
pub use images::Scan;
pub use jobs::Wake;
pub use leaving::{CineOptions, Copied, GateAction, Leaving, Writing, table_findings, without_uids};
pub use ledger::nothing_to_calibrate_with;
pub use library::{Library, Pixels, calibrated};
pub use links::{Link, Links};
pub use load::load_frame;
pub use marks::{Draft, DraftMark, Mark, Values};
pub use mask::{MaskChange, Outlines};
pub use notice::{Notice, Severity};
pub use over::Over;
pub use patients::Whose;
pub use picture::{OVERLAY_OPACITY, Readiness, ShownImage};
pub use pictures::{PICTURE_ENDINGS, case_pictures, is_picture_file};
pub use planes::{
    Cut, THICKEST, computed_frame, evaluate_on_plane, part_measured, plane_place, plane_words, slab_words,
};
pub use presets::WindowOffer;
pub use provenance::{Fact, known, provenance, visit};
pub use report::{
    Chip, ChipOf, CourseEntry, NotebookAction, NotebookView, Offer, ReportOptions, ReportPart, TEMPLATES,
    Template, chip_of, technique_lines,
};
pub use shown::Shown;
pub use slices::Slices;
pub use table::{MeasuredOn, cell_lines, lines_of, measurement_table};
pub use workspace::{Layout, MOST_VIEWPORTS, OverlayLevel, Viewport, ViewportId, WindowOrigin, Workspace};

use crate::case::{Case, Edit, History, KeyImageId, LesionId, Measurement, MeasurementId};
use crate::files::Existing;
use crate::image::{Decoded, Frame, FrameRef, SeriesKey};
use crate::memory::Memory;
use crate::render::Fonts;
use crate::store::{Autosave, Recovered, Settings};
use crate::work::Cancel;

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
    /// How much memory decoded images may take.
    pub memory: Memory,
    /// Whether the images beside those that are shown are read too, and small pictures made: for a reader who will go on.
    pub reads_ahead: bool,
    /// How often a case that changes is autosaved: [`AUTOSAVE_EVERY`].
    pub autosave_every: Duration,
    /// What becomes of files whose name an export, or a case that is saved under another name, is given. The window
    /// asks before it names one that is there.
    pub existing: Existing,
}

impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Environment").field("state_dir", &self.state_dir).finish_non_exhaustive()
    }
}

impl Environment {
    /// No window, no state folder, and a fixed amount of memory.
    pub fn for_tests() -> Self {
        Self { memory: Memory::Fixed(2 << 30), ..Self::without_state() }
    }

    /// No window, and nothing is kept: for the command line.
    pub fn without_state() -> Self {
        Self {
            wake: Arc::new(|| {}),
            state_dir: None,
            fonts: Arc::default(),
            find_fonts: FontFinder::default(),
            memory: Memory::Share,
            reads_ahead: true,
            autosave_every: AUTOSAVE_EVERY,
            existing: Existing::Keep,
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
    unnamed_arrow: Option<MeasurementId>,
    third_axis: Option<size::ThirdAxis>,
    focus: Option<LesionId>,
    molding: Option<mold::Molding>,
    margins: mask::Margins,
    /// Stops the change of a large mask.
    mask_job: Option<Cancel>,
    densities: u64,
    typing: Option<Edit>,
    fingerprints: records::Fingerprints,
    values: values::ValueCache,
    notices: Vec<Notice>,
    scan: Option<Scan>,
    scans: u64,
    case_path: Option<PathBuf>,
    saved: Arc<Case>,
    /// As it was opened or recovered.
    opened: Arc<Case>,
    missing: Option<case_file::Missing>,
    autosave: Option<Arc<Autosave>>,
    autosaved: Arc<Case>,
    autosave_due: Option<Instant>,
    pulse: autosave::Pulse,
    on_disk: on_disk::OnDisk,
    recovered: Option<Recovered>,
    wanted: Option<images::Wanted>,
    needs: needs::Needs,
    watched: elements::Watched,
    letters: fonts::Letters,
    key_image: Option<KeyImageId>,
    figures: figure::Figures,
    headers: gate::Headers,
    leaving: leaving::Leavings,
    pictures: pictures::Pictures,
    waiting: Option<keys::Waiting>,
    patients: patients::Patients,
    opening: Option<opening::Opening>,
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
            opened: Arc::clone(history.present()),
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
            unnamed_arrow: None,
            third_axis: None,
            focus: None,
            molding: None,
            margins: mask::Margins::default(),
            mask_job: None,
            densities: 0,
            typing: None,
            fingerprints: records::Fingerprints::default(),
            values: values::ValueCache::default(),
            notices: Vec::new(),
            scan: None,
            scans: 0,
            case_path: None,
            missing: None,
            autosave: None,
            autosave_due: None,
            pulse: autosave::Pulse::default(),
            on_disk: on_disk::OnDisk::default(),
            recovered: None,
            wanted: None,
            needs: needs::Needs::default(),
            watched: elements::Watched::default(),
            letters: fonts::Letters::default(),
            key_image: None,
            figures: figure::Figures::default(),
            headers: gate::Headers::default(),
            leaving: leaving::Leavings::default(),
            pictures: pictures::Pictures::default(),
            waiting: None,
            patients: patients::Patients::default(),
            opening: None,
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
        self.third_axis.is_some()
            || self.is_molding()
            || self.draft.as_ref().is_some_and(|draft| draft.placing.is_started())
    }

    /// The selected measurement.
    pub fn selected(&self) -> Option<MeasurementId> {
        self.selected
    }

    /// Whether a text was placed and waits for its words, without which it does not come into the case, or an arrow
    /// was drawn that may get some.
    pub fn wants_words(&self) -> bool {
        self.wordless.is_some() || self.unnamed_arrow.is_some()
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
        self.patients.acting = patients::acted_on(&action);
        let was_anothers = self.is_anothers();
        if !action.leaves_images_alone() {
            self.workspace.touch();
        }
        if !self.refuses(&action) {
            self.dispatch(action);
            self.follow(lead);
        }
        self.patients.acting = None;
        self.learn_patients();
        if !was_anothers {
            self.keep_typed();
        }
        self.forget_what_is_gone();
        self.follow_panel();
        self.want_elements();
        self.want_headers();
        self.go_on_with_figure();
        self.go_on_leaving();
        if !Arc::ptr_eq(&before, self.history.present()) {
            self.case_changed();
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

    /// Every edit of the case comes here: one that belongs to another patient than the case is refused.
    fn commit(&mut self, edit: Edit) {
        if self.is_refused(&edit) {
            self.typing = None;
            self.tell_of_another();
            return;
        }
        self.commit_whoever_is_shown(edit);
    }

    /// Also what began before another patient was shown, and the word that it is the same one.
    fn commit_whoever_is_shown(&mut self, edit: Edit) {
        self.typing = None;
        let was_blank = self.case().is_blank();
        if let Err(error) = self.history.commit(edit) {
            self.tell(Notice::error("That change was not made.", error.to_string()));
        }
        self.begin_of_patient(was_blank);
    }

    fn step_history(&mut self, step: impl FnOnce(&mut History) -> Option<String>) {
        self.draft = None;
        self.third_axis = None;
        self.molding = None;
        self.grip = None;
        let _nothing_to_do = step(&mut self.history);
    }

    /// Whatever was done: nothing is selected that the case does not hold.
    fn forget_what_is_gone(&mut self) {
        let case = self.history.present();
        self.selected = self.selected.filter(|id| case.measurement(*id).is_some());
        self.unnamed_arrow = self.unnamed_arrow.filter(|id| case.measurement(*id).is_some());
        self.key_image = self.key_image.filter(|id| case.key_image(*id).is_some());
        self.focus = self.focus.filter(|id| case.lesion(*id).is_some());
        self.forget_figures();
    }

    fn case_changed(&mut self) {
        let case = Arc::clone(self.history.present());
        self.follow_pictures();
        self.follow_leaving();
        if self.library.calibrate(&case.calibrations) {
            for id in self.workspace.visible() {
                self.refit(id);
            }
        }
        self.refresh_values(None);
        self.want_all();
        self.want_fonts();
        self.schedule_autosave();
    }

    fn choose(&mut self, tool: Tool) {
        self.tool = tool;
        self.molding = None;
        self.draft = None;
        self.third_axis = None;
    }

    fn escape(&mut self) {
        if self.stop_mask_job() {
            return;
        }
        if self.grip.take().is_some() || self.is_drawing() {
            self.draft = None;
            self.third_axis = None;
            self.molding = None;
        } else if self.selected.take().is_none() {
            self.choose(Tool::Window);
        }
    }

    /// Series that viewports show: their pixels are kept.
    fn shown_series(&self) -> HashSet<SeriesKey> {
        let ids = (0..self.workspace.layout.count()).map(ViewportId);
        let viewports = ids.filter_map(|id| self.workspace.viewport(id));
        let shown =
            viewports.flat_map(|v| v.over.iter().map(|over| &over.series).chain([&v.series])).cloned();
        shown.chain(self.series_of_figure()).collect()
    }
}
