use std::io::Read as _;

use jpeg_decoder::{ColorTransform, Decoder};

use super::segments::Frame;
use crate::pictures::error::{PictureError, Result};

/// How the components of a JPEG become colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pictures) enum Transform {
    Grey,
    Rgb,
    YCbCr,
    /// Inks, inverted as Adobe writes them. Whoever writes inks without Adobe's mark does so too.
    Cmyk,
    Ycck,
}

/// Bytes that decoding takes at most, with the samples that it returns.
pub(in crate::pictures) fn memory(frame: &Frame) -> u64 {
    let padded = |length: u32, factor: u8| u64::from(length).next_multiple_of(8 * u64::from(factor));
    let area = padded(frame.width, frame.unit.0) * padded(frame.height, frame.unit.1);
    // The planes and the pixels of them; two bytes for each coefficient where those are kept.
    area * u64::from(frame.components) * if frame.is_progressive() { 4 } else { 2 }
}

/// Decodes segments, in the order given, to grey, RGB or inks (0 is none) without padding.
pub(in crate::pictures) fn decode(parts: &[&[u8]], frame: &Frame, transform: Transform) -> Result<Vec<u8>> {
    let start: &[u8] = &[0xFF, 0xD8];
    let end: &[u8] = &[0xFF, 0xD9];
    let (first, second) = (parts.first().unwrap_or(&start), parts.get(1).copied().unwrap_or_default());
    let length = frame.width as usize * frame.height as usize * usize::from(frame.components);
    let mut decoder = Decoder::new(start.chain(*first).chain(second).chain(end));
    decoder.set_max_decoding_buffer_size(length);
    decoder.set_color_transform(match transform {
        Transform::Grey => ColorTransform::Grayscale,
        Transform::Rgb => ColorTransform::RGB,
        Transform::YCbCr => ColorTransform::YCbCr,
        Transform::Cmyk => ColorTransform::CMYK,
        Transform::Ycck => ColorTransform::YCCK,
    });
    let samples = decoder.decode().map_err(|error| damaged(&error))?;
    if samples.len() == length {
        Ok(samples)
    } else {
        Err(PictureError::Damaged("the JPEG has another size"))
    }
}

/// Without the decoder's words, which may hold bytes of the file.
fn damaged(error: &jpeg_decoder::Error) -> PictureError {
    match error {
        jpeg_decoder::Error::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            PictureError::Truncated
        }
        jpeg_decoder::Error::Unsupported(_) => PictureError::Unsupported("this kind of JPEG".to_owned()),
        jpeg_decoder::Error::Format(_) | jpeg_decoder::Error::Io(_) | jpeg_decoder::Error::Internal(_) => {
            PictureError::Damaged("the JPEG's pixels make no sense")
        }
    }
}
