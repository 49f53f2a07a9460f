//! Finds the data set in a file: preamble or none, any encoding, deflated or not. Reads no more than it must.

use std::io::{self, Read};

use dicom_dictionary_std::{tags, uids};
use dicom_object::InMemDicomObject;
use flate2::read::DeflateDecoder;

use super::decoder::{Keep, decode};
use super::error::{DicomError, Result};
use super::heads::{Encoding, End, Walk, is_vr};
use super::limits::{FREE_INFLATED, LARGEST_HEADER, MOST_INFLATION};
use super::marks::Mark;
use super::value::Attributes as _;
use super::{index, sniff};

/// Retired, and so marked deprecated in the dictionary crate.
pub(super) const EXPLICIT_BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";
/// First bytes read of every file: most headers end before.
const FIRST_READ: usize = 16 << 10;
/// What a DICOMDIR says beyond this is not looked at: a million records.
const LARGEST_INDEX: usize = 256 << 20;

/// What the file meta information and the first bytes say.
#[derive(Debug)]
pub(super) struct Start {
    /// Where the data set starts in the bytes that are walked.
    pub at: usize,
    pub encoding: Encoding,
    pub deflated: bool,
    /// A DICOMDIR.
    pub index: bool,
    /// Where the data set starts in the bytes that are walked. not `at`, where it is deflated.
    pub file_at: usize,
    pub transfer_syntax: String,
    /// Where the file meta information starts; at the data set where there is none.
    pub meta_at: usize,
    /// What was wrong with it.
    pub repairs: Vec<&'static str>,
    /// Bytes of the file.
    pub file_length: u64,
}

/// An object up to its pixel data, and how it ended.
#[derive(Debug)]
pub(super) struct Header {
    pub dataset: InMemDicomObject,
    /// What the short private elements of the top level say that nobody understands.
    pub private: Vec<Mark>,
    pub end: End,
    /// Bytes of the file; of a deflated data set what was inflated, at most.
    pub total: usize,
    pub start: Start,
}

/// Reads an object of `length` bytes up to its pixel data.
pub(super) fn read_front(mut reader: impl Read, length: u64) -> Result<Header> {
    let file_length = length;
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let mut bytes = Vec::with_capacity(FIRST_READ.min(length));
    fill(&mut reader, &mut bytes, FIRST_READ.min(length))?;
    let start = Start { file_length, ..find_start(&bytes, length)? };
    if start.index {
        return Err(DicomError::Index);
    }
    if start.deflated {
        let deflated = bytes.get(start.at..).unwrap_or_default().chain(reader);
        let inflated = DeflateDecoder::new(deflated);
        let most = most_inflated(length);
        let input = Input { reader: inflated, bytes: Vec::new(), total: usize::MAX, most };
        return grow(input, Start { at: 0, ..start });
    }
    grow(Input { reader, bytes, total: length, most: LARGEST_HEADER }, start)
}

/// Bytes that a header deflated to `length` bytes may have.
pub(super) fn most_inflated(length: usize) -> usize {
    length.saturating_mul(MOST_INFLATION).saturating_add(FREE_INFLATED).min(LARGEST_HEADER)
}

/// The files that a DICOMDIR names, in its order, each as the names that lead to it (PS3.3 F.3.2.2).
pub(super) fn read_index(mut reader: impl Read, length: u64) -> Result<Vec<Vec<String>>> {
    let length = usize::try_from(length).unwrap_or(usize::MAX).min(LARGEST_INDEX);
    let mut bytes = Vec::new();
    fill(&mut reader, &mut bytes, length)?;
    let Start { mut at, encoding, .. } = find_start(&bytes, length)?;
    let file = |record: &[u8]| {
        let (record, _) = decode(record, 0..record.len(), encoding, Keep::Header).ok()?;
        let names = index::parts(&record.text(tags::REFERENCED_FILE_ID)?);
        names.iter().any(|name| !name.is_empty()).then_some(names)
    };
    let mut files = Vec::new();
    let walk = Walk::over(&bytes, encoding);
    while let Ok(head) = walk.head(at)
        && let Ok((end, next)) = walk.value_end(&head, at)
    {
        if head.tag == tags::DIRECTORY_RECORD_SEQUENCE {
            // One record at a time: a million of them at once would take gigabytes.
            let records = bytes.get(at + head.size..end).unwrap_or_default();
            files.extend(Walk::over(records, encoding).items().filter_map(file));
        }
        at = next;
    }
    Ok(files)
}

