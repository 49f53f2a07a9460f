//! RLE Lossless (PS3.5 annex G).

use super::{Colors, Raster};
use crate::dicom::error::{DicomError, Result};
use crate::image::Frame;

/// One segment for each byte of each component, the highest byte first.
pub(super) fn decode(frame: &Frame, bytes: &[u8]) -> Result<(Raster, Colors)> {
    let layout = &frame.stored.layout;
    let pixels = frame.size.pixels();
    let components = usize::from(layout.samples_per_pixel);
    let width = usize::from(layout.bits_allocated / 8).max(1);
    let needed = components * width;
    // Two bytes make 128 at most.
    if pixels * needed > bytes.len() * 64 {
        return Err(DicomError::Damaged(format!("{} bytes of RLE are too few for the image", bytes.len())));
    }
    let words: Vec<u32> =
        bytes.iter().as_slice().as_chunks::<4>().0.iter().take(16).map(|w| u32::from_le_bytes(*w)).collect();
    let count = words.first().copied().unwrap_or(0) as usize;
    let offsets = words.get(1..=count.min(15)).unwrap_or_default();
    if count != needed || offsets.len() != needed {
        let what = format!("{count} RLE segments instead of {needed}");
        return Err(DicomError::Damaged(what));
    }
    let mut out = vec![0_u8; pixels * needed];
    for (index, &offset) in offsets.iter().enumerate() {
        let end = offsets.get(index + 1).map_or(bytes.len(), |&next| next as usize);
        let segment = bytes.get(offset as usize..end.min(bytes.len())).unwrap_or_default();
        // Interleaved, little endian: component, then the place of the byte from the low end.
        let (component, byte) = (index / width, width - 1 - index % width);
        let place = component * width + byte;
        let written = unpack(segment, &mut out, place, needed);
        if written < pixels {
            return Err(DicomError::Damaged(format!(
                "an RLE segment ends after {written} of {pixels} bytes"
            )));
        }
    }
    let raster = match width {
        1 => Raster::U8(out),
        2 => Raster::U16(out.as_chunks::<2>().0.iter().map(|b| u16::from_le_bytes(*b)).collect()),
        4 => Raster::U32(out.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b)).collect()),
        _ => return Err(DicomError::Unsupported(format!("RLE of {} bits", layout.bits_allocated))),
    };
    Ok((raster, Colors::AsDeclared))
}

/// Unpacks one segment into every `step`th byte from `place`; how many bytes it wrote.
fn unpack(mut segment: &[u8], out: &mut [u8], place: usize, step: usize) -> usize {
    let mut slots = out.iter_mut().skip(place).step_by(step);
    let mut written = 0;
    while let Some((&code, rest)) = segment.split_first() {
        segment = rest;
        let code = code.cast_signed();
        if code >= 0 {
            let (literal, rest) = segment.split_at((usize::from(code.unsigned_abs()) + 1).min(segment.len()));
            segment = rest;
            for &byte in literal {
                let Some(slot) = slots.next() else { return written };
                *slot = byte;
                written += 1;
            }
        } else if code != i8::MIN {
            let Some((&byte, rest)) = segment.split_first() else { return written };
            segment = rest;
            for _ in 0..=code.unsigned_abs() {
                let Some(slot) = slots.next() else { return written };
                *slot = byte;
                written += 1;
            }
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::unpack;

    #[test]
    fn literals_and_runs_unpack() {
        let mut out = [0; 10];
        // Literal of 2, nothing, run of 3, literal of 1.
        assert_eq!(unpack(&[1, 7, 8, 0x80, 0xFE, 9, 0, 5], &mut out, 1, 2), 5);
        assert_eq!(out, [0, 7, 0, 8, 0, 9, 0, 9, 0, 9]);
    }
}
