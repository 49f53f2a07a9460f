//! Writes a PNG that holds nothing but pixels, and reads it again.

use sha2::{Digest as _, Sha256};

use super::error::{PictureError, Result};
use super::limits::Limits;
use super::png;
use super::raster::Raster;

/// Writes the chunks IHDR, IDAT and IEND and no other.
///
/// The encoder is `fdeflate`, which is all integers and has one backend: the same pixels are the same bytes on every machine.
pub(super) fn encode(raster: &Raster) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, raster.width, raster.height);
    encoder.set_color(if raster.color { ::png::ColorType::Rgb } else { ::png::ColorType::Grayscale });
    encoder.set_depth(::png::BitDepth::Eight);
    encoder.set_compression(::png::Compression::Fast);
    encoder.set_filter(::png::Filter::Adaptive);
    // Into memory, and of the right length: only a picture that no memory holds could fail.
    let failed = |_| PictureError::TooLarge("the picture could not be written".to_owned());
    let mut file = encoder.write_header().map_err(failed)?;
    file.write_image_data(&raster.samples).map_err(failed)?;
    file.finish().map_err(failed)?;
    Ok(bytes)
}

/// The SHA-256 of bytes in lower-case hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    Sha256::digest(bytes).iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// RGB pixels (opaque RGBA8 rows) of a PNG written by [`strip`](super::strip).
pub fn decode(png: &[u8]) -> Result<(u32, u32, Vec<[u8; 4]>)> {
    if png.is_empty() {
        return Err(PictureError::Empty);
    }
    let found = png::read(png, &Limits::default())?;
    let raster = found.raster;
    let pixels = if raster.color {
        raster.samples.as_chunks::<3>().0.iter().map(|&[r, g, b]| [r, g, b, 255]).collect()
    } else {
        raster.samples.iter().map(|&v| [v, v, v, 255]).collect()
    };
    Ok((raster.width, raster.height, pixels))
}
