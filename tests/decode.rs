//! Decoded values against independent references: every file of the shared test data, and the table of them all.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test may panic and report"
)]

mod common;
#[path = "conformance/judge.rs"]
mod judge;
#[path = "common/npy.rs"]
mod npy;
#[path = "conformance/reference.rs"]
mod reference;
#[path = "conformance/table.rs"]
mod table;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use isodense::dicom::read_header;
use isodense::files::{Target, write_whole};
use rayon::prelude::*;
use walkdir::WalkDir;

use common::{data, truth};
use judge::{Judged, Verdict, judge};
use reference::References;

/// Reads every file of the data folder, but for the references themselves; sorted by name.
fn judged(data: &Path, references: &References) -> Vec<Judged> {
    let mut names: Vec<String> = WalkDir::new(data)
        .into_iter()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.path().strip_prefix(data).unwrap().to_str().unwrap().to_owned())
        .filter(|name| Path::new(name).extension().is_none_or(|extension| extension != "npy"))
        .collect();
    names.sort();
    names.into_par_iter().map(|name| judge(data, &name, &references.of(data, &name))).collect()
}

#[test]
fn every_file_is_right_or_refused_by_name_and_the_table_says_so() {
    let Some(data) = data() else { return };
    let references = References::new(&data);
    let judged = judged(&data, &references);
    let (mut counts, mut wrong): (BTreeMap<&str, usize>, Vec<String>) = Default::default();
    for one in &judged {
        let kind = match &one.verdict {
            Verdict::Exact => "exact",
            Verdict::Near(_) => "near",
            Verdict::Refused(reason) => {
                assert!(reason.len() > 10, "{}: a reason in words, not {reason}", one.name);
                if one.foreign { "not DICOM" } else { "refused" }
            }
            Verdict::Flagged(_) => "flagged",
            Verdict::Document => "without pixels",
            Verdict::NoReference(_) => "without reference",
            Verdict::Wrong(what) => {
                wrong.push(format!("{} ({}): {what}", one.name, one.syntax));
                "wrong"
            }
        };
        *counts.entry(kind).or_default() += 1;
    }
    println!("{} files: {counts:?}", judged.len());
    assert!(wrong.is_empty(), "wrong:\n  {}", wrong.join("\n  "));
    // Whatever the reference lists is there.
    for list in ["files", "charset", "multiframe"] {
        for name in references.truth[list].as_object().unwrap().keys() {
            assert!(judged.iter().any(|one| one.name == *name), "{name} of truth.json {list} was not read");
        }
    }
    let bombs =
        |one: &&Judged| one.name.starts_with("traps/bomb_") && matches!(one.verdict, Verdict::Refused(_));
    assert!(judged.iter().filter(bombs).count() >= 24, "bombs are refused");
    assert!(counts["exact"] >= 650, "only {} exact", counts["exact"]);
    let names = references.truth["charset"].as_object().unwrap().len();
    up_to_date(&table::document(&judged, names, &references.made_with));
}

/// The committed table is what was measured now; with `ISODENSE_UPDATE_CONFORMANCE` it becomes it.
fn up_to_date(found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/conformance.md");
    if std::env::var_os("ISODENSE_UPDATE_CONFORMANCE").is_some() {
        write_whole(Target::over(&path), |file| std::io::Write::write_all(file, found.as_bytes())).unwrap();
        return;
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    let old: Vec<&str> = there.lines().collect();
    let new: Vec<&str> = found.lines().collect();
    let changed: Vec<String> = old
        .iter()
        .filter(|line| !new.contains(line))
        .map(|line| format!("- {line}"))
        .chain(new.iter().filter(|line| !old.contains(line)).map(|line| format!("+ {line}")))
        .collect();
    assert!(
        there == found,
        "docs/conformance.md is stale; run `ISODENSE_UPDATE_CONFORMANCE=1 cargo test --test decode` and look at the \
         difference:\n{}",
        changed.join("\n")
    );
}

#[test]
fn names_read_in_their_scripts() {
    let Some(data) = data() else { return };
    let truth = truth(&data);
    let (mut right, mut wrong) = (0, Vec::new());
    for (name, file) in truth["charset"].as_object().unwrap() {
        let instance = read_header(&data.join(name)).unwrap();
        let found = instance.patient.name.reveal();
        let group = |name: &str| file["components"][name].as_str().unwrap_or_default();
        let expected = ["alphabetic", "ideographic", "phonetic"].map(group);
        let groups = [&found.alphabetic, &found.ideographic, &found.phonetic];
        if groups == expected && expected.join("=").trim_end_matches('=') == file["patient_name"] {
            right += 1;
        } else {
            wrong.push(format!("{name}: {groups:?} instead of {expected:?}"));
        }
    }
    println!("names: {right} right");
    assert!(wrong.is_empty(), "wrong:\n  {}", wrong.join("\n  "));
}

#[test]
fn packed_twelve_bit_samples_are_those_of_gdcm() {
    let Some(data) = data() else { return };
    let instance = read_header(&data.join("malformed_fodicom/GH340.dcm")).unwrap();
    let values = judge::values(&instance, false).unwrap();
    assert_eq!((values.len(), values.iter().sum::<f64>()), (256 * 256, 2_794_665.0));
    let row: Vec<f64> = values[100 * 256 + 100..][..8].to_vec();
    assert_eq!(row, [137.0, 156.0, 148.0, 134.0, 133.0, 138.0, 137.0, 109.0]);
}
