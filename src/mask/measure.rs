use super::axes::{Extent, Moments, extents};
use super::diameter::{Diameter, SliceDiameters, corners, in_slice, longest};
use super::lattice::Lattice;
use super::{Mask, MaskError};
use crate::geometry::{PatientPoint, SliceStack};

/// How big a mask is and where.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measures {
    /// Number of voxels.
    pub voxels: u64,
    /// Volume in mm³: of each slice its pixels times how far they reach along the normal, half way to the neighbouring
    /// slices or, at ends and gaps, the stack's `reach`.
    pub volume_mm3: f64,
    /// Centre of that volume.
    pub centroid: PatientPoint,
    /// The longest line in space between two corners of the voxels' boxes.
    pub diameter: Diameter,
    /// Extents along the mask's own axes, those of its second moments, long to short. None is longer than the diameter.
    pub extents: [Extent; 3],
    /// The longest line within a slice, and across it.
    pub in_slice: SliceDiameters,
    /// Slices from the first to the last that have a voxel, empty ones between them too.
    pub slices: usize,
    /// Whether it has a voxel in an outermost column, row or slice: the lesion may go on outside of the stack.
    pub at_edge: bool,
}

impl Mask {
    /// Sizes and place; `None` for an empty mask.
    pub fn measures(&self, stack: &SliceStack) -> Result<Option<Measures>, MaskError> {
        Ok(self.measured(&Lattice::of(self, stack)?))
    }

    /// Volume in mm³, as in [`Measures::volume_mm3`].
    pub fn volume_mm3(&self, stack: &SliceStack) -> Result<f64, MaskError> {
        Ok(self.volume_in(&Lattice::of(self, stack)?))
    }

    fn measured(&self, lattice: &Lattice<'_>) -> Option<Measures> {
        let bounds = self.bounds()?;
        let moments = Moments::of(self, lattice)?;
        let corners = corners(self, lattice);
        let at_edge =
            (0..3).any(|axis| bounds.first[axis] == 0 || bounds.last[axis] + 1 == self.size()[axis]);
        Some(Measures {
            voxels: self.count(),
            volume_mm3: moments.volume,
            centroid: lattice.patient(moments.centroid),
            diameter: longest(lattice, &corners)?,
            extents: extents(&moments, lattice, &corners),
            in_slice: in_slice(self, lattice, &corners)?,
            slices: bounds.last[2] + 1 - bounds.first[2],
            at_edge,
        })
    }

