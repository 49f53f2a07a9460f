//! Samples of every type, padded, missing, cut off, each slice with its own rescale.

use super::*;

/// Values that 8 bits hold, and f32 exactly.
fn small(point: DVec3) -> f64 {
    ((point.x * 12.9898 + point.y * 78.233 + point.z * 37.719).sin() * 60.0 + 64.0).round()
}

fn of_type(kind: usize, values: &[f64]) -> Samples {
    #[expect(clippy::cast_possible_truncation, reason = "whole and small")]
    let whole = || values.iter().map(|value| *value as i64);
    match kind {
        0 => Samples::U8(whole().map(|v| u8::try_from(v).unwrap()).collect()),
        1 => Samples::I8(whole().map(|v| i8::try_from(v).unwrap()).collect()),
        2 => Samples::U16(whole().map(|v| u16::try_from(v).unwrap()).collect()),
        3 => Samples::I16(whole().map(|v| i16::try_from(v).unwrap()).collect()),
        4 => Samples::U32(whole().map(|v| u32::try_from(v).unwrap()).collect()),
        5 => Samples::I32(whole().map(|v| i32::try_from(v).unwrap()).collect()),
        6 => Samples::F32(values.iter().map(|value| narrow(*value)).collect()),
        _ => Samples::F64(values.to_vec()),
    }
}

/// A plane across all slices of the stack, and the values that the samples there have.
fn across(volume: &Volume) -> (FramePlane, FrameSize) {
    let size = FrameSize { columns: 40, rows: 46 };
    let point = volume.slices.patient_from_voxel(DVec3::new(6.3, 5.2, 1.6)).0;
    (plane_through(point, directions(0.4, 0.9, 0.7), size, 0.31), size)
}

/// Every picture of a volume is the window of the values of its planes, which are computed in another way.
fn check_pictures(volume: &Volume, place: &str) {
    let (plane, size) = across(volume);
    let (low, high) = (-20.0, 150.0);
    for how in [Interpolation::Nearest, Interpolation::Linear, Interpolation::Cubic] {
        let values = plane_values(volume, &plane, size, PLAIN, how);
        let picture = drawn(volume, &plane, size, 1.0, (PLAIN, how), &exact(low, high));
        assert!(values.iter().filter(|value| !value.is_nan()).count() > 200, "{place}");
        for (index, (value, pixel)) in values.iter().zip(&picture.pixels).enumerate() {
            let level = (f64::from(*value) - low) / (high - low) * 255.0;
            // Coordinates of 16 fractional bits: a value's error is below 1e-4 of the range, in levels 0.03.
            let off = (level.clamp(0.0, 255.0) - f64::from(pixel[0])).abs();
            let right = if value.is_nan() { *pixel == Picture::BLACK } else { off < 0.54 };
            assert!(right, "{place} {how:?} {index}: {level} {pixel:?}");
        }
    }
}

#[test]
fn every_type_of_samples_gives_the_same_picture() {
    for shear in [0.0, 0.4] {
        for places in [EVEN, UNEVEN] {
            let volume = phantom(&places, shear, small);
            for kind in 0..8 {
                let typed = stored(&volume, |_, values| of_type(kind, &values), |_, _| ());
                check_pictures(&typed, &format!("type {kind}"));
            }
            // Each slice in another type: not fast, but right.
            let mixed = stored(&volume, |slice, values| of_type(slice, &values), |_, _| ());
            check_pictures(&mixed, "mixed types");
        }
    }
}

#[test]
fn each_slice_has_its_own_rescale() {
    let volume = phantom(&UNEVEN, 0.2, small);
    let rescaled = stored(
        &volume,
        |slice, values| {
            let stored = |value: &f64| (value - 4.0) * (slice as f64 + 1.0);
            of_type(3, &values.iter().map(stored).collect::<Vec<_>>())
        },
        |frame, slice| {
            let slope = (slice as f64 + 1.0).recip();
            frame.transform = ModalityTransform::Rescale { slope, intercept: 4.0 };
        },
    );
    check_pictures(&rescaled, "rescale of each slice");
    let (plane, size) = across(&volume);
    let [ours, plain] =
        [&rescaled, &volume].map(|volume| plane_values(volume, &plane, size, PLAIN, Interpolation::Linear));
    let same = |(a, b): (&f32, &f32)| (a - b).abs() < 1e-4 || (a.is_nan() && b.is_nan());
    assert!(ours.iter().zip(&plain).all(same));
    // One rescale for all, with a negative slope.
    let negative = stored(
        &volume,
        |_, values| of_type(3, &values.iter().map(|value| (10.0 - value) * 2.0).collect::<Vec<_>>()),
        |frame, _| frame.transform = ModalityTransform::Rescale { slope: -0.5, intercept: 10.0 },
    );
    check_pictures(&negative, "one rescale");
}

