//! Figures by actions: what K sends, what panels share, what an opened panel keeps.

use std::time::Duration;

use isodense::case::figure::{Along, FileKind};
use isodense::case::{Edit, Figure, PanelId};
use isodense::session::{
    Action, Environment, FigureAction, FigureOptions, Layout, PanelState, Session, ViewportId,
};
use isodense::view::Slice;

use super::drive::{CT, Drive, FIRST, assert_nameless, sample};

fn do_with(drive: &mut Drive, action: FigureAction) {
    drive.apply(Action::Figure(action));
}

fn figure(drive: &Drive) -> &Figure {
    drive.session.case().figures.last().expect("a figure")
}

fn change(drive: &mut Drive, change: impl FnOnce(&mut Figure)) {
    let mut next = figure(drive).clone();
    change(&mut next);
    do_with(drive, FigureAction::Change(next.into(), "change figure"));
}

/// CT and three MR of the first visit, side by side, each sent to a figure.
fn four_of_one_visit() -> Drive {
    let folders = ["2015-05-12_CT", "2015-05-12_MR_T1", "2015-05-12_MR_T2", "2015-05-12_MR_T1C"];
    let mut drive = Drive::open(&folders.map(sample));
    drive.apply(Action::SetLayout(Layout { columns: 2, rows: 2 }));
    let of = |drive: &Drive, what: &str| drive.series("20150512", what).key();
    for (at, what) in ["CT", "T1 SE", "T2 TSE oblique", "T1 SE with contrast"].into_iter().enumerate() {
        let key = of(&drive, what);
        drive.apply(Action::ShowSeries(ViewportId(at), key));
    }
    drive.settle();
    for at in 0..4 {
        do_with(&mut drive, FigureAction::Send(ViewportId(at)));
    }
    let id = figure(&drive).id;
    do_with(&mut drive, FigureAction::Show(Some(id)));
    drive.wait("every panel is there", all_there);
    drive
}

fn all_there(session: &Session) -> bool {
    session.figure().is_some_and(|figure| session.panel_drawings(figure).iter().all(Result::is_ok))
}

fn scales(drive: &Drive) -> Vec<f64> {
    let figure = figure(drive);
    let layout = isodense::render::figure_layout(figure, drive.session.fonts());
    let panels = figure.panels.iter().zip(&layout.panels);
    let scale = |(panel, area): (&std::sync::Arc<isodense::case::Panel>, &isodense::render::PaperRect)| {
        let size = area.size();
        drive.session.panel_drawing(panel).expect("it is there").framing(size.x / size.y).height.0 / size.y
    };
    panels.map(scale).collect()
}

#[test]
fn views_become_panels_one_step_each_and_the_legend_says_what_they_are() {
    let mut drive = four_of_one_visit();
    assert_eq!(figure(&drive).panels.len(), 4);
    assert_eq!(drive.session.history().undo_name(), Some("send view to figure"));
    let captions = drive.session.captions(figure(&drive));
    assert_eq!(
        captions,
        [
            "Axial non-contrast CT, brain window (width 80 HU, level 40 HU)",
            "Axial T1-weighted MRI",
            "Oblique axial T2-weighted MRI",
            "Axial contrast-enhanced T1-weighted MRI",
        ]
    );
    for left in [3, 2, 1] {
        drive.apply(Action::Undo);
        assert_eq!(figure(&drive).panels.len(), left);
    }
    drive.apply(Action::Undo);
    assert!(drive.session.case().figures.is_empty() && drive.session.figure().is_none());
    (0..4).for_each(|_| drive.apply(Action::Redo));
    assert_eq!(figure(&drive).panels.len(), 4);
}

#[test]
fn equal_scale_is_equal_on_paper_and_stays_so() {
    let mut drive = four_of_one_visit();
    let before = scales(&drive);
    assert!(before.iter().any(|scale| (scale - before[0]).abs() > 0.01), "{before:?}");
    do_with(&mut drive, FigureAction::EqualScale);
    let after = scales(&drive);
    let coarsest = before.iter().copied().fold(0.0, f64::max);
    assert!(after.iter().all(|scale| (scale - coarsest).abs() < 1e-9), "{after:?}");
    // From now on they follow each other, whatever the size of a panel.
    change(&mut drive, |figure| {
        let panel = figure.panel_mut(PanelId(3)).expect("a panel");
        let view = std::sync::Arc::make_mut(&mut panel.view);
        view.framing.height.0 /= 2.0;
    });
    let halved = scales(&drive);
    assert!(halved.iter().all(|scale| (scale - coarsest / 2.0).abs() < 1e-9), "{halved:?}");
    drive.apply(Action::Undo);
    assert_eq!(scales(&drive), after);
}

