//! Two windows on one case, files that somebody else changed, cases of a newer version, cases that are left unsaved.

use std::fs;
use std::path::{Path, PathBuf};

use isodense::case::{Edit, Lesion};
use isodense::session::{Action, Environment, Severity};
use isodense::store::{self, load_case};
use serde_json::{Value, json};

use crate::drive::Drive;

const OPEN_ELSEWHERE: &str = "This case is open in another window.";
const NOT_SAVED: &str = "The case was not saved.";

fn window(root: &Path) -> Drive {
    Drive::with(Environment {
        state_dir: Some(root.join("state")),
        existing: isodense::files::Existing::Replace,
        ..Environment::for_tests()
    })
}

fn say(drive: &mut Drive, notes: &str) {
    drive.apply(Action::Commit(Edit::SetNotes(notes.to_owned())));
}

fn save(drive: &mut Drive, path: &Path) {
    while !drive.session.notices().is_empty() {
        drive.apply(Action::Dismiss(0));
    }
    drive.apply(Action::SaveCase(path.to_owned()));
}

fn saved(drive: &mut Drive, path: &Path) {
    save(drive, path);
    assert!(!drive.session.has_unsaved_changes(), "{:?}", drive.session.notices());
    assert_eq!(load_case(path).unwrap().notes, drive.session.case().notes);
}

fn refused(drive: &mut Drive, path: &Path, why: &str) {
    let before = fs::read(path).unwrap();
    save(drive, path);
    let [notice] = drive.session.notices() else { panic!("one notice: {:?}", drive.session.notices()) };
    assert_eq!((notice.severity, notice.summary.as_str()), (Severity::Error, NOT_SAVED));
    assert!(notice.details.contains(why) && notice.details.contains("ave under another name"), "{notice:?}");
    assert!(drive.session.has_unsaved_changes());
    assert_eq!(fs::read(path).unwrap(), before);
}

/// A saved case below `root`, and the window that saved it.
fn begun(root: &Path) -> (Drive, PathBuf) {
    let (mut drive, path) = (window(root), root.join("case.json"));
    say(&mut drive, "first");
    saved(&mut drive, &path);
    (drive, path)
}

#[test]
fn the_second_window_on_a_case_is_told_and_writes_over_nothing() {
    let root = tempfile::tempdir().unwrap();
    let (mut one, path) = begun(root.path());
    let mut two = window(root.path());
    two.apply(Action::OpenCase(root.path().join("state/../case.json")));
    assert!(two.has_notice(OPEN_ELSEWHERE));
    assert_eq!(two.session.case().notes, "first", "it is open all the same");
    say(&mut two, "of the second");
    refused(&mut two, &path, "open in another window");
    // The first does not notice any of it.
    say(&mut one, "of the first");
    saved(&mut one, &path);
    // Another case may not be saved over it either.
    let mut three = window(root.path());
    say(&mut three, "of the third");
    refused(&mut three, &path, "open in another window");
    // Under another name the second goes on, and closes the case to others there.
    let copy = root.path().join("copy.json");
    saved(&mut two, &copy);
    say(&mut three, "of the third again");
    refused(&mut three, &copy, "open in another window");
    assert_eq!(load_case(&path).unwrap().notes, "of the first");
    // Once the first has gone to another case, its own is free.
    one.apply(Action::NewCase);
    saved(&mut three, &path);
    two.apply(Action::OpenCase(path));
    assert!(two.has_notice(OPEN_ELSEWHERE));
}

#[test]
fn a_window_that_waited_for_the_other_sees_what_that_one_wrote() {
    let root = tempfile::tempdir().unwrap();
    let (mut one, path) = begun(root.path());
    let mut two = window(root.path());
    two.apply(Action::OpenCase(path.clone()));
    say(&mut two, "of the second");
    say(&mut one, "of the first");
    saved(&mut one, &path);
    drop(one);
    refused(&mut two, &path, "somebody else changed the file");
    // Opened again it is the same file, and nobody else's.
    let copy = root.path().join("copy.json");
    saved(&mut two, &copy);
    two.apply(Action::OpenCase(path.clone()));
    assert!(!two.has_notice(OPEN_ELSEWHERE));
    assert_eq!(two.session.case().notes, "of the first");
    say(&mut two, "both");
    saved(&mut two, &path);
    // Opening one's own case again is no second window.
    two.apply(Action::OpenCase(path));
    assert!(!two.has_notice(OPEN_ELSEWHERE));
}

#[test]
fn a_file_that_somebody_else_changed_is_not_written_over() {
    let root = tempfile::tempdir().unwrap();
    let (mut drive, path) = begun(root.path());
    let mut case = load_case(&path).unwrap();
    case.notes = "another computer".to_owned();
    store::save_case(&path, &case).unwrap();
    say(&mut drive, "mine");
    refused(&mut drive, &path, "somebody else changed the file");
    store::write_atomic(&path, b"{\"format\": \"isodense-case\", \"vers").unwrap();
    save(&mut drive, &path);
    assert!(drive.has_notice(NOT_SAVED), "not even over a damaged one");
    // Where there is no file any more nothing is written over.
    fs::remove_file(&path).unwrap();
    saved(&mut drive, &path);
}

