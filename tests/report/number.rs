//! One number everywhere: in the notebook on the screen, in the report, in `isodense verify`.

use std::path::Path;

use glam::DVec2;
use isodense::case::{Edit, Lesion, LesionId, Measurement, MeasurementId, Notebook, Points, TimePointId};
use isodense::export::ReportKind;
use isodense::geometry::PixelPoint;
use isodense::session::{Action, Grip, GripDrag, NotebookAction, Readiness, ReportOptions, ReportPart};
use isodense::store::write_atomic;
use isodense::typography::{plain, typeset};
use serde_json::Value;

use crate::desk::{Desk, VIEWPORT};
use crate::leave::{desk_of, isodense, sample_folder};

const SIZE: &str = "{{measurement:2#size|cm 1}}";
const VOLUME: &str = "{{lesion:1@1#volume}}";
const CHANGE: &str = "{{lesion:1@3#change}}";

fn sample() -> Desk {
    desk_of(&sample_folder().join("case.json"))
}

/// The sample as if nobody had operated: its two sizes can be compared.
fn without_operations() -> Desk {
    let mut desk = sample();
    let edits = [TimePointId(2), TimePointId(4)].map(|at| Edit::Read(LesionId(1), at, None));
    let none = Edit::ChangeNotebook(Notebook::default().into(), "forget");
    desk.session.apply(Action::Commit(Edit::All(edits.into_iter().chain([none]).collect())));
    desk
}

/// What `isodense verify` says of a case, and whether all of it agrees.
fn verify(case: &Path) -> (u8, String) {
    isodense(&["verify", case.to_str().unwrap(), "--data", sample_folder().to_str().unwrap()])
}

fn saved(desk: &mut Desk) -> (u8, String) {
    let case = desk.folder.path().join("saved.json");
    desk.session.apply(Action::SaveCase(case.clone()));
    assert!(!desk.session.has_unsaved_changes());
    verify(&case)
}

/// The three values as they are said now: everywhere alike.
fn said(desk: &mut Desk) -> Vec<String> {
    let typed = [SIZE, VOLUME, CHANGE];
    let chips: Vec<String> = typed
        .iter()
        .map(|typed| {
            let (text, problem) = desk.chip(typed);
            assert_eq!(problem, None, "{typed}");
            text
        })
        .collect();
    let report = String::from_utf8(desk.report(ReportKind::Markdown)).unwrap().replace('\\', "");
    let line = report.lines().find_map(|line| line.strip_prefix("Values: ")).unwrap();
    assert_eq!(line.split("; ").map(plain).collect::<Vec<_>>(), chips, "{report}");
    let set: Vec<String> = chips.iter().map(|chip| typeset(chip)).collect();
    assert_eq!(line.split("; ").collect::<Vec<_>>(), set, "as print sets it");
    let (code, verified) = saved(desk);
    assert_eq!(code, 0, "{verified}");
    for (typed, text) in typed.iter().zip(&chips) {
        assert!(verified.contains(&format!("value {typed}: {text}\n")), "{verified}");
    }
    chips
}

/// The CT of the first date on the slice that it was measured on.
fn show_first_ct(desk: &mut Desk) {
    let uid = desk.session.case().sources[0].series.clone();
    let library = desk.session.library();
    let key = library.browse().into_iter().find(|series| series.info.uid == uid).unwrap().key();
    desk.session.apply(Action::ShowSeries(VIEWPORT, key));
    let drawn_on = desk.session.case().measurements[1].points.drawn_on().cloned();
    let frames = &desk.session.shown(VIEWPORT).unwrap().series.frames;
    let at = frames.iter().position(|frame| Some(&frame.of) == drawn_on.as_ref()).unwrap();
    desk.session.apply(Action::GoToSlice(VIEWPORT, at));
    desk.wait("the slice", |session| session.readiness(VIEWPORT) == Readiness::Ready);
}

fn ends(measurement: &Measurement) -> &[isodense::geometry::PatientPoint] {
    match &measurement.points {
        Points::Patient { points, .. } => points,
        Points::Pixel { .. } => panic!("it lies in the patient"),
    }
}

