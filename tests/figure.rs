//! Figures from end to end: printed lengths counted in the files, the same bytes every time, no patient data.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise, in its helpers too")]

#[path = "common/frame.rs"]
mod frame;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use frame::ct_frame;
use glam::{DVec2, DVec3};
use isodense::case::figure::{FigureMark, FigureShape, FileKind, LetterForm};
use isodense::case::{Figure, Panel, SavedLook, SavedView};
use isodense::cli::{Outcome, run};
use isodense::export::write_figure;
use isodense::files::Target;
use isodense::geometry::{FramePlane, Mm, PatientPoint, PixelSpacing};
use isodense::image::{Frame, FrameRef, FrameSize, Samples, SeriesUid, SopInstanceUid, Window};
use isodense::render::{Fonts, Item, Page, PanelImage, ViewImage, ViewPixels, figure_layout, figure_page};
use isodense::view::{Framing, Look, Slice};
use isodense::work::{Cancel, Progress};

const COLUMNS: usize = 200;
const ROWS: usize = 140;
/// A bar of exactly 50 mm, and another pixel size down than across.
const SPACING: [f64; 2] = [0.625, 0.5];
const BAR: std::ops::Range<usize> = 40..140;

/// A dark plate with a bright bar of 100 columns of 0.5 mm.
fn phantom() -> (Frame, Samples) {
    let spacing = PixelSpacing::new(Mm(SPACING[0]), Mm(SPACING[1])).unwrap();
    let down = DVec3::new(0.0, 0.96, -0.28);
    let plane = FramePlane::new(PatientPoint::new(-40.0, -30.0, 12.0), DVec3::X, down, spacing).unwrap();
    let frame = ct_frame(plane, FrameSize { columns: COLUMNS, rows: ROWS });
    let value = |index: usize| {
        let (row, column) = (index / COLUMNS, index % COLUMNS);
        let bright = BAR.contains(&column) && (30..110).contains(&row);
        if bright { 1124 } else { 974 }
    };
    (frame, Samples::I16((0..COLUMNS * ROWS).map(value).collect()))
}

fn view() -> SavedView {
    // The middle of the bar is the middle of the panel.
    let center = DVec2::new(f64::midpoint(40.0, 139.0) * SPACING[1], 69.5 * SPACING[0]);
    SavedView {
        series: SeriesUid::new("1.2"),
        part: None,
        slice: Slice::Acquired(FrameRef { sop_instance: SopInstanceUid::new("1.2.3"), frame_number: 1 }),
        framing: Framing { center, height: Mm(1.0), turn: 0.0, mirrored: false },
        fitted: false,
        look: SavedLook::default(),
        over: None,
        extra: serde_json::Map::new(),
    }
}

/// One panel of 83 mm, on which a mm of the patient is a mm of paper.
fn true_size(dpi: f64) -> (Page, Figure) {
    let (frame, samples) = phantom();
    let mut figure = Figure::new();
    figure.page.width_mm = 83.0;
    figure.page.columns = 1;
    figure.page.aspect = 1.3;
    figure.letters.form = LetterForm::None;
    let mut panel = Panel { scale_bar: true, ..Panel::new(view()) };
    let left = DVec2::new((40.0 - 0.5) * SPACING[1], 30.0);
    let line = FigureShape::Line { to: left + DVec2::new(50.0, 0.0) };
    panel.marks = vec![FigureMark::new(line, left)];
    figure.push(panel);
    let height = figure_layout(&figure, &Fonts::default()).panels[0].size().y;
    let framing = Framing { height: Mm(height), ..figure.panels[0].view.framing };
    let look = Look::with_window(Window::linear(25.0, 150.0));
    let image = PanelImage {
        image: ViewImage {
            frame: &frame,
            pixels: ViewPixels::Frame { samples: &samples, graphics: &[] },
            layer: None,
        },
        framing,
        fitted: false,
        look: &look,
        marks: &[],
        window: "",
    };
    let (cancel, progress) = (Cancel::default(), Progress::default());
    let page = figure_page(&figure, &[Some(image)], dpi, &Fonts::default(), &cancel, &progress).unwrap();
    (page, figure)
}

