use super::Strip;
use super::flow::{BLACK, Flow, Frame, GAP, area};
use super::text::{Set, Style};
use crate::export::report::columns::{Columns, columns};
use crate::export::report::lines::Look;
use crate::render::Color;
use crate::report::{Align, ReportTable, Words};

/// Between two rows.
const LIGHT: Color = Color([0xd0, 0xd0, 0xd0, 255]);
/// Above and below the head, and below the last row.
const DARK: Color = Color([0x33, 0x33, 0x33, 255]);
const LIGHT_RULE: f64 = 0.5;
const DARK_RULE: f64 = 0.8;
/// Space above and below the words of a cell, and height of a line, over the font size.
const ROW_PADDING: f64 = 0.35;
const LEADING: f64 = 1.3;
/// A row of more lines than this may go on on the next page.
const WHOLE: usize = 14;
/// Lines of such a row that are kept together.
const SLICE: usize = 4;

/// A table whose rows are no taller than that together is kept on one page, points.
const SMALL: f64 = 200.0;

/// A row of a table, and what is below it.
#[derive(Debug, Clone, Copy)]
struct Row<'a> {
    columns: &'a Columns,
    aligns: &'a [Align],
    bold: bool,
    /// The colour and the thickness of the rule below.
    rule: (Color, f64),
}

impl Row<'_> {
    fn style(&self) -> Style {
        let size = self.columns.size;
        let look = Look { size, bold: self.bold };
        Style { look, italic: false, color: BLACK, leading: LEADING * size }
    }
}

/// A small table is on one page; of a larger one neither the first row nor the last stands alone on a page.
fn keep_company(rows: &mut [Strip]) {
    let small = rows.iter().map(|row| row.height).sum::<f64>() <= SMALL;
    let count = rows.len();
    for (index, row) in rows.iter_mut().enumerate() {
        row.keep_next = index + 1 < count && (small || index == 0 || index + 2 == count);
    }
}

impl Flow<'_> {
    /// Adds a table. Its head is repeated on every page that it goes on on.
    pub(super) fn table(&mut self, table: &ReportTable, frame: &Frame) {
        let columns = columns(table, frame.width(), self.fonts);
        let width: f64 = columns.widths.iter().sum();
        let aligns: Vec<Align> = table.columns.iter().map(|(align, _)| *align).collect();
        let heads: Vec<&Words> = table.columns.iter().map(|(_, words)| words).collect();
        let head = Row { columns: &columns, aligns: &aligns, bold: true, rule: (DARK, DARK_RULE) };
        let mut strips = self.row(&heads, head, frame);
        let mut gap = self.gap(if table.caption.is_empty() { GAP } else { 0.0 });
        if let Some(first) = strips.first_mut() {
            first.marks.insert(0, area(frame.left, 0.0, [width, DARK_RULE], DARK));
        }
        let repeated = match &strips[..] {
            [only] => {
                self.strips.heads.push(only.clone());
                Some(self.strips.heads.len() - 1)
            }
            _ => None,
        };
        for strip in strips {
            let keep_next = !table.rows.is_empty();
            self.push(Strip { gap: std::mem::take(&mut gap), keep_next, ..strip }, None, frame);
        }
        let mut body = Vec::new();
        for (index, row) in table.rows.iter().enumerate() {
            let last = index + 1 == table.rows.len();
            let rule = if last { (DARK, DARK_RULE) } else { (LIGHT, LIGHT_RULE) };
            let cells: Vec<&Words> = row.iter().collect();
            body.extend(self.row(&cells, Row { bold: false, rule, ..head }, frame));
        }
        keep_company(&mut body);
        for strip in body {
            self.push(Strip { head: repeated, ..strip }, None, frame);
        }
    }

    /// The strips of a row: one, or several when it has many lines.
    fn row(&mut self, cells: &[&Words], row: Row<'_>, frame: &Frame) -> Vec<Strip> {
        let style = row.style();
        let sets: Vec<Set<'_>> = cells
            .iter()
            .zip(row.columns.inner())
            .map(|(words, width)| Set::new(words, style, width, self.fonts))
            .collect();
        let count = sets.iter().map(|set| set.lines.len()).max().unwrap_or(1);
        let slice = if count > WHOLE { SLICE } else { count };
        let padding = ROW_PADDING * row.columns.size;
        let mut strips = Vec::new();
        for start in (0..count).step_by(slice) {
            let lines = start..count.min(start + slice);
            let above = if start == 0 { padding } else { 0.0 };
            let mut height = above + style.leading * lines.len() as f64;
            let mut marks = Vec::new();
            let mut x = frame.left + row.columns.padding();
            for (place, set) in sets.iter().enumerate() {
                let align = row.aligns.get(place).copied().unwrap_or_default();
                let seen = lines.start..lines.end.min(set.lines.len());
                for (index, line) in set.lines.get(seen).unwrap_or_default().iter().enumerate() {
                    let y = above + style.leading * index as f64;
                    marks.extend(set.marks(line, align, [x, y]));
                }
                x += row.columns.widths.get(place).copied().unwrap_or_default();
            }
            if lines.end == count {
                let (color, thickness) = row.rule;
                let width = row.columns.widths.iter().sum();
                marks.push(area(frame.left, height + padding, [width, thickness], color));
                height += padding + thickness;
            }
            strips.push(Strip { height, marks, ..Strip::default() });
        }
        strips
    }
}
