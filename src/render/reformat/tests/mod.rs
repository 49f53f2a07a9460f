mod needed;
mod stored;

use std::sync::Arc;

use glam::DVec3;
use proptest::prelude::*;

use super::*;
use crate::geometry::{Mm, PixelSpacing, SliceStack};
use crate::image::testing::oblique_frame;
use crate::image::{Decoded, Frame, Lut, PaddingRange, Voi, VoiFunction, Window};
use crate::view::{ColorMap, Framing, SlabMode, Slice, View, ViewportSize};

/// Uneven steps, and a gap of 6 mm after the fourth slice.
const UNEVEN: [f64; 7] = [0.0, 2.0, 4.5, 6.0, 12.0, 14.0, 16.0];
const EVEN: [f64; 7] = [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0];
const PLAIN: Slab = Slab { thickness: Mm(0.0), mode: SlabMode::Mean };

/// Slices of 14 columns of 0.4 mm and 11 rows of 0.7 mm at these mm along an oblique normal, each moved down by `shear`
/// mm for each mm, with these values at their voxels' centres.
fn phantom(places: &[f64], shear: f64, value: impl Fn(DVec3) -> f64) -> Volume {
    let right = DVec3::new(0.8, 0.6, 0.0);
    let down = DVec3::new(0.0, 0.0, -1.0);
    let spacing = PixelSpacing::new(Mm(0.7), Mm(0.4)).unwrap();
    let [columns, rows] = [14, 11];
    let plane = |place: &f64| {
        let origin = DVec3::new(-20.0, 31.5, 7.0) + *place * right.cross(down) + down * (*place * shear);
        FramePlane::new(PatientPoint(origin), right, down, spacing).unwrap()
    };
    let planes: Vec<_> = places.iter().map(plane).collect();
    let slices = SliceStack::new(&planes, [columns, rows], &vec![Some(Mm(2.0)); places.len()]).unwrap();
    let of = |slice: usize| {
        let voxel = |index: usize| {
            let at = DVec3::new((index % columns) as f64, (index / columns) as f64, slice as f64);
            value(slices.patient_from_voxel(at).0)
        };
        Some(Arc::new(Samples::F64((0..columns * rows).map(voxel).collect()).into()))
    };
    let samples: Vec<Option<Arc<Decoded>>> = (0..places.len()).map(of).collect();
    let frame = |plane: &FramePlane| {
        let size = FrameSize { columns, rows };
        let transform = ModalityTransform::IDENTITY;
        Arc::new(Frame { plane: Some(*plane), size, transform, padding: None, ..oblique_frame() })
    };
    Volume { slices: Arc::new(slices), frames: planes.iter().map(frame).collect(), samples }
}

fn linear(point: DVec3) -> f64 {
    3.0 * point.x - 2.0 * point.y + 5.0 * point.z + 40.0
}

/// The same stack stored in another way: new samples of each slice's values, and changed frames.
fn stored(
    volume: &Volume,
    samples: impl Fn(usize, Vec<f64>) -> Samples,
    frame: impl Fn(&mut Frame, usize),
) -> Volume {
    let again = |(slice, old): (usize, &Option<Arc<Decoded>>)| {
        let old = old.as_ref().unwrap();
        let values = (0..old.len()).map(|index| old.stored(index).unwrap()).collect();
        Some(Arc::new(samples(slice, values).into()))
    };
    let frames = volume.frames.iter().enumerate().map(|(slice, old)| {
        let mut new = (**old).clone();
        frame(&mut new, slice);
        Arc::new(new)
    });
    let samples = volume.samples.iter().enumerate().map(again).collect();
    Volume { slices: Arc::clone(&volume.slices), frames: frames.collect(), samples }
}

/// Any two directions at right angles.
fn directions(turn: f64, tilt: f64, spin: f64) -> [DVec3; 2] {
    let turned = glam::DMat3::from_euler(glam::EulerRot::ZYX, turn, tilt, spin);
    [turned.x_axis, turned.y_axis]
}

