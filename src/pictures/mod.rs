//! Pictures that are not DICOM and join a case: an operative photo, a specimen, a stain.
//!
//! A PNG, JPEG or TIFF is decoded to pixels and written anew as a PNG of pixels alone. Nothing is filtered out of the old
//! file, so nothing that nobody thought of stays in: what is not a pixel has no way into the new one.
//!
//! | what | how |
//! |---|---|
//! | orientation | applied, then gone |
//! | depth | 8 bits; more are rounded to the nearest |
//! | transparency | laid on white |
//! | colours | to sRGB where the profile is of primaries and curves; printing inks without a profile |
//! | pages, frames | the first |
//!
//! No decoder is shown metadata: the readers walk the file's parts themselves and hand on only those of pixels.

mod color;
mod directory;
mod error;
mod exif;
mod jpeg;
mod limits;
mod png;
mod raster;
mod report;
mod sniff;
#[cfg(test)]
mod tests;
mod tiff;
mod write;

pub use error::PictureError;
pub use limits::Limits;
pub use report::{ColorSpace, Dropped, Note};
pub use write::{decode, sha256};

use color::Colors;
use error::Result;
use image::DynamicImage;
use image::metadata::Orientation;
use sniff::Kind;

/// A picture of pixels and nothing else.
#[derive(Debug, Clone, PartialEq)]
pub struct StrippedPicture {
    /// Columns, as it is shown.
    pub width: u32,
    /// Rows, as it is shown.
    pub height: u32,
    /// The file: grey or RGB of 8 bits; the chunks IHDR, IDAT and IEND alone.
    pub png: Vec<u8>,
    /// The SHA-256 of that file in lower-case hexadecimal digits.
    pub sha256: String,
    /// What was found beside the pixels and left out, each once, in order.
    pub dropped: Vec<Dropped>,
    /// What was changed and must be told, each once, in order.
    pub notes: Vec<Note>,
    /// Millimetres from pixel to pixel where a microscope's or scanner's program says so; dots per inch never count.
    pub mm_per_pixel: Option<f64>,
}

/// What a reader finds in a file.
#[derive(Debug)]
struct Found {
    /// Grey or RGB of 8 bits.
    picture: DynamicImage,
    /// Exif's 1 to 8.
    orientation: u8,
    colors: Colors,
    dropped: Vec<Dropped>,
    notes: Vec<Note>,
    mm_per_pixel: Option<f64>,
}

/// Decodes a PNG, JPEG or TIFF and writes its pixels, and nothing but its pixels, as a new PNG.
pub fn strip(bytes: &[u8], limits: &Limits) -> Result<StrippedPicture> {
    let Found { mut picture, orientation, colors, mut dropped, mut notes, mm_per_pixel } =
        match sniff::kind(bytes)? {
            Kind::Png => png::read(bytes, limits)?,
            Kind::Jpeg => jpeg::read(bytes, limits)?,
            Kind::Tiff => tiff::read(bytes, limits)?,
        };
    notes.extend(color::to_srgb(&mut picture, &colors));
    if (2..=8).contains(&orientation) {
        notes.push(Note::Turned);
    }
    if let Some(orientation) = Orientation::from_exif(orientation) {
        picture.apply_orientation(orientation);
    }
    let png = write::encode(&picture)?;
    dropped.sort_unstable();
    dropped.dedup();
    notes.sort_unstable();
    notes.dedup();
    let sha256 = sha256(&png);
    Ok(StrippedPicture {
        width: picture.width(),
        height: picture.height(),
        png,
        sha256,
        dropped,
        notes,
        mm_per_pixel,
    })
}
