use glam::DVec2;

use super::{OverlayInput, Page};
use crate::geometry::direction_letters;
use crate::image::Frame;
use crate::render::{measure, palette};
use crate::view::Resolved;

/// The patient's direction in words at each edge of a drawing, wherever it is turned; the side is a unit vector.
pub(in crate::render) fn sides(frame: &Frame, resolved: &Resolved) -> Vec<(DVec2, String)> {
    let Some(plane) = &frame.plane else { return Vec::new() };
    let map = resolved.pixel_from_screen_map();
    let letters = |side: DVec2| {
        let step = plane.spacing().mm_from_pixel(map.transform_vector2(side));
        direction_letters(step.x * plane.right() + step.y * plane.down())
    };
    let all = [DVec2::NEG_X, DVec2::X, DVec2::NEG_Y, DVec2::Y].map(|side| (side, letters(side)));
    all.into_iter().filter(|(_, letters)| !letters.is_empty()).collect()
}

/// The letters at the edges.
pub(super) fn draw(input: &OverlayInput<'_>, page: &mut Page<'_>) {
    let size_px = input.style.px(input.style.letters_pt);
    for (side, letters) in sides(input.frame, input.resolved) {
        let size = measure(input.fonts, &letters, size_px);
        // The middle of the text at the middle of the edge, just inside.
        let reach = (page.area.size() - size) / 2.0;
        let at = page.area.center() + side * reach - size / 2.0;
        page.text(at, size_px, &letters, palette::LETTERS);
    }
}
