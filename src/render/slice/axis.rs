use std::ops::Range;

use crate::render::reformat::spline;
use crate::render::tone::narrow;
use crate::view::Interpolation;

/// Where one output pixel takes its value from along one axis: between two neighbours, or weighed over a range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tap {
    /// First source index, counted from [`Axis::source`]'s start.
    pub(super) first: usize,
    /// Between two neighbours: the second one. Of a range: one past the last.
    pub(super) second: usize,
    /// Between two neighbours: the second one's share.
    pub(super) share: f32,
    /// Where a range's weights start.
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
    /// Whether taps are ranges with weights: boxes where an output pixel spans more than one source pixel, or splines.
    pub(super) weighed: bool,
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
        how: Interpolation,
    ) -> bool {
        self.taps.clear();
        self.weights.clear();
        let minified = scale.abs() > 1.0 + EXACT;
        self.weighed = minified || how == Interpolation::Cubic;
        let place = |output: usize| scale * (output as f64 + 0.5) + offset;
        let inside = |output: &usize| index(place(*output), sources).is_some();
        let Some(first) = (0..outputs).find(inside) else { return false };
        let last = (first..outputs).rev().find(inside).unwrap_or(first);
        self.inside = first..last + 1;
        for output in self.inside.clone() {
            let tap = if minified {
                self.box_tap(place(output), scale.abs() / 2.0, sources)
            } else {
                match how {
                    Interpolation::Nearest => lerp_tap(place(output), sources, false),
                    Interpolation::Linear => lerp_tap(place(output), sources, true),
                    Interpolation::Cubic => self.spline_tap(place(output), sources),
                }
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

    /// Four neighbours by a Catmull-Rom spline; the edge holds beyond it.
    fn spline_tap(&mut self, place: f64, sources: usize) -> Tap {
        let place = place.clamp(0.0, sources as f64 - 1.0);
        let before = index(place.floor(), sources).unwrap_or(0);
        let share = place - before as f64;
        let weights = self.weights.len();
        if share < EXACT {
            self.weights.push(1.0);
            return Tap { first: before, second: before + 1, share: 0.0, weights };
        }
        let (first, end) = (before.saturating_sub(1), (before + 3).min(sources));
        self.weights.resize(weights + end - first, 0.0);
        for (step, weight) in spline(share, [1.0; 3]).into_iter().enumerate() {
            let source = (before + step).saturating_sub(1).min(sources - 1);
            self.weights[weights + source - first] += narrow(weight);
        }
        Tap { first, second: end, share: 0.0, weights }
    }

    /// Counts taps from the first source index that is needed.
    fn narrow_source(&mut self) {
        let past = usize::from(!self.weighed);
        let first = self.taps.iter().map(|tap| tap.first.min(tap.second)).min().unwrap_or(0);
        let end = self.taps.iter().map(|tap| tap.second.max(tap.first) + past).max().unwrap_or(0);
        self.source = first..end;
        for tap in &mut self.taps {
            tap.first -= first;
            tap.second -= first;
        }
    }

    /// The weights of a range, one for each of its source indices.
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
