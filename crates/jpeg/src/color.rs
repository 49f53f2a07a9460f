//! Components to pixels: small chrominance is spread, and becomes red, green, blue; as libjpeg does both.

#![expect(
    clippy::inline_always,
    reason = "has to be compiled with the caller's vector instructions, or is one step of a hot loop"
)]

use std::ops::Range;

use super::Decoded;
use super::sample::Sample;
use super::stream::FrameHeader;

/// One decoded component, or those of its rows that are still wanted.
#[derive(Debug)]
pub(super) struct Plane<S> {
    /// Whole blocks, row by row.
    pub samples: Vec<S>,
    /// Rows that were there before the first one that is.
    pub dropped: usize,
    pub stride: usize,
    /// Samples that count.
    pub width: usize,
    pub height: usize,
    /// Rows that came, whole blocks.
    pub rows: usize,
    /// How many pixels a sample covers.
    pub across: usize,
    pub down: usize,
}

/// The pixels that came of the planes so far.
#[derive(Debug)]
pub(super) struct Pixels<S> {
    samples: Vec<S>,
    /// Rows that are done.
    done: usize,
    rows: usize,
    columns: usize,
    rgb: bool,
    /// Room for a row of each plane, and for the sums of two.
    lines: [Vec<S>; 3],
    sums: Vec<u16>,
}

impl<S: Sample> Pixels<S> {
    /// No pixels yet; `rgb` where luminance and chrominance are to become red, green and blue.
    pub(super) fn new(frame: &FrameHeader, rgb: bool) -> Self {
        let (rows, columns) = (frame.rows, frame.columns);
        let samples = Vec::with_capacity(rows * columns * frame.components.len());
        Self { samples, done: 0, rows, columns, rgb, lines: Default::default(), sums: Vec::new() }
    }

    pub(super) fn decoded(self) -> Decoded<S> {
        Decoded { samples: self.samples, rows: self.done }
    }

    /// Makes the pixels that all planes are there for, and drops what was used up; `last` if no more rows come.
    pub(super) fn take(&mut self, planes: &mut [Plane<S>], last: bool) {
        let ready = planes.iter().map(|plane| plane.ready(last)).min().unwrap_or(0).min(self.rows);
        let rows = self.done..ready.max(self.done);
        match planes {
            [grey] => {
                for row in rows.clone() {
                    self.samples.extend_from_slice(grey.line(row, self.columns));
                }
            }
            [first, second, third] => {
                let planes = [&*first, &*second, &*third];
                pulp::Arch::new().dispatch(Mix { pixels: self, planes, rows: rows.clone() });
            }
            _ => return,
        }
        self.done = rows.end;
        for plane in planes {
            plane.forget(rows.end);
        }
    }
}

/// Three planes to pixels as wide instructions do it; a closure would not be compiled for them.
struct Mix<'p, S> {
    pixels: &'p mut Pixels<S>,
    planes: [&'p Plane<S>; 3],
    rows: Range<usize>,
}

impl<S: Sample> pulp::WithSimd for Mix<'_, S> {
    type Output = ();

    #[inline(always)]
    fn with_simd<T: pulp::Simd>(self, _: T) {
        let Pixels { samples, columns, rgb, lines, sums, .. } = self.pixels;
        for row in self.rows {
            let start = samples.len();
            samples.resize(start + *columns * 3, S::default());
            let pixels = samples.get_mut(start..).unwrap_or_default().as_chunks_mut::<3>().0;
            let [first, second, third] = lines;
            let [a, b, c] = self.planes;
            let first = a.spread(row, *columns, first, sums);
            let second = b.spread(row, *columns, second, sums);
            let third = c.spread(row, *columns, third, sums);
            S::mix([first, second, third], pixels, *rgb);
        }
    }
}

