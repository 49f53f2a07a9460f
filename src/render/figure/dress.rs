use glam::DVec2;

use super::headings::LEAST_PT;
use super::{Figure, PanelImage, color, mark, rim};
use crate::case::figure::{Corner, Ink};
use crate::render::overlay::letters::sides;
use crate::render::{
    Color, DrawingList, Fonts, Item, MarkScene, MarkShape, ScreenRect, Stroke, Style, Weight, marks_clear_of,
    measure_in, palette, ruler, wrapped,
};
use crate::view::{Resolved, ScreenPoint, ViewportSize};

/// From the edge of a panel to what stands in its corners, pt.
const INSET_PT: f64 = 3.0;

/// The panel that is drawn on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) figure: &'a Figure,
    pub(super) index: usize,
    pub(super) size: ViewportSize,
    pub(super) style: &'a Style,
    pub(super) fonts: &'a Fonts,
}

/// Words in an ink.
#[derive(Debug, Clone, Copy)]
struct Words<'a> {
    text: &'a str,
    size_px: f64,
    weight: Weight,
    ink: Ink,
}

/// Everything on a panel: measurements, marks, then its letter, scale bar, sides and window.
pub(super) fn draw(ground: &Ground<'_>, image: Option<(&PanelImage<'_>, &Resolved)>) -> DrawingList {
    let Ground { figure, index, style, fonts, .. } = *ground;
    let panel = &figure.panels[index];
    // What stands at fixed places is laid out first, so that labels keep clear of it; it is drawn last.
    let mut fixed = DrawingList::default();
    let mut free = vec![Corner::TopLeft, Corner::TopRight, Corner::BottomLeft, Corner::BottomRight];
    let letters = &figure.letters;
    let letter = letters.form.letter(index);
    if !letter.is_empty() {
        let weight = if letters.bold { Weight::Bold } else { Weight::Regular };
        let size_px = style.px(letters.size_pt);
        ground.corner(letters.corner, Words { text: &letter, size_px, weight, ink: letters.ink }, &mut fixed);
        free.retain(|corner| *corner != letters.corner);
    }
    let Some((image, resolved)) = image else { return fixed };
    if panel.scale_bar {
        let corner = take(&mut free, &[Corner::BottomRight, Corner::BottomLeft, Corner::TopRight]);
        ground.scale_bar(corner, image, resolved, &mut fixed);
    }
    if panel.window && !image.window.is_empty() {
        let corner = take(&mut free, &[Corner::BottomLeft, Corner::TopRight, Corner::TopLeft]);
        ground.corner(corner, ground.words(image.window), &mut fixed);
    }
    if panel.orientation {
        ground.sides(image, resolved, &mut fixed);
    }
    let mut list = ground.measurements(image, resolved, &fixed.text_areas(fonts));
    for own in &panel.marks {
        mark::draw(own, image.image.frame, resolved, style, fonts, &mut list);
    }
    list.append(&fixed);
    list
}

/// The first of the corners that is free, and which then no longer is.
fn take(free: &mut Vec<Corner>, order: &[Corner]) -> Corner {
    let found = order.iter().copied().find(|corner| free.contains(corner)).unwrap_or(Corner::BottomRight);
    free.retain(|corner| *corner != found);
    found
}

