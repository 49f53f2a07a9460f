//! Pictures of views, through the action that writes them.

use std::fs;
use std::io::BufReader;

use isodense::case::Kind;
use isodense::export::{ExportOptions, FileFormat, OutputSize};
use isodense::session::{Action, Leaving, Severity, Tool};
use isodense::view::ViewportSize;

use crate::drive::{CT, Drive, FIRST, assert_nameless, has_notice, sample};

/// Width and height, and pixels per inch, as the file says them.
fn read_back(format: FileFormat, bytes: &[u8]) -> ((u32, u32), f64) {
    match format {
        FileFormat::Png => {
            let reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
            let info = reader.info();
            (info.size(), f64::from(info.pixel_dims.unwrap().xppu) * 0.0254)
        }
        FileFormat::Tiff => {
            let mut decoder = tiff::decoder::Decoder::new(std::io::Cursor::new(bytes)).unwrap();
            let resolution = decoder.get_tag(tiff::tags::Tag::XResolution).unwrap();
            let tiff::decoder::ifd::Value::Rational(over, under) = resolution else {
                panic!("no resolution: {resolution:?}");
            };
            (decoder.dimensions().unwrap(), f64::from(over) / f64::from(under))
        }
        FileFormat::Jpeg => {
            let mut decoder = jpeg_decoder::Decoder::new(BufReader::new(bytes));
            decoder.read_info().unwrap();
            let info = decoder.info().unwrap();
            let dpi = u16::from_be_bytes([bytes[14], bytes[15]]);
            assert_eq!((&bytes[6..10], bytes[13]), (&b"JFIF"[..], 1), "density in pixels per inch");
            ((u32::from(info.width), u32::from(info.height)), f64::from(dpi))
        }
    }
}

#[test]
fn a_view_is_written_at_the_size_and_resolution_asked_for_and_names_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let mut drive = Drive::open(&[sample(CT)]);
    drive.apply(Action::Resized(FIRST, ViewportSize { width: 400, height: 300 }));
    drive.apply(Action::Choose(Tool::Measure(Kind::Ellipse)));
    drive.drag([120.0, 140.0], [160.0, 171.0]);
    for format in FileFormat::ALL {
        for (size, wide, high) in [
            (OutputSize::Millimetres { width_mm: 42.5, dpi: 300.0 }, 502, 377),
            (OutputSize::Pixels { width: 320, dpi: 96.0 }, 320, 240),
        ] {
            let path = folder.path().join(format!("{wide}.{}", format.extension()));
            let options = ExportOptions { size, format, ..ExportOptions::default() };
            drive.apply(Action::Leave(Leaving::View(FIRST, path.clone(), options)));
            let told = path.display().to_string();
            drive.wait("the picture is written", |session| has_notice(session, &told));
            assert!(drive.session.notices().iter().all(|n| n.severity == Severity::Info));
            let bytes = fs::read(&path).unwrap();
            let (found, dpi) = read_back(format, &bytes);
            assert_eq!(found, (wide, high));
            assert!((dpi - size.dpi()).abs() < 0.02, "{format:?} says {dpi} dpi");
            assert_nameless("the picture", &bytes);
        }
    }
    let lost = folder.path().join("no/such/folder/a.png");
    drive.apply(Action::Leave(Leaving::View(FIRST, lost, ExportOptions::default())));
    drive.wait("the failure is told", |session| has_notice(session, "The picture was not written."));
    let written = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(written, 6, "nothing half-written stays");
}
