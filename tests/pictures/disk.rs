//! A case with pictures on disk: saved, moved, missing, altered, lost in a crash and found again.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use isodense::session::{Action, FigureAction, Readiness, Session};

use crate::drive::{FIRST, add, says, session, settle, shown, wait};
use crate::photo::{PLANTED, assert_clean, jpeg};
use crate::{assert_bar, calibrate, isodense, photograph, saved_case};

fn pictures(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().path()).collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// The case, copied to another folder; what is left of the first is gone, and the state folder with it.
fn moved(root: &Path) -> PathBuf {
    let case = saved_case(root);
    assert_clean(case.parent().unwrap());
    assert_clean(&root.join("state"));
    let other = root.join("elsewhere/copied");
    copy(case.parent().unwrap(), &other);
    fs::remove_dir_all(case.parent().unwrap()).unwrap();
    fs::remove_dir_all(root.join("state")).unwrap();
    other.join("case.json")
}

fn opened(case: &Path) -> Session {
    let mut session = session(None);
    session.apply(Action::OpenCase(case.to_owned()));
    settle(&mut session);
    session
}

#[test]
fn a_copied_folder_holds_all_that_a_figure_needs() {
    let root = tempfile::tempdir().unwrap();
    let case = moved(root.path());
    let mut session = opened(&case);
    assert!(session.missing_images().is_none() && session.missing_pictures().next().is_none());
    assert!(shown(&session).series.is_picture());
    assert_eq!(session.readiness(FIRST), Readiness::Ready);
    let spacing = shown(&session).frame.spacing.unwrap();
    assert!((spacing.between_columns.0 - 0.004).abs() < 1e-12);
    let figure = Arc::clone(&session.case().figures[0]);
    session.apply(Action::Figure(FigureAction::Show(Some(figure.id))));
    settle(&mut session);
    assert!(session.panel_drawings(&figure).iter().all(Result::is_ok));
    assert!(!session.has_unsaved_changes());

    let case = case.to_str().unwrap();
    let png = root.path().join("figure.png");
    let (code, said) = isodense(&["figure", case, "--dpi", "300", "-o", png.to_str().unwrap()]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("Haematoxylin and eosin stain, x200"), "{said}");
    assert_bar(&png, 0.5);
    let (code, said) = isodense(&["measure", case]);
    assert!(code == 0 && said.contains("1.0 mm (calibrated by hand)"), "{said}");
    let (code, said) = isodense(&["verify", case]);
    assert_eq!((code, said.trim()), (0, "1 length: as recorded"));
    let text = fs::read_to_string(case).unwrap();
    assert!(!text.contains(PLANTED) && !text.contains("\"sources\": [\n    {"), "{text}");
}

#[test]
fn a_missing_picture_is_told_by_name_and_comes_back_by_its_original() {
    let root = tempfile::tempdir().unwrap();
    let case = moved(root.path());
    let folder = case.with_extension("pictures");
    let (file, away) = (pictures(&folder).remove(0), root.path().join("away"));
    fs::create_dir(&away).unwrap();
    let aside = away.join(file.file_name().unwrap());
    fs::rename(&file, &aside).unwrap();

    let mut session = opened(&case);
    let words = "The picture \"Haematoxylin and eosin stain, x200\" is not where the case says.";
    assert!(says(&session, words), "{:?}", session.notices());
    assert_eq!(session.missing_pictures().count(), 1);
    let (code, said) = isodense(&["verify", case.to_str().unwrap()]);
    assert!(code == 1 && said.contains("stain, x200\" is not here; name its folder"), "{said}");
    let data = away.to_str().unwrap();
    let (code, said) = isodense(&["verify", case.to_str().unwrap(), "--data", data]);
    assert_eq!(code, 0, "{said}");
    let png = root.path().join("figure.png");
    let arguments = ["figure", case.to_str().unwrap(), "-o", png.to_str().unwrap()];
    let (code, said) = isodense(&arguments);
    assert!(code == 1 && said.contains("is not open"), "{said}");
    let (code, said) = isodense(&[arguments.as_slice(), &["--data", data]].concat());
    assert_eq!(code, 0, "{said}");

    // The original again: the same pixels, so it is the same picture, and no change of the case.
    let before = Arc::clone(session.case());
    add(&mut session, &photograph(root.path()));
    assert!(Arc::ptr_eq(&before, session.case()));
    assert_eq!(session.missing_pictures().count(), 0);
    assert!(shown(&session).frame.spacing.is_some());
    assert_eq!(pictures(&folder).len(), 1, "it is beside the case again");
    drop(session);

    // Or by the folder that it went to; saving keeps it beside the case.
    fs::remove_file(&file).unwrap();
    let mut session = opened(&case);
    session.apply(Action::FindMissing(Some(away)));
    settle(&mut session);
    assert_eq!(session.missing_pictures().count(), 0);
    session.apply(Action::SaveCase(case.clone()));
    assert_eq!(fs::read(&file).unwrap(), fs::read(&aside).unwrap());
}

