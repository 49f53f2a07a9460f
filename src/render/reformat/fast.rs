#![expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]

use std::ops::Range;

use glam::DVec3;

use super::cut::Cut;
use super::points::{At, LocalCut, Points, met, run};
use super::spline::{Spline, splines};
use super::strip::{Axis, STRIP};
use super::zone::{Zone, zones};
use crate::image::Volume;
use crate::render::reader::{Reader, Stored};
use crate::view::Interpolation;

/// A sample with less weight than this is not needed: places are computed that exactly, in voxels.
const ROUNDING: f32 = 2e-5;

/// Rows of values of a plane, many points at a time, for the usual volumes: all samples of one type, at least two
/// columns and rows.
#[derive(Debug)]
pub(super) struct Fast<'a, T> {
    /// The samples of each slice and of the next one, as far as they are there.
    pub(super) slices: Vec<[&'a [T]; 2]>,
    pub(super) size: [usize; 2],
    zones: Vec<Zone>,
    /// Slices before and after each step from slice to slice, and their parts in a spline's slopes.
    pub(super) splines: Vec<Spline>,
    pub(super) reader: &'a Reader<'a>,
    /// Slope and offset of each slice where they differ; otherwise the tone holds them.
    scales: &'a [[f32; 2]],
    cut: LocalCut,
    interpolation: Interpolation,
}

/// Places, shares and samples of a strip of points.
#[derive(Debug)]
pub(super) struct Strip<T> {
    pub(super) columns: [u32; STRIP],
    pub(super) rows: [u32; STRIP],
    pub(super) slices: [u32; STRIP],
    pub(super) shares: [[f32; STRIP]; 3],
    /// Two neighbours of a row, in two rows of two slices.
    pairs: [[[T; 2]; STRIP]; 4],
}

impl<T> Strip<T> {
    /// Finds where so many points lie, at most a strip of them.
    #[inline(always)]
    pub(super) fn between(&mut self, axes: &[Axis; 3], count: usize) {
        let [across, down, through] = &mut self.shares;
        axes[0].between(&mut self.columns[..count], &mut across[..count]);
        axes[1].between(&mut self.rows[..count], &mut down[..count]);
        axes[2].between(&mut self.slices[..count], &mut through[..count]);
    }
}

