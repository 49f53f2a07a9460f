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

    /// Where a flat outline cuts through the plane: the two ends, or `None` where it lies on one side or in the plane.
    ///
    /// For convex outlines, such as the four corners of another frame.
    pub fn cut(&self, outline: &[PatientPoint]) -> Option<[PatientPoint; 2]> {
        let normal = self.normal();
        let height = |point: &PatientPoint| (point.0 - self.origin.0).dot(normal);
        let edges = outline.iter().zip(outline.iter().cycle().skip(1));
        let mut crossings = edges.filter_map(|(a, b)| {
            let (from, to) = (height(a), height(b));
            // An end that lies in the plane belongs to one of its two edges only.
            ((from < 0.0) != (to < 0.0)).then(|| PatientPoint(a.0.lerp(b.0, from / (from - to))))
        });
        Some([crossings.next()?, crossings.next()?])
    }

    /// The four corners of a frame of so many columns and rows: its pixels' outer edges.
    pub fn outline(&self, columns: usize, rows: usize) -> [PatientPoint; 4] {
        let (right, down) = (columns as f64 - 0.5, rows as f64 - 0.5);
        [(-0.5, -0.5), (right, -0.5), (right, down), (-0.5, down)]
            .map(|(column, row)| self.patient_from_pixel(PixelPoint::new(column, row)))
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
    fn two_planes_cut_each_other_in_a_line() {
        // The oblique plane's normal is (-0.6, 0.8, 0); it meets the plane z = 4 in a line along (0.8, 0.6, 0).
        let other = oblique();
        let axial = FramePlane::new(
            PatientPoint::new(-30.0, 20.0, 4.0),
            DVec3::X,
            DVec3::Y,
            PixelSpacing::new(Mm(2.0), Mm(1.0)).unwrap(),
        );
        let [a, b] = axial.unwrap().cut(&other.outline(10, 6)).unwrap();
        // From column -0.5 to 9.5 in steps of 0.4 mm, whichever way round.
        let ends = [PatientPoint::new(-20.16, 31.38, 4.0), PatientPoint::new(-16.96, 33.78, 4.0)];
        let near = |p: PatientPoint, q: PatientPoint| p.distance(q).0 < 1e-9;
        assert!(
            (near(a, ends[0]) && near(b, ends[1])) || (near(a, ends[1]) && near(b, ends[0])),
            "{a:?} {b:?}"
        );
        let far =
            FramePlane::new(PatientPoint::new(0.0, 0.0, 9.0), DVec3::X, DVec3::Y, other.spacing()).unwrap();
        assert_eq!(far.cut(&other.outline(10, 6)), None);
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
