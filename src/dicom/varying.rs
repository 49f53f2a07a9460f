//! What tells frames at one place apart: echo, b-value, phase, time, reconstruction.
//!
//! Read once for what an object's frames share; of each frame only what its own functional groups say.

use std::sync::Arc;

use dicom_core::header::Header as _;
use dicom_core::{Tag, VR};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;

use super::value::{Attributes as _, ElementValue as _, Expected};
use crate::image::{Attribute, Varying};

/// How a value is written.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// DS or IS.
    Decimal,
    /// FD or FL.
    Float,
    /// US or UL.
    Whole,
    /// Words.
    Words,
    /// DT.
    DateTime,
}

type Line = (Tag, Attribute, Kind);

/// Attributes of plain objects, and of the converted ones' frames.
const PLAIN: &[Line] = &[
    (tags::IMAGE_TYPE, Attribute::ImageType, Kind::Words),
    (tags::CONTRAST_BOLUS_AGENT, Attribute::Contrast, Kind::Words),
    (tags::SEQUENCE_NAME, Attribute::Sequence, Kind::Words),
    (tags::KVP, Attribute::TubeVoltage, Kind::Decimal),
    (tags::REPETITION_TIME, Attribute::RepetitionTime, Kind::Decimal),
    (tags::ECHO_TIME, Attribute::EchoTime, Kind::Decimal),
    (tags::INVERSION_TIME, Attribute::InversionTime, Kind::Decimal),
    (tags::ECHO_NUMBERS, Attribute::EchoNumber, Kind::Decimal),
    (tags::TRIGGER_TIME, Attribute::TriggerDelay, Kind::Decimal),
    (tags::CONVOLUTION_KERNEL, Attribute::Kernel, Kind::Words),
    (tags::FLIP_ANGLE, Attribute::FlipAngle, Kind::Decimal),
    (tags::DIFFUSION_B_VALUE, Attribute::BValue, Kind::Float),
    (tags::ACQUISITION_NUMBER, Attribute::Acquisition, Kind::Decimal),
    (tags::TEMPORAL_POSITION_IDENTIFIER, Attribute::TemporalPosition, Kind::Decimal),
    (tags::NOMINAL_PERCENTAGE_OF_CARDIAC_PHASE, Attribute::CardiacPercent, Kind::Float),
    (tags::FRAME_REFERENCE_TIME, Attribute::FrameReferenceTime, Kind::Decimal),
];

