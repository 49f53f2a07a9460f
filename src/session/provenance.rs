//! Where a number comes from: series, slice or plane, thickness, spacing, compression, pixels.

use glam::DVec3;

use crate::case::{DrawnOn, Known, LEAST_SLICES, Measurement, Points, Quantity, QuantityKind, Visit, number};
use crate::geometry::{Mm, SliceStack, direction_letters, position_letters};
use crate::image::{Frame, Series, StudyUid};

use super::compare::{direction_of, sort_words};
use super::{Values, plane_place};

/// One thing to know of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is: `Slice`.
    pub name: &'static str,
    /// The word for JSON and tables: `slice`.
    pub key: &'static str,
    /// What is so: `21 of 38`.
    pub value: String,
}

/// Where the values of a measurement come from. `frame` is the acquired frame, or the one that stands for the plane.
pub fn provenance(
    measurement: &Measurement,
    series: &Series,
    frame: &Frame,
    quantities: &[Quantity],
) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut fact = |name, key, value: String| facts.push(Fact { name, key, value });
    let number_of = series.info.number.map_or_else(String::new, |number| format!(" #{number}"));
    let words = format!("{}{number_of} {}", series.info.modality, series.info.description.trim());
    fact("Series", "series", words.trim().to_owned());
    if let Some(drawn) = &measurement.drawn_on_plane {
        fact("Plane", "plane_words", plane_place(&drawn.reformat));
    } else {
        if let Some(index) = series.index_of(&frame.of) {
            fact("Slice", "slice", format!("{} of {}", index + 1, series.frames.len()));
        }
        if let Some(plane) = frame.plane {
            fact("Plane", "plane_words", format!("as acquired, nearest to {}", plane_name(plane.normal())));
        }
    }
    for (name, key, value) in of_mask(measurement, series) {
        fact(name, key, value);
    }
    if let Some(on) = &measurement.third_axis_on {
        fact("Third axis", "third_axis_on", third_axis(on, series));
    }
    if let Some(thickness) = frame.thickness {
        fact("Thickness", "thickness", thickness.to_string());
    }
    let calibration = quantities.iter().find_map(|quantity| quantity.unit.calibration());
    let spacing = frame.spacing.map(|spacing| {
        let mm = |length: Mm| number(length.0, 4);
        format!("{} x {} mm, ", mm(spacing.between_rows), mm(spacing.between_columns))
    });
    let source = calibration.unwrap_or(frame.calibration);
    fact("Spacing", "spacing", spacing.unwrap_or_default() + &source.to_string());
    fact("Compression", "compression", compression(frame));
    for (name, key, kind) in [("Pixels", "pixels", QuantityKind::Count), ("SD", "sd_words", QuantityKind::Sd)]
    {
        if let Some(quantity) = Quantity::find(quantities, kind) {
            let decimals = if kind == QuantityKind::Count { 0 } else { 2 };
            fact(name, key, format!("{} {}", number(quantity.value, decimals), quantity.unit.label()));
        }
    }
    if quantities.iter().any(Quantity::is_suv_bw)
        && let Some(map) = frame.real_world.iter().find(|map| map.is_suv_bw())
    {
        fact("SUV", "suv", map.source.to_string());
    }
    facts
}

/// Where the longest line of a mask lies, which way its own axes go, and how many slices it spans.
fn of_mask(measurement: &Measurement, series: &Series) -> Vec<(&'static str, &'static str, String)> {
    let found = measurement.mask.as_ref().zip(series.slices.as_ref().ok());
    let Some(Ok(Some(measures))) = found.map(|(mask, slices)| mask.voxels.measures(slices)) else {
        return Vec::new();
    };
    let [from, to] = measures.diameter.ends.map(position_letters);
    let directions = measures.extents.map(|extent| direction_letters(extent.axis));
    let partial = if measures.slices < LEAST_SLICES { ", all with partial volume" } else { "" };
    let edge = if measures.at_edge { "; it reaches the edge of the slices and may go on" } else { "" };
    vec![
        ("Longest diameter", "diameter_ends", format!("from {from} to {to}")),
        ("Own axes", "own_axes", directions.join(", ")),
        ("Slices", "slices_spanned", format!("{}{partial}{edge}", measures.slices)),
    ]
}

