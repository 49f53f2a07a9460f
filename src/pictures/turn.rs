//! Turns and mirrors a picture as the Exif orientation says.

use super::raster::Raster;

/// Applies an orientation of 1 to 8 (TIFF 6.0, tag 274: where the first row and column belong).
pub(super) fn turn(raster: Raster, orientation: u8) -> Raster {
    if !(2..=8).contains(&orientation) {
        return raster;
    }
    let (width, height) = (raster.width as usize, raster.height as usize);
    let samples = if raster.color {
        turned::<3>(&raster.samples, width, height, orientation)
    } else {
        turned::<1>(&raster.samples, width, height, orientation)
    };
    let (width, height) = if orientation >= 5 { (height, width) } else { (width, height) };
    let side = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    Raster { width: side(width), height: side(height), color: raster.color, samples }
}

fn turned<const N: usize>(samples: &[u8], width: usize, height: usize, orientation: u8) -> Vec<u8> {
    let (pixels, _) = samples.as_chunks::<N>();
    let (columns, rows) = if orientation >= 5 { (height, width) } else { (width, height) };
    let mut out = Vec::with_capacity(samples.len());
    for y in 0..rows {
        for x in 0..columns {
            // Where the pixel comes from: column, row.
            let (column, row) = match orientation {
                2 => (width - 1 - x, y),
                3 => (width - 1 - x, height - 1 - y),
                4 => (x, height - 1 - y),
                5 => (y, x),
                6 => (y, height - 1 - x),
                7 => (width - 1 - y, height - 1 - x),
                _ => (width - 1 - y, x),
            };
            out.extend_from_slice(&pixels[row * width + column]);
        }
    }
    out
}