fn size_words(measurement: &Measurement) -> String {
    let axes = ends(measurement).chunks(2).map(|ends| (ends[1].0 - ends[0].0).length() / 10.0);
    let words: Vec<String> = axes.map(|axis| format!("{axis:.1}")).collect();
    format!("{} cm", words.join(" x "))
}

#[test]
fn a_handle_that_moves_changes_the_number_everywhere_and_undo_brings_it_back() {
    let mut desk = without_operations();
    let notes = format!("# A case report\n\nValues: {SIZE}; {VOLUME}; {CHANGE}\n\nSee Figure 1.\n");
    desk.session.apply(Action::Commit(Edit::SetNotes(notes)));
    let before = said(&mut desk);
    assert_eq!(before, ["2.2 x 3.5 x 4.0 cm", "16.1 mL", "0.0 % in the longest axis in its plane"]);
    show_first_ct(&mut desk);
    let id = MeasurementId(2);
    let plane = desk.session.shown(VIEWPORT).unwrap().frame.plane.unwrap();
    let end = ends(&desk.session.case().measurements[1])[1];
    let from = PixelPoint(plane.pixel_from_patient(end).0.0);
    let to = PixelPoint(from.0 + DVec2::new(12.0, -9.0));
    let drag = GripDrag { id, grip: Grip::Handle(1), from, to, label_offset: None };
    desk.session.apply(Action::DragGrip(VIEWPORT, drag));
    desk.session.apply(Action::DropGrip);
    let after = said(&mut desk);
    assert_eq!(after[0], size_words(&desk.session.case().measurements[1]));
    assert!(after[0] != before[0] && after[1] != before[1], "{after:?}");
    desk.session.apply(Action::Undo);
    assert_eq!(said(&mut desk), before);

    // The longest axis of the plane is that of day 0, which the change is counted from: 35 of 50 mm.
    let mut points = desk.session.case().measurements[1].points.clone();
    if let Points::Patient { points, .. } = &mut points {
        let along = points[3].0 - points[2].0;
        points[3].0 += along.normalize() * 15.0;
    }
    desk.session.apply(Action::Commit(Edit::Reshape(id, points)));
    let longer = said(&mut desk);
    assert_eq!(longer, ["2.2 x 5.0 x 4.0 cm", "23.0 mL", "-30.0 % in the longest axis"]);
    desk.session.apply(Action::Undo);
    assert_eq!(said(&mut desk), before);
    desk.session.apply(Action::Redo);
    assert_eq!(said(&mut desk), longer);
}

#[test]
fn a_claim_that_no_longer_holds_says_so_everywhere() {
    let mut desk = sample();
    let typed = "[2.2 x 3.5 x 4.0 cm](measurement:2#size~0.05)";
    assert_eq!(desk.chip(typed).1, None);
    let mut points = desk.session.case().measurements[1].points.clone();
    if let Points::Patient { points, .. } = &mut points {
        points[5].0.z += 10.0;
    }
    desk.session.apply(Action::Commit(Edit::Reshape(MeasurementId(2), points)));
    let why = "measured 2.200 x 3.500 x 5.000 cm, claimed 2.2 x 3.5 x 4.0 cm";
    assert_eq!(desk.chip(typed), ("2.2 x 3.5 x 4.0 cm".to_owned(), Some(why.to_owned())));
    desk.report(ReportKind::Html);
    let told = &desk.session.notices().last().unwrap().details;
    assert!(told.contains(&format!("{typed}: {why}.")), "{told}");
    let (code, said) = saved(&mut desk);
    assert!(code == 1 && said.contains("DIFFERS, measured 2.200 x 3.500 x 5.000 cm"), "{said}");
}

