//! The notebook by keys and labels: values, claims, the timeline, the table, the gate, the report.

use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable as _;
use isodense::export::ReportKind;
use isodense::session::{ReportOptions, ReportPart};

use super::{Bench, CT, sample};

const CTRL_SHIFT: Modifiers = Modifiers { ctrl: true, command: true, shift: true, ..Modifiers::NONE };
const TEXT: &str = "Notebook text";

/// The CT with a length on it, and the notebook open with nothing in it.
fn opened() -> Bench {
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    bench.key(Key::D);
    bench.drag(bench.screen(60.0, 70.0), bench.screen(110.0, 90.0));
    bench.key(Key::Escape);
    bench.key(Key::F8);
    bench
}

fn write(bench: &mut Bench, words: &str) {
    bench.0.get_by_role_and_label(Role::MultilineTextInput, TEXT).focus();
    bench.steps(1);
    bench.0.get_by_role_and_label(Role::MultilineTextInput, TEXT).type_text(words);
    // Long enough to be read, and to go into the case.
    bench.steps(8);
}

fn notes(bench: &Bench) -> String {
    bench.session().case().notes.clone()
}

/// All of the notebook.
fn whole() -> ReportPart {
    ReportPart::Report(ReportOptions::new(ReportKind::Docx))
}

/// The length as the notes would say it, mm.
fn length(bench: &Bench) -> String {
    let id = bench.session().case().measurements[0].id;
    let Some(Ok(values)) = bench.session().values(id) else { panic!("it has no values") };
    format!("{} mm", isodense::case::number(values[0].value, 1))
}

#[test]
fn a_value_is_chosen_follows_its_measurement_and_leads_to_its_pixels() {
    let mut bench = opened();
    write(&mut bench, "# A line: a case report\n\nIt is {{length");
    bench.0.get_by_label("The case knows (arrows, Enter):");
    let before = length(&bench);
    bench.0.get_by_label(&format!("measurement 1 (length): length: {before}"));
    bench.key(Key::Enter);
    bench.steps(8);
    assert!(notes(&bench).ends_with("It is {{measurement:1#length|1}}"), "{}", notes(&bench));
    bench.0.get_by_label(&format!("Value {before}"));

    // The length is moved by its handle: the chip says the new one, and undo brings the old one back.
    let id = bench.session().case().measurements[0].id;
    bench.key(Key::F8);
    bench.drag(bench.screen(110.0, 90.0), bench.screen(131.0, 84.0));
    bench.key(Key::F8);
    bench.steps(4);
    let after = length(&bench);
    assert_ne!(before, after);
    bench.0.get_by_label(&format!("Value {after}"));
    bench.key(Key::F8);
    bench.keys(Modifiers::COMMAND, Key::Z);
    bench.key(Key::F8);
    bench.steps(4);
    bench.0.get_by_label(&format!("Value {before}"));

    // It is written in cm, with "about".
    bench.click("Values");
    bench.click("Value 1 in cm");
    bench.steps(8);
    bench.click("Value 1 with about");
    bench.steps(8);
    assert!(notes(&bench).ends_with("{{measurement:1#length|cm 1 about}}"), "{}", notes(&bench));
    // A click on the chip shows the pixels, in place of the notebook.
    bench.0.get_all_by_label_contains("Value about ").next().unwrap().click();
    bench.steps(3);
    assert_eq!(bench.session().selected(), Some(id));
    assert!(bench.0.query_by_role_and_label(Role::MultilineTextInput, TEXT).is_none());

    // It is deleted: the chip says so.
    bench.key(Key::Delete);
    bench.key(Key::F8);
    bench.steps(4);
    bench.0.get_all_by_label("Value [?]: measurement 1 is gone").next().unwrap();
}

#[test]
fn a_number_is_tied_to_a_measurement_and_checked() {
    let mut bench = opened();
    let measured: f64 = length(&bench).trim_end_matches(" mm").parse().unwrap();
    let claimed = format!("{:.0} mm", measured + 2.0);
    write(&mut bench, &claimed);
    bench.keys(Modifiers::COMMAND, Key::A);
    bench.steps(2);
    bench.click("Tie to a measurement");
    bench.steps(2);
    let offered = format!("measurement 1 (length): length: {}", length(&bench));
    bench.click(&offered);
    bench.steps(8);
    assert_eq!(notes(&bench), format!("[{claimed}](measurement:1#length)"));
    bench.click("Values");
    bench.0.get_by_label("Claims (1)");
    bench.0.get_by_label_contains("does not agree");
    bench.0.get_all_by_label_contains(&format!("Value {claimed}: measured")).next().unwrap();
    // It agrees once enough is given or taken.
    bench.0.get_by_role_and_label(Role::SpinButton, "Tolerance of claim 1").focus();
    bench.steps(2);
    for _ in 0..25 {
        bench.key(Key::ArrowUp);
    }
    bench.steps(8);
    assert!(notes(&bench).starts_with(&format!("[{claimed}](measurement:1#length~")), "{}", notes(&bench));
    bench.0.get_by_label_contains(": agrees");
}

