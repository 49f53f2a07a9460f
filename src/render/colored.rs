use rayon::iter::{IndexedParallelIterator as _, ParallelIterator as _};
use rayon::slice::ParallelSliceMut as _;

use super::Picture;
use crate::image::{Frame, Samples};
use crate::view::{Resolved, ScreenPoint};

/// Puts the colours of a supplemental palette into a rendered slice: stored values from the first that the palette maps
/// on have its colours, those below are grey (PS3.3 C.7.6.19).
///
/// Each pixel of the screen takes the value of the stored pixel that it lies in: a mean of a colour's number and of a
/// density is neither. `inverted` exchanges light and dark, as it does for any image in colour.
pub(super) fn colored(
    frame: &Frame,
    samples: &Samples,
    resolved: &Resolved,
    inverted: bool,
    out: &mut Picture,
) {
    let width = out.size.width as usize;
    let Some(palette) = frame.stored.layout.supplemental().filter(|_| width > 0) else { return };
    let (first, colors) = (f64::from(palette.first()), palette.colors());
    let (columns, rows) = (frame.size.columns, frame.size.rows);
    let flip = if inverted { 255 } else { 0 };
    out.pixels.par_chunks_mut(width).enumerate().for_each(|(y, line)| {
        for (x, pixel) in line.iter_mut().enumerate() {
            let at = resolved.pixel_from_screen(ScreenPoint::new(x as f64 + 0.5, y as f64 + 0.5));
            // Far outside the image the cast saturates, which is outside as well.
            #[expect(clippy::cast_possible_truncation, reason = "rounded to the pixel it lies in")]
            let (column, row) = (at.column().round() as i64, at.row().round() as i64);
            let inside = |at: i64, count: usize| usize::try_from(at).ok().filter(|at| *at < count);
            let (Some(column), Some(row)) = (inside(column, columns), inside(row, rows)) else { continue };
            let stored = samples.stored(row * columns + column);
            let Some(stored) = stored.filter(|stored| *stored >= first) else { continue };
            #[expect(clippy::cast_possible_truncation, reason = "a stored value of at most 32 bits")]
            let [red, green, blue] = colors.at(stored as i64).map(|level| level ^ flip);
            *pixel = [red, green, blue, 255];
        }
    });
}
