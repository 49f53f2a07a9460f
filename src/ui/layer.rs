//! The picture of a viewport: drawn again only when something changed, and as finely as time allows.

use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::Rect;

use super::canvas::centered;
use super::detail::Detail;
use super::{paint, theme};
use crate::image::SeriesKey;
use crate::render::{Picture, ViewRenderer};
use crate::session::{Over, Readiness, Session, Shown, ShownImage, ViewportId};
use crate::view::{Look, Reformat, Resolved, View};

/// What the picture in the texture shows: rendered again only when this changes.
#[derive(Debug, Clone, PartialEq)]
struct Key {
    resolved: Resolved,
    look: Look,
    pixels: PixelsKey,
    over: Option<OverKey>,
}

/// What lies over the picture, and which of the library's changes its volume is of.
type OverKey = (Over, u64);

/// Which pixels the picture is drawn from.
#[derive(Debug, Clone, PartialEq)]
enum PixelsKey {
    /// Where the samples are, and the graphics over them; `None` while those are hidden.
    Frame(usize, Option<usize>),
    /// The plane, and which of the library's changes the volume is of.
    Plane(SeriesKey, Reformat, u64),
}

/// A viewport's texture, and what it shows.
#[derive(Debug, Default)]
pub(super) struct ImageLayer {
    renderer: ViewRenderer,
    picture: Option<Picture>,
    canvas: paint::Canvas,
    key: Option<Key>,
    detail: Detail,
}

impl ImageLayer {
    /// Renders the slice again when something changed, and shows it.
    pub(super) fn show(
        &mut self,
        session: &Session,
        id: ViewportId,
        shown: &Shown<'_>,
        resolved: &Resolved,
        painter: &egui::Painter,
    ) {
        let rect = painter.clip_rect();
        match session.readiness(id) {
            Readiness::Ready | Readiness::InPart { .. } => {
                let look = &shown.viewport.view.look;
                let pixels = pixels_key(session, shown);
                let over = session.over(shown).map(|(over, _)| (over.clone(), session.library().changes()));
                let key = Key { resolved: resolved.clone(), look: look.clone(), pixels, over };
                let now = painter.ctx().input(|i| i.time);
                let changed = self.key.as_ref() != Some(&key);
                if (changed || self.detail.rests_in(now) == Some(0.0))
                    && let Some(image) = session.shown_image(id)
                {
                    let viewports = session.workspace().visible().len();
                    let step =
                        if changed { self.detail.of_change(now, viewports) } else { self.detail.rest() };
                    self.draw(&image, shown, resolved, step, painter.ctx());
                    self.key = Some(key);
                }
                if let Some(rest) = self.detail.rests_in(now) {
                    painter.ctx().request_repaint_after(Duration::from_secs_f64(rest));
                }
                self.canvas.paint(painter, self.covered(rect, painter.pixels_per_point()));
            }
            Readiness::Failed(why) => {
                let text = format!("This image cannot be shown.\n{why}");
                centered(painter, rect, &text, theme::WARNING);
            }
            Readiness::Loading => centered(painter, rect, "Loading…", theme::WEAK),
        }
    }

    /// Draws the picture with one pixel for `step` by `step` of the screen's.
    fn draw(
        &mut self,
        image: &ShownImage,
        shown: &Shown<'_>,
        resolved: &Resolved,
        step: u32,
        ctx: &egui::Context,
    ) {
        let view = &shown.viewport.view;
        let coarse = (step > 1).then(|| {
            let (framing, size) = view.framing.coarser(resolved.size, step);
            View { framing, ..view.clone() }.resolve(shown.frame, size)
        });
        let resolved = coarse.as_ref().unwrap_or(resolved);
        let picture = self.picture.get_or_insert_with(|| Picture::new(resolved.size));
        let start = Instant::now();
        self.renderer.render(&image.image(), resolved, &view.look, picture);
        self.detail.drawn(start.elapsed().as_secs_f64());
        self.canvas.set(ctx, "slice", picture, step > 1);
    }

    /// What the picture covers of the screen: a coarse one reaches a little beyond the viewport.
    fn covered(&self, rect: Rect, pixels_per_point: f32) -> Rect {
        let step = self.detail.step();
        match &self.picture {
            Some(picture) if step > 1 => {
                let side = |pixels: u32| (pixels * step) as f32 / pixels_per_point;
                let size = egui::vec2(side(picture.size.width), side(picture.size.height));
                Rect::from_min_size(rect.min, size)
            }
            _ => rect,
        }
    }
}

fn pixels_key(session: &Session, shown: &Shown<'_>) -> PixelsKey {
    if let Some(reformat) = shown.viewport.view.reformat() {
        return PixelsKey::Plane(shown.viewport.series.clone(), *reformat, session.library().changes());
    }
    let samples = session.samples(shown.frame).map_or(0, |samples| Arc::as_ptr(samples).cast::<u8>().addr());
    let planes = session.graphics(shown.frame);
    PixelsKey::Frame(samples, (!planes.is_empty()).then(|| planes.as_ptr().addr()))
}
