//! Files that change, vanish or turn into something else between their header and their pixels.

use std::path::Path;
use std::time::{Duration, Instant};

use super::put;
use isodense::dicom::{load_frame, read_header};
use isodense::session::{Action, Environment, Session, ViewportId};

use crate::sample;

fn slice() -> Vec<u8> {
    std::fs::read(sample("2015-05-12_CT").join("IM001.dcm")).unwrap()
}

/// What is said of the pixels once something happened to the file.
fn said(path: &Path, happened: impl FnOnce()) -> String {
    put(path, &slice());
    let instance = read_header(path).unwrap();
    assert!(load_frame(&instance.frames[0]).is_ok());
    happened();
    load_frame(&instance.frames[0]).unwrap_err().to_string()
}

#[test]
fn pixels_of_another_file_never_show_under_a_header() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("1.dcm");
    let changed = "the file changed since it was opened: open it again";
    assert_eq!(said(&path, || put(&path, &slice()[..5000])), changed);
    let longer = [slice(), vec![0; 2]].concat();
    assert_eq!(said(&path, || put(&path, &longer)), changed);
    let touched = || {
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    };
    assert_eq!(said(&path, touched), changed);
    let gone = said(&path, || std::fs::remove_file(&path).unwrap());
    assert!(gone.starts_with("the file could not be read: "), "{gone}");
    let folder = || {
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
    };
    assert_eq!(said(&path, folder), "not DICOM: not a regular file");
}

#[test]
fn a_file_that_changed_shows_again_when_it_is_opened_again() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("1.dcm");
    put(&path, &slice());
    let mut session = Session::new(Environment::for_tests());
    let shows = |session: &mut Session, what: &str, done: fn(&Session) -> bool| {
        let start = Instant::now();
        while !done(session) {
            assert!(start.elapsed() < Duration::from_mins(1), "never happened: {what}");
            session.poll();
            std::thread::sleep(Duration::from_millis(5));
        }
    };
    let is_there: fn(&Session) -> bool = |session| {
        session.scan().is_none()
            && session
                .shown(ViewportId(0))
                .is_some_and(|shown| session.samples(shown.frame).is_some_and(|there| there.there() > 0))
    };
    session.apply(Action::Open(vec![path.clone()]));
    shows(&mut session, "the image is shown", is_there);
    let whole = session.shown(ViewportId(0)).and_then(|shown| session.samples(shown.frame)).unwrap().there();
    // Cut off: what was read before is not the file any more.
    put(&path, &slice()[..slice().len() / 2]);
    session.apply(Action::Open(vec![path]));
    shows(&mut session, "the scan starts", |session| session.scan().is_some());
    shows(&mut session, "half of the image is shown", is_there);
    let half = session.shown(ViewportId(0)).and_then(|shown| session.samples(shown.frame)).unwrap().there();
    assert!(half > 0 && half < whole, "{half} of {whole}");
}
