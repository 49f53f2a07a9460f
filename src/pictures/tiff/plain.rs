//! A page written anew as a TIFF of its samples alone, for `image` to inflate and put together.
//!
//! The samples of a pixel stand side by side as so many grey ones, and those of other depths than 8 and 16 bits as bytes.
//! So `image` reads every page alike, and what it refuses (palettes, few bits, grey with transparency, inks in planes) is
//! only a matter of what the samples mean. No metadata come with them.

use std::borrow::Cow;
use std::io::{Cursor, Read as _, copy, sink};

use flate2::read::ZlibDecoder;
use image::codecs::tiff::TiffDecoder;
use image::{DynamicImage, ImageDecoder as _};

use super::layout::{Layout, Meaning, Packing};
use crate::pictures::directory::Tags;
use crate::pictures::error::{PictureError, Result};
use crate::pictures::jpeg::{self, Transform};
use crate::pictures::limits::Limits;

/// The samples of a plane as `image` reads them: grey, of 16 bits where the file has 16 and of 8 otherwise.
pub(super) fn decode(
    tags: &Tags<'_>,
    layout: &Layout,
    plane: usize,
    limits: &Limits,
) -> Result<DynamicImage> {
    let (across, down) = layout.grid();
    let per_plane = across as usize * down as usize;
    let mut file = Plain::new(tags.big_endian);
    let mut places = Vec::with_capacity(per_plane);
    for index in 0..per_plane {
        let top = u32::try_from(index).unwrap_or(u32::MAX) / across * layout.chunk.1;
        // The rows below the picture are not needed: many writers leave them out of the last strip.
        let rows = layout.chunk.1.min(layout.height - top);
        let packed = packed(tags, layout, plane * per_plane + index, rows, limits)?;
        places.push((file.bytes.len(), packed.len()));
        file.bytes.extend_from_slice(&packed);
    }
    let bytes = file.finish(layout, &places)?;
    let most = bytes.len() as u64 + 2 * layout.plane_bytes();
    let failed = |error: &_| PictureError::decoding(error);
    let mut decoder = TiffDecoder::new(Cursor::new(bytes)).map_err(|error| failed(&error))?;
    decoder.set_limits(Limits::of_decoder(most)).map_err(|error| failed(&error))?;
    DynamicImage::from_decoder(decoder).map_err(|error| failed(&error))
}

/// A TIFF while it is put together (TIFF 6.0, 2): the chunks come first, the directory last.
struct Plain {
    bytes: Vec<u8>,
    big_endian: bool,
}

impl Plain {
    fn new(big_endian: bool) -> Self {
        let start: &[u8] = if big_endian { b"MM\0*\0\0\0\0" } else { b"II*\0\0\0\0\0" };
        Self { bytes: start.to_vec(), big_endian }
    }

    fn long(&self, value: usize) -> Result<[u8; 4]> {
        let too_large = |_| PictureError::TooLarge("a TIFF of more than 4 GB".to_owned());
        let value = u32::try_from(value).map_err(too_large)?;
        Ok(if self.big_endian { value.to_be_bytes() } else { value.to_le_bytes() })
    }

    /// The numbers where a tag can name them: in its own place where it is one.
    fn longs(&mut self, values: impl Iterator<Item = usize>) -> Result<(usize, usize)> {
        let values: Vec<usize> = values.collect();
        if let [value] = *values {
            return Ok((1, value));
        }
        let at = self.bytes.len();
        for value in &values {
            let long = self.long(*value)?;
            self.bytes.extend_from_slice(&long);
        }
        Ok((values.len(), at))
    }

