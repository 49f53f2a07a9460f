//! Planes, crosshair and coordinates, by keys and labels.

use egui::{Key, Modifiers, Pos2, vec2};
use egui_kittest::kittest::Queryable as _;
use isodense::geometry::PatientPoint;
use isodense::session::{Readiness, ViewportId};

use crate::{Bench, CT, FIRST, sample};

const ALL: [ViewportId; 4] = [ViewportId(0), ViewportId(1), ViewportId(2), ViewportId(3)];

/// Where a point of the patient is in the window, in the viewport of that label.
fn screen(bench: &Bench, id: ViewportId, point: PatientPoint) -> Pos2 {
    let session = bench.session();
    let shown = session.shown(id).expect("a plane");
    let pixel = shown.frame.plane.expect("a place").pixel_from_patient(point).0;
    let resolved = shown.viewport.view.resolve(shown.frame, session.workspace().size(id));
    let at = resolved.screen_from_pixel(pixel).0;
    let label = format!("Image {}", id.0 + 1);
    bench.0.get_by_label(&label).rect().min + vec2(at.x as f32, at.y as f32)
}

fn name(bench: &Bench, id: ViewportId) -> &'static str {
    let shown = bench.session().shown(id).expect("a plane");
    shown.viewport.view.reformat().map_or("as acquired", |reformat| reformat.plane.name())
}

#[test]
fn three_planes_follow_the_crosshair_and_typed_coordinates() {
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    bench.keys(Modifiers::COMMAND, Key::Num3);
    bench.wait_until("every plane is whole", |session| {
        ALL.iter().all(|id| session.readiness(*id) == Readiness::Ready)
    });
    assert_eq!(ALL.map(|id| name(&bench, id)), ["axial", "coronal", "sagittal", "oblique"]);

    bench.keys(Modifiers::COMMAND, Key::G);
    bench.retype("Coordinates", "L 21.3 A 30.7 H 40.2");
    bench.click("OK");
    let point = PatientPoint::new(21.3, -30.7, 40.2);
    assert_eq!(bench.session().crosshair().expect("a crosshair").point, point);

    // The status line says where the pointer is, on every plane.
    for id in ALL {
        let at = screen(&bench, id, point);
        bench.0.hover_at(at);
        bench.steps(2);
        let status = bench.0.state().status().expect("over the image");
        assert!(status.contains("interpolated"), "{status}");
        let last = status.rsplit("   |   ").next().expect("a place");
        let numbers: Vec<f64> = last.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        let off = [21.3, 30.7, 40.2].iter().zip(&numbers).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(numbers.len() == 3 && off < 1.0, "{status}");
    }

    // With its tool, a click moves it: the planes across follow, the one clicked on stays.
    bench.key(Key::H);
    let before = bench.session().shown(FIRST).expect("a plane").viewport.view.clone();
    let to = PatientPoint::new(30.0, -20.0, 40.2);
    let at = screen(&bench, FIRST, to);
    bench.drag(at, at + vec2(1.0, 0.0));
    let now = bench.session().crosshair().expect("a crosshair").point;
    assert!(now.distance(to).0 < 2.0, "{now:?}");
    assert_eq!(bench.session().shown(FIRST).expect("a plane").viewport.view, before);
    let sagittal = bench.session().shown(ViewportId(2)).expect("a plane").viewport.view.reformat().copied();
    assert!(sagittal.expect("a plane").plane.distance(now).0.abs() < 1e-6);
}

#[test]
fn a_line_is_dragged_to_move_its_plane_and_keys_turn_and_thicken_it() {
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    bench.keys(Modifiers::COMMAND, Key::Num3);
    bench.wait_until("every plane is whole", |session| {
        ALL.iter().all(|id| session.readiness(*id) == Readiness::Ready)
    });
    let crosshair = bench.session().crosshair().expect("a crosshair").point;
    // The coronal plane's line in the axial picture, off the crosshair and off the handles: 12 mm to the right.
    let on_line = PatientPoint(crosshair.0 + glam::DVec3::new(12.0, 0.0, 0.0));
    let goal = PatientPoint(on_line.0 + glam::DVec3::new(0.0, 15.0, 0.0));
    let (from, to) = (screen(&bench, FIRST, on_line), screen(&bench, FIRST, goal));
    bench.drag(from, to);
    let coronal = |bench: &Bench| {
        let shown = bench.session().shown(ViewportId(1)).expect("a plane");
        shown.viewport.view.reformat().copied().expect("a plane")
    };
    let moved = coronal(&bench).plane.distance(crosshair).0;
    assert!((moved + 15.0).abs() < 1.0, "{moved} mm");

    bench.key(Key::Tab);
    bench.keys(Modifiers::ALT, Key::ArrowRight);
    assert_eq!(name(&bench, ViewportId(1)), "oblique");
    bench.key(Key::CloseBracket);
    bench.key(Key::CloseBracket);
    bench.keys(Modifiers::SHIFT, Key::M);
    let slab = coronal(&bench).slab;
    assert_eq!(slab.thickness, isodense::geometry::Mm(2.0));
    assert_eq!(slab.mode, isodense::view::SlabMode::Mip);
    // The number is that of the picture: of the whole thickness.
    bench.0.hover_at(bench.0.get_by_label("Image 2").rect().center());
    bench.steps(2);
    let status = bench.0.state().status().expect("over the image");
    assert!(status.contains(" HU MIP 2.0 mm"), "{status}");
    bench.key(Key::End);
    let shown = bench.session().shown(ViewportId(1)).map(|shown| (shown.index + 1, shown.count));
    assert!(shown.is_some_and(|(index, count)| index == count), "{shown:?}");
    bench.keys(Modifiers::SHIFT, Key::O);
    assert_eq!(name(&bench, ViewportId(1)), "as acquired");
}

#[test]
fn true_size_asks_once_how_large_the_screen_is() {
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    bench.wait_until("an image", |session| session.shown(FIRST).is_some());
    bench.keys(Modifiers::ALT, Key::P);
    bench.steps(2);
    bench.0.get_by_label("Width of the card");
    bench.click("OK");
    // The usual screen: 96 pixels in 25.4 mm, and the bench has one pixel for each point.
    let height = |bench: &Bench| {
        let session = bench.session();
        let size = session.workspace().size(FIRST);
        let shown = session.shown(FIRST).expect("an image");
        shown.viewport.view.framing.height.0 / f64::from(size.height)
    };
    assert!((height(&bench) - 25.4 / 96.0).abs() < 1e-3, "{} mm", height(&bench));
    // Now it is known.
    bench.key(Key::Equals);
    bench.steps(2);
    assert!((height(&bench) - 25.4 / 96.0).abs() > 1e-2);
    bench.keys(Modifiers::ALT, Key::P);
    bench.steps(2);
    assert!((height(&bench) - 25.4 / 96.0).abs() < 1e-3, "{} mm", height(&bench));
}
