//! Overlay planes (PS3.3 C.9.2): in groups 6000 to 601E, or in the bits of the pixels that carry no value.

use std::sync::Arc;

use dicom_core::Tag;
use dicom_object::InMemDicomObject;

use super::error::Result;
use super::load::load_frame;
use super::value::{Attributes as _, ElementValue, Expected};
use crate::image::{
    Frame, FrameSize, OverlayBits, OverlayPlane, Photometric, PixelLocation, SampleLayout, Samples,
    StoredImage, Warning,
};

const ROWS: u16 = 0x0010;
const COLUMNS: u16 = 0x0011;
const FRAMES: u16 = 0x0015;
const ORIGIN: u16 = 0x0050;
const FRAME_ORIGIN: u16 = 0x0051;
const BITS_ALLOCATED: u16 = 0x0100;
const BIT_POSITION: u16 = 0x0102;
const DATA: u16 = 0x3000;

/// The overlay planes of an object, one for each group, before they are given to its frames.
#[derive(Debug, Default)]
pub(super) struct Overlays {
    all: Vec<Overlay>,
    /// What every frame has, where none has anything of its own.
    common: Option<Arc<[OverlayPlane]>>,
}

#[derive(Debug)]
struct Overlay {
    plane: OverlayPlane,
    /// The image frames it belongs to, from 0, one graphic for each; `None` for one graphic on all frames.
    frames: Option<std::ops::Range<usize>>,
}

impl Overlays {
    pub(super) fn new(
        top: &InMemDicomObject,
        stored: &StoredImage,
        size: FrameSize,
        warnings: &mut Vec<Warning>,
    ) -> Self {
        let mut overlays = Vec::new();
        let mut last = 0;
        // Sixteen groups at most (PS3.5 7.6): more would be a small header that takes a lot for each frame.
        for group in top.tags().map(Tag::group) {
            if !(0x6000..=0x601E).contains(&group) || group % 2 == 1 || group == last {
                continue;
            }
            last = group;
            match overlay(top, group, stored, size) {
                Some(overlay) => overlays.push(overlay),
                None if top.get(Tag(group, DATA)).is_some()
                    || top.get(Tag(group, BIT_POSITION)).is_some() =>
                {
                    let what = "An overlay of the file makes no sense; it is not shown.";
                    warnings.push(Warning::Ignored(what.to_owned()));
                }
                None => {}
            }
        }
        let same = overlays.iter().all(|overlay| overlay.frames.is_none());
        let common = same.then(|| overlays.iter().map(|overlay| overlay.plane.clone()).collect());
        Self { all: overlays, common }
    }

