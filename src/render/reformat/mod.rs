//! Planes through a stack of slices: sampled at screen resolution, windowed after.
//!
//! A stack is not made a grid: between two slices a point takes its value from both at the place that
//! [`SliceStack::place_of`](crate::geometry::SliceStack::place_of) gives, so shear and uneven steps are exact and gaps
//! stay gaps. Values are modality values; where a pixel of the screen spans several voxels their average is shown.

mod cut;
mod sampler;
#[cfg(test)]
mod tests;

use rayon::iter::{IndexedParallelIterator as _, ParallelIterator as _};
use rayon::slice::ParallelSliceMut as _;

use self::cut::{Cut, depths, fineness};
use self::sampler::Sampler;
use super::Picture;
use super::tone::{Tone, narrow};
use crate::geometry::{FramePlane, PatientPoint};
use crate::image::{FrameSize, ModalityTransform, Samples, Volume};
use crate::view::{Interpolation, Look, Resolved, Slab, SlabMode};

/// Renders planes through volumes; keeps its working memory from one picture to the next.
#[derive(Debug, Default)]
pub struct ReformatRenderer {
    /// Values of a picture, point by point.
    values: Vec<f32>,
}

impl ReformatRenderer {
    /// Draws the part of `plane` that `resolved` shows into `out`, which takes the size of `resolved`.
    ///
    /// `resolved` maps the screen to the pixels of `plane`. Black outside the stack, in its gaps, and where samples are
    /// missing. Padding counts as the value that is black in the file's own presentation, as in a slice; in a slab it
    /// is left out, as is everything outside. Whether `look` is smooth does not matter: `interpolation` says it.
    #[expect(
        clippy::too_many_arguments,
        reason = "a picture is a function of all of them, and of nothing else"
    )]
    pub fn render(
        &mut self,
        volume: &Volume,
        plane: &FramePlane,
        resolved: &Resolved,
        slab: Slab,
        interpolation: Interpolation,
        look: &Look,
        out: &mut Picture,
    ) {
        out.resize(resolved.size);
        let width = out.size.width as usize;
        let Some(frame) = volume.frames.first().filter(|_| !out.pixels.is_empty()) else {
            out.pixels.fill(Picture::BLACK);
            return;
        };
        let fine = fineness(&volume.slices, plane, resolved.pixel_from_screen_map());
        let cut = Cut::of_screen(plane, resolved.pixel_from_screen_map(), fine);
        let depths = depths(&volume.slices, cut.normal, slab);
        let (tone, origin) = Tone::of(&ModalityTransform::IDENTITY, frame.inverted, look);
        let fill = (depths.len() == 1).then_some(f64::from(origin.fill) + origin.base);
        let sampler = Sampler::new(volume, interpolation, fill);
        let line = Line { sampler, cut, depths: &depths, mode: slab.mode, base: origin.base };
        self.values.resize(out.pixels.len(), 0.0);
        let rows = out.pixels.par_chunks_exact_mut(width).zip(self.values.par_chunks_exact_mut(width));
        rows.enumerate().for_each(|(row, (pixels, values))| {
            line.averaged(row, fine as usize, values);
            tone.apply(values, pixels);
            for (pixel, value) in pixels.iter_mut().zip(values) {
                if value.is_nan() {
                    *pixel = Picture::BLACK;
                }
            }
        });
    }
}

/// The values at the centres of a plane's pixels, as 32-bit modality values: what a virtual frame's samples are.
///
/// Not a number outside the stack, in gaps, where samples are missing, and where padding takes part.
pub fn sample_plane(
    volume: &Volume,
    plane: &FramePlane,
    size: FrameSize,
    slab: Slab,
    interpolation: Interpolation,
) -> Samples {
    let mut values = vec![f32::NAN; size.pixels()];
    let cut = Cut::of_pixels(plane);
    let depths = depths(&volume.slices, cut.normal, slab);
    let sampler = Sampler::new(volume, interpolation, None);
    let line = Line { sampler, cut, depths: &depths, mode: slab.mode, base: 0.0 };
    values.par_chunks_mut(size.columns.max(1)).enumerate().for_each(|(row, values)| line.values(row, values));
    Samples::F32(values)
}

/// The modality value at a point, by trilinear interpolation; `None` where there is none, or padding takes part.
pub fn value_at(volume: &Volume, point: PatientPoint) -> Option<f64> {
    Sampler::new(volume, Interpolation::Linear, None).value(point)
}

/// Draws rows of values, each less `base`.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    sampler: Sampler<'a>,
    cut: Cut,
    depths: &'a [f64],
    mode: SlabMode,
    base: f64,
}

impl Line<'_> {
    /// The values of a row of points, from its first on; not a number where there is none.
    fn values(&self, row: usize, values: &mut [f32]) {
        for (column, value) in values.iter_mut().enumerate() {
            let through = self.depths.iter().map(|along| self.cut.point(column, row, *along));
            let found = thick(through.filter_map(|point| self.sampler.value(point)), self.mode);
            *value = found.map_or(f32::NAN, |value| narrow(value - self.base));
        }
    }

    /// A row of averages over `fine` times `fine` points, of those that have a value.
    fn averaged(&self, row: usize, fine: usize, values: &mut [f32]) {
        if fine == 1 {
            self.values(row, values);
            return;
        }
        let mut points = vec![0.0; values.len() * fine];
        let mut counts = vec![0_u16; values.len()];
        values.fill(0.0);
        for part in 0..fine {
            self.values(row * fine + part, &mut points);
            for ((value, count), points) in values.iter_mut().zip(&mut counts).zip(points.chunks_exact(fine))
            {
                for point in points.iter().filter(|point| !point.is_nan()) {
                    *value += point;
                    *count += 1;
                }
            }
        }
        values.iter_mut().zip(counts).for_each(|(value, count)| *value /= f32::from(count));
    }
}

/// What a slab shows of the values along its normal; `None` of none.
fn thick(values: impl Iterator<Item = f64>, mode: SlabMode) -> Option<f64> {
    let (mut count, mut found) = (0_u32, None);
    for value in values {
        count += 1;
        found = Some(match (found, mode) {
            (None, _) => value,
            (Some(sum), SlabMode::Mean) => sum + value,
            (Some(best), SlabMode::Mip) => value.max(best),
            (Some(best), SlabMode::MinIp) => value.min(best),
        });
    }
    found.map(|found: f64| if mode == SlabMode::Mean { found / f64::from(count) } else { found })
}
