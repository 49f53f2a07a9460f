use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::arguments::Measure as Question;
use super::console::Console;
use super::headless::lets_through;
use super::ledger::{ledger_json, ledger_lines};
use super::loaded::Loaded;
use super::measure::{for_people, values};
use super::open::open_watched;
use super::output::never_a_source;
use super::{Chosen, CliError, Opened};
use crate::case::{
    Case, CasePicture, DrawnPlane, Ledger, LesionMask, Measurement, Padding, Quantity, QuantityKind, Visit,
    compare, evaluate, evaluate_mask, margin_volume,
};
use crate::image::{Frame, Series};
use crate::session::{
    MeasuredOn, Values, calibrated, case_pictures, computed_frame, evaluate_on_plane, known,
    measurement_table, part_measured, plane_place, provenance, table_findings, visit, without_uids,
};
use crate::store::{load_case, pictures_of_case, read_picture, resolve_sources};
use crate::work::Cancel;

/// Measures everything in a case again, from the images.
pub(super) fn run(
    case_path: &Path,
    data: &[PathBuf],
    question: &Question,
    console: &mut Console<'_>,
) -> Result<u8, CliError> {
    let case = load_case(case_path).map_err(CliError::failed)?;
    if let Some(path) = &question.table {
        question.over.target(path)?;
    }
    let (opened, missing) = images_of(&case, case_path, data, console)?;
    if let Some(path) = &question.table {
        never_a_source(path, &opened, Some(case_path))?;
    }
    let mut problems = missing;
    let mut loaded = Loaded::new(console.memory);
    let mut measured = Vec::new();
    for measurement in &case.measurements {
        let again = again(measurement, &opened, &mut loaded, question.padding.into(), console);
        match again.and_then(|again| again.json().map(|json| (json, again))) {
            Ok(answer) => measured.push(answer),
            Err(reason) => problems.push(json!({ "id": measurement.id.0, "reason": reason.to_string() })),
        }
    }
    compare_all(&mut measured)?;
    if let Some(path) = &question.table {
        let all: Vec<MeasuredOn<'_>> = measured.iter().map(|(_, again)| again.on()).collect();
        let ledger = ledger_of(&case, &opened, &measured.iter().map(|(_, again)| again));
        let table = measurement_table(&case, &ledger, &all);
        let table = if question.without_uids { without_uids(table) } else { table };
        let gate = table_findings((&case, &ledger, &table), &opened.series, path, &question.keep);
        lets_through("The table", &gate, &question.keep, console)?;
        let target = question.over.target(path)?;
        let written = if question.bom { table.write_with_mark(target) } else { table.write(target) };
        written.map_err(CliError::failed)?;
    }
    if question.json {
        let ledger = ledger_json(&case, &ledger_of(&case, &opened, &measured.iter().map(|(_, again)| again)));
        let list: Vec<&Value> = measured.iter().map(|(json, _)| json).collect();
        console.json(&json!({ "measurements": list, "ledger": ledger, "problems": problems }))?;
    } else {
        print(
            &case,
            &measured,
            &ledger_of(&case, &opened, &measured.iter().map(|(_, again)| again)),
            &problems,
            console,
        )?;
    }
    Ok(u8::from(!problems.is_empty()))
}

