//! Writes DICOM objects: any by [`write()`], and the images of the sample case and of tests.
//!
//! The same input gives the same bytes on every machine: no clock, no random UID, one element order.

use std::io::Write as _;
use std::path::Path;

use dicom_core::value::PixelFragmentSequence;
use dicom_core::{PrimitiveValue, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;

use crate::files::{Target, write_whole};
use crate::geometry::FramePlane;

mod part10;
mod rle;

pub use part10::{Lengths, data_set_of, file_of, write};

/// How a file is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// Explicit VR little endian, as it is.
    Plain,
    /// Explicit VR little endian, the data set deflated.
    Deflated,
    /// RLE Lossless pixel data.
    Rle,
}

impl Syntax {
    /// The transfer syntax UID.
    pub fn uid(self) -> &'static str {
        match self {
            Self::Plain => uids::EXPLICIT_VR_LITTLE_ENDIAN,
            Self::Deflated => uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
            Self::Rle => uids::RLE_LOSSLESS,
        }
    }
}

/// Whose images they are. All of it is invented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patient {
    /// Name, component groups separated by `=`.
    pub name: String,
    /// Identifier.
    pub id: String,
    /// `YYYYMMDD`.
    pub birth_date: String,
    /// `M`, `F` or `O`.
    pub sex: String,
    /// As `047Y`.
    pub age: String,
}

/// One visit to the scanner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Study {
    /// Study Instance UID.
    pub uid: String,
    /// Frame of reference that its series share.
    pub frame_of_reference: String,
    /// `YYYYMMDD`.
    pub date: String,
    /// `HHMMSS`.
    pub time: String,
    /// Study ID.
    pub id: String,
    /// What was asked for.
    pub description: String,
}

/// What only CT or only MR has.
#[derive(Debug, Clone, PartialEq)]
pub enum Modality {
    /// CT Image Storage.
    Ct {
        /// Gantry tilt in degrees.
        tilt_degrees: f64,
        /// Added to a stored value to get HU.
        intercept: f64,
        /// Stored as two's complement.
        signed: bool,
    },
    /// MR Image Storage.
    Mr {
        /// Scanning Sequence, such as `SE`.
        sequence: String,
        /// Sequence Variant.
        variant: String,
        /// Repetition Time in ms.
        repetition_ms: f64,
        /// Echo Time in ms.
        echo_ms: f64,
        /// Echo Train Length.
        echo_train: u16,
        /// Contrast agent, when one was given.
        agent: Option<String>,
    },
}

/// One run of images.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesToWrite {
    /// Series Instance UID.
    pub uid: String,
    /// Series Number.
    pub number: u32,
    /// `HHMMSS`.
    pub time: String,
    /// What it shows.
    pub description: String,
    /// Slice Thickness in mm.
    pub thickness_mm: f64,
    /// Spacing Between Slices in mm, along the normal.
    pub between_slices_mm: f64,
    /// Windows as centre, width, explanation.
    pub windows: Vec<(f64, f64, String)>,
    /// CT or MR.
    pub modality: Modality,
}

/// One image to write.
#[derive(Debug, Clone)]
pub struct ObjectToWrite<'a> {
    /// Who.
    pub patient: &'a Patient,
    /// When.
    pub study: &'a Study,
    /// Which run.
    pub series: &'a SeriesToWrite,
    /// SOP Instance UID.
    pub sop_instance: &'a str,
    /// Instance Number, from 1.
    pub instance_number: usize,
    /// Where the frame lies.
    pub plane: FramePlane,
    /// Columns.
    pub columns: u16,
    /// Stored samples as bit patterns, row by row.
    pub samples: &'a [u16],
    /// Encoding of the file.
    pub syntax: Syntax,
}