#[test]
fn a_newer_case_is_read_only_and_stays_as_it_is() {
    let root = tempfile::tempdir().unwrap();
    let (mut drive, path) = begun(root.path());
    drive.apply(Action::Commit(Edit::AddLesion(Lesion::new("known"))));
    saved(&mut drive, &path);
    drive.apply(Action::NewCase);
    let mut value: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    value["version"] = json!(store::CASE_VERSION + 1);
    value["hologram"] = json!([1, 2]);
    value["lesions"] = json!([value["lesions"][0], {"id": 2, "name": "x", "role": "of the future"}]);
    store::write_atomic(&path, value.to_string().as_bytes()).unwrap();
    drive.apply(Action::OpenCase(path.clone()));
    assert!(drive.has_notice("A newer Isodense wrote this case: it is open read-only."));
    assert!(drive.has_notice("One entry is not understood"));
    assert!(drive.session.is_read_only() && !drive.session.has_unsaved_changes());
    assert_eq!(drive.session.case().lesions.len(), 1);
    say(&mut drive, "more");
    refused(&mut drive, &path, "newer Isodense");
    assert!(drive.session.is_read_only());
    let copy = root.path().join("copy.json");
    save(&mut drive, &copy);
    assert!(drive.has_notice("A copy of the newer case was saved."));
    assert!(!drive.session.is_read_only() && !drive.session.has_unsaved_changes());
    let kept = load_case(&copy).unwrap();
    assert_eq!((kept.notes.as_str(), &kept.extra["hologram"]), ("more", &json!([1, 2])));
    say(&mut drive, "and more");
    saved(&mut drive, &copy);
}

#[test]
fn recovered_work_does_not_write_over_what_came_after_it() {
    let root = tempfile::tempdir().unwrap();
    let (mut drive, path) = begun(root.path());
    say(&mut drive, "lost in a crash");
    let autosaves = root.path().join("state/autosave");
    let is_case =
        |e: std::io::Result<fs::DirEntry>| e.unwrap().path().extension().is_some_and(|x| x == "json");
    drive.wait("the autosave", |_| fs::read_dir(&autosaves).unwrap().any(is_case));
    drop(drive);
    let mut case = load_case(&path).unwrap();
    case.notes = "written since".to_owned();
    store::save_case(&path, &case).unwrap();
    let start = std::time::Instant::now();
    let mut drive = loop {
        let drive = window(root.path());
        if drive.session.recovered().is_some() {
            break drive;
        }
        assert!(start.elapsed() < std::time::Duration::from_mins(1), "never offered");
        drive.session.close();
    };
    drive.apply(Action::Recover);
    assert_eq!(drive.session.case().notes, "lost in a crash");
    refused(&mut drive, &path, "somebody else changed the file");
    saved(&mut drive, &root.path().join("both.json"));
}

#[test]
fn a_case_that_makes_room_unsaved_is_offered_at_the_next_start() {
    let root = tempfile::tempdir().unwrap();
    let (mut drive, path) = begun(root.path());
    say(&mut drive, "never saved");
    drive.apply(Action::NewCase);
    assert!(drive.has_notice("The case before had unsaved changes."));
    assert!(drive.session.case().is_blank() && drive.session.case_path().is_none());
    say(&mut drive, "next");
    saved(&mut drive, &root.path().join("next.json"));
    drive.session.close();
    let mut drive = window(root.path());
    drive.apply(Action::Recover);
    assert_eq!(
        (drive.session.case().notes.as_str(), drive.session.case_path()),
        ("never saved", Some(path.as_path()))
    );
    saved(&mut drive, &path);
    drive.session.close();
    assert!(window(root.path()).session.recovered().is_none());
}

#[test]
fn what_is_being_typed_survives_although_it_is_no_edit_yet() {
    let root = tempfile::tempdir().unwrap();
    let mut drive = window(root.path());
    say(&mut drive, "before");
    // Key by key, with no pause that would make an edit of it.
    for typed in ["b", "be", "bef", "words that nobody has finished"] {
        drive.apply(Action::Typing(Some(Edit::SetNotes(typed.to_owned()))));
    }
    assert_eq!(drive.session.case().notes, "before", "no step of its own");
    let start = std::time::Instant::now();
    let kept = |root: &Path| {
        let folder = fs::read_dir(root.join("state/autosave")).unwrap();
        folder.flatten().any(|file| {
            fs::read_to_string(file.path()).is_ok_and(|text| text.contains("words that nobody has finished"))
        })
    };
    while !kept(root.path()) {
        assert!(start.elapsed().as_secs() < 30, "it was never autosaved");
        drive.session.poll();
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    drive.apply(Action::Commit(Edit::SetNotes("finished".to_owned())));
    assert_eq!(drive.session.history().undo_name(), Some("edit notes"));
}
