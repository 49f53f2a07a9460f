//! One frame's samples from its file.

use std::sync::Arc;

use rayon::prelude::*;

use super::error::{DicomError, Result};
use crate::image::{Decoded, Frame, FrameRef, FrameSize, PixelLocation, Samples, Tile};
use crate::work::Cancel;

/// Reads and decodes one frame: of 500 frames in a file, one costs one.
///
/// A slice of a mosaic costs the whole mosaic.
pub fn load_frame(frame: &Frame) -> Result<Decoded> {
    let Some(tile) = frame.tile else { return load_whole(frame) };
    let of = FrameRef { frame_number: 1, ..frame.of.clone() };
    let whole = Frame { of, size: tile.whole, tile: None, ..frame.clone() };
    let decoded = load_whole(&whole)?;
    let there = tile.pixels_before(decoded.there(), frame.size);
    Ok(Decoded::cut_off(cropped(&decoded, tile, frame.size), there))
}

/// The tile's part of a stored image's samples.
fn cropped(samples: &Samples, tile: Tile, size: FrameSize) -> Samples {
    fn part<T: Copy>(all: &[T], tile: Tile, size: FrameSize) -> Vec<T> {
        let rows = all.chunks_exact(tile.whole.columns.max(1)).skip(tile.row).take(size.rows);
        rows.flat_map(|row| row.iter().skip(tile.column).take(size.columns).copied()).collect()
    }
    match samples {
        Samples::U8(all) => Samples::U8(part(all, tile, size)),
        Samples::I8(all) => Samples::I8(part(all, tile, size)),
        Samples::U16(all) => Samples::U16(part(all, tile, size)),
        Samples::I16(all) => Samples::I16(part(all, tile, size)),
        Samples::U32(all) => Samples::U32(part(all, tile, size)),
        Samples::I32(all) => Samples::I32(part(all, tile, size)),
        Samples::F32(all) => Samples::F32(part(all, tile, size)),
        Samples::F64(all) => Samples::F64(part(all, tile, size)),
        Samples::Rgb8(all) => Samples::Rgb8(part(all, tile, size)),
    }
}

fn load_whole(frame: &Frame) -> Result<Decoded> {
    let stored = &frame.stored;
    match &stored.location {
        PixelLocation::Native { .. } | PixelLocation::Deflated { .. } => super::native::load(frame),
        PixelLocation::Encapsulated { offset, table, fragments } => {
            super::encapsulated::load(frame, *offset, table.as_deref(), fragments)
        }
        PixelLocation::Picture { .. } => Err(DicomError::NotDicom("it is a picture")),
    }
}

/// Loads frames on all cores, the first ones first; calls `on` with each one's index in the list.
///
/// `on` is called from several threads. After `cancel` the rest is reported as cancelled.
pub fn load_frames(frames: &[Arc<Frame>], cancel: &Cancel, on: impl Fn(usize, Result<Decoded>) + Sync) {
    // Bridging an iterator hands out one frame at a time in order; an indexed split would not.
    frames.iter().enumerate().par_bridge().for_each(|(index, frame)| {
        let samples = if cancel.is_cancelled() { Err(DicomError::Cancelled) } else { load_frame(frame) };
        on(index, samples);
    });
}