/// Bytes that come when they are needed.
struct Input<R> {
    reader: R,
    /// Those that are there.
    bytes: Vec<u8>,
    /// How many there can be in all.
    total: usize,
    /// How many a header may have.
    most: usize,
}

/// Reads on until the whole header is there, and decodes it once.
fn grow(input: Input<impl Read>, start: Start) -> Result<Header> {
    let Input { mut reader, mut bytes, mut total, most } = input;
    let encoding = start.encoding;
    loop {
        let (end_at, end) = Walk { data: &bytes, total, encoding }.survey(start.at, false);
        let End::More(needed) = end else {
            let (dataset, private) = decode(&bytes, start.at..end_at, encoding, Keep::Header)?;
            if dataset.tags().next().is_none() && !matches!(end, End::Pixels(_)) {
                return Err(DicomError::NotDicom("no usable DICOM header"));
            }
            return Ok(Header { dataset, private, end, total, start });
        };
        let wanted = needed.max(bytes.len() * 4).max(FIRST_READ).min(total);
        if needed > most {
            return Err(DicomError::TooLarge(format!("a header of more than {} MiB", most >> 20)));
        }
        let wanted = wanted.min(most);
        fill(&mut reader, &mut bytes, wanted)?;
        if bytes.len() < wanted {
            total = bytes.len();
        }
    }
}

/// Reads until the vector holds `wanted` bytes or there are no more.
pub(super) fn fill(reader: &mut impl Read, bytes: &mut Vec<u8>, wanted: usize) -> io::Result<()> {
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
pub(super) fn find_start(bytes: &[u8], total: usize) -> Result<Start> {
    if bytes.is_empty() {
        return Err(DicomError::NotDicom("empty file"));
    }
    if bytes.starts_with(b"PK") && !bytes.get(128..).is_some_and(|rest| rest.starts_with(b"DICM")) {
        let kind = bytes.get(2..4).unwrap_or_default();
        // A file, an archive of none, the mark of an archive in parts.
        if [[3, 4], [5, 6], [7, 8]].iter().any(|known| kind == known) {
            return Err(DicomError::Zip);
        }
    }
    let magic = |at: usize| bytes.get(at..).is_some_and(|rest| rest.starts_with(b"DICM"));
    let meta_at = |at: usize| bytes.get(at..).is_some_and(begins_meta);
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
            return Ok(bare(at, encoding, bytes, repairs));
        }
    }
    Err(DicomError::NotDicom(sniff::looks_like(bytes)))
}

/// Whether these bytes begin file meta information: its length, its version, or, where a writer left these out, the
/// next element of it that must be there.
fn begins_meta(bytes: &[u8]) -> bool {
    let Some(&[2, 0, element, 0, vr @ .., _, _]) = bytes.first_chunk::<8>() else { return false };
    match element {
        0 => true,
        // With its VR, or with a length that such a UID or two bytes of version can have.
        1..=3 | 0x10 | 0x12 => is_vr(vr) || (vr[1] == 0 && bytes.get(6..8) == Some(&[0, 0]) && vr[0] <= 64),
        _ => false,
    }
}

fn bare(at: usize, encoding: Encoding, bytes: &[u8], repairs: Vec<&'static str>) -> Start {
    Start {
        at,
        encoding,
        deflated: false,
        index: is_index(bytes.get(at..).unwrap_or_default(), encoding),
        file_at: at,
        transfer_syntax: uid_of(encoding).to_owned(),
        repairs,
        file_length: 0,
        meta_at: at,
    }
}