/// A plane through a point in its middle, with pixels of `step` mm.
fn plane_through(point: DVec3, [right, down]: [DVec3; 2], size: FrameSize, step: f64) -> FramePlane {
    let [columns, rows] = [size.columns / 2, size.rows / 2].map(|count| count as f64 * step);
    let spacing = PixelSpacing::new(Mm(step), Mm(step)).unwrap();
    FramePlane::new(PatientPoint(point - right * columns - down * rows), right, down, spacing).unwrap()
}

fn plane_values(
    volume: &Volume,
    plane: &FramePlane,
    size: FrameSize,
    slab: Slab,
    how: Interpolation,
) -> Vec<f32> {
    let Samples::F32(values) = sample_plane(volume, plane, size, slab, how) else { panic!("not f32") };
    values
}

fn exact(low: f64, high: f64) -> Look {
    let (center, width) = (f64::midpoint(low, high), high - low);
    Look::with_window(Window { center, width, function: VoiFunction::LinearExact })
}

/// The plane as it is drawn where a screen pixel is `zoom` of its pixels.
fn drawn(
    volume: &Volume,
    plane: &FramePlane,
    size: FrameSize,
    zoom: f64,
    (slab, how): (Slab, Interpolation),
    look: &Look,
) -> Picture {
    let frame = Frame { plane: Some(*plane), spacing: Some(plane.spacing()), size, ..oblique_frame() };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some hundred")]
    let pixels = |count: usize| (count as f64 / zoom).round() as u32;
    let screen = ViewportSize { width: pixels(size.columns), height: pixels(size.rows) };
    let view = View {
        of: Slice::Acquired(frame.of.clone()),
        framing: Framing::fit(&frame, screen),
        look: look.clone(),
    };
    let mut picture = Picture::new(ViewportSize { width: 1, height: 1 });
    let resolved = view.resolve(&frame, screen);
    let look = &Look { interpolation: how, ..look.clone() };
    ReformatRenderer::default().render(volume, plane, &resolved, slab, look, &mut picture);
    picture
}

/// Values of a plane against a function of space: how many points had one, and the largest difference.
fn difference(
    plane: &FramePlane,
    size: FrameSize,
    values: &[f32],
    of: impl Fn(DVec3) -> f64,
) -> (usize, f64) {
    let cut = Cut::of_pixels(plane);
    let mut worst = (0, 0.0_f64);
    for (index, value) in values.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
        let point = cut.point(index % size.columns, index / size.columns, 0.0).0;
        worst = (worst.0 + 1, worst.1.max((f64::from(*value) - of(point)).abs()));
    }
    worst
}

/// Whether a point lies among the voxels' centres of the slices, so that nothing is held at an edge.
fn among_centres(stack: &SliceStack, point: DVec3) -> bool {
    let place = stack.place_of(PatientPoint(point));
    let [columns, rows] = stack.size().map(|count| count as f64 - 1.0);
    let whole = |slice: usize| stack.gaps().get(slice) == Some(&false);
    let within = |at: f64, last: f64| (0.0..=last).contains(&at);
    place.is_some_and(|at| {
        within(at.pixel.x, columns) && within(at.pixel.y, rows) && (at.share > 0.0 && whole(at.slice))
    })
}

