//! The notebook as it is read: its words with the values in them, its figures, and what it says of itself.

mod build;
mod course;
mod expand;
mod export;
mod facts;
mod gate;
mod mentions;
mod notebook;
mod offers;
mod print;

use std::sync::Arc;

pub use self::build::NotebookView;
pub use self::course::CourseEntry;
pub use self::expand::{Chip, ChipOf, chip_of};
pub use self::facts::technique_lines;
pub use self::notebook::{NotebookAction, TEMPLATES, Template};
pub use self::offers::Offer;
use crate::case::Figure;
use crate::export::ReportKind;
use crate::report::Report;

/// How a report is written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each may be chosen beside the others")]
pub struct ReportOptions {
    /// The kind of file.
    pub kind: ReportKind,
    /// Dates are written as dates, not as times after an event.
    pub absolute_dates: bool,
    /// With an appendix that says where each number comes from.
    pub provenance: bool,
    /// Written although it mentions figures or tables that are not there, or values that say nothing.
    pub draft: bool,
}

impl ReportOptions {
    /// Relative dates, no appendix, as a draft.
    pub fn new(kind: ReportKind) -> Self {
        Self { kind, absolute_dates: false, provenance: false, draft: true }
    }
}

/// What is to leave of the notebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportPart {
    /// All of it.
    Report(ReportOptions),
    /// The course of events, as a figure or, of CSV and JSON, as a table; with dates, or relative.
    Timeline {
        /// Dates are written as dates.
        absolute_dates: bool,
    },
}

/// A report whose figures are still to be drawn.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub(super) report: Report,
    /// How many of its blocks are the author's: what follows is the appendix.
    pub(super) of_author: usize,
    /// The values of the notes, in the order of the text.
    pub(super) chips: Vec<Chip>,
    /// The figures in it, by their names.
    pub(super) figures: Vec<(String, Arc<Figure>)>,
    /// What its author should know of it.
    pub(super) remarks: Vec<String>,
    /// What the text mentions and the case does not have; among the remarks.
    pub(super) gaps: Vec<String>,
}
