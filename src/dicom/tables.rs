//! Lookup tables: modality, VOI, palette (PS3.3 C.11.1, C.11.2, C.7.6.3.1.5, C.7.9.2).

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;

use super::value::{Attributes as _, ElementValue as _, Expected};
use crate::image::{Lut, Palette, Warning};

/// The table of one item of Modality or VOI LUT Sequence.
pub(super) fn lut(item: &InMemDicomObject, signed_input: bool) -> Option<Lut> {
    let descriptor = descriptor(item.get(tags::LUT_DESCRIPTOR)?, signed_input)?;
    let data = item.get(tags::LUT_DATA)?;
    // Text of many entries is LUT data that some writer gave as US.
    entries(data, descriptor)
}

/// The table of one item of VOI LUT Sequence. Where its entries use fewer bits than its descriptor says, they are
/// spread over the range that they do use, as other viewers show them, and it is said.
pub(super) fn voi_lut(
    item: &InMemDicomObject,
    signed_input: bool,
    warnings: &mut Vec<Warning>,
) -> Option<Lut> {
    let lut = lut(item, signed_input)?;
    let used = u16::BITS - lut.entries.iter().max()?.leading_zeros();
    let bits = lut.bits;
    // One bit of many is a table that is dim, not one that is wrong.
    if used == 0 || used + 2 > u32::from(bits) {
        return Some(lut);
    }
    let what = format!("A VOI table of the file says {bits} bits and uses {used}; it is shown over {used}.");
    warnings.push(Warning::Repaired(what));
    Some(Lut { bits: u16::try_from(used).unwrap_or(bits), ..lut })
}

#[derive(Clone, Copy)]
struct Descriptor {
    count: usize,
    first: i32,
    bits: u16,
}

fn descriptor(element: &InMemElement, signed_input: bool) -> Option<Descriptor> {
    let &[count, first, bits] = element.words().first_chunk::<3>()?;
    // The second value is signed where the stored values are, whatever VR it has (PS3.3 C.11.1.1).
    let first = if signed_input { i32::from(first.cast_signed()) } else { i32::from(first) };
    let count = if count == 0 { 65536 } else { usize::from(count) };
    Some(Descriptor { count, first, bits: bits.clamp(1, 16) })
}

fn entries(data: &InMemElement, descriptor: Descriptor) -> Option<Lut> {
    let Descriptor { count, first, bits } = descriptor;
    // 8 bits, or as many bytes as there are entries, whatever the descriptor says of bits.
    let bytes = data.bytes();
    let narrow = bytes.len() < count * 2 && (bits <= 8 || bytes.len() == count + count % 2);
    let mut entries: Vec<u16> =
        if narrow { bytes.iter().copied().map(u16::from).collect() } else { data.words() };
    entries.truncate(count);
    if entries.is_empty() {
        return None;
    }
    Some(Lut { first, entries: entries.into(), bits })
}

/// The palette of a grey image whose values from some number on are colours (PS3.3 C.7.6.19).
pub(super) fn supplemental(dataset: &InMemDicomObject, warnings: &mut Vec<Warning>) -> Option<Palette> {
    let colors =
        dataset.text(tags::PIXEL_PRESENTATION).is_some_and(|what| matches!(&*what, "COLOR" | "MIXED"));
    dataset.get(tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR).filter(|_| colors)?;
    let palette = palette(dataset, warnings);
    let unreadable = || {
        let what = "The supplemental palette cannot be read; the image is shown in grey.";
        Warning::Ignored(what.to_owned())
    };
    let colors = |palette: &Palette| Warning::ColorsFrom { first: palette.first() };
    warnings.push(palette.as_ref().map_or_else(unreadable, colors));
    palette
}

/// The palette of an image, plain or segmented.
pub(super) fn palette(dataset: &InMemDicomObject, warnings: &mut Vec<Warning>) -> Option<Palette> {
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
        let entries = segments(dataset.get(segmented)?, descriptor)?;
        Some(Lut { first: descriptor.first, entries: entries.into(), bits: descriptor.bits })
    };
    let [red, green, blue] = CHANNELS.map(table);
    let tables = [red?, green?, blue?];
    let short = CHANNELS.iter().zip(&tables).any(|((about, _, _), table)| {
        let declared = dataset.get(*about).and_then(|about| descriptor(about, signed));
        declared.is_some_and(|declared| declared.count > table.entries.len())
    });
    if short {
        let what = "The palette has fewer entries than it says; values beyond them take the last one.";
        warnings.push(Warning::Repaired(what.to_owned()));
    }
    Some(Palette { tables })
}

/// The entries of a segmented table. Of 8 bits each part of it is a byte, unless only words make sense.
fn segments(data: &InMemElement, descriptor: Descriptor) -> Option<Vec<u16>> {
    let Descriptor { count, bits, .. } = descriptor;
    if bits <= 8 {
        let bytes: Vec<u16> = data.bytes().iter().copied().map(u16::from).collect();
        let entries = expand(&Parts { parts: bytes, bytes: true }, count);
        if let Some(entries) = entries.filter(|entries| entries.len() == count) {
            return Some(entries);
        }
    }
    expand(&Parts { parts: data.words(), bytes: false }, count)
}

/// A segmented table as numbers.
struct Parts {
    parts: Vec<u16>,
    /// Each is a byte, not a word.
    bytes: bool,
}

impl Parts {
    /// An indirect segment here: how many segments it repeats, from which byte on, and how many parts it takes.
    fn indirect(&self, at: usize) -> Option<(u16, usize, usize)> {
        let rest = self.parts.get(at..)?;
        let (segments, offset, taken) = if self.bytes {
            let &[2, segments, a, b, c, d] = rest.first_chunk::<6>()? else { return None };
            (segments, [a, b, c, d].iter().rev().fold(0, |all, byte| all << 8 | usize::from(*byte)), 6)
        } else {
            let &[2, segments, low, high] = rest.first_chunk::<4>()? else { return None };
            (segments, usize::from(low) | usize::from(high) << 16, 4)
        };
        Some((segments, offset, taken))
    }

    /// Which part an offset means. It counts bytes; some writers count words.
    fn part_at(&self, offset: usize, starts: &[usize]) -> usize {
        let in_words = offset / 2;
        let means_words =
            self.bytes || offset % 2 == 1 || (!starts.contains(&in_words) && starts.contains(&offset));
        if means_words { offset } else { in_words }
    }
}

/// Expands a segmented table (PS3.3 C.7.9.2) to at most `count` entries.
fn expand(table: &Parts, count: usize) -> Option<Vec<u16>> {
    let words = &table.parts;
    let mut out = Vec::with_capacity(count);
    let mut starts = Vec::new();
    let mut at = 0;
    // Segments may be empty and repeated; no real table has more than it has entries.
    let mut budget = count;
    while out.len() < count && at < words.len() && budget > 0 {
        budget -= 1;
        let Some((segments, offset, taken)) = table.indirect(at) else {
            starts.push(at);
            at = segment(words, at, &mut out)?;
            continue;
        };
        let mut from = table.part_at(offset, &starts);
        for _ in 0..segments {
            budget = budget.saturating_sub(1);
            if out.len() >= count || budget == 0 {
                break;
            }
            from = segment(words, from, &mut out)?;
        }
        at += taken;
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
