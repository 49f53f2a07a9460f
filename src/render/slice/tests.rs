use std::sync::Arc;

use super::*;
use crate::image::testing::oblique_frame;
use crate::image::{FrameSize, Lut, ModalityTransform, PaddingRange, Voi, VoiFunction, Window};
use crate::view::{ColorMap, Framing, Interpolation, Slice, View, ViewportSize};

fn frame_of(columns: usize, rows: usize) -> Frame {
    let mut frame = oblique_frame();
    frame.size = FrameSize { columns, rows };
    frame.spacing = None;
    frame.pixel_aspect = 1.0;
    frame.padding = None;
    frame
}

fn draw_framed(
    frame: &Frame,
    samples: &Samples,
    look: &Look,
    framing: Framing,
    size: ViewportSize,
) -> Picture {
    let view = View { of: Slice::Acquired(frame.of.clone()), framing, look: look.clone() };
    let mut picture = Picture::new(ViewportSize { width: 1, height: 1 });
    SliceRenderer::default().render(frame, samples, &view.resolve(frame, size), look, &mut picture);
    picture
}

fn draw(frame: &Frame, samples: &Samples, look: &Look, width: u32, height: u32) -> Picture {
    let size = ViewportSize { width, height };
    draw_framed(frame, samples, look, Framing::fit(frame, size), size)
}

fn reds(picture: &Picture) -> Vec<u8> {
    picture.pixels.iter().map(|p| p[0]).collect()
}

fn look(voi: Voi) -> Look {
    Look { voi, ..Look::with_window(Window::linear(0.0, 1.0)) }
}

fn check_levels(frame: &Frame, stored: &[f64], samples: &Samples, look: &Look) {
    let (width, height) = (u32::try_from(stored.len()).unwrap(), 1);
    let picture = draw(frame, samples, look, width, height);
    for (stored, pixel) in stored.iter().zip(&picture.pixels) {
        let bright = look.voi.brightness(frame.transform.value(*stored));
        let shown = if frame.inverted == look.inverted { bright } else { 1.0 - bright };
        let off = (shown * 255.0 - f64::from(pixel[0])).abs();
        // Half a level is rounding; a sampled sigmoid may be an eighth of a level further.
        let sampled = matches!(look.voi, Voi::Window(Window { function: VoiFunction::Sigmoid, .. }));
        let tolerance = if sampled { 0.63 } else { 0.501 };
        assert!(off <= tolerance, "{stored}: {shown} drawn as {} by {:?}", pixel[0], look.voi);
    }
}

#[test]
fn every_window_function_agrees_with_its_clause_at_pixel_centres() {
    let stored: Vec<i16> = (-700..1400).collect();
    let wide: Vec<f64> = stored.iter().map(|v| f64::from(*v)).collect();
    let mut frame = frame_of(stored.len(), 1);
    let samples = Samples::I16(stored);
    let table = Lut {
        first: -100,
        entries: (0..400_u32).map(|i| u16::try_from(i * i / 40).unwrap()).collect(),
        bits: 12,
    };
    for (slope, intercept) in [(1.0, 0.0), (2.0, -1000.0), (-0.5, 20.0), (0.001, 3.0)] {
        frame.transform = ModalityTransform::Rescale { slope, intercept };
        for inverted in [false, true] {
            frame.inverted = inverted;
            check_levels(&frame, &wide, &samples, &look(Voi::Lut(table.clone())));
            for function in [VoiFunction::Linear, VoiFunction::LinearExact, VoiFunction::Sigmoid] {
                for (center, width) in [(40.0, 80.0), (0.0, 1.0), (-600.0, 1500.0), (40.5, 1.5), (3.5, 2.0)] {
                    let window = Window { center, width, function };
                    check_levels(&frame, &wide, &samples, &look(Voi::Window(window)));
                }
            }
        }
    }
}

#[test]
fn a_modality_table_comes_before_the_window() {
    let mut frame = frame_of(5, 1);
    frame.transform = ModalityTransform::Lut {
        table: Lut { first: 1, entries: Arc::from([10, 300, 20]), bits: 16 },
        scale: 1.0,
    };
    let picture = draw(
        &frame,
        &Samples::U16(vec![0, 1, 2, 3, 4]),
        &look(Voi::Window(Window::linear(128.0, 256.0))),
        5,
        1,
    );
    assert_eq!(reds(&picture), [10, 10, 255, 20, 20]);
}

