use super::pieces::{Mark, Piece, pieces};
use crate::export::report::addresses::by_number;
use crate::report::Span;

/// Where words stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// On lines of their own.
    Paragraph,
    /// On one line, after its `#`.
    Heading,
    /// Between two `|`.
    Cell,
}

/// Words as Markdown has them: whatever they say, nothing in them is taken for a mark.
pub(super) fn marked(words: &[Span], place: Place) -> String {
    let mut writer =
        Writer { text: String::new(), line: 0, open: Vec::new(), place, last: None, guard: false };
    let pieces = pieces(words);
    for (index, piece) in pieces.iter().enumerate() {
        let next = pieces.get(index + 1).map_or("", |piece| &piece.text);
        writer.piece(piece, next);
    }
    writer.turn(&[], None);
    writer.text
}

struct Writer<'a> {
    text: String,
    /// Where in it the last line begins.
    line: usize,
    open: Vec<Mark<'a>>,
    place: Place,
    /// Where the last character was written and which it is, unless a mark came after it.
    last: Option<(usize, char)>,
    /// The next character may not be a letter: it would spoil the mark before it.
    guard: bool,
}

impl<'a> Writer<'a> {
    fn piece(&mut self, piece: &Piece<'a>, next: &str) {
        let mut letters = piece.text.chars();
        // A letter that stands alone may have to be written by its number.
        let inner = letters.next().filter(|_| letters.next().is_some());
        self.turn(&piece.marks, inner);
        if piece.is_code() {
            self.code(&piece.text);
        } else if piece.is_space() {
            self.space(&piece.text);
        } else {
            self.words(&piece.text, next.chars().next());
        }
    }

    /// Closes and opens marks until just these are open. `inner` is the character that comes next.
    fn turn(&mut self, marks: &[Mark<'a>], inner: Option<char>) {
        let same = self.open.iter().zip(marks).take_while(|(a, b)| a == b).count();
        while self.open.len() > same {
            if let Some(mark) = self.open.pop() {
                self.close(mark);
            }
        }
        for (place, mark) in marks.iter().enumerate().skip(same) {
            let inner = if place + 1 == marks.len() { inner } else { None };
            self.begin(*mark, inner);
            self.open.push(*mark);
        }
    }

    fn begin(&mut self, mark: Mark<'_>, inner: Option<char>) {
        match mark {
            Mark::Link(_) => self.text.push('['),
            Mark::Code => return,
            Mark::Bold | Mark::Italic | Mark::Struck | Mark::Raised | Mark::Lowered => {
                if Self::needs_guard(mark, inner) {
                    self.guard_last();
                }
                self.text += mark.sign();
            }
        }
        (self.last, self.guard) = (None, false);
    }

    fn close(&mut self, mark: Mark<'_>) {
        match mark {
            Mark::Link(to) => {
                self.text += "](";
                self.text += &link(to);
                self.text.push(')');
                self.guard = false;
            }
            Mark::Code => return,
            Mark::Bold | Mark::Italic | Mark::Struck | Mark::Raised | Mark::Lowered => {
                let inner = self.last.map(|(_, character)| character);
                self.guard = Self::needs_guard(mark, inner);
                self.text += mark.sign();
            }
        }
        self.last = None;
    }

    /// Whether a letter outside, right at the mark, would make it no mark: always with `_`, and with `**` when
    /// what is inside is no letter.
    fn needs_guard(mark: Mark<'_>, inner: Option<char>) -> bool {
        match mark {
            Mark::Italic => true,
            Mark::Bold => !inner.is_some_and(char::is_alphanumeric),
            Mark::Link(_) | Mark::Struck | Mark::Raised | Mark::Lowered | Mark::Code => false,
        }
    }

    /// Writes the last character by its number, where it is a letter.
    fn guard_last(&mut self) {
        if let Some((at, character)) = self.last.filter(|(_, character)| spoils(*character)) {
            self.text.truncate(at);
            self.text += &by_number_of(character);
        }
    }

    fn space(&mut self, text: &str) {
        let breaks = text.matches('\n').count();
        if breaks == 0 {
            // Two spaces at the end of a line, or four at its start, would mean something.
            self.text += if text.chars().all(|c| c == ' ') { " " } else { text };
        }
        for _ in 0..breaks {
            self.text += match self.place {
                Place::Paragraph => "\\\n",
                Place::Heading => " ",
                Place::Cell => "<br>",
            };
        }
        if breaks > 0 && self.place == Place::Paragraph {
            self.line = self.text.len();
        }
        (self.last, self.guard) = (None, false);
    }

    fn code(&mut self, text: &str) {
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest + 1);
        let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
        let text = if self.place == Place::Cell { text.replace('|', "\\|") } else { text.to_owned() };
        for part in [fence.as_str(), pad, &text, pad, &fence] {
            self.text += part;
        }
        (self.last, self.guard) = (None, false);
    }

