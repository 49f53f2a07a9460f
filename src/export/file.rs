use std::io::{BufWriter, Write};

use jpeg_encoder::{PixelDensity, PixelDensityUnit, SamplingFactor};
use tiff::encoder::colortype::{ColorType, Gray8, RGB8};
use tiff::encoder::{Compression, Predictor, Rational, TiffEncoder};
use tiff::tags::ResolutionUnit;

use super::options::go_on;
use super::{ExportError, FileFormat};
use crate::files::{Target, write_whole};
use crate::render::Picture;
use crate::work::Cancel;

/// Rows that are encoded between two looks at the cancel flag.
const ROWS: usize = 256;
/// Of 100: no block shows at any zoom, a third of the size of a lossless file.
const JPEG_QUALITY: u8 = 95;

/// Writes a picture and nothing but the picture: no names, no dates, no comments. All or nothing.
///
/// Grey pictures are written with one channel. `dpi` goes into the file. The file appears under its name only
/// when it is complete; until then, and where it may not be replaced, whatever had that name stays as it was.
pub fn write_picture(
    to: Target<'_>,
    picture: &Picture,
    format: FileFormat,
    dpi: f64,
    cancel: &Cancel,
) -> Result<(), ExportError> {
    write_whole(to, |file| {
        let mut writer = BufWriter::new(file);
        encode(&mut writer, picture, format, dpi, cancel)?;
        writer.flush()?;
        go_on(cancel)
    })
}

/// Encodes a picture as a file of that format.
fn encode<W: Write + std::io::Seek>(
    writer: W,
    picture: &Picture,
    format: FileFormat,
    dpi: f64,
    cancel: &Cancel,
) -> Result<(), ExportError> {
    let grey = picture.is_grey();
    match format {
        FileFormat::Png => encode_png(writer, picture, grey, Some(dpi), cancel),
        FileFormat::Tiff if grey => encode_tiff::<Gray8, _>(writer, picture, grey, dpi, cancel),
        FileFormat::Tiff => encode_tiff::<RGB8, _>(writer, picture, grey, dpi, cancel),
        FileFormat::Jpeg => encode_jpeg(writer, picture, grey, dpi),
    }
}

/// Pieces of [`ROWS`] rows with one or three bytes a pixel.
fn strips(picture: &Picture, grey: bool) -> impl Iterator<Item = Vec<u8>> {
    let length = (picture.size.width as usize * ROWS).max(1);
    picture.pixels.chunks(length).map(move |pixels| {
        if grey {
            pixels.iter().map(|p| p[0]).collect()
        } else {
            pixels.iter().flat_map(|p| [p[0], p[1], p[2]]).collect()
        }
    })
}

/// Encodes a picture as a PNG, with its resolution when one is given.
pub(super) fn encode_png(
    writer: impl Write,
    picture: &Picture,
    grey: bool,
    dpi: Option<f64>,
    cancel: &Cancel,
) -> Result<(), ExportError> {
    let mut encoder = png::Encoder::new(writer, picture.size.width, picture.size.height);
    encoder.set_color(if grey { png::ColorType::Grayscale } else { png::ColorType::Rgb });
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_pixel_dims(dpi.map(|dpi| {
        let per_metre = whole(dpi / 0.0254);
        png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter }
    }));
    let mut file = encoder.write_header().map_err(named)?;
    let mut stream = file.stream_writer().map_err(named)?;
    for strip in strips(picture, grey) {
        go_on(cancel)?;
        stream.write_all(&strip)?;
    }
    stream.finish().map_err(named)?;
    file.finish().map_err(named)
}

fn encode_tiff<C: ColorType<Inner = u8>, W: Write + std::io::Seek>(
    writer: W,
    picture: &Picture,
    grey: bool,
    dpi: f64,
    cancel: &Cancel,
) -> Result<(), ExportError> {
    let encoder = TiffEncoder::new(writer).map_err(named)?;
    let mut encoder = encoder.with_compression(Compression::Lzw).with_predictor(Predictor::Horizontal);
    let mut image = encoder.new_image::<C>(picture.size.width, picture.size.height).map_err(named)?;
    image.resolution(ResolutionUnit::Inch, Rational { n: whole(dpi * 100.0), d: 100 });
    image.rows_per_strip(u32::try_from(ROWS).unwrap_or(u32::MAX)).map_err(named)?;
    go_on(cancel)?;
    // All at once: strip by strip, tiff 0.11 leaves out the compression that its header promises.
    let data: Vec<u8> = strips(picture, grey).flatten().collect();
    image.write_data(&data).map_err(named)
}

fn encode_jpeg(writer: impl Write, picture: &Picture, grey: bool, dpi: f64) -> Result<(), ExportError> {
    let side = |length: u32| u16::try_from(length).map_err(named);
    let (width, height) = (side(picture.size.width)?, side(picture.size.height)?);
    let mut encoder = jpeg_encoder::Encoder::new(writer, JPEG_QUALITY);
    let density = u16::try_from(whole(dpi)).unwrap_or(u16::MAX);
    encoder.set_density(PixelDensity { density: (density, density), unit: PixelDensityUnit::Inches });
    // Full colour resolution: thin coloured lines stay sharp.
    encoder.set_sampling_factor(SamplingFactor::F_1_1);
    encoder.set_optimized_huffman_tables(true);
    let color = if grey { jpeg_encoder::ColorType::Luma } else { jpeg_encoder::ColorType::Rgb };
    let data: Vec<u8> = strips(picture, grey).flatten().collect();
    encoder.encode(&data, width, height, color).map_err(named)
}

pub(super) fn named(error: impl std::fmt::Display) -> ExportError {
    ExportError::Encode(error.to_string())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to u32")]
fn whole(value: f64) -> u32 {
    value.round().clamp(1.0, f64::from(u32::MAX)) as u32
}
