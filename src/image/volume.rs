use std::ops::Range;
use std::sync::Arc;

use super::{Decoded, Frame, Series};
use crate::geometry::SliceStack;

/// The samples of a stack of slices: each slice's own, in the type they were stored in; never a second copy.
#[derive(Debug, Clone)]
pub struct Volume {
    /// Where the slices are.
    pub slices: Arc<SliceStack>,
    /// The frame of each slice: its rescale, padding and type.
    pub frames: Arc<[Arc<Frame>]>,
    /// The samples of each slice; `None` while they are not there (not loaded yet, or not readable).
    pub samples: Vec<Option<Arc<Decoded>>>,
}

impl Volume {
    /// The volume of a series, with the samples that `samples` gives; `None` where the series is no volume.
    pub fn new(series: &Series, samples: impl Fn(&Frame) -> Option<Arc<Decoded>>) -> Option<Self> {
        let slices = Arc::clone(series.slices.as_ref().ok()?);
        let samples = series.frames.iter().map(|frame| samples(frame)).collect();
        Some(Self { slices, frames: series.frames.iter().map(Arc::clone).collect(), samples })
    }

    /// The volume of a series with the samples of these slices alone, as far as they are there; `None` where the series is
    /// no volume.
    pub fn part(series: &Series, slices: &Range<usize>, samples: Vec<Option<Arc<Decoded>>>) -> Option<Self> {
        let stack = Arc::clone(series.slices.as_ref().ok()?);
        let after = series.frames.len().saturating_sub(slices.start + samples.len());
        let none = |count| std::iter::repeat_n(None, count);
        let all = none(slices.start).chain(samples).chain(none(after)).take(series.frames.len()).collect();
        Some(Self { slices: stack, frames: series.frames.iter().map(Arc::clone).collect(), samples: all })
    }
}
