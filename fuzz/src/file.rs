//! A DICOM file around a codec's bytes. The layout comes from the input, so that the fuzzer can change it.

/// The transfer syntaxes of one codec; the input chooses.
#[derive(Debug)]
pub struct Syntaxes {
    uids: &'static [&'static str],
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Native,
    Fragments,
}

const fn fragments(uids: &'static [&'static str]) -> Syntaxes {
    Syntaxes { uids, kind: Kind::Fragments }
}

/// Uncompressed: little and big endian.
pub const NATIVE: Syntaxes =
    Syntaxes { uids: &["1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"], kind: Kind::Native };
/// Deflated Image Frame Compression. Deflated data sets are the `header` target's.
pub const DEFLATE: Syntaxes = fragments(&["1.2.840.10008.1.2.8.1"]);
/// RLE Lossless.
pub const RLE: Syntaxes = fragments(&["1.2.840.10008.1.2.5"]);
/// Baseline, extended, lossless.
pub const JPEG: Syntaxes = fragments(&[
    "1.2.840.10008.1.2.4.50",
    "1.2.840.10008.1.2.4.51",
    "1.2.840.10008.1.2.4.57",
    "1.2.840.10008.1.2.4.70",
]);
/// JPEG-LS, lossless and near.
pub const JPEG_LS: Syntaxes = fragments(&["1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"]);
/// JPEG 2000.
pub const JPEG_2000: Syntaxes = fragments(&["1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91"]);
/// High-throughput JPEG 2000.
pub const HTJ2K: Syntaxes =
    fragments(&["1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203"]);
/// JPEG XL.
pub const JPEG_XL: Syntaxes =
    fragments(&["1.2.840.10008.1.2.4.110", "1.2.840.10008.1.2.4.111", "1.2.840.10008.1.2.4.112"]);

/// What the header says of the pixels: rows and columns of two bytes each, little endian, then one byte each for
/// Bits Allocated, Bits Stored less one, photometric interpretation, and flags.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    rows: u16,
    columns: u16,
    allocated: u16,
    stored: u16,
    photometric: &'static str,
    samples: u16,
    signed: bool,
    planar: bool,
    frames: u8,
    syntax: usize,
}

/// Photometric interpretations in the order of their byte.
pub const PHOTOMETRICS: [&str; 8] =
    ["MONOCHROME2", "MONOCHROME1", "PALETTE COLOR", "RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT"];

impl Layout {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
        let flags = byte(7);
        let allocated = [1, 8, 16, 32][usize::from(byte(4) % 4)];
        let photometric = usize::from(byte(6) % 8);
        Self {
            rows: u16::from_le_bytes([byte(0), byte(1)]),
            columns: u16::from_le_bytes([byte(2), byte(3)]),
            allocated,
            stored: u16::from(byte(5) % 32) + 1,
            photometric: PHOTOMETRICS[photometric],
            samples: if photometric > 2 { 3 } else { 1 },
            signed: flags & 1 != 0,
            planar: flags & 2 != 0,
            frames: [1, 2, 3, 255][usize::from(flags >> 2 & 3)],
            syntax: usize::from(flags >> 4),
        }
    }
}

struct Writer {
    bytes: Vec<u8>,
    big_endian: bool,
}

impl Writer {
    fn u16(&mut self, value: u16) {
        self.bytes.extend(if self.big_endian { value.to_be_bytes() } else { value.to_le_bytes() });
    }

    fn head(&mut self, group: u16, element: u16, vr: &[u8; 2], length: u16) {
        self.u16(group);
        self.u16(element);
        self.bytes.extend(vr);
        self.u16(length);
    }

    fn text(&mut self, group: u16, element: u16, vr: &[u8; 2], text: &str) {
        let padded = text.len().next_multiple_of(2);
        self.head(group, element, vr, padded as u16);
        self.bytes.extend(text.as_bytes());
        self.bytes.resize(self.bytes.len() + padded - text.len(), if vr == b"UI" { 0 } else { b' ' });
    }

    fn words(&mut self, group: u16, element: u16, words: &[u16]) {
        self.head(group, element, b"US", words.len() as u16 * 2);
        words.iter().for_each(|&word| self.u16(word));
    }

