use glam::{DAffine2, DVec2};

use super::axis::index;
use super::source::Source;
use super::tone::narrow;
use crate::image::FrameSize;
use crate::render::Picture;

/// The finest grid of samples within one output pixel, on each side.
const MOST_SAMPLES: f64 = 6.0;

/// How a turned view is drawn: point by point, several points in a pixel where it is minified.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    pub(super) pixel_from_screen: DAffine2,
    pub(super) size: FrameSize,
    pub(super) smooth: bool,
    samples: u32,
}

impl Plan {
    pub(super) fn new(pixel_from_screen: DAffine2, size: FrameSize, smooth: bool) -> Self {
        let step = pixel_from_screen.matrix2;
        let longest = step.x_axis.length().max(step.y_axis.length());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 6")]
        let samples = (longest - 0.2).ceil().clamp(1.0, MOST_SAMPLES) as u32;
        Self { pixel_from_screen, size, smooth, samples }
    }
}

/// Draws output rows from `first_row` on.
#[inline(always)]
#[expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]
pub(super) fn band<const CHANNELS: usize, S: Source<CHANNELS>>(
    source: &S,
    plan: &Plan,
    (first_row, width): (usize, usize),
    values: &mut Vec<f32>,
    out: &mut [[u8; 4]],
    tone: impl Fn(&[f32], &mut [[u8; 4]]),
) {
    values.resize(width * CHANNELS, 0.0);
    let FrameSize { columns, rows } = plan.size;
    for (row, pixels) in out.chunks_exact_mut(width).enumerate() {
        let y = (first_row + row) as f64 + 0.5;
        let place =
            |column: usize| plan.pixel_from_screen.transform_point2(DVec2::new(column as f64 + 0.5, y));
        let inside = |column: &usize| {
            let at = place(*column);
            index(at.x, columns).is_some() && index(at.y, rows).is_some()
        };
        // A line meets the frame in one piece: find its ends, then draw without asking again.
        let first = (0..width).find(inside).unwrap_or(width);
        let end = (first..width).rev().find(inside).map_or(first, |last| last + 1);
        for (column, value) in (first..end).zip(values.chunks_exact_mut(CHANNELS)) {
            value.copy_from_slice(&sample(source, plan, place(column)));
        }
        pixels[..first].fill(Picture::BLACK);
        pixels[end..].fill(Picture::BLACK);
        tone(values, &mut pixels[first..end]);
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]
fn sample<const CHANNELS: usize, S: Source<CHANNELS>>(
    source: &S,
    plan: &Plan,
    center: DVec2,
) -> [f32; CHANNELS] {
    if plan.samples == 1 {
        return point(source, plan, center);
    }
    let count = f64::from(plan.samples);
    let mut sum = [0.0; CHANNELS];
    for down in 0..plan.samples {
        for right in 0..plan.samples {
            let step = (DVec2::new(f64::from(right), f64::from(down)) + 0.5) / count - 0.5;
            let at = center + plan.pixel_from_screen.matrix2 * step;
            for (sum, value) in sum.iter_mut().zip(point(source, plan, at)) {
                *sum += value;
            }
        }
    }
    let share = narrow((count * count).recip());
    sum.map(|sum| sum * share)
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the frame")]
fn point<const CHANNELS: usize, S: Source<CHANNELS>>(source: &S, plan: &Plan, at: DVec2) -> [f32; CHANNELS] {
    let last = DVec2::new(plan.size.columns as f64 - 1.0, plan.size.rows as f64 - 1.0);
    let at = at.clamp(DVec2::ZERO, last);
    if !plan.smooth {
        return source.pixel((at.x + 0.5) as usize, (at.y + 0.5) as usize);
    }
    let (column, row) = (at.x as usize, at.y as usize);
    let (next_column, next_row) = ((column + 1).min(last.x as usize), (row + 1).min(last.y as usize));
    let (right, down) = (narrow(at.x - column as f64), narrow(at.y - row as f64));
    let corners = [(column, row), (next_column, row), (column, next_row), (next_column, next_row)];
    let [a, b, c, d] = corners.map(|(column, row)| source.pixel(column, row));
    std::array::from_fn(|channel| {
        let upper = a[channel] + (b[channel] - a[channel]) * right;
        let lower = c[channel] + (d[channel] - c[channel]) * right;
        upper + (lower - upper) * down
    })
}
