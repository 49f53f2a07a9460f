use glam::DVec2;

use super::{Figure, FigureLayout};
use crate::render::{Color, DrawingList, Fonts, Item, Weight, measure};
use crate::view::ScreenPoint;

/// Between a heading and its panels, mm.
const APART_MM: f64 = 0.8;
/// Headings are black on paper.
const BLACK: Color = Color([0, 0, 0, 255]);

/// mm of a point.
const POINT_MM: f64 = 25.4 / 72.0;

/// Room that the headings of rows (x) and columns (y) take, mm.
pub(super) fn margin(figure: &Figure, fonts: &Fonts) -> DVec2 {
    let size_mm = figure.page.text_pt * POINT_MM;
    let widest = figure.row_headings.iter().flat_map(|heading| words(heading));
    let widest = widest.map(|line| measure(fonts, line, size_mm).x).fold(0.0, f64::max);
    let lines = figure.column_headings.iter().map(|heading| words(heading).count()).max().unwrap_or(0);
    let room = |length: f64| if length > 0.0 { length + APART_MM } else { 0.0 };
    // Headings may leave no panel any room: half the page is the most they get.
    DVec2::new(
        room(widest).min(figure.page.width_mm / 2.0),
        room(lines as f64 * measure(fonts, "", size_mm).y),
    )
}

fn words(heading: &str) -> impl Iterator<Item = &str> {
    heading.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// The headings, in pixels of the page: those of columns centred above, those of rows at the left, in the middle.
pub fn draw(figure: &Figure, layout: &FigureLayout, dpi: f64, fonts: &Fonts) -> DrawingList {
    let size_px = figure.page.text_pt / 72.0 * dpi;
    let px = |place: DVec2| place / 25.4 * dpi;
    let mut list = DrawingList::default();
    for (cell, heading) in layout.cells.iter().take(layout.columns).zip(&figure.column_headings) {
        let lines: Vec<&str> = words(heading).collect();
        let height = measure(fonts, "", size_px).y;
        let bottom = px(cell.min).y - APART_MM / 25.4 * dpi;
        for (index, line) in lines.iter().enumerate() {
            let width = measure(fonts, line, size_px).x;
            let middle = f64::midpoint(px(cell.min).x, px(cell.max).x);
            let up = (lines.len() - index) as f64 * height;
            text(&mut list, DVec2::new(middle - width / 2.0, bottom - up), size_px, line);
        }
    }
    for (cell, heading) in layout.cells.iter().step_by(layout.columns.max(1)).zip(&figure.row_headings) {
        let lines: Vec<&str> = words(heading).collect();
        let height = measure(fonts, "", size_px).y;
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
