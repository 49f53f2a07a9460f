//! How an image was acquired, as lines for the corner overlay. No patient attribute is among them.

use std::sync::Arc;

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use super::element::Dataset;
use super::groups::{FrameGroups, Groups};
use super::text::Charset;

/// Name, attribute, and the functional groups of enhanced objects with the attribute's other name there.
type Line = (&'static str, Tag, &'static [(Tag, Tag)]);

const NUMBERS: &[Line] = &[
    ("kV", tags::KVP, &[(tags::CTX_RAY_DETAILS_SEQUENCE, tags::KVP)]),
    ("mA", tags::X_RAY_TUBE_CURRENT, &[(tags::CT_EXPOSURE_SEQUENCE, tags::X_RAY_TUBE_CURRENT_INM_A)]),
    ("mAs", tags::EXPOSURE, &[(tags::CT_EXPOSURE_SEQUENCE, tags::EXPOSURE_INM_AS)]),
    ("Thickness", tags::SLICE_THICKNESS, &[(tags::PIXEL_MEASURES_SEQUENCE, tags::SLICE_THICKNESS)]),
    (
        "TR",
        tags::REPETITION_TIME,
        &[(tags::MR_TIMING_AND_RELATED_PARAMETERS_SEQUENCE, tags::REPETITION_TIME)],
    ),
    ("TE", tags::ECHO_TIME, &[(tags::MR_ECHO_SEQUENCE, tags::EFFECTIVE_ECHO_TIME)]),
    ("TI", tags::INVERSION_TIME, &[(tags::MR_MODIFIER_SEQUENCE, tags::INVERSION_TIMES)]),
];

const WORDS: &[Line] = &[
    ("Sequence", tags::SEQUENCE_NAME, &[]),
    ("Pulse sequence", tags::PULSE_SEQUENCE_NAME, &[]),
    ("Scanning", tags::SCANNING_SEQUENCE, &[]),
    ("Kernel", tags::CONVOLUTION_KERNEL, &[(tags::CT_RECONSTRUCTION_SEQUENCE, tags::CONVOLUTION_KERNEL)]),
];

/// Whether frames have lines of their own.
pub(super) fn varies(groups: &Groups<'_>) -> bool {
    let mut sequences = NUMBERS.iter().chain(WORDS).flat_map(|line| line.2).map(|place| place.0);
    sequences.any(|sequence| groups.varies(sequence))
}

/// The lines that a frame has, in a fixed order.
pub(super) fn technique(
    frame: FrameGroups<'_, '_>,
    top: &Dataset<'_>,
    charset: &Charset,
) -> Arc<[(String, String)]> {
    let mut lines = Vec::new();
    let in_group = |places: &[(Tag, Tag)]| {
        places.iter().find_map(|&(sequence, tag)| Some((frame.group(sequence, tag)?, tag)))
    };
    for &(name, tag, places) in NUMBERS {
        let value = match in_group(places) {
            Some((group, own)) if own == tag => group.decimal(own),
            Some((group, own)) => group.float(own),
            None => top.decimal(tag),
        };
        if let Some(value) = value {
            let text = format!("{value:.3}");
            let digits = text.trim_end_matches('0').trim_end_matches('.');
            let unit = match name {
                "Thickness" => " mm",
                "TR" | "TE" | "TI" => " ms",
                _ => "",
            };
            lines.push((name.to_owned(), format!("{digits}{unit}")));
        }
    }
    for &(name, tag, places) in WORDS {
        let text = match in_group(places) {
            Some((group, tag)) => group.get(tag).map(|element| charset.decode(element.value)),
            None => top.get(tag).map(|element| charset.decode(element.value)),
        };
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            lines.push((name.to_owned(), text.replace('\\', " / ")));
        }
    }
    let agent = top.text(tags::CONTRAST_BOLUS_AGENT).is_some()
        || top.get(tags::CONTRAST_BOLUS_AGENT_SEQUENCE).is_some_and(|sequence| !sequence.value.is_empty());
    if agent {
        lines.push(("Contrast agent".to_owned(), "yes".to_owned()));
    }
    lines.into()
}
