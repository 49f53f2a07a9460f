//! Marking voxels with the pointer: a region that grows from a click, brush and eraser. Nothing is in the case before
//! the button is let go.

use std::sync::Arc;

use super::growth::{GrowthQuestion, Region};
use super::placing::{Moved, Pointer};
use super::{Mark, Notice, Session, Shown, Tool, ViewportId};
use crate::case::{Edit, Kind, LesionMask, Measurement, MeasurementId, Points};
use crate::geometry::{Mm, PatientPoint, PixelPoint, SliceStack};
use crate::image::{Series, SeriesKey, Volume};
use crate::mask::{Brush, GrowError, Growth, Limit, Mask, Tip, grow};
use crate::work::Cancel;

/// mm around the seed whose values say what the region is like.
const SEED_MM: f64 = 2.5;
/// Standard deviations on either side that belong to it at first.
const WIDTH_SD: f64 = 2.5;
/// mm of a drag to the right that double the width.
const DOUBLING_MM: f64 = 25.0;

/// A mask being made or changed.
#[derive(Debug, Clone)]
pub(super) struct Molding {
    /// Where it began.
    viewport: ViewportId,
    /// The measurement that is changed; `None` for a new one.
    id: Option<MeasurementId>,
    series: SeriesKey,
    /// As it would be now.
    pub(super) working: Arc<Measurement>,
    how: How,
    /// What has to be answered before it enters the case: the button is let go already.
    question: Option<GrowthQuestion>,
}

#[derive(Debug, Clone)]
enum How {
    Grow(Box<Growing>),
    Stroke { last: PatientPoint, brush: Brush },
}

/// A region that grows.
#[derive(Debug, Clone)]
struct Growing {
    seed: Seed,
    region: Region,
}

/// Where a region grows from, and what the values are like there.
#[derive(Debug, Clone)]
pub(super) struct Seed {
    pub(super) voxel: [usize; 3],
    from: PatientPoint,
    /// The mean value around it.
    pub(super) mean: f64,
    half_width: f64,
    /// What was marked before.
    before: Option<Mask>,
}

impl Molding {
    /// Where it began.
    pub(super) fn viewport(&self) -> ViewportId {
        self.viewport
    }

    /// What has to be answered before it enters the case.
    pub(super) fn question(&self) -> Option<&GrowthQuestion> {
        self.question.as_ref()
    }
}

impl Session {
    /// Whether a mask is being made or changed.
    pub(super) fn is_molding(&self) -> bool {
        self.molding.is_some()
    }

    /// The measurement that a mask would become, if one is being made or changed.
    pub(super) fn molded(&self, id: MeasurementId) -> Option<&Arc<Measurement>> {
        self.molding.as_ref().filter(|molding| molding.id == Some(id)).map(|molding| &molding.working)
    }

    /// The mark of a mask that is new.
    pub(super) fn new_mold(&self, shown: &Shown<'_>) -> Option<Mark> {
        let molding = self.molding.as_ref().filter(|molding| molding.id.is_none())?;
        let outlines = self.outlines(&molding.working, shown)?;
        let values = self.evaluate_anywhere(&molding.working);
        let lines = super::marks::lines(&molding.working, Some(&values), self.label_style());
        Some(Mark { measurement: Arc::clone(&molding.working), lines, selected: true, outlines })
    }

    /// The pointer of the growing tool, the brush and the eraser.
    pub(super) fn mold(&mut self, id: ViewportId, pointer: Pointer<PixelPoint>) {
        match pointer {
            Pointer::Press(at) => {
                // What was asked about is dropped: another region begins.
                self.molding = None;
                self.begin_mold(id, at);
            }
            Pointer::Cancel => self.molding = None,
            // The region as it was let go is asked about.
            _ if self.growth_question().is_some() => {}
            Pointer::Move(at) => self.go_on_molding(id, at),
            Pointer::Release(at, moved) => {
                if moved == Moved::Yes {
                    self.go_on_molding(id, at);
                }
                self.end_mold();
            }
            Pointer::Finish => {}
        }
    }

    fn begin_mold(&mut self, id: ViewportId, at: PixelPoint) {
        let begun = match self.tool {
            Tool::Grow => self.begin_growth(id, at),
            Tool::Brush | Tool::Eraser => self.begin_stroke(id, at),
            Tool::Window
            | Tool::Pan
            | Tool::Zoom
            | Tool::AutoWindow
            | Tool::Crosshair
            | Tool::Density
            | Tool::Measure(_) => return,
        };
        match begun {
            Ok(molding) => self.molding = Some(molding),
            Err((summary, details)) => self.tell(Notice::warning(summary, details)),
        }
    }

