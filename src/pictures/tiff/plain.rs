//! A page written anew as a TIFF of its samples alone, for `image` to inflate and put together.
//!
//! The bytes of a row stand side by side as so many grey samples of 8 bits, whatever the depth and order of its own.
//! So `image` reads every page alike, and what it refuses (palettes, few bits, grey with transparency, inks in planes) is
//! only a matter of what the samples mean. No metadata come with them.

use std::borrow::Cow;
use std::io::{Cursor, Read as _, copy, sink};

use flate2::read::ZlibDecoder;
use image::codecs::tiff::TiffDecoder;
use image::{DynamicImage, ImageDecoder as _};
use tiff::TiffError;
use tiff::encoder::TiffEncoder;
use tiff::tags::CompressionMethod;
use tiff::tags::PhotometricInterpretation;
use tiff::tags::Tag;

use super::layout::{Layout, Meaning, Packing};
use crate::pictures::directory::Tags;
use crate::pictures::error::{PictureError, Result};
use crate::pictures::jpeg::{self, Transform};
use crate::pictures::limits::Limits;

/// The rows of a plane as `image` reads them: so many grey samples as a row has bytes.
pub(super) fn decode(
    tags: &Tags<'_>,
    layout: &Layout,
    plane: usize,
    limits: &Limits,
) -> Result<DynamicImage> {
    let bytes = rewrite(tags, layout, plane, limits)?;
    let most = bytes.len() as u64 + 2 * layout.plane_bytes();
    let failed = |error: &_| PictureError::decoding(error);
    let mut decoder = TiffDecoder::new(Cursor::new(bytes)).map_err(|error| failed(&error))?;
    decoder.set_limits(Limits::of_decoder(most)).map_err(|error| failed(&error))?;
    DynamicImage::from_decoder(decoder).map_err(|error| failed(&error))
}

/// A TIFF of the chunks of a plane and of nothing else.
fn rewrite(tags: &Tags<'_>, layout: &Layout, plane: usize, limits: &Limits) -> Result<Vec<u8>> {
    // Into memory: only a file of more than 4 GB could fail.
    let too_large = || PictureError::TooLarge("a TIFF of more than 4 GB".to_owned());
    let failed = |_error: TiffError| too_large();
    let long = |value: u64| u32::try_from(value).ok().ok_or_else(too_large);
    let (across, down) = layout.grid();
    let per_plane = across as usize * down as usize;
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes).map_err(failed)?;
    let mut file = encoder.image_directory().map_err(failed)?;
    let (mut offsets, mut lengths) = (Vec::with_capacity(per_plane), Vec::with_capacity(per_plane));
    for index in 0..per_plane {
        let top = u32::try_from(index).unwrap_or(u32::MAX) / across * layout.chunk.1;
        // The rows below the picture are not needed: many writers leave them out of the last strip.
        let rows = layout.chunk.1.min(layout.height - top);
        let packed = packed(tags, layout, plane * per_plane + index, rows, limits)?;
        offsets.push(long(file.write_data(&*packed).map_err(failed)?)?);
        lengths.push(long(packed.len() as u64)?);
    }
    let packing = match layout.packing {
        // Those of JPEG are samples already.
        Packing::None | Packing::Jpeg => CompressionMethod::None,
        Packing::Lzw => CompressionMethod::LZW,
        Packing::Deflate => CompressionMethod::Deflate,
        Packing::PackBits => CompressionMethod::PackBits,
    };
    let one = [
        (Tag::ImageWidth, long(layout.row_bytes(layout.width))?),
        (Tag::ImageLength, layout.height),
        (Tag::BitsPerSample, 8),
        (Tag::Compression, packing.to_u16().into()),
        (Tag::PhotometricInterpretation, PhotometricInterpretation::BlackIsZero.to_u16().into()),
    ];
    for (tag, value) in one {
        file.write_tag(tag, value).map_err(failed)?;
    }
    let (starts, counts) = if layout.tiled {
        file.write_tag(Tag::TileWidth, long(layout.row_bytes(layout.chunk.0))?).map_err(failed)?;
        file.write_tag(Tag::TileLength, layout.chunk.1).map_err(failed)?;
        (Tag::TileOffsets, Tag::TileByteCounts)
    } else {
        file.write_tag(Tag::RowsPerStrip, layout.chunk.1).map_err(failed)?;
        (Tag::StripOffsets, Tag::StripByteCounts)
    };
    file.write_tag(starts, offsets.as_slice()).map_err(failed)?;
    file.write_tag(counts, lengths.as_slice()).map_err(failed)?;
    file.finish().map_err(failed)?;
    Ok(bytes.into_inner())
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
