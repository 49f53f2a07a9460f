//! Planes through a stack of slices: sampled at screen resolution, windowed after.
//!
//! A stack is not made a grid: between two slices a point takes its value from both at the place that
//! [`SliceStack::place_of`](crate::geometry::SliceStack::place_of) gives, so shear and uneven steps are exact and gaps
//! stay gaps. Values are modality values; where a pixel of the screen spans several voxels their average is shown.
//!
//! [`sampler`] is the definition, in f64, for any samples; [`fast`] does the same to 1e-4 of the value range for those
//! that are usual. Every point of a row is computed from the row's start, so nothing drifts and rows are independent.

mod cut;
mod fast;
mod grid;
mod lines;
mod points;
mod sampler;
mod spline;
mod strip;
#[cfg(test)]
mod tests;
mod zone;

use glam::{DAffine2, DVec2};
use rayon::iter::{IndexedParallelIterator as _, IntoParallelRefMutIterator as _, ParallelIterator as _};
use rayon::slice::ParallelSliceMut as _;

use self::cut::{Cut, depths, fineness};
use self::fast::Fast;
use self::grid::Grid;
use self::lines::{Band, Fill, Lines, Scratch};
use self::points::{Exact, Points};
use self::sampler::Sampler;
use super::Picture;
use super::reader::{Reader, Stored};
use super::tone::{Origin, Tone, narrow};
use crate::geometry::{FramePlane, PatientPoint};
use crate::image::{Decoded, FrameSize, ModalityTransform, Samples, Volume};
use crate::view::{Interpolation, Look, Resolved, Slab};

/// Output rows that one task draws.
const BAND_ROWS: usize = 32;

/// Renders planes through volumes; keeps its working memory from one picture to the next.
#[derive(Debug, Default)]
pub struct ReformatRenderer {
    bands: Vec<Scratch>,
    /// Values of a slab at the pixels of its plane.
    grid: Vec<f32>,
}

/// What is drawn of a volume, whatever its samples are.
#[derive(Debug, Clone, Copy)]
struct Job<'a> {
    volume: &'a Volume,
    plane: &'a FramePlane,
    pixel_from_screen: DAffine2,
    fine: u32,
    depths: &'a [f64],
    slab: Slab,
    interpolation: Interpolation,
}