    fn go_on_molding(&mut self, id: ViewportId, at: PixelPoint) {
        let Some(mut molding) = self.molding.take() else { return };
        if let Some((series, point)) = self.place_in(id, at, &molding.series) {
            let next = match &mut molding.how {
                How::Grow(growing) => {
                    let wider = growing.seed.wider(self.dragged_right(id, growing.seed.from, point));
                    let grown = self.grown(&series, &growing.seed, wider).ok();
                    grown.and_then(|region| {
                        growing.region = region;
                        growing.marked().ok()
                    })
                }
                How::Stroke { last, brush } => {
                    let painted = painted(&molding.working, &series, &[*last, point], brush);
                    *last = point;
                    painted
                }
            };
            if let Some(voxels) = next {
                molding.working = with_voxels(&molding.working, voxels);
            }
        }
        self.molding = Some(molding);
    }

    /// The button is let go: what grew and is doubtful waits for an answer.
    fn end_mold(&mut self) {
        let Some(mut molding) = self.molding.take() else { return };
        if let How::Grow(growing) = &molding.how
            && let Some(volume) = self.library.series(&molding.series).and_then(|series| self.volume(series))
        {
            molding.question = self.question_of(&growing.seed, &growing.region, &volume);
        }
        if molding.question.is_some() {
            self.molding = Some(molding);
        } else {
            self.take_mold(molding);
        }
    }

    /// One edit; a mask without a voxel goes.
    pub(super) fn take_mold(&mut self, molding: Molding) {
        let Some(mask) = molding.working.mask.clone() else { return };
        let empty = mask.voxels.is_empty();
        match (molding.id, &molding.how) {
            (Some(id), _) if empty => self.commit(Edit::Remove(id)),
            (None, _) if empty => {}
            (Some(id), How::Grow(_)) => self.commit(Edit::SetMask(id, mask, "grow mask")),
            (Some(id), How::Stroke { brush, .. }) => {
                let how = if brush.erase { "erase from mask" } else { "paint mask" };
                self.commit(Edit::SetMask(id, mask, how));
            }
            (None, _) => self.add(Arc::unwrap_or_clone(molding.working)),
        }
        if let Some(id) = molding.id.filter(|id| self.case().measurement(*id).is_some()) {
            self.selected = Some(id);
        }
    }

    /// The series and the point of the patient under a pixel, where the viewport shows a series of that one's space.
    fn place_in(
        &self,
        id: ViewportId,
        at: PixelPoint,
        key: &SeriesKey,
    ) -> Option<(Arc<Series>, PatientPoint)> {
        let series = self.library.series(key)?;
        let shown = self.shown(id).filter(|shown| shown.series.shares_space(series))?;
        Some((Arc::clone(series), shown.frame.plane?.patient_from_pixel(at)))
    }

    /// How far (mm) the pointer went to the right on the screen, however the view is turned.
    fn dragged_right(&self, id: ViewportId, from: PatientPoint, to: PatientPoint) -> Mm {
        let Some(shown) = self.shown(id) else { return Mm(0.0) };
        let Some(plane) = shown.frame.plane else { return Mm(0.0) };
        let resolved = shown.viewport.view.resolve(shown.frame, self.workspace.size(id));
        let x = |point| resolved.screen_from_pixel(plane.pixel_from_patient(point).0).0.x;
        Mm((x(to) - x(from)) * resolved.mm_per_pixel)
    }

    fn begin_growth(&self, viewport: ViewportId, at: PixelPoint) -> Result<Molding, Refusal> {
        let (series, slices, point) = self.volume_at(viewport, at)?;
        let voxel = slices.voxel_from_patient(point).ok_or(OUTSIDE)?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a voxel of the stack")]
        let index = |value: f64, count: usize| (value.round().max(0.0) as usize).min(count.saturating_sub(1));
        let [columns, rows] = slices.size();
        let voxel = [index(voxel.x, columns), index(voxel.y, rows), index(voxel.z, slices.slices())];
        let (mean, sd) = self.values_around(&series, &slices, voxel).ok_or(NOT_LOADED)?;
        let (measurement, id) = self.mask_of(&series, point, voxel[2]);
        let before = id.and(measurement.mask.as_ref()).map(|mask| mask.voxels.clone());
        let seed =
            Seed { voxel, from: point, mean, half_width: (WIDTH_SD * sd).max(1e-6 * mean.abs()), before };
        let region = self.grown(&series, &seed, seed.half_width)?;
        let growing = Growing { seed, region };
        let working = with_voxels(&measurement, growing.marked()?);
        let how = How::Grow(Box::new(growing));
        Ok(Molding { viewport, id, series: series.key(), working, how, question: None })
    }

