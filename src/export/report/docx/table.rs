use super::body::{Body, Place, Setting, TEXT_WIDTH_MM};
use crate::export::report::columns::{Columns, columns};
use crate::export::xml::Tag;
use crate::report::{Align, ReportTable, Words};

/// Letters of a row that is kept on one page; a longer one may be taller than a page.
const KEPT_LETTERS: usize = 800;
/// The font size of the styles of tables, points.
const STYLED: f64 = 9.0;
/// What a column is wider than its words, points: borders need some of it, and Word rounds.
const SLACK: f64 = 1.5;
/// What separates a table from a table after it, and from other words.
const AFTER: &str =
    "<w:p><w:pPr><w:spacing w:before=\"0\" w:after=\"0\" w:line=\"160\" w:lineRule=\"exact\"/></w:pPr></w:p>";

/// Writes a table. Its columns are as wide as their words where there is room.
pub(super) fn table(body: &mut Body<'_>, table: &ReportTable, place: Place) {
    let width = TEXT_WIDTH_MM * 72.0 / 25.4 - f64::from(place.left) / 20.0;
    let slack = SLACK * table.columns.len() as f64;
    let mut set = columns(table, (width - slack).max(36.0), body.fonts);
    set.widths.iter_mut().for_each(|width| *width += SLACK);
    let mut inner = properties(&set, place);
    let grid: String = set.widths.iter().map(|width| sized(Tag::new("w:gridCol"), *width).empty()).collect();
    inner += &Tag::new("w:tblGrid").around(&grid);
    let heads = table.columns.iter().map(|(align, words)| (*align, words));
    let repeated = Tag::new("w:cantSplit").empty() + &Tag::new("w:tblHeader").empty();
    inner += &row(body, heads, &set, "TableHead", &repeated);
    for words in &table.rows {
        let cells = table.columns.iter().map(|(align, _)| *align).zip(words);
        let letters: usize = words.iter().flatten().map(|span| span.text.len()).sum();
        let kept = if letters <= KEPT_LETTERS { Tag::new("w:cantSplit").empty() } else { String::new() };
        inner += &row(body, cells, &set, "TableText", &kept);
    }
    body.xml += &Tag::new("w:tbl").around(&inner);
    body.xml += AFTER;
}

fn twips(points: f64) -> String {
    format!("{:.0}", points * 20.0)
}

fn sized(tag: Tag, points: f64) -> Tag {
    tag.with("w:w", twips(points))
}

fn properties(set: &Columns, place: Place) -> String {
    let width = |name: &'static str, points: f64| sized(Tag::new(name), points).with("w:type", "dxa").empty();
    let beside = width("w:left", set.padding()) + &width("w:right", set.padding());
    let parts = [
        Tag::new("w:tblStyle").with("w:val", "TableGrid").empty(),
        width("w:tblW", set.widths.iter().sum()),
        width("w:tblInd", f64::from(place.left) / 20.0),
        Tag::new("w:tblCellMar").around(&beside),
        Tag::new("w:tblLook")
            .with("w:val", "0420")
            .with("w:firstRow", "1")
            .with("w:lastRow", "0")
            .with("w:firstColumn", "0")
            .with("w:lastColumn", "0")
            .with("w:noHBand", "0")
            .with("w:noVBand", "1")
            .empty(),
    ];
    Tag::new("w:tblPr").around(&parts.concat())
}

fn row<'a>(
    body: &mut Body<'_>,
    cells: impl Iterator<Item = (Align, &'a Words)>,
    set: &Columns,
    style: &'static str,
    properties: &str,
) -> String {
    // The style of the words says their size unless they are smaller.
    let size = (set.size < STYLED).then_some(set.size);
    let outside = std::mem::take(&mut body.xml);
    for ((align, words), width) in cells.zip(&set.widths) {
        let before = std::mem::take(&mut body.xml);
        let runs = body.runs(words, size);
        body.paragraph(&runs, Setting { style, align, ..Setting::default() }, Place::default());
        let wide = sized(Tag::new("w:tcW"), *width).with("w:type", "dxa").empty();
        let cell = Tag::new("w:tc").around(&(Tag::new("w:tcPr").around(&wide) + &body.xml));
        body.xml = before + &cell;
    }
    let cells = std::mem::replace(&mut body.xml, outside);
    let properties =
        if properties.is_empty() { String::new() } else { Tag::new("w:trPr").around(properties) };
    Tag::new("w:tr").around(&(properties + &cells))
}
