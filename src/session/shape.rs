//! From clicks to the points of a kind, and from a dragged handle to new points. In pixels of one frame.

use glam::DVec2;

use crate::case::Kind;
use crate::geometry::{PixelPoint, PixelSpacing};

/// The points of a kind from the clicks that placed it.
///
/// Two corners make an ellipse or a rectangle; a long axis gets a short one of half its length across its middle.
pub(super) fn points_from_clicks(
    kind: Kind,
    clicks: &[PixelPoint],
    spacing: PixelSpacing,
) -> Vec<PixelPoint> {
    let (Some(first), Some(last)) = (clicks.first(), clicks.last()) else { return Vec::new() };
    match kind {
        Kind::Ellipse => {
            let (center, half) = (first.0.midpoint(last.0), (last.0 - first.0).abs() / 2.0);
            [center, center + DVec2::new(half.x, 0.0), center + DVec2::new(0.0, half.y)]
                .map(PixelPoint)
                .to_vec()
        }
        Kind::Rectangle => rectangle(*first, *last),
        Kind::Bidirectional => {
            let half = across(*first, *last, spacing) / 4.0;
            let middle = first.0.midpoint(last.0);
            vec![*first, *last, PixelPoint(middle - half), PixelPoint(middle + half)]
        }
        Kind::Size => in_plane_axes(clicks, spacing),
        Kind::Probe
        | Kind::Length
        | Kind::Angle
        | Kind::Polygon
        | Kind::Freehand
        | Kind::Arrow
        | Kind::Text
        | Kind::LineDistance
        | Kind::MidlineShift
        | Kind::Height
        | Kind::Cobb
        | Kind::OpenAngle
        | Kind::Mask => clicks.to_vec(),
    }
}

/// The points of a circle of that area in mm²; in pixels where the frame is not calibrated.
pub(super) fn circle(center: PixelPoint, area: f64, frame: &crate::image::Frame) -> Vec<PixelPoint> {
    let spacing = frame.scale_at(&[center]).spacing;
    let radius = (area.max(0.0) / std::f64::consts::PI).sqrt();
    let step = |way: DVec2| PixelPoint(center.0 + spacing.pixel_from_mm(way * radius));
    vec![center, step(DVec2::X), step(DVec2::Y)]
}

/// What of an unfinished shape has a value: all of it once it has its points, else the line in hand, the two axes of a
/// three-axis size, the first two corners of an outline. `None` where nothing has an extent yet.
pub(super) fn so_far(kind: Kind, points: &[PixelPoint]) -> Option<(Kind, &[PixelPoint])> {
    let whole = points.len() >= kind.point_count().0;
    let (kind, points) = match kind {
        _ if whole => (kind, points),
        Kind::Size if points.len() == 4 => (Kind::Bidirectional, points),
        Kind::Angle
        | Kind::LineDistance
        | Kind::MidlineShift
        | Kind::Height
        | Kind::Cobb
        | Kind::OpenAngle
        | Kind::Size
        | Kind::Polygon
            if points.len() == 2 =>
        {
            (Kind::Length, points)
        }
        Kind::Probe
        | Kind::Length
        | Kind::Bidirectional
        | Kind::Angle
        | Kind::Ellipse
        | Kind::Rectangle
        | Kind::Polygon
        | Kind::Freehand
        | Kind::Arrow
        | Kind::Text
        | Kind::Size
        | Kind::LineDistance
        | Kind::MidlineShift
        | Kind::Height
        | Kind::Cobb
        | Kind::OpenAngle
        | Kind::Mask => return None,
    };
    has_extent(kind, points).then_some((kind, points))
}

/// Whether points make a shape that can be seen: not all at one place.
pub(super) fn has_extent(kind: Kind, points: &[PixelPoint]) -> bool {
    let far = |a: &PixelPoint, b: &PixelPoint| a.0.distance(b.0) > 0.25;
    match kind {
        Kind::Probe | Kind::Text | Kind::Mask => !points.is_empty(),
        Kind::Ellipse => points.len() == 3 && far(&points[0], &points[1]) && far(&points[0], &points[2]),
        Kind::Rectangle => points.len() == 4 && far(&points[0], &points[1]) && far(&points[1], &points[2]),
        Kind::Cobb | Kind::OpenAngle | Kind::Size => points.chunks(2).all(|line| match line {
            [from, to] => far(from, to),
            _ => false,
        }),
        Kind::LineDistance | Kind::MidlineShift | Kind::Height => {
            points.len() == 3 && far(&points[0], &points[1])
        }
        Kind::Length | Kind::Arrow | Kind::Angle | Kind::Bidirectional | Kind::Polygon | Kind::Freehand => {
            points.windows(2).any(|pair| far(&pair[0], &pair[1]))
        }
    }
}

