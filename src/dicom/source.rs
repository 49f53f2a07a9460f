//! Finds the data set in a file: preamble or none, any encoding, deflated or not. Reads no more than it must.

use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};
use std::path::Path;

use dicom_dictionary_std::{tags, uids};
use flate2::read::DeflateDecoder;

use super::element::{Dataset, Element, Encoding, End, elements_before, is_vr, walk};
use super::error::{DicomError, Result};
use super::sniff;

/// Retired, and so marked deprecated in the dictionary crate.
pub(super) const EXPLICIT_BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";
/// First bytes read of every file: most headers end before.
const FIRST_READ: usize = 16 << 10;
/// A header beyond this is refused: nothing but an attack or a misread length has one.
const LARGEST_HEADER: usize = 512 << 20;

/// What the file meta information and the first bytes say.
#[derive(Debug)]
pub(super) struct Start {
    /// Where the data set starts in the bytes that are walked.
    pub at: usize,
    pub encoding: Encoding,
    pub deflated: bool,
    /// Where the data set starts in the bytes that are walked. not `at`, where it is deflated.
    pub file_at: usize,
    pub transfer_syntax: String,
    /// What was wrong with it.
    pub repairs: Vec<&'static str>,
}

/// A header's elements, in order, and how they ended.
#[derive(Debug)]
pub(super) struct Header<'a> {
    pub dataset: Dataset<'a>,
    pub end: End,
    /// Bytes of the file; of a deflated data set what was inflated, at most.
    pub total: usize,
    pub start: &'a Start,
}

