//! One slice to pixels: values are interpolated first and windowed after, at output resolution.
//!
//! A view that is not turned is resampled across and down separately; a turned one point by point. Where an
//! output pixel spans several source pixels their average is shown. The rescale is affine, so it is folded
//! into the window; a modality table is applied before interpolation.

mod axis;
mod general;
mod separable;
mod source;
#[cfg(test)]
mod tests;

use rayon::iter::{IndexedParallelIterator as _, IntoParallelRefMutIterator as _, ParallelIterator as _};
use rayon::slice::ParallelSliceMut as _;

use self::axis::Axis;
use self::separable::Scratch;
use self::source::{Grey, Rgb, Source};
use super::Picture;
use super::colored::colored;
use super::reader::Reader;
use super::tone::Tone;
use crate::image::{Frame, FrameSize, Samples};
use crate::view::{Look, Resolved};
use crate::with_samples;

/// Output rows that one task draws.
const BAND_ROWS: usize = 64;

/// Renders slices; keeps its working memory from one picture to the next.
#[derive(Debug, Default)]
pub struct SliceRenderer {
    across: Axis,
    down: Axis,
    bands: Vec<(Scratch, Vec<f32>)>,
    /// The whole frame as values, for turned views.
    frame: Vec<f32>,
}

impl SliceRenderer {
    /// Draws a frame as `resolved` and `look` say into `out`, which takes the size of `resolved`.
    ///
    /// Black outside the frame, and where samples are missing or not numbers. Padding is black in the file's own
    /// presentation (not when the look inverts it).
    pub fn render(
        &mut self,
        frame: &Frame,
        samples: &Samples,
        resolved: &Resolved,
        look: &Look,
        out: &mut Picture,
    ) {
        out.resize(resolved.size);
        if out.pixels.is_empty() || frame.size.pixels() == 0 || samples.len() < frame.size.pixels() {
            out.pixels.fill(Picture::BLACK);
            return;
        }
        let columns = frame.size.columns;
        let plan = general::Plan::new(resolved.pixel_from_screen_map(), frame.size, look.interpolation);
        let (tone, origin) = Tone::new(frame, look);
        let reader = Reader::new(frame, origin);
        let shade = |values: &[f32], pixels: &mut [[u8; 4]]| tone.apply(values, pixels);
        let flip = if frame.inverted == look.inverted { 0 } else { 255 };
        let pack = |values: &[f32], pixels: &mut [[u8; 4]]| pack_colors(values, pixels, flip);
        with_samples!(
            samples,
            grey => self.draw(&Grey { samples: grey, columns, reader: &reader }, &plan, out, shade),
            rgb => self.draw(&Rgb { samples: rgb, columns }, &plan, out, pack)
        );
        colored(frame, samples, resolved, look.inverted, out);
    }

    fn draw<const CHANNELS: usize, S: Source<CHANNELS>>(
        &mut self,
        source: &S,
        plan: &general::Plan,
        out: &mut Picture,
        tone: impl Fn(&[f32], &mut [[u8; 4]]) + Sync,
    ) {
        let width = out.size.width as usize;
        let upright = self.plan_axes(plan, out);
        if upright == Some(false) {
            out.pixels.fill(Picture::BLACK);
            return;
        }
        if upright.is_none() {
            read_frame(source, plan.size, &mut self.frame);
        }
        let axes = (&self.across, &self.down);
        let frame = self.frame.as_chunks::<CHANNELS>().0;
        self.bands.resize_with(out.pixels.len().div_ceil(width * BAND_ROWS), Default::default);
        let bands = out.pixels.par_chunks_mut(width * BAND_ROWS).zip(self.bands.par_iter_mut());
        bands.enumerate().for_each(|(band, (pixels, (scratch, values)))| {
            let place = (band * BAND_ROWS, width);
            if upright.is_some() {
                pulp::Arch::new().dispatch(
                    #[inline(always)]
                    || separable::band(source, axes, place, scratch, pixels, &tone),
                );
            } else {
                // It gathers from memory: vector instructions do not help it.
                general::band(frame, plan, place, values, pixels, &tone);
            }
        });
    }

    /// Plans both axes of a view that is not turned; `None` when it is, `Some(false)` when it misses the frame.
    fn plan_axes(&mut self, plan: &general::Plan, out: &Picture) -> Option<bool> {
        let map = plan.pixel_from_screen;
        let (across, down) = (map.matrix2.x_axis, map.matrix2.y_axis);
        // Less than a thousandth of a pixel from one side of the picture to the other.
        let straight = |off: f64, length: u32| (off * f64::from(length)).abs() < 1e-3;
        if !straight(across.y, out.size.width) || !straight(down.x, out.size.height) {
            return None;
        }
        let (width, height) = (out.size.width as usize, out.size.height as usize);
        let (x, y) = (map.translation.x, map.translation.y);
        Some(
            self.across.plan(across.x, x, width, plan.size.columns, plan.interpolation)
                && self.down.plan(down.y, y, height, plan.size.rows, plan.interpolation),
        )
    }
}

/// All values of a frame, row by row.
fn read_frame<const CHANNELS: usize, S: Source<CHANNELS>>(source: &S, size: FrameSize, frame: &mut Vec<f32>) {
    frame.resize(size.pixels() * CHANNELS, 0.0);
    let rows = frame.par_chunks_mut(size.columns * CHANNELS).enumerate();
    rows.for_each(|(row, line)| source.row(row, 0..size.columns, |place, value| line[place] = value));
}

/// Colour values to pixels; `flip` is 255 to invert.
#[inline(always)]
#[expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]
fn pack_colors(values: &[f32], pixels: &mut [[u8; 4]], flip: u8) {
    for (pixel, rgb) in pixels.iter_mut().zip(values.as_chunks::<3>().0) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "means of 8-bit values; a spline's overshoot saturates"
        )]
        let [r, g, b] = rgb.map(|value| (value + 0.5) as u8 ^ flip);
        *pixel = [r, g, b, 255];
    }
}
