//! A plane looks the same from the slices that it needs alone.

use super::*;
use crate::render::reformat::{slices_of_part, slices_of_plane};

/// The volume with the samples of these slices alone.
fn only(volume: &Volume, slices: &std::ops::Range<usize>) -> Volume {
    let keep = |(slice, samples): (usize, &Option<Arc<Decoded>>)| {
        if slices.contains(&slice) { samples.clone() } else { None }
    };
    Volume { samples: volume.samples.iter().enumerate().map(keep).collect(), ..volume.clone() }
}

/// Stored as 16 bits, which is drawn in the fast way.
fn words(volume: &Volume) -> Volume {
    #[expect(clippy::cast_possible_truncation, reason = "small values")]
    let of = |_: usize, values: Vec<f64>| {
        Samples::I16(values.into_iter().map(|value| (value * 3.0).round() as i16).collect())
    };
    stored(volume, of, |_, _| {})
}

fn axial(volume: &Volume, at: f64) -> FramePlane {
    let (right, down) = (volume.slices.first().right(), volume.slices.first().down());
    let point = volume.slices.patient_from_voxel(DVec3::new(3.0, 4.0, 0.0)).0 + right.cross(down) * at;
    let size = FrameSize { columns: 9, rows: 7 };
    plane_through(point, [right, down], size, 0.5)
}

#[test]
fn a_plane_along_the_slices_needs_at_most_two_and_a_plane_across_them_all() {
    let volume = phantom(&EVEN, 0.3, linear);
    let stack = &*volume.slices;
    let of = |at: f64, thickness: f64, interpolation| {
        let slab = Slab { thickness: Mm(thickness), mode: SlabMode::Mip };
        slices_of_plane(stack, &axial(&volume, at), slab, interpolation)
    };
    let linear = Interpolation::Linear;
    assert_eq!(of(6.0, 0.0, linear), 3..4, "on a slice");
    assert_eq!(of(7.1, 0.0, linear), 3..5, "between two");
    assert_eq!(of(7.1, 0.0, Interpolation::Nearest), 3..5);
    assert_eq!(of(7.1, 0.0, Interpolation::Cubic), 2..6);
    assert_eq!(of(6.0, 4.0, linear), 2..5, "4 mm around 6 mm end on the slices at 4 and at 8 mm");
    assert_eq!(of(12.5, 0.0, linear), 6..7, "the last slice holds beyond its middle");
    assert_eq!(of(40.0, 0.0, linear), 0..0, "beside the stack");
    let [right, _, across] = [stack.first().right(), stack.first().down(), stack.first().normal()];
    let coronal = plane_through(stack.middle().0, [right, across], FrameSize { columns: 9, rows: 7 }, 0.5);
    assert_eq!(slices_of_plane(stack, &coronal, PLAIN, linear), 0..7);
    // A part of it needs those that it crosses alone: 2 rows of 0.5 mm around the middle at 6 mm, with their outer edges.
    assert_eq!(slices_of_part(stack, &coronal, [9, 7], PLAIN, linear), 2..5);
}

proptest! {
    #[test]
    fn a_plane_has_the_same_values_from_the_slices_that_it_needs(
        place in 0.0..6.0_f64, turn in -3.1..3.1_f64, tilt in -1.5..1.5_f64, spin in -3.1..3.1_f64,
        thickness in 0.0..5.0_f64, shear in -0.4..0.4_f64, kind in 0_usize..12, along in any::<bool>(),
    ) {
        let places = if kind % 2 == 0 { &UNEVEN } else { &EVEN };
        let whole = phantom(places, shear, |p| linear(p) + (p.z * 1.7).sin() * 9.0);
        let whole = if kind % 3 == 0 { whole } else { words(&whole) };
        let interpolation = [Interpolation::Nearest, Interpolation::Linear, Interpolation::Cubic][kind / 4];
        let thickness = if kind % 4 == 1 { thickness } else { 0.0 };
        let slab = Slab { thickness: Mm(thickness), mode: SlabMode::Mean };
        let point = whole.slices.patient_from_voxel(DVec3::new(6.0, 5.0, place)).0;
        let first = whole.slices.first();
        // Half of them lie along the slices, and on one of them.
        let (point, directions) = if along {
            let on = whole.slices.patient_from_voxel(DVec3::new(6.0, 5.0, place.round())).0;
            (if kind % 5 == 0 { point } else { on }, [first.right(), first.down()])
        } else {
            (point, directions(turn, tilt, spin))
        };
        let size = FrameSize { columns: 12, rows: 9 };
        let plane = plane_through(point, directions, size, 0.6);
        let needed = slices_of_plane(&whole.slices, &plane, slab, interpolation);
        if along && thickness == 0.0 && interpolation == Interpolation::Linear {
            prop_assert!(needed.len() <= 2, "{needed:?}");
        }
        let part = only(&whole, &needed);
        let values = |volume: &Volume| {
            let samples = sample_plane(volume, &plane, size, slab, interpolation);
            let Samples::F32(values) = samples else { panic!("{samples:?}") };
            values
        };
        for (own, other) in values(&whole).iter().zip(values(&part)) {
            let same = (own.is_nan() && other.is_nan()) || (own - other).abs() <= 1e-3;
            prop_assert!(same, "{own} {other}, {needed:?}");
        }
        let of_part = slices_of_part(&whole.slices, &plane, [size.columns, size.rows], slab, interpolation);
        for (own, other) in values(&whole).iter().zip(values(&only(&whole, &of_part))) {
            prop_assert!((own.is_nan() && other.is_nan()) || (own - other).abs() <= 1e-3, "{own} {other}, {of_part:?}");
        }
        // As the screen shows it too, beyond the edges of the plane.
        let window = Window::linear(40.0, 400.0);
        let look = Look { interpolation, ..Look::with_window(window) };
        let frame = Frame { plane: Some(plane), size, spacing: Some(plane.spacing()), ..oblique_frame() };
        let framing = Framing { height: Mm(9.0), ..Framing::fit(&frame, ViewportSize { width: 40, height: 30 }) };
        let resolved = Resolved::new(&frame, &framing, ViewportSize { width: 40, height: 30 });
        let draw = |volume: &Volume| {
            let mut picture = Picture::new(ViewportSize { width: 1, height: 1 });
            ReformatRenderer::default().render(volume, &plane, &resolved, slab, &look, &mut picture);
            picture.pixels
        };
        let off = draw(&whole).iter().zip(draw(&part)).map(|(own, other)| own[0].abs_diff(other[0])).max();
        prop_assert!(off <= Some(1), "{off:?}");
    }
}
