//! How an object's pixels are laid out and where they are: every field checked before anything is allocated.

use std::sync::Arc;

use dicom_dictionary_std::{tags, uids};
use dicom_object::InMemDicomObject;

use super::codec;
use super::error::{DicomError, Result};
use super::heads::{End, PixelElement};
use super::limits::{LARGEST_FRAME, LEAST_PART, MOST_FRAMES, SURE_FRAME};
use super::source::{EXPLICIT_BIG_ENDIAN, Header};
use super::tables::{palette, supplemental};
use super::value::{Attributes as _, ElementValue as _, Expected};
use crate::image::{Fragments, FrameSize, Photometric, PixelLocation, SampleLayout, Warning};

/// What the image pixel attributes say, checked.
#[derive(Debug)]
pub(super) struct Pixels {
    pub size: FrameSize,
    pub layout: SampleLayout,
    pub location: PixelLocation,
    pub frames: u32,
    /// Native size over compressed size, where the pixels are compressed.
    pub smaller: Option<f64>,
    pub warnings: Vec<Warning>,
}

/// The pixels of an object; `None` where it has none.
pub(super) fn pixels(header: &Header) -> Result<Option<Pixels>> {
    let End::Pixels(element) = header.end else { return Ok(None) };
    let dataset = &header.dataset;
    let mut warnings = Vec::new();
    let side = |tag, name: &str| match dataset.count(tag, Expected::Whole) {
        Some(count @ 1..=65535) => Ok(count as usize),
        Some(_) => Err(DicomError::Header(format!("{name} is not between 1 and 65535"))),
        None => Err(DicomError::Header(format!("{name} is missing"))),
    };
    let size = FrameSize { columns: side(tags::COLUMNS, "Columns")?, rows: side(tags::ROWS, "Rows")? };
    let layout = layout(dataset, element, &mut warnings)?;
    let bits = frame_bits(size, &layout);
    if bits.div_ceil(8).max(size.pixels() as u64 * sample_bytes(&layout)) > LARGEST_FRAME {
        let what = format!("one image of {} x {} would take more than 1 GiB", size.columns, size.rows);
        return Err(DicomError::TooLarge(what));
    }
    let declared = dataset.count(tags::NUMBER_OF_FRAMES, Expected::Text).unwrap_or(1).max(1);
    let (location, frames) = place(header, element, &layout, bits, declared, &mut warnings)?;
    if frames > MOST_FRAMES {
        return Err(DicomError::TooLarge(format!("{frames} images in one file")));
    }
    let smaller = match location {
        PixelLocation::Encapsulated { offset, .. } => {
            let (native, compressed) =
                (bits as f64 * f64::from(frames) / 8.0, header.total as f64 - offset as f64);
            // Stored bits, as Lossy Image Compression Ratio has it: 12 of 16 count as 12 (PS3.3 C.7.6.1.1.5.2).
            let used = f64::from(layout.bits_stored) / f64::from(layout.bits_allocated);
            Some(native * used / compressed).filter(|ratio| *ratio > 1.0)
        }
        PixelLocation::Native { .. } | PixelLocation::Deflated { .. } | PixelLocation::Picture { .. } => None,
    };
    Ok(Some(Pixels { size, layout, location, frames, smaller, warnings }))
}

/// Bits of one native frame.
pub(super) fn frame_bits(size: FrameSize, layout: &SampleLayout) -> u64 {
    size.pixels() as u64 * layout.bits_per_pixel()
}

fn sample_bytes(layout: &SampleLayout) -> u64 {
    u64::from(layout.bits_allocated.div_ceil(8)) * u64::from(layout.samples_per_pixel)
}

