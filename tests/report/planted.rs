//! What is planted in headers and typed wherever something can be typed: found, cured, and in no byte afterwards.

use std::path::Path;

use isodense::case::notebook::{Event, EventKind, EventTime, Notebook};
use isodense::case::{Edit, Lesion};
use isodense::dicom::write::uid_from_text;
use isodense::export::ReportKind;
use isodense::session::{Action, FigureAction, GateAction, ReportOptions, ReportPart};

use crate::desk::Desk;
use crate::files;
use crate::leave::{isodense, keys};
use crate::read::everything;

fn uid() -> String {
    uid_from_text("gate 20150512 study")
}

fn assert_clean(what: &str, bytes: &[u8]) {
    files::assert_clean(what, bytes);
    assert!(!String::from_utf8_lossy(bytes).contains(&uid()), "{what} holds a UID");
}

/// An author who types what is in the headers everywhere.
fn typed_everywhere() -> Desk {
    let mut desk = Desk::with_figure(&[]);
    desk.type_everywhere();
    let commit = |desk: &mut Desk, edit| desk.session.apply(Action::Commit(edit));
    desk.session.apply(Action::NewLesion(Lesion {
        site: "seen at Toboso".to_owned(),
        ..Lesion::new("tumour of Quixote")
    }));
    let (measured, lesion) = (desk.session.case().measurements[0].id, desk.session.case().lesions[0].id);
    commit(&mut desk, Edit::Assign(measured, Some(lesion)));
    desk.session.apply(Action::NameTimePoint(0, "seen by Panza".to_owned()));
    commit(&mut desk, Edit::SetTitle("Quixote, ACC-55021".to_owned()));
    let mut notebook = Notebook::default();
    let event = |words: &str, days| Event::new(EventKind::Operation, words, EventTime::days(days));
    notebook.anchor = Some(notebook.push(event("Operation by Dr. Panza", 3)));
    notebook.push(event("Second opinion at ROCINANTE7", 20));
    notebook.consent = Some(EventTime::days(1));
    commit(&mut desk, Edit::ChangeNotebook(notebook.into(), "type"));
    let notes = format!(
        "# Zebulon Quixote: a case report\n\n## Patient information\n\nPID-7741, born 14.03.1968 in Toboso \
         (PID\\-7741, Qui<!-- -->xote).\n\n## Timeline\n\n{{{{timeline}}}}\n\nFrom 2015-05-12 on, {{{{event:2}}}}, \
         {{{{time:2}}}}.\n\n{{{{timeline table}}}}\n\n## Diagnostic assessment\n\nDr. Panza saw {} (Figure 1a).\n\n\
         {{{{ledger}}}}\n",
        uid()
    );
    commit(&mut desk, Edit::SetNotes(notes));
    desk.measured();
    desk
}

/// The report waits for the reader.
fn ask(desk: &mut Desk, path: &Path) {
    let options = ReportOptions { provenance: true, ..ReportOptions::new(ReportKind::of(path).unwrap()) };
    desk.leave_notebook(path, ReportPart::Report(options));
}

/// The first of what is found that has a cure.
fn curable(desk: &Desk) -> Option<String> {
    let gate = desk.session.asked_at_gate().unwrap();
    gate.open().find(|found| found.cure.is_some()).map(|found| found.key.clone())
}

/// Puts something else in the place of all that is found; what is typed in a figure is changed there.
fn cure_all(desk: &mut Desk) {
    desk.show_figure();
    while let Some(finding) = desk.open_findings().first() {
        desk.figure_does(FigureAction::Cure(finding.key.clone()));
    }
    let path = desk.folder.path().join("cured.md");
    ask(desk, &path);
    let mut steps = 0;
    while let Some(key) = curable(desk) {
        desk.gate_does(GateAction::Cure(key));
        steps += 1;
        assert!(steps < 60, "a cure cures");
    }
    let left: Vec<&str> =
        desk.session.asked_at_gate().unwrap().open().map(|found| found.place.as_str()).collect();
    assert_eq!(left, [""; 0], "what is hidden by marks is cured as well");
    desk.gate_does(GateAction::GoOn);
    assert!(desk.session.asked_at_gate().is_none(), "{:#?}", desk.session.asked_at_gate());
}

