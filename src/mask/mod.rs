//! Which voxels of a stack belong to a lesion?
//!
//! A [`Mask`] is a value: an edit gives a new one that shares the slices it left alone, so that keeping a hundred of
//! them for undo costs little. What is spatial takes the [`SliceStack`](crate::geometry::SliceStack) that the mask
//! lies on: slices may be uneven, have gaps, and be sheared by a tilted gantry.
//!
//! A voxel is a box around its centre: one pixel in the slice, and along the normal half way to the neighbouring
//! slices, or the stack's `reach` at its ends and at gaps. Within a slice the two directions are taken as at right
//! angles, which headers keep within 1e-3. Voxels touch by their faces only: 6-connected, 4 within a slice.

mod accepted;
mod across;
mod agree;
mod axes;
mod between;
mod bits;
mod brush;
mod diameter;
mod ends;
mod field;
mod fill;
#[cfg(test)]
mod fixture;
mod flood;
mod grow;
mod hull;
mod islands;
mod json;
mod lattice;
mod margin;
mod measure;
mod nearest;
mod open;
mod outline;
mod reach;
mod runs;
mod sample;
mod smooth;
mod swept;
mod trace;
mod voxels;

pub use agree::{Agreement, SurfaceDistance};
pub use axes::Extent;
pub use brush::{Accepts, Brush, Tip};
pub use diameter::{Diameter, SliceDiameters};
pub use ends::Ends;
pub use grow::{GrowError, Grown, Growth, Limit, grow};
pub use islands::Island;
pub use margin::Margin;
pub use measure::Measures;
pub use runs::Run;
pub use voxels::{Mask, VoxelBox};

/// Why nothing could be done with a mask.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum MaskError {
    /// The mask belongs to another stack, or to another size than the mask that it was to be joined with.
    #[error("a mask of {mask:?} voxels does not fit {other:?} voxels")]
    Size {
        /// Columns, rows and slices of the mask.
        mask: [usize; 3],
        /// Columns, rows and slices of what it was used with.
        other: [usize; 3],
    },
    /// A length is negative or not a finite number.
    #[error("{0} mm is no usable length")]
    Length(f64),
    /// The job was asked to stop.
    #[error("stopped")]
    Cancelled,
}
