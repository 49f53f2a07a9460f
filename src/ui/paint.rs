//! From a drawing list to egui shapes, and from a picture to a texture.

use std::sync::Arc;

use egui::{Color32, ColorImage, FontId, Pos2, Rect, Shape, Stroke, TextureHandle, TextureOptions, Vec2};

use super::fonts;
use crate::render::{Color, DrawingList, Item, Picture};
use crate::view::ScreenPoint;

pub(super) fn color32(color: Color) -> Color32 {
    let [r, g, b, a] = color.0;
    Color32::from_rgba_unmultiplied(r, g, b, a)
}

/// Between a viewport's pixels and the window's points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    /// The viewport's corner in the window.
    pub(super) corner: Pos2,
    /// Screen pixels of a point.
    pub(super) pixels_per_point: f32,
}

impl Scale {
    pub(super) fn point(self, at: ScreenPoint) -> Pos2 {
        #[expect(clippy::cast_possible_truncation, reason = "screen coordinates")]
        let step = Vec2::new(at.0.x as f32, at.0.y as f32);
        self.corner + step / self.pixels_per_point
    }

    pub(super) fn pixel(self, at: Pos2) -> ScreenPoint {
        let step = (at - self.corner) * self.pixels_per_point;
        ScreenPoint::new(f64::from(step.x), f64::from(step.y))
    }

    pub(super) fn length(self, pixels: f64) -> f32 {
        #[expect(clippy::cast_possible_truncation, reason = "screen lengths")]
        let pixels = pixels as f32;
        pixels / self.pixels_per_point
    }
}

/// Draws a list on the screen: the same list that the raster picture is made from.
pub(super) fn list(painter: &egui::Painter, list: &DrawingList, scale: Scale) {
    for item in &list.items {
        match item {
            Item::Line { points, closed, stroke } => {
                let line: Vec<Pos2> = points.iter().map(|p| scale.point(*p)).collect();
                let width = scale.length(stroke.width);
                if let Some(halo) = stroke.halo {
                    let rim = width + 2.0 * scale.length(stroke.halo_width());
                    painter.add(polyline(line.clone(), *closed, Stroke::new(rim, color32(halo))));
                }
                painter.add(polyline(line, *closed, Stroke::new(width, color32(stroke.color))));
            }
            Item::Fill { points, color } => {
                let corners = points.iter().map(|p| scale.point(*p)).collect();
                painter.add(Shape::convex_polygon(corners, color32(*color), Stroke::NONE));
            }
            Item::Text { at, size_px, text, weight, color, halo } => {
                text_with_halo(
                    painter,
                    scale.point(*at),
                    fonts::face(scale.length(*size_px), *weight),
                    text,
                    color32(*color),
                    halo.map(color32),
                );
            }
        }
    }
}

fn polyline(points: Vec<Pos2>, closed: bool, stroke: Stroke) -> Shape {
    if closed { Shape::closed_line(points, stroke) } else { Shape::line(points, stroke) }
}

fn text_with_halo(
    painter: &egui::Painter,
    at: Pos2,
    font: FontId,
    text: &str,
    color: Color32,
    halo: Option<Color32>,
) {
    let galley = painter.layout_no_wrap(text.to_owned(), font, color);
    if let Some(halo) = halo {
        for (x, y) in [(-1_i8, -1_i8), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1)] {
            let rim = Vec2::new(f32::from(x), f32::from(y));
            painter.galley_with_override_text_color(at + rim, Arc::clone(&galley), halo);
        }
    }
    painter.galley(at, galley, color);
}

/// A texture that is filled again and again without new memory.
#[derive(Default)]
pub(super) struct Canvas {
    texture: Option<TextureHandle>,
    image: Arc<ColorImage>,
}

impl std::fmt::Debug for Canvas {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Canvas").field("size", &self.image.size).finish_non_exhaustive()
    }
}

impl Canvas {
    /// Shows a picture from now on.
    ///
    /// `smooth` where its pixels are larger than the screen's.
    pub(super) fn set(&mut self, ctx: &egui::Context, name: &str, picture: &Picture, smooth: bool) {
        let options = if smooth { TextureOptions::LINEAR } else { TextureOptions::NEAREST };
        let size = [picture.size.width as usize, picture.size.height as usize];
        // The last upload is over by now, so the image is ours again and its memory is reused.
        let image = Arc::make_mut(&mut self.image);
        image.size = size;
        image.source_size = Vec2::new(picture.size.width as f32, picture.size.height as f32);
        image.pixels.clear();
        let opaque = |p: &[u8; 4]| Color32::from_rgb(p[0], p[1], p[2]);
        image.pixels.extend(picture.pixels.iter().map(opaque));
        let image = Arc::clone(&self.image);
        match &mut self.texture {
            Some(texture) => texture.set(image, options),
            None => self.texture = Some(ctx.load_texture(name, image, options)),
        }
    }

    pub(super) fn paint(&self, painter: &egui::Painter, rect: Rect) {
        self.paint_faint(painter, rect, 1.0);
    }

    /// The same, so that what is below shows through.
    pub(super) fn paint_faint(&self, painter: &egui::Painter, rect: Rect, opacity: f32) {
        if let Some(texture) = &self.texture {
            let whole = Rect::from_min_max(Pos2::ZERO, Pos2::new(1.0, 1.0));
            painter.image(texture.id(), rect, whole, Color32::WHITE.gamma_multiply(opacity));
        }
    }
}