/// The attributes of functional groups.
fn of_group(sequence: Tag) -> &'static [Line] {
    use Attribute as A;
    use Kind::{DateTime, Decimal, Float, Whole, Words};
    match sequence {
        tags::FRAME_CONTENT_SEQUENCE => &[
            (tags::TEMPORAL_POSITION_INDEX, A::TemporalPosition, Whole),
            (tags::STACK_ID, A::StackId, Words),
            (tags::FRAME_ACQUISITION_NUMBER, A::Acquisition, Whole),
            (tags::FRAME_ACQUISITION_DATE_TIME, A::AcquisitionTime, DateTime),
            (tags::FRAME_REFERENCE_DATE_TIME, A::ContentTime, DateTime),
        ],
        tags::MR_ECHO_SEQUENCE => &[(tags::EFFECTIVE_ECHO_TIME, A::EchoTime, Float)],
        tags::MR_DIFFUSION_SEQUENCE => &[(tags::DIFFUSION_B_VALUE, A::BValue, Float)],
        tags::MR_MODIFIER_SEQUENCE => &[(tags::INVERSION_TIMES, A::InversionTime, Float)],
        tags::MR_TIMING_AND_RELATED_PARAMETERS_SEQUENCE => {
            &[(tags::FLIP_ANGLE, A::FlipAngle, Decimal), (tags::REPETITION_TIME, A::RepetitionTime, Decimal)]
        }
        tags::MR_IMAGE_FRAME_TYPE_SEQUENCE => &[
            (tags::FRAME_TYPE, A::ImageType, Words),
            (tags::COMPLEX_IMAGE_COMPONENT, A::ComplexComponent, Words),
        ],
        tags::CT_IMAGE_FRAME_TYPE_SEQUENCE | tags::PET_FRAME_TYPE_SEQUENCE => {
            &[(tags::FRAME_TYPE, A::ImageType, Words)]
        }
        tags::CTX_RAY_DETAILS_SEQUENCE => &[(tags::KVP, A::TubeVoltage, Decimal)],
        tags::CT_RECONSTRUCTION_SEQUENCE => &[(tags::CONVOLUTION_KERNEL, A::Kernel, Words)],
        tags::CARDIAC_SYNCHRONIZATION_SEQUENCE => &[
            (tags::NOMINAL_PERCENTAGE_OF_CARDIAC_PHASE, A::CardiacPercent, Float),
            (tags::NOMINAL_CARDIAC_TRIGGER_DELAY_TIME, A::TriggerDelay, Float),
        ],
        tags::TEMPORAL_POSITION_SEQUENCE => {
            &[(tags::TEMPORAL_POSITION_TIME_OFFSET, A::TemporalOffset, Float)]
        }
        tags::CONTRAST_BOLUS_USAGE_SEQUENCE => &[(tags::CONTRAST_BOLUS_AGENT_PHASE, A::ContrastPhase, Words)],
        tags::SEGMENT_IDENTIFICATION_SEQUENCE => &[(tags::REFERENCED_SEGMENT_NUMBER, A::Segment, Whole)],
        tags::UNASSIGNED_SHARED_CONVERTED_ATTRIBUTES_SEQUENCE
        | tags::UNASSIGNED_PER_FRAME_CONVERTED_ATTRIBUTES_SEQUENCE => PLAIN,
        _ => &[],
    }
}

/// Whether an element of an odd group may hold a b-value or a gradient direction, or names who wrote it.
pub(super) fn is_private_diffusion(tag: Tag) -> bool {
    matches!(tag.0, 0x0019 | 0x0043 | 0x0065 | 0x2001 | 0x2005)
        && (tag.1 < 0x0100
            || matches!(tag.1 & 0xFF, 0x03 | 0x09 | 0x0C | 0x0E | 0x37 | 0x39 | 0xB0..=0xB2 | 0xBB..=0xBD))
}

type Values = Vec<(Attribute, Varying)>;

/// What the frames of one object share.
#[derive(Debug)]
pub(super) struct Shared(Arc<[(Attribute, Varying)]>);

impl Shared {
    pub(super) fn new(top: &InMemDicomObject, groups: Option<&InMemDicomObject>) -> Self {
        let mut values = Values::with_capacity(12);
        plain(top, &mut values);
        private(top, &mut values);
        if let Some(groups) = groups {
            in_groups(groups, &mut values);
        }
        Self(values.into())
    }

    /// The values of a frame with these functional groups of its own.
    pub(super) fn frame(&self, own: Option<&InMemDicomObject>) -> Arc<[(Attribute, Varying)]> {
        let Some(own) = own else { return Arc::clone(&self.0) };
        let mut values = self.0.to_vec();
        in_groups(own, &mut values);
        values.into()
    }
}

fn put(values: &mut Values, attribute: Attribute, value: Option<Varying>) {
    let Some(value) = value else { return };
    match values.iter_mut().find(|(known, _)| *known == attribute) {
        Some((_, old)) => *old = value,
        None => values.push((attribute, value)),
    }
}

