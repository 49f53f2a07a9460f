//! What leaves the program besides figures: pictures of views, films, tables, what is copied. All of it by one door.
//!
//! Whatever it is waits until the headers of its images are read, and then for the reader where something in it could
//! say who the patient is. What is looked at is what would leave now: whoever scrolls on meanwhile is asked again.

mod cine;
mod findings;
mod table;
mod view;
mod writing;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use self::cine::CineOptions;
pub use self::findings::table_findings;
pub(super) use self::findings::{lesion_texts, time_point_texts};
pub use self::table::without_uids;
pub use self::writing::Writing;
pub(super) use self::writing::{WRITES, megabytes};
use super::gate::{Gate, is_name};
use super::{NotebookAction, Notice, ReportPart, Session, ViewportId};
use crate::case::Figure;
use crate::export::ExportOptions;
use crate::image::Frame;
use crate::render::Picture;

/// Something that is to leave the program.
#[derive(Debug, Clone, PartialEq)]
pub enum Leaving {
    /// What a viewport shows, drawn again from its samples, as a file.
    View(ViewportId, PathBuf, ExportOptions),
    /// What a viewport shows at screen size, for the clipboard.
    ViewCopy(ViewportId),
    /// What a viewport shows, slice after slice, as a film: a GIF or an animated PNG, as the file's name says (`.gif`,
    /// `.png` or `.apng`).
    Cine(ViewportId, PathBuf, CineOptions),
    /// The measurements as a table: JSON where the file's name ends so, CSV otherwise.
    Table(PathBuf),
    /// The ledger as text that a word processor takes for a table, for the clipboard.
    LedgerCopy,
    /// The notebook as a report, or its timeline.
    Notebook(PathBuf, ReportPart),
}

impl Leaving {
    /// The file that it becomes.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::View(_, path, _) | Self::Cine(_, path, _) | Self::Table(path) | Self::Notebook(path, _) => {
                Some(path)
            }
            Self::ViewCopy(_) | Self::LedgerCopy => None,
        }
    }

    /// What it is: "The picture".
    pub fn name(&self) -> &'static str {
        match self {
            Self::View(..) => "The picture",
            Self::ViewCopy(_) => "The view",
            Self::Cine(..) => "The film",
            Self::Table(_) => "The table",
            Self::LedgerCopy => "The ledger",
            Self::Notebook(_, ReportPart::Report(_)) => "The report",
            Self::Notebook(_, ReportPart::Timeline { .. }) => "The timeline",
        }
    }
}

/// What is decided of what is about to leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GateAction {
    /// Keep it on purpose, and all that is alike: [`Finding::key`](super::Finding::key), or `dates` for every date but
    /// that of a birth. It is kept in what leaves later as well, as long as the case is open.
    Keep(String),
    /// Keep several: one step.
    KeepAll(Vec<String>),
    /// No longer keep it.
    Unkeep(String),
    /// Put something else in its place, and in that of all that is alike: [`Finding::cure`](super::Finding::cure).
    Cure(String),
    /// Go on, if all of it is decided.
    GoOn,
    /// It does not leave.
    Withdraw,
}

/// Something for the clipboard.
#[derive(Debug, Clone)]
pub enum Copied {
    /// A picture.
    Picture(Picture),
    /// Text.
    Text(String),
}

/// What is on its way out.
#[derive(Debug, Default)]
pub(super) struct Leavings {
    held: Option<Held>,
    /// The names of findings that are kept on purpose.
    pub(super) kept: Vec<String>,
    /// Tables leave without the columns of UIDs.
    without_uids: bool,
    copied: Option<Copied>,
    /// The file that is being written.
    pub(super) writing: Option<Writing>,
    /// How the last one went: its bytes, or why it was not written.
    pub(super) written: Option<Result<u64, String>>,
}

/// Something that waits to leave.
#[derive(Debug)]
struct Held {
    what: Leaving,
    /// The figures that leave with it: many ask for them while their images are read.
    figures: Vec<Arc<Figure>>,
    /// All is read, and this was found: it waits for the reader.
    asks: Option<Gate>,
}

impl Session {
    /// What waits to leave.
    pub fn leaving(&self) -> Option<&Leaving> {
        self.leaving.held.as_ref().map(|held| &held.what)
    }

    /// What the reader has to decide before it leaves; `None` while nothing waits for that.
    pub fn asked_at_gate(&self) -> Option<&Gate> {
        self.leaving.held.as_ref()?.asks.as_ref()
    }

    /// Headers that are still to be read before it can be said whether what waits may leave.
    pub fn headers_before_leaving(&self) -> usize {
        self.frames_leaving().map_or(0, |frames| self.headers_left(frames.into_iter()))
    }

    /// What was copied, for the clipboard: once.
    pub fn take_copied(&mut self) -> Option<Copied> {
        self.leaving.copied.take()
    }

    /// Something is to leave. Another thing that waited does not.
    pub(super) fn leave(&mut self, what: Leaving) {
        self.leaving.written = None;
        if let Err(why) = self.may_leave(&what) {
            self.tell(why);
            return;
        }
        let figures = self.figures_with(&what);
        self.leaving.held = Some(Held { what, figures, asks: None });
        // Nothing else may be on its way whose arrival would ask for the images of its figures.
        self.want_all();
    }

    fn figures_with(&self, what: &Leaving) -> Vec<Arc<Figure>> {
        match what {
            Leaving::Notebook(_, part) => self.figures_of_part(part),
            Leaving::View(..)
            | Leaving::ViewCopy(_)
            | Leaving::Cine(..)
            | Leaving::Table(_)
            | Leaving::LedgerCopy => Vec::new(),
        }
    }

