use std::ops::Range;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use super::marks::{Mark, marked, marks_in, same_looks};
use super::{Align, Block, ReportTable, Span, Words};

/// Lists and quotes inside each other; what is deeper stands at this depth. Word has nine levels of lists.
const DEEPEST: usize = 9;

/// The blocks of a text in Markdown: `CommonMark` with tables, `~~struck~~`, `10^9^` and `H~2~O`.
///
/// Links lead to the web (`http`, `https`) or to an address of mail; other links are plain words. An image is the
/// words that stand for it. HTML is not obeyed: its tags are words, all but `<br>`, which is a line break. Lists and
/// quotes are nested nine deep at most: what is deeper stands at the ninth.
pub fn blocks(markdown: &str) -> Vec<Block> {
    let mut reader = Reader::new(markdown);
    for (event, place) in Parser::new_ext(markdown, Options::ENABLE_TABLES).into_offset_iter() {
        reader.event(event, place);
    }
    reader.finish()
}

/// What is open around the words that are read.
#[derive(Debug)]
enum Open {
    Quote(Vec<Block>),
    List(Option<u64>, Vec<Vec<Block>>),
    Item(Vec<Block>),
}

/// How the next words look: how many marks of each kind are open around them.
#[derive(Debug, Default)]
struct Looks {
    bold: usize,
    italic: usize,
    links: Vec<Option<String>>,
}

/// Reads the events of a text, one after the other: nothing here calls itself, however deep the text is nested.
#[derive(Debug)]
struct Reader<'a> {
    markdown: &'a str,
    blocks: Vec<Block>,
    open: Vec<Open>,
    /// Lists, items and quotes that are open and too deep to be kept as such.
    too_deep: usize,
    words: Words,
    /// The places in [`Self::words`] of what may be marks: the span, and the byte in it.
    marks: Vec<(usize, usize, Mark)>,
    looks: Looks,
    code: Option<String>,
    table: Option<ReportTable>,
    /// Cells of the head of the table that are read.
    heads: usize,
}

impl<'a> Reader<'a> {
    fn new(markdown: &'a str) -> Self {
        Self {
            markdown,
            blocks: Vec::new(),
            open: Vec::new(),
            too_deep: 0,
            words: Vec::new(),
            marks: Vec::new(),
            looks: Looks::default(),
            code: None,
            table: None,
            heads: 0,
        }
    }

