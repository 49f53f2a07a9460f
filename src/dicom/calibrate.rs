//! Which spacing a frame has, and what a length on it means (PS3.3 10.7.1.3).

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use super::groups::FrameGroups;
use super::look::SECONDARY_CAPTURE;
use super::value::{Attributes as _, Expected};
use crate::geometry::{Mm, PixelSpacing};
use crate::image::{Calibration, Warning};

/// A spacing and where it comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spacing {
    pub between: Option<PixelSpacing>,
    pub calibration: Calibration,
    pub aspect: f64,
}

impl Spacing {
    const NONE: Self = Self { between: None, calibration: Calibration::None, aspect: 1.0 };
}

/// Two positive numbers, between rows first.
fn pair(
    dataset: &InMemDicomObject,
    tag: Tag,
    name: &str,
    warnings: &mut Vec<Warning>,
) -> Option<PixelSpacing> {
    let values = dataset.numbers(tag, Expected::Text);
    let &[between_rows, between_columns] = values.first_chunk::<2>().or_else(|| {
        if !values.is_empty() && dataset.text(tag).is_some() {
            warnings.push(Warning::Ignored(format!("{name} has not two values; it is not used.")));
        }
        None
    })?;
    let spacing = PixelSpacing::new(Mm(between_rows), Mm(between_columns)).ok();
    if spacing.is_none() {
        warnings.push(Warning::Ignored(format!("{name} is zero or no number; it is not used.")));
    }
    spacing
}

/// The kinds of image that measure at the detector.
fn is_projection(modality: &str) -> bool {
    matches!(modality, "CR" | "DX" | "MG" | "XA" | "RF" | "IO" | "PX" | "RG" | "DR" | "XC")
}

/// Whether Pixel Spacing is in the patient without further words.
fn is_cross_section(modality: &str) -> bool {
    matches!(modality, "CT" | "MR" | "PT" | "NM" | "US" | "IVUS" | "SEG" | "RTDOSE" | "OPT" | "OCT" | "ST")
}

/// A picture of something else, whatever modality it names: its spacing must say what it is.
fn is_capture(top: &InMemDicomObject) -> bool {
    top.text(tags::SOP_CLASS_UID).is_some_and(|class| class.starts_with(SECONDARY_CAPTURE))
}

/// A frame's spacing by the rules for its modality.
pub(super) fn spacing(
    frame: FrameGroups<'_>,
    top: &InMemDicomObject,
    modality: &str,
    warnings: &mut Vec<Warning>,
) -> Spacing {
    let measures = frame.group(tags::PIXEL_MEASURES_SEQUENCE, tags::PIXEL_SPACING);
    let in_group = measures.is_some();
    let pixel = pair(measures.unwrap_or(top), tags::PIXEL_SPACING, "Pixel Spacing", warnings);
    let imager = pair(top, tags::IMAGER_PIXEL_SPACING, "Imager Pixel Spacing", warnings);
    let placed = top.get(tags::IMAGE_POSITION_PATIENT).is_some();
    let found = if is_projection(modality) {
        projection(top, pixel, imager, warnings)
    } else if in_group || placed || (is_cross_section(modality) && !is_capture(top)) {
        pixel.map(|spacing| with(spacing, Calibration::InPatient))
    } else if pixel.is_some() {
        projection(top, pixel, imager, warnings)
    } else {
        imager.map(|spacing| with(spacing, Calibration::AtDetector { magnification: None }))
    };
    found.unwrap_or_else(|| Spacing { aspect: aspect(top, pixel), ..Spacing::NONE })
}

fn with(spacing: PixelSpacing, calibration: Calibration) -> Spacing {
    Spacing { between: Some(spacing), calibration, aspect: spacing.between_rows / spacing.between_columns }
}

fn projection(
    top: &InMemDicomObject,
    pixel: Option<PixelSpacing>,
    imager: Option<PixelSpacing>,
    warnings: &mut Vec<Warning>,
) -> Option<Spacing> {
    let kind = top.text(tags::PIXEL_SPACING_CALIBRATION_TYPE);
    let fiducial = match kind.as_deref() {
        Some("FIDUCIAL") => Some(true),
        Some("GEOMETRY") => Some(false),
        Some(_) | None => None,
    };
    if let (Some(spacing), Some(fiducial)) = (pixel, fiducial) {
        return Some(with(spacing, Calibration::Corrected { fiducial }));
    }
    let Some(imager) = imager else {
        if pixel.is_some() {
            let why = "Pixel Spacing does not say whether it holds in the patient; lengths are in pixels.";
            warnings.push(Warning::Ignored(why.to_owned()));
        }
        return None;
    };
    let ratio = || {
        let source_to_detector = top.decimal(tags::DISTANCE_SOURCE_TO_DETECTOR)?;
        let source_to_patient = top.decimal(tags::DISTANCE_SOURCE_TO_PATIENT)?;
        (source_to_patient > 0.0).then(|| source_to_detector / source_to_patient)
    };
    let possible = |factor: &f64| factor.is_finite() && *factor > 1.0;
    let estimated = top.decimal(tags::ESTIMATED_RADIOGRAPHIC_MAGNIFICATION_FACTOR);
    let magnification = estimated.or_else(ratio).filter(possible);
    if let (Some(used), Some(other)) = (magnification, ratio().filter(possible))
        && differ(used, other)
    {
        warnings.push(Warning::Ignored(format!(
            "Two magnifications disagree: {used:.3} as estimated, {other:.3} by the distances from the source; the first is used."
        )));
    }
    let by = magnification.unwrap_or(1.0);
    let spacing =
        PixelSpacing { between_rows: imager.between_rows / by, between_columns: imager.between_columns / by };
    // Equal to the imager's it says no more than that (PS3.3 10.7.1.3).
    let agrees = |other: PixelSpacing| {
        [spacing, imager].iter().any(|own| {
            !differ(own.between_rows.0, other.between_rows.0)
                && !differ(own.between_columns.0, other.between_columns.0)
        })
    };
    if let Some(other) = pixel.filter(|other| !agrees(*other)) {
        warnings.push(Warning::Ignored(format!(
            "Two spacings disagree: Pixel Spacing {} mm and Imager Pixel Spacing {} mm, and the file does not say how the first was calibrated; the second is used.",
            words(other),
            words(imager)
        )));
    }
    Some(with(spacing, Calibration::AtDetector { magnification }))
}

/// Whether two sizes differ by more than rounding in text.
fn differ(a: f64, b: f64) -> bool {
    (a - b).abs() > 0.01 * a.abs().max(b.abs())
}

/// Rows and columns of a spacing, once where they are alike.
fn words(spacing: PixelSpacing) -> String {
    let (rows, columns) = (spacing.between_rows.0, spacing.between_columns.0);
    let number = |value: f64| {
        let text = format!("{value:.4}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    if differ(rows, columns) { format!("{} x {}", number(rows), number(columns)) } else { number(rows) }
}

/// Height of a pixel over its width where there is no spacing to measure with.
fn aspect(top: &InMemDicomObject, unused: Option<PixelSpacing>) -> f64 {
    if let Some(spacing) = unused {
        return spacing.between_rows / spacing.between_columns;
    }
    let ratio = match top.numbers(tags::PIXEL_ASPECT_RATIO, Expected::Text).as_slice() {
        [vertical, horizontal, ..] => vertical / horizontal,
        _ => 1.0,
    };
    if ratio.is_finite() && (0.01..=100.0).contains(&ratio) { ratio } else { 1.0 }
}