#[test]
fn wide_types_keep_their_digits_near_the_window() {
    let mut frame = frame_of(4, 1);
    frame.transform = ModalityTransform::IDENTITY;
    let voi = look(Voi::Window(Window::linear(1_000_000_128.0, 256.0)));
    let i32s = Samples::I32(vec![1_000_000_000, 1_000_000_001, 1_000_000_254, i32::MIN]);
    assert_eq!(reds(&draw(&frame, &i32s, &voi, 4, 1)), [0, 1, 254, 0]);
    let f64s = Samples::F64(vec![1e9 + 7.0, f64::NAN, f64::INFINITY, 1e300]);
    assert_eq!(reds(&draw(&frame, &f64s, &voi, 4, 1)), [7, 0, 0, 255]);
}

#[test]
fn values_are_interpolated_before_the_window() {
    // Half way between 0 and 100 is 50: white in a window that starts at 40. Windowed first it would be grey.
    let mut frame = frame_of(2, 1);
    frame.transform = ModalityTransform::IDENTITY;
    let samples = Samples::U8(vec![0, 100]);
    let narrow = look(Voi::Window(Window { center: 40.0, width: 2.0, function: VoiFunction::LinearExact }));
    let picture = draw(&frame, &samples, &narrow, 8, 4);
    assert_eq!(&reds(&picture)[8..16], [0, 0, 0, 0, 255, 255, 255, 255]);
    let soft = look(Voi::Window(Window::linear(128.0, 256.0)));
    // Places -0.375, -0.125, 0.125, ...: the ends hold, between them 12.5, 37.5, 62.5, 87.5 (ties to even).
    assert_eq!(&reds(&draw(&frame, &samples, &soft, 8, 4))[..8], [0, 0, 12, 38, 62, 88, 100, 100]);
    let squares = Look { interpolation: Interpolation::Nearest, ..soft };
    assert_eq!(&reds(&draw(&frame, &samples, &squares, 8, 4))[..8], [0, 0, 0, 0, 100, 100, 100, 100]);
}

#[test]
fn minification_averages_the_area() {
    let mut frame = frame_of(6, 6);
    frame.transform = ModalityTransform::IDENTITY;
    let soft = look(Voi::Window(Window::linear(128.0, 256.0)));
    let samples = Samples::U16((0..36).map(|i| if (i / 6 + i % 6) % 2 == 0 { 200 } else { 0 }).collect());
    assert_eq!(reds(&draw(&frame, &samples, &soft, 3, 3)), [100; 9]);
    // Three source pixels to two: shares of 1 and 1/2.
    let ramp = Samples::U16((0..36).map(|i| 30 * (i % 6)).collect());
    assert_eq!(&reds(&draw(&frame, &ramp, &soft, 4, 4))[..4], [10, 50, 100, 140]);
    let rgb = Samples::Rgb8((0..36).map(|i| [if i % 2 == 0 { 90 } else { 10 }, 7, 255]).collect());
    assert_eq!(draw(&frame, &rgb, &soft, 3, 3).pixels, [[50, 7, 255, 255]; 9]);
}

#[test]
fn mirrored_and_turned_views_agree_with_the_upright_one() {
    let mut frame = frame_of(7, 7);
    frame.transform = ModalityTransform::IDENTITY;
    let samples = Samples::I16((0..49).map(|i| (i * 37) % 256).collect());
    let soft = look(Voi::Window(Window::linear(128.0, 256.0)));
    let size = ViewportSize { width: 21, height: 21 };
    let fit = Framing::fit(&frame, size);
    let upright = draw_framed(&frame, &samples, &soft, fit, size);
    let quarter = Framing { turn: std::f64::consts::FRAC_PI_2, ..fit };
    let turned = draw_framed(&frame, &samples, &soft, quarter, size);
    let mirrored = draw_framed(&frame, &samples, &soft, Framing { mirrored: true, ..fit }, size);
    for row in 0..21 {
        for column in 0..21 {
            let expected = upright.pixel(column, row).unwrap()[0];
            assert!(turned.pixel(20 - row, column).unwrap()[0].abs_diff(expected) <= 1);
            assert!(mirrored.pixel(20 - column, row).unwrap()[0].abs_diff(expected) <= 1);
        }
    }
}