impl ReformatRenderer {
    /// Draws the part of `plane` that `resolved` shows into `out`, which takes the size of `resolved`.
    ///
    /// `resolved` maps the screen to the pixels of `plane`. Black outside the stack, in its gaps, and where samples are
    /// missing. Padding counts as the value that is black in the file's own presentation, as in a slice; in a slab it
    /// is left out, as is everything outside. Whether `look` is smooth does not matter: `interpolation` says it.
    ///
    /// A slab is sampled along the normal in steps of at most half the stack's own. Where the pixels of `plane` are as
    /// fine as the voxels and finer than the screen's, its values are those at the pixels of `plane`, linear between.
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
        let Some(frame) = volume.frames.first().filter(|_| !out.pixels.is_empty()) else {
            out.pixels.fill(Picture::BLACK);
            return;
        };
        let pixel_from_screen = resolved.pixel_from_screen_map();
        let fine = fineness(&volume.slices, plane, pixel_from_screen);
        let depths = &*depths(&volume.slices, plane.normal(), slab);
        let job = Job { volume, plane, pixel_from_screen, fine, depths, slab, interpolation };
        let one = volume.frames.iter().all(|other| other.transform == frame.transform);
        let transform = if one { &frame.transform } else { &ModalityTransform::IDENTITY };
        let (tone, origin) = Tone::of(transform, frame.inverted, look);
        let done = match volume.samples.iter().flatten().next().map(|decoded| &***decoded) {
            Some(Samples::U8(_)) => self.fast(job, &tone, origin, out, bytes),
            Some(Samples::U16(_)) => self.fast(job, &tone, origin, out, words),
            Some(Samples::I16(_)) => self.fast(job, &tone, origin, out, signed_words),
            Some(Samples::F32(_)) => self.fast(job, &tone, origin, out, floats),
            _ => None,
        };
        if done.is_none() {
            let (tone, origin) = Tone::of(&ModalityTransform::IDENTITY, frame.inverted, look);
            let fill = (depths.len() == 1).then_some(f64::from(origin.fill) + origin.base);
            let sampler = Sampler::new(volume, interpolation, fill);
            self.draw(job, &tone, out, |cut| Exact { sampler, cut: *cut, base: origin.base });
        }
    }

    /// Draws volumes whose samples have all the type that `typed` gives; `None` of others.
    fn fast<T: Stored + Default>(
        &mut self,
        job: Job<'_>,
        tone: &Tone,
        origin: Origin,
        out: &mut Picture,
        typed: fn(&Samples) -> Option<&[T]>,
    ) -> Option<()> {
        let frames = &job.volume.frames;
        let first = frames.first()?;
        let [columns, rows] = job.volume.slices.size();
        let usual = origin.folded && columns > 1 && rows > 1 && columns.max(rows) <= usize::from(u16::MAX);
        if !usual || frames.len() != job.volume.slices.slices() {
            return None;
        }
        let there = |decoded: &Decoded| decoded.there().min(columns * rows);
        let slices = job.volume.samples.iter().map(|decoded| match decoded {
            Some(decoded) => typed(decoded)?.get(..there(decoded)),
            None => Some(&[][..]),
        });
        let samples: Vec<&[T]> = slices.collect::<Option<_>>()?;
        let padded = frames.iter().any(|frame| frame.padding != first.padding);
        let scales = scales(job.volume, origin.base);
        if padded || samples.len() != frames.len() || (!scales.is_empty() && first.padding.is_some()) {
            return None;
        }
        // Stored values are scaled as they are; the tone's base is in the offsets.
        let base = if scales.is_empty() { origin.base } else { 0.0 };
        let fill = if job.depths.len() == 1 { origin.fill } else { f32::NAN };
        let reader = Reader::new(first, Origin { base, fill, ..origin });
        self.draw(job, tone, out, |cut| {
            Fast::new(job.volume, &samples, (&reader, &scales), cut, job.interpolation)
        });
        Some(())
    }

    /// Draws the points of a cut.
    fn draw<P: Points>(&mut self, job: Job<'_>, tone: &Tone, out: &mut Picture, points: impl Fn(&Cut) -> P) {
        let Job { plane, pixel_from_screen, fine, depths, slab, .. } = job;
        let mode = slab.mode;
        if let Some((first, size)) = job.grid(out) {
            let mut values = std::mem::take(&mut self.grid);
            let cut = Cut::of_pixels(plane).from(first);
            let lines = Lines { points: &points(&cut), depths, mode, fine: 1 };
            self.fill(&lines, size, &mut values);
            let map = DAffine2::from_translation(-first) * pixel_from_screen;
            let map = map * DAffine2::from_translation(DVec2::splat(0.5));
            let grid = Grid { values: &values, size, map };
            self.paint(&Lines { points: &grid, depths: &[0.0], mode, fine: 1 }, tone, out);
            self.grid = values;
        } else {
            let cut = Cut::of_screen(plane, pixel_from_screen, fine);
            let lines = Lines { points: &points(&cut), depths, mode, fine: fine as usize };
            self.paint(&lines, tone, out);
        }
    }

    fn paint<P: Points>(&mut self, lines: &Lines<'_, P>, tone: &Tone, out: &mut Picture) {
        let width = out.size.width as usize;
        self.bands.resize_with(out.pixels.len().div_ceil(width * BAND_ROWS), Scratch::default);
        let bands = out.pixels.par_chunks_mut(width * BAND_ROWS).zip(self.bands.par_iter_mut());
        bands.enumerate().for_each(|(band, (pixels, scratch))| {
            let first_row = band * BAND_ROWS;
            pulp::Arch::new().dispatch(Band { lines, tone, first_row, width, scratch, pixels });
        });
    }

    fn fill<P: Points>(&mut self, lines: &Lines<'_, P>, [width, rows]: [usize; 2], values: &mut Vec<f32>) {
        values.resize(width * rows, 0.0);
        self.bands.resize_with(rows.div_ceil(BAND_ROWS), Scratch::default);
        let bands = values.par_chunks_mut(width * BAND_ROWS).zip(self.bands.par_iter_mut());
        bands.enumerate().for_each(|(band, (values, scratch))| {
            let first_row = band * BAND_ROWS;
            pulp::Arch::new().dispatch(Fill { lines, first_row, width, scratch, values });
        });
    }
}

