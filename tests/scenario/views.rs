//! Showing: layouts, slices, windows, marks across series.

use isodense::case::{Kind, Points};
use isodense::dicom::write::Syntax;
use isodense::geometry::PixelPoint;
use isodense::image::{Voi, Window};
use isodense::session::placing::{Moved, Pointer};
use isodense::session::{Action, Layout, OverlayLevel, Tool, ViewportId, WindowOrigin};
use isodense::view::{Look, ViewportSize};

use crate::drive::{CT, Drive, FIRST, sample, shown};
use crate::tiny;

const SECOND: ViewportId = ViewportId(1);

#[test]
fn slices_end_where_the_series_ends() {
    let mut drive = Drive::open(&[sample(CT), sample("2015-05-12_MR_T1"), sample("2015-05-12_MR_T2")]);
    drive.apply(Action::SetLayout(Layout::ALL[2]));
    drive.settle();
    assert_eq!(shown(&drive.session).count(), 3, "each series once, the fourth viewport stays empty");
    for (steps, end) in [(isize::MIN, 0), (isize::MAX, 37), (-1, 36), (-400, 0)] {
        let ct = drive.series("20150512", "CT").key();
        if drive.viewport().series != ct {
            drive.show(&ct);
        }
        drive.apply(Action::Scroll(FIRST, steps));
        assert_eq!(drive.shown().index, end);
    }
    drive.apply(Action::GoToSlice(FIRST, usize::MAX));
    assert_eq!(drive.shown().index, 37);
    drive.apply(Action::Scroll(ViewportId(3), 1));
    drive.apply(Action::ToggleCine(FIRST));
    assert!(drive.viewport().cine);
    drive.apply(Action::ToggleCine(FIRST));
    assert!(!drive.viewport().cine);
    drive.apply(Action::ToggleMaximised(SECOND));
    assert_eq!(drive.session.workspace().visible(), [SECOND]);
    drive.apply(Action::NextViewport);
    assert_eq!(drive.session.workspace().active, SECOND);
    drive.apply(Action::SetLayout(Layout::ALL[0]));
    assert_eq!(drive.session.workspace().active, FIRST);
    for _ in 0..5 {
        drive.apply(Action::StepSeries(FIRST, 1));
    }
    let last = drive.viewport().series.clone();
    drive.apply(Action::StepSeries(FIRST, -1));
    assert_ne!(drive.viewport().series, last);
    drive.apply(Action::CycleOverlays);
    assert_eq!(drive.session.workspace().overlays, OverlayLevel::Minimal);
    drive.apply(Action::TogglePatientData);
    assert!(drive.session.workspace().patient_hidden);
    drive.apply(Action::Resized(FIRST, ViewportSize { width: 333, height: 777 }));
    drive.settle();
}

#[test]
fn windows_come_from_the_file_the_user_the_image_or_a_region() {
    let mut drive = Drive::open(&[sample(CT)]);
    let names: Vec<String> = drive.session.presets(FIRST).into_iter().map(|p| p.name).collect();
    // BRAIN and BONE of the file have the values of the presets of those names: they are those.
    assert_eq!(names[..4], ["Brain", "Stroke", "Subdural", "Bone"]);
    assert!(!names.iter().any(|name| name.starts_with("File")), "{names:?}");
    assert_eq!(drive.viewport().view.look.voi, Voi::Window(Window::linear(40.0, 80.0)));
    drive.apply(Action::UsePreset(FIRST, 3));
    assert_eq!(drive.viewport().view.look.voi, Voi::Window(Window::linear(480.0, 2500.0)));
    drive.apply(Action::UsePreset(FIRST, 999));
    drive.apply(Action::AutoWindow(FIRST));
    let whole = drive.viewport().view.look.voi.clone();
    assert_ne!(whole, Voi::Window(Window::linear(480.0, 2500.0)));
    drive.apply(Action::Choose(Tool::AutoWindow));
    drive.drag([120.0, 150.0], [150.0, 171.0]);
    let region = drive.viewport().view.look.voi.as_window();
    assert!(region.width < whole.as_window().width, "brain spans less than the whole head");
    assert!(drive.session.case().is_blank() && !drive.session.has_unsaved_changes());
    drive.apply(Action::GoToSlice(FIRST, 30));
    drive.settle();
    assert_eq!(drive.viewport().view.look.voi.as_window(), region, "a chosen window stays");
    assert_eq!(drive.viewport().window, WindowOrigin::Settled);
}

