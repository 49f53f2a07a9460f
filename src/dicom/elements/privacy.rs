//! Which elements say who the patient is, or may say it.

use dicom_core::dictionary::DataDictionary as _;
use dicom_core::{Tag, VR};
use dicom_dictionary_std::StandardDataDictionary;

use super::profile::IDENTIFYING;

/// Private elements that hold technique and nothing else: creator, group, ends of the elements.
///
/// From PS3.15 table E.3.10-1 ("Safe Private Attributes", edition 2026d), without what holds free text or a
/// sequence, whose content nobody can vouch for, and without what says nothing of how an image was acquired.
const SAFE: [(&str, u16, &[u8]); 12] = [
    ("ELSCINT1", 0x00E1, &[0x21, 0x50]),
    ("ELSCINT1", 0x01E1, &[0x26]),
    ("ELSCINT1", 0x01F1, &[0x01, 0x07, 0x26, 0x27]),
    ("GEMS_ACQU_01", 0x0019, &[0x23, 0x24, 0x27, 0x9E]),
    ("GEMS_HELIOS_01", 0x0045, &[0x01, 0x02]),
    ("GEMS_PARM_01", 0x0043, &[0x27, 0x39, 0x6F]),
    ("GEMS_SERS_01", 0x0025, &[0x07]),
    ("Philips Imaging DD 001", 0x2001, &PHILIPS_MR),
    ("Philips MR Imaging DD 001", 0x2005, &[0x0D, 0x0E]),
    ("Philips PET Private Group", 0x7053, &[0x00, 0x09]),
    ("SIEMENS MR HEADER", 0x0019, &[0x0C, 0x0D, 0x0E, 0x27]),
    ("SIEMENS Ultrasound SC2000", 0x0119, &[0x13]),
];

/// Numbers and code words of MR images and series: shift, diffusion, phase, plane, gating, echoes, slices, angles.
const PHILIPS_MR: [u8; 44] = [
    0x01, 0x02, 0x03, 0x04, 0x06, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0E, 0x0F, 0x10, 0x11, 0x12, 0x13, 0x14,
    0x15, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x1B, 0x1C, 0x1D, 0x1E, 0x1F, 0x21, 0x22, 0x23, 0x24, 0x2D, 0x35,
    0x60, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x88, 0x89, 0x8A,
];

/// Whether an element of this creator, if it is private, may say who the patient is.
pub(super) fn is_identifying(tag: Tag, vr: Option<VR>, creator: Option<&str>) -> bool {
    let Tag(group, element) = tag;
    if element == 0 {
        return false;
    }
    if group % 2 == 1 {
        let is_creator = (0x10..=0xFF).contains(&element);
        let [_, end] = element.to_be_bytes();
        let is_safe = || {
            SAFE.iter()
                .any(|(of, of_group, ends)| Some(*of) == creator && *of_group == group && ends.contains(&end))
        };
        return !is_creator && !is_safe();
    }
    match vr {
        Some(VR::UI) => return false,
        Some(VR::PN) => return true,
        Some(_) | None => {}
    }
    let curve = group & 0xFF00 == 0x5000;
    let overlay = group & 0xFF00 == 0x6000 && matches!(element, 0x3000 | 0x4000);
    let unknown = StandardDataDictionary.by_tag(tag).is_none();
    let number = u32::from(group) << 16 | u32::from(element);
    curve || overlay || unknown || IDENTIFYING.binary_search(&number).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use dicom_dictionary_std::tags;

    #[test]
    fn who_is_hidden_and_how_is_not() {
        let is = |tag, vr| is_identifying(tag, Some(vr), None);
        for (tag, vr) in [
            (tags::PATIENT_NAME, VR::PN),
            (tags::PATIENT_ID, VR::LO),
            (tags::PATIENT_BIRTH_DATE, VR::DA),
            (tags::INSTITUTION_NAME, VR::LO),
            (tags::INSTITUTION_ADDRESS, VR::ST),
            (tags::REFERRING_PHYSICIAN_NAME, VR::PN),
            (tags::ACCESSION_NUMBER, VR::SH),
            (tags::STUDY_DESCRIPTION, VR::LO),
            (tags::STATION_NAME, VR::SH),
            (tags::PATIENT_COMMENTS, VR::LT),
            (tags::OTHER_PATIENT_I_DS_SEQUENCE, VR::SQ),
            (tags::CONTENT_SEQUENCE, VR::SQ),
            (Tag(0x6002, 0x4000), VR::LT),
            (Tag(0x5000, 0x3000), VR::OW),
            (Tag(0x0011, 0x1001), VR::LO),
            (Tag(0x0008, 0x9999), VR::LO),
        ] {
            assert!(is(tag, vr), "{tag}");
        }
        for (tag, vr) in [
            (tags::STUDY_INSTANCE_UID, VR::UI),
            (tags::STUDY_DATE, VR::DA),
            (tags::MODALITY, VR::CS),
            (tags::ROWS, VR::US),
            (tags::MANUFACTURER, VR::LO),
            (tags::SPECIFIC_CHARACTER_SET, VR::CS),
            (tags::PIXEL_DATA, VR::OW),
            (tags::REFERENCED_IMAGE_SEQUENCE, VR::SQ),
            (Tag(0x0011, 0x0010), VR::LO),
            (Tag(0x0010, 0x0000), VR::UL),
        ] {
            assert!(!is(tag, vr), "{tag}");
        }
    }

    #[test]
    fn of_private_elements_only_the_technique_shows() {
        let is = |creator, group, element| is_identifying(Tag(group, element), None, creator);
        for (creator, group, element) in [
            ("SIEMENS MR HEADER", 0x0019, 0x100C),
            ("SIEMENS MR HEADER", 0x0019, 0x1127),
            ("Philips MR Imaging DD 001", 0x2005, 0x100E),
            ("Philips Imaging DD 001", 0x2001, 0x1003),
            ("Philips Imaging DD 001", 0x2001, 0x108A),
            ("GEMS_PARM_01", 0x0043, 0x1039),
            ("ELSCINT1", 0x00E1, 0x1050),
        ] {
            assert!(!is(Some(creator), group, element), "{creator} ({group:04X},{element:04X})");
        }
        for (creator, group, element) in [
            // Another creator's, another group's, nobody's.
            (Some("GEMS_ACQU_01"), 0x0019, 0x100C),
            (Some("SIEMENS MR HEADER"), 0x0051, 0x100C),
            (None, 0x0019, 0x100C),
            // The rest of the header in one value, with everything that it says of the patient.
            (Some("SIEMENS CSA HEADER"), 0x0029, 0x1010),
            (Some("SIEMENS CSA HEADER"), 0x0029, 0x1020),
            // Free text, and a sequence.
            (Some("Philips Imaging DD 001"), 0x2001, 0x1050),
            (Some("Philips Imaging DD 001"), 0x2001, 0x105F),
            (Some("Philips Imaging DD 001"), 0x2001, 0x1020),
            (Some("philips imaging dd 001"), 0x2001, 0x1003),
        ] {
            assert!(is(creator, group, element), "{creator:?} ({group:04X},{element:04X})");
        }
        assert!(PHILIPS_MR.is_sorted());
    }

    #[test]
    fn the_table_can_be_searched() {
        assert!(IDENTIFYING.is_sorted());
    }
}
