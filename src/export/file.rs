use std::io::{BufWriter, Write};

use tiff::encoder::{Predictor, Rational, TiffEncoder};
use tiff::tags::CompressionMethod;
use tiff::tags::PhotometricInterpretation;
use tiff::tags::ResolutionUnit;
use tiff::tags::Tag;

use super::bands::{Bands, ROWS, strips};
use super::jpeg::encode_jpeg;
use super::options::go_on;
use super::{ExportError, FileFormat};
use crate::files::{Target, write_whole};
use crate::render::Picture;
use crate::work::Cancel;

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
    write_bands(to, picture, format, dpi, cancel)
}

/// The same of a picture that is drawn while it is written.
pub(super) fn write_bands(
    to: Target<'_>,
    bands: &impl Bands,
    format: FileFormat,
    dpi: f64,
    cancel: &Cancel,
) -> Result<(), ExportError> {
    write_whole(to, |file| {
        let mut writer = BufWriter::new(file);
        encode(&mut writer, bands, format, dpi, cancel)?;
        writer.flush()?;
        go_on(cancel)
    })
}

/// Encodes a picture as a file of that format.
fn encode<W: Write + std::io::Seek>(
    writer: W,
    bands: &impl Bands,
    format: FileFormat,
    dpi: f64,
    cancel: &Cancel,
) -> Result<(), ExportError> {
    let grey = bands.is_grey();
    match format {
        FileFormat::Png => encode_png(writer, bands, grey, Some(dpi), cancel),
        FileFormat::Tiff => encode_tiff(writer, bands, grey, dpi, cancel),
        FileFormat::Jpeg => encode_jpeg(writer, bands, grey, dpi),
    }
}

/// Encodes a picture as a PNG, with its resolution when one is given.
pub(super) fn encode_png(
    writer: impl Write,
    bands: &impl Bands,
    grey: bool,
    dpi: Option<f64>,
    cancel: &Cancel,
) -> Result<(), ExportError> {
    let size = bands.size();
    let mut encoder = png::Encoder::new(writer, size.width, size.height);
    encoder.set_color(if grey { png::ColorType::Grayscale } else { png::ColorType::Rgb });
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_pixel_dims(dpi.map(|dpi| {
        let per_metre = whole(dpi / 0.0254);
        png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter }
    }));
    let mut file = encoder.write_header().map_err(named)?;
    let mut stream = file.stream_writer().map_err(named)?;
    strips(bands, grey, |strip| {
        go_on(cancel)?;
        Ok(stream.write_all(strip)?)
    })?;
    stream.finish().map_err(named)?;
    file.finish().map_err(named)
}

/// Encodes a picture as a TIFF, strip by strip.
///
/// The strips are compressed here: given one by one, tiff 0.11 leaves out the compression that its header promises.
fn encode_tiff<W: Write + std::io::Seek>(
    writer: W,
    bands: &impl Bands,
    grey: bool,
    dpi: f64,
    cancel: &Cancel,
) -> Result<(), ExportError> {
    let size = bands.size();
    let channels: u16 = if grey { 1 } else { 3 };
    let row = size.width as usize * usize::from(channels);
    let mut encoder = TiffEncoder::new(writer).map_err(named)?;
    let mut file = encoder.image_directory().map_err(named)?;
    let (mut offsets, mut lengths) = (Vec::<u32>::new(), Vec::<u32>::new());
    strips(bands, grey, |strip| {
        go_on(cancel)?;
        let mut differences = strip.to_vec();
        for line in differences.chunks_exact_mut(row.max(1)) {
            for at in (usize::from(channels)..line.len()).rev() {
                line[at] = line[at].wrapping_sub(line[at - usize::from(channels)]);
            }
        }
        let packed = weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8)
            .encode(&differences)
            .map_err(named)?;
        let at = file.write_data(packed.as_slice()).map_err(named)?;
        offsets.push(u32::try_from(at).map_err(named)?);
        lengths.push(u32::try_from(packed.len()).map_err(named)?);
        Ok(())
    })?;
    let resolution = Rational { n: whole(dpi * 100.0), d: 100 };
    let meaning = if grey { PhotometricInterpretation::BlackIsZero } else { PhotometricInterpretation::RGB };
    let each = |value: u16| vec![value; usize::from(channels)];
    file.write_tag(Tag::ImageWidth, size.width).map_err(named)?;
    file.write_tag(Tag::ImageLength, size.height).map_err(named)?;
    file.write_tag(Tag::BitsPerSample, &each(8)[..]).map_err(named)?;
    file.write_tag(Tag::Compression, CompressionMethod::LZW.to_u16()).map_err(named)?;
    file.write_tag(Tag::PhotometricInterpretation, meaning.to_u16()).map_err(named)?;
    file.write_tag(Tag::StripOffsets, offsets.as_slice()).map_err(named)?;
    file.write_tag(Tag::SamplesPerPixel, channels).map_err(named)?;
    file.write_tag(Tag::RowsPerStrip, u32::try_from(ROWS).unwrap_or(u32::MAX)).map_err(named)?;
    file.write_tag(Tag::StripByteCounts, lengths.as_slice()).map_err(named)?;
    file.write_tag(Tag::XResolution, resolution.clone()).map_err(named)?;
    file.write_tag(Tag::YResolution, resolution).map_err(named)?;
    file.write_tag(Tag::ResolutionUnit, ResolutionUnit::Inch).map_err(named)?;
    file.write_tag(Tag::Predictor, Predictor::Horizontal.to_u16()).map_err(named)?;
    file.write_tag(Tag::SampleFormat, &each(1)[..]).map_err(named)?;
    file.finish().map_err(named)
}

pub(super) fn named(error: impl std::fmt::Display) -> ExportError {
    ExportError::Encode(error.to_string())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to u32")]
pub(super) fn whole(value: f64) -> u32 {
    value.round().clamp(1.0, f64::from(u32::MAX)) as u32
}
