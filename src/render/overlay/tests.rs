use super::*;
use crate::geometry::Mm;
use crate::image::testing::oblique_frame;
use crate::image::{Calibration, FrameSize};
use crate::render::Item;
use crate::view::{Framing, Look, Slice, View, ViewportSize};

fn frame() -> Frame {
    let mut frame = oblique_frame();
    frame.size = FrameSize { columns: 500, rows: 300 };
    frame
}

fn resolve(frame: &Frame, width: u32, height: u32, change: impl Fn(Framing) -> Framing) -> Resolved {
    let size = ViewportSize { width, height };
    let framing = change(Framing::fit(frame, size));
    let look = Look::with_window(crate::image::Window::linear(0.0, 100.0));
    View { of: Slice::Acquired(frame.of.clone()), framing, look }.resolve(frame, size)
}

fn texts(list: &DrawingList) -> Vec<(DVec2, f64, &str)> {
    let mut found = Vec::new();
    for item in &list.items {
        match item {
            Item::Text { at, size_px, text, .. } => found.push((at.0, *size_px, text.as_str())),
            Item::Line { .. } | Item::Fill { .. } => {}
        }
    }
    found
}

fn corners() -> Corners {
    let lines = |prefix: &str, count: usize| (0..count).map(|i| format!("{prefix} line {i} 123.4")).collect();
    Corners {
        top_left: lines("top left", 7),
        top_right: lines("a rather long top right", 6),
        bottom_left: lines("bottom left", 5),
        bottom_right: lines("bottom right", 5),
    }
}

fn draw(frame: &Frame, resolved: &Resolved, corners: &Corners, scale: f64) -> DrawingList {
    let (style, fonts) = (Style::screen(scale), Fonts::default());
    let badges = ["LOSSY 12:1".to_owned(), "GAP".to_owned()];
    overlay(&OverlayInput {
        frame,
        resolved,
        style: &style,
        fonts: &fonts,
        corners,
        badges: &badges,
        letters: true,
        ruler: true,
    })
}

#[test]
fn nothing_overlaps_at_any_size() {
    let frame = frame();
    for (width, height, scale) in
        [(300, 220, 1.0), (200, 100, 1.0), (640, 480, 1.0), (3840, 2160, 2.0), (300, 220, 2.0), (60, 40, 1.0)]
    {
        let resolved = resolve(&frame, width, height, |framing| framing);
        let list = draw(&frame, &resolved, &corners(), scale);
        let fonts = Fonts::default();
        let rects: Vec<_> = texts(&list)
            .iter()
            .map(|(at, size, text)| (ScreenRect::from_corner(*at, measure(&fonts, text, *size)), *text))
            .collect();
        for (index, (rect, text)) in rects.iter().enumerate() {
            let right = DVec2::new(f64::from(width), f64::from(height));
            assert!(rect.min.cmpge(DVec2::ZERO).all() && rect.max.cmple(right).all(), "{text} {width}");
            for (other, words) in &rects[..index] {
                // Lines of one block touch.
                assert!(rect.overlap(other) < 1e-6, "{text} on {words} at {width} x {height}");
            }
        }
        assert!(width < 300 || rects.len() >= 8, "{} texts at {width} x {height}", rects.len());
    }
}

#[test]
fn the_letters_follow_the_edges_that_are_drawn() {
    // Rows run along (0.8, 0.6, 0): left and posterior; columns along -z: to the feet.
    let frame = frame();
    let edges = |change: fn(Framing) -> Framing| -> Vec<String> {
        let resolved = resolve(&frame, 800, 600, change);
        let list = draw(&frame, &resolved, &Corners::default(), 1.0);
        texts(&list)[..4].iter().map(|(_, _, text)| (*text).to_owned()).collect()
    };
    assert_eq!(edges(|f| f), ["RA", "LP", "H", "F"]);
    assert_eq!(edges(|f| Framing { mirrored: true, ..f }), ["LP", "RA", "H", "F"]);
    // A quarter turn clockwise: what was at the top is at the right.
    assert_eq!(edges(|f| Framing { turn: std::f64::consts::FRAC_PI_2, ..f }), ["F", "H", "RA", "LP"]);
}

#[test]
fn a_ruler_is_round_and_says_its_unit() {
    let mut frame = frame();
    // 200 x 210 mm in 210 rows: one output pixel is 1 mm.
    let resolved = resolve(&frame, 400, 210, |framing| framing);
    let long = ruler(&frame, &resolved, 150.0).unwrap();
    assert_eq!((long.length, long.label.as_str()), (100.0, "10\u{a0}cm"));
    assert!((long.length_px - 100.0).abs() < 1e-9);
    assert_eq!(ruler(&frame, &resolved, 99.0).unwrap().label, "5\u{a0}cm");
    assert_eq!(ruler(&frame, &resolved, 3.0).unwrap().label, "2\u{a0}mm");
    assert_eq!(ruler(&frame, &resolved, 0.3).unwrap().label, "200\u{a0}µm");
    assert_eq!(ruler(&frame, &resolved, 0.06).unwrap().label, "50\u{a0}µm");
    assert_eq!(ruler(&frame, &resolved, 0.000_6).unwrap().label, "0.5\u{a0}µm");
    assert_eq!(ruler(&frame, &resolved, 1.0).unwrap().label, "1\u{a0}mm");
    frame.calibration = Calibration::AtDetector { magnification: None };
    assert_eq!(ruler(&frame, &resolved, 60.0).unwrap().label, "50\u{a0}mm at detector");
    frame.calibration = Calibration::None;
    frame.spacing = None;
    let px = resolve(&frame, 400, 210, |framing| Framing { height: Mm(105.0), ..framing });
    let short = ruler(&frame, &px, 60.0).unwrap();
    assert_eq!((short.label.as_str(), short.length_px), ("20\u{a0}px", 40.0));
}
