//! Cases and their files by keys and labels: another patient's images, the sample, names, paths, unsaved changes.

use std::fs;
use std::path::Path;

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::{Bench, CT, FIRST, put::put, sample};

const CTRL_SHIFT: Modifiers = Modifiers { ctrl: true, command: true, shift: true, ..Modifiers::NONE };

/// A copy of a series under another Patient ID of the same length.
fn copy_as_another(series: &str, to: &Path) {
    fs::create_dir_all(to).expect("the sample can be copied");
    let (own, other) = (b"ISODENSE-SAMPLE", b"ISODENSE-SECOND");
    for entry in fs::read_dir(sample().join(series)).expect("the sample can be copied") {
        let entry = entry.expect("the sample can be copied");
        let mut bytes = fs::read(entry.path()).expect("the sample can be copied");
        let at = bytes.windows(own.len()).position(|window| window == own).expect("its ID");
        bytes[at..at + own.len()].copy_from_slice(other);
        put(to.join(entry.file_name()), &bytes);
    }
}

fn draw(bench: &mut Bench) {
    bench.key(Key::D);
    bench.drag(bench.screen(60.0, 70.0), bench.screen(110.0, 90.0));
    bench.key(Key::W);
}

fn date(bench: &Bench) -> Option<String> {
    bench.session().shown(FIRST)?.series.study.date.clone()
}

#[test]
fn a_bar_says_that_the_images_are_anothers_and_offers_three_ways_on() {
    let folder = tempfile::tempdir().unwrap();
    copy_as_another("2017-09-28_MR_T1", folder.path());
    let opened = || {
        let mut bench = Bench::new();
        bench.open(&sample().join(CT));
        draw(&mut bench);
        bench.type_into("Notes", "of the first");
        bench.open(folder.path());
        assert_eq!(date(&bench).as_deref(), Some("20170928"), "what was opened is shown");
        bench.0.get_by_label_contains("These images are of another patient than the case");
        assert_eq!(bench.session().case().notes, "of the first", "what was typed is not lost");
        bench
    };
    let mut bench = opened();
    draw(&mut bench);
    assert_eq!(bench.session().case().measurements.len(), 1);
    bench.0.get_by_label("These images are of another patient than the case.");
    bench.click("Back to the case's images");
    assert_eq!(date(&bench).as_deref(), Some("20150512"));
    assert!(bench.0.query_by_label("Back to the case's images").is_none());

    let mut bench = opened();
    bench.click("It is the same patient");
    draw(&mut bench);
    assert_eq!(bench.session().case().measurements.len(), 2);

    let mut bench = opened();
    bench.click("New case for these images");
    assert!(bench.session().case().is_blank());
    draw(&mut bench);
    assert_eq!(bench.session().case().measurements.len(), 1);
}

#[test]
fn the_sample_asks_for_a_place_and_the_title_marks_what_is_not_saved() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = fs::read(sample().join("case.json")).unwrap();
    let mut bench = Bench::new();
    bench.open(&sample().join("case.json"));
    assert_eq!(bench.0.state().title(), "case.json (sample) - Isodense");
    bench.type_into("Notes", "tried");
    bench.steps(8);
    assert_eq!(bench.0.state().title(), "*case.json (sample) - Isodense");
    bench.keys(Modifiers::COMMAND, Key::S);
    bench.0.get_by_label("Save the case as");
    // A name without an ending, and the whole path that it stands for.
    bench.type_path(&folder.path().join("mycase"));
    assert!(folder.path().join("mycase.json").is_file() && !folder.path().join("mycase").exists());
    assert_eq!(bench.0.state().title(), "mycase.json - Isodense");
    assert_eq!(fs::read(sample().join("case.json")).unwrap(), bytes);
    // From now on it is the reader's own.
    bench.type_into("Notes", ", again");
    bench.steps(8);
    assert_eq!(bench.0.state().title(), "*mycase.json - Isodense");
    bench.keys(Modifiers::COMMAND, Key::S);
    bench.steps(2);
    assert_eq!(bench.0.state().title(), "mycase.json - Isodense");
}

#[test]
fn a_wrong_path_stays_in_the_dialogue_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::new();
    bench.keys(Modifiers::COMMAND, Key::O);
    bench.type_path(&folder.path().join("none"));
    bench.0.get_by_label("There is no such file or folder.");
    assert!(bench.session().scan().is_none() && bench.session().notices().is_empty());
    bench.retype("Path", &sample().join(CT).display().to_string());
    assert!(bench.0.query_by_label("There is no such file or folder.").is_none());
    bench.click("OK");
    bench.wait_until("the right one opens", |session| session.shown(FIRST).is_some());
    // A file that is to be written is called by its whole path: one sees where it goes.
    bench.keys(Modifiers::COMMAND, Key::S);
    let start = bench.0.get_by_label("Path").value().expect("a path to start with");
    assert!(Path::new(&start).is_absolute() && start.ends_with("case.json"), "{start}");
    bench.retype("Path", &folder.path().join("none/case").display().to_string());
    bench.click("OK");
    bench.0.get_by_label("There is no such folder.");
}

