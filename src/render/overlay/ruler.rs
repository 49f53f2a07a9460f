use glam::DVec2;

use super::{OverlayInput, Page};
use crate::case::number;
use crate::geometry::Mm;
use crate::image::Frame;
use crate::render::{ScreenRect, Stroke, measure, palette};
use crate::typography::typeset;
use crate::view::{Resolved, ScreenPoint};

/// A round length and how long it is on the drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct Ruler {
    /// 1, 2 or 5 times a power of ten, in mm; in px where there is no scale.
    pub length: f64,
    /// Its length in output pixels.
    pub length_px: f64,
    /// Parts it is divided into: 5, or 4 where the length is 2 times a power of ten.
    pub parts: u32,
    /// The length with its unit: `5 cm`, `100 µm`, `20 mm at detector`, `100 px`.
    pub label: String,
}

/// The longest ruler of a round length that fits into `room_px` output pixels.
pub fn ruler(frame: &Frame, resolved: &Resolved, room_px: f64) -> Option<Ruler> {
    // Where there is no spacing, drawing counts one pixel width as 1 mm.
    let per_unit = resolved.screen_from_mm(Mm(1.0));
    let room = room_px / per_unit;
    if !(room.is_finite() && room > 0.0) {
        return None;
    }
    let decade = 10_f64.powi(floor_of_log10(room));
    let (factor, parts) = [(5.0, 5), (2.0, 4), (1.0, 5)]
        .into_iter()
        .find(|(factor, _)| factor * decade <= room)
        .unwrap_or((1.0, 5));
    let length = factor * decade;
    let label = label(frame, length);
    Some(Ruler { length, length_px: length * per_unit, parts, label })
}

/// A round length in mm, or in px where there is no scale, with its unit and what has to be known of the scale.
fn label(frame: &Frame, length: f64) -> String {
    let unit = frame.calibration.length_unit();
    // Every scale of a picture is the reader's, and journals want the bare length on a bar.
    let unit = if frame.stored.is_picture() && unit.starts_with("mm") { "mm" } else { unit };
    let words = match unit.strip_prefix("mm") {
        Some("") if length >= 10.0 => format!("{} cm", number(length / 10.0, 0)),
        Some(about) if length < 0.999 => {
            let micrometres = length * 1000.0;
            format!("{} µm{about}", number(micrometres, decimals_of(micrometres)))
        }
        Some(_) | None => format!("{} {unit}", number(length, decimals_of(length))),
    };
    typeset(&words)
}

/// By comparison, not by a logarithm: exact at powers of ten on every machine.
fn floor_of_log10(value: f64) -> i32 {
    (-12..12).rev().find(|power| 10_f64.powi(*power) <= value).unwrap_or(-12)
}

fn decimals_of(length: f64) -> usize {
    (0..12)
        .find(|decimals| length * 10_f64.powi(*decimals) >= 0.999)
        .map_or(0, |decimals| usize::try_from(decimals).unwrap_or(0))
}

/// The ruler down the right edge, or along the bottom where the corner texts leave no height.
pub(super) fn draw(input: &OverlayInput<'_>, page: &mut Page<'_>) {
    let style = input.style;
    let size_px = style.px(style.overlay_pt);
    let line = measure(input.fonts, "0", size_px).y;
    let texts = input.corners;
    // Some lines of text keep their room beside the ruler; of very long corners the last ones go.
    let lines = texts.top_right.len().max(texts.bottom_right.len()).min(4) as f64;
    let letter = style.px(style.letters_pt) * 1.2;
    let height = page.area.size().y - 2.0 * lines * line - 2.0 * page.gap;
    // Beside the letter of the right edge, which is in the middle.
    let right = page.area.max.x - style.px(style.letters_pt) * 1.9;
    let room = height.min(page.area.size().y * 0.5);
    if room > letter * 3.0 && page.area.size().x > room {
        if let Some(ruler) = ruler(input.frame, input.resolved, room) {
            let top = DVec2::new(right, page.area.center().y - ruler.length_px / 2.0);
            draw_along(input, page, &ruler, top, DVec2::Y);
        }
        return;
    }
    if let Some(ruler) = ruler(input.frame, input.resolved, page.area.size().x * 0.4) {
        let left = page.area.center().x - ruler.length_px / 2.0;
        let y = page.area.max.y - letter - style.px(6.0);
        draw_along(input, page, &ruler, DVec2::new(left, y), DVec2::X);
    }
}

/// Draws a ruler from its first end; ticks and label stand to its left, or above.
fn draw_along(input: &OverlayInput<'_>, page: &mut Page<'_>, ruler: &Ruler, from: DVec2, along: DVec2) {
    let style = input.style;
    let stroke = Stroke { width: style.px(1.0), color: palette::OVERLAY, halo: Some(palette::HALO) };
    let to = from + along * ruler.length_px;
    let away = if along.x > 0.0 { DVec2::NEG_Y } else { DVec2::NEG_X };
    let mut lines = vec![(from, to)];
    for part in 0..=ruler.parts {
        let end = part == 0 || part == ruler.parts;
        let at = from.lerp(to, f64::from(part) / f64::from(ruler.parts));
        lines.push((at, at + away * style.px(if end { 6.0 } else { 3.5 })));
    }
    let size_px = style.px(style.overlay_pt);
    let size = measure(input.fonts, &ruler.label, size_px);
    let label = if along.x > 0.0 {
        DVec2::new(from.midpoint(to).x - size.x / 2.0, from.y - style.px(8.0) - size.y)
    } else {
        DVec2::new(to.x - size.x, to.y + style.px(3.0))
    };
    let bar = ScreenRect { min: from.min(to + away * style.px(6.0)), max: to.max(from) }.grown(stroke.width);
    if !page.is_free(&bar) {
        return;
    }
    for (a, b) in lines {
        page.list.line(vec![ScreenPoint(a), ScreenPoint(b)], false, stroke);
    }
    page.taken.push(bar.grown(-stroke.width));
    // The label belongs to the bar: it may be as near to it as it likes, but not on anything else.
    let rect = ScreenRect::from_corner(label, size);
    page.list.text(label, size_px, &ruler.label, palette::OVERLAY);
    page.taken.push(rect);
}
