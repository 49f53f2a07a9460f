use glam::{DVec2, DVec3};
use serde::{Deserialize, Serialize};

use super::Mm;

/// A point in DICOM patient space: mm, +x left, +y posterior, +z head (LPS).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PatientPoint(pub DVec3);

impl PatientPoint {
    /// The point with these LPS coordinates in mm.
    pub const fn new(x: f64, y: f64, z: f64) -> Self {
        Self(DVec3::new(x, y, z))
    }

    /// Straight distance to another point.
    pub fn distance(self, other: Self) -> Mm {
        Mm(self.0.distance(other.0))
    }
}

/// A point in one frame: `(column, row)`, the first pixel's centre is `(0, 0)`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PixelPoint(pub DVec2);

impl PixelPoint {
    /// The point at this column and row.
    pub const fn new(column: f64, row: f64) -> Self {
        Self(DVec2::new(column, row))
    }

    /// Position along a row: 0 at the centre of the first column.
    pub fn column(self) -> f64 {
        self.0.x
    }

    /// Position along a column: 0 at the centre of the first row.
    pub fn row(self) -> f64 {
        self.0.y
    }

    /// The pixel whose square holds the point, as `(column, row)`; `None` outside a frame of that size.
    pub fn pixel(self, columns: usize, rows: usize) -> Option<(usize, usize)> {
        let inside = |at: f64, count: usize| {
            let nearest = (at + 0.5).floor();
            (nearest >= 0.0 && nearest < count as f64).then_some(nearest)
        };
        let (column, row) = (inside(self.0.x, columns)?, inside(self.0.y, rows)?);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked above")]
        Some((column as usize, row as usize))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pixel_reaches_half_a_step_around_its_centre() {
        assert_eq!(PixelPoint::new(-0.5, 1.49).pixel(3, 2), Some((0, 1)));
        assert_eq!(PixelPoint::new(2.49, 0.5).pixel(3, 2), Some((2, 1)));
        assert_eq!(PixelPoint::new(2.5, 0.0).pixel(3, 2), None);
        assert_eq!(PixelPoint::new(0.0, -0.51).pixel(3, 2), None);
        assert_eq!(PixelPoint::new(f64::NAN, 0.0).pixel(3, 2), None);
    }
}
