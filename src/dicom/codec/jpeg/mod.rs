//! JPEG (T.81): lossless and sequential by our own decoders, progressive of 8 bits by `jpeg-decoder`.
//!
//! No kept pure-Rust crate decodes 12 bits with loss, and `jpeg-decoder` 0.3.2 gives wrong values for a lossless
//! stream with a point transform and takes more than twice as long as libjpeg-turbo for any lossless stream.

mod bits;
mod color;
mod cosine;
mod lossless;
mod lossy;
mod sample;
mod stream;
#[cfg(target_arch = "x86_64")]
mod wide;

use jpeg_decoder::{ColorTransform, Decoder, PixelFormat};

use self::sample::Sample;
use self::stream::{FrameHeader, Stream};
use super::{Colors, Raster, Shape, Unpacked, check, damaged};
use crate::dicom::error::{DicomError, Result};
use crate::image::{Frame, Photometric};

/// The samples of all rows that a stream has; the components of a pixel stand together.
#[derive(Debug, Default, PartialEq, Eq)]
struct Decoded<S> {
    samples: Vec<S>,
    /// Rows that are there to their end.
    rows: usize,
}

/// Why there are no samples.
#[derive(Debug, PartialEq, Eq)]
enum Problem {
    Unsupported(String),
    Damaged(&'static str),
}

impl From<&'static str> for Problem {
    fn from(what: &'static str) -> Self {
        Self::Damaged(what)
    }
}

impl From<Problem> for DicomError {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Unsupported(what) => Self::Unsupported(what),
            Problem::Damaged(what) => Self::Damaged(format!("JPEG: {what}")),
        }
    }
}

pub(super) fn decode(frame: &Frame, bytes: &[u8]) -> Result<Unpacked> {
    if !bytes.starts_with(b"\xFF\xD8") {
        return Err(DicomError::Damaged("no JPEG header".to_owned()));
    }
    let mut stream = Stream::new(bytes);
    let header = stream.read_frame().map_err(Problem::from)?;
    let FrameHeader { process, precision, rows, columns, .. } = header;
    let components = header.components.len();
    check(frame, bytes, Shape { columns, rows, components, bits: precision })?;
    let declared_rgb = frame.stored.layout.photometric == Photometric::Rgb;
    match (process, precision) {
        (0xC3, _) => {
            let Decoded { samples, rows } = padded(lossless::decode(&mut stream, &header)?, &header);
            let raster = if precision > 8 {
                Raster::U16(samples)
            } else {
                Raster::U8(
                    samples.into_iter().map(|sample| u8::try_from(sample & 255).unwrap_or(0)).collect(),
                )
            };
            Ok(Unpacked { raster, colors: Colors::AsDeclared, rows })
        }
        (0xC0 | 0xC1, 8) => {
            let Decoded { samples, rows } = sequential(&mut stream, &header, declared_rgb)?;
            Ok(Unpacked { raster: Raster::U8(samples), colors: Colors::Rgb, rows })
        }
        (0xC1, 12) => {
            let Decoded { samples, rows } = sequential(&mut stream, &header, declared_rgb)?;
            Ok(Unpacked { raster: Raster::U16(samples), colors: Colors::Rgb, rows })
        }
        (0xC2, 8) => progressive(frame, bytes, &stream, &header),
        (0xC5..=0xC7, _) => Err(DicomError::Unsupported("hierarchical JPEG".to_owned())),
        (0xC9..=0xCF, _) => Err(DicomError::Unsupported("JPEG with arithmetic coding".to_owned())),
        (0xC2, _) => Err(DicomError::Unsupported(format!("progressive JPEG of {precision} bits"))),
        _ => Err(DicomError::Unsupported(format!("JPEG with {precision} bits and loss"))),
    }
}

fn sequential<S: Sample>(
    stream: &mut Stream<'_>,
    header: &FrameHeader,
    declared_rgb: bool,
) -> Result<Decoded<S>> {
    // The tables of the scan may follow the frame header, but not the markers that tell of colours.
    let rgb = header.components.len() == 3 && is_luminance(stream, header, declared_rgb);
    Ok(padded(lossy::decode(stream, header, rgb)?, header))
}

/// Whether three components are luminance and chrominance: markers, then the header, then names tell.
fn is_luminance(stream: &Stream<'_>, header: &FrameHeader, declared_rgb: bool) -> bool {
    if stream.jfif {
        return true;
    }
    if let Some(transform) = stream.adobe {
        return transform != 0;
    }
    let names = header.components.iter().map(|component| component.identifier);
    !declared_rgb && !names.eq(*b"RGB")
}

/// As many samples as the frame has; those of missing rows mean nothing.
fn padded<S: Copy + Default>(mut decoded: Decoded<S>, header: &FrameHeader) -> Decoded<S> {
    decoded.samples.resize(header.rows * header.columns * header.components.len(), S::default());
    decoded
}

fn progressive(frame: &Frame, bytes: &[u8], stream: &Stream<'_>, header: &FrameHeader) -> Result<Unpacked> {
    let components = header.components.len();
    let mut decoder = Decoder::new(bytes);
    decoder.set_max_decoding_buffer_size(frame.size.pixels() * components * 2);
    let declared_rgb = frame.stored.layout.photometric == Photometric::Rgb;
    if components == 3 {
        let luminance = is_luminance(stream, header, declared_rgb);
        // The decoder takes colour without a marker for YCbCr; the header knows better.
        decoder.set_color_transform(if luminance { ColorTransform::YCbCr } else { ColorTransform::None });
    }
    let decoded = decoder.decode().map_err(|error| damaged("JPEG", &error))?;
    match decoder.info().map(|info| info.pixel_format) {
        Some(PixelFormat::L8 | PixelFormat::RGB24) => Ok(Unpacked::whole(Raster::U8(decoded), Colors::Rgb)),
        Some(PixelFormat::L16 | PixelFormat::CMYK32) | None => {
            Err(DicomError::Unsupported("JPEG of four colours".to_owned()))
        }
    }
}
