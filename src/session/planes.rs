//! Planes cut through volumes: showing, moving, turning them, and the values on them.

use std::ops::Range;
use std::sync::Arc;

use glam::{DVec2, DVec3};

use super::workspace::{Viewport, WindowOrigin};
use super::{Notice, Session, Shown, ViewportId};
use crate::case::{DrawnPlane, EvaluateError, Measurement, Padding, Points, evaluate};
use crate::geometry::{FramePlane, Mm, PatientPoint, PixelPoint, SliceStack};
use crate::image::{Decoded, Frame, FrameSize, Samples, Series, SeriesKey, Volume};
use crate::render::{sample_plane, slices_of_part, value_at};
use crate::view::{Framing, Interpolation, Plane, Reformat, Slab, SlabMode, Slice};

/// The thickest slab.
pub const THICKEST: Mm = Mm(200.0);

/// Which slices a viewport shows of its series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cut {
    /// The frames as they were acquired.
    Acquired,
    /// Planes across the patient's long axis.
    Axial,
    /// Planes that part front from back.
    Coronal,
    /// Planes that part left from right.
    Sagittal,
}

impl Cut {
    /// Every way, in menu order.
    pub const ALL: [Self; 4] = [Self::Acquired, Self::Axial, Self::Coronal, Self::Sagittal];

    /// The name in menus.
    pub fn name(self) -> &'static str {
        match self {
            Self::Acquired => "As acquired",
            Self::Axial => "Axial",
            Self::Coronal => "Coronal",
            Self::Sagittal => "Sagittal",
        }
    }

    /// The plane of that direction through a point; none for acquired slices.
    pub fn plane(self, through: PatientPoint) -> Option<Plane> {
        match self {
            Self::Acquired => None,
            Self::Axial => Some(Plane::axial(through)),
            Self::Coronal => Some(Plane::coronal(through)),
            Self::Sagittal => Some(Plane::sagittal(through)),
        }
    }
}

/// The parallel planes that a wheel steps through: one after the other across the whole stack.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Run {
    /// mm along the normal of the first plane.
    low: f64,
    /// mm of the last plane.
    high: f64,
    /// mm from plane to plane: the voxels' own distance in that direction.
    step: f64,
}

impl Run {
    pub(super) fn of(slices: &SliceStack, normal: DVec3) -> Self {
        let along = slices.corners().map(|corner| corner.0.dot(normal));
        let step = slices.step_along(normal).0;
        let anchor = slices.first().origin().0.dot(normal);
        let reach = |at: f64| (at - anchor) / step;
        let low = along.iter().copied().map(reach).fold(f64::INFINITY, f64::min);
        let high = along.iter().copied().map(reach).fold(f64::NEG_INFINITY, f64::max);
        // Planes through voxel centres, none of them on the outer edge.
        let first = (low + 1e-6).ceil();
        let last = (high - 1e-6).floor().max(first);
        Self { low: anchor + first * step, high: anchor + last * step, step }
    }

    /// How many planes there are.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand planes")]
    pub(super) fn count(&self) -> usize {
        ((self.high - self.low) / self.step).round() as usize + 1
    }

    /// The plane nearest to a place, from 0.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand planes")]
    pub(super) fn index(&self, at: f64) -> usize {
        ((at.clamp(self.low, self.high) - self.low) / self.step).round() as usize
    }

    /// mm along the normal of the n-th plane, from 0.
    pub(super) fn place(&self, index: usize) -> f64 {
        self.low + index.min(self.count() - 1) as f64 * self.step
    }
}

impl Session {
    /// The samples of a series as a volume, as far as they are loaded; `None` where it is none.
    pub fn volume(&self, series: &Series) -> Option<Volume> {
        Volume::new(series, |frame| self.samples(frame).cloned())
    }

    /// The same with the samples of these slices alone: a plane holds no others.
    pub(super) fn volume_part(&self, series: &Series, slices: &Range<usize>) -> Option<Volume> {
        let frames = series.frames.get(slices.clone()).into_iter().flatten();
        Volume::part(series, slices, frames.map(|frame| self.samples(frame).cloned()).collect())
    }

