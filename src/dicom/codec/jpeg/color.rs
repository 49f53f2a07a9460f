//! Components to pixels: small chrominance is spread, and becomes red, green, blue; as libjpeg does both.

#![expect(
    clippy::inline_always,
    reason = "has to be compiled with the caller's vector instructions, or is one step of a hot loop"
)]

use super::Decoded;
use super::cosine::Sample;
use super::stream::FrameHeader;

/// One decoded component.
#[derive(Debug)]
pub(super) struct Plane<S> {
    /// Whole blocks, row by row.
    pub samples: Vec<S>,
    pub stride: usize,
    /// Samples that count.
    pub width: usize,
    pub height: usize,
    /// Rows that are there, whole blocks.
    pub rows: usize,
    /// How many pixels a sample covers.
    pub across: usize,
    pub down: usize,
}

/// The pixels of all rows that every plane has.
pub(super) fn assembled<S: Sample>(planes: &[Plane<S>], frame: &FrameHeader, rgb: bool) -> Decoded<S> {
    let rows = planes.iter().map(|plane| plane.rows * plane.down).min().unwrap_or(0).min(frame.rows);
    let columns = frame.columns;
    let mut samples = Vec::with_capacity(rows * columns * planes.len());
    match planes {
        [grey] => {
            let lines = grey.samples.chunks_exact(grey.stride).take(rows);
            lines.for_each(|line| samples.extend_from_slice(line.get(..columns).unwrap_or(line)));
        }
        [first, second, third] => {
            samples.resize(rows * columns * 3, S::default());
            let pixels = &mut samples;
            pulp::Arch::new().dispatch(Mix { planes: [first, second, third], columns, rgb, pixels });
        }
        _ => return Decoded { samples, rows: 0 },
    }
    Decoded { samples, rows }
}

/// Three planes to pixels as wide instructions do it; a closure would not be compiled for them.
struct Mix<'p, S> {
    planes: [&'p Plane<S>; 3],
    columns: usize,
    rgb: bool,
    pixels: &'p mut [S],
}

impl<S: Sample> pulp::WithSimd for Mix<'_, S> {
    type Output = ();

    #[inline(always)]
    fn with_simd<T: pulp::Simd>(self, _: T) {
        // Spread rows may be wider than the image.
        let mut lines = self.planes.map(|plane| vec![S::default(); plane.width * plane.across]);
        let mut sums = Vec::new();
        for (row, pixels) in self.pixels.chunks_exact_mut(self.columns * 3).enumerate() {
            for (plane, line) in self.planes.iter().zip(&mut lines) {
                plane.spread(row, line, &mut sums);
            }
            let [first, second, third] = &lines;
            let groups = pixels.chunks_mut(3 * GROUP).zip(first.chunks(GROUP));
            for ((pixels, a), (b, c)) in groups.zip(second.chunks(GROUP).zip(third.chunks(GROUP))) {
                let (mut a, mut b, mut c) = (group(a), group(b), group(c));
                if self.rgb {
                    to_rgb(&mut a, &mut b, &mut c);
                }
                let triples = a.iter().zip(&b).zip(&c);
                for (pixel, ((&a, &b), &c)) in pixels.as_chunks_mut::<3>().0.iter_mut().zip(triples) {
                    *pixel = [a, b, c];
                }
            }
        }
    }
}

/// Pixels that are converted side by side.
const GROUP: usize = 32;

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

/// T.871 clause 7, with factors of 16 fractional bits.
#[inline(always)]
fn to_rgb<S: Sample>(first: &mut [S; GROUP], second: &mut [S; GROUP], third: &mut [S; GROUP]) {
    let half = 1 << 15;
    for ((a, b), c) in first.iter_mut().zip(second).zip(third) {
        let (y, cb, cr) = (a.value(), b.value() - S::CENTRE, c.value() - S::CENTRE);
        *a = S::near(y + ((91881 * cr + half) >> 16));
        *b = S::near(y + ((-22554 * cb - 46802 * cr + half) >> 16));
        *c = S::near(y + ((116_130 * cb + half) >> 16));
    }
}

impl<S: Sample> Plane<S> {
    /// A row of samples; rows beyond the edge are the last one.
    #[inline(always)]
    fn line(&self, row: usize) -> &[S] {
        let row = row.min(self.height.min(self.rows).saturating_sub(1));
        let start = row * self.stride;
        self.samples.get(start..start + self.width).unwrap_or_default()
    }

    /// Fills a row of the image: a sample's neighbours count a quarter ("fancy" in libjpeg).
    #[inline(always)]
    fn spread(&self, row: usize, out: &mut [S], sums: &mut Vec<i32>) {
        let near = self.line(row / self.down);
        if self.down == 2 && (self.across == 1 || (self.across == 2 && self.width > 2)) {
            let upper = row.is_multiple_of(2);
            let far = if upper { (row / 2).saturating_sub(1) } else { row / 2 + 1 };
            let pairs = near.iter().zip(self.line(far));
            if self.across == 1 {
                let half = if upper { 1 } else { 2 };
                for (out, (near, far)) in out.iter_mut().zip(pairs) {
                    *out = S::near((near.value() * 3 + far.value() + half) >> 2);
                }
            } else {
                sums.clear();
                sums.extend(pairs.map(|(near, far)| near.value() * 3 + far.value()));
                doubled(sums, out, |sum| sum, (8, 7, 4));
            }
        } else if self.across == 2 && self.width > 2 {
            doubled(near, out, S::value, (1, 2, 2));
        } else if self.across == 1 {
            out.copy_from_slice(near);
        } else {
            for (out, sample) in out.chunks_exact_mut(self.across).zip(near) {
                out.fill(*sample);
            }
        }
    }
}

/// Twice as many samples: three quarters of the nearer, one of the farther; rounded as `round` says.
#[inline(always)]
fn doubled<T: Copy, S: Sample>(
    line: &[T],
    out: &mut [S],
    value: impl Fn(T) -> i32,
    (left, right, bits): (i32, i32, u32),
) {
    let (Some(&first), Some(&last)) = (line.first(), line.last()) else { return };
    let inner = out.get_mut(1..out.len() - 1).unwrap_or_default();
    for (pair, two) in inner.as_chunks_mut::<2>().0.iter_mut().zip(line.windows(2)) {
        let [a, b] = [value(two[0]), value(two[1])];
        *pair = [S::near((a * 3 + b + right) >> bits), S::near((b * 3 + a + left) >> bits)];
    }
    // The ends have no neighbour: they count for it.
    if let [start, .., end] = out {
        *start = S::near((value(first) * 4 + if bits == 4 { left } else { 0 }) >> bits);
        *end = S::near((value(last) * 4 + if bits == 4 { right } else { 0 }) >> bits);
    }
}
