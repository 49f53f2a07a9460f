//! Statistics are those of the stored pixels: whatever is zoomed, panned, turned, windowed, and however large the canvas.

use glam::DVec2;
use isodense::case::{Kind, Quantity, QuantityKind};
use isodense::geometry::PixelPoint;
use isodense::image::Window;
use isodense::session::placing::{Moved, Pointer};
use isodense::session::{Action, Tool};
use isodense::view::{Look, ViewportSize};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::{Drive, FIRST, both_dates, last};

/// How the reader looks at the image.
#[derive(Debug, Clone, Copy)]
struct Seen {
    size: (u32, u32),
    zoom: f64,
    pan: (f64, f64),
    turn: f64,
    mirrored: bool,
    window: (f64, f64),
}

fn seen() -> impl Strategy<Value = Seen> {
    let size = (1_u32..1600, 1_u32..1200);
    let pan = (-400.0..400.0_f64, -300.0..300.0_f64);
    let window = (-500.0..500.0_f64, 1.0..3000.0_f64);
    (size, 0.05..40.0_f64, pan, -3.0..3.0_f64, any::<bool>(), window).prop_map(
        |(size, zoom, pan, turn, mirrored, window)| Seen { size, zoom, pan, turn, mirrored, window },
    )
}

fn look(drive: &mut Drive, seen: Seen) {
    let size = ViewportSize { width: seen.size.0, height: seen.size.1 };
    drive.apply(Action::Resized(FIRST, size));
    drive.apply(Action::Fit(FIRST));
    let framing = drive.viewport().view.framing;
    let framing = framing.zoomed(seen.zoom, size.middle(), size).panned(DVec2::from(seen.pan), size);
    let framing = isodense::view::Framing { turn: seen.turn, mirrored: seen.mirrored, ..framing };
    drive.apply(Action::SetFraming(FIRST, framing));
    drive.apply(Action::SetLook(FIRST, Look::with_window(Window::linear(seen.window.0, seen.window.1))));
}

/// A pixel as it comes back from the screen.
fn by_screen(drive: &Drive, pixel: PixelPoint) -> PixelPoint {
    let shown = drive.shown();
    let resolved = shown.viewport.view.resolve(shown.frame, drive.session.workspace().size(FIRST));
    resolved.pixel_from_screen(resolved.screen_from_pixel(pixel))
}

fn measure(drive: &mut Drive, kind: Kind, from: PixelPoint, to: PixelPoint) -> Option<Vec<Quantity>> {
    drive.apply(Action::Choose(Tool::Measure(kind)));
    let count = drive.session.case().measurements.len();
    for pointer in [Pointer::Press(from), Pointer::Move(to), Pointer::Release(to, Moved::Yes)] {
        drive.apply(Action::Place(FIRST, pointer));
    }
    if drive.session.case().measurements.len() == count {
        return None;
    }
    let id = last(drive);
    let values = drive.session.values(id).expect("it is there").clone();
    drive.apply(Action::Undo);
    values.ok()
}

#[test]
fn statistics_do_not_depend_on_how_the_image_is_looked_at() {
    let (mut drive, _) = both_dates();
    let region = (0.0..250.0_f64, 0.0..250.0_f64, -90.0..90.0_f64, -90.0..90.0_f64, any::<bool>());
    let mut runner = TestRunner::new(Config { cases: 48, failure_persistence: None, ..Config::default() });
    let plain = Seen {
        size: (512, 512),
        zoom: 1.0,
        pan: (0.0, 0.0),
        turn: 0.0,
        mirrored: false,
        window: (40.0, 80.0),
    };
    let drive = std::cell::RefCell::new(&mut drive);
    let outcome = runner.run(&(seen(), region), |(seen, (column, row, across, down, ellipse))| {
        let drive = &mut **drive.borrow_mut();
        let kind = if ellipse { Kind::Ellipse } else { Kind::Rectangle };
        // Off the grid of pixel centres, so that rounding on the way over the screen decides nothing.
        let off = |value: f64| value.floor() + 0.317;
        let from = PixelPoint::new(off(column), off(row));
        let to = PixelPoint::new(off(column + across), off(row + down));
        look(drive, plain);
        let expected = measure(drive, kind, from, to);
        look(drive, seen);
        let (from, to) = (by_screen(drive, from), by_screen(drive, to));
        let found = measure(drive, kind, from, to);
        prop_assert_eq!(expected.is_some(), found.is_some());
        for (a, b) in expected.iter().flatten().zip(found.iter().flatten()) {
            prop_assert_eq!(a.kind, b.kind);
            let exact = matches!(a.kind, QuantityKind::Count | QuantityKind::Min | QuantityKind::Max);
            let slack = if exact { 0.0 } else { 1e-6 * a.value.abs().max(1.0) };
            prop_assert!(b.value.is_finite() && (a.value - b.value).abs() <= slack, "{:?} {:?}", a, b);
        }
        Ok(())
    });
    outcome.expect("the numbers are those of the pixels");
}

#[test]
fn regions_smaller_than_a_pixel_or_partly_off_the_image_have_finite_values_or_none() {
    let (mut drive, _) = both_dates();
    let at = |column, row| PixelPoint::new(column, row);
    // Half of it is beyond the left edge: n counts the pixels that are there.
    let half =
        measure(&mut drive, Kind::Rectangle, at(-10.3, 20.2), at(9.7, 29.7)).expect("half of it is there");
    let n = Quantity::find(&half, QuantityKind::Count).expect("a count").value;
    assert!((n - 90.0).abs() < 1e-9, "10 columns of 9 rows: {n}");
    assert!(half.iter().all(|quantity| quantity.value.is_finite()));
    // Between pixel centres, and wholly off the image: no value, and it is said why.
    for (from, to) in [(at(20.2, 20.2), at(20.6, 20.6)), (at(-50.0, -50.0), at(-20.0, -20.0))] {
        assert_eq!(measure(&mut drive, Kind::Rectangle, from, to), None);
    }
    // One pixel has a mean and no deviation.
    let one = measure(&mut drive, Kind::Rectangle, at(19.7, 19.7), at(20.3, 20.3)).expect("one pixel");
    assert_eq!(Quantity::find(&one, QuantityKind::Sd), None);
}
