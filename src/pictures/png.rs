//! Reads a PNG: walks its chunks, and gives the decoder those of pixels.

use std::io::{Cursor, Read as _};

use ::png::{ColorType, DecodingError, Transformations};
use flate2::read::ZlibDecoder;

use super::Found;
use super::color::Colors;
use super::error::{PictureError, Result};
use super::exif;
use super::limits::Limits;
use super::raster::{Raster, over_white, reduce};
use super::report::{Dropped, Note};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1A\n";
/// Bytes of an inflated colour profile: printers' have two million.
const LARGEST_PROFILE: u64 = 8 << 20;

/// What the chunks say.
#[derive(Debug)]
struct Chunks {
    /// A PNG of the chunks that make the pixels.
    pixels: Vec<u8>,
    width: u32,
    height: u32,
    depth: u8,
    dropped: Vec<Dropped>,
    notes: Vec<Note>,
    orientation: u8,
    /// What the strongest chunk about colours says, and how strong it is.
    colors: (u8, Colors),
}

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Found> {
    let chunks = walk(bytes, limits)?;
    let (raster, mut notes) = decode(&chunks, limits)?;
    notes.extend(chunks.notes);
    Ok(Found {
        raster,
        orientation: chunks.orientation,
        colors: chunks.colors.1,
        dropped: chunks.dropped,
        notes,
        // Dots per metre are made up by most programs that write them.
        mm_per_pixel: None,
    })
}

/// Looks at every chunk up to the end.
fn walk(bytes: &[u8], limits: &Limits) -> Result<Chunks> {
    let mut rest = bytes.get(SIGNATURE.len()..).ok_or(PictureError::Truncated)?;
    let mut chunks: Option<Chunks> = None;
    loop {
        let (length, after) = rest.split_first_chunk::<4>().ok_or(PictureError::Truncated)?;
        let (name, after) = after.split_first_chunk::<4>().ok_or(PictureError::Truncated)?;
        let length = u32::from_be_bytes(*length) as usize;
        let data = after.get(..length).ok_or(PictureError::Truncated)?;
        let after = after.get(length + 4..).ok_or(PictureError::Truncated)?;
        let whole = rest.get(..length + 12).unwrap_or_default();
        rest = after;
        let Some(chunks) = &mut chunks else {
            chunks = Some(header(*name, data, whole, limits)?);
            continue;
        };
        chunks.take(*name, data, whole);
        if name == b"IEND" {
            break;
        }
    }
    let mut chunks = chunks.ok_or(PictureError::Damaged("it has no header"))?;
    if !rest.is_empty() {
        chunks.dropped.push(Dropped::TrailingBytes);
    }
    Ok(chunks)
}

/// The first chunk; it must be the header, and one that is within limits.
fn header(name: [u8; 4], data: &[u8], whole: &[u8], limits: &Limits) -> Result<Chunks> {
    let number = |at: usize| data.get(at..)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes));
    let (Some(width), Some(height), b"IHDR") = (number(0), number(4), &name) else {
        return Err(PictureError::Damaged("it has no header"));
    };
    limits.check_size(width, height)?;
    let depth = data.get(8).copied().unwrap_or(8);
    let channels: u64 = match data.get(9) {
        Some(0) => 1,
        Some(4) => 2,
        Some(2) => 3,
        _ => 4,
    };
    let pixels = u64::from(width) * u64::from(height);
    // Transparency of one colour becomes a channel; then the reduced samples, and once more to turn them.
    let decoded = (channels + channels % 2) * if depth == 16 { 2 } else { 1 };
    limits.check_memory(pixels.saturating_mul(decoded + 2 * 3))?;
    let mut kept = SIGNATURE.to_vec();
    kept.extend_from_slice(whole);
    Ok(Chunks {
        pixels: kept,
        width,
        height,
        depth,
        dropped: Vec::new(),
        notes: Vec::new(),
        orientation: 1,
        colors: (0, Colors::Srgb),
    })
}

impl Chunks {
    fn take(&mut self, name: [u8; 4], data: &[u8], whole: &[u8]) {
        match &name {
            b"IHDR" | b"PLTE" | b"tRNS" | b"IDAT" | b"IEND" => self.pixels.extend_from_slice(whole),
            b"acTL" => self.notes.push(Note::FirstFrame),
            b"iTXt" if data.starts_with(b"XML:com.adobe.xmp\0") => self.dropped.push(Dropped::Xmp),
            b"tEXt" | b"zTXt" | b"iTXt" => self.dropped.push(Dropped::Text),
            b"tIME" => self.dropped.push(Dropped::Time),
            b"eXIf" => {
                let exif = exif::read(data);
                self.orientation = exif.orientation;
                self.dropped.extend(exif.dropped);
                self.colors_are(1, || exif.colors);
            }
            b"iCCP" => {
                self.dropped.push(Dropped::Icc);
                self.colors_are(4, || profile(data).map_or(Colors::Unknown, Colors::Profile));
            }
            // PNG 3rd edition, 4.3: which of several chunks counts.
            b"cICP" => self.colors_are(5, || match data {
                [1, 13, 0, 1] => Colors::Srgb,
                [12, 13, 0, 1] => Colors::DisplayP3,
                _ => Colors::Unknown,
            }),
            b"sRGB" => self.colors_are(3, || Colors::Srgb),
            b"gAMA" => {
                let gamma = data.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes));
                // 1/2.2 is how programs write sRGB that know no better.
                let plain = (44_000..=47_000).contains(&gamma);
                self.colors_are(2, || if plain { Colors::Srgb } else { Colors::Unknown });
            }
            b"cHRM" | b"pHYs" | b"bKGD" | b"hIST" | b"sBIT" | b"fcTL" | b"fdAT" => {}
            _ => self.dropped.push(Dropped::Other),
        }
    }

    fn colors_are(&mut self, strength: u8, colors: impl FnOnce() -> Colors) {
        if strength > self.colors.0 {
            self.colors = (strength, colors());
        }
    }
}

