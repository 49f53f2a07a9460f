//! What stored values mean and how the file wants them shown: modality transform, unit, padding, VOI.

use std::sync::Arc;

use dicom_dictionary_std::tags;

use super::element::Dataset;
use super::groups::FrameGroups;
use super::tables::{lut, voi_lut};
use super::text::Charset;
use super::value::Expected;
use crate::image::{
    CompressionRatio, Lossy, ModalityTransform, NamedVoi, PaddingRange, ValueUnit, Voi, VoiFunction, Warning,
    Window,
};

/// Secondary Capture Image Storage and its multi-frame kinds.
pub(super) const SECONDARY_CAPTURE: &str = "1.2.840.10008.5.1.4.1.1.7";

/// A frame's modality transform and the unit of its result.
pub(super) fn modality(
    frame: FrameGroups<'_, '_>,
    top: &Dataset<'_>,
    modality: &str,
    warnings: &mut Vec<Warning>,
) -> (ModalityTransform, ValueUnit) {
    let signed = top.count(tags::PIXEL_REPRESENTATION, Expected::Whole) == Some(1);
    if let Some(item) = top.item(tags::MODALITY_LUT_SEQUENCE)
        && let Some(table) = lut(&item, signed)
    {
        let kind = item.text(tags::MODALITY_LUT_TYPE);
        return (ModalityTransform::Lut(table), unit(modality, true, kind.as_deref(), top));
    }
    if let Some(scaling) = top.decimal(tags::DOSE_GRID_SCALING).filter(|scaling| *scaling > 0.0) {
        let unit = top.text(tags::DOSE_UNITS).unwrap_or("dose".into());
        let unit = if unit == "GY" { "Gy" } else { &unit };
        return (
            ModalityTransform::Rescale { slope: scaling, intercept: 0.0 },
            ValueUnit::Declared(unit.into()),
        );
    }
    let group = frame
        .group(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, tags::RESCALE_SLOPE)
        .or_else(|| frame.group(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, tags::RESCALE_INTERCEPT));
    let from = group.as_ref().unwrap_or(top);
    let slope = from.decimal(tags::RESCALE_SLOPE);
    let intercept = from.decimal(tags::RESCALE_INTERCEPT);
    let mut rescaled = slope.is_some() || intercept.is_some();
    let slope = match slope {
        Some(0.0) => {
            warnings.push(Warning::Ignored("Rescale Slope is 0; stored values are shown.".to_owned()));
            rescaled = false;
            None
        }
        other => other,
    };
    let transform = if rescaled {
        ModalityTransform::Rescale { slope: slope.unwrap_or(1.0), intercept: intercept.unwrap_or(0.0) }
    } else {
        ModalityTransform::IDENTITY
    };
    let kind = from.text(tags::RESCALE_TYPE);
    // In CT a rescale that changes nothing still says HU; elsewhere the value is the stored one.
    let rescaled = rescaled && (modality == "CT" || transform != ModalityTransform::IDENTITY);
    (transform, unit(modality, rescaled, kind.as_deref(), top))
}

/// HU only where the modality is CT, its values are rescaled, and nothing else is declared.
fn unit(modality: &str, rescaled: bool, kind: Option<&str>, top: &Dataset<'_>) -> ValueUnit {
    if modality == "PT"
        && let Some(units) = top.text(tags::UNITS)
    {
        return ValueUnit::Declared(units.as_ref().into());
    }
    // A screen shot may carry the rescale of the images on it.
    let screen = top.text(tags::SOP_CLASS_UID).is_some_and(|uid| uid.starts_with(SECONDARY_CAPTURE));
    match (rescaled, kind) {
        (true, Some("HU")) if modality == "CT" => ValueUnit::Hounsfield,
        (true, None) if modality == "CT" && !screen => ValueUnit::Hounsfield,
        (true, Some(kind)) if !matches!(kind, "US" | "HU" | "UNSPECIFIED") => {
            ValueUnit::Declared(kind.into())
        }
        // MR and others: not the number in the file, and nothing that the file names.
        (true, Some(_) | None) => ValueUnit::Rescaled,
        (false, Some(_) | None) => ValueUnit::Stored,
    }
}

/// Stored values that mean "no measurement".
pub(super) fn padding(top: &Dataset<'_>, signed: bool) -> Option<PaddingRange> {
    let stored = |tag| {
        let value = top.whole(tag)?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a value of 16 bits")]
        let bits = value as i64 as u16;
        // The VR of padding is often wrong; the pixels' own sign is what counts.
        Some(if signed { f64::from(bits.cast_signed()) } else { f64::from(bits) })
    };
    let float = || {
        let value = top.float(tags::FLOAT_PIXEL_PADDING_VALUE)?;
        let limit = top.float(tags::FLOAT_PIXEL_PADDING_RANGE_LIMIT).unwrap_or(value);
        Some((value, limit))
    };
    let whole = || {
        let value = stored(tags::PIXEL_PADDING_VALUE)?;
        Some((value, stored(tags::PIXEL_PADDING_RANGE_LIMIT).unwrap_or(value)))
    };
    let (value, limit) = whole().or_else(float)?;
    Some(PaddingRange { low: value.min(limit), high: value.max(limit) })
}

