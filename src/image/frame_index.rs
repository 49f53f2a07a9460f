use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use super::{Frame, FrameRef};

/// Fewer frames are looked through one after the other: that is as quick, and takes no memory.
const FEW: usize = 64;

/// Where each frame of a series stands, made when somebody first asks: a viewport asks many times for every picture.
///
/// A copy of the series makes its own, so its frames may be changed before they are asked for.
#[derive(Default)]
pub struct FrameIndex(OnceLock<HashMap<FrameRef, usize>>);

impl FrameIndex {
    /// Where a frame stands among these, the first where several claim to be it.
    pub(super) fn find(&self, frames: &[Arc<Frame>], frame: &FrameRef) -> Option<usize> {
        if frames.len() < FEW {
            return frames.iter().position(|candidate| candidate.of == *frame);
        }
        let places = self.0.get_or_init(|| {
            // The first wins: it is put in last.
            frames.iter().enumerate().rev().map(|(index, frame)| (frame.of.clone(), index)).collect()
        });
        places.get(frame).copied()
    }
}

impl Clone for FrameIndex {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl fmt::Debug for FrameIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrameIndex").finish_non_exhaustive()
    }
}
