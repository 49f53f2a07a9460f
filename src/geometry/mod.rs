//! Where is it in the patient? DICOM patient space (LPS), millimetres, `f64`.
//!
//! Transforms read `target_from_source`. The first pixel's **centre** is `(0, 0)`; `row` and `column` are
//! never called `x` and `y`, and a spacing is never an unnamed pair.

mod grid;
mod letters;
mod mm;
mod plane;
mod point;
mod stack;

pub use grid::VolumeGrid;
pub use letters::{EdgeLetters, direction_letters, position_letters};
pub use mm::Mm;
pub use plane::{FramePlane, PixelSpacing};
pub use point::{PatientPoint, PixelPoint};
pub use stack::{SliceStack, StackPlace, WEIGHTLESS};

/// Why numbers cannot describe a place in the patient.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum GeometryError {
    /// A spacing is zero, negative or not a number.
    #[error("pixel spacing {between_rows} x {between_columns} mm is not positive")]
    Spacing {
        /// Distance between the centres of neighbouring rows.
        between_rows: f64,
        /// Distance between the centres of neighbouring columns.
        between_columns: f64,
    },
    /// The two image directions are not unit vectors at right angles (within 1e-3).
    #[error("image orientation is not two unit vectors at right angles")]
    Orientation,
    /// A position is not a finite number.
    #[error("image position is not a finite point")]
    Position,
}
