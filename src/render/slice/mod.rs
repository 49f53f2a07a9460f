//! One slice to pixels: values are interpolated first and windowed after, at output resolution.

use super::Picture;
use crate::image::{Frame, Samples};
use crate::view::{Look, Resolved, ScreenPoint};

/// Renders slices; keeps its working memory from one picture to the next.
#[derive(Debug, Default)]
pub struct SliceRenderer {}

impl SliceRenderer {
    /// Draws a frame as `resolved` and `look` say into `out`, which takes the size of `resolved`.
    ///
    /// Black outside the frame, and where samples are missing.
    pub fn render(
        &mut self,
        frame: &Frame,
        samples: &Samples,
        resolved: &Resolved,
        look: &Look,
        out: &mut Picture,
    ) {
        out.resize(resolved.size);
        let inverted = frame.inverted != look.inverted;
        let width = resolved.size.width as usize;
        for (index, pixel) in out.pixels.iter_mut().enumerate() {
            let at = ScreenPoint::new((index % width) as f64 + 0.5, (index / width) as f64 + 0.5);
            let place = resolved.pixel_from_screen(at).pixel(frame.size.columns, frame.size.rows);
            *pixel = Picture::BLACK;
            let Some((column, row)) = place else { continue };
            if let Some(stored) = samples.stored(row * frame.size.columns + column) {
                let level = look.voi.brightness(frame.transform.value(stored)) * 255.0;
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
                let level = if inverted { 255.0 - level } else { level }.round() as u8;
                *pixel = [level, level, level, 255];
            }
        }
    }
}