    /// A viewport's plane covers its series as it is now, while files still come; back to slices if it is no volume.
    pub(super) fn follow_plane(&mut self, id: ViewportId) {
        self.follow_stack(id);
        let Some(viewport) = self.workspace.viewport(id) else { return };
        let (Some(reformat), Some(series)) =
            (viewport.view.reformat().copied(), self.library.series(&viewport.series).cloned())
        else {
            return;
        };
        let Some(frame) = computed_frame(&series, &reformat) else {
            self.show_acquired(id, &series, reformat.plane.through);
            return;
        };
        let size = self.workspace.size(id);
        if let Some(viewport) = self.workspace.viewport_mut(id)
            && viewport.computed.as_deref() != Some(&frame)
        {
            if viewport.fitted {
                viewport.view.framing = Framing::fit(&frame, size);
            }
            viewport.computed = Some(Arc::new(frame));
        }
    }

    /// Where files that came have split the series, the stack around the plane's point goes on being shown.
    fn follow_stack(&mut self, id: ViewportId) {
        let Some(viewport) = self.workspace.viewport(id) else { return };
        let Some(through) = viewport.view.reformat().map(|reformat| reformat.plane.through) else { return };
        let moved = |key: &SeriesKey| {
            let gone = self.library.series(key).is_none();
            gone.then(|| self.library.stack_around(key, through).map(|series| series.key())).flatten()
        };
        let series = moved(&viewport.series);
        let over = viewport.over.as_ref().and_then(|over| moved(&over.series));
        let Some(viewport) = self.workspace.viewport_mut(id) else { return };
        if let Some(series) = series {
            viewport.series = series;
        }
        if let (Some(over), Some(key)) = (&mut viewport.over, over) {
            over.series = key;
        }
    }

    /// Shows other slices of the series in a viewport; the middle of what is seen stays in sight.
    pub(super) fn set_cut(&mut self, id: ViewportId, cut: Cut) {
        let Some(shown) = self.shown(id) else { return };
        let series = Arc::clone(shown.series);
        // Only if it is what the reader looks at: scrolling does not move it.
        let crosshair = self.crosshair_in(&series.space).filter(|point| self.is_seen(&shown, *point));
        let point = crosshair.or_else(|| {
            let slices = series.slices.as_ref().ok()?;
            let seen = shown.middle()?;
            Some(if slices.voxel_from_patient(seen).is_some() { seen } else { slices.middle() })
        });
        let slices = match &series.slices {
            Ok(slices) => slices,
            Err(why) if cut != Cut::Acquired => {
                let details = format!("This series is no volume: {why}.");
                self.tell(Notice::warning("No other plane can be cut here.", details));
                return;
            }
            Err(_) => return,
        };
        let point = point.unwrap_or_else(|| slices.middle());
        match cut.plane(point) {
            Some(plane) => self.set_plane(id, plane),
            None => self.show_acquired(id, &series, point),
        }
    }

    /// Whether a point lies in the volume and on what a viewport shows of it, and its crosshair is to be seen.
    fn is_seen(&self, shown: &Shown<'_>, point: PatientPoint) -> bool {
        let [before, after] = shown.reach();
        let inside =
            shown.series.slices.as_ref().is_ok_and(|slices| slices.voxel_from_patient(point).is_some());
        let on = shown.frame.plane.is_some_and(|plane| {
            let off = plane.pixel_from_patient(point).1.0;
            off >= -before - 1e-6 && off <= after + 1e-6
        });
        inside && on && !self.workspace.crosshair_hidden
    }

    /// Back to the acquired slice that is nearest to a point.
    fn show_acquired(&mut self, id: ViewportId, series: &Series, point: PatientPoint) {
        let Some(index) = nearest_slice(series, point) else { return };
        let size = self.workspace.size(id);
        let Some(frame) = series.frames.get(index) else { return };
        if let Some(viewport) = self.workspace.viewport_mut(id) {
            viewport.view.of = Slice::Acquired(frame.of.clone());
            viewport.view.framing = Framing::fit(frame, size);
            viewport.computed = None;
            viewport.fitted = true;
        }
        self.want_all();
    }

    /// Shows a plane of the series in a viewport. Where its direction is new, the middle stays where it was.
    pub(super) fn set_plane(&mut self, id: ViewportId, plane: Plane) {
        let slab =
            self.workspace.viewport(id).and_then(|v| v.view.reformat()).map_or(Slab::default(), |r| r.slab);
        self.set_reformat(id, Reformat { plane, slab });
    }

