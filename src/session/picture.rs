//! What the picture of a viewport is made from: held, so that it may be drawn on another thread.

use std::ops::Range;
use std::sync::{Arc, Weak};

use super::picture_to_read::{ImageToRead, SourceToRead, VolumeToRead};
use super::{Pixels, Session, Shown, ViewportId};
use crate::image::{Decoded, Frame, OverlayPlane, Series, Volume};
use crate::render::{Layer, ViewImage, ViewPixels};
use crate::view::{Look, Slab};

/// How much of an overlaid series shows at first.
pub const OVERLAY_OPACITY: f32 = 0.5;

/// The image in a viewport, with everything that it is drawn from.
#[derive(Debug, Clone)]
pub struct ShownImage {
    pub(super) frame: Arc<Frame>,
    pub(super) source: Source,
    pub(super) layer: Option<(Volume, Look, f32)>,
}

#[derive(Debug, Clone)]
pub(super) enum Source {
    Frame(Arc<Decoded>, Vec<OverlayPlane>),
    Plane(Volume, Slab),
}

impl ShownImage {
    /// The same for the renderer.
    pub fn image(&self) -> ViewImage<'_> {
        let pixels = match &self.source {
            Source::Frame(samples, graphics) => ViewPixels::Frame { samples, graphics },
            Source::Plane(volume, slab) => ViewPixels::Plane { volume, slab: *slab },
        };
        let layer = self.layer.as_ref();
        let layer = layer.map(|(volume, look, opacity)| Layer { volume, look, opacity: *opacity });
        ViewImage { frame: &self.frame, pixels, layer }
    }

    /// Whether another one is drawn from the very same samples.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let volume = |own: &Volume, other: &Volume| {
            let same = |(own, other): (&Option<Arc<Decoded>>, &Option<Arc<Decoded>>)| match (own, other) {
                (Some(own), Some(other)) => Arc::ptr_eq(own, other),
                (None, None) => true,
                (Some(_), None) | (None, Some(_)) => false,
            };
            own.samples.len() == other.samples.len() && own.samples.iter().zip(&other.samples).all(same)
        };
        let source = match (&self.source, &other.source) {
            (Source::Frame(own, graphics), Source::Frame(other, others)) => {
                Arc::ptr_eq(own, other) && graphics == others
            }
            (Source::Plane(own, slab), Source::Plane(other, others)) => slab == others && volume(own, other),
            (Source::Frame(..), Source::Plane(..)) | (Source::Plane(..), Source::Frame(..)) => false,
        };
        let layer = match (&self.layer, &other.layer) {
            (Some((own, look, opacity)), Some((other, others, its))) => {
                look == others && opacity.to_bits() == its.to_bits() && volume(own, other)
            }
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        source && layer && (Arc::ptr_eq(&self.frame, &other.frame) || self.frame == other.frame)
    }
}

/// What can be said of the image in a viewport.
#[derive(Debug, Clone, PartialEq)]
pub enum Readiness {
    /// It can be drawn.
    Ready,
    /// Its pixels are on their way.
    Loading,
    /// So many of the frames that a plane is cut through are there; they can be drawn.
    InPart {
        /// Frames that are there.
        loaded: usize,
        /// Frames that there will be.
        of: usize,
    },
    /// It cannot be shown; why.
    Failed(String),
}

impl Session {
    /// What the picture of a viewport is made from; `None` while none of its pixels are there.
    pub fn shown_image(&self, id: ViewportId) -> Option<ShownImage> {
        self.image_of(&self.shown(id)?)
    }

    /// The same of what is shown anywhere: of planes the slices that it is made from, and no others.
    pub(super) fn image_of(&self, shown: &Shown<'_>) -> Option<ShownImage> {
        let source = match shown.viewport.view.reformat() {
            Some(reformat) => {
                let needed = self.slices_needed(shown);
                let (series, slices) = needed.into_iter().next()?;
                Source::Plane(self.volume_part(series, &slices)?, reformat.slab)
            }
            None => {
                Source::Frame(Arc::clone(self.samples(shown.frame)?), self.graphics(shown.frame).to_vec())
            }
        };
        let layer = self.layer_of(shown).and_then(|(series, slices, look, opacity)| {
            Some((self.volume_part(series, &slices)?, look, opacity))
        });
        Some(ShownImage { frame: Arc::clone(shown.frame), source, layer })
    }

