//! Progressive streams of 8 bits, by `jpeg-decoder`.

use jpeg_decoder::{ColorTransform, Decoder, PixelFormat};

use super::error::{Error, Result};
use super::header::Header;

/// All samples; `ycbcr` where luminance and chrominance are to become red, green and blue.
pub(super) fn decode(bytes: &[u8], header: Header, ycbcr: bool) -> Result<Vec<u8>> {
    let Header { columns, rows, components, .. } = header;
    let mut decoder = Decoder::new(bytes);
    decoder.set_max_decoding_buffer_size(columns * rows * components * 2);
    if components == 3 {
        // The decoder takes colour without a marker for YCbCr; the caller may know better.
        decoder.set_color_transform(if ycbcr { ColorTransform::YCbCr } else { ColorTransform::None });
    }
    let samples = decoder.decode().map_err(|error| Error::Damaged(error.to_string().into()))?;
    match decoder.info().map(|info| info.pixel_format) {
        Some(PixelFormat::L8 | PixelFormat::RGB24) if samples.len() == columns * rows * components => {
            Ok(samples)
        }
        Some(PixelFormat::L8 | PixelFormat::RGB24 | PixelFormat::L16 | PixelFormat::CMYK32) | None => {
            Err(Error::from("the progressive image is another one than its header says"))
        }
    }
}
