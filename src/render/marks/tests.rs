use super::*;
use crate::case::Points;
use crate::image::testing::oblique_frame;
use crate::image::{FrameOfReference, FrameSize};
use crate::view::{Framing, Look, Slice, View, ViewportSize};

struct Scene {
    frame: Frame,
    resolved: Resolved,
    fonts: Fonts,
    style: Style,
}

/// 100 x 80 pixels of 0.4 x 0.7 mm in 600 x 560 output pixels: 56 mm down, so 10 output pixels a mm.
fn scene() -> Scene {
    let mut frame = oblique_frame();
    frame.size = FrameSize { columns: 100, rows: 80 };
    let size = ViewportSize { width: 600, height: 560 };
    let framing = Framing::fit(&frame, size);
    let look = Look::with_window(crate::image::Window::linear(0.0, 100.0));
    let resolved = View { of: Slice::Acquired(frame.of.clone()), framing, look }.resolve(&frame, size);
    Scene { frame, resolved, fonts: Fonts::default(), style: Style::screen(1.0) }
}

impl Scene {
    fn measurement(&self, kind: Kind, pixels: &[(f64, f64)]) -> Measurement {
        let pixels: Vec<_> = pixels.iter().map(|(c, r)| PixelPoint::new(*c, *r)).collect();
        let space = FrameOfReference::Declared("1.9".into());
        Measurement::new(kind, Points::drawn(&self.frame, &space, &pixels))
    }

    fn draw(&self, measurements: &[Measurement]) -> Vec<MarkDrawing> {
        let lines = ["38.0 HU (mean of 412 px, SD 4.3)".to_owned(), "area 231.4 mm²".to_owned()];
        let inputs: Vec<_> = measurements
            .iter()
            .map(|m| MarkInput {
                shape: MarkShape::Measured(m),
                lines: &lines,
                selected: true,
                hovered: false,
            })
            .collect();
        let Self { frame, resolved, style, fonts } = self;
        marks(&inputs, &MarkScene { frame, resolved, style, fonts })
    }
}

fn points_of(kind: Kind, at: (f64, f64)) -> Vec<(f64, f64)> {
    let shape: &[(f64, f64)] = match kind {
        Kind::Probe | Kind::Text | Kind::Mask => &[(0.0, 0.0)],
        Kind::Length | Kind::Arrow => &[(0.0, 0.0), (9.0, 5.0)],
        Kind::Angle | Kind::Ellipse => &[(8.0, 0.0), (12.0, 3.0), (6.0, 5.0)],
        Kind::Bidirectional => &[(0.0, 4.0), (12.0, 4.0), (6.0, 1.0), (6.0, 6.0)],
        Kind::Size => &[(0.0, 4.0), (12.0, 4.0), (6.0, 1.0), (6.0, 6.0), (6.0, 3.0), (6.0, 3.0)],
        Kind::LineDistance | Kind::MidlineShift | Kind::Height => &[(0.0, 4.0), (12.0, 2.0), (6.0, 9.0)],
        Kind::Cobb | Kind::OpenAngle => &[(0.0, 4.0), (12.0, 2.0), (1.0, 9.0), (11.0, 8.0)],
        Kind::Rectangle => &[(0.0, 0.0), (9.0, 0.0), (9.0, 5.0), (0.0, 5.0)],
        Kind::Polygon | Kind::Freehand => &[(0.0, 0.0), (9.0, 1.0), (4.0, 6.0)],
    };
    shape.iter().map(|(c, r)| (c + at.0, r + at.1)).collect()
}

#[test]
fn every_kind_is_drawn_where_it_is_and_its_label_beside_it() {
    let scene = scene();
    // A mask has no shape of its own points: its outlines are drawn.
    for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Mask) {
        let drawn = scene.draw(&[scene.measurement(kind, &points_of(kind, (20.0, 30.0)))]).remove(0);
        assert!(!drawn.list.items.is_empty(), "{}", kind.name());
        let label = drawn.label.unwrap();
        for piece in drawn.outline.iter().flat_map(|line| line.windows(2)) {
            for share in 0..=20 {
                let point = piece[0].0.lerp(piece[1].0, f64::from(share) / 20.0);
                assert!(!label.contains(point), "{} under its label", kind.name());
            }
        }
        if kind != Kind::Freehand {
            let expected = scene.measurement(kind, &points_of(kind, (20.0, 30.0)));
            let first = expected.points.on_frame(&scene.frame).unwrap()[0];
            let at = scene.resolved.screen_from_pixel(first).0;
            assert!(drawn.handles[0].0.distance(at) < 1e-6);
        }
    }
}

#[test]
fn labels_of_neighbours_do_not_overlap_and_stay_in_the_viewport() {
    let scene = scene();
    let crowd: Vec<_> = [(5.0, 5.0), (8.0, 12.0), (85.0, 70.0), (80.0, 60.0), (40.0, 40.0), (45.0, 46.0)]
        .iter()
        .zip(Kind::ALL.iter().filter(|kind| **kind != Kind::Text))
        .map(|(at, kind)| scene.measurement(*kind, &points_of(*kind, *at)))
        .collect();
    let labels: Vec<_> = scene.draw(&crowd).iter().map(|drawing| drawing.label.unwrap()).collect();
    for (index, label) in labels.iter().enumerate() {
        assert!(label.min.cmpge(DVec2::ZERO).all() && label.max.cmple(DVec2::new(600.0, 560.0)).all());
        assert!(labels[..index].iter().all(|other| other.overlap(label) <= 0.0));
    }
}

