//! What did the reader say about it? The case: a small immutable document, edited by value.
//!
//! Values are not in it: [`evaluate`] computes them from the samples whenever they are wanted.

mod body;
mod calendar;
mod calibration;
mod claim;
mod clock;
mod columns;
mod compared;
mod course;
mod decimals;
mod document;
mod edit;
mod evaluate;
mod facts;
pub mod figure;
mod history;
mod label;
mod ledger;
mod lesion;
mod link;
mod measurement;
pub mod notebook;
mod operations;
mod picture;
mod quantity;
mod record;
mod respond;
#[cfg(test)]
mod response_tests;
mod saved;
mod seal;
mod size;
mod sizes;
#[cfg(test)]
pub(crate) mod testing;

pub use crate::numbers::decimal as number;
pub use body::LesionMask;
pub use calendar::{days_in_words, parsed_date};
pub use calibration::ReaderCalibration;
pub use claim::{Claim, claims};
pub use clock::Clock;
pub use compared::{compare, compared_line};
pub use course::{Basis, LesionChange, LesionCourse};
pub use decimals::{computed_decimals, value_decimals};
pub use document::{Case, Source};
pub use edit::{Edit, EditError};
pub use evaluate::{
    EvaluateError, Histogram, Padding, Region, evaluate, evaluate_mask, evaluate_region, margin_volume,
    mask_histogram, nearest_rank, probe_value, region_histogram,
};
pub use facts::{Facts, fingerprint_of, fingerprint_of_all, frames_measured, image_facts};
pub use figure::{Figure, FigureId, Panel, PanelId};
pub use history::History;
pub use label::{
    LabelStyle, axes, decimals_of, density_phrase, label_lines, label_lines_in, mapped_line, mask_lines,
    quantity_words, unit_decimals,
};
pub use ledger::{Known, Ledger, LedgerCell, LedgerColumn, Measured, Visit};
pub use lesion::{Lesion, LesionId, LesionReading, LesionRole, Reading, TimePoint, TimePointId};
pub use link::SpaceLink;
pub use measurement::{
    Compared, ComparedRole, DrawnOn, DrawnPlane, Kind, Measurement, MeasurementId, Points,
};
pub use notebook::{Event, EventId, Notebook};
pub use operations::LedgerOperation;
pub use picture::CasePicture;
pub use quantity::{Quantity, QuantityKind, QuantityUnit, Step, margin_cut_off};
pub use record::{Recorded, RecordedValue, TOLERANCE};
pub use respond::{LEAST_SLICES, cell_cautions, column_label, size_words};
pub use saved::{KeyImage, KeyImageId, SavedLook, SavedOver, SavedView, SavedVoi, SavedWorkspace};
pub use seal::{Seal, SealedDays, SealedSeries};
pub use size::SizeBox;
pub use sizes::SizeDrawn;
