//! JPEG-LS, grey, by `pure_jpegls`.

use std::borrow::Cow;

use super::{Colors, Raster, Shape, check, damaged};
use crate::dicom::error::{DicomError, Result};
use crate::image::Frame;

pub(super) fn decode(frame: &Frame, bytes: &[u8]) -> Result<(Raster, Colors)> {
    let (precision, rows, columns, components) =
        frame_header(bytes).ok_or_else(|| DicomError::Damaged("no JPEG-LS header".to_owned()))?;
    check(frame, bytes, Shape { columns, rows, components, bits: precision })?;
    if components != 1 {
        return Err(DicomError::Unsupported("JPEG-LS in colour".to_owned()));
    }
    let size = |side| u32::try_from(side).unwrap_or(0);
    let bytes = without_fill(bytes);
    let (samples, ..) =
        jpegls::decode(&bytes, size(columns), size(rows)).map_err(|error| damaged("JPEG-LS", &error))?;
    Ok((Raster::U16(samples), Colors::AsDeclared))
}

/// Whether a stream that begins like a JPEG is JPEG-LS.
pub(super) fn is_stream(bytes: &[u8]) -> bool {
    frame_header(bytes).is_some()
}

/// (precision, rows, columns, components) of the SOF55 marker.
fn frame_header(bytes: &[u8]) -> Option<(u32, usize, usize, usize)> {
    let mut rest = bytes.strip_prefix(b"\xFF\xD8")?;
    loop {
        let [0xFF, kind, tail @ ..] = rest else { return None };
        if *kind == 0xFF {
            rest = rest.get(1..)?;
            continue;
        }
        let length = usize::from(u16::from_be_bytes(*tail.first_chunk::<2>()?));
        if *kind == 0xF7 {
            let &[precision, r0, r1, c0, c1, components] = tail.get(2..)?.first_chunk::<6>()?;
            let side = |high, low| usize::from(u16::from_be_bytes([high, low]));
            return Some((precision.into(), side(r0, r1), side(c0, c1), components.into()));
        }
        rest = tail.get(length..)?;
    }
}

/// The decoder does not know fill bytes (0xFF) before the end marker.
fn without_fill(bytes: &[u8]) -> Cow<'_, [u8]> {
    let Some(end) = bytes.windows(2).rposition(|pair| pair == [0xFF, 0xD9]) else {
        return Cow::Borrowed(bytes);
    };
    let data = bytes.get(..end).unwrap_or_default();
    let filled = data.iter().rev().take_while(|byte| **byte == 0xFF).count();
    if filled == 0 {
        return Cow::Borrowed(bytes);
    }
    let kept = data.get(..data.len() - filled).unwrap_or_default();
    Cow::Owned([kept, &[0xFF, 0xD9]].concat())
}