/// The points after a handle was dragged to `to`; the kind's own rules hold.
pub(super) fn reshaped(
    kind: Kind,
    points: &[PixelPoint],
    handle: usize,
    to: PixelPoint,
    spacing: PixelSpacing,
) -> Vec<PixelPoint> {
    let Some(from) = points.get(handle) else { return points.to_vec() };
    let step = to.0 - from.0;
    match kind {
        Kind::Ellipse if handle == 0 => moved(points, step),
        Kind::Ellipse => reshaped_ellipse(points, handle, to, spacing),
        // The corner across stays where it is.
        Kind::Rectangle if points.len() == 4 => turned_back(&rectangle(points[(handle + 2) % 4], to), handle),
        Kind::Bidirectional | Kind::Size => reshaped_bidirectional(points, handle, to, spacing),
        Kind::Probe
        | Kind::Length
        | Kind::Angle
        | Kind::Rectangle
        | Kind::Polygon
        | Kind::Freehand
        | Kind::Arrow
        | Kind::Text
        | Kind::LineDistance
        | Kind::MidlineShift
        | Kind::Height
        | Kind::Cobb
        | Kind::OpenAngle
        | Kind::Mask => {
            let mut points = points.to_vec();
            points[handle] = to;
            points
        }
    }
}

/// The first axis as drawn, and the second held at right angles to it (in mm) through where it was drawn.
fn in_plane_axes(clicks: &[PixelPoint], spacing: PixelSpacing) -> Vec<PixelPoint> {
    let [a, b, c, d] = clicks else { return clicks.to_vec() };
    let mm = |point: &PixelPoint| spacing.mm_from_pixel(point.0 - a.0);
    let Some(along) = mm(b).try_normalize() else { return clicks.to_vec() };
    let across = along.perp();
    let middle = f64::midpoint(mm(c).dot(along), mm(d).dot(along));
    let end = |point: &PixelPoint| {
        let step = along * middle + across * mm(point).dot(across);
        PixelPoint(a.0 + spacing.pixel_from_mm(step))
    };
    vec![*a, *b, end(c), end(d)]
}

/// All points moved by one step.
pub(super) fn moved(points: &[PixelPoint], step: DVec2) -> Vec<PixelPoint> {
    points.iter().map(|p| PixelPoint(p.0 + step)).collect()
}

fn rectangle(a: PixelPoint, c: PixelPoint) -> Vec<PixelPoint> {
    vec![a, PixelPoint::new(c.column(), a.row()), c, PixelPoint::new(a.column(), c.row())]
}

/// Numbers the corners so that the dragged one keeps its place in the list. `corners[2]` is the dragged one.
fn turned_back(corners: &[PixelPoint], handle: usize) -> Vec<PixelPoint> {
    let mut corners = corners.to_vec();
    corners.rotate_left((6 - handle) % 4);
    corners
}

/// The vector at right angles (in mm) to a line, of the line's own length (in mm), in pixels.
fn across(a: PixelPoint, b: PixelPoint, spacing: PixelSpacing) -> DVec2 {
    spacing.pixel_from_mm(spacing.mm_from_pixel(b.0 - a.0).perp())
}

fn reshaped_ellipse(
    points: &[PixelPoint],
    handle: usize,
    to: PixelPoint,
    spacing: PixelSpacing,
) -> Vec<PixelPoint> {
    let [center, first, second] = points else { return points.to_vec() };
    let mm = |p: &PixelPoint| spacing.mm_from_pixel(p.0 - center.0);
    let pixel = |step: DVec2| PixelPoint(center.0 + spacing.pixel_from_mm(step));
    let axis = mm(&to);
    if axis.length() < 1e-6 {
        return points.to_vec();
    }
    // The other axis keeps its length and stays at right angles.
    let other = if handle == 1 { mm(second) } else { mm(first) };
    let across = axis.normalize().perp() * other.length();
    let across = if across.dot(other) < 0.0 { -across } else { across };
    if handle == 1 { vec![*center, to, pixel(across)] } else { vec![*center, pixel(across), to] }
}

