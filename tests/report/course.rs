//! The course of events, dates that are asked for, and figures by their first mention.

use std::sync::Arc;

use isodense::case::notebook::{EventTime, Notebook};
use isodense::case::{Edit, Figure};
use isodense::export::ReportKind;
use isodense::session::{Action, FigureAction};
use serde_json::Value;

use crate::desk::{DATES, Desk, VIEWPORT};
use crate::leave::{isodense, keys, sample_case};
use crate::read::pdf_text;

/// The dates of the sample: its examinations, then its events.
const SAMPLE_DATES: [&str; 10] = [
    "12 May 2015",
    "26 May 2015",
    "28 September 2017",
    "16 October 2017",
    "March 2015",
    "18 May 2015",
    "25 May 2015",
    "4 October 2017",
    "11 October 2017",
    "16 January 2018",
];

#[test]
fn the_course_is_relative_and_leaves_in_each_kind() {
    let folder = tempfile::tempdir().unwrap();
    let write = |ending: &str| {
        let path = folder.path().join(format!("course.{ending}"));
        let (code, said) = isodense(&["report", &sample_case(), "--timeline", "-o", path.to_str().unwrap()]);
        assert_eq!((code, said.contains("blocked")), (0, false), "{said}");
        std::fs::read(path).unwrap()
    };
    let words = [
        "about 2 months before the first operation",
        "6 days before the first operation",
        "day 0 (first operation)",
        "2 years 7 months after the first operation",
        "Second operation, resection of the recurrence and a new mesh",
    ];
    let csv = String::from_utf8(write("csv")).unwrap();
    assert!(
        csv.lines().count() == 11 && csv.starts_with("days_from_first_operation,time,kind,what\r\n"),
        "{csv}"
    );
    let days: Vec<&str> = csv.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(days, ["-68", "-6", "0", "7", "8", "864", "870", "877", "882", "974"]);
    let json: Value = serde_json::from_slice(&write("json")).unwrap();
    assert_eq!((json.as_array().unwrap().len(), &json[2]["kind"]), (10, &"operation".into()));
    let svg = String::from_utf8(write("svg")).unwrap();
    let pdf = pdf_text(&write("pdf"));
    for text in [&csv, &json.to_string()] {
        assert!(words.iter().all(|words| text.contains(words)), "{text}");
    }
    for text in [&svg, &pdf] {
        let text: String = text.split_whitespace().collect();
        assert!(text.contains("2years7months") && text.contains("Painless"), "{text}");
    }
    for text in [csv, json.to_string(), svg, pdf] {
        assert!(!text.contains("2015-") && !text.contains("2017-") && !text.contains("March"), "{text}");
    }
    assert!(write("png").starts_with(b"\x89PNG") && write("jpg").starts_with(&[0xFF, 0xD8]));
    let (code, said) = isodense(&["report", &sample_case(), "--timeline", "-o", "course.docx"]);
    assert!(code == 1 && said.contains("Its name must end in .pdf"), "{said}");
}

#[test]
fn each_date_is_asked_for_and_written_when_it_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let case = sample_case();
    let path = folder.path().join("course.csv");
    let course = ["report", &case, "--timeline", "--dates", "-o", path.to_str().unwrap()];
    let (code, said) = isodense(&course);
    assert_eq!((code, path.exists(), keys(&said).len()), (1, false, SAMPLE_DATES.len()), "{said}");
    assert!(SAMPLE_DATES.iter().all(|date| !said.contains(date)), "{said}");
    let all = keys(&said);
    let kept = |words: &[&str], all: &[String]| {
        let keep = all.iter().flat_map(|key| ["--keep", key]);
        isodense(&words.iter().copied().chain(keep).collect::<Vec<_>>())
    };
    assert_eq!(kept(&course, &all[1..]).0, 1, "each of them");
    let (code, said) = kept(&course, &all);
    assert_eq!(code, 0, "{said}");
    let csv = std::fs::read_to_string(&path).unwrap();
    assert!(SAMPLE_DATES.iter().all(|date| csv.contains(date)), "{csv}");

    let path = folder.path().join("report.md");
    let report = ["report", &case, "--dates", "-o", path.to_str().unwrap()];
    let (code, said) = isodense(&report);
    assert_eq!((code, path.exists()), (1, false), "{said}");
    let all = keys(&said);
    // A date has one key, however often it is said.
    assert_eq!(all.len(), SAMPLE_DATES.len(), "{said}");
    let whole = |said: &str| {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(SAMPLE_DATES.iter().all(|date| text.contains(date)), "{text}\n{said}");
        std::fs::remove_file(&path).unwrap();
    };
    let (code, said) = kept(&report, &all);
    assert_eq!(code, 0, "{said}");
    whole(&said);
    let (code, said) = kept(&report, &["dates".to_owned()]);
    assert_eq!(code, 0, "{said}");
    whole(&said);
}

/// Two figures of one panel each: "Alpha", "Beta".
fn two_figures() -> Desk {
    let mut desk = Desk::open(&[]);
    for date in DATES {
        desk.show(date);
        desk.figure_does(FigureAction::New);
        desk.figure_does(FigureAction::Send(VIEWPORT));
    }
    for (index, (title, closing)) in [("Alpha", "As in Figure 2."), ("Beta", "")].into_iter().enumerate() {
        let mut figure = Figure::clone(&desk.session.case().figures[index]);
        (figure.title, figure.closing) = (title.to_owned(), closing.to_owned());
        desk.session.apply(Action::Commit(Edit::ChangeFigure(Arc::new(figure), "type")));
    }
    desk
}

