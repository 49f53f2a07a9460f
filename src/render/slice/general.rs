use glam::{DAffine2, DVec2};

use crate::image::FrameSize;
use crate::render::Picture;
use crate::render::reformat::spline;
use crate::render::tone::narrow;
use crate::view::Interpolation;

/// The finest grid of samples within one output pixel, on each side.
const MOST_SAMPLES: f64 = 6.0;

/// How a turned view is drawn: point by point, several points in a pixel where it is minified.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    pub(super) pixel_from_screen: DAffine2,
    pub(super) size: FrameSize,
    pub(super) interpolation: Interpolation,
    samples: u32,
}

impl Plan {
    pub(super) fn new(pixel_from_screen: DAffine2, size: FrameSize, interpolation: Interpolation) -> Self {
        let step = pixel_from_screen.matrix2;
        let longest = step.x_axis.length().max(step.y_axis.length());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 6")]
        let samples = (longest - 0.2).ceil().clamp(1.0, MOST_SAMPLES) as u32;
        Self { pixel_from_screen, size, interpolation, samples }
    }
}

impl Plan {
    /// Where in an output pixel values are taken, in frame pixels from its middle.
    fn offsets(&self) -> Vec<DVec2> {
        let count = f64::from(self.samples);
        let places = (0..self.samples).flat_map(|down| (0..self.samples).map(move |right| (right, down)));
        places
            .map(|(right, down)| {
                let share = (DVec2::new(f64::from(right), f64::from(down)) + 0.5) / count - 0.5;
                self.pixel_from_screen.matrix2 * share
            })
            .collect()
    }

    /// The output columns of a row whose place is in the frame; a line meets the frame in one piece.
    fn inside(&self, start: DVec2, width: usize) -> (usize, usize) {
        let step = self.pixel_from_screen.matrix2.x_axis;
        let (mut low, mut high) = (0.0_f64, width as f64);
        let axes = [(start.x, step.x, self.size.columns as f64), (start.y, step.y, self.size.rows as f64)];
        for (from, step, count) in axes {
            // In pixel edges: the frame reaches from 0 to `count`.
            let from = from + 0.5;
            if step.abs() < 1e-12 {
                if !(0.0..count).contains(&from) {
                    return (0, 0);
                }
            } else {
                let (enter, leave) = (-from / step, (count - from) / step);
                low = low.max(enter.min(leave).ceil());
                high = high.min(enter.max(leave).ceil());
            }
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the width")]
        if low < high { (low as usize, high as usize) } else { (0, 0) }
    }
}

/// Draws output rows from `first_row` on from a frame of values, `CHANNELS` numbers for each pixel.
pub(super) fn band<const CHANNELS: usize>(
    frame: &[[f32; CHANNELS]],
    plan: &Plan,
    (first_row, width): (usize, usize),
    values: &mut Vec<f32>,
    out: &mut [[u8; 4]],
    tone: impl Fn(&[f32], &mut [[u8; 4]]),
) {
    values.resize(width * CHANNELS, 0.0);
    let samples = Samples::new(frame, plan);
    let offsets = plan.offsets();
    let share = narrow((offsets.len() as f64).recip());
    for (row, pixels) in out.chunks_exact_mut(width).enumerate() {
        let y = (first_row + row) as f64 + 0.5;
        let start = plan.pixel_from_screen.transform_point2(DVec2::new(0.5, y));
        let step = plan.pixel_from_screen.matrix2.x_axis;
        let (first, end) = plan.inside(start, width);
        for (column, value) in (first..end).zip(values.as_chunks_mut::<CHANNELS>().0) {
            let center = start + step * column as f64;
            *value = if offsets.len() == 1 {
                samples.at(center)
            } else {
                let mut sum = [0.0; CHANNELS];
                for offset in &offsets {
                    let part = samples.at(center + *offset);
                    sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
                }
                sum.map(|sum| sum * share)
            };
        }
        pixels[..first].fill(Picture::BLACK);
        pixels[end..].fill(Picture::BLACK);
        tone(values, &mut pixels[first..end]);
    }
}

/// A frame of values that is read between pixels.
#[derive(Debug, Clone, Copy)]
struct Samples<'a, const CHANNELS: usize> {
    frame: &'a [[f32; CHANNELS]],
    columns: usize,
    last: [usize; 2],
    last_place: DVec2,
    interpolation: Interpolation,
}

impl<'a, const CHANNELS: usize> Samples<'a, CHANNELS> {
    fn new(frame: &'a [[f32; CHANNELS]], plan: &Plan) -> Self {
        let last = [plan.size.columns - 1, plan.size.rows - 1];
        let last_place = DVec2::new(last[0] as f64, last[1] as f64);
        Self { frame, columns: plan.size.columns, last, last_place, interpolation: plan.interpolation }
    }

    /// The value at a place; the frame's edge holds beyond it.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the frame")]
    #[inline]
    fn at(&self, place: DVec2) -> [f32; CHANNELS] {
        let place = place.max(DVec2::ZERO).min(self.last_place);
        match self.interpolation {
            Interpolation::Nearest => {
                return self.frame
                    [(place.y + 0.5) as u32 as usize * self.columns + (place.x + 0.5) as u32 as usize];
            }
            Interpolation::Cubic => return self.cubic(place),
            Interpolation::Linear => {}
        }
        let (column, row) = (place.x as u32, place.y as u32);
        let (right, down) = (narrow(place.x - f64::from(column)), narrow(place.y - f64::from(row)));
        let (column, row) = (column as usize, row as usize);
        let beside = usize::from(column < self.last[0]);
        let upper = row * self.columns + column;
        let lower = if row < self.last[1] { upper + self.columns } else { upper };
        let (a, b) = (&self.frame[upper], &self.frame[upper + beside]);
        let (c, d) = (&self.frame[lower], &self.frame[lower + beside]);
        let mut values = [0.0; CHANNELS];
        for (channel, value) in values.iter_mut().enumerate() {
            let upper = a[channel] + (b[channel] - a[channel]) * right;
            let lower = c[channel] + (d[channel] - c[channel]) * right;
            *value = upper + (lower - upper) * down;
        }
        values
    }

    /// The value of the spline through the 4 x 4 pixels around a place within the frame; the edge holds beyond it.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the frame")]
    fn cubic(&self, place: DVec2) -> [f32; CHANNELS] {
        let axis = |place: f64, last: usize| {
            let before = place as usize;
            let weights = spline(place - before as f64, [1.0; 3]).map(narrow);
            ([before.saturating_sub(1), before, (before + 1).min(last), (before + 2).min(last)], weights)
        };
        let (columns, across) = axis(place.x, self.last[0]);
        let (rows, down) = axis(place.y, self.last[1]);
        let mut sum = [0.0; CHANNELS];
        for (row, height) in rows.into_iter().zip(down) {
            for (column, width) in columns.into_iter().zip(across) {
                let pixel = &self.frame[row * self.columns + column];
                sum.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += value * (width * height));
            }
        }
        sum
    }
}