impl<'a, T: Stored + Default> Fast<'a, T> {
    pub(super) fn new(
        volume: &Volume,
        samples: &[&'a [T]],
        (reader, scales): (&'a Reader<'a>, &'a [[f32; 2]]),
        cut: &Cut,
        interpolation: Interpolation,
    ) -> Self {
        let next = samples.iter().skip(1).chain(samples.last());
        Self {
            slices: samples.iter().zip(next).map(|(slice, next)| [*slice, *next]).collect(),
            size: volume.slices.size(),
            zones: zones(&volume.slices),
            splines: if interpolation == Interpolation::Cubic { splines(volume) } else { Vec::new() },
            reader,
            scales,
            cut: LocalCut::new(cut, &volume.slices),
            interpolation,
        }
    }

    /// The points `run` of a row, all in one zone.
    #[inline(always)]
    fn draw(&self, zone: &Zone, start: DVec3, run: Range<usize>, values: &mut [f32], strip: &mut Strip<T>) {
        let step = zone.step(self.cut.right);
        let last = [self.size[0] - 1, self.size[1] - 1, zone.steps];
        let Some(values) = values.get_mut(run.clone()) else { return };
        for (part, values) in values.chunks_mut(STRIP).enumerate() {
            let first = start + self.cut.right * (run.start + part * STRIP) as f64;
            let axes = Axis::all(zone.voxel(first), step, last);
            match self.interpolation {
                Interpolation::Nearest => self.nearest(&axes, zone, values, strip),
                Interpolation::Linear => self.linear(&axes, zone, values, strip),
                Interpolation::Cubic => self.cubic(&axes, zone, values, strip),
            }
        }
    }

    #[inline(always)]
    fn nearest(&self, axes: &[Axis; 3], zone: &Zone, values: &mut [f32], strip: &mut Strip<T>) {
        let count = values.len().min(STRIP);
        axes[0].nearest(&mut strip.columns[..count]);
        axes[1].nearest(&mut strip.rows[..count]);
        axes[2].nearest(&mut strip.slices[..count]);
        for (lane, value) in values.iter_mut().enumerate().take(STRIP) {
            let slice = strip.slices[lane] as usize + zone.slice;
            let index = strip.rows[lane] as usize * self.size[0] + strip.columns[lane] as usize;
            let stored = self.slices.get(slice).and_then(|[slice, _]| slice.get(index));
            *value = stored.map_or(f32::NAN, |stored| self.scaled(slice, stored.read(self.reader)));
        }
    }

    #[inline(always)]
    fn linear(&self, axes: &[Axis; 3], zone: &Zone, values: &mut [f32], strip: &mut Strip<T>) {
        let count = values.len().min(STRIP);
        // In whole groups of vectors, unless it is a few: what is left of a group is done number by number.
        let whole = if count < 24 { count } else { count.next_multiple_of(32) };
        strip.between(axes, whole);
        let mut lost = self.gather(zone, count, strip);
        let mut mixed = [0.0; STRIP];
        let slice = |lane: usize| strip.slices[lane] as usize + zone.slice;
        let next = usize::from(zone.steps > 0);
        match (self.scales.is_empty(), self.reader.is_plain()) {
            (true, true) => self.mix(whole, strip, &mut mixed, T::read_plain, |_, both| both),
            (true, false) => self.mix(whole, strip, &mut mixed, T::read, |_, both| both),
            (false, _) => self.mix(whole, strip, &mut mixed, T::read, |lane, [near, far]| {
                [self.scaled(slice(lane), near), self.scaled(slice(lane) + next, far)]
            }),
        }
        values.copy_from_slice(&mixed[..count]);
        // Not a number: padding of a slab, which may have no weight.
        if self.reader.origin.fill.is_nan() && !(T::WHOLE && self.reader.is_plain()) {
            for (lane, value) in values.iter().enumerate().take(STRIP) {
                lost |= u64::from(value.is_nan()) << lane;
            }
        }
        while lost != 0 {
            let lane = lost.trailing_zeros() as usize;
            values[lane] = self.careful(zone, lane, strip).unwrap_or(f32::NAN);
            lost &= lost - 1;
        }
    }

    /// Reads the samples of a strip; of those points that lack one the bit is set.
    #[inline(always)]
    fn gather(&self, zone: &Zone, count: usize, strip: &mut Strip<T>) -> u64 {
        let mut lost = 0;
        let slices = self.slices.get(zone.slice..).unwrap_or_default();
        let next = usize::from(zone.steps > 0);
        // So that a row's end is known to lie behind its start.
        let columns = usize::from(u16::try_from(self.size[0]).unwrap_or(u16::MAX));
        for lane in 0..count {
            let index = strip.rows[lane] as usize * columns + strip.columns[lane] as usize;
            let rows = slices.get(strip.slices[lane] as usize).and_then(|slices| {
                let near = slices[0].get(index..index + columns + 2)?;
                let far = slices[next].get(index..index + columns + 2)?;
                Some([*near.first_chunk()?, *near.last_chunk()?, *far.first_chunk()?, *far.last_chunk()?])
            });
            if let Some(rows) = rows {
                for (pairs, row) in strip.pairs.iter_mut().zip(rows) {
                    pairs[lane] = row;
                }
            } else {
                lost |= 1 << lane;
            }
        }
        lost
    }

    /// The values of a strip out of its samples.
    #[inline(always)]
    fn mix(
        &self,
        count: usize,
        strip: &Strip<T>,
        values: &mut [f32; STRIP],
        read: impl Fn(T, &Reader<'_>) -> f32,
        scale: impl Fn(usize, [f32; 2]) -> [f32; 2],
    ) {
        // All cut to one length: no test of a place is left in the loop, which would end it early and number by number.
        let [across, down, through] = strip.shares.each_ref().map(|shares| &shares[..count]);
        let row = |pair: [T; 2], share: f32| {
            let [left, right] = pair.map(|stored| read(stored, self.reader));
            left + (right - left) * share
        };
        let [a, b, c, d] = strip.pairs.each_ref().map(|pairs| &pairs[..count]);
        for (lane, value) in values[..count].iter_mut().enumerate() {
            let [upper, lower] = [row(a[lane], across[lane]), row(b[lane], across[lane])];
            let near = upper + (lower - upper) * down[lane];
            let [upper, lower] = [row(c[lane], across[lane]), row(d[lane], across[lane])];
            let far = upper + (lower - upper) * down[lane];
            let [near, far] = scale(lane, [near, far]);
            *value = near + (far - near) * through[lane];
        }
    }

    #[inline(always)]
    pub(super) fn scaled(&self, slice: usize, value: f32) -> f32 {
        self.scales.get(slice).map_or(value, |[slope, offset]| value * slope + offset)
    }

    /// A value of samples some of which are not there: those without weight are not needed.
    #[cold]
    #[inline(never)]
    fn careful(&self, zone: &Zone, lane: usize, strip: &Strip<T>) -> Option<f32> {
        let mix = |share: f32, a: &dyn Fn() -> Option<f32>, b: &dyn Fn() -> Option<f32>| match share {
            share if share <= ROUNDING => a(),
            share if share >= 1.0 - ROUNDING => b(),
            share => a().and_then(|a| Some(a + (b()? - a) * share)),
        };
        let index = strip.rows[lane] as usize * self.size[0] + strip.columns[lane] as usize;
        let slice = strip.slices[lane] as usize + zone.slice;
        let [across, down, through] = strip.shares.each_ref().map(|shares| shares[lane]);
        let sample = |slice: usize, index: usize| {
            let [samples, _] = self.slices.get(slice)?;
            samples.get(index).map(|stored| stored.read(self.reader)).filter(|value| !value.is_nan())
        };
        let row =
            |slice: usize, index: usize| mix(across, &|| sample(slice, index), &|| sample(slice, index + 1));
        let of_slice = |slice: usize| {
            let value = mix(down, &|| row(slice, index), &|| row(slice, index + self.size[0]))?;
            Some(self.scaled(slice, value))
        };
        mix(through, &|| of_slice(slice), &|| of_slice(slice + 1))
    }
}

impl<T: Stored + Default> Points for Fast<'_, T> {
    type Work = Strip<T>;

    fn work(&self) -> Strip<T> {
        Strip {
            columns: [0; STRIP],
            rows: [0; STRIP],
            slices: [0; STRIP],
            shares: [[0.0; STRIP]; 3],
            pairs: [[[T::default(); 2]; STRIP]; 4],
        }
    }

    #[inline(always)]
    fn row(&self, at: At, values: &mut [f32], strip: &mut Strip<T>) {
        values.fill(f32::NAN);
        let start = self.cut.start(at);
        let end = start + self.cut.right * values.len() as f64;
        for zone in met(&self.zones, start.z, end.z) {
            let run = run(zone, start, self.cut.right, values.len(), self.size);
            if !run.is_empty() {
                self.draw(zone, start, run, values, strip);
            }
        }
    }
}
