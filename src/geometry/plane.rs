use glam::{DMat3, DVec2, DVec3};
use serde::{Deserialize, Serialize};

use super::{GeometryError, Mm, PatientPoint, PixelPoint};

/// Distances between pixel centres. DICOM writes the one between rows first.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PixelSpacing {
    /// From one row to the next: the step down.
    pub between_rows: Mm,
    /// From one column to the next: the step right.
    pub between_columns: Mm,
}

impl PixelSpacing {
    /// A spacing of two positive, finite lengths.
    pub fn new(between_rows: Mm, between_columns: Mm) -> Result<Self, GeometryError> {
        let positive = |length: Mm| length.0.is_finite() && length.0 > 0.0;
        if positive(between_rows) && positive(between_columns) {
            Ok(Self { between_rows, between_columns })
        } else {
            Err(GeometryError::Spacing { between_rows: between_rows.0, between_columns: between_columns.0 })
        }
    }

    /// Area of one pixel in mm².
    pub fn pixel_area_mm2(self) -> f64 {
        self.between_rows.0 * self.between_columns.0
    }

    /// `(right, down)` mm of a step of `(columns, rows)`.
    pub fn mm_from_pixel(self, step: DVec2) -> DVec2 {
        DVec2::new(step.x * self.between_columns.0, step.y * self.between_rows.0)
    }

    /// `(columns, rows)` of a step of `(right, down)` mm.
    pub fn pixel_from_mm(self, step: DVec2) -> DVec2 {
        DVec2::new(step.x / self.between_columns.0, step.y / self.between_rows.0)
    }
}

/// Where one frame lies in the patient (PS3.3 C.7.6.2.1.1).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FramePlane {
    origin: PatientPoint,
    right: DVec3,
    down: DVec3,
    spacing: PixelSpacing,
}

impl FramePlane {
    /// The plane of an image position (centre of the first pixel), an image orientation and a spacing.
    ///
    /// `right` points along a row (column index rises), `down` along a column. They must be at right angles
    /// and of length one within 1e-3, as header text of few digits gives them; they are made exact.
    pub fn new(
        origin: PatientPoint,
        right: DVec3,
        down: DVec3,
        spacing: PixelSpacing,
    ) -> Result<Self, GeometryError> {
        const TOLERANCE: f64 = 1e-3;
        if !origin.0.is_finite() {
            return Err(GeometryError::Position);
        }
        let unit = |v: DVec3| v.is_finite() && (v.length() - 1.0).abs() < TOLERANCE;
        if !unit(right) || !unit(down) || right.dot(down).abs() > TOLERANCE {
            return Err(GeometryError::Orientation);
        }
        Ok(Self { origin, right: right.normalize(), down: down.normalize(), spacing })
    }

    /// Centre of the first pixel.
    pub fn origin(&self) -> PatientPoint {
        self.origin
    }

    /// Unit vector of rising column index.
    pub fn right(&self) -> DVec3 {
        self.right
    }

    /// Unit vector of rising row index.
    pub fn down(&self) -> DVec3 {
        self.down
    }

    /// Unit vector out of the plane: right x down.
    pub fn normal(&self) -> DVec3 {
        self.right.cross(self.down).normalize()
    }

    /// Distances between pixel centres.
    pub fn spacing(&self) -> PixelSpacing {
        self.spacing
    }

    /// Signed place of the plane along its own normal.
    pub fn position_along_normal(&self) -> Mm {
        Mm(self.origin.0.dot(self.normal()))
    }

    /// The patient point of a pixel point (PS3.3 C.7.6.2.1.1, equation C.7.6.2.1-1).
    pub fn patient_from_pixel(&self, pixel: PixelPoint) -> PatientPoint {
        let step = self.spacing.mm_from_pixel(pixel.0);
        PatientPoint(self.origin.0 + step.x * self.right + step.y * self.down)
    }

    /// The pixel point under a patient point, and the point's signed distance from the plane.
    pub fn pixel_from_patient(&self, point: PatientPoint) -> (PixelPoint, Mm) {
        // The inverse of the full basis, not two dot products: header directions may be off a right angle by 1e-3.
        let local =
            DMat3::from_cols(self.right, self.down, self.normal()).inverse() * (point.0 - self.origin.0);
        (PixelPoint(self.spacing.pixel_from_mm(local.truncate())), Mm(local.z))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Not square, not axial, not at zero.
    fn oblique() -> FramePlane {
        let right = DVec3::new(0.8, 0.6, 0.0);
        let down = DVec3::new(0.0, 0.0, -1.0);
        let spacing = PixelSpacing::new(Mm(0.7), Mm(0.4)).unwrap();
        FramePlane::new(PatientPoint::new(-20.0, 31.5, 7.0), right, down, spacing).unwrap()
    }

    #[test]
    fn one_step_right_is_the_column_spacing() {
        let plane = oblique();
        let right = plane.patient_from_pixel(PixelPoint::new(1.0, 0.0));
        assert!(right.distance(PatientPoint::new(-19.68, 31.74, 7.0)).0 < 1e-12);
        let down = plane.patient_from_pixel(PixelPoint::new(0.0, 10.0));
        assert!(down.distance(PatientPoint::new(-20.0, 31.5, 0.0)).0 < 1e-12);
    }

    #[test]
    fn a_point_beside_the_plane_says_how_far() {
        let plane = oblique();
        let off = PatientPoint(plane.patient_from_pixel(PixelPoint::new(3.0, 5.0)).0 + 2.5 * plane.normal());
        let (pixel, distance) = plane.pixel_from_patient(off);
        assert!(pixel.0.distance(DVec2::new(3.0, 5.0)) < 1e-12);
        assert!((distance.0 - 2.5).abs() < 1e-12);
    }

    #[test]
    fn nonsense_is_refused_by_name() {
        assert!(matches!(PixelSpacing::new(Mm(0.0), Mm(1.0)), Err(GeometryError::Spacing { .. })));
        assert!(matches!(PixelSpacing::new(Mm(1.0), Mm(f64::NAN)), Err(GeometryError::Spacing { .. })));
        let spacing = PixelSpacing::new(Mm(1.0), Mm(1.0)).unwrap();
        let bent = FramePlane::new(PatientPoint::new(0.0, 0.0, 0.0), DVec3::X, DVec3::X, spacing);
        assert_eq!(bent, Err(GeometryError::Orientation));
    }

    proptest! {
        #[test]
        fn pixel_and_patient_are_inverse(column in -1e3..1e3_f64, row in -1e3..1e3_f64) {
            let plane = oblique();
            let (back, off) = plane.pixel_from_patient(plane.patient_from_pixel(PixelPoint::new(column, row)));
            prop_assert!(back.0.distance(DVec2::new(column, row)) < 1e-9);
            prop_assert!(off.0.abs() < 1e-9);
        }
    }
}