#[test]
fn a_measurement_that_is_gone_is_a_problem_and_no_other_takes_its_number() {
    let mut desk = sample();
    let typed = "{{measurement:4#size|cm 1}}";
    let gone = desk.session.case().measurements[3].as_ref().clone();
    desk.session.apply(Action::Commit(Edit::Remove(MeasurementId(4))));
    assert_eq!(desk.chip(typed), ("[?]".to_owned(), Some("measurement 4 is gone".to_owned())));
    let claim = desk.chip("[3.5 x 1.6 x 3.5 cm](measurement:4#size~0.05)");
    assert_eq!(claim.1.as_deref(), Some("measurement 4 is gone"));
    assert!(desk.chip("{{lesion:1@3#volume}}").1.unwrap().contains("no volume at time point 3"));
    desk.session.apply(Action::Commit(Edit::Add(gone)));
    desk.measured();
    assert_eq!(desk.session.case().measurements[3].id, MeasurementId(5));
    assert_eq!(desk.chip(typed).1.as_deref(), Some("measurement 4 is gone"));
    assert_eq!(desk.chip("{{lesion:1@3#volume}}"), ("10.3 mL".to_owned(), None));
    desk.report(ReportKind::Markdown);
    let told = &desk.session.notices().last().unwrap().details;
    assert!(told.contains(&format!("{typed}: measurement 4 is gone.")), "{told}");
    let (code, said) = saved(&mut desk);
    assert!(code == 1 && said.contains(&format!("value {typed}: DIFFERS: measurement 4 is gone")), "{said}");
    for _ in 0..2 {
        desk.session.apply(Action::Undo);
    }
    assert_eq!(desk.chip(typed), ("3.5 x 1.6 x 3.5 cm".to_owned(), None));
    // Nor does another lesion.
    desk.session.apply(Action::Commit(Edit::RemoveLesion(LesionId(1))));
    desk.session.apply(Action::Commit(Edit::AddLesion(Lesion::new("another"))));
    assert_eq!(desk.session.case().lesions[0].id, LesionId(2));
    assert_eq!(desk.chip(VOLUME).1.as_deref(), Some("lesion 1 is gone"));
}

#[test]
fn values_of_other_pixels_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(sample_folder().join("case.json")).unwrap();
    let mut case: Value = serde_json::from_str(&text).unwrap();
    // No change would be said across the operations.
    case["notebook"]["events"] = Value::Array(Vec::new());
    case["readings"] = Value::Array(Vec::new());
    let notes = format!("{}\n{CHANGE}\n", case["notes"].as_str().unwrap());
    case["notes"] = notes.into();
    let recorded = case["recorded"].as_array_mut().unwrap();
    let first = recorded.iter_mut().find(|one| one["measurement"] == 1).unwrap();
    let hash = first["pixels"].as_str().unwrap().to_owned();
    first["pixels"] = hash.replace(|c: char| c.is_ascii_digit(), "0").into();
    let path = folder.path().join("case.json");
    write_atomic(&path, case.to_string().as_bytes()).unwrap();
    let mut desk = crate::leave::empty_desk();
    desk.session.apply(Action::OpenCase(path.clone()));
    desk.session.apply(Action::FindMissing(Some(sample_folder())));
    desk.measured();
    let why = Some("the image's pixels are not those that were measured".to_owned());
    for typed in [
        "{{measurement:1#mean}}",
        "{{measurement:1#kv}}",
        "[about 38 HU](measurement:1#mean~1)",
        "{{lesion:1@1#volume}}",
        "{{lesion:1@3#change}}",
    ] {
        assert_eq!(desk.chip(typed).1, why, "{typed}");
    }
    for typed in ["{{measurement:3#mean}}", "[39 HU](measurement:3#mean~1)", "{{lesion:1@3#volume}}"] {
        assert_eq!(desk.chip(typed).1, None, "{typed}");
    }
    desk.report(ReportKind::Docx);
    let told = &desk.session.notices().last().unwrap().details;
    assert!(told.contains("{{measurement:1#mean}}: the image's pixels"), "{told}");
    let (code, said) = verify(&path);
    assert!(code == 1 && said.contains("1 ellipse: DIFFERS"), "{said}");
}

#[test]
fn a_report_asks_for_the_images_of_its_figures_although_nothing_else_is_on_its_way() {
    let mut desk = sample();
    // All headers are read, as they are once somebody has looked at the patient's data.
    desk.session.apply(Action::Notebook(NotebookAction::ReadHeaders));
    let whole = ReportPart::Report(ReportOptions::new(ReportKind::Markdown));
    desk.wait("the headers", |session| session.notebook_findings(&whole, None).reading == 0);
    while desk.session.poll() {}
    std::thread::sleep(std::time::Duration::from_millis(400));
    while desk.session.poll() {}
    desk.report(ReportKind::Markdown);
}
