//! Repeatable noise from integer hashes: the same numbers on every machine, thread and run.
//!
//! Only `+ - * /`, `floor` and `sqrt` are used, which IEEE 754 rounds the same way everywhere.

use glam::{DMat3, DVec3};

/// Mixes a cell and a seed into 32 well-spread bits.
pub(super) fn hash(cell: [i32; 3], seed: u32) -> u32 {
    let [x, y, z] = cell.map(i32::cast_unsigned);
    let mut bits = x.wrapping_mul(0x8da6_b343)
        ^ y.wrapping_mul(0xd816_3841)
        ^ z.wrapping_mul(0xcb1a_b31f)
        ^ seed.wrapping_mul(0x9e37_79b9).wrapping_add(0x7f4a_7c15);
    bits ^= bits >> 15;
    bits = bits.wrapping_mul(0x2c1b_3c6d);
    bits ^= bits >> 12;
    bits = bits.wrapping_mul(0x297a_2d39);
    bits ^ (bits >> 15)
}

/// A number of mean 0 and standard deviation 1 for a cell, close to normal (a sum of four uniforms).
pub(super) fn gaussian(cell: [i32; 3], seed: u32) -> f64 {
    let first = hash(cell, seed);
    let second = hash(cell, seed ^ 0x5bd1_e995);
    let sum = (first & 0xffff) + (first >> 16) + (second & 0xffff) + (second >> 16);
    // Four uniforms on 0 ..= 65535 have mean 2 * 65535 and variance 65536^2 / 3.
    (f64::from(sum) - 131_070.0) / (65_536.0 / SQRT_3)
}

const SQRT_3: f64 = 1.732_050_807_568_877_2;

/// Turns the lattice, so that its grain does not follow the rows and columns of axial slices.
const TURN: DMat3 = DMat3::from_cols(
    DVec3::new(2.0 / 3.0, 2.0 / 3.0, -1.0 / 3.0),
    DVec3::new(-1.0 / 3.0, 2.0 / 3.0, 2.0 / 3.0),
    DVec3::new(2.0 / 3.0, -1.0 / 3.0, 2.0 / 3.0),
);

/// The lattice cell of a point and the place inside it, each coordinate in `0 .. 1`.
fn cell_of(p: DVec3) -> ([i32; 3], DVec3) {
    let floor = p.floor();
    #[expect(clippy::cast_possible_truncation, reason = "phantom coordinates are far below 2^31")]
    let cell = [floor.x as i32, floor.y as i32, floor.z as i32];
    (cell, p - floor)
}

/// Smooth noise of about -1 ..= 1 with features one unit apart.
pub(super) fn value_noise(p: DVec3, seed: u32) -> f64 {
    let (cell, f) = cell_of(TURN * p);
    let s = f * f * (DVec3::splat(3.0) - 2.0 * f);
    let mut sum = 0.0;
    for corner in 0..8_i32 {
        let (dx, dy, dz) = (corner & 1, (corner >> 1) & 1, corner >> 2);
        let weight = |offset: i32, along: f64| if offset == 1 { along } else { 1.0 - along };
        let bits = hash([cell[0] + dx, cell[1] + dy, cell[2] + dz], seed);
        let value = f64::from(bits >> 8) / 8_388_608.0 - 1.0;
        sum += weight(dx, s.x) * weight(dy, s.y) * weight(dz, s.z) * value;
    }
    sum
}

/// Gradient noise of about -0.7 ..= 0.7 around zero, and its exact gradient.
///
/// The zero set is a family of winding sheets: `value / |gradient|` is the distance from the nearest.
pub(super) fn gradient_noise(p: DVec3, seed: u32) -> (f64, DVec3) {
    let (cell, f) = cell_of(TURN * p);
    let one = DVec3::ONE;
    let s = f * f * f * (f * (f * 6.0 - 15.0 * one) + 10.0 * one);
    let ds = 30.0 * f * f * (f * (f - 2.0 * one) + one);
    let (mut value, mut slope) = (0.0, DVec3::ZERO);
    for corner in 0..8_i32 {
        let (dx, dy, dz) = (corner & 1, (corner >> 1) & 1, corner >> 2);
        let weight = |offset: i32, along: f64| if offset == 1 { along } else { 1.0 - along };
        let sign = |offset: i32| if offset == 1 { 1.0 } else { -1.0 };
        let bits = hash([cell[0] + dx, cell[1] + dy, cell[2] + dz], seed);
        let part = |shift: u32| f64::from((bits >> shift) & 1023) / 511.5 - 1.0;
        let gradient = DVec3::new(part(0), part(10), part(20));
        let from_corner = f - DVec3::new(f64::from(dx), f64::from(dy), f64::from(dz));
        let height = gradient.dot(from_corner);
        let (wx, wy, wz) = (weight(dx, s.x), weight(dy, s.y), weight(dz, s.z));
        let w = wx * wy * wz;
        value += w * height;
        let dw = DVec3::new(sign(dx) * ds.x * wy * wz, sign(dy) * ds.y * wx * wz, sign(dz) * ds.z * wx * wy);
        slope += w * gradient + dw * height;
    }
    (value, TURN.transpose() * slope)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaussian_has_mean_zero_and_deviation_one() {
        let values: Vec<f64> = (0..40_000).map(|i| gaussian([i, i / 7, 3], 11)).collect();
        let mean = values.iter().sum::<f64>() / 40_000.0;
        let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / 40_000.0;
        assert!(mean.abs() < 0.02, "{mean}");
        assert!((variance - 1.0).abs() < 0.03, "{variance}");
    }

    #[test]
    fn the_gradient_is_the_slope_of_the_value() {
        let p = DVec3::new(3.3, -1.7, 0.4);
        let (_, slope) = gradient_noise(p, 5);
        let h = 1e-5;
        for (axis, exact) in [(DVec3::X, slope.x), (DVec3::Y, slope.y), (DVec3::Z, slope.z)] {
            let measured =
                (gradient_noise(p + h * axis, 5).0 - gradient_noise(p - h * axis, 5).0) / (2.0 * h);
            assert!((measured - exact).abs() < 1e-6, "{measured} {exact}");
        }
    }
}