/// Adds to regions how they compare with the regions that they name.
fn compare_all(measured: &mut [(Value, Again<'_>)]) -> Result<(), CliError> {
    for index in 0..measured.len() {
        let (_, own) = &measured[index];
        let Some(compared) = own.measurement.compared.as_ref() else { continue };
        let other = measured.iter().find(|(_, other)| other.measurement.id == compared.with);
        let found = match other {
            Some((_, other)) => compare(own.quantities()?, other.quantities()?),
            None => None,
        };
        let value =
            |kind| found.as_ref().and_then(|list| Quantity::find(list, kind)).map(|found| found.value);
        let answer = json!({
            "with": compared.with.0,
            "as": compared.role,
            "ratio": value(QuantityKind::Ratio),
            "difference": value(QuantityKind::Difference),
            "change_percent": value(QuantityKind::Change),
        });
        if let Value::Object(map) = &mut measured[index].0 {
            map.insert("compared".to_owned(), answer);
        }
    }
    Ok(())
}

/// The images of a case from where it says or from `data`, and what was not there.
pub(super) fn images_of(
    case: &Case,
    case_path: &Path,
    data: &[PathBuf],
    console: &mut Console<'_>,
) -> Result<(Opened, Vec<Value>), CliError> {
    let mut missing = Vec::new();
    let mut paths = data.to_vec();
    for folder in resolve_sources(case_path, case) {
        if folder.exists() {
            paths.push(folder);
        } else if data.is_empty() {
            missing.push(json!({
                "path": folder.display().to_string(),
                "reason": "the case's images are not here; name their folder with --data",
            }));
        }
    }
    let mut opened = open_watched(&paths, console)?;
    opened.series.extend(pictures_of(case, case_path, data, &mut missing));
    opened.series = opened.series.into_iter().map(|series| calibrated(series, &case.calibrations)).collect();
    Ok((opened, missing))
}

/// The pictures of a case, as far as they are beside it, or in `data`, and are what joined it.
fn pictures_of(case: &Case, case_path: &Path, data: &[PathBuf], missing: &mut Vec<Value>) -> Vec<Series> {
    let own = pictures_of_case(case_path);
    let below = own.file_name().map(|own| data.iter().map(move |folder| folder.join(own)));
    let folders: Vec<PathBuf> =
        std::iter::once(own.clone()).chain(data.iter().cloned()).chain(below.into_iter().flatten()).collect();
    let (mut found, lost) = case_pictures(case, |_| None, &folders);
    let called = |picture: &CasePicture| match picture.words() {
        words if words.is_empty() => "a picture of the case".to_owned(),
        words => format!("the picture \"{words}\""),
    };
    for picture in lost {
        missing.push(json!({
            "path": own.join(picture.file_name()).display().to_string(),
            "reason": format!("{} is not here; name its folder with --data", called(picture)),
        }));
    }
    found.retain(|series| {
        let file = series.middle().map(|frame| &frame.stored.path);
        let picture = case.pictures.iter().find(|picture| picture.series_uid() == series.info.uid);
        let Some((file, picture)) = file.zip(picture) else { return false };
        let is_good = read_picture(file, &picture.sha256).is_ok();
        if !is_good {
            missing.push(json!({
                "path": file.display().to_string(),
                "reason": format!("{} was changed or cannot be read", called(picture)),
            }));
        }
        is_good
    });
    found
}

/// The lesions of the case by time points, as the window shows them.
pub(super) fn ledger_of<'a>(
    case: &Case,
    opened: &Opened,
    measured: &(impl Iterator<Item = &'a Again<'a>> + Clone),
) -> Ledger {
    let visits: Vec<Visit> = opened.series.iter().filter(|series| !series.is_picture()).map(visit).collect();
    case.ledger(&visits, |measurement| {
        match measured.clone().find(|again| again.measurement.id == measurement.id) {
            Some(again) => known(measurement, Some(again.series), Some(&again.frame), Some(&again.values)),
            None => known(measurement, None, None, None),
        }
    })
}

/// One measurement, measured again.
pub(super) struct Again<'a> {
    pub(super) measurement: &'a Measurement,
    pub(super) series: &'a Series,
    pub(super) frame: Frame,
    pub(super) values: Values,
}

impl Again<'_> {
    pub(super) fn on(&self) -> MeasuredOn<'_> {
        MeasuredOn {
            measurement: self.measurement,
            series: Some(self.series),
            frame: Some(&self.frame),
            values: Some(&self.values),
        }
    }

    /// Its numbers; why there are none.
    pub(super) fn quantities(&self) -> Result<&[Quantity], CliError> {
        self.values.as_deref().map_err(CliError::failed)
    }

    fn json(&self) -> Result<Value, CliError> {
        let measurement = self.measurement;
        let quantities = self.quantities()?;
        // The word in the case file, which is also the one a script knows.
        let kind = serde_json::to_value(measurement.kind).map_err(CliError::failed)?;
        let mut map = Map::new();
        map.insert("id".to_owned(), json!(measurement.id.0));
        map.insert("kind".to_owned(), kind);
        map.insert("label".to_owned(), json!(measurement.label));
        if let Some(lesion) = measurement.lesion {
            map.insert("lesion".to_owned(), json!(lesion.0));
        }
        map.extend(values(measurement, &self.frame, quantities));
        if let Some(drawn) = &measurement.drawn_on_plane {
            map.insert("series_instance_uid".to_owned(), json!(drawn.series.as_str()));
            let plane = serde_json::to_value(drawn.reformat).map_err(CliError::failed)?;
            map.insert("plane".to_owned(), plane);
        } else {
            map.insert("sop_instance_uid".to_owned(), json!(self.frame.of.sop_instance.as_str()));
            map.insert("frame_number".to_owned(), json!(self.frame.of.frame_number));
        }
        let facts = provenance(measurement, self.series, &self.frame, quantities);
        let facts = facts.into_iter().map(|fact| (fact.key.to_owned(), json!(fact.value)));
        map.insert("provenance".to_owned(), Value::Object(facts.collect()));
        Ok(Value::Object(map))
    }
}

