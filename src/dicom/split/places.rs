//! Where the frames of one direction lie, and how well a key tells those at one place apart.

use std::sync::Arc;

use crate::image::Frame;

/// Frames closer than this, or than a hundredth of their thickness, lie at one place.
const SAME_PLACE_MM: f64 = 0.001;

/// Where frames of one direction lie.
#[derive(Debug)]
pub(super) struct Places {
    /// Of each frame, which place.
    pub of: Vec<usize>,
    /// Of each place, how far along the normal its first frame lies, in mm.
    pub mm: Vec<f64>,
    /// How many places.
    pub count: usize,
    /// Most frames at one place.
    pub most: usize,
}

impl Places {
    pub(super) fn of(frames: &[Arc<Frame>]) -> Self {
        let normal = frames.iter().find_map(|frame| frame.plane).map(|plane| plane.normal());
        let mut at: Vec<(f64, usize)> = Vec::with_capacity(frames.len());
        for (index, frame) in frames.iter().enumerate() {
            let (Some(plane), Some(normal)) = (frame.plane, normal) else { continue };
            at.push((plane.origin().0.dot(normal), index));
        }
        at.sort_by(|a, b| a.0.total_cmp(&b.0));
        let thickness = frames.first().and_then(|frame| frame.thickness).map_or(0.0, |mm| mm.0);
        let near = SAME_PLACE_MM.max(thickness * 0.01);
        let mut of = vec![0; frames.len()];
        let (mut count, mut most, mut here) = (0, 0, 0);
        let mut places = Vec::new();
        let mut first = f64::NEG_INFINITY;
        for (mm, index) in at {
            // From the first of a place, so that a chain of small steps is no place.
            if mm - first >= near {
                (count, here, first) = (count + 1, 0, mm);
                places.push(mm);
            }
            here += 1;
            most = most.max(here);
            if let Some(slot) = of.get_mut(index) {
                *slot = count - 1;
            }
        }
        Self { of, mm: places, count, most }
    }

    /// The frames at each place.
    pub(super) fn members(&self) -> Vec<Vec<usize>> {
        let mut at: Vec<Vec<usize>> = vec![Vec::new(); self.count];
        for (index, place) in self.of.iter().enumerate() {
            if let Some(list) = at.get_mut(*place) {
                list.push(index);
            }
        }
        at
    }

    /// Groups that the keys make, and frames that share group and place with another.
    pub(super) fn score(&self, key: impl Fn(usize) -> u64) -> Score {
        let mut pairs: Vec<(u64, usize)> =
            self.of.iter().enumerate().map(|(index, place)| (key(index), *place)).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let duplicates = self.of.len() - pairs.len();
        let sizes: Vec<usize> = pairs.chunk_by(|a, b| a.0 == b.0).map(<[_]>::len).collect();
        Score { groups: sizes.len(), duplicates, smallest: sizes.into_iter().min().unwrap_or(0) }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Score {
    pub groups: usize,
    pub duplicates: usize,
    /// Places that the smallest group has.
    pub smallest: usize,
}
