//! Montages: every n-th slice of a series is a panel of a figure, all of them seen as the viewport shows the series.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[expect(dead_code, reason = "other tests drive more")]
#[path = "scenario/drive.rs"]
mod drive;
#[path = "common/made.rs"]
mod made;

use std::path::Path;
use std::sync::Arc;

use drive::{CT, Drive, FIRST, assert_nameless, sample};
use glam::DVec3;
use isodense::case::figure::{Figure, LetterForm, MeasurementsShown};
use isodense::case::{SavedView, SavedVoi};
use isodense::cli::{self, Outcome};
use isodense::dicom::write::write_bytes;
use isodense::geometry::{Mm, PixelSpacing};
use isodense::image::{Voi, Window};
use isodense::session::{Action, Cut, FigureAction, PanelState, Slices};
use isodense::view::{Framing, Slab, SlabMode, Slice, ViewportSize};
use made::MadeSeries;

fn montage(drive: &mut Drive, slices: Slices, columns: usize) -> Arc<Figure> {
    drive.apply(Action::Figure(FigureAction::Montage { viewport: FIRST, slices, columns }));
    Arc::clone(drive.session.figure().unwrap())
}

fn views(figure: &Figure) -> Vec<&SavedView> {
    figure.panels.iter().map(|panel| &*panel.view).collect()
}

/// What the viewport shows at those slices, as the case would keep it.
fn scrolled(drive: &mut Drive, indices: &[usize]) -> Vec<SavedView> {
    let at = |index: &usize| {
        drive.apply(Action::GoToSlice(FIRST, *index));
        drive.session.saved_view(FIRST).unwrap()
    };
    indices.iter().map(at).collect()
}

#[test]
fn every_nth_slice_is_a_panel_that_shows_what_scrolling_there_shows() {
    let mut drive = Drive::open(&[sample(CT)]);
    drive.apply(Action::Resized(FIRST, ViewportSize { width: 600, height: 400 }));
    let mut look = drive.viewport().view.look.clone();
    look.voi = Voi::Window(Window::linear(37.0, 91.0));
    drive.apply(Action::SetLook(FIRST, look));
    let framing = Framing { height: Mm(120.0), turn: 0.3, mirrored: true, ..drive.viewport().view.framing };
    drive.apply(Action::SetFraming(FIRST, framing));
    let figure = montage(&mut drive, Slices { from: 10, to: 31, step: 5 }, 3);
    let frames = &drive.shown().series.frames;
    let expected = [10, 15, 20, 25, 30].map(|index| Slice::Acquired(frames[index].of.clone()));
    let views = views(&figure);
    assert_eq!(views.iter().map(|view| view.slice.clone()).collect::<Vec<_>>(), expected);
    for view in &views {
        assert_eq!((view.framing, view.fitted), (framing, false));
        assert_eq!(view.look.voi, Some(SavedVoi::Window(Window::linear(37.0, 91.0))));
    }
    assert_eq!(scrolled(&mut drive, &[10, 15, 20, 25, 30]).iter().collect::<Vec<_>>(), views);
    assert_eq!((figure.page.columns, figure.grid().rows), (3, 2));
    assert!((figure.page.aspect - 1.5).abs() < 1e-9 && figure.page.gap_mm < 1.0);
    assert_eq!(figure.letters.form, LetterForm::None);
    let bars: Vec<bool> = figure.panels.iter().map(|panel| panel.scale_bar).collect();
    assert_eq!(bars, [false, false, false, false, true]);
    assert!(figure.panels.iter().all(|panel| panel.measurements == MeasurementsShown::None));
    assert_eq!(figure.title, "Axial non-contrast CT, every 5th slice");
    assert_eq!(figure.closing, "Window width 91 HU, level 37 HU");
    let captions = drive.session.captions(&figure);
    let legend = isodense::session::legend_words(&figure, 1, &captions);
    assert_eq!(legend, "Figure 1. Axial non-contrast CT, every 5th slice. Window width 91 HU, level 37 HU.");
}

#[test]
fn a_montage_is_one_step_and_is_drawn_once_its_images_are_there() {
    let mut drive = Drive::open(&[sample(CT)]);
    let before = Arc::clone(drive.session.case());
    let figure = montage(&mut drive, Slices { from: 30, to: 10, step: 10 }, 9);
    assert_eq!((figure.panels.len(), figure.page.columns), (3, 3));
    // All of the image is seen: the panels have its shape.
    let frame = drive.shown().frame;
    let spacing = frame.display_spacing();
    let wide = frame.size.columns as f64 * spacing.between_columns.0;
    assert!((figure.page.aspect - wide / (frame.size.rows as f64 * spacing.between_rows.0)).abs() < 1e-9);
    assert!(figure.panels.iter().all(|panel| panel.view.fitted));
    drive.wait("the panels can be drawn", |session| {
        let drawings = session.panel_drawings(&figure);
        assert!(!drawings.iter().any(|one| matches!(one, Err(PanelState::NotOpen | PanelState::Failed(_)))));
        drawings.iter().all(Result::is_ok)
    });
    let scales: Vec<Framing> = figure
        .panels
        .iter()
        .map(|panel| drive.session.panel_drawing(panel).unwrap().framing(figure.page.aspect))
        .collect();
    assert!(scales.iter().all(|framing| *framing == scales[0]));
    drive.apply(Action::Undo);
    assert!(Arc::ptr_eq(drive.session.case(), &before) && drive.session.figure().is_none());
    drive.apply(Action::Redo);
    assert_eq!(*drive.session.case().figures[0], *figure);
}