    pub(super) fn set_reformat(&mut self, id: ViewportId, reformat: Reformat) {
        let size = self.workspace.size(id);
        let Some(shown) = self.shown(id) else { return };
        let was_plane = shown.viewport.view.reformat().map(|reformat| reformat.plane);
        let middle = shown.middle();
        let Some(frame) = computed_frame(shown.series, &reformat) else { return };
        let turned =
            was_plane.is_none_or(|was| was.right != reformat.plane.right || was.down != reformat.plane.down);
        let Some(viewport) = self.workspace.viewport_mut(id) else { return };
        if was_plane.is_none() {
            viewport.view.framing = Framing::fit(&frame, size);
            viewport.fitted = true;
        } else if turned && let (Some(plane), Some(middle)) = (&frame.plane, middle) {
            let (pixel, _) = plane.pixel_from_patient(middle);
            viewport.view.framing.center = plane.spacing().mm_from_pixel(pixel.0);
            viewport.fitted = false;
        }
        viewport.view.of = Slice::Reformat(reformat);
        viewport.computed = Some(Arc::new(frame));
        self.want_all();
    }

    /// Another thickness: of an acquired slice there is none to choose.
    pub(super) fn set_slab(&mut self, id: ViewportId, slab: Slab) {
        let Some(reformat) = self.workspace.viewport(id).and_then(|v| v.view.reformat()).copied() else {
            return;
        };
        let thickness = Mm(slab.thickness.0.clamp(0.0, THICKEST.0));
        self.set_reformat(id, Reformat { slab: Slab { thickness, ..slab }, ..reformat });
    }

    /// Steps along the planes' normal, as the wheel does; `true` where the viewport shows a plane.
    pub(super) fn scroll_plane(&mut self, id: ViewportId, steps: isize) -> bool {
        let Some((reformat, run)) = self.run_of(id) else { return false };
        let at = reformat.plane.through.0.dot(reformat.plane.normal());
        let index = run.index(at).saturating_add_signed(steps);
        self.go_to_place(id, &reformat, run.place(index) - at);
        true
    }

    fn go_to_place(&mut self, id: ViewportId, reformat: &Reformat, step: f64) {
        self.set_plane(id, reformat.plane.moved(Mm(step)));
    }

    /// Moves the plane of a viewport to a point, as far as the stack goes.
    pub(super) fn go_through(&mut self, id: ViewportId, point: PatientPoint) {
        let Some((reformat, run)) = self.run_of(id) else { return };
        let normal = reformat.plane.normal();
        let step = point.0.dot(normal).clamp(run.low, run.high) - reformat.plane.through.0.dot(normal);
        if step.abs() > 1e-9 {
            self.go_to_place(id, &reformat, step);
        }
    }

    fn run_of(&self, id: ViewportId) -> Option<(Reformat, Run)> {
        let shown = self.shown(id)?;
        let reformat = *shown.viewport.view.reformat()?;
        Some((reformat, Run::of(shown.series.slices.as_ref().ok()?, reformat.plane.normal())))
    }

    /// Three planes and a free one of the active series, through the middle of what is seen of it.
    pub(super) fn show_planes(&mut self, id: ViewportId) {
        let Some(shown) = self.shown(id) else { return };
        let series = Arc::clone(shown.series);
        let Ok(slices) = &series.slices else {
            self.set_cut(id, Cut::Axial);
            return;
        };
        let seen = shown.middle().filter(|seen| slices.voxel_from_patient(*seen).is_some());
        let point = seen.unwrap_or_else(|| slices.middle());
        let look = shown.viewport.view.look.clone();
        let (window, over) = (shown.viewport.window, shown.viewport.over.clone());
        self.waiting = None;
        self.workspace.set_layout(super::Layout { columns: 2, rows: 2 });
        let key = series.key();
        // The free one starts half way between the coronal and the sagittal plane.
        let free = Plane::coronal(point).turned(point, DVec3::Z, std::f64::consts::FRAC_PI_4);
        let planes = [Plane::axial(point), Plane::coronal(point), Plane::sagittal(point), free];
        for (index, plane) in planes.into_iter().enumerate() {
            let id = ViewportId(index);
            self.show_series(id, &key);
            self.set_plane(id, plane);
            if let Some(viewport) = self.workspace.viewport_mut(id) {
                viewport.view.look = look.clone();
                viewport.window = window;
                viewport.over.clone_from(&over);
            }
        }
        self.want_all();
        self.workspace.active = ViewportId(0);
        self.workspace.crosshair_hidden = false;
        self.point_at(ViewportId(0), point);
    }
}

