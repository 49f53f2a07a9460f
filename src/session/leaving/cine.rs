//! A film of one series, slice after slice, as a file for slides and supplements.

use std::path::{Path, PathBuf};

use super::{WRITES, Writing, megabytes};
use crate::export::{
    Animation, AnimationColors, AnimationFormat, ExportError, ExportOptions, FileFormat, OutputSize,
    ViewExport, view_picture, write_animation_file,
};
use crate::render::{Fonts, MarkInput, Picture};
use crate::session::jobs::Done;
use crate::session::picture_to_read::{ImageToRead, InHand};
use crate::session::{Mark, Notice, Session, Slices, ViewportId};
use crate::view::{ColorMap, View, ViewportSize};
use crate::work::Cancel;

/// Frames a second where neither the reader nor the file says how many.
const USUAL_RATE: f64 = 10.0;
/// What is said of a film that lacks images.
const HOLES: &str = "The cine has holes.";
/// Sizes the letters: as on a usual screen.
const DPI: f64 = 96.0;

/// What a cine shows, how fast and how large.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches")]
pub struct CineOptions {
    /// Which slices, each a frame.
    pub slices: Slices,
    /// Frames a second; the file's own where it is not said, or 10.
    pub frames_per_second: Option<f64>,
    /// Pixels across. The shape is that of the viewport.
    pub width: u32,
    /// Draw the measurements.
    pub marks: bool,
    /// Draw the orientation letters.
    pub letters: bool,
    /// Draw the ruler.
    pub ruler: bool,
}

impl Default for CineOptions {
    fn default() -> Self {
        let (marks, letters, ruler) = (true, true, true);
        Self { slices: Slices::ALL, frames_per_second: None, width: 512, marks, letters, ruler }
    }
}

impl CineOptions {
    /// How each frame is drawn: as a picture of a view is.
    pub fn view(&self) -> ExportOptions {
        let Self { width, marks, letters, ruler, .. } = *self;
        let size = OutputSize::Pixels { width, dpi: DPI };
        // The frames go into one file of another format.
        ExportOptions { size, format: FileFormat::Png, marks, letters, ruler }
    }
}

/// Everything that a cine is drawn from: held, so that it may be drawn on another thread.
#[derive(Debug)]
pub(super) struct Cine {
    animation: Animation,
    options: ExportOptions,
    viewport: ViewportSize,
    slices: Vec<CineSlice>,
}

#[derive(Debug)]
struct CineSlice {
    view: View,
    image: ImageToRead,
    marks: Vec<Mark>,
}

impl Cine {
    /// Writes it; the bytes of the file, and how many images of planes could not be read or not to their end.
    fn write(&self, export: &Writing) -> Result<(u64, usize), ExportError> {
        let Writing { progress, fonts, cancel, .. } = export;
        let mut hand = InHand::default();
        let draw = |index: usize, picture: &mut Picture| {
            // The slices are counted from the same list.
            if let Some(slice) = self.slices.get(index) {
                *picture = self.draw(index, slice, &mut hand, fonts, cancel)?;
            }
            Ok(())
        };
        let bytes = write_animation_file(export.target(), &self.animation, draw, cancel, progress)?;
        Ok((bytes, hand.holes()))
    }

    fn draw(
        &self,
        index: usize,
        slice: &CineSlice,
        hand: &mut InHand,
        fonts: &Fonts,
        cancel: &Cancel,
    ) -> Result<Picture, ExportError> {
        let unreadable = |why: String| ExportError::Unreadable { number: index + 1, why };
        let image = slice.image.read(hand).map_err(unreadable)?;
        let marks: Vec<MarkInput<'_>> = slice.marks.iter().map(Mark::input).collect();
        let (view, viewport) = (&slice.view, self.viewport);
        let export = ViewExport { image: image.image(), view, viewport, marks: &marks, fonts };
        view_picture(&export, &self.options, cancel)
    }
}

impl Session {
    /// Frames a second of a cine of what a viewport shows, where the reader does not say.
    pub fn usual_cine_rate(&self, id: ViewportId) -> f64 {
        self.recorded_rate(id).unwrap_or(USUAL_RATE)
    }

    /// Writes what a viewport shows, slice after slice, on a thread of its own.
    pub(super) fn export_cine(&mut self, id: ViewportId, path: PathBuf, options: CineOptions) {
        let cine = match self.cine(id, &path, options) {
            Ok(cine) => cine,
            Err(why) => {
                self.tell(Notice::error("The cine was not written.", why));
                return;
            }
        };
        if let Some(why) = self.lacks(id) {
            self.tell(Notice::warning(HOLES, why));
        }
        let export = self.begin_writing(path);
        self.jobs.spawn(WRITES, move |report| {
            let written = cine.write(&export).map_err(|error| error.to_string());
            let holes = written.as_ref().map_or(0, |(_, holes)| *holes);
            report.send(Done::Cine(export.path.clone(), holes, written.map(|(bytes, _)| bytes)));
        });
    }

    /// What a cine is drawn from; why there is none.
    pub(super) fn cine(&self, id: ViewportId, path: &Path, options: CineOptions) -> Result<Cine, String> {
        let format = AnimationFormat::of(path).ok_or("Its name must end in .gif, .png or .apng.")?;
        let shown = self.shown(id).ok_or("Show a series first.")?;
        self.whole_image(id)?;
        let viewport = self.workspace.size(id);
        let mut slices = Vec::new();
        for index in options.slices.of(shown.count) {
            let there = shown.at_slice(viewport, index);
            let there = there.as_ref().and_then(|there| self.shown_in(there));
            let slice = there.and_then(|there| {
                let marks = if options.marks { self.marks_on(&there, None) } else { Vec::new() };
                Some(CineSlice {
                    view: there.viewport.view.clone(),
                    image: self.image_to_read(&there)?,
                    marks,
                })
            });
            let slice = slice.ok_or_else(|| format!("Slice {} cannot be shown.", index + 1))?;
            // Said before any of it is read.
            slice.image.fits(self.memory()).map_err(|why| format!("Slice {}: {why}.", index + 1))?;
            slices.push(slice);
        }
        let drawn = options.view();
        // What is written over the image is in colour.
        let colored = |slice: &CineSlice| {
            slice.view.look.colors != ColorMap::Grey || slice.image.has_colors() || !slice.marks.is_empty()
        };
        let full = options.letters || options.ruler || slices.iter().any(colored);
        let animation = Animation {
            format,
            colors: if full { AnimationColors::Full } else { AnimationColors::Grey },
            size: drawn.size.pixels(viewport.aspect()).map_err(|error| error.to_string())?,
            count: slices.len(),
            frames_per_second: options.frames_per_second.unwrap_or_else(|| self.usual_cine_rate(id)),
        };
        animation.check().map_err(|error| error.to_string())?;
        Ok(Cine { animation, options: drawn, viewport, slices })
    }

    /// A cine was written with so many bytes, or not, and why.
    pub(in crate::session) fn take_cine(&mut self, path: &Path, holes: usize, written: Result<u64, String>) {
        self.end_writing(written.clone());
        if holes > 0 && !self.notices.iter().any(|notice| notice.summary == HOLES) {
            self.tell(Notice::warning(
                HOLES,
                "Some of the images that it is made from could not be read whole.",
            ));
        }
        let path = path.display();
        self.tell(match written {
            Ok(bytes) => Notice::info("The cine was written.", format!("{}: {path}", megabytes(bytes))),
            Err(why) => Notice::error("The cine was not written.", format!("{why}: {path}")),
        });
    }
}
