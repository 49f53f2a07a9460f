//! Frames that are not compressed, or only deflated, inside fragments.

use std::io::Read as _;

use flate2::read::DeflateDecoder;

use super::target::{Target, plausible};
use crate::dicom::error::{DicomError, Result};
use crate::dicom::native;
use crate::dicom::pixels::frame_bits;
use crate::image::{Frame, Samples};

/// The frame of bytes that are laid out as in a file that is not compressed.
pub(super) fn native(frame: &Frame, mut bytes: Vec<u8>) -> Result<Samples> {
    let wanted =
        usize::try_from(frame_bits(frame.size, &frame.stored.layout).div_ceil(8)).unwrap_or(usize::MAX);
    if bytes.len() < wanted {
        return Err(DicomError::Damaged(format!("{} of {wanted} bytes are there", bytes.len())));
    }
    bytes.truncate(wanted);
    native::of_bytes(frame, bytes)
}

/// Deflated Image Frame Compression.
pub(super) fn decode(target: &Target<'_>, bytes: &[u8]) -> Result<Vec<u8>> {
    plausible(target.size, target.components, bytes.len() as u64)?;
    let mut out = Vec::new();
    // One byte of padding is usual; more means that the stream is not this image.
    let limit = target.native_bytes() + 2;
    DeflateDecoder::new(bytes)
        .take(limit)
        .read_to_end(&mut out)
        .map_err(|error| DicomError::Damaged(format!("deflate: {error}")))?;
    if out.len() as u64 >= limit {
        return Err(DicomError::Damaged("the deflated image is larger than the header says".to_owned()));
    }
    Ok(out)
}
