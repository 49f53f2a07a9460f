//! Whose case is it: no edit joins a case whose patient is not the one shown.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use glam::{DVec2, DVec3};
use isodense::case::{
    Case, CasePicture, Edit, Figure, FigureId, KeyImageId, Kind, Lesion, LesionId, LesionMask, Measurement,
    MeasurementId, Notebook, Points, ReaderCalibration, Reading, Source, SpaceLink, TimePoint, TimePointId,
};
use isodense::geometry::{Mm, PixelPoint};
use isodense::image::{FrameOfReference, FrameRef, Series, SeriesUid, SopInstanceUid, StudyUid};
use isodense::mask::Mask;
use isodense::session::placing::Pointer;
use isodense::session::{
    Action, Environment, FigureAction, MaskChange, NotebookAction, Severity, Tool, ViewportId, Whose,
};
use isodense::store;

use crate::drive::{CT, Drive, FIRST, assert_nameless, sample};
use crate::put::put;

const LATER: &str = "2017-09-28_MR_T1";

/// Writes a value over the one that begins so, in the same room.
fn set(bytes: &mut [u8], begins: &str, value: &str) {
    let at = bytes.windows(begins.len()).position(|w| w == begins.as_bytes()).expect("the value is there");
    let length = usize::from(u16::from_le_bytes([bytes[at - 2], bytes[at - 1]]));
    let mut new = value.as_bytes().to_vec();
    assert!(new.len() <= length, "{value} has room");
    new.resize(length, b' ');
    bytes[at..at + length].copy_from_slice(&new);
}

/// A copy of a series of the sample under another name and ID.
fn copy_as(series: &str, to: &Path, id: &str, name: &str) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(sample(series)).unwrap() {
        let entry = entry.unwrap();
        let mut bytes = fs::read(entry.path()).unwrap();
        set(&mut bytes, "ISODENSE-SAMPLE", id);
        set(&mut bytes, "Sample^", name);
        put(to.join(entry.file_name()), &bytes);
    }
}

fn draw(drive: &mut Drive) {
    drive.apply(Action::Choose(Tool::Measure(Kind::Ellipse)));
    drive.drag([60.0, 70.0], [110.0, 120.0]);
    drive.apply(Action::Choose(Tool::Window));
}

fn open(drive: &mut Drive, folder: &Path) {
    drive.apply(Action::Open(vec![folder.to_owned()]));
    drive.settle();
}

fn whose(drive: &Drive) -> Option<Whose> {
    drive.session.whose()
}

/// A case with something of everything on the first CT, then images of somebody else on the screen.
fn with_another(root: &Path) -> Drive {
    let other = root.join("other");
    copy_as(LATER, &other, "PID-7741", "Zebulon^Quixote");
    let state_dir = Some(root.join("state"));
    let mut drive = Drive::with(Environment { state_dir, ..Environment::for_tests() });
    drive.apply(Action::Open(vec![sample(CT)]));
    drive.settle();
    draw(&mut drive);
    draw(&mut drive);
    drive.apply(Action::NewLesion(Lesion::new("frontal")));
    drive.apply(Action::MarkKeyImage(FIRST));
    drive.apply(Action::Figure(FigureAction::Send(FIRST)));
    drive.apply(Action::Commit(Edit::SetNotes("of the first".to_owned())));
    drive.apply(Action::SetDayZero(0));
    assert_eq!(whose(&drive), Some(Whose::Own));
    open(&mut drive, &other);
    assert_eq!(drive.shown().series.study.date.as_deref(), Some("20170928"), "what was opened is shown");
    assert_eq!(whose(&drive), Some(Whose::Another));
    drive
}

fn mask(series: &Series) -> Arc<LesionMask> {
    Arc::new(LesionMask::new(series, Mask::from_fn([4, 4, 2], |_, _, _| true)))
}