#[test]
fn a_point_has_the_value_of_its_voxel_and_half_way_the_mean() {
    let volume =
        phantom(&UNEVEN, 0.5, |point| (point.x * 12.9898 + point.y * 78.233 + point.z * 37.719).sin());
    let voxel =
        |column: f64, row: f64, slice: f64| volume.slices.patient_from_voxel(DVec3::new(column, row, slice));
    let at = |slice: usize, index: usize| volume.samples[slice].as_ref().unwrap().stored(index).unwrap();
    let close =
        |ours: Option<f64>, theirs: f64| assert!((ours.unwrap() - theirs).abs() < 1e-9, "{ours:?} {theirs}");
    close(value_at(&volume, voxel(3.0, 2.0, 1.0)), at(1, 31));
    close(value_at(&volume, voxel(3.5, 2.0, 1.0)), f64::midpoint(at(1, 31), at(1, 32)));
    close(value_at(&volume, voxel(3.0, 2.25, 1.0)), 0.75 * at(1, 31) + 0.25 * at(1, 45));
    close(value_at(&volume, voxel(3.0, 2.0, 1.5)), f64::midpoint(at(1, 31), at(2, 31)));
    // The edge holds to the outer edge of the voxels; nothing is in the middle of the gap.
    close(value_at(&volume, voxel(-0.4, 10.4, 0.0)), at(0, 140));
    assert_eq!(value_at(&volume, voxel(-0.6, 10.0, 0.0)), None);
    assert_eq!(value_at(&volume, voxel(3.0, 2.0, 3.5)), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_linear_in_space_is_exact_in_any_plane_of_a_sheared_uneven_stack(
        turn in 0.0..6.3_f64, tilt in -1.5..1.5_f64, spin in 0.0..6.3_f64, shear in -0.6..0.6_f64,
        cubic in any::<bool>()
    ) {
        let volume = phantom(&UNEVEN, shear, linear);
        let size = FrameSize { columns: 45, rows: 38 };
        let point = volume.slices.patient_from_voxel(DVec3::new(6.0, 5.0, 1.5)).0;
        let plane = plane_through(point, directions(turn, tilt, spin), size, 0.37);
        let how = if cubic { Interpolation::Cubic } else { Interpolation::Linear };
        let mut values = plane_values(&volume, &plane, size, PLAIN, how);
        let cut = Cut::of_pixels(&plane);
        for (index, value) in values.iter_mut().enumerate() {
            let point = cut.point(index % size.columns, index / size.columns, 0.0);
            // In the gap, and nowhere else within the stack, is nothing.
            prop_assert_eq!(value.is_nan(), volume.slices.voxel_from_patient(point).is_none());
            // A spline holds the edge's value beyond it, so it is linear only from the second voxel on.
            let inner = volume.slices.voxel_from_patient(point).is_some_and(|voxel| {
                (1.0..=12.0).contains(&voxel.x) && (1.0..=9.0).contains(&voxel.y) && (1.0..=2.0).contains(&voxel.z)
            });
            if !among_centres(&volume.slices, point.0) || (cubic && !inner) {
                *value = f32::NAN;
            }
        }
        let (count, worst) = difference(&plane, size, &values, linear);
        prop_assert!(cubic || count > 10, "{count}");
        // Values reach over 60: this is the rounding of f32.
        prop_assert!(worst < 1e-4, "{worst}");
    }

    #[test]
    fn a_plane_through_three_voxels_shows_their_values(
        voxels in prop::array::uniform3((0..14_u8, 0..11_u8, 0..4_u8)), shear in -0.6..0.6_f64
    ) {
        let volume = phantom(&UNEVEN, shear, |p| (p.x * 12.9898 + p.y * 78.233 + p.z * 37.719).sin());
        let points = voxels.map(|(c, r, k)| {
            volume.slices.patient_from_voxel(DVec3::new(c.into(), r.into(), k.into())).0
        });
        let (first, second) = (points[1] - points[0], points[2] - points[0]);
        prop_assume!(first.cross(second).length() > 0.1 * first.length() * second.length());
        let right = first.normalize();
        let down = (second - right * second.dot(right)).normalize();
        for ((column, row, slice), point) in voxels.into_iter().zip(points) {
            let size = FrameSize { columns: 5, rows: 3 };
            let plane = plane_through(points[0], [right, down], size, 0.3);
            let (pixel, off) = plane.pixel_from_patient(PatientPoint(point));
            prop_assert!(off.0.abs() < 1e-9);
            // The same plane with a pixel's centre on the voxel's.
            let there = FramePlane::new(plane.patient_from_pixel(pixel), right, down, plane.spacing()).unwrap();
            for how in [Interpolation::Nearest, Interpolation::Linear, Interpolation::Cubic] {
                let shown = plane_values(&volume, &there, FrameSize { columns: 1, rows: 1 }, PLAIN, how)[0];
                let index = usize::from(row) * 14 + usize::from(column);
                let value = volume.samples[usize::from(slice)].as_ref().unwrap().stored(index).unwrap();
                // An edge voxel's centre may lie past the edge of the stack by rounding, never by half a voxel.
                prop_assert!((f64::from(shown) - value).abs() < 1e-5, "{how:?} {shown} {value}");
            }
        }
    }

    #[test]
    fn a_sphere_is_as_wide_in_any_plane(turn in 0.0..6.3_f64, tilt in -1.5..1.5_f64, spin in 0.0..6.3_f64) {
        // 5.6 mm wide among voxels of 0.4, 0.7 and 0.5 mm.
        let places: [f64; 15] = std::array::from_fn(|slice| slice as f64 * 0.5);
        let middle = phantom(&places, 0.2, |_| 0.0).slices.middle().0;
        let (radius, edge) = (2.3, 0.7);
        let volume = phantom(&places, 0.2, |point| {
            100.0 * ((radius - point.distance(middle)) / edge + 0.5).clamp(0.0, 1.0)
        });
        let size = FrameSize { columns: 120, rows: 120 };
        let plane = plane_through(middle, directions(turn, tilt, spin), size, 0.05);
        let values = plane_values(&volume, &plane, size, PLAIN, Interpolation::Linear);
        let inside = values.iter().filter(|value| **value >= 50.0).count();
        let wide = 2.0 * (inside as f64 * 0.05 * 0.05 / std::f64::consts::PI).sqrt();
        prop_assert!((wide - 2.0 * radius).abs() < 0.2, "{wide}");
    }
}

#[test]
fn a_spline_is_the_cited_one_and_meets_uneven_values() {
    // Catmull-Rom half way: -1/16, 9/16, 9/16, -1/16.
    let close = |ours: [f64; 4], theirs: [f64; 4]| {
        assert!(ours.iter().zip(theirs).all(|(a, b)| (a - b).abs() < 1e-12), "{ours:?}");
    };
    close(spline(0.5, [1.0; 3]), [-0.0625, 0.5625, 0.5625, -0.0625]);
    close(spline(0.0, [3.0, 1.0, 2.0]), [0.0, 1.0, 0.0, 0.0]);
    let weights = spline(0.3, [3.0, 1.0, 2.0]);
    let line: f64 = weights.iter().zip([-3.0, 0.0, 1.0, 3.0]).map(|(weight, at)| weight * at).sum();
    assert!((line - 0.3).abs() < 1e-12);
}

#[test]
fn a_slab_holds_its_plane_and_leaves_out_what_is_outside() {
    let volume = phantom(&EVEN, 0.3, |p| (p.x * 2.9 + p.y * 3.1 + p.z * 1.7).sin() * 50.0);
    let size = FrameSize { columns: 30, rows: 20 };
    let plane = plane_through(volume.slices.middle().0, directions(0.4, 0.9, 0.2), size, 0.4);
    let shown =
        |mode| plane_values(&volume, &plane, size, Slab { thickness: Mm(6.0), mode }, Interpolation::Linear);
    let (thin, mean) =
        (plane_values(&volume, &plane, size, PLAIN, Interpolation::Linear), shown(SlabMode::Mean));
    let (most, least) = (shown(SlabMode::Mip), shown(SlabMode::MinIp));
    for index in 0..size.pixels() {
        if !thin[index].is_nan() {
            assert!(least[index] <= thin[index] && thin[index] <= most[index]);
            assert!(least[index] <= mean[index] && mean[index] <= most[index]);
        }
    }
    // Of a linear function the mean is the plane's; at the first slice only what lies inside counts: 0 to 3 mm.
    let volume = phantom(&EVEN, 0.0, linear);
    let stack = &volume.slices;
    let slab = Slab { thickness: Mm(6.0), mode: SlabMode::Mean };
    let steps = depths(stack, stack.first().normal(), slab);
    assert_eq!((steps.len(), steps[3]), (7, 0.0), "6 mm in steps of 1 mm at most");
    assert!((steps[0] + 18.0 / 7.0).abs() < 1e-12);
    let at = |slice: f64| {
        let point = stack.patient_from_voxel(DVec3::new(5.0, 5.0, slice)).0;
        let plane = plane_through(
            point,
            [stack.first().right(), stack.first().down()],
            FrameSize { columns: 1, rows: 1 },
            0.4,
        );
        f64::from(
            plane_values(&volume, &plane, FrameSize { columns: 1, rows: 1 }, slab, Interpolation::Linear)[0],
        )
    };
    assert!((at(3.0) - linear(stack.patient_from_voxel(DVec3::new(5.0, 5.0, 3.0)).0)).abs() < 1e-4);
    // Depths of 0, 6/7, 12/7 and 18/7 mm, and -6/7 mm, which the first slice reaches and where it holds: 36/35 mm.
    let normal = stack.first().normal();
    let there = stack.patient_from_voxel(DVec3::new(5.0, 5.0, 0.0)).0 + normal * (36.0 / 35.0);
    assert!((at(0.0) - linear(there)).abs() < 1e-4, "{} {}", at(0.0), linear(there));
}

#[test]
fn the_picture_is_the_window_of_the_values() {
    let volume = phantom(&EVEN, 0.2, linear);
    let size = FrameSize { columns: 40, rows: 30 };
    let plane = plane_through(volume.slices.middle().0, directions(0.4, 0.9, 0.2), size, 0.3);
    let (low, high) = (-120.0, 20.0);
    for how in [Interpolation::Nearest, Interpolation::Linear, Interpolation::Cubic] {
        for slab in [PLAIN, Slab { thickness: Mm(4.0), mode: SlabMode::Mip }] {
            let values = plane_values(&volume, &plane, size, slab, how);
            let picture = drawn(&volume, &plane, size, 1.0, (slab, how), &exact(low, high));
            assert!(values.iter().any(|value| value.is_nan()) && values.iter().any(|value| !value.is_nan()));
            for (value, pixel) in values.iter().zip(&picture.pixels) {
                let level = (f64::from(*value) - low) / (high - low) * 255.0;
                let off = (level.clamp(0.0, 255.0) - f64::from(pixel[0])).abs();
                assert!(
                    if value.is_nan() { *pixel == Picture::BLACK } else { off < 0.51 },
                    "{how:?} {level} {pixel:?}"
                );
            }
        }
    }
}

#[test]
fn a_magnified_slab_has_its_values_at_the_pixels_of_its_plane() {
    let volume = phantom(&EVEN, 0.2, |p| (p.x * 2.9 + p.y * 3.1 + p.z * 1.7).sin() * 50.0);
    let (size, zoom) = (FrameSize { columns: 40, rows: 30 }, 1.0 / 3.0);
    let plane = plane_through(volume.slices.middle().0, directions(0.4, 0.9, 0.2), size, 0.4);
    let slab = Slab { thickness: Mm(4.0), mode: SlabMode::Mip };
    let values = plane_values(&volume, &plane, size, slab, Interpolation::Linear);
    let picture = drawn(&volume, &plane, size, zoom, (slab, Interpolation::Linear), &exact(-50.0, 50.0));
    assert_eq!((picture.size.width, picture.size.height), (120, 90));
    for (index, value) in values.iter().enumerate() {
        // The middle one of the nine pixels of the screen that a pixel of the plane takes.
        let [column, row] =
            [index % size.columns, index / size.columns].map(|at| u32::try_from(at).unwrap() * 3 + 1);
        let pixel = picture.pixel(column, row).unwrap();
        let level = (f64::from(*value) + 50.0) / 100.0 * 255.0;
        let off = (level.clamp(0.0, 255.0) - f64::from(pixel[0])).abs();
        assert!(
            if value.is_nan() { pixel == Picture::BLACK } else { off < 0.54 },
            "{index} {level} {pixel:?}"
        );
    }
}
