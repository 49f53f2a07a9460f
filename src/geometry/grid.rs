use glam::{DMat3, DVec3};

use super::{FramePlane, Mm, PatientPoint};

/// A regular stack of frames: an affine grid, sheared when the gantry was tilted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VolumeGrid {
    /// Centre of the first voxel of the first slice.
    pub origin: PatientPoint,
    /// mm from one column, row and slice to the next.
    pub steps: [DVec3; 3],
    /// Columns, rows, slices.
    pub size: [usize; 3],
}

impl VolumeGrid {
    /// The grid of a first frame of `size` (columns, rows, slices), with the step between slices.
    pub fn new(first: &FramePlane, slice_step: DVec3, size: [usize; 3]) -> Self {
        let spacing = first.spacing();
        Self {
            origin: first.origin(),
            steps: [
                first.right() * spacing.between_columns.0,
                first.down() * spacing.between_rows.0,
                slice_step,
            ],
            size,
        }
    }

    /// Distance between slices along their normal: not the length of the step when the stack is sheared.
    pub fn between_slices(&self) -> Mm {
        Mm(self.steps[2].dot(self.normal()).abs())
    }

    /// Angle between the slice step and the slice normal, in degrees: 0 for an upright stack.
    pub fn tilt_degrees(&self) -> f64 {
        let cosine = self.steps[2].normalize().dot(self.normal()).abs();
        cosine.min(1.0).acos().to_degrees()
    }

    fn normal(&self) -> DVec3 {
        self.steps[0].cross(self.steps[1]).normalize()
    }

    /// Centre of a voxel, given as (column, row, slice), which may be fractional.
    pub fn patient_from_voxel(&self, voxel: DVec3) -> PatientPoint {
        PatientPoint(self.origin.0 + DMat3::from_cols_array_2d(&self.steps.map(|s| s.to_array())) * voxel)
    }

    /// Fractional (column, row, slice) under a patient point.
    pub fn voxel_from_patient(&self, point: PatientPoint) -> DVec3 {
        DMat3::from_cols(self.steps[0], self.steps[1], self.steps[2]).inverse() * (point.0 - self.origin.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::PixelSpacing;

    #[test]
    fn a_sheared_stack_keeps_its_distance_along_the_normal() {
        let spacing = PixelSpacing::new(Mm(0.7), Mm(0.4)).unwrap();
        let origin = PatientPoint::new(5.0, -6.0, 7.0);
        let first = FramePlane::new(origin, DVec3::X, DVec3::Y, spacing).unwrap();
        let grid = VolumeGrid::new(&first, DVec3::new(0.0, 1.5, 2.5), [4, 5, 6]);
        assert!((grid.between_slices().0 - 2.5).abs() < 1e-12);
        assert!((grid.tilt_degrees() - 30.963_756_532_073_52).abs() < 1e-9);
        let there = grid.patient_from_voxel(DVec3::new(1.0, 2.0, 3.0));
        assert!(there.distance(PatientPoint::new(5.4, -0.1, 14.5)).0 < 1e-12);
        assert!(grid.voxel_from_patient(there).distance(DVec3::new(1.0, 2.0, 3.0)) < 1e-12);
    }
}