impl Ground<'_> {
    fn words<'a>(&self, text: &'a str) -> Words<'a> {
        let (size_px, ink) = (self.style.px(self.style.overlay_pt), self.figure.page.ink);
        Words { text, size_px, weight: Weight::Regular, ink }
    }

    fn area(&self) -> ScreenRect {
        let size = DVec2::new(f64::from(self.size.width), f64::from(self.size.height));
        ScreenRect { min: DVec2::ZERO, max: size }.grown(-self.style.px(INSET_PT))
    }

    fn text(words: Words<'_>, at: DVec2, list: &mut DrawingList) {
        list.items.push(Item::Text {
            at: ScreenPoint(at),
            size_px: words.size_px,
            text: words.text.to_owned(),
            weight: words.weight,
            color: color(words.ink),
            halo: Some(rim(words.ink)),
        });
    }

    fn corner(&self, corner: Corner, words: Words<'_>, list: &mut DrawingList) {
        let words = self.no_wider(words);
        let size = measure_in(self.fonts, words.text, words.size_px, words.weight);
        let (area, (right, bottom)) = (self.area(), corner.sides());
        let x = if right { area.max.x - size.x } else { area.min.x };
        let y = if bottom { area.max.y - size.y } else { area.min.y };
        Self::text(words, DVec2::new(x, y), list);
    }

    /// A bar of a round length, a third of the panel at most, with its length above it.
    fn scale_bar(&self, corner: Corner, image: &PanelImage<'_>, resolved: &Resolved, list: &mut DrawingList) {
        let area = self.area();
        let Some(bar) = ruler(image.image.frame, resolved, area.size().x / 3.0) else { return };
        let words = self.no_wider(self.words(&bar.label));
        let size = measure_in(self.fonts, words.text, words.size_px, words.weight);
        let width = self.style.px(self.style.line_pt) * 2.0;
        let (right, bottom) = corner.sides();
        let widest = size.x.max(bar.length_px);
        let left = if right { area.max.x - widest } else { area.min.x };
        let middle = left + widest / 2.0;
        let y = if bottom { area.max.y - width } else { area.min.y + size.y + width };
        let ends = [-0.5, 0.5].map(|half| DVec2::new(middle + half * bar.length_px, y));
        // A filled bar ends where its length ends; a line's round ends would not.
        let half = DVec2::new(0.0, width / 2.0);
        let corners = [ends[0] - half, ends[1] - half, ends[1] + half, ends[0] + half].map(ScreenPoint);
        let ink = self.figure.page.ink;
        let thin = width * 0.1;
        let rim = Stroke { width: thin, color: rim(ink), halo: Some(rim(ink)) };
        list.line(corners.to_vec(), true, rim);
        list.fill(corners.to_vec(), color(ink));
        Self::text(words, DVec2::new(middle - size.x / 2.0, y - width - size.y), list);
    }

    /// The letters of the patient's sides at the middle of the edges.
    fn sides(&self, image: &PanelImage<'_>, resolved: &Resolved, list: &mut DrawingList) {
        let area = self.area();
        let middle = area.center();
        for (to, letters) in sides(image.image.frame, resolved) {
            let words = self.words(&letters);
            let size = measure_in(self.fonts, words.text, words.size_px, words.weight);
            let reach = (area.size() - size) / 2.0;
            Self::text(words, middle + to * reach - size / 2.0, list);
        }
    }

    /// Words no wider than the panel: smaller where they must.
    fn no_wider<'a>(&self, words: Words<'a>) -> Words<'a> {
        let wide = measure_in(self.fonts, words.text, words.size_px, words.weight).x;
        let least = self.style.px(LEAST_PT).min(words.size_px);
        let share = (self.area().size().x / wide).min(1.0);
        Words { size_px: (words.size_px * share).max(least), ..words }
    }

    /// The measurements in the ink of the figure.
    fn measurements(&self, image: &PanelImage<'_>, resolved: &Resolved, clear: &[ScreenRect]) -> DrawingList {
        let frame = image.image.frame;
        let labels: Vec<&[String]> = image.marks.iter().map(|mark| mark.lines).collect();
        let room = self.area().size() / self.style.scale;
        let fitted = fitted_labels(&labels, room, self.style.label_pt, self.fonts);
        let style = Style { label_pt: fitted.size_pt, ..*self.style };
        let scene = MarkScene { frame, resolved, style: &style, fonts: self.fonts };
        let plain: Vec<_> = image
            .marks
            .iter()
            .zip(&fitted.labels)
            .filter(|(mark, _)| !matches!(mark.shape, MarkShape::Draft { .. }))
            .map(|(mark, lines)| crate::render::MarkInput { selected: false, hovered: false, lines, ..*mark })
            .collect();
        let mut list = DrawingList::default();
        for drawn in marks_clear_of(&plain, &scene, clear) {
            list.append(&drawn.list);
        }
        let (ink, edge) = (color(self.figure.page.ink), rim(self.figure.page.ink));
        recolor(&mut list, ink, edge);
        list
    }
}

/// The labels of measurements as they fit a panel: in lines, and with smaller letters where they must.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FittedLabels {
    /// The lines of each label.
    pub labels: Vec<Vec<String>>,
    /// Size of their letters, pt.
    pub size_pt: f64,
    /// Whether all of them have room, one under the other.
    pub fits: bool,
}

/// Breaks labels into lines as wide as a panel of that many points; where they are higher than it, letters get smaller.
pub fn fitted_labels(labels: &[&[String]], room_pt: DVec2, text_pt: f64, fonts: &Fonts) -> FittedLabels {
    let least = text_pt.min(LEAST_PT);
    let at_size = |size_pt: f64| {
        let mut fits = true;
        let lines = labels.iter().map(|label| {
            let mut all = Vec::new();
            for line in label.iter().flat_map(|line| line.lines()) {
                let found = wrapped(line, room_pt.x, size_pt, Weight::Regular, fonts);
                fits &= !found.divided;
                all.extend(found.lines);
            }
            all
        });
        let labels: Vec<Vec<String>> = lines.collect();
        let count: usize = labels.iter().map(Vec::len).sum();
        fits &= count as f64 * measure_in(fonts, "", size_pt, Weight::Regular).y <= room_pt.y;
        FittedLabels { labels, size_pt, fits }
    };
    let mut size_pt = text_pt;
    loop {
        let found = at_size(size_pt);
        if found.fits || size_pt <= least {
            return found;
        }
        size_pt = (size_pt - 0.5).max(least);
    }
}

/// Measurements are drawn in the colours of the screen; a figure has its own.
fn recolor(list: &mut DrawingList, ink: Color, edge: Color) {
    let inked = |color: &mut Color| {
        let same = color.with_alpha(255) == palette::MARK;
        if same {
            *color = ink.with_alpha(color.0[3]);
        }
    };
    for item in &mut list.items {
        match item {
            Item::Line { stroke, .. } => {
                inked(&mut stroke.color);
                stroke.halo = stroke.halo.map(|_| edge);
            }
            Item::Fill { color, .. } => inked(color),
            Item::Text { color, halo, .. } => {
                inked(color);
                *halo = halo.map(|_| edge);
            }
        }
    }
}