impl Session {
    /// The samples of what a viewport shows: those of the frame, or interpolated on the plane.
    pub fn values_shown(&self, id: ViewportId) -> Option<Arc<Decoded>> {
        let shown = self.shown(id)?;
        let Some(reformat) = shown.viewport.view.reformat() else {
            return self.samples(shown.frame).cloned();
        };
        let (series, slices) = self.slices_needed(&shown).into_iter().next()?;
        let volume = self.volume_part(series, &slices)?;
        let plane = shown.frame.plane?;
        let samples = sample_plane(&volume, &plane, shown.frame.size, reformat.slab, Interpolation::Linear);
        Some(Arc::new(samples.into()))
    }

    /// The modality value that a plane shows at a point: interpolated there, or what it shows of its thickness.
    pub fn value_on_plane(&self, shown: &Shown<'_>, series: &Series, point: PatientPoint) -> Option<f64> {
        let volume = self.volume(series)?;
        let slab = shown.viewport.view.reformat().map_or(Slab::default(), |reformat| reformat.slab);
        if slab.thickness.0 <= 0.0 {
            return value_at(&volume, point);
        }
        let plane = shown.frame.plane?;
        let there = FramePlane::new(point, plane.right(), plane.down(), plane.spacing()).ok()?;
        let pixel = FrameSize { columns: 1, rows: 1 };
        let samples = sample_plane(&volume, &there, pixel, slab, Interpolation::Linear);
        let Samples::F32(values) = samples else { return None };
        values.first().copied().map(f64::from).filter(|value| value.is_finite())
    }

    /// The values of something drawn on a plane, from the volume as far as it is loaded.
    pub(super) fn evaluate_on_plane(&self, measurement: &Measurement, drawn: &DrawnPlane) -> super::Values {
        let series = self.library.drawn_on(drawn).ok_or(EvaluateError::NotOnFrame)?;
        let frames = self.frames_of_values(measurement);
        if frames.iter().any(|frame| self.library.pixels(frame).is_none()) {
            return Err(EvaluateError::NoSamples);
        }
        let part = part_measured(measurement, &drawn.reformat, series);
        let part = part.filter(|_| measurement.kind.needs_samples());
        let volume = part.and_then(|(_, slices)| self.volume_part(series, &slices));
        evaluate_on_plane(measurement, &drawn.reformat, series, volume.as_ref(), Padding::Exclude)
    }
}

/// The values of something drawn on a plane: interpolated there on square pixels of the volume's finest spacing.
///
/// Kinds without samples need no volume.
pub fn evaluate_on_plane(
    measurement: &Measurement,
    reformat: &Reformat,
    series: &Series,
    volume: Option<&Volume>,
    padding: Padding,
) -> super::Values {
    let frame = computed_frame(series, reformat).ok_or(EvaluateError::NotOnFrame)?;
    if !measurement.kind.needs_samples() {
        return evaluate(measurement, &frame, None, padding);
    }
    let (frame, slices) = part_measured(measurement, reformat, series).ok_or(EvaluateError::NotOnFrame)?;
    let plane = frame.plane.ok_or(EvaluateError::NotOnFrame)?;
    let volume = volume.ok_or(EvaluateError::NotOnFrame)?;
    let needed = volume.samples.get(slices).unwrap_or_default();
    if needed.iter().any(Option::is_none) {
        return Err(EvaluateError::NoSamples);
    }
    let samples = sample_plane(volume, &plane, frame.size, reformat.slab, Interpolation::Linear).into();
    evaluate(measurement, &frame, Some(&samples), padding)
}

/// The part of a plane that something drawn on it is measured on, and the slices that its values come from: no others are
/// read for it. `None` where it does not lie on the plane.
pub fn part_measured(
    measurement: &Measurement,
    reformat: &Reformat,
    series: &Series,
) -> Option<(Frame, Range<usize>)> {
    let frame = around(&computed_frame(series, reformat)?, &measurement.points)?;
    let size = [frame.size.columns, frame.size.rows];
    let slices = series.slices.as_ref().ok()?;
    let slices = slices_of_part(slices, frame.plane.as_ref()?, size, reformat.slab, Interpolation::Linear);
    Some((frame, slices))
}

