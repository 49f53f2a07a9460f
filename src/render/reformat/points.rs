#![expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]

use std::ops::Range;

use glam::{DMat3, DVec3};

use super::cut::Cut;
use super::sampler::Sampler;
use super::zone::Zone;
use crate::geometry::SliceStack;
use crate::render::tone::narrow;

/// Where a part of a row of points starts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct At {
    pub(super) column: usize,
    pub(super) row: usize,
    /// mm from the plane along its normal.
    pub(super) along: f64,
}

/// Rows of values of a plane, at any distance from it.
pub(super) trait Points: Sync {
    /// Working memory of one task.
    type Work;

    fn work(&self) -> Self::Work;

    /// The values of points of a row; not a number where there is none.
    fn row(&self, at: At, values: &mut [f32], work: &mut Self::Work);
}

/// Point by point in full precision, whatever the samples are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exact<'a> {
    pub(super) sampler: Sampler<'a>,
    pub(super) cut: Cut,
    /// What is subtracted.
    pub(super) base: f64,
}

impl Points for Exact<'_> {
    type Work = ();

    fn work(&self) {}

    #[inline(never)]
    fn row(&self, At { column, row, along }: At, values: &mut [f32], (): &mut ()) {
        for (index, value) in values.iter_mut().enumerate() {
            let found = self.sampler.value(self.cut.point(column + index, row, along));
            *value = found.map_or(f32::NAN, |value| narrow(value - self.base));
        }
    }
}

/// A cut in (columns, rows, mm along the normal) from a stack's first voxel.
#[derive(Debug, Clone, Copy)]
pub(super) struct LocalCut {
    origin: DVec3,
    pub(super) right: DVec3,
    down: DVec3,
    normal: DVec3,
}

impl LocalCut {
    pub(super) fn new(cut: &Cut, stack: &SliceStack) -> Self {
        let local: DMat3 = stack.local_from_patient();
        Self {
            origin: local * (cut.origin - stack.origins()[0]),
            right: local * cut.right,
            down: local * cut.down,
            normal: local * cut.normal,
        }
    }

    /// The first point of a part of a row.
    #[inline(always)]
    pub(super) fn start(&self, At { column, row, along }: At) -> DVec3 {
        self.origin + self.right * column as f64 + self.down * row as f64 + self.normal * along
    }
}

/// The points of a row of `count` from `start` on that lie in a zone of slices of `size`: a line meets it in one piece.
#[inline(always)]
pub(super) fn run(zone: &Zone, start: DVec3, step: DVec3, count: usize, size: [usize; 2]) -> Range<usize> {
    let (voxel, voxel_step) = (zone.voxel(start), zone.step(step));
    let [columns, rows] = size.map(|count| count as f64 - 0.5);
    let bounds = [
        (start.z, step.z, zone.from, zone.to),
        (voxel.x, voxel_step.x, -0.5, columns),
        (voxel.y, voxel_step.y, -0.5, rows),
    ];
    let (mut low, mut high) = (0.0_f64, count as f64);
    for (from, step, least, most) in bounds {
        if step.abs() < 1e-12 {
            if !(least..=most).contains(&from) {
                return 0..0;
            }
        } else {
            let (a, b) = ((least - from) / step, (most - from) / step);
            low = low.max(a.min(b).ceil());
            high = high.min(a.max(b).floor() + 1.0);
        }
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the row")]
    if low < high { low as usize..high as usize } else { 0..0 }
}

/// The zones that a row between two places along the stack's normal may meet; they are in order.
#[inline(always)]
pub(super) fn met(zones: &[Zone], from: f64, to: f64) -> &[Zone] {
    let first = zones.partition_point(|zone| zone.to < from.min(to));
    let end = zones.partition_point(|zone| zone.from <= from.max(to));
    zones.get(first..end).unwrap_or_default()
}
