//! The inverse cosine transform, bit for bit as libjpeg's `jidctint` ("islow") does it.

#![expect(
    clippy::inline_always,
    reason = "has to be compiled with the caller's vector instructions, or is one step of a hot loop"
)]

use super::sample::Sample;

/// Eight numbers that go through the transform side by side.
type Lanes = [i32; 8];

/// Samples of a block of coefficients, both row by row.
#[inline(always)]
pub(super) fn inverse<S: Sample>(block: &[i16; 64], steps: &[i32; 64]) -> [[S; 8]; 8] {
    let mut rows = [[0; 8]; 8];
    let coefficients = rows.as_flattened_mut().iter_mut().zip(block).zip(steps);
    coefficients.for_each(|((value, &block), &step)| *value = i32::from(block).wrapping_mul(step));
    let columns = transposed(pass(rows, 13 - S::KEPT));
    let rows = transposed(pass(columns, 13 + S::KEPT + 3));
    let mut samples = [[S::default(); 8]; 8];
    let values = rows.as_flattened().iter();
    for (sample, value) in samples.as_flattened_mut().iter_mut().zip(values) {
        *sample = S::near(value.wrapping_add(S::CENTRE));
    }
    samples
}

/// The only sample of a block that has no coefficient but the first.
#[inline(always)]
pub(super) fn flat<S: Sample>(first: i16, step: i32) -> S {
    let kept = i32::from(first).wrapping_mul(step).wrapping_shl(S::KEPT);
    S::near(rounded(kept, S::KEPT + 3).wrapping_add(S::CENTRE))
}

#[inline(always)]
fn rounded(value: i32, bits: u32) -> i32 {
    value.wrapping_add(1 << (bits - 1)) >> bits
}

// Loops and not `map` or `from_fn`: those are calls that the wide instructions do not reach.

#[inline(always)]
fn transposed(rows: [Lanes; 8]) -> [Lanes; 8] {
    let mut columns = [[0; 8]; 8];
    for (at, row) in rows.iter().enumerate() {
        for (column, &value) in columns.iter_mut().zip(row) {
            column[at] = value;
        }
    }
    columns
}

#[inline(always)]
fn add(mut a: Lanes, b: Lanes) -> Lanes {
    for (a, b) in a.iter_mut().zip(b) {
        *a = a.wrapping_add(b);
    }
    a
}

#[inline(always)]
fn sub(mut a: Lanes, b: Lanes) -> Lanes {
    for (a, b) in a.iter_mut().zip(b) {
        *a = a.wrapping_sub(b);
    }
    a
}

#[inline(always)]
fn times(mut a: Lanes, factor: i32) -> Lanes {
    for a in &mut a {
        *a = a.wrapping_mul(factor);
    }
    a
}

/// Loeffler, Ligtenberg and Moschytz (1989), with factors of 13 fractional bits.
#[inline(always)]
fn pass([i0, i1, i2, i3, i4, i5, i6, i7]: [Lanes; 8], bits: u32) -> [Lanes; 8] {
    let shared = times(add(i2, i6), 4433);
    let (even2, even3) = (sub(shared, times(i6, 15137)), add(shared, times(i2, 6270)));
    let (even0, even1) = (times(add(i0, i4), 1 << 13), times(sub(i0, i4), 1 << 13));
    let (e0, e3) = (add(even0, even3), sub(even0, even3));
    let (e1, e2) = (add(even1, even2), sub(even1, even2));

    let (z3, z4) = (add(i7, i3), add(i5, i1));
    let z5 = times(add(z3, z4), 9633);
    let (z1, z2) = (times(add(i7, i1), -7373), times(add(i5, i3), -20995));
    let (z3, z4) = (add(times(z3, -16069), z5), add(times(z4, -3196), z5));
    let o0 = add(add(times(i7, 2446), z1), z3);
    let o1 = add(add(times(i5, 16819), z2), z4);
    let o2 = add(add(times(i3, 25172), z2), z3);
    let o3 = add(add(times(i1, 12299), z1), z4);
    let mut out = [
        add(e0, o3),
        add(e1, o2),
        add(e2, o1),
        add(e3, o0),
        sub(e3, o0),
        sub(e2, o1),
        sub(e1, o2),
        sub(e0, o3),
    ];
    for value in out.as_flattened_mut() {
        *value = rounded(*value, bits);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// T.81 A.3.3, in doubles.
    fn by_definition(block: &[i16; 64]) -> [[f64; 8]; 8] {
        let scale = |at: usize| if at == 0 { 0.5_f64.sqrt() } else { 1.0 };
        let cosine = |x: usize, u: usize| {
            ((2 * x + 1) as f64 * u as f64 * std::f64::consts::PI / 16.0).cos() * scale(u) / 2.0
        };
        std::array::from_fn(|y| {
            std::array::from_fn(|x| {
                (0..64).map(|at| f64::from(block[at]) * cosine(y, at / 8) * cosine(x, at % 8)).sum()
            })
        })
    }

    #[test]
    fn the_transform_is_the_definition_within_one() {
        let mut state = 7_u32;
        for round in 0..50 {
            let block: [i16; 64] = std::array::from_fn(|at| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                if at > round { 0 } else { i16::try_from(state >> 24).unwrap() - 128 }
            });
            let steps: [i32; 64] = std::array::from_fn(|at| 1 + i32::from(at > 40));
            let scaled: [i16; 64] = std::array::from_fn(|at| block[at] * i16::try_from(steps[at]).unwrap());
            let (eight, twelve) = (inverse::<u8>(&block, &steps), inverse::<u16>(&block, &steps));
            for (y, row) in by_definition(&scaled).iter().enumerate() {
                for (x, value) in row.iter().enumerate() {
                    let (near8, near12) = ((value + 128.0).clamp(0.0, 255.0), (value + 2048.0).max(0.0));
                    assert!((f64::from(eight[y][x]) - near8).abs() < 1.0);
                    assert!((f64::from(twelve[y][x]) - near12).abs() < 1.0);
                }
            }
        }
        let mut block = [0; 64];
        block[0] = -77;
        assert_eq!(inverse::<u8>(&block, &[5; 64]), [[flat::<u8>(-77, 5); 8]; 8]);
        assert_eq!(flat::<u16>(-77, 5), 2000, "2048 - 385 / 8");
    }
}
