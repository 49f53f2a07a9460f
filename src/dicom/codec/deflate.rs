//! Frames that are not compressed, or only deflated, inside fragments.

use std::io::Read as _;

use flate2::read::DeflateDecoder;

use super::{Colors, Raster, damaged, plausible};
use crate::dicom::error::{DicomError, Result};
use crate::dicom::pixels::frame_bits;
use crate::image::Frame;

/// Encapsulated uncompressed: the bytes themselves.
pub(super) fn plain(frame: &Frame, bytes: &[u8]) -> Result<(Raster, Colors)> {
    let layout = &frame.stored.layout;
    let wanted = usize::try_from(frame_bits(frame.size, layout).div_ceil(8)).unwrap_or(usize::MAX);
    let Some(bytes) = bytes.get(..wanted) else {
        return Err(DicomError::Damaged(format!("{} of {wanted} bytes are there", bytes.len())));
    };
    let raster = match layout.bits_allocated {
        1 => Raster::U8(
            (0..frame.size.pixels()).map(|i| bytes.get(i / 8).map_or(0, |b| b >> (i % 8) & 1)).collect(),
        ),
        8 => Raster::U8(bytes.to_vec()),
        16 => Raster::U16(bytes.as_chunks::<2>().0.iter().map(|b| u16::from_le_bytes(*b)).collect()),
        32 => Raster::U32(bytes.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b)).collect()),
        bits => return Err(DicomError::Unsupported(format!("{bits} bits in fragments"))),
    };
    Ok((raster, Colors::AsDeclared))
}

/// Deflated Image Frame Compression.
pub(super) fn inflate(frame: &Frame, bytes: &[u8]) -> Result<(Raster, Colors)> {
    plausible(frame, bytes.len() as u64)?;
    let wanted = frame_bits(frame.size, &frame.stored.layout).div_ceil(8);
    let mut out = Vec::new();
    // One byte of padding is usual; more means that the stream is not this image.
    let limit = wanted + 2;
    DeflateDecoder::new(bytes).take(limit).read_to_end(&mut out).map_err(|e| damaged("deflate", &e))?;
    if out.len() as u64 >= limit {
        return Err(DicomError::Damaged("the deflated image is larger than the header says".to_owned()));
    }
    plain(frame, &out)
}
