//! Pictures of views: exact small snapshots, and files read back by another reader.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise, in its helpers too")]

#[path = "common/frame.rs"]
mod frame;

use std::path::PathBuf;

use frame::ct_frame;
use glam::{DVec2, DVec3};
use isodense::case::figure::FileKind;
use isodense::case::{Kind, Measurement, Points, evaluate, label_lines};
use isodense::export::{
    ExportOptions, FileFormat, OutputSize, ViewExport, view_picture, write_figure, write_picture,
};
use isodense::files::Target;
use isodense::geometry::{FramePlane, Mm, PatientPoint, PixelPoint, PixelSpacing};
use isodense::image::{Frame, FrameOfReference, FrameSize, Samples, Window};
use isodense::render::{
    Color, Corners, DrawingList, Fonts, MarkInput, MarkScene, MarkShape, OverlayInput, Page, PagePanel,
    Picture, SliceRenderer, Stroke, Style, TimelineEntry, ViewImage, ViewPixels, marks_clear_of, overlay,
    paint, timeline_page,
};
use isodense::view::{Framing, Look, Resolved, ScreenPoint, Slice, View, ViewportSize};
use isodense::work::{Cancel, Progress};

const COLUMNS: usize = 160;
const ROWS: usize = 120;

/// 160 x 120 pixels of 0.5 x 0.6 mm: a head of tissue with a brighter lesion, tilted as a head CT is.
fn phantom() -> (Frame, Samples) {
    let spacing = PixelSpacing::new(Mm(0.6), Mm(0.5)).unwrap();
    let down = DVec3::new(0.0, 0.96, -0.28);
    let plane = FramePlane::new(PatientPoint::new(-40.0, -30.0, 12.0), DVec3::X, down, spacing).unwrap();
    let frame = ct_frame(plane, FrameSize { columns: COLUMNS, rows: ROWS });
    let sample = |index: usize| {
        let (x, y) = ((index % COLUMNS) as f64 - 79.5, (index / COLUMNS) as f64 - 59.5);
        let head = (x / 66.0).powi(2) + (y / 52.0).powi(2);
        let lesion = ((x - 24.0) / 15.0).powi(2) + ((y + 10.0) / 11.0).powi(2);
        let hu = if head > 1.0 {
            -1000
        } else if head > 0.88 {
            700
        } else if lesion < 1.0 {
            62
        } else {
            34
        };
        1024 + hu + noise(index)
    };
    (frame, Samples::I16((0..COLUMNS * ROWS).map(sample).collect()))
}

/// From the index alone: the same on every machine. About -8 to 7, as a sum of two, so nearly bell-shaped.
fn noise(index: usize) -> i16 {
    let mut bits = u64::try_from(index).unwrap().wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let part = |shift: u32| i16::try_from(bits >> shift & 7).unwrap();
    part(40) + part(50) - 7
}

fn view(frame: &Frame, size: ViewportSize) -> View {
    let look = Look::with_window(Window::linear(40.0, 120.0));
    View { of: Slice::Acquired(frame.of.clone()), framing: Framing::fit(frame, size), look }
}

fn measurement(frame: &Frame, kind: Kind, label: &str, pixels: &[(f64, f64)]) -> Measurement {
    let pixels: Vec<_> = pixels.iter().map(|(column, row)| PixelPoint::new(*column, *row)).collect();
    let space = FrameOfReference::Declared("1.9".into());
    Measurement { label: label.to_owned(), ..Measurement::new(kind, Points::drawn(frame, &space, &pixels)) }
}

fn some_measurements(frame: &Frame) -> Vec<Measurement> {
    vec![
        measurement(frame, Kind::Ellipse, "Lesion A", &[(103.5, 49.5), (118.0, 49.5), (103.5, 60.0)]),
        measurement(frame, Kind::Length, "", &[(40.0, 90.0), (75.0, 98.0)]),
        measurement(
            frame,
            Kind::Bidirectional,
            "",
            &[(95.0, 80.0), (123.0, 86.0), (111.0, 76.0), (107.0, 91.0)],
        ),
        measurement(frame, Kind::Angle, "", &[(30.0, 50.0), (45.0, 72.0), (64.0, 62.0)]),
        measurement(frame, Kind::Arrow, "oedema", &[(58.0, 22.0), (78.0, 38.0)]),
        measurement(frame, Kind::Probe, "", &[(62.0, 52.0)]),
    ]
}

fn labels(list: &[Measurement], frame: &Frame, samples: &Samples) -> Vec<Vec<String>> {
    let values =
        |m| evaluate(m, frame, Some(&samples.clone().into()), isodense::case::Padding::Exclude).unwrap();
    let own = |m: &Measurement| (!m.label.is_empty()).then(|| m.label.clone());
    list.iter().map(|m| own(m).into_iter().chain(label_lines(&values(m))).collect()).collect()
}