fn layout(
    dataset: &InMemDicomObject,
    element: PixelElement,
    warnings: &mut Vec<Warning>,
) -> Result<SampleLayout> {
    let small = |tag| dataset.count(tag, Expected::Whole).and_then(|count| u16::try_from(count).ok());
    let float_bits = match element.tag {
        tags::FLOAT_PIXEL_DATA => Some(32),
        tags::DOUBLE_FLOAT_PIXEL_DATA => Some(64),
        _ => None,
    };
    let bits_allocated = match (float_bits, small(tags::BITS_ALLOCATED)) {
        (Some(bits), _) | (None, Some(bits @ (1 | 8 | 12 | 16 | 32))) => bits,
        (None, Some(bits)) => {
            return Err(DicomError::Unsupported(format!("{bits} bits allocated for a sample")));
        }
        (None, None) => return Err(DicomError::Header("Bits Allocated is missing".to_owned())),
    };
    let bits_stored = match small(tags::BITS_STORED) {
        Some(bits) if float_bits.is_none() && (bits == 0 || bits > bits_allocated) => {
            let what = format!("{bits} bits stored in {bits_allocated} bits allocated");
            return Err(DicomError::Header(what));
        }
        Some(bits) if float_bits.is_none() => bits,
        Some(_) | None => bits_allocated,
    };
    let high_bit = match small(tags::HIGH_BIT) {
        Some(bit) if bit >= bits_stored - 1 && bit < bits_allocated => bit,
        Some(bit) if float_bits.is_none() => {
            warnings.push(Warning::Ignored(format!(
                "High Bit {bit} does not fit {bits_stored} bits stored in {bits_allocated}; it is not used."
            )));
            bits_stored - 1
        }
        Some(_) | None => bits_stored - 1,
    };
    // Three bytes for two samples: an old form of grey images, and of nothing else (ACR-NEMA, early Philips).
    let packed_color =
        bits_allocated == 12 && small(tags::SAMPLES_PER_PIXEL).is_some_and(|samples| samples > 1);
    if packed_color {
        return Err(DicomError::Unsupported("colour packed in 12 bits".to_owned()));
    }
    let (photometric, samples_per_pixel) = meaning(dataset, small(tags::SAMPLES_PER_PIXEL), warnings)?;
    let palette = match photometric {
        Photometric::PaletteColor => palette(dataset, warnings),
        Photometric::Monochrome1 | Photometric::Monochrome2 => supplemental(dataset, warnings),
        Photometric::Rgb
        | Photometric::YbrFull
        | Photometric::YbrFull422
        | Photometric::YbrIct
        | Photometric::YbrRct => None,
    };
    let photometric = if photometric == Photometric::PaletteColor && palette.is_none() {
        warnings.push(Warning::Repaired("The palette is missing; the image is shown in grey.".to_owned()));
        Photometric::Monochrome2
    } else {
        photometric
    };
    Ok(SampleLayout {
        bits_allocated,
        bits_stored,
        high_bit,
        signed: small(tags::PIXEL_REPRESENTATION) == Some(1),
        float: float_bits.is_some(),
        samples_per_pixel,
        planar: samples_per_pixel == 3 && small(tags::PLANAR_CONFIGURATION) == Some(1),
        photometric,
        palette: palette.map(Arc::new),
    })
}

/// Photometric interpretation and samples per pixel, which must agree.
fn meaning(
    dataset: &InMemDicomObject,
    samples: Option<u16>,
    warnings: &mut Vec<Warning>,
) -> Result<(Photometric, u16)> {
    let text = dataset.text(tags::PHOTOMETRIC_INTERPRETATION);
    let by_samples = if samples == Some(3) { Photometric::Rgb } else { Photometric::Monochrome2 };
    let photometric = match text.as_deref() {
        Some("MONOCHROME1") => Photometric::Monochrome1,
        Some("MONOCHROME2") => Photometric::Monochrome2,
        Some("PALETTE COLOR") => Photometric::PaletteColor,
        Some("RGB") => Photometric::Rgb,
        Some("YBR_FULL") => Photometric::YbrFull,
        Some("YBR_FULL_422") => Photometric::YbrFull422,
        Some("YBR_ICT") => Photometric::YbrIct,
        Some("YBR_RCT") => Photometric::YbrRct,
        Some(other @ ("HSV" | "ARGB" | "CMYK" | "YBR_PARTIAL_422" | "YBR_PARTIAL_420" | "XYB")) => {
            return Err(DicomError::Unsupported(format!("photometric interpretation {other}")));
        }
        Some(_) | None => {
            warnings.push(Warning::Repaired("Photometric Interpretation is missing or unknown.".to_owned()));
            by_samples
        }
    };
    let needed = match photometric {
        Photometric::Monochrome1 | Photometric::Monochrome2 | Photometric::PaletteColor => 1,
        Photometric::Rgb
        | Photometric::YbrFull
        | Photometric::YbrFull422
        | Photometric::YbrIct
        | Photometric::YbrRct => 3,
    };
    match samples {
        None => Ok((photometric, needed)),
        Some(samples) if samples == needed => Ok((photometric, needed)),
        Some(samples @ (1 | 3)) => {
            warnings.push(Warning::Repaired(format!(
                "Photometric Interpretation does not fit {samples} samples per pixel; it is not used."
            )));
            Ok((by_samples, samples))
        }
        Some(samples) => Err(DicomError::Unsupported(format!("{samples} samples per pixel"))),
    }
}

