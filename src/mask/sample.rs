//! The mask as any plane through the stack cuts it.

use glam::{DVec2, DVec3};

use super::bits::{Area, Bits};
use super::lattice::{EDGE, Lattice, indices, nearest_index};
use super::runs::SliceRuns;
use super::{Mask, MaskError};
use crate::geometry::{FramePlane, PatientPoint, PixelPoint, SliceStack};

/// The pixels of a plane of `size` (columns, rows) whose centre lies in a voxel of the mask; `None` where there are none.
pub(super) fn sample(
    mask: &Mask,
    stack: &SliceStack,
    plane: &FramePlane,
    size: [usize; 2],
) -> Result<Option<Bits>, MaskError> {
    let lattice = Lattice::of(mask, stack)?;
    let Some(own) = mask.area() else { return Ok(None) };
    let slices = crossed(mask, &lattice, plane, own, size);
    let Some(area) = slices.iter().map(|(_, area)| *area).reduce(Area::with) else { return Ok(None) };
    let first = slices[0].0;
    let none = SliceRuns::default();
    let last = slices[slices.len() - 1].0;
    let voxels: Vec<Bits> =
        (first..=last).map(|slice| Bits::of(mask.slice(slice).unwrap_or(&none), own)).collect();
    let mut bits = Bits::new(area);
    let start = lattice.own_from_patient(plane.patient_from_pixel(PixelPoint::new(0.0, 0.0)));
    let to = |column: f64, row: f64| {
        lattice.own_from_patient(plane.patient_from_pixel(PixelPoint::new(column, row))) - start
    };
    let (across, down) = (to(1.0, 0.0), to(0.0, 1.0));
    let line = Line { lattice: &lattice, voxels: &voxels, first };
    for row in 0..area.rows {
        let from = start + down * (area.row + row) as f64;
        line.sample(from, across, area, bits.row_mut(row));
    }
    Ok(Some(bits))
}

/// The slices that the plane may meet the mask in, and where on the plane.
fn crossed(
    mask: &Mask,
    lattice: &Lattice<'_>,
    plane: &FramePlane,
    own: Area,
    size: [usize; 2],
) -> Vec<(usize, Area)> {
    let normal = plane.normal();
    let half = (lattice.step / 2.0).extend(0.0);
    let of_slice = |slice: usize| {
        let [before, after] = lattice.reach[slice];
        let first = lattice.centre(own.column, own.row, slice) - half - DVec3::Z * before;
        let last = lattice.centre(own.column + own.columns - 1, own.row + own.rows - 1, slice)
            + half
            + DVec3::Z * after;
        let corner = |which: usize| {
            let pick = |bit: usize, low: f64, high: f64| if which & bit == 0 { low } else { high };
            let at = DVec3::new(pick(1, first.x, last.x), pick(2, first.y, last.y), pick(4, first.z, last.z));
            lattice.patient(at)
        };
        let corners: [PatientPoint; 8] = std::array::from_fn(corner);
        let heights = corners.map(|corner| (corner.0 - plane.origin().0).dot(normal));
        if heights.iter().all(|height| *height > EDGE) || heights.iter().all(|height| *height < -EDGE) {
            return None;
        }
        let pixels = corners.map(|corner| plane.pixel_from_patient(corner).0.0);
        let (low, high) = pixels
            .iter()
            .fold((DVec2::INFINITY, DVec2::NEG_INFINITY), |(low, high), at| (low.min(*at), high.max(*at)));
        let (left, right) = indices(low.x, high.x, size[0])?;
        let (top, bottom) = indices(low.y, high.y, size[1])?;
        Some((slice, Area { column: left, row: top, columns: right + 1 - left, rows: bottom + 1 - top }))
    };
    mask.filled_slices().filter_map(of_slice).collect()
}

/// What lines of a plane's pixels are sampled from.
struct Line<'a> {
    lattice: &'a Lattice<'a>,
    voxels: &'a [Bits],
    first: usize,
}

impl Line<'_> {
    /// Sets the bits of the pixels of a row of an area that are in the mask; the plane's first pixel of the row is at
    /// `from`.
    fn sample(&self, from: DVec3, step: DVec3, area: Area, words: &mut [u64]) {
        // Along the normal a line goes through the slices in their order: one is followed until it is left.
        let mut known: Option<(usize, [f64; 2])> = None;
        for column in 0..area.columns {
            let at = from + step * (area.column + column) as f64;
            if known.is_none_or(|(_, [low, high])| at.z < low || at.z >= high) {
                known = self.slice_at(at.z);
            }
            let Some((slice, _)) = known else { continue };
            let Some(voxels) = slice.checked_sub(self.first).and_then(|index| self.voxels.get(index)) else {
                continue;
            };
            let pixel = (at - self.lattice.origins[slice]).truncate() / self.lattice.step;
            let place = (
                nearest_index(pixel.x + EDGE, self.lattice.size[0]),
                nearest_index(pixel.y + EDGE, self.lattice.size[1]),
            );
            if let (Some(own_column), Some(own_row)) = place
                && voxels.get(own_column, own_row)
            {
                words[column / 64] |= 1 << (column % 64);
            }
        }
    }

    /// The slice whose voxels a place along the normal lies in, and where they begin and end.
    fn slice_at(&self, place: f64) -> Option<(usize, [f64; 2])> {
        let after = self.lattice.origins.partition_point(|origin| origin.z <= place);
        let near = [after.checked_sub(1), Some(after)].into_iter().flatten();
        near.filter(|slice| *slice < self.lattice.size[2])
            .map(|slice| (slice, self.lattice.extent(slice).map(|end| end - EDGE)))
            .find(|(_, [low, high])| (*low..*high).contains(&place))
    }
}
