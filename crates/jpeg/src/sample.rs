//! Samples of 8 and 12 bits: what the steps after the Huffman codes do with each.

#![expect(
    clippy::inline_always,
    reason = "has to be compiled with the caller's vector instructions, or is one step of a hot loop"
)]

use super::cosine;
#[cfg(target_arch = "x86_64")]
use super::wide;

/// A sample of a lossy image: 8 or 12 bits.
pub(super) trait Sample: Copy + Default + Send + Sync {
    /// Half the range.
    const CENTRE: i32;
    /// Bits that are kept between the two passes, beyond whole numbers.
    const KEPT: u32;
    /// The nearest value of the range.
    fn near(value: i32) -> Self;
    /// The value.
    fn wide(self) -> u16;
    /// A mean of samples, which is in the range.
    fn narrow(mean: u16) -> Self;
    /// The samples of a block; `places` are those of all its coefficients, one by one ored.
    fn block(coefficients: &[i16; 64], places: u8, steps: &[i32; 64]) -> [[Self; 8]; 8];
    /// Red of luminance and chrominance (T.871 clause 7, factors of 16 fractional bits).
    fn red(y: Self, cr: Self) -> Self;
    /// Green.
    fn green(y: Self, cb: Self, cr: Self) -> Self;
    /// Blue.
    fn blue(y: Self, cb: Self) -> Self;
    /// Makes pixels of three components, as many as all have; with `rgb`, red, green, blue of them.
    #[inline(always)]
    fn mix(lines: [&[Self]; 3], pixels: &mut [[Self; 3]], rgb: bool) {
        mix_in_groups(lines, pixels, rgb);
    }
}

impl Sample for u8 {
    const CENTRE: i32 = 128;
    const KEPT: u32 = 2;
    #[inline(always)]
    #[expect(clippy::cast_sign_loss, reason = "clamped")]
    fn near(value: i32) -> Self {
        value.clamp(0, 255) as Self
    }
    #[inline(always)]
    fn wide(self) -> u16 {
        self.into()
    }
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "a mean of bytes")]
    fn narrow(mean: u16) -> Self {
        mean as Self
    }
    #[inline(always)]
    fn block(coefficients: &[i16; 64], places: u8, steps: &[i32; 64]) -> [[Self; 8]; 8] {
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = pulp::x86::V3::try_new() {
            // Most blocks have nothing but low frequencies.
            return if places & 0o44 == 0 {
                wide::inverse::<4>(simd, coefficients, steps)
            } else {
                wide::inverse::<8>(simd, coefficients, steps)
            };
        }
        _ = places;
        cosine::inverse(coefficients, steps)
    }
    #[inline(always)]
    fn red(y: Self, cr: Self) -> Self {
        let (y, cr) = (i16::from(y), i16::from(cr) - 128);
        byte(y + cr + split(103 * cr, -23 * cr))
    }
    #[inline(always)]
    fn green(y: Self, cb: Self, cr: Self) -> Self {
        let (y, cb, cr) = (i16::from(y), i16::from(cb) - 128, i16::from(cr) - 128);
        byte(y - cr + split(73 * cr - 88 * cb, 46 * cr - 26 * cb))
    }
    #[inline(always)]
    fn blue(y: Self, cb: Self) -> Self {
        let (y, cb) = (i16::from(y), i16::from(cb) - 128);
        byte(y + 2 * cb + split(-58 * cb, -94 * cb))
    }
    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    fn mix([first, second, third]: [&[Self]; 3], pixels: &mut [[Self; 3]], rgb: bool) {
        let (mut first, mut second, mut third, mut pixels) = (first, second, third, pixels);
        if let Some(simd) = pulp::x86::V3::try_new() {
            let (groups, rest) = pixels.as_chunks_mut::<16>();
            let (a, b, c) = (first.as_chunks::<16>(), second.as_chunks::<16>(), third.as_chunks::<16>());
            for (((group, a), b), c) in groups.iter_mut().zip(a.0).zip(b.0).zip(c.0) {
                *group = wide::pixels(simd, [a, b, c], rgb);
            }
            (first, second, third, pixels) = (a.1, b.1, c.1, rest);
        }
        mix_in_groups([first, second, third], pixels, rgb);
    }
}

