//! Compressed frames: each becomes an object of one frame that `dicom_pixeldata` decodes, through readers of our own.
//!
//! The object holds what a reader needs to know, all of it checked, and nothing of a patient. What comes back is little
//! endian bytes of Bits Allocated; they get the header's type, sign and colour here.

mod codestream;
mod deflate;
mod jpeg;
mod jpeg2000;
mod jpegls;
mod jpegxl;
mod object;
mod reader;
mod rle;
mod target;
#[cfg(test)]
mod tests;

use dicom_dictionary_std::uids;
use dicom_pixeldata::PixelDecoder as _;
use jpeg_t81::Process;

use super::error::{DicomError, Result};
use super::raster::{Colors, Raster, finish, words};
use crate::image::{Decoded, Frame, Samples};

use reader::codec_of;
pub(super) use target::plausible;

/// How a frame was compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Codec {
    Plain,
    Deflated,
    Rle,
    Jpeg,
    JpegLs,
    Jpeg2000,
    JpegXl,
}

/// Decodes the bytes of one compressed frame.
pub(super) fn decode(frame: &Frame, bytes: Vec<u8>) -> Result<Decoded> {
    let declared = &*frame.stored.transfer_syntax;
    let (codec, syntax) = match codec_of(declared) {
        Some(codec) => (codec, declared),
        None => guess(declared, &bytes).ok_or_else(|| DicomError::Unsupported(name_of(declared)))?,
    };
    let depth = Depth::of(codec, &bytes);
    let colors = colors(codec, &bytes);
    let object = object::of_frame(frame, syntax, bytes)?;
    let decoded = object.decode_pixel_data_frame(0).map_err(|error| reader::error_of(error, syntax))?;
    let bytes = decoded.into_data();
    drop(object);
    match codec {
        Codec::Plain | Codec::Deflated => deflate::native(frame, bytes).map(Into::into),
        Codec::Rle | Codec::Jpeg | Codec::JpegLs | Codec::Jpeg2000 | Codec::JpegXl => {
            samples(frame, depth, colors, bytes)
        }
    }
}

/// How many bits the samples of a stream have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// At most 8: a sign is in the eighth, however many the header allows.
    Byte,
    /// As many as the header says.
    AsDeclared,
}

impl Depth {
    fn of(codec: Codec, bytes: &[u8]) -> Self {
        let bits = match codec {
            Codec::Jpeg => jpeg_t81::Header::read(bytes).ok().map(|header| header.bits),
            Codec::JpegLs => ::jpegls::Header::read(bytes).ok().map(|header| header.bits),
            Codec::Plain | Codec::Deflated | Codec::Rle | Codec::Jpeg2000 | Codec::JpegXl => None,
        };
        if bits.is_some_and(|bits| bits <= 8) { Self::Byte } else { Self::AsDeclared }
    }
}

/// Whether the codec makes red, green and blue of the stream's components.
fn colors(codec: Codec, bytes: &[u8]) -> Colors {
    let converted = match codec {
        Codec::Jpeg => jpeg_t81::Header::read(bytes).is_ok_and(|header| header.process != Process::Lossless),
        Codec::Jpeg2000 => jpeg2000::transforms_color(bytes),
        Codec::JpegXl => true,
        Codec::Plain | Codec::Deflated | Codec::Rle | Codec::JpegLs => false,
    };
    if converted { Colors::Rgb } else { Colors::AsDeclared }
}

