//! What the picture of a viewport is made from: held, so that it may be drawn on another thread.

use std::sync::Arc;

use super::{Pixels, Session, Shown, ViewportId};
use crate::dicom::{self, DicomError};
use crate::image::{Decoded, Frame, OverlayPlane, Series, Volume};
use crate::render::{Layer, ViewImage, ViewPixels};
use crate::view::{Look, Slab};

/// How much of an overlaid series shows at first.
pub const OVERLAY_OPACITY: f32 = 0.5;

/// The image in a viewport, with everything that it is drawn from.
#[derive(Debug, Clone)]
pub struct ShownImage {
    frame: Arc<Frame>,
    source: Source,
    layer: Option<(Volume, Look, f32)>,
}

#[derive(Debug, Clone)]
enum Source {
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

/// The same where the samples of an acquired slice may still have to be read: for a job that reads them itself.
#[derive(Debug, Clone)]
pub(super) struct ImageToRead {
    frame: Arc<Frame>,
    source: Option<Source>,
    graphics: bool,
    layer: Option<(Volume, Look, f32)>,
}

impl ImageToRead {
    /// The image with its samples; why not, where they cannot be read.
    pub(super) fn read(&self) -> Result<ShownImage, DicomError> {
        let source = if let Some(source) = &self.source {
            source.clone()
        } else {
            let graphics = if self.graphics { dicom::load_overlays(&self.frame)? } else { Vec::new() };
            Source::Frame(Arc::new(dicom::load_frame(&self.frame)?), graphics)
        };
        Ok(ShownImage { frame: Arc::clone(&self.frame), source, layer: self.layer.clone() })
    }

    /// Whether colours are drawn, whatever the look says.
    pub(super) fn has_colors(&self) -> bool {
        self.frame.color || self.layer.is_some() || (self.graphics && !self.frame.overlays.is_empty())
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

    /// The same of what is shown anywhere.
    pub(super) fn image_of(&self, shown: &Shown<'_>) -> Option<ShownImage> {
        let source = match shown.viewport.view.reformat() {
            Some(reformat) => Source::Plane(self.volume(shown.series)?, reformat.slab),
            None => {
                Source::Frame(Arc::clone(self.samples(shown.frame)?), self.graphics(shown.frame).to_vec())
            }
        };
        Some(ShownImage { frame: Arc::clone(shown.frame), source, layer: self.layer_of(shown) })
    }

    fn layer_of(&self, shown: &Shown<'_>) -> Option<(Volume, Look, f32)> {
        let (over, series) = self.over(shown)?;
        Some((self.volume(series)?, over.look.clone(), over.opacity))
    }

    /// The series of which a picture needs every image: that of a plane, and what lies over.
    pub(super) fn volumes_of<'a>(
        &'a self,
        shown: &Shown<'a>,
    ) -> impl Iterator<Item = &'a Arc<Series>> + use<'a> {
        let plane = shown.viewport.view.reformat().map(|_| shown.series);
        let over = self.over(shown).map(|(_, series)| series);
        plane.into_iter().chain(over)
    }

    /// What a picture for others is made from: nothing of it may still be on its way.
    pub(super) fn whole_image(&self, id: ViewportId) -> Result<ShownImage, String> {
        let shown = self.shown(id).ok_or("There is no image.")?;
        self.volumes_there(&shown)?;
        self.shown_image(id).ok_or_else(|| "The image is not loaded yet.".to_owned())
    }

    /// Whether every image of the series that a picture needs as a whole is there; how many, where not.
    pub(super) fn volumes_there(&self, shown: &Shown<'_>) -> Result<(), String> {
        for series in self.volumes_of(shown) {
            let (loaded, of) = (self.library.loaded(series), series.frames.len());
            if loaded < of {
                return Err(format!("Only {loaded} of the {of} images that it is made from are loaded yet."));
            }
        }
        Ok(())
    }

    /// What a picture of an acquired slice is made from, also where its samples are not there: they can be read then.
    pub(super) fn image_to_read(&self, shown: &Shown<'_>) -> Option<ImageToRead> {
        let there = self.image_of(shown);
        if there.is_none() && shown.viewport.view.reformat().is_some() {
            return None;
        }
        let layer = there.as_ref().map_or_else(|| self.layer_of(shown), |there| there.layer.clone());
        let source = there.map(|there| there.source);
        Some(ImageToRead { frame: Arc::clone(shown.frame), source, graphics: !self.hides_graphics(), layer })
    }

    /// What a picture for others lacks for good, in words: images that could not be read, or not to their end.
    pub(super) fn lacks(&self, id: ViewportId) -> Option<String> {
        self.lacks_of(&self.shown(id)?)
    }

    /// The same of what is shown anywhere.
    pub(super) fn lacks_of(&self, shown: &Shown<'_>) -> Option<String> {
        self.volumes_of(shown).find_map(|series| {
            let (whole, of) = (self.library.whole(series), series.frames.len());
            let words =
                || format!("Only {whole} of the {of} images that it is made from could be read whole.");
            (whole < of).then(words)
        })
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
        let frames = &shown.series.frames;
        let failed = frames.iter().find_map(|frame| match self.library.pixels(frame) {
            Some(Pixels::Failed(why)) => Some(why.clone()),
            Some(Pixels::Loaded(_)) | None => None,
        });
        match (self.library.loaded(shown.series), failed) {
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
