//! Lookup tables: modality, VOI, palette (PS3.3 C.11.1, C.11.2, C.7.6.3.1.5, C.7.9.2).

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use super::element::{Dataset, Element};
use super::value::Expected;
use crate::image::{Lut, Palette};

/// The table of one item of Modality or VOI LUT Sequence.
pub(super) fn lut(item: &Dataset<'_>, signed_input: bool) -> Option<Lut> {
    let descriptor = descriptor(item.get(tags::LUT_DESCRIPTOR)?, signed_input)?;
    let data = item.get(tags::LUT_DATA)?;
    // Text of many entries is LUT data that some writer gave as US.
    entries(data, descriptor)
}

#[derive(Clone, Copy)]
struct Descriptor {
    count: usize,
    first: i32,
    bits: u16,
}

fn descriptor(element: &Element<'_>, signed_input: bool) -> Option<Descriptor> {
    let &[count, first, bits] = element.words().first_chunk::<3>()?;
    // The second value is signed where the stored values are, whatever VR it has (PS3.3 C.11.1.1).
    let first = if signed_input { i32::from(first.cast_signed()) } else { i32::from(first) };
    let count = if count == 0 { 65536 } else { usize::from(count) };
    Some(Descriptor { count, first, bits: bits.clamp(1, 16) })
}

fn entries(data: &Element<'_>, descriptor: Descriptor) -> Option<Lut> {
    let Descriptor { count, first, bits } = descriptor;
    let mut entries: Vec<u16> = if data.value.len() >= count * 2 || bits > 8 {
        data.words()
    } else {
        // 8-bit entries packed two in a word; big endian words hold the second one first.
        let swap = usize::from(data.encoding.big_endian && data.vr == Some(*b"OW"));
        (0..data.value.len()).filter_map(|i| data.value.get(i ^ swap)).map(|&b| u16::from(b)).collect()
    };
    entries.truncate(count);
    if entries.is_empty() {
        return None;
    }
    Some(Lut { first, entries: entries.into(), bits })
}

/// The palette of an image, plain or segmented.
pub(super) fn palette(dataset: &Dataset<'_>) -> Option<Palette> {
    const CHANNELS: [(Tag, Tag, Tag); 3] = [
        (
            tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
            tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA,
            tags::SEGMENTED_RED_PALETTE_COLOR_LOOKUP_TABLE_DATA,
        ),
        (
            tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
            tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA,
            tags::SEGMENTED_GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA,
        ),
        (
            tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
            tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA,
            tags::SEGMENTED_BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA,
        ),
    ];
    let signed = dataset.count(tags::PIXEL_REPRESENTATION, Expected::Whole) == Some(1);
    let table = |(about, plain, segmented): (Tag, Tag, Tag)| {
        let descriptor = descriptor(dataset.get(about)?, signed)?;
        if let Some(data) = dataset.get(plain) {
            return entries(data, descriptor);
        }
        let entries = expand(&dataset.get(segmented)?.words(), descriptor.count)?;
        Some(Lut { first: descriptor.first, entries: entries.into(), bits: descriptor.bits })
    };
    let [red, green, blue] = CHANNELS.map(table);
    Some(Palette { tables: [red?, green?, blue?] })
}

/// Expands a segmented table (PS3.3 C.7.9.2) to at most `count` entries.
fn expand(words: &[u16], count: usize) -> Option<Vec<u16>> {
    let mut out = Vec::with_capacity(count);
    let mut at = 0;
    // Segments may be empty and repeated; no real table has more than it has entries.
    let mut budget = count;
    while out.len() < count && at < words.len() && budget > 0 {
        budget -= 1;
        at = segment(words, at, &mut out)?;
        if let Some(&[2, segments, low, high]) = words.get(at..).and_then(<[u16]>::first_chunk::<4>) {
            let offset = usize::from(low) | usize::from(high) << 16;
            let mut from = offset;
            for _ in 0..segments {
                budget = budget.saturating_sub(1);
                if out.len() >= count || budget == 0 {
                    break;
                }
                from = segment(words, from, &mut out)?;
            }
            at += 4;
        }
    }
    out.truncate(count);
    (!out.is_empty()).then_some(out)
}

/// Appends one discrete or linear segment; the place of the next one.
fn segment(words: &[u16], at: usize, out: &mut Vec<u16>) -> Option<usize> {
    let &[kind, length] = words.get(at..)?.first_chunk::<2>()?;
    let length = usize::from(length);
    match kind {
        0 => {
            out.extend_from_slice(words.get(at + 2..at + 2 + length)?);
            Some(at + 2 + length)
        }
        1 => {
            let end = f64::from(*words.get(at + 2)?);
            let from = f64::from(*out.last()?);
            for step in 1..=length {
                let value = from + (end - from) * step as f64 / length as f64;
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "between two u16"
                )]
                out.push(value.round() as u16);
            }
            Some(at + 3)
        }
        _ => None,
    }
}
