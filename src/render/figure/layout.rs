use glam::DVec2;

use super::headings::{self, Headings};
use crate::case::figure::Figure;
use crate::geometry::Mm;
use crate::image::Frame;
use crate::render::Fonts;
use crate::view::Framing;

/// A rectangle on paper: mm from the top left corner of the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PaperRect {
    /// Top left corner.
    pub min: DVec2,
    /// Bottom right corner.
    pub max: DVec2,
}

impl PaperRect {
    /// Width and height.
    pub fn size(&self) -> DVec2 {
        self.max - self.min
    }
}

/// Where everything lies on paper, mm.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureLayout {
    /// The page.
    pub size_mm: DVec2,
    /// The panels, in their order.
    pub panels: Vec<PaperRect>,
    /// The cells of the grid, row by row, whether taken or not.
    pub cells: Vec<PaperRect>,
    /// Columns of the grid.
    pub columns: usize,
    /// Room for the headings of rows (x) and of columns (y).
    pub margin: DVec2,
    /// The headings as they fit.
    pub headings: Headings,
}

/// The size of a cell of the grid beside headings of rows that take so much of the width, mm.
pub(super) fn cell_size(figure: &Figure, left: f64) -> DVec2 {
    const LEAST_CELL_MM: f64 = 1.0;
    let page = &figure.page;
    let columns = figure.grid().columns;
    let width = (page.width_mm - left - (columns - 1) as f64 * page.gap_mm) / columns as f64;
    DVec2::new(width.max(LEAST_CELL_MM), width.max(LEAST_CELL_MM) / page.aspect)
}

/// Where the panels of a figure lie on paper. An empty figure has one row of empty cells.
pub fn figure_layout(figure: &Figure, fonts: &Fonts) -> FigureLayout {
    let grid = figure.grid();
    let page = &figure.page;
    let rows = grid.rows.max(1);
    let headings = headings::fitted(figure, fonts);
    let margin = headings.margin;
    let between = |count: usize| (count - 1) as f64 * page.gap_mm;
    let cell = cell_size(figure, margin.x);
    let place =
        |row: usize, column: usize| margin + DVec2::new(column as f64, row as f64) * (cell + page.gap_mm);
    let panels = grid.places.iter().map(|at| {
        let min = place(at.row, at.column);
        let size = DVec2::new(at.columns as f64, at.rows as f64) * cell
            + DVec2::new(between(at.columns), between(at.rows));
        PaperRect { min, max: min + size }
    });
    let cells = (0..rows * grid.columns).map(|index| {
        let min = place(index / grid.columns, index % grid.columns);
        PaperRect { min, max: min + cell }
    });
    let height = margin.y + rows as f64 * cell.y + between(rows);
    FigureLayout {
        size_mm: DVec2::new(page.width_mm, height),
        panels: panels.collect(),
        cells: cells.collect(),
        columns: grid.columns,
        margin,
        headings,
    }
}

/// Acquired pixels on an inch of paper, in the coarser direction; `None` where the image has no size.
pub fn acquired_dpi(frame: &Frame, framing: &Framing, panel_height: Mm) -> Option<f64> {
    let spacing = frame.display_spacing();
    let coarser = spacing.between_rows.0.max(spacing.between_columns.0);
    let on_paper = coarser * panel_height.0 / framing.height.0;
    (on_paper.is_finite() && on_paper > 0.0).then(|| 25.4 / on_paper)
}
