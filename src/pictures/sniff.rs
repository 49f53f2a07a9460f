//! What a file is, by its first bytes: names of files lie.

use super::error::{PictureError, Result};

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Png,
    Jpeg,
    Tiff,
}

/// Formats that people take for pictures, in the words of a sentence.
const OTHERS: &[(usize, &[u8], &str)] = &[
    (0, b"GIF8", "a GIF picture"),
    (8, b"WEBP", "a WebP picture"),
    (0, b"BM", "a BMP picture"),
    (4, b"ftyphei", "a HEIC picture"),
    (4, b"ftyphev", "a HEIC picture"),
    (4, b"ftypmif1", "a HEIC picture"),
    (4, b"ftypmsf1", "a HEIC picture"),
    (4, b"ftypavif", "an AVIF picture"),
    (4, b"ftypavis", "an AVIF picture"),
    (4, b"ftypcrx", "a camera's raw picture"),
    (4, b"ftyp", "a film"),
    (0, b"FUJIFILMCCD-RAW", "a camera's raw picture"),
    (0, b"IIRO", "a camera's raw picture"),
    (0, b"IIU\0", "a camera's raw picture"),
    (0, b"%PDF", "a PDF document"),
    (0, b"\0\0\0\x0CjP  ", "a JPEG 2000 picture"),
    (0, b"\xFF\x4F\xFF\x51", "a JPEG 2000 picture"),
    (0, b"\0\0\0\x0CJXL ", "a JPEG XL picture"),
    (0, b"\xFF\x0A", "a JPEG XL picture"),
    (0, b"8BPS", "a Photoshop document"),
    (0, b"PK\x03\x04", "a ZIP archive or an office document"),
    (0, b"II\xBC\x01", "a JPEG XR picture"),
    (0, b"\0\0\x01\0", "an icon"),
];

/// The format, or what the file is instead.
pub(super) fn kind(bytes: &[u8]) -> Result<Kind> {
    if bytes.is_empty() {
        return Err(PictureError::Empty);
    }
    // First: a DICOM file's preamble may be a TIFF header.
    if bytes.get(128..132) == Some(b"DICM") || bytes.starts_with(b"DICM") {
        return Err(PictureError::Dicom);
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1A\n") {
        return Ok(Kind::Png);
    }
    if bytes.starts_with(b"\xFF\xD8\xFF") {
        return Ok(Kind::Jpeg);
    }
    if [&b"II*\0"[..], b"MM\0*", b"II+\0", b"MM\0+"].iter().any(|magic| bytes.starts_with(magic)) {
        return Ok(Kind::Tiff);
    }
    let known =
        OTHERS.iter().find(|(at, magic, _)| bytes.get(*at..).is_some_and(|rest| rest.starts_with(magic)));
    if let Some((_, _, name)) = known {
        return Err(PictureError::OtherFormat(name));
    }
    Err(if is_svg(bytes) { PictureError::OtherFormat("an SVG drawing") } else { PictureError::Unknown })
}

/// Whether it is XML, or starts as XML may, and names the element of a drawing early.
fn is_svg(bytes: &[u8]) -> bool {
    let start = bytes.get(..1024).unwrap_or(bytes);
    let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
    start.starts_with(b"<") && start.windows(4).any(|window| window == b"<svg")
}