/// A 2.25 UID that depends only on the text (PS3.5 B.2; the UUID is version 8, made by FNV-1a).
pub fn uid_from_text(text: &str) -> String {
    let mut hash = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128;
    for byte in text.bytes() {
        hash = (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
    }
    let version = 0x8_u128 << 76;
    let variant = 0b10_u128 << 62;
    let uuid = (hash & !(0xf_u128 << 76) & !(0b11_u128 << 62)) | version | variant;
    format!("2.25.{uuid}")
}

/// Sets one element.
fn set(object: &mut InMemDicomObject, tag: Tag, vr: VR, value: impl Into<PrimitiveValue>) {
    let value: PrimitiveValue = value.into();
    object.put(InMemElement::new(tag, vr, value));
}

fn set_texts(object: &mut InMemDicomObject, rows: &[(Tag, VR, &str)]) {
    for (tag, vr, text) in rows {
        set(object, *tag, *vr, *text);
    }
}

fn set_numbers(object: &mut InMemDicomObject, tag: Tag, numbers: &[f64]) {
    let texts: Vec<String> = numbers.iter().map(|n| decimal(*n)).collect();
    set(object, tag, VR::DS, texts.join("\\"));
}

/// A number of at most 16 characters, as DS wants it.
fn decimal(number: f64) -> String {
    let text = format!("{number:.10}");
    let text = if text.len() > 16 { &text[..16] } else { &text };
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// The bytes of one file.
pub fn encode(object: &ObjectToWrite<'_>) -> std::io::Result<Vec<u8>> {
    let sop_class = match object.series.modality {
        Modality::Ct { .. } => uids::CT_IMAGE_STORAGE,
        Modality::Mr { .. } => uids::MR_IMAGE_STORAGE,
    };
    let mut image = InMemDicomObject::new_empty();
    set_texts(&mut image, &[(tags::SOP_CLASS_UID, VR::UI, sop_class)]);
    identity(&mut image, object);
    plane(&mut image, object);
    match &object.series.modality {
        Modality::Ct { tilt_degrees, intercept, .. } => ct(&mut image, object, *tilt_degrees, *intercept),
        Modality::Mr { .. } => mr(&mut image, &object.series.modality, object.series),
    }
    let samples: Vec<u8> = object.samples.iter().flat_map(|s| s.to_le_bytes()).collect();
    image.put(match object.syntax {
        Syntax::Plain | Syntax::Deflated => {
            InMemElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U8(samples.into()))
        }
        Syntax::Rle => {
            let frame = rle::encode_frame(&samples, usize::from(object.columns));
            let fragments = PixelFragmentSequence::new_fragments(vec![frame]);
            InMemElement::new(tags::PIXEL_DATA, VR::OB, fragments)
        }
    });
    file_of(&image, object.syntax.uid(), Lengths::Undefined)
}

/// Writes one new file whole or not at all.
pub fn write_object(path: &Path, object: &ObjectToWrite<'_>) -> std::io::Result<()> {
    write_bytes(path, &encode(object)?)
}

/// Writes bytes whole or not at all, to a new file: one that is there is left as it is, and is an error unless it holds
/// the same.
pub fn write_bytes(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    write_whole(Target::new(path), |file| file.write_all(bytes))
}

fn identity(to: &mut InMemDicomObject, object: &ObjectToWrite<'_>) {
    let (patient, study, series) = (object.patient, object.study, object.series);
    let modality = if matches!(series.modality, Modality::Ct { .. }) { "CT" } else { "MR" };
    let number = object.instance_number.to_string();
    set_texts(
        to,
        &[
            (tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192"),
            (tags::SOP_INSTANCE_UID, VR::UI, object.sop_instance),
            (tags::STUDY_DATE, VR::DA, &study.date),
            (tags::SERIES_DATE, VR::DA, &study.date),
            (tags::ACQUISITION_DATE, VR::DA, &study.date),
            (tags::CONTENT_DATE, VR::DA, &study.date),
            (tags::STUDY_TIME, VR::TM, &study.time),
            (tags::SERIES_TIME, VR::TM, &series.time),
            (tags::ACQUISITION_TIME, VR::TM, &series.time),
            (tags::CONTENT_TIME, VR::TM, &series.time),
            (tags::ACCESSION_NUMBER, VR::SH, ""),
            (tags::MODALITY, VR::CS, modality),
            (tags::MANUFACTURER, VR::LO, "Isodense"),
            (tags::MANUFACTURER_MODEL_NAME, VR::LO, "synthetic head"),
            (tags::REFERRING_PHYSICIAN_NAME, VR::PN, ""),
            (tags::STUDY_DESCRIPTION, VR::LO, &study.description),
            (tags::SERIES_DESCRIPTION, VR::LO, &series.description),
            (tags::PATIENT_NAME, VR::PN, &patient.name),
            (tags::PATIENT_ID, VR::LO, &patient.id),
            (tags::PATIENT_BIRTH_DATE, VR::DA, &patient.birth_date),
            (tags::PATIENT_SEX, VR::CS, &patient.sex),
            (tags::PATIENT_AGE, VR::AS, &patient.age),
            (tags::PATIENT_IDENTITY_REMOVED, VR::CS, "YES"),
            (tags::DEIDENTIFICATION_METHOD, VR::LO, "Synthetic: computed, never a person"),
            (tags::BODY_PART_EXAMINED, VR::CS, "HEAD"),
            (tags::PATIENT_POSITION, VR::CS, "HFS"),
            (tags::STUDY_INSTANCE_UID, VR::UI, &study.uid),
            (tags::SERIES_INSTANCE_UID, VR::UI, &series.uid),
            (tags::STUDY_ID, VR::SH, &study.id),
            (tags::SERIES_NUMBER, VR::IS, &series.number.to_string()),
            (tags::ACQUISITION_NUMBER, VR::IS, "1"),
            (tags::INSTANCE_NUMBER, VR::IS, &number),
            (tags::FRAME_OF_REFERENCE_UID, VR::UI, &study.frame_of_reference),
            (tags::POSITION_REFERENCE_INDICATOR, VR::LO, ""),
            (tags::BURNED_IN_ANNOTATION, VR::CS, "NO"),
            (tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"),
        ],
    );
}

fn plane(to: &mut InMemDicomObject, object: &ObjectToWrite<'_>) {
    let plane = &object.plane;
    let (origin, right, down) = (plane.origin().0, plane.right(), plane.down());
    set_numbers(to, tags::IMAGE_POSITION_PATIENT, &origin.to_array());
    set_numbers(to, tags::IMAGE_ORIENTATION_PATIENT, &[right.x, right.y, right.z, down.x, down.y, down.z]);
    let spacing = plane.spacing();
    set_numbers(to, tags::PIXEL_SPACING, &[spacing.between_rows.0, spacing.between_columns.0]);
    set_numbers(to, tags::SLICE_THICKNESS, &[object.series.thickness_mm]);
    set_numbers(to, tags::SLICE_LOCATION, &[plane.position_along_normal().0]);
    let (columns, count) = (object.columns, object.samples.len());
    set(to, tags::SAMPLES_PER_PIXEL, VR::US, 1_u16);
    set(to, tags::ROWS, VR::US, u16::try_from(count / usize::from(columns).max(1)).unwrap_or(u16::MAX));
    set(to, tags::COLUMNS, VR::US, columns);
    let windows = &object.series.windows;
    set_numbers(to, tags::WINDOW_CENTER, &windows.iter().map(|w| w.0).collect::<Vec<_>>());
    set_numbers(to, tags::WINDOW_WIDTH, &windows.iter().map(|w| w.1).collect::<Vec<_>>());
    let names: Vec<&str> = windows.iter().map(|w| w.2.as_str()).collect();
    set(to, tags::WINDOW_CENTER_WIDTH_EXPLANATION, VR::LO, names.join("\\"));
    set(to, tags::BITS_ALLOCATED, VR::US, 16_u16);
}

fn stored_bits(to: &mut InMemDicomObject, bits: u16, signed: bool) {
    set(to, tags::BITS_STORED, VR::US, bits);
    set(to, tags::HIGH_BIT, VR::US, bits - 1);
    set(to, tags::PIXEL_REPRESENTATION, VR::US, u16::from(signed));
}

fn ct(to: &mut InMemDicomObject, object: &ObjectToWrite<'_>, tilt: f64, intercept: f64) {
    let signed = matches!(object.series.modality, Modality::Ct { signed: true, .. });
    stored_bits(to, if signed { 16 } else { 12 }, signed);
    set_texts(
        to,
        &[
            (tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\PRIMARY\\AXIAL"),
            (tags::RESCALE_TYPE, VR::LO, "HU"),
            (tags::CONVOLUTION_KERNEL, VR::SH, "H31s"),
            (tags::EXPOSURE, VR::IS, "260"),
            (tags::EXPOSURE_TIME, VR::IS, "1000"),
            (tags::X_RAY_TUBE_CURRENT, VR::IS, "260"),
        ],
    );
    set_numbers(to, tags::KVP, &[120.0]);
    set_numbers(to, tags::GANTRY_DETECTOR_TILT, &[tilt]);
    set_numbers(to, tags::RESCALE_INTERCEPT, &[intercept]);
    set_numbers(to, tags::RESCALE_SLOPE, &[1.0]);
}

fn mr(to: &mut InMemDicomObject, modality: &Modality, series: &SeriesToWrite) {
    let Modality::Mr { sequence, variant, repetition_ms, echo_ms, echo_train, agent } = modality else {
        return;
    };
    stored_bits(to, 12, false);
    set_texts(
        to,
        &[
            (tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\PRIMARY\\OTHER"),
            (tags::SCANNING_SEQUENCE, VR::CS, sequence),
            (tags::SEQUENCE_VARIANT, VR::CS, variant),
            (tags::SCAN_OPTIONS, VR::CS, ""),
            (tags::MR_ACQUISITION_TYPE, VR::CS, "2D"),
            (tags::ECHO_TRAIN_LENGTH, VR::IS, &echo_train.to_string()),
        ],
    );
    set_numbers(to, tags::REPETITION_TIME, &[*repetition_ms]);
    set_numbers(to, tags::ECHO_TIME, &[*echo_ms]);
    set_numbers(to, tags::MAGNETIC_FIELD_STRENGTH, &[1.5]);
    set_numbers(to, tags::SPACING_BETWEEN_SLICES, &[series.between_slices_mm]);
    if let Some(agent) = agent {
        set(to, tags::CONTRAST_BOLUS_AGENT, VR::LO, agent.as_str());
        set(to, tags::CONTRAST_BOLUS_ROUTE, VR::LO, "IV");
    }
}