#[test]
fn events_are_added_counted_from_and_undone() {
    let mut bench = opened();
    bench.click("Timeline");
    bench.type_into("What happened", "First operation, subtotal");
    bench.type_into("When it happened", "nonsense");
    bench.click("Add the event");
    bench.0.get_by_label_contains("Type a date (2015-05-12");
    bench.retype("When it happened", "2015-05-26");
    bench.click("Add the event");
    let notebook = std::sync::Arc::clone(&bench.session().case().notebook);
    assert_eq!(
        (notebook.events[0].words.as_str(), notebook.events[0].time.days),
        ("First operation, subtotal", 14)
    );
    assert!(notebook.events[0].time.from.is_some(), "days are counted from an examination");
    bench.0.get_by_label("14 days after the examination: First operation, subtotal");
    bench.0.get_by_role_and_label(Role::ComboBox, "Times are counted from").click();
    bench.steps(2);
    bench.click("the first operation");
    bench.0.get_by_label_contains("14 days before the first operation: ");
    bench.click("The patient consented to publication");
    bench.type_into("Date of consent", "2015-06-01");
    bench.click("Keep the date");
    assert_eq!(bench.session().case().notebook.consent.as_ref().unwrap().days, 20);
    bench.key(Key::F8);
    for _ in 0..3 {
        bench.keys(Modifiers::COMMAND, Key::Z);
    }
    assert!(bench.session().case().notebook.is_empty());
}

#[test]
fn tables_are_edited_as_tables_and_sections_begun_by_the_checklist() {
    let mut bench = opened();
    bench.click("Informed consent (not begun)");
    bench.steps(8);
    bench.click("Abstract (not begun)");
    bench.steps(8);
    assert_eq!(notes(&bench), "## Abstract\n\n## Informed consent\n\n", "in the order of the checklist");
    bench.0.get_by_label("Abstract (still empty)");
    bench.0.get_by_role_and_label(Role::ComboBox, "Insert table").click();
    bench.steps(2);
    bench.click("Immunohistochemistry");
    bench.steps(8);
    bench.click("Table");
    bench.type_into("Row 1 column 1", "EMA");
    bench.type_into("Row 1 column 2", "+");
    bench.click("Add row");
    bench.steps(8);
    assert!(
        notes(&bench).contains("| Marker | Result |\n| --- | --- |\n| EMA | + |\n|  |  |\n"),
        "{}",
        notes(&bench)
    );
}

#[test]
fn what_names_the_patient_is_shown_replaced_and_the_report_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = opened();
    write(&mut bench, "# Scan of Sample, Isodense\n\nIt is {{measurement:1#length}}.");
    bench.click("Privacy");
    bench
        .wait_until("the headers are read", |session| session.notebook_findings(&whole(), None).reading == 0);
    bench.steps(4);
    let place = "section title: the patient's name";
    bench.0.get_by_label(place);
    let path = folder.path().join("report.docx");
    let export = |bench: &mut Bench| {
        bench.keys(CTRL_SHIFT, Key::R);
        bench.type_path(&path);
        bench.wait_until("it leaves, or is asked", |session| {
            session.writing().is_none() && (session.leaving().is_none() || session.asked_at_gate().is_some())
        });
        bench.steps(2);
    };
    export(&mut bench);
    bench.0.get_by_label("Before the report leaves");
    bench.click("Cancel");
    assert!(!path.exists());
    bench.click(&format!("Write \u{201c}the patient\u{201d}: {place}"));
    bench.steps(4);
    assert!(notes(&bench).starts_with("# Scan of the patient\n"), "{}", notes(&bench));
    export(&mut bench);
    assert!(std::fs::read(&path).unwrap().starts_with(b"PK"));
    bench.0.get_by_label_contains("states no informed consent");
}

#[test]
fn a_template_begins_the_notebook() {
    let mut bench = opened();
    bench.0.get_by_role_and_label(Role::ComboBox, "Template").click();
    bench.steps(2);
    bench.click("Case report (CARE)");
    bench.steps(3);
    assert!(notes(&bench).contains("## Patient perspective"));
    bench.0.get_by_label("CARE: 1 of 13");
    bench.0.get_by_label("Abstract (still empty)");
    bench.keys(Modifiers::COMMAND, Key::S);
}