fn report_of(desk: &mut Desk, notes: &str) -> (String, String) {
    desk.session.apply(Action::Commit(Edit::SetNotes(notes.to_owned())));
    let report = String::from_utf8(desk.report(ReportKind::Markdown)).unwrap();
    (isodense::typography::plain(&report), desk.session.notices().last().unwrap().details.clone())
}

#[test]
fn figures_are_numbered_by_their_first_mention_and_stand_after_it() {
    let mut desk = two_figures();
    let notes = "# A case report\n\nSee Figure 2a.\n\nThen Figure 1 and Figure 2a.\n\nThe end.\n";
    let (report, _) = report_of(&mut desk, notes);
    let at = |words: &str| report.find(words).unwrap_or_else(|| panic!("{words}\n{report}"));
    let order = [
        at("See Figure 1a."),
        at("report-figures/figure-1.png"),
        at("_Beta"),
        at("Then Figure 2 and Figure 1a."),
        at("report-figures/figure-2.png"),
        at("_Alpha"),
        at("The end."),
    ];
    assert!(order.is_sorted(), "{report}");
    assert!(report.contains("As in Figure 1.") && !report.contains("As in Figure 2"), "{report}");
    // The case keeps its own numbers.
    assert_eq!(desk.session.case().notes, notes);
    let shown = desk.session.notebook_view(notes);
    assert!(format!("{:?}", shown.blocks).contains("See Figure\\u{a0}1a."));
}

#[test]
fn what_a_report_lacks_is_remarked() {
    let mut desk = two_figures();
    let lacks = "The text does not mention Figure 1: it is not in the report.";
    let consent = "The notebook states no informed consent (CARE 13).";
    let (report, told) = report_of(&mut desk, "# A case report\n\nSee Figure 2.\n");
    assert!(!report.contains("Alpha") && report.contains("See Figure 1."), "{report}");
    assert!(told.contains(lacks) && told.contains(consent), "{told}");
    let case = desk.folder.path().join("images/case.json");
    desk.session.apply(Action::SaveCase(case.clone()));
    let path = desk.folder.path().join("line.html");
    let (code, said) = isodense(&["report", case.to_str().unwrap(), "-o", path.to_str().unwrap()]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains(lacks) && said.contains(consent), "{said}");

    let notebook = Notebook { consent: Some(EventTime::days(3)), ..Notebook::default() };
    desk.session.apply(Action::Commit(Edit::ChangeNotebook(notebook.into(), "state consent")));
    let (report, told) = report_of(&mut desk, "# A case report\n\nSee Figures 1 and 2, {{rubbish}}.\n");
    assert!(report.contains("Alpha") && report.contains("Beta"), "{report}");
    assert!(!told.contains("does not mention") && !told.contains("consent"), "{told}");
    assert!(told.contains("Figure 1: (a): contrast is not stated in the header"), "{told}");
    assert!(told.contains("{{rubbish}}: it does not read as a value."), "{told}");
}

#[test]
fn the_response_of_the_sample_is_the_same_on_the_command_line_and_in_the_report() {
    let (code, said) = isodense(&["measure", &sample_case()]);
    assert_eq!(code, 0, "{said}");
    for criterion in ["RECIST 1.1", "RANO 2010", "RANO-BM", "Choi"] {
        let line = said.lines().find(|line| line.starts_with(&format!("{criterion}: "))).unwrap();
        let categories: Vec<&str> =
            line.split(['(', ')']).skip(1).step_by(2).filter(|words| !words.is_empty()).collect();
        assert_eq!(categories, ["not evaluable", "progressive disease", "not evaluable"], "{line}");
    }
    assert!(!said.contains("stable disease") && !said.contains(" %) from the baseline"), "{said}");
    let first = "operation \"First operation, resection of the tumour and a titanium mesh\" between";
    let second = "operation \"Second operation, resection of the recurrence and a new mesh\" between";
    assert!(said.contains(first) && said.contains(second), "{said}");
    let (code, json) = isodense(&["measure", &sample_case(), "--json"]);
    assert_eq!(code, 0, "{json}");
    let json: Value = serde_json::from_str(&json).unwrap();
    let ledger = &json["ledger"];
    let cells = ledger["lesions"][0]["cells"].as_array().unwrap();
    let states: Vec<&str> = cells.iter().map(|cell| cell["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["present", "resected", "recurrent", "resected"]);
    assert!(cells.iter().all(|cell| cell["change"].is_null()), "{cells:?}");
    assert_eq!(
        (&ledger["operations"][0]["after_time_point"], &ledger["operations"][0]["before_time_point"]),
        (&1.into(), &2.into())
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.md");
    let (code, told) = isodense(&["report", &sample_case(), "-o", path.to_str().unwrap()]);
    assert_eq!(code, 0, "{told}");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("gone, resected") && text.contains("recurrent"), "{text}");
    assert!(!text.contains(" %) from the baseline"), "{text}");
}
