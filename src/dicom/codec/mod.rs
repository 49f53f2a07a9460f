//! Compressed frames: one file for each codec, each checks its stream's own header before it allocates.

mod codestream;
mod deflate;
mod jpeg;
mod jpeg2000;
mod jpegls;
mod jpegxl;
mod rle;

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::error::{DicomError, Result};
use super::limits::{FREE_SAMPLES, MOST_SAMPLES_PER_BYTE};
use super::raster::{Colors, Raster, finish};
use crate::image::{Decoded, Frame};

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
pub(super) fn decode(frame: &Frame, bytes: &[u8]) -> Result<Decoded> {
    let syntax = &*frame.stored.transfer_syntax;
    let codec = declared(syntax).or_else(|| guess(syntax, bytes));
    let Some(codec) = codec else { return Err(DicomError::Unsupported(name_of(syntax))) };
    let unpacked = match codec {
        Codec::Plain => return deflate::plain(frame, bytes.to_vec()).map(Into::into),
        Codec::Deflated => return deflate::inflate(frame, bytes).map(Into::into),
        Codec::Rle => rle::decode(frame, bytes)?,
        Codec::Jpeg => guarded("JPEG", || jpeg::decode(frame, bytes))?,
        Codec::JpegLs => guarded("JPEG-LS", || jpegls::decode(frame, bytes))?,
        Codec::Jpeg2000 => guarded("JPEG 2000", || jpeg2000::decode(frame, bytes))?,
        Codec::JpegXl => guarded("JPEG XL", || jpegxl::decode(frame, bytes))?,
    };
    unpacked.finish(frame)
}

fn declared(syntax: &str) -> Option<Codec> {
    match syntax.strip_prefix("1.2.840.10008.1.2.")? {
        "1.98" => Some(Codec::Plain),
        "8.1" => Some(Codec::Deflated),
        "5" => Some(Codec::Rle),
        "4.50" | "4.51" | "4.53" | "4.55" | "4.57" | "4.70" => Some(Codec::Jpeg),
        "4.80" | "4.81" => Some(Codec::JpegLs),
        "4.90" | "4.91" | "4.201" | "4.202" | "4.203" => Some(Codec::Jpeg2000),
        "4.110" | "4.111" | "4.112" => Some(Codec::JpegXl),
        _ => None,
    }
}

/// Fragments in a file whose syntax is unknown, private, or says that there are none: the stream tells.
fn guess(syntax: &str, bytes: &[u8]) -> Option<Codec> {
    if syntax.starts_with("1.2.840.10008.1.2.4.") {
        return None;
    }
    if bytes.starts_with(b"\xFF\xD8\xFF") {
        return Some(if ::jpegls::is_jpegls(bytes) { Codec::JpegLs } else { Codec::Jpeg });
    }
    let is_jpeg_2000 = bytes.starts_with(b"\xFF\x4F\xFF\x51") || bytes.starts_with(b"\x00\x00\x00\x0CjP  ");
    is_jpeg_2000.then_some(Codec::Jpeg2000)
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

/// A foreign decoder's panic must not take the program with it.
fn guarded(name: &str, decode: impl FnOnce() -> Result<Unpacked>) -> Result<Unpacked> {
    catch_unwind(AssertUnwindSafe(decode))
        .unwrap_or_else(|_| Err(DicomError::Damaged(format!("the {name} decoder gave up"))))
}

/// Whether a fragment's first bytes begin a new stream.
pub(super) fn starts_stream(head: &[u8]) -> bool {
    const STARTS: [&[u8]; 5] =
        [b"\xFF\xD8\xFF", b"\xFF\x4F\xFF\x51", b"\x00\x00\x00\x0CjP  ", b"\xFF\x0A", b"\x00\x00\x00\x0CJXL "];
    STARTS.iter().any(|start| head.starts_with(start))
}

/// What a stream holds, also where it ends early.
#[derive(Debug)]
struct Unpacked {
    /// All samples of the frame; anything in the rows that are missing.
    raster: Raster,
    colors: Colors,
    /// Rows from the top that are complete.
    rows: usize,
}

impl Unpacked {
    /// A frame whose codec gives all of it or nothing.
    fn whole(raster: Raster, colors: Colors) -> Self {
        Self { raster, colors, rows: usize::MAX }
    }

    /// The rows that are there, as the frame's samples.
    fn finish(self, frame: &Frame) -> Result<Decoded> {
        if self.rows == 0 {
            return Err(DicomError::Damaged("no row of the image is complete".to_owned()));
        }
        let there = self.rows.saturating_mul(frame.size.columns);
        Ok(Decoded::cut_off(finish(frame, self.raster, self.colors)?, there))
    }
}

/// What a stream says of itself.
#[derive(Debug, Clone, Copy)]
struct Shape {
    columns: usize,
    rows: usize,
    components: usize,
    bits: u32,
}

/// Refuses a stream that is of another size, kind or depth than the header says, or far too short for it.
fn check(frame: &Frame, stream: &[u8], shape: Shape) -> Result<()> {
    let Shape { columns, rows, components, bits } = shape;
    let layout = &frame.stored.layout;
    let samples = usize::from(layout.samples_per_pixel);
    let allocated = u32::from(layout.bits_allocated);
    if (columns, rows, components) != (frame.size.columns, frame.size.rows, samples) || bits > allocated {
        return Err(DicomError::Mismatch {
            expected: describe(frame.size.columns, frame.size.rows, samples, allocated),
            found: describe(columns, rows, components, bits),
        });
    }
    plausible(frame, stream.len() as u64)
}

/// Refuses a frame that is far larger than its stream can be meant to hold.
pub(super) fn plausible(frame: &Frame, stream: u64) -> Result<()> {
    let samples = frame.size.pixels() as u64 * u64::from(frame.stored.layout.samples_per_pixel);
    if samples > stream.saturating_mul(MOST_SAMPLES_PER_BYTE).saturating_add(FREE_SAMPLES) {
        let (columns, rows) = (frame.size.columns, frame.size.rows);
        return Err(DicomError::TooLarge(format!("{columns} x {rows} pixels in {stream} bytes")));
    }
    Ok(())
}

fn describe(columns: usize, rows: usize, components: usize, bits: u32) -> String {
    format!("{columns} x {rows} x {components} of {bits} bits")
}

fn damaged(codec: &str, error: &dyn ToString) -> DicomError {
    DicomError::Damaged(format!("{codec}: {}", error.to_string()))
}
