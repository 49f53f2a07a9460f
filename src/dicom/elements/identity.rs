//! What of an image's header says who the patient is, and what its pixels may say of it.
//!
//! Of free text only what describes a person or a place is taken: a description of the series or the diagnosis says
//! what is seen, and an author who says the same would be asked at every word. Of comments only whoever is named in
//! them, and of private elements only what is written as a name.

use std::path::Path;

use dicom_core::{Tag, VR};
use dicom_dictionary_std::{tags, uids};

use super::comments::in_words;
use super::{ElementList, ElementRow, RowKind, read_elements_at};
use crate::dicom::Whereabouts;
use crate::dicom::error::Result;
use crate::identify::Identifier;
use crate::image::Phi;

/// UIDs of the standard itself, which everybody has.
const STANDARD: &str = "1.2.840.10008.";
/// A longer text is a report; nobody types all of it again.
const LONGEST: usize = 256;
/// Bytes of a comment whose names are looked for.
const LONGEST_COMMENT: usize = 4096;

/// What a header says of the patient, and of what the pixels may say.
#[derive(Debug, Clone, Default)]
pub struct Identity {
    /// Values that identify, as they stand in the file; several in one are separated by backslashes.
    pub values: Vec<(Identifier, Phi<String>)>,
    /// What the pixels may show.
    pub hints: PixelHints,
}

/// What a header lets expect of the pixels.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PixelHints {
    /// Burned In Annotation: whether text is in the pixels; `None` where the file does not say.
    pub burned_in: Option<bool>,
    /// Recognizable Visual Features: whether the patient can be recognised; `None` where the file does not say.
    pub recognizable: Option<bool>,
    /// It was captured from a screen, film or paper.
    pub captured: bool,
    /// What it is, in words, where its kind often shows text or a face: "an ultrasound image".
    pub telling_kind: Option<&'static str>,
    /// A camera took it.
    pub photograph: bool,
    /// Whether it shows the head; `None` where the file does not say.
    pub head: Option<bool>,
}

/// Reads what identifies in the header of one file, which may lie in an archive.
pub fn read_identity(path: &Path, bytes: &Whereabouts) -> Result<Identity> {
    Ok(identity(&read_elements_at(path, bytes)?))
}

fn identity(list: &ElementList) -> Identity {
    let elements = || list.rows.iter().filter(|row| row.kind == RowKind::Element);
    let named = |row: &ElementRow| {
        let value = row.value.reveal();
        let wanted = !value.is_empty() && value.len() <= LONGEST;
        let whole = wanted.then(|| identifier(row)).flatten();
        let comment = (value.len() <= LONGEST_COMMENT).then(|| in_words(row)).flatten();
        whole.into_iter().chain(comment).map(|identifier| (identifier, row.value.clone())).collect::<Vec<_>>()
    };
    Identity { values: elements().flat_map(named).collect(), hints: hints(list) }
}

/// What an element is, if its value identifies.
fn identifier(row: &ElementRow) -> Option<Identifier> {
    let tag = Tag(row.tag.0, row.tag.1);
    // Nobody can say what of private elements is a value that a person would type.
    if tag.group() % 2 == 1 {
        return None;
    }
    let other = || Identifier::Other(row.name().into_owned());
    Some(match tag {
        tags::PATIENT_ID
        // Other Patient IDs and Medical Record Locator, which the standard has retired and archives have not.
        | Tag(0x0010, 0x1000 | 0x1090)
        | tags::CLINICAL_TRIAL_SUBJECT_ID
        | tags::CLINICAL_TRIAL_SUBJECT_READING_ID => Identifier::PatientId,
        tags::PATIENT_BIRTH_DATE => Identifier::BirthDate,
        tags::ACCESSION_NUMBER
        | tags::PLACER_ORDER_NUMBER_IMAGING_SERVICE_REQUEST
        | tags::FILLER_ORDER_NUMBER_IMAGING_SERVICE_REQUEST => Identifier::AccessionNumber,
        tags::INSTITUTION_NAME
        | tags::INSTITUTIONAL_DEPARTMENT_NAME
        | tags::CLINICAL_TRIAL_SITE_NAME
        | tags::REQUESTING_SERVICE => Identifier::Institution,
        tags::INSTITUTION_ADDRESS
        | tags::PATIENT_ADDRESS
        | tags::REFERRING_PHYSICIAN_ADDRESS
        | tags::COUNTRY_OF_RESIDENCE
        | tags::REGION_OF_RESIDENCE
        | Tag(0x0038, 0x0400) => Identifier::Address,
        tags::RESPONSIBLE_PERSON => Identifier::Person,
        tags::STATION_NAME
        | tags::STATION_AE_TITLE
        | tags::DEVICE_SERIAL_NUMBER
        | tags::STUDY_ID
        | tags::ADMISSION_ID
        | tags::CURRENT_PATIENT_LOCATION
        | tags::REQUESTED_PROCEDURE_ID
        | tags::SCHEDULED_PROCEDURE_STEP_ID
        | tags::PERFORMED_PROCEDURE_STEP_ID
        | tags::PERFORMED_STATION_NAME
        | tags::PERFORMED_STATION_AE_TITLE
        | tags::REFERRING_PHYSICIAN_TELEPHONE_NUMBERS
        | tags::CLINICAL_TRIAL_SITE_ID
        | tags::CLINICAL_TRIAL_PROTOCOL_ID => telling(row).then(other)?,
        _ => return by_representation(row, other),
    })
}

