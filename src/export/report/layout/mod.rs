//! Where everything of a report stands on paper: pure, and the same on every machine.
//!
//! A report becomes strips that no page ends in, each of the width of the text; the strips are put on sheets. All
//! lengths are points (1/72 inch), from the upper left corner, y down.

mod flow;
mod pages;
mod table;
#[cfg(test)]
mod tests;
mod text;

use std::sync::Arc;

use crate::render::{Color, Fonts, Letter, Page};
use crate::report::Report;

/// Width and height of a sheet: A4.
pub(super) const SHEET: [f64; 2] = [210.0 * 72.0 / 25.4, 297.0 * 72.0 / 25.4];
/// On every side: 25 mm.
pub(super) const MARGIN: f64 = 25.0 * 72.0 / 25.4;
/// Width of the text.
pub(super) const WIDTH: f64 = SHEET[0] - 2.0 * MARGIN;
/// Height of the text.
pub(super) const HEIGHT: f64 = SHEET[1] - 2.0 * MARGIN;

/// A piece of paper.
#[derive(Debug, Clone, Default)]
pub(super) struct Sheet {
    /// In the order of drawing, which is that of reading.
    pub(super) marks: Vec<Mark>,
}

/// One thing on a sheet or in a strip.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    /// From the left edge: of the text in a strip, of the paper on a sheet.
    pub(super) x: f64,
    /// From the top edge.
    pub(super) y: f64,
    pub(super) what: What,
}

/// What a mark is.
#[derive(Debug, Clone)]
pub(super) enum What {
    /// Letters in a row. The mark is at the start of their base line.
    Words(WordsMark),
    /// A filled rectangle: a rule, a background.
    Area {
        /// Width.
        width: f64,
        /// Height.
        height: f64,
        /// Its colour.
        color: Color,
        /// Whether it goes up to the strip before it, on the same sheet.
        over_gap: bool,
    },
    /// A figure.
    Figure {
        /// Its page.
        page: Arc<Page>,
        /// Points for each of its pixels.
        scale: f64,
    },
    /// A rectangle that leads somewhere.
    Link {
        /// Width.
        width: f64,
        /// Height.
        height: f64,
        /// The address.
        to: String,
    },
    /// A heading begins here.
    Heading {
        /// 1 to 6.
        level: u8,
        /// Its words.
        title: String,
    },
}

/// Letters in a row that look alike.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct WordsMark {
    /// The letters; their advances are points.
    pub(super) letters: Vec<Letter>,
    /// Font size.
    pub(super) size: f64,
    pub(super) italic: bool,
    pub(super) color: Color,
}

/// What no page ends in. It is as wide as the text.
#[derive(Debug, Clone, Default)]
pub(super) struct Strip {
    /// To the strip before it, if that is on the same sheet.
    gap: f64,
    height: f64,
    /// Whether it has to be on the sheet of the next strip.
    keep_next: bool,
    /// The strips that stand above it when it is the first of a sheet: a place in the list of heads.
    head: Option<usize>,
    marks: Vec<Mark>,
}

/// A report as strips.
#[derive(Debug, Default)]
struct Strips {
    all: Vec<Strip>,
    /// Heads of tables, which are repeated.
    heads: Vec<Strip>,
}

/// The sheets of a tidy report; at least one.
pub(super) fn layout(report: &Report, fonts: &Fonts) -> Vec<Sheet> {
    let mut sheets = pages::sheets(flow::strips(&report.blocks, fonts));
    pages::number(&mut sheets, fonts);
    sheets
}