/// The slice with overlay and marks, as the screen shows it.
fn screen(
    width: u32,
    height: u32,
    scale: f64,
    with_marks: bool,
    change: impl Fn(Framing) -> Framing,
) -> Picture {
    let (frame, samples) = phantom();
    let size = ViewportSize { width, height };
    let mut view = view(&frame, size);
    view.framing = change(view.framing);
    let resolved = view.resolve(&frame, size);
    let mut picture = Picture::new(size);
    SliceRenderer::default().render(&frame, &samples, &resolved, &view.look, &mut picture);
    draw_over(&mut picture, &frame, &samples, &resolved, &Style::screen(scale), with_marks);
    picture
}

fn draw_over(
    picture: &mut Picture,
    frame: &Frame,
    samples: &Samples,
    resolved: &Resolved,
    style: &Style,
    with_marks: bool,
) {
    let fonts = &Fonts::default();
    let lines = |list: &[&str]| list.iter().map(|line| (*line).to_owned()).collect();
    let corners = &Corners {
        top_left: lines(&["CT  Head 2.5 mm", "Series 3", "Image 12 / 40"]),
        top_right: lines(&["Case 7", "baseline", "day 0"]),
        bottom_left: lines(&["120 kV  210 mAs", "Thickness 2.5 mm", "W 120  L 40"]),
        bottom_right: lines(&["Zoom 3.1", "L 12.3  P 4.0  H 88.1 mm"]),
    };
    let badges = &["TILT 16.3°".to_owned()];
    let around =
        overlay(&OverlayInput { frame, resolved, style, fonts, corners, badges, letters: true, ruler: true });
    paint(&around, picture, fonts);
    if !with_marks {
        return;
    }
    let list = some_measurements(frame);
    let labels = labels(&list, frame, samples);
    let inputs: Vec<_> = list
        .iter()
        .zip(&labels)
        .enumerate()
        .map(|(index, (m, lines))| MarkInput {
            shape: MarkShape::Measured(m),
            lines,
            selected: index == 1,
            hovered: index == 5,
        })
        .collect();
    let scene = MarkScene { frame, resolved, style, fonts };
    for mark in marks_clear_of(&inputs, &scene, &around.text_areas(fonts)) {
        paint(&mark.list, picture, fonts);
    }
}

/// Compares with a PNG of `tests/snapshots`; `ISODENSE_UPDATE_SNAPSHOTS=1` writes it instead.
fn check_snapshot(name: &str, picture: &Picture) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(name);
    if std::env::var_os("ISODENSE_UPDATE_SNAPSHOTS").is_some() {
        write_picture(Target::over(&path), picture, FileFormat::Png, 96.0, &Cancel::default()).unwrap();
        return;
    }
    let file = std::fs::File::open(&path).unwrap_or_else(|_| panic!("{name} is missing: see check_snapshot"));
    let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    assert_eq!((info.width, info.height), (picture.size.width, picture.size.height), "{name}");
    let channels = if picture.is_grey() { 1 } else { 3 };
    let drawn: Vec<u8> = picture.pixels.iter().flat_map(|p| p[..channels].to_vec()).collect();
    let different = drawn.iter().zip(&bytes).filter(|(a, b)| a != b).count();
    assert_eq!((drawn.len(), different), (info.buffer_size(), 0), "{name} has changed");
}

#[test]
fn the_screen_looks_as_it_did() {
    check_snapshot("marks.png", &screen(900, 640, 1.0, true, |framing| framing));
    check_snapshot("small.png", &screen(300, 220, 1.0, false, |framing| framing));
    let turned = |framing| Framing { turn: 0.35, mirrored: true, ..framing };
    check_snapshot("turned.png", &screen(420, 320, 1.0, false, turned));
}

fn exported(options: &ExportOptions) -> Picture {
    let (frame, samples) = phantom();
    let viewport = ViewportSize { width: 800, height: 600 };
    let view = view(&frame, viewport);
    let list = some_measurements(&frame);
    let labels = labels(&list, &frame, &samples);
    let marks: Vec<_> = list
        .iter()
        .zip(&labels)
        .map(|(m, lines)| MarkInput { shape: MarkShape::Measured(m), lines, selected: true, hovered: true })
        .collect();
    let fonts = Fonts::default();
    let export = ViewExport {
        image: ViewImage {
            frame: &frame,
            pixels: ViewPixels::Frame { samples: &samples, graphics: &[] },
            layer: None,
        },
        view: &view,
        viewport,
        marks: &marks,
        fonts: &fonts,
    };
    view_picture(&export, options, &Cancel::default()).unwrap()
}

