//! The pictures of the case among what is open.

use std::sync::Arc;

use super::{Library, Pixels, Place, calibrated};
use crate::image::{Frame, Series, SeriesKey};

impl Library {
    /// Whether no DICOM is open.
    pub fn has_only_pictures(&self) -> bool {
        self.series.iter().all(|series| series.is_picture())
    }

    /// Takes the pictures of the case; the keys of those that are gone.
    pub(in crate::session) fn put_pictures(&mut self, pictures: Vec<Series>) -> Vec<SeriesKey> {
        let old = self.series.iter().filter(|series| series.is_picture());
        let old: Vec<Arc<Series>> = old.map(Arc::clone).collect();
        self.pictures = pictures;
        self.settle_pictures();
        let gone = old.into_iter().filter(|series| self.series(&series.key()).is_none());
        let gone: Vec<SeriesKey> = gone.map(|series| series.key()).collect();
        // What could not be read may be there again.
        let kept: Vec<Place> = self.frames_of_pictures().map(Place::of).collect();
        self.pixels.retain(|place, pixels| !kept.contains(place) || matches!(pixels, Pixels::Loaded(_)));
        gone
    }

    fn frames_of_pictures(&self) -> impl Iterator<Item = &Frame> {
        self.pictures.iter().flat_map(|series| &series.frames).map(AsRef::as_ref)
    }

    /// Pictures with their scales as series like the others; whether any is another one now.
    pub(super) fn settle_pictures(&mut self) -> bool {
        let (old, images): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.series).into_iter().partition(|series| series.is_picture());
        self.series = images;
        let mut changed = old.len() != self.pictures.len();
        for picture in &self.pictures {
            let scaled = calibrated(picture.clone(), &self.calibrations);
            let same = |old: &&Arc<Series>| old.info == scaled.info && old.frames == scaled.frames;
            // The very same where nothing changed: values are kept by it.
            let kept = old.iter().find(same).map(Arc::clone);
            changed |= kept.is_none();
            self.series.push(kept.unwrap_or_else(|| Arc::new(scaled)));
        }
        changed
    }
}