#[test]
fn parallel_planes_are_panels_too() {
    let mut drive = Drive::open(&[sample(CT)]);
    drive.apply(Action::SetCut(FIRST, Cut::Coronal));
    let slab = Slab { thickness: Mm(12.0), mode: SlabMode::Mip };
    drive.apply(Action::SetSlab(FIRST, slab));
    drive.settle();
    let count = drive.shown().count;
    let figure = montage(&mut drive, Slices { step: 40, ..Slices::ALL }, 4);
    let indices: Vec<usize> = (0..count).step_by(40).collect();
    assert!(indices.len() > 3);
    assert_eq!(scrolled(&mut drive, &indices).iter().collect::<Vec<_>>(), views(&figure));
    let mut places = Vec::new();
    for view in views(&figure) {
        let Slice::Reformat(reformat) = &view.slice else { panic!("{:?}", view.slice) };
        assert_eq!(reformat.slab, slab);
        places.push(reformat.plane.through.0.y);
    }
    let step = places[1] - places[0];
    assert!(step.abs() > 1.0 && places.windows(2).all(|two| (two[1] - two[0] - step).abs() < 1e-6));
    assert_eq!(figure.title, "Coronal non-contrast CT, every 40th slice");
    assert!(figure.closing.starts_with("Maximum intensity projection of 12 mm"), "{}", figure.closing);
}

/// Three slices of 520 columns: as many sagittal planes.
fn write_wide(folder: &Path) {
    let mut made = MadeSeries::ct("wide", [DVec3::X, DVec3::Y], 1.0, 520);
    made.spacing = PixelSpacing::new(Mm(1.0), Mm(1.0)).unwrap();
    for slice in 0..3 {
        let file = made.file(slice, slice, &[1000; 4 * 520]);
        write_bytes(&folder.join(format!("{slice}.dcm")), &file).unwrap();
    }
}

#[test]
fn what_cannot_be_a_montage_is_refused_with_a_reason() {
    let montage =
        |step| FigureAction::Montage { viewport: FIRST, slices: Slices { step, ..Slices::ALL }, columns: 99 };
    let mut drive = Drive::new();
    drive.apply(Action::Figure(montage(1)));
    assert!(drive.has_notice("Show a series first."));
    let folder = tempfile::tempdir().unwrap();
    write_wide(folder.path());
    let mut drive = Drive::open(&[folder.path().to_owned()]);
    drive.apply(Action::SetCut(FIRST, Cut::Sagittal));
    drive.settle();
    assert_eq!(drive.shown().count, 520);
    let before = Arc::clone(drive.session.case());
    drive.apply(Action::Figure(montage(1)));
    assert!(drive.has_notice("520 slices are too many: a figure has at most 500 panels."));
    assert!(Arc::ptr_eq(drive.session.case(), &before) && drive.session.figure().is_none());
    drive.apply(Action::Figure(montage(2)));
    let figure = drive.session.figure().unwrap();
    assert_eq!((figure.panels.len(), figure.page.columns), (260, 26));
}

fn run(arguments: &[&str]) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let all = std::iter::once("isodense").chain(arguments.iter().copied()).map(Into::into);
    let Outcome::Exit(code) = cli::run(all, &mut out, &mut err, false) else { panic!("a window") };
    (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

#[test]
fn the_command_line_makes_the_same_montage() {
    let folder = tempfile::tempdir().unwrap();
    let drive = Drive::open(&[sample(CT)]);
    let uid = drive.shown().series.info.uid.as_str().to_owned();
    let data = sample(CT).display().to_string();
    for name in ["m.pdf", "m.png"] {
        let output = folder.path().join(name).display().to_string();
        let of = ["montage", &data, "--series", &uid, "--from", "11", "--to", "31", "--every", "5"];
        let page = ["--window", "40,80", "--width-mm", "80", "--dpi", "100", "-o", &output];
        let (code, out, err) = run(&[&of[..], &page].concat());
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(
            out.contains(
                "Figure 1. Axial non-contrast CT, every 5th slice. Brain window (width 80 HU, level 40 HU)."
            ),
            "{out}"
        );
        assert!(out.contains("5 panels, "), "{out}");
        let bytes = std::fs::read(&output).unwrap();
        assert_nameless(name, &bytes);
        if name == "m.png" {
            let info = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
            // 80 mm at 100 dpi.
            assert_eq!(info.info().size().0, 315);
        }
    }
    let wrong = |more: &[&str]| {
        let output = folder.path().join("x.png").display().to_string();
        run(&[&["montage", &data, "-o", &output], more].concat())
    };
    assert_eq!(wrong(&["--series", "1.2.3"]).0, 1);
    assert!(wrong(&["--series", &uid, "--to", "999"]).2.contains("slices, not 999"));
    assert_eq!(wrong(&["--series", &uid, "--every", "0"]).0, 2);
    assert!(!folder.path().join("x.png").exists());
    // An image whose name ends like a picture's is not written over.
    let source = folder.path().join("image.png");
    std::fs::copy(std::fs::read_dir(sample(CT)).unwrap().next().unwrap().unwrap().path(), &source).unwrap();
    let (before, source) = (std::fs::read(&source).unwrap(), source.display().to_string());
    let (code, _, err) = run(&["montage", &source, "--series", &uid, "-o", &source]);
    assert!(code == 1 && err.contains("never overwritten"), "{err}");
    assert!(std::fs::read(&source).unwrap() == before);
}
