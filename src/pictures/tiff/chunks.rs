//! The bytes of strips and tiles.

use std::borrow::Cow;
use std::io::Read as _;

use flate2::read::ZlibDecoder;
use weezl::{BitOrder, LzwStatus};

use super::layout::{Layout, Meaning, Packing};
use crate::pictures::directory::Tags;
use crate::pictures::error::{PictureError, Result};
use crate::pictures::jpeg::{self, Transform};
use crate::pictures::limits::Limits;

/// The bytes of a chunk, unpacked: `rows` whole rows. Of JPEG the pixels are RGB where they were luminance and chrominance.
pub(super) fn bytes<'a>(
    tags: &Tags<'a>,
    layout: &Layout,
    index: usize,
    rows: u32,
    limits: &Limits,
) -> Result<Cow<'a, [u8]>> {
    let place = layout.places.get(index).copied().ok_or(PictureError::Truncated)?;
    let packed = slice(tags.bytes, place).ok_or(PictureError::Truncated)?;
    let length = usize::try_from(layout.row_bytes() * u64::from(rows)).unwrap_or(usize::MAX);
    let packed: Cow<'a, [u8]> = if layout.reversed && layout.packing != Packing::Jpeg {
        packed.iter().map(|byte| byte.reverse_bits()).collect()
    } else {
        packed.into()
    };
    let mut out = Vec::new();
    match layout.packing {
        Packing::None => return shortened(packed, length),
        Packing::Deflate => inflate(&packed, length, &mut out)?,
        Packing::Lzw => unlzw(&packed, length, &mut out)?,
        Packing::PackBits => unpack_bits(&packed, length, &mut out),
        Packing::Jpeg => out = decode_jpeg(&packed, layout, rows, limits)?,
    }
    shortened(out.into(), length)
}

fn slice(bytes: &[u8], (at, length): (u64, u64)) -> Option<&[u8]> {
    let end = usize::try_from(at.checked_add(length)?).ok()?;
    bytes.get(usize::try_from(at).ok()?..end)
}

/// The first bytes; a chunk may hold more, but not fewer.
fn shortened(bytes: Cow<'_, [u8]>, length: usize) -> Result<Cow<'_, [u8]>> {
    if bytes.len() < length {
        return Err(PictureError::Truncated);
    }
    Ok(match bytes {
        Cow::Borrowed(bytes) => bytes.get(..length).unwrap_or_default().into(),
        Cow::Owned(mut bytes) => {
            bytes.truncate(length);
            bytes.into()
        }
    })
}

fn inflate(packed: &[u8], length: usize, out: &mut Vec<u8>) -> Result<()> {
    let read = ZlibDecoder::new(packed).take(length as u64).read_to_end(out);
    match read {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Err(PictureError::Truncated),
        Err(_) => Err(PictureError::Damaged("a deflated part makes no sense")),
    }
}

fn unlzw(packed: &[u8], length: usize, out: &mut Vec<u8>) -> Result<()> {
    // Bytes of the first writers, before the order of bits was settled.
    if packed.starts_with(&[0, 1]) {
        return Err(PictureError::Unsupported("a TIFF with the old LZW compression".to_owned()));
    }
    let mut decoder = weezl::decode::Decoder::with_tiff_size_switch(BitOrder::Msb, 8);
    let mut rest = packed;
    let mut piece = vec![0; length.min(1 << 16)];
    while out.len() < length {
        let step = decoder.decode_bytes(rest, &mut piece);
        rest = rest.get(step.consumed_in..).unwrap_or_default();
        out.extend_from_slice(piece.get(..step.consumed_out).unwrap_or_default());
        match step.status {
            Ok(LzwStatus::Ok) if step.consumed_in + step.consumed_out > 0 => {}
            Ok(_) => break,
            Err(_) => return Err(PictureError::Damaged("an LZW part makes no sense")),
        }
    }
    Ok(())
}

/// `PackBits` (TIFF 6.0, 9): runs of one byte, and bytes as they are.
fn unpack_bits(packed: &[u8], length: usize, out: &mut Vec<u8>) {
    let mut rest = packed;
    while let ([head, after @ ..], true) = (rest, out.len() < length) {
        let count = usize::from(*head);
        rest = match count {
            0..128 => {
                let bytes = after.get(..=count).unwrap_or(after);
                out.extend_from_slice(bytes);
                after.get(bytes.len()..).unwrap_or_default()
            }
            128 => after,
            _ => {
                if let Some(byte) = after.first() {
                    out.extend(std::iter::repeat_n(*byte, 257 - count));
                }
                after.get(1..).unwrap_or_default()
            }
        };
    }
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
