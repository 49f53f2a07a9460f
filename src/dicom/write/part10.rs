//! Any object as a file (PS3.10 7): preamble, file meta information, data set.

use std::io::{self, Error, Write as _};

use dicom_core::header::Header as _;
use dicom_core::value::Value;
use dicom_core::{PrimitiveValue, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_encoding::text::SpecificCharacterSet;
use dicom_encoding::transfer_syntax::{Codec, Endianness, TransferSyntax, TransferSyntaxIndex as _};
use dicom_object::mem::InMemElement;
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
use dicom_parser::dataset::write::{DataSetWriterOptions, ExplicitLengthSqItemStrategy};
use dicom_transfer_syntax_registry::TransferSyntaxRegistry;
use flate2::{Compression, write::DeflateEncoder};

use super::super::value::ElementValue as _;
use super::uid_from_text;
use crate::files::{Target, write_whole};

/// How the lengths of sequences and items are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lengths {
    /// None: delimiters end them. Right for any object.
    Undefined,
    /// As the object was read. Right only where nothing in its sequences was changed and the encoding is the same.
    AsRead,
}

/// Writes a file with this object, whole or not at all, and never over one that is DICOM; see [`file_of`].
pub fn write(
    to: Target<'_>,
    object: &InMemDicomObject,
    transfer_syntax: &str,
    lengths: Lengths,
) -> io::Result<()> {
    let bytes = file_of(object, transfer_syntax, lengths)?;
    write_whole(to, |file| file.write_all(&bytes))
}

/// The bytes of a file with this object. The same object gives the same bytes; nothing is added to it.
///
/// Compressed pixel data must already be in the transfer syntax; a deflated data set is deflated here. The file meta
/// information names what the object is by its SOP Class and Instance UID, and Isodense as the writer. An error if one
/// of these is missing, if the pixel data do not suit the transfer syntax, or for any reason of [`data_set_of`].
pub fn file_of(object: &InMemDicomObject, transfer_syntax: &str, lengths: Lengths) -> io::Result<Vec<u8>> {
    let syntax = syntax_of(transfer_syntax)?;
    if object
        .get(tags::PIXEL_DATA)
        .is_some_and(|pixels| is_encapsulated(pixels) != syntax.is_encapsulated_pixel_data())
    {
        return Err(Error::other("the pixel data do not have the encoding that the transfer syntax names"));
    }
    let uid = |tag, name: &str| match object.get(tag).map(InMemElement::text) {
        Some(uid) if !uid.is_empty() => Ok(uid.into_owned()),
        Some(_) | None => Err(Error::other(format!("the object has no {name}"))),
    };
    let table = FileMetaTableBuilder::new()
        .media_storage_sop_class_uid(uid(tags::SOP_CLASS_UID, "SOP Class UID")?)
        .media_storage_sop_instance_uid(uid(tags::SOP_INSTANCE_UID, "SOP Instance UID")?)
        .transfer_syntax(transfer_syntax)
        .implementation_class_uid(uid_from_text("isodense"))
        .implementation_version_name("ISODENSE")
        .build()
        .map_err(Error::other)?;
    let mut out = vec![0; 128];
    out.extend_from_slice(b"DICM");
    table.write(&mut out).map_err(Error::other)?;
    if !matches!(syntax.codec(), Codec::Dataset(_)) {
        put_data_set(&mut out, object, syntax, lengths)?;
        return Ok(out);
    }
    let mut deflate = DeflateEncoder::new(out, Compression::best());
    put_data_set(&mut deflate, object, syntax, lengths)?;
    let mut out = deflate.finish()?;
    if out.len() % 2 == 1 {
        out.push(0);
    }
    Ok(out)
}