impl<S: Sample> Plane<S> {
    /// Rows of the image that can be made; a row between two of the plane needs both.
    fn ready(&self, last: bool) -> usize {
        let covered = self.rows * self.down;
        if last || self.down == 1 || self.rows >= self.height { covered } else { covered.saturating_sub(1) }
    }

    /// Drops the rows that no row of the image from `row` on needs.
    fn forget(&mut self, row: usize) {
        let wanted = (row / self.down).saturating_sub(1);
        let start = wanted.saturating_sub(self.dropped) * self.stride;
        if start > 0 && start <= self.samples.len() {
            self.samples.copy_within(start.., 0);
            self.samples.truncate(self.samples.len() - start);
            self.dropped = wanted;
        }
    }

    /// The first samples of a row; rows beyond the edge are the last one.
    #[inline(always)]
    fn line(&self, row: usize, width: usize) -> &[S] {
        let row = row.min(self.height.min(self.rows).saturating_sub(1)).saturating_sub(self.dropped);
        let start = row * self.stride;
        self.samples.get(start..start + width).unwrap_or_default()
    }

    /// A row of the image: a sample's neighbours count a quarter ("fancy" in libjpeg).
    #[inline(always)]
    fn spread<'p>(&'p self, row: usize, columns: usize, out: &'p mut Vec<S>, sums: &mut Vec<u16>) -> &'p [S] {
        let near = self.line(row / self.down, self.width);
        if self.across == 1 && self.down == 1 {
            return near;
        }
        // Spread rows may be wider than the image.
        out.resize(self.width * self.across, S::default());
        if self.down == 2 && (self.across == 1 || (self.across == 2 && self.width > 2)) {
            let upper = row.is_multiple_of(2);
            let far = if upper { (row / 2).saturating_sub(1) } else { row / 2 + 1 };
            let pairs = near.iter().zip(self.line(far, self.width));
            if self.across == 1 {
                let half = if upper { 1 } else { 2 };
                for (out, (near, far)) in out.iter_mut().zip(pairs) {
                    *out = S::narrow((near.wide() * 3 + far.wide() + half) >> 2);
                }
            } else {
                sums.resize(self.width, 0);
                for (sum, (near, far)) in sums.iter_mut().zip(pairs) {
                    *sum = near.wide() * 3 + far.wide();
                }
                doubled(sums, out, |sum| sum, (8, 7, 4));
            }
        } else if self.across == 2 && self.width > 2 {
            doubled(near, out, S::wide, (1, 2, 2));
        } else if self.across == 1 {
            out.copy_from_slice(near);
        } else {
            for (out, sample) in out.chunks_exact_mut(self.across).zip(near) {
                out.fill(*sample);
            }
        }
        out.get(..columns).unwrap_or(out)
    }
}

/// Twice as many samples: three quarters of the nearer, one of the farther; rounded as `round` says.
///
/// 16 bits are enough, for samples of 12 bits and the sums of four as well.
#[inline(always)]
fn doubled<T: Copy, S: Sample>(
    line: &[T],
    out: &mut [S],
    wide: impl Fn(T) -> u16,
    (left, right, bits): (u16, u16, u32),
) {
    let (Some(&first), Some(&last)) = (line.first(), line.last()) else { return };
    let inner = out.get_mut(1..out.len() - 1).unwrap_or_default();
    let nexts = line.get(1..).unwrap_or_default();
    for ([even, odd], (&a, &b)) in inner.as_chunks_mut::<2>().0.iter_mut().zip(line.iter().zip(nexts)) {
        let [a, b] = [wide(a), wide(b)];
        *even = S::narrow((a * 3 + b + right) >> bits);
        *odd = S::narrow((b * 3 + a + left) >> bits);
    }
    // The ends have no neighbour: they count for it.
    if let [start, .., end] = out {
        *start = S::narrow((wide(first) * 4 + if bits == 4 { left } else { 0 }) >> bits);
        *end = S::narrow((wide(last) * 4 + if bits == 4 { right } else { 0 }) >> bits);
    }
}
