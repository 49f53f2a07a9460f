//! High-throughput JPEG 2000: the codestream of ISO 15444-1 (ITU-T T.800) with the blocks of ISO 15444-15 (T.814).
//!
//! Our own: the crates found took more than twice the time of the C library. Everything that a DICOM stream may hold
//! is decoded; regions of interest, changes of the progression order, packed packet headers, blocks of both kinds and
//! blocks of several clean-up passes are refused by name, and so is loss in more than 16 bits.

mod bits;
mod block;
mod color;
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

use color::Store;
use header::Codestream;
use size::Area;
use tile::{Plane, Workshop};

/// Why a stream is not decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Htj2kError {
    /// The stream is cut off or contradicts itself.
    Damaged(&'static str),
    /// The stream is sound, but of a kind that is not known here.
    Unsupported(&'static str),
}

/// Decodes a codestream that begins with SOC: true values, the components of a pixel together.
///
/// The caller has checked the size.
pub(super) fn decode(stream: &[u8]) -> Result<Vec<i32>, Htj2kError> {
    let stream = Codestream::read(stream)?;
    let size = &stream.size;
    let mut workshop = Workshop::default();
    if let ([depth], 1) = (&*size.components, size.tiles()) {
        let mut planes = workshop.tile(&stream, 0)?;
        if let Some(Plane::Whole(mut samples)) = planes.pop_if(|plane| matches!(plane, Plane::Whole(_))) {
            color::lift(&mut samples, *depth);
            return Ok(samples);
        }
        let mut samples = vec![0; size.image.samples()];
        store(&stream, size.image, &planes, &mut samples);
        return Ok(samples);
    }
    let components = size.components.len();
    if (0..size.tiles()).any(|tile| stream.parts(tile).is_empty()) {
        return Err(Htj2kError::Damaged("the HTJ2K stream ends before one of its tiles"));
    }
    let mut samples = vec![0; size.image.samples() * components];
    for tile in 0..size.tiles() {
        let planes = workshop.tile(&stream, tile)?;
        store(&stream, size.tile(tile), &planes, &mut samples);
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