#[test]
fn a_shared_plane_takes_the_slice_at_the_same_place_of_the_same_space() {
    let mut drive = four_of_one_visit();
    change(&mut drive, |figure| figure.sharing.plane = Along::All);
    drive.wait("every panel is there", all_there);
    // The first panel is opened and scrolled; the others follow when it is closed.
    do_with(&mut drive, FigureAction::OpenPanel(PanelId(1)));
    let (_, _, at) = drive.session.opened_panel().expect("it is open");
    let before = figure(&drive).clone();
    (0..5).for_each(|_| drive.apply(Action::Scroll(at, 1)));
    drive.settle();
    assert_eq!(*figure(&drive), before, "no step while it is open");
    // Saving keeps what is seen; the panel stays open.
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("case.json");
    drive.apply(Action::SaveCase(path.clone()));
    assert!(!drive.session.has_unsaved_changes() && drive.session.opened_panel().is_some());
    let kept = isodense::store::load_case(&path).expect("the case");
    assert_ne!(kept.figures[0].panels[0].view, before.panels[0].view);
    do_with(&mut drive, FigureAction::ClosePanel);
    assert_eq!(drive.session.history().undo_name(), Some("change view of panel"));
    drive.wait("every panel is there", all_there);
    let heights: Vec<f64> = figure(&drive)
        .panels
        .iter()
        .map(|panel| {
            let Slice::Acquired(of) = &panel.view.slice else { panic!("acquired slices") };
            let frame = drive.session.frame(of).expect("it is open");
            let plane = frame.plane.expect("it has a place");
            let first = drive.session.frame(match &figure(&drive).panels[0].view.slice {
                Slice::Acquired(of) => of,
                Slice::Reformat(_) => panic!("acquired slices"),
            });
            let place = first.and_then(|frame| frame.plane).expect("it has a place");
            let middle = place.patient_from_pixel(isodense::geometry::PixelPoint::new(136.0, 158.0));
            plane.pixel_from_patient(middle).1.0
        })
        .collect();
    // Slices are 4 mm apart: half of that is the nearest that there is.
    assert!(heights.iter().all(|off| off.abs() < 3.0), "{heights:?}");
    let moved =
        figure(&drive).panels.iter().zip(&before.panels).filter(|(a, b)| a.view.slice != b.view.slice);
    assert_eq!(moved.count(), 4);
}

#[test]
fn what_an_opened_panel_is_left_at_is_autosaved_before_it_is_a_step() {
    let folder = tempfile::tempdir().expect("a folder");
    let environment = || Environment {
        state_dir: Some(folder.path().join("state")),
        autosave_every: Duration::from_millis(20),
        ..Environment::for_tests()
    };
    let mut drive = Drive::with(environment());
    drive.apply(Action::Open(vec![sample(CT)]));
    drive.settle();
    do_with(&mut drive, FigureAction::Send(FIRST));
    let id = figure(&drive).id;
    do_with(&mut drive, FigureAction::Show(Some(id)));
    do_with(&mut drive, FigureAction::OpenPanel(PanelId(1)));
    drive.apply(Action::Scroll(FIRST, 2));
    let left = drive.session.saved_view(FIRST).expect("a view");
    drive.wait("it is autosaved", |session| session.next_wake().is_none());
    let before = std::sync::Arc::clone(&figure(&drive).panels[0].view);
    assert_ne!(before.slice, left.slice);
    drop(drive);
    // The last thread of the session may hold its lock a moment longer.
    let start = std::time::Instant::now();
    let mut next = loop {
        let next = Drive::with(environment());
        if next.session.recovered().is_some() {
            break next;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "never offered");
        std::thread::sleep(Duration::from_millis(20));
    };
    let recovered = next.session.recovered().expect("a case");
    assert_eq!(recovered.case.figures[0].panels[0].view.slice, left.slice);
    next.apply(Action::Recover);
    assert_eq!(next.session.case().figures.len(), 1);
}

