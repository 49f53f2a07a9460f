//! A figure as a page: where panels lie on paper, and what is drawn on and beside them.

mod dress;
mod headings;
mod layout;
mod mark;
#[cfg(test)]
mod tests;

use glam::DVec2;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

pub use self::dress::{FittedLabels, fitted_labels};
pub use self::headings::{Headings, draw as figure_headings};
pub use self::layout::{FigureLayout, PaperRect, acquired_dpi, figure_layout};
use super::{
    Color, Fonts, MarkInput, Page, PagePanel, Picture, Style, TooLarge, ViewImage, ViewRenderer, page_size,
    palette,
};
use crate::case::figure::{Figure, Ink};
use crate::geometry::Mm;
use crate::image::Frame;
use crate::view::{Framing, Look, Resolved, ViewportSize};
use crate::work::{Cancel, Progress};

/// What a panel is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct PanelImage<'a> {
    /// The image.
    pub image: ViewImage<'a>,
    /// Which part of it is seen: the height of the framing is that of the panel.
    pub framing: Framing,
    /// Whether that is all of it.
    pub fitted: bool,
    /// Window, colours, interpolation.
    pub look: &'a Look,
    /// The measurements of the case that are to be drawn.
    pub marks: &'a [MarkInput<'a>],
    /// The window in words; empty for none.
    pub window: &'a str,
}

/// The page of a figure at a resolution; `None` when it was cancelled. A panel without an image stays black.
///
/// `panels` has one entry for each panel of the figure. Progress counts panels.
pub fn figure_page(
    figure: &Figure,
    panels: &[Option<PanelImage<'_>>],
    dpi: f64,
    fonts: &Fonts,
    cancel: &Cancel,
    progress: &Progress,
) -> Option<Page> {
    let layout = figure_layout(figure, fonts);
    progress.set_total(figure.panels.len());
    let drawn: Vec<Option<PagePanel>> = (0..figure.panels.len().min(layout.panels.len()))
        .into_par_iter()
        .map(|index| {
            let image = panels.get(index).and_then(Option::as_ref);
            let panel =
                (!cancel.is_cancelled()).then(|| figure_panel(figure, index, &layout, image, dpi, fonts));
            progress.advance(1);
            panel
        })
        .collect();
    let size = DVec2::new(layout.size_mm.x, layout.size_mm.y);
    let mut page = Page {
        size_mm: size,
        size: ViewportSize { width: pixels(size.x, dpi), height: pixels(size.y, dpi) },
        dpi,
        panels: drawn.into_iter().collect::<Option<_>>()?,
        list: headings::draw(&layout, dpi, fonts),
    };
    // Halves of a pixel that were rounded up must not hang over the edge.
    for panel in &page.panels {
        page.size.width = page.size.width.max(panel.left + panel.picture.size.width);
        page.size.height = page.size.height.max(panel.top + panel.picture.size.height);
    }
    Some(page)
}

/// The size of a figure in pixels at a resolution; asked before anything of it is drawn.
pub fn figure_size(figure: &Figure, dpi: f64, fonts: &Fonts) -> Result<ViewportSize, TooLarge> {
    let layout = figure_layout(figure, fonts);
    let panels: Vec<DVec2> = layout.panels.iter().map(PaperRect::size).collect();
    page_size(layout.size_mm, &panels, dpi)
}

/// One panel of a figure as it is on its page.
pub fn figure_panel(
    figure: &Figure,
    index: usize,
    layout: &FigureLayout,
    image: Option<&PanelImage<'_>>,
    dpi: f64,
    fonts: &Fonts,
) -> PagePanel {
    let area = layout.panels[index];
    let (left, top) = (pixels(area.min.x, dpi), pixels(area.min.y, dpi));
    let size = ViewportSize {
        width: pixels(area.max.x, dpi).saturating_sub(left).max(1),
        height: pixels(area.max.y, dpi).saturating_sub(top).max(1),
    };
    let mut picture = Picture::new(size);
    let style = style(figure, dpi);
    let ground = dress::Ground { figure, index, size, style: &style, fonts };
    let list = match image {
        Some(image) => {
            let resolved = resolve(image, size, area.size().y, dpi);
            ViewRenderer::default().render(&image.image, &resolved, image.look, &mut picture);
            dress::draw(&ground, Some((image, &resolved)))
        }
        None => dress::draw(&ground, None),
    };
    PagePanel { left, top, picture, list }
}

/// The sizes of lines and letters on a figure.
fn style(figure: &Figure, dpi: f64) -> Style {
    let page = &figure.page;
    let (line_pt, text_pt) = (page.line_pt, page.text_pt);
    Style { scale: dpi / 72.0, line_pt, label_pt: text_pt, overlay_pt: text_pt, letters_pt: text_pt }
}

/// The drawing of a panel. Its scale is exact although its size is one of whole pixels.
fn resolve(image: &PanelImage<'_>, size: ViewportSize, height_mm: f64, dpi: f64) -> Resolved {
    let frame = image.image.frame;
    let framing = framing_on(image.framing, image.fitted, frame, size.aspect());
    let whole = f64::from(size.height) / (height_mm / 25.4 * dpi);
    let framing = Framing { height: Mm(framing.height.0 * whole), ..framing };
    Resolved::new(frame, &framing, size)
}

/// The framing of a panel of that width over height: all of the frame where it is fitted.
pub fn framing_on(framing: Framing, fitted: bool, frame: &Frame, aspect: f64) -> Framing {
    if !fitted {
        return framing;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an aspect is 0.01 to 100")]
    let width = (aspect.clamp(0.01, 100.0) * 10_000.0).round() as u32;
    let Framing { turn, mirrored, .. } = framing;
    Framing { turn, mirrored, ..Framing::fit(frame, ViewportSize { width, height: 10_000 }) }
}

/// Whole output pixels of a place on paper.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a page of a metre at 2400 dpi")]
fn pixels(place_mm: f64, dpi: f64) -> u32 {
    Page::pixels(place_mm.max(0.0), dpi) as u32
}

/// An ink as it is drawn.
fn color(ink: Ink) -> Color {
    let [r, g, b] = ink.0;
    Color([r, g, b, 255])
}

/// The rim of an ink: dark around light ones and light around dark ones.
fn rim(ink: Ink) -> Color {
    if ink.is_light() { palette::HALO } else { Color([255, 255, 255, palette::HALO.0[3]]) }
}
