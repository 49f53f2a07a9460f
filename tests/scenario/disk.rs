//! The case on disk: saved, moved, refused, lost in a crash and found again.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use isodense::case::{Edit, Kind};
use isodense::dicom::write::Syntax;
use isodense::session::{Action, Environment, Layout, Severity, Tool};
use isodense::store;
use isodense::view::Framing;

use crate::drive::{Drive, FIRST, assert_nameless};
use crate::tiny;

fn draw(drive: &mut Drive) {
    drive.apply(Action::Choose(Tool::Measure(Kind::Ellipse)));
    drive.drag([8.0, 4.0], [24.0, 15.0]);
}

fn with_state(state: &Path) -> Drive {
    Drive::with(Environment {
        state_dir: Some(state.to_owned()),
        existing: isodense::files::Existing::Replace,
        ..Environment::for_tests()
    })
}

/// A session with a drawing on a small series below `root`, and its autosaves in `root/state`.
fn reader(root: &Path) -> Drive {
    let mut drive = with_state(&root.join("state"));
    drive.apply(Action::Open(vec![tiny::write(root, "images", Syntax::Plain)]));
    drive.settle();
    draw(&mut drive);
    drive
}

fn autosaves(root: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(root.join("state/autosave")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|ending| ending == "json")).collect()
}

