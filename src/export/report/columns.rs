use super::lines::{Look, Measured, extent};
use crate::render::Fonts;
use crate::report::{ReportTable, Words};

/// Font sizes of tables, points: the first at which no word has to be broken is taken.
const SIZES: [f64; 4] = [9.0, 8.0, 7.0, 6.0];
/// Space beside the words of a cell, on each side, over the font size.
const PADDING: f64 = 0.45;

/// How a table is set.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Columns {
    /// Font size, points.
    pub(super) size: f64,
    /// The width of each column with the space beside its words, points.
    pub(super) widths: Vec<f64>,
}

impl Columns {
    /// Space beside the words of a cell, on each side, points.
    pub(super) fn padding(&self) -> f64 {
        self.size * PADDING
    }

    /// The width of the words of each column, points.
    pub(super) fn inner(&self) -> impl Iterator<Item = f64> + '_ {
        self.widths.iter().map(|width| (width - 2.0 * self.padding()).max(1.0))
    }
}

/// The columns of a table that has `width` points: as wide as their words where that is enough.
pub(super) fn columns(table: &ReportTable, width: f64, fonts: &Fonts) -> Columns {
    let largest = SIZES[0];
    let wanted: Vec<[f64; 2]> = (0..table.columns.len()).map(|at| wanted(table, at, fonts)).collect();
    // A word longer than this is broken before all of the table gets smaller letters.
    let most = (width / wanted.len().max(1) as f64).max(width / 4.0);
    let try_size = |size: f64| {
        let scale = size / largest;
        let padding = 2.0 * size * PADDING;
        let scaled = wanted.iter().map(|[line, part]| [line * scale + padding, part * scale + padding]);
        let scaled: Vec<[f64; 2]> = scaled.map(|[line, part]| [line, part.min(most)]).collect();
        let least: f64 = scaled.iter().map(|[_, part]| part).sum();
        (size, scaled, least)
    };
    let fits = SIZES.into_iter().map(try_size).find(|(_, _, least)| *least <= width);
    if let Some((size, wanted, _)) = fits {
        return Columns { size, widths: share(&wanted, width) };
    }
    let (size, wanted, least) = try_size(SIZES[SIZES.len() - 1]);
    let widths = wanted.iter().map(|[_, part]| part * width / least).collect();
    Columns { size, widths }
}

/// The longest line and the longest word of a column at the largest size, points.
fn wanted(table: &ReportTable, column: usize, fonts: &Fonts) -> [f64; 2] {
    let mut wanted = [0.0_f64; 2];
    let mut meet = |words: &Words, bold: bool| {
        let [line, part] = extent(&Measured::new(words, Look { size: SIZES[0], bold }, fonts).cells);
        wanted = [wanted[0].max(line), wanted[1].max(part)];
    };
    if let Some((_, head)) = table.columns.get(column) {
        meet(head, true);
    }
    for words in table.rows.iter().filter_map(|row| row.get(column)) {
        meet(words, false);
    }
    wanted
}

/// Gives each column its longest line if its fair part of the width is enough for it, and the others what is left, but
/// never less than the longest word.
fn share(wanted: &[[f64; 2]], width: f64) -> Vec<f64> {
    let mut settled: Vec<Option<f64>> = vec![None; wanted.len()];
    loop {
        let open = settled.iter().filter(|width| width.is_none()).count();
        if open == 0 {
            break;
        }
        let left = width - settled.iter().flatten().sum::<f64>();
        let fair = left / open as f64;
        let mut unsettled = settled.iter_mut().zip(wanted).filter(|(width, _)| width.is_none());
        // Those that need more than their part first: what they take is no longer there for the others.
        let large = unsettled.find(|(_, [_, part])| *part > fair);
        if let Some((width, [_, part])) = large {
            *width = Some(*part);
            continue;
        }
        let small =
            settled.iter_mut().zip(wanted).find(|(width, [line, _])| width.is_none() && *line <= fair);
        match small {
            Some((width, [line, _])) => *width = Some(*line),
            None => return settled.into_iter().map(|width| width.unwrap_or(fair)).collect(),
        }
    }
    settled.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Fonts;
    use crate::report::{Align, Span};

    fn table(cells: &[&str]) -> ReportTable {
        let row = |cells: &[&str]| cells.iter().map(|text| vec![Span::plain(*text)]).collect::<Vec<_>>();
        let columns = cells.iter().map(|_| (Align::Left, vec![Span::plain("h")])).collect();
        ReportTable { columns, rows: vec![row(cells)], ..ReportTable::default() }
    }

    fn set(cells: &[&str]) -> Columns {
        columns(&table(cells), 450.0, &Fonts::default())
    }

    fn sum(columns: &Columns) -> f64 {
        columns.widths.iter().sum()
    }

    #[test]
    fn short_words_have_their_width_and_long_ones_the_rest() {
        let short = set(&["1.5 mm", "a"]);
        assert!((short.size - 9.0).abs() < 1e-9 && sum(&short) < 60.0);
        let long = "words and words ".repeat(40);
        let mixed = set(&["1.5 mm", &long, "a b c"]);
        assert!((sum(&mixed) - 450.0).abs() < 1e-6);
        assert!((mixed.widths[0] - short.widths[0]).abs() < 1e-9);
        let two = set(&[&long, &long]);
        assert!((two.widths[0] - two.widths[1]).abs() < 1e-9);
    }

    #[test]
    fn many_columns_have_smaller_letters_and_a_long_word_does_not_change_them() {
        let many = set(&["lesion"; 16]);
        assert!(many.size < 9.0 && sum(&many) <= 450.0 + 1e-6);
        let thirty = set(&["lesion"; 30]);
        assert!((thirty.size - 6.0).abs() < 1e-9 && (sum(&thirty) - 450.0).abs() < 1e-6);
        assert!(thirty.inner().all(|width| width > 4.0));
        let long = set(&["a", &"x".repeat(10_000)]);
        assert!((long.size - 9.0).abs() < 1e-9 && (sum(&long) - 450.0).abs() < 1e-6);
    }
}
