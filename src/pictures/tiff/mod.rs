//! Reads the first page of a TIFF: strips and tiles, chunky and planar, without a crate of its own.
//!
//! The crate `tiff` 0.11 reads no palettes and no subsampled colours, inflates before it compares with a limit, and takes a
//! second JPEG decoder for pages of JPEG; what is common to all pages is little.

mod bits;
mod chunks;
mod layout;
mod page;
mod pixels;
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
    let (raster, mut notes) = pixels::decode(&tags, &layout, limits)?;
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
        raster,
        orientation: file.page.orientation(),
        colors,
        dropped: file.dropped,
        notes,
        mm_per_pixel: scale::of(&file.page),
    })
}