/// What an element without a rule of its own is, by how its value is written.
fn by_representation(row: &ElementRow, other: impl Fn() -> Identifier) -> Option<Identifier> {
    let (group, vr) = (row.tag.0, row.vr.code);
    let is_text = matches!(vr, VR::LO | VR::SH | VR::LT | VR::ST | VR::UT | VR::UC);
    if vr == VR::PN {
        return Some(if group == 0x0010 { Identifier::PatientName } else { Identifier::Person });
    }
    if matches!(vr, VR::DA | VR::DT | VR::TM) {
        return Some(Identifier::StudyDate);
    }
    if vr == VR::UI {
        // Of the meta information the first UID is the image's; the others are those of programs.
        let of_image = group != 0x0002 || row.tag.1 == tags::MEDIA_STORAGE_SOP_INSTANCE_UID.1;
        return (of_image && !row.value.reveal().starts_with(STANDARD)).then_some(Identifier::Uid);
    }
    (group == 0x0010 && is_text && row.identifying && telling(row)).then(other)
}

/// Whether a value can be told from the words of any caption: a scanner named "MRI" cannot.
fn telling(row: &ElementRow) -> bool {
    const PLAIN: [&str; 16] = [
        "none",
        "null",
        "unknown",
        "anonymous",
        "anonymized",
        "removed",
        "brain",
        "head",
        "chest",
        "scan",
        "scanner",
        "philips",
        "siemens",
        "toshiba",
        "canon",
        "console",
    ];
    let value = row.value.reveal().trim();
    value.chars().count() >= 4 && !PLAIN.contains(&value.to_lowercase().as_str())
}

fn hints(list: &ElementList) -> PixelHints {
    let values = |tag: Tag| {
        let of_tag = move |row: &&ElementRow| Tag(row.tag.0, row.tag.1) == tag;
        list.rows.iter().filter(of_tag).map(|row| row.value.reveal().trim()).filter(|value| !value.is_empty())
    };
    // Each frame may say it for itself: one YES is enough.
    let flag = |tag: Tag| {
        let said: Vec<bool> = values(tag).map(|value| value.eq_ignore_ascii_case("YES")).collect();
        (!said.is_empty()).then(|| said.contains(&true))
    };
    let class = values(tags::SOP_CLASS_UID).next().unwrap_or_default();
    let class = class.split(' ').next().unwrap_or_default();
    let modality = values(tags::MODALITY).next().unwrap_or_default();
    let of_type = values(tags::IMAGE_TYPE).next().unwrap_or_default().to_uppercase();
    let converted = values(tags::CONVERSION_TYPE).next().is_some();
    let photograph = matches!(
        class,
        uids::VL_PHOTOGRAPHIC_IMAGE_STORAGE
            | uids::VIDEO_PHOTOGRAPHIC_IMAGE_STORAGE
            | uids::DERMOSCOPIC_PHOTOGRAPHY_IMAGE_STORAGE
    ) || modality == "XC";
    let captured = is_capture(class) || converted || of_type.contains("SCREEN SAVE");
    // Of a capture nothing else is said by "other".
    let kind = telling_kind(modality).filter(|_| !captured || modality != "OT");
    PixelHints {
        burned_in: flag(tags::BURNED_IN_ANNOTATION),
        recognizable: flag(tags::RECOGNIZABLE_VISUAL_FEATURES),
        captured,
        telling_kind: if photograph { Some("a photograph") } else { kind },
        photograph,
        head: head(list, &values(tags::BODY_PART_EXAMINED).collect::<Vec<_>>()),
    }
}