#[test]
fn a_report_is_blocked_and_each_place_is_named_without_its_words() {
    let mut desk = typed_everywhere();
    for kind in ReportKind::ALL {
        let path = desk.folder.path().join(format!("Quixote.{}", kind.extension()));
        ask(&mut desk, &path);
        assert!(!path.exists(), "{kind:?}");
        let gate = desk.session.asked_at_gate().unwrap();
        assert_clean("the gate", format!("{gate:#?}").as_bytes());
        let has = |place: &str, what: &str| {
            let found = gate.open().any(|found| found.place == place && found.what == what);
            assert!(found, "{kind:?}: {place}: {what}\n{gate:#?}");
        };
        let (name, number) = ("the patient's name", "the patient's number");
        let (person, date) = ("the name of a physician or operator", "the date or time of an examination");
        let house = "the hospital or department";
        has("section title", name);
        has("section patient information", number);
        has("section patient information", "the date of birth");
        has("section patient information", house);
        has("section timeline", date);
        has("section diagnostic assessment", person);
        has("section diagnostic assessment", "a UID of the images");
        has("event 1", person);
        has("event 2", "a value of the header (Station Name)");
        has("name of lesion 1", name);
        has("site of lesion 1", house);
        has("name of time point 1", person);
        has("title of the case", name);
        has("title of the case", "the number of the order");
        has("file name", name);
        has("Figure 1, title", name);
        has("Figure 1, heading of column 1", date);
        has("Figure 1, caption of (b)", "the date of birth");
        has("Figure 1, text on (b)", person);
        has("Figure 1, words of measurement 1 on (a)", "the number of the order");
        has("Figure 1, closing words", house);
        desk.gate_does(GateAction::GoOn);
        assert!(desk.session.asked_at_gate().is_some() && !path.exists(), "nothing was decided");
        desk.gate_does(GateAction::Withdraw);
        assert!(desk.session.leaving().is_none() && !path.exists());
    }
}

#[test]
fn the_command_line_blocks_it_too() {
    let mut desk = typed_everywhere();
    let case = desk.folder.path().join("images/case.json");
    desk.session.apply(Action::SaveCase(case.clone()));
    for kind in ReportKind::ALL {
        let path = desk.folder.path().join(format!("line.{}", kind.extension()));
        let words = ["report", case.to_str().unwrap(), "-o", path.to_str().unwrap()];
        let (code, said) = isodense(&words);
        assert_eq!((code, path.exists()), (1, false), "{said}");
        let all = keys(&said);
        // One for all that are alike.
        assert!(all.len() > 10, "{said}");
        assert_clean("what is said", said.as_bytes());
        // All but one of them kept is not enough.
        let kept = |keys: &[String]| {
            let kept = keys.iter().flat_map(|key| ["--keep", key]);
            isodense(&words.iter().copied().chain(kept).collect::<Vec<_>>())
        };
        let (code, said) = kept(&all[1..]);
        assert_eq!((code, path.exists(), keys(&said)), (1, false, vec![all[0].clone()]), "{said}");
        let (code, said) = kept(&all);
        assert_eq!((code, path.exists()), (0, true), "{said}");
    }
}

#[test]
fn after_curing_nothing_of_it_is_in_any_byte() {
    let mut desk = typed_everywhere();
    cure_all(&mut desk);
    for kind in ReportKind::ALL {
        let path = desk.folder.path().join(format!("clean.{}", kind.extension()));
        ask(&mut desk, &path);
        assert!(desk.session.asked_at_gate().is_none(), "{kind:?}: {:#?}", desk.session.asked_at_gate());
        for (name, bytes) in everything(&path) {
            assert_clean("a name", name.as_bytes());
            assert_clean(&format!("{kind:?}, {name}"), &bytes);
        }
    }
    for ending in ["svg", "pdf", "png", "csv", "json"] {
        let path = desk.folder.path().join(format!("course.{ending}"));
        desk.leave_notebook(&path, ReportPart::Timeline { absolute_dates: false });
        assert_clean(ending, &std::fs::read(&path).unwrap());
    }
    let markdown = std::fs::read_to_string(desk.folder.path().join("clean.md")).unwrap();
    for cured in ["the patient: a case report", "the physician", "tumour of the patient", "## Appendix"] {
        assert!(markdown.to_lowercase().contains(&cured.to_lowercase()), "{cured}\n{markdown}");
    }
    for notice in desk.session.notices() {
        assert_clean("a notice", format!("{} {}", notice.summary, notice.details).as_bytes());
    }
}

#[test]
fn a_name_in_the_words_of_times_is_cured_where_it_is_typed() {
    let mut desk = typed_everywhere();
    for notes in
        ["# A case report\n\nSeen {{event:2}} and {{time:2}}.\n", "# A case report\n\n{{timeline}}\n"]
    {
        desk.session.apply(Action::Commit(Edit::SetTitle(String::new())));
        desk.session.apply(Action::Commit(Edit::SetNotes(notes.to_owned())));
        let path = desk.folder.path().join("report.md");
        desk.leave_notebook(&path, ReportPart::Report(ReportOptions::new(ReportKind::Markdown)));
        let mut steps = 0;
        while let Some(key) = curable(&desk) {
            desk.gate_does(GateAction::Cure(key));
            steps += 1;
            assert!(steps < 9, "a cure cures");
        }
        desk.gate_does(GateAction::GoOn);
        assert!(desk.session.asked_at_gate().is_none(), "{notes}: {:#?}", desk.session.asked_at_gate());
        let report = std::fs::read_to_string(&path).unwrap();
        assert!(report.contains("the operation by the physician"), "{report}");
        for _ in 0..steps {
            desk.session.apply(Action::Undo);
        }
        std::fs::remove_file(path).unwrap();
    }
}
