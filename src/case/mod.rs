//! What did the reader say about it? The case: a small immutable document, edited by value.
//!
//! Values are not in it: [`evaluate`] computes them from the samples whenever they are wanted.

mod document;
mod edit;
mod evaluate;
mod history;
mod label;
mod link;
mod measurement;
mod quantity;
mod saved;

pub use document::{Case, Source};
pub use edit::{Edit, EditError};
pub use evaluate::{EvaluateError, Padding, Region, evaluate, evaluate_region, probe_value};
pub use history::History;
pub use label::{decimals_of, label_lines, number};
pub use link::SpaceLink;
pub use measurement::{DrawnPlane, Kind, Measurement, MeasurementId, Points};
pub use quantity::{Quantity, QuantityKind, QuantityUnit};
pub use saved::{KeyImage, KeyImageId, SavedLook, SavedOver, SavedView, SavedVoi, SavedWorkspace};