fn written(page: &Page, kind: FileKind, folder: &Path) -> PathBuf {
    let path = folder.join(format!("figure.{}", kind.extension()));
    let (cancel, progress) = (Cancel::default(), Progress::default());
    let bytes = write_figure(Target::over(&path), page, kind, &Fonts::default(), &cancel, &progress).unwrap();
    assert_eq!(bytes, std::fs::metadata(&path).unwrap().len());
    path
}

#[test]
fn fifty_millimetres_are_fifty_millimetres_in_a_tiff_by_counting() {
    let folder = tempfile::tempdir().unwrap();
    for dpi in [300.0, 600.0, 1200.0] {
        let (page, _) = true_size(dpi);
        let path = written(&page, FileKind::Tiff, folder.path());
        let mut decoder = tiff::decoder::Decoder::new(std::fs::File::open(path).unwrap()).unwrap();
        let (width, height) = decoder.dimensions().unwrap();
        assert!((f64::from(width) - (83.0 / 25.4 * dpi).round()).abs() < 0.5, "{width}");
        let resolution = decoder.get_tag(tiff::tags::Tag::XResolution).unwrap();
        assert!(format!("{resolution:?}").contains(&format!("{}", dpi * 100.0)), "{resolution:?}");
        let tiff::decoder::DecodingResult::U8(pixels) = decoder.read_image().unwrap() else {
            panic!("8-bit grey")
        };
        // A row through the bar below the line that is drawn on it.
        let row = usize::try_from(height / 2).unwrap() * usize::try_from(width).unwrap();
        let bright = pixels[row..row + usize::try_from(width).unwrap()].iter().filter(|p| **p > 127).count();
        let printed = bright as f64 / dpi * 25.4;
        assert!((printed - 50.0).abs() < 25.4 / dpi, "{dpi}: {printed} mm");
    }
}

#[test]
fn fifty_millimetres_and_the_scale_bar_have_their_lengths_in_a_pdf() {
    let (page, _) = true_size(600.0);
    let folder = tempfile::tempdir().unwrap();
    let path = written(&page, FileKind::Pdf, folder.path());
    let document = lopdf::Document::load(path).unwrap();
    let (_, id) = document.get_pages().into_iter().next().unwrap();
    let content = lopdf::content::Content::decode(&document.get_page_content(id)).unwrap();
    let number = |object: &lopdf::Object| f64::from(object.as_float().unwrap());
    // Transforms of the page and the panel only scale alike: a length is its own times the product of the scales.
    let mut scale = vec![1.0];
    let (mut from, mut lengths) = ([0.0; 2], Vec::new());
    for operation in &content.operations {
        let at: Vec<f64> =
            operation.operands.iter().filter_map(|o| o.as_float().ok()).map(f64::from).collect();
        match operation.operator.as_str() {
            "q" => scale.push(*scale.last().unwrap()),
            "Q" => drop(scale.pop()),
            "cm" => {
                let own = number(&operation.operands[0]).hypot(number(&operation.operands[1]));
                *scale.last_mut().unwrap() *= own;
            }
            "m" => from = [at[0], at[1]],
            "l" => {
                let points = (at[0] - from[0]).hypot(at[1] - from[1]) * scale.last().unwrap();
                lengths.push(points / 72.0 * 25.4);
                from = [at[0], at[1]];
            }
            _ => {}
        }
    }
    let fifty = lengths.iter().filter(|mm| (**mm - 50.0).abs() < 0.005).count();
    assert!(fifty >= 1, "the line: {lengths:?}");
    // The bar says 2 cm: the longest round length in a third of 83 mm.
    assert!(lengths.iter().any(|mm| (mm - 20.0).abs() < 0.005), "the bar: {lengths:?}");
    let words = |item: &Item| matches!(item, Item::Text { text, .. } if text == "2\u{a0}cm");
    assert!(page.panels[0].list.items.iter().any(words));
}

#[test]
fn one_panel_is_the_same_bytes_on_every_run_and_number_of_threads() {
    let drawn = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| true_size(300.0).0.picture(&Fonts::default(), &Cancel::default()).unwrap())
    };
    let first = drawn(1);
    assert!([1, 2, 5].iter().all(|threads| drawn(*threads) == first));
}

