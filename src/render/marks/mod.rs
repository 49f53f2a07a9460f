//! What the reader drew: shapes, handles, labels, and what lies under the pointer.

use glam::DVec2;

use super::{DrawingList, Fonts, ScreenRect, Style};
use crate::case::{Kind, Measurement, MeasurementId};
use crate::geometry::PixelPoint;
use crate::image::Frame;
use crate::view::{Resolved, ScreenPoint};

/// The shape of a mark.
#[derive(Debug, Clone, Copy)]
pub enum MarkShape<'a> {
    /// A measurement of the case.
    Measured(&'a Measurement),
    /// A shape that is still being drawn; it may have fewer points than its kind needs.
    Draft {
        /// What it will be.
        kind: Kind,
        /// The points so far, the last one under the pointer.
        points: &'a [PixelPoint],
    },
}

/// One mark to draw.
#[derive(Debug, Clone, Copy)]
pub struct MarkInput<'a> {
    /// The shape.
    pub shape: MarkShape<'a>,
    /// The label: the reader's words, then the values.
    pub lines: &'a [String],
    /// Drawn in the selection's colour and with handles.
    pub selected: bool,
    /// Drawn brighter.
    pub hovered: bool,
}

/// Where marks are drawn.
#[derive(Debug, Clone, Copy)]
pub struct MarkScene<'a> {
    /// The frame shown.
    pub frame: &'a Frame,
    /// Its drawing.
    pub resolved: &'a Resolved,
    /// Sizes.
    pub style: &'a Style,
    /// Fonts.
    pub fonts: &'a Fonts,
}

/// A drawn mark, and where it can be touched.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MarkDrawing {
    /// The measurement; `None` for a draft.
    pub id: Option<MeasurementId>,
    /// What to draw.
    pub list: DrawingList,
    /// One per point, in the order of the measurement's points.
    pub handles: Vec<ScreenPoint>,
    /// The lines of the shape, for touching it. A closed line repeats its first point.
    pub outline: Vec<Vec<ScreenPoint>>,
    /// Where the label is.
    pub label: Option<ScreenRect>,
    /// Where the label's corner would be if the reader had not moved it and nothing were in its way.
    pub label_home: Option<ScreenPoint>,
}

impl MarkDrawing {
    /// The `label_offset` to store after the label was dragged by screen pixels.
    pub fn dragged_label_offset(&self, drag: DVec2, resolved: &Resolved) -> Option<DVec2> {
        let (label, home) = (self.label?, self.label_home?);
        Some((label.min + drag - home.0) * resolved.mm_per_pixel)
    }
}

/// A part of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The handle of that point.
    Handle(usize),
    /// The label.
    Label,
    /// The lines of the shape.
    Body,
}

/// What is under the pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Which drawing of the slice.
    pub index: usize,
    /// Which part of it.
    pub part: Part,
}

/// Draws the marks that have a place on the frame, in order; labels keep off shapes and off each other.
///
/// The result has one drawing per input; a mark without a place on the frame has an empty one.
pub fn marks(inputs: &[MarkInput<'_>], scene: &MarkScene<'_>) -> Vec<MarkDrawing> {
    let _later = scene;
    inputs.iter().map(|_| MarkDrawing::default()).collect()
}

/// What is within `reach_px` of a point: handles before labels before bodies, the nearest first.
pub fn hit_test(drawings: &[MarkDrawing], at: ScreenPoint, reach_px: f64) -> Option<Hit> {
    let _later = (drawings, at, reach_px);
    None
}
