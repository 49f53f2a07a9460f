//! Where the voxels of a stack are, in mm along its own three directions.

use std::ops::Range;

use glam::{DVec2, DVec3};

use super::voxels::size_of;
use super::{Mask, MaskError};
use crate::geometry::{Mm, PatientPoint, SliceStack};

/// What lies nearer than this to an edge, in mm or in pixels, lies on it.
pub(super) const EDGE: f64 = 1e-9;

/// The voxels of a stack in its own frame: mm right, down and along the normal from the first voxel's centre.
#[derive(Debug)]
pub(super) struct Lattice<'a> {
    pub(super) stack: &'a SliceStack,
    /// Columns, rows, slices.
    pub(super) size: [usize; 3],
    /// mm from column to column and from row to row.
    pub(super) step: DVec2,
    /// Centre of each slice's first pixel.
    pub(super) origins: Vec<DVec3>,
    /// mm that the voxels of a slice reach against and along the normal.
    pub(super) reach: Vec<[f64; 2]>,
}

impl<'a> Lattice<'a> {
    pub(super) fn new(stack: &'a SliceStack) -> Self {
        let spacing = stack.first().spacing();
        let step = DVec2::new(spacing.between_columns.0, spacing.between_rows.0);
        let (first, local) = (stack.origins()[0], stack.local_from_patient());
        let origins = stack.origins().iter().map(|origin| local * (*origin - first) * step.extend(1.0));
        let places = stack.places();
        let reach = (0..places.len()).map(|slice| {
            let to = |other: Option<usize>, step: Option<usize>| {
                let whole = step.and_then(|step| stack.gaps().get(step)) == Some(&false);
                match other.and_then(|other| places.get(other)).filter(|_| whole) {
                    Some(place) => (place - places[slice]).abs() / 2.0,
                    None => stack.reach(slice).0,
                }
            };
            let before = slice.checked_sub(1);
            [to(before, before), to(Some(slice + 1), Some(slice))]
        });
        Self { stack, size: size_of(stack), step, origins: origins.collect(), reach: reach.collect() }
    }

    /// The lattice of the stack that a mask lies on.
    pub(super) fn of(mask: &Mask, stack: &'a SliceStack) -> Result<Self, MaskError> {
        if mask.fits(stack) {
            Ok(Self::new(stack))
        } else {
            Err(MaskError::Size { mask: mask.size(), other: size_of(stack) })
        }
    }

    /// Columns and rows of a slice.
    pub(super) fn slice_size(&self) -> [usize; 2] {
        [self.size[0], self.size[1]]
    }

    /// The centre of a voxel.
    pub(super) fn centre(&self, column: usize, row: usize, slice: usize) -> DVec3 {
        self.origins[slice] + DVec3::new(column as f64 * self.step.x, row as f64 * self.step.y, 0.0)
    }

    /// A patient point in the stack's own frame.
    pub(super) fn own_from_patient(&self, point: PatientPoint) -> DVec3 {
        let from_first = point.0 - self.stack.origins()[0];
        self.stack.local_from_patient() * from_first * self.step.extend(1.0)
    }

    /// A point of the stack's own frame in the patient.
    pub(super) fn patient(&self, point: DVec3) -> PatientPoint {
        PatientPoint(self.stack.origins()[0] + self.direction(point))
    }

    /// A direction of the stack's own frame in the patient.
    pub(super) fn direction(&self, along: DVec3) -> DVec3 {
        let first = self.stack.first();
        first.right() * along.x + first.down() * along.y + first.normal() * along.z
    }

    /// The box of a slice's voxels: mm right, down and along the normal.
    pub(super) fn voxel(&self, slice: usize) -> DVec3 {
        let [before, after] = self.reach[slice];
        self.step.extend(before + after)
    }

    /// Volume of a voxel of a slice in mm³.
    pub(super) fn voxel_mm3(&self, slice: usize) -> f64 {
        self.voxel(slice).element_product()
    }

    /// Where along the normal the voxels of a slice begin and end.
    pub(super) fn extent(&self, slice: usize) -> [f64; 2] {
        let (place, [before, after]) = (self.origins[slice].z, self.reach[slice]);
        [place - before, place + after]
    }

    /// mm along the normal from a slice's voxels to a place; 0 within them.
    pub(super) fn gap_to(&self, slice: usize, place: f64) -> f64 {
        let [low, high] = self.extent(slice);
        (low - place).max(place - high).max(0.0)
    }

    /// The slices whose place lies within `low..=high` mm along the normal.
    pub(super) fn slices_within(&self, low: f64, high: f64) -> Range<usize> {
        let first = self.origins.partition_point(|origin| origin.z < low);
        first..self.origins.partition_point(|origin| origin.z <= high).max(first)
    }

    /// Columns and rows from where a pixel of slice `from` is to where the same index of slice `to` is.
    pub(super) fn shift(&self, from: usize, to: usize) -> DVec2 {
        (self.origins[to] - self.origins[from]).truncate() / self.step
    }

    /// The most that the slices of a range are shifted against each other, in columns and rows, rounded up.
    pub(super) fn most_shift(&self, slices: Range<usize>) -> [usize; 2] {
        let places = self.origins[slices].iter().map(|origin| origin.truncate() / self.step);
        let (low, high) = places
            .fold((DVec2::INFINITY, DVec2::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)));
        let most = (high - low).max(DVec2::ZERO);
        [count_of(most.x - EDGE), count_of(most.y - EDGE)]
    }
}

/// A finite length that is not negative.
pub(super) fn length(mm: Mm) -> Result<f64, MaskError> {
    if mm.0.is_finite() && mm.0 >= 0.0 { Ok(mm.0) } else { Err(MaskError::Length(mm.0)) }
}

/// The first and last index below `count` within `low..=high`, both ends reached by [`EDGE`].
pub(super) fn indices(low: f64, high: f64, count: usize) -> Option<(usize, usize)> {
    let first = (low - EDGE).ceil().max(0.0);
    let last = (high + EDGE).floor().min(count as f64 - 1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the count")]
    (first <= last).then_some((first as usize, last as usize))
}

/// The index whose place is nearest, half a step belonging to the higher one; `None` outside.
pub(super) fn nearest_index(at: f64, count: usize) -> Option<usize> {
    let index = (at + 0.5).floor();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the count")]
    (index >= 0.0 && index < count as f64).then_some(index as usize)
}

/// A length in steps, rounded up.
pub(super) fn count_of(steps: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held within a mask's size")]
    (steps.ceil().clamp(0.0, 65_536.0) as usize)
}

/// A whole number of steps either way, held within a mask's size.
pub(super) fn offset(steps: f64) -> isize {
    #[expect(clippy::cast_possible_truncation, reason = "held within a mask's size")]
    (steps.clamp(-65_536.0, 65_536.0) as isize)
}