/// How file meta information that starts here is encoded: some writers forget its VRs.
pub(super) fn encoding_of_meta(bytes: &[u8], at: usize) -> Encoding {
    match bytes.get(at + 4..at + 6) {
        Some(vr) if !vr.iter().all(u8::is_ascii_uppercase) => Encoding::IMPLICIT,
        Some(_) | None => Encoding::EXPLICIT,
    }
}

fn after_magic(bytes: &[u8], at: usize, total: usize, mut repairs: Vec<&'static str>) -> Result<Start> {
    let meta_encoding = encoding_of_meta(bytes, at);
    // Group length is often wrong or missing: the meta information ends where its group does.
    let data_at = Walk::over(bytes, meta_encoding).before(at, 0x0003);
    let (meta, _) = decode(bytes, at..data_at, meta_encoding, Keep::Everything)?;
    let text = |tag| meta.text(tag);
    let class = text(tags::MEDIA_STORAGE_SOP_CLASS_UID);
    let index = class.as_deref().is_some_and(|uid| uid == uids::MEDIA_STORAGE_DIRECTORY_STORAGE);
    let rest = bytes.get(data_at..).unwrap_or_default();
    let guessed = guess(rest, total, false);
    let Some(transfer_syntax) = text(tags::TRANSFER_SYNTAX_UID) else {
        let encoding = guessed.ok_or(DicomError::NotDicom("no DICOM data set"))?;
        repairs.push("The file declares no transfer syntax; it was guessed.");
        return Ok(Start { meta_at: at, ..bare(data_at, encoding, bytes, repairs) });
    };
    let deflated = transfer_syntax == uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN;
    let declared = declared_by(&transfer_syntax);
    let transfer_syntax = transfer_syntax.into_owned();
    let (at, meta_at) = (data_at, at);
    let start = Start {
        at,
        encoding: declared,
        deflated,
        index,
        file_at: at,
        transfer_syntax,
        meta_at,
        repairs,
        file_length: 0,
    };
    if deflated {
        return Ok(start);
    }
    let encoding = guessed.unwrap_or(declared);
    let mut repairs = start.repairs;
    if encoding != declared {
        repairs.push("The data set is encoded in another way than the file says; it was read as it is.");
    }
    let index = index || is_index(rest, encoding);
    Ok(Start { encoding, index, repairs, ..start })
}

/// How elements are encoded where this transfer syntax is declared.
pub(super) fn declared_by(transfer_syntax: &str) -> Encoding {
    match transfer_syntax {
        uids::IMPLICIT_VR_LITTLE_ENDIAN => Encoding::IMPLICIT,
        EXPLICIT_BIG_ENDIAN => Encoding::BIG_ENDIAN,
        _ => Encoding::EXPLICIT,
    }
}

/// The transfer syntax that says no more than how elements are encoded.
pub(super) fn uid_of(encoding: Encoding) -> &'static str {
    match (encoding.explicit, encoding.big_endian) {
        (false, _) => uids::IMPLICIT_VR_LITTLE_ENDIAN,
        (true, false) => uids::EXPLICIT_VR_LITTLE_ENDIAN,
        (true, true) => EXPLICIT_BIG_ENDIAN,
    }
}

/// Whether a data set starts as only a DICOMDIR's does (PS3.3 F.3): other elements of its group some systems put
/// before the data sets of images.
fn is_index(rest: &[u8], encoding: Encoding) -> bool {
    let element = rest.get(2..).and_then(|rest| encoding.u16(rest));
    encoding.u16(rest) == Some(0x0004)
        && element.is_some_and(|element| matches!(element, 0 | 0x1130..=0x1142 | 0x1200..=0x1220))
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
    let plausible_group = match group {
        0x0008 | 0x0010 | 0x0020 | 0x0028 => true,
        // Elements of some system's own, and then a data set.
        3..=7 if strict => {
            let next = Walk::over(rest, encoding).before(0, 0x0008);
            next > 0 && rest.get(next..).and_then(|rest| encoding.u16(rest)) == Some(0x0008)
        }
        _ => !strict && group >= 3,
    };
    (plausible_length && plausible_group).then_some(encoding)
}
