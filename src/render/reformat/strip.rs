#![expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]

use std::array::from_fn;

use glam::DVec3;

/// Points that are worked on together: their places first, then their samples, then their values.
pub(super) const STRIP: usize = 64;
/// 1.5 * 2^23: added to a whole f32 below 2^22 it leaves it in the low bits.
const WHOLE: f32 = 12_582_912.0;

/// The numbers of a strip's points: read faster than converted.
static LANES: [f32; STRIP] = {
    let mut lanes = [0.0; STRIP];
    let mut lane = 1;
    while lane < STRIP {
        lanes[lane] = lanes[lane - 1] + 1.0;
        lane += 1;
    }
    lanes
};

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
    #[inline(always)]
    pub(super) fn all(first: DVec3, step: DVec3, last: [usize; 3]) -> [Self; 3] {
        from_fn(|axis| Self::new(first[axis], step[axis], last[axis]))
    }

    #[expect(clippy::cast_possible_truncation, reason = "volumes are below 2^22 wide")]
    #[inline(always)]
    pub(super) fn new(first: f64, step: f64, last: usize) -> Self {
        let base = first.floor();
        let ends = [-base, last as f64 - base].map(|end| end as f32);
        Self { base: base as i32, first: (first - base) as f32, step: step as f32, ends }
    }

    /// The voxels and shares of the points of a strip; edges hold. With one voxel on the axis there is no share.
    #[inline(always)]
    pub(super) fn between(&self, voxels: &mut [u32], shares: &mut [f32]) {
        let [low, high] = self.ends;
        let last = (high - 1.0).max(low);
        for ((voxel, share), lane) in voxels.iter_mut().zip(shares.iter_mut()).zip(&LANES) {
            let place = within(self.first + self.step * lane, low, high);
            let whole = within(place.floor(), low, last);
            *share = place - whole;
            *voxel = self.voxel(whole);
        }
    }

    /// The nearest voxels of the points of a strip.
    #[inline(always)]
    pub(super) fn nearest(&self, voxels: &mut [u32]) {
        let [low, high] = self.ends;
        for (voxel, lane) in voxels.iter_mut().zip(&LANES) {
            let place = (self.first + self.step * lane + 0.5).floor();
            *voxel = self.voxel(within(place, low, high));
        }
    }

    #[inline(always)]
    fn voxel(&self, whole: f32) -> u32 {
        (whole + WHOLE).to_bits().wrapping_sub(WHOLE.to_bits()).wrapping_add_signed(self.base)
    }
}

/// Clamped; `f32::clamp` would look for what is not a number.
#[inline(always)]
fn within(value: f32, low: f32, high: f32) -> f32 {
    let value = if value > low { value } else { low };
    if value < high { value } else { high }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strip_keeps_its_digits_far_from_the_first_voxel() {
        // 0.37 voxels a point from 500.25 on: the last of 64 is at 523.56; of 510 voxels the last holds.
        let (mut voxels, mut shares) = ([0; STRIP], [0.0; STRIP]);
        let axis = Axis::new(500.25, 0.37, 4000);
        axis.between(&mut voxels, &mut shares);
        for (lane, (voxel, share)) in voxels.iter().zip(shares).enumerate() {
            let place = 500.25 + 0.37 * lane as f64;
            assert!((f64::from(*voxel) + f64::from(share) - place).abs() < 1e-5, "{lane}");
        }
        let axis = Axis::new(500.25, 0.37, 509);
        axis.between(&mut voxels, &mut shares);
        assert_eq!((voxels[63], shares[63].to_bits()), (508, 1.0_f32.to_bits()));
        axis.nearest(&mut voxels);
        assert_eq!((voxels[0], voxels[1], voxels[63]), (500, 501, 509));
        // Before the first voxel, backwards; and an axis of one voxel.
        Axis::new(1.2, -0.5, 9).between(&mut voxels, &mut shares);
        assert_eq!((voxels[2], voxels[3], shares[3].to_bits()), (0, 0, 0));
        Axis::new(0.3, 0.1, 0).between(&mut voxels, &mut shares);
        assert!(voxels.iter().all(|voxel| *voxel == 0) && shares.iter().all(|share| *share == 0.0));
    }
}