    fn begin_stroke(&self, viewport: ViewportId, at: PixelPoint) -> Result<Molding, Refusal> {
        let (series, slices, point) = self.volume_at(viewport, at)?;
        let shown = self.shown(viewport).ok_or(NO_VOLUME)?;
        let tip =
            if self.settings.brush_is_ball { Tip::Ball } else { flat_tip(&shown, &slices).ok_or(OUTSIDE)? };
        let erase = self.tool == Tool::Eraser;
        let brush = Brush { radius: Mm(self.settings.brush_mm), tip, erase };
        let slice = super::planes::nearest_slice(&series, point).unwrap_or(0);
        let (measurement, id) = self.mask_of(&series, point, slice);
        if erase && id.is_none() {
            return Err(NOTHING_TO_ERASE);
        }
        let voxels = painted(&measurement, &series, &[point], &brush).ok_or(NO_VOLUME)?;
        let working = with_voxels(&measurement, voxels);
        let how = How::Stroke { last: point, brush };
        Ok(Molding { viewport, id, series: series.key(), working, how, question: None })
    }

    /// The series shown, its slices and the point of the patient under a pixel.
    fn volume_at(
        &self,
        id: ViewportId,
        at: PixelPoint,
    ) -> Result<(Arc<Series>, Arc<SliceStack>, PatientPoint), Refusal> {
        let shown = self.shown(id).ok_or(NO_VOLUME)?;
        let plane = shown.frame.plane.ok_or(NO_VOLUME)?;
        let slices = shown.series.slices.as_ref().map_err(|_why| NO_VOLUME)?;
        Ok((Arc::clone(shown.series), Arc::clone(slices), plane.patient_from_pixel(at)))
    }

    /// The mask of this series that is worked on: the one selected, else the last of the lesion in focus, else a new one.
    fn mask_of(
        &self,
        series: &Series,
        at: PatientPoint,
        slice: usize,
    ) -> (Arc<Measurement>, Option<MeasurementId>) {
        let is_of = |measurement: &&Arc<Measurement>| {
            measurement.mask.as_ref().is_some_and(|mask| mask.is_of(series))
        };
        // Work on another lesion does not go into the mask of this one.
        let in_question = |measurement: &&Arc<Measurement>| {
            is_of(measurement) && (self.focus.is_none() || measurement.lesion == self.focus)
        };
        let selected = self.selected.and_then(|id| self.case().measurement(id)).filter(in_question);
        let in_focus = || {
            let mut all = self.case().measurements.iter().rev().filter(is_of);
            all.find(|measurement| self.focus.is_some() && measurement.lesion == self.focus)
        };
        match selected.or_else(in_focus) {
            Some(old) => (Arc::clone(old), Some(old.id)),
            None => (Arc::new(fresh(series, at, slice)), None),
        }
    }

    /// Mean and SD of the values around a voxel in its slice.
    fn values_around(&self, series: &Series, slices: &SliceStack, voxel: [usize; 3]) -> Option<(f64, f64)> {
        let frame = series.frames.get(voxel[2])?;
        let samples = self.samples(frame)?;
        let spacing = slices.first().spacing();
        let [columns, rows] = slices.size();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few pixels")]
        let reach = |step: f64| ((SEED_MM / step).floor() as usize).max(1);
        let (across, down) = (reach(spacing.between_columns.0), reach(spacing.between_rows.0));
        let mut values = Vec::new();
        for row in voxel[1].saturating_sub(down)..=(voxel[1] + down).min(rows - 1) {
            for column in voxel[0].saturating_sub(across)..=(voxel[0] + across).min(columns - 1) {
                let stored = samples.stored(row * columns + column);
                values.extend(stored.and_then(|stored| frame.measured(stored)));
            }
        }
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>();
        (n > 1.0 && mean.is_finite()).then(|| (mean, (squares / (n - 1.0)).sqrt()))
    }

    /// What hangs together with the seed within a width of values.
    fn grown(&self, series: &Series, seed: &Seed, half_width: f64) -> Result<Region, Refusal> {
        let volume = self.volume(series).ok_or(NO_VOLUME)?;
        let settings = &self.settings;
        let limit = Limit { radius: Some(Mm(settings.grow_reach_mm)), voxels: None };
        let open = Some(Mm(settings.grow_open_mm)).filter(|open| open.0 > 0.0);
        let growth = Growth { limit, open, ..Growth::from_seed(seed.voxel) };
        let range = [seed.mean - half_width, seed.mean + half_width];
        let accepts = |slice: usize| accepted(&volume, slice, range);
        let cancel = Cancel::default();
        let found = match grow(&volume.slices, &growth, accepts, &cancel) {
            // A thin lesion has no room for the ball that keeps others from leaking.
            Err(GrowError::Thin(_) | GrowError::NotAccepted) => {
                let anyway = Growth { open: None, ..growth };
                grow(&volume.slices, &anyway, accepts, &cancel)
            }
            found => found,
        };
        match found {
            Ok(grown) => Ok(Region { voxels: grown.mask, missing: grown.missing.len() }),
            Err(GrowError::Missing(_)) => Err(NOT_LOADED),
            Err(GrowError::Outside(_)) => Err(OUTSIDE),
            // The seed's own value may lie beyond what its surroundings are like.
            Err(GrowError::NotAccepted | GrowError::Thin(_) | GrowError::Mask(_)) => {
                Ok(Region { voxels: Mask::empty_on(&volume.slices), missing: 0 })
            }
        }
    }
}

