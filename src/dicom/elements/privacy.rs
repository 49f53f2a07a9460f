//! Which elements say who the patient is, or may say it.

use dicom_core::dictionary::DataDictionary as _;
use dicom_core::{Tag, VR};
use dicom_dictionary_std::StandardDataDictionary;

use super::profile::IDENTIFYING;

/// Private elements that hold technique and nothing else (of PS3.15 table E.3.10-1): creator, group, element's end.
const SAFE: [(&str, u16, u8); 22] = [
    ("ELSCINT1", 0x00E1, 0x21),
    ("ELSCINT1", 0x01E1, 0x26),
    ("ELSCINT1", 0x01F1, 0x01),
    ("ELSCINT1", 0x01F1, 0x07),
    ("ELSCINT1", 0x01F1, 0x26),
    ("ELSCINT1", 0x01F1, 0x27),
    ("GEMS_ACQU_01", 0x0019, 0x23),
    ("GEMS_ACQU_01", 0x0019, 0x24),
    ("GEMS_ACQU_01", 0x0019, 0x27),
    ("GEMS_ACQU_01", 0x0019, 0x9E),
    ("GEMS_HELIOS_01", 0x0045, 0x01),
    ("GEMS_HELIOS_01", 0x0045, 0x02),
    ("GEMS_PARM_01", 0x0043, 0x27),
    ("GEMS_PARM_01", 0x0043, 0x39),
    ("GEMS_PARM_01", 0x0043, 0x6F),
    ("Philips Imaging DD 001", 0x2001, 0x03),
    ("Philips Imaging DD 001", 0x2001, 0x04),
    ("Philips PET Private Group", 0x7053, 0x00),
    ("Philips PET Private Group", 0x7053, 0x09),
    ("SIEMENS MR HEADER", 0x0019, 0x0C),
    ("SIEMENS MR HEADER", 0x0019, 0x0D),
    ("SIEMENS MR HEADER", 0x0019, 0x0E),
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
        let is_safe =
            || SAFE.iter().any(|(of, in_group, at)| Some(*of) == creator && *in_group == group && *at == end);
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
        let siemens = |creator| is_identifying(Tag(0x0019, 0x100C), Some(VR::IS), creator);
        assert!(!siemens(Some("SIEMENS MR HEADER")) && siemens(Some("GEMS_ACQU_01")) && siemens(None));
    }

    #[test]
    fn the_table_can_be_searched() {
        assert!(IDENTIFYING.is_sorted());
    }
}
