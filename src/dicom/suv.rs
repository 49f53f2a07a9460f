//! `SUVbw` of PET images: what the header says of the dose, and the mapping from stored values that follows.
//!
//! After the vendor-neutral rules of QIBA (FDG-PET/CT profile). What they leave open is refused, never guessed.

mod body;
mod doubt;
mod rule;
#[cfg(test)]
mod tests;
mod time;

use std::sync::Arc;

use chrono::NaiveDateTime;
use dicom_core::Tag;
use dicom_dictionary_std::{tags, uids};
use dicom_object::InMemDicomObject;

use super::groups::Groups;
use super::header::Instance;
use super::value::{Attributes as _, Expected};
use crate::image::{Frame, ModalityTransform, Phi, RealWorldFunction, RealWorldMap, Warning};
use doubt::Doubt;
use rule::{Factor, Refusal};

/// Classic, enhanced and legacy converted PET images; pictures of them are none.
const PET: [&str; 3] = [
    uids::POSITRON_EMISSION_TOMOGRAPHY_IMAGE_STORAGE,
    uids::ENHANCED_PET_IMAGE_STORAGE,
    uids::LEGACY_CONVERTED_ENHANCED_PET_IMAGE_STORAGE,
];

/// What Corrected Image says was corrected (PS3.3 C.8.9.1).
#[derive(Debug, Clone, Copy, Default)]
struct Corrected {
    /// ATTN.
    attenuation: bool,
    /// DECY.
    decay: bool,
}

/// What one PET header says that an SUV needs.
#[derive(Debug, Clone, Default)]
pub(super) struct Pet {
    /// Units: `BQML`.
    units: Option<String>,
    /// SUV Type; where there is none, grams are of body weight (PS3.3 C.8.9.1).
    suv_type: Option<String>,
    /// Corrected Image (0028,0051).
    corrected: Corrected,
    /// Decay Correction: `START`.
    decay_correction: Option<String>,
    /// The file gives a Rescale Slope: without it the units say nothing.
    rescaled: bool,
    /// Patient's Weight, kg.
    weight_kg: Phi<Option<f64>>,
    /// Patient's Size and Sex, for an SUV of another kind.
    body: Phi<body::Body>,
    /// Items of the Radiopharmaceutical Information Sequence.
    injections: usize,
    /// Radionuclide Total Dose, Bq.
    dose_bq: Option<f64>,
    /// Radionuclide Half Life, s.
    half_life_s: Option<f64>,
    /// When the injection began.
    injection: Option<time::Injection>,
    /// Series Date and Time.
    series: Option<NaiveDateTime>,
    /// Acquisition Date and Time: the start of this bed position.
    acquisition: Option<NaiveDateTime>,
    /// Scan time of GE (0009,xx0D), which processing leaves alone.
    ge_scan: Option<NaiveDateTime>,
    /// Frame Reference Time, s after the scan began.
    reference_s: Option<f64>,
    /// Actual Frame Duration, s.
    duration_s: Option<f64>,
    /// Number of Slices: images that the whole series has.
    slices: Option<u32>,
    /// SUV of one count (7053,xx00) of Philips.
    philips_suv: Option<f64>,
    /// Bq/ml of one count (7053,xx09) of Philips.
    philips_activity: Option<f64>,
}

/// What only the images of a series together say.
#[derive(Debug, Clone, Copy, Default)]
struct Whole {
    /// The earliest acquisition.
    earliest: Option<NaiveDateTime>,
    /// Whether each of them has a time of acquisition.
    all_timed: bool,
    /// How many there are.
    images: usize,
}

