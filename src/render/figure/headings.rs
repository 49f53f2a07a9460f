use glam::DVec2;

use super::layout::cell_size;
use super::{Figure, FigureLayout};
use crate::render::{Color, DrawingList, Fonts, Item, Weight, measure, wrapped};
use crate::typography::typeset;
use crate::view::ScreenPoint;

/// Between a heading and its panels, mm.
const APART_MM: f64 = 0.8;
/// Headings are black on paper.
const BLACK: Color = Color([0, 0, 0, 255]);

/// mm of a point.
const POINT_MM: f64 = 25.4 / 72.0;

/// Letters that do not fit get smaller down to this, pt: smaller ones no journal prints.
pub(super) const LEAST_PT: f64 = 6.0;
/// The most that the headings of rows take of the width of the page.
const MOST_OF_WIDTH: f64 = 0.25;

/// The headings of a figure as they fit: in lines, and with smaller letters where they must.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Headings {
    /// Size of their letters, pt.
    pub size_pt: f64,
    /// The lines over each column.
    pub columns: Vec<Vec<String>>,
    /// The lines beside each row.
    pub rows: Vec<Vec<String>>,
    /// Those that fit at no size, in words: `the heading of column 5`.
    pub unfit: Vec<String>,
    /// Room that they take of the page at the left (x) and at the top (y), mm.
    pub(super) margin: DVec2,
}

/// Breaks the headings into lines as wide as their columns; where that is not enough, their letters get smaller.
pub(super) fn fitted(figure: &Figure, fonts: &Fonts) -> Headings {
    let least = figure.page.text_pt.min(LEAST_PT);
    let mut size_pt = figure.page.text_pt;
    loop {
        let found = at_size(figure, size_pt, fonts);
        if found.unfit.is_empty() || size_pt <= least {
            return found;
        }
        size_pt = (size_pt - 0.5).max(least);
    }
}

fn at_size(figure: &Figure, size_pt: f64, fonts: &Fonts) -> Headings {
    let page = &figure.page;
    let grid = figure.grid();
    let size_mm = size_pt * POINT_MM;
    let height = measure(fonts, "", size_mm).y;
    let room = |length: f64| if length > 0.0 { length + APART_MM } else { 0.0 };
    let mut unfit = Vec::new();
    let mut lines = |heading: &String, width: f64, what: &str, number: usize| {
        let mut all = Vec::new();
        for own in heading.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let found = wrapped(&typeset(own), width, size_mm, Weight::Regular, fonts);
            if found.divided {
                unfit.push(format!("the heading of {what} {number}"));
            }
            all.extend(found.lines);
        }
        all
    };
    let most = page.width_mm * MOST_OF_WIDTH;
    let of_rows = figure.row_headings.iter().take(grid.rows.max(1)).enumerate();
    let rows: Vec<Vec<String>> = of_rows.map(|(at, words)| lines(words, most, "row", at + 1)).collect();
    let widest = rows.iter().flatten().map(|line| measure(fonts, line, size_mm).x).fold(0.0, f64::max);
    let left = room(widest.min(most));
    let cell = cell_size(figure, left);
    let of_columns = figure.column_headings.iter().take(grid.columns).enumerate();
    // Neighbours stay apart although the panels may not.
    let width = (cell.x - (size_mm * 0.5 - page.gap_mm).max(0.0)).max(size_mm * 0.5);
    let columns: Vec<Vec<String>> =
        of_columns.map(|(at, words)| lines(words, width, "column", at + 1)).collect();
    for (at, own) in rows.iter().enumerate() {
        if own.len() as f64 * height > cell.y + page.gap_mm {
            unfit.push(format!("the heading of row {}", at + 1));
        }
    }
    unfit.dedup();
    let most_lines = columns.iter().map(Vec::len).max().unwrap_or(0);
    let margin = DVec2::new(left, room(most_lines as f64 * height));
    Headings { size_pt, columns, rows, unfit, margin }
}

/// The headings, in pixels of the page: those of columns centred above, those of rows at the left, in the middle.
pub fn draw(layout: &FigureLayout, dpi: f64, fonts: &Fonts) -> DrawingList {
    let headings = &layout.headings;
    let size_px = headings.size_pt / 72.0 * dpi;
    let px = |place: DVec2| place / 25.4 * dpi;
    let height = measure(fonts, "", size_px).y;
    let mut list = DrawingList::default();
    for (cell, lines) in layout.cells.iter().take(layout.columns).zip(&headings.columns) {
        let bottom = px(cell.min).y - APART_MM / 25.4 * dpi;
        for (index, line) in lines.iter().enumerate() {
            let width = measure(fonts, line, size_px).x;
            let middle = f64::midpoint(px(cell.min).x, px(cell.max).x);
            let up = (lines.len() - index) as f64 * height;
            text(&mut list, DVec2::new(middle - width / 2.0, bottom - up), size_px, line);
        }
    }
    for (cell, lines) in layout.cells.iter().step_by(layout.columns.max(1)).zip(&headings.rows) {
        let top = f64::midpoint(px(cell.min).y, px(cell.max).y) - height * lines.len() as f64 / 2.0;
        for (index, line) in lines.iter().enumerate() {
            text(&mut list, DVec2::new(0.0, top + index as f64 * height), size_px, line);
        }
    }
    list
}

fn text(list: &mut DrawingList, at: DVec2, size_px: f64, words: &str) {
    list.items.push(Item::Text {
        at: ScreenPoint(at),
        size_px,
        text: words.to_owned(),
        weight: Weight::Regular,
        color: BLACK,
        halo: None,
    });
}
