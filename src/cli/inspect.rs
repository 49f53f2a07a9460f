use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::{Value, json};

use super::arguments::Inspect as Question;
use super::console::Console;
use super::open::open_watched;
use super::{CliError, Opened};
use crate::dicom::{DicomError, Problem, Whereabouts, by_reason};
use crate::geometry::{EdgeLetters, PixelSpacing};
use crate::image::{Calibration, Frame, FrameOfReference, Series, StudyInfo};
use crate::numbers::decimal;
use crate::store::is_case;
use crate::words::counted;

/// Files that are not used for the same reason are named one by one up to this many.
const LISTED: usize = 3;

/// What is said of a case among the files that are not images.
const CASE: &str = "an Isodense case, no image: `isodense CASE.json` opens it, `isodense measure CASE.json` measures it again";

pub(super) fn run(question: &Question, console: &mut Console<'_>) -> Result<u8, CliError> {
    let mut opened = open_watched(&question.paths, console)?;
    name_cases(&mut opened.problems);
    if question.json {
        console.json(&as_json(&opened))?;
    } else {
        for line in for_people(&opened) {
            console.line(&line)?;
        }
    }
    // A folder may hold anything; a file that was named is asked for.
    // An index that is whole has done its work when the files that it names are found.
    let whole_index = DicomError::Index.to_string();
    let unused = opened.problems.iter().filter(|problem| problem.reason != whole_index);
    let missed = unused.into_iter().any(|problem| question.paths.contains(&problem.path));
    if opened.series.is_empty() && !question.json {
        let case = opened.problems.iter().find(|problem| problem.reason == CASE);
        return Err(CliError::failed(case.map_or_else(
            || "no DICOM object is here".to_owned(),
            |case| format!("{CASE}: {}", case.path.display()),
        )));
    }
    Ok(u8::from(missed || opened.series.is_empty()))
}

/// Says of cases what they are, and how they are opened.
fn name_cases(problems: &mut [Problem]) {
    let is_text =
        |problem: &&mut Problem| problem.bytes == Whereabouts::File && problem.reason.contains("JSON");
    for problem in problems.iter_mut().filter(is_text).filter(|problem| is_case(&problem.path)) {
        CASE.clone_into(&mut problem.reason);
    }
}

/// One patient's series, study by study.
struct Patient<'a> {
    first: &'a Series,
    studies: Vec<Vec<&'a Series>>,
}

/// The series by patient and study, in the order they are in.
fn patients(opened: &Opened) -> Vec<Patient<'_>> {
    let mut patients: Vec<Patient<'_>> = Vec::new();
    for series in &opened.series {
        let same = |a: &Series| a.patient.name == series.patient.name && a.patient.id == series.patient.id;
        let at = patients.iter().position(|patient| same(patient.first)).unwrap_or_else(|| {
            patients.push(Patient { first: series, studies: Vec::new() });
            patients.len() - 1
        });
        let studies = &mut patients[at].studies;
        match studies.iter_mut().find(|study| study.iter().any(|s| s.study.uid == series.study.uid)) {
            Some(study) => study.push(series),
            None => studies.push(vec![series]),
        }
    }
    patients
}

/// What all frames agree on; `None` when they do not, or there are none.
fn common<T: PartialEq>(stacks: &[&Series], of: impl Fn(&Frame) -> Option<T>) -> Option<T> {
    let mut values = stacks.iter().flat_map(|stack| stack.frames.iter()).map(|frame| of(frame));
    let first = values.next()??;
    values.all(|value| value.as_ref() == Some(&first)).then_some(first)
}

fn edges(stacks: &[&Series]) -> Option<EdgeLetters> {
    common(stacks, |frame| frame.plane.as_ref().map(EdgeLetters::of))
}

/// The distance from slice to slice, of a volume.
fn between_slices(stacks: &[&Series]) -> Option<f64> {
    let [only] = stacks else { return None };
    only.grid.as_ref().ok().map(|grid| grid.between_slices().0)
}

