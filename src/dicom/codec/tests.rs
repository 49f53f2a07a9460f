//! That the registry of transfer syntaxes gives our readers, in this kind of program and with these features.

use dicom_core::value::PixelFragmentSequence;
use dicom_core::{DataElement, PrimitiveValue, VR};
use dicom_dictionary_std::tags;
use dicom_encoding::TransferSyntaxIndex as _;
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
use dicom_pixeldata::PixelDecoder as _;
use dicom_transfer_syntax_registry::TransferSyntaxRegistry;

use super::{Codec, codec_of, object, reader};
use crate::dicom::error::{DicomError, Result};
use crate::dicom::tests::Fixture;

/// What `dicom_pixeldata` decodes of one fragment: nothing of ours stands between it and the registry.
fn decoded(syntax: &str, size: [u16; 2], [components, bits]: [u16; 2], fragment: Vec<u8>) -> Result<Vec<u8>> {
    let number = |tag, value: u16| DataElement::new(tag, VR::US, PrimitiveValue::from(value));
    let photometric = if components == 3 { "RGB" } else { "MONOCHROME2" };
    let uid = format!("1.2.840.10008.1.2.{syntax}");
    let meta = FileMetaTableBuilder::new()
        .transfer_syntax(&uid)
        .media_storage_sop_class_uid("1.2.840.10008.5.1.4.1.1.7")
        .media_storage_sop_instance_uid("1.2.3");
    let object = InMemDicomObject::from_element_iter([
        number(tags::SAMPLES_PER_PIXEL, components),
        DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, photometric),
        number(tags::ROWS, size[1]),
        number(tags::COLUMNS, size[0]),
        number(tags::BITS_ALLOCATED, bits),
        number(tags::BITS_STORED, bits),
        number(tags::HIGH_BIT, bits - 1),
        number(tags::PIXEL_REPRESENTATION, 0),
        DataElement::new(tags::PIXEL_DATA, VR::OB, PixelFragmentSequence::new_fragments(vec![fragment])),
    ]);
    let object = object.with_meta(meta).unwrap();
    let decoded = object.decode_pixel_data_frame(0).map_err(|error| reader::error_of(error, &uid))?;
    Ok(decoded.data().to_vec())
}

fn stream(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        hex.bytes().filter_map(|b| char::from(b).to_digit(16)).map(|d| d.try_into().unwrap()).collect();
    digits.chunks_exact(2).map(|two| two[0] << 4 | two[1]).collect()
}

/// Each sample times its place, counted from 1 to 251 and again.
fn weighed(bytes: &[u8], width: usize) -> u64 {
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0, |high, &low| high << 8 | u64::from(low));
    bytes.chunks_exact(width).map(number).zip((1..=251).cycle()).map(|(value, place)| value * place).sum()
}

/// The readers that dicom-rs brings know no 12 bits, give other values for a point transform and no part of a cut stream.
#[test]
fn no_reader_of_dicom_rs_shadows_ours() {
    let twelve = stream(include_str!("../../../crates/jpeg/tests/streams/jpeg_12bit.hex"));
    assert_eq!(weighed(&decoded("4.51", [21, 13], [1, 16], twelve).unwrap(), 2), 30_270_059);
    let point = stream(include_str!("../../../crates/jpeg/tests/streams/jpeg_lossless_point_transform.hex"));
    assert_eq!(weighed(&decoded("4.57", [21, 13], [1, 16], point.clone()).unwrap(), 2), 1_446_487_316);
    let part = decoded("4.57", [21, 13], [1, 16], point[..point.len() - 40].to_vec()).unwrap();
    assert!(!part.is_empty() && part.len() < 21 * 13 * 2 && part.len().is_multiple_of(42), "{}", part.len());
    let colour = stream(include_str!("../../../crates/jpeg/tests/streams/jpeg_lossless_rgb.hex"));
    assert_eq!(weighed(&decoded("4.70", [21, 13], [3, 8], colour).unwrap(), 1), 16_733_571);
    let signed = stream(include_str!("../../../crates/htj2k/tests/streams/htj2k_signed.hex"));
    assert_eq!(decoded("4.201", [21, 13], [1, 16], signed).unwrap().len(), 21 * 13 * 2);
    // RLE: two rows of two bytes, the second cut off; that of dicom-rs panics.
    let mut rle = vec![0; 64];
    (rle[0], rle[4]) = (1, 64);
    rle.extend([1, 7, 8, 1, 9]);
    assert_eq!(decoded("5", [2, 2], [1, 8], rle).unwrap(), [7, 8]);
    // Deflated: more than the frame is refused, while dicom-rs has no limit.
    let mut bomb = vec![1, 100, 0, 155, 255];
    bomb.extend([0; 100]);
    let refused = decoded("8.1", [2, 2], [1, 8], bomb).unwrap_err();
    assert!(matches!(&refused, DicomError::Damaged(what) if what.contains("larger")), "{refused}");
}

#[test]
fn every_syntax_that_we_declare_has_a_reader() {
    let kinds = ["1.98", "8.1", "5", "4.50", "4.51", "4.53", "4.55", "4.57", "4.70", "4.80", "4.81", "4.90"];
    for kind in kinds.iter().chain(&["4.91", "4.201", "4.202", "4.203", "4.110", "4.111", "4.112"]) {
        let uid = format!("1.2.840.10008.1.2.{kind}");
        let codec = codec_of(&uid).unwrap();
        let syntax =
            TransferSyntaxRegistry.get(&uid).unwrap_or_else(|| panic!("{uid} is not in the registry"));
        assert!(syntax.can_decode_all(), "{uid}");
        // A frame of nothing: what refuses it is ours.
        if codec != Codec::Plain {
            let refused = decoded(kind, [300, 200], [1, 8], vec![0; 8]).unwrap_err();
            assert!(matches!(refused, DicomError::Damaged(_)), "{uid}: {refused}");
        }
    }
}

#[test]
fn our_errors_come_back_as_they_were() {
    let twelve = stream(include_str!("../../../crates/jpeg/tests/streams/jpeg_12bit.hex"));
    let refused = decoded("4.51", [22, 13], [1, 16], twelve).unwrap_err();
    let DicomError::Mismatch { expected, found } = &refused else { panic!("{refused}") };
    assert_eq!((&**expected, &**found), ("22 x 13 x 1 of 16 bits", "21 x 13 x 1 of 12 bits"));
    // An error that is no codec's.
    let refused = decoded("4.102", [2, 2], [1, 8], vec![0; 8]).unwrap_err();
    assert!(matches!(&refused, DicomError::Unsupported(what) if what.contains("video")), "{refused}");
}

#[test]
fn the_object_of_a_frame_holds_nothing_of_a_patient() {
    let frame = Fixture::ct().read().unwrap().frames.remove(0);
    let object = object::of_frame(&frame, "1.2.840.10008.1.2.5", vec![1, 2]).unwrap();
    let held: Vec<_> = object.iter().map(|element| element.header().tag).collect();
    assert!(held.iter().all(|tag| matches!(tag.0, 0x0028 | 0x7FE0)), "{held:?}");
    assert!(object.meta().media_storage_sop_instance_uid.is_empty());
}
