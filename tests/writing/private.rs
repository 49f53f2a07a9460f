//! What the program keeps for itself is for its user's eyes only, also where an older version left it open.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use isodense::case::{Case, Edit};
use isodense::session::{Action, Environment, Session};
use isodense::store::{Autosave, Hold, Settings, load_settings, save_settings};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn all_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { [all_below(&path), vec![path]].concat() } else { vec![path] })
        .collect()
}

/// Files and folders that others may read or write, with their modes.
fn open_to_others(state: &Path) -> Vec<(PathBuf, u32)> {
    let all = [all_below(state), vec![state.to_owned()]].concat();
    all.into_iter().map(|path| (path.clone(), mode(&path))).filter(|(_, mode)| mode & 0o077 != 0).collect()
}

fn use_state(state: &Path, case: &Case) {
    let autosave = Autosave::new(state).unwrap();
    autosave.save(case, None).unwrap();
    let hold = Hold::new(state, &state.join("case.json")).unwrap();
    save_settings(&state.join("settings.json"), &Settings::default()).unwrap();
    drop(hold);
}

#[test]
fn state_files_and_folders_are_their_users_alone() {
    let root = tempfile::tempdir().unwrap();
    let state = root.path().join("deep/state");
    let case = Case { title: "somebody's".to_owned(), ..Case::default() };
    use_state(&state, &case);
    assert_eq!(open_to_others(&state), []);
    assert_eq!((mode(&state), mode(&state.join("settings.json"))), (0o700, 0o600));
    let files = all_below(&state).into_iter().filter(|path| path.is_file()).count();
    assert!(files >= 4, "settings, an autosave and two locks are there: {files}");

    // An older version, or another umask, left all of it open.
    fs::create_dir(state.join("pictures")).unwrap();
    fs::File::create(state.join("pictures").join(format!("{}.png", "a".repeat(64)))).unwrap();
    for path in all_below(&state).into_iter().chain([state.clone()]) {
        let open = if path.is_dir() { 0o755 } else { 0o644 };
        fs::set_permissions(path, Permissions::from_mode(open)).unwrap();
    }
    assert!(open_to_others(&state).len() > 6);
    use_state(&state, &case);
    assert_eq!(open_to_others(&state), []);
}

#[test]
fn settings_that_make_no_sense_are_kept_closed() {
    let root = tempfile::tempdir().unwrap();
    let state = root.path().join("state");
    fs::create_dir(&state).unwrap();
    let path = state.join("settings.json");
    isodense::store::write_atomic(&path, b"{\"presets\": 7").unwrap();
    assert!(load_settings(&path).1.is_some());
    drop(Autosave::new(&state).unwrap());
    assert_eq!(open_to_others(&state), []);
    assert!(state.join("settings.json.bad").is_file());
}

#[test]
fn a_session_saves_over_another_file_only_where_somebody_confirmed_it() {
    let root = tempfile::tempdir().unwrap();
    let (mine, other) = (root.path().join("mine.json"), root.path().join("other.json"));
    let text = |path: &Path| fs::read_to_string(path).unwrap();
    let save = |environment: Environment, path: &Path, title: &str| {
        let mut session = Session::new(environment);
        session.apply(Action::Commit(Edit::SetTitle(title.to_owned())));
        session.apply(Action::SaveCase(path.to_owned()));
        session.case_path().is_some()
    };
    assert!(save(Environment::for_tests(), &mine, "first"));
    let before = text(&mine);
    assert!(!save(Environment::for_tests(), &mine, "second"));
    assert_eq!(text(&mine), before);
    let confirmed =
        || Environment { existing: isodense::files::Existing::Replace, ..Environment::for_tests() };
    assert!(save(confirmed(), &mine, "second"));
    assert!(text(&mine).contains("second"));
    // Something that is no case is not replaced by one, whatever was confirmed.
    for bytes in
        [b"somebody's".to_vec(), fs::read(crate::sample().join(crate::FOLDER).join("IM003.dcm")).unwrap()]
    {
        let _new = fs::remove_file(&other);
        isodense::store::write_atomic(&other, &bytes).unwrap();
        assert!(!save(confirmed(), &other, "third"));
        assert_eq!(fs::read(&other).unwrap(), bytes);
    }
}