    /// The figures that leave with what waits.
    pub(super) fn figures_leaving(&self) -> &[Arc<Figure>] {
        self.leaving.held.as_ref().map_or(&[], |held| &held.figures)
    }

    /// The case changed: other figures may leave with what waits.
    pub(super) fn follow_leaving(&mut self) {
        let figures = self.leaving.held.as_ref().map(|held| self.figures_with(&held.what));
        if let (Some(held), Some(figures)) = (&mut self.leaving.held, figures) {
            held.figures = figures;
        }
    }

    /// Goes on with what waits to leave, unless it waits for headers or for the reader.
    pub(super) fn go_on_leaving(&mut self) {
        let waits = |held: &&Held| held.asks.is_none();
        let Some(held) = self.leaving.held.as_ref().filter(waits) else { return };
        if let Leaving::Notebook(_, part) = &held.what
            && self.still_loading(part, &held.figures) > 0
        {
            return;
        }
        let gate = self.findings_of(&held.what);
        if gate.reading > 0 {
            return;
        }
        if let Some(held) = self.leaving.held.as_mut().filter(|_| !gate.lets_through()) {
            held.asks = Some(gate);
        } else if let Some(Held { what, .. }) = self.leaving.held.take() {
            match self.may_leave(&what) {
                Ok(()) => self.let_out(what),
                Err(why) => self.tell(why),
            }
        }
    }

    pub(super) fn decide(&mut self, action: GateAction) {
        match action {
            GateAction::Keep(key) => self.keep_leaving(vec![key]),
            GateAction::KeepAll(keys) => self.keep_leaving(keys),
            GateAction::Unkeep(key) if self.leaves_notebook() => {
                self.do_with_notebook(NotebookAction::Unkeep(key));
            }
            GateAction::Unkeep(key) => {
                let left = self.asked_at_gate().map(|gate| gate.kept_without(&self.leaving.kept, &key));
                self.leaving.kept = left.unwrap_or_default();
            }
            GateAction::Cure(key) => self.cure_leaving(&key),
            GateAction::GoOn => {
                if let Some(held) = &mut self.leaving.held {
                    held.asks = None;
                }
            }
            GateAction::Withdraw => self.leaving.held = None,
        }
        // Something of the last patient may have been changed.
        self.know_patients();
        let asked = self.leaving.held.as_ref().filter(|held| held.asks.is_some());
        let gate = asked.map(|held| self.findings_of(&held.what));
        if let (Some(held), Some(gate)) = (&mut self.leaving.held, gate) {
            held.asks = Some(gate);
        }
    }

    fn keep_leaving(&mut self, keys: Vec<String>) {
        if self.leaves_notebook() {
            self.keep_in_report(keys);
            return;
        }
        for key in keys {
            if is_name(&key) && !self.leaving.kept.contains(&key) {
                self.leaving.kept.push(key);
            }
        }
    }

    fn cure_leaving(&mut self, key: &str) {
        let Some(gate) = self.asked_at_gate() else { return };
        let of_uids =
            |finding: &super::Finding| finding.key == key && finding.at == super::FindingPlace::Uids;
        if gate.findings.iter().any(of_uids) {
            self.leaving.without_uids = true;
        } else if let Some(edit) = self.cured_all(gate, key) {
            self.commit(edit);
        }
    }

    /// Whether it is the notebook that waits to leave: the case holds what is kept in it.
    fn leaves_notebook(&self) -> bool {
        matches!(self.leaving(), Some(Leaving::Notebook(..)))
    }

    /// Whether there is anything to leave, and a place for it; if not, why.
    fn may_leave(&self, what: &Leaving) -> Result<(), Notice> {
        let refused = |why: String| Notice::error(format!("{} was not written.", what.name()), why);
        if let Some(file) = what.file() {
            self.may_write(file).map_err(refused)?;
        }
        match what {
            Leaving::View(id, ..) | Leaving::ViewCopy(id) => {
                if self.shown(*id).is_none() {
                    return Err(Notice::error("There is no image to export.", "Show a series first."));
                }
                self.whole_image(*id).map_err(|why| {
                    Notice::error(why, "Try again when it shows without a badge of missing images.")
                })?;
            }
            Leaving::Cine(id, path, options) => {
                self.cine(*id, path, *options).map_err(refused)?;
            }
            Leaving::Notebook(path, part) => self.may_report(path, part).map_err(refused)?,
            Leaving::LedgerCopy if self.case().lesions.is_empty() => {
                let what = "Follow a lesion and measure it first.";
                return Err(Notice::info("There is no lesion to copy.", what));
            }
            Leaving::Table(_) | Leaving::LedgerCopy => {}
        }
        Ok(())
    }

    fn let_out(&mut self, what: Leaving) {
        match what {
            Leaving::View(id, path, options) => self.export_view(id, path, options),
            Leaving::ViewCopy(id) => self.copy_view(id),
            Leaving::Cine(id, path, options) => self.export_cine(id, path, options),
            Leaving::Table(path) => self.export_table(&path),
            Leaving::LedgerCopy => self.copy_ledger(),
            Leaving::Notebook(path, part) => self.export_part(path, &part),
        }
    }

    /// The images that are about to leave; `None` while nothing waits for their headers.
    pub(super) fn frames_leaving(&self) -> Option<Vec<Arc<Frame>>> {
        let held = self.leaving.held.as_ref().filter(|held| held.asks.is_none())?;
        Some(self.frames_of_leaving(&held.what))
    }

    /// Another case, or none: nothing waits, and nothing that was decided for the last one holds.
    pub(super) fn forget_leaving(&mut self) {
        let Leavings { writing, written, .. } = std::mem::take(&mut self.leaving);
        (self.leaving.writing, self.leaving.written) = (writing, written);
    }
}
