//! The pixels within the thresholds, as growth asks for them.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Mutex;

use super::MaskError;
use super::bits::{Area, Bits};
use super::grow::Growth;
use super::lattice::{Lattice, indices, length};
use super::margin::around;

/// The pixels that growth may go through.
pub(super) struct Field<'a, F> {
    pub(super) lattice: &'a Lattice<'a>,
    accepts: F,
    /// The part of the slices that is looked at: what the limit leaves, and what bears on it.
    pub(super) area: Area,
    /// The slices within the limit.
    pub(super) slices: Range<usize>,
    /// Row-major seed and radius in mm of the limit.
    limit: Option<([usize; 3], f64)>,
    missing: Mutex<BTreeSet<usize>>,
}

impl<'a, F: Fn(usize) -> Option<Vec<u64>> + Sync> Field<'a, F> {
    pub(super) fn new(lattice: &'a Lattice<'a>, growth: &Growth, accepts: F) -> Result<Self, MaskError> {
        let seed = growth.seed;
        let whole = Area::whole(lattice.slice_size());
        let (mut area, mut slices) = (whole, 0..lattice.size[2]);
        let mut limit = None;
        if let Some(radius) = growth.limit.radius {
            let radius = length(radius)?;
            limit = Some((seed, radius));
            let place = lattice.origins[seed[2]].z;
            slices = lattice.slices_within(place - radius, place + radius);
            let pixel = Area { column: seed[0], row: seed[1], columns: 1, rows: 1 };
            let open = growth.open.map_or(Ok(0.0), length)?;
            area = around(lattice, radius + open, slices.clone(), pixel);
        }
        if growth.one_slice {
            slices = seed[2]..seed[2] + 1;
        }
        Ok(Self { lattice, accepts, area, slices, limit, missing: Mutex::default() })
    }

    /// The accepted pixels of a slice, within the limit or not.
    pub(super) fn pixels(&self, slice: usize) -> Option<Bits> {
        let [columns, rows] = self.lattice.slice_size();
        let words = (self.accepts)(slice).filter(|words| words.len() == (columns * rows).div_ceil(64));
        if words.is_none()
            && let Ok(mut missing) = self.missing.lock()
        {
            missing.insert(slice);
        }
        Some(Bits::of_words(&words?, columns, self.area))
    }

    /// Those of the pixels of a slice that lie within the limit.
    pub(super) fn limited(&self, slice: usize, mut bits: Bits) -> Bits {
        let Some(([column, row, seed_slice], radius)) = self.limit else { return bits };
        let seed = self.lattice.centre(column, row, seed_slice);
        for row in 0..self.area.rows {
            let first = self.lattice.centre(self.area.column, self.area.row + row, slice);
            let off = seed - first;
            let left = radius * radius - off.y * off.y - off.z * off.z;
            let (middle, half) = (off.x / self.lattice.step.x, left.max(0.0).sqrt() / self.lattice.step.x);
            let kept = indices(middle - half, middle + half, self.area.columns);
            bits.keep(row, kept.filter(|_| left >= -1e-9));
        }
        bits
    }

    /// The slices that were asked for and missing, ascending.
    pub(super) fn into_missing(self) -> Vec<usize> {
        self.missing.into_inner().unwrap_or_default().into_iter().collect()
    }
}
