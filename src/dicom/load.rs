//! One frame's samples from its file.

use std::sync::Arc;

use rayon::prelude::*;

use super::error::{DicomError, Result};
use crate::image::{Decoded, Frame, PixelLocation};
use crate::work::Cancel;

/// Reads and decodes one frame: of 500 frames in a file, one costs one.
pub fn load_frame(frame: &Frame) -> Result<Decoded> {
    let stored = &frame.stored;
    match &stored.location {
        PixelLocation::Native { .. } | PixelLocation::Deflated { .. } => super::native::load(frame),
        PixelLocation::Encapsulated { offset, table } => {
            super::encapsulated::load(frame, *offset, table.as_deref())
        }
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
