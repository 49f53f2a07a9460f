//! Opening, scanning, loading.

use std::sync::{Arc, Condvar, Mutex};

use isodense::dicom::write::Syntax;
use isodense::memory::Memory;
use isodense::session::{Action, Cut, Environment, Layout, Pixels, Readiness, Severity};

use crate::drive::{CT, Drive, FIRST, sample};
use crate::tiny;

const T1: &str = "2015-05-12_MR_T1";

/// Holds workers back after each result until it is opened.
#[derive(Clone, Default)]
struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    fn environment(&self) -> Environment {
        let gate = self.clone();
        let wake = move || {
            let (open, changed) = &*gate.0;
            let open = open.lock().unwrap();
            drop(changed.wait_while(open, |open| !*open).unwrap());
        };
        Environment { wake: Arc::new(wake), ..Environment::for_tests() }
    }

    fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }
}

#[test]
fn series_show_while_the_scan_runs_and_a_cancelled_scan_keeps_them() {
    let gate = Gate::default();
    let mut drive = Drive::with(gate.environment());
    drive.apply(Action::Open(vec![sample("")]));
    drive.wait("the first images", |session| !session.library().is_empty());
    assert!(drive.session.scan().is_some() && drive.session.shown(FIRST).is_some());
    drive.apply(Action::CancelScan);
    gate.open();
    drive.settle();
    assert!(drive.has_notice("The scan was cancelled."));
    assert!(drive.session.shown(FIRST).is_some());
}

#[test]
fn a_second_folder_joins_the_first_and_nothing_counts_twice() {
    let gate = Gate::default();
    let mut drive = Drive::with(gate.environment());
    drive.apply(Action::Open(vec![sample(CT)]));
    drive.wait("the first images", |session| !session.library().is_empty());
    assert!(drive.session.scan().is_some());
    drive.apply(Action::Open(vec![sample(T1)]));
    gate.open();
    drive.settle();
    // And the same once more.
    drive.apply(Action::Open(vec![sample(CT)]));
    drive.settle();
    assert_eq!((drive.series("20150512", "CT").files, drive.series("20150512", "T1 SE").files), (38, 32));
    let problems: Vec<_> = drive.session.library().problems().collect();
    assert!(problems.is_empty(), "{problems:?}");
    // What was opened is said, and nothing else.
    let said: Vec<_> = drive.session.notices().iter().map(|notice| notice.severity).collect();
    assert_eq!(said, [Severity::Info; 2], "{:?}", drive.session.notices());
}

#[test]
fn every_series_gets_a_thumbnail_and_closing_forgets_them() {
    let mut drive = Drive::open(&[sample("")]);
    drive.wait("all thumbnails", |session| {
        let mut series = session.library().browse().into_iter();
        series.all(|series| session.library().thumbnail(&series.key()).is_some())
    });
    let library = drive.session.library();
    assert_eq!(library.browse().len(), 10);
    assert!(library.browse().iter().all(|s| matches!(library.thumbnail(&s.key()), Some(Some(_)))));
    assert_eq!(library.problems().count(), 2, "the two JSON files are named");
    drive.apply(Action::CloseImages);
    drive.apply(Action::Open(vec![sample(T1)]));
    drive.settle();
    assert_eq!(drive.session.library().browse().len(), 1);
    drive.apply(Action::CloseImages);
    assert!(drive.session.library().is_empty() && drive.session.shown(FIRST).is_none());
    drive.apply(Action::Open(vec![sample("nowhere")]));
    drive.wait("the scan ends", |session| session.scan().is_none());
    assert!(drive.has_notice("No DICOM images were found."));
}

#[test]
fn damaged_pixels_fail_by_themselves() {
    let root = tempfile::tempdir().unwrap();
    let damaged = tiny::write(root.path(), "damaged", Syntax::Rle);
    tiny::patch(&damaged, |bytes| tiny::spoil(bytes));
    tiny::write(root.path(), "sound", Syntax::Rle);
    let mut drive = Drive::new();
    drive.apply(Action::SetLayout(Layout::ALL[1]));
    drive.apply(Action::Open(vec![root.path().to_owned()]));
    drive.settle();
    let of = |drive: &Drive, name| Arc::clone(&drive.series("20200229", name).frames[1]);
    let library = drive.session.library();
    assert!(matches!(library.pixels(&of(&drive, "damaged")), Some(Pixels::Failed(_))));
    assert!(matches!(library.pixels(&of(&drive, "sound")), Some(Pixels::Loaded(_))));
    drive.wait("the damaged thumbnail is given up", |session| {
        session.library().browse().iter().all(|s| session.library().thumbnail(&s.key()).is_some())
    });
    let damaged = drive.series("20200229", "damaged").key();
    drive.show(&damaged);
    drive.apply(Action::Scroll(FIRST, 1));
    drive.apply(Action::AutoWindow(FIRST));
    drive.settle();
}

#[test]
fn a_small_memory_keeps_what_is_shown() {
    let environment = Environment { memory: Memory::Fixed(200_000), ..Environment::for_tests() };
    let mut drive = Drive::with(environment);
    drive.apply(Action::Open(vec![sample(CT), sample(T1)]));
    drive.settle();
    for what in ["CT", "T1 SE", "CT"] {
        let uid = drive.series("20150512", what).key();
        drive.show(&uid);
        drive.wait("what is not shown goes", |session| {
            let shown = session.shown(FIRST).unwrap();
            let bytes = session.library().bytes();
            // All that is left belongs to the series shown: two bytes a pixel.
            let own = session.library().loaded(shown.series) * shown.frame.size.pixels() * 2;
            session.samples(shown.frame).is_some() && (bytes <= 200_000 || bytes == own)
        });
        drive.apply(Action::Scroll(FIRST, 1));
        drive.settle();
    }
}

#[test]
fn a_plane_has_its_whole_volume_or_says_why_not() {
    let opened = |bytes: usize| {
        let mut drive = Drive::with(Environment { memory: Memory::Fixed(bytes), ..Environment::for_tests() });
        drive.apply(Action::Open(vec![sample(CT)]));
        drive.settle();
        drive
    };
    let mut drive = opened(200_000);
    let frames = drive.shown().series.frames.len();
    let bytes = drive.shown().frame.decoded_bytes() * frames;
    assert!(drive.session.library().loaded(drive.shown().series) < frames, "there is nothing to test");
    drive.apply(Action::SetCut(FIRST, Cut::Coronal));
    drive.settle();
    let refused = drive.session.readiness(FIRST);
    assert!(matches!(&refused, Readiness::Failed(why) if why.contains("--memory")), "{refused:?}");
    // Back on slices, memory is what it was.
    drive.apply(Action::SetCut(FIRST, Cut::Acquired));
    drive.apply(Action::Scroll(FIRST, 1));
    drive.settle();
    assert!(drive.session.samples(drive.shown().frame).is_some());
    // With room for all of it a plane has all of it.
    let mut drive = opened(bytes);
    drive.apply(Action::SetCut(FIRST, Cut::Coronal));
    drive.wait("the whole volume is there", |session| session.readiness(FIRST) == Readiness::Ready);
    assert_eq!(drive.session.library().loaded(drive.shown().series), frames);
}
