//! What stored values mean and how the file wants them shown: modality transform, unit, padding, VOI.

use std::sync::Arc;

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use super::groups::FrameGroups;
use super::tables::{lut, voi_lut};
use super::text::Charset;
use super::value::{Attributes as _, ElementValue as _, Expected};
use crate::image::{
    CompressionRatio, Lossy, ModalityTransform, NamedVoi, PaddingRange, SampleLayout, ValueUnit, Voi,
    VoiFunction, Warning, Window,
};

/// Secondary Capture Image Storage and its multi-frame kinds.
pub(super) const SECONDARY_CAPTURE: &str = "1.2.840.10008.5.1.4.1.1.7";

/// Rescale Type and Modality LUT Type of optical density: values stand in the file in thousandths (PS3.3 C.11.1.1.2).
const OPTICAL_DENSITY: &str = "OD";
/// Optical density of one unit of the file's values.
const THOUSANDTH: f64 = 0.001;

/// What a frame's stored values mean.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Meaning {
    pub transform: ModalityTransform,
    pub unit: ValueUnit,
    /// The file counts in thousandths of the unit, in its windows too.
    pub thousandths: bool,
}

impl Meaning {
    fn new(transform: ModalityTransform, unit: ValueUnit) -> Self {
        Self { transform, unit, thousandths: false }
    }

    /// Optical density is shown as such: 2140 in the file is 2.140 OD.
    fn in_whole_units(mut self, kind: Option<&str>) -> Self {
        if kind == Some(OPTICAL_DENSITY) {
            self.thousandths = true;
            match &mut self.transform {
                ModalityTransform::Rescale { slope, intercept } => {
                    (*slope, *intercept) = (*slope * THOUSANDTH, *intercept * THOUSANDTH);
                }
                ModalityTransform::Lut { scale, .. } => *scale = THOUSANDTH,
            }
        }
        self
    }
}

/// A frame's modality transform and the unit of its result.
pub(super) fn modality(
    frame: FrameGroups<'_>,
    top: &InMemDicomObject,
    modality: &str,
    warnings: &mut Vec<Warning>,
) -> Meaning {
    let signed = top.count(tags::PIXEL_REPRESENTATION, Expected::Whole) == Some(1);
    if let Some(item) = top.item(tags::MODALITY_LUT_SEQUENCE)
        && let Some(table) = lut(item, signed)
    {
        let kind = item.text(tags::MODALITY_LUT_TYPE);
        let unit = unit(modality, true, kind.as_deref(), top);
        let transform = ModalityTransform::Lut { table, scale: 1.0 };
        return Meaning::new(transform, unit).in_whole_units(kind.as_deref());
    }
    if let Some(scaling) = top.decimal(tags::DOSE_GRID_SCALING).filter(|scaling| *scaling > 0.0) {
        let unit = top.text(tags::DOSE_UNITS).unwrap_or("dose".into());
        let unit = if unit == "GY" { "Gy" } else { &unit };
        let transform = ModalityTransform::Rescale { slope: scaling, intercept: 0.0 };
        return Meaning::new(transform, ValueUnit::Declared(unit.into()));
    }
    let group = frame
        .group(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, tags::RESCALE_SLOPE)
        .or_else(|| frame.group(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, tags::RESCALE_INTERCEPT));
    let from = group.unwrap_or(top);
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
    let unit = unit(modality, rescaled, kind.as_deref(), top);
    // What the file scales, it scales to thousandths; stored values that nothing scales are no density.
    let kind = kind.filter(|kind| matches!(&unit, ValueUnit::Declared(unit) if **unit == **kind));
    Meaning::new(transform, unit).in_whole_units(kind.as_deref())
}

