//! What stands around the image: orientation letters, ruler, corner texts, badges.

use super::{DrawingList, Fonts, Style};
use crate::image::Frame;
use crate::view::Resolved;

/// The lines of text in the four corners, most important first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Corners {
    /// Top left.
    pub top_left: Vec<String>,
    /// Top right.
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
pub fn overlay(input: &OverlayInput<'_>) -> DrawingList {
    let _later = input;
    DrawingList::default()
}