impl Job<'_> {
    /// The pixels of the plane that a slab is computed at instead of the screen's: the first, and columns and rows.
    fn grid(&self, out: &Picture) -> Option<(DVec2, [usize; 2])> {
        let spacing = self.plane.spacing();
        let pixel = spacing.between_rows.0.max(spacing.between_columns.0);
        let map = self.pixel_from_screen;
        let finer = |step: DVec2| step.abs().max_element() < 0.75;
        if self.depths.len() == 1
            || self.interpolation == Interpolation::Nearest
            || pixel > self.volume.slices.finest().0 * 1.01
            || !finer(map.matrix2.x_axis)
            || !finer(map.matrix2.y_axis)
        {
            return None;
        }
        let (width, height) = (f64::from(out.size.width), f64::from(out.size.height));
        let corners = [[0.0, 0.0], [width, 0.0], [0.0, height], [width, height]]
            .map(|corner| map.transform_point2(DVec2::from_array(corner)));
        let low = corners.into_iter().fold(DVec2::INFINITY, DVec2::min).floor();
        let high = corners.into_iter().fold(DVec2::NEG_INFINITY, DVec2::max).ceil();
        let size = (high - low + 1.0).clamp(DVec2::splat(2.0), DVec2::splat(65_536.0));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "not far above the screen's"
        )]
        let size = [size.x as usize, size.y as usize];
        Some((low, size))
    }
}

fn bytes(samples: &Samples) -> Option<&[u8]> {
    if let Samples::U8(samples) = samples { Some(samples) } else { None }
}

fn words(samples: &Samples) -> Option<&[u16]> {
    if let Samples::U16(samples) = samples { Some(samples) } else { None }
}

fn signed_words(samples: &Samples) -> Option<&[i16]> {
    if let Samples::I16(samples) = samples { Some(samples) } else { None }
}

fn floats(samples: &Samples) -> Option<&[f32]> {
    if let Samples::F32(samples) = samples { Some(samples) } else { None }
}

/// Slope and offset of each slice, less `base`; none where one rescale is for all.
fn scales(volume: &Volume, base: f64) -> Vec<[f32; 2]> {
    let first = volume.frames.first().map(|frame| &frame.transform);
    if volume.frames.iter().all(|frame| Some(&frame.transform) == first) {
        return Vec::new();
    }
    let scale = |transform: &ModalityTransform| match transform {
        ModalityTransform::Rescale { slope, intercept } => [narrow(*slope), narrow(intercept - base)],
        ModalityTransform::Lut(_) => [f32::NAN; 2],
    };
    volume.frames.iter().map(|frame| scale(&frame.transform)).collect()
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
    let mut values = Vec::new();
    let sampler = Sampler::new(volume, interpolation, None);
    let exact = Exact { sampler, cut: Cut::of_pixels(plane), base: 0.0 };
    let depths = depths(&volume.slices, plane.normal(), slab);
    let lines = Lines { points: &exact, depths: &depths, mode: slab.mode, fine: 1 };
    ReformatRenderer::default().fill(&lines, [size.columns.max(1), size.rows], &mut values);
    Samples::F32(values)
}

/// The modality value at a point, by trilinear interpolation; `None` where there is none, or padding takes part.
pub fn value_at(volume: &Volume, point: PatientPoint) -> Option<f64> {
    Sampler::new(volume, Interpolation::Linear, None).value(point)
}