#[test]
fn figures_are_saved_and_come_back_and_a_panel_whose_image_is_gone_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut drive = four_of_one_visit();
    change(&mut drive, |figure| {
        figure.column_headings = vec!["CT".to_owned()];
        figure.panel_mut(PanelId(2)).expect("a panel").caption = Some("My words".to_owned());
    });
    let path = folder.path().join("case.json");
    drive.apply(Action::SaveCase(path.clone()));
    let kept = isodense::store::load_case(&path).expect("the case");
    assert_eq!(kept.figures, drive.session.case().figures);
    assert_nameless("the case file", &std::fs::read(&path).expect("a file"));
    // Without the images the figure is there, and says what is missing.
    drive.apply(Action::CloseImages);
    let id = figure(&drive).id;
    do_with(&mut drive, FigureAction::Show(Some(id)));
    let states = drive.session.panel_drawings(figure(&drive));
    assert!(states.iter().all(|state| matches!(state, Err(PanelState::NotOpen))));
    let output = folder.path().join("figure.png");
    let options = FigureOptions { kind: FileKind::Png, dpi: None, width_mm: None };
    do_with(&mut drive, FigureAction::Export(id, output.clone(), options));
    assert!(drive.has_notice("(a): its image is not open") && !output.exists());
    // A file with a figure that cannot be drawn is no case.
    let mut bad = kept.figures[0].as_ref().clone();
    bad.page.width_mm = f64::INFINITY;
    assert!(drive.session.case().with(Edit::ChangeFigure(bad.into(), "")).is_err());
}

#[test]
fn a_figure_is_never_written_over_an_image_and_a_cancelled_one_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("slices");
    std::fs::create_dir(&source).expect("a folder");
    for entry in std::fs::read_dir(sample(CT)).expect("the sample") {
        let entry = entry.expect("a file");
        std::fs::copy(entry.path(), source.join(entry.file_name())).expect("a copy");
    }
    // A DICOM file may be called anything.
    let image = source.join("image.png");
    std::fs::rename(source.join("IM020.dcm"), &image).expect("renamed");
    let before = std::fs::read(&image).expect("it is there");
    let mut drive = Drive::open(&[source]);
    do_with(&mut drive, FigureAction::Send(FIRST));
    let id = figure(&drive).id;
    do_with(&mut drive, FigureAction::Show(Some(id)));
    drive.wait("the panel is there", all_there);
    let options = FigureOptions { kind: FileKind::Png, dpi: None, width_mm: None };
    do_with(&mut drive, FigureAction::Export(id, image.clone(), options));
    drive.wait("it is refused", |session| session.writing().is_none());
    assert_eq!(std::fs::read(&image).expect("it is there"), before);
    assert!(drive.has_notice("it is never overwritten"));
    let output = folder.path().join("figure.png");
    do_with(&mut drive, FigureAction::Export(id, output.clone(), options));
    drive.apply(Action::CancelWriting);
    drive.wait("it has ended", |session| session.writing().is_none());
    // It may have been too quick to be cancelled; then it is whole.
    let written = drive.session.written().is_some_and(Result::is_ok);
    assert_eq!(written, output.exists());
}

#[test]
fn a_page_is_kept_as_a_journal_of_ones_own() {
    let mut drive = four_of_one_visit();
    change(&mut drive, |figure| (figure.page.width_mm, figure.page.dpi) = (121.0, 450.0));
    do_with(&mut drive, FigureAction::KeepJournal(" Acta ".to_owned()));
    assert_eq!(figure(&drive).page.journal, "Acta");
    let own = drive.session.journal(figure(&drive)).expect("it is known");
    assert_eq!((own.widths_mm.as_slice(), own.dpi.to_string().as_str()), ([121.0].as_slice(), "450"));
    change(&mut drive, |figure| figure.page.dpi = 300.0);
    let warned = drive.session.figure_warnings(figure(&drive), &drive.session.panel_drawings(figure(&drive)));
    assert!(warned.iter().any(|warning| warning.to_string() == "300 dpi: the journal asks for 450 or more"));
    do_with(&mut drive, FigureAction::ForgetJournal("Acta".to_owned()));
    assert!(drive.session.settings().journals.is_empty());
}