impl Growing {
    /// The region, and what was marked before.
    fn marked(&self) -> Result<Mask, Refusal> {
        match &self.seed.before {
            Some(before) => before.union(&self.region.voxels).map_err(|_size| NO_VOLUME),
            None => Ok(self.region.voxels.clone()),
        }
    }
}

impl Seed {
    /// The middle of the voxel.
    pub(super) fn centre(&self, slices: &SliceStack) -> PatientPoint {
        slices.patient_from_voxel(glam::DVec3::from(self.voxel.map(|at| at as f64)))
    }

    /// The width after a drag: to the right it grows, to the left it shrinks.
    fn wider(&self, dragged: Mm) -> f64 {
        self.half_width * (dragged.0 / DOUBLING_MM).exp2()
    }
}

/// What happened, and what to do.
type Refusal = (&'static str, &'static str);

const NO_VOLUME: Refusal =
    ("This series is no volume.", "A mask needs parallel slices that say where they lie in the patient.");
const OUTSIDE: Refusal = ("There is no voxel here.", "Click within the slices.");
const NOT_LOADED: Refusal =
    ("The slices are still being loaded.", "Wait until they are there and try again.");
const NOTHING_TO_ERASE: Refusal =
    ("There is no mask to erase from.", "Select a mask of this series, or paint one first.");

/// A mask of a series; `at` is where it was begun, on that slice.
pub(super) fn mask_on(series: &Series, voxels: Mask, at: PatientPoint, slice: usize) -> Measurement {
    let points = Points::Patient {
        space: series.space.clone(),
        points: vec![at],
        drawn_on: series.frames.get(slice).map(|frame| frame.of.clone()),
    };
    let mask = Some(Arc::new(LesionMask::new(series, voxels)));
    let study = Some(series.study.uid.clone());
    Measurement { study, mask, ..Measurement::new(Kind::Mask, points) }
}

/// A mask without a voxel.
fn fresh(series: &Series, at: PatientPoint, slice: usize) -> Measurement {
    let voxels =
        series.slices.as_ref().map_or_else(|_why| Mask::empty([1, 1, 1]), |slices| Mask::empty_on(slices));
    mask_on(series, voxels, at, slice)
}

fn with_voxels(measurement: &Measurement, voxels: Mask) -> Arc<Measurement> {
    let mask = measurement.mask.as_ref().map(|mask| Arc::new(mask.with(voxels)));
    Arc::new(Measurement { mask, ..measurement.clone() })
}

fn painted(measurement: &Measurement, series: &Series, way: &[PatientPoint], brush: &Brush) -> Option<Mask> {
    let slices = series.slices.as_ref().ok()?;
    measurement.mask.as_ref()?.voxels.paint(slices, way, brush, None).ok()
}

/// A disc in the slice or on the plane shown.
fn flat_tip(shown: &Shown<'_>, slices: &SliceStack) -> Option<Tip> {
    if shown.viewport.view.reformat().is_none() {
        return Some(Tip::Disc { slice: shown.index });
    }
    let plane = shown.frame.plane?;
    let normal = plane.normal();
    // As thick as voxels are in that direction: a plane one step on is painted by itself.
    let half = slices.step_along(normal) * 0.5;
    Some(Tip::Plane { point: plane.origin(), normal, half })
}

/// The pixels of a slice within a range of modality values, as the mask module takes them.
fn accepted(volume: &Volume, slice: usize, [low, high]: [f64; 2]) -> Option<Vec<u64>> {
    let (frame, samples) = (volume.frames.get(slice)?, volume.samples.get(slice)?.as_ref()?);
    let there = samples.there();
    let mut words = vec![0_u64; samples.len().div_ceil(64)];
    let belongs = |stored: f64| frame.measured(stored).is_some_and(|value| (low..=high).contains(&value));
    crate::with_samples!(
        &***samples,
        grey => mark(&mut words, grey.get(..there).unwrap_or(grey), belongs),
        _rgb => return None
    );
    Some(words)
}

fn mark<T: Copy + Into<f64>>(words: &mut [u64], samples: &[T], belongs: impl Fn(f64) -> bool) {
    for (index, sample) in samples.iter().enumerate() {
        words[index / 64] |= u64::from(belongs((*sample).into())) << (index % 64);
    }
}