fn is_capture(class: &str) -> bool {
    matches!(
        class,
        uids::SECONDARY_CAPTURE_IMAGE_STORAGE
            | uids::MULTI_FRAME_SINGLE_BIT_SECONDARY_CAPTURE_IMAGE_STORAGE
            | uids::MULTI_FRAME_GRAYSCALE_BYTE_SECONDARY_CAPTURE_IMAGE_STORAGE
            | uids::MULTI_FRAME_GRAYSCALE_WORD_SECONDARY_CAPTURE_IMAGE_STORAGE
            | uids::MULTI_FRAME_TRUE_COLOR_SECONDARY_CAPTURE_IMAGE_STORAGE
    )
}

/// Modalities whose images often show text or a face, in words.
fn telling_kind(modality: &str) -> Option<&'static str> {
    Some(match modality {
        "US" | "IVUS" => "an ultrasound image",
        "ES" => "an endoscopic image",
        "GM" | "SM" => "a microscopic image",
        "DM" | "DMS" => "a photograph",
        "OP" | "IO" | "PX" => "an image of eyes or teeth",
        "SC" | "HC" | "FID" => "a captured or scanned image",
        "DOC" | "SR" => "a document",
        "RF" | "XA" => "a fluoroscopic image",
        "OT" => "an image of no known kind",
        _ => return None,
    })
}

/// Whether the head is shown: by the part of the body, else by the words of the descriptions.
fn head(list: &ElementList, parts: &[&str]) -> Option<bool> {
    const PARTS: [&str; 17] = [
        "HEAD", "BRAIN", "SKULL", "FACE", "FACIAL", "NECK", "ORBIT", "EYE", "SINUS", "NOSE", "JAW",
        "MAXILLA", "MANDIBLE", "CRANI", "CEREBR", "IAC", "TMJ",
    ];
    const WORDS: [&str; 14] = [
        "head", "brain", "skull", "face", "facial", "orbit", "sinus", "cran", "cerebr", "neuro", "kopf",
        "schaedel", "schädel", "cabeza",
    ];
    let region = list.rows.iter().enumerate().filter(|(_, row)| is(row, tags::ANATOMIC_REGION_SEQUENCE));
    let meanings = region.flat_map(|(at, row)| list.rows.get(at..=at + row.below).unwrap_or_default());
    let meanings = meanings.filter(|row| is(row, tags::CODE_MEANING)).map(|row| row.value.reveal().as_str());
    let said: Vec<String> = parts.iter().copied().chain(meanings).map(str::to_uppercase).collect();
    if said.iter().any(|said| PARTS.iter().any(|part| said.contains(part))) {
        return Some(true);
    }
    let described = [tags::STUDY_DESCRIPTION, tags::SERIES_DESCRIPTION, tags::PROTOCOL_NAME];
    let mut texts = list.rows.iter().filter(|row| described.iter().any(|tag| is(row, *tag)));
    let in_words = texts.any(|row| {
        let text = row.value.reveal().to_lowercase();
        WORDS.iter().any(|word| text.contains(word))
    });
    match (in_words, said.is_empty()) {
        (true, _) => Some(true),
        (false, false) => Some(false),
        (false, true) => None,
    }
}