pub(super) fn again<'a>(
    measurement: &'a Measurement,
    opened: &'a Opened,
    loaded: &mut Loaded,
    padding: Padding,
    console: &mut Console<'_>,
) -> Result<Again<'a>, CliError> {
    if let Some(drawn) = &measurement.drawn_on_plane {
        return again_on_plane(measurement, drawn, opened, loaded, padding, console);
    }
    if let Some(mask) = &measurement.mask {
        return again_in_volume(measurement, mask, opened, loaded, padding, console);
    }
    let Chosen { series, frame } = frame_of(measurement, opened)?;
    let samples = if measurement.kind.needs_samples() { Some(loaded.samples(frame)?) } else { None };
    let values = evaluate(measurement, frame, samples.as_deref(), padding);
    Ok(Again { measurement, series, frame: frame.as_ref().clone(), values })
}

/// A mask: from the voxels of its slices, and the margin around it.
fn again_in_volume<'a>(
    measurement: &'a Measurement,
    mask: &LesionMask,
    opened: &'a Opened,
    loaded: &mut Loaded,
    padding: Padding,
    console: &mut Console<'_>,
) -> Result<Again<'a>, CliError> {
    let series = opened.series.iter().find(|series| mask.is_of(series));
    let series =
        series.ok_or_else(|| CliError::failed(format!("its slices are not here: {}", mask.series)))?;
    let there = loaded.part(series, mask.voxels.filled_slices(), console)?;
    let mut values = evaluate_mask(&mask.voxels, &there, padding);
    if let (Ok(values), Some(reach)) = (&mut values, mask.margin) {
        let margin =
            mask.voxels.margin(&there.slices, reach, &Cancel::default()).map_err(CliError::failed)?;
        values.push(margin_volume(&margin));
    }
    let drawn_on = measurement.points.drawn_on();
    let frame = series.frames.iter().find(|frame| Some(&frame.of) == drawn_on).or_else(|| series.middle());
    let frame = frame.ok_or_else(|| CliError::failed("its series holds no image"))?;
    Ok(Again { measurement, series, frame: frame.as_ref().clone(), values })
}

/// Something that was drawn on a plane through a volume: from the interpolated values there, as in the window.
fn again_on_plane<'a>(
    measurement: &'a Measurement,
    drawn: &DrawnPlane,
    opened: &'a Opened,
    loaded: &mut Loaded,
    padding: Padding,
    console: &mut Console<'_>,
) -> Result<Again<'a>, CliError> {
    let is_its =
        |series: &&Series| series.info.uid == drawn.series && series.part_id() == drawn.part.as_ref();
    let series = opened.series.iter().find(is_its);
    let series = series
        .ok_or_else(|| CliError::failed(format!("its series is not here: {}", drawn.series.as_str())))?;
    let part = part_measured(measurement, &drawn.reformat, series);
    let there = match part.filter(|_| measurement.kind.needs_samples()) {
        Some((_, slices)) => Some(loaded.part(series, slices, console)?),
        None => None,
    };
    let values = evaluate_on_plane(measurement, &drawn.reformat, series, there.as_ref(), padding);
    let frame = computed_frame(series, &drawn.reformat)
        .ok_or_else(|| CliError::failed("its series is no volume any more"))?;
    Ok(Again { measurement, series, frame, values })
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
    measured: &[(Value, Again<'_>)],
    ledger: &Ledger,
    problems: &[Value],
    console: &mut Console<'_>,
) -> Result<(), CliError> {
    if !case.title.is_empty() {
        console.line(&case.title)?;
    }
    for (json, again) in measured {
        let word = |name: &str| json[name].as_str().unwrap_or_default();
        let label = match word("label") {
            "" => String::new(),
            label => format!(" \"{label}\""),
        };
        console.line(&format!("{} {}{label}", json["id"], word("kind")))?;
        for line in for_people(again.measurement, &again.frame, again.quantities()?) {
            console.line(&format!("  {line}"))?;
        }
        if let Some(drawn) = &again.measurement.drawn_on_plane {
            console.line(&format!("  on a plane: {}", plane_place(&drawn.reformat)))?;
        }
    }
    for line in ledger_lines(case, ledger) {
        console.line(&line)?;
    }
    for problem in problems {
        let reason = problem["reason"].as_str().unwrap_or_default();
        let place = match (problem["id"].as_u64(), problem["path"].as_str()) {
            (Some(id), _) => format!("measurement {id}: {reason}"),
            (None, Some(path)) => format!("{reason}: {path}"),
            (None, None) => reason.to_owned(),
        };
        console.note(&format!("problem: {place}"))?;
    }
    Ok(())
}