    /// Writes the directory after the chunks, which are at these places and of these lengths.
    fn finish(mut self, layout: &Layout, places: &[(usize, usize)]) -> Result<Vec<u8>> {
        let depth = if layout.bits == 16 { 16 } else { 8 };
        let columns = |bytes: u64| usize::try_from(bytes / (depth / 8)).unwrap_or(usize::MAX);
        let packing = match layout.packing {
            // Those of JPEG are samples already.
            Packing::None | Packing::Jpeg => 1,
            Packing::Lzw => 5,
            Packing::Deflate => 8,
            Packing::PackBits => 32_773,
        };
        let offsets = self.longs(places.iter().map(|place| place.0))?;
        let counts = self.longs(places.iter().map(|place| place.1))?;
        let one = |value: usize| (1, value);
        let start = [
            (256, one(columns(layout.row_bytes(layout.width)))),
            (257, one(layout.height as usize)),
            (258, one(usize::try_from(depth).unwrap_or(8))),
            (259, one(packing)),
            (262, one(1)),
        ];
        let rows = layout.chunk.1 as usize;
        let (strips, tiles) = if layout.tiled {
            let across = columns(layout.row_bytes(layout.chunk.0));
            (None, Some([(322, one(across)), (323, one(rows)), (324, offsets), (325, counts)]))
        } else {
            (Some([(273, offsets), (278, one(rows)), (279, counts)]), None)
        };
        let at = self.bytes.len();
        let place = self.long(at)?;
        self.bytes.splice(4..8, place);
        let entries =
            start.into_iter().chain(strips.into_iter().flatten()).chain(tiles.into_iter().flatten());
        let entries: Vec<(u16, (usize, usize))> = entries.collect();
        let short = |value: u16| if self.big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
        let mut directory = short(u16::try_from(entries.len()).unwrap_or(0)).to_vec();
        for (tag, (count, value)) in entries {
            // Every value is a number of 32 bits.
            directory.extend([short(tag), short(4)].concat());
            directory.extend([self.long(count)?, self.long(value)?].concat());
        }
        directory.extend([0; 4]);
        self.bytes.extend(directory);
        Ok(self.bytes)
    }
}

/// The bytes of a strip or tile as they go into the plain file; enough for so many rows.
fn packed<'a>(
    tags: &Tags<'a>,
    layout: &Layout,
    index: usize,
    rows: u32,
    limits: &Limits,
) -> Result<Cow<'a, [u8]>> {
    let place = layout.places.get(index).copied().ok_or(PictureError::Truncated)?;
    let packed = slice(tags.bytes, place).ok_or(PictureError::Truncated)?;
    if layout.packing == Packing::Jpeg {
        return decode_jpeg(packed, layout, rows, limits).map(Cow::from);
    }
    let packed: Cow<'a, [u8]> =
        if layout.reversed { packed.iter().map(|byte| byte.reverse_bits()).collect() } else { packed.into() };
    // Where one chunk breaks off, the decoder reads on into the next.
    let length = layout.row_bytes(layout.chunk.0) * u64::from(rows);
    let there = match layout.packing {
        Packing::None => packed.len() as u64,
        Packing::Deflate => inflated(&packed, length)?,
        // Bytes of the first writers, before the order of bits was settled.
        Packing::Lzw if packed.starts_with(&[0, 1]) => {
            return Err(PictureError::Unsupported("a TIFF with the old LZW compression".to_owned()));
        }
        Packing::Lzw | Packing::PackBits | Packing::Jpeg => length,
    };
    if there < length { Err(PictureError::Truncated) } else { Ok(packed) }
}

fn slice(bytes: &[u8], (at, length): (u64, u64)) -> Option<&[u8]> {
    let end = usize::try_from(at.checked_add(length)?).ok()?;
    bytes.get(usize::try_from(at).ok()?..end)
}

/// How many bytes there are, of at most so many.
fn inflated(packed: &[u8], length: u64) -> Result<u64> {
    copy(&mut ZlibDecoder::new(packed).take(length), &mut sink()).map_err(|error| {
        if error.kind() == std::io::ErrorKind::UnexpectedEof {
            PictureError::Truncated
        } else {
            PictureError::Damaged("a deflated part makes no sense")
        }
    })
}

/// A chunk that is a JPEG, its tables perhaps shared with the others.
fn decode_jpeg(packed: &[u8], layout: &Layout, rows: u32, limits: &Limits) -> Result<Vec<u8>> {
    let tables = jpeg::walk(&layout.tables)?;
    let segments = jpeg::walk(packed)?;
    let frame = segments.frame.ok_or(PictureError::Truncated)?;
    frame.check()?;
    let samples = layout.chunk_samples();
    // A last strip may be a JPEG of as many rows as the others.
    let fits = frame.width == layout.chunk.0 && (rows..=layout.chunk.1).contains(&frame.height);
    if !fits || usize::from(frame.components) != samples {
        return Err(PictureError::Damaged("its JPEG has another size than its tags say"));
    }
    limits.check_memory(jpeg::memory(&frame))?;
    if segments.end.is_none() {
        return Err(PictureError::Truncated);
    }
    let transform = match samples {
        1 => Transform::Grey,
        3 if layout.meaning == Meaning::YCbCr => Transform::YCbCr,
        3 => Transform::Rgb,
        _ => Transform::Cmyk,
    };
    let mut pixels = jpeg::decode(&[&tables.pixels, &segments.pixels], &frame, transform)?;
    if transform == Transform::Cmyk {
        // A TIFF's samples are as they are; the decoder takes them for Adobe's, which are inverted.
        for sample in &mut pixels {
            *sample = 255 - *sample;
        }
    }
    Ok(pixels)
}