    /// The planes over a frame, counted from 0.
    pub(super) fn of_frame(&self, index: usize) -> Arc<[OverlayPlane]> {
        if let Some(common) = &self.common {
            return Arc::clone(common);
        }
        let on_frame = |overlay: &Overlay| {
            let Some(frames) = &overlay.frames else { return Some(overlay.plane.clone()) };
            let nth = frames.contains(&index).then(|| index - frames.start)?;
            let mut plane = overlay.plane.clone();
            if let OverlayBits::Packed { first, .. } = &mut plane.bits {
                *first = nth.saturating_mul(plane.size.pixels());
            }
            Some(plane)
        };
        self.all.iter().filter_map(on_frame).collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

fn overlay(top: &InMemDicomObject, group: u16, stored: &StoredImage, image: FrameSize) -> Option<Overlay> {
    let count = |element| top.count(Tag(group, element), Expected::Whole);
    let Some(data) = top.get(Tag(group, DATA)) else {
        return embedded(count(BITS_ALLOCATED)?, count(BIT_POSITION)?, stored, image);
    };
    let side = |element| count(element).and_then(|side| usize::try_from(side).ok()).filter(|side| *side > 0);
    let size = FrameSize { columns: side(COLUMNS)?, rows: side(ROWS)? };
    if size.columns > 65_535 || size.rows > 65_535 {
        return None;
    }
    // The top left corner is 1\1; row before column; signed whatever the VR says.
    let origin = top.get(Tag(group, ORIGIN)).map(ElementValue::words).unwrap_or_default();
    let from_zero = |at: usize| origin.get(at).map_or(0, |one| i32::from(one.cast_signed()) - 1);
    let bytes = data.bytes();
    let frames = top.count(Tag(group, FRAMES), Expected::Text).map(|frames| {
        let first = count(FRAME_ORIGIN).unwrap_or(1).max(1) as usize - 1;
        first..first.saturating_add(frames as usize)
    });
    let bits = OverlayBits::Packed { bytes: bytes.into(), first: 0 };
    Some(Overlay { plane: OverlayPlane { origin: (from_zero(1), from_zero(0)), size, bits }, frames })
}

/// A plane in the pixels' own words: retired, and only where no value stands.
fn embedded(allocated: u32, position: u32, stored: &StoredImage, image: FrameSize) -> Option<Overlay> {
    let layout = &stored.layout;
    let bit = u16::try_from(position).ok()?;
    let of_value = layout.high_bit + 1 - layout.bits_stored..=layout.high_bit;
    let native = !matches!(stored.location, PixelLocation::Encapsulated { .. });
    let there = allocated == u32::from(layout.bits_allocated) && bit < layout.bits_allocated;
    if !native || !there || of_value.contains(&bit) || layout.samples_per_pixel != 1 || layout.float {
        return None;
    }
    let plane = OverlayPlane { origin: (0, 0), size: image, bits: OverlayBits::InPixels { bit } };
    Some(Overlay { plane, frames: None })
}

/// The overlay planes of a frame with their bits at hand: those in the pixels are read.
pub fn load_overlays(frame: &Frame) -> Result<Vec<OverlayPlane>> {
    let in_pixels = |plane: &OverlayPlane| matches!(plane.bits, OverlayBits::InPixels { .. });
    if !frame.overlays.iter().any(in_pixels) {
        return Ok(frame.overlays.to_vec());
    }
    let words = load_frame(&with_all_bits(frame))?;
    let with_bits = |plane: &OverlayPlane| {
        let OverlayBits::InPixels { bit } = plane.bits else { return plane.clone() };
        let mut bytes = vec![0_u8; frame.size.pixels().div_ceil(8)];
        for index in 0..frame.size.pixels() {
            let set = match &*words {
                Samples::U8(words) => words.get(index).is_some_and(|word| word >> bit & 1 == 1),
                Samples::U16(words) => words.get(index).is_some_and(|word| word >> bit & 1 == 1),
                Samples::U32(words) => words.get(index).is_some_and(|word| word >> bit & 1 == 1),
                Samples::I8(_)
                | Samples::I16(_)
                | Samples::I32(_)
                | Samples::F32(_)
                | Samples::F64(_)
                | Samples::Rgb8(_) => false,
            };
            if set && let Some(byte) = bytes.get_mut(index / 8) {
                *byte |= 1 << (index % 8);
            }
        }
        OverlayPlane { bits: OverlayBits::Packed { bytes: bytes.into(), first: 0 }, ..plane.clone() }
    };
    Ok(frame.overlays.iter().map(with_bits).collect())
}

/// The frame as if every bit of its words belonged to the value.
fn with_all_bits(frame: &Frame) -> Frame {
    let layout = &frame.stored.layout;
    let layout = SampleLayout {
        bits_stored: layout.bits_allocated,
        high_bit: layout.bits_allocated - 1,
        signed: false,
        photometric: Photometric::Monochrome2,
        palette: None,
        ..layout.clone()
    };
    let stored = Arc::new(StoredImage { layout, ..(*frame.stored).clone() });
    Frame { stored, color: false, padding: None, ..frame.clone() }
}