#[test]
fn an_altered_picture_is_refused_by_name_and_never_copied() {
    let root = tempfile::tempdir().unwrap();
    let case = moved(root.path());
    let file = pictures(&case.with_extension("pictures")).remove(0);
    let good = fs::read(&file).unwrap();
    let mut bad = good.clone();
    let last = bad.len() - 20;
    bad[last] ^= 1;
    fs::write(&file, &bad).unwrap();

    let mut session = opened(&case);
    wait(&mut session, "it is told", |session| {
        says(session, "The picture \"Haematoxylin and eosin stain, x200\" is not used.")
    });
    assert!(matches!(session.readiness(FIRST), Readiness::Failed(_)));
    let (code, said) = isodense(&["verify", case.to_str().unwrap()]);
    assert!(code == 1 && said.contains("stain, x200\" was changed or cannot be read"), "{said}");
    let png = root.path().join("figure.png");
    let (code, said) = isodense(&["figure", case.to_str().unwrap(), "-o", png.to_str().unwrap()]);
    assert!(code == 1 && said.contains("changed or is damaged"), "{said}");
    assert!(!png.exists());

    let copy = root.path().join("copy.json");
    session.apply(Action::SaveCase(copy.clone()));
    assert!(copy.is_file() && says(&session, "Not every picture is beside the saved case."));
    assert!(pictures(&copy.with_extension("pictures")).is_empty());

    // The original heals it.
    add(&mut session, &photograph(root.path()));
    assert_eq!(session.readiness(FIRST), Readiness::Ready);
    session.apply(Action::SaveCase(copy.clone()));
    assert_eq!(fs::read(&pictures(&copy.with_extension("pictures"))[0]).unwrap(), good);
}

#[test]
fn a_crash_takes_no_picture_and_a_saved_case_leaves_none_behind() {
    let root = tempfile::tempdir().unwrap();
    let state = root.path().join("state");
    let kept = state.join("pictures");
    let mut lost = session(Some(&state));
    add(&mut lost, &photograph(root.path()));
    calibrate(&mut lost);
    wait(&mut lost, "the scale is autosaved", |_| {
        let files = fs::read_dir(state.join("autosave")).unwrap().filter_map(Result::ok);
        files
            .into_iter()
            .any(|file| fs::read_to_string(file.path()).is_ok_and(|text| text.contains("\"calibrations\"")))
    });
    drop(lost);

    let start = Instant::now();
    let mut session = loop {
        let session = session(Some(&state));
        if session.recovered().is_some() {
            break session;
        }
        assert!(start.elapsed() < Duration::from_mins(1), "never offered");
        session.close();
        std::thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(pictures(&kept).len(), 1, "the start left what the autosave needs");
    session.apply(Action::Recover);
    settle(&mut session);
    assert_eq!(session.case().pictures.len(), 1);
    assert!(session.missing_pictures().next().is_none());
    assert!(session.library().browse()[0].frames[0].spacing.is_some());

    // A second window does not tidy under this one.
    let other = root.path().join("other.jpg");
    jpeg(&other, 90);
    add(&mut session, &other);
    let first = crate::drive::session(Some(&state));
    assert_eq!(pictures(&kept).len(), 2);
    first.close();

    let case = root.path().join("case.json");
    session.apply(Action::SaveCase(case.clone()));
    assert_eq!(pictures(&case.with_extension("pictures")).len(), 2);
    // What is taken out of the case leaves its file.
    session.apply(Action::Undo);
    session.apply(Action::SaveCase(case.clone()));
    assert_eq!(session.case().pictures.len(), 1);
    assert_eq!(pictures(&case.with_extension("pictures")).len(), 2);
    session.close();
    let start = Instant::now();
    while !pictures(&kept).is_empty() {
        crate::drive::session(Some(&state)).close();
        assert!(start.elapsed() < Duration::from_mins(1), "photographs stay in the state folder");
        std::thread::sleep(Duration::from_millis(20));
    }
    let again = opened(&case);
    assert!(again.missing_pictures().next().is_none() && shown(&again).series.is_picture());
    assert_clean(&state);
}
