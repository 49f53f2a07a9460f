use std::sync::Arc;

use super::*;
use crate::geometry::SliceStack;
use crate::image::testing::oblique_frame;
use crate::image::{Frame, ModalityTransform};

const RIGHT: DVec3 = DVec3::new(0.8, 0.6, 0.0);
const DOWN: DVec3 = DVec3::new(0.0, 0.0, -1.0);

/// A body of unlike half axes with layers along the normal, its middle at `center`, in slices `step` mm apart.
fn phantom(center: DVec3, from: f64, step: f64, slices: usize, layers: f64) -> Volume {
    let size = FrameSize { columns: 70, rows: 52 };
    let spacing = PixelSpacing::new(Mm(4.1), Mm(3.3)).unwrap();
    let normal = RIGHT.cross(DOWN);
    let plane = |slice: usize| {
        let middle = DVec3::new(5.0, -9.0, 21.0) + normal * (from + step * slice as f64);
        let corner = middle - RIGHT * (35.0 * 3.3) - DOWN * (26.0 * 4.1);
        FramePlane::new(PatientPoint(corner), RIGHT, DOWN, spacing).unwrap()
    };
    let planes: Vec<FramePlane> = (0..slices).map(plane).collect();
    let value = |point: PatientPoint| {
        let off = point.0 - center;
        let (x, y, z) = (off.dot(RIGHT) / 72.0, off.dot(DOWN) / 88.0, off.dot(normal) / 95.0);
        let inside = x * x + y * y + z * z < 1.0;
        if inside { 1040.0 + layers * (off.dot(normal) / 11.0).sin() } else { 3.0 }
    };
    let samples = planes.iter().map(|plane| {
        let pixels = (0..size.pixels()).map(|at| {
            let (column, row) = (at % size.columns, at / size.columns);
            let pixel = crate::geometry::PixelPoint::new(column as f64, row as f64);
            #[expect(clippy::cast_possible_truncation, reason = "values are small")]
            let value = value(plane.patient_from_pixel(pixel)) as f32;
            value
        });
        Some(Arc::new(Samples::F32(pixels.collect()).into()))
    });
    let samples = samples.collect();
    let frame = |plane: &FramePlane| {
        let transform = ModalityTransform::Rescale { slope: 1.0, intercept: -1000.0 };
        Arc::new(Frame { plane: Some(*plane), size, padding: None, transform, ..oblique_frame() })
    };
    let stack = SliceStack::new(&planes, [size.columns, size.rows], &vec![Some(Mm(step)); slices]);
    Volume { slices: Arc::new(stack.unwrap()), frames: planes.iter().map(frame).collect(), samples }
}

#[test]
fn a_body_that_lies_elsewhere_is_found_to_half_a_millimetre() {
    let normal = RIGHT.cross(DOWN);
    let moved = normal * 12.5 + RIGHT * 7.0 - DOWN * 3.0;
    let at = DVec3::new(6.0, -12.0, 24.0);
    // Other steps, other ends: the middles of the stacks are 31 mm apart, and say nothing.
    let a = phantom(at, -60.0, 3.0, 40, 90.0);
    let b = phantom(at + moved, -20.0, 4.0, 28, 90.0);
    for (same, within) in [(true, 0.5), (false, 1.0)] {
        let found = by_profiles(&a, &b, a.slices.first(), same).unwrap();
        let off = found.offset - moved;
        assert!(off.dot(normal).abs() < within, "{:.2} mm off along the normal", off.dot(normal));
        assert!(off.length() < 2.0, "{off} mm off");
        assert!(found.likeness > 0.8, "{found:?}");
        let back = by_profiles(&b, &a, b.slices.first(), same).unwrap();
        assert!((back.offset + found.offset).length() < 1.0, "{back:?} is not the way back of {found:?}");
    }
}

#[test]
fn stacks_of_a_few_slices_say_nothing() {
    let at = DVec3::new(6.0, -12.0, 24.0);
    let a = phantom(at, -60.0, 3.0, 40, 90.0);
    let b = phantom(at, 0.0, 3.0, 3, 90.0);
    assert_eq!(by_profiles(&a, &b, a.slices.first(), true), None);
}