fn isodense(arguments: &[&str]) -> (u8, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let all = ["isodense"].iter().chain(arguments).map(OsString::from);
    let outcome = run(all, &mut out, &mut err, false);
    let text = String::from_utf8(out).unwrap() + &String::from_utf8(err).unwrap();
    match outcome {
        Outcome::Exit(code) => (code, text),
        Outcome::Window(_) => panic!("no window was asked for"),
    }
}

fn sample_case() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_dicom/case.json").display().to_string()
}

#[test]
fn the_samples_figure_is_written_in_every_kind_with_the_same_bytes_and_without_patient_data() {
    let folder = tempfile::tempdir().unwrap();
    for kind in FileKind::ALL {
        let path = |run: usize| folder.path().join(format!("{run}.{}", kind.extension()));
        for run in 0..2 {
            let name = path(run).display().to_string();
            let (code, text) = isodense(&["figure", &sample_case(), "-o", &name, "--dpi", "150"]);
            assert_eq!(code, 0, "{text}");
            assert!(text.contains(
                "(j) Axial non-contrast CT, brain window (width 80 HU, level 40 HU), 2 years 4 months after the first operation"
            ));
            nameless("the answer", text.as_bytes());
        }
        let bytes = std::fs::read(path(0)).unwrap();
        assert!(bytes == std::fs::read(path(1)).unwrap(), "{kind:?}: the same bytes");
        nameless(kind.extension(), &bytes);
        if kind == FileKind::Pdf {
            let mut document = lopdf::Document::load(path(0)).unwrap();
            document.decompress();
            let mut plain = Vec::new();
            document.save_to(&mut plain).unwrap();
            nameless("the PDF's streams", &plain);
            let text = isodense::typography::plain(&document.extract_text(&[1]).unwrap());
            for word in ["T1WI+C", "CT after surgery", "5 cm", "second"] {
                assert_eq!(text.matches(word).count(), if word == "5 cm" { 2 } else { 1 }, "{word}: {text}");
            }
        }
    }
}

/// Names, IDs, dates and the UIDs of the sample.
fn nameless(what: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for token in
        ["Sample^", "ISODENSE-SAMPLE", "\u{6837}\u{4f8b}", "19680314", "20150512", "2015-05-12", "20170928"]
    {
        assert!(!text.contains(token), "{what} holds {token}");
    }
    assert!(!text.contains("2.25."), "{what} holds a UID");
}

#[test]
fn sizes_follow_the_question_and_misuse_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let name = |file: &str| folder.path().join(file).display().to_string();
    let figure = |more: &[&str]| isodense(&[&["figure", &sample_case()], more].concat());
    let (code, text) = figure(&["-o", &name("a.png"), "--dpi", "300", "--width-mm", "85"]);
    assert_eq!(code, 0, "{text}");
    let bytes = std::fs::read(name("a.png")).unwrap();
    assert_eq!(u32::from_be_bytes(bytes[16..20].try_into().unwrap()), 1004);
    for (more, code, words) in [
        (vec!["-o", "x.doc"], 2, "must end in .pdf"),
        (vec!["-o", "x.pdf", "--dpi", "5000"], 2, "--dpi takes 30 to 2400"),
        (vec!["-o", "x.pdf", "--width-mm", "NaN"], 2, "--width-mm takes 10 to 1000"),
        (vec!["-o", "x.pdf", "--figure", "2"], 1, "the case has one figure"),
    ] {
        let (found, text) = figure(&more);
        assert_eq!(found, code, "{text}");
        assert!(text.contains(words), "{text}");
    }
    // Without the images nothing is written.
    let alone = folder.path().join("case.json");
    std::fs::copy(sample_case(), &alone).unwrap();
    let output = folder.path().join("b.pdf");
    let (code, text) =
        isodense(&["figure", &alone.display().to_string(), "-o", &output.display().to_string()]);
    assert!(code == 1 && text.contains("its image is not open") && !output.exists(), "{text}");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_dicom").display().to_string();
    let (code, text) = isodense(&[
        "figure",
        &alone.display().to_string(),
        "-o",
        &output.display().to_string(),
        "--data",
        &data,
    ]);
    assert!(code == 0 && output.exists(), "{text}");
}
