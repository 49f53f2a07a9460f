//! Which slices a plane is made of: no others need be read for it.

use std::ops::Range;

use glam::DVec2;

use crate::geometry::{FramePlane, PatientPoint, PixelPoint, SliceStack};
use crate::view::{Interpolation, Slab};

/// The slices of a stack that a plane through it is drawn from, wherever the screen shows it: an axial plane of an axial
/// stack needs at most two, a coronal one all. Empty beside the stack.
///
/// A slab needs those within its thickness, and a spline one more on each side.
pub fn slices_of_plane(
    stack: &SliceStack,
    plane: &FramePlane,
    slab: Slab,
    interpolation: Interpolation,
) -> Range<usize> {
    let Some((whole, [columns, rows])) = stack.covering(plane.origin(), plane.right(), plane.down()) else {
        return 0..stack.slices();
    };
    slices_of_part(stack, &whole, [columns, rows], slab, interpolation)
}

/// The same of so many columns and rows of the plane.
pub fn slices_of_part(
    stack: &SliceStack,
    plane: &FramePlane,
    [columns, rows]: [usize; 2],
    slab: Slab,
    interpolation: Interpolation,
) -> Range<usize> {
    let half = plane.normal() * (slab.thickness.0.max(0.0) / 2.0);
    let last = DVec2::new(columns as f64, rows as f64) - 0.5;
    let corners = [[-0.5, -0.5], [last.x, -0.5], [-0.5, last.y], [last.x, last.y]];
    let corners = corners.map(|[x, y]| plane.patient_from_pixel(PixelPoint::new(x, y)).0);
    let points = corners.into_iter().flat_map(|corner| [corner - half, corner + half].map(PatientPoint));
    let needed = stack.slices_between(points);
    match interpolation {
        Interpolation::Cubic if !needed.is_empty() => {
            needed.start.saturating_sub(1)..(needed.end + 1).min(stack.slices())
        }
        Interpolation::Nearest | Interpolation::Linear | Interpolation::Cubic => needed,
    }
}