fn plain(dataset: &InMemDicomObject, values: &mut Values) {
    for &(tag, attribute, kind) in PLAIN {
        if let Some(element) = dataset.get(tag) {
            put(values, attribute, read(element, attribute, kind));
        }
    }
    for (whole, date, time, attribute) in [
        (
            Some(tags::ACQUISITION_DATE_TIME),
            tags::ACQUISITION_DATE,
            tags::ACQUISITION_TIME,
            Attribute::AcquisitionTime,
        ),
        (None, tags::CONTENT_DATE, tags::CONTENT_TIME, Attribute::ContentTime),
    ] {
        let text = |tag| dataset.text(tag);
        let seconds = match whole.and_then(text) {
            Some(both) => date_time(&both),
            None => text(time).and_then(|time| {
                let days = text(date).and_then(|date| days(&date)).unwrap_or(0.0);
                Some(days * 86_400.0 + seconds(&time)?)
            }),
        };
        put(values, attribute, seconds.map(Varying::Number));
    }
    put(values, Attribute::GradientDirection, direction(dataset.get(tags::DIFFUSION_GRADIENT_ORIENTATION)));
}

fn in_groups(groups: &InMemDicomObject, values: &mut Values) {
    for sequence in groups {
        let lines = of_group(sequence.tag());
        if lines.is_empty() {
            continue;
        }
        let Some(item) = sequence.items().and_then(<[_]>::first) else { continue };
        for &(tag, attribute, kind) in lines {
            if let Some(element) = item.get(tag) {
                put(values, attribute, read(element, attribute, kind));
            }
        }
        match sequence.tag() {
            tags::MR_DIFFUSION_SEQUENCE => {
                let own = item.item(tags::DIFFUSION_GRADIENT_DIRECTION_SEQUENCE);
                let orientation = own.and_then(|own| own.get(tags::DIFFUSION_GRADIENT_ORIENTATION));
                put(values, Attribute::GradientDirection, direction(orientation));
            }
            tags::FRAME_CONTENT_SEQUENCE => dimensions(item, values),
            _ => {}
        }
    }
}

/// The indices by which the object itself orders its frames (PS3.3 C.7.6.17).
fn dimensions(content: &InMemDicomObject, values: &mut Values) {
    let indices = content.numbers(tags::DIMENSION_INDEX_VALUES, Expected::Whole);
    for (which, index) in (0_u8..8).zip(indices) {
        put(values, Attribute::Dimension(which), Some(Varying::Number(index)));
    }
}

fn read(element: &InMemElement, attribute: Attribute, kind: Kind) -> Option<Varying> {
    let number = |expected| element.numbers(expected).first().copied().filter(|n| n.is_finite());
    let value = match kind {
        Kind::Decimal if matches!(element.vr(), VR::DS | VR::IS) => {
            let text = element.text();
            let first = text.split('\\').next().unwrap_or_default().trim();
            first.parse().ok().filter(|n: &f64| n.is_finite())
        }
        Kind::Decimal => number(Expected::Text),
        Kind::Float => number(Expected::Float),
        Kind::Whole => number(Expected::Whole),
        Kind::DateTime => date_time(&element.text()),
        Kind::Words => {
            let text = element.text();
            return if text.is_empty() {
                None
            } else if attribute == Attribute::Contrast {
                Some(Varying::Number(1.0))
            } else if text.contains(" \\") || text.contains("\\ ") {
                // Some writers pad every word.
                Some(Varying::Text(text.split('\\').map(str::trim).collect::<Vec<_>>().join("\\").into()))
            } else {
                Some(Varying::Text(text.into()))
            };
        }
    };
    value.map(Varying::Number)
}

/// A direction that is one: b0 images have zeros.
fn direction(element: Option<&InMemElement>) -> Option<Varying> {
    let numbers = element?.numbers(Expected::Float);
    unit(*numbers.first_chunk::<3>()?)
}

fn unit(direction: [f64; 3]) -> Option<Varying> {
    let length = direction.iter().map(|part| part * part).sum::<f64>();
    (length.is_finite() && length > 1e-6).then_some(Varying::Direction(direction))
}