/// The samples of the rows that are there; the other rows are zero.
fn samples(frame: &Frame, depth: Depth, colors: Colors, mut bytes: Vec<u8>) -> Result<Decoded> {
    let layout = &frame.stored.layout;
    let width = usize::from(layout.bits_allocated.div_ceil(8));
    let pixel = width * usize::from(layout.samples_per_pixel);
    let there = bytes.len().checked_div(pixel).unwrap_or(0);
    bytes.resize(frame.size.pixels() * pixel, 0);
    if let (12 | 16, Depth::AsDeclared, false) = (layout.bits_allocated, depth, frame.color) {
        let grey = if layout.signed {
            Samples::I16(words(&bytes, layout.bits_stored))
        } else {
            Samples::U16(words(&bytes, layout.bits_stored))
        };
        return Ok(Decoded::cut_off(grey, there));
    }
    let raster = match (width, depth) {
        (1, _) => Raster::U8(bytes),
        (_, Depth::Byte) => Raster::U8(bytes.into_iter().step_by(width).collect()),
        (2, Depth::AsDeclared) => {
            Raster::U16(bytes.as_chunks().0.iter().map(|two| u16::from_le_bytes(*two)).collect())
        }
        (_, Depth::AsDeclared) => {
            Raster::U32(bytes.as_chunks().0.iter().map(|four| u32::from_le_bytes(*four)).collect())
        }
    };
    Ok(Decoded::cut_off(finish(frame, raster, colors)?, there))
}

/// Fragments in a file whose syntax is unknown, private, or says that there are none: the stream tells.
fn guess(syntax: &str, bytes: &[u8]) -> Option<(Codec, &'static str)> {
    if syntax.starts_with("1.2.840.10008.1.2.4.") {
        return None;
    }
    if bytes.starts_with(b"\xFF\xD8\xFF") {
        return Some(if ::jpegls::is_jpegls(bytes) {
            (Codec::JpegLs, uids::JPEGLS_LOSSLESS)
        } else {
            (Codec::Jpeg, uids::JPEG_BASELINE8_BIT)
        });
    }
    let is_jpeg_2000 = bytes.starts_with(b"\xFF\x4F\xFF\x51") || bytes.starts_with(b"\x00\x00\x00\x0CjP  ");
    is_jpeg_2000.then_some((Codec::Jpeg2000, uids::JPEG2000))
}

/// Refuses by name what no stream is looked at for: film and sound, and pixels on a server.
pub(super) fn is_known(syntax: &str) -> Result<()> {
    named(syntax).map_or(Ok(()), |name| Err(DicomError::Unsupported(name.to_owned())))
}

/// Transfer syntaxes of PS3.6 table A-1 that hold no images that this program shows.
fn named(syntax: &str) -> Option<&'static str> {
    let kind = syntax.strip_prefix("1.2.840.10008.1.2.")?;
    // Each has a twin in fragments, "fragmentable", that ends in .1.
    let kind = if kind.starts_with("4.10") { kind.strip_suffix(".1").unwrap_or(kind) } else { kind };
    Some(match kind {
        "4.100" | "4.101" => "video (MPEG-2)",
        "4.102" | "4.103" | "4.104" | "4.105" | "4.106" => "video (MPEG-4 AVC/H.264)",
        "4.107" | "4.108" => "video (HEVC/H.265)",
        "7.1" | "7.2" => "video (SMPTE ST 2110)",
        "7.3" => "sound (SMPTE ST 2110)",
        "4.92" | "4.93" => "multi-component JPEG 2000",
        "4.94" | "4.95" | "4.204" | "4.205" => "pixels on a server (JPIP)",
        _ => return None,
    })
}

/// What an unsupported transfer syntax is called.
fn name_of(syntax: &str) -> String {
    named(syntax).map_or_else(|| format!("compressed pixels of transfer syntax {syntax}"), str::to_owned)
}

/// Whether a fragment's first bytes begin a new stream.
pub(super) fn starts_stream(head: &[u8]) -> bool {
    const STARTS: [&[u8]; 5] =
        [b"\xFF\xD8\xFF", b"\xFF\x4F\xFF\x51", b"\x00\x00\x00\x0CjP  ", b"\xFF\x0A", b"\x00\x00\x00\x0CJXL "];
    STARTS.iter().any(|start| head.starts_with(start))
}