#[test]
fn an_exported_view_looks_as_it_did() {
    let size = OutputSize::Millimetres { width_mm: 85.0, dpi: 200.0 };
    let picture = exported(&ExportOptions { size, ..ExportOptions::default() });
    assert_eq!(picture.size, ViewportSize { width: 669, height: 502 });
    check_snapshot("export.png", &picture);
}

#[test]
fn files_carry_their_resolution_their_pixels_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let size = OutputSize::Millimetres { width_mm: 40.0, dpi: 300.0 };
    let plain =
        ExportOptions { size, marks: false, letters: false, ruler: false, ..ExportOptions::default() };
    let pictures =
        [("grey", exported(&plain)), ("colour", exported(&ExportOptions { marks: true, ..plain }))];
    for (name, picture) in pictures {
        let grey = name == "grey";
        assert_eq!(picture.is_grey(), grey);
        let flat: Vec<u8> =
            picture.pixels.iter().flat_map(|p| p[..if grey { 1 } else { 3 }].to_vec()).collect();
        let write = |format: FileFormat| {
            let path = folder.path().join(format!("{name}.{}", format.extension()));
            write_picture(Target::over(&path), &picture, format, 300.0, &Cancel::default()).unwrap();
            std::fs::read(path).unwrap()
        };
        check_png(&write(FileFormat::Png), grey, &flat);
        check_tiff(write(FileFormat::Tiff), grey, &flat);
        check_jpeg(&write(FileFormat::Jpeg), grey, &flat);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 6, "no temporary file is left");
}

fn check_png(bytes: &[u8], grey: bool, flat: &[u8]) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let dims = reader.info().pixel_dims.unwrap();
    // 300 / 0.0254 = 11811.02 per metre.
    assert_eq!((dims.xppu, dims.yppu, dims.unit), (11_811, 11_811, png::Unit::Meter));
    let expected = if grey { png::ColorType::Grayscale } else { png::ColorType::Rgb };
    assert_eq!(reader.info().color_type, expected);
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    assert_eq!(pixels, flat);
    let mut kinds = Vec::new();
    let mut at = 8;
    while at < bytes.len() {
        let length = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        kinds.push(String::from_utf8(bytes[at + 4..at + 8].to_vec()).unwrap());
        at += length + 12;
    }
    kinds.dedup();
    assert_eq!(kinds, ["IHDR", "pHYs", "IDAT", "IEND"]);
}

fn check_tiff(bytes: Vec<u8>, grey: bool, flat: &[u8]) {
    use tiff::tags::Tag;
    let mut decoder = tiff::decoder::Decoder::new(std::io::Cursor::new(bytes)).unwrap();
    let expected = if grey { tiff::ColorType::Gray(8) } else { tiff::ColorType::RGB(8) };
    assert_eq!(decoder.colortype().unwrap(), expected);
    assert_eq!(decoder.get_tag_unsigned::<u16>(Tag::ResolutionUnit).unwrap(), 2);
    for tag in [Tag::XResolution, Tag::YResolution] {
        let value = decoder.get_tag(tag).unwrap();
        assert_eq!(value, tiff::decoder::ifd::Value::Rational(30_000, 100));
    }
    for tag in [Tag::DateTime, Tag::Software, Tag::Artist, Tag::ImageDescription, Tag::HostComputer] {
        assert!(decoder.find_tag(tag).unwrap().is_none());
    }
    let tiff::decoder::DecodingResult::U8(pixels) = decoder.read_image().unwrap() else {
        panic!("not 8 bits")
    };
    assert_eq!(pixels, flat);
}

fn check_jpeg(bytes: &[u8], grey: bool, flat: &[u8]) {
    // SOI, APP0 of 16 bytes: JFIF, version, unit 1 (per inch), both densities.
    assert_eq!(&bytes[..11], b"\xff\xd8\xff\xe0\x00\x10JFIF\0");
    assert_eq!(&bytes[13..18], [1, 1, 44, 1, 44]);
    let comments = bytes.windows(2).filter(|pair| pair == b"\xff\xfe").count();
    assert_eq!(comments, 0);
    let mut decoder = jpeg_decoder::Decoder::new(bytes);
    let pixels = decoder.decode().unwrap();
    let expected = if grey { jpeg_decoder::PixelFormat::L8 } else { jpeg_decoder::PixelFormat::RGB24 };
    assert_eq!(decoder.info().unwrap().pixel_format, expected);
    let error: f64 = pixels.iter().zip(flat).map(|(a, b)| f64::from(a.abs_diff(*b))).sum();
    assert!(pixels.len() == flat.len() && error / (flat.len() as f64) < 4.0);
}

