#![expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]

use super::points::{At, Points};
use crate::render::Picture;
use crate::render::tone::Tone;
use crate::view::SlabMode;

/// Columns that are drawn for all rows of a band before the next ones: their samples stay in the nearest cache, and their
/// pages in the processor's table, whichever way the plane runs.
const TILE: usize = 128;

/// Rows of values as they are shown: through the thickness of a slab, several points in a pixel.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lines<'a, P> {
    pub(super) points: &'a P,
    /// mm along the normal where a slab is sampled.
    pub(super) depths: &'a [f64],
    pub(super) mode: SlabMode,
    /// Points on each side of a pixel.
    pub(super) fine: usize,
}

/// The working memory of a band of rows.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Points of a row that are averaged, and how many count for each pixel.
    points: Vec<f32>,
    held: Vec<f32>,
    /// One depth of a slab, and how many count at each point.
    layer: Vec<f32>,
    counts: Vec<f32>,
}

impl<P: Points> Lines<'_, P> {
    /// The values of points of a row; not a number where there is none.
    #[inline(always)]
    fn points(&self, from: [usize; 2], values: &mut [f32], scratch: &mut Scratch, work: &mut P::Work) {
        let [column, row] = from;
        if let [along] = *self.depths {
            self.points.row(At { column, row, along }, values, work);
            return;
        }
        let Scratch { layer, counts, .. } = scratch;
        layer.resize(values.len(), 0.0);
        counts.clear();
        counts.resize(values.len(), 0.0);
        values.fill(match self.mode {
            SlabMode::Mean => 0.0,
            SlabMode::Mip => f32::NEG_INFINITY,
            SlabMode::MinIp => f32::INFINITY,
        });
        for along in self.depths {
            self.points.row(At { column, row, along: *along }, layer, work);
            let all = values.iter_mut().zip(layer.iter()).zip(counts.iter_mut());
            match self.mode {
                SlabMode::Mean => all.for_each(|((sum, value), count)| {
                    let there = !value.is_nan();
                    *sum += if there { *value } else { 0.0 };
                    *count += if there { 1.0 } else { 0.0 };
                }),
                // A comparison with what is not a number is false.
                SlabMode::Mip => all.for_each(|((best, value), _)| {
                    *best = if *value > *best { *value } else { *best };
                }),
                SlabMode::MinIp => all.for_each(|((best, value), _)| {
                    *best = if *value < *best { *value } else { *best };
                }),
            }
        }
        for (value, count) in values.iter_mut().zip(counts.iter()) {
            *value = match self.mode {
                SlabMode::Mean => *value / count,
                SlabMode::Mip | SlabMode::MinIp if value.is_infinite() => f32::NAN,
                SlabMode::Mip | SlabMode::MinIp => *value,
            };
        }
    }

    /// Values of a row of pixels: averages where a pixel holds several points, over those that have a value.
    #[inline(always)]
    fn values(
        &self,
        [column, row]: [usize; 2],
        values: &mut [f32],
        scratch: &mut Scratch,
        work: &mut P::Work,
    ) {
        let fine = self.fine;
        if fine == 1 {
            self.points([column, row], values, scratch, work);
            return;
        }
        let (mut points, mut held) = (std::mem::take(&mut scratch.points), std::mem::take(&mut scratch.held));
        points.resize(values.len() * fine, 0.0);
        held.clear();
        held.resize(values.len(), 0.0);
        values.fill(0.0);
        for part in 0..fine {
            self.points([column * fine, row * fine + part], &mut points, scratch, work);
            for ((value, held), points) in values.iter_mut().zip(&mut held).zip(points.chunks_exact(fine)) {
                for point in points.iter().filter(|point| !point.is_nan()) {
                    *value += point;
                    *held += 1.0;
                }
            }
        }
        values.iter_mut().zip(&held).for_each(|(value, held)| *value /= held);
        (scratch.points, scratch.held) = (points, held);
    }
}

/// A band of rows of a picture.
#[derive(Debug)]
pub(super) struct Band<'a, P> {
    pub(super) lines: &'a Lines<'a, P>,
    pub(super) tone: &'a Tone,
    pub(super) first_row: usize,
    pub(super) width: usize,
    pub(super) scratch: &'a mut Scratch,
    pub(super) pixels: &'a mut [[u8; 4]],
}

impl<P: Points> pulp::WithSimd for Band<'_, P> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let mut values = [0.0; TILE];
        let mut work = self.lines.points.work();
        for column in (0..self.width).step_by(TILE) {
            let values = &mut values[..TILE.min(self.width - column)];
            for (row, pixels) in self.pixels.chunks_exact_mut(self.width).enumerate() {
                let pixels = &mut pixels[column..column + values.len()];
                self.lines.values([column, self.first_row + row], values, self.scratch, &mut work);
                self.tone.apply(values, pixels);
                for (pixel, value) in pixels.iter_mut().zip(&*values) {
                    *pixel = if value.is_nan() { Picture::BLACK } else { *pixel };
                }
            }
        }
    }
}

/// A band of rows of values.
#[derive(Debug)]
pub(super) struct Fill<'a, P> {
    pub(super) lines: &'a Lines<'a, P>,
    pub(super) first_row: usize,
    pub(super) width: usize,
    pub(super) scratch: &'a mut Scratch,
    pub(super) values: &'a mut [f32],
}

impl<P: Points> pulp::WithSimd for Fill<'_, P> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let mut work = self.lines.points.work();
        for column in (0..self.width).step_by(TILE) {
            for (row, values) in self.values.chunks_exact_mut(self.width).enumerate() {
                let values = &mut values[column..self.width.min(column + TILE)];
                self.lines.values([column, self.first_row + row], values, self.scratch, &mut work);
            }
        }
    }
}
