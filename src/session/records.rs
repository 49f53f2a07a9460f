//! What the case records of its measurements when it is saved.

use std::sync::Arc;

use super::Session;
use crate::case::{Case, Measurement, Recorded};
use crate::image::{Decoded, FrameRef, fingerprint};

/// The fingerprints of images that were measured: each is computed once.
#[derive(Debug, Default)]
pub(super) struct Fingerprints(std::sync::Mutex<Vec<(FrameRef, Arc<Decoded>, String)>>);

/// Images whose fingerprints are remembered.
const MOST: usize = 256;

impl Fingerprints {
    fn of(&self, frame: &FrameRef, samples: &Arc<Decoded>) -> String {
        let mut known = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((.., print)) = known.iter().find(|(of, own, _)| of == frame && Arc::ptr_eq(own, samples))
        {
            return print.clone();
        }
        known.retain(|(of, ..)| of != frame);
        if known.len() >= MOST {
            known.remove(0);
        }
        let print = fingerprint(samples);
        known.push((frame.clone(), Arc::clone(samples), print.clone()));
        print
    }
}

impl Session {
    /// The values of every measurement as they are now; of those whose images are not open, as they were recorded.
    pub(super) fn records(&self) -> Vec<Recorded> {
        self.case().measurements.iter().filter_map(|measurement| self.record(measurement)).collect()
    }

    /// Whether a measurement is what it was when the case was opened or last saved.
    fn is_as_recorded(&self, measurement: &Measurement) -> bool {
        let is = |case: &Case| case.measurement(measurement.id).map(AsRef::as_ref) == Some(measurement);
        is(&self.opened) || is(&self.saved)
    }

    /// Whether the pixels under a measurement are not those that it was saved with.
    pub(super) fn has_other_pixels(&self, id: crate::case::MeasurementId) -> bool {
        let old = self.case().recorded.iter().find(|old| old.measurement == id);
        let Some(then) = old.and_then(|old| old.pixels.as_ref()) else { return false };
        let own = self.case().measurement(id).filter(|m| m.mask.is_none()).and_then(|m| m.points.drawn_on());
        let frame = own.and_then(|of| self.frame(of));
        frame.is_some_and(|frame| {
            self.samples(frame).is_some_and(|samples| self.fingerprints.of(&frame.of, samples) != *then)
        })
    }

    fn record(&self, measurement: &Measurement) -> Option<Recorded> {
        let old = self.case().recorded.iter().find(|old| old.measurement == measurement.id);
        match self.values(measurement.id) {
            Some(Ok(values)) if !values.is_empty() => {
                // The values of a mask come from all of its slices; the one it was begun on says little of them.
                let own = measurement.points.drawn_on().filter(|_| measurement.mask.is_none());
                let frame = own.and_then(|of| self.frame(of));
                let pixels =
                    frame.and_then(|frame| Some(self.fingerprints.of(&frame.of, self.samples(frame)?)));
                // Pixels that are not loaded now are those that were, as far as anybody knows.
                let pixels = pixels.or_else(|| old?.pixels.clone());
                Some(Recorded::new(measurement.id, values, pixels))
            }
            // What was recorded stands while the shape is what it was.
            _ => old.filter(|_| self.is_as_recorded(measurement)).cloned(),
        }
    }
}