#[test]
fn a_modality_table_comes_before_interpolation() {
    let volume = phantom(&EVEN, 0.2, small);
    let entries: Arc<[u16]> = (0..130_u16).map(|entry| entry / 64 * 100).collect();
    let table = ModalityTransform::Lut { table: Lut { first: 0, entries, bits: 8 }, scale: 1.0 };
    let tabled = stored(&volume, |_, values| of_type(2, &values), |frame, _| frame.transform = table.clone());
    check_pictures(&tabled, "table");
    let same = phantom(&EVEN, 0.2, |point| if small(point) < 64.0 { 0.0 } else { 100.0 });
    let (plane, size) = across(&volume);
    let [ours, plain] =
        [&tabled, &same].map(|volume| plane_values(volume, &plane, size, PLAIN, Interpolation::Linear));
    assert!(ours.iter().zip(&plain).all(|(a, b)| a.to_bits() == b.to_bits() || (a - b).abs() < 1e-4));
}

#[test]
fn padding_has_no_value_and_is_black_in_the_files_own_presentation() {
    let volume = phantom(&EVEN, 0.2, |point| if small(point) < 20.0 { -2000.0 } else { 50.0 });
    let padding = Some(PaddingRange { low: -2000.0, high: -2000.0 });
    for inverted in [false, true] {
        let padded = stored(
            &volume,
            |_, values| of_type(3, &values),
            |frame, _| (frame.padding, frame.inverted) = (padding, inverted),
        );
        let (plane, size) = across(&volume);
        let shown = plane_values(&padded, &plane, size, PLAIN, Interpolation::Nearest);
        let whole = plane_values(&volume, &plane, size, PLAIN, Interpolation::Nearest);
        let picture = drawn(&padded, &plane, size, 1.0, (PLAIN, Interpolation::Nearest), &exact(0.0, 100.0));
        let fifty = if inverted { 127 } else { 128 };
        let mut count = 0;
        for ((shown, whole), pixel) in shown.iter().zip(&whole).zip(&picture.pixels) {
            let is_padding = *whole < 0.0;
            count += usize::from(is_padding);
            assert_eq!(shown.is_nan(), is_padding || whole.is_nan());
            let level = if shown.is_nan() { 0 } else { fifty };
            assert!(pixel[0].abs_diff(level) <= 1, "{whole} {pixel:?}");
        }
        assert!(count > 20, "{count}");
        // A slab leaves it out: it is nowhere the least.
        let slab = Slab { thickness: Mm(5.0), mode: SlabMode::MinIp };
        let least = plane_values(&padded, &plane, size, slab, Interpolation::Linear);
        assert!(least.iter().all(|value| value.is_nan() || (*value - 50.0).abs() < 1e-3));
        let picture = drawn(&padded, &plane, size, 1.0, (slab, Interpolation::Linear), &exact(0.0, 100.0));
        assert!(picture.pixels.iter().all(|pixel| pixel[0] == 0 || pixel[0].abs_diff(fifty) <= 1));
    }
}

#[test]
fn what_is_not_there_is_black() {
    let volume = phantom(&EVEN, 0.2, |_| 70.0);
    let typed = stored(&volume, |_, values| of_type(3, &values), |_, _| ());
    let mut holed = typed.clone();
    holed.samples[2] = None;
    // Of the second slice the first four rows and three pixels.
    let second = Samples::clone(holed.samples[1].as_ref().unwrap());
    holed.samples[1] = Some(Arc::new(Decoded::cut_off(second, 4 * 14 + 3)));
    let voxel = |column: f64, row: f64, slice: f64| {
        value_at(&holed, volume.slices.patient_from_voxel(DVec3::new(column, row, slice)))
    };
    assert_eq!(voxel(4.0, 3.0, 1.0), Some(70.0));
    assert_eq!(voxel(2.0, 3.9, 0.5).map(f64::round), Some(70.0));
    assert_eq!(voxel(2.5, 4.0, 0.5), None);
    assert_eq!(voxel(4.0, 3.1, 1.2), None);
    assert_eq!(voxel(4.0, 3.0, 0.0), Some(70.0));
    for how in [Interpolation::Nearest, Interpolation::Linear, Interpolation::Cubic] {
        let (plane, size) = across(&volume);
        let values = plane_values(&holed, &plane, size, PLAIN, how);
        let picture = drawn(&holed, &plane, size, 1.0, (PLAIN, how), &exact(0.0, 100.0));
        let there = plane_values(&typed, &plane, size, PLAIN, how);
        let missing =
            values.iter().zip(&there).filter(|(ours, whole)| ours.is_nan() && !whole.is_nan()).count();
        assert!(missing > 50, "{missing}");
        for (value, pixel) in values.iter().zip(&picture.pixels) {
            assert!(pixel[0].abs_diff(if value.is_nan() { 0 } else { 178 }) <= 1, "{how:?} {value}");
        }
    }
}