/// Starts again until the crashed run's work is offered: its last thread may hold the lock a moment longer.
fn after_crash(root: &Path) -> Drive {
    let start = Instant::now();
    loop {
        let drive = with_state(&root.join("state"));
        if drive.session.recovered().is_some() {
            return drive;
        }
        assert!(start.elapsed() < Duration::from_mins(1), "never offered");
        drive.session.close();
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Moved images are missed, found, and the marks show again with their values.
#[test]
fn images_that_moved_are_missed_and_found() {
    let root = tempfile::tempdir().unwrap();
    let case = root.path().join("case.json");
    let mut drive = Drive::open(&[tiny::write(root.path(), "images", Syntax::Plain)]);
    draw(&mut drive);
    let (drawn, values) = (Arc::clone(drive.session.case()), drive.session.marks(FIRST)[0].lines.clone());
    drive.apply(Action::SaveCase(case.clone()));
    assert!(!drive.session.has_unsaved_changes());
    assert_nameless("the case file", &fs::read(&case).unwrap());
    drop(drive);
    let moved = root.path().join("elsewhere/deep");
    fs::create_dir_all(moved.parent().unwrap()).unwrap();
    fs::rename(root.path().join("images"), &moved).unwrap();

    let mut drive = Drive::new();
    drive.apply(Action::OpenCase(case));
    assert_eq!(drive.session.missing_images(), Some(1));
    assert_eq!(drive.session.case().measurements, drawn.measurements);
    let id = drawn.measurements[0].id;
    drive.apply(Action::GoToMeasurement(id));
    assert!(drive.has_notice("The image of this measurement is not open."));
    let wrong = tiny::write(root.path(), "others", Syntax::Plain);
    drive.apply(Action::FindMissing(Some(wrong)));
    drive.settle();
    assert_eq!(drive.session.missing_images(), Some(1), "the wrong folder does not do");
    drive.apply(Action::FindMissing(Some(root.path().join("elsewhere"))));
    drive.settle();
    assert_eq!(drive.session.missing_images(), None);
    drive.wait("the values", |session| matches!(session.values(id), Some(Ok(_))));
    assert_eq!(drive.session.marks(FIRST)[0].lines, values);
    assert!(!drive.session.has_unsaved_changes(), "looking changes nothing");
}

#[test]
fn a_case_that_moves_with_its_images_finds_them() {
    let root = tempfile::tempdir().unwrap();
    let old = root.path().join("old");
    let mut drive = Drive::open(&[tiny::write(&old, "images", Syntax::Plain)]);
    draw(&mut drive);
    drive.apply(Action::SaveCase(old.join("case.json")));
    drop(drive);
    let new = root.path().join("new");
    fs::rename(&old, &new).unwrap();
    let mut drive = Drive::new();
    drive.apply(Action::Open(vec![new.join("case.json")]));
    drive.settle();
    assert_eq!((drive.session.missing_images(), drive.session.marks(FIRST).len()), (None, 1));
}

#[test]
fn what_cannot_be_read_or_written_is_told_and_nothing_is_lost() {
    let root = tempfile::tempdir().unwrap();
    let mut drive = Drive::open(&[tiny::write(root.path(), "images", Syntax::Plain)]);
    draw(&mut drive);
    let before = Arc::clone(drive.session.case());
    let newer = root.path().join("newer.json");
    let text = r#"{"format": "isodense-case", "version": 99, "of": "the future"}"#;
    store::write_atomic(&newer, text.as_bytes()).unwrap();
    drive.apply(Action::OpenCase(newer.clone()));
    assert!(drive.has_notice("The case was not opened.") && drive.has_notice("newer Isodense (version 99"));
    let locked = root.path().join("locked.json");
    store::write_atomic(&locked, b"").unwrap();
    let mut permissions = fs::metadata(&locked).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&locked, permissions).unwrap();
    let missing = root.path().join("no/such/folder/case.json");
    for path in [newer.clone(), locked, missing, root.path().join("images"), root.path().join("images/0.dcm")]
    {
        while !drive.session.notices().is_empty() {
            drive.apply(Action::Dismiss(0));
        }
        let length = fs::metadata(&path).map(|file| file.len()).ok();
        drive.apply(Action::SaveCase(path.clone()));
        let [notice] = drive.session.notices() else { panic!("one notice: {:?}", drive.session.notices()) };
        assert_eq!((notice.severity, notice.summary.as_str()), (Severity::Error, "The case was not saved."));
        assert!(drive.session.has_unsaved_changes() && drive.session.case_path().is_none());
        assert_eq!(fs::metadata(&path).map(|file| file.len()).ok(), length);
    }
    assert_eq!(fs::read_to_string(&newer).unwrap(), text);
    assert_eq!(drive.session.case(), &before);
}

#[test]
fn work_lost_in_a_crash_is_offered_and_taken_over() {
    let root = tempfile::tempdir().unwrap();
    let mut drive = reader(root.path());
    let layout = Layout { columns: 2, rows: 1 };
    drive.apply(Action::SetLayout(layout));
    let framing = Framing { turn: 0.25, mirrored: true, ..drive.viewport().view.framing };
    drive.apply(Action::SetFraming(FIRST, framing));
    drive.apply(Action::MarkKeyImage(FIRST));
    drive.wait("the autosave", |_| !autosaves(root.path()).is_empty());
    for file in autosaves(root.path()) {
        assert_nameless("an autosave", &fs::read(file).unwrap());
    }
    let lost = drive.session.case().measurements.clone();
    // Another window, open beside it, is offered nothing and disturbs nothing.
    let other = with_state(&root.path().join("state"));
    assert!(other.session.recovered().is_none(), "the work of a living run is its own");
    other.session.close();
    assert_eq!(autosaves(root.path()).len(), 1);
    drop(drive);

    let mut drive = after_crash(root.path());
    let sources = &drive.session.recovered().unwrap().case.sources;
    assert!(sources.iter().all(|source| Path::new(&source.folder).is_absolute()), "{sources:?}");
    drive.apply(Action::Recover);
    drive.settle();
    assert!(drive.session.recovered().is_none() && drive.session.has_unsaved_changes());
    assert_eq!(drive.session.case().measurements, lost);
    assert_eq!((drive.session.missing_images(), drive.session.marks(FIRST).len()), (None, 1));
    assert_eq!((drive.session.workspace().layout, drive.viewport().view.framing), (layout, framing));
    assert_eq!(drive.session.case().key_images.len(), 1);
    drive.wait("the recovered work is autosaved again", |_| !autosaves(root.path()).is_empty());
    drop(drive);

    // A second crash, and now the images are gone too.
    fs::remove_dir_all(root.path().join("images")).unwrap();
    let mut drive = after_crash(root.path());
    drive.apply(Action::Recover);
    assert_eq!(drive.session.case().measurements, lost);
    let kept = drive.session.case().workspace.as_ref().expect("the views are kept without their images");
    assert_eq!(kept.viewports[0].as_ref().unwrap().framing, framing);
    assert_eq!(drive.session.missing_images(), Some(1), "the reader is asked where they are");
    drive.apply(Action::SaveCase(root.path().join("case.json")));
    drop(drive);
    assert!(with_state(&root.path().join("state")).session.recovered().is_none());
}

#[test]
fn declined_work_is_not_offered_again_and_saved_work_never() {
    let root = tempfile::tempdir().unwrap();
    let mut drive = reader(root.path());
    drive.wait("the autosave", |_| !autosaves(root.path()).is_empty());
    drop(drive);
    let mut drive = after_crash(root.path());
    drive.apply(Action::DiscardRecovered);
    assert!(drive.session.recovered().is_none() && drive.session.case().is_blank());
    assert!(autosaves(root.path()).is_empty());

    // Saved at once, then another series is shown: no later autosave makes it look unsaved.
    drive.apply(Action::Open(vec![
        root.path().join("images"),
        tiny::write(root.path(), "more", Syntax::Plain),
    ]));
    drive.settle();
    let first = drive.series("20200229", "images").key();
    drive.show(&first);
    draw(&mut drive);
    drive.apply(Action::Commit(Edit::SetTitle("a title".to_owned())));
    drive.apply(Action::SaveCase(root.path().join("case.json")));
    let other = drive.series("20200229", "more").key();
    drive.show(&other);
    drive.wait("the autosave is not due any more", |session| session.next_wake().is_none());
    drop(drive);
    assert!(with_state(&root.path().join("state")).session.recovered().is_none());
    assert_eq!(store::load_case(&root.path().join("case.json")).unwrap().title, "a title");

    // A saved and closed run leaves nothing behind.
    let mut drive = with_state(&root.path().join("state"));
    drive.apply(Action::OpenCase(root.path().join("case.json")));
    drive.settle();
    draw(&mut drive);
    drive.apply(Action::SaveCase(root.path().join("case.json")));
    drive.session.close();
    assert!(autosaves(root.path()).is_empty());
}
