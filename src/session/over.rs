//! One series in colours over another of the same space: which can be, how it looks at first, what its values are.

use std::sync::Arc;

use super::library::Place;
use super::workspace::WindowOrigin;
use super::{OVERLAY_OPACITY, Session, Shown, ViewportId};
use crate::geometry::PatientPoint;
use crate::image::{Frame, Series, SeriesKey};
use crate::render::layer_look;
use crate::view::{ColorMap, Look};

/// Another series in colours over what a viewport shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Over {
    /// The series; it lies in the same space.
    pub series: SeriesKey,
    /// Its window and colours. What its window shows black is not shown at all.
    pub look: Look,
    /// Where its window comes from.
    pub window: WindowOrigin,
    /// 0 for nothing of it, 1 for nothing of what is under it.
    pub opacity: f32,
}

impl Session {
    /// The series that can be laid over what a viewport shows: volumes of the same Frame of Reference, not in colour.
    pub fn overlays_for(&self, id: ViewportId) -> Vec<&Arc<Series>> {
        let Some(shown) = self.shown(id).filter(|shown| shown.frame.plane.is_some()) else {
            return Vec::new();
        };
        let own = &shown.viewport.series;
        let fits = |series: &&Arc<Series>| {
            let color = series.frames.first().is_none_or(|frame| frame.color);
            series.shares_space(shown.series) && series.slices.is_ok() && !color && !series.is(own)
        };
        self.library.browse().into_iter().filter(fits).collect()
    }

    /// How a series is first laid over another: half of it, in hot colours, with its own window.
    pub fn first_over(&self, key: &SeriesKey) -> Option<Over> {
        let series = self.library.series(key)?;
        let middle = series.middle()?;
        let (look, window) = if let Some(samples) = self.samples(middle) {
            (layer_look(middle, samples), WindowOrigin::Settled)
        } else {
            let look = Look { colors: ColorMap::HotIron, ..self.first_look(middle) };
            (look, WindowOrigin::FirstImage)
        };
        Some(Over { series: key.clone(), look, window, opacity: OVERLAY_OPACITY })
    }

    /// What lies over a viewport's image, and its series, as long as that is open.
    pub fn over<'a>(&'a self, shown: &Shown<'a>) -> Option<(&'a Over, &'a Arc<Series>)> {
        let over = shown.viewport.over.as_ref()?;
        let series = self.library.series(&over.series)?;
        (series.slices.is_ok() && series.shares_space(shown.series)).then_some((over, series))
    }

    /// The value of what lies over a viewport's image at a point of the patient, interpolated; `None` outside of it.
    pub fn over_value(&self, shown: &Shown<'_>, point: PatientPoint) -> Option<f64> {
        let (_, series) = self.over(shown)?;
        self.value_on_plane(shown, series, point)
    }

    pub(super) fn set_over(&mut self, id: ViewportId, over: Option<Over>) {
        let fits = over.as_ref().is_none_or(|over| self.overlays_for(id).iter().any(|s| s.is(&over.series)));
        if !fits {
            return;
        }
        if let Some(viewport) = self.workspace.viewport_mut(id) {
            viewport.over = over.map(|over| Over { opacity: over.opacity.clamp(0.0, 1.0), ..over });
        }
        self.want_all();
    }

    /// Once the samples of an overlaid series' middle image are there, its window can be taken from them.
    pub(super) fn settle_overs(&mut self, loaded: &Frame) {
        for id in (0..self.workspace.layout.count()).map(ViewportId) {
            let Some(over) = self.workspace.viewport(id).and_then(|viewport| viewport.over.as_ref()) else {
                continue;
            };
            let unsettled = over.window == WindowOrigin::FirstImage;
            let middle = self.library.series(&over.series).and_then(|series| series.middle());
            let Some(middle) = middle.filter(|middle| unsettled && Place::of(middle) == Place::of(loaded))
            else {
                continue;
            };
            let Some(samples) = self.samples(loaded) else { continue };
            let voi = layer_look(middle, samples).voi;
            if let Some(over) = self.workspace.viewport_mut(id).and_then(|viewport| viewport.over.as_mut()) {
                over.look.voi = voi;
                over.window = WindowOrigin::Settled;
            }
        }
    }
}