#[test]
fn outside_is_black_and_spacing_stretches_the_right_way() {
    // 10 x 0.4 mm by 6 x 0.7 mm: 4.0 x 4.2 mm; 100 pixels of 0.042 mm, 95.2 pixels across.
    let frame = oblique_frame();
    let white = look(Voi::Window(Window::linear(-2000.0, 10.0)));
    let picture = draw(&frame, &Samples::I16(vec![500; 60]), &white, 100, 100);
    let row = &reds(&picture)[5000..5100];
    assert!(row[2..98].iter().all(|v| *v == 255));
    assert_eq!((row[1], row[2], row[97], row[98]), (0, 255, 255, 0));
    let short = draw(&frame, &Samples::I16(vec![500; 59]), &white, 10, 10);
    assert_eq!(reds(&short), [0; 100]);
}

#[test]
fn padding_is_black_in_the_files_own_presentation() {
    let mut frame = frame_of(3, 1);
    frame.transform = ModalityTransform::IDENTITY;
    frame.padding = Some(PaddingRange { low: 4000.0, high: 4095.0 });
    let samples = Samples::U16(vec![4095, 100, 4000]);
    let soft = look(Voi::Window(Window::linear(128.0, 256.0)));
    assert_eq!(reds(&draw(&frame, &samples, &soft, 3, 1)), [0, 100, 0]);
    frame.inverted = true;
    assert_eq!(reds(&draw(&frame, &samples, &soft, 3, 1)), [0, 155, 0]);
    let inverted = Look { inverted: true, ..soft };
    assert_eq!(reds(&draw(&frame, &samples, &inverted, 3, 1)), [255, 100, 255]);
}

#[test]
fn colour_maps_follow_inversion() {
    let mut frame = frame_of(2, 1);
    frame.transform = ModalityTransform::IDENTITY;
    let hot = Look { colors: ColorMap::HotIron, ..look(Voi::Window(Window::linear(128.0, 256.0))) };
    let table = color_table_of(ColorMap::HotIron);
    let picture = draw(&frame, &Samples::U8(vec![10, 200]), &hot, 2, 1);
    assert_eq!(picture.pixels, [table[10], table[200]]);
    let inverted = draw(&frame, &Samples::U8(vec![10, 200]), &Look { inverted: true, ..hot }, 2, 1);
    assert_eq!(inverted.pixels, [table[245], table[55]]);
}

fn color_table_of(map: ColorMap) -> Vec<[u8; 4]> {
    crate::render::color_table(map).iter().map(|[r, g, b]| [*r, *g, *b, 255]).collect()
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let mut frame = frame_of(131, 97);
    frame.transform = ModalityTransform::Rescale { slope: 0.37, intercept: -11.0 };
    let samples = Samples::I16((0..131 * 97).map(|i| i16::try_from((i * 7919) % 4001).unwrap()).collect());
    let soft = look(Voi::Window(Window::linear(600.0, 900.0)));
    let (large, small) = (ViewportSize { width: 301, height: 333 }, ViewportSize { width: 50, height: 130 });
    for (size, turn) in [(large, 0.0), (small, 0.0), (large, 0.3), (small, -2.0)] {
        let framing = Framing { turn, ..Framing::fit(&frame, size) };
        let [one, two] = [1, 2].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| draw_framed(&frame, &samples, &soft, framing, size))
        });
        assert_eq!(one, two);
    }
}

#[test]
fn a_spline_goes_through_the_pixels_and_holds_the_edge() {
    let mut frame = frame_of(4, 2);
    frame.transform = ModalityTransform::IDENTITY;
    let soft = look(Voi::Window(Window::linear(128.0, 256.0)));
    let cubic = Look { interpolation: Interpolation::Cubic, ..soft.clone() };
    let samples = Samples::U8(vec![0, 160, 0, 0, 0, 160, 0, 0]);
    // Places -0.25, 0.25, ..., 3.25. At a quarter the weights are -9/128, 111/128, 29/128, -3/128.
    let row = [0, 36, 139, 139, 36, 0, 0, 0];
    let picture = draw(&frame, &samples, &cubic, 8, 4);
    assert!(reds(&picture).chunks(8).all(|line| line == row), "{:?}", reds(&picture));
    // On the pixels themselves nothing changes; minified it is the mean as ever.
    assert_eq!(reds(&draw(&frame, &samples, &cubic, 4, 2)), [0, 160, 0, 0, 0, 160, 0, 0]);
    assert_eq!(reds(&draw(&frame, &samples, &cubic, 2, 1)), [80, 0]);
    let rgb = Samples::Rgb8((0..8).map(|i| [if i % 4 == 1 { 255 } else { 0 }, 255, 9]).collect());
    assert_eq!(draw(&frame, &rgb, &cubic, 8, 4).pixels[4], [58, 255, 9, 255]);
}

