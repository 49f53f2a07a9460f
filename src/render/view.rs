use super::{Picture, ReformatRenderer, SliceRenderer, default_voi, graphics};
use crate::image::{Frame, OverlayPlane, Samples, Volume, Window};
use crate::view::{ColorMap, Look, Resolved, Slab};

/// Where the pixels of a view come from.
#[derive(Debug, Clone, Copy)]
pub enum ViewPixels<'a> {
    /// The samples of the frame, and the graphics that its file lays over it.
    Frame {
        /// The samples, as stored.
        samples: &'a Samples,
        /// The graphics.
        graphics: &'a [OverlayPlane],
    },
    /// The volume that the plane of the frame is cut through.
    Plane {
        /// The volume.
        volume: &'a Volume,
        /// How thick the plane is.
        slab: Slab,
    },
}

/// Another series in colours over the image, on the same plane of the patient.
#[derive(Debug, Clone, Copy)]
pub struct Layer<'a> {
    /// The other series.
    pub volume: &'a Volume,
    /// Its window and colours. What its window shows black is not shown at all.
    pub look: &'a Look,
    /// 0 for nothing of it, 1 for nothing of what is under it.
    pub opacity: f32,
}

/// Everything that a picture of a view is made from.
#[derive(Debug, Clone, Copy)]
pub struct ViewImage<'a> {
    /// The frame, acquired or computed.
    pub frame: &'a Frame,
    /// Its pixels.
    pub pixels: ViewPixels<'a>,
    /// What is laid over them.
    pub layer: Option<Layer<'a>>,
}

/// Draws views, whatever they show; keeps its working memory from one picture to the next.
#[derive(Debug, Default)]
pub struct ViewRenderer {
    slice: SliceRenderer,
    reformat: ReformatRenderer,
    over: Option<Picture>,
}

impl ViewRenderer {
    /// Draws an image as `resolved` and `look` say into `out`, which takes the size of `resolved`.
    pub fn render(&mut self, image: &ViewImage<'_>, resolved: &Resolved, look: &Look, out: &mut Picture) {
        let frame = image.frame;
        match image.pixels {
            ViewPixels::Frame { samples, graphics: planes } => {
                self.slice.render(frame, samples, resolved, look, out);
                graphics(planes, resolved, out);
            }
            ViewPixels::Plane { volume, slab } => match &frame.plane {
                Some(plane) => {
                    self.reformat.render(volume, plane, resolved, slab, look, out);
                }
                None => out.resize(resolved.size),
            },
        }
        if let (Some(layer), Some(plane)) = (&image.layer, &frame.plane) {
            let slab = match image.pixels {
                ViewPixels::Frame { .. } => Slab::default(),
                ViewPixels::Plane { slab, .. } => slab,
            };
            let over = self.over.get_or_insert_with(|| Picture::new(resolved.size));
            self.reformat.render(layer.volume, plane, resolved, slab, layer.look, over);
            blend(over, layer.opacity, out);
        }
    }
}

/// How a series looks over another one at first: in colours, with its own window.
pub fn layer_look(frame: &Frame, samples: &Samples) -> Look {
    let voi = default_voi(frame, samples);
    Look { voi, colors: ColorMap::HotIron, ..Look::with_window(Window::linear(0.0, 1.0)) }
}

/// Lays a picture over another one of the same size; black lets everything through.
fn blend(over: &Picture, opacity: f32, under: &mut Picture) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 256")]
    let share = (opacity.clamp(0.0, 1.0) * 256.0).round() as u32;
    for (under, over) in under.pixels.iter_mut().zip(&over.pixels) {
        if over[..3] == [0, 0, 0] {
            continue;
        }
        for (low, high) in under.iter_mut().zip(over).take(3) {
            let mixed = (u32::from(*low) * (256 - share) + u32::from(*high) * share + 128) >> 8;
            *low = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::ViewportSize;

    #[test]
    fn half_of_each_shows_and_black_is_nothing() {
        let size = ViewportSize { width: 2, height: 1 };
        let (mut under, mut over) = (Picture::new(size), Picture::new(size));
        under.pixels = vec![[100, 50, 0, 255], [7, 8, 9, 255]];
        over.pixels = vec![[200, 0, 10, 255], [0, 0, 0, 255]];
        blend(&over, 0.5, &mut under);
        assert_eq!(under.pixels, [[150, 25, 5, 255], [7, 8, 9, 255]]);
    }
}
