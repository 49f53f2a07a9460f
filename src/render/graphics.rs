use rayon::iter::{IndexedParallelIterator as _, ParallelIterator as _};
use rayon::slice::ParallelSliceMut as _;

use super::{Picture, palette};
use crate::geometry::PixelPoint;
use crate::image::OverlayPlane;
use crate::view::{Resolved, ScreenPoint};

/// Draws the file's overlay planes over a rendered slice, in image space: they zoom and turn with it.
///
/// A magnified bit is a square as its pixel is; of a shrunk graphic every set bit still marks the screen pixel
/// that its centre lies in, so that no thin line goes missing.
pub fn graphics(planes: &[OverlayPlane], resolved: &Resolved, out: &mut Picture) {
    let width = out.size.width as usize;
    if width == 0 || planes.is_empty() {
        return;
    }
    let color = palette::GRAPHIC.0;
    out.pixels.par_chunks_mut(width).enumerate().for_each(|(y, row)| {
        for (x, pixel) in row.iter_mut().enumerate() {
            let at = resolved.pixel_from_screen(ScreenPoint::new(x as f64 + 0.5, y as f64 + 0.5));
            // Far outside the image the cast saturates, which is outside as well.
            #[expect(clippy::cast_possible_truncation, reason = "rounded to the pixel it lies in")]
            let (column, row) = (at.column().round() as i64, at.row().round() as i64);
            if planes.iter().any(|plane| plane.covers(column, row)) {
                *pixel = color;
            }
        }
    });
    for (column, row) in planes.iter().flat_map(OverlayPlane::set_pixels) {
        let at = resolved.screen_from_pixel(PixelPoint::new(column as f64, row as f64)).0.floor();
        if at.cmpge(glam::DVec2::ZERO).all() && at.x < width as f64 {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked here")]
            let index = (at.y as usize).saturating_mul(width) + at.x as usize;
            if let Some(pixel) = out.pixels.get_mut(index) {
                *pixel = color;
            }
        }
    }
}
