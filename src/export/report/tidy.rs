use std::collections::BTreeSet;

use crate::report::{Align, Block, Report, ReportFigure, ReportTable, Span, Words, is_address};

/// A report that every writer can write as it is: no characters that a file cannot hold, no empty words, tables whose
/// rows have as many cells as the table has columns, figures with names of their own, links to the web and mail only.
pub(super) fn tidy(report: &Report) -> Report {
    let mut names = Names::default();
    Report { title: one_line(&report.title), blocks: names.blocks(&report.blocks) }
}

/// The names that figures have got so far.
#[derive(Debug, Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn blocks(&mut self, blocks: &[Block]) -> Vec<Block> {
        blocks.iter().filter_map(|block| self.block(block)).collect()
    }

    /// A block; `None` when nothing is in it.
    fn block(&mut self, block: &Block) -> Option<Block> {
        Some(match block {
            Block::Heading(level, words) => Block::Heading((*level).clamp(1, 6), some(words, Lines::One)?),
            Block::Paragraph(words) => Block::Paragraph(some(words, Lines::Many)?),
            Block::List(first, items) => {
                let items: Vec<_> = items.iter().map(|item| self.blocks(item)).collect();
                (!items.is_empty()).then_some(Block::List(*first, items))?
            }
            Block::Quote(inner) => {
                let inner = self.blocks(inner);
                (!inner.is_empty()).then_some(Block::Quote(inner))?
            }
            Block::Code(text) => Block::Code(code(text)),
            Block::Rule => Block::Rule,
            Block::Table(report_table) => table(report_table)?,
            Block::Figure(figure) => Block::Figure(self.figure(figure)),
        })
    }

    fn figure(&mut self, figure: &ReportFigure) -> ReportFigure {
        ReportFigure {
            name: self.name(&figure.name),
            page: figure.page.clone(),
            described: one_line(&figure.described),
            caption: words(&figure.caption, Lines::Many),
        }
    }

    /// A name for a file that no other figure has.
    fn name(&mut self, wanted: &str) -> String {
        let harmless = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let mut name: String = wanted.chars().filter(harmless).take(60).collect();
        if name.is_empty() {
            "figure".clone_into(&mut name);
        }
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        // On some systems names that differ in their capitals are one.
        let free = |name: &String| !self.0.contains(&name.to_ascii_lowercase());
        let name = std::iter::once(name.clone()).chain(numbered).find(free).unwrap_or_default();
        self.0.insert(name.to_ascii_lowercase());
        name
    }
}

/// Whether words may stand on more lines than one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lines {
    One,
    Many,
}

fn some(from: &[Span], lines: Lines) -> Option<Words> {
    Some(words(from, lines)).filter(|words| !words.is_empty())
}

/// Words without space at their ends. Spans that look alike are one; empty when there is nothing to see.
fn words(from: &[Span], lines: Lines) -> Words {
    let mut tidied = Words::new();
    for span in from {
        let text = clean(&span.text, lines);
        if text.is_empty() {
            continue;
        }
        let link = span.link.clone().filter(|link| is_address(link));
        // What is raised is not lowered too.
        let next = Span { text, link, lowered: span.lowered && !span.raised, ..span.clone() };
        match tidied.last_mut() {
            Some(last) if alike(last, &next) => last.text += &next.text,
            Some(_) | None => tidied.push(next),
        }
    }
    trim(&mut tidied);
    tidied
}

fn alike(a: &Span, b: &Span) -> bool {
    Span { text: String::new(), ..a.clone() } == Span { text: String::new(), ..b.clone() }
}

fn trim(words: &mut Words) {
    let space = |c: char| matches!(c, ' ' | '\n');
    while let Some(first) = words.first_mut() {
        first.text = first.text.trim_start_matches(space).to_owned();
        if !first.text.is_empty() {
            break;
        }
        words.remove(0);
    }
    while let Some(last) = words.last_mut() {
        last.text.truncate(last.text.trim_end_matches(space).len());
        if !last.text.is_empty() {
            break;
        }
        words.pop();
    }
}