    fn words(&mut self, text: &str, after: Option<char>) {
        let mut rest = text.chars().peekable();
        while let Some(character) = rest.next() {
            let next = rest.peek().copied().or(after);
            let at = self.text.len();
            if std::mem::take(&mut self.guard) && spoils(character) {
                self.text += &by_number_of(character);
                self.last = None;
                continue;
            }
            match character {
                '`' => self.text += "&#96;",
                '\\' | '*' | '_' | '[' | ']' | '<' | '~' | '^' | '|' => self.escape(character),
                '#' if self.place == Place::Heading || self.begins_line() => self.escape(character),
                '>' if self.begins_line() => self.escape(character),
                '+' | '-' | '=' | ':' if self.begins_line() && begins_block(character, next) => {
                    self.escape(character);
                }
                '.' | ')' if next.is_none_or(char::is_whitespace) && self.begins_number() => {
                    self.escape(character);
                }
                // Before a link it would make it an image.
                '!' if rest.peek().is_none() && after.is_some_and(|after| !after.is_whitespace()) => {
                    self.escape(character);
                }
                '&' if next.is_none_or(|next| next.is_alphanumeric() || next == '#') => {
                    self.escape(character);
                }
                other => self.text.push(other),
            }
            self.last = Some((at, character));
        }
    }

    fn escape(&mut self, character: char) {
        self.text.push('\\');
        self.text.push(character);
    }

    fn line(&self) -> &str {
        self.text.get(self.line..).unwrap_or_default().trim_start()
    }

    fn begins_line(&self) -> bool {
        self.line().is_empty()
    }

