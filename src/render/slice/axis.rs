use std::ops::Range;

use crate::render::tone::narrow;

/// Where one output pixel takes its value from along one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tap {
    /// First source index, counted from [`Axis::source`]'s start.
    pub(super) first: usize,
    /// Between two neighbours: the second one. In a box: one past the last.
    pub(super) second: usize,
    /// Between two neighbours: the second one's share. In a box: where its weights start.
    pub(super) share: f32,
    /// Where a box's weights start.
    weights: usize,
}

/// One output axis against one source axis.
#[derive(Debug, Default)]
pub(super) struct Axis {
    /// Output indices whose centre lies in the frame.
    pub(super) inside: Range<usize>,
    /// Source indices that are needed.
    pub(super) source: Range<usize>,
    /// One tap for each index of `inside`.
    pub(super) taps: Vec<Tap>,
    /// Whether taps are boxes: an output pixel spans more than one source pixel.
    pub(super) boxes: bool,
    weights: Vec<f32>,
}

/// Below this a scale is 1 and a place is a pixel's centre: rounding of the affine map.
const EXACT: f64 = 1e-6;

impl Axis {
    /// Plans `source = scale * (output + 0.5) + offset` for `output` in `0..outputs`, `source` in `0..sources`.
    pub(super) fn plan(
        &mut self,
        scale: f64,
        offset: f64,
        outputs: usize,
        sources: usize,
        smooth: bool,
    ) -> bool {
        self.taps.clear();
        self.weights.clear();
        self.boxes = scale.abs() > 1.0 + EXACT;
        let place = |output: usize| scale * (output as f64 + 0.5) + offset;
        let inside = |output: &usize| index(place(*output), sources).is_some();
        let Some(first) = (0..outputs).find(inside) else { return false };
        let last = (first..outputs).rev().find(inside).unwrap_or(first);
        self.inside = first..last + 1;
        for output in self.inside.clone() {
            let tap = if self.boxes {
                self.box_tap(place(output), scale.abs() / 2.0, sources)
            } else {
                lerp_tap(place(output), sources, smooth)
            };
            self.taps.push(tap);
        }
        self.narrow_source();
        true
    }

    fn box_tap(&mut self, center: f64, half: f64, sources: usize) -> Tap {
        let last = sources as f64 - 1.0;
        // In pixel edges: source pixel i reaches from i to i + 1.
        let from = (center + 0.5 - half).clamp(0.0, last + 0.5);
        let to = (center + 0.5 + half).clamp(from + EXACT, last + 1.0);
        let first = index(from - 0.5, sources).unwrap_or(0);
        let end = index(to - 0.5 - EXACT, sources).unwrap_or(first) + 1;
        let weights = self.weights.len();
        for source in first..end {
            let covered = (to.min(source as f64 + 1.0) - from.max(source as f64)).max(0.0);
            self.weights.push(narrow(covered / (to - from)));
        }
        Tap { first, second: end, share: 0.0, weights }
    }

    /// Counts taps from the first source index that is needed.
    fn narrow_source(&mut self) {
        let past = usize::from(!self.boxes);
        let first = self.taps.iter().map(|tap| tap.first.min(tap.second)).min().unwrap_or(0);
        let end = self.taps.iter().map(|tap| tap.second.max(tap.first) + past).max().unwrap_or(0);
        self.source = first..end;
        for tap in &mut self.taps {
            tap.first -= first;
            tap.second -= first;
        }
    }

    /// The weights of a box, one for each of its source indices.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]
    pub(super) fn weights(&self, tap: &Tap) -> &[f32] {
        &self.weights[tap.weights..tap.weights + tap.second - tap.first]
    }
}

fn lerp_tap(place: f64, sources: usize, smooth: bool) -> Tap {
    let nearest = index(place, sources).unwrap_or(0);
    let away = place - nearest as f64;
    let pixel = Tap { first: nearest, second: nearest, share: 0.0, weights: 0 };
    if !smooth || away.abs() < EXACT {
        pixel
    } else if away > 0.0 {
        Tap { second: (nearest + 1).min(sources - 1), share: narrow(away), ..pixel }
    } else {
        let first = nearest.saturating_sub(1);
        Tap { first, share: narrow(1.0 + away), ..pixel }
    }
}

/// The pixel whose reach holds the place: half a step around its centre.
pub(super) fn index(place: f64, count: usize) -> Option<usize> {
    let nearest = (place + 0.5).floor();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be in the frame")]
    (nearest >= 0.0 && nearest < count as f64).then_some(nearest as usize)
}