/// A page of several bands: a ramp on paper, in colour or not.
fn banded(size: ViewportSize, grey: bool) -> Page {
    let mut picture = Picture::new(ViewportSize { width: size.width - 700, height: size.height - 400 });
    for (index, pixel) in picture.pixels.iter_mut().enumerate() {
        let level = u8::try_from(index / picture.size.width as usize / 8 % 256).unwrap();
        *pixel = if grey { [level, level, level, 255] } else { [level, 255 - level, 60, 255] };
    }
    let panel = PagePanel { left: 300, top: 90, picture, list: DrawingList::default() };
    let mut list = DrawingList::default();
    let stroke = Stroke { width: 5.0, color: Color([0, 0, 0, 255]), halo: None };
    let bottom = f64::from(size.height);
    list.line(vec![ScreenPoint::new(20.0, 30.0), ScreenPoint::new(280.0, bottom)], false, stroke);
    Page { size_mm: DVec2::new(10.0, 10.0), size, dpi: 300.0, panels: vec![panel], list }
}

#[test]
fn a_large_page_is_written_band_by_band_as_the_picture_that_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (fonts, cancel, progress) = (Fonts::default(), Cancel::default(), Progress::default());
    let write = |page: &Page, kind: FileKind| {
        let path = folder.path().join("page");
        write_figure(Target::over(&path), page, kind, &fonts, &cancel, &progress).unwrap();
        std::fs::read(path).unwrap()
    };
    // 768 rows a band; and above 32 million pixels, where a JPEG is written without a second look.
    for (size, grey) in [
        (ViewportSize { width: 8_000, height: 1_700 }, false),
        (ViewportSize { width: 8_000, height: 4_100 }, true),
    ] {
        let page = banded(size, grey);
        assert!(size.height > 2 * page.band_rows());
        let whole = page.picture(&fonts, &cancel).unwrap();
        assert_eq!((page.is_grey(), whole.is_grey()), (grey, grey));
        let flat: Vec<u8> =
            whole.pixels.iter().flat_map(|p| p[..if grey { 1 } else { 3 }].to_vec()).collect();
        check_jpeg(&write(&page, FileKind::Jpeg), grey, &flat);
        check_png(&write(&page, FileKind::Png), grey, &flat);
        check_tiff(write(&page, FileKind::Tiff), grey, &flat);
    }
}

#[test]
fn a_page_too_large_for_pixels_is_refused_with_what_to_do_and_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let (fonts, cancel, progress) = (Fonts::default(), Cancel::default(), Progress::default());
    let event = |day: i64| TimelineEntry {
        day,
        when: format!("day {day}"),
        what: "an event".to_owned(),
        is_study: day % 3 == 0,
    };
    let course: Vec<TimelineEntry> = (0..3_000).map(event).collect();
    let page = timeline_page(&course, 300.0, &fonts);
    // 3,000 lines of 4.2 mm, 1.6 mm apart: 17.4 m.
    assert!((205_000..206_000).contains(&page.size.height), "{:?}", page.size);
    let path = folder.path().join("course");
    for kind in [FileKind::Png, FileKind::Tiff, FileKind::Jpeg] {
        let error = write_figure(Target::new(&path), &page, kind, &fonts, &cancel, &progress).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("30,000 a side") && text.contains("dpi, or SVG or PDF"), "{text}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    // A course of 400 events is made, 27,400 pixels high.
    let page = timeline_page(&course[..400], 300.0, &fonts);
    write_figure(Target::new(&path), &page, FileKind::Png, &fonts, &cancel, &progress).unwrap();
}

#[test]
fn absurd_sizes_are_refused_by_name() {
    let refused = |size: OutputSize| size.pixels(1.5).unwrap_err().to_string();
    assert!(refused(OutputSize::Pixels { width: 30_001, dpi: 300.0 }).contains("30001 x 20001"));
    assert!(refused(OutputSize::Pixels { width: 25_000, dpi: 300.0 }).contains("400 million"));
    assert!(refused(OutputSize::Pixels { width: 0, dpi: 300.0 }).contains("cannot be made"));
    assert!(refused(OutputSize::Millimetres { width_mm: f64::NAN, dpi: 300.0 }).contains("cannot be made"));
    assert!(refused(OutputSize::Millimetres { width_mm: 85.0, dpi: 0.0 }).contains("resolution"));
    let column = OutputSize::Millimetres { width_mm: 180.0, dpi: 300.0 }.pixels(1.0).unwrap();
    assert_eq!(column.width, 2126);
}

#[test]
fn a_cancelled_export_leaves_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("view.png");
    let picture = Picture::new(ViewportSize { width: 4, height: 3 });
    write_picture(Target::over(&path), &picture, FileFormat::Png, 96.0, &Cancel::default()).unwrap();
    let before = std::fs::read(&path).unwrap();
    let cancel = Cancel::default();
    cancel.cancel();
    let larger = Picture::new(ViewportSize { width: 40, height: 30 });
    for format in FileFormat::ALL {
        assert!(write_picture(Target::over(&path), &larger, format, 96.0, &cancel).is_err());
    }
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
