//! What is alike is decided once, what is cited passes, and whoever decides sees the sentence.

use isodense::case::Edit;
use isodense::export::ReportKind;
use isodense::session::{Action, FindingPlace, Gate, GateAction, NotebookAction, ReportOptions, ReportPart};

use crate::desk::Desk;

fn gate(desk: &Desk) -> Gate {
    desk.session.notebook_findings(&ReportPart::Report(ReportOptions::new(ReportKind::Markdown)), None)
}

fn noted(notes: &str) -> Desk {
    let mut desk = Desk::with_figure(&[]);
    note(&mut desk, notes);
    desk.session.apply(Action::Notebook(NotebookAction::ReadHeaders));
    desk.wait("the headers", |session| {
        let part = ReportPart::Report(ReportOptions::new(ReportKind::Markdown));
        session.notebook_findings(&part, None).reading == 0
    });
    desk
}

fn note(desk: &mut Desk, notes: &str) {
    desk.session.apply(Action::Commit(Edit::SetNotes(notes.to_owned())));
}

fn open(desk: &Desk) -> Vec<String> {
    gate(desk).open().map(|found| found.text.reveal().clone()).collect()
}

#[test]
fn alike_is_decided_once_and_changed_at_once() {
    let notes = "# A case report\n\n## Abstract\n\nQuixote was seen. In May QUIXOTE came back.\n\n## Case\n\nSeen of \
                 Qui**xo**te.\n\nOn 2015-05-12, 12 May 2015 and 12.05.2015 he came.\n";
    let mut desk = noted(notes);
    let found = gate(&desk);
    assert_eq!(found.open().count(), 6, "{:?}", open(&desk));
    let alike = found.alike();
    assert_eq!(alike.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3]);
    let (name, date) = (alike[0][0].key.clone(), alike[1][0].key.clone());

    desk.session.apply(Action::Notebook(NotebookAction::Keep(vec![date.clone()])));
    assert_eq!(open(&desk), ["Quixote", "QUIXOTE", "Qui**xo**te"]);
    desk.session.apply(Action::Notebook(NotebookAction::Unkeep(date)));
    assert_eq!(open(&desk).len(), 6);
    desk.session.apply(Action::Notebook(NotebookAction::Keep(vec!["dates".to_owned()])));
    assert_eq!(open(&desk).len(), 3);

    desk.session.apply(Action::Notebook(NotebookAction::Cure(name)));
    assert_eq!(open(&desk), [""; 0]);
    let cured = desk.session.case().notes.clone();
    for sentence in ["The patient was seen. In May the patient came back.", "Seen of the patient."] {
        assert!(cured.contains(sentence), "{cured}");
    }
    desk.session.apply(Action::Undo);
    assert_eq!(desk.session.case().notes, notes, "one step");
}

#[test]
fn a_removal_leaves_the_blocks_of_the_notes() {
    let notes = "## Key words\n\nPID-7741\n\nCase report\n\n- PID-7741\n- MRN PID-7741\n  Third line.\n";
    let mut desk = noted(notes);
    let key = gate(&desk).findings[0].key.clone();
    desk.session.apply(Action::Notebook(NotebookAction::Cure(key)));
    let left = "## Key words\n\n\u{2026}\n\nCase report\n\n- \n- MRN\n  Third line.\n";
    assert_eq!(desk.session.case().notes, left);
}

#[test]
fn what_others_published_passes_below_its_heading() {
    let references = "1. Ben A. Meningioma of bone. J Neurosurg. 2011 Mar;114(3):587-1594. doi:10.1227/01.NEU.0000123456\n\
                      2. Cid B. A book. 1999-2003; 1234567. https://doi.org/10.1000/182\n3. Panza C. Donkeys. 2009;12:34.\n";
    let mut desk =
        noted(&format!("# A case report\n\n## Discussion\n\nNone.\n\n## References\n\n{references}"));
    // An author who is called like somebody in the headers is asked about, with the words around.
    assert_eq!(open(&desk), ["Panza"]);
    let found = gate(&desk);
    let panza = found.open().next().unwrap();
    assert_eq!(panza.place, "list of references");
    assert_eq!(panza.quote.reveal(), "3. [\u{2026}] C. Donkeys. 2009;12:34.");
    assert_eq!(panza.around.reveal(), &["3. ".to_owned(), " C. Donkeys. 2009;12:34.".to_owned()]);
    note(&mut desk, &format!("# A case report\n\n## Discussion\n\n{references}"));
    assert!(open(&desk).len() > 4, "{:?}", open(&desk));
    for heading in ["## Bibliography", "## 12. LITERATURE", "## Literatur", "### References"] {
        note(&mut desk, &format!("# A case report\n\n## Discussion\n\n{heading}\n\n{references}"));
        assert_eq!(open(&desk), ["Panza"], "{heading}");
    }
    note(&mut desk, &format!("# A case report\n\n## References\n\n{references}\n## Course\n\nIn 2011.\n"));
    assert_eq!(open(&desk), ["Panza", "2011"]);
}

#[test]
fn ages_over_89_and_addresses_are_asked_about() {
    let mut desk =
        noted("# A case report\n\nA 92-year-old man, see https://example.org/x; his son is 89 years old.\n");
    assert_eq!(open(&desk), ["92", "https://example.org/x"]);
    let key = gate(&desk).findings[0].key.clone();
    desk.session.apply(Action::Notebook(NotebookAction::Cure(key)));
    assert!(desk.session.case().notes.contains("An over 89-year-old man"), "{}", desk.session.case().notes);
    assert_eq!(open(&desk), ["https://example.org/x"]);
}

#[test]
fn several_are_kept_in_one_step() {
    let mut desk = noted("# A case report\n\nAfter Eisenhauer (2009), Wen (2010) and Choi (2007).\n");
    let path = desk.folder.path().join("report.md");
    desk.leave_notebook(&path, ReportPart::Report(ReportOptions::new(ReportKind::Markdown)));
    let asked = desk.session.asked_at_gate().unwrap();
    let keys: Vec<String> = asked.open().map(|found| found.key.clone()).collect();
    assert!(asked.open().all(|found| matches!(found.at, FindingPlace::Notes(_))));
    assert_eq!(keys.len(), 3);
    desk.gate_does(GateAction::KeepAll(keys));
    desk.session.apply(Action::Undo);
    assert_eq!(open(&desk).len(), 3, "one step");
    desk.session.apply(Action::Redo);
    desk.gate_does(GateAction::GoOn);
    assert!(path.exists());
}
