mod pieces;
mod words;

use self::words::{Place, marked};
use super::addresses::by_number;
use crate::report::{Align, Block, Report, ReportFigure, ReportTable, Span, Words};

/// A tidy report as Markdown: `CommonMark` with tables. Its pictures are in a folder beside it.
pub(super) fn markdown(report: &Report, folder: &str) -> String {
    let text = Writer { folder }.blocks(&report.blocks, false);
    if text.is_empty() { text } else { text + "\n" }
}

#[derive(Debug, Clone, Copy)]
struct Writer<'a> {
    /// Of the pictures, as a link has it.
    folder: &'a str,
}

impl Writer<'_> {
    /// Blocks below each other, with an empty line between them unless they are close together.
    fn blocks(self, blocks: &[Block], close: bool) -> String {
        let mut parts = Vec::new();
        // Two lists in a row are one, unless their items are marked differently.
        let mut other = false;
        let mut before: Option<&Block> = None;
        for block in blocks {
            other = before.is_some_and(|before| same_lists(before, block)) && !other;
            parts.push(self.block(block, other));
            before = Some(block);
        }
        parts.retain(|part| !part.is_empty());
        parts.join(if close { "\n" } else { "\n\n" })
    }

    fn block(self, block: &Block, other: bool) -> String {
        match block {
            Block::Heading(level, words) => {
                format!("{} {}", "#".repeat(usize::from(*level)), marked(words, Place::Heading))
            }
            Block::Paragraph(words) => marked(words, Place::Paragraph),
            Block::List(first, items) => self.list(*first, items, other),
            Block::Quote(inner) => begun(&self.blocks(inner, false), "> ", "> "),
            Block::Code(text) => fenced(text),
            Block::Rule => "___".to_owned(),
            Block::Table(table) => below(&caption(&table.caption), &rows(table)),
            Block::Figure(figure) => below(&self.image(figure), &caption(&figure.caption)),
        }
    }

    fn list(self, first: Option<u64>, items: &[Vec<Block>], other: bool) -> String {
        let close = items.iter().all(|item| is_close(item));
        // No reader takes more than nine digits.
        let first = first.map(|number| number.min(999_999_999 - items.len() as u64));
        let one = |(item, index): (&Vec<Block>, u64)| {
            let marker = match first {
                None => (if other { "* " } else { "- " }).to_owned(),
                Some(first) => format!("{}{} ", first + index, if other { ')' } else { '.' }),
            };
            let inner = self.blocks(item, close);
            if inner.is_empty() {
                return marker.trim_end().to_owned();
            }
            begun(&inner, &marker, &" ".repeat(marker.len()))
        };
        let items: Vec<String> = items.iter().zip(0..).map(one).collect();
        items.join(if close { "\n" } else { "\n\n" })
    }

    fn image(self, figure: &ReportFigure) -> String {
        if figure.page.is_none() {
            return String::new();
        }
        let described = marked(&[Span::plain(figure.described.as_str())], Place::Paragraph);
        format!("![{described}]({}/{}.png)", address(self.folder), figure.name)
    }
}

/// Whether items need no empty line around them: a paragraph, and lists of such that may follow it at once.
fn is_close(item: &[Block]) -> bool {
    let follows = |block: &Block| match block {
        // A list that ends a paragraph has to begin with 1 and with words.
        Block::List(None | Some(1), items) => {
            items.iter().all(|item| is_close(item)) && items.first().is_some_and(|item| !item.is_empty())
        }
        Block::List(Some(_), _)
        | Block::Heading(..)
        | Block::Paragraph(_)
        | Block::Quote(_)
        | Block::Code(_)
        | Block::Rule
        | Block::Table(_)
        | Block::Figure(_) => false,
    };
    match item {
        [] => true,
        [Block::Paragraph(_), rest @ ..] => rest.len() <= 1 && rest.iter().all(follows),
        [..] => false,
    }
}

/// Whether two lists would be read as one.
fn same_lists(a: &Block, b: &Block) -> bool {
    match (a, b) {
        (Block::List(a, _), Block::List(b, _)) => a.is_some() == b.is_some(),
        _ => false,
    }
}

/// Every line after a beginning; an empty line has no space at its end.
fn begun(text: &str, first: &str, next: &str) -> String {
    let mut start = first;
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let begun = format!("{start}{line}");
        lines.push(if line.is_empty() { begun.trim_end().to_owned() } else { begun });
        start = next;
    }
    lines.join("\n")
}

/// One above the other, where there are both.
fn below(above: &str, text: &str) -> String {
    let both = [above, text];
    both.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// A legend, in italics.
fn caption(words: &[Span]) -> String {
    let italic: Words = words.iter().map(|span| Span { italic: true, ..span.clone() }).collect();
    marked(&italic, Place::Paragraph)
}

/// Between more backticks than are in the text.
fn fenced(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}\n{text}\n{fence}")
}

fn rows(table: &ReportTable) -> String {
    let row = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let cells =
        |words: &mut dyn Iterator<Item = &Words>| words.map(|cell| marked(cell, Place::Cell)).collect();
    let rule = table.columns.iter().map(|(align, _)| {
        match align {
            Align::Left => ":---",
            Align::Center => ":---:",
            Align::Right => "---:",
        }
        .to_owned()
    });
    let head = row(cells(&mut table.columns.iter().map(|(_, words)| words)));
    let body = table.rows.iter().map(|words| row(cells(&mut words.iter())));
    [head, row(rule.collect())].into_iter().chain(body).collect::<Vec<_>>().join("\n")
}

/// A path as the address of a link.
pub(super) fn address(path: &str) -> String {
    let mut address = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address += &by_number(byte);
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Block {
        Block::Paragraph(vec![Span::plain(text)])
    }

    fn write(blocks: Vec<Block>) -> String {
        markdown(&Report { title: String::new(), blocks }, "a b-figures")
    }

    #[test]
    fn lists_are_marked_and_stay_apart() {
        let bullets = |items: &[&str]| Block::List(None, items.iter().map(|item| vec![text(item)]).collect());
        let nested = Block::List(Some(9), vec![vec![text("a"), bullets(&["b"])], vec![text("c")], vec![]]);
        assert_eq!(
            write(vec![nested, bullets(&["d"]), bullets(&["e"]), bullets(&["f"])]),
            "9. a\n   - b\n10. c\n11.\n\n- d\n\n* e\n\n- f\n"
        );
        let loose = Block::List(None, vec![vec![text("a"), text("b")], vec![Block::Code("c\n\nd".into())]]);
        assert_eq!(write(vec![loose]), "- a\n\n  b\n\n- ```\n  c\n\n  d\n  ```\n");
    }

    #[test]
    fn tables_and_figures_have_their_legends() {
        let words = |text: &str| vec![Span::plain(text)];
        let table = ReportTable {
            caption: words("Table 1. T"),
            columns: vec![(Align::Left, words("a|b")), (Align::Right, words("c"))],
            rows: vec![vec![words("1\n2"), vec![]]],
        };
        assert_eq!(
            write(vec![Block::Quote(vec![Block::Table(table)])]),
            "> _Table 1. T_\n>\n> | a\\|b | c |\n> | :--- | ---: |\n> | 1<br>2 |  |\n"
        );
        let figure =
            ReportFigure { name: "f".into(), page: None, described: "d".into(), caption: words("Figure 1.") };
        assert_eq!(write(vec![Block::Figure(figure)]), "_Figure 1._\n");
        assert_eq!(address("a b/ä-1"), "a%20b/%C3%A4-1");
    }
}
