//! Signed distances in mm (negative inside) and smooth ways to join them.

use glam::{DVec2, DVec3};

/// About the distance from an ellipsoid around zero; exact on its surface.
pub(super) fn ellipsoid(p: DVec3, radii: DVec3) -> f64 {
    let scaled = p / radii;
    let k0 = scaled.length();
    let k1 = (scaled / radii).length();
    if k1 < 1e-9 { -radii.min_element() } else { k0 * (k0 - 1.0) / k1 }
}

/// About the distance from an ellipse around zero.
pub(super) fn ellipse(p: DVec2, radii: DVec2) -> f64 {
    ellipsoid(p.extend(0.0), radii.extend(1.0))
}

/// A rod between two points, thick `radii.0` at the first and `radii.1` at the second.
pub(super) fn rod(p: DVec3, from: DVec3, to: DVec3, radii: (f64, f64)) -> f64 {
    let axis = to - from;
    let along = ((p - from).dot(axis) / axis.length_squared()).clamp(0.0, 1.0);
    (p - from - along * axis).length() - (radii.0 + along * (radii.1 - radii.0))
}

/// Union, with a fillet of about `k` mm.
pub(super) fn join(a: f64, b: f64, k: f64) -> f64 {
    let h = (k - (a - b).abs()).max(0.0) / k;
    a.min(b) - h * h * k * 0.25
}

/// Intersection, with a rounded edge of about `k` mm.
pub(super) fn meet(a: f64, b: f64, k: f64) -> f64 {
    -join(-a, -b, k)
}

/// The share of a soft-edged shape that covers a point: 1 inside, 0 outside, 1/2 on the surface.
pub(super) fn cover(distance: f64, edge: f64) -> f64 {
    ramp(0.5 - distance / edge)
}

/// 0 below 0, 1 above 1, smooth between.
pub(super) fn ramp(t: f64) -> f64 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// A hill of height 1 at zero that ends where the scaled point leaves the unit ball.
pub(super) fn hill(scaled: DVec3) -> f64 {
    let rest = (1.0 - scaled.length_squared()).max(0.0);
    rest * rest
}

/// The point in a frame turned about z: `cos` and `sin` are of the turn.
pub(super) fn turned(p: DVec3, cos: f64, sin: f64) -> DVec3 {
    DVec3::new(cos * p.x + sin * p.y, cos * p.y - sin * p.x, p.z)
}