#[test]
fn tab_completes_a_path_and_then_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let study = folder.path().join("first study");
    fs::create_dir_all(study.join("series 7")).unwrap();
    let mut bench = Bench::new();
    bench.keys(Modifiers::COMMAND, Key::O);
    bench.steps(2);
    bench.retype("Path", &folder.path().join("fi").display().to_string());
    let path = |bench: &Bench| bench.0.get_by_label("Path").value().expect("a path");
    bench.keys(Modifiers::NONE, Key::Tab);
    assert_eq!(Path::new(&path(&bench)), study);
    assert!(bench.0.get_by_label("Path").is_focused());
    bench.keys(Modifiers::NONE, Key::Tab);
    assert_eq!(Path::new(&path(&bench)), study.join("series 7"));
    // Letters go on at the end of what was completed.
    bench.type_into("Path", "x");
    assert_eq!(Path::new(&path(&bench)), study.join("series 7").join("x"));
    // Nothing begins so: the next key is that of the buttons.
    bench.keys(Modifiers::NONE, Key::Tab);
    bench.steps(1);
    assert!(bench.0.get_by_label("OK").is_focused());
    bench.keys(Modifiers::SHIFT, Key::Tab);
    bench.steps(1);
    assert!(bench.0.get_by_label("Path").is_focused());
}

#[test]
fn closing_a_case_asks_and_takes_everything_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    draw(&mut bench);
    bench.keys(Modifiers::COMMAND, Key::W);
    bench.0.get_by_label("The case has unsaved changes");
    bench.click("Cancel");
    assert_eq!(bench.session().case().measurements.len(), 1);
    bench.keys(Modifiers::COMMAND, Key::W);
    bench.click("Save and close");
    let path = folder.path().join("case.json");
    bench.type_path(&path);
    bench.steps(3);
    assert!(path.is_file());
    assert!(bench.session().case().is_blank() && bench.session().library().is_empty());
    // A later save does not close.
    bench.open(&path);
    bench.type_into("Notes", "more");
    bench.steps(8);
    bench.keys(CTRL_SHIFT, Key::S);
    bench.type_path(&folder.path().join("again.json"));
    assert!(!bench.session().library().is_empty());
    bench.keys(Modifiers::COMMAND, Key::W);
    assert!(bench.session().library().is_empty(), "a saved case closes without a question");
}

#[test]
fn hidden_dates_are_days_everywhere_and_a_badge_says_so() {
    let mut bench = Bench::new();
    bench.open(&sample().join("case.json"));
    bench.wait_until("the case is there", |session| session.library().browse().len() >= 8);
    assert!(bench.0.query_all_by_label_contains("2017").count() > 0, "dates show");
    bench.0.get_by_label("Image 1").hover();
    bench.key(Key::Y);
    bench.0.get_by_label("HIDDEN: patient data");
    assert_eq!(bench.0.query_all_by_label_contains("2017-").count(), 0, "no date shows");
    assert_eq!(bench.0.query_all_by_label_contains("date not known").count(), 0);
    bench.key(Key::Y);
    assert!(bench.0.query_by_label("HIDDEN: patient data").is_none());
}

#[test]
fn whoever_saves_a_case_of_a_folder_called_after_the_patient_is_asked_about_it() {
    let folder = tempfile::tempdir().unwrap();
    let images = folder.path().join("ISODENSE-SAMPLE");
    fs::create_dir_all(&images).unwrap();
    for entry in fs::read_dir(sample().join(CT)).unwrap() {
        let entry = entry.unwrap();
        put(images.join(entry.file_name()), &fs::read(entry.path()).unwrap());
    }
    let mut bench = Bench::new();
    bench.open(&images);
    draw(&mut bench);
    let save_as = |bench: &mut Bench, name: &str| {
        bench.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
        bench.type_path(&folder.path().join(name));
        bench.steps(3);
    };
    let asked = "The case was saved, and names of folders or files in it say who the patient is";
    save_as(&mut bench, "ISODENSE-SAMPLE lesion.json");
    bench.0.get_by_label(asked);
    bench.0.get_by_label("folder of the images: the patient's name");
    bench.0.get_by_label("name of the case file: the patient's name");
    // The name of the file is mended at once; the folder's is kept on purpose, and not asked about again.
    bench.key(Key::S);
    assert!(bench.0.query_by_label(asked).is_none());
    bench.0.get_by_label("Save the case as");
    bench.type_path(&folder.path().join("lesion.json"));
    assert!(bench.0.query_by_label(asked).is_none() && bench.session().places_asked().is_empty());
    assert!(folder.path().join("lesion.json").is_file() && !bench.session().has_unsaved_changes());

    // Enter keeps the names; a folder that says nothing is not asked about.
    let mut bench = Bench::new();
    bench.open(&images);
    draw(&mut bench);
    save_as(&mut bench, "other.json");
    bench.0.get_by_label(asked);
    assert!(bench.0.query_by_label_contains("Save under another name").is_none());
    bench.key(Key::Enter);
    assert!(bench.0.query_by_label(asked).is_none());
    draw(&mut bench);
    bench.keys(Modifiers::COMMAND, Key::S);
    assert!(!bench.session().has_unsaved_changes() && bench.0.query_by_label(asked).is_none());
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    draw(&mut bench);
    save_as(&mut bench, "third.json");
    assert!(bench.0.query_by_label(asked).is_none());
}
