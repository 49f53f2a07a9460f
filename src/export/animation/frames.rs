use std::borrow::Cow;
use std::io::Write;

use super::area::Area;
use super::palette::Palette;
use super::timing::{fraction, hundredths};
use super::{Animation, AnimationColors};
use crate::export::ExportError;
use crate::render::Picture;

/// Puts one frame after another into a file.
pub(super) trait FrameWriter {
    /// Adds a frame that differs from the one before at most inside that area.
    ///
    /// Says whether all pixels of the area are exactly those of the picture.
    fn add(&mut self, picture: &Picture, area: Area) -> Result<bool, ExportError>;

    /// Ends the file.
    fn finish(self) -> Result<(), ExportError>;
}

/// The frames of a GIF.
///
/// Its own palette is the 256 greys. A frame with colours brings a palette of its own: frames come one at a
/// time, so nobody knows the colours of all of them at the start.
pub(super) struct GifFrames<W: Write> {
    encoder: gif::Encoder<W>,
    frames_per_second: f64,
    written: usize,
    indices: Vec<u8>,
}

impl<W: Write> GifFrames<W> {
    pub(super) fn new(writer: W, animation: &Animation) -> Result<Self, ExportError> {
        let greys: Vec<u8> = (0..=u8::MAX).flat_map(|grey| [grey; 3]).collect();
        let (width, height) = (side(animation.size.width)?, side(animation.size.height)?);
        let mut encoder = gif::Encoder::new(writer, width, height, &greys).map_err(gif_error)?;
        encoder.set_repeat(gif::Repeat::Infinite).map_err(gif_error)?;
        let frames_per_second = animation.frames_per_second;
        Ok(Self { encoder, frames_per_second, written: 0, indices: Vec::new() })
    }
}

impl<W: Write> FrameWriter for GifFrames<W> {
    fn add(&mut self, picture: &Picture, area: Area) -> Result<bool, ExportError> {
        let pixels = area.pixels(picture);
        self.indices.clear();
        let palette = if pixels.clone().all(|[r, g, b, _]| r == g && g == b) {
            self.indices.extend(pixels.map(|[grey, ..]| grey));
            None
        } else {
            let palette = Palette::of(pixels.clone());
            self.indices.extend(pixels.map(|pixel| palette.index(pixel)));
            Some(palette)
        };
        let exact = palette.as_ref().is_none_or(Palette::is_exact);
        let frame = gif::Frame {
            delay: hundredths(self.written, self.frames_per_second),
            dispose: gif::DisposalMethod::Keep,
            left: side(area.left)?,
            top: side(area.top)?,
            width: side(area.width)?,
            height: side(area.height)?,
            palette: palette.as_ref().map(Palette::bytes),
            buffer: Cow::Borrowed(&self.indices),
            ..gif::Frame::default()
        };
        self.encoder.write_frame(&frame).map_err(gif_error)?;
        self.written += 1;
        Ok(exact)
    }

    fn finish(self) -> Result<(), ExportError> {
        self.encoder.into_inner().map_err(gif_error)?.flush()?;
        Ok(())
    }
}

/// The frames of an animated PNG, with one or three bytes a pixel.
pub(super) struct ApngFrames<W: Write> {
    writer: png::Writer<W>,
    colors: AnimationColors,
    data: Vec<u8>,
}

impl<W: Write> ApngFrames<W> {
    pub(super) fn new(writer: W, animation: &Animation) -> Result<Self, ExportError> {
        let mut encoder = png::Encoder::new(writer, animation.size.width, animation.size.height);
        encoder.set_color(match animation.colors {
            AnimationColors::Grey => png::ColorType::Grayscale,
            AnimationColors::Full => png::ColorType::Rgb,
        });
        encoder.set_depth(png::BitDepth::Eight);
        // 0 plays: for ever.
        encoder.set_animated(u32::try_from(animation.count).map_err(named)?, 0).map_err(png_error)?;
        let (numerator, denominator) = fraction(animation.frames_per_second);
        encoder.set_frame_delay(numerator, denominator).map_err(png_error)?;
        encoder.validate_sequence(true);
        let writer = encoder.write_header().map_err(png_error)?;
        Ok(Self { writer, colors: animation.colors, data: Vec::new() })
    }

    /// Where the next frame is.
    fn place(&mut self, area: Area) -> Result<(), ExportError> {
        let [left, top, width, height] = [area.left, area.top, area.width, area.height].map(u32::try_from);
        // Back to the corner first: the encoder refuses a size that does not fit at the last place.
        self.writer.set_frame_position(0, 0).map_err(png_error)?;
        self.writer.set_frame_dimension(width.map_err(named)?, height.map_err(named)?).map_err(png_error)?;
        self.writer.set_frame_position(left.map_err(named)?, top.map_err(named)?).map_err(png_error)
    }
}

impl<W: Write> FrameWriter for ApngFrames<W> {
    fn add(&mut self, picture: &Picture, area: Area) -> Result<bool, ExportError> {
        self.place(area)?;
        let pixels = area.pixels(picture);
        self.data.clear();
        match self.colors {
            AnimationColors::Grey => self.data.extend(pixels.map(|[grey, ..]| grey)),
            AnimationColors::Full => self.data.extend(pixels.flat_map(|[r, g, b, _]| [r, g, b])),
        }
        self.writer.write_image_data(&self.data).map_err(png_error)?;
        Ok(true)
    }

    fn finish(self) -> Result<(), ExportError> {
        self.writer.finish().map_err(png_error)
    }
}

/// A length as a GIF stores it.
fn side(length: impl TryInto<u16, Error: std::fmt::Display>) -> Result<u16, ExportError> {
    length.try_into().map_err(named)
}

fn gif_error(error: gif::EncodingError) -> ExportError {
    if let gif::EncodingError::Io(error) = error { error.into() } else { named(error) }
}

fn png_error(error: png::EncodingError) -> ExportError {
    if let png::EncodingError::IoError(error) = error { error.into() } else { named(error) }
}

fn named(error: impl std::fmt::Display) -> ExportError {
    ExportError::Encode(error.to_string())
}