fn third_axis(on: &DrawnOn, series: &Series) -> String {
    match on {
        DrawnOn::Plane(drawn) => plane_place(&drawn.reformat),
        DrawnOn::Frame(of) => match series.index_of(of) {
            Some(index) => {
                format!(
                    "to slice {} of {}, from centre to centre of the slices",
                    index + 1,
                    series.frames.len()
                )
            }
            None => "another series of the same space".to_owned(),
        },
    }
}

fn compression(frame: &Frame) -> String {
    match frame.lossy {
        None => "none with loss".to_owned(),
        Some(lossy) => {
            let ratio = lossy.ratio.map(|ratio| format!(", {} times smaller", number(ratio.value(), 1)));
            let word = if lossy.certain { "with loss" } else { "perhaps with loss" };
            format!("{word}{}", ratio.unwrap_or_default())
        }
    }
}

/// What the ledger has to know of a measurement. `frame` is the acquired frame that it was drawn on.
pub fn known<'a>(
    measurement: &Measurement,
    series: Option<&Series>,
    frame: Option<&Frame>,
    values: Option<&'a Values>,
) -> Known<'a> {
    let slices = series.and_then(|series| series.slices.as_ref().ok());
    let thickness = match &measurement.drawn_on_plane {
        // A plane is no thinner than the slices that it is interpolated from.
        Some(drawn) => {
            slices.map(|slices| Mm(drawn.reformat.slab.thickness.0.max(slices.between_slices().0)))
        }
        None => frame.and_then(|frame| frame.thickness),
    };
    Known {
        study: measurement.study.clone().or_else(|| study_of(series?)),
        values,
        thickness_mm: thickness.map(|mm| mm.0),
        slices: slices.and_then(|slices| slices_spanned(measurement, slices)),
        manner: series.map(|series| manner(series, measurement, frame)),
    }
}

/// The study that what is drawn on a series belongs to; none where a picture has no date.
pub(super) fn study_of(series: &Series) -> Option<StudyUid> {
    (!series.is_picture()).then(|| series.study.uid.clone())
}

/// The plane of the patient's own that one of this normal is nearest to.
pub(super) fn plane_name(normal: DVec3) -> &'static str {
    ["sagittal", "coronal", "axial"][direction_of(normal)]
}

/// The study of a series, as the ledger has it.
pub fn visit(series: &Series) -> Visit {
    let patient = Some(series.patient.identity());
    Visit { patient, date: series.study.date.clone(), study: series.study.uid.clone() }
}

/// How many slices the box of a three-axis size reaches, by its extent across them.
fn slices_spanned(measurement: &Measurement, slices: &SliceStack) -> Option<usize> {
    let Points::Patient { points, .. } = &measurement.points else { return None };
    measurement.size_box()?;
    let normal = slices.first().normal();
    let along = points.iter().map(|point| point.0.dot(normal));
    let (low, high) =
        along.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)));
    let count = ((high - low) / slices.between_slices().0).ceil().clamp(1.0, 1e6);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    let count = count as usize;
    Some(count)
}

/// What a measurement was drawn on, so that two dates can be told to be alike: `MR T1 with contrast, coronal`.
fn manner(series: &Series, measurement: &Measurement, frame: Option<&Frame>) -> String {
    let normal = match &measurement.drawn_on_plane {
        Some(drawn) => Some(drawn.reformat.plane.normal()),
        None => frame.and_then(|frame| frame.plane).map(|plane| plane.normal()),
    };
    let sort = sort_words(series);
    let kind = measurement.kind.name();
    match normal.map(plane_name) {
        Some(plane) => format!("{sort}, {plane}, {kind}"),
        None => format!("{sort}, {kind}"),
    }
}
