//! What a case held when it was saved, part by part, so that `isodense verify` can name a part that is another one.
//!
//! It keeps digests (of points, masks, lesions, events ...) and days from study to study: no date and no patient
//! attribute. It is no signature: whoever knows the format can write another. It finds accidents, hand edits and files
//! that were exchanged.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Case;
use super::facts::{days_between, places_of};
use crate::image::{Series, StudyUid, digest};

/// Digits of a digest that are kept: enough that no accident meets one.
const DIGITS: usize = 16;

/// The stack of slices that a measurement was taken from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedSeries {
    /// How many there were.
    pub slices: usize,
    /// A digest of where each of them is.
    pub places: String,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// The days from one study to others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedDays {
    /// The study that they count from.
    pub from: StudyUid,
    /// Days by study.
    pub to: BTreeMap<StudyUid, i64>,
}

/// What a case held when it was saved.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Seal {
    /// Digests by what it is (`measurement 3`, `lesion 1`, `event 2`) and by its part (`points`, `role`, `time`).
    #[serde(default)]
    pub parts: BTreeMap<String, BTreeMap<String, String>>,
    /// The stacks of slices that were measured, by series, and by part of those that hold several.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub series: BTreeMap<String, SealedSeries>,
    /// Days between the studies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<SealedDays>,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Seal {
    /// The seal of a case, its records among it, and of the series that are open. Of series that are not, what the case's
    /// own seal said stands.
    pub fn new(case: &Case, open: &[&Series]) -> Result<Self, serde_json::Error> {
        let old = case.seal.as_deref();
        let mut series = old.map(|old| old.series.clone()).unwrap_or_default();
        let now = open.iter().filter(|own| measures(case, own)).map(|own| (key_of(own), sealed(own)));
        series.extend(now);
        let days = days_of(open, old.and_then(|old| old.days.as_ref()));
        let extra = old.map(|old| old.extra.clone()).unwrap_or_default();
        Ok(Self { parts: parts_of(case)?, series, days, extra })
    }

    /// How a case and its open series differ from what was sealed, each in a sentence.
    pub fn differences(&self, case: &Case, open: &[&Series]) -> Result<Vec<String>, serde_json::Error> {
        let now = parts_of(case)?;
        let mut found = Vec::new();
        for (what, then) in &self.parts {
            match now.get(what) {
                None => found.push(format!("{what} is gone")),
                Some(now) => {
                    let names: std::collections::BTreeSet<&String> = then.keys().chain(now.keys()).collect();
                    let other = names.into_iter().filter(|name| then.get(*name) != now.get(*name));
                    found.extend(other.map(|name| format!("{what}: {name} is not what was saved")));
                }
            }
        }
        let new = now.keys().filter(|what| !self.parts.contains_key(*what));
        found.extend(new.map(|what| format!("{what} was added after the case was saved")));
        for own in open {
            let Some(then) = self.series.get(&key_of(own)) else { continue };
            let (now, name) = (sealed(own), own.info.uid.as_str());
            if now.slices != then.slices {
                found.push(format!("series {name} had {} images, has {}", then.slices, now.slices));
            } else if now.places != then.places {
                found.push(format!("series {name}: an image is not where it was, or two are exchanged"));
            }
        }
        found.extend(self.days.iter().flat_map(|days| other_days(days, open)));
        Ok(found)
    }
}

/// Whether a case took a measurement from a series.
fn measures(case: &Case, series: &Series) -> bool {
    case.measurements.iter().any(|measurement| {
        let drawn_on = measurement.points.drawn_on();
        let of_plane = measurement
            .drawn_on_plane
            .as_ref()
            .is_some_and(|drawn| drawn.series == series.info.uid && drawn.part.as_ref() == series.part_id());
        of_plane
            || measurement.mask.as_ref().is_some_and(|mask| mask.is_of(series))
            || drawn_on.is_some_and(|of| series.index_of(of).is_some())
    })
}

fn sealed(series: &Series) -> SealedSeries {
    SealedSeries { slices: series.frames.len(), places: places_of(series), extra: Map::new() }
}

fn key_of(series: &Series) -> String {
    match series.part_id() {
        Some(part) => format!("{} {part}", series.info.uid),
        None => series.info.uid.as_str().to_owned(),
    }
}

fn date_of<'a>(open: &[&'a Series], study: &StudyUid) -> Option<&'a str> {
    let of = |series: &&&Series| series.study.uid == *study;
    open.iter().filter(of).find_map(|series| series.study.date.as_deref())
}

