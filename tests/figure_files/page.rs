//! A figure with everything that a page can have, and comparisons of pictures.

use std::f64::consts::TAU;

use glam::{DVec2, DVec3};
use isodense::render::{Color, DrawingList, Fonts, Item, Page, PagePanel, Picture, Stroke, Weight, palette};
use isodense::view::{ScreenPoint, ViewportSize};
use isodense::work::Cancel;

pub(crate) const DPI: f64 = 300.0;
/// What is on the page, in the order in which it is drawn.
pub(crate) const WORDS: [&str; 8] = [
    "Größe 12,3 ± 0,4 mm",
    "µ = 40 HU, σ² → α",
    "AVATAR To. fi fl Wa",
    "edge to edge to edge",
    "<&>\"'  two  spaces",
    "ᚠ ∅ no glyph ᚠ",
    "A",
    "B: left – right",
];

pub(crate) const BLACK: Color = Color([0, 0, 0, 255]);
pub(crate) const RED: Color = Color([200, 20, 40, 255]);

pub(crate) fn plain(width: f64, color: Color) -> Stroke {
    Stroke { width, color, halo: None }
}

pub(crate) fn points(places: &[[f64; 2]]) -> Vec<ScreenPoint> {
    places.iter().map(|[x, y]| ScreenPoint::new(*x, *y)).collect()
}

fn ring(center: DVec2, radius: f64) -> Vec<ScreenPoint> {
    let at = |i: u32| ScreenPoint(center + radius * DVec2::from_angle(TAU * f64::from(i) / 90.0));
    (0..90).map(at).collect()
}

/// A picture of 480 x 560 whose pixels are a function of their place and of noise.
fn picture(color: impl Fn(u32, u32, u8) -> [u8; 3]) -> Picture {
    let size = ViewportSize { width: 480, height: 560 };
    let mut picture = Picture::new(size);
    let mut seed = 1_u32;
    for (index, pixel) in picture.pixels.iter_mut().enumerate() {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let index = u32::try_from(index).unwrap();
        let noise = u8::try_from(seed >> 28).unwrap();
        let [r, g, b] = color(index % 480, index / 480, noise);
        *pixel = [r, g, b, 255];
    }
    picture
}

fn ramp(along: u32, length: u32) -> u8 {
    u8::try_from(along * 230 / length).unwrap()
}

fn marks() -> DrawingList {
    let mut list = DrawingList::default();
    let haloed = Stroke { width: 4.0, color: palette::MARK, halo: Some(palette::HALO) };
    list.line(ring(DVec2::new(300.0, 200.0), 90.0), true, haloed);
    list.line(points(&[[200.0, 350.0], [900.0, 520.0]]), false, haloed);
    list.fill(points(&[[60.0, 300.0], [160.0, 320.0], [90.0, 420.0]]), Color([90, 200, 250, 120]));
    list.text(DVec2::new(20.0, 30.0), 34.0, WORDS[0], palette::OVERLAY);
    list.text(DVec2::new(20.5, 80.25), 33.3, WORDS[1], palette::MARK);
    list.text(DVec2::new(20.0, 470.0), 34.0, WORDS[2], palette::OVERLAY);
    list.text(DVec2::new(330.0, 400.0), 34.0, WORDS[3], palette::OVERLAY);
    list
}

fn more_marks() -> DrawingList {
    let mut list = DrawingList::default();
    list.text(DVec2::new(30.0, 60.0), 34.0, WORDS[4], palette::OVERLAY);
    list.text(DVec2::new(30.0, 160.0), 40.0, WORDS[5], palette::OVERLAY);
    let line = Stroke { width: 2.0, color: palette::SELECTED, halo: Some(palette::HALO) };
    list.line(points(&[[-50.0, 300.0], [240.0, 250.0], [600.0, 300.0]]), false, line);
    list
}

/// 90 x 60 mm at 300 dpi: a grey panel, a coloured one, letters beside them and a line of 50.0 mm.
pub(crate) fn page() -> Page {
    let grey = picture(|x, _, noise| [ramp(x, 480) + noise; 3]);
    let color = picture(|x, y, noise| [ramp(x, 480), ramp(y, 560) + noise, 60]);
    let mut list = DrawingList::default();
    for (at, text, weight) in
        [([30.0, 20.0], WORDS[6], Weight::Bold), ([550.0, 20.0], WORDS[7], Weight::Bold)]
    {
        let (at, text) = (ScreenPoint::new(at[0], at[1]), text.to_owned());
        list.items.push(Item::Text { at, size_px: 37.5, text, weight, color: BLACK, halo: None });
    }
    let start = DVec2::new(100.0, 680.0);
    let end = start + DVec2::new(50.0 / 25.4 * DPI, 0.0);
    list.line(vec![ScreenPoint(start), ScreenPoint(end)], false, plain(3.0, RED));
    let panel = |left, picture, list| PagePanel { left, top: 80, picture, list };
    Page {
        size_mm: DVec2::new(90.0, 60.0),
        size: ViewportSize { width: 1063, height: 709 },
        dpi: DPI,
        panels: vec![panel(30, grey, marks()), panel(550, color, more_marks())],
        list,
    }
}

