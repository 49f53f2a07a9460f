use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use super::MaskError;
use super::bits::Area;
use super::runs::{Run, SliceRuns};
use crate::geometry::SliceStack;

/// The most columns, rows or slices of a mask.
pub(super) const MOST: usize = 65_535;

/// Some voxels of a stack. A value: edits give a new one, which shares the slices that stayed the same.
///
/// Written as JSON it is its size and, for each slice that is not empty, its index and its runs: pairs of the pixels
/// skipped in row-major order since the last run's end (or the first pixel) and the pixels that follow in one row. What
/// is read is a mask, but of whatever size the file says: [`Mask::fits`] tells whether it is one of a stack.
#[derive(Clone)]
pub struct Mask {
    /// Columns, rows, slices.
    size: [usize; 3],
    /// Those of the slices that have a voxel: a file may claim any size without costing memory.
    slices: BTreeMap<usize, Arc<SliceRuns>>,
}

/// Not the runs: they are thousands of numbers.
impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mask")
            .field("size", &self.size)
            .field("voxels", &self.count())
            .finish_non_exhaustive()
    }
}

/// First and last column, row and slice of some voxels, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VoxelBox {
    /// The lowest column, row and slice.
    pub first: [usize; 3],
    /// The highest column, row and slice.
    pub last: [usize; 3],
}

impl Mask {
    /// No voxel of so many columns, rows and slices. A side above 65,535 is cut to it; such a mask fits no stack.
    pub fn empty(size: [usize; 3]) -> Self {
        let size = size.map(|side| side.min(MOST));
        Self { size, slices: BTreeMap::new() }
    }

    /// No voxel of a stack.
    pub fn empty_on(stack: &SliceStack) -> Self {
        Self::empty(size_of(stack))
    }

    /// The voxels for which `belongs` says so, asked for each (column, row, slice).
    pub fn from_fn(size: [usize; 3], belongs: impl Fn(usize, usize, usize) -> bool) -> Self {
        let mut mask = Self::empty(size);
        let [columns, rows, slices] = mask.size;
        for slice in 0..slices {
            let pixels = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
            let runs = pixels
                .filter(|(column, row)| belongs(*column, *row, slice))
                .map(|(column, row)| Run { row, first: column, last: column });
            mask.put(slice, SliceRuns::new(runs));
        }
        mask
    }

    /// Columns, rows, slices.
    pub fn size(&self) -> [usize; 3] {
        self.size
    }

    /// Whether the mask has the size of a stack.
    pub fn fits(&self, stack: &SliceStack) -> bool {
        self.size == size_of(stack)
    }

    /// Whether a voxel belongs to the mask; one outside of its size does not.
    pub fn contains(&self, column: usize, row: usize, slice: usize) -> bool {
        self.slice(slice).is_some_and(|runs| runs.contains(column, row))
    }

    /// Number of voxels.
    pub fn count(&self) -> u64 {
        self.slices.values().map(|runs| runs.count()).sum()
    }

    /// Whether the mask has no voxel.
    pub fn is_empty(&self) -> bool {
        self.slices.is_empty()
    }

    /// The runs of a slice in row-major order, none touching the next in its row; none outside of the stack.
    pub fn slice_runs(&self, slice: usize) -> impl Iterator<Item = Run> + '_ {
        self.slice(slice).into_iter().flat_map(SliceRuns::iter)
    }

    /// The slices that have a voxel, ascending.
    pub fn filled_slices(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        self.slices.keys().copied()
    }

    /// Calls `each` with the slice of every run and the run, by slice and then row-major.
    pub fn for_each_run(&self, mut each: impl FnMut(usize, Run)) {
        for slice in self.filled_slices() {
            for run in self.slice_runs(slice) {
                each(slice, run);
            }
        }
    }

    /// The smallest box of voxels around the mask; `None` where it is empty.
    pub fn bounds(&self) -> Option<VoxelBox> {
        let area = self.area()?;
        let (first, last) = (self.filled_slices().next()?, self.filled_slices().next_back()?);
        Some(VoxelBox {
            first: [area.column, area.row, first],
            last: [area.column + area.columns - 1, area.row + area.rows - 1, last],
        })
    }

    /// Whether a slice of this mask and of another are one piece of memory, or both empty.
    pub fn shares_slice(&self, other: &Self, slice: usize) -> bool {
        let within = slice < self.size[2] && slice < other.size[2];
        within && same(self.slices.get(&slice), other.slices.get(&slice))
    }

    /// The voxels of either mask.
    pub fn union(&self, other: &Self) -> Result<Self, MaskError> {
        self.joined(other, |own, other| own || other)
    }

    /// The voxels of both masks.
    pub fn intersection(&self, other: &Self) -> Result<Self, MaskError> {
        self.joined(other, |own, other| own && other)
    }

    /// The voxels of this mask that the other does not have.
    pub fn difference(&self, other: &Self) -> Result<Self, MaskError> {
        self.joined(other, |own, other| own && !other)
    }

    fn joined(&self, other: &Self, keeps: impl Fn(bool, bool) -> bool) -> Result<Self, MaskError> {
        if self.size != other.size {
            return Err(MaskError::Size { mask: self.size, other: other.size });
        }
        let mut result = self.clone();
        let none = SliceRuns::default();
        let filled: BTreeSet<usize> = self.filled_slices().chain(other.filled_slices()).collect();
        for slice in filled {
            let [own, others] = [self.slices.get(&slice), other.slices.get(&slice)];
            let [has, had] = [own.is_some(), others.is_some()];
            if same(own, others) && keeps(true, true) || has && !had && keeps(true, false) {
                continue;
            }
            if let Some(others) = others.filter(|_| !has && keeps(false, true)) {
                result.slices.insert(slice, Arc::clone(others));
                continue;
            }
            let [own, others] = [own, others].map(|runs| runs.map_or(&none, |runs| runs.as_ref()));
            result.put(slice, own.joined(others, &keeps));
        }
        Ok(result)
    }

    /// The runs of a slice, if it has any.
    pub(super) fn slice(&self, slice: usize) -> Option<&SliceRuns> {
        self.slices.get(&slice).map(AsRef::as_ref)
    }

    /// Sets a slice of a mask that is being made; a slice that stays the same stays shared.
    pub(super) fn put(&mut self, slice: usize, runs: SliceRuns) {
        if slice >= self.size[2] {
            return;
        }
        if runs.is_empty() {
            self.slices.remove(&slice);
        } else if self.slices.get(&slice).is_none_or(|own| **own != runs) {
            self.slices.insert(slice, Arc::new(runs));
        }
    }

    /// The smallest area of the slices that holds all pixels of the mask.
    pub(super) fn area(&self) -> Option<Area> {
        self.slices.values().filter_map(|runs| Area::around(runs)).reduce(Area::with)
    }
}

impl PartialEq for Mask {
    fn eq(&self, other: &Self) -> bool {
        let mut pairs = self.slices.iter().zip(&other.slices);
        let alike = self.size == other.size && self.slices.len() == other.slices.len();
        alike && pairs.all(|((a, own), (b, others))| a == b && (Arc::ptr_eq(own, others) || own == others))
    }
}

impl Eq for Mask {}

fn same(a: Option<&Arc<SliceRuns>>, b: Option<&Arc<SliceRuns>>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => Arc::ptr_eq(a, b),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// Columns, rows and slices of a stack.
pub(super) fn size_of(stack: &SliceStack) -> [usize; 3] {
    let [columns, rows] = stack.size();
    [columns, rows, stack.slices()]
}
