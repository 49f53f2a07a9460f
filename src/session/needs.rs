//! Which images are needed for what is shown and measured, and whether they fit into the memory that they may take.
//!
//! One rule for every path: what is needed together is counted before any of it is read. What does not fit is not read
//! at all, and says so; what fits stays until nobody needs it any more.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::library::Place;
use super::workspace::WindowOrigin;
use super::{Notice, Session, Shown, ViewportId};
use crate::case::{EvaluateError, Measurement, MeasurementId};
use crate::image::{Frame, Series, SeriesKey};
use crate::memory::{Memory, TooMuch};
use crate::render::slices_of_plane;
use crate::view::{Interpolation, Slab};

/// How long what the machine says is free is believed.
const BELIEVED: Duration = Duration::from_secs(1);

/// What is needed now, and what of it does not fit.
#[derive(Debug, Default)]
pub(super) struct Needs {
    /// What stays in memory, whatever else goes.
    kept: HashSet<Place>,
    /// Viewports that need more than there is.
    views: Vec<(ViewportId, TooMuch)>,
    /// Figures that do.
    figures: Option<TooMuch>,
    /// Measurements that do.
    values: Vec<(MeasurementId, TooMuch)>,
    /// Bytes that images may take, and when the machine said so.
    budget: Option<(Instant, usize)>,
}

impl Needs {
    /// Why a viewport cannot be drawn for lack of memory.
    pub(super) fn refused(&self, id: ViewportId) -> Option<TooMuch> {
        self.views.iter().find(|(view, _)| *view == id).map(|(_, why)| *why)
    }

    /// Whether the values of a measurement cannot be computed for lack of memory.
    pub(super) fn is_refused(&self, id: MeasurementId) -> bool {
        self.values.iter().any(|(refused, _)| *refused == id)
    }

    /// Why no figure can be drawn for lack of memory.
    pub(super) fn refused_figures(&self) -> Option<TooMuch> {
        self.figures
    }
}

/// The frames that are asked for, as long as all that are needed fit.
#[derive(Debug)]
pub(super) struct Purse {
    most: usize,
    left: usize,
    held: HashSet<Place>,
}

impl Purse {
    pub(super) fn new(most: usize) -> Self {
        Self { most, left: most, held: HashSet::new() }
    }

    /// Bytes that may be read ahead: what is not spoken for, and half of all at most.
    pub(super) fn ahead(&self) -> usize {
        self.left.min(self.most / 2)
    }

    pub(super) fn holds(&self, place: &Place) -> bool {
        self.held.contains(place)
    }

    /// Keeps all of these, or none where they do not fit beside what is kept already.
    pub(super) fn keep(&mut self, frames: &[Arc<Frame>]) -> Result<(), TooMuch> {
        let mut bytes = 0_usize;
        let mut fresh = Vec::new();
        for frame in frames {
            let place = Place::of(frame);
            if self.held.insert(place.clone()) {
                bytes = bytes.saturating_add(frame.decoded_bytes());
                fresh.push(place);
            }
        }
        let fits = TooMuch::check((self.most - self.left).saturating_add(bytes), self.most);
        if fits.is_ok() {
            self.left -= bytes;
        } else {
            for place in &fresh {
                self.held.remove(place);
            }
        }
        fits
    }

    /// Keeps one whatever it takes: what is on the screen.
    pub(super) fn keep_anyway(&mut self, frame: &Frame) {
        if self.held.insert(Place::of(frame)) {
            self.left = self.left.saturating_sub(frame.decoded_bytes());
        }
    }
}

impl Session {
    /// Bytes that decoded images may take now: a fixed number, or a share of what the machine has free.
    pub fn memory(&self) -> usize {
        self.needs.budget.map_or_else(|| self.chosen_memory().bytes(self.library.bytes()), |(_, bytes)| bytes)
    }

    /// What the command line or the environment fixes, else the settings; else a share of what is free.
    fn chosen_memory(&self) -> Memory {
        match self.environment.memory {
            Memory::Share => self.settings.fixed_memory().unwrap_or_default(),
            fixed @ Memory::Fixed(_) => fixed,
        }
    }

    /// Asks the machine again, unless it has just said.
    pub(super) fn follow_memory(&mut self) {
        let fresh = |(when, _): &(Instant, usize)| when.elapsed() < BELIEVED;
        if !self.needs.budget.as_ref().is_some_and(fresh) {
            self.needs.budget = Some((Instant::now(), self.chosen_memory().bytes(self.library.bytes())));
        }
    }

