//! What a file looks like that is not DICOM.

const SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF", "PDF document"),
    (b"\xFF\xD8\xFF", "JPEG picture"),
    (b"\x89PNG", "PNG picture"),
    (b"GIF8", "GIF picture"),
    (b"BM", "BMP picture"),
    (b"II*\0", "TIFF picture"),
    (b"MM\0*", "TIFF picture"),
    (b"PK\x03\x04", "ZIP archive or office document"),
    (b"\x1F\x8B", "gzip archive"),
    (b"7z\xBC\xAF", "7z archive"),
    (b"Rar!", "RAR archive"),
    (b"MZ", "Windows program"),
    (b"\x7FELF", "program"),
    (b"NRRD", "NRRD image"),
    (b"\x93NUMPY", "NumPy array"),
    (b"<?xml", "XML text"),
    (b"<!DOCTYPE", "web page"),
    (b"<html", "web page"),
    (b"{", "text, perhaps JSON"),
];

/// A few words for a file that is not DICOM, by its first bytes.
pub(super) fn looks_like(bytes: &[u8]) -> &'static str {
    if let Some((_, name)) = SIGNATURES.iter().find(|(signature, _)| bytes.starts_with(signature)) {
        return name;
    }
    if bytes.get(344..347).is_some_and(|magic| magic == b"n+1" || magic == b"ni1") {
        return "NIfTI image";
    }
    let start = bytes.get(..256).unwrap_or(bytes);
    let is_text = |b: &u8| matches!(b, b'\t' | b'\n' | b'\r' | 0x20..=0x7E | 0x80..);
    if start.iter().all(is_text) { "text" } else { "no DICOM header" }
}
