//! The decoder: what it keeps of every encoding, and what it does where the bytes make no sense.

use dicom_core::dictionary::{DataDictionary as _, DataDictionaryEntry as _, VirtualVr};
use dicom_core::header::HasLength as _;
use dicom_core::{PrimitiveValue, Tag, VR, dicom_value};
use dicom_dictionary_std::{StandardDataDictionary, tags};
use dicom_object::InMemDicomObject;

use super::super::decoder::{Keep, READ, decode};
use super::super::heads::Encoding;
use super::super::value::{Attributes as _, ElementValue as _, Expected};

const ITEM: [u8; 4] = [0xFE, 0xFF, 0x00, 0xE0];
const ITEM_END: [u8; 8] = [0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0];
const SEQUENCE_END: [u8; 8] = [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0];
const UNDEFINED: [u8; 4] = [0xFF; 4];

fn read(bytes: &[u8], encoding: Encoding, keep: Keep) -> InMemDicomObject {
    decode(bytes, 0..bytes.len(), encoding, keep).unwrap().0
}

fn explicit(bytes: &[u8]) -> InMemDicomObject {
    read(bytes, Encoding::EXPLICIT, Keep::Everything)
}

fn tag(Tag(group, element): Tag) -> [u8; 4] {
    let ([a, b], [c, d]) = (group.to_le_bytes(), element.to_le_bytes());
    [a, b, c, d]
}

fn short(at: Tag, vr: VR, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).unwrap().to_le_bytes();
    [&tag(at)[..], vr.to_string().as_bytes(), &length, value].concat()
}

fn implicit(at: Tag, value: &[u8]) -> Vec<u8> {
    [&tag(at)[..], &length(value), value].concat()
}

fn length(value: &[u8]) -> [u8; 4] {
    u32::try_from(value.len()).unwrap().to_le_bytes()
}

fn long(at: Tag, vr: VR, length: [u8; 4], value: &[u8]) -> Vec<u8> {
    [&tag(at)[..], vr.to_string().as_bytes(), &[0, 0], &length, value].concat()
}

fn item(value: &[u8]) -> Vec<u8> {
    [&ITEM[..], &length(value), value].concat()
}

fn number(object: &InMemDicomObject) -> Option<f64> {
    object.decimal(tags::INSTANCE_NUMBER)
}

fn numbered(number: &str) -> Vec<u8> {
    short(tags::INSTANCE_NUMBER, VR::IS, number.as_bytes())
}

#[test]
fn every_sequence_that_a_reader_names_is_kept_in_headers() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/dicom");
    let mut named = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let own = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.extension().is_none_or(|ending| ending != "rs")
            || ["decoder.rs", "source.rs"].contains(&&*own)
        {
            continue;
        }
        for name in std::fs::read_to_string(&path).unwrap().split("tags::").skip(1) {
            let name: String =
                name.chars().take_while(|c| c.is_ascii_uppercase() || "_0123456789".contains(*c)).collect();
            let keyword = name.replace('_', "").to_lowercase();
            let kept = |at: &Tag| {
                let alias = StandardDataDictionary.by_tag(*at).map_or("", |entry| entry.alias);
                alias.to_lowercase() == keyword
            };
            if READ.iter().any(kept) {
                named += 1;
            } else if name.contains("SEQUENCE") {
                let no_sequence =
                    ["PULSE_SEQUENCE_NAME", "SCANNING_SEQUENCE", "SEQUENCE_NAME", "SEQUENCE_VARIANT"];
                assert!(no_sequence.contains(&&*name), "{own} reads {name}, which headers do not keep");
            }
        }
    }
    assert!(named > READ.len(), "{named}");
    let is_sequence = |at: &Tag| {
        StandardDataDictionary.by_tag(*at).is_some_and(|entry| entry.vr() == VirtualVr::Exact(VR::SQ))
    };
    assert!(READ.iter().all(is_sequence));
}