/// One edit of each kind. A new kind is a compile error until it stands here.
fn every_edit(case: &Case, series: &Series) -> Vec<Edit> {
    let points = || Points::Pixel {
        frame: FrameRef { sop_instance: SopInstanceUid::new("1.2.3"), frame_number: 1 },
        points: vec![PixelPoint::new(3.0, 3.5), PixelPoint::new(7.25, 1.0)],
    };
    let (id, key, lesion) = (MeasurementId(1), KeyImageId(1), LesionId(1));
    let space = |name: &str| FrameOfReference::OnlyThisSeries(SeriesUid::new(name));
    let picture =
        || CasePicture::new("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", 4, 3);
    let calibration = ReaderCalibration::new(SopInstanceUid::new("1.2.3"), Mm(5.0), 4.0);
    let source = Source {
        series: SeriesUid::new("1.2.3"),
        study: StudyUid::new("1.2"),
        folder: "images".to_owned(),
        extra: serde_json::Map::new(),
    };
    let point = case.time_points.first().map_or(TimePointId(1), |point| point.id);
    let mut figure = case.figures[0].as_ref().clone();
    "of another".clone_into(&mut figure.title);
    let key_image = case.key_images[0].as_ref().clone();
    let notebook = Notebook { kept: vec!["a finding".to_owned()], ..Notebook::default() };
    let all = vec![
        Edit::All(vec![Edit::SetNotes("of another".to_owned())]),
        Edit::Add(Measurement::new(Kind::Length, points())),
        Edit::Move(id, points()),
        Edit::Reshape(id, points()),
        Edit::MoveLabel(id, Some(DVec2::ONE)),
        Edit::Relabel(id, "of another".to_owned()),
        Edit::Remove(id),
        Edit::SetNotes("of another".to_owned()),
        Edit::ChangeNotebook(Arc::new(notebook), "state consent"),
        Edit::SetTitle("of another".to_owned()),
        Edit::SetSources(vec![source]),
        Edit::AddKey(key_image),
        Edit::RemoveKey(key),
        Edit::RelabelKey(key, "of another".to_owned()),
        Edit::MoveKey(key, 1),
        Edit::AddFigure(Figure::new()),
        Edit::ChangeFigure(Arc::new(figure), "type"),
        Edit::RemoveFigure(FigureId(1)),
        Edit::AddPicture(picture()),
        Edit::ChangePicture(picture()),
        Edit::RemovePicture(picture().sha256),
        Edit::LockSpaces(SpaceLink::new(space("1"), space("2"), DVec3::ZERO)),
        Edit::UnlockSpace(space("1")),
        Edit::AddLesion(Lesion::new("of another")),
        Edit::ChangeLesion(Lesion { name: "of another".to_owned(), ..case.lesions[0].as_ref().clone() }),
        Edit::RemoveLesion(lesion),
        Edit::Assign(id, None),
        Edit::SetMask(id, mask(series), "grow mask"),
        Edit::Compare(id, None),
        Edit::Calibrate(calibration),
        Edit::Uncalibrate(SopInstanceUid::new("1.2.3")),
        Edit::SetTimePoints(vec![TimePoint::new(vec![StudyUid::new("1.2")])]),
        Edit::SetDayZero(None),
        Edit::Read(lesion, point, Some(Reading::Absent)),
        Edit::SamePatient(vec![StudyUid::new("1.2")]),
        Edit::SetBaseline(point, true),
        Edit::CountSize(id, true),
    ];
    let mut kinds: Vec<u8> = all.iter().map(kind_of).collect();
    kinds.dedup();
    assert_eq!(kinds, (0..37).collect::<Vec<u8>>(), "every kind, each once");
    all
}

fn kind_of(edit: &Edit) -> u8 {
    match edit {
        Edit::All(_) => 0,
        Edit::Add(_) => 1,
        Edit::Move(..) => 2,
        Edit::Reshape(..) => 3,
        Edit::MoveLabel(..) => 4,
        Edit::Relabel(..) => 5,
        Edit::Remove(_) => 6,
        Edit::SetNotes(_) => 7,
        Edit::ChangeNotebook(..) => 8,
        Edit::SetTitle(_) => 9,
        Edit::SetSources(_) => 10,
        Edit::AddKey(_) => 11,
        Edit::RemoveKey(_) => 12,
        Edit::RelabelKey(..) => 13,
        Edit::MoveKey(..) => 14,
        Edit::AddFigure(_) => 15,
        Edit::ChangeFigure(..) => 16,
        Edit::RemoveFigure(_) => 17,
        Edit::AddPicture(_) => 18,
        Edit::ChangePicture(_) => 19,
        Edit::RemovePicture(_) => 20,
        Edit::LockSpaces(_) => 21,
        Edit::UnlockSpace(_) => 22,
        Edit::AddLesion(_) => 23,
        Edit::ChangeLesion(_) => 24,
        Edit::RemoveLesion(_) => 25,
        Edit::Assign(..) => 26,
        Edit::SetMask(..) => 27,
        Edit::Compare(..) => 28,
        Edit::Calibrate(_) => 29,
        Edit::Uncalibrate(_) => 30,
        Edit::SetTimePoints(_) => 31,
        Edit::SetDayZero(_) => 32,
        Edit::Read(..) => 33,
        Edit::SamePatient(_) => 34,
        Edit::SetBaseline(..) => 35,
        Edit::CountSize(..) => 36,
    }
}