/// The characters that XML and PDF can hold; other space is a space.
fn clean(text: &str, lines: Lines) -> String {
    let character = |c: char| match c {
        '\n' if lines == Lines::Many => Some('\n'),
        '\u{2028}' | '\u{2029}' | '\t' | '\n' | '\u{b}' | '\u{c}' | '\u{85}' => Some(' '),
        '\u{fffe}' | '\u{ffff}' => None,
        other if other.is_control() => None,
        other => Some(other),
    };
    text.chars().filter_map(character).collect()
}

fn one_line(text: &str) -> String {
    clean(text, Lines::One).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lines as they are; a tab goes to the next place that four divides.
fn code(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut column = 0;
    for character in text.replace("\r\n", "\n").replace('\r', "\n").chars() {
        match character {
            '\n' => {
                tidied.push('\n');
                column = 0;
            }
            '\t' => {
                let width = 4 - column % 4;
                tidied.extend(std::iter::repeat_n(' ', width));
                column += width;
            }
            '\u{fffe}' | '\u{ffff}' => {}
            other if other.is_control() => {}
            other => {
                tidied.push(other);
                column += 1;
            }
        }
    }
    tidied.truncate(tidied.trim_end_matches('\n').len());
    tidied
}

/// A table of one width; `None` when it has neither columns nor a caption.
fn table(table: &ReportTable) -> Option<Block> {
    let width = table.rows.iter().map(Vec::len).max().unwrap_or(0).max(table.columns.len());
    let caption = words(&table.caption, Lines::Many);
    let tidy_words = |from: &Words| words(from, Lines::Many);
    let mut columns: Vec<_> =
        table.columns.iter().map(|(align, words)| (*align, tidy_words(words))).collect();
    columns.resize_with(width, || (Align::Left, Words::new()));
    let row = |row: &Vec<Words>| {
        let mut cells: Vec<Words> = row.iter().map(tidy_words).collect();
        cells.resize_with(width, Words::new);
        cells
    };
    let rows = table.rows.iter().map(row).collect();
    if width == 0 {
        return (!caption.is_empty()).then_some(Block::Paragraph(caption));
    }
    Some(Block::Table(ReportTable { caption, columns, rows }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lose_what_no_file_can_hold() {
        let link = |to: &str| Some(to.to_owned());
        let from = vec![
            Span::plain(" \n\u{0}a\tb\u{7f}"),
            Span::plain("\u{ffff}c"),
            Span { link: link("javascript:x"), ..Span::plain("d") },
            Span { link: link("https://x"), raised: true, lowered: true, ..Span::plain("e\n") },
            Span::bold(" "),
        ];
        let expected =
            vec![Span::plain("a bcd"), Span { link: link("https://x"), raised: true, ..Span::plain("e") }];
        assert_eq!(words(&from, Lines::Many), expected);
        assert_eq!(words(&[Span::plain("a\nb")], Lines::One), [Span::plain("a b")]);
        assert_eq!(code("a\tb\r\n\t\u{1}c\rd\n\n"), "a   b\n    c\nd");
    }

    #[test]
    fn figures_have_names_of_their_own() {
        let mut names = Names::default();
        let given = ["figure-1", "Figure-1", "../x/a b", "", "", "figure-1"].map(|name| names.name(name));
        assert_eq!(given, ["figure-1", "Figure-1-2", "xab", "figure", "figure-2", "figure-1-3"]);
    }

    #[test]
    fn tables_are_squares_and_empty_blocks_are_gone() {
        let cell = |text: &str| vec![Span::plain(text)];
        let ragged = ReportTable {
            columns: vec![(Align::Right, cell("h"))],
            rows: vec![vec![], vec![cell("a"), cell("b")]],
            ..ReportTable::default()
        };
        let empty = ReportTable { caption: cell("only"), ..ReportTable::default() };
        let blocks = vec![
            Block::Table(ragged),
            Block::Table(empty),
            Block::Paragraph(cell("\u{1}")),
            Block::Quote(vec![Block::List(None, vec![])]),
            Block::Heading(9, cell("x")),
        ];
        let tidied = tidy(&Report { title: "a\n b".into(), blocks });
        let [Block::Table(table), Block::Paragraph(_), Block::Heading(6, _)] = &tidied.blocks[..] else {
            panic!("{tidied:?}")
        };
        assert!(table.columns.len() == 2 && table.rows.iter().all(|row| row.len() == 2));
        assert_eq!(tidied.title, "a b");
    }
}
