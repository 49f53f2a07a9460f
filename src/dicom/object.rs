//! A whole object, every element as its file has it: to copy it, and to write it again.

use std::ops::Range;
use std::path::Path;

use dicom_object::InMemDicomObject;
use flate2::read::DeflateDecoder;

use super::bytes;
use super::decoder::{Keep, decode};
use super::error::{DicomError, Result};
use super::heads::{End, Walk};
use super::limits::{FREE_INFLATED, LARGEST_OBJECT, MOST_INFLATION};
use super::source::{Start, encoding_of_meta, fill, find_start, uid_of};

/// An object with its pixel data, to be written by [`write`](super::write::write) again.
///
/// Text is bytes in the object's own character set, but for the VRs that allow the default repertoire alone.
#[derive(Debug)]
pub struct Object {
    /// The file meta information; empty where the file has none.
    pub meta: InMemDicomObject,
    /// The data set.
    pub data_set: InMemDicomObject,
    /// Transfer Syntax UID, as the file says or, where it does not, as it was guessed.
    pub transfer_syntax: String,
    /// Transfer Syntax UID by which the elements are encoded: implicit or explicit little endian, or big endian.
    pub encoded_as: &'static str,
    /// The bytes of the file that are its meta information.
    pub meta_range: Range<usize>,
    /// The bytes that are the data set: of the file, or of what a deflated one inflates to.
    pub range: Range<usize>,
    /// The file ends where an element does. Otherwise the element inside of which it ends is left out.
    pub whole: bool,
}

/// Reads a file with all its elements. It takes the memory of two copies of the file.
pub fn read_object(path: &Path) -> Result<Object> {
    let (mut file, length) = bytes::file(path)?;
    if length > LARGEST_OBJECT {
        return Err(DicomError::TooLarge(format!("an object of more than {} GiB", LARGEST_OBJECT >> 30)));
    }
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let mut bytes = Vec::new();
    fill(&mut file, &mut bytes, length)?;
    let start = find_start(&bytes, bytes.len())?;
    let meta_range = start.meta_at..start.file_at;
    let meta_encoding = encoding_of_meta(&bytes, meta_range.start);
    let (meta, _) = decode(&bytes, meta_range.clone(), meta_encoding, Keep::Everything)?;
    let Start { mut at, encoding, deflated, transfer_syntax, .. } = start;
    if deflated {
        bytes = inflated(bytes.get(at..).unwrap_or_default())?;
        at = 0;
    }
    let (end_at, end) = Walk::over(&bytes, encoding).survey(at, true);
    let range = at..end_at;
    let (data_set, _) = decode(&bytes, range.clone(), encoding, Keep::Everything)?;
    let (encoded_as, whole) = (uid_of(encoding), matches!(end, End::Clean));
    Ok(Object { meta, data_set, transfer_syntax, encoded_as, meta_range, range, whole })
}

fn inflated(deflated: &[u8]) -> Result<Vec<u8>> {
    let most = deflated.len().saturating_mul(MOST_INFLATION).saturating_add(FREE_INFLATED);
    let mut bytes = Vec::new();
    fill(&mut DeflateDecoder::new(deflated), &mut bytes, most)?;
    if bytes.len() == most {
        return Err(DicomError::TooLarge(format!(
            "a data set that inflates to more than {} MiB",
            most >> 20
        )));
    }
    Ok(bytes)
}