    /// What lies over an image, and the slices of it that are needed.
    fn layer_of<'a>(&'a self, shown: &Shown<'a>) -> Option<(&'a Arc<Series>, Range<usize>, Look, f32)> {
        let (over, series) = self.over(shown)?;
        // Last: that of a plane itself is before it.
        let (_, slices) = self.slices_needed(shown).pop()?;
        Some((series, slices, over.look.clone(), over.opacity))
    }

    /// What a picture for others is made from: nothing of it may still be on its way.
    pub(super) fn whole_image(&self, id: ViewportId) -> Result<ShownImage, String> {
        let shown = self.shown(id).ok_or("There is no image.")?;
        if let Some(why) = self.needs.refused(id) {
            return Err(format!("{}.", super::figure::capital(&why.to_string())));
        }
        self.volumes_there(&shown)?;
        self.shown_image(id).ok_or_else(|| "The image is not loaded yet.".to_owned())
    }

    /// Whether every slice that a picture of a plane, or of what lies over an image, needs is there; how many, where not.
    pub(super) fn volumes_there(&self, shown: &Shown<'_>) -> Result<(), String> {
        for (series, slices) in self.slices_needed(shown) {
            let of = slices.len();
            let frames = series.frames.get(slices).into_iter().flatten();
            let loaded = frames.filter(|frame| self.library.pixels(frame).is_some()).count();
            if loaded < of {
                return Err(format!("Only {loaded} of the {of} images that it is made from are loaded yet."));
            }
        }
        Ok(())
    }

    /// What a picture is made from, also where its samples are not there: they are read then.
    pub(super) fn image_to_read(&self, shown: &Shown<'_>) -> Option<ImageToRead> {
        let there = |frame: &Arc<Frame>| self.samples(frame).map_or_else(Weak::new, Arc::downgrade);
        let to_read = |(series, slices): (&Arc<Series>, Range<usize>)| {
            let frames = series.frames.get(slices.clone()).into_iter().flatten();
            let there = frames.map(there).collect();
            VolumeToRead { series: Arc::clone(series), slices, there }
        };
        let source = if let Some(reformat) = shown.viewport.view.reformat() {
            SourceToRead::Plane(self.slices_needed(shown).into_iter().next().map(to_read)?, reformat.slab)
        } else {
            let graphics = self.graphics(shown.frame);
            let read = self.samples(shown.frame).map(|_| graphics.to_vec());
            let wanted = !self.hides_graphics() && !shown.frame.overlays.is_empty();
            SourceToRead::Frame { there: there(shown.frame), graphics: read, wanted }
        };
        let layer = self
            .layer_of(shown)
            .map(|(series, slices, look, opacity)| (to_read((series, slices)), look, opacity));
        Some(ImageToRead { frame: Arc::clone(shown.frame), source, layer })
    }

    /// What a picture for others lacks for good, in words: images that could not be read, or not to their end.
    pub(super) fn lacks(&self, id: ViewportId) -> Option<String> {
        self.lacks_of(&self.shown(id)?)
    }

    /// The same of what is shown anywhere.
    pub(super) fn lacks_of(&self, shown: &Shown<'_>) -> Option<String> {
        self.slices_needed(shown).into_iter().find_map(|(series, slices)| {
            let of = slices.len();
            let frames = series.frames.get(slices).into_iter().flatten();
            let whole = frames.filter(|frame| self.library.is_whole(frame)).count();
            (whole < of).then(|| lacking(whole, of))
        })
    }

    /// How many of the images that a plane in a viewport is made from are there to their last pixel, and how many it needs.
    pub fn whole_of_plane(&self, shown: &Shown<'_>) -> Option<(usize, usize)> {
        shown.viewport.view.reformat()?;
        self.slices_needed(shown).into_iter().next().map(|part| self.whole_of(part))
    }

    /// The same of the series that lies over what a viewport shows.
    pub fn whole_of_over(&self, shown: &Shown<'_>) -> Option<(usize, usize)> {
        self.over(shown)?;
        self.slices_needed(shown).pop().map(|part| self.whole_of(part))
    }

    fn whole_of(&self, (series, slices): (&Arc<Series>, Range<usize>)) -> (usize, usize) {
        let of = slices.len();
        let frames = series.frames.get(slices).into_iter().flatten();
        (frames.filter(|frame| self.library.is_whole(frame)).count(), of)
    }

    /// Frames a second that a viewport plays with: the file's, if it says so.
    pub fn cine_rate(&self, id: ViewportId) -> f64 {
        const USUAL: f64 = 15.0;
        self.recorded_rate(id).unwrap_or(USUAL)
    }

    /// Frames a second that the file of what a viewport shows asks for.
    pub fn recorded_rate(&self, id: ViewportId) -> Option<f64> {
        // Planes cut through a series are not what was recorded one after the other.
        self.shown(id).filter(|shown| shown.viewport.view.reformat().is_none())?.frame.rate
    }

    /// Whether the image in a viewport can be drawn.
    pub fn readiness(&self, id: ViewportId) -> Readiness {
        let Some(shown) = self.shown(id) else { return Readiness::Loading };
        if shown.viewport.view.reformat().is_none() {
            return match self.library.pixels(shown.frame) {
                Some(Pixels::Loaded(_)) => Readiness::Ready,
                Some(Pixels::Failed(why)) => Readiness::Failed(why.clone()),
                None => Readiness::Loading,
            };
        }
        if let Some(why) = self.needs.refused(id) {
            return Readiness::Failed(why.to_string());
        }
        let frames = self.frames_shown(&shown);
        let failed = frames.iter().find_map(|frame| match self.library.pixels(frame) {
            Some(Pixels::Failed(why)) => Some(why.clone()),
            Some(Pixels::Loaded(_)) | None => None,
        });
        let loaded = frames.iter().filter(|frame| self.library.pixels(frame).is_some()).count();
        match (loaded, failed) {
            (loaded, None) if loaded == frames.len() => Readiness::Ready,
            (loaded, Some(why)) if loaded == frames.len() => {
                let there = frames.iter().filter(|frame| self.samples(frame).is_some()).count();
                if there == 0 {
                    Readiness::Failed(why)
                } else {
                    Readiness::InPart { loaded: there, of: frames.len() }
                }
            }
            (0, _) => Readiness::Loading,
            (loaded, _) => Readiness::InPart { loaded, of: frames.len() },
        }
    }
}

/// What a picture lacks for good, in words.
pub(super) fn lacking(whole: usize, of: usize) -> String {
    format!("Only {whole} of the {of} images that it is made from could be read whole.")
}
