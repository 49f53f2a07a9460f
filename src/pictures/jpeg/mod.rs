//! Reads a JPEG: walks its segments, and gives the decoder those of pixels.

mod pixels;
mod segments;

pub(super) use pixels::{Transform, decode, memory};
pub(super) use segments::{photoshop, walk};

use super::Found;
use super::color::Colors;
use super::error::{PictureError, Result};
use super::exif;
use super::limits::Limits;
use super::raster::{from_inks, picture};
use super::report::{Dropped, Note};

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Found> {
    let segments = walk(bytes)?;
    let frame = segments.frame.ok_or(PictureError::Truncated)?;
    frame.check()?;
    limits.check_size(frame.width, frame.height)?;
    let pixels = u64::from(frame.width) * u64::from(frame.height);
    // Once more to turn the picture.
    limits.check_memory(memory(&frame).saturating_add(pixels * 3))?;
    let end = segments.end.ok_or(PictureError::Truncated)?;
    let mut dropped = segments.dropped.clone();
    let mut notes = Vec::new();
    let exif = segments.exif.map(exif::read);
    let orientation = exif.as_ref().map_or(1, |exif| exif.orientation);
    let mut colors = exif.as_ref().map_or(Colors::Srgb, |exif| exif.colors.clone());
    dropped.extend(exif.into_iter().flat_map(|exif| exif.dropped));
    if !segments.profile.is_empty() {
        colors = segments.whole_profile().map_or(Colors::Unknown, Colors::Profile);
    }
    let mut samples = decode(&[&segments.pixels], &frame, segments.transform())?;
    if frame.components == 4 {
        // What the decoder gives is ink: 0 is none.
        samples = samples.as_chunks::<4>().0.iter().flat_map(|inks| from_inks(*inks)).collect();
        notes.push(Note::FromInks);
        colors = Colors::Srgb;
    }
    if end < bytes.len() {
        dropped.push(Dropped::TrailingBytes);
    }
    let picture = picture(frame.width, frame.height, frame.components > 1, samples)?;
    Ok(Found { picture, orientation, colors, dropped, notes, mm_per_pixel: None })
}
