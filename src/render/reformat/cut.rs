use glam::{DAffine2, DMat3, DVec2, DVec3};

use crate::geometry::{FramePlane, PatientPoint, SliceStack};
use crate::view::Slab;

/// The finest grid of points within one output pixel, on each side.
const FINEST: f64 = 6.0;
/// More samples along the normal than this add nothing that a screen shows.
const DEEPEST: f64 = 2047.0;

/// A grid of points on a plane.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    /// The first point.
    pub(super) origin: DVec3,
    /// mm from one point to the next in a row.
    pub(super) right: DVec3,
    /// mm from one row of points to the next.
    pub(super) down: DVec3,
    /// Unit vector out of the plane.
    pub(super) normal: DVec3,
}

impl Cut {
    /// The centres of a frame's pixels.
    pub(super) fn of_pixels(plane: &FramePlane) -> Self {
        let spacing = plane.spacing();
        Self {
            origin: plane.origin().0,
            right: plane.right() * spacing.between_columns.0,
            down: plane.down() * spacing.between_rows.0,
            normal: plane.normal(),
        }
    }

    /// The centres of the screen's pixels, each divided into `fine` times `fine`.
    pub(super) fn of_screen(plane: &FramePlane, pixel_from_screen: DAffine2, fine: u32) -> Self {
        let pixels = Self::of_pixels(plane);
        let patient = |step: DVec2| pixels.right * step.x + pixels.down * step.y;
        let part = f64::from(fine).recip();
        let first = pixel_from_screen.transform_point2(DVec2::splat(part / 2.0));
        Self {
            origin: pixels.origin + patient(first),
            right: patient(pixel_from_screen.matrix2.x_axis * part),
            down: patient(pixel_from_screen.matrix2.y_axis * part),
            normal: pixels.normal,
        }
    }

    /// The same grid, starting that many columns and rows later.
    pub(super) fn from(self, first: DVec2) -> Self {
        Self { origin: self.origin + self.right * first.x + self.down * first.y, ..self }
    }

    pub(super) fn point(&self, column: usize, row: usize, along: f64) -> PatientPoint {
        let place = self.origin + self.right * column as f64 + self.down * row as f64;
        PatientPoint(place + self.normal * along)
    }

    /// Steps of the grid in voxels of the stack, right and down; the longer one.
    fn longest_in_voxels(&self, stack: &SliceStack) -> f64 {
        let slices = DVec3::new(1.0, 1.0, stack.between_slices().0.recip());
        let local: DMat3 = stack.local_from_patient();
        [self.right, self.down].map(|step| (local * step * slices).length()).into_iter().fold(0.0, f64::max)
    }
}

/// How many points on each side of a screen pixel are averaged: more than one where the pixel spans several voxels.
pub(super) fn fineness(stack: &SliceStack, plane: &FramePlane, pixel_from_screen: DAffine2) -> u32 {
    let longest = Cut::of_screen(plane, pixel_from_screen, 1).longest_in_voxels(stack);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 6")]
    let fine = (longest - 0.2).ceil().clamp(1.0, FINEST) as u32;
    fine
}

/// Where along the normal (mm from the plane) a slab is sampled: symmetrically, at most half as far apart as the stack's
/// own samples are in that direction, and always in the plane itself too.
pub(super) fn depths(stack: &SliceStack, normal: DVec3, slab: Slab) -> Vec<f64> {
    let thickness = slab.thickness.0;
    if thickness.is_nan() || thickness <= 0.0 {
        return vec![0.0];
    }
    let step = stack.step_along(normal).0 / 2.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 2047")]
    let count = (thickness / step - 1e-6).ceil().clamp(1.0, DEEPEST) as u32 | 1;
    let part = thickness / f64::from(count);
    // The middles of so many parts of the thickness: their mean is the integral's.
    (0..count).map(|index| (f64::from(index) - f64::from(count / 2)) * part).collect()
}
