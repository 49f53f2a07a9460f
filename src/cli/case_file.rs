use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::arguments::Measure as Question;
use super::console::Console;
use super::measure::{for_people, values};
use super::open::open_watched;
use super::plane::volume;
use super::{Chosen, CliError, Opened};
use crate::case::{Case, DrawnPlane, Measurement, Quantity, evaluate};
use crate::image::{Decoded, Frame, FrameRef, Series, SeriesKey, Volume};
use crate::session::{computed_frame, evaluate_on_plane, plane_place};
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
    let mut loaded = Loaded::default();
    let mut measured = Vec::new();
    for measurement in &case.measurements {
        match again(measurement, &opened, &mut loaded, question, console) {
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

/// What was read so far: several measurements lie on one image.
#[derive(Default)]
struct Loaded {
    frames: HashMap<FrameRef, Decoded>,
    volumes: HashMap<SeriesKey, Volume>,
}

fn again(
    measurement: &Measurement,
    opened: &Opened,
    loaded: &mut Loaded,
    question: &Question,
    console: &mut Console<'_>,
) -> Result<Again, CliError> {
    if let Some(drawn) = &measurement.drawn_on_plane {
        return again_on_plane(measurement, drawn, opened, loaded, question, console);
    }
    let chosen = frame_of(measurement, opened)?;
    let samples = if measurement.kind.needs_samples() {
        if !loaded.frames.contains_key(&chosen.frame.of) {
            loaded.frames.insert(chosen.frame.of.clone(), chosen.samples()?);
        }
        loaded.frames.get(&chosen.frame.of)
    } else {
        None
    };
    let quantities =
        evaluate(measurement, chosen.frame, samples, question.padding.into()).map_err(CliError::failed)?;
    let of = [
        ("sop_instance_uid", json!(chosen.frame.of.sop_instance.as_str())),
        ("frame_number", json!(chosen.frame.of.frame_number)),
    ];
    answer(measurement, chosen.frame, &quantities, of)
}

/// Something that was drawn on a plane through a volume: from the interpolated values there, as in the window.
fn again_on_plane(
    measurement: &Measurement,
    drawn: &DrawnPlane,
    opened: &Opened,
    loaded: &mut Loaded,
    question: &Question,
    console: &mut Console<'_>,
) -> Result<Again, CliError> {
    let is_its =
        |series: &&Series| series.info.uid == drawn.series && series.part_id() == drawn.part.as_ref();
    let series = opened.series.iter().find(is_its);
    let series = series
        .ok_or_else(|| CliError::failed(format!("its series is not here: {}", drawn.series.as_str())))?;
    if measurement.kind.needs_samples() && !loaded.volumes.contains_key(&series.key()) {
        loaded.volumes.insert(series.key(), volume(series, console)?);
    }
    let there = loaded.volumes.get(&series.key());
    let quantities = evaluate_on_plane(measurement, &drawn.reformat, series, there, question.padding.into());
    let quantities = quantities.map_err(CliError::failed)?;
    let frame = computed_frame(series, &drawn.reformat)
        .ok_or_else(|| CliError::failed("its series is no volume any more"))?;
    let of = [
        ("series_instance_uid", json!(drawn.series.as_str())),
        ("plane", serde_json::to_value(drawn.reformat).map_err(CliError::failed)?),
    ];
    let mut again = answer(measurement, &frame, &quantities, of)?;
    again.lines.push(format!("on a plane: {}", plane_place(&drawn.reformat)));
    Ok(again)
}

/// `of` says what it was measured on.
fn answer(
    measurement: &Measurement,
    frame: &Frame,
    quantities: &[Quantity],
    of: [(&str, Value); 2],
) -> Result<Again, CliError> {
    // The word in the case file, which is also the one a script knows.
    let kind = serde_json::to_value(measurement.kind).map_err(CliError::failed)?;
    let mut json = json!({ "id": measurement.id.0, "kind": kind, "label": measurement.label });
    if let Value::Object(map) = &mut json {
        map.extend(values(measurement, frame, quantities));
        map.extend(of.map(|(name, value)| (name.to_owned(), value)));
    }
    Ok(Again { json, lines: for_people(frame, quantities) })
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
