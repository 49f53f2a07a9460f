//! Any object is written as a file: the bytes are those of the standard, and other people's programs read them.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests too")]

#[expect(dead_code, reason = "shared with other tests")]
mod common;
#[path = "objects/round_trip.rs"]
mod round_trip;
#[path = "objects/tools.rs"]
mod tools;

use std::fs;
use std::path::{Path, PathBuf};

use dicom_core::value::{DataSetSequence, PixelFragmentSequence};
use dicom_core::{DataElement, Length, PrimitiveValue, Tag, VR, dicom_value};
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;
use isodense::dicom::write::{Lengths, data_set_of, file_of, write};
use isodense::dicom::{Object, read_object};
use isodense::files::{Refusal, Target};
use tempfile::TempDir;

const EXPLICIT: &str = "1.2.840.10008.1.2.1";
const IMPLICIT: &str = "1.2.840.10008.1.2";
const DEFLATED: &str = "1.2.840.10008.1.2.1.99";
const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";
const RLE: &str = "1.2.840.10008.1.2.5";
const SOP_CLASS: &str = "1.2.840.10008.5.1.4.1.1.88.33";
const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);

fn text(tag: Tag, vr: VR, text: &str) -> InMemElement {
    DataElement::new(tag, vr, PrimitiveValue::from(text))
}

fn sequence(tag: Tag, items: Vec<InMemDicomObject>) -> InMemElement {
    DataElement::new(tag, VR::SQ, DataSetSequence::new(items, Length::UNDEFINED))
}

fn native() -> InMemElement {
    DataElement::new(PIXEL_DATA, VR::OW, PrimitiveValue::U8(vec![7, 0, 8, 0].into()))
}

fn fragments() -> InMemElement {
    let fragments = PixelFragmentSequence::new(vec![0_u32, 12], vec![vec![1, 2, 3, 4], vec![5, 6]]);
    DataElement::new(PIXEL_DATA, VR::OB, fragments)
}

fn with(mut object: InMemDicomObject, elements: impl IntoIterator<Item = InMemElement>) -> InMemDicomObject {
    for element in elements {
        object.put(element);
    }
    object
}

/// An object that says what it is, and no more.
fn named() -> InMemDicomObject {
    InMemDicomObject::from_element_iter([
        text(Tag(0x0008, 0x0016), VR::UI, SOP_CLASS),
        text(Tag(0x0008, 0x0018), VR::UI, "1.2.3"),
    ])
}

/// A report and an image in one: text in UTF-8, nested and private elements, numbers.
fn object(pixels: InMemElement) -> InMemDicomObject {
    let code = InMemDicomObject::from_element_iter([
        text(Tag(0x0008, 0x0100), VR::SH, "121070"),
        text(Tag(0x0008, 0x0104), VR::LO, "Befunde"),
    ]);
    let inner = InMemDicomObject::from_element_iter([
        text(Tag(0x0040, 0xA040), VR::CS, "TEXT"),
        sequence(Tag(0x0040, 0xA043), vec![code]),
        text(Tag(0x0040, 0xA160), VR::UT, "größer, 病変"),
        DataElement::new(Tag(0x0040, 0xA30A), VR::DS, dicom_value!(Strs, ["1.50", "2"])),
    ]);
    with(
        named(),
        [
            text(Tag(0x0008, 0x0005), VR::CS, "ISO_IR 192"),
            text(Tag(0x0010, 0x0010), VR::PN, "Müller^Änne"),
            text(Tag(0x0009, 0x0010), VR::LO, "ISODENSE"),
            DataElement::new(Tag(0x0009, 0x1001), VR::FD, dicom_value!(F64, [0.1, -2.5])),
            DataElement::new(Tag(0x0009, 0x1002), VR::OB, PrimitiveValue::U8(vec![1, 2, 3].into())),
            sequence(Tag(0x0040, 0xA730), vec![inner, InMemDicomObject::new_empty()]),
            pixels,
        ],
    )
}

fn written(object: &InMemDicomObject, transfer_syntax: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.dcm");
    write(Target::new(&path), object, transfer_syntax, Lengths::Undefined).unwrap();
    (folder, path)
}