#[test]
fn no_edit_of_any_kind_joins_the_case_of_another_patient() {
    let root = tempfile::tempdir().unwrap();
    let mut drive = with_another(root.path());
    let before = Arc::clone(drive.session.case());
    let series = Arc::clone(drive.shown().series);
    for edit in every_edit(&before, &series) {
        let no_change = before.with(edit.clone()).is_ok_and(|next| next == *before);
        while !drive.session.notices().is_empty() {
            drive.apply(Action::Dismiss(0));
        }
        drive.apply(Action::Commit(edit.clone()));
        assert!(Arc::ptr_eq(drive.session.case(), &before), "{edit:?} changed the case");
        assert!(no_change || drive.has_notice("of another patient"), "{edit:?} is refused in words");
    }
}

#[test]
fn no_action_changes_the_case_of_another_patient() {
    let root = tempfile::tempdir().unwrap();
    let mut drive = with_another(root.path());
    let before = Arc::clone(drive.session.case());
    let at = PixelPoint::new(80.0, 80.0);
    let mut actions = vec![
        Action::GiveWords(Some("of another".to_owned())),
        Action::DeleteSelected,
        Action::ChangeMask(MaskChange::FillHoles),
        Action::ToggleMargin,
        Action::CopyMask,
        Action::Calibrate(Mm(5.0)),
        Action::Uncalibrate,
        Action::MirrorRegion,
        Action::MeasureThereToo,
        Action::NewLesion(Lesion::new("of another")),
        Action::ReadLesion(LesionId(1), 0, Some(Reading::Absent)),
        Action::SetDayZero(0),
        Action::NameTimePoint(0, "of another".to_owned()),
        Action::JoinTimePoint(1),
        Action::PartTimePoint(0),
        Action::MarkKeyImage(FIRST),
        Action::Figure(FigureAction::New),
        Action::Figure(FigureAction::Send(FIRST)),
        Action::Figure(FigureAction::Remove(FigureId(1))),
        Action::Notebook(NotebookAction::SettleTimePoints),
        Action::Notebook(NotebookAction::UseTemplate("Tumour board".to_owned())),
        Action::Typing(Some(Edit::SetNotes("of another".to_owned()))),
        Action::Undo,
        Action::Redo,
        Action::LockSlices,
        Action::AddPicture(sample(CT).join("none.png")),
    ];
    for kind in Kind::ALL {
        actions.push(Action::Choose(Tool::Measure(kind)));
        actions.push(Action::Place(FIRST, Pointer::Press(at)));
    }
    for tool in [Tool::Grow, Tool::Brush, Tool::Density] {
        actions.push(Action::Choose(tool));
        actions.push(Action::Place(FIRST, Pointer::Press(at)));
    }
    for action in actions {
        let named = format!("{action:?}");
        drive.apply(Action::Select(Some(MeasurementId(1))));
        drive.apply(action);
        assert!(Arc::ptr_eq(drive.session.case(), &before), "{named} changed the case");
        assert!(!drive.session.is_drawing(), "{named} began something that would be lost");
    }
    assert!(drive.has_notice("These images are of another patient than the case."));
    // Another viewport than the active one is no way round.
    drive.apply(Action::SetLayout(isodense::session::Layout { columns: 2, rows: 1 }));
    let (own, other) = (drive.series("20150512", "CT").key(), drive.series("20170928", "T1 SE").key());
    drive.apply(Action::ShowSeries(ViewportId(1), other));
    drive.apply(Action::ShowSeries(FIRST, own));
    assert_eq!(whose(&drive), Some(Whose::Own));
    drive.apply(Action::MarkKeyImage(ViewportId(1)));
    drive.apply(Action::Figure(FigureAction::Send(ViewportId(1))));
    drive.apply(Action::Choose(Tool::Measure(Kind::Probe)));
    drive.apply(Action::Place(ViewportId(1), Pointer::Press(at)));
    assert!(Arc::ptr_eq(drive.session.case(), &before));
    // On its own patient's images the case goes on.
    draw(&mut drive);
    assert_eq!(drive.session.case().measurements.len(), 3);
}