fn is(row: &ElementRow, tag: Tag) -> bool {
    row.kind == RowKind::Element && row.tag == (tag.0, tag.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dicom::elements::{Vr, show};

    fn row(tag: Tag, code: VR, value: &str) -> ElementRow {
        ElementRow {
            kind: RowKind::Element,
            depth: 0,
            length: None,
            offset: 0,
            keyword: "",
            creator: None,
            identifying: super::super::privacy::is_identifying(tag, Some(code), None),
            below: 0,
            tag: (tag.0, tag.1),
            vr: Vr { code, in_file: true },
            value: Phi::new(value.to_owned()),
        }
    }

    fn of(rows: &[(Tag, VR, &str)]) -> Identity {
        let rows = rows.iter().map(|(tag, code, value)| row(*tag, *code, value)).collect();
        identity(&ElementList { rows, notes: Vec::new() })
    }

    fn kinds(rows: &[(Tag, VR, &str)]) -> Vec<Identifier> {
        of(rows).values.into_iter().map(|(identifier, _)| identifier).collect()
    }

    #[test]
    fn each_value_is_what_its_element_says() {
        let found = kinds(&[
            (tags::PATIENT_NAME, VR::PN, "Quixote^Zebulon"),
            (tags::PATIENT_MOTHER_BIRTH_NAME, VR::PN, "Panza"),
            (tags::OPERATORS_NAME, VR::PN, "Rocinante^R"),
            (tags::PATIENT_ID, VR::LO, "77-1"),
            (tags::PATIENT_BIRTH_DATE, VR::DA, "19540301"),
            (tags::ACQUISITION_DATE_TIME, VR::DT, "20150512101500"),
            (tags::STUDY_TIME, VR::TM, "101500"),
            (tags::INSTITUTION_NAME, VR::LO, "Dulcinea"),
            (tags::INSTITUTION_ADDRESS, VR::ST, "La Mancha"),
            (tags::ACCESSION_NUMBER, VR::SH, "A1"),
            (tags::FRAME_OF_REFERENCE_UID, VR::UI, "1.2.3"),
            (tags::OCCUPATION, VR::SH, "Knight"),
        ]);
        assert_eq!(
            found,
            [
                Identifier::PatientName,
                Identifier::PatientName,
                Identifier::Person,
                Identifier::PatientId,
                Identifier::BirthDate,
                Identifier::StudyDate,
                Identifier::StudyDate,
                Identifier::Institution,
                Identifier::Address,
                Identifier::AccessionNumber,
                Identifier::Uid,
                Identifier::Other(show::words("")),
            ]
            .map(|kind| if matches!(kind, Identifier::Other(_)) {
                Identifier::Other("Unknown".to_owned())
            } else {
                kind
            })
        );
    }

    #[test]
    fn what_says_what_is_seen_identifies_nobody() {
        let found = kinds(&[
            (tags::SERIES_DESCRIPTION, VR::LO, "T1 axial"),
            (tags::ADMITTING_DIAGNOSES_DESCRIPTION, VR::LO, "Meningioma"),
            (tags::PATIENT_SEX, VR::CS, "F"),
            (tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.2 (CT Image Storage)"),
            (tags::IMPLEMENTATION_CLASS_UID, VR::UI, "1.2.3.4"),
            (tags::STATION_NAME, VR::SH, "MRI"),
            (tags::PATIENT_NAME, VR::PN, ""),
            (Tag(0x0011, 0x1010), VR::LO, "private"),
        ]);
        assert_eq!(found, []);
    }

    #[test]
    fn comments_and_private_texts_may_name_somebody() {
        let comment = |rows: &[(Tag, VR, &str)]| {
            of(rows).values.into_iter().filter(|(kind, _)| matches!(kind, Identifier::Comment(_))).count()
        };
        for tag in [tags::IMAGE_COMMENTS, tags::PATIENT_COMMENTS, tags::REQUESTED_PROCEDURE_COMMENTS] {
            assert_eq!(comment(&[(tag, VR::LT, "CT of Quixote, repeated")]), 1, "{tag}");
        }
        let private = Tag(0x0011, 0x1010);
        for value in ["Quixote^Zebulon", "Quixote, Zebulon", "Zebulon Quixote", "PatientName=QUIXOTE"] {
            assert_eq!(comment(&[(private, VR::LO, value)]), 1, "{value}");
        }
        assert_eq!(comment(&[(private, VR::PN, "Quixote")]), 1);
        for value in
            ["SIEMENS CSA HEADER", "fl3d_vibe", "Fast", "x^2", "1.5T head coil", "T1 TSE dark fluid", ""]
        {
            assert_eq!(comment(&[(private, VR::LO, value)]), 0, "{value}");
        }
        assert_eq!(comment(&[(Tag(0x0011, 0x0010), VR::LO, "Philips Imaging DD")]), 0, "a creator");
    }

    #[test]
    fn flags_and_kinds_say_what_the_pixels_may_show() {
        let hints = of(&[
            (tags::SOP_CLASS_UID, VR::UI, &format!("{} (Secondary)", uids::SECONDARY_CAPTURE_IMAGE_STORAGE)),
            (tags::MODALITY, VR::CS, "US"),
            (tags::BURNED_IN_ANNOTATION, VR::CS, "yes"),
            (tags::RECOGNIZABLE_VISUAL_FEATURES, VR::CS, "NO"),
            (tags::BODY_PART_EXAMINED, VR::CS, "ABDOMEN"),
        ])
        .hints;
        assert_eq!(
            hints,
            PixelHints {
                burned_in: Some(true),
                recognizable: Some(false),
                captured: true,
                telling_kind: Some("an ultrasound image"),
                photograph: false,
                head: Some(false),
            }
        );
        assert_eq!(of(&[(tags::MODALITY, VR::CS, "CT")]).hints, PixelHints::default());
        assert_eq!(of(&[(tags::STUDY_DESCRIPTION, VR::LO, "CCT / Schädel")]).hints.head, Some(true));
        let photograph = of(&[(tags::MODALITY, VR::CS, "XC")]).hints;
        assert_eq!((photograph.photograph, photograph.telling_kind), (true, Some("a photograph")));
    }

    #[test]
    fn no_value_prints() {
        let printed = format!("{:?}", of(&[(tags::PATIENT_NAME, VR::PN, "Quixote^Zebulon")]));
        assert!(!printed.contains("Quixote") && printed.contains("<phi>"), "{printed}");
    }
}