#[test]
fn the_reader_moves_a_label_in_millimetres() {
    let scene = scene();
    let mut length = scene.measurement(Kind::Length, &[(20.0, 40.0), (40.0, 40.0)]);
    let before = scene.draw(std::slice::from_ref(&length)).remove(0);
    let drag = DVec2::new(-35.0, 60.0);
    length.label_offset = before.dragged_label_offset(drag, &scene.resolved);
    let after = scene.draw(std::slice::from_ref(&length)).remove(0);
    assert!(after.label.unwrap().min.distance(before.label.unwrap().min + drag) < 1e-9);
    assert!((length.label_offset.unwrap().x + 3.5).abs() < 1e-9, "10 output pixels are 1 mm");
}

#[test]
fn handles_win_over_labels_and_labels_over_bodies() {
    let scene = scene();
    let line = scene.measurement(Kind::Length, &[(20.0, 40.0), (60.0, 40.0)]);
    let drawings = scene.draw(&[line.clone(), scene.measurement(Kind::Probe, &[(90.0, 10.0)])]);
    let start = drawings[0].handles[0].0;
    let hit = |at: DVec2| hit_test(&drawings, ScreenPoint(at), 8.0).map(|hit| (hit.index, hit.part));
    assert_eq!(hit(start + DVec2::new(5.0, 3.0)), Some((0, Part::Handle(0))));
    assert_eq!(hit(start + DVec2::new(60.0, 6.0)), Some((0, Part::Body)));
    assert_eq!(hit(start + DVec2::new(60.0, 9.0)), None);
    assert_eq!(hit(drawings[0].label.unwrap().center()), Some((0, Part::Label)));
    assert_eq!(hit(drawings[1].handles[0].0), Some((1, Part::Handle(0))));
    let elsewhere = Points::Pixel {
        frame: crate::image::FrameRef { frame_number: 2, ..scene.frame.of.clone() },
        points: vec![PixelPoint::new(1.0, 1.0); 2],
    };
    let absent = scene.draw(&[Measurement { points: elsewhere, ..line }]).remove(0);
    assert_eq!(absent, MarkDrawing::default());
}

#[test]
fn a_draft_may_have_any_number_of_points() {
    let Scene { frame, resolved, fonts, style } = &scene();
    for kind in Kind::ALL {
        for count in 0..5 {
            let points: Vec<_> = (0..count).map(|i| PixelPoint::new(f64::from(i) * 7.0, 20.0)).collect();
            let shape = MarkShape::Draft { kind, points: &points, pointer: None };
            let input = MarkInput { shape, lines: &[], selected: false, hovered: false };
            let drawn = marks(&[input], &MarkScene { frame, resolved, style, fonts }).remove(0);
            assert_eq!(drawn.handles.is_empty(), count == 0 || matches!(kind, Kind::Freehand | Kind::Mask));
        }
    }
}

#[test]
fn an_ellipse_is_flattened_within_a_tenth_of_a_pixel() {
    let scene = scene();
    // Half axes of 10 mm across and down: a circle of 100 output pixels.
    let circle = scene.measurement(Kind::Ellipse, &[(50.0, 40.0), (75.0, 40.0), (50.0, 40.0 + 10.0 / 0.7)]);
    let drawn = scene.draw(&[circle]).remove(0);
    let center = drawn.handles[0].0;
    for pair in drawn.outline[0].windows(2) {
        assert!((pair[0].0.distance(center) - 100.0).abs() < 1e-6);
        assert!(pair[0].0.midpoint(pair[1].0).distance(center) > 99.9);
    }
    assert!(drawn.outline[0].len() > 30);
}

#[test]
fn thousands_of_marks_are_drawn_without_a_search_for_room() {
    let scene = scene();
    let many: Vec<_> =
        (0..3000).map(|_| scene.measurement(Kind::Length, &points_of(Kind::Length, (40.0, 40.0)))).collect();
    let start = std::time::Instant::now();
    assert_eq!(scene.draw(&many).len(), 3000);
    // The search would take minutes.
    assert!(start.elapsed() < std::time::Duration::from_secs(20));
}

#[test]
fn the_label_of_a_draft_goes_with_the_pointer_and_never_covers_it() {
    let Scene { frame, resolved, fonts, style } = &scene();
    let lines = ["45.5 mm".to_owned(), "product 812 mm²".to_owned()];
    let from = PixelPoint::new(50.0, 40.0);
    for (column, row) in
        [(90.0, 60.0), (10.0, 8.0), (99.5, 79.5), (0.5, 79.0), (99.0, 1.0), (1.0, 0.5), (52.0, 41.0)]
    {
        let points = [from, PixelPoint::new(column, row)];
        for kind in [Kind::Length, Kind::Polygon] {
            let shape = MarkShape::Draft { kind, points: &points, pointer: Some(points[1]) };
            let input = MarkInput { shape, lines: &lines, selected: false, hovered: false };
            let drawn = marks(&[input], &MarkScene { frame, resolved, style, fonts }).remove(0);
            let label = drawn.label.unwrap();
            let pointer = resolved.screen_from_pixel(points[1]).0;
            let away = label.nearest(pointer).distance(pointer);
            assert!((4.0..=30.0).contains(&away), "the label is {away} from the pointer at {column}, {row}");
            assert!(label.min.cmpge(DVec2::ZERO).all() && label.max.cmple(DVec2::new(600.0, 560.0)).all());
        }
    }
}