/// HU only where the modality is CT, its values are rescaled, and nothing else is declared.
fn unit(modality: &str, rescaled: bool, kind: Option<&str>, top: &InMemDicomObject) -> ValueUnit {
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

/// Stored values that mean "no measurement": Pixel Padding Value up to its Range Limit, of whole or of float pixels.
pub(super) fn padding(top: &InMemDicomObject, layout: &SampleLayout) -> Option<PaddingRange> {
    const WHOLE: [Tag; 2] = [tags::PIXEL_PADDING_VALUE, tags::PIXEL_PADDING_RANGE_LIMIT];
    const FLOAT: [Tag; 2] = [tags::FLOAT_PIXEL_PADDING_VALUE, tags::FLOAT_PIXEL_PADDING_RANGE_LIMIT];
    const DOUBLE: [Tag; 2] =
        [tags::DOUBLE_FLOAT_PIXEL_PADDING_VALUE, tags::DOUBLE_FLOAT_PIXEL_PADDING_RANGE_LIMIT];
    // Each kind of pixels has attributes of its own (PS3.3 C.7.6.24, C.7.6.25); writers mix them up.
    let order: &[[Tag; 2]] = match (layout.float, layout.bits_allocated) {
        (false, _) => &[WHOLE],
        (true, 64) => &[DOUBLE, FLOAT, WHOLE],
        (true, _) => &[FLOAT, DOUBLE, WHOLE],
    };
    let number = |tag| if layout.float { top.float(tag) } else { top.whole(tag) };
    let stored = |tag| Some(as_stored(number(tag)?, layout));
    let (value, limit) = order.iter().find_map(|[value, limit]| {
        let value = stored(*value)?;
        Some((value, stored(*limit).unwrap_or(value)))
    })?;
    Some(PaddingRange { low: value.min(limit), high: value.max(limit) })
}

/// The stored value that a padding attribute means. Its VR is often wrong; the pixels' own sign is what counts.
fn as_stored(value: f64, layout: &SampleLayout) -> f64 {
    if layout.float {
        #[expect(clippy::cast_possible_truncation, reason = "the samples are rounded so too")]
        let narrow = f64::from(value as f32);
        return if layout.bits_allocated == 32 { narrow } else { value };
    }
    let bits = layout.bits_stored.clamp(1, 32);
    let half = f64::from(bits - 1).exp2();
    let (least, most) = if layout.signed { (-half, half) } else { (0.0, 2.0 * half) };
    let fits = |value: f64| least <= value && value < most;
    let (span, word) = (2.0 * half, f64::from(1_u32 << 16));
    // The same bits as 16 of a word, read with the other sign.
    let other = if value < 0.0 { value + word } else { value - word };
    // Or only the bits stored, with the sign not extended.
    let short = if value < 0.0 { value + span } else { value - span };
    [value, other, short].into_iter().find(|value| fits(*value)).unwrap_or(value)
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
pub(super) fn lossy(top: &InMemDicomObject, transfer_syntax: &str, smaller: Option<f64>) -> Option<Lossy> {
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
    frame: FrameGroups<'_>,
    top: &InMemDicomObject,
    charset: &Charset,
    warnings: &mut Vec<Warning>,
) -> Arc<[NamedVoi]> {
    let group = frame.group(tags::FRAME_VOILUT_SEQUENCE, tags::WINDOW_CENTER);
    let from = group.unwrap_or(top);
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
    let names = from.get(tags::WINDOW_CENTER_WIDTH_EXPLANATION).map(|e| charset.decode(&e.bytes()));
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
        presets.push(NamedVoi { name, voi: Voi::Window(Window { center, width, function }) });
    }
    for (index, item) in top.items(tags::VOILUT_SEQUENCE).iter().enumerate() {
        // The input of a VOI table is the modality value, which may be negative whatever the pixels are.
        let signed = top.count(tags::PIXEL_REPRESENTATION, Expected::Whole) == Some(1)
            || top.decimal(tags::RESCALE_INTERCEPT).is_some_and(|intercept| intercept < 0.0);
        let Some(table) = voi_lut(item, signed, warnings) else {
            warnings.push(Warning::Ignored("A VOI table of the file is empty; it is not used.".to_owned()));
            continue;
        };
        let name =
            item.get(tags::LUT_EXPLANATION).map(|e| charset.decode(&e.bytes())).filter(|n| !n.is_empty());
        let name = name.unwrap_or_else(|| format!("File table {}", index + 1));
        presets.push(NamedVoi { name, voi: Voi::Lut(table) });
    }
    presets.into()
}

/// The windows and tables as they work on a frame's values, which may have another unit than the file counts in.
pub(super) fn fitted(
    presets: &Arc<[NamedVoi]>,
    meaning: &Meaning,
    fractional: bool,
    warnings: &mut Vec<Warning>,
) -> Arc<[NamedVoi]> {
    let in_whole_units = !meaning.thousandths;
    let sound = |preset: &NamedVoi| match &preset.voi {
        Voi::Window(window) => in_whole_units && window.on_values(fractional) == *window,
        Voi::Lut(_) => in_whole_units,
    };
    if presets.iter().all(sound) {
        return Arc::clone(presets);
    }
    let mut list = Vec::with_capacity(presets.len());
    for preset in presets.iter() {
        match &preset.voi {
            Voi::Window(window) => {
                let window = if in_whole_units { *window } else { window.scaled(THOUSANDTH) };
                let voi = Voi::Window(window.on_values(fractional));
                list.push(NamedVoi { name: preset.name.clone(), voi });
            }
            Voi::Lut(_) if in_whole_units => list.push(preset.clone()),
            Voi::Lut(_) => {
                let what = "A VOI table for optical density in thousandths is not supported; it is not used.";
                warnings.push(Warning::Ignored(what.to_owned()));
            }
        }
    }
    list.into()
}

/// What to say where the first window of the file cannot show any value that its pixels could hold.
pub(super) fn misfit(
    presets: &[NamedVoi],
    transform: &ModalityTransform,
    layout: &SampleLayout,
) -> Option<Warning> {
    let first = presets.first().filter(|_| !layout.float)?;
    first.voi.hides(transform.range(layout.stored_range())).then_some(Warning::WindowMisfit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::testing::oblique_frame;

    #[test]
    fn a_padding_value_is_read_with_the_sign_and_the_bits_of_the_pixels() {
        let layout = |bits_stored, signed| SampleLayout {
            bits_allocated: 16,
            bits_stored,
            signed,
            ..oblique_frame().stored.layout.clone()
        };
        for (value, bits, signed, right) in [
            (-2000.0, 16, true, -2000.0),
            (63536.0, 16, true, -2000.0),
            (-2000.0, 16, false, 63536.0),
            (63536.0, 12, true, -2000.0),
            // Twelve bits whose sign was not extended.
            (2048.0, 12, true, -2048.0),
            (4095.0, 12, true, -1.0),
            (255.0, 8, false, 255.0),
            (255.0, 8, true, -1.0),
            (-1.0, 8, false, 255.0),
        ] {
            let found = as_stored(value, &layout(bits, signed));
            assert!((found - right).abs() < f64::EPSILON, "{value} in {bits} bits is {found}, not {right}");
        }
        let float = SampleLayout { float: true, bits_allocated: 32, ..layout(16, true) };
        assert!((as_stored(-999.1, &float) - f64::from(-999.1_f32)).abs() < f64::EPSILON);
    }
}