/// Reads a file's header and hands it to `with`.
pub(super) fn with_header<T>(path: &Path, with: impl FnOnce(&Header<'_>) -> Result<T>) -> Result<T> {
    let mut file = File::open(path)?;
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    let mut bytes = Vec::with_capacity(FIRST_READ.min(length));
    fill(&mut file, &mut bytes, FIRST_READ.min(length))?;
    let start = find_start(&bytes, length)?;
    if start.deflated {
        file.seek(SeekFrom::Start(start.at as u64))?;
        let inflated = DeflateDecoder::new(file);
        return grow(inflated, Vec::new(), usize::MAX, &Start { at: 0, ..start }, with);
    }
    grow(file, bytes, length, &start, with)
}

/// Reads on until the walk has seen the whole header.
fn grow<T>(
    mut reader: impl Read,
    mut bytes: Vec<u8>,
    mut total: usize,
    start: &Start,
    with: impl FnOnce(&Header<'_>) -> Result<T>,
) -> Result<T> {
    loop {
        let (dataset, end) = walk(&bytes, start.at, total, start.encoding);
        let End::More(needed) = end else {
            if dataset.elements.is_empty() && !matches!(end, End::Pixels(_)) {
                return Err(DicomError::NotDicom("no usable DICOM header"));
            }
            return with(&Header { dataset, end, total, start });
        };
        let wanted = needed.max(bytes.len() * 4).max(FIRST_READ).min(total);
        if wanted > LARGEST_HEADER {
            return Err(DicomError::TooLarge("the header is larger than 512 MiB".to_owned()));
        }
        fill(&mut reader, &mut bytes, wanted)?;
        if bytes.len() < wanted {
            total = bytes.len();
        }
    }
}

/// Reads until the vector holds `wanted` bytes or there are no more.
fn fill(reader: &mut impl Read, bytes: &mut Vec<u8>, wanted: usize) -> io::Result<()> {
    let mut have = bytes.len();
    // Not `read_to_end`: it starts with 8 KiB and probes for the end, three system calls instead of one.
    while have < wanted {
        if have == bytes.len() {
            // At most twice what is there: a deflated stream may promise more than it holds.
            bytes.resize(wanted.min(have + have.max(FIRST_READ)), 0);
        }
        match reader.read(bytes.get_mut(have..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(read) => have += read,
            // A deflated stream that breaks off: what came out before is used.
            Err(error)
                if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof) =>
            {
                break;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(have);
    Ok(())
}

/// Where the data set starts, by preamble, prefix, meta group or the first element's own looks.
fn find_start(bytes: &[u8], total: usize) -> Result<Start> {
    if bytes.is_empty() {
        return Err(DicomError::NotDicom("empty file"));
    }
    let magic = |at: usize| bytes.get(at..).is_some_and(|rest| rest.starts_with(b"DICM"));
    let meta_at = |at: usize| bytes.get(at..).is_some_and(|rest| rest.starts_with(&[2, 0, 0, 0]));
    if magic(128) {
        return after_magic(bytes, 132, total, Vec::new());
    }
    let repair = "The file has no preamble.";
    if magic(0) {
        return after_magic(bytes, 4, total, vec![repair]);
    }
    if meta_at(0) || meta_at(128) {
        return after_magic(bytes, if meta_at(0) { 0 } else { 128 }, total, vec![repair]);
    }
    for at in [0, 128] {
        if let Some(encoding) = guess(bytes.get(at..).unwrap_or_default(), total, true) {
            let repairs = vec!["The file has no preamble and no transfer syntax; it was guessed."];
            return bare(at, encoding, bytes, repairs);
        }
    }
    Err(DicomError::NotDicom(sniff::looks_like(bytes)))
}

fn bare(at: usize, encoding: Encoding, bytes: &[u8], repairs: Vec<&'static str>) -> Result<Start> {
    refuse_index(bytes.get(at..).unwrap_or_default(), encoding)?;
    let transfer_syntax = match (encoding.explicit, encoding.big_endian) {
        (false, _) => uids::IMPLICIT_VR_LITTLE_ENDIAN,
        (true, false) => uids::EXPLICIT_VR_LITTLE_ENDIAN,
        (true, true) => EXPLICIT_BIG_ENDIAN,
    };
    Ok(Start {
        at,
        encoding,
        deflated: false,
        file_at: at,
        transfer_syntax: transfer_syntax.to_owned(),
        repairs,
    })
}

fn after_magic(bytes: &[u8], at: usize, total: usize, mut repairs: Vec<&'static str>) -> Result<Start> {
    let meta_encoding = match bytes.get(at + 4..at + 6) {
        Some(vr) if !vr.iter().all(u8::is_ascii_uppercase) => Encoding::IMPLICIT,
        Some(_) | None => Encoding::EXPLICIT,
    };
    // Group length is often wrong or missing: the meta information ends where its group does.
    let (meta, data_at) = elements_before(bytes, at, 0x0003, meta_encoding);
    let text = |tag| meta.get(tag).map(Element::text).filter(|text| !text.is_empty());
    if text(tags::MEDIA_STORAGE_SOP_CLASS_UID).is_some_and(|uid| uid == uids::MEDIA_STORAGE_DIRECTORY_STORAGE)
    {
        return Err(DicomError::Index);
    }
    let rest = bytes.get(data_at..).unwrap_or_default();
    let guessed = guess(rest, total, false);
    let Some(transfer_syntax) = text(tags::TRANSFER_SYNTAX_UID) else {
        let encoding = guessed.ok_or(DicomError::NotDicom("no DICOM data set"))?;
        repairs.push("The file declares no transfer syntax; it was guessed.");
        return bare(data_at, encoding, bytes, repairs);
    };
    let deflated = transfer_syntax == uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN;
    let declared = match transfer_syntax.as_ref() {
        uids::IMPLICIT_VR_LITTLE_ENDIAN => Encoding::IMPLICIT,
        EXPLICIT_BIG_ENDIAN => Encoding::BIG_ENDIAN,
        _ => Encoding::EXPLICIT,
    };
    let transfer_syntax = transfer_syntax.into_owned();
    if deflated {
        return Ok(Start {
            at: data_at,
            file_at: data_at,
            encoding: declared,
            deflated,
            transfer_syntax,
            repairs,
        });
    }
    let encoding = guessed.unwrap_or(declared);
    if encoding != declared {
        repairs.push("The data set is encoded in another way than the file says; it was read as it is.");
    }
    refuse_index(rest, encoding)?;
    Ok(Start { at: data_at, file_at: data_at, encoding, deflated, transfer_syntax, repairs })
}

fn refuse_index(rest: &[u8], encoding: Encoding) -> Result<()> {
    if encoding.u16(rest) == Some(0x0004) { Err(DicomError::Index) } else { Ok(()) }
}

/// The encoding that the first element looks like. `strict` where nothing else says that it is DICOM.
pub(super) fn guess(rest: &[u8], total: usize, strict: bool) -> Option<Encoding> {
    let vr: [u8; 2] = rest.get(4..6)?.try_into().ok()?;
    let big_endian = rest.first() == Some(&0) && rest.get(1) != Some(&0);
    let encoding = match (is_vr(vr), big_endian) {
        (true, true) => Encoding::BIG_ENDIAN,
        (true, false) => Encoding::EXPLICIT,
        (false, true) => return None,
        (false, false) => Encoding::IMPLICIT,
    };
    let group = encoding.u16(rest)?;
    let length = encoding.u32(rest.get(4..)?)?;
    let plausible_length = encoding.explicit || length == u32::MAX || (length as usize) < total;
    let plausible_group =
        if strict { matches!(group, 0x0008 | 0x0010 | 0x0020 | 0x0028) } else { group >= 4 };
    (plausible_length && plausible_group).then_some(encoding)
}
