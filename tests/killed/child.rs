//! The process that is killed: it edits and saves as fast as a reader never would, and says what it did.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use isodense::case::{Edit, Kind, Lesion, Measurement, Points};
use isodense::geometry::PatientPoint;
use isodense::image::FrameOfReference;
use isodense::session::{Action, Environment, Session};

pub(crate) const FOLDER: &str = "ISODENSE_KILLED_DIR";
pub(crate) const EVERY: &str = "ISODENSE_KILLED_EVERY_MS";
pub(crate) const SAVES: &str = "ISODENSE_KILLED_SAVES_EVERY";
pub(crate) const FIRST: &str = "ISODENSE_KILLED_FIRST";

pub(crate) fn now() -> u64 {
    u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

pub(crate) fn named(number: u64) -> String {
    format!("edit {number}")
}

/// The edit of that number. What it says is found by [`named`].
fn edit(number: u64) -> Edit {
    match number % 7 {
        0 => Edit::AddLesion(Lesion::new(&named(number))),
        3 => Edit::SetNotes(named(number)),
        _ => {
            let along = number as f64;
            let points = Points::Patient {
                space: FrameOfReference::Declared("1.2.3".into()),
                points: vec![PatientPoint::new(along, -2.0, 3.5), PatientPoint::new(along, 20.0, 1.0 / 3.0)],
                drawn_on: None,
            };
            Edit::Add(Measurement { label: named(number), ..Measurement::new(Kind::Length, points) })
        }
    }
}

/// Says how the disk is doing, by the steps of an autosave, until the process is killed.
fn say_how_the_disk_is(folder: &Path) {
    let (part, file) = (folder.join("probe.tmp"), folder.join("probe"));
    // The line in which the test harness may have begun to tell of this test ends.
    let mut out = std::io::stdout();
    writeln!(out).unwrap();
    say("disk", 0);
    for number in 1.. {
        let mut written = File::create(&part).unwrap();
        written.write_all(named(number).as_bytes()).unwrap();
        written.sync_all().unwrap();
        std::fs::rename(&part, &file).unwrap();
        // Not every system lets one open a folder.
        if let Ok(folder) = File::open(folder) {
            folder.sync_all().unwrap();
        }
        say("disk", number);
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn say(word: &str, number: u64) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{word} {number} {}", now()).unwrap();
    out.flush().unwrap();
}

/// Until it is killed.
pub(crate) fn run() {
    // Nobody started it to be killed.
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let probed = folder.clone();
    let disk = std::thread::Builder::new().name("disk".to_owned());
    disk.spawn(move || say_how_the_disk_is(&probed)).unwrap();
    let number = |name: &str| std::env::var(name).unwrap().parse::<u64>().unwrap();
    let mut session = Session::new(Environment {
        state_dir: Some(folder.join("state")),
        autosave_every: Duration::from_millis(number(EVERY)),
        ..Environment::for_tests()
    });
    let path = folder.join("case.json");
    if path.exists() {
        session.apply(Action::OpenCase(path.clone()));
        assert_eq!(session.case_path(), Some(path.as_path()), "{:?}", session.notices());
    }
    let saves_every = number(SAVES);
    for number in number(FIRST).. {
        session.apply(Action::Commit(edit(number)));
        say("edit", number);
        if number % saves_every == saves_every - 1 {
            session.apply(Action::SaveCase(path.clone()));
            assert!(!session.has_unsaved_changes(), "{:?}", session.notices());
            say("saved", number);
        }
        // As the window does between two clicks.
        for _ in 0..(number % 4) {
            session.poll();
            std::thread::sleep(Duration::from_millis(1 + number % 3));
        }
        session.poll();
    }
}