#[test]
fn low_values_of_monochrome1_are_white_and_inverting_undoes_it() {
    let root = tempfile::tempdir().unwrap();
    tiny::write(root.path(), "plain", Syntax::Plain);
    let inverted = tiny::write(root.path(), "inverted", Syntax::Plain);
    tiny::patch(&inverted, |bytes| {
        let at = tiny::find(bytes, b"MONOCHROME2");
        bytes[at + 10] = b'1';
    });
    let mut drive = Drive::open(&[root.path().to_owned()]);
    let middle = |drive: &Drive| drive.session.view_picture(FIRST).unwrap().pixel(201, 301).unwrap()[0];
    let mut greys = Vec::new();
    for name in ["plain", "inverted"] {
        let uid = drive.series("20200229", name).key();
        drive.show(&uid);
        assert_eq!(drive.shown().frame.inverted, name == "inverted");
        greys.push(middle(&drive));
    }
    assert!(greys[0].abs_diff(255 - greys[1]) <= 1 && greys[0] != greys[1], "{greys:?}");
    let look = Look { inverted: true, ..drive.viewport().view.look.clone() };
    drive.apply(Action::SetLook(FIRST, look));
    assert_eq!(middle(&drive), greys[0]);
}

#[test]
fn a_mark_shows_on_the_one_slice_of_its_space_that_holds_it() {
    let mut drive = Drive::open(&[sample("")]);
    let ct = drive.series("20150512", "CT").key();
    drive.show(&ct);
    drive.apply(Action::GoToSlice(FIRST, 20));
    drive.apply(Action::Choose(Tool::Measure(Kind::Probe)));
    let at = PixelPoint::new(131.3, 160.8);
    for pointer in [Pointer::Press(at), Pointer::Release(at, Moved::No)] {
        drive.apply(Action::Place(FIRST, pointer));
    }
    let Points::Patient { points, .. } = drive.session.case().measurements[0].points.clone() else {
        panic!("the CT has a place in the patient");
    };
    let all: Vec<_> = drive.session.library().browse().into_iter().cloned().collect();
    for series in all {
        drive.apply(Action::ShowSeries(FIRST, series.key()));
        let showing: Vec<usize> = (0..series.frames.len())
            .filter(|index| {
                drive.apply(Action::GoToSlice(FIRST, *index));
                !drive.session.marks(FIRST).is_empty()
            })
            .collect();
        let off = |index: &usize| {
            let plane = series.frames[*index].plane.unwrap();
            (points[0].0 - plane.origin().0).dot(plane.normal()).abs()
        };
        let nearest = (0..series.frames.len()).min_by(|a, b| off(a).total_cmp(&off(b))).unwrap();
        if series.study.date.as_deref() == Some("20150512") {
            assert_eq!(showing, [nearest], "{} {}", series.info.description, off(&nearest));
        } else {
            assert!(showing.is_empty(), "a mark of another day shows");
        }
    }
    let id = drive.session.case().measurements[0].id;
    drive.apply(Action::GoToMeasurement(id));
    assert_eq!((&drive.viewport().series, drive.shown().index), (&ct, 20));
}

#[test]
fn what_the_reader_looks_at_stays_in_sight_when_there_are_fewer_viewports() {
    let mut drive = Drive::open(&[sample(CT), sample("2015-05-26_CT")]);
    drive.apply(Action::SetLayout(Layout { columns: 2, rows: 1 }));
    let key = |drive: &Drive, id| drive.session.shown(ViewportId(id)).unwrap().series.key();
    let (first, second) = (key(&drive, 0), key(&drive, 1));
    assert_ne!(first, second);
    drive.apply(Action::Activate(ViewportId(1)));
    drive.apply(Action::SetLayout(Layout { columns: 1, rows: 1 }));
    assert_eq!((drive.session.workspace().active, key(&drive, 0)), (ViewportId(0), second));
    // The other one is not lost.
    drive.apply(Action::SetLayout(Layout { columns: 2, rows: 1 }));
    assert_eq!(key(&drive, 1), first);
    // Nothing to keep: an empty viewport.
    drive.apply(Action::SetLayout(Layout { columns: 2, rows: 2 }));
    drive.apply(Action::Activate(ViewportId(3)));
    drive.apply(Action::SetLayout(Layout { columns: 1, rows: 1 }));
    assert_eq!(drive.session.workspace().active, ViewportId(0));
}
