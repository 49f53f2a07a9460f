#![expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]

use super::fast::{Fast, Strip};
use super::sampler::around;
use super::strip::{Axis, STRIP};
use super::zone::Zone;
use crate::image::Volume;
use crate::render::reader::Stored;
use crate::render::tone::narrow;

/// What a spline between a slice and the next is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spline {
    slices: [usize; 4],
    /// The step over those of both sides together, before and after: a half each where steps are even.
    parts: [f32; 2],
}

/// The splines from each slice to the next; from the last on to nowhere.
pub(super) fn splines(volume: &Volume) -> Vec<Spline> {
    let at = volume.slices.places();
    let last = at.len() - 1;
    let of = |slice: usize| {
        if slice == last {
            return Spline { slices: [last; 4], parts: [0.5; 2] };
        }
        let [before, after] = around(volume, slice);
        let step = at[slice + 1] - at[slice];
        let part = |beside: f64| narrow(step / (step + if beside > 0.0 { beside } else { step }));
        let parts = [part(at[slice] - at[before]), part(at[after] - at[slice + 1])];
        Spline { slices: [before, slice, slice + 1, after], parts }
    };
    (0..=last).map(of).collect()
}

/// Weights of four values around a place between the two in the middle, as [`super::sampler::spline`] gives them.
#[inline(always)]
fn weights(share: f32, [before, after]: [f32; 2]) -> [f32; 4] {
    let (square, cube) = (share * share, share * share * share);
    let (near, far) = (2.0 * cube - 3.0 * square + 1.0, 3.0 * square - 2.0 * cube);
    let leave = (cube - 2.0 * square + share) * before;
    let arrive = (cube - square) * after;
    [-leave, near - arrive, far + leave, arrive]
}

/// Four places around a voxel and the next; edges hold.
#[inline(always)]
fn four(voxel: usize, count: usize) -> [usize; 4] {
    [voxel.saturating_sub(1), voxel, voxel + 1, (voxel + 2).min(count - 1)]
}

impl<T: Stored + Default> Fast<'_, T> {
    /// The values of a strip by splines along all three axes.
    #[inline(always)]
    pub(super) fn cubic(&self, axes: &[Axis; 3], zone: &Zone, values: &mut [f32], strip: &mut Strip<T>) {
        strip.between(axes, values.len().min(STRIP));
        for (lane, value) in values.iter_mut().enumerate().take(STRIP) {
            let slice = strip.slices[lane] as usize + zone.slice;
            let shares = strip.shares.each_ref().map(|shares| shares[lane]);
            let [column, row] = [strip.columns[lane], strip.rows[lane]].map(|voxel| voxel as usize);
            let spline =
                self.splines.get(slice).copied().unwrap_or(Spline { slices: [0; 4], parts: [0.5; 2] });
            let inner = column > 0 && column + 2 < self.size[0];
            let found = if inner { self.inner([column, row], &spline, shares) } else { None };
            // At the edges, where something is missing, and where padding counts as nothing.
            *value = found
                .filter(|value| !value.is_nan())
                .or_else(|| self.outer([column, row], &spline, shares))
                .unwrap_or(f32::NAN);
        }
    }

    /// Away from the edges of rows: four neighbours of a row are read at once.
    #[inline(always)]
    fn inner(
        &self,
        [column, row]: [usize; 2],
        spline: &Spline,
        [across, down, through]: [f32; 3],
    ) -> Option<f32> {
        let [across, down] = [across, down].map(|share| weights(share, [0.5; 2]));
        let rows = four(row, self.size[1]).map(|row| row * self.size[0] + column - 1);
        let mut value = 0.0;
        for (slice, depth) in spline.slices.into_iter().zip(weights(through, spline.parts)) {
            if depth == 0.0 {
                continue;
            }
            let [samples, _] = self.slices.get(slice)?;
            let mut sums = [0.0; 4];
            for (start, height) in rows.into_iter().zip(down) {
                let four: &[T; 4] = samples.get(start..)?.first_chunk()?;
                for (sum, stored) in sums.iter_mut().zip(four) {
                    *sum += height * stored.read(self.reader);
                }
            }
            let [a, b, c, d] = across;
            let sum = (a * sums[0] + b * sums[1]) + (c * sums[2] + d * sums[3]);
            value += depth * self.scaled(slice, sum);
        }
        Some(value)
    }

    /// Anywhere: what has no weight is not looked at.
    #[cold]
    #[inline(never)]
    fn outer(
        &self,
        [column, row]: [usize; 2],
        spline: &Spline,
        [across, down, through]: [f32; 3],
    ) -> Option<f32> {
        let [across, down] = [across, down].map(|share| weights(share, [0.5; 2]));
        let with = |places: [usize; 4], weights: [f32; 4]| {
            places.into_iter().zip(weights).filter(|(_, weight)| *weight != 0.0)
        };
        let mut value = 0.0;
        for (slice, depth) in with(spline.slices, weights(through, spline.parts)) {
            let [samples, _] = self.slices.get(slice)?;
            let mut sum = 0.0;
            for (row, height) in with(four(row, self.size[1]), down) {
                for (column, width) in with(four(column, self.size[0]), across) {
                    let stored = samples.get(row * self.size[0] + column)?.read(self.reader);
                    if stored.is_nan() {
                        return None;
                    }
                    sum += width * height * stored;
                }
            }
            value += depth * self.scaled(slice, sum);
        }
        Some(value)
    }
}