    /// The slices of each series that a picture of a plane, or of what lies over an image, is made from.
    pub(super) fn slices_needed<'a>(&'a self, shown: &Shown<'a>) -> Vec<(&'a Arc<Series>, Range<usize>)> {
        let Some(plane) = &shown.frame.plane else { return Vec::new() };
        let reformat = shown.viewport.view.reformat();
        let slab = reformat.map_or(Slab::default(), |reformat| reformat.slab);
        let of = |series: &'a Arc<Series>, interpolation: Interpolation| {
            let slices = series.slices.as_ref().ok()?;
            Some((series, slices_of_plane(slices, plane, slab, interpolation)))
        };
        let own = reformat.and_then(|_| of(shown.series, shown.viewport.view.look.interpolation));
        let over = self.over(shown).and_then(|(over, series)| of(series, over.look.interpolation));
        own.into_iter().chain(over).collect()
    }

    /// The images that are seen: one, or those that a plane is made from, and those of the series over it.
    pub(super) fn frames_shown(&self, shown: &Shown<'_>) -> Vec<Arc<Frame>> {
        let mut frames = Vec::new();
        if shown.viewport.view.reformat().is_none() {
            frames.push(Arc::clone(shown.frame));
        }
        for (series, slices) in self.slices_needed(shown) {
            frames.extend(series.frames.get(slices).into_iter().flatten().map(Arc::clone));
        }
        frames
    }

    /// The images that a viewport is drawn from, and whose samples its first windows come from.
    fn frames_drawn(&self, shown: &Shown<'_>) -> Vec<Arc<Frame>> {
        let mut frames = self.frames_shown(shown);
        let of_plane = shown.viewport.view.reformat().is_some();
        if of_plane && shown.viewport.window != WindowOrigin::Settled {
            frames.extend(shown.series.middle().map(Arc::clone));
        }
        if let Some((over, series)) = self.over(shown)
            && over.window != WindowOrigin::Settled
        {
            frames.extend(series.middle().map(Arc::clone));
        }
        frames
    }

    /// How many of the images that a viewport is drawn from have been read, or could not be.
    pub fn images_read(&self, id: ViewportId) -> (usize, usize) {
        let frames = self.shown(id).map_or_else(Vec::new, |shown| self.frames_drawn(&shown));
        (frames.iter().filter(|frame| self.library.pixels(frame).is_some()).count(), frames.len())
    }

    /// Whether the values of a measurement are still to come from samples.
    pub(super) fn lacks_samples(&self, measurement: &Measurement) -> bool {
        matches!(self.values(measurement.id), None | Some(Err(EvaluateError::NoSamples)))
    }

    /// The images that the values of a measurement come from; nothing while they are not open.
    pub(super) fn frames_of_values(&self, measurement: &Measurement) -> Vec<Arc<Frame>> {
        if let Some(mask) = &measurement.mask {
            let Some(series) = self.series_of_mask(mask) else { return Vec::new() };
            return mask
                .voxels
                .filled_slices()
                .filter_map(|at| series.frames.get(at))
                .map(Arc::clone)
                .collect();
        }
        if let Some(drawn) = &measurement.drawn_on_plane {
            let Some(series) = self.library.drawn_on(drawn).filter(|_| measurement.kind.needs_samples())
            else {
                return Vec::new();
            };
            // A case records the pixels of the whole volume: of one that does not fit the part that counts is read.
            let all =
                series.frames.iter().fold(0_usize, |sum, frame| sum.saturating_add(frame.decoded_bytes()));
            let part = || super::planes::part_measured(measurement, &drawn.reformat, series);
            let slices = if all <= self.memory() {
                0..series.frames.len()
            } else {
                part().map_or(0..0, |(_, slices)| slices)
            };
            return series.frames.get(slices).into_iter().flatten().map(Arc::clone).collect();
        }
        let frame = measurement.points.drawn_on().and_then(|of| self.frame(of));
        frame.map(Arc::clone).into_iter().collect()
    }

    /// What is needed and may have to be read, most urgent first; what of it does not fit is left out and remembered with
    /// the reason.
    pub(super) fn count_needs(&mut self) -> (Vec<Arc<Frame>>, Purse) {
        self.follow_memory();
        let mut purse = Purse::new(self.memory());
        let mut frames = Vec::new();
        let visible: Vec<ViewportId> = (0..self.workspace.layout.count()).map(ViewportId).collect();
        for shown in visible.iter().filter_map(|id| self.shown(*id)) {
            if shown.viewport.view.reformat().is_none() {
                purse.keep_anyway(shown.frame);
                frames.push(Arc::clone(shown.frame));
            }
        }
        let values = self.want_values(&mut purse, &mut frames);
        let of_figures = self.frames_of_figure();
        let figures = purse.keep(&of_figures).err();
        if figures.is_none() {
            frames.extend(of_figures);
        }
        let mut views = Vec::new();
        let mut there: Vec<Vec<Arc<Frame>>> = Vec::new();
        for id in &visible {
            let Some(shown) = self.shown(*id) else { continue };
            let drawn = self.frames_drawn(&shown);
            // Several planes of one volume are looked up once: every step of the crosshair comes by here.
            let same = |other: &Vec<Arc<Frame>>| {
                other.len() == drawn.len() && other.iter().zip(&drawn).all(|(a, b)| Arc::ptr_eq(a, b))
            };
            if there.iter().any(same) {
                continue;
            }
            match purse.keep(&drawn) {
                Ok(()) if drawn.iter().all(|frame| self.library.pixels(frame).is_some()) => there.push(drawn),
                Ok(()) => frames.extend(near_first(&shown, drawn)),
                Err(why) => views.push((*id, why)),
            }
        }
        // Known already: their samples are good for a histogram, as long as there is room.
        let measured = self.case().measurements.iter().filter(|m| m.mask.is_none() && !self.lacks_samples(m));
        for frame in measured.filter_map(|m| m.points.drawn_on()).filter_map(|of| self.frame(of)) {
            if purse.keep(std::slice::from_ref(frame)).is_ok() {
                frames.push(Arc::clone(frame));
            }
        }
        let news = values.iter().find(|(id, _)| !self.needs.is_refused(*id)).map(|(_, why)| *why);
        (self.needs.views, self.needs.figures, self.needs.values) = (views, figures, values);
        if let Some(why) = news {
            self.tell(Notice::warning(
                "Not everything can be measured.",
                format!("A measurement waits: {why}."),
            ));
        }
        (frames, purse)
    }

    /// The images of values that are still to come: those of each measurement together. Which do not fit, and why.
    fn want_values(&self, purse: &mut Purse, frames: &mut Vec<Arc<Frame>>) -> Vec<(MeasurementId, TooMuch)> {
        let mut refused = Vec::new();
        for measurement in self.case().measurements.iter().filter(|m| self.lacks_samples(m)) {
            let own = self.frames_of_values(measurement);
            match purse.keep(&own) {
                Ok(()) => frames.extend(own),
                // One image is measured as it comes, and need not stay.
                Err(_) if own.len() == 1 => frames.extend(own),
                Err(why) => refused.push((measurement.id, why)),
            }
        }
        refused
    }

    /// Keeps in memory from now on what was counted.
    pub(super) fn keep_counted(&mut self, purse: Purse) {
        self.needs.kept = purse.held;
    }

    /// Drops pixels that nobody needs until what is left fits.
    pub(super) fn trim_pixels(&mut self) {
        self.follow_memory();
        let budget = self.memory();
        if self.library.bytes() <= budget {
            return;
        }
        let mut shown: Vec<(SeriesKey, Range<usize>)> = Vec::new();
        for id in (0..self.workspace.layout.count()).map(ViewportId) {
            let Some(seen) = self.shown(id) else { continue };
            if seen.viewport.view.reformat().is_none() {
                shown.push((seen.series.key(), seen.index..seen.index + 1));
            }
            shown.extend(self.slices_needed(&seen).into_iter().map(|(series, part)| (series.key(), part)));
        }
        self.library.trim(budget, &shown, &self.needs.kept);
    }
}

/// The images of a plane that lie near the middle of what is seen come first.
fn near_first(shown: &Shown<'_>, frames: Vec<Arc<Frame>>) -> Vec<Arc<Frame>> {
    let Some(middle) = shown.middle().filter(|_| frames.len() > 2) else { return frames };
    let off = |frame: &Frame| {
        let off = frame.plane.as_ref().map(|plane| plane.pixel_from_patient(middle).1.0.abs());
        off.unwrap_or(f64::INFINITY)
    };
    let mut frames: Vec<(f64, Arc<Frame>)> = frames.into_iter().map(|frame| (off(&frame), frame)).collect();
    frames.sort_by(|a, b| a.0.total_cmp(&b.0));
    frames.into_iter().map(|(_, frame)| frame).collect()
}
