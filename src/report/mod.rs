//! Reports: what the notebook says once its values are in it, block by block, in the order of reading.
//!
//! Nothing in it is live any more: the preview, the files and the gate all take the same blocks.

mod markdown;
mod marks;
mod outline;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use markdown::blocks;
pub use outline::Outline;

use crate::render::Page;

/// A report.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Its title, for the file's own title: plain words.
    pub title: String,
    /// In the order of reading.
    pub blocks: Vec<Block>,
}

/// Words in a row.
pub type Words = Vec<Span>;

/// A part of a report that stands by itself.
#[derive(Debug, Clone)]
pub enum Block {
    /// A heading: 1 for the title of the report, then down to 6.
    Heading(u8, Words),
    /// A paragraph.
    Paragraph(Words),
    /// A list; with the number of its first item where the items have numbers.
    List(Option<u64>, Vec<Vec<Self>>),
    /// What somebody else said.
    Quote(Vec<Self>),
    /// Text that stays as it is, line by line.
    Code(String),
    /// A line across.
    Rule,
    /// A table.
    Table(ReportTable),
    /// A figure or a drawing with its legend.
    Figure(ReportFigure),
}

/// A table of words.
#[derive(Debug, Clone, Default)]
pub struct ReportTable {
    /// Over it: "Table 1. ..."; empty for none.
    pub caption: Words,
    /// The headings, one for each column.
    pub columns: Vec<(Align, Words)>,
    /// As many cells in each row as there are columns.
    pub rows: Vec<Vec<Words>>,
}

/// Where the words of a column stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Align {
    /// At the left.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// At the right.
    Right,
}

/// A figure: a page that is drawn as a figure's file is.
#[derive(Debug, Clone)]
pub struct ReportFigure {
    /// For the name of a picture beside the report: `figure-1`.
    pub name: String,
    /// What it shows; `None` where it cannot be drawn now, and the words say why.
    pub page: Option<Arc<Page>>,
    /// What it shows, for those who cannot see it: plain words.
    pub described: String,
    /// Under it: "Figure 1. (a) Axial CT ...".
    pub caption: Words,
}

/// Words that look alike.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent looks of words")]
pub struct Span {
    /// The words. A line break is `\n`.
    pub text: String,
    /// Bold.
    pub bold: bool,
    /// Italic.
    pub italic: bool,
    /// As on a typewriter.
    pub code: bool,
    /// Struck out.
    pub struck: bool,
    /// Raised: `10^9^`.
    pub raised: bool,
    /// Lowered: `H~2~O`.
    pub lowered: bool,
    /// Where they lead, if anywhere: a web address.
    pub link: Option<String>,
}

impl Span {
    /// Words without a look of their own.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Bold words.
    pub fn bold(text: impl Into<String>) -> Self {
        Self { bold: true, ..Self::plain(text) }
    }
}

/// Words without their looks.
pub fn plain_words(words: &[Span]) -> String {
    words.iter().map(|span| span.text.as_str()).collect()
}

/// Whether a link may lead there: to the web (`http`, `https`) or to an address of mail (`mailto`).
pub fn is_address(address: &str) -> bool {
    let starts =
        |scheme: &str| address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    !address.contains(char::is_control) && ["http://", "https://", "mailto:"].into_iter().any(starts)
}
