//! How fast the file wants its frames shown.

use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use super::value::{Attributes as _, Expected};

/// Slower or faster than that is no film, but a mistake or a recording faster than any eye.
const PLAUSIBLE: std::ops::RangeInclusive<f64> = 0.1..=240.0;

/// Frames a second: as recommended for display, as recorded for cine, or from the time between frames
/// (PS3.3 C.7.6.5).
pub(super) fn display_rate(top: &InMemDicomObject) -> Option<f64> {
    let number = |tag| top.decimal(tag).filter(|number: &f64| number.is_finite() && *number > 0.0);
    let from_ms = |ms: f64| 1000.0 / ms;
    let between = || {
        // The first number is the time before the first frame.
        let steps = top.numbers(tags::FRAME_TIME_VECTOR, Expected::Text);
        let steps = steps.get(1..).filter(|steps| !steps.is_empty())?;
        let mean = steps.iter().sum::<f64>() / steps.len() as f64;
        (mean.is_finite() && mean > 0.0).then_some(mean)
    };
    number(tags::RECOMMENDED_DISPLAY_FRAME_RATE)
        .or_else(|| number(tags::CINE_RATE))
        .or_else(|| number(tags::FRAME_TIME).map(from_ms))
        .or_else(|| between().map(from_ms))
        .filter(|rate| PLAUSIBLE.contains(rate))
}
