//! Writes a PNG that holds nothing but pixels, and reads it again.

use data_encoding::HEXLOWER;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, RgbImage};
use sha2::{Digest as _, Sha256};

use super::error::{PictureError, Result};
use super::limits::Limits;
use super::png;

/// Writes the chunks IHDR, IDAT and IEND and no other.
///
/// The encoder is `fdeflate`, which is all integers and has one backend: the same pixels are the same bytes on every machine.
pub(super) fn encode(picture: &DynamicImage) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Adaptive);
    // Into memory, and of the right length: only a picture that no memory holds could fail.
    let failed = |_| PictureError::TooLarge("the picture could not be written".to_owned());
    picture.write_with_encoder(encoder).map_err(failed)?;
    Ok(bytes)
}

/// The SHA-256 of bytes in lower-case hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// The pixels of a PNG written by [`strip`](super::strip).
pub fn decode(png: &[u8]) -> Result<RgbImage> {
    if png.is_empty() {
        return Err(PictureError::Empty);
    }
    Ok(png::read(png, &Limits::default())?.picture.into_rgb8())
}