#[test]
fn a_small_picture_shows_averages() {
    // Stripes of one voxel: what is drawn at a quarter of the size is their mean, not one of them.
    let volume = phantom(&EVEN, 0.0, |_| 0.0);
    let striped = stored(
        &volume,
        |_, values| {
            Samples::U8((0..values.len()).map(|index| if index % 2 == 0 { 0 } else { 200 }).collect())
        },
        |_, _| (),
    );
    let point = volume.slices.patient_from_voxel(DVec3::new(6.5, 5.0, 3.0)).0;
    let size = FrameSize { columns: 12, rows: 12 };
    let plane = plane_through(point, [DVec3::new(0.8, 0.6, 0.0), DVec3::NEG_Z], size, 0.4);
    let picture = drawn(&striped, &plane, size, 4.0, (PLAIN, Interpolation::Linear), &exact(0.0, 255.0));
    assert_eq!((picture.size.width, picture.size.height), (3, 3));
    assert!((90..=110).contains(&picture.pixels[4][0]), "{:?}", picture.pixels);
}

#[test]
fn one_thread_and_many_draw_the_same_bytes() {
    let volume = phantom(&UNEVEN, 0.3, small);
    let typed = stored(&volume, |_, values| of_type(3, &values), |_, _| ());
    let size = FrameSize { columns: 301, rows: 203 };
    let point = volume.slices.patient_from_voxel(DVec3::new(6.3, 5.2, 1.6)).0;
    let plane = plane_through(point, directions(0.4, 0.9, 0.7), size, 0.05);
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    for how in [Interpolation::Nearest, Interpolation::Linear, Interpolation::Cubic] {
        for thickness in [0.0, 3.0] {
            let slab = Slab { thickness: Mm(thickness), mode: SlabMode::Mean };
            let draw = || {
                let look = Look {
                    colors: ColorMap::HotIron,
                    voi: Voi::Window(Window::linear(40.0, 80.0)),
                    ..exact(0.0, 1.0)
                };
                drawn(&typed, &plane, size, 1.0, (slab, how), &look)
            };
            let one = pool(1).install(draw);
            assert_eq!(one, pool(5).install(draw));
            assert!(one.pixels.iter().any(|pixel| *pixel != Picture::BLACK));
        }
    }
}

#[test]
fn a_slab_of_a_falling_rescale_shows_the_largest_modality_value() {
    let volume = phantom(&EVEN, 0.2, small);
    let falling = stored(
        &volume,
        |_, values| of_type(3, &values.iter().map(|value| (10.0 - value) * 2.0).collect::<Vec<_>>()),
        |frame, _| frame.transform = ModalityTransform::Rescale { slope: -0.5, intercept: 10.0 },
    );
    // Each slice another: nothing is folded into the window.
    let each = stored(
        &volume,
        |slice, values| {
            let stored = |value: &f64| (10.0 - value) * (slice as f64 + 1.0);
            of_type(3, &values.iter().map(stored).collect::<Vec<_>>())
        },
        |frame, slice| {
            let slope = -(slice as f64 + 1.0).recip();
            frame.transform = ModalityTransform::Rescale { slope, intercept: 10.0 };
        },
    );
    let (plane, size) = across(&volume);
    for mode in [SlabMode::Mean, SlabMode::Mip, SlabMode::MinIp] {
        let slab = Slab { thickness: Mm(4.0), mode };
        let plain = plane_values(&volume, &plane, size, slab, Interpolation::Linear);
        for stored in [&falling, &each] {
            let ours = plane_values(stored, &plane, size, slab, Interpolation::Linear);
            // Values reach over 130.
            let same = |(a, b): (&f32, &f32)| (a - b).abs() < 0.013 || (a.is_nan() && b.is_nan());
            assert!(ours.iter().zip(&plain).all(same), "{mode:?}");
            let picture = drawn(stored, &plane, size, 1.0, (slab, Interpolation::Linear), &exact(0.0, 130.0));
            for (value, pixel) in plain.iter().zip(&picture.pixels) {
                let level = (f64::from(*value) / 130.0 * 255.0).clamp(0.0, 255.0);
                assert!(
                    value.is_nan() || (level - f64::from(pixel[0])).abs() < 0.54,
                    "{mode:?} {level} {pixel:?}"
                );
            }
        }
    }
}