/// The page as the screen and picture files have it.
pub(crate) fn raster(page: &Page, fonts: &Fonts) -> Picture {
    page.picture(fonts, &Cancel::default()).unwrap()
}

/// How far two pictures of a page are apart, in steps of 255.
#[derive(Debug)]
pub(crate) struct Difference {
    /// The mean over all samples.
    pub(crate) mean: f64,
    /// The part of the pixels with a sample that is more than 64 off.
    pub(crate) far: f64,
    /// The largest over a mean of 3 x 3 pixels, in which a difference of coverage at an edge evens out.
    pub(crate) blurred: f64,
}

/// Compares red, green and blue of two pictures of one size.
pub(crate) fn difference(a: &Picture, b: &Picture) -> Difference {
    assert_eq!(a.size, b.size);
    let (width, height) = (a.size.width as usize, a.size.height as usize);
    let off = |index: usize| {
        let (a, b) = (a.pixels[index], b.pixels[index]);
        [0, 1, 2].map(|c| f64::from(a[c]) - f64::from(b[c]))
    };
    let all: Vec<[f64; 3]> = (0..width * height).map(off).collect();
    let count = all.len() as f64;
    let mean = all.iter().flatten().map(|d| d.abs()).sum::<f64>() / count / 3.0;
    let far = all.iter().filter(|d| d.iter().any(|d| d.abs() > 64.0)).count() as f64 / count;
    let mut blurred = 0.0_f64;
    for y in 1..height - 1 {
        for x in 1..width - 1 {
            let block = (0..9).map(|i| all[(y + i / 3 - 1) * width + x + i % 3 - 1]);
            let sum = block.map(DVec3::from_array).sum::<DVec3>();
            blurred = blurred.max((sum / 9.0).abs().max_element());
        }
    }
    Difference { mean, far, blurred }
}

/// Where nothing is drawn the samples are seen as they are.
pub(crate) fn assert_pixels_of_a_panel(page: &Page, seen: &Picture, drawn: &Picture) {
    let panel = &page.panels[0];
    for row in 425..460 {
        for column in 0..150 {
            let [x, y] = [panel.left + column, panel.top + row];
            assert_eq!(seen.pixel(x, y), drawn.pixel(x, y), "{column} {row}");
            assert_eq!(seen.pixel(x, y), panel.picture.pixel(column, row), "{column} {row}");
        }
    }
}

/// A picture made smaller, each pixel the mean of 4 x 4.
pub(crate) fn quarter(fine: &Picture, size: ViewportSize) -> Picture {
    let mut picture = Picture::new(size);
    for (index, pixel) in picture.pixels.iter_mut().enumerate() {
        let index = u32::try_from(index).unwrap();
        let (x, y) = (index % size.width * 4, index / size.width * 4);
        // The last row and column need not be whole.
        let block: Vec<[u8; 4]> = (0..16).filter_map(|i| fine.pixel(x + i % 4, y + i / 4)).collect();
        for (channel, sample) in pixel.iter_mut().enumerate() {
            let sum: usize = block.iter().map(|p| usize::from(p[channel])).sum();
            *sample = u8::try_from(sum / block.len()).unwrap();
        }
    }
    picture
}

/// 30 x 10 mm with one line of text with a rim, and nothing else.
pub(crate) fn labelled(text: &str) -> Page {
    let mut list = DrawingList::default();
    list.text(DVec2::new(20.0, 40.0), 40.0, text, palette::OVERLAY);
    let size = ViewportSize { width: 354, height: 118 };
    Page { size_mm: DVec2::new(30.0, 10.0), size, dpi: DPI, panels: Vec::new(), list }
}

/// Words that shaping changes: from the right, of two directions, with marks, with pairs that are closer.
pub(crate) const SHAPED: [&str; 9] = [
    "שלום (38 HU)",
    "L1 שלום 12.3 mm",
    "q\u{301} \u{5e9}\u{5c1}\u{5b8}",
    "AVATAR To 11",
    "שלום \u{2212}5 HU",
    "قباني (T2) 12 mm",
    "سلام",
    "राहुल शर्मा",
    "山田 太郎",
];
