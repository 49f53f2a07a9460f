//! Where does a region run to the end of what was imaged?

use std::f64::consts::PI;

use glam::DVec3;

use super::Mask;
use crate::geometry::{Mm, PatientPoint, SliceStack};

/// How a region meets the ends of the slices that it lies on.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Ends {
    /// Of the slice where it is largest: the pixel edges that the region has in common with the border of the image,
    /// as a share of the outline of a disc of the region's area in that slice. 0 where it keeps off the border, or
    /// meets it with one edge only.
    pub border: f64,
    /// Whether a voxel of it lies in the first slice.
    pub first: bool,
    /// Whether a voxel of it lies in the last slice.
    pub last: bool,
}

impl Mask {
    /// How the mask meets the ends of its stack. `is_outside` says of the pixel at a column, row and slice whether it
    /// holds nothing (padding around a round field of view): the image's border is there as well.
    pub fn ends(&self, is_outside: impl Fn([usize; 3]) -> bool) -> Ends {
        let [columns, rows, slices] = self.size();
        let mut ends = Ends::default();
        for slice in self.filled_slices() {
            let (mut area, mut edges) = (0, 0);
            for run in self.slice_runs(slice) {
                area += run.count();
                let left = run.first.checked_sub(1).map(|column| [column, run.row, slice]);
                let right = Some([run.last + 1, run.row, slice]).filter(|[column, ..]| *column < columns);
                edges += [left, right].into_iter().filter(|beside| beside.is_none_or(&is_outside)).count();
                // The first and the last row: each of its pixels has an edge there.
                edges +=
                    [run.row == 0, run.row + 1 == rows].into_iter().filter(|at| *at).count() * run.count();
            }
            if edges > 1 {
                let outline = 2.0 * (PI * area as f64).sqrt();
                ends.border = ends.border.max(edges as f64 / outline);
            }
            ends.first |= slice == 0;
            ends.last |= slice + 1 == slices;
        }
        ends
    }

    /// How far the centre of its farthest voxel is from a point, mm; `None` of an empty mask.
    pub fn farthest_from(&self, point: PatientPoint, stack: &SliceStack) -> Option<Mm> {
        let runs = self.filled_slices().flat_map(|slice| self.slice_runs(slice).map(move |run| (slice, run)));
        // Along a straight run the distance is greatest at one of its ends.
        let far = runs.flat_map(|(slice, run)| {
            [run.first, run.last].map(|column| {
                let voxel = DVec3::new(column as f64, run.row as f64, slice as f64);
                stack.patient_from_voxel(voxel).0.distance(point.0)
            })
        });
        far.fold(None, |most: Option<f64>, far| Some(most.map_or(far, |most| most.max(far)))).map(Mm)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{centre, even, stack};
    use super::*;

    const SIZE: [usize; 3] = [40, 30, 7];

    /// A box of voxels, the last ones included.
    fn block(columns: [usize; 2], rows: [usize; 2], slices: [usize; 2]) -> Mask {
        let within = |at: usize, [first, last]: [usize; 2]| (first..=last).contains(&at);
        Mask::from_fn(SIZE, |c, r, s| within(c, columns) && within(r, rows) && within(s, slices))
    }

    fn inside(_at: [usize; 3]) -> bool {
        false
    }

    #[test]
    fn each_side_of_the_image_and_each_end_of_the_stack_counts() {
        assert_eq!(block([1, 38], [1, 28], [1, 5]).ends(inside), Ends::default());
        assert_eq!(Mask::empty(SIZE).ends(inside), Ends::default());
        // 10 x 10 pixels: an outline of 35.4 pixel edges, 10 of them at the border.
        for (columns, rows) in
            [([0, 9], [9, 18]), ([30, 39], [9, 18]), ([9, 18], [0, 9]), ([9, 18], [20, 29])]
        {
            let ends = block(columns, rows, [2, 3]).ends(inside);
            assert!((ends.border - 10.0 / (2.0 * (PI * 100.0).sqrt())).abs() < 1e-12, "{ends:?}");
            assert!(!ends.first && !ends.last);
        }
        // A corner has edges on two sides.
        let corner = block([30, 39], [20, 29], [2, 2]).ends(inside).border;
        assert!((corner - 20.0 / (2.0 * (PI * 100.0).sqrt())).abs() < 1e-12, "{corner}");
        let ends = block([9, 18], [9, 18], [0, 3]).ends(inside);
        assert_eq!((ends.border, ends.first, ends.last), (0.0, true, false));
        let ends = block([9, 18], [9, 18], [4, 6]).ends(inside);
        assert_eq!((ends.border, ends.first, ends.last), (0.0, false, true));
    }

    #[test]
    fn a_single_edge_is_no_border_and_padding_is() {
        let nose = block([1, 9], [9, 18], [3, 3]).union(&block([0, 0], [12, 12], [3, 3])).unwrap();
        assert_eq!(nose.ends(inside), Ends::default());
        // Left of column 5 there is padding.
        let ends = block([5, 14], [9, 18], [3, 3]).ends(|[column, ..]| column < 5);
        assert!((ends.border - 10.0 / (2.0 * (PI * 100.0).sqrt())).abs() < 1e-12, "{ends:?}");
    }

    #[test]
    fn the_farthest_voxel_is_found_on_a_sheared_stack() {
        let stack = stack(&even(2.5, 7), [0.31, -0.47], [0.7, 0.4], [40, 30]);
        let region = block([9, 18], [5, 11], [2, 4]);
        let from = centre(&stack, 12, 7, 3);
        let all = (9..=18).flat_map(|c| (5..=11).flat_map(move |r| (2..=4).map(move |s| (c, r, s))));
        let far = all.map(|(c, r, s)| centre(&stack, c, r, s).distance(from)).fold(0.0, f64::max);
        let found = region.farthest_from(PatientPoint(from), &stack).unwrap();
        assert!((found.0 - far).abs() < 1e-9 && far > 3.0, "{found:?} {far}");
        assert_eq!(Mask::empty(SIZE).farthest_from(PatientPoint(from), &stack), None);
    }
}