/// The part of a computed frame that points lie in, with a rim: more need not be sampled.
fn around(frame: &Frame, points: &Points) -> Option<Frame> {
    const RIM: f64 = 2.0;
    let pixels = points.on_frame(frame)?;
    let low = pixels.iter().fold(DVec2::INFINITY, |low, p| low.min(p.0)) - RIM;
    let high = pixels.iter().fold(DVec2::NEG_INFINITY, |high, p| high.max(p.0)) + RIM;
    // The tips of an ellipse say only half of its extent.
    let reach = high - low;
    let last = DVec2::new(frame.size.columns as f64 - 1.0, frame.size.rows as f64 - 1.0);
    let first = (low - reach).floor().max(DVec2::ZERO).min(last);
    let size = ((high + reach).ceil().min(last) - first).max(DVec2::ZERO) + 1.0;
    let plane = frame.plane?;
    let origin = plane.patient_from_pixel(PixelPoint(first));
    let plane = FramePlane::new(origin, plane.right(), plane.down(), plane.spacing()).ok()?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the frame")]
    let size = FrameSize { columns: size.x as usize, rows: size.y as usize };
    Some(Frame { plane: Some(plane), size, ..frame.clone() })
}

/// The plane as a frame that covers the whole volume; `None` where the series is none.
pub fn computed_frame(series: &Series, reformat: &Reformat) -> Option<Frame> {
    let slices = series.slices.as_ref().ok()?;
    let Reformat { plane, slab } = reformat;
    let (plane, size) = slices.covering(plane.through, plane.right, plane.down)?;
    let thickness = Some(slab.thickness).filter(|thickness| thickness.0 > 0.0);
    Some(series.frames.first()?.reformatted(plane, size, thickness))
}

/// The acquired slice whose plane is nearest to a point.
pub(super) fn nearest_slice(series: &Series, point: PatientPoint) -> Option<usize> {
    nearest_of(series, None, |plane| Some(plane.pixel_from_patient(point).1.0.abs()))
}

/// The frame whose plane is the least off; of several at one place the one that is shown stays, if it is of them.
pub(super) fn nearest_of(
    series: &Series,
    shown: Option<usize>,
    off: impl Fn(&FramePlane) -> Option<f64>,
) -> Option<usize> {
    let off = |frame: &Arc<Frame>| off(frame.plane.as_ref()?);
    let offs = series.frames.iter().enumerate().filter_map(|(index, frame)| Some((off(frame)?, index)));
    let (least, nearest) = offs.min_by(|a, b| a.0.total_cmp(&b.0))?;
    let stays =
        |index: &usize| series.frames.get(*index).and_then(off).is_some_and(|now| now <= least + 1e-6);
    Some(shown.filter(stays).unwrap_or(nearest))
}

/// Where a plane lies and how thick it is: `coronal, MIP 20.0 mm, P -2.1 mm`.
pub fn plane_place(reformat: &Reformat) -> String {
    let normal = reformat.plane.normal();
    let along = reformat.plane.through.0.dot(normal);
    format!(
        "{}, {} {} mm",
        plane_words(reformat),
        crate::geometry::direction_letters(normal),
        crate::numbers::decimal(along, 1)
    )
}

/// What people call the plane of a view and its thickness: `coronal, MIP 20.0 mm`.
pub fn plane_words(reformat: &Reformat) -> String {
    let name = reformat.plane.name();
    slab_words(reformat.slab).map_or_else(|| name.to_owned(), |slab| format!("{name}, {slab}"))
}

/// What is shown of a thickness: `MIP 20.0 mm`; nothing of a plane without one.
pub fn slab_words(slab: Slab) -> Option<String> {
    let mode = match slab.mode {
        SlabMode::Mean => "mean",
        SlabMode::Mip => "MIP",
        SlabMode::MinIp => "MinIP",
    };
    (slab.thickness.0 > 0.0).then(|| format!("{mode} {}", slab.thickness))
}

/// A viewport that shows a series for the first time.
pub(super) fn fresh(series: SeriesKey, view: crate::view::View, window: WindowOrigin) -> Viewport {
    Viewport { series, view, fitted: true, window, cine: false, over: None, untouched: false, computed: None }
}
