//! Overlay planes against pydicom 3 (`Dataset.overlay_array`), and in pictures.

#![expect(clippy::unwrap_used, reason = "a test may panic and report")]

#[expect(dead_code, reason = "the reference here is pydicom, not truth.json")]
mod common;

use std::time::{Duration, Instant};

use isodense::dicom::{load_frame, load_overlays, read_header};
use isodense::geometry::PixelPoint;
use isodense::image::{FrameSize, Window};
use isodense::render::{Picture, SliceRenderer, graphics, palette};
use isodense::session::{Action, Environment, OverlayLevel, Session, ViewportId};
use isodense::view::{Framing, Look, Slice, View, ViewportSize};

use common::data;

/// File, columns and rows, bits set, the first and the last of them as (row, column).
type Reference = (&'static str, [usize; 2], usize, (i64, i64), (i64, i64));

const REFERENCES: [Reference; 3] = [
    ("codecs_pydicom/examples_overlay.dcm", [484, 300], 222, (36, 420), (299, 422)),
    ("codecs_pydicom_data/MR-SIEMENS-DICOM-WithOverlays.dcm", [484, 484], 323, (136, 420), (422, 422)),
    ("ct_head_philips_phantom/S21570/S4010/I10", [512, 256], 2361, (0, 256), (255, 256)),
];

#[test]
fn overlay_planes_lie_where_pydicom_has_them() {
    let Some(data) = data() else { return };
    for (name, [columns, rows], count, first, last) in REFERENCES {
        let instance = read_header(&data.join(name)).unwrap();
        let planes = load_overlays(&instance.frames[0]).unwrap();
        assert_eq!((planes.len(), planes[0].size), (1, FrameSize { columns, rows }), "{name}");
        let set: Vec<(i64, i64)> = planes[0].set_pixels().map(|(column, row)| (row, column)).collect();
        assert_eq!((set.len(), set.first(), set.last()), (count, Some(&first), Some(&last)), "{name}");
    }
}

/// A picture of the frame with and without its graphics, at that many screen pixels per image pixel.
fn pictures(name: &str, zoom: f64) -> Option<(Picture, Picture)> {
    let data = data()?;
    let instance = read_header(&data.join(name)).unwrap();
    let frame = &instance.frames[0];
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some hundreds")]
    let side = |pixels: usize| (pixels as f64 * zoom) as u32;
    let size = ViewportSize { width: side(frame.size.columns), height: side(frame.size.rows) };
    let look = Look::with_window(Window::linear(500.0, 1000.0));
    let view = View { of: Slice::Acquired(frame.of.clone()), framing: Framing::fit(frame, size), look };
    let resolved = view.resolve(frame, size);
    let mut plain = Picture::new(size);
    SliceRenderer::default().render(frame, &load_frame(frame).unwrap(), &resolved, &view.look, &mut plain);
    let mut drawn = plain.clone();
    graphics(&load_overlays(frame).unwrap(), &resolved, &mut drawn);
    // Where the first bit lies on the screen.
    let corner = resolved.screen_from_pixel(PixelPoint::new(-0.5, -0.5)).0;
    assert!(corner.length() < 1.0, "the image fills the picture: {corner}");
    Some((plain, drawn))
}

fn changed(plain: &Picture, drawn: &Picture) -> usize {
    let pairs = plain.pixels.iter().zip(&drawn.pixels);
    let changed: Vec<_> = pairs.filter(|(a, b)| a != b).collect();
    assert!(changed.iter().all(|(_, b)| **b == palette::GRAPHIC.0));
    changed.len()
}

#[test]
fn graphics_zoom_with_the_image_and_thin_lines_stay() {
    let name = "codecs_pydicom_data/MR-SIEMENS-DICOM-WithOverlays.dcm";
    let Some((plain, drawn)) = pictures(name, 1.0) else { return };
    assert_eq!(changed(&plain, &drawn), 323);
    let (plain, drawn) = pictures(name, 3.0).unwrap();
    assert_eq!(changed(&plain, &drawn), 323 * 9);
    // At a quarter every bit still falls on a pixel of the screen.
    let (plain, drawn) = pictures(name, 0.25).unwrap();
    let few = changed(&plain, &drawn);
    assert!((323 / 16..=323).contains(&few) && few > 60, "{few}");
}

#[test]
fn graphics_leave_with_the_picture_unless_they_are_hidden() {
    let Some(data) = data() else { return };
    let mut session = Session::new(Environment::for_tests());
    let file = data.join("codecs_pydicom_data/MR-SIEMENS-DICOM-WithOverlays.dcm");
    session.apply(Action::Open(vec![file]));
    let start = Instant::now();
    while session.shown(ViewportId(0)).is_none_or(|shown| session.samples(shown.frame).is_none()) {
        assert!(start.elapsed() < Duration::from_mins(1));
        if !session.poll() {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
    session.apply(Action::Resized(ViewportId(0), ViewportSize { width: 484, height: 484 }));
    let green = |session: &Session| {
        let picture = session.view_picture(ViewportId(0)).unwrap();
        picture.pixels.iter().filter(|pixel| **pixel == palette::GRAPHIC.0).count()
    };
    let drawn = green(&session);
    assert!(drawn > 200, "{drawn}");
    session.apply(Action::ToggleGraphics);
    assert_eq!(green(&session), 0);
    session.apply(Action::ToggleGraphics);
    assert_eq!(green(&session), drawn);
    session.apply(Action::SetOverlays(OverlayLevel::Off));
    assert_eq!(green(&session), 0);
}
