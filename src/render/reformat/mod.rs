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
mod needed;
mod points;
mod sampler;
mod source;
mod spline;
mod strip;
#[cfg(test)]
mod tests;
mod zone;

use glam::{DAffine2, DVec2};
use rayon::iter::{IndexedParallelIterator as _, IntoParallelRefMutIterator as _, ParallelIterator as _};
use rayon::slice::ParallelSliceMut as _;

use self::cut::{Cut, depths, fineness};
use self::grid::Grid;
use self::lines::{Band, Fill, Lines, Scratch};
pub use self::needed::{slices_of_part, slices_of_plane};
use self::points::{Exact, Points};
use self::sampler::Sampler;
pub(super) use self::sampler::spline;
use self::source::Draw;
use super::Picture;
use super::tone::{Origin, Tone, narrow};
use crate::geometry::{FramePlane, PatientPoint};
use crate::image::{FrameSize, ModalityTransform, Samples, Volume};
use crate::view::{Interpolation, Look, Resolved, Slab, SlabMode};

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
    interpolation: Interpolation,
}

impl ReformatRenderer {
    /// Draws the part of `plane` that `resolved` shows into `out`, which takes the size of `resolved`.
    ///
    /// `resolved` maps the screen to the pixels of `plane`. Black outside the stack, in its gaps, and where samples are
    /// missing. Padding counts as the value that is black in the file's own presentation, as in a slice; in a slab it
    /// is left out, as is everything outside.
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
        look: &Look,
        out: &mut Picture,
    ) {
        out.resize(resolved.size);
        let any = !out.pixels.is_empty() && volume.samples.iter().any(Option::is_some);
        let Some(frame) = volume.frames.first().filter(|_| any) else {
            out.pixels.fill(Picture::BLACK);
            return;
        };
        let pixel_from_screen = resolved.pixel_from_screen_map();
        let fine = fineness(&volume.slices, plane, pixel_from_screen);
        let depths = &*depths(&volume.slices, plane.normal(), slab);
        let interpolation = look.interpolation;
        let job = Job { volume, plane, pixel_from_screen, fine, depths, interpolation };
        let transform = source::common_rescale(volume).unwrap_or(&ModalityTransform::IDENTITY);
        let (tone, mut origin) = Tone::of(transform, frame.inverted, look);
        if depths.len() > 1 {
            origin.fill = f32::NAN;
        }
        let mode = source::turned(slab.mode, transform);
        let screen = Screen { renderer: self, job, tone: &tone, mode, out };
        if let Err(screen) = source::fast(volume, interpolation, origin, screen) {
            let (tone, origin) = Tone::of(&ModalityTransform::IDENTITY, frame.inverted, look);
            let fill = (depths.len() == 1).then_some(f64::from(origin.fill) + origin.base);
            let sampler = Sampler::new(volume, interpolation, fill);
            let screen = Screen { tone: &tone, mode: slab.mode, ..screen };
            screen.draw(|cut| Exact { sampler, cut: *cut, base: origin.base });
        }
    }
}

/// A picture to draw.
struct Screen<'a> {
    renderer: &'a mut ReformatRenderer,
    job: Job<'a>,
    tone: &'a Tone,
    /// What a slab shows of the values that points give.
    mode: SlabMode,
    out: &'a mut Picture,
}

impl Draw for Screen<'_> {
    fn draw<P: Points>(self, points: impl Fn(&Cut) -> P) {
        let Self { renderer, job, tone, mode, out } = self;
        let Job { plane, pixel_from_screen, fine, depths, .. } = job;
        if let Some((first, size)) = job.grid(out) {
            let cut = Cut::of_pixels(plane).from(first);
            let lines = Lines { points: &points(&cut), depths, mode, fine: 1 };
            fill(&lines, size, &mut renderer.grid, &mut renderer.bands);
            let map = DAffine2::from_translation(-first) * pixel_from_screen;
            let map = map * DAffine2::from_translation(DVec2::splat(0.5));
            let grid = Grid { values: &renderer.grid, size, map };
            let lines = Lines { points: &grid, depths: &[0.0], mode, fine: 1 };
            paint(&lines, tone, out, &mut renderer.bands);
        } else {
            let cut = Cut::of_screen(plane, pixel_from_screen, fine);
            let lines = Lines { points: &points(&cut), depths, mode, fine: fine as usize };
            paint(&lines, tone, out, &mut renderer.bands);
        }
    }
}