/// Long-axis ends turn the whole cross about its other end's place; short-axis ends slide at right angles.
fn reshaped_bidirectional(
    points: &[PixelPoint],
    handle: usize,
    to: PixelPoint,
    spacing: PixelSpacing,
) -> Vec<PixelPoint> {
    let [a, b, c, d] = points else { return points.to_vec() };
    let mm = |p: &PixelPoint| spacing.mm_from_pixel(p.0);
    let pixel = |p: DVec2| PixelPoint(spacing.pixel_from_mm(p));
    let (old_a, old_b) = (mm(a), mm(b));
    let along = (old_b - old_a).normalize_or(DVec2::X);
    // Where the short axis crosses (0 to 1 along the long one), and how far it reaches to each side.
    let length = old_a.distance(old_b).max(1e-9);
    let at = ((mm(c) - old_a).dot(along) / length).clamp(0.0, 1.0);
    let side = |p: &PixelPoint| (mm(p) - old_a).dot(along.perp());
    let (mut at, mut c_side, mut d_side) = (at, side(c), side(d));
    let (mut new_a, mut new_b) = (old_a, old_b);
    match handle {
        0 => new_a = mm(&to),
        1 => new_b = mm(&to),
        _ => {
            at = ((mm(&to) - old_a).dot(along) / length).clamp(0.0, 1.0);
            let reach = (mm(&to) - old_a).dot(along.perp());
            if handle == 2 { c_side = reach } else { d_side = reach }
        }
    }
    let along = (new_b - new_a).normalize_or(DVec2::X);
    let foot = new_a.lerp(new_b, at);
    vec![pixel(new_a), pixel(new_b), pixel(foot + along.perp() * c_side), pixel(foot + along.perp() * d_side)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Mm;
    use proptest::prelude::*;

    const SPACING: PixelSpacing = PixelSpacing { between_rows: Mm(0.7), between_columns: Mm(0.4) };

    fn p(column: f64, row: f64) -> PixelPoint {
        PixelPoint::new(column, row)
    }

    fn right_angle(points: &[PixelPoint], first: [usize; 2], second: [usize; 2]) -> bool {
        let step = |[a, b]: [usize; 2]| SPACING.mm_from_pixel(points[b].0 - points[a].0);
        step(first).dot(step(second)).abs() < 1e-6
    }

    #[test]
    fn two_corners_make_the_ellipse_that_fills_their_box() {
        let points = points_from_clicks(Kind::Ellipse, &[p(10.0, 20.0), p(4.0, 30.0)], SPACING);
        assert_eq!(points, [p(7.0, 25.0), p(10.0, 25.0), p(7.0, 30.0)]);
    }

    #[test]
    fn a_dragged_corner_keeps_the_one_across() {
        let points = points_from_clicks(Kind::Rectangle, &[p(1.0, 2.0), p(5.0, 8.0)], SPACING);
        for handle in 0..4 {
            let across = points[(handle + 2) % 4];
            let new = reshaped(Kind::Rectangle, &points, handle, p(9.0, 11.0), SPACING);
            assert_eq!((new[handle], new[(handle + 2) % 4]), (p(9.0, 11.0), across));
        }
    }

    proptest! {
        #[test]
        fn axes_stay_at_right_angles_in_millimetres(
            handle in 0..4_usize, column in -50.0..50.0_f64, row in -50.0..50.0_f64
        ) {
            let cross = points_from_clicks(Kind::Bidirectional, &[p(3.0, 4.0), p(17.0, 9.0)], SPACING);
            prop_assert!(right_angle(&cross, [0, 1], [2, 3]));
            let new = reshaped(Kind::Bidirectional, &cross, handle, p(column, row), SPACING);
            prop_assert!(right_angle(&new, [0, 1], [2, 3]));
            let ellipse = points_from_clicks(Kind::Ellipse, &[p(3.0, 4.0), p(17.0, 9.0)], SPACING);
            let new = reshaped(Kind::Ellipse, &ellipse, handle % 3, p(column, row), SPACING);
            prop_assert!(right_angle(&new, [0, 1], [0, 2]));
        }
    }
}
