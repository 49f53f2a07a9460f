//! What is opened twice is there once.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use isodense::sample::slice_file;
use isodense::session::{Action, Environment, Session};

const FOLDER: &str = "2015-05-12_CT";

fn open(session: &mut Session, path: PathBuf) {
    session.apply(Action::Open(vec![path]));
    let start = Instant::now();
    while session.scan().is_some() {
        assert!(start.elapsed() < Duration::from_mins(1), "the scan never ends");
        std::thread::sleep(Duration::from_millis(2));
        session.poll();
    }
}

fn problems(session: &Session) -> Vec<PathBuf> {
    session.library().problems().map(|problem| problem.path.clone()).collect()
}

#[test]
fn a_folder_opened_again_by_another_name_has_no_duplicates() {
    let folder = tempfile::tempdir().unwrap();
    let put =
        |name: &str, bytes: &[u8]| isodense::store::write_atomic(&folder.path().join(name), bytes).unwrap();
    for slice in 0..3 {
        put(&format!("{slice}.dcm"), &slice_file(FOLDER, slice).unwrap().unwrap());
    }
    put("notes.txt", b"no image");
    std::fs::create_dir(folder.path().join("beside")).unwrap();
    let mut session = Session::new(Environment::for_tests());
    let another_name = folder.path().join("beside").join(Path::new(".."));
    for path in [folder.path().to_owned(), another_name, folder.path().to_owned()] {
        open(&mut session, path);
        assert_eq!(session.library().browse().len(), 1);
        assert_eq!(session.library().browse()[0].files, 3);
        let notes = folder.path().canonicalize().unwrap().join("notes.txt");
        assert_eq!(problems(&session), [notes]);
    }
    // A real second copy is still told.
    let copy = tempfile::tempdir().unwrap();
    let twin = copy.path().canonicalize().unwrap().join("twin.dcm");
    std::fs::copy(folder.path().join("0.dcm"), &twin).unwrap();
    open(&mut session, copy.path().to_owned());
    assert!(problems(&session).contains(&twin) || problems(&session).len() == 2);
}
