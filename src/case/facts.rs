//! What the files say of the images that a measurement was taken from, as a case records it: place, scale and technique.

use std::collections::BTreeMap;

use super::calendar::parsed_date;
use super::{DrawnOn, Measurement};
use crate::image::{Frame, FrameOfReference, ModalityTransform, Series, digest, fingerprint};
use crate::numbers::decimal;

/// Facts by name, each as a text: numbers in fixed decimals, so that two machines write them alike.
///
/// Words of the files are kept as digests: a technique never names a patient, but nobody can promise that of free text.
pub type Facts = BTreeMap<String, String>;

/// Between the facts of several images.
const NEXT: &str = "; ";

/// The frames of a series that a measurement takes its values from.
///
/// A mask takes them from the slices it has voxels in, a shape on a plane from the whole volume, any other from its own
/// image and that of its third axis.
pub fn frames_measured<'a>(
    measurement: &Measurement,
    series: &'a Series,
    own: Option<&'a Frame>,
) -> Vec<&'a Frame> {
    if let Some(mask) = &measurement.mask {
        let slices = mask.voxels.filled_slices();
        return slices.filter_map(|slice| series.frames.get(slice)).map(AsRef::as_ref).collect();
    }
    if measurement.drawn_on_plane.is_some() {
        return series.frames.iter().map(AsRef::as_ref).collect();
    }
    let third = match measurement.third_axis_on.as_deref() {
        Some(DrawnOn::Frame(of)) => series.frames.iter().find(|frame| frame.of == *of),
        Some(DrawnOn::Plane(_)) | None => None,
    };
    let third = third.map(AsRef::as_ref).filter(|third| own.is_none_or(|own| own.of != third.of));
    own.into_iter().chain(third).collect()
}

/// One fingerprint of the samples of several images, in their order; of one image it is its own.
pub fn fingerprint_of_all(fingerprints: &[String]) -> Option<String> {
    match fingerprints {
        [] => None,
        [one] => Some(one.clone()),
        several => Some(digest(several.join("\n").as_bytes())),
    }
}

/// The fingerprint of images whose samples are there; `None` where one's are not.
pub fn fingerprint_of<'a>(
    samples: impl Iterator<Item = Option<&'a crate::image::Decoded>>,
) -> Option<String> {
    fingerprint_of_all(&samples.map(|samples| samples.map(fingerprint)).collect::<Option<Vec<_>>>()?)
}

/// What the files say of these frames of a series.
pub fn image_facts(series: &Series, frames: &[&Frame]) -> Facts {
    let mut facts = Facts::new();
    facts.insert("series".to_owned(), series.info.uid.as_str().to_owned());
    facts.insert("study".to_owned(), series.study.uid.as_str().to_owned());
    let space = match &series.space {
        FrameOfReference::Declared(uid) => uid.as_ref(),
        FrameOfReference::OnlyThisSeries(_) => "none",
    };
    facts.insert("frame of reference".to_owned(), space.to_owned());
    if let Some(days) = days_between(series.study.date.as_deref(), series.info.date.as_deref()) {
        facts.insert("days from the study's date to the series'".to_owned(), days.to_string());
    }
    let own: Vec<Facts> = frames.iter().map(|frame| frame_facts(frame)).collect();
    let names: std::collections::BTreeSet<&String> = own.iter().flat_map(BTreeMap::keys).collect();
    for name in names {
        let values: Vec<&str> = own.iter().map(|own| own.get(name).map_or("none", String::as_str)).collect();
        let alike = values.windows(2).all(|pair| pair[0] == pair[1]);
        let value = if alike { values[0].to_owned() } else { values.join(NEXT) };
        facts.insert(name.clone(), value);
    }
    facts
}

