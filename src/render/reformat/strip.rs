#![expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]

use std::array::from_fn;

use glam::DVec3;

/// Points that are worked on together: their places first, then their samples, then their values.
pub(super) const STRIP: usize = 64;
/// 1.5 * 2^23: added to a whole f32 below 2^22 it leaves it in the low bits.
const WHOLE: f32 = 12_582_912.0;

/// Where the points of a strip are along one axis: a voxel and the share of the next.
///
/// Places count from a voxel near the first point, so that f32 keeps 1e-5 of a voxel; nothing is added up from point to
/// point.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axis {
    /// The voxel that places count from.
    base: i32,
    first: f32,
    step: f32,
    /// The first and the last voxel, counted from `base`.
    ends: [f32; 2],
}

impl Axis {
    /// Three axes of voxels 0 to `last` each, with a first place and the step from point to point.
    pub(super) fn all(first: DVec3, step: DVec3, last: [usize; 3]) -> [Self; 3] {
        from_fn(|axis| Self::new(first[axis], step[axis], last[axis]))
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "volumes are below 2^22 wide"
    )]
    fn new(first: f64, step: f64, last: usize) -> Self {
        let base = first.floor();
        let ends = [-base, last as f64 - base].map(|end| end as f32);
        Self { base: base as i32, first: (first - base) as f32, step: step as f32, ends }
    }

    /// The voxels and shares of the points of a strip; edges hold. With one voxel on the axis there is no share.
    #[inline(always)]
    pub(super) fn between(&self, voxels: &mut [u32], shares: &mut [f32]) {
        let [low, high] = self.ends;
        let last = (high - 1.0).max(low);
        for (index, (voxel, share)) in voxels.iter_mut().zip(shares).enumerate() {
            let place = (self.first + self.step * lane(index)).max(low).min(high);
            let whole = place.floor().min(last);
            *share = place - whole;
            *voxel = self.voxel(whole);
        }
    }

    /// The nearest voxels of the points of a strip.
    #[inline(always)]
    pub(super) fn nearest(&self, voxels: &mut [u32]) {
        let [low, high] = self.ends;
        for (index, voxel) in voxels.iter_mut().enumerate() {
            let place = (self.first + self.step * lane(index) + 0.5).floor();
            *voxel = self.voxel(place.max(low).min(high));
        }
    }

    #[inline(always)]
    fn voxel(&self, whole: f32) -> u32 {
        (whole + WHOLE).to_bits().wrapping_sub(WHOLE.to_bits()).wrapping_add_signed(self.base)
    }
}

#[inline(always)]
#[expect(clippy::cast_precision_loss, reason = "below 64")]
fn lane(index: usize) -> f32 {
    index as u32 as f32
}
