//! The clean-up pass of a code-block (ITU-T T.814 7.3): quads of samples, two by two, in rows.

#![expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]

use super::bits::{Events, Reader, Unstuffed};
use super::refine::Refinement;
use super::tables::{FIRST_PREFIXES, FIRST_WORDS, PREFIXES, WORDS};

/// What a code-block's packets hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coded<'s> {
    pub(super) cleanup: &'s [u8],
    pub(super) refinement: &'s [u8],
    /// One to three.
    pub(super) passes: u32,
    /// Bit-planes above the clean-up pass's, without the guard bit of the 31.
    pub(super) zero_planes: u32,
    pub(super) width: usize,
    pub(super) height: usize,
    /// A stripe of four rows knows nothing of the next.
    pub(super) causal: bool,
}

/// Two quads side by side: in each the code word's entry, and above it u.
pub(super) type Pair = [u32; 2];

/// Decodes blocks; its memory serves for all of them.
#[derive(Debug, Default)]
pub(super) struct BlockDecoder {
    magnitudes: Unstuffed,
    words: Unstuffed,
    pairs: Vec<Pair>,
    /// For each quad, the bits of its lower left sample and of the one to the left of it.
    above: Vec<u32>,
    below: Vec<u32>,
    values: Vec<[u32; 2]>,
    refinement: Refinement,
}

/// Sign in the highest bit, then the magnitude from the highest plane down, half a step added.
#[derive(Debug)]
pub(super) struct Values<'v> {
    values: &'v [[u32; 2]],
    pairs_wide: usize,
}

impl<'v> Values<'v> {
    #[inline(always)]
    pub(super) fn rows(&self) -> impl Iterator<Item = &'v [u32]> {
        self.values.chunks_exact(self.pairs_wide.max(1)).map(<[[u32; 2]]>::as_flattened)
    }
}

/// One block, compiled for the processor's instructions: variable shifts and counts of zeros in one each.
#[derive(Debug)]
struct Whole<'b, 'c> {
    decoder: &'b mut BlockDecoder,
    coded: &'c Coded<'c>,
}

impl<'b> pulp::WithSimd for Whole<'b, '_> {
    type Output = Option<Values<'b>>;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Self::Output {
        self.decoder.cleanup(self.coded)
    }
}