/// The profile in an iCCP chunk: after a name and the method of compression.
fn profile(data: &[u8]) -> Option<Vec<u8>> {
    let name = data.iter().take(80).position(|byte| *byte == 0)?;
    let mut profile = Vec::new();
    ZlibDecoder::new(data.get(name + 2..)?).take(LARGEST_PROFILE).read_to_end(&mut profile).ok()?;
    Some(profile)
}

fn decode(chunks: &Chunks, limits: &Limits) -> Result<(Raster, Vec<Note>)> {
    let mut decoder = ::png::Decoder::new_with_limits(
        Cursor::new(&chunks.pixels),
        ::png::Limits { bytes: limits.memory_size() },
    );
    // Palettes, few bits and transparent colours to whole samples; not `STRIP_16`, which rounds down.
    decoder.set_transformations(Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(|error| damaged(&error))?;
    let length = reader.output_buffer_size().ok_or(PictureError::Damaged("its size makes no sense"))?;
    let mut samples = vec![0; length];
    let info = reader.next_frame(&mut samples).map_err(|error| damaged(&error))?;
    if (info.width, info.height) != (chunks.width, chunks.height) {
        return Err(PictureError::Damaged("it has two headers"));
    }
    let wide = chunks.depth == 16;
    let (color, alpha) = match info.color_type {
        ColorType::Grayscale | ColorType::Indexed => (false, false),
        ColorType::GrayscaleAlpha => (false, true),
        ColorType::Rgb => (true, false),
        ColorType::Rgba => (true, true),
    };
    let mut notes = Vec::new();
    if wide {
        notes.push(Note::Reduced);
    }
    let samples = match (color, alpha, wide) {
        (_, false, false) => samples,
        (_, false, true) => samples.as_chunks().0.iter().map(|pair| narrow(*pair)).collect(),
        (false, true, false) => laid::<1, 2>(&samples, &mut notes),
        (true, true, false) => laid::<3, 4>(&samples, &mut notes),
        (false, true, true) => laid_wide::<1, 2, 4>(&samples, &mut notes),
        (true, true, true) => laid_wide::<3, 4, 8>(&samples, &mut notes),
    };
    Ok((Raster { width: chunks.width, height: chunks.height, color, samples }, notes))
}

fn narrow(pair: [u8; 2]) -> u8 {
    reduce(u32::from(u16::from_be_bytes(pair)), 65_535)
}

/// Pixels of `M` samples, the last of which is alpha, over white.
fn laid<const N: usize, const M: usize>(samples: &[u8], notes: &mut Vec<Note>) -> Vec<u8> {
    let (pixels, _) = samples.as_chunks::<M>();
    if pixels.iter().any(|pixel| pixel[N] != 255) {
        notes.push(Note::OnWhite);
    }
    let over = |value: u8, alpha: u8| reduce(over_white(u32::from(value), u32::from(alpha), 255), 255);
    pixels
        .iter()
        .flat_map(|pixel| -> [u8; N] { std::array::from_fn(|at| over(pixel[at], pixel[N])) })
        .collect()
}

/// The same of 16 bits, in `B` bytes: reduced last, so that it is rounded once.
fn laid_wide<const N: usize, const M: usize, const B: usize>(
    samples: &[u8],
    notes: &mut Vec<Note>,
) -> Vec<u8> {
    let (pixels, _) = samples.as_chunks::<B>();
    let value =
        |pixel: &[u8; B], at: usize| u32::from(u16::from_be_bytes([pixel[at * 2], pixel[at * 2 + 1]]));
    if pixels.iter().any(|pixel| value(pixel, M - 1) != 65_535) {
        notes.push(Note::OnWhite);
    }
    let over = |pixel: &[u8; B], at: usize| {
        reduce(over_white(value(pixel, at), value(pixel, M - 1), 65_535), 65_535)
    };
    pixels.iter().flat_map(|pixel| -> [u8; N] { std::array::from_fn(|at| over(pixel, at)) }).collect()
}

/// Without the decoder's words, which may hold bytes of the file.
fn damaged(error: &DecodingError) -> PictureError {
    match error {
        DecodingError::LimitsExceeded => {
            PictureError::TooLarge("it takes more memory than it may".to_owned())
        }
        DecodingError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            PictureError::Truncated
        }
        DecodingError::IoError(_) | DecodingError::Format(_) | DecodingError::Parameter(_) => {
            PictureError::Damaged("the PNG's pixels make no sense")
        }
    }
}