#[test]
fn the_fast_way_is_within_a_ten_thousandth_of_the_exact_one() {
    // 1001 points in a row, from outside to outside, in slices whose steps differ.
    for (places, shear) in [(EVEN, 0.0), (EVEN, 0.5), (UNEVEN, -0.4)] {
        let volume = phantom(&places, shear, small);
        let typed = stored(&volume, |_, values| of_type(3, &values), |_, _| ());
        let size = FrameSize { columns: 1001, rows: 3 };
        let point = volume.slices.patient_from_voxel(DVec3::new(6.3, 5.2, 1.6)).0;
        let plane = plane_through(point, directions(0.4, 0.9, 0.7), size, 0.021);
        for how in [Interpolation::Nearest, Interpolation::Linear, Interpolation::Cubic] {
            let theirs = plane_values(&typed, &plane, size, PLAIN, how);
            let mut ours = Vec::new();
            let pixels = Pixels {
                cut: Cut::of_pixels(&plane),
                depths: &[0.0],
                mode: SlabMode::Mean,
                size,
                values: &mut ours,
            };
            let origin = Origin { base: 0.0, fill: f32::NAN, folded: true };
            assert!(source::fast(&typed, how, origin, pixels).is_ok());
            let count = theirs.iter().filter(|value| !value.is_nan()).count();
            assert!((500..2900).contains(&count), "{count}");
            // A nearest voxel may be the other one where two are as near.
            let far = |(a, b): (&f32, &f32)| (a - b).abs() >= 0.012 || a.is_nan() != b.is_nan();
            let off = ours.iter().zip(&theirs).filter(|pair| far(*pair)).count();
            assert!(off <= if how == Interpolation::Nearest { 2 } else { 0 }, "{how:?}: {off}");
        }
    }
}

/// Draws the same values with the machine's widest instructions and with none.
struct BothWays<'a> {
    cut: Cut,
    depths: &'a [f64],
    size: FrameSize,
}

impl Draw for BothWays<'_> {
    fn draw<P: Points>(self, points: impl Fn(&Cut) -> P) {
        let Self { cut, depths, size } = self;
        for fine in [1, 2] {
            let lines = Lines { points: &points(&cut), depths, mode: SlabMode::Mean, fine };
            let (mut wide, mut plain) = (Vec::new(), vec![0.0; size.pixels()]);
            fill(&lines, [size.columns, size.rows], &mut wide, &mut Vec::new());
            let scratch = &mut Scratch::default();
            let (width, values) = (size.columns, &mut *plain);
            let all = Fill { lines: &lines, first_row: 0, width, scratch, values };
            pulp::WithSimd::with_simd(all, pulp::Scalar::new());
            assert!(
                wide.iter()
                    .zip(&plain)
                    .all(|(a, b)| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()))
            );
            assert!(wide.iter().filter(|value| !value.is_nan()).count() > 2000);
        }
    }
}

#[test]
fn wide_instructions_give_the_same_values_as_plain_ones() {
    let volume = phantom(&UNEVEN, 0.3, small);
    let size = FrameSize { columns: 301, rows: 67 };
    let point = volume.slices.patient_from_voxel(DVec3::new(6.3, 5.2, 1.6)).0;
    let cut = Cut::of_pixels(&plane_through(point, directions(0.4, 0.9, 0.7), size, 0.05));
    for kind in [0, 2, 3, 6] {
        let typed = stored(&volume, |_, values| of_type(kind, &values), |_, _| ());
        for how in [Interpolation::Nearest, Interpolation::Linear, Interpolation::Cubic] {
            let origin = Origin { base: 40.0, fill: f32::NAN, folded: true };
            for depths in [&[0.0][..], &[-0.4, 0.0, 0.4]] {
                assert!(source::fast(&typed, how, origin, BothWays { cut, depths, size }).is_ok());
            }
        }
    }
}
