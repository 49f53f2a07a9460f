//! Real World Value Mapping: of a frame, of all frames, or of the top level.

use std::sync::Arc;

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use super::groups::FrameGroups;
use super::text::Charset;
use super::value::{Attributes as _, ElementValue as _, Expected};
use crate::image::{RealWorldFunction, RealWorldMap, Warning};

/// A frame's mappings from stored to physical values.
pub(super) fn real_world(
    frame: FrameGroups<'_>,
    signed: bool,
    charset: &Charset,
    warnings: &mut Vec<Warning>,
) -> Arc<[RealWorldMap]> {
    let items = frame.items(tags::REAL_WORLD_VALUE_MAPPING_SEQUENCE);
    let mut maps = Vec::with_capacity(items.len());
    for item in items {
        match map(item, signed, charset) {
            Some(map) => maps.push(map),
            None => warnings.push(Warning::Ignored(
                "A Real World Value Mapping is incomplete; it is not used.".to_owned(),
            )),
        }
    }
    maps.into()
}

fn map(item: &InMemDicomObject, signed: bool, charset: &Charset) -> Option<RealWorldMap> {
    let text = |item: &InMemDicomObject, tag| {
        item.get(tag).map(|element| charset.decode(&element.bytes())).filter(|text| !text.is_empty())
    };
    let end = |whole, double| {
        let float = item.float(double);
        // The VR is often wrong: the pixels' own sign is what counts.
        let word = item.get(whole).and_then(|element| element.words().first().copied());
        word.map(|word| if signed { f64::from(word.cast_signed()) } else { f64::from(word) }).or(float)
    };
    let first = end(
        tags::REAL_WORLD_VALUE_FIRST_VALUE_MAPPED,
        tags::DOUBLE_FLOAT_REAL_WORLD_VALUE_FIRST_VALUE_MAPPED,
    )?;
    let last =
        end(tags::REAL_WORLD_VALUE_LAST_VALUE_MAPPED, tags::DOUBLE_FLOAT_REAL_WORLD_VALUE_LAST_VALUE_MAPPED)?;
    let number = |tag: Tag| item.float(tag);
    let linear = number(tags::REAL_WORLD_VALUE_SLOPE).zip(number(tags::REAL_WORLD_VALUE_INTERCEPT));
    let function = if let Some((slope, intercept)) = linear {
        RealWorldFunction::Linear { slope, intercept }
    } else {
        let values = item.numbers(tags::REAL_WORLD_VALUE_LUT_DATA, Expected::Float);
        (!values.is_empty()).then(|| RealWorldFunction::Table(values.into()))?
    };
    let units = item.item(tags::MEASUREMENT_UNITS_CODE_SEQUENCE)?;
    let code = text(units, tags::CODE_VALUE);
    let meaning = text(units, tags::CODE_MEANING);
    let label = text(item, tags::LUT_LABEL).or_else(|| text(item, tags::LUT_EXPLANATION)).unwrap_or_default();
    // Written in many ways, of which the code is the clear one: one name for all, so that it is found.
    let suv = code.as_deref().is_some_and(|code| code.contains("{SUVbw}"))
        || (label.eq_ignore_ascii_case(RealWorldMap::SUV_BW) && code.as_deref() == Some("g/ml"));
    let (label, unit) = if suv {
        (RealWorldMap::SUV_BW.into(), "g/ml".into())
    } else {
        (label.into(), meaning.or(code)?.into())
    };
    Some(RealWorldMap { label, unit, first, last, function, source: "the file's own mapping".into() })
}