fn paint<P: Points>(lines: &Lines<'_, P>, tone: &Tone, out: &mut Picture, bands: &mut Vec<Scratch>) {
    let width = out.size.width as usize;
    bands.resize_with(out.pixels.len().div_ceil(width * BAND_ROWS), Scratch::default);
    let bands = out.pixels.par_chunks_mut(width * BAND_ROWS).zip(bands.par_iter_mut());
    bands.enumerate().for_each(|(band, (pixels, scratch))| {
        let first_row = band * BAND_ROWS;
        pulp::Arch::new().dispatch(Band { lines, tone, first_row, width, scratch, pixels });
    });
}

fn fill<P: Points>(
    lines: &Lines<'_, P>,
    [width, rows]: [usize; 2],
    values: &mut Vec<f32>,
    bands: &mut Vec<Scratch>,
) {
    values.resize(width * rows, 0.0);
    bands.resize_with(rows.div_ceil(BAND_ROWS), Scratch::default);
    let bands = values.par_chunks_mut(width * BAND_ROWS).zip(bands.par_iter_mut());
    bands.enumerate().for_each(|(band, (values, scratch))| {
        let first_row = band * BAND_ROWS;
        pulp::Arch::new().dispatch(Fill { lines, first_row, width, scratch, values });
    });
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

/// The values at the centres of a plane's pixels, as 32-bit modality values: what a virtual frame's samples are.
///
/// Not a number outside the stack, in gaps, where samples are missing, and where padding takes part. Without thickness
/// they are computed in f64; a slab's to 1e-4 of the range of values.
pub fn sample_plane(
    volume: &Volume,
    plane: &FramePlane,
    size: FrameSize,
    slab: Slab,
    interpolation: Interpolation,
) -> Samples {
    let mut values = Vec::new();
    let cut = Cut::of_pixels(plane);
    let depths = &*depths(&volume.slices, plane.normal(), slab);
    let rescale = source::common_rescale(volume).unwrap_or(&ModalityTransform::IDENTITY);
    let mode = source::turned(slab.mode, rescale);
    let pixels = Pixels { cut, depths, mode, size, values: &mut values };
    let origin = Origin { base: 0.0, fill: f32::NAN, folded: true };
    // Thousands of points for a pixel would take seconds one by one.
    let done =
        if depths.len() > 1 { source::fast(volume, interpolation, origin, pixels) } else { Err(pixels) };
    if let Err(pixels) = done {
        let sampler = Sampler::new(volume, interpolation, None);
        Pixels { mode: slab.mode, ..pixels }.draw(|cut| Exact { sampler, cut: *cut, base: 0.0 });
    } else if *rescale != ModalityTransform::IDENTITY {
        for value in &mut values {
            *value = narrow(rescale.value(f64::from(*value)));
        }
    }
    Samples::F32(values)
}

/// Values of a plane's pixels to compute.
struct Pixels<'a> {
    cut: Cut,
    depths: &'a [f64],
    mode: SlabMode,
    size: FrameSize,
    values: &'a mut Vec<f32>,
}

impl Draw for Pixels<'_> {
    fn draw<P: Points>(self, points: impl Fn(&Cut) -> P) {
        let lines = Lines { points: &points(&self.cut), depths: self.depths, mode: self.mode, fine: 1 };
        fill(&lines, [self.size.columns.max(1), self.size.rows], self.values, &mut Vec::new());
    }
}

/// The modality value at a point, by trilinear interpolation; `None` where there is none, or padding takes part.
pub fn value_at(volume: &Volume, point: PatientPoint) -> Option<f64> {
    Sampler::new(volume, Interpolation::Linear, None).value(point)
}
