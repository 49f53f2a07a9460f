use glam::DVec2;

use super::*;
use crate::render::DrawingList;
use crate::report::{Block, ReportFigure, ReportTable, Span, blocks};
use crate::view::ViewportSize;

fn set(blocks: Vec<Block>) -> Vec<Sheet> {
    layout(&Report { title: String::new(), blocks }, &Fonts::default())
}

fn figure(width_mm: f64, height_mm: f64) -> Block {
    let size = ViewportSize { width: 10, height: 10 };
    let page = Page {
        size_mm: DVec2::new(width_mm, height_mm),
        size,
        dpi: 100.0,
        panels: Vec::new(),
        list: DrawingList::default(),
    };
    Block::Figure(ReportFigure {
        name: "f".into(),
        page: Some(Arc::new(page)),
        described: String::new(),
        caption: vec![Span::plain("Legend")],
    })
}

fn filler(lines: usize) -> Vec<Block> {
    vec![Block::Code(vec!["x"; lines].join("\n"))]
}

fn text(words: &WordsMark) -> String {
    words.letters.iter().map(|letter| letter.text.as_str()).collect()
}

/// The words of a sheet, and where their base line begins. The number of the page is not among them.
fn words(sheet: &Sheet) -> Vec<(String, f64, f64)> {
    let of = |mark: &Mark| match &mark.what {
        What::Words(words) => Some((text(words), mark.x, mark.y)),
        What::Area { .. } | What::Figure { .. } | What::Link { .. } | What::Heading { .. } => None,
    };
    sheet.marks.iter().filter_map(of).filter(|(_, _, y)| *y < SHEET[1] - MARGIN + 1.0).collect()
}

fn scales(sheet: &Sheet) -> Vec<f64> {
    let of = |mark: &Mark| match &mark.what {
        What::Figure { scale, .. } => Some(*scale),
        What::Area { .. } | What::Words(_) | What::Link { .. } | What::Heading { .. } => None,
    };
    sheet.marks.iter().filter_map(of).collect()
}

#[test]
fn a_heading_and_a_figure_with_its_legend_are_on_one_sheet() {
    let mut all = filler(40);
    all.push(Block::Heading(2, vec![Span::plain("Heading")]));
    all.push(figure(100.0, 80.0));
    let sheets = set(all);
    assert_eq!((sheets.len(), scales(&sheets[0]).len()), (2, 0));
    let found = words(&sheets[1]);
    assert_eq!((found[0].0.as_str(), found[1].0.as_str()), ("Heading", "Legend"));
    assert!((scales(&sheets[1])[0] - 0.72).abs() < 1e-9);
}

#[test]
fn figures_that_are_too_large_are_smaller_and_have_their_legend_with_them() {
    let sheets = set(vec![figure(320.0, 100.0), figure(10.0, 500.0)]);
    assert!((scales(&sheets[0])[0] - 0.36).abs() < 1e-9);
    assert_eq!(words(&sheets[1])[0].0, "Legend");
    assert!(scales(&sheets[1])[0] < 0.36 && words(&sheets[1])[0].2 < SHEET[1] - MARGIN);
}

#[test]
fn items_hang_below_their_first_line_and_their_numbers_end_in_one_line() {
    let long = "word ".repeat(40);
    let sheets = set(blocks(&format!("9. {long}\n10. b\n    - c")));
    let found = words(&sheets[0]);
    let place = |text: &str| found.iter().find(|(found, _, _)| found.starts_with(text)).unwrap();
    let lines: Vec<f64> =
        found.iter().filter(|(text, _, _)| text.starts_with("word")).map(|(_, x, _)| *x).collect();
    assert!(lines.len() > 1 && lines.iter().all(|x| (x - lines[0]).abs() < 1e-9));
    assert!((place("b").1 - lines[0]).abs() < 1e-9 && place("c").1 > lines[0] + 10.0);
    // The longer number begins further to the left, on the base line of its words.
    assert!(place("10.").1 < place("9.").1 && (place("10.").2 - place("b").2).abs() < 1e-9);
}

#[test]
fn raised_words_are_above_the_others_and_links_are_over_their_words() {
    let sheets = set(blocks("a^2^ b~3~ [*link*](https://x.org)"));
    let found = words(&sheets[0]);
    let base = found[0].2;
    let of = |wanted: &str| found.iter().find(|(text, _, _)| text == wanted).unwrap();
    assert!(of("2").2 < base - 2.0 && of("3").2 > base + 1.0);
    let link = sheets[0].marks.iter().find_map(|mark| match &mark.what {
        What::Link { width, height, to } => Some((mark.x, mark.y, *width, *height, to.clone())),
        What::Area { .. } | What::Words(_) | What::Figure { .. } | What::Heading { .. } => None,
    });
    let (x, y, width, height, to) = link.unwrap();
    assert!((x - of("link").1).abs() < 1e-9 && width > 10.0 && to == "https://x.org");
    assert!(y < base && y + height > base);
    let italic =
        |mark: &Mark| matches!(&mark.what, What::Words(words) if words.italic && text(words) == "link");
    assert!(sheets[0].marks.iter().any(italic));
}

#[test]
fn the_bar_of_a_quote_has_no_gaps() {
    let sheets = set(blocks("> a\n>\n> b\n\nc"));
    let bars: Vec<[f64; 2]> = sheets[0]
        .marks
        .iter()
        .filter_map(|mark| match mark.what {
            What::Area { width, height, .. } if width < 3.0 => Some([mark.y, mark.y + height]),
            What::Area { .. }
            | What::Words(_)
            | What::Figure { .. }
            | What::Link { .. }
            | What::Heading { .. } => None,
        })
        .collect();
    assert_eq!(bars.len(), 2);
    assert!((bars[0][1] - bars[1][0]).abs() < 1e-9);
}

#[test]
fn rows_of_many_lines_go_on_on_the_next_sheet_and_small_tables_do_not() {
    let cell = |lines: usize| vec![Span::plain(vec!["y"; lines].join("\n"))];
    let table = |lines: usize| {
        let columns = vec![(crate::report::Align::Left, vec![Span::plain("h")])];
        Block::Table(ReportTable { columns, rows: vec![vec![cell(lines)]], ..ReportTable::default() })
    };
    let mut all = filler(38);
    all.push(table(100));
    let sheets = set(all);
    let count =
        |sheet: &Sheet, wanted: &str| words(sheet).iter().filter(|(text, _, _)| text == wanted).count();
    assert_eq!(sheets.iter().map(|sheet| count(sheet, "y")).sum::<usize>(), 100);
    assert!(count(&sheets[0], "y") > 0 && sheets.len() > 2);
    assert!(sheets.iter().all(|sheet| count(sheet, "h") == 1));
    let mut all = filler(50);
    all.push(table(10));
    let sheets = set(all);
    assert_eq!((count(&sheets[0], "y"), count(&sheets[1], "y")), (0, 10));
}
