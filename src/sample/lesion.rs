//! The two tumours: exact ellipsoids with a density that is right on average.

use glam::DVec3;

use super::noise::value_noise;

/// Outwards through the left frontal bone.
pub(super) const RADIAL: DVec3 = DVec3::new(0.8, -0.6, 0.0);
/// Along the bone, in an axial slice.
pub(super) const TANGENTIAL: DVec3 = DVec3::new(0.6, 0.8, 0.0);
/// Along the bone, towards the vertex.
pub(super) const UPWARD: DVec3 = DVec3::Z;

/// Middle of the first lesion and of the bone defect that its removal leaves.
pub(super) const FIRST_CENTRE: DVec3 = DVec3::new(46.0, -61.0, 22.0);
/// Middle of the recurrence, below the mesh.
pub(super) const SECOND_CENTRE: DVec3 = DVec3::new(39.5, -56.0, 26.0);

/// Sides of the bone defect in mm, along `TANGENTIAL` and `UPWARD`.
pub const DEFECT_MM: [f64; 2] = [80.0, 80.0];

/// The place of a point in a lesion's own directions: radial, tangential, upward.
pub(super) fn local(p: DVec3, centre: DVec3) -> DVec3 {
    let d = p - centre;
    DVec3::new(d.dot(RADIAL), d.dot(TANGENTIAL), d.dot(UPWARD))
}

/// An ellipsoid of known size and mean density.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lesion {
    /// Which one: `first` or `recurrence`.
    pub name: &'static str,
    /// Middle in patient mm.
    pub centre: DVec3,
    /// Full axes in mm: radial, tangential, upward.
    pub axes_mm: [f64; 3],
    /// Mean HU over the whole ellipsoid.
    pub mean_hu: f64,
    seed: u32,
    offset: f64,
}

impl Lesion {
    /// The spindle across the skull of 2015.
    pub fn first() -> Self {
        Self::balanced("first", FIRST_CENTRE, [22.0, 35.0, 40.0], 38.0, 221)
    }

    /// The broad-based recurrence of 2017.
    pub fn recurrence() -> Self {
        Self::balanced("recurrence", SECOND_CENTRE, [16.0, 35.0, 35.0], 39.0, 238)
    }

    fn balanced(name: &'static str, centre: DVec3, axes_mm: [f64; 3], mean_hu: f64, seed: u32) -> Self {
        let mut lesion = Self { name, centre, axes_mm, mean_hu, seed, offset: 0.0 };
        lesion.offset = lesion.sampled(1.0).0 - mean_hu;
        lesion
    }

    /// Half axes in mm.
    pub fn semi_axes(&self) -> DVec3 {
        DVec3::from_array(self.axes_mm) / 2.0
    }

    /// Volume in mL.
    pub fn volume_ml(&self) -> f64 {
        let semi = self.semi_axes();
        4.0 / 3.0 * std::f64::consts::PI * semi.x * semi.y * semi.z / 1000.0
    }

    /// The unit vectors of `axes_mm`.
    pub fn directions() -> [DVec3; 3] {
        [RADIAL, TANGENTIAL, UPWARD]
    }

    /// 1 on the surface, less inside: the scale of the concentric ellipsoid through a point.
    pub(super) fn scale_at(&self, p: DVec3) -> f64 {
        (local(p, self.centre) / self.semi_axes()).length()
    }

    /// HU inside, without noise: uneven, with a few specks of calcium and some soft spots.
    pub(super) fn hounsfield(&self, p: DVec3) -> f64 {
        let q = local(p, self.centre);
        let clouds = 4.4 * value_noise(q / 7.0, self.seed) + 2.8 * value_noise(q / 3.1, self.seed + 7);
        let specks = value_noise(q / 2.3 + DVec3::splat(0.5), self.seed + 13);
        let soft = value_noise(q / 5.3, self.seed + 17);
        let calcium = 260.0 * (specks - 0.78).max(0.0);
        let necrosis = 45.0 * (soft - 0.50).max(0.0);
        self.mean_hu - self.offset + clouds + calcium - necrosis
    }

    /// Mean and standard deviation of the HU on a grid of that step over the whole ellipsoid.
    pub fn sampled(&self, step_mm: f64) -> (f64, f64) {
        let semi = self.semi_axes();
        let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
        let span = (semi / step_mm).ceil();
        let mut q = -span;
        while q.z <= span.z {
            let p = self.centre + step_mm * (q.x * RADIAL + q.y * TANGENTIAL + q.z * UPWARD);
            if (q * step_mm / semi).length_squared() <= 1.0 {
                let from_mean = self.hounsfield(p) - self.mean_hu;
                count += 1.0;
                sum += from_mean;
                squares += from_mean * from_mean;
            }
            q.x += 1.0;
            if q.x > span.x {
                q.x = -span.x;
                q.y += 1.0;
            }
            if q.y > span.y {
                q.y = -span.y;
                q.z += 1.0;
            }
        }
        let mean = sum / count;
        (self.mean_hu + mean, (squares / count - mean * mean).sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_does_not_depend_on_the_grid() {
        for lesion in [Lesion::first(), Lesion::recurrence()] {
            let (fine, deviation) = lesion.sampled(0.7);
            assert!((fine - lesion.mean_hu).abs() < 0.1, "{} {fine}", lesion.name);
            assert!((3.0..9.0).contains(&deviation), "{deviation}");
        }
    }

    /// The seeds were chosen so that the slice through the middle is as dense as the whole.
    #[test]
    fn the_middle_slice_has_the_mean() {
        for lesion in [Lesion::first(), Lesion::recurrence()] {
            let semi = 0.85 * lesion.semi_axes();
            let (mut count, mut sum) = (0.0, 0.0);
            for (i, j) in (-40..=40).flat_map(|i| (-40..=40).map(move |j| (f64::from(i), f64::from(j)))) {
                let (x, y) = (0.5 * i, 0.5 * j);
                if (x / semi.x) * (x / semi.x) + (y / semi.y) * (y / semi.y) <= 1.0 {
                    count += 1.0;
                    sum += lesion.hounsfield(lesion.centre + x * RADIAL + y * TANGENTIAL);
                }
            }
            assert!((sum / count - lesion.mean_hu).abs() < 0.4, "{} {}", lesion.name, sum / count);
        }
    }

    #[test]
    fn the_volume_is_an_ellipsoids() {
        assert!((Lesion::first().volume_ml() - 16.127).abs() < 0.001);
    }
}