impl Pet {
    /// Reads a PET header; `None` of any other object.
    pub(super) fn read(top: &InMemDicomObject, sop_class: &str) -> Option<Self> {
        if !PET.contains(&sop_class) {
            return None;
        }
        let groups = Groups::new(top);
        let converted = groups
            .shared()
            .and_then(|shared| shared.item(tags::UNASSIGNED_SHARED_CONVERTED_ATTRIBUTES_SEQUENCE));
        // Where the attribute stands: converted objects keep some in a sequence of their own.
        let at = |tag: Tag| if top.get(tag).is_some() { Some(top) } else { converted };
        let text = |tag| at(tag)?.text(tag).map(|text| text.trim().to_owned());
        let decimal = |tag| at(tag)?.decimal(tag);
        let positive = |tag| decimal(tag).filter(|number| *number > 0.0);
        let moment = |date, clock| time::moment(&text(date)?, &text(clock)?);
        let slope =
            groups.frame(0).read(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, tags::RESCALE_SLOPE, |from| {
                from.decimal(tags::RESCALE_SLOPE)
            });
        let corrected = text(tags::CORRECTED_IMAGE).unwrap_or_default();
        let holds = |what| corrected.split('\\').any(|word| word.trim() == what);
        let zone = text(tags::TIMEZONE_OFFSET_FROM_UTC);
        let doses = at(tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE)
            .map(|from| from.items(tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE))
            .unwrap_or_default();
        let dose = doses.first();
        let of_dose = |tag| dose?.decimal(tag).filter(|number| *number > 0.0);
        let milliseconds = |tag| positive(tag).map(|milliseconds| milliseconds / 1000.0);
        let philips = |low| philips(top, low).filter(|number| *number > 0.0);
        let ge = private(top, 0x0009, "GEMS_PETD_01", 0x0D);
        Some(Self {
            units: text(tags::UNITS),
            suv_type: text(tags::SUV_TYPE),
            corrected: Corrected { attenuation: holds("ATTN"), decay: holds("DECY") },
            decay_correction: text(tags::DECAY_CORRECTION),
            rescaled: slope.is_some_and(|slope| slope != 0.0),
            weight_kg: Phi::new(positive(tags::PATIENT_WEIGHT)),
            body: Phi::new(body::Body {
                size_m: positive(tags::PATIENT_SIZE),
                sex: text(tags::PATIENT_SEX).as_deref().and_then(body::Sex::read),
            }),
            injections: doses.len(),
            dose_bq: of_dose(tags::RADIONUCLIDE_TOTAL_DOSE),
            half_life_s: of_dose(tags::RADIONUCLIDE_HALF_LIFE),
            injection: dose.and_then(|dose| {
                let text = |tag| dose.text(tag);
                time::injection(
                    text(tags::RADIOPHARMACEUTICAL_START_DATE_TIME).as_deref(),
                    text(tags::RADIOPHARMACEUTICAL_START_TIME).as_deref(),
                    zone.as_deref(),
                )
            }),
            series: moment(tags::SERIES_DATE, tags::SERIES_TIME),
            acquisition: moment(tags::ACQUISITION_DATE, tags::ACQUISITION_TIME)
                .or_else(|| time::whole(&text(tags::ACQUISITION_DATE_TIME)?, zone.as_deref())),
            ge_scan: ge.and_then(|ge| time::whole(&ge.text, zone.as_deref())),
            reference_s: milliseconds(tags::FRAME_REFERENCE_TIME),
            duration_s: milliseconds(tags::ACTUAL_FRAME_DURATION),
            slices: at(tags::NUMBER_OF_SLICES)
                .and_then(|from| from.count(tags::NUMBER_OF_SLICES, Expected::Whole))
                .filter(|count| *count > 0),
            philips_suv: philips(0x00),
            philips_activity: philips(0x09),
        })
    }
}

/// A factor of Philips: from the block that is its own, or where the block names no owner though the scanner is one of
/// Philips, from where it always stands (some software drops the names of private blocks).
fn philips(top: &InMemDicomObject, low: u16) -> Option<f64> {
    const GROUP: u16 = 0x7053;
    if let Some(own) = private(top, GROUP, "Philips PET Private Group", low) {
        return own.decimal;
    }
    let is_philips =
        top.text(tags::MANUFACTURER).is_some_and(|name| name.to_ascii_lowercase().starts_with("philips"));
    let is_unnamed = top.get(Tag(GROUP, 0x10)).is_none();
    (is_philips && is_unnamed).then(|| top.decimal(Tag(GROUP, 0x1000 | low))).flatten()
}

