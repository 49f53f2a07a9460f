use glam::DVec2;

use super::{OverlayInput, Page};
use crate::geometry::direction_letters;
use crate::render::{measure, palette};

/// The patient's direction in words at each edge of the drawing, wherever it is turned.
pub(super) fn draw(input: &OverlayInput<'_>, page: &mut Page<'_>) {
    let Some(plane) = &input.frame.plane else { return };
    let size_px = input.style.px(input.style.letters_pt);
    let map = input.resolved.pixel_from_screen_map();
    for side in [DVec2::NEG_X, DVec2::X, DVec2::NEG_Y, DVec2::Y] {
        let step = plane.spacing().mm_from_pixel(map.transform_vector2(side));
        let letters = direction_letters(step.x * plane.right() + step.y * plane.down());
        let size = measure(input.fonts, &letters, size_px);
        // The middle of the text at the middle of the edge, just inside.
        let reach = (page.area.size() - size) / 2.0;
        let at = page.area.center() + side * reach - size / 2.0;
        if !letters.is_empty() {
            page.text(at, size_px, &letters, palette::LETTERS);
        }
    }
}
