use glam::DVec2;

use super::fonts::Weight;
use super::{Fonts, measure_in};
use crate::view::ScreenPoint;

/// A colour: red, green, blue and alpha (255 is opaque), not premultiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Color(pub [u8; 4]);

impl Color {
    /// The same colour with another alpha.
    pub const fn with_alpha(self, alpha: u8) -> Self {
        let [r, g, b, _] = self.0;
        Self([r, g, b, alpha])
    }
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stroke {
    /// Output pixels.
    pub width: f64,
    /// Its colour.
    pub color: Color,
    /// A rim of this colour on both sides, so that the line shows on any grey.
    pub halo: Option<Color>,
}

impl Stroke {
    /// The rim's width on one side, in output pixels.
    pub fn halo_width(&self) -> f64 {
        (self.width * 0.5).max(0.6)
    }
}

/// One thing to draw. All places and lengths are output pixels.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// Straight pieces from point to point; curves are already flattened.
    Line {
        /// Two points or more.
        points: Vec<ScreenPoint>,
        /// Whether the last point joins the first.
        closed: bool,
        /// Width and colour.
        stroke: Stroke,
    },
    /// A filled polygon.
    Fill {
        /// Corners in order.
        points: Vec<ScreenPoint>,
        /// Its colour.
        color: Color,
    },
    /// One line of text.
    Text {
        /// Top left corner of the line (its ascent, not the ink).
        at: ScreenPoint,
        /// Font size in output pixels.
        size_px: f64,
        /// The words.
        text: String,
        /// How heavy.
        weight: Weight,
        /// Their colour.
        color: Color,
        /// A rim of this colour around the letters.
        halo: Option<Color>,
    },
}

impl Item {
    /// Whether it may leave ink between two rows; where it is not sure, it may.
    pub(super) fn meets(&self, top: f64, bottom: f64) -> bool {
        let (ends, around) = match self {
            Self::Line { points, stroke, .. } => (reach(points), stroke.width + 2.0 * stroke.halo_width()),
            Self::Fill { points, .. } => (reach(points), 0.0),
            // Letters hang below their line and stand above it by less than their size; accents pile up.
            Self::Text { at, size_px, .. } => ([at.0.y, at.0.y + size_px], 2.0 * size_px),
        };
        let outside = ends[1] + around + 2.0 < top || ends[0] - around - 2.0 > bottom;
        !outside
    }

    /// Whether it has no colour.
    fn is_grey(&self) -> bool {
        let grey = |color: &Color| color.0[0] == color.0[1] && color.0[1] == color.0[2];
        match self {
            Self::Line { stroke, .. } => grey(&stroke.color) && stroke.halo.as_ref().is_none_or(grey),
            Self::Fill { color, .. } => grey(color),
            Self::Text { color, halo, .. } => grey(color) && halo.as_ref().is_none_or(grey),
        }
    }
}

/// The least and the greatest row of some points; what is not a number counts for nothing.
fn reach(points: &[ScreenPoint]) -> [f64; 2] {
    points.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[least, most], point| {
        [least.min(point.0.y), most.max(point.0.y)]
    })
}

/// What to draw, first item first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DrawingList {
    /// The items.
    pub items: Vec<Item>,
}

impl DrawingList {
    /// Whether nothing of it has a colour.
    pub(super) fn is_grey(&self) -> bool {
        self.items.iter().all(Item::is_grey)
    }

    /// Adds a line.
    pub fn line(&mut self, points: Vec<ScreenPoint>, closed: bool, stroke: Stroke) {
        self.items.push(Item::Line { points, closed, stroke });
    }

    /// Adds a filled polygon.
    pub fn fill(&mut self, points: Vec<ScreenPoint>, color: Color) {
        self.items.push(Item::Fill { points, color });
    }

    /// Adds one line of text with the usual rim.
    pub fn text(&mut self, at: DVec2, size_px: f64, text: &str, color: Color) {
        let halo = Some(super::palette::TEXT_HALO);
        let (text, weight) = (text.to_owned(), Weight::Regular);
        self.items.push(Item::Text { at: ScreenPoint(at), size_px, text, weight, color, halo });
    }

    /// Where its lines of text are: what labels of marks should keep clear of.
    pub fn text_areas(&self, fonts: &Fonts) -> Vec<ScreenRect> {
        let area = |item: &Item| match item {
            Item::Text { at, size_px, text, weight, .. } => {
                Some(ScreenRect::from_corner(at.0, measure_in(fonts, text, *size_px, *weight)))
            }
            Item::Line { .. } | Item::Fill { .. } => None,
        };
        self.items.iter().filter_map(area).collect()
    }

    /// Adds everything of another list.
    pub fn append(&mut self, other: &Self) {
        self.items.extend(other.items.iter().cloned());
    }
}

/// A rectangle of output pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScreenRect {
    /// Top left corner.
    pub min: DVec2,
    /// Bottom right corner.
    pub max: DVec2,
}

impl ScreenRect {
    /// The rectangle at a top left corner.
    pub fn from_corner(min: DVec2, size: DVec2) -> Self {
        Self { min, max: min + size }
    }

    /// The smallest rectangle that holds the points; `None` for no points.
    pub fn around(points: &[ScreenPoint]) -> Option<Self> {
        let first = points.first()?.0;
        let start = Self { min: first, max: first };
        Some(points.iter().fold(start, |rect, p| Self { min: rect.min.min(p.0), max: rect.max.max(p.0) }))
    }

    /// Width and height.
    pub fn size(&self) -> DVec2 {
        self.max - self.min
    }

    /// The middle.
    pub fn center(&self) -> DVec2 {
        (self.min + self.max) / 2.0
    }

    /// Larger by a margin on every side.
    pub fn grown(&self, margin: f64) -> Self {
        Self { min: self.min - margin, max: self.max + margin }
    }

    /// Whether the point lies inside or on the edge.
    pub fn contains(&self, point: DVec2) -> bool {
        point.cmpge(self.min).all() && point.cmple(self.max).all()
    }

    /// Area in common with another rectangle.
    pub fn overlap(&self, other: &Self) -> f64 {
        let size = (self.max.min(other.max) - self.min.max(other.min)).max(DVec2::ZERO);
        size.x * size.y
    }

    /// The nearest point of the rectangle.
    pub fn nearest(&self, point: DVec2) -> DVec2 {
        point.clamp(self.min, self.max.max(self.min))
    }
}

/// Sizes of lines and letters, in points, and how many output pixels a point has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Output pixels per point: the screen's pixels per point, or dpi / 72 in a file.
    pub scale: f64,
    /// Width of a line.
    pub line_pt: f64,
    /// Font size of a mark's label.
    pub label_pt: f64,
    /// Font size of the corner texts and the ruler.
    pub overlay_pt: f64,
    /// Font size of the letters at the edges.
    pub letters_pt: f64,
}

impl Style {
    /// The sizes of the screen.
    pub const fn screen(scale: f64) -> Self {
        Self { scale, line_pt: 1.5, label_pt: 12.5, overlay_pt: 12.0, letters_pt: 15.0 }
    }

    /// The sizes of a printed figure: what journals ask of letters (8 pt) and lines (0.5 pt or more).
    pub const fn print(scale: f64) -> Self {
        Self { scale, line_pt: 0.9, label_pt: 8.0, overlay_pt: 8.0, letters_pt: 9.0 }
    }

    /// Output pixels of so many points.
    pub fn px(&self, points: f64) -> f64 {
        points * self.scale
    }
}