    pub(super) fn volume_in(&self, lattice: &Lattice<'_>) -> f64 {
        let slices = self.filled_slices();
        slices.filter_map(|slice| Some(self.slice(slice)?.count() as f64 * lattice.voxel_mm3(slice))).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{DOWN, RIGHT, ellipsoid, even, stack};
    use super::*;
    use crate::geometry::SliceStack;
    use glam::{DMat3, DVec3};
    use std::f64::consts::PI;

    const SEMI: [f64; 3] = [20.0, 17.5, 11.0];

    /// Anisotropic, uneven, sheared and fine stacks, each wide enough for any ellipsoid of 20 mm about its middle.
    fn stacks() -> Vec<(&'static str, SliceStack)> {
        let uneven: Vec<f64> = (0..22)
            .scan(0.0, |place, k| Some(std::mem::replace(place, *place + [1.7, 2.5, 2.9][k % 3])))
            .collect();
        vec![
            ("thick", stack(&even(2.5, 20), [0.0, 0.0], [0.4, 0.7], [120, 70])),
            ("uneven", stack(&uneven, [0.0, 0.0], [0.4, 0.7], [121, 71])),
            ("sheared", stack(&even(2.5, 21), [0.1, -0.35], [0.7, 0.4], [82, 151])),
            ("fine", stack(&even(1.0, 45), [0.0, 0.0], [0.45, 0.55], [104, 85])),
        ]
    }

    /// Along the voxels' own directions, and turned in several ways.
    fn orientations() -> Vec<DMat3> {
        let own = DMat3::from_cols(RIGHT, DOWN, RIGHT.cross(DOWN));
        let turned = [(DVec3::X, 0.0), (DVec3::new(1.0, 2.0, 3.0), 0.7), (DVec3::new(-2.0, 1.0, 0.5), 1.3)];
        let turned = turned.map(|(axis, angle)| DMat3::from_axis_angle(axis.normalize(), angle) * own);
        let swapped = DMat3::from_cols(own.z_axis, own.x_axis, own.y_axis);
        turned.into_iter().chain([swapped]).collect()
    }

    fn each(mut check: impl FnMut(&str, &SliceStack, &Mask, DVec3, [DVec3; 3])) {
        for (name, stack) in stacks() {
            let middle = stack.middle().0 + RIGHT * 0.13 - DOWN * 0.21 + RIGHT.cross(DOWN) * 0.4;
            for turn in orientations() {
                let axes = [turn.x_axis, turn.y_axis, turn.z_axis];
                check(name, &stack, &ellipsoid(&stack, middle, axes, SEMI), middle, axes);
            }
        }
    }

    #[test]
    fn an_ellipsoid_has_its_volume_place_and_axes() {
        each(|name, stack, mask, middle, axes| {
            let measures = mask.measures(stack).unwrap().unwrap();
            let volume = 4.0 / 3.0 * PI * SEMI.iter().product::<f64>();
            assert!((volume - 16_126.8).abs() < 0.1);
            assert!((measures.volume_mm3 / volume - 1.0).abs() < 0.03, "{name}: {}", measures.volume_mm3);
            assert!(measures.centroid.0.distance(middle) < 0.15, "{name}: {}", measures.centroid.0 - middle);
            assert!(!measures.at_edge);
            for (extent, axis) in measures.extents.iter().zip(axes) {
                assert!(extent.axis.dot(axis).abs() > 0.99, "{name}: {extent:?} {axis}");
                assert!((extent.axis.length() - 1.0).abs() < 1e-12);
            }
        });
    }

    #[test]
    fn extents_of_an_ellipsoid_are_right_within_half_a_voxel_at_both_ends_and_its_diameter_is_that_of_boxes()
    {
        let (mut all, mut diameters) = (Vec::new(), Vec::new());
        each(|name, stack, mask, _, _| {
            let measures = mask.measures(stack).unwrap().unwrap();
            let spacing = stack.first().spacing();
            let voxel =
                DVec3::new(spacing.between_columns.0, spacing.between_rows.0, stack.between_slices().0);
            let wide = |along: DVec3| {
                DVec3::new(along.dot(RIGHT), along.dot(DOWN), along.dot(RIGHT.cross(DOWN))).abs().dot(voxel)
            };
            for (extent, semi) in measures.extents.iter().zip(SEMI) {
                let (off, wide) = (extent.length.0 - 2.0 * semi, wide(extent.axis));
                // Half a voxel at each end: where the surface lies between two of the voxels' own planes is not known.
                assert!(off.abs() < wide, "{name}: {off} mm along {}", extent.axis);
                all.push((off, off.abs() < wide / 2.0));
            }
            let [a, b] = measures.diameter.ends;
            assert!((a.distance(b).0 - measures.diameter.length.0).abs() < 1e-9);
            // Centres lie in the ellipsoid, and a box reaches half its width beyond its own.
            let off = measures.diameter.length.0 - 40.0;
            assert!(off > -0.1 && off < wide((b.0 - a.0).normalize()), "{name}: {off}");
            assert!(measures.diameter.length >= measures.extents[0].length);
            diameters.push(off);
        });
        let mean = all.iter().map(|(off, _)| off).sum::<f64>() / all.len() as f64;
        let near = all.iter().filter(|(_, near)| *near).count();
        assert!(all.len() == 48 && mean.abs() < 0.2 && near > 42, "{mean} mm long on average, {near} near");
        let mean = diameters.iter().sum::<f64>() / diameters.len() as f64;
        assert!(mean > 0.5 && mean < 2.0, "{mean} mm: as the docs say, whole boxes are long");
    }

    #[test]
    fn numbers_of_a_few_voxels_are_those_counted_by_hand() {
        // Steps of 2, 3 and 2 mm: the slices reach 2, 2.5, 2.5 and 2 mm; pixels of 0.4 x 0.7 mm.
        let stack = stack(&[0.0, 2.0, 5.0, 7.0], [0.0, 0.0], [0.4, 0.7], [12, 9]);
        let mask = Mask::from_fn([12, 9, 4], |column, row, slice| {
            (slice == 1 && row == 3 && (2..=6).contains(&column)) || (slice == 2 && row == 4 && column == 4)
        });
        let measures = mask.measures(&stack).unwrap().unwrap();
        assert_eq!((measures.voxels, measures.slices, measures.at_edge), (6, 2, false));
        assert!((measures.volume_mm3 - 6.0 * 0.4 * 0.7 * 2.5).abs() < 1e-12);
        let long = measures.in_slice.long;
        assert_eq!(measures.in_slice.slice, 1);
        // Five pixels of 0.4 x 0.7 mm from corner to corner, and what of them lies at right angles to that: the height of
        // the row over the cosine between the two, 2 over the diagonal.
        let diagonal = 2.0_f64.hypot(0.7);
        assert!((long.length.0 - diagonal).abs() < 1e-9);
        assert!((measures.in_slice.across.length.0 - 0.7 * diagonal / 2.0).abs() < 1e-9);
        let along = (long.ends[1].0 - long.ends[0].0).normalize();
        assert!((along.dot(RIGHT).abs() - 2.0 / diagonal).abs() < 1e-12);
        // In space from the first pixel's corner at 1 mm to the last one's, a row further down, at 6 mm; the row of five
        // alone is as deep as its slice.
        let deep = DVec3::new(5.0 * 0.4, 0.7, 2.5).length().max(DVec3::new(3.0 * 0.4, 1.4, 5.0).length());
        assert!((measures.diameter.length.0 - deep).abs() < 1e-9, "{:?}", measures.diameter);
        // The boxes' middles: slice 1 reaches from 1 to 3.5 mm, slice 2 from 3.5 to 6.
        let local = measures.centroid.0 - stack.origins()[0];
        let normal = RIGHT.cross(DOWN);
        let place = DVec3::new(local.dot(RIGHT), local.dot(DOWN), local.dot(normal));
        assert!(
            place.distance(DVec3::new(1.6, 19.0 / 6.0 * 0.7, (5.0 * 2.25 + 4.75) / 6.0)) < 1e-9,
            "{place}"
        );
        assert_eq!(Mask::empty([12, 9, 4]).measures(&stack).unwrap(), None);
        let other = Mask::empty([12, 9, 5]).measures(&stack);
        assert_eq!(other, Err(MaskError::Size { mask: [12, 9, 5], other: [12, 9, 4] }));
        let dot = Mask::from_fn([12, 9, 4], |column, row, slice| [column, row, slice] == [11, 2, 3]);
        let dot = dot.measures(&stack).unwrap().unwrap();
        assert!(dot.at_edge && (dot.volume_mm3 - 0.4 * 0.7 * 2.0).abs() < 1e-12);
        let diagonal = 0.4_f64.hypot(0.7);
        assert!((dot.in_slice.long.length.0 - diagonal).abs() < 1e-9);
        assert!((dot.in_slice.across.length.0 - 0.4 * diagonal / 0.7).abs() < 1e-9);
        assert!((dot.diameter.length.0 - DVec3::new(0.4, 0.7, 2.0).length()).abs() < 1e-9);
    }

    #[test]
    fn an_ellipse_in_a_slice_has_both_its_axes() {
        for (name, stack) in stacks() {
            let turn = DMat3::from_axis_angle(RIGHT.cross(DOWN), 0.4);
            let axes = [turn * RIGHT, turn * DOWN, RIGHT.cross(DOWN)];
            let measures = ellipsoid(&stack, stack.middle().0, axes, [20.0, 11.0, 17.5]).measures(&stack);
            let SliceDiameters { slice, long, across } = measures.unwrap().unwrap().in_slice;
            assert!(slice.abs_diff(stack.slices() / 2) <= 1, "{name}: {slice}");
            let off = [long.length.0 - 40.0, across.length.0 - 22.0];
            // From corner to corner: the squares of the outermost pixels lie across the ellipse's edge.
            assert!(off[0] > 0.0 && off[0] < 0.7 && off[1].abs() < 0.6, "{name}: {off:?}");
            let along = |line: &Diameter| (line.ends[1].0 - line.ends[0].0).normalize();
            assert!(along(&long).dot(along(&across)).abs() < 1e-9);
            assert!((across.ends[0].distance(across.ends[1]).0 - across.length.0).abs() < 1e-9);
            assert!(along(&long).dot(axes[0]).abs() > 0.99, "{name}");
        }
    }
}
