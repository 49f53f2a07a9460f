use glam::DVec2;
use rayon::prelude::*;

use super::bits::{Area, Bits};
use super::field::{Plane, signed_distance};
use super::lattice::Lattice;
use super::runs::SliceRuns;
use super::{Mask, MaskError};
use crate::geometry::SliceStack;
use crate::work::Cancel;

impl Mask {
    /// The mask with its empty slices between the first and the last that are not filled by shape: where the signed
    /// distances in the slices on either side, weighted by the true places of the slices, are inside on average (Raya
    /// and Udupa, Shape-based interpolation of multidimensional objects, IEEE TMI 9 (1990)).
    ///
    /// Two outlines that do not overlap are first laid over each other by their centroids, so that what moves from
    /// slice to slice is not lost between them.
    pub fn interpolated(&self, stack: &SliceStack, cancel: &Cancel) -> Result<Self, MaskError> {
        let lattice = Lattice::of(self, stack)?;
        let mut mask = self.clone();
        let filled: Vec<usize> = self.filled_slices().collect();
        for pair in filled.windows(2).filter(|pair| pair[1] - pair[0] > 1) {
            let (Some(before), Some(after)) = (self.slice(pair[0]), self.slice(pair[1])) else { continue };
            let between = Between::new(&lattice, [pair[0], pair[1]], [before, after]);
            let slices = (pair[0] + 1..pair[1]).into_par_iter().map(|slice| {
                if cancel.is_cancelled() {
                    return Err(MaskError::Cancelled);
                }
                Ok((slice, between.at(&lattice, slice)))
            });
            for (slice, runs) in slices.collect::<Result<Vec<_>, _>>()? {
                mask.put(slice, runs);
            }
        }
        Ok(mask)
    }
}

/// Two outlines and what lies between them.
struct Between {
    slices: [usize; 2],
    /// Signed distances, of one area that is wide enough for all slices between.
    distances: [Plane; 2],
    /// mm that the second outline is moved against the first.
    moved: DVec2,
}

impl Between {
    fn new(lattice: &Lattice<'_>, slices: [usize; 2], runs: [&SliceRuns; 2]) -> Self {
        let area = runs.into_iter().filter_map(Area::around).reduce(Area::with);
        let area = area.unwrap_or(Area { column: 0, row: 0, columns: 1, rows: 1 });
        let [across, down] = lattice.most_shift(slices[0]..slices[1] + 1);
        let area = area.wider([across + 2, down + 2], lattice.slice_size());
        let distances = runs.map(|runs| signed_distance(runs, area, lattice.step));
        let centre =
            |which: usize| centroid(runs[which]) * lattice.step + lattice.origins[slices[which]].truncate();
        let moved = centre(1) - centre(0);
        let mut between = Self { slices, distances, moved: DVec2::ZERO };
        let first = Bits::of(runs[0], area).runs();
        let overlap = between.part(lattice, slices[0], 1, DVec2::ZERO, 1.0);
        if first.joined(&inside(&overlap), |own, other| own && other).is_empty() {
            between.moved = moved;
        }
        between
    }

    /// Distances of an outline as found in another slice, moved by mm, times a weight.
    fn part(&self, lattice: &Lattice<'_>, slice: usize, which: usize, moved: DVec2, weight: f64) -> Plane {
        let other = &self.distances[which];
        let mut part = Plane { area: other.area, values: vec![0.0; other.values.len()] };
        let shift = lattice.shift(self.slices[which], slice) - moved / lattice.step;
        part.add_shifted(other, shift, weight);
        part
    }

    fn at(&self, lattice: &Lattice<'_>, slice: usize) -> SliceRuns {
        let place = |slice: usize| lattice.origins[slice].z;
        let [before, after] = self.slices.map(place);
        let share = (place(slice) - before) / (after - before);
        let mut sum = self.part(lattice, slice, 0, self.moved * share, 1.0 - share);
        let other = self.part(lattice, slice, 1, self.moved * (share - 1.0), share);
        for (place, value) in sum.values.iter_mut().zip(other.values) {
            *place += value;
        }
        inside(&sum)
    }
}