/// Syntaxes that always lose: JPEG baseline and extended, JPEG XL made of them.
const ALWAYS_LOSSY: [&str; 3] =
    ["1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.111"];
/// Syntaxes that may: JPEG-LS near, JPEG 2000, HTJ2K, JPEG XL.
const MAYBE_LOSSY: [&str; 4] = [
    "1.2.840.10008.1.2.4.81",
    "1.2.840.10008.1.2.4.91",
    "1.2.840.10008.1.2.4.203",
    "1.2.840.10008.1.2.4.112",
];

/// Whether and how much the image was ever compressed with loss; `smaller` is native over compressed size.
pub(super) fn lossy(top: &Dataset<'_>, transfer_syntax: &str, smaller: Option<f64>) -> Option<Lossy> {
    let declared = top.text(tags::LOSSY_IMAGE_COMPRESSION);
    let always = ALWAYS_LOSSY.contains(&transfer_syntax);
    let certain = always || declared.as_deref() == Some("01");
    // What says "00" in a syntax that may be lossless is.
    let maybe = MAYBE_LOSSY.contains(&transfer_syntax) && declared.as_deref() != Some("00");
    if !certain && !maybe {
        return None;
    }
    let ratios = top.numbers(tags::LOSSY_IMAGE_COMPRESSION_RATIO, Expected::Text);
    let product: f64 = ratios.iter().product();
    let declared = (!ratios.is_empty() && product.is_finite() && product > 1.0)
        .then_some(CompressionRatio::Declared(product));
    // The bytes tell about a loss in this file, not about one before it.
    let computed = smaller.filter(|_| always || maybe).map(CompressionRatio::Computed);
    Some(Lossy { ratio: declared.or(computed), certain })
}

/// The windows and tables of one frame, in the file's order.
pub(super) fn presets(
    frame: FrameGroups<'_, '_>,
    top: &Dataset<'_>,
    charset: &Charset,
    warnings: &mut Vec<Warning>,
) -> Arc<[NamedVoi]> {
    let group = frame.group(tags::FRAME_VOILUT_SEQUENCE, tags::WINDOW_CENTER);
    let from = group.as_ref().unwrap_or(top);
    let function = match from.text(tags::VOILUT_FUNCTION).as_deref() {
        Some("LINEAR_EXACT") => VoiFunction::LinearExact,
        Some("SIGMOID") => VoiFunction::Sigmoid,
        Some(_) | None => VoiFunction::Linear,
    };
    let centers = from.numbers(tags::WINDOW_CENTER, Expected::Text);
    let widths = from.numbers(tags::WINDOW_WIDTH, Expected::Text);
    if centers.len() != widths.len() {
        let what = "Window Center and Window Width differ in number; complete pairs are used.";
        warnings.push(Warning::Ignored(what.to_owned()));
    }
    let names = from.get(tags::WINDOW_CENTER_WIDTH_EXPLANATION).map(|e| charset.decode(e.value));
    let names: Vec<&str> = names.iter().flat_map(|names| names.split('\\')).map(str::trim).collect();
    let mut presets: Vec<NamedVoi> = Vec::new();
    for (index, (&center, &width)) in centers.iter().zip(&widths).enumerate() {
        if !center.is_finite() || !width.is_finite() || width <= 0.0 {
            warnings
                .push(Warning::Ignored("A window of the file makes no sense; it is not used.".to_owned()));
            continue;
        }
        let name = match names.get(index) {
            Some(name) if !name.is_empty() => (*name).to_owned(),
            Some(_) | None => format!("File window {}", index + 1),
        };
        let window = Window { center, width, function }.valid();
        presets.push(NamedVoi { name, voi: Voi::Window(window) });
    }
    for (index, item) in top.items(tags::VOILUT_SEQUENCE).iter().enumerate() {
        // The input of a VOI table is the modality value, which may be negative whatever the pixels are.
        let signed = top.count(tags::PIXEL_REPRESENTATION, Expected::Whole) == Some(1)
            || top.decimal(tags::RESCALE_INTERCEPT).is_some_and(|intercept| intercept < 0.0);
        let Some(table) = voi_lut(item, signed, warnings) else {
            warnings.push(Warning::Ignored("A VOI table of the file is empty; it is not used.".to_owned()));
            continue;
        };
        let name = item.get(tags::LUT_EXPLANATION).map(|e| charset.decode(e.value)).filter(|n| !n.is_empty());
        let name = name.unwrap_or_else(|| format!("File table {}", index + 1));
        presets.push(NamedVoi { name, voi: Voi::Lut(table) });
    }
    presets.into()
}