#[test]
fn values_are_typed_and_text_stays_as_it_is() {
    let bytes = [
        short(tags::SPECIFIC_CHARACTER_SET, VR::CS, b"GB18030 "),
        // The second byte of this letter is a backslash.
        short(tags::PATIENT_NAME, VR::PN, &[0x81, 0x5C]),
        short(tags::SLICE_THICKNESS, VR::DS, b"1.5\\2,5 "),
        short(tags::EXPOSURE, VR::IS, b"7\xB5"),
        short(tags::ROWS, VR::US, &[3, 0]),
        short(tags::COLUMNS, VR::US, &[4, 0, 5]),
        short(Tag(0x0072, 0x0026), VR::AT, &[0x20, 0, 0x13, 0]),
        short(tags::DIFFUSION_B_VALUE, VR::FD, &0.1_f64.to_le_bytes()),
    ]
    .concat();
    let object = explicit(&bytes);
    let value = |at| object.get(at).unwrap().value().primitive().unwrap().clone();
    assert_eq!(value(tags::PATIENT_NAME), dicom_value!(U8, [0x81, 0x5C]));
    assert_eq!(value(tags::SLICE_THICKNESS), PrimitiveValue::from("1.5\\2,5 "));
    assert_eq!(object.numbers(tags::SLICE_THICKNESS, Expected::Text), [1.5, 2.5]);
    // Raw bytes of an IS would be written as their own digits.
    assert_eq!(value(tags::EXPOSURE), PrimitiveValue::from("7\u{B5}"));
    assert_eq!(&*object.get(tags::EXPOSURE).unwrap().bytes(), b"7\xB5");
    assert_eq!(value(tags::ROWS), dicom_value!(U16, [3]));
    assert_eq!(value(tags::COLUMNS), dicom_value!(U8, [4, 0, 5]), "no number is cut out of three bytes");
    assert_eq!(value(Tag(0x0072, 0x0026)), dicom_value!(Tags, [Tag(0x20, 0x13)]));
    assert_eq!(object.float(tags::DIFFUSION_B_VALUE), Some(0.1));
}

#[test]
fn what_is_implicit_is_read_wherever_it_stands() {
    let inner = implicit(tags::INSTANCE_NUMBER, b"7 ");
    let undefined = [&item(&inner)[..], &SEQUENCE_END].concat();
    let private = Tag(0x2005, 0x140F);
    for (name, bytes, at) in [
        ("UN of undefined length", long(private, VR::UN, UNDEFINED, &undefined), private),
        (
            "implicit, by the dictionary",
            implicit(tags::REFERENCED_IMAGE_SEQUENCE, &item(&inner)),
            tags::REFERENCED_IMAGE_SEQUENCE,
        ),
    ] {
        let bytes = [bytes, implicit(tags::ROWS, &[9, 0])].concat();
        let object = explicit(&bytes);
        assert_eq!(object.item(at).and_then(number), Some(7.0), "{name}");
        assert_eq!(object.whole(tags::ROWS), Some(9.0), "{name}");
    }
    // UN of a known length is bytes in a copy; a header looks into it.
    let hidden = long(tags::PIXEL_MEASURES_SEQUENCE, VR::UN, length(&item(&inner)), &item(&inner));
    assert_eq!(&*explicit(&hidden).get(tags::PIXEL_MEASURES_SEQUENCE).unwrap().bytes(), item(&inner));
    let header = read(&hidden, Encoding::EXPLICIT, Keep::Header);
    assert_eq!(header.item(tags::PIXEL_MEASURES_SEQUENCE).and_then(number), Some(7.0));
}

#[test]
fn what_makes_no_sense_ends_the_item_or_sequence_it_stands_in() {
    // The thickness claims more than its item has.
    let broken = [numbered("1 "), short(tags::SLICE_THICKNESS, VR::DS, b"5 ")].concat();
    let broken = &broken[..broken.len() - 2];
    let open = [&ITEM[..], &UNDEFINED, broken].concat();
    for (name, items, expected) in [
        (
            "in an item with a length",
            [item(broken), item(&numbered("2 "))].concat(),
            vec![Some(1.0), Some(2.0)],
        ),
        ("in an item without", [open.clone(), item(&numbered("2 "))].concat(), vec![Some(1.0)]),
        ("a delimiter of nothing", [item(&ITEM_END), item(&numbered("2 "))].concat(), vec![None, Some(2.0)]),
        (
            "the end of another sequence",
            [&item(&numbered("1 "))[..], &SEQUENCE_END, &item(&[])].concat(),
            vec![Some(1.0)],
        ),
        ("no item", numbered("1 "), vec![]),
        (
            "an item longer than its sequence",
            [&ITEM[..], &[0xFE, 0xFF, 0, 0], &numbered("1 ")].concat(),
            vec![Some(1.0)],
        ),
    ] {
        let sequence = long(tags::REFERENCED_IMAGE_SEQUENCE, VR::SQ, length(&items), &items);
        let deeper = long(
            tags::SOURCE_IMAGE_SEQUENCE,
            VR::SQ,
            UNDEFINED,
            &[&ITEM[..], &UNDEFINED, &sequence, &ITEM_END, &SEQUENCE_END].concat(),
        );
        let object = explicit(&[sequence, deeper, numbered("9 ")].concat());
        let found = |from: &InMemDicomObject| -> Vec<_> {
            from.items(tags::REFERENCED_IMAGE_SEQUENCE).iter().map(number).collect()
        };
        assert_eq!(found(&object), expected, "{name}");
        assert_eq!(object.item(tags::SOURCE_IMAGE_SEQUENCE).map(found), Some(expected), "{name}, one deeper");
        assert_eq!(number(&object), Some(9.0), "{name}: what stands behind");
    }
}

