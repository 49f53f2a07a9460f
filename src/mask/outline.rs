use glam::DVec2;

use super::runs::{Run, SliceRuns};
use super::sample::sample;
use super::trace::outlines;
use super::{Mask, MaskError};
use crate::geometry::{FramePlane, SliceStack};

impl Mask {
    /// The pixels of any plane of `size` (columns, rows) whose centre lies in a voxel of the mask, as runs in row-major
    /// order. On a plane of the stack itself these are the slice's own runs.
    pub fn sampled(
        &self,
        stack: &SliceStack,
        plane: &FramePlane,
        size: [usize; 2],
    ) -> Result<Vec<Run>, MaskError> {
        let bits = sample(self, stack, plane, size)?;
        let runs = bits.map_or_else(SliceRuns::default, |bits| bits.runs());
        Ok(runs.iter().collect())
    }

    /// Closed outlines of those pixels along their edges, in (column, row) of the plane: corners at half-integers, only
    /// where the line turns, the last joining the first. Outer ones run clockwise as seen, holes the other way, so that
    /// signed areas add up to the number of pixels. What touches by a corner only is apart.
    pub fn outline(
        &self,
        stack: &SliceStack,
        plane: &FramePlane,
        size: [usize; 2],
    ) -> Result<Vec<Vec<DVec2>>, MaskError> {
        let bits = sample(self, stack, plane, size)?;
        Ok(bits.as_ref().map_or_else(Vec::new, outlines))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{DOWN, RIGHT, centre, ellipsoid, even, noise, plane_of, stack};
    use super::super::lattice::Lattice;
    use super::*;
    use crate::geometry::{Mm, PatientPoint, PixelPoint, PixelSpacing};
    use glam::DVec3;
    use proptest::prelude::*;

    fn signed_area(outline: &[DVec2]) -> f64 {
        let next = outline.iter().cycle().skip(1);
        outline.iter().zip(next).map(|(a, b)| a.perp_dot(*b)).sum::<f64>() / 2.0
    }

    #[test]
    fn an_outline_turns_at_the_corners_of_pixels() {
        let stack = stack(&even(2.5, 3), [0.0, 0.3], [0.4, 0.7], [9, 8]);
        // A frame of 4 x 3 pixels with a hole of two, and a pixel that touches its corner.
        let mask = Mask::from_fn([9, 8, 3], |c, r, s| {
            s == 1
                && (((2..6).contains(&c) && (1..4).contains(&r) && !(r == 2 && (3..5).contains(&c)))
                    || (c, r) == (6, 4))
        });
        let outlines = mask.outline(&stack, &plane_of(&stack, 1), [9, 8]).unwrap();
        let corners = |list: &[(f64, f64)]| list.iter().map(|(x, y)| DVec2::new(*x, *y)).collect::<Vec<_>>();
        assert_eq!(
            outlines,
            [
                corners(&[(5.5, 0.5), (5.5, 3.5), (1.5, 3.5), (1.5, 0.5)]),
                corners(&[(2.5, 2.5), (4.5, 2.5), (4.5, 1.5), (2.5, 1.5)]),
                corners(&[(6.5, 3.5), (6.5, 4.5), (5.5, 4.5), (5.5, 3.5)]),
            ]
        );
        assert!(mask.outline(&stack, &plane_of(&stack, 2), [9, 8]).unwrap().is_empty());
        assert_eq!(
            mask.sampled(&stack, &plane_of(&stack, 1), [9, 8]).unwrap(),
            mask.slice_runs(1).collect::<Vec<_>>()
        );
    }

    proptest! {
        #[test]
        fn a_plane_holds_what_asking_at_each_pixel_finds(
            seed in any::<u64>(), one_in in 1..40_u64, which in 0..6_usize,
            turn in (-1.0..1.0_f64, -1.0..1.0_f64, -1.0..1.0_f64), off in (-2.0..2.0_f64, -2.0..2.0_f64, -2.0..2.0_f64)
        ) {
            let stack = stack(&[0.0, 1.7, 4.2, 5.9, 12.0, 14.0], [0.2, -0.3], [0.7, 0.45], [23, 19]);
            let mask = noise([23, 19, 6], one_in, seed);
            // The slices themselves hold their own runs.
            let own = mask.sampled(&stack, &plane_of(&stack, which), [23, 19]).unwrap();
            prop_assert_eq!(own, mask.slice_runs(which).collect::<Vec<_>>());
            let axis = DVec3::new(turn.0, turn.1, turn.2).try_normalize().unwrap_or(DVec3::X);
            let turn = glam::DMat3::from_axis_angle(axis, 1.1);
            let spacing = PixelSpacing::new(Mm(0.53), Mm(0.41)).unwrap();
            let size = [60, 50];
            let origin = stack.middle().0 + DVec3::new(off.0, off.1, off.2)
                - turn * RIGHT * (30.0 * 0.41) - turn * DOWN * (25.0 * 0.53);
            let plane = FramePlane::new(PatientPoint(origin), turn * RIGHT, turn * DOWN, spacing).unwrap();
            let runs = mask.sampled(&stack, &plane, size).unwrap();
            let lattice = Lattice::new(&stack);
            let mut count = 0;
            for row in 0..size[1] {
                for column in 0..size[0] {
                    let at = plane.patient_from_pixel(PixelPoint::new(column as f64, row as f64));
                    let local = lattice.own_from_patient(at);
                    let slice = (0..6).find(|s| { let [low, high] = lattice.extent(*s); low <= local.z && local.z < high });
                    let set = slice.is_some_and(|slice| {
                        let pixel = ((local - lattice.origins[slice]).truncate() / lattice.step + 0.5).floor();
                        (0..23).any(|c| (0..19).any(|r| pixel == DVec2::new(c as f64, r as f64) && mask.contains(c, r, slice)))
                    });
                    let found = runs.iter().any(|run| run.row == row && (run.first..=run.last).contains(&column));
                    prop_assert_eq!(set, found, "{} {}", column, row);
                    count += usize::from(set);
                }
            }
            let outlines = mask.outline(&stack, &plane, size).unwrap();
            let area: f64 = outlines.iter().map(|outline| signed_area(outline)).sum();
            prop_assert!((area - count as f64).abs() < 1e-9);
            for outline in &outlines {
                for (index, corner) in outline.iter().enumerate() {
                    let next = outline[(index + 1) % outline.len()] - *corner;
                    let after = outline[(index + 2) % outline.len()] - outline[(index + 1) % outline.len()];
                    prop_assert!(next.dot(after) == 0.0 && next.length() >= 1.0 && corner.fract().abs() == DVec2::splat(0.5));
                }
            }
        }
    }

    #[test]
    fn an_oblique_cut_through_a_ball_is_a_disc() {
        let stack = stack(&even(1.0, 40), [0.1, 0.2], [0.45, 0.6], [100, 80]);
        let middle = centre(&stack, 50, 40, 20);
        let ball = ellipsoid(&stack, middle, [RIGHT, DOWN, RIGHT.cross(DOWN)], [14.0; 3]);
        let right = DVec3::new(0.36, 0.48, 0.8);
        let down = DVec3::new(0.8, -0.6, 0.0);
        let spacing = PixelSpacing::new(Mm(0.5), Mm(0.4)).unwrap();
        // 5 mm beside the middle: a disc of the square root of 14² - 5².
        let origin = middle + right.cross(down) * 5.0 - right * 20.0 - down * 22.0;
        let plane = FramePlane::new(PatientPoint(origin), right, down, spacing).unwrap();
        let outlines = ball.outline(&stack, &plane, [100, 90]).unwrap();
        let area: f64 = outlines.iter().map(|outline| signed_area(outline)).sum();
        assert!((area * 0.2 / (std::f64::consts::PI * 171.0) - 1.0).abs() < 0.01, "{}", area * 0.2);
    }
}
