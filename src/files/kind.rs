//! What a file is by its bytes, as far as it must never be overwritten.
//!
//! This is no reader: it would rather take something else for DICOM than the other way round. Nothing that the program
//! writes itself (pictures, PDF, text, Word) begins as an element of DICOM does.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

/// What must not be overwritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An image, a document, an index: with or without a preamble (PS3.10 section 7.1).
    Dicom,
    /// A reader's work: a case file or an autosave.
    Case,
    /// A ZIP archive that is no office document.
    Archive,
    /// Anything else.
    Other,
}

/// As much as is looked at of each end of a file.
const HEAD: usize = 1 << 16;
/// No case is longer.
const MOST_OF_CASE: u64 = 64 << 20;
/// The length of the preamble before `DICM`.
const PREAMBLE: usize = 128;

/// What the file is. It must be a regular one.
pub(super) fn kind_of(path: &Path) -> io::Result<Kind> {
    let mut file = File::open(path)?;
    let total = file.metadata()?.len();
    let mut head = Vec::new();
    file.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    if is_dicom(&head, total) {
        return Ok(Kind::Dicom);
    }
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&head).trim_ascii_start();
    if text.starts_with(b"{") && total <= MOST_OF_CASE {
        file.read_to_end(&mut head)?;
        // Wherever the format stands: somebody's editor may have sorted the keys.
        return Ok(if holds(&head, b"\"isodense-") { Kind::Case } else { Kind::Other });
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        let tail = total.saturating_sub(HEAD as u64);
        file.seek(SeekFrom::Start(tail))?;
        let mut end = Vec::new();
        file.take(HEAD as u64).read_to_end(&mut end)?;
        let office = |bytes: &[u8]| holds(bytes, b"[Content_Types].xml");
        return Ok(if office(&head) || office(&end) { Kind::Other } else { Kind::Archive });
    }
    Ok(Kind::Other)
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

/// By the prefix, by the group of the meta information, or by what a first element looks like.
fn is_dicom(head: &[u8], total: u64) -> bool {
    let after = |at: usize| head.get(at..).unwrap_or_default();
    [0, PREAMBLE].into_iter().any(|at| {
        let rest = total.saturating_sub(at as u64);
        after(at).starts_with(b"DICM")
            || after(at).starts_with(&[2, 0, 0, 0])
            || [u16::from_le_bytes, u16::from_be_bytes]
                .into_iter()
                .any(|number| begins_with_elements(after(at), number, rest))
    })
}

/// Whether there is an element with a known value representation, or one without whose length leads to a later element.
fn begins_with_elements(bytes: &[u8], number: fn([u8; 2]) -> u16, total: u64) -> bool {
    /// Data sets of images, documents and indexes begin in these groups.
    const FIRST: std::ops::RangeInclusive<u16> = 0x0001..=0x0028;
    let Some(tag) = tag(bytes, number) else { return false };
    if !FIRST.contains(&tag.0) {
        return false;
    }
    if bytes.get(4..6).is_some_and(|vr| REPRESENTATIONS.iter().any(|known| known.as_bytes() == vr)) {
        return true;
    }
    let Some(&[a, b, c, d]) = bytes.get(4..8).and_then(<[u8]>::first_chunk) else { return false };
    // The order of bytes is that of the tag: ask the same function.
    let (first, second) = (number([a, b]), number([c, d]));
    let little = number([1, 0]) == 1;
    let (low, high) = if little { (first, second) } else { (second, first) };
    let length = (u32::from(high) << 16) | u32::from(low);
    if length == u32::MAX {
        return true;
    }
    let next = u64::from(length) + 8;
    if next >= total {
        return next == total;
    }
    match usize::try_from(next).ok().and_then(|next| bytes.get(next..)) {
        Some(rest) if rest.len() >= 4 => self::tag(rest, number).is_some_and(|next| next > tag),
        // Beyond what was read: the length fits into the file.
        Some(_) | None => true,
    }
}

fn tag(bytes: &[u8], number: fn([u8; 2]) -> u16) -> Option<(u16, u16)> {
    let &[a, b, c, d] = bytes.first_chunk()?;
    Some((number([a, b]), number([c, d])))
}

/// PS3.5 table 6.2-1.
const REPRESENTATIONS: [&str; 34] = [
    "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "OB", "OD", "OF", "OL", "OV",
    "OW", "PN", "SH", "SL", "SQ", "SS", "ST", "SV", "TM", "UC", "UI", "UL", "UN", "UR", "US", "UT", "UV",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(bytes: &[u8]) -> Kind {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        File::create(&path).and_then(|mut file| io::Write::write_all(&mut file, bytes)).unwrap();
        kind_of(&path).unwrap()
    }

    #[test]
    fn dicom_is_known_with_and_without_what_should_stand_before_it() {
        let explicit = b"\x08\x00\x16\x00UI\x04\x001.2\0\x08\x00\x18\x00UI\x02\x001\0".as_slice();
        let implicit = b"\x08\x00\x16\x00\x04\0\0\x001.2\0\x08\x00\x18\x00\x02\0\0\x001\0".as_slice();
        let big = b"\x00\x08\x00\x16UI\x00\x041.2\0".as_slice();
        let big_implicit = b"\x00\x08\x00\x00\0\0\0\x04\0\0\0\0\x00\x08\x00\x01\0\0\0\0".as_slice();
        let meta = b"\x02\x00\x00\x00UL\x04\x00\x10\0\0\0".as_slice();
        let index = b"\x04\x00\x30\x11CS\x04\x00ABCD".as_slice();
        for data in [explicit, implicit, big, big_implicit, meta, index] {
            assert_eq!(kind(data), Kind::Dicom, "{data:x?}");
            assert_eq!(kind(&[vec![0; PREAMBLE], data.to_vec()].concat()), Kind::Dicom, "{data:x?}");
            assert_eq!(kind(&[vec![b'#'; PREAMBLE], b"DICM".to_vec(), data.to_vec()].concat()), Kind::Dicom);
        }
        assert_eq!(kind(b"DICM\x02\x00\x10\x00UI"), Kind::Dicom);
        // A command group of the old standard comes first.
        assert_eq!(kind(b"\x08\x00\x00\x00\x04\x00\x00\x00\xff\x00\x00\x00\x08\x00\x01\x00"), Kind::Dicom);
    }

    #[test]
    fn what_the_program_writes_is_no_dicom() {
        let others: [&[u8]; 12] = [
            b"",
            b"id,label\r\n1,x\r\n",
            b"[\n  {\"label\": \"x\"}]",
            b"{\"a\": 1}",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            b"II*\0\x08\0\0\0",
            b"MM\0*\0\0\0\x08",
            b"GIF89a\x01\0\x01\0",
            b"%PDF-1.7",
            b"\xff\xd8\xff\xe0\0\x10JFIF",
            b"a\0b\0c\0d\0e\0",
            &[0; 1000],
        ];
        for bytes in others {
            assert_eq!(kind(bytes), Kind::Other, "{bytes:x?}");
        }
        assert_eq!(kind(b"PK\x03\x04 [Content_Types].xml"), Kind::Other);
        assert_eq!(kind(b"PK\x03\x04 1.dcm"), Kind::Archive);
        assert_eq!(kind(b"{\"format\": \"isodense-case\"}"), Kind::Case);
        let sorted =
            format!("\u{feff} {{\"a\": \"{}\", \"format\": \"isodense-case\"}}", "x".repeat(2 * HEAD));
        assert_eq!(kind(sorted.as_bytes()), Kind::Case);
    }
}