/// Where the pixels are, and how many of the declared frames there can be.
fn place(
    header: &Header,
    element: PixelElement,
    layout: &SampleLayout,
    bits: u64,
    declared: u32,
    warnings: &mut Vec<Warning>,
) -> Result<(PixelLocation, u32)> {
    let offset = element.offset as u64;
    let rest = (header.total as u64).saturating_sub(offset);
    let compressed = is_compressed(&header.start.transfer_syntax);
    let native_length = (bits * u64::from(declared)).div_ceil(8);
    let length = match element.length {
        // Neither a length of 32 bits nor an undefined one can say how long they are; the image does.
        Some(length) if !compressed && wraps(length, native_length) && rest >= native_length => native_length,
        None if !compressed && !element.items => native_length.min(rest),
        Some(length) if !compressed || u64::from(length) == native_length => u64::from(length),
        Some(_) | None => {
            // An item takes 8 bytes, so a small file cannot hold millions of frames; of a film any file can.
            if u64::from(declared) > rest / 8 + 1 {
                codec::is_known(&header.start.transfer_syntax)?;
                let what = format!("{declared} images in {rest} bytes");
                return Err(DicomError::TooLarge(what));
            }
            let table = header.dataset.get(tags::EXTENDED_OFFSET_TABLE).map(|table| {
                table.bytes().as_chunks::<8>().0.iter().map(|entry| u64::from_le_bytes(*entry)).collect()
            });
            let fragments = Fragments::default();
            return Ok((PixelLocation::Encapsulated { offset, table, fragments }, declared));
        }
    };
    if header.start.deflated {
        let start = header.start.file_at as u64;
        if native_length > length {
            warnings.push(Warning::Truncated { expected: native_length, found: length });
        }
        let frames = frames_in(length, bits, declared);
        return Ok((PixelLocation::Deflated { start, offset, length }, frames));
    }
    let found = length.min(rest);
    if native_length > found {
        // One bit becomes a byte.
        let decoded = (bits / 8).max(bits / u64::from(layout.bits_allocated.max(1)));
        if decoded > SURE_FRAME && found < bits / 8 / LEAST_PART {
            return Err(DicomError::TooLarge(format!("an image of {} bytes in {found} bytes", bits / 8)));
        }
        warnings.push(Warning::Truncated { expected: native_length, found });
    }
    // One byte makes the length even, and some writers pad to a word.
    let unused = length.saturating_sub(native_length);
    if unused > 3 {
        warnings.push(Warning::Ignored(format!(
            "The pixel data are {unused} bytes longer than the image needs; the rest is not used."
        )));
    }
    // Bytes (OB) have no order; 8-bit samples in words (OW) have (PS3.5 annex A.3).
    let ordered = layout.bits_allocated > 8 || element.words;
    let big_endian = header.start.encoding.big_endian && ordered;
    Ok((PixelLocation::Native { offset, length: found, big_endian }, frames_in(found, bits, declared)))
}

/// Whether the length of more than 4 GiB of pixels was cut to the 32 bits of its field, or to the most that fits.
fn wraps(length: u32, native: u64) -> bool {
    let even = native + native % 2;
    let cut = |whole: u64| u64::from(length) == whole & u64::from(u32::MAX);
    native > u64::from(u32::MAX) && (cut(native) || cut(even) || length >= 0xFFFF_FF00)
}

/// Frames that start within the bytes there are; at least one.
fn frames_in(length: u64, bits: u64, declared: u32) -> u32 {
    let there = (length * 8).div_ceil(bits).max(1);
    u32::try_from(there).unwrap_or(u32::MAX).min(declared)
}

/// Whether pixel data of this syntax are fragments.
fn is_compressed(transfer_syntax: &str) -> bool {
    let native = [
        uids::IMPLICIT_VR_LITTLE_ENDIAN,
        uids::EXPLICIT_VR_LITTLE_ENDIAN,
        EXPLICIT_BIG_ENDIAN,
        uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
    ];
    transfer_syntax.starts_with("1.2.840.10008.1.2") && !native.contains(&transfer_syntax)
}
