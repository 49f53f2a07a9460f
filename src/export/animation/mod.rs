//! A cine of a series as one file, for slides and supplements.

mod area;
mod frames;
mod palette;
mod timing;

use std::io::{BufWriter, Write};
use std::path::Path;

use glam::DVec2;

use self::area::Area;
use self::frames::{ApngFrames, FrameWriter, GifFrames};
use super::ExportError;
use super::options::go_on;
use crate::files::{Target, write_whole};
use crate::render::{Picture, TooLarge, raster_size};
use crate::view::ViewportSize;
use crate::work::{Cancel, Progress};

/// The kind of an animation file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AnimationFormat {
    /// Plays everywhere. A frame with at most 256 colours is exact; in any other, greys are off by at most
    /// 1 of 255 and colours by what the rest of the 256 leave over. At most 50 frames a second.
    Gif,
    /// Lossless, plays in browsers.
    Apng,
}

impl AnimationFormat {
    /// Every format, in menu order.
    pub const ALL: [Self; 2] = [Self::Gif, Self::Apng];

    /// The format that a file's name asks for.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "gif" => Some(Self::Gif),
            "png" | "apng" => Some(Self::Apng),
            _ => None,
        }
    }

    /// The usual ending of a file name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Gif => "gif",
            // Slide programs and browsers know an animated PNG by what is in it, and few know "apng".
            Self::Apng => "png",
        }
    }
}

/// Whether any frame of an animation may have a colour.
///
/// An animated PNG says so before its first frame, and nobody knows the later ones then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AnimationColors {
    /// No frame has a colour; one that does is an error. Makes a smaller animated PNG.
    Grey,
    /// Frames may have colours.
    Full,
}

/// What an animation is, apart from its frames.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Animation {
    /// The kind of file.
    pub format: AnimationFormat,
    /// Whether frames may have colours.
    pub colors: AnimationColors,
    /// The size of every frame.
    pub size: ViewportSize,
    /// How many frames there are.
    pub count: usize,
    /// How fast they follow one another, from 0.01 to 1000. A GIF plays at most 50 a second.
    pub frames_per_second: f64,
}

impl Animation {
    const MOST_FRAMES: usize = 10_000;
    const SPEEDS: std::ops::RangeInclusive<f64> = 0.01..=1000.0;

    /// Whether such an animation can be written.
    pub fn check(&self) -> Result<(), ExportError> {
        let Self { size: ViewportSize { width, height }, count, frames_per_second, .. } = *self;
        let (across, down) = (f64::from(width), f64::from(height));
        let pixels = DVec2::new(across, down);
        // Nothing says how large a pixel is.
        raster_size(pixels, 0.0, 0.0)?;
        if count == 0 {
            return Err(ExportError::NoFrames);
        }
        if count > Self::MOST_FRAMES || across * down * count as f64 > TooLarge::MOST_PIXELS {
            return Err(ExportError::TooLong { count, width, height });
        }
        // Its frames are drawn one after the other, each as a whole.
        raster_size(pixels, across * down, 0.0)?;
        if !Self::SPEEDS.contains(&frames_per_second) {
            return Err(ExportError::Speed { frames_per_second });
        }
        Ok(())
    }

    /// Whether a picture can be the frame with that index.
    fn check_frame(&self, index: usize, picture: &Picture) -> Result<(), ExportError> {
        let number = index + 1;
        let pixels = self.size.width as usize * self.size.height as usize;
        if picture.size != self.size || picture.pixels.len() != pixels {
            return Err(ExportError::FrameSize { number });
        }
        if self.colors == AnimationColors::Grey && !picture.is_grey() {
            return Err(ExportError::NotGrey { number });
        }
        Ok(())
    }
}

/// Writes an animation frame by frame; nothing but pixels and times is in the file. It loops for ever.
///
/// `frames` is called once for each index, in order, and draws that frame. The picture it gets has the size of
/// the animation and shows black or an earlier frame, so every pixel has to be set. Two pictures are in memory
/// at a time. After an error, what was written is of no use. The same frames always make the same bytes.
pub fn write_animation<W: Write>(
    writer: W,
    animation: &Animation,
    frames: impl FnMut(usize, &mut Picture) -> Result<(), ExportError>,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<(), ExportError> {
    animation.check()?;
    progress.set_total(animation.count);
    match animation.format {
        AnimationFormat::Gif => {
            write_frames(GifFrames::new(writer, animation)?, animation, frames, cancel, progress)
        }
        AnimationFormat::Apng => {
            write_frames(ApngFrames::new(writer, animation)?, animation, frames, cancel, progress)
        }
    }
}

/// The same as a file, all or nothing; how many bytes it has. Until it is whole, whatever had that name stays as it
/// was.
pub fn write_animation_file(
    to: Target<'_>,
    animation: &Animation,
    frames: impl FnMut(usize, &mut Picture) -> Result<(), ExportError>,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<u64, ExportError> {
    write_whole(to, |file| {
        let mut writer = BufWriter::new(file);
        write_animation(&mut writer, animation, frames, cancel, progress)?;
        writer.flush()?;
        go_on(cancel)
    })?;
    Ok(std::fs::metadata(to.path)?.len())
}

fn write_frames(
    mut file: impl FrameWriter,
    animation: &Animation,
    mut frames: impl FnMut(usize, &mut Picture) -> Result<(), ExportError>,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<(), ExportError> {
    let mut picture = Picture::new(animation.size);
    let mut shown = Picture::new(animation.size);
    // Only what changed is written, but never on top of a frame that lost something: a frame is as exact as
    // its own colours allow, whatever came before it.
    let mut exact = false;
    for index in 0..animation.count {
        go_on(cancel)?;
        frames(index, &mut picture)?;
        animation.check_frame(index, &picture)?;
        go_on(cancel)?;
        let area = if exact { Area::changed(&shown, &picture) } else { Area::whole(&picture) };
        exact = file.add(&picture, area)?;
        std::mem::swap(&mut picture, &mut shown);
        progress.advance(1);
    }
    go_on(cancel)?;
    file.finish()
}