/// The DICOM series of a study, each with its stacks.
fn by_series<'a>(study: &'a [&'a Series]) -> impl Iterator<Item = &'a [&'a Series]> {
    study.chunk_by(|a, b| a.same_series(b))
}

/// Files of the whole series.
fn files(stacks: &[&Series]) -> usize {
    let first = stacks.first();
    first.map_or(0, |first| first.part.as_ref().map_or(first.files, |part| part.files))
}

fn frames(stacks: &[&Series]) -> usize {
    stacks.iter().map(|stack| stack.frames.len()).sum()
}

fn kind(stacks: &[&Series]) -> &'static str {
    match stacks {
        [only] => only.kind().name(),
        _ => "several stacks",
    }
}

fn known(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

fn as_json(opened: &Opened) -> Value {
    let patients = patients(opened).into_iter().map(|patient| {
        let studies = patient.studies.iter().filter_map(|study| {
            let info = StudyInfo::of_series(study.iter().copied())?;
            Some(json!({
                "uid": info.uid.as_str(),
                "date": info.date,
                "description": known(&info.description),
                "series": by_series(study).map(series_json).collect::<Vec<_>>(),
            }))
        });
        let info = &patient.first.patient;
        json!({
            "name": known(&info.name.reveal().to_string()),
            "id": known(info.id.reveal()),
            "studies": studies.collect::<Vec<_>>(),
        })
    });
    let problems = opened
        .problems
        .iter()
        .map(|problem| json!({ "path": problem.path.display().to_string(), "reason": problem.reason }));
    json!({ "patients": patients.collect::<Vec<_>>(), "problems": problems.collect::<Vec<_>>() })
}

/// What a series, or one of its stacks, has.
fn facts(stacks: &[&Series]) -> Value {
    let spacing: Option<PixelSpacing> = common(stacks, |frame| frame.spacing);
    let edges = edges(stacks);
    let letters = |of: fn(&EdgeLetters) -> &String| edges.as_ref().map(of);
    let mut warnings: Vec<String> = Vec::new();
    for text in stacks.iter().flat_map(|stack| &stack.warnings).map(ToString::to_string) {
        if !warnings.contains(&text) {
            warnings.push(text);
        }
    }
    json!({
        "kind": kind(stacks),
        "rows": common(stacks, |frame| Some(frame.size.rows)),
        "columns": common(stacks, |frame| Some(frame.size.columns)),
        "frames": frames(stacks),
        "spacing_mm": {
            "between_rows": spacing.map(|s| s.between_rows.0),
            "between_columns": spacing.map(|s| s.between_columns.0),
            "between_slices": between_slices(stacks),
        },
        "calibration": common(stacks, |frame| Some(frame.calibration)).map(Calibration::name),
        "edges": {
            "left": letters(|e| &e.left),
            "right": letters(|e| &e.right),
            "top": letters(|e| &e.top),
            "bottom": letters(|e| &e.bottom),
        },
        "real_world": common(stacks, |frame| Some(Arc::clone(&frame.real_world)))
            .unwrap_or_default()
            .iter()
            .map(|map| json!({ "label": &*map.label, "unit": &*map.unit, "first": map.first, "last": map.last }))
            .collect::<Vec<_>>(),
        "transfer_syntax": common(stacks, |frame| Some(frame.stored.transfer_syntax.to_string())),
        "warnings": warnings,
    })
}

fn series_json(stacks: &[&Series]) -> Value {
    let Some(first) = stacks.first() else { return Value::Null };
    let space = |series: &Series| match &series.space {
        FrameOfReference::Declared(uid) => Some(uid.to_string()),
        FrameOfReference::OnlyThisSeries(_) => None,
    };
    let one_space = stacks.iter().all(|stack| stack.space == first.space);
    let mut series = facts(stacks);
    series["uid"] = json!(first.info.uid.as_str());
    series["number"] = json!(first.info.number);
    series["modality"] = json!(known(&first.info.modality));
    series["description"] = json!(known(&first.info.description));
    series["images"] = json!(files(stacks));
    series["frame_of_reference"] = json!(space(first).filter(|_| one_space));
    let parts = stacks.iter().map(|stack| {
        let mut part = facts(&[stack]);
        part["name"] = json!(stack.part.as_ref().map(|part| &part.name));
        part["images"] = json!(stack.files);
        part["frame_of_reference"] = json!(space(stack));
        part
    });
    series["stacks"] = parts.collect();
    series
}

fn for_people(opened: &Opened) -> Vec<String> {
    let or_none = |text: &str| known(text).unwrap_or("(none)").to_owned();
    let mut lines = Vec::new();
    for patient in patients(opened) {
        let info = &patient.first.patient;
        lines.push(format!(
            "patient {}, ID {}",
            or_none(&info.name.reveal().to_string()),
            or_none(info.id.reveal())
        ));
        for study in patient.studies {
            if let Some(info) = StudyInfo::of_series(study.iter().copied()) {
                let date = info.date.as_deref().unwrap_or("without a date");
                let text = format!("  study {date} {}", info.description);
                lines.push(text.trim_end().to_owned());
            }
            for stacks in by_series(&study) {
                lines.extend(series_lines(stacks));
            }
        }
    }
    if !opened.problems.is_empty() {
        lines.extend(not_used(&opened.problems));
    }
    lines
}

/// What was not used: each file where there are few of a kind, else their number.
fn not_used(problems: &[Problem]) -> Vec<String> {
    let mut lines = vec![format!("not used: {}", counted(problems.len(), "file"))];
    for (kind, count) in by_reason(problems) {
        if count > LISTED {
            lines.push(format!("  {}, {kind} (--json lists them)", counted(count, "file")));
            continue;
        }
        let those = problems.iter().filter(|problem| problem.kind() == kind);
        lines.extend(those.map(|problem| format!("  {}: {}", problem.reason, problem.path.display())));
    }
    lines
}

fn series_lines(stacks: &[&Series]) -> Vec<String> {
    let Some(first) = stacks.first() else { return Vec::new() };
    let info = &first.info;
    let mut line = format!("    {} {}", info.modality, kind(stacks));
    // Writing into a string cannot fail.
    let mut add = |text: std::fmt::Arguments<'_>| line.write_fmt(text).unwrap_or_default();
    if let Some(number) = info.number {
        add(format_args!(", series {number}"));
    }
    if let Some(description) = known(&info.description) {
        add(format_args!(" \"{description}\""));
    }
    add(format_args!(": {}", measures(stacks, files(stacks))));
    let mut lines = vec![line, format!("      {}", info.uid)];
    if let [only] = stacks {
        lines.extend(only.warnings.iter().map(|warning| format!("      ! {warning}")));
        return lines;
    }
    for stack in stacks {
        let name = stack.part.as_ref().map(|part| format!("{} ({})", part.name, part.place()));
        let what = measures(&[stack], stack.files);
        lines.push(format!("      {} {}: {what}", stack.kind().name(), name.unwrap_or_default()));
        lines.extend(stack.warnings.iter().map(|warning| format!("        ! {warning}")));
    }
    lines
}

/// How many files and frames, and what they have in common.
fn measures(stacks: &[&Series], files: usize) -> String {
    let mut parts = vec![counted(files, "file")];
    let frames = frames(stacks);
    if frames != files && frames > 0 {
        parts.push(counted(frames, "frame"));
    }
    if let Some(size) = common(stacks, |frame| Some(frame.size)) {
        parts.push(format!("{} x {} px", size.columns, size.rows));
    }
    if let (Some(spacing), Some(calibration)) =
        (common(stacks, |f| f.spacing), common(stacks, |f| Some(f.calibration)))
    {
        let slices = between_slices(stacks).map_or_else(String::new, |mm| format!(" x {}", decimal(mm, 3)));
        let (columns, rows) = (spacing.between_columns.0, spacing.between_rows.0);
        let (columns, rows) = (decimal(columns, 3), decimal(rows, 3));
        parts.push(format!("{columns} x {rows}{slices} {}", calibration.length_unit()));
    }
    parts.extend(edges(stacks).map(|edges| edges.to_string()));
    parts.join(", ")
}
