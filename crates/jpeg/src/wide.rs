//! Bytes with AVX2: the compiler finds neither the transpositions of the cosine transform nor interleaved colours.

#![expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]

use core::arch::x86_64::{__m128i, __m256i};

use bytemuck::cast;
use pulp::x86::V3;

/// Exactly what `cosine::inverse` gives; of a block that is zero beyond its first `SIDE` rows and columns.
#[inline(always)]
pub(super) fn inverse<const SIDE: usize>(simd: V3, block: &[i16; 64], steps: &[i32; 64]) -> [[u8; 8]; 8] {
    let mut rows = [simd.avx._mm256_setzero_si256(); 8];
    let coefficients = block.as_chunks::<8>().0.iter().zip(steps.as_chunks::<8>().0);
    for (row, (&block, &step)) in rows.iter_mut().zip(coefficients).take(SIDE) {
        *row = simd.avx2._mm256_mullo_epi32(simd.avx2._mm256_cvtepi16_epi32(cast(block)), cast(step));
    }
    let mut columns = transposed(simd, pass::<11>(simd, rows));
    for zeros in columns.iter_mut().skip(SIDE) {
        *zeros = simd.avx._mm256_setzero_si256();
    }
    bytes(simd, pass::<18>(simd, columns))
}

/// Loeffler, Ligtenberg and Moschytz (1989), as in `cosine::pass`.
#[inline(always)]
fn pass<const BITS: i32>(simd: V3, [i0, i1, i2, i3, i4, i5, i6, i7]: [__m256i; 8]) -> [__m256i; 8] {
    let add = |a, b| simd.avx2._mm256_add_epi32(a, b);
    let sub = |a, b| simd.avx2._mm256_sub_epi32(a, b);
    let times = |a, factor| simd.avx2._mm256_mullo_epi32(a, simd.avx._mm256_set1_epi32(factor));
    let shared = times(add(i2, i6), 4433);
    let (even2, even3) = (sub(shared, times(i6, 15137)), add(shared, times(i2, 6270)));
    let half = simd.avx._mm256_set1_epi32(1 << (BITS - 1));
    // Half a step, once for all eight that it goes into.
    let up = |a| add(simd.avx2._mm256_slli_epi32::<13>(a), half);
    let (even0, even1) = (up(add(i0, i4)), up(sub(i0, i4)));
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
    let down = |a| simd.avx2._mm256_srai_epi32::<BITS>(a);
    [
        down(add(e0, o3)),
        down(add(e1, o2)),
        down(add(e2, o1)),
        down(add(e3, o0)),
        down(sub(e3, o0)),
        down(sub(e2, o1)),
        down(sub(e1, o2)),
        down(sub(e0, o3)),
    ]
}

#[inline(always)]
fn transposed(simd: V3, [r0, r1, r2, r3, r4, r5, r6, r7]: [__m256i; 8]) -> [__m256i; 8] {
    // Both halves of a register go their own way until the last step.
    let four = |a, b, c, d| {
        let (ab, cd) = (simd.avx2._mm256_unpacklo_epi32(a, b), simd.avx2._mm256_unpacklo_epi32(c, d));
        let (above, below) = (simd.avx2._mm256_unpackhi_epi32(a, b), simd.avx2._mm256_unpackhi_epi32(c, d));
        [
            simd.avx2._mm256_unpacklo_epi64(ab, cd),
            simd.avx2._mm256_unpackhi_epi64(ab, cd),
            simd.avx2._mm256_unpacklo_epi64(above, below),
            simd.avx2._mm256_unpackhi_epi64(above, below),
        ]
    };
    let ([a0, a1, a2, a3], [b0, b1, b2, b3]) = (four(r0, r1, r2, r3), four(r4, r5, r6, r7));
    let low = |a, b| simd.avx2._mm256_permute2x128_si256::<0x20>(a, b);
    let high = |a, b| simd.avx2._mm256_permute2x128_si256::<0x31>(a, b);
    [
        low(a0, b0),
        low(a1, b1),
        low(a2, b2),
        low(a3, b3),
        high(a0, b0),
        high(a1, b1),
        high(a2, b2),
        high(a3, b3),
    ]
}

/// Rows of bytes from columns of differences to the middle of the range, which 16 bits hold.
#[inline(always)]
fn bytes(simd: V3, [c0, c1, c2, c3, c4, c5, c6, c7]: [__m256i; 8]) -> [[u8; 8]; 8] {
    let middle = simd.avx._mm256_set1_epi16(128);
    let pair = |a, b| simd.avx2._mm256_add_epi16(simd.avx2._mm256_packs_epi32(a, b), middle);
    // In each half: four rows of a column, four of the next, ...
    let order: [u8; 16] = [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15];
    let order: __m256i = cast([order, order]);
    let four = |a, b| simd.avx2._mm256_shuffle_epi8(simd.avx2._mm256_packus_epi16(a, b), order);
    let (left, right) = (four(pair(c0, c1), pair(c2, c3)), four(pair(c4, c5), pair(c6, c7)));
    let [r01, r45]: [[u8; 16]; 2] = cast(simd.avx2._mm256_unpacklo_epi32(left, right));
    let [r23, r67]: [[u8; 16]; 2] = cast(simd.avx2._mm256_unpackhi_epi32(left, right));
    cast([r01, r23, r45, r67])
}