#[test]
fn a_turned_spline_is_the_upright_one() {
    let mut frame = frame_of(7, 7);
    frame.transform = ModalityTransform::IDENTITY;
    let samples = Samples::I16((0..49).map(|i| (i * 37) % 256).collect());
    let soft = look(Voi::Window(Window::linear(128.0, 256.0)));
    let cubic = Look { interpolation: Interpolation::Cubic, ..soft };
    let size = ViewportSize { width: 21, height: 21 };
    let fit = Framing::fit(&frame, size);
    let upright = reds(&draw_framed(&frame, &samples, &cubic, fit, size));
    let quarter = Framing { turn: std::f64::consts::FRAC_PI_2, ..fit };
    let turned = reds(&draw_framed(&frame, &samples, &cubic, quarter, size));
    for (index, grey) in upright.iter().enumerate() {
        let (row, column) = (index / 21, index % 21);
        assert!(turned[column * 21 + 20 - row].abs_diff(*grey) <= 1, "row {row}, column {column}");
    }
}

/// 4 x 3 pixels whose stored values from 100 on are three colours.
fn supplemented() -> (Frame, Samples) {
    let mut frame = frame_of(4, 3);
    frame.transform = ModalityTransform::Rescale { slope: 1.0, intercept: 0.0 };
    let table = |entries: [u16; 3]| Lut { first: 100, entries: entries.into(), bits: 16 };
    let tables = [table([0xFF00, 0x1000, 0]), table([0x0A00, 0x2000, 0]), table([0, 0x3000, 0xC800])];
    let mut stored = (*frame.stored).clone();
    stored.layout.palette = Some(Arc::new(crate::image::Palette { tables }));
    frame.stored = Arc::new(stored);
    (frame, Samples::I16(vec![0, 50, 99, 100, 101, 102, 103, 4000, -7, 100, 0, 102]))
}

#[test]
fn stored_values_from_a_supplemental_palette_on_have_its_colours_and_the_others_stay_grey() {
    let (frame, samples) = supplemented();
    // 0 to 99 is black to white: 255 / 99 a step.
    let look = look(Voi::Window(Window { center: 49.5, width: 99.0, function: VoiFunction::LinearExact }));
    let colors = |picture: &Picture| -> Vec<[u8; 3]> {
        picture.pixels.iter().map(|[red, green, blue, _]| [*red, *green, *blue]).collect()
    };
    let (first, second, third) = ([255, 10, 0], [16, 32, 48], [0, 0, 200]);
    // 50 * 255 / 99 = 128.8. Beyond the last entry is the last entry.
    let right =
        [[0; 3], [129; 3], [255; 3], first, second, third, third, third, [0; 3], first, [0; 3], third];
    assert_eq!(colors(&draw(&frame, &samples, &look, 4, 3)), right);
    let inverted = right.map(|pixel| pixel.map(|level| 255 - level));
    let negative = Look { inverted: true, ..look.clone() };
    assert_eq!(colors(&draw(&frame, &samples, &negative, 4, 3)), inverted);
    // Magnified, no colour is mixed: each pixel is a square of its own.
    let size = ViewportSize { width: 12, height: 9 };
    let large = draw(&frame, &samples, &look, size.width, size.height);
    for (index, right) in right.iter().enumerate() {
        let (column, row) = (index % 4, index / 4);
        if [first, second, third].contains(right) {
            for (x, y) in [(0, 0), (1, 1), (2, 2), (0, 2)] {
                let at = (row * 3 + y) * 12 + column * 3 + x;
                assert_eq!(colors(&large)[at], *right, "pixel {index}, {x} {y}");
            }
        }
    }
    // Turned by a quarter, it has the same colours, and no other.
    let framing = Framing::fit(&frame, ViewportSize { width: 3, height: 4 }).rotated();
    let turned = draw_framed(&frame, &samples, &look, framing, ViewportSize { width: 3, height: 4 });
    let colored = |all: Vec<[u8; 3]>| {
        let mut all: Vec<[u8; 3]> = all.into_iter().filter(|[red, _, blue]| red != blue).collect();
        all.sort_unstable();
        all
    };
    assert_eq!(colored(colors(&turned)), colored(right.to_vec()));
}

#[test]
fn the_numbers_of_colours_are_no_values_for_a_window() {
    let (mut frame, samples) = supplemented();
    frame.presets = Arc::new([]);
    let window = crate::render::auto_window(&frame, &samples, None);
    let [low, high] = [window.center - window.width / 2.0, window.center + window.width / 2.0];
    assert!(low > -10.0 && high < 102.0, "{window:?}");
}