/// Reads a file of which this is the data set, encoded as it is.
fn read_bytes(transfer_syntax: &str, data_set: &[u8]) -> Object {
    let head = file_of(&named(), EXPLICIT, Lengths::Undefined).unwrap();
    let at = head.windows(EXPLICIT.len()).position(|window| window == EXPLICIT.as_bytes()).unwrap();
    let end = head.len() - data_set_of(&named(), EXPLICIT, Lengths::Undefined).unwrap().len();
    let mut bytes = [&head[..end], data_set].concat();
    bytes[at..at + transfer_syntax.len()].copy_from_slice(transfer_syntax.as_bytes());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.dcm");
    isodense::dicom::write::write_bytes(&path, &bytes).unwrap();
    read_object(&path).unwrap()
}

/// A file as PS3.10 7.1 and PS3.5 7.1 have it, put down by hand.
#[test]
fn the_bytes_are_those_of_the_standard() {
    let own = isodense::dicom::write::uid_from_text("isodense");
    assert_eq!(own.len() % 2, 0, "no padding below");
    let own_length = u8::try_from(own.len()).unwrap();
    // Its elements: version, SOP class and instance, transfer syntax, class and version of the implementation.
    let group_length = 14 + (8 + 30) + (8 + 6) + (8 + 20) + (8 + own_length) + (8 + 8);
    let mut by_hand = vec![0; 128];
    for part in [
        &b"DICM"[..],
        &[2, 0, 0, 0, b'U', b'L', 4, 0, group_length, 0, 0, 0],
        b"\x02\0\x01\0OB\0\0\x02\0\0\0\0\x01",
        b"\x02\0\x02\0UI\x1E\x001.2.840.10008.5.1.4.1.1.88.33\0",
        b"\x02\0\x03\0UI\x06\x001.2.3\0",
        b"\x02\0\x10\0UI\x14\x001.2.840.10008.1.2.1\0",
        &[2, 0, 0x12, 0, b'U', b'I', own_length, 0],
        own.as_bytes(),
        b"\x02\0\x13\0SH\x08\0ISODENSE",
        b"\x08\0\x16\0UI\x1E\x001.2.840.10008.5.1.4.1.1.88.33\0",
        b"\x08\0\x18\0UI\x06\x001.2.3\0",
        // Content Sequence of one item, in it a private creator and what is its own, and Numeric Value.
        b"\x40\0\x30\xA7SQ\0\0\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\xFF\xFF\xFF\xFF",
        b"\x09\0\x10\0LO\x04\0ACME\x09\0\x01\x10FD\x08\0\0\0\0\0\0\0\xF8\x3F",
        b"\x40\0\x0A\xA3DS\x06\x001.50\\2",
        b"\xFE\xFF\x0D\xE0\0\0\0\0\xFE\xFF\xDD\xE0\0\0\0\0",
        b"\xE0\x7F\x10\0OW\0\0\x04\0\0\0\x07\0\x08\0",
    ] {
        by_hand.extend_from_slice(part);
    }
    let item = InMemDicomObject::from_element_iter([
        text(Tag(0x0009, 0x0010), VR::LO, "ACME"),
        DataElement::new(Tag(0x0009, 0x1001), VR::FD, PrimitiveValue::from(1.5_f64)),
        DataElement::new(Tag(0x0040, 0xA30A), VR::DS, dicom_value!(Strs, ["1.50", "2"])),
    ]);
    let object = with(named(), [sequence(Tag(0x0040, 0xA730), vec![item]), native()]);
    let bytes = file_of(&object, EXPLICIT, Lengths::Undefined).unwrap();
    assert_eq!(bytes, by_hand);
    let implicit = b"\x40\0\x30\xA7\xFF\xFF\xFF\xFF\xFE\xFF\0\xE0\xFF\xFF\xFF\xFF\
        \x09\0\x10\0\x04\0\0\0ACME\x09\0\x01\x10\x08\0\0\0\0\0\0\0\0\0\xF8\x3F\
        \x40\0\x0A\xA3\x06\0\0\x001.50\\2\
        \xFE\xFF\x0D\xE0\0\0\0\0\xFE\xFF\xDD\xE0\0\0\0\0\
        \xE0\x7F\x10\0\x04\0\0\0\x07\0\x08\0";
    let bytes = data_set_of(&object, IMPLICIT, Lengths::Undefined).unwrap();
    assert!(bytes.ends_with(implicit), "{bytes:02X?}");
}

