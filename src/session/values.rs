//! What measurements are worth: computed once, and anew when the shape or what it was measured on has changed.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Session, Values};
use crate::case::{EvaluateError, Measurement, MeasurementId, Padding, evaluate};
use crate::image::{Frame, FrameRef, Series};

/// The values of one measurement, and what they were computed from.
#[derive(Debug)]
struct Known {
    measurement: Arc<Measurement>,
    /// The series as it was then: files that come, go or are calibrated make another of it.
    series: Option<Arc<Series>>,
    values: Values,
}

#[derive(Debug, Default)]
pub(super) struct ValueCache(HashMap<MeasurementId, Known>);

impl ValueCache {
    /// Values to be computed anew.
    pub(super) fn forget(&mut self, is_it: impl Fn(&Measurement) -> bool) {
        self.0.retain(|_, known| !is_it(&known.measurement));
    }
}

impl Known {
    /// Whether the values still hold. Those of images that were closed do: they are the last that is known.
    fn holds(&self, measurement: &Arc<Measurement>, series: Option<&Arc<Series>>) -> bool {
        let same = match (&self.series, series) {
            (Some(then), Some(now)) => Arc::ptr_eq(then, now),
            (Some(_) | None, None) => true,
            (None, Some(_)) => false,
        };
        Arc::ptr_eq(&self.measurement, measurement) && same
    }

    /// Whether pixels that have just arrived may change them.
    fn waits_for(&self, arrived: &FrameRef) -> bool {
        let of_volume = self.measurement.drawn_on_plane.is_some() || self.measurement.mask.is_some();
        if of_volume {
            // Every frame counts: once there are values, none is missing any more.
            matches!(self.values, Err(EvaluateError::NoSamples | EvaluateError::NotOnFrame))
        } else {
            self.measurement.points.drawn_on() == Some(arrived)
        }
    }
}

impl Session {
    /// The values of a measurement of the case, from the frame it was drawn on.
    pub fn values(&self, id: MeasurementId) -> Option<&Values> {
        self.values.0.get(&id).map(|known| &known.values)
    }

    /// Whether the values of a measurement wait for pixels that are on their way.
    pub(super) fn waits_for_pixels(&self, measurement: &Measurement) -> bool {
        if !matches!(self.values(measurement.id), Some(Err(EvaluateError::NoSamples))) {
            return false;
        }
        // What does not fit is never read: nobody waits for it for ever.
        let frames = self.frames_of_values(measurement);
        let missing = frames.iter().any(|frame| self.library.pixels(frame).is_none());
        missing && (frames.len() == 1 || !self.needs.is_refused(measurement.id))
    }

    /// Computes the values of what changed: new points, other images, or pixels that have just arrived.
    pub(super) fn refresh_values(&mut self, arrived: Option<&FrameRef>) {
        let case = Arc::clone(self.history.present());
        let mut cache = std::mem::take(&mut self.values).0;
        let mut fresh = HashMap::new();
        for measurement in &case.measurements {
            let series = self.series_measured(measurement);
            let old = cache.remove(&measurement.id).filter(|known| {
                known.holds(measurement, series) && !arrived.is_some_and(|frame| known.waits_for(frame))
            });
            let known = old.unwrap_or_else(|| Known {
                measurement: Arc::clone(measurement),
                series: series.map(Arc::clone),
                values: self.evaluate_anywhere(measurement),
            });
            fresh.insert(measurement.id, known);
        }
        self.values = ValueCache(fresh);
        self.want_margins();
    }

    pub(super) fn evaluate_anywhere(&self, measurement: &Measurement) -> Values {
        if let Some(mask) = &measurement.mask {
            return self.evaluate_mask(mask);
        }
        if let Some(drawn) = &measurement.drawn_on_plane {
            return self.evaluate_on_plane(measurement, drawn);
        }
        let frame = measurement.points.drawn_on().and_then(|of| self.frame(of));
        let frame = frame.ok_or(EvaluateError::NotOnFrame)?;
        evaluate(measurement, frame, self.samples(frame).map(AsRef::as_ref), Padding::Exclude)
    }

    /// The values of something that is being drawn or changed on what is shown.
    pub(super) fn evaluate_on(&self, measurement: &Measurement, shown: &Arc<Frame>) -> Values {
        if let Some(drawn) = &measurement.drawn_on_plane {
            return self.evaluate_on_plane(measurement, drawn);
        }
        let drawn_on = measurement.points.drawn_on();
        let frame = match drawn_on.filter(|of| **of != shown.of) {
            Some(of) => self.frame(of).ok_or(EvaluateError::NotOnFrame)?,
            None => shown,
        };
        evaluate(measurement, frame, self.samples(frame).map(AsRef::as_ref), Padding::Exclude)
    }
}
