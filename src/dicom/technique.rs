//! How an image was acquired, as lines for the corner overlay. No patient attribute is among them.

use std::sync::Arc;

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use super::groups::{FrameGroups, Groups};
use super::text::Charset;
use super::value::{Attributes as _, ElementValue as _};
use crate::image::ContrastAgent;
use crate::numbers::shortest;

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
    sequences.any(|sequence| groups.varies(sequence)) || groups.varies(tags::CONTRAST_BOLUS_USAGE_SEQUENCE)
}

/// The lines that a frame has, in a fixed order.
pub(super) fn technique(
    frame: FrameGroups<'_>,
    top: &InMemDicomObject,
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
            let digits = shortest(value, 3);
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
            Some((group, tag)) => group.get(tag).map(|element| charset.decode(&element.bytes())),
            None => top.get(tag).map(|element| charset.decode(&element.bytes())),
        };
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            lines.push((name.to_owned(), text.replace('\\', " / ")));
        }
    }
    let agent = match contrast_agent(frame, top, charset) {
        ContrastAgent::Given => Some("yes"),
        ContrastAgent::None => Some("no"),
        ContrastAgent::NotStated | ContrastAgent::Unknown => None,
    };
    lines.extend(agent.map(|agent| ("Contrast agent".to_owned(), agent.to_owned())));
    lines.into()
}

/// Whether a contrast agent was given: by the frame's own group (PS3.3 C.7.6.16.2.12), else by the module of the whole
/// object (C.7.6.4), its coded agents before its words.
pub(super) fn contrast_agent(
    frame: FrameGroups<'_>,
    top: &InMemDicomObject,
    charset: &Charset,
) -> ContrastAgent {
    let administered = tags::CONTRAST_BOLUS_AGENT_ADMINISTERED;
    let usage = frame.group(tags::CONTRAST_BOLUS_USAGE_SEQUENCE, administered);
    match usage.and_then(|usage| Some(usage.text(administered)?.eq_ignore_ascii_case("YES"))) {
        Some(true) => return ContrastAgent::Given,
        Some(false) => return ContrastAgent::None,
        None => {}
    }
    let words = |dataset: &InMemDicomObject, tag| {
        dataset.get(tag).map(|element| charset.decode(&element.bytes()).trim_matches([' ', '\0']).to_owned())
    };
    let volume = top.decimal(tags::CONTRAST_BOLUS_VOLUME);
    let coded = top.item(tags::CONTRAST_BOLUS_AGENT_SEQUENCE);
    let own = words(top, tags::CONTRAST_BOLUS_AGENT);
    let Some(coded) = coded else { return ContrastAgent::read(own.as_deref(), volume) };
    let meaning = words(coded, tags::CODE_MEANING);
    match ContrastAgent::read(meaning.as_deref(), volume) {
        said @ (ContrastAgent::Given | ContrastAgent::None) => said,
        // A code that is no word known here names an agent, unless the words beside it say no.
        ContrastAgent::NotStated | ContrastAgent::Unknown => {
            match ContrastAgent::read(own.as_deref(), None) {
                ContrastAgent::None if own.as_deref().is_some_and(|own| !own.is_empty()) => {
                    ContrastAgent::None
                }
                ContrastAgent::None
                | ContrastAgent::Given
                | ContrastAgent::NotStated
                | ContrastAgent::Unknown => ContrastAgent::Given,
            }
        }
    }
}