/// b-values and directions where makers kept them before the standard had a place.
fn private(top: &InMemDicomObject, values: &mut Values) {
    if values.iter().any(|(attribute, _)| *attribute == Attribute::BValue) {
        return;
    }
    let mut creators = top.iter().filter(|e| e.tag().0 % 2 == 1 && e.tag().1 < 0x0100).peekable();
    if creators.peek().is_none() {
        return;
    }
    for creator in creators {
        let Tag(group, block) = creator.tag();
        let at = |low: u16| Tag(group, block << 8 | low);
        let first = |low, expected| {
            let element = top.get(at(low))?;
            element.numbers(expected).first().copied().filter(|n| n.is_finite() && *n >= 0.0)
        };
        let three = |low: [u16; 3]| {
            let part = |low| top.numbers(at(low), Expected::Float).first().copied().filter(|n| n.is_finite());
            let [a, b, c] = low.map(part);
            unit([a?, b?, c?])
        };
        let (weight, gradient) = match (group, creator.text().as_ref()) {
            (0x0019, "SIEMENS MR HEADER") => (first(0x0C, Expected::Text), direction(top.get(at(0x0E)))),
            // GE adds 10^9 to the b-values of series that hold several.
            (0x0043, "GEMS_PARM_01") => (first(0x39, Expected::Text).map(|b| b % 100_000.0), None),
            (0x0019, "GEMS_ACQU_01") => (None, three([0xBB, 0xBC, 0xBD])),
            (0x2001, "Philips Imaging DD 001") => (first(0x03, Expected::Float), None),
            (0x2005, "Philips MR Imaging DD 001") => (None, three([0xB0, 0xB1, 0xB2])),
            // United Imaging.
            (0x0065, "Image Private Header") => (first(0x09, Expected::Float), direction(top.get(at(0x37)))),
            _ => (None, None),
        };
        put(values, Attribute::BValue, weight.map(Varying::Number));
        put(values, Attribute::GradientDirection, gradient);
    }
}

/// Seconds of a DT value, since the year 0 with months of 31 days.
fn date_time(text: &str) -> Option<f64> {
    let date = text.get(..8)?;
    // An offset from universal time is the same for all frames of a series.
    let time = text.get(8..)?.split(['+', '-']).next().unwrap_or_default();
    Some(days(date)? * 86_400.0 + seconds(time).unwrap_or(0.0))
}

/// Days of a date: in order and without gaps of less than a day.
fn days(date: &str) -> Option<f64> {
    let number: u32 = date.get(..8)?.parse().ok()?;
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    Some(f64::from((year * 12 + month) * 31 + day))
}

/// Seconds since midnight of a TM value.
fn seconds(time: &str) -> Option<f64> {
    let two = |at: usize| -> Option<f64> {
        match time.get(at..at + 2) {
            Some(digits) => digits.parse::<u8>().ok().map(f64::from),
            None => Some(0.0),
        }
    };
    if time.len() < 2 {
        return None;
    }
    let part = time.get(6..).filter(|rest| rest.starts_with('.')).and_then(|rest| rest.parse().ok());
    Some(two(0)? * 3600.0 + two(2)? * 60.0 + two(4)? + part.unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds_in_order() {
        assert_eq!(seconds("131155.910000"), Some(13.0 * 3600.0 + 11.0 * 60.0 + 55.91));
        assert_eq!(seconds("0930"), Some(9.5 * 3600.0));
        assert_eq!(seconds("x"), None);
        let late = date_time("20061231235959.5").unwrap();
        let early = date_time("20070101000000+0100").unwrap();
        assert!(late < early);
        assert_eq!(date_time("2006"), None);
    }

    #[test]
    fn only_elements_with_a_known_meaning_are_kept_of_private_groups() {
        assert!(is_private_diffusion(Tag(0x0019, 0x0010)) && is_private_diffusion(Tag(0x0043, 0x1039)));
        assert!(!is_private_diffusion(Tag(0x0029, 0x1010)) && !is_private_diffusion(Tag(0x0019, 0x1008)));
    }
}
