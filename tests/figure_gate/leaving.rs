//! Pictures of views, films, tables and what is copied pass the same gate as figures.

use std::fs;
use std::path::PathBuf;

use isodense::case::{Edit, Kind, Lesion};
use isodense::export::ExportOptions;
use isodense::geometry::PixelPoint;
use isodense::session::placing::{Moved, Pointer};
use isodense::session::{Action, CineOptions, Copied, FindingPlace, GateAction, Leaving, Readiness, Tool};

use crate::desk::{DATES, Desk, VIEWPORT};
use crate::files::{Planted, assert_clean};

const BURNED_IN: Planted = (0x0028_0301, "CS", "YES");

impl Desk {
    fn leave(&mut self, what: Leaving) {
        self.session.apply(Action::Leave(what));
        self.wait("it has left, or waits for the reader", |session| {
            session.writing().is_none() && (session.leaving().is_none() || session.asked_at_gate().is_some())
        });
    }

    fn gate_does(&mut self, action: GateAction) {
        self.session.apply(Action::Gate(action));
        self.wait("it has left, or waits for the reader", |session| {
            session.writing().is_none() && (session.leaving().is_none() || session.asked_at_gate().is_some())
        });
    }

    /// Place and kind of what the reader is asked about.
    fn asked(&self) -> Vec<(String, String)> {
        let gate = self.session.asked_at_gate().unwrap();
        gate.open().map(|finding| (finding.place.clone(), finding.what.clone())).collect()
    }

