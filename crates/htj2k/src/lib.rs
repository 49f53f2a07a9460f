//! Decoder of High-Throughput JPEG 2000: the codestream of ITU-T T.800 (ISO/IEC 15444-1, "Part 1") with the block
//! coder of ITU-T T.814 (ISO/IEC 15444-15, "Part 15").
//!
//! Safe Rust without a build script. The inner loops are compiled once for each level of the processor's vector
//! instructions and chosen when the program runs.
//!
//! # Example
//!
//! ```
//! // Four columns and three rows of signed 16 bits, as OpenJPH writes them.
//! let stream = b"\xFF\x4F\xFF\x51\x00\x29\x40\x00\x00\x00\x00\x04\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00\x00\
//!     \x00\x00\x00\x04\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x8F\x01\x01\xFF\x50\x00\
//!     \x08\x00\x02\x00\x00\x00\x09\xFF\x52\x00\x0C\x00\x02\x00\x01\x00\x01\x04\x04\x40\x01\xFF\x5C\x00\
//!     \x07\x20\x88\x88\x88\x88\xFF\x64\x00\x17\x00\x01\x4F\x70\x65\x6E\x4A\x50\x48\x20\x56\x65\x72\x20\
//!     \x30\x2E\x32\x36\x2E\x33\x2E\xFF\x90\x00\x0A\x00\x00\x00\x00\x00\x44\x00\x01\xFF\x93\xC0\x00\x2A\
//!     \xC0\x23\xBA\x3C\x78\xA8\xFE\xF1\x02\x06\xB4\x00\xC0\x00\x2B\x20\x00\x15\x10\x00\x0A\x90\x4D\x34\
//!     \xED\x43\x43\xF4\xE7\x03\x01\x63\x94\x00\xEB\x43\xEC\xF1\x01\x22\x34\x00\xDD\x87\x44\x1F\xF8\x01\
//!     \x82\x34\x00\xFF\xD9";
//! let image = htj2k::decode(stream, &htj2k::Limits::default())?;
//! assert_eq!((image.columns, image.rows, image.components.len()), (4, 3, 1));
//! assert_eq!(image.components[0], htj2k::Component { bits: 16, signed: true });
//! assert_eq!(image.samples, [0, 1000, -2000, 3, 4, -5, 32767, -32768, 7, 8, 9, 10]);
//! # Ok::<(), htj2k::Error>(())
//! ```
//!
//! # What is decoded
//!
//! * Reversible (5/3 wavelet, RCT) up to 24 bits, exactly; irreversible (9/7 wavelet, ICT) up to 16 bits.
//! * One to four components of one size, signed or not, each with its own depth.
//! * Tiles and tile-parts, all five progression orders, precincts, layers, image and tile offsets, SOP and EPH.
//! * Clean-up, significance propagation and magnitude refinement passes (T.814 clause 7), placeholder passes,
//!   vertically causal contexts.
//!
//! # What is refused by name
//!
//! Blocks of the first part's own coder (EBCOT) alone or mixed with those of Part 15, regions of interest (RGN),
//! changes of the progression order (POC), packed packet headers (PPM, PPT), subsampled components, block options but
//! causal contexts, extensions of other parts, loss in more than 16 bits. Boxes of a file (JP2, JPH) are not read: the
//! stream begins with SOC.
//!
//! # Damage and limits
//!
//! No stream makes the decoder panic. Nothing is allocated before the size has been held against [`Limits`], and
//! decoding takes about 12 bytes for each sample and as much for each packet as the stream has bytes. A stream that is
//! cut off is refused with [`Error::Damaged`]: bands follow each other, so that no row is complete before the end.

#![forbid(unsafe_code)]

mod bits;
mod block;
mod color;
mod error;
mod header;
mod layout;
mod packets;
mod refine;
mod size;
#[cfg(test)]
mod streams;
mod style;
mod tables;
#[cfg(test)]
mod tests;
mod tile;
mod wavelet;

pub use error::Error;
pub use size::Component;

use color::Store;
use header::Codestream;
use size::Area;
use tile::{Plane, Workshop};

/// How large an image may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Samples of all components together; each takes 4 bytes in the result.
    pub samples: usize,
}

impl Default for Limits {
    /// 2^28 samples: 1 GiB of result.
    fn default() -> Self {
        Self { samples: 1 << 28 }
    }
}

/// A decoded image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Width in samples.
    pub columns: usize,
    /// Height in samples.
    pub rows: usize,
    /// Depth and sign of each component.
    pub components: Vec<Component>,
    /// True values, sign included, row by row; the components of a pixel stand together.
    pub samples: Vec<i32>,
}

/// Decodes a codestream that begins with SOC.
///
/// Luminance and chrominance become red, green and blue where the stream declares a component transform
/// (T.800 Annex G).
///
/// # Errors
///
/// [`Error`] says why there are no samples: the stream is damaged or cut off, of an unsupported kind, or its image is
/// larger than `limits` allow.
pub fn decode(stream: &[u8], limits: &Limits) -> Result<Image, Error> {
    let stream = Codestream::read(stream, *limits)?;
    let samples = samples(&stream)?;
    let size = stream.size;
    Ok(Image { columns: size.image.width(), rows: size.image.height(), components: size.components, samples })
}

fn samples(stream: &Codestream<'_>) -> Result<Vec<i32>, Error> {
    let size = &stream.size;
    let mut workshop = Workshop::default();
    if let ([depth], 1) = (&*size.components, size.tiles()) {
        let mut planes = workshop.tile(stream, 0)?;
        if let Some(Plane::Whole(mut samples)) = planes.pop_if(|plane| matches!(plane, Plane::Whole(_))) {
            color::lift(&mut samples, *depth);
            return Ok(samples);
        }
        let mut samples = vec![0; size.image.samples()];
        store(stream, size.image, &planes, &mut samples);
        return Ok(samples);
    }
    let components = size.components.len();
    if (0..size.tiles()).any(|tile| stream.parts(tile).is_empty()) {
        return Err(Error::Damaged("the HTJ2K stream ends before one of its tiles"));
    }
    let mut samples = vec![0; size.image.samples() * components];
    for tile in 0..size.tiles() {
        let planes = workshop.tile(stream, tile)?;
        store(stream, size.tile(tile), &planes, &mut samples);
    }
    Ok(samples)
}

/// Puts the components of a tile in their place.
fn store(stream: &Codestream<'_>, tile: Area, planes: &[Plane], samples: &mut [i32]) {
    let (image, components) = (stream.size.image, stream.size.components.len());
    for (component, (plane, &depth)) in planes.iter().zip(&stream.size.components).enumerate() {
        let samples = &mut *samples;
        pulp::Arch::new().dispatch(Store { plane, depth, tile, samples, image, component, components });
    }
}