#[test]
fn any_object_is_written_in_any_syntax_and_read_back() {
    for (syntax, pixels) in
        [(EXPLICIT, native()), (IMPLICIT, native()), (DEFLATED, native()), (RLE, fragments())]
    {
        let object = object(pixels);
        let (_folder, path) = written(&object, syntax);
        let bytes = fs::read(&path).unwrap();
        assert_eq!(bytes.len() % 2, 0);
        let same = file_of(&object, syntax, Lengths::AsRead).unwrap();
        assert_eq!(bytes, same, "nothing but the object counts");
        let again = read_object(&path).unwrap();
        assert!(again.whole && again.transfer_syntax == syntax);
        let name = again.data_set.get(Tag(0x0010, 0x0010)).unwrap().to_bytes().unwrap();
        assert_eq!(std::str::from_utf8(&name).unwrap().trim_end(), "Müller^Änne");
        let content = again.data_set.get(Tag(0x0040, 0xA730)).unwrap().items().unwrap();
        let words = content[0].get(Tag(0x0040, 0xA160)).unwrap().to_bytes().unwrap();
        assert_eq!((content.len(), std::str::from_utf8(&words).unwrap().trim_end()), (2, "größer, 病変"));
        let encoded =
            |object: &InMemDicomObject| data_set_of(object, again.encoded_as, Lengths::Undefined).unwrap();
        assert_eq!(encoded(&again.data_set), encoded(&object), "{syntax}");
        let said = |tag| again.meta.get(tag).unwrap().to_str().unwrap().into_owned();
        assert_eq!(
            (said(Tag(0x0002, 0x0002)).as_str(), said(Tag(0x0002, 0x0003)).as_str()),
            (SOP_CLASS, "1.2.3")
        );
        let version = again.meta.get(Tag(0x0002, 0x0013)).unwrap();
        assert_eq!(&*version.to_bytes().unwrap(), b"ISODENSE");
        assert_eq!(again.meta.tags().count(), 7, "no title of any station");
    }
}

#[test]
fn what_was_changed_is_written_with_lengths_that_hold() {
    // One sequence of a known length, whose item gets longer.
    let items = b"\xFE\xFF\0\xE0\x0A\0\0\0\x20\0\x13\0IS\x02\x001 ";
    let sequence = [b"\x40\0\x30\xA7SQ\0\0\x12\0\0\0", &items[..], b"\x40\0\x92\xA9CS\x04\0DONE"].concat();
    let mut object = read_bytes(EXPLICIT, &sequence).data_set;
    assert_eq!(data_set_of(&object, EXPLICIT, Lengths::AsRead).unwrap(), sequence);
    object
        .update_value_at((Tag(0x0040, 0xA730), 0, Tag(0x0020, 0x0013)), |value| {
            *value = PrimitiveValue::from("12345").into();
        })
        .unwrap();
    let again = read_bytes(EXPLICIT, &data_set_of(&object, EXPLICIT, Lengths::Undefined).unwrap()).data_set;
    let item = &again.get(Tag(0x0040, 0xA730)).unwrap().items().unwrap()[0];
    assert_eq!(item.get(Tag(0x0020, 0x0013)).unwrap().to_str().unwrap(), "12345");
    assert_eq!(again.get(Tag(0x0040, 0xA992)).unwrap().to_str().unwrap(), "DONE");
}

#[test]
fn big_endian_values_are_swapped_where_little_endian_is_written() {
    let big = b"\0\x28\0\x10US\0\x02\x01\x02\x7F\xE0\0\x10OW\0\0\0\0\0\x04\x01\x02\x03\x04";
    let object = read_bytes(BIG_ENDIAN, big);
    assert_eq!(object.encoded_as, BIG_ENDIAN);
    assert_eq!(data_set_of(&object.data_set, BIG_ENDIAN, Lengths::AsRead).unwrap(), big);
    let little = b"\x28\0\x10\0US\x02\0\x02\x01\xE0\x7F\x10\0OW\0\0\x04\0\0\0\x02\x01\x04\x03";
    assert_eq!(data_set_of(&object.data_set, EXPLICIT, Lengths::Undefined).unwrap(), little);
    // The other way nobody knows any more what a byte is part of.
    assert!(data_set_of(&read_bytes(EXPLICIT, little).data_set, BIG_ENDIAN, Lengths::Undefined).is_err());
}