#[test]
fn lengths_are_those_of_the_file() {
    let items = [&item(&numbered("1 "))[..], &ITEM, &UNDEFINED, &numbered("2 "), &ITEM_END].concat();
    let object = explicit(&long(tags::REFERENCED_IMAGE_SEQUENCE, VR::SQ, length(&items), &items));
    let element = object.get(tags::REFERENCED_IMAGE_SEQUENCE).unwrap();
    assert_eq!(element.length().get().map(|length| length as usize), Some(items.len()));
    let lengths: Vec<_> = element.items().unwrap().iter().map(|item| item.length().get()).collect();
    assert_eq!(lengths, [Some(10), None]);
}

#[test]
fn big_endian_values_are_the_same_values() {
    let big = |at: Tag, vr: VR, value: &[u8]| {
        let (a, b) = (at.0.to_be_bytes(), at.1.to_be_bytes());
        let length = u16::try_from(value.len()).unwrap().to_be_bytes();
        let long = [&[0, 0, 0, 0], &length[..]].concat();
        let length = if vr == VR::OW { &long[..] } else { &length[..] };
        [&a[..], &b, vr.to_string().as_bytes(), length, value].concat()
    };
    let bytes = [
        big(tags::ROWS, VR::US, &[1, 2]),
        big(tags::DIFFUSION_B_VALUE, VR::FD, &800.5_f64.to_be_bytes()),
        big(tags::LUT_DATA, VR::OW, &[1, 2, 3, 4]),
    ]
    .concat();
    let object = read(&bytes, Encoding::BIG_ENDIAN, Keep::Everything);
    assert_eq!(object.whole(tags::ROWS), Some(258.0));
    assert_eq!(object.float(tags::DIFFUSION_B_VALUE), Some(800.5));
    let table = object.get(tags::LUT_DATA).unwrap();
    assert_eq!((table.words(), &*table.bytes()), (vec![0x0102, 0x0304], &[2, 1, 4, 3][..]));
}

#[test]
fn headers_leave_out_what_nobody_reads() {
    let inner = item(&[numbered("1 "), short(Tag(0x0009, 0x0010), VR::LO, b"ACME")].concat());
    let unread = long(tags::REFERENCED_IMAGE_SEQUENCE, VR::SQ, length(&inner), &inner);
    let read_too = long(tags::PLANE_POSITION_SEQUENCE, VR::SQ, length(&inner), &inner);
    let group = item(&[unread.clone(), read_too].concat());
    let long_one = inner.repeat(1000);
    let bytes = [
        unread,
        short(Tag(0x0021, 0x0010), VR::LO, b"ACME"),
        long(tags::SOURCE_IMAGE_SEQUENCE, VR::SQ, length(&long_one), &long_one),
        long(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, VR::SQ, length(&group), &group),
    ]
    .concat();
    let (object, marks) = decode(&bytes, 0..bytes.len(), Encoding::EXPLICIT, Keep::Header).unwrap();
    let tags_of = |object: &InMemDicomObject| object.tags().collect::<Vec<_>>();
    // A short one tells copies apart.
    assert_eq!(tags_of(&object), [tags::REFERENCED_IMAGE_SEQUENCE, tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE]);
    let shared = object.item(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE).unwrap();
    assert_eq!(tags_of(shared), [tags::PLANE_POSITION_SEQUENCE]);
    assert_eq!(tags_of(shared.item(tags::PLANE_POSITION_SEQUENCE).unwrap()), [tags::INSTANCE_NUMBER]);
    assert_eq!(marks.iter().map(|mark| mark.tag()).collect::<Vec<_>>(), [0x0021_0010]);
}