#[test]
fn what_is_typed_of_one_patient_is_kept_when_another_is_shown() {
    let root = tempfile::tempdir().unwrap();
    let mut drive = with_another(root.path());
    drive.apply(Action::BackToCase);
    assert_eq!(whose(&drive), Some(Whose::Own), "the case's own images are shown again");
    drive.apply(Action::Typing(Some(Edit::SetNotes("of the first, and more".to_owned()))));
    let other = drive.series("20170928", "T1 SE").key();
    drive.show(&other);
    assert_eq!(drive.session.case().notes, "of the first, and more");
    let before = Arc::clone(drive.session.case());
    // The field says it again when it loses the cursor: that is no refusal.
    while !drive.session.notices().is_empty() {
        drive.apply(Action::Dismiss(0));
    }
    drive.apply(Action::Commit(Edit::SetNotes("of the first, and more".to_owned())));
    assert!(Arc::ptr_eq(drive.session.case(), &before) && drive.session.notices().is_empty());
}

#[test]
fn the_reader_may_say_that_two_are_one_and_the_case_keeps_it_without_a_name() {
    let root = tempfile::tempdir().unwrap();
    let mut drive = with_another(root.path());
    drive.apply(Action::SamePatient);
    assert_eq!(whose(&drive), Some(Whose::Own));
    draw(&mut drive);
    assert_eq!(drive.session.case().measurements.len(), 3);
    let path = root.path().join("case.json");
    drive.apply(Action::SaveCase(path.clone()));
    assert_nameless("the case", &fs::read(&path).unwrap());
    drive.apply(Action::Undo);
    drive.apply(Action::Undo);
    assert_eq!(whose(&drive), Some(Whose::Another), "the word is taken back like anything else");

    let mut again = Drive::new();
    again.apply(Action::OpenCase(path));
    again.settle();
    let other = again.series("20170928", "T1 SE").key();
    again.show(&other);
    assert_eq!(whose(&again), Some(Whose::Own));
    assert_eq!(again.session.ledger().columns.len(), 2);
}

#[test]
fn images_of_another_are_neither_in_the_ledger_nor_in_the_file_of_the_case() {
    let root = tempfile::tempdir().unwrap();
    let mut drive = with_another(root.path());
    assert_eq!(drive.session.ledger().columns.len(), 1);
    let path = root.path().join("case.json");
    drive.apply(Action::SaveCase(path.clone()));
    let kept = store::load_case(&path).unwrap();
    assert_eq!(kept.sources.len(), 1);
    let own = drive.series("20150512", "CT").study.uid.clone();
    assert_eq!(kept.sources[0].study, own);
    // Closed and opened again, the other is another still.
    drive.apply(Action::CloseImages);
    open(&mut drive, &root.path().join("other"));
    assert_eq!(whose(&drive), Some(Whose::Another), "whose the case is outlives its images");
}

#[test]
fn a_new_case_begins_for_the_images_shown_and_the_old_one_is_kept() {
    let root = tempfile::tempdir().unwrap();
    let mut drive = with_another(root.path());
    drive.apply(Action::NewCaseHere);
    drive.settle();
    assert!(drive.session.case().is_blank());
    assert!(drive.session.library().browse().iter().all(|s| s.study.date.as_deref() == Some("20170928")));
    assert!(drive.has_notice("The case before had unsaved changes."));
    draw(&mut drive);
    assert_eq!((drive.session.case().measurements.len(), whose(&drive)), (1, Some(Whose::Own)));
}

#[test]
fn one_uid_under_two_patients_is_no_way_into_the_case() {
    let root = tempfile::tempdir().unwrap();
    copy_as(LATER, &root.path().join("twin"), "PID-7741", "Zebulon^Quixote");
    let mut drive = Drive::open(&[sample(LATER)]);
    draw(&mut drive);
    open(&mut drive, &root.path().join("twin"));
    assert_eq!(whose(&drive), Some(Whose::Another));
    let before = Arc::clone(drive.session.case());
    draw(&mut drive);
    assert!(Arc::ptr_eq(drive.session.case(), &before));
}

