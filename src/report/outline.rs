//! Do two texts of Markdown have the same blocks?

use pulldown_cmark::{Event, Options, Parser, TagEnd};

/// The blocks of a text and what stands in their lines, without the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    lines: usize,
    parts: Vec<Part>,
    /// The words of each part that is no part of a line, in their order.
    words: Vec<String>,
}

/// One step of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Start(TagEnd),
    End(TagEnd),
    Rule,
    Break,
    HardBreak,
}

impl Part {
    /// Whether it is a block's, not that of a part of a line.
    fn is_of_block(self) -> bool {
        match self {
            Self::Start(tag) | Self::End(tag) => !matches!(
                tag,
                TagEnd::Emphasis
                    | TagEnd::Strong
                    | TagEnd::Strikethrough
                    | TagEnd::Superscript
                    | TagEnd::Subscript
                    | TagEnd::Link
                    | TagEnd::Image
            ),
            Self::Rule => true,
            Self::Break | Self::HardBreak => false,
        }
    }
}

impl Outline {
    /// Reads a text as [`blocks`](super::blocks) does.
    pub fn of(text: &str) -> Self {
        let (mut parts, mut words) = (Vec::new(), vec![String::new()]);
        for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
            let part = match &event {
                Event::Start(tag) => Some(Part::Start(tag.to_end())),
                Event::End(tag) => Some(Part::End(*tag)),
                Event::Rule => Some(Part::Rule),
                Event::SoftBreak => Some(Part::Break),
                Event::HardBreak => Some(Part::HardBreak),
                Event::Text(said)
                | Event::Code(said)
                | Event::Html(said)
                | Event::InlineHtml(said)
                | Event::InlineMath(said)
                | Event::DisplayMath(said)
                | Event::FootnoteReference(said) => {
                    if let Some(last) = words.last_mut() {
                        last.extend(said.chars().filter(|c| !c.is_whitespace()));
                    }
                    None
                }
                Event::TaskListMarker(_) => None,
            };
            if part.is_some_and(Part::is_of_block) {
                words.push(String::new());
            }
            parts.extend(part);
        }
        Self { lines: text.matches('\n').count(), parts, words }
    }

    /// Whether another text has the same lines and blocks, and at most one of its blocks says something else.
    pub fn has_blocks_of(&self, other: &Self) -> bool {
        let blocks = |outline: &Self| {
            outline.parts.iter().copied().filter(|part| part.is_of_block()).collect::<Vec<_>>()
        };
        let changed = self.words.iter().zip(&other.words).filter(|(own, other)| own != other).count();
        self.lines == other.lines && blocks(self) == blocks(other) && changed <= 1
    }

    /// Whether also what stands in the lines is the same: emphasis, links, breaks.
    pub fn has_parts_of(&self, other: &Self) -> bool {
        self.parts == other.parts && self.has_blocks_of(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outline_tells_blocks_from_their_words() {
        let is = |one: &str, other: &str| Outline::of(one).has_blocks_of(&Outline::of(other));
        assert!(is("# A\n\nb **c**\n", "# A\n\nb c\n"));
        assert!(!Outline::of("b **c**\n").has_parts_of(&Outline::of("b c\n")));
        for (one, other) in [
            ("# A\nb\n", "# A b\n"),
            ("a\nb\n", "a\n\nb\n"),
            ("a\n- b\n", "a\n-\n"),
            ("2015. a\n", ". a\n"),
            ("a | b\n--|--\nc | d\n", "a | b\n--|--\n| d\n"),
            ("a\n\nb\n", "ab\n\n"),
            ("a\n", "a"),
        ] {
            assert!(!is(one, other), "{one:?} {other:?}");
        }
    }
}
