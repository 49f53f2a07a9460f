//! An object of one compressed frame, as `dicom_pixeldata` takes it.

use dicom_core::value::PixelFragmentSequence;
use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::tags;
use dicom_object::{FileDicomObject, FileMetaTable, InMemDicomObject};

use crate::dicom::error::{DicomError, Result};
use crate::image::{Frame, Photometric};

/// The frame alone. Its samples begin at the lowest bit and stand pixel by pixel, wherever they stood before they were
/// compressed (PS3.5 8.2).
pub(super) fn of_frame(
    frame: &Frame,
    transfer_syntax: &str,
    fragment: Vec<u8>,
) -> Result<FileDicomObject<InMemDicomObject>> {
    let layout = &frame.stored.layout;
    let (columns, rows) = (frame.size.columns, frame.size.rows);
    let (Ok(wide), Ok(high)) = (u16::try_from(columns), u16::try_from(rows)) else {
        return Err(DicomError::TooLarge(format!("{columns} x {rows} compressed pixels")));
    };
    let number = |tag: Tag, value: u16| DataElement::new(tag, VR::US, PrimitiveValue::from(value));
    let object = InMemDicomObject::from_element_iter([
        number(tags::SAMPLES_PER_PIXEL, layout.samples_per_pixel),
        DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, name_of(layout.photometric)),
        number(tags::PLANAR_CONFIGURATION, 0),
        number(tags::ROWS, high),
        number(tags::COLUMNS, wide),
        number(tags::BITS_ALLOCATED, layout.bits_allocated),
        number(tags::BITS_STORED, layout.bits_stored),
        number(tags::HIGH_BIT, layout.bits_stored.saturating_sub(1)),
        number(tags::PIXEL_REPRESENTATION, layout.signed.into()),
        DataElement::new(tags::PIXEL_DATA, VR::OB, PixelFragmentSequence::new_fragments(vec![fragment])),
    ]);
    Ok(object.with_exact_meta(FileMetaTable {
        information_group_length: 0,
        information_version: [0, 1],
        media_storage_sop_class_uid: String::new(),
        media_storage_sop_instance_uid: String::new(),
        transfer_syntax: transfer_syntax.to_owned(),
        implementation_class_uid: String::new(),
        implementation_version_name: None,
        source_application_entity_title: None,
        sending_application_entity_title: None,
        receiving_application_entity_title: None,
        private_information_creator_uid: None,
        private_information: None,
    }))
}

/// The defined term (PS3.3 C.7.6.3.1.2).
fn name_of(photometric: Photometric) -> &'static str {
    match photometric {
        Photometric::Monochrome1 => "MONOCHROME1",
        Photometric::Monochrome2 => "MONOCHROME2",
        Photometric::PaletteColor => "PALETTE COLOR",
        Photometric::Rgb => "RGB",
        Photometric::YbrFull => "YBR_FULL",
        Photometric::YbrFull422 => "YBR_FULL_422",
        Photometric::YbrIct => "YBR_ICT",
        Photometric::YbrRct => "YBR_RCT",
    }
}