#[test]
fn who_cannot_be_told_is_not_another() {
    let root = tempfile::tempdir().unwrap();
    for (folder, id, name) in
        [("bare", "", ""), ("removed", "***", "REMOVED"), ("anon", "ANONYMOUS", "Anonymous")]
    {
        copy_as(LATER, &root.path().join(folder), id, name);
        let mut drive = Drive::open(&[sample(CT)]);
        draw(&mut drive);
        open(&mut drive, &root.path().join(folder));
        assert_eq!(whose(&drive), Some(Whose::Unknown), "{folder}");
        draw(&mut drive);
        assert_eq!(drive.session.case().measurements.len(), 2, "{folder}");
    }
    // The same ID written otherwise is the same patient.
    copy_as(LATER, &root.path().join("same"), "isodense sample", "SAMPLE");
    let mut drive = Drive::open(&[sample(CT)]);
    draw(&mut drive);
    open(&mut drive, &root.path().join("same"));
    assert_eq!(whose(&drive), Some(Whose::Own));
}

#[test]
fn the_untouched_sample_makes_room_and_is_never_written() {
    let root = tempfile::tempdir().unwrap();
    let other = root.path().join("other");
    copy_as(LATER, &other, "PID-7741", "Zebulon^Quixote");
    let case = sample("case.json");
    let bytes = fs::read(&case).unwrap();
    let mut drive = Drive::open(std::slice::from_ref(&case));
    assert!(drive.session.is_sample() && !drive.session.case().is_blank());
    drive.apply(Action::SaveCase(case.clone()));
    assert!(drive.has_notice("The sample is the program's own"));
    drive.apply(Action::SaveCase(sample("mine.json")));
    assert!(!sample("mine.json").exists());
    // Its own patient's later images join it.
    open(&mut drive, &sample(LATER));
    assert!(drive.session.is_sample() && !drive.session.case().is_blank());
    // Another's close it.
    open(&mut drive, &other);
    assert!(drive.session.case().is_blank() && drive.session.case_path().is_none());
    assert_eq!(drive.session.library().browse().len(), 1);
    assert!(drive.session.library().patient_names()[0].reveal().contains("Quixote"));
    assert!(drive.has_notice("in 1 series loaded."));
    draw(&mut drive);
    let own = root.path().join("own.json");
    drive.apply(Action::SaveCase(own.clone()));
    assert!(own.exists());
    assert_eq!(fs::read(&case).unwrap(), bytes);

    // Touched, it stays, and nothing joins it.
    let mut drive = Drive::open(std::slice::from_ref(&case));
    drive.apply(Action::Commit(Edit::SetNotes("tried".to_owned())));
    open(&mut drive, &other);
    assert!(drive.session.is_sample());
    assert_eq!(whose(&drive), Some(Whose::Another));
    // A copy of it is its owner's.
    let copy = root.path().join("copy");
    fs::create_dir(&copy).unwrap();
    fs::copy(&case, copy.join("case.json")).unwrap();
    let mut drive = Drive::new();
    drive.apply(Action::OpenCase(copy.join("case.json")));
    drive.settle();
    drive.apply(Action::Commit(Edit::SetTitle("mine".to_owned())));
    drive.apply(Action::SaveCase(copy.join("case.json")));
    assert_eq!(store::load_case(&copy.join("case.json")).unwrap().title, "mine");
}

#[test]
fn a_case_closes_with_its_images() {
    let root = tempfile::tempdir().unwrap();
    let mut drive = with_another(root.path());
    drive.apply(Action::CloseCase);
    assert!(drive.session.case().is_blank() && drive.session.library().is_empty());
    assert!(drive.has_notice("The case before had unsaved changes."), "nothing is lost");
    assert_eq!(drive.session.ledger().columns.len(), 0);
    open(&mut drive, &root.path().join("other"));
    draw(&mut drive);
    assert_eq!((drive.session.case().measurements.len(), whose(&drive)), (1, Some(Whose::Own)));
}

#[test]
fn what_was_opened_is_shown_and_said() {
    let mut drive = Drive::open(&[sample(CT)]);
    assert!(drive.has_notice("38 images in 1 series loaded."));
    open(&mut drive, &sample("2015-05-12_MR_T1"));
    assert_eq!(drive.shown().series.info.modality, "MR", "in place of what was shown");
    assert!(drive.has_notice("32 images in 1 series loaded."));
    // Opened again, it is shown again.
    let ct = drive.series("20150512", "CT").key();
    drive.show(&ct);
    open(&mut drive, &sample("2015-05-12_MR_T1"));
    assert_eq!(drive.shown().series.info.modality, "MR");
    let empty = tempfile::tempdir().unwrap();
    open(&mut drive, empty.path());
    assert!(drive.has_notice("No DICOM images were found."), "also beside what is open");
    assert!(drive.session.notices().iter().any(|notice| notice.severity == Severity::Error));
}