impl BlockDecoder {
    /// Nothing where the block contradicts itself.
    pub(super) fn decode(&mut self, coded: &Coded<'_>) -> Option<Values<'_>> {
        pulp::Arch::new().dispatch(Whole { decoder: self, coded })
    }

    #[inline(always)]
    fn cleanup(&mut self, coded: &Coded<'_>) -> Option<Values<'_>> {
        let &Coded { cleanup, width, height, zero_planes, .. } = coded;
        if zero_planes >= 30 {
            return None;
        }
        let [.., half, last] = cleanup else { return None };
        let suffix = usize::from(*last) << 4 | usize::from(half & 0x0F);
        let begin = cleanup.len().checked_sub(suffix).filter(|_| (2..=4079).contains(&suffix))?;
        let (magnitudes, suffix) = cleanup.split_at_checked(begin)?;
        let [events @ .., _] = suffix else { return None };
        let [words @ .., _] = events else { return None };
        self.magnitudes.forward(magnitudes, u64::MAX);
        self.words.backward_from_half(words, *half);
        let mut bits = self.words.reader();
        let mut events = Events::new(events);
        let mut magnitudes = self.magnitudes.reader();

        let (wide, high) = (width.div_ceil(2), height.div_ceil(2));
        let stride = wide.div_ceil(2) + 1;
        self.pairs.resize((stride * high).max(self.pairs.len()), [0; 2]);
        for exponents in [&mut self.above, &mut self.below] {
            exponents.clear();
            exponents.resize(stride * 2 + 2, 0);
        }
        self.values.resize((stride * 4 * high).max(self.values.len()), [0; 2]);
        let pairs_wide = stride * 2;
        let planes = Planes { shift: 29 - zero_planes, most: zero_planes + 2 };
        let mut above: &[Pair] = &[];
        let rows = self.pairs.chunks_exact_mut(stride).zip(self.values.chunks_exact_mut(pairs_wide * 2));
        for (index, (row, values)) in rows.take(high).enumerate() {
            let (top, bottom) = values.split_at_mut(pairs_wide);
            let sound = if index == 0 {
                words_of_row::<true>(&mut bits, &mut events, above, row, wide);
                samples_of_row::<true>(
                    &mut magnitudes,
                    (row, wide),
                    (&self.above, &mut self.below),
                    [top, bottom],
                    planes,
                )
            } else {
                words_of_row::<false>(&mut bits, &mut events, above, row, wide);
                samples_of_row::<false>(
                    &mut magnitudes,
                    (row, wide),
                    (&self.above, &mut self.below),
                    [top, bottom],
                    planes,
                )
            };
            if !sound {
                return None;
            }
            std::mem::swap(&mut self.above, &mut self.below);
            above = row;
        }
        let values = self.values.get_mut(..pairs_wide * 2 * high)?;
        if coded.passes > 1 && !coded.refinement.is_empty() && zero_planes < 29 {
            let pairs = self.pairs.get(..stride * high)?;
            self.refinement.refine(coded, pairs, values.as_flattened_mut());
        }
        Some(Values { values, pairs_wide })
    }
}

/// Where the magnitudes stand.
#[derive(Debug, Clone, Copy)]
struct Planes {
    /// From the bits of a magnitude and half a step to their place.
    shift: u32,
    /// Bits that a magnitude and its sign may have.
    most: u32,
}

/// Code words and u of one row of quads. `above` and `row` have a pair more than there is.
#[inline(always)]
fn words_of_row<const FIRST: bool>(
    bits: &mut Reader<'_>,
    events: &mut Events<'_>,
    above: &[Pair],
    row: &mut [Pair],
    wide: usize,
) {
    let mut left = 0;
    let mut above_left = 0;
    let (table, prefixes): (_, &[u16]) =
        if FIRST { (&FIRST_WORDS, &FIRST_PREFIXES) } else { (&WORDS, &PREFIXES) };
    let nothing: Pair = [0; 2];
    let Some((end, row)) = row.split_last_mut() else { return };
    *end = nothing;
    let mut above = above.iter();
    let mut here = *above.next().unwrap_or(&nothing);
    let odd = !wide.is_multiple_of(2);
    let count = row.len();
    for (index, pair) in row.iter_mut().enumerate() {
        let next = if FIRST { nothing } else { *above.next().unwrap_or(&nothing) };
        let mut window = bits.peek();
        let mut used = 0;
        let mut word = |context: u32, window: &mut u64, there: bool| {
            let mut entry = u32::from(table[((context | low(*window) & 0x7F) & 1023) as usize]);
            if !there || context == 0 && !events.next() {
                entry = 0;
            }
            *window >>= entry & 7;
            used += entry & 7;
            entry
        };
        let around = if FIRST { first_context(left) } else { context(left, above_left, here[0], here[1]) };
        let first = word(around, &mut window, true);
        let around = if FIRST { first_context(first) } else { context(first, here[0], here[1], next[0]) };
        let there = !(odd && index + 1 == count);
        let second = word(around, &mut window, there);
        (left, above_left) = (second, here[1]);
        here = next;

        let mut kind = (first >> 3 & 1) | (second >> 2 & 2);
        if FIRST && kind == 3 && events.next() {
            kind = 4;
        }
        let entry = u32::from(prefixes.get((kind << 6 | low(window) & 0x3F) as usize).copied().unwrap_or(0));
        window >>= entry & 7;
        let (suffixes, suffix) = (entry >> 3 & 15, entry >> 7 & 7);
        bits.skip(used + (entry & 7) + suffixes);
        let tail = low(window) & ((1 << suffixes) - 1);
        let u0 = (entry >> 10 & 7) + (tail & ((1 << suffix) - 1));
        let u1 = (entry >> 13) + (tail >> suffix);
        *pair = [first | u0 << 16, second | u1 << 16];
    }
}

/// What surrounds a quad of the first row: only the one to the left.
#[inline(always)]
fn first_context(left: u32) -> u32 {
    (left & 0x10) << 3 | (left & 0xE0) << 2
}

/// What surrounds a quad: rho of the ones to the left, and above to the left, the middle and the right.
#[inline(always)]
fn context(left: u32, above_left: u32, above: u32, above_right: u32) -> u32 {
    ((left & 0x40) << 2 | (left & 0x80) << 1)
        | (above_left & 0x80)
        | (above & 0xA0) << 2
        | (above_right & 0x20) << 4
}

/// Magnitudes and signs of one row of quads; false where a magnitude has more bits than there are planes.
///
/// `exponents` are those of the row above and the ones to make.
#[inline(always)]
fn samples_of_row<const FIRST: bool>(
    bits: &mut Reader<'_>,
    (row, wide): (&[Pair], usize),
    (above, below): (&[u32], &mut [u32]),
    [top, bottom]: [&mut [[u32; 2]]; 2],
    planes: Planes,
) -> bool {
    let quads = row.as_flattened().iter().take(wide);
    let around = above.iter().zip(above.iter().skip(1));
    let places = top.iter_mut().zip(bottom).zip(below.iter_mut());
    let mut last = 0;
    for ((&quad, (&left, &right)), ((top, bottom), sides)) in quads.zip(around).zip(places) {
        let rho = quad >> 4 & 15;
        let kappa = if FIRST || rho & rho.wrapping_sub(1) == 0 { 1 } else { (left | right | 2).ilog2() };
        let most = (quad >> 16) + kappa;
        if most > planes.most {
            return false;
        }
        // Of each sample in a byte: bits to read, and bits before them.
        let lengths = spread(rho) * most - spread(quad >> 12 & 15);
        let ends = lengths.wrapping_mul(0x0101_0101);
        let begins = ends << 8;
        let sample = |window: u64, at: u32, before: u32| {
            let length = lengths >> (8 * at) & 31;
            let raw = low(window >> (before & 63));
            let bits = raw & ((1 << length) - 1) | (quad >> (8 + at) & 1) << length | 1;
            let there = 0_u32.wrapping_sub(quad >> (4 + at) & 1);
            let value = (bits.wrapping_add(2)) << planes.shift | raw << 31;
            (value & there, bits & there)
        };
        let window = bits.peek();
        let begin = |at: u32| begins >> (8 * at) & 127;
        let ([a, b], [c, d]) = if ends >> 24 <= 56 {
            let of = |at| sample(window, at, begin(at));
            ([sample(window, 0, 0), of(1)], [of(2), of(3)])
        } else {
            // Too many bits for one look at them.
            let of = |at| {
                let mut ahead = *bits;
                ahead.skip(begin(at));
                sample(ahead.peek(), at, 0)
            };
            ([of(0), of(1)], [of(2), of(3)])
        };
        bits.skip(ends >> 24);
        *top = [a.0, c.0];
        *bottom = [b.0, d.0];
        *sides = last | b.1;
        last = d.1;
    }
    if let Some(end) = below.get_mut(wide) {
        *end = last;
    }
    true
}

#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the low half is wanted")]
fn low(window: u64) -> u32 {
    window as u32
}

/// Each of four bits in a byte of its own.
#[inline(always)]
fn spread(bits: u32) -> u32 {
    (bits & 15).wrapping_mul(0x0020_4081) & 0x0101_0101
}
