//! How long pictures take: medians of many, in milliseconds. `cargo bench --no-default-features --bench render`.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints its figures and may panic")]

#[path = "../tests/common/frame.rs"]
mod frame;

use std::time::Instant;

use frame::ct_frame;
use glam::DVec3;
use isodense::case::{Kind, Measurement, Points};
use isodense::geometry::{FramePlane, Mm, PatientPoint, PixelPoint, PixelSpacing};
use isodense::image::{Frame, FrameSize, Samples, Voi, VoiFunction, Window};
use isodense::render::{
    Fonts, MarkInput, MarkScene, MarkShape, Picture, SliceRenderer, Style, auto_window, marks, paint,
    thumbnail,
};
use isodense::view::{ColorMap, Framing, Look, Slice, View, ViewportSize};

const HD: ViewportSize = ViewportSize { width: 1920, height: 1080 };
const UHD: ViewportSize = ViewportSize { width: 3840, height: 2160 };

fn frame(columns: usize, rows: usize) -> Frame {
    let spacing = PixelSpacing { between_rows: Mm(0.5), between_columns: Mm(0.5) };
    let plane = FramePlane::new(PatientPoint(DVec3::ZERO), DVec3::X, DVec3::Y, spacing).unwrap();
    Frame { plane: None, thickness: None, ..ct_frame(plane, FrameSize { columns, rows }) }
}

fn samples(columns: usize, rows: usize) -> Samples {
    let sample = |index: usize| i16::try_from(index.wrapping_mul(2_654_435_761) >> 7 & 2047).unwrap_or(0);
    Samples::I16((0..columns * rows).map(sample).collect())
}

/// Prints the least and the median time of many runs.
fn report(name: &str, mut run: impl FnMut()) {
    let mut times: Vec<f64> = (0..60)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{name:62} {:7.2} / {:7.2} ms", times[0], times[times.len() / 2]);
}

fn slice(name: &str, size: ViewportSize, pixels: (usize, usize), change: impl Fn(&mut View)) {
    let (frame, samples) = (frame(pixels.0, pixels.1), samples(pixels.0, pixels.1));
    let look = Look::with_window(Window::linear(40.0, 400.0));
    // Fill the whole viewport: the most work there is.
    let mut framing = Framing::fit(&frame, size);
    framing.height = Mm(framing.height.0 / size.aspect().max(1.0));
    let mut view = View { of: Slice::Acquired(frame.of.clone()), framing, look };
    change(&mut view);
    let resolved = view.resolve(&frame, size);
    let (mut renderer, mut picture) = (SliceRenderer::default(), Picture::new(size));
    report(name, || renderer.render(&frame, &samples, &resolved, &view.look, &mut picture));
}

fn slices() {
    let small = (512, 512);
    slice("1920x1080 from 512x512 i16", HD, small, |_| ());
    slice("1920x1080, pixels as squares", HD, small, |view| {
        view.look.interpolation = isodense::view::Interpolation::Nearest;
    });
    slice("1920x1080, colours", HD, small, |view| view.look.colors = ColorMap::HotIron);
    slice("1920x1080, sigmoid", HD, small, |view| {
        view.look.voi = Voi::Window(Window { center: 40.0, width: 400.0, function: VoiFunction::Sigmoid });
    });
    slice("1920x1080, mirrored", HD, small, |view| view.framing.mirrored = true);
    slice("1920x1080, turned by 20 degrees", HD, small, |view| view.framing.turn = 0.35);
    slice("1920x1080, turned by 90 degrees", HD, small, |view| {
        view.framing.turn = std::f64::consts::FRAC_PI_2;
    });
    slice("3840x2160 from 512x512", UHD, small, |_| ());
    let fit = |view: &mut View| view.framing.height = Mm(1024.0);
    slice(
        "960x1080 from 3072x2048 (minified by 1.9)",
        ViewportSize { width: 960, height: 1080 },
        (3072, 2048),
        fit,
    );
    slice(
        "960x1080 from 3072x2048, turned",
        ViewportSize { width: 960, height: 1080 },
        (3072, 2048),
        |view| {
            fit(view);
            view.framing.turn = 0.35;
        },
    );
}

fn main() {
    println!("{:62} {:>7} / {:>7}", "", "least", "median");
    slices();
    let (frame, pixels) = (frame(512, 512), samples(512, 512));
    let voi = Voi::Window(Window::linear(40.0, 400.0));
    report("thumbnail of 128 pixels from 512x512", || drop(thumbnail(&frame, &pixels, &voi, 128)));
    report("automatic window of 512x512", || {
        let _window = std::hint::black_box(auto_window(&frame, &pixels, None));
    });
    let ellipses: Vec<Measurement> = (0..20_u32)
        .map(|i| {
            let at = f64::from(i) * 20.0 + 40.0;
            let points =
                [(at, at), (at + 12.0, at), (at, at + 9.0)].map(|(c, r)| PixelPoint::new(c, r)).to_vec();
            Measurement::new(Kind::Ellipse, Points::Pixel { frame: frame.of.clone(), points })
        })
        .collect();
    let lines = ["38.0 HU (mean of 412 px, SD 4.3)".to_owned(), "area 231.4 mm²".to_owned()];
    let inputs: Vec<_> = ellipses
        .iter()
        .map(|m| MarkInput { shape: MarkShape::Measured(m), lines: &lines, selected: false, hovered: false })
        .collect();
    let look = Look::with_window(Window::linear(40.0, 400.0));
    let view = View { of: Slice::Acquired(frame.of.clone()), framing: Framing::fit(&frame, HD), look };
    let (resolved, style, fonts) = (view.resolve(&frame, HD), Style::screen(1.0), Fonts::default());
    let scene = MarkScene { frame: &frame, resolved: &resolved, style: &style, fonts: &fonts };
    report("20 ellipses with labels, placed", || drop(marks(&inputs, &scene)));
    let (drawn, mut picture) = (marks(&inputs, &scene), Picture::new(HD));
    report("20 ellipses with labels, painted", || {
        for mark in &drawn {
            paint(&mark.list, &mut picture, &fonts);
        }
    });
}