/// A private element as number and as text.
struct Private {
    decimal: Option<f64>,
    text: String,
}

/// The element `low` of the block that a creator reserved in a group (PS3.5 7.8.1).
fn private(top: &InMemDicomObject, group: u16, creator: &str, low: u16) -> Option<Private> {
    (0x10..=0xFF).find_map(|block: u16| {
        let own = top.text(Tag(group, block)).is_some_and(|name| name.eq_ignore_ascii_case(creator));
        let tag = Tag(group, block << 8 | low);
        let text = own.then(|| top.text(tag)).flatten()?;
        Some(Private { decimal: top.decimal(tag), text: text.into_owned() })
    })
}

/// The frames of the instances of one series, PET frames with their `SUVbw` or with the reason why there is none.
///
/// The series is asked as a whole: where its own date is that of later processing, the first bed tells when it began.
pub(super) fn frames_of(instances: &[Arc<Instance>]) -> Vec<Arc<Frame>> {
    let pets = || instances.iter().filter_map(|instance| Some((instance.pet.as_deref()?, instance)));
    let whole = Whole {
        earliest: pets().filter_map(|(pet, _)| pet.acquisition).min(),
        all_timed: pets().all(|(pet, _)| pet.acquisition.is_some()),
        images: pets().map(|(_, instance)| instance.frames.len()).sum(),
    };
    let mut frames = Vec::new();
    for instance in instances {
        let suv = instance.pet.as_ref().map(|pet| pet.factor(&whole));
        let doubts = instance.pet.as_ref().filter(|pet| pet.needs_dose()).map(|pet| pet.doubts());
        let doubts = doubts.unwrap_or_default();
        frames.extend(instance.frames.iter().map(|frame| match &suv {
            Some(suv) if !frame.color => Arc::new(with_suv(frame, suv, &doubts)),
            Some(_) | None => Arc::clone(frame),
        }));
    }
    frames
}

fn with_suv(frame: &Frame, suv: &Result<Factor, Refusal>, doubts: &[Doubt]) -> Frame {
    let mut frame = frame.clone();
    let own = frame.real_world.iter().find(|map| map.is_suv_bw());
    let how = match (own, suv, &frame.transform) {
        (Some(own), ..) => Arc::clone(&own.source),
        (None, Ok(factor), ModalityTransform::Rescale { slope, intercept }) => {
            let [first, last] = frame.stored.layout.stored_range();
            let map = RealWorldMap {
                label: RealWorldMap::SUV_BW.into(),
                // Wherever the number goes, the doubt goes with it.
                unit: match doubts {
                    [] => "g/ml".into(),
                    [doubt] => format!("g/ml ({} implausible)", doubt.number).into(),
                    [..] => "g/ml (weight and dose implausible)".into(),
                },
                first,
                last,
                // From stored values: each slice has a slope of its own.
                function: RealWorldFunction::Linear {
                    slope: slope * factor.per_unit,
                    intercept: intercept * factor.per_unit,
                },
                source: Arc::clone(&factor.how),
            };
            frame.real_world = frame.real_world.iter().cloned().chain([map]).collect();
            frame.warnings.extend(doubts.iter().map(|doubt| Warning::SuvDoubtful(doubt.words.clone())));
            Arc::clone(&factor.how)
        }
        (None, Ok(_), ModalityTransform::Lut { .. }) => {
            frame.warnings.push(Warning::NoSuv(Refusal::NoRescale.to_string()));
            return frame;
        }
        (None, Err(refusal), _) => {
            frame.warnings.push(Warning::NoSuv(refusal.to_string()));
            return frame;
        }
    };
    let line = (RealWorldMap::SUV_BW.to_owned(), how.to_string());
    frame.technique = frame.technique.iter().cloned().chain([line]).collect();
    frame
}