    /// Whether nothing but digits stand on the line.
    fn begins_number(&self) -> bool {
        let line = self.line();
        !line.is_empty() && line.len() <= 9 && line.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// Whether a character at the start of a line begins a list, a line across, or a heading or table of the line above.
fn begins_block(character: char, next: Option<char>) -> bool {
    let rule = |next: char| matches!(character, '-' | '=' | ':') && matches!(next, '-' | '=' | ':' | '|');
    next.is_none_or(|next| next.is_whitespace() || rule(next))
}

/// A character as an entity.
fn by_number_of(character: char) -> String {
    format!("&#{};", u32::from(character))
}

/// Whether a character beside a mark could make it no mark: all but space and the marks themselves.
fn spoils(character: char) -> bool {
    !character.is_whitespace() && !character.is_ascii_punctuation()
}

/// The address of a link, with nothing in it that ends it.
fn link(to: &str) -> String {
    let mut address = String::with_capacity(to.len());
    for character in to.chars() {
        match character {
            '&' => address += "&amp;",
            '(' | ')' | '<' | '>' | '\\' | '|' | '[' | ']' => address.extend(['\\', character]),
            '`' => address += "%60",
            other if other.is_whitespace() => {
                let mut bytes = [0; 4];
                for byte in other.encode_utf8(&mut bytes).bytes() {
                    address += &by_number(byte);
                }
            }
            other => address.push(other),
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::report::{Block, blocks, plain_words};

    #[test]
    fn what_is_no_mark_is_left_as_it_is() {
        let plain = |text: &str| marked(&[Span::plain(text)], Place::Paragraph);
        for text in
            ["-5.5 HU", "12.3 mm (+4 %), a - b = c; \"d\" 5 > 3 & e! f#", "1.5 mm", "Größe ± 2 × 10⁹ µm"]
        {
            assert_eq!(plain(text), text);
        }
        assert_eq!(plain("1. a"), "1\\. a");
        assert_eq!(plain("- a\n# b\n2) c"), "\\- a\\\n\\# b\\\n2\\) c");
        assert_eq!(
            plain("a_b*c [d](e) <f> g|h `i` ~j^"),
            "a\\_b\\*c \\[d\\](e) \\<f> g\\|h &#96;i&#96; \\~j\\^"
        );
        assert_eq!(plain("&amp; R&D"), "\\&amp; R\\&D");
    }

    #[test]
    fn marks_hold_at_words_and_in_them() {
        let bold = Span::bold;
        let italic = |text: &str| Span { italic: true, ..Span::plain(text) };
        let all = |spans: &[Span]| marked(spans, Place::Paragraph);
        assert_eq!(all(&[Span::plain("a"), bold(" b "), Span::plain("c")]), "a **b** c");
        assert_eq!(all(&[bold("Note:"), Span::plain("x")]), "**Note:**&#120;");
        assert_eq!(all(&[Span::plain("m"), italic("n"), Span::plain("o")]), "&#109;_n_&#111;");
        let both = Span { italic: true, ..bold("c") };
        assert_eq!(all(&[bold("a "), both, italic(" d")]), "**a _c_** _d_");
        let raised = Span { raised: true, ..Span::plain("9") };
        let lowered = Span { lowered: true, ..Span::plain("2") };
        assert_eq!(all(&[Span::plain("10"), raised, Span::plain("/L H"), lowered]), "10^9^/L H~2~");
        let code = Span { code: true, ..Span::plain("a`b") };
        assert_eq!(all(&[code]), "``a`b``");
        let defining = Span { code: true, link: Some("https://a".into()), ..Span::plain("]:") };
        assert_eq!(all(&[defining]), "[\\]:](https://a)");
        let link = Span { link: Some("https://x.org/(a b)?c=1&d".into()), ..Span::plain("[e]") };
        assert_eq!(all(&[link]), "[\\[e\\]](https://x.org/\\(a%20b\\)?c=1&amp;d)");
    }

    /// Each character that is no space, with its looks.
    fn seen(words: &[Span]) -> Vec<(char, [bool; 4], Option<String>)> {
        let of = |span: &Span| {
            let looks = [span.bold, span.italic, span.code, span.raised];
            let link = span.link.clone();
            let letters = span.text.chars().filter(|c| !c.is_whitespace());
            letters.map(|c| (c, looks, link.clone())).collect::<Vec<_>>()
        };
        words.iter().flat_map(of).collect()
    }

    fn a_span() -> impl Strategy<Value = Span> {
        let text = "[ a-c1-3.)(#+*_~^`|<>&;!\\[\\]\\\\:=ä²\n-]{1,6}";
        let link = proptest::option::weighted(0.2, "https://[a-c&()*_.?=]{1,5}");
        (text, link, any::<[bool; 4]>(), any::<bool>(), any::<bool>()).prop_map(
            |(text, link, [bold, italic, raised, code], struck, lowered)| {
                let lowered = lowered && !raised;
                // Such code in a link loses its look.
                let code = code && !(link.is_some() && text.contains("]:"));
                Span { text, bold, italic, code, struck, raised, lowered, link }
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn what_is_written_is_read_with_its_looks(spans in proptest::collection::vec(a_span(), 1..6)) {
            let report = crate::report::Report { title: String::new(), blocks: vec![Block::Paragraph(spans)] };
            let tidied = crate::export::report::tidy::tidy(&report);
            let Some(Block::Paragraph(words)) = tidied.blocks.first() else { return Ok(()) };
            for place in [Place::Paragraph, Place::Heading, Place::Cell] {
                let written = marked(words, place);
                let text = match place {
                    Place::Paragraph => written.clone(),
                    Place::Heading => format!("# {written}"),
                    Place::Cell => format!("| {written} | x |\n|---|---|"),
                };
                let read = match blocks(&text).as_slice() {
                    [Block::Paragraph(read) | Block::Heading(1, read)] => read.clone(),
                    [Block::Table(table)] => table.columns[0].1.clone(),
                    other => panic!("{written:?} {other:?}"),
                };
                prop_assert_eq!(seen(&read), seen(words), "{:?}", text);
                let split = |words: &[Span]| {
                    plain_words(words).split_whitespace().map(str::to_owned).collect::<Vec<_>>()
                };
                prop_assert_eq!(split(&read), split(words), "{:?}", text);
            }
        }
    }
}
