//! Reads a PNG: walks its chunks, and gives the decoder those of pixels.

use std::io::{Cursor, Read as _};

use flate2::read::ZlibDecoder;
use image::codecs::png::PngDecoder;
use image::{DynamicImage, ImageDecoder as _};

use super::Found;
use super::color::Colors;
use super::error::{PictureError, Result};
use super::exif;
use super::limits::Limits;
use super::raster::opaque;
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
    dropped: Vec<Dropped>,
    notes: Vec<Note>,
    orientation: u8,
    /// What the strongest chunk about colours says, and how strong it is.
    colors: (u8, Colors),
}

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Found> {
    let chunks = walk(bytes, limits)?;
    let (picture, mut notes) = opaque(decode(&chunks, limits)?)?;
    notes.extend(chunks.notes);
    Ok(Found {
        picture,
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

/// Palettes, few bits and transparent colours become whole samples; 16 bits stay.
fn decode(chunks: &Chunks, limits: &Limits) -> Result<DynamicImage> {
    let limits = Limits::of_decoder(limits.memory);
    let decoder = PngDecoder::with_limits(Cursor::new(&chunks.pixels), limits);
    let decoder = decoder.map_err(|error| PictureError::decoding(&error))?;
    if decoder.dimensions() != (chunks.width, chunks.height) {
        return Err(PictureError::Damaged("it has two headers"));
    }
    DynamicImage::from_decoder(decoder).map_err(|error| PictureError::decoding(&error))
}