fn refused(object: &InMemDicomObject, transfer_syntax: &str) -> String {
    file_of(object, transfer_syntax, Lengths::Undefined).unwrap_err().to_string()
}

#[test]
fn what_cannot_be_written_is_an_error() {
    let long = with(named(), [text(Tag(0x0008, 0x1030), VR::LO, &"x".repeat(70_000))]);
    file_of(&long, EXPLICIT, Lengths::Undefined).unwrap_err();
    let foreign =
        [text(Tag(0x0008, 0x0005), VR::CS, "ISO_IR 100"), text(Tag(0x0008, 0x1030), VR::LO, "病変")];
    file_of(&with(named(), foreign), EXPLICIT, Lengths::Undefined).unwrap_err();
    assert!(refused(&InMemDicomObject::new_empty(), EXPLICIT).contains("no SOP Class UID"));
    assert!(refused(&with(named(), [native()]), RLE).contains("pixel data"));
    assert!(refused(&with(named(), [fragments()]), EXPLICIT).contains("pixel data"));
    // GE's own is implicit, with pixel data in big endian.
    assert!(refused(&named(), "1.2.840.113619.5.2").contains("1.2.840.113619.5.2"));
    // The data set of a referenced object is deflated, too.
    let long = with(named(), [text(Tag(0x0008, 0x1030), VR::LO, &"x".repeat(5_000))]);
    assert!(file_of(&long, "1.2.840.10008.1.2.4.95", Lengths::Undefined).unwrap().len() < 1_000);
    // A retired process of JPEG is encapsulated as all of them are.
    file_of(&with(named(), [fragments()]), "1.2.840.10008.1.2.4.55", Lengths::Undefined).unwrap();
}

#[test]
fn text_is_written_in_the_character_set_that_the_object_names_or_not_at_all() {
    let name = |code: &str| {
        let elements = [text(Tag(0x0008, 0x0005), VR::CS, code), text(Tag(0x0010, 0x0010), VR::PN, "Müller")];
        with(named(), elements)
    };
    let latin = data_set_of(&name("ISO_IR 100"), EXPLICIT, Lengths::Undefined).unwrap();
    assert!(latin.ends_with(b"M\xFCller"), "{latin:02X?}");
    let cyrillic = file_of(&name("ISO_IR 144"), EXPLICIT, Lengths::Undefined);
    cyrillic.unwrap_err();
    for code in ["", "ISO 2022 IR 100", "\\ISO 2022 IR 87", "ISO_IR 13", "ISO_IR 203"] {
        assert!(refused(&name(code), EXPLICIT).contains("character set"), "{code}");
    }
    // The character set of an item ends with the item.
    let item = InMemDicomObject::from_element_iter([text(Tag(0x0008, 0x0005), VR::CS, "ISO_IR 100")]);
    let images = sequence(Tag(0x0008, 0x1140), vec![item]);
    assert!(refused(&with(object(native()), [images.clone()]), EXPLICIT).contains("character set"));
    let (_folder, path) = written(&object(native()), EXPLICIT);
    let read = with(read_object(&path).unwrap().data_set, [images]);
    let (_folder, path) = written(&read, EXPLICIT);
    let again = read_object(&path).unwrap().data_set;
    let name = again.get(Tag(0x0010, 0x0010)).unwrap().to_bytes().unwrap();
    assert_eq!(std::str::from_utf8(&name).unwrap().trim_end(), "Müller^Änne");
}

#[test]
fn no_dicom_file_is_ever_replaced() {
    let (_folder, path) = written(&object(native()), EXPLICIT);
    let before = fs::read(&path).unwrap();
    for to in [Target::new(&path), Target::over(&path), Target::state(&path)] {
        let error = write(to, &named(), EXPLICIT, Lengths::Undefined).unwrap_err();
        let refusal = error.get_ref().unwrap().downcast_ref::<Refusal>();
        assert!(matches!(refusal, Some(Refusal::Dicom | Refusal::Exists)), "{error}");
    }
    assert_eq!(fs::read(&path).unwrap(), before);
    write(Target::new(&path), &object(native()), EXPLICIT, Lengths::Undefined).unwrap();
    assert_eq!(entries(path.parent().unwrap()), 1, "no part is left");
}

fn entries(folder: &Path) -> usize {
    fs::read_dir(folder).unwrap().count()
}
