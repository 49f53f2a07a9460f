//! The report of the sample in all four kinds: every number is in each, as readers by other people find it.

use std::path::{Path, PathBuf};

use isodense::case::notebook::{LiveOf, lives};
use isodense::case::{Edit, LabelStyle, claims};
use isodense::export::ReportKind;
use isodense::session::{Action, ChipOf};
use serde_json::Value;

use crate::desk::Desk;
use crate::leave::{desk_of, empty_desk, isodense, sample_case, sample_folder};
use crate::read::{assert_in, everything};
use crate::tools;

fn written(folder: &Path, kind: ReportKind, more: &[&str]) -> PathBuf {
    let path = folder.join(format!("report.{}", kind.extension()));
    let case = sample_case();
    let words = [&["report", &case, "-o", path.to_str().unwrap()], more].concat();
    let (code, said) = isodense(&words);
    assert_eq!(code, 0, "{said}");
    assert!(!said.contains("blocked: ") && !said.contains("note: "), "{said}");
    path
}

/// The values and claims of the notes as they are read.
fn values(desk: &Desk) -> Vec<String> {
    let notes = &desk.session.case().notes;
    let view = desk.session.notebook_view(notes);
    assert_eq!(view.chips.len(), lives(notes).len() + claims(notes).len());
    let is_block = |of: &ChipOf| {
        matches!(of, ChipOf::Live(Some(LiveOf::Timeline | LiveOf::TimelineTable | LiveOf::Ledger)))
    };
    let chips = view.chips.into_iter().inspect(|chip| assert_eq!(chip.problem, None, "{}", chip.text));
    chips.filter(|chip| !is_block(&chip.of)).map(|chip| chip.text).collect()
}

/// What follows from the sample's formulas, in words of this test.
fn known() -> Vec<String> {
    let volume = |axes: [f64; 3]| std::f64::consts::PI / 6.0 * axes.iter().product::<f64>() / 1000.0;
    let [first, second] = [volume([22.0, 35.0, 40.0]), volume([16.0, 35.0, 35.0])];
    let mut known = vec![format!("{first:.1} mL"), format!("{second:.1} mL"), "recurrent".to_owned()];
    known.extend(
        [
            "2.2 \u{d7} 3.5 \u{d7} 4.0 cm",
            "3.5 \u{d7} 1.6 \u{d7} 3.5 cm",
            "2.2 x 3.5 x 4.0 cm",
            "about 38 HU",
            "39 HU",
            "120 kV",
            "6 days before the first operation",
            "8 days after the first operation",
            "2 years 4 months after the first operation",
            "22.0 x 35.0 x 40.0 mm",
            "770.0 mm\u{b2}",
            "gone, resected",
            "not compared with the baseline: the first operation between",
            "SSTR2A",
            "STAT6",
            "Eosinophilic granuloma",
        ]
        .map(str::to_owned),
    );
    known
}

#[test]
fn every_number_of_the_sample_is_in_every_kind() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk_of(&sample_folder().join("case.json"));
    let ledger = desk.session.lesion_table(LabelStyle::default());
    let cells = ledger.rows.iter().flatten().filter_map(Value::as_str).flat_map(str::lines);
    let mut expected: Vec<String> = values(&desk);
    assert!(expected.len() > 35, "{}", expected.len());
    expected.extend(cells.map(str::to_owned));
    expected.extend(ledger.columns.clone());
    expected.extend(known());
    for kind in ReportKind::ALL {
        let path = written(folder.path(), kind, &[]);
        assert_in(&path, &expected, |reader, text| {
            for raw in ["{{", "](measurement:", "\u{e000}", "[?]", "2015", "2017", "Appendix"] {
                assert!(!text.contains(raw), "{kind:?} by {reader}: {raw}");
            }
        });
    }
}

#[test]
fn the_sample_gives_the_same_bytes_twice() {
    for kind in ReportKind::ALL {
        let [one, other] = [(); 2].map(|()| {
            let folder = tempfile::tempdir().unwrap();
            let path = written(folder.path(), kind, &["--provenance"]);
            everything(&path)
        });
        assert!(one == other, "{kind:?}");
    }
}

#[test]
fn an_appendix_says_where_numbers_come_from_where_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let (code, said) = isodense(&["measure", &sample_case(), "--json"]);
    assert_eq!(code, 0, "{said}");
    let measured: Value = serde_json::from_str(&said).unwrap();
    let mut expected = vec![
        "Appendix: provenance of the measurements".to_owned(),
        format!("Isodense {}", env!("CARGO_PKG_VERSION")),
        "not a medical device".to_owned(),
        "798 px".to_owned(),
        "22.0 x 35.0 x 40.0 mm".to_owned(),
    ];
    for one in measured["measurements"].as_array().unwrap() {
        let said = &one["provenance"];
        let kind = one["kind"].as_str().unwrap().replace("size", "three-axis size");
        expected.push(format!("{} {kind}", one["id"]));
        for fact in ["series", "slice"] {
            expected.push(said[fact].as_str().unwrap().to_owned());
        }
    }
    for kind in ReportKind::ALL {
        let path = written(folder.path(), kind, &["--provenance"]);
        assert_in(&path, &expected, |_, _| {});
    }
}

#[test]
fn the_sample_fills_the_checklist_and_agrees_with_itself() {
    let case = isodense::store::load_case(&sample_folder().join("case.json")).unwrap();
    assert_eq!(isodense::case::notebook::filled(&case.notes), [true; 13]);
    assert!(case.title.contains("synthetic") && case.notes.contains("truth.json"));
    let (code, said) = isodense(&["verify", &sample_case()]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(said.matches("claim ").count(), 4, "{said}");
}

#[test]
fn words_of_other_scripts_are_in_the_report_and_letters_that_no_font_has_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let notes = "# שלום 山田\n\nقباني, राहुल शर्मा, 病変 \u{16a0}";
    let path = folder.path().join("case.json");
    let mut desk = empty_desk();
    desk.session.apply(Action::Commit(Edit::SetNotes(notes.to_owned())));
    desk.session.apply(Action::SaveCase(path.clone()));
    let written = |kind: ReportKind| {
        let report = folder.path().join(format!("report.{}", kind.extension()));
        let (code, said) = isodense(&["report", path.to_str().unwrap(), "-o", report.to_str().unwrap()]);
        assert_eq!(code, 0, "{said}");
        (report, said)
    };
    let (pdf, said) = written(ReportKind::Pdf);
    let note =
        "note: Some letters are drawn as boxes: no font here has U+16A0 RUNIC LETTER FEHU FEOH FE F.\n";
    assert!(said.contains(note), "{said}");
    if let Some(found) = tools::words("pdftotext", &["-raw", pdf.to_str().unwrap(), "-"]) {
        // poppler says by signs where words of the other direction begin and end, and breaks lines where they turn.
        let letters = |text: &str| {
            let shown = |c: &char| !c.is_whitespace() && !('\u{202a}'..='\u{202e}').contains(c);
            text.chars().filter(shown).collect::<String>()
        };
        assert!(
            letters(&found).starts_with(&letters("שלום 山田\nقباني, राहुल शर्मा, 病変 \u{16a0}")),
            "{found}"
        );
    }
    // Word looks for fonts of its own.
    let (_, said) = written(ReportKind::Docx);
    assert!(!said.contains("drawn as boxes"), "{said}");
}
