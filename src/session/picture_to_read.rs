//! A picture whose samples are read when it is drawn, and forgotten after: of a long film no more is ever in memory than
//! one frame needs.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Weak};

use super::library::Place;
use super::load::load_frame;
use super::picture::{ShownImage, Source};
use crate::dicom;
use crate::image::{Decoded, Frame, OverlayPlane, Series, Volume};
use crate::memory::TooMuch;
use crate::view::{Look, Slab};

/// What a picture is made from: for a job that reads its samples itself, unless they are still in memory then.
#[derive(Debug, Clone)]
pub(super) struct ImageToRead {
    pub(super) frame: Arc<Frame>,
    pub(super) source: SourceToRead,
    pub(super) layer: Option<(VolumeToRead, Look, f32)>,
}

#[derive(Debug, Clone)]
pub(super) enum SourceToRead {
    /// An acquired slice.
    Frame {
        there: Weak<Decoded>,
        /// The graphics over it, where they have been read.
        graphics: Option<Vec<OverlayPlane>>,
        /// Whether they are wanted.
        wanted: bool,
    },
    /// A plane.
    Plane(VolumeToRead, Slab),
}

/// The slices of a series that a plane is made from.
#[derive(Debug, Clone)]
pub(super) struct VolumeToRead {
    pub(super) series: Arc<Series>,
    pub(super) slices: Range<usize>,
    /// The samples of each, as far as they are in memory.
    pub(super) there: Vec<Weak<Decoded>>,
}

/// The samples in hand: those of the last picture, which the next one may need too.
#[derive(Debug, Default)]
pub(super) struct InHand {
    last: HashMap<Place, Arc<Decoded>>,
    now: HashMap<Place, Arc<Decoded>>,
    /// Images of planes that could not be read, or not to their end.
    holes: usize,
}

impl InHand {
    /// Images of planes that could not be read, or not to their end.
    pub(super) fn holes(&self) -> usize {
        self.holes
    }

    /// The samples of a frame.
    fn get(&mut self, frame: &Frame, there: &Weak<Decoded>) -> Result<Arc<Decoded>, String> {
        let place = Place::of(frame);
        let held = self.now.get(&place).or_else(|| self.last.get(&place)).map(Arc::clone);
        let samples = if let Some(samples) = held.or_else(|| there.upgrade()) {
            samples
        } else {
            Arc::new(load_frame(frame)?)
        };
        self.now.insert(place, Arc::clone(&samples));
        Ok(samples)
    }

    /// From now on only what the last picture was made from is held.
    fn turn(&mut self) {
        self.last = std::mem::take(&mut self.now);
    }
}

impl ImageToRead {
    /// The image with its samples; why not, where they cannot be read. A slice of a plane that cannot be read is a hole.
    pub(super) fn read(&self, hand: &mut InHand) -> Result<ShownImage, String> {
        let source = match &self.source {
            SourceToRead::Plane(volume, slab) => Source::Plane(volume.read(hand)?, *slab),
            SourceToRead::Frame { there, graphics, wanted } => {
                let graphics = match graphics {
                    Some(graphics) => graphics.clone(),
                    None if *wanted => {
                        dicom::load_overlays(&self.frame).map_err(|error| error.to_string())?
                    }
                    None => Vec::new(),
                };
                Source::Frame(hand.get(&self.frame, there)?, graphics)
            }
        };
        let layer = match &self.layer {
            Some((volume, look, opacity)) => Some((volume.read(hand)?, look.clone(), *opacity)),
            None => None,
        };
        hand.turn();
        Ok(ShownImage { frame: Arc::clone(&self.frame), source, layer })
    }

    /// Whether colours are drawn, whatever the look says.
    pub(super) fn has_colors(&self) -> bool {
        let graphics = match &self.source {
            SourceToRead::Frame { graphics: Some(graphics), .. } => !graphics.is_empty(),
            SourceToRead::Frame { graphics: None, wanted, .. } => *wanted,
            SourceToRead::Plane(..) => false,
        };
        self.frame.color || self.layer.is_some() || graphics
    }

    /// An error where the samples that it needs at once are more than so many bytes.
    pub(super) fn fits(&self, most: usize) -> Result<(), TooMuch> {
        let own = match &self.source {
            SourceToRead::Frame { .. } => 0,
            SourceToRead::Plane(volume, _) => volume.bytes(),
        };
        let layer = self.layer.as_ref().map_or(0, |(volume, ..)| volume.bytes());
        TooMuch::check(own.saturating_add(layer), most)
    }
}

impl VolumeToRead {
    fn frames(&self) -> &[Arc<Frame>] {
        self.series.frames.get(self.slices.clone()).unwrap_or_default()
    }

    fn bytes(&self) -> usize {
        self.frames().iter().fold(0, |sum, frame| sum.saturating_add(frame.decoded_bytes()))
    }

    fn read(&self, hand: &mut InHand) -> Result<Volume, String> {
        let nowhere = Weak::new();
        let mut samples = Vec::with_capacity(self.slices.len());
        for (index, frame) in self.frames().iter().enumerate() {
            let read = hand.get(frame, self.there.get(index).unwrap_or(&nowhere)).ok();
            hand.holes += usize::from(read.as_ref().is_none_or(|samples| samples.cut(frame.size).is_some()));
            samples.push(read);
        }
        let part = Volume::part(&self.series, &self.slices, samples);
        part.ok_or_else(|| "the series is no volume".to_owned())
    }
}