    fn keep_all(&mut self) {
        let gate = self.session.asked_at_gate().unwrap();
        let keys: Vec<String> = gate.open().map(|finding| finding.key.clone()).collect();
        for key in keys {
            self.gate_does(GateAction::Keep(key));
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn view(&self, name: &str) -> Leaving {
        Leaving::View(VIEWPORT, self.file(name), ExportOptions::default())
    }

    /// A region on the slice shown, with words.
    fn draw(&mut self, label: &str) {
        self.session.apply(Action::Choose(Tool::Measure(Kind::Ellipse)));
        let [from, to] = [PixelPoint::new(10.0, 10.0), PixelPoint::new(20.0, 22.0)];
        for pointer in [Pointer::Press(from), Pointer::Move(to), Pointer::Release(to, Moved::Yes)] {
            self.session.apply(Action::Place(VIEWPORT, pointer));
        }
        let id = self.session.case().measurements.last().unwrap().id;
        self.session.apply(Action::Commit(Edit::Relabel(id, label.to_owned())));
    }

    fn go_to(&mut self, slice: usize) {
        self.session.apply(Action::GoToSlice(VIEWPORT, slice));
        self.wait("the slice", |session| session.readiness(VIEWPORT) == Readiness::Ready);
    }
}

fn pair(place: &str, what: &str) -> (String, String) {
    (place.to_owned(), what.to_owned())
}

#[test]
fn a_view_with_nothing_in_it_leaves_at_once() {
    let mut desk = Desk::open(&[]);
    desk.show(DATES[0]);
    desk.draw("density");
    desk.leave(desk.view("view.png"));
    assert!(desk.session.leaving().is_none() && desk.file("view.png").exists());
    assert_clean("the picture", &fs::read(desk.file("view.png")).unwrap());
    desk.leave(Leaving::ViewCopy(VIEWPORT));
    let copied = desk.session.take_copied();
    assert!(matches!(copied, Some(Copied::Picture(_))), "{copied:?}");
    assert!(desk.session.take_copied().is_none(), "once");
}

#[test]
fn what_a_view_shows_is_asked_before_it_leaves() {
    let mut desk = Desk::open(&[BURNED_IN]);
    desk.show(DATES[0]);
    desk.go_to(2);
    desk.draw("seen by Dr. Panza");
    desk.go_to(3);
    desk.draw("of Quixote");
    let burned_in = pair("image", "the file's flag says that text is burned into the image");
    let label = pair("words of measurement 2", "the patient's name");
    let name = pair("file name", "the patient's name");
    desk.leave(desk.view("Quixote.png"));
    assert_eq!(desk.asked(), [label.clone(), name, burned_in.clone()], "the other slice does not leave");
    assert!(!desk.file("Quixote.png").exists());
    desk.gate_does(GateAction::GoOn);
    assert_eq!(desk.asked().len(), 3, "nothing was decided");
    desk.gate_does(GateAction::Withdraw);
    assert!(desk.session.leaving().is_none());

    desk.leave(desk.view("view.png"));
    let key = desk.session.asked_at_gate().unwrap().findings[0].key.clone();
    desk.gate_does(GateAction::Cure(key));
    assert_eq!(desk.session.case().measurements[1].label, "of the patient");
    assert_eq!(desk.asked(), std::slice::from_ref(&burned_in));
    desk.keep_all();
    assert!(!desk.file("view.png").exists(), "deciding is not going on");
    desk.gate_does(GateAction::GoOn);
    assert!(desk.session.leaving().is_none() && desk.file("view.png").exists());
    desk.leave(Leaving::ViewCopy(VIEWPORT));
    assert!(desk.session.take_copied().is_some(), "the same image was kept on purpose");
    desk.session.apply(Action::Undo);
    assert_eq!(desk.session.case().measurements[1].label, "of Quixote", "a cure is one step");
    desk.leave(Leaving::ViewCopy(VIEWPORT));
    assert_eq!(desk.asked(), [label]);
    assert!(desk.session.take_copied().is_none());
    desk.gate_does(GateAction::Withdraw);

    desk.go_to(4);
    desk.leave(Leaving::ViewCopy(VIEWPORT));
    assert_eq!(desk.asked(), [burned_in], "another image is another decision");
    // Without the measurements their words do not leave.
    desk.go_to(2);
    let options = ExportOptions { marks: false, ..ExportOptions::default() };
    desk.leave(Leaving::View(VIEWPORT, desk.file("plain.png"), options));
    assert!(desk.asked().iter().all(|(place, _)| place == "image"));
    // Nor is anything left of it in another case.
    desk.session.apply(Action::NewCase);
    assert!(desk.session.leaving().is_none() && desk.session.asked_at_gate().is_none());
    desk.leave(desk.view("again.png"));
    assert_eq!(desk.asked().len(), 1);
}

#[test]
fn a_film_asks_once_for_all_of_its_slices() {
    let mut desk = Desk::open(&[BURNED_IN]);
    desk.show(DATES[0]);
    desk.go_to(4);
    desk.draw("ACC-55021");
    desk.go_to(0);
    let film = |desk: &Desk, marks| {
        let options = CineOptions { marks, width: 100, ..CineOptions::default() };
        Leaving::Cine(VIEWPORT, desk.file("film.png"), options)
    };
    desk.leave(film(&desk, true));
    let burned_in = pair("images", "the file's flag says that text is burned into the image");
    assert_eq!(desk.asked(), [pair("words of measurement 1", "the number of the order"), burned_in]);
    desk.gate_does(GateAction::Withdraw);
    desk.leave(film(&desk, false));
    assert_eq!(desk.asked().len(), 1);
    desk.keep_all();
    desk.gate_does(GateAction::GoOn);
    assert!(desk.session.written().is_some_and(Result::is_ok));
    assert_clean("the film", &fs::read(desk.file("film.png")).unwrap());
}

#[test]
fn tables_leave_with_uids_and_names_only_on_purpose() {
    let mut desk = Desk::open(&[]);
    desk.show(DATES[0]);
    desk.session.apply(Action::NewLesion(Lesion::new("tumour of Quixote")));
    desk.draw("density");
    let (measured, lesion) = {
        let case = desk.session.case();
        (case.measurements[0].id, case.lesions[0].id)
    };
    desk.session.apply(Action::Commit(Edit::Assign(measured, Some(lesion))));
    desk.session.apply(Action::NameTimePoint(0, "seen by Panza".to_owned()));
    let name = pair("name of lesion 1", "the patient's name");
    let time = pair("name of time point 1", "the name of a physician or operator");
    let uids = pair("columns of UIDs", "with access to the archive a UID leads to the patient");

    desk.leave(Leaving::Table(desk.file("table.csv")));
    assert_eq!(desk.asked(), [name.clone(), time.clone(), uids]);
    for at in [FindingPlace::Lesion(lesion), FindingPlace::TimePoint(0), FindingPlace::Uids] {
        let gate = desk.session.asked_at_gate().unwrap();
        let key = gate.open().find(|finding| finding.at == at).unwrap().key.clone();
        desk.gate_does(GateAction::Cure(key));
    }
    assert_eq!(desk.asked(), []);
    desk.gate_does(GateAction::GoOn);
    let table = fs::read_to_string(desk.file("table.csv")).unwrap();
    assert_clean("the table", table.as_bytes());
    assert!(table.contains("tumour of the patient") && table.contains("seen by the physician"), "{table}");
    assert!(!table.contains("_uid") && table.starts_with("measurement,kind,label,lesion,"), "{table}");

    for _ in 0..2 {
        desk.session.apply(Action::Undo);
    }
    desk.leave(Leaving::LedgerCopy);
    assert_eq!(desk.asked(), [name, time]);
    desk.keep_all();
    desk.gate_does(GateAction::GoOn);
    let Some(Copied::Text(text)) = desk.session.take_copied() else { panic!("nothing was copied") };
    assert!(text.contains("tumour of Quixote") && text.contains("seen by Panza"), "on purpose: {text}");
}

#[test]
fn the_uids_of_a_table_leave_when_they_are_kept() {
    let mut desk = Desk::open(&[]);
    desk.show(DATES[1]);
    desk.draw("density");
    desk.leave(Leaving::Table(desk.file("table.json")));
    assert_eq!(desk.asked().len(), 1);
    desk.keep_all();
    desk.gate_does(GateAction::GoOn);
    let table = fs::read_to_string(desk.file("table.json")).unwrap();
    let series = desk.session.shown(VIEWPORT).unwrap().series.info.uid.as_str().to_owned();
    assert!(table.contains(&series), "{table}");
    desk.leave(Leaving::Table(desk.file("again.csv")));
    assert!(desk.file("again.csv").exists(), "it was decided");
}

#[test]
fn a_picture_is_never_written_over_an_image() {
    let mut desk = Desk::open(&[]);
    let image = desk.file("images/visit 1/0.dcm");
    let before = fs::read(&image).unwrap();
    for what in
        [Leaving::View(VIEWPORT, image.clone(), ExportOptions::default()), Leaving::Table(image.clone())]
    {
        desk.leave(what);
        let told = desk.session.notices().last().unwrap();
        assert!(told.details.contains("it is never overwritten"), "{told:?}");
        assert!(desk.session.leaving().is_none());
    }
    assert_eq!(fs::read(&image).unwrap(), before);
}
