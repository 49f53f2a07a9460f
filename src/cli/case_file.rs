use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::arguments::Measure as Question;
use super::console::Console;
use super::measure::{for_people, needs_samples, values};
use super::open::open_watched;
use super::{Chosen, CliError, Opened};
use crate::case::{Case, Measurement, evaluate};
use crate::image::{Decoded, FrameRef};
use crate::store::{load_case, resolve_sources};

/// Measures everything in a case again, from the images.
pub(super) fn run(
    case_path: &Path,
    data: &[PathBuf],
    question: &Question,
    console: &mut Console<'_>,
) -> Result<u8, CliError> {
    let case = load_case(case_path).map_err(CliError::failed)?;
    let mut problems = Vec::new();
    let mut paths = data.to_vec();
    for folder in resolve_sources(case_path, &case) {
        if folder.exists() {
            paths.push(folder);
        } else if data.is_empty() {
            problems.push(json!({
                "path": folder.display().to_string(),
                "reason": "the case's images are not here; name their folder with --data",
            }));
        }
    }
    let opened = open_watched(&paths, console)?;
    let mut loaded = HashMap::new();
    let mut measured = Vec::new();
    for measurement in &case.measurements {
        match again(measurement, &opened, &mut loaded, question) {
            Ok(answer) => measured.push(answer),
            Err(reason) => problems.push(json!({ "id": measurement.id.0, "reason": reason.to_string() })),
        }
    }
    if question.json {
        let list: Vec<&Value> = measured.iter().map(|answer| &answer.json).collect();
        console.json(&json!({ "measurements": list, "problems": problems }))?;
    } else {
        print(&case, &measured, &problems, console)?;
    }
    Ok(u8::from(!problems.is_empty()))
}

/// One measurement, measured again.
struct Again {
    json: Value,
    lines: Vec<String>,
}

fn again(
    measurement: &Measurement,
    opened: &Opened,
    loaded: &mut HashMap<FrameRef, Decoded>,
    question: &Question,
) -> Result<Again, CliError> {
    let chosen = frame_of(measurement, opened)?;
    let samples = if needs_samples(measurement.kind) {
        if !loaded.contains_key(&chosen.frame.of) {
            loaded.insert(chosen.frame.of.clone(), chosen.samples()?);
        }
        loaded.get(&chosen.frame.of)
    } else {
        None
    };
    let quantities =
        evaluate(measurement, chosen.frame, samples, question.padding.into()).map_err(CliError::failed)?;
    // The word in the case file, which is also the one a script knows.
    let kind = serde_json::to_value(measurement.kind).map_err(CliError::failed)?;
    let mut answer = json!({ "id": measurement.id.0, "kind": kind, "label": measurement.label });
    if let Value::Object(map) = &mut answer {
        map.extend(values(measurement, chosen.frame, &quantities));
        map.insert("sop_instance_uid".to_owned(), json!(chosen.frame.of.sop_instance.as_str()));
        map.insert("frame_number".to_owned(), json!(chosen.frame.of.frame_number));
    }
    Ok(Again { json: answer, lines: for_people(chosen.frame, &quantities) })
}

/// The frame that a measurement was drawn on; of one that belongs to no image, the first that it shows on.
fn frame_of<'a>(measurement: &Measurement, opened: &'a Opened) -> Result<Chosen<'a>, CliError> {
    let Some(drawn_on) = measurement.points.drawn_on() else {
        let missing = || CliError::failed("no image here lies where it is");
        return opened.shows(&measurement.points).ok_or_else(missing);
    };
    opened.frame(drawn_on).ok_or_else(|| {
        let (sop, number) = (&drawn_on.sop_instance, drawn_on.frame_number);
        CliError::failed(format!("its image is not here: {sop} frame {number}"))
    })
}

fn print(
    case: &Case,
    measured: &[Again],
    problems: &[Value],
    console: &mut Console<'_>,
) -> Result<(), CliError> {
    if !case.title.is_empty() {
        console.line(&case.title)?;
    }
    for answer in measured {
        let word = |name: &str| answer.json[name].as_str().unwrap_or_default();
        let label = match word("label") {
            "" => String::new(),
            label => format!(" \"{label}\""),
        };
        console.line(&format!("{} {}{label}", answer.json["id"], word("kind")))?;
        for line in &answer.lines {
            console.line(&format!("  {line}"))?;
        }
    }
    for problem in problems {
        let reason = problem["reason"].as_str().unwrap_or_default();
        let place = match (problem["id"].as_u64(), problem["path"].as_str()) {
            (Some(id), _) => format!("measurement {id}: {reason}"),
            (None, Some(path)) => format!("{reason}: {path}"),
            (None, None) => reason.to_owned(),
        };
        console.line(&format!("problem: {place}"))?;
    }
    Ok(())
}
