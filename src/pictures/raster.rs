//! How samples of any depth become opaque ones of 8 bits.

use image::DynamicImage;

use super::error::{PictureError, Result};
use super::report::Note;

/// Rows of samples of 8 bits, red, green and blue or grey.
pub(super) fn picture(width: u32, height: u32, color: bool, samples: Vec<u8>) -> Result<DynamicImage> {
    let picture = if color {
        image::RgbImage::from_raw(width, height, samples).map(DynamicImage::from)
    } else {
        image::GrayImage::from_raw(width, height, samples).map(DynamicImage::from)
    };
    picture.ok_or(PictureError::Damaged("it has another size than it says"))
}

/// A decoded picture on white, of 8 bits; and what was done.
pub(super) fn opaque(decoded: DynamicImage) -> Result<(DynamicImage, Vec<Note>)> {
    let (width, height, kind) = (decoded.width(), decoded.height(), decoded.color());
    let (channels, alpha) = (usize::from(kind.channel_count()), kind.has_alpha());
    let ((samples, transparent), wide) = match (decoded.as_flat_samples_u8(), decoded.as_flat_samples_u16()) {
        (Some(_), _) if !alpha => return Ok((decoded, Vec::new())),
        (Some(few), _) => (on_white(few.samples, channels, alpha, 255), false),
        (None, Some(many)) => (on_white(many.samples, channels, alpha, 65_535), true),
        (None, None) => return Err(PictureError::Unsupported("a picture of fractions".to_owned())),
    };
    let notes = [(transparent, Note::OnWhite), (wide, Note::Reduced)];
    let notes = notes.into_iter().filter(|(holds, _)| *holds).map(|(_, note)| note).collect();
    Ok((picture(width, height, kind.has_color(), samples)?, notes))
}

/// Pixels of so many samples, the last of which may be alpha, over white; and whether white shows anywhere. The largest
/// sample is `most`. They are reduced last, so that they are rounded once.
fn on_white<T: Copy + Into<u32>>(samples: &[T], channels: usize, alpha: bool, most: u32) -> (Vec<u8>, bool) {
    let colors = channels - usize::from(alpha);
    let mut out = Vec::with_capacity(samples.len() / channels * colors);
    let mut transparent = false;
    for pixel in samples.chunks_exact(channels) {
        let (colors, rest) = pixel.split_at(colors);
        let alpha = rest.first().map_or(most, |alpha| (*alpha).into());
        transparent |= alpha != most;
        out.extend(colors.iter().map(|value| reduce(over_white((*value).into(), alpha, most), most)));
    }
    (out, transparent)
}

/// The sample of 8 bits that is nearest to one of which the largest is `most`.
#[expect(clippy::cast_possible_truncation, reason = "at most 255")]
pub(super) fn reduce(value: u32, most: u32) -> u8 {
    ((value.min(most) * 255 + most / 2) / most) as u8
}

/// A sample over white, both of the same depth.
pub(super) fn over_white(value: u32, alpha: u32, most: u32) -> u32 {
    let (value, alpha, most) = (u64::from(value), u64::from(alpha), u64::from(most));
    let sum = value * alpha + most * (most - alpha.min(most));
    u32::try_from((sum + most / 2) / most).unwrap_or(u32::MAX)
}

/// The light that an amount of ink and of black leave, of 255.
pub(super) fn through_inks(ink: u8, black: u8) -> u8 {
    let left = (255 - u32::from(ink)) * (255 - u32::from(black));
    reduce(left, 255 * 255)
}

/// Red, green and blue of four inks, of which 0 is none.
pub(super) fn from_inks([cyan, magenta, yellow, black]: [u8; 4]) -> [u8; 3] {
    [cyan, magenta, yellow].map(|ink| through_inks(ink, black))
}