    fn event(&mut self, event: Event<'_>, place: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some(code) => *code += &text,
                None => self.text(&text, place),
            },
            Event::Code(text) => self.push(Span { code: true, ..Span::plain(text.as_ref()) }),
            Event::Html(text) | Event::InlineHtml(text) => self.html(&text),
            Event::SoftBreak => self.push(Span::plain(" ")),
            Event::HardBreak => self.push(Span::plain("\n")),
            Event::Rule => {
                self.paragraph();
                self.add(Block::Rule);
            }
            // Of extensions that are switched off.
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                self.push(Span::plain(text.as_ref()));
            }
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::BlockQuote(_) => self.enter(Open::Quote(Vec::new())),
            Tag::List(first) => self.enter(Open::List(first, Vec::new())),
            Tag::Item => self.enter(Open::Item(Vec::new())),
            Tag::CodeBlock(CodeBlockKind::Indented | CodeBlockKind::Fenced(_)) => {
                self.paragraph();
                self.code = Some(String::new());
            }
            Tag::Table(columns) => {
                self.paragraph();
                let columns = columns.into_iter().map(|column| (align(column), Vec::new())).collect();
                self.table = Some(ReportTable { columns, ..ReportTable::default() });
                self.heads = 0;
            }
            Tag::TableRow => {
                if let Some(table) = &mut self.table {
                    table.rows.push(Vec::new());
                }
            }
            Tag::Emphasis => self.looks.italic += 1,
            Tag::Strong => self.looks.bold += 1,
            Tag::Link { link_type, dest_url, .. } => self.looks.links.push(address(link_type, &dest_url)),
            Tag::Paragraph | Tag::Heading { .. } | Tag::HtmlBlock => self.paragraph(),
            Tag::TableHead
            | Tag::TableCell
            | Tag::Image { .. }
            // Of extensions that are switched off.
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => {
                let words = self.take_words();
                self.add(Block::Heading(number(level), words));
            }
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => self.leave(),
            TagEnd::CodeBlock => {
                let mut code = self.code.take().unwrap_or_default();
                if code.ends_with('\n') {
                    code.pop();
                }
                self.add(Block::Code(code));
            }
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    self.add(Block::Table(table));
                }
            }
            TagEnd::TableCell => self.cell(),
            TagEnd::Emphasis => self.looks.italic = self.looks.italic.saturating_sub(1),
            TagEnd::Strong => self.looks.bold = self.looks.bold.saturating_sub(1),
            TagEnd::Link => {
                self.looks.links.pop();
            }
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.paragraph(),
            TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::Image
            // Of extensions that are switched off.
            | TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::MetadataBlock(_) => {}
        }
    }

    fn enter(&mut self, open: Open) {
        self.paragraph();
        let item = matches!(open, Open::Item(_));
        let depth = self.open.iter().filter(|open| !matches!(open, Open::Item(_))).count();
        if self.too_deep > 0 || (depth >= DEEPEST && !item) {
            self.too_deep += 1;
        } else {
            self.open.push(open);
        }
    }

    fn leave(&mut self) {
        self.paragraph();
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        match self.open.pop() {
            Some(Open::Quote(blocks)) => self.add(Block::Quote(blocks)),
            Some(Open::List(first, items)) => self.add(Block::List(first, items)),
            Some(Open::Item(blocks)) => {
                if let Some(Open::List(_, items)) = self.open.last_mut() {
                    items.push(blocks);
                }
            }
            None => {}
        }
    }

    /// Puts a block where it belongs.
    fn add(&mut self, block: Block) {
        match self.open.last_mut() {
            Some(Open::Quote(blocks) | Open::Item(blocks)) => blocks.push(block),
            Some(Open::List(_, items)) => items.push(vec![block]),
            None => self.blocks.push(block),
        }
    }

    /// Ends the paragraph that the words make, if there are words.
    fn paragraph(&mut self) {
        let words = self.take_words();
        if words.iter().any(|span| !span.text.trim().is_empty()) {
            self.add(Block::Paragraph(words));
        }
    }

    fn cell(&mut self) {
        let words = self.take_words();
        let Some(table) = &mut self.table else { return };
        if let Some(row) = table.rows.last_mut() {
            row.push(words);
            return;
        }
        if let Some((_, head)) = table.columns.get_mut(self.heads) {
            *head = words;
        }
        self.heads += 1;
    }

    fn text(&mut self, text: &str, place: Range<usize>) {
        let before = self.markdown.as_bytes().get(..place.start).unwrap_or_default();
        // Two backslashes are one that stands for itself.
        let escaped = before.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1;
        // What is not in the source as it is, is the character that an `&entity;` names: it is no mark.
        let as_is = self.markdown.get(place) == Some(text);
        let Some((span, start)) = self.put(Span::plain(text)) else { return };
        if as_is {
            let from = usize::from(escaped);
            self.marks.extend(marks_in(text, from).map(|(at, mark)| (span, start + at, mark)));
        }
    }

    fn html(&mut self, text: &str) {
        let name: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let text = text.replace('\r', "");
        let line_break = name.eq_ignore_ascii_case("<br>") || name.eq_ignore_ascii_case("<br/>");
        self.push(Span::plain(if line_break { "\n" } else { &text }));
    }

    fn push(&mut self, span: Span) {
        self.put(span);
    }

    /// Adds words with the looks that are open. Where they stand: the span, and the byte in it.
    fn put(&mut self, mut span: Span) -> Option<(usize, usize)> {
        if span.text.is_empty() {
            return None;
        }
        let looks = &self.looks;
        span.bold = looks.bold > 0;
        span.italic = looks.italic > 0;
        span.link = looks.links.last().cloned().flatten();
        let index = self.words.len();
        match self.words.last_mut() {
            Some(last) if same_looks(last, &span) => {
                let start = last.text.len();
                last.text += &span.text;
                Some((index - 1, start))
            }
            Some(_) | None => {
                self.words.push(span);
                Some((index, 0))
            }
        }
    }

    fn take_words(&mut self) -> Words {
        let words = std::mem::take(&mut self.words);
        let marks = std::mem::take(&mut self.marks);
        trimmed(if marks.is_empty() { words } else { marked(&words, &marks) })
    }

    fn finish(mut self) -> Vec<Block> {
        self.paragraph();
        while !self.open.is_empty() {
            self.leave();
        }
        self.blocks
    }
}

fn align(alignment: Alignment) -> Align {
    match alignment {
        Alignment::None | Alignment::Left => Align::Left,
        Alignment::Center => Align::Center,
        Alignment::Right => Align::Right,
    }
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// Where a link leads; `None` for what is not the web or mail.
fn address(kind: LinkType, address: &str) -> Option<String> {
    let address = match kind {
        LinkType::Email => format!("mailto:{address}"),
        LinkType::Inline
        | LinkType::Reference
        | LinkType::ReferenceUnknown
        | LinkType::Collapsed
        | LinkType::CollapsedUnknown
        | LinkType::Shortcut
        | LinkType::ShortcutUnknown
        | LinkType::Autolink
        | LinkType::WikiLink { .. } => address.to_owned(),
    };
    super::is_address(&address).then_some(address)
}

/// Without the space at their start and end.
fn trimmed(mut words: Words) -> Words {
    if let Some(first) = words.first_mut() {
        first.text = first.text.trim_start_matches([' ', '\n']).to_owned();
    }
    if let Some(last) = words.last_mut() {
        last.text.truncate(last.text.trim_end_matches([' ', '\n']).len());
    }
    words.retain(|span| !span.text.is_empty());
    words
}
