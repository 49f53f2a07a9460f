//! What the case records of its measurements when it is saved.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use super::Session;
use crate::case::{Case, Measurement, Recorded, Seal, fingerprint_of_all, frames_measured, image_facts};
use crate::image::{Decoded, Frame, FrameRef, Series, fingerprint};

/// The fingerprints of images that were measured: each is computed once.
#[derive(Debug, Default)]
pub(super) struct Fingerprints(std::sync::Mutex<HashMap<FrameRef, (Weak<Decoded>, String)>>);

/// Images whose fingerprints are remembered: those of some large volumes. Their samples are not held.
const MOST: usize = 20_000;

impl Fingerprints {
    fn of(&self, frame: &FrameRef, samples: &Arc<Decoded>) -> String {
        let mut known = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((own, print)) = known.get(frame)
            && std::ptr::eq(own.as_ptr(), Arc::as_ptr(samples))
        {
            return print.clone();
        }
        if known.len() >= MOST {
            known.retain(|_, (own, _)| own.strong_count() > 0);
        }
        if known.len() >= MOST {
            known.clear();
        }
        let print = fingerprint(samples);
        known.insert(frame.clone(), (Arc::downgrade(samples), print.clone()));
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
                let on = self.measured_on(measurement);
                let pixels = on.as_ref().and_then(|(_, frames)| self.fingerprint_of(measurement, frames));
                let facts = on.map(|(series, frames)| image_facts(series, &frames));
                // Pixels and images that are not there now are those that were, as far as anybody knows.
                let pixels = pixels.or_else(|| old?.pixels.clone());
                let facts = facts.or_else(|| Some(old?.facts.clone())).unwrap_or_default();
                Some(Recorded::new(measurement.id, values, pixels, facts))
            }
            // What was recorded stands while the shape is what it was.
            _ => old.filter(|_| self.is_as_recorded(measurement)).cloned(),
        }
    }

    /// The series that a measurement takes its values from, and which of its frames.
    fn measured_on(&self, measurement: &Measurement) -> Option<(&Series, Vec<&Frame>)> {
        let found = match (&measurement.mask, &measurement.drawn_on_plane) {
            (Some(mask), _) => (self.series_of_mask(mask)?, None),
            (None, Some(drawn)) => (self.library.drawn_on(drawn)?, None),
            (None, None) => {
                let (series, at) = self.library.find_frame(measurement.points.drawn_on()?)?;
                (series, series.frames.get(at))
            }
        };
        let (series, own) = found;
        let frames = frames_measured(measurement, series, own.map(AsRef::as_ref));
        Some((series, frames))
    }

    /// One fingerprint of the samples that the values come from; `None` where one of them is not loaded.
    fn fingerprint_of(&self, measurement: &Measurement, frames: &[&Frame]) -> Option<String> {
        let of_many = measurement.mask.is_some() || measurement.drawn_on_plane.is_some();
        // No value comes from the image that the third axis ends on.
        let own = if of_many { frames } else { frames.get(..1)? };
        let prints = own.iter().map(|frame| Some(self.fingerprints.of(&frame.of, self.samples(frame)?)));
        fingerprint_of_all(&prints.collect::<Option<Vec<_>>>()?)
    }

    /// What a case holds, with its records, as it goes into its file.
    pub(super) fn seal(&self, case: &Case) -> Option<Arc<Seal>> {
        // While files are still being found, no series is known to be whole.
        let whole = self.scan.is_none();
        let open: Vec<&Series> = self.library.all().filter(|_| whole).map(AsRef::as_ref).collect();
        // A document that is no JSON would not be written either.
        Seal::new(case, &open).ok().map(Arc::new)
    }
}