impl Sample for u16 {
    const CENTRE: i32 = 2048;
    const KEPT: u32 = 1;
    #[inline(always)]
    #[expect(clippy::cast_sign_loss, reason = "clamped")]
    fn near(value: i32) -> Self {
        value.clamp(0, 4095) as Self
    }
    #[inline(always)]
    fn wide(self) -> u16 {
        self
    }
    #[inline(always)]
    fn narrow(mean: u16) -> Self {
        mean
    }
    #[inline(always)]
    fn block(coefficients: &[i16; 64], _: u8, steps: &[i32; 64]) -> [[Self; 8]; 8] {
        cosine::inverse(coefficients, steps)
    }
    #[inline(always)]
    fn red(y: Self, cr: Self) -> Self {
        Self::near(i32::from(y) + whole(91881 * (i32::from(cr) - 2048)))
    }
    #[inline(always)]
    fn green(y: Self, cb: Self, cr: Self) -> Self {
        let (cb, cr) = (i32::from(cb) - 2048, i32::from(cr) - 2048);
        Self::near(i32::from(y) + whole(-22554 * cb - 46802 * cr))
    }
    #[inline(always)]
    fn blue(y: Self, cb: Self) -> Self {
        Self::near(i32::from(y) + whole(116_130 * (i32::from(cb) - 2048)))
    }
}

#[inline(always)]
#[expect(clippy::cast_sign_loss, reason = "clamped")]
fn byte(value: i16) -> u8 {
    value.clamp(0, 255) as u8
}

/// The nearest whole number.
#[inline(always)]
fn whole(fixed: i32) -> i32 {
    (fixed + (1 << 15)) >> 16
}

/// The factors that words have, less whole numbers, split into bytes: all fits 16 bits, so that twice as many pixels go
/// through an instruction. (256 a + b + 2^15) >> 16 is (a + 128 + (b >> 8)) >> 8, exactly.
#[inline(always)]
fn split(high: i16, low: i16) -> i16 {
    (high + 128 + (low >> 8)) >> 8
}

/// Pixels that are converted side by side.
const GROUP: usize = 32;

/// In arrays of a known size, which the compiler finds wide instructions for.
#[inline(always)]
fn mix_in_groups<S: Sample>([first, second, third]: [&[S]; 3], pixels: &mut [[S; 3]], rgb: bool) {
    let groups = pixels.chunks_mut(GROUP).zip(first.chunks(GROUP));
    for ((pixels, a), (b, c)) in groups.zip(second.chunks(GROUP).zip(third.chunks(GROUP))) {
        let (mut a, mut b, mut c) = (group(a), group(b), group(c));
        if rgb {
            for ((a, b), c) in a.iter_mut().zip(&mut b).zip(&mut c) {
                (*a, *b, *c) = (S::red(*a, *c), S::green(*a, *b, *c), S::blue(*a, *b));
            }
        }
        for (pixel, ((&a, &b), &c)) in pixels.iter_mut().zip(a.iter().zip(&b).zip(&c)) {
            *pixel = [a, b, c];
        }
    }
}

/// Up to a group of samples; the rest is zero.
#[inline(always)]
fn group<S: Sample>(samples: &[S]) -> [S; GROUP] {
    if let Some(whole) = samples.first_chunk() {
        return *whole;
    }
    let mut group = [S::default(); GROUP];
    for (to, from) in group.iter_mut().zip(samples) {
        *to = *from;
    }
    group
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_bits_give_the_colours_of_more() {
        for (cb, cr) in (0..=255).flat_map(|cb| (0..=255).map(move |cr| (cb, cr))) {
            let [blue, red] = [i32::from(cb) - 128, i32::from(cr) - 128];
            for y in [0, 1, 80, 127, 128, 200, 255] {
                let near = |difference| u8::near(i32::from(y) + whole(difference));
                assert_eq!(u8::red(y, cr), near(91881 * red));
                assert_eq!(u8::green(y, cb, cr), near(-22554 * blue - 46802 * red));
                assert_eq!(u8::blue(y, cb), near(116_130 * blue));
            }
        }
    }
}