    fn long(&mut self, group: u16, element: u16, vr: &[u8; 2], length: u32) {
        self.head(group, element, vr, 0);
        self.bytes.extend(if self.big_endian { length.to_be_bytes() } else { length.to_le_bytes() });
    }
}

fn header(uid: &str, layout: Layout) -> Writer {
    let mut file = Writer { bytes: vec![0; 128], big_endian: false };
    file.bytes.extend(b"DICM");
    file.text(0x0002, 0x0010, b"UI", uid);
    file.big_endian = uid == "1.2.840.10008.1.2.2";
    file.text(0x0008, 0x0016, b"UI", "1.2.840.10008.5.1.4.1.1.7");
    file.text(0x0008, 0x0018, b"UI", "1.2.3.4");
    file.text(0x0008, 0x0060, b"CS", "OT");
    file.text(0x0020, 0x000D, b"UI", "1.2.3");
    file.text(0x0020, 0x000E, b"UI", "1.2.3.5");
    file.words(0x0028, 0x0002, &[layout.samples]);
    file.text(0x0028, 0x0004, b"CS", layout.photometric);
    file.words(0x0028, 0x0006, &[u16::from(layout.planar)]);
    file.text(0x0028, 0x0008, b"IS", &layout.frames.to_string());
    file.words(0x0028, 0x0010, &[layout.rows]);
    file.words(0x0028, 0x0011, &[layout.columns]);
    file.words(0x0028, 0x0100, &[layout.allocated]);
    file.words(0x0028, 0x0101, &[layout.stored.min(layout.allocated)]);
    file.words(0x0028, 0x0102, &[layout.stored.min(layout.allocated) - 1]);
    file.words(0x0028, 0x0103, &[u16::from(layout.signed)]);
    if layout.photometric == "PALETTE COLOR" {
        for color in 0x1101..=0x1103 {
            file.words(0x0028, color, &[4, 0, 16]);
        }
        for color in 0x1201..=0x1203 {
            file.long(0x0028, color, b"OW", 8);
            file.bytes.extend([0, 0, 0, 0x40, 0, 0x80, 0, 0xFF]);
        }
    }
    file
}

/// A file of one codec with all the bytes in one fragment; several frames get the same fragment each.
pub(crate) fn wrap(syntaxes: &Syntaxes, layout: Layout, pixels: &[u8]) -> Vec<u8> {
    let uid = syntaxes.uids[layout.syntax % syntaxes.uids.len()];
    let mut file = header(uid, layout);
    if syntaxes.kind == Kind::Native {
        file.long(0x7FE0, 0x0010, if layout.allocated > 8 { b"OW" } else { b"OB" }, pixels.len() as u32);
        file.bytes.extend(pixels);
        return file.bytes;
    }
    file.long(0x7FE0, 0x0010, b"OB", u32::MAX);
    file.bytes.extend([0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0]);
    for _ in 0..layout.frames.min(3) {
        file.bytes.extend([0xFE, 0xFF, 0x00, 0xE0]);
        file.bytes.extend((pixels.len() as u32).to_le_bytes());
        file.bytes.extend(pixels);
    }
    file.bytes.extend([0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]);
    file.bytes
}

/// A file of encapsulated uncompressed frames whose items are the input.
pub(crate) fn wrap_items(layout: Layout, items: &[u8]) -> Vec<u8> {
    // Uncompressed, RLE and a private syntax, where the first bytes tell the codec.
    let uid = ["1.2.840.10008.1.2.1.98", "1.2.840.10008.1.2.5", "1.2.3.4.5"][layout.syntax % 3];
    let mut file = header(uid, Layout { frames: layout.frames.clamp(1, 9), ..layout });
    if layout.planar {
        // Extended Offset Table: the first items as it.
        let table = items.get(..layout.frames.min(4) as usize * 8).unwrap_or_default();
        file.long(0x7FE0, 0x0001, b"OV", table.len() as u32);
        file.bytes.extend(table);
    }
    file.long(0x7FE0, 0x0010, b"OB", u32::MAX);
    file.bytes.extend(items);
    file.bytes
}