/// The pixels with a value above 0.
fn inside(plane: &Plane) -> SliceRuns {
    pixels_above(plane, 0.0)
}

/// The pixels of a plane with a value above some value.
pub(super) fn pixels_above(plane: &Plane, least: f32) -> SliceRuns {
    let mut bits = Bits::new(plane.area);
    for row in 0..plane.area.rows {
        let values = plane.row(row);
        let mut column = 0;
        for run in values.chunk_by(|a, b| (*a > least) == (*b > least)) {
            if run[0] > least {
                bits.set(row, column, column + run.len() - 1);
            }
            column += run.len();
        }
    }
    bits.runs()
}

/// Mean column and row.
fn centroid(runs: &SliceRuns) -> DVec2 {
    let sum = runs.iter().fold(DVec2::ZERO, |sum, run| {
        let middle = DVec2::new((run.first + run.last) as f64 / 2.0, run.row as f64);
        sum + middle * run.count() as f64
    });
    sum / runs.count().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::super::Run;
    use super::super::fixture::{DOWN, RIGHT, ellipsoid, stack};
    use super::*;
    use glam::DVec3;

    #[test]
    fn slices_between_outlines_of_a_body_are_the_body_again() {
        let uneven: Vec<f64> =
            (0..24).scan(0.0, |at, k| Some(std::mem::replace(at, *at + [0.8, 1.9][k % 2]))).collect();
        for shear in [[0.0, 0.0], [0.2, -0.3]] {
            let stack = stack(&uneven, shear, [0.5, 0.7], [90, 80]);
            let axes = [RIGHT, DOWN, RIGHT.cross(DOWN)];
            let whole = ellipsoid(&stack, stack.middle().0, axes, [14.0, 9.0, 12.0]);
            let filled: Vec<usize> = whole.filled_slices().collect();
            let kept = |slice: usize| (slice - filled[0]).is_multiple_of(3) || Some(&slice) == filled.last();
            let drawn = Mask::from_fn(whole.size(), |c, r, s| whole.contains(c, r, s) && kept(s));
            let again = drawn.interpolated(&stack, &Cancel::default()).unwrap();
            for slice in &filled {
                let count = |mask: &Mask| mask.slice_runs(*slice).map(Run::count).sum::<usize>() as f64;
                assert!(count(&again) <= 1.02 * count(&whole) + 2.0, "{slice}");
                assert!(!kept(*slice) || again.shares_slice(&drawn, *slice));
            }
            let other = again.difference(&whole).unwrap().count() + whole.difference(&again).unwrap().count();
            // Between straight lines a round body loses some, most near to its ends.
            assert!(other * 16 < whole.count(), "{other} of {}", whole.count());
        }
    }

    #[test]
    fn what_moves_from_slice_to_slice_is_not_lost_and_true_places_count() {
        // 1 mm and then 3 mm to the next outline: a quarter of the way.
        let stack = stack(&[0.0, 1.0, 4.0], [0.0, 0.0], [0.5, 0.7], [60, 30]);
        let disc = |at: usize, slice: usize| {
            let middle = stack.patient_from_voxel(DVec3::new(at as f64, 15.0, slice as f64)).0;
            let axes = [RIGHT, DOWN, RIGHT.cross(DOWN)];
            ellipsoid(&stack, middle, axes, [3.05, 3.05, 0.1])
        };
        let two = disc(10, 0).union(&disc(50, 2)).unwrap();
        let three = two.interpolated(&stack, &Cancel::default()).unwrap();
        assert_eq!(three, two.union(&disc(20, 1)).unwrap());
        let one = disc(10, 0);
        assert_eq!(one.interpolated(&stack, &Cancel::default()).unwrap(), one);
    }
}