/// Where in 48 bytes of pixels a channel's 16 go: for each channel and each third, the places to take from.
const SPREAD: [[[u8; 16]; 3]; 3] = {
    let mut spread = [[[0x80; 16]; 3]; 3];
    let mut at = 0;
    while at < 48 {
        #[expect(clippy::cast_possible_truncation, reason = "below 16")]
        let place = (at / 3) as u8;
        spread[at % 3][at / 16][at % 16] = place;
        at += 1;
    }
    spread
};

/// Sixteen pixels of three components; with `rgb`, as `Sample::red` and its neighbours make them.
#[inline(always)]
pub(super) fn pixels(simd: V3, lines: [&[u8; 16]; 3], rgb: bool) -> [[u8; 3]; 16] {
    let lines: [__m128i; 3] = [cast(*lines[0]), cast(*lines[1]), cast(*lines[2])];
    interleaved(simd, if rgb { converted(simd, lines) } else { lines })
}

#[inline(always)]
fn converted(simd: V3, [y, cb, cr]: [__m128i; 3]) -> [__m128i; 3] {
    let add = |a, b| simd.avx2._mm256_add_epi16(a, b);
    let sub = |a, b| simd.avx2._mm256_sub_epi16(a, b);
    let times = |a, factor| simd.avx2._mm256_mullo_epi16(a, simd.avx._mm256_set1_epi16(factor));
    let middle = simd.avx._mm256_set1_epi16(128);
    let y = simd.avx2._mm256_cvtepu8_epi16(y);
    let cb = sub(simd.avx2._mm256_cvtepu8_epi16(cb), middle);
    let cr = sub(simd.avx2._mm256_cvtepu8_epi16(cr), middle);
    let split = |high, low| {
        simd.avx2._mm256_srai_epi16::<8>(add(add(high, middle), simd.avx2._mm256_srai_epi16::<8>(low)))
    };
    let red = add(add(y, cr), split(times(cr, 103), times(cr, -23)));
    let green = split(sub(times(cr, 73), times(cb, 88)), sub(times(cr, 46), times(cb, 26)));
    let green = add(sub(y, cr), green);
    let blue = add(add(y, add(cb, cb)), split(times(cb, -58), times(cb, -94)));
    let bytes = |words: __m256i| {
        let [low, high]: [__m128i; 2] = cast(words);
        simd.sse2._mm_packus_epi16(low, high)
    };
    [bytes(red), bytes(green), bytes(blue)]
}

#[inline(always)]
fn interleaved(simd: V3, [red, green, blue]: [__m128i; 3]) -> [[u8; 3]; 16] {
    let third = |at: usize| {
        let part = |bytes, channel: usize| simd.ssse3._mm_shuffle_epi8(bytes, cast(SPREAD[channel][at]));
        simd.sse2._mm_or_si128(simd.sse2._mm_or_si128(part(red, 0), part(green, 1)), part(blue, 2))
    };
    cast([third(0), third(1), third(2)])
}

#[cfg(test)]
mod tests {
    use super::super::cosine;
    use super::super::sample::Sample as _;
    use super::*;

    #[test]
    fn the_transform_is_the_plain_one() {
        let Some(simd) = V3::try_new() else { return };
        let mut state = 3_u32;
        for round in 0..400 {
            let mut next = |at: usize| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                // Some are wilder than a stream should have them.
                let value = i16::try_from(state >> 16 & 0x7FFF).unwrap() - 0x4000;
                value >> ((at + round) % 12)
            };
            let whole: [i16; 64] = std::array::from_fn(&mut next);
            let corner: [i16; 64] = std::array::from_fn(|at| if at & 0o44 == 0 { next(at) } else { 0 });
            let steps = std::array::from_fn(|at| i32::try_from((at * round) % 256).unwrap() + 1);
            assert_eq!(inverse::<8>(simd, &whole, &steps), cosine::inverse::<u8>(&whole, &steps));
            assert_eq!(inverse::<4>(simd, &corner, &steps), cosine::inverse::<u8>(&corner, &steps));
        }
    }

    #[test]
    fn the_colours_are_the_plain_ones() {
        let Some(simd) = V3::try_new() else { return };
        let y: [u8; 16] = [0, 255, 3, 77, 128, 127, 200, 16, 235, 1, 254, 90, 60, 30, 180, 100];
        for (cb, start) in (0..=255_u8).flat_map(|cb| (0..16).map(move |start| (cb, start * 16))) {
            let cr: [u8; 16] = std::array::from_fn(|at| start + u8::try_from(at).unwrap());
            let plain = std::array::from_fn(|at| {
                [u8::red(y[at], cr[at]), u8::green(y[at], cb, cr[at]), u8::blue(y[at], cb)]
            });
            assert_eq!(pixels(simd, [&y, &[cb; 16], &cr], true), plain);
            assert_eq!(pixels(simd, [&y, &[cb; 16], &cr], false)[3], [77, cb, cr[3]]);
        }
    }
}
