//! One exam under two patients is two exams: shown beside each other, never merged in silence.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests too")]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use isodense::session::{Action, Cut, Environment, Layout, Link, Session, ViewportId};

const ID: &[u8] = b"ISODENSE-SAMPLE";
const OTHER: &[u8] = b"ISODENSE-SECOND";

/// Copies an uncompressed series under another Patient ID of the same length, with one pixel changed.
fn copy_under_other_patient(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let mut bytes = fs::read(&path).unwrap();
        let at = bytes.windows(ID.len()).position(|window| window == ID).unwrap();
        bytes[at..at + ID.len()].copy_from_slice(OTHER);
        let low_byte = bytes.len() - 2;
        bytes[low_byte] ^= 0x40;
        fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        let file = fs::OpenOptions::new().write(true).truncate(true).open(to.join(path.file_name().unwrap()));
        std::io::Write::write_all(&mut file.unwrap(), &bytes).unwrap();
    }
}

#[test]
fn one_series_uid_under_two_patients_is_two_series() {
    let series = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_dicom/2017-09-28_MR_T1");
    let folder = tempfile::tempdir().unwrap();
    copy_under_other_patient(&series, folder.path());
    let mut session = Session::new(Environment::for_tests());
    session.apply(Action::Open(vec![series, folder.path().to_owned()]));
    let start = Instant::now();
    while session.scan().is_some() {
        assert!(start.elapsed() < Duration::from_mins(1), "the scan never ended");
        std::thread::sleep(Duration::from_millis(5));
        session.poll();
    }
    let list: Vec<_> = session.library().browse().into_iter().map(|series| series.key()).collect();
    assert_eq!(list.len(), 2);
    assert_eq!(session.library().problems().count(), 0);
    session.apply(Action::SetLayout(Layout::ALL[1]));
    session.apply(Action::ShowSeries(ViewportId(0), list[0].clone()));
    session.apply(Action::ShowSeries(ViewportId(1), list[1].clone()));
    let id = |viewport| session.shown(ViewportId(viewport)).unwrap().series.patient.id.reveal().clone();
    assert_ne!(id(0), id(1), "each viewport shows its own patient");
    // And its own pixels, although both claim to be one image.
    let start = Instant::now();
    let samples = |session: &Session, viewport| {
        let shown = session.shown(ViewportId(viewport)).unwrap();
        assert_eq!(shown.frame.of, session.shown(ViewportId(0)).unwrap().frame.of);
        session.samples(shown.frame).cloned()
    };
    while samples(&session, 0).is_none() || samples(&session, 1).is_none() {
        assert!(start.elapsed() < Duration::from_mins(1), "the images never came");
        std::thread::sleep(Duration::from_millis(5));
        session.poll();
    }
    assert_ne!(samples(&session, 0), samples(&session, 1));
    // They claim one Frame of Reference, too: still no place of one patient is a place of the other.
    assert!(session.overlays_for(ViewportId(0)).is_empty());
    session.apply(Action::ToggleLink(Link::Scroll));
    let index = |session: &Session, viewport| session.shown(ViewportId(viewport)).unwrap().index;
    let other = index(&session, 1);
    session.apply(Action::Scroll(ViewportId(0), 3));
    let place = session.shown(ViewportId(0)).unwrap().frame.plane.unwrap().origin();
    session.apply(Action::Scroll(ViewportId(0), 5));
    session.apply(Action::PointAt(ViewportId(0), place));
    assert_eq!(index(&session, 1), other);
    session.apply(Action::SetCut(ViewportId(0), Cut::Coronal));
    assert!(session.reference_lines(ViewportId(1)).is_empty());
}