/// Days of the studies that are open, from the same one as before where that is open.
fn days_of(open: &[&Series], old: Option<&SealedDays>) -> Option<SealedDays> {
    let dated = || {
        let dated = open.iter().filter(|series| !series.is_picture() && series.study.date.is_some());
        dated.map(|series| series.study.uid.clone())
    };
    let kept = old.filter(|old| date_of(open, &old.from).is_some());
    if kept.is_none() && old.is_some() {
        return old.cloned();
    }
    let from = kept.map(|old| old.from.clone()).or_else(|| dated().min())?;
    let mut to = kept.map(|old| old.to.clone()).unwrap_or_default();
    for study in dated().filter(|study| *study != from) {
        if let Some(days) = days_between(date_of(open, &from), date_of(open, &study)) {
            to.insert(study, days);
        }
    }
    Some(SealedDays { from, to })
}

/// Studies that are open and not as many days from the first of them as they were.
fn other_days(then: &SealedDays, open: &[&Series]) -> Vec<String> {
    let all = std::iter::once((&then.from, 0)).chain(then.to.iter().map(|(study, days)| (study, *days)));
    let mut dated = all.filter_map(|(study, days)| Some((study, days, date_of(open, study)?)));
    let Some((_, zero, first)) = dated.next() else { return Vec::new() };
    let other = dated.filter_map(|(study, days, date)| {
        let (then, now) = (days - zero, days_between(Some(first), Some(date))?);
        (now != then)
            .then(|| format!("the date of study {study}: {then} days from the first one's, now {now}"))
    });
    other.collect()
}

/// A digest of every part of what the case says of its measurements and their course. Notes, figures and what is on the
/// screen are not among it: they say nothing that a measurement depends on, and claims in the notes are checked.
fn parts_of(case: &Case) -> Result<BTreeMap<String, BTreeMap<String, String>>, serde_json::Error> {
    let mut parts = BTreeMap::new();
    let mut each = |what: String, value: Value| {
        let own = match value {
            Value::Object(fields) => fields.into_iter().collect(),
            Value::Null => Vec::new(),
            other @ (Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
                vec![("value".to_owned(), other)]
            }
        };
        let own: BTreeMap<String, String> =
            own.into_iter().map(|(name, value)| (name, part(&value))).collect();
        if !own.is_empty() {
            parts.insert(what, own);
        }
    };
    for measurement in &case.measurements {
        each(format!("measurement {}", measurement.id.0), serde_json::to_value(measurement)?);
    }
    for record in &case.recorded {
        each(format!("the record of measurement {}", record.measurement.0), serde_json::to_value(record)?);
    }
    for lesion in &case.lesions {
        each(format!("lesion {}", lesion.id.0), serde_json::to_value(lesion)?);
    }
    for point in &case.time_points {
        each(format!("time point {}", point.id.0), serde_json::to_value(point)?);
    }
    for reading in &case.readings {
        let what =
            format!("the reading of lesion {} at time point {}", reading.lesion.0, reading.time_point.0);
        each(what, serde_json::to_value(reading)?);
    }
    for event in &case.notebook.events {
        each(format!("event {}", event.id.0), serde_json::to_value(event)?);
    }
    for calibration in &case.calibrations {
        let what = format!("the scale of image {}", calibration.sop_instance);
        each(what, serde_json::to_value(calibration)?);
    }
    each("the links between spaces".to_owned(), serde_json::to_value(&case.space_links)?);
    each("the time point that days count from".to_owned(), serde_json::to_value(case.day_zero)?);
    each("the anchor of the course".to_owned(), serde_json::to_value(case.notebook.anchor)?);
    Ok(parts)
}

fn part(value: &Value) -> String {
    let mut text = String::new();
    canonical(value, &mut text);
    digest(text.as_bytes()).chars().take(DIGITS).collect()
}

/// JSON without spaces and with its fields sorted: how a file was laid out says nothing.
fn canonical(value: &Value, text: &mut String) {
    match value {
        Value::Object(fields) => {
            let sorted: BTreeMap<&String, &Value> = fields.iter().collect();
            for (name, value) in sorted {
                text.push_str(name);
                text.push(':');
                canonical(value, text);
                text.push(',');
            }
        }
        Value::Array(values) => {
            text.push('[');
            for value in values {
                canonical(value, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            text.push_str(&value.to_string());
        }
    }
}
