//! Stacks that are neither square nor axial nor at zero, and masks on them.

use glam::DVec3;

use super::Mask;
use crate::geometry::{FramePlane, Mm, PatientPoint, PixelSpacing, SliceStack};

/// Unit vectors right and down of no common plane: the normal is (2, -2, 1) / 3.
pub(super) const RIGHT: DVec3 = DVec3::new(2.0 / 3.0, 1.0 / 3.0, -2.0 / 3.0);
pub(super) const DOWN: DVec3 = DVec3::new(1.0 / 3.0, 2.0 / 3.0, 2.0 / 3.0);

/// Slices at these mm along the normal, shifted by mm right and down for each mm; spacing between columns and rows.
pub(super) fn stack(places: &[f64], shear: [f64; 2], spacing: [f64; 2], size: [usize; 2]) -> SliceStack {
    let normal = RIGHT.cross(DOWN);
    let plane = |place: &f64| {
        let origin = DVec3::new(-41.0, 23.5, 107.0)
            + normal * *place
            + RIGHT * (shear[0] * *place)
            + DOWN * (shear[1] * *place);
        let spacing = PixelSpacing::new(Mm(spacing[1]), Mm(spacing[0])).unwrap();
        FramePlane::new(PatientPoint(origin), RIGHT, DOWN, spacing).unwrap()
    };
    let planes: Vec<FramePlane> = places.iter().map(plane).collect();
    SliceStack::new(&planes, size, &vec![None; places.len()]).unwrap()
}

/// So many places with one step.
pub(super) fn even(step: f64, slices: usize) -> Vec<f64> {
    (0..slices).map(|slice| slice as f64 * step).collect()
}

/// The plane of a slice.
pub(super) fn plane_of(stack: &SliceStack, slice: usize) -> FramePlane {
    let first = stack.first();
    let origin = PatientPoint(stack.origins()[slice]);
    FramePlane::new(origin, first.right(), first.down(), first.spacing()).unwrap()
}

/// Centre of a voxel.
pub(super) fn centre(stack: &SliceStack, column: usize, row: usize, slice: usize) -> DVec3 {
    stack.patient_from_voxel(DVec3::new(column as f64, row as f64, slice as f64)).0
}

/// The voxels whose centre lies in an ellipsoid of these semi-axes in mm along unit vectors at right angles.
pub(super) fn ellipsoid(stack: &SliceStack, middle: DVec3, axes: [DVec3; 3], semi: [f64; 3]) -> Mask {
    Mask::from_fn(super::voxels::size_of(stack), |column, row, slice| {
        let off = centre(stack, column, row, slice) - middle;
        (0..3).map(|axis| (off.dot(axes[axis]) / semi[axis]).powi(2)).sum::<f64>() <= 1.0
    })
}

/// Bits by a fixed rule that looks like chance: about one in `one_in`.
pub(super) fn noise(size: [usize; 3], one_in: u64, seed: u64) -> Mask {
    Mask::from_fn(size, |column, row, slice| {
        let place = ((slice * size[1] + row) * size[0] + column) as u64;
        // SplitMix64 (Steele, Lea and Flood 2014).
        let mut state = (place + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(seed);
        state = (state ^ state >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        state = (state ^ state >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        (state ^ state >> 31).is_multiple_of(one_in)
    })
}
