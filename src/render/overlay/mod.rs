//! What stands around the image: orientation letters, ruler, corner texts, badges.

pub(super) mod letters;
mod ruler;
#[cfg(test)]
mod tests;

use glam::DVec2;

pub use self::ruler::{Ruler, ruler};
use super::{Color, DrawingList, Fonts, ScreenRect, Style, measure, palette};
use crate::image::Frame;
use crate::view::Resolved;

/// The lines of text in the four corners, most important first (at the bottom: last).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Corners {
    /// Top left, the first line at the top.
    pub top_left: Vec<String>,
    /// Top right, the first line at the top.
    pub top_right: Vec<String>,
    /// Bottom left, the last line at the bottom.
    pub bottom_left: Vec<String>,
    /// Bottom right, the last line at the bottom.
    pub bottom_right: Vec<String>,
}

/// What the overlay shows.
#[derive(Debug, Clone, Copy)]
pub struct OverlayInput<'a> {
    /// The frame shown.
    pub frame: &'a Frame,
    /// Its drawing.
    pub resolved: &'a Resolved,
    /// Sizes.
    pub style: &'a Style,
    /// Fonts.
    pub fonts: &'a Fonts,
    /// Texts in the corners.
    pub corners: &'a Corners,
    /// Short warnings, drawn in amber under the top left corner.
    pub badges: &'a [String],
    /// Whether to draw the orientation letters.
    pub letters: bool,
    /// Whether to draw the ruler.
    pub ruler: bool,
}

/// The overlay of a viewport. Nothing overlaps: where there is no room the least important goes.
///
/// Letters come first, then the ruler, then one line of each corner after the other.
pub fn overlay(input: &OverlayInput<'_>) -> DrawingList {
    let mut page = Page::new(input);
    if input.letters {
        letters::draw(input, &mut page);
    }
    if input.ruler {
        ruler::draw(input, &mut page);
    }
    page.corners(input);
    page.list
}

/// A viewport that is filled piece by piece.
#[derive(Debug)]
struct Page<'a> {
    fonts: &'a Fonts,
    list: DrawingList,
    taken: Vec<ScreenRect>,
    /// The viewport without its margin.
    area: ScreenRect,
    /// What keeps two pieces apart.
    gap: f64,
}

impl<'a> Page<'a> {
    fn new(input: &OverlayInput<'a>) -> Self {
        let size = input.resolved.size;
        let corner = DVec2::new(f64::from(size.width), f64::from(size.height));
        let area = ScreenRect { min: DVec2::ZERO, max: corner }.grown(-input.style.px(6.0));
        let gap = input.style.px(3.0);
        Self { fonts: input.fonts, list: DrawingList::default(), taken: Vec::new(), area, gap }
    }

    /// Whether a rectangle lies in the viewport and on nothing else.
    fn is_free(&self, rect: &ScreenRect) -> bool {
        let close = rect.grown(self.gap);
        let inside = self.area.grown(0.5);
        let fits = inside.contains(rect.min) && inside.contains(rect.max);
        fits && self.taken.iter().all(|taken| taken.overlap(&close) <= 0.0)
    }

    /// Draws a line of text at its top left corner if there is room.
    fn text(&mut self, at: DVec2, size_px: f64, text: &str, color: Color) -> bool {
        let rect = ScreenRect::from_corner(at, measure(self.fonts, text, size_px));
        let free = self.is_free(&rect);
        if free {
            self.list.text(at, size_px, text, color);
            self.taken.push(rect);
        }
        free
    }

    fn corners(&mut self, input: &OverlayInput<'_>) {
        let corners = input.corners;
        let plain = |text: &String| (text.clone(), palette::OVERLAY);
        let badges = input.badges.iter().map(|text| (text.clone(), palette::BADGE));
        // A badge is worth more than the third line of text.
        let mut top_left: Vec<_> = corners.top_left.iter().map(plain).collect();
        let second = top_left.len().min(2);
        top_left.splice(second..second, badges);
        let mut blocks = [
            Block { right: false, bottom: false, lines: top_left },
            Block {
                right: false,
                bottom: true,
                lines: corners.bottom_left.iter().rev().map(plain).collect(),
            },
            Block {
                right: true,
                bottom: true,
                lines: corners.bottom_right.iter().rev().map(plain).collect(),
            },
            Block { right: true, bottom: false, lines: corners.top_right.iter().map(plain).collect() },
        ];
        let size_px = input.style.px(input.style.overlay_pt);
        let most = blocks.iter().map(|block| block.lines.len()).max().unwrap_or(0);
        let mut open = [true; 4];
        for line in 0..most {
            for (block, open) in blocks.iter_mut().zip(&mut open) {
                *open = *open && self.corner_line(block, line, size_px);
            }
        }
    }

    /// One line of a corner, as much of it as there is room for; `false` when there is none for it and the rest.
    fn corner_line(&mut self, block: &Block, line: usize, size_px: f64) -> bool {
        let Some((text, color)) = block.lines.get(line) else { return false };
        let mut shown = text.clone();
        loop {
            let size = measure(self.fonts, &shown, size_px);
            let down = size.y * line as f64;
            let y = if block.bottom { self.area.max.y - size.y - down } else { self.area.min.y + down };
            let x = if block.right { self.area.max.x - size.x } else { self.area.min.x };
            // Lines of one block touch: only what is beside them needs the gap.
            let rect = ScreenRect::from_corner(DVec2::new(x, y), size);
            let own = ScreenRect {
                min: rect.min + DVec2::new(0.0, self.gap + 0.5),
                max: rect.max - DVec2::new(0.0, self.gap + 0.5),
            };
            if size.x <= 0.0 || self.is_free(&own) {
                self.list.text(rect.min, size_px, &shown, *color);
                self.taken.push(rect);
                return true;
            }
            // Shorten from the end; fewer than four characters say nothing.
            let mut kept: Vec<char> = shown.trim_end_matches('…').chars().collect();
            kept.pop();
            if kept.len() < 4 {
                return false;
            }
            shown = kept.into_iter().collect::<String>().trim_end().to_owned() + "…";
        }
    }
}

/// The lines of a corner, most important first.
#[derive(Debug)]
struct Block {
    right: bool,
    bottom: bool,
    lines: Vec<(String, Color)>,
}
