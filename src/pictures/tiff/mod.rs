//! Reads the first page of a TIFF: strips and tiles, chunky and planar.
//!
//! What the tags say is checked here; `image` inflates and puts together, but is not shown the file: it reads no palettes,
//! no few bits and no luminance, and its JPEG decoder takes streams that break off.

mod bits;
mod layout;
mod page;
mod pixels;
mod plain;
mod scale;

use super::Found;
use super::color::Colors;
use super::directory::Tags;
use super::error::{PictureError, Result};
use super::limits::Limits;
use super::report::Note;
use layout::Layout;

const PROFILE: u16 = 34675;

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Found> {
    let (tags, first) = Tags::open(bytes).ok_or(PictureError::Truncated)?;
    let file = page::pages(&tags, first)?;
    let layout = Layout::of(&file.page, limits)?;
    let (picture, mut notes) = pixels::decode(&tags, &layout, limits)?;
    if file.pages > 1 {
        notes.push(Note::FirstPageOf(file.pages));
    }
    let mut colors = file.colors;
    if let Some(profile) = file.page.get(PROFILE) {
        colors = Colors::Profile(profile.data.to_vec());
    }
    if notes.contains(&Note::FromInks) {
        colors = Colors::Srgb;
    }
    Ok(Found {
        picture,
        orientation: file.page.orientation(),
        colors,
        dropped: file.dropped,
        notes,
        mm_per_pixel: scale::of(&file.page),
    })
}
