use tiny_skia::{FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, PixmapMut, Transform};

use super::{Color, DrawingList, Fonts, Item, Picture, Stroke, text};
use crate::view::ScreenPoint;

/// Width of the rim around letters, over the font size.
pub const TEXT_HALO: f64 = 0.22;

/// Draws a list into a picture, with smooth edges. The same list gives the same bytes.
pub fn paint(list: &DrawingList, picture: &mut Picture, fonts: &Fonts) {
    paint_from(list, 0.0, picture, fonts);
}

/// The same into a band of a picture, which begins `top` pixels below the place that the list counts from.
pub fn paint_from(list: &DrawingList, top: f64, picture: &mut Picture, fonts: &Fonts) {
    let size = picture.size;
    let bytes = bytemuck::cast_slice_mut(&mut picture.pixels);
    // A picture is opaque, so its bytes are premultiplied as they are.
    let Some(mut pixmap) = PixmapMut::from_bytes(bytes, size.width, size.height) else { return };
    let rows = f64::from(size.height);
    let moved = |point: &ScreenPoint| ScreenPoint::new(point.0.x, point.0.y - top);
    for item in list.items.iter().filter(|item| item.meets(top, top + rows)) {
        match item {
            Item::Line { points, closed, stroke } => {
                let points: Vec<ScreenPoint> = points.iter().map(moved).collect();
                if let Some(path) = polygon(&points, *closed) {
                    paint_line(&mut pixmap, &path, stroke);
                }
            }
            Item::Fill { points, color } => {
                let points: Vec<ScreenPoint> = points.iter().map(moved).collect();
                if let Some(path) = polygon(&points, true) {
                    pixmap.fill_path(&path, &ink(*color), FillRule::Winding, Transform::identity(), None);
                }
            }
            Item::Text { at, size_px, text, weight, color, halo } => {
                let at = moved(at);
                if let Some(path) = text::outline(fonts, text, *size_px, *weight, at.0) {
                    if let Some(halo) = halo {
                        stroke_path(&mut pixmap, &path, *halo, size_px * TEXT_HALO);
                    }
                    pixmap.fill_path(&path, &ink(*color), FillRule::Winding, Transform::identity(), None);
                }
            }
        }
    }
}

fn paint_line(pixmap: &mut PixmapMut<'_>, path: &Path, stroke: &Stroke) {
    if let Some(halo) = stroke.halo {
        stroke_path(pixmap, path, halo, stroke.width + 2.0 * stroke.halo_width());
    }
    stroke_path(pixmap, path, stroke.color, stroke.width);
}

fn stroke_path(pixmap: &mut PixmapMut<'_>, path: &Path, color: Color, width: f64) {
    let stroke = tiny_skia::Stroke {
        width: narrow(width),
        line_cap: LineCap::Round,
        line_join: LineJoin::Round,
        ..tiny_skia::Stroke::default()
    };
    pixmap.stroke_path(path, &ink(color), &stroke, Transform::identity(), None);
}

fn ink(color: Color) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    let [r, g, b, a] = color.0;
    paint.set_color_rgba8(r, g, b, a);
    paint
}

/// The line through some points; `None` when there are not two of them. What is not a number is left out.
pub fn polygon(points: &[ScreenPoint], closed: bool) -> Option<Path> {
    // tiny-skia works in fixed point within some 32,000 pixels; what is further out is not seen anyway.
    const FAR: f64 = 30_000.0;
    let mut path = PathBuilder::new();
    let mut places = points.iter().filter(|p| p.0.is_finite()).map(|p| {
        let place = p.0.clamp(glam::DVec2::splat(-FAR), glam::DVec2::splat(2.0 * FAR));
        (narrow(place.x), narrow(place.y))
    });
    let (x, y) = places.next()?;
    path.move_to(x, y);
    places.for_each(|(x, y)| path.line_to(x, y));
    if closed {
        path.close();
    }
    path.finish()
}

#[expect(clippy::cast_possible_truncation, reason = "places on a picture fit an f32")]
pub(crate) fn narrow(value: f64) -> f32 {
    value as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::palette;
    use crate::view::ViewportSize;

    #[test]
    fn a_line_covers_its_width_and_nothing_else() {
        let mut picture = Picture::new(ViewportSize { width: 20, height: 10 });
        let mut list = DrawingList::default();
        let stroke = Stroke { width: 2.0, color: Color([255, 255, 255, 255]), halo: None };
        list.line(vec![ScreenPoint::new(-5.0, 5.0), ScreenPoint::new(25.0, 5.0)], false, stroke);
        list.line(vec![ScreenPoint::new(f64::NAN, 5.0), ScreenPoint::new(1.0, f64::INFINITY)], true, stroke);
        paint(&list, &mut picture, &Fonts::default());
        let column: Vec<u8> = (0..10).map(|row| picture.pixel(7, row).unwrap()[0]).collect();
        assert_eq!(column, [0, 0, 0, 0, 255, 255, 0, 0, 0, 0]);
        assert!(picture.pixels.iter().all(|p| p[3] == 255));
    }

    #[test]
    fn text_is_drawn_below_its_corner() {
        let mut picture = Picture::new(ViewportSize { width: 60, height: 40 });
        let mut list = DrawingList::default();
        list.text(glam::DVec2::new(10.0, 10.0), 16.0, "HU", palette::OVERLAY);
        paint(&list, &mut picture, &Fonts::default());
        let inked = |row: u32| (0..60).any(|column| picture.pixel(column, row).unwrap()[0] > 100);
        assert!(!(0..10).any(inked) && (14..24).all(inked) && !(28..40).any(inked));
    }
}