fn frame_facts(frame: &Frame) -> Facts {
    let list = |values: &[f64]| {
        let values: Vec<String> = values.iter().map(|value| decimal(*value, 4)).collect();
        values.join(" ")
    };
    let mut facts = Facts::new();
    let mut fact = |name: &str, value: String| {
        facts.insert(name.to_owned(), value);
    };
    fact("image", format!("{} {}", frame.of.sop_instance, frame.of.frame_number));
    fact("columns and rows", format!("{} {}", frame.size.columns, frame.size.rows));
    fact("calibration", frame.calibration.name().to_owned());
    fact("values in", frame.unit.label().to_owned());
    if let Some(plane) = &frame.plane {
        fact("position", list(&plane.origin().0.to_array()));
        fact("orientation", list(&[plane.right().to_array(), plane.down().to_array()].concat()));
    }
    if let Some(spacing) = frame.spacing {
        let spacing = [spacing.between_rows.0, spacing.between_columns.0];
        fact("pixel spacing", spacing.map(|mm| decimal(mm, 6)).join(" "));
    }
    if let Some(thickness) = frame.thickness {
        fact("slice thickness", decimal(thickness.0, 4));
    }
    match &frame.transform {
        ModalityTransform::Rescale { slope, intercept } => fact("rescale", format!("{slope} {intercept}")),
        ModalityTransform::Lut { table, .. } => fact("rescale", digest(format!("{table:?}").as_bytes())),
    }
    for (name, value) in &*frame.technique {
        // Numbers and codes of the file. Words that this program makes of it may change with the program.
        let is_number = value.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        let is_code = ["Sequence", "Pulse sequence", "Scanning", "Kernel"].contains(&name.as_str());
        if is_number && name != "Thickness" && value.len() <= 24 {
            fact(name, value.clone());
        } else if is_code {
            fact(name, digest(value.as_bytes()).chars().take(16).collect());
        }
    }
    facts
}

/// Where every slice of a series is, as a digest: exchanging two changes it.
pub(super) fn places_of(series: &Series) -> String {
    let place = |frame: &Frame| {
        let facts = frame_facts(frame);
        let known =
            ["image", "position", "orientation", "pixel spacing"].map(|name| facts.get(name).cloned());
        known.map(Option::unwrap_or_default).join(NEXT)
    };
    let places: Vec<String> = series.frames.iter().map(|frame| place(frame)).collect();
    digest(places.join("\n").as_bytes())
}

/// Days from one `YYYYMMDD` to another.
pub(super) fn days_between(from: Option<&str>, to: Option<&str>) -> Option<i64> {
    Some((parsed_date(to?)? - parsed_date(from?)?).num_days())
}

/// How facts differ from those that were recorded, each in a sentence.
pub(super) fn fact_differences(then: &Facts, now: &Facts) -> Vec<String> {
    let mut found = Vec::new();
    let names: std::collections::BTreeSet<&String> = then.keys().chain(now.keys()).collect();
    for name in names {
        let (then, now) = (then.get(name), now.get(name));
        if then == now {
            continue;
        }
        found.push(match (then, now) {
            (Some(then), Some(now)) => difference(name, then, now),
            (Some(then), None) => format!("{name} was {}, now there is none", short(then)),
            (None, Some(now)) => format!("{name} is {}, there was none", short(now)),
            (None, None) => continue,
        });
    }
    found
}

fn difference(name: &str, then: &str, now: &str) -> String {
    let (before, after): (Vec<&str>, Vec<&str>) = (then.split(NEXT).collect(), now.split(NEXT).collect());
    let other = before.iter().zip(&after).enumerate().find(|(_, (then, now))| then != now);
    match other {
        Some((at, (then, now))) if before.len() == after.len() && before.len() > 1 => {
            let (then, now) = (short(then), short(now));
            format!("{name} of image {} of {} was {then}, is {now}", at + 1, before.len())
        }
        Some(_) | None => format!("{name} was {}, is {}", short(then), short(now)),
    }
}

/// A fact that a line has room for.
fn short(text: &str) -> &str {
    match text.char_indices().nth(80) {
        Some(_) => "another",
        None => text,
    }
}
