//! A full disk and a read-only one, as the system makes them: a process in a mount namespace of its own.
//!
//! Where the system lets nobody mount (many containers), nothing can be tested and the test says so.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use isodense::case::{Edit, LabelStyle};
use isodense::session::{Action, Environment, Session, Severity};
use isodense::store::{Autosave, load_case};

const DISK: &str = "ISODENSE_FULL_DISK";
const ELSEWHERE: &str = "ISODENSE_FULL_ELSEWHERE";
const NO_MOUNT: i32 = 77;

#[test]
fn a_full_and_a_read_only_disk_are_told_and_nothing_is_lost() {
    let (disk, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let script = format!(
        "mount -t tmpfs -o size=128k isodense \"${DISK}\" || exit {NO_MOUNT}; \
         exec \"$0\" --exact full::full_child --ignored --nocapture"
    );
    let started = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script])
        .arg(std::env::current_exe().unwrap())
        .env(DISK, disk.path())
        .env(ELSEWHERE, elsewhere.path())
        .output();
    let Ok(output) = started else {
        crate::skip::skipped("there is no unshare");
        return;
    };
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(NO_MOUNT) || text.contains("unshare failed") {
        crate::skip::skipped("nobody may mount a file system here");
        return;
    }
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

struct Reader {
    session: Session,
    disk: PathBuf,
    elsewhere: PathBuf,
    number: usize,
}

impl Reader {
    fn new(disk: &Path, elsewhere: &Path) -> Self {
        let session = Session::new(Environment {
            state_dir: Some(disk.join("state")),
            autosave_every: Duration::from_millis(20),
            ..Environment::for_tests()
        });
        Self { session, disk: disk.to_owned(), elsewhere: elsewhere.to_owned(), number: 0 }
    }

    fn edit(&mut self) {
        self.number += 1;
        let notes = format!("note {}", self.number);
        self.session.apply(Action::Commit(Edit::SetNotes(notes)));
    }

    fn save(&mut self, path: &Path) {
        self.session.apply(Action::SaveCase(path.to_owned()));
    }

    fn case(&self) -> PathBuf {
        self.disk.join("case.json")
    }

    fn told(&self, summary: &str, details: &str) -> bool {
        self.session.notices().iter().any(|n| n.summary == summary && n.details.contains(details))
    }

    fn forget(&mut self) {
        while !self.session.notices().is_empty() {
            self.session.apply(Action::Dismiss(0));
        }
    }

    fn wait(&mut self, what: &str, done: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !done(self) {
            assert!(start.elapsed() < Duration::from_secs(30), "{what}: {:?}", self.session.notices());
            self.session.poll();
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// The disk with the case takes nothing: the reader is told why, and nothing is lost.
    fn cannot_save(&mut self, why: &str) {
        let before = fs::read(self.case()).unwrap();
        self.save(&self.case());
        assert!(self.told("The case was not saved.", why), "{:?}", self.session.notices());
        let notice = self.session.notices().iter().find(|n| n.summary == "The case was not saved.").unwrap();
        assert_eq!(notice.severity, Severity::Error);
        assert!(self.session.has_unsaved_changes());
        assert_eq!(fs::read(self.case()).unwrap(), before, "what was there is untouched");
        load_case(&self.case()).unwrap();
    }

    /// Neither does the one with the state.
    fn cannot_keep_settings(&mut self, why: &str) {
        let labels = self.session.settings().labels;
        self.session.apply(Action::SetLabelStyle(LabelStyle { sorted: !labels.sorted, ..labels }));
        assert!(self.told("The settings could not be saved.", why), "{:?}", self.session.notices());
    }

    fn saves_elsewhere(&mut self, name: &str) {
        let path = self.elsewhere.join(name);
        self.save(&path);
        assert!(!self.session.has_unsaved_changes(), "{:?}", self.session.notices());
        assert_eq!(load_case(&path).unwrap().notes, self.session.case().notes);
        self.forget();
    }
}

fn fill(disk: &Path) -> PathBuf {
    let path = disk.join("filler");
    let mut file = File::create(&path).unwrap();
    while file.write_all(&[7; 512]).is_ok() {}
    path
}

#[test]
#[ignore = "runs in a mount namespace: the test above starts it"]
fn full_child() {
    let Some(disk) = std::env::var_os(DISK).map(PathBuf::from) else { return };
    let elsewhere = PathBuf::from(std::env::var_os(ELSEWHERE).unwrap());
    let mut reader = Reader::new(&disk, &elsewhere);
    reader.edit();
    reader.save(&reader.case());
    assert!(!reader.session.has_unsaved_changes(), "{:?}", reader.session.notices());

    let filler = fill(&disk);
    reader.edit();
    reader.wait("a failed autosave", |r| r.told("The case could not be autosaved.", "the disk is full"));
    reader.cannot_save("the disk is full");
    reader.cannot_keep_settings("the disk is full");
    reader.saves_elsewhere("full.json");
    // With room again the autosave comes by itself, without another edit.
    reader.edit();
    reader.wait("a failed autosave", |r| r.told("The case could not be autosaved.", "the disk is full"));
    fs::remove_file(filler).unwrap();
    let notes = reader.session.case().notes.clone();
    reader.wait("an autosave", |reader| reader.session.next_wake().is_none());
    drop(reader);
    let start = Instant::now();
    let recovered = loop {
        // The last thread of the session may hold its lock a moment longer.
        let next = Autosave::new(&disk.join("state")).unwrap();
        let found = next.recoverable();
        next.finish();
        match found {
            Some(found) => break found,
            None => assert!(start.elapsed() < Duration::from_secs(30), "never offered"),
        }
    };
    assert_eq!(recovered.case.notes, notes);
    read_only(&disk, &elsewhere);
}

fn read_only(disk: &Path, elsewhere: &Path) {
    let remounted = Command::new("mount").args(["-o", "remount,ro"]).arg(disk).status().unwrap();
    assert!(remounted.success());
    let mut reader = Reader::new(disk, elsewhere);
    assert!(reader.told("Autosave does not work.", "no permission"), "{:?}", reader.session.notices());
    reader.session.apply(Action::OpenCase(reader.case()));
    assert_eq!(reader.session.case_path(), Some(reader.case().as_path()));
    reader.number = 100;
    reader.edit();
    reader.cannot_save("no permission");
    reader.cannot_keep_settings("no permission");
    reader.saves_elsewhere("read_only.json");
}