/// The bytes of the data set alone, before any deflation.
///
/// An error if the transfer syntax is not one of the standard's, if a value is too long for its VR, if a letter is not in
/// the character set, or if the bytes of the values would be those of another encoding.
pub fn data_set_of(
    object: &InMemDicomObject,
    transfer_syntax: &str,
    lengths: Lengths,
) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    put_data_set(&mut out, object, syntax_of(transfer_syntax)?, lengths)?;
    Ok(out)
}

fn put_data_set(
    to: impl io::Write,
    object: &InMemDicomObject,
    syntax: &TransferSyntax,
    lengths: Lengths,
) -> io::Result<()> {
    if syntax.endianness() == Endianness::Big && any(object, &is_little_endian) {
        return Err(Error::other("words of a little endian object cannot be written big endian"));
    }
    if any(object, &is_decoded_text) && !has_one_character_set(object) {
        return Err(Error::other(
            "text that has more than one character set, or none, must be given as bytes",
        ));
    }
    let strategy = match lengths {
        Lengths::Undefined => ExplicitLengthSqItemStrategy::SetUndefined,
        Lengths::AsRead => ExplicitLengthSqItemStrategy::NoChange,
    };
    let options = DataSetWriterOptions::default().explicit_length_sq_item_strategy(strategy);
    object.write_dataset_with_ts_options(to, syntax, options).map_err(Error::other)
}

fn syntax_of(uid: &str) -> io::Result<&'static TransferSyntax> {
    // The registry has no retired process of JPEG. A private syntax may be encoded in any way.
    let retired = uid.starts_with("1.2.840.10008.1.2.4.").then_some(uids::JPEG_BASELINE8_BIT);
    let known = TransferSyntaxRegistry.get(uid).or_else(|| TransferSyntaxRegistry.get(retired?));
    known.ok_or_else(|| Error::other(format!("the transfer syntax {uid} is none of the standard's")))
}

fn items(object: &InMemDicomObject) -> impl Iterator<Item = &InMemDicomObject> {
    object.iter().filter_map(InMemElement::items).flatten()
}

/// Whether any element is such a one, at any depth.
fn any(object: &InMemDicomObject, such: &dyn Fn(&InMemElement) -> bool) -> bool {
    object.iter().any(such) || items(object).any(|item| any(item, such))
}

fn is_encapsulated(element: &InMemElement) -> bool {
    matches!(element.value(), Value::PixelSequence(_))
}

fn is_little_endian(element: &InMemElement) -> bool {
    matches!(element.vr(), VR::OW | VR::OL | VR::OF | VR::OD | VR::OV)
        && matches!(element.value(), Value::Primitive(PrimitiveValue::U8(_)))
}

/// Whether one character set without escape sequences, which the writer knows, holds in the whole object.
///
/// dicom-object takes Latin 1 where it knows none, and goes on in the character set of an item behind that item.
fn has_one_character_set(object: &InMemDicomObject) -> bool {
    let code = object.get(tags::SPECIFIC_CHARACTER_SET).map(InMemElement::text).unwrap_or_default();
    let alone = (code.starts_with("ISO_IR 1") && code != "ISO_IR 13") || code.starts_with("GB");
    alone
        && SpecificCharacterSet::from_code(&code).is_some()
        && !items(object).any(|item| any(item, &names_character_set))
}

fn names_character_set(element: &InMemElement) -> bool {
    element.tag() == tags::SPECIFIC_CHARACTER_SET
}

/// Whether the writer has to encode it in a character set.
fn is_decoded_text(element: &InMemElement) -> bool {
    let foreign = |text: &str| !text.is_ascii();
    matches!(element.vr(), VR::LO | VR::LT | VR::PN | VR::SH | VR::ST | VR::UC | VR::UT)
        && match element.value() {
            Value::Primitive(PrimitiveValue::Str(text)) => foreign(text),
            Value::Primitive(PrimitiveValue::Strs(texts)) => texts.iter().any(|text| foreign(text)),
            Value::Primitive(_) | Value::Sequence(_) | Value::PixelSequence(_) => false,
        }
}
