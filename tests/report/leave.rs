//! The program from its command line, and the sample at a desk.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use isodense::cli::{self, Outcome};
use isodense::export::ReportKind;
use isodense::session::{Action, Environment, GateAction, Leaving, ReportOptions, ReportPart, Session};

use crate::desk::Desk;

pub(crate) fn isodense(words: &[&str]) -> (u8, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let words = ["isodense"].iter().chain(words).map(OsString::from);
    let Outcome::Exit(code) = cli::run(words, &mut out, &mut err, false) else { panic!("a window") };
    (code, String::from_utf8([out, err].concat()).unwrap())
}

pub(crate) fn sample_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_dicom")
}

pub(crate) fn sample_case() -> String {
    sample_folder().join("case.json").display().to_string()
}

/// The keys of what is blocked, in the order that it is said.
pub(crate) fn keys(said: &str) -> Vec<String> {
    let blocked = said.lines().filter(|line| line.starts_with("blocked: "));
    blocked.map(|line| line.rsplit_once('(').unwrap().1.trim_end_matches(')').to_owned()).collect()
}

/// A desk with nothing open.
pub(crate) fn empty_desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    Desk { session: Session::new(Environment::for_tests()), folder }
}

/// A case at a desk, measured.
pub(crate) fn desk_of(case: &Path) -> Desk {
    let mut desk = empty_desk();
    desk.session.apply(Action::OpenCase(case.to_owned()));
    desk.measured();
    desk
}

impl Desk {
    /// Until every measurement has its values.
    pub(crate) fn measured(&mut self) {
        self.wait("everything is measured", |session| {
            let known = |id| matches!(session.values(id), Some(Ok(_)));
            session.scan().is_none() && session.case().measurements.iter().all(|one| known(one.id))
        });
    }

    /// Lets a part of the notebook leave, or be asked about.
    pub(crate) fn leave_notebook(&mut self, path: &Path, part: ReportPart) {
        self.session.apply(Action::Leave(Leaving::Notebook(path.to_owned(), part)));
        self.until_left();
    }

    pub(crate) fn gate_does(&mut self, action: GateAction) {
        self.session.apply(Action::Gate(action));
        self.until_left();
    }

    fn until_left(&mut self) {
        self.wait("it has left, or waits for the reader", |session| {
            session.writing().is_none() && (session.leaving().is_none() || session.asked_at_gate().is_some())
        });
    }

    /// The report, which nothing speaks against.
    pub(crate) fn report(&mut self, kind: ReportKind) -> Vec<u8> {
        let path = self.folder.path().join(format!("report.{}", kind.extension()));
        // An earlier one would not be replaced unasked.
        if path.exists() {
            std::fs::remove_file(&path).unwrap();
        }
        let pictures = self.folder.path().join("report-figures");
        if pictures.exists() {
            std::fs::remove_dir_all(pictures).unwrap();
        }
        self.leave_notebook(&path, ReportPart::Report(ReportOptions::new(kind)));
        assert!(self.session.asked_at_gate().is_none(), "{:?}", self.session.asked_at_gate());
        std::fs::read(path).unwrap()
    }

    /// What the value at that place of the notes says, and what speaks against it.
    pub(crate) fn chip(&self, typed: &str) -> (String, Option<String>) {
        let notes = &self.session.case().notes;
        let view = self.session.notebook_view(notes);
        let chip = view.chips.into_iter().find(|chip| &notes[chip.range.clone()] == typed);
        let chip = chip.unwrap_or_else(|| panic!("{typed} is in the notes"));
        (chip.text, chip.problem)
    }
}
