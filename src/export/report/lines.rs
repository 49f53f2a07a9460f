use std::collections::HashMap;
use std::ops::Range;

use crate::render::text::letters;
use crate::render::{Fonts, Letter, Weight};
use crate::report::Span;

/// Size of raised and lowered letters over that of the others.
pub(super) const SMALL: f64 = 0.7;

/// Letters of these fonts and their widths, each looked up once.
#[derive(Debug)]
pub(super) struct Measure<'a> {
    fonts: &'a Fonts,
    known: HashMap<(char, Weight), Letter>,
}

impl<'a> Measure<'a> {
    pub(super) fn new(fonts: &'a Fonts) -> Self {
        Self { fonts, known: HashMap::new() }
    }

    /// A character at a size of 1: its advance is over the font size.
    pub(super) fn letter(&mut self, character: char, weight: Weight) -> Letter {
        *self.known.entry((character, weight)).or_insert_with(|| {
            const SIZE: f64 = 1000.0;
            let mut buffer = [0; 4];
            let found = letters(self.fonts, character.encode_utf8(&mut buffer), SIZE, weight);
            let found = found.first().copied();
            found.map_or(Letter { character, glyph: None, advance: 0.0 }, |letter| Letter {
                advance: letter.advance / SIZE,
                ..letter
            })
        })
    }

    /// The letters of a line of text; their advances have the unit of the size.
    pub(super) fn letters(&mut self, text: &str, size: f64, weight: Weight) -> Vec<Letter> {
        let sized = |letter: Letter| Letter { advance: letter.advance * size, ..letter };
        text.chars().map(|character| sized(self.letter(character, weight))).collect()
    }

    /// The width of a line of text, in the unit of the size.
    pub(super) fn width(&mut self, text: &str, size: f64, weight: Weight) -> f64 {
        text.chars().map(|character| self.letter(character, weight).advance * size).sum()
    }
}

/// How letters are set where their words do not say so.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Look {
    /// Font size, points.
    pub(super) size: f64,
    /// Whether all of them are bold.
    pub(super) bold: bool,
}

impl Look {
    pub(super) fn weight(self, span: &Span) -> Weight {
        if self.bold || span.bold { Weight::Bold } else { Weight::Regular }
    }

    /// The font size of words, points.
    pub(super) fn size_of(self, span: &Span) -> f64 {
        if span.raised || span.lowered { self.size * SMALL } else { self.size }
    }
}

/// A character of words in a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cell {
    pub(super) character: char,
    /// Which span it is of.
    pub(super) span: usize,
    /// Points.
    pub(super) advance: f64,
}

/// Every character of words. A line break is one of no width.
pub(super) fn cells(words: &[Span], look: Look, measure: &mut Measure<'_>) -> Vec<Cell> {
    let mut cells = Vec::with_capacity(words.iter().map(|span| span.text.len()).sum());
    for (index, span) in words.iter().enumerate() {
        let (size, weight) = (look.size_of(span), look.weight(span));
        for character in span.text.chars() {
            let advance =
                if character == '\n' { 0.0 } else { measure.letter(character, weight).advance * size };
            cells.push(Cell { character, span: index, advance });
        }
    }
    cells
}

/// Where lines begin and end, none wider than `width` points: after a space or a hyphen, and inside a word only where
/// it has no room on a line of its own. Space at the end of a line is not in it. There is always one line.
pub(super) fn break_lines(cells: &[Cell], width: f64) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let (mut start, mut end, mut x) = (0, None, 0.0);
    let mut index = 0;
    while let Some(cell) = cells.get(index) {
        if cell.character == '\n' {
            lines.push(without_space(cells, start..index));
            (start, end, x, index) = (index + 1, None, 0.0, index + 1);
            continue;
        }
        let space = is_space(cell.character);
        // A hair of rounding is no reason for another line.
        if !space && index > start && x + cell.advance > width + 1e-6 {
            let next = end.unwrap_or(index);
            lines.push(without_space(cells, start..next));
            (start, end, x, index) = (next, None, 0.0, next);
            continue;
        }
        x += cell.advance;
        index += 1;
        if may_break(cells, index) {
            end = Some(index);
        }
    }
    lines.push(without_space(cells, start..cells.len()));
    lines
}

fn without_space(cells: &[Cell], line: Range<usize>) -> Range<usize> {
    let spaces = cells[line.clone()].iter().rev().take_while(|cell| is_space(cell.character)).count();
    line.start..line.end - spaces
}

/// Space that a line may end at: all but the kinds that hold words together.
fn is_space(character: char) -> bool {
    character.is_whitespace() && !matches!(character, '\u{a0}' | '\u{2007}' | '\u{202f}')
}

/// Whether a line may end before the character at `index`.
fn may_break(cells: &[Cell], index: usize) -> bool {
    let at = |index: usize| cells.get(index).map_or(' ', |cell| cell.character);
    let (before, next) = (at(index - 1), at(index));
    match before {
        before if is_space(before) => !is_space(next),
        // A minus sign stays at its number, and so does a range of numbers.
        '-' | '\u{2010}' | '–' | '—' => {
            index >= 2 && at(index - 2).is_alphanumeric() && next.is_alphabetic()
        }
        '/' => index >= 2 && at(index - 2).is_alphabetic() && next.is_alphabetic(),
        '\u{200b}' => true,
        _ => false,
    }
}

/// The width of cells in a row, points.
pub(super) fn length(cells: &[Cell]) -> f64 {
    cells.iter().map(|cell| cell.advance).sum()
}

/// The width of the longest line that only words' own line breaks end, and of the longest part that no line may end
/// in, points.
pub(super) fn extent(cells: &[Cell]) -> [f64; 2] {
    let (mut line, mut part) = (0.0, 0.0);
    let (mut longest_line, mut longest_part) = (0.0_f64, 0.0_f64);
    for (index, cell) in cells.iter().enumerate() {
        if cell.character == '\n' {
            (line, part) = (0.0, 0.0);
            continue;
        }
        line += cell.advance;
        part += if is_space(cell.character) { 0.0 } else { cell.advance };
        (longest_line, longest_part) = (longest_line.max(line), longest_part.max(part));
        if may_break(cells, index + 1) {
            part = 0.0;
        }
    }
    [longest_line, longest_part]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PLAIN: Look = Look { size: 10.0, bold: false };

    fn set(text: &str, width: f64) -> Vec<String> {
        let fonts = Fonts::default();
        let cells = cells(&[Span::plain(text)], PLAIN, &mut Measure::new(&fonts));
        let line = |line: Range<usize>| cells[line].iter().map(|cell| cell.character).collect();
        break_lines(&cells, width).into_iter().map(line).collect()
    }

    #[test]
    fn lines_end_at_spaces_and_hyphens_and_nowhere_else() {
        assert_eq!(set("aaa bbb  ccc", 40.0), ["aaa bbb", "ccc"]);
        assert_eq!(set("T2-weighted image", 30.0), ["T2-", "weight", "ed", "image"]);
        assert_eq!(set("at -5 HU", 20.0), ["at", "-5", "HU"]);
        assert_eq!(set("a\n\nb", 100.0), ["a", "", "b"]);
        assert_eq!(set("5\u{a0}mm 5", 20.0), ["5\u{a0}m", "m 5"]);
        assert_eq!(set("", 20.0), [""]);
        assert_eq!(set("ab", 0.0), ["a", "b"]);
    }

    #[test]
    fn looks_change_the_width_of_letters() {
        let fonts = Fonts::default();
        let mut measure = Measure::new(&fonts);
        let words = [Span::plain("mm"), Span { raised: true, ..Span::plain("mm") }, Span::bold("mm")];
        let all = cells(&words, PLAIN, &mut measure);
        let [plain, raised, bold] = [0, 2, 4].map(|start| length(&all[start..start + 2]));
        assert!((plain - measure.width("mm", 10.0, Weight::Regular)).abs() < 1e-9);
        assert!((raised - plain * SMALL).abs() < 1e-9 && bold > plain);
        let [line, part] = extent(&cells(&[Span::plain("aa bb\nc")], PLAIN, &mut measure));
        assert!(line > 2.0 * part && part > 10.0);
    }

    proptest! {
        #[test]
        fn no_letter_is_lost_and_no_line_is_too_wide(text in "[a-d \u{a0}\n-]{0,60}", width in 1.0_f64..80.0) {
            let fonts = Fonts::default();
            let cells = cells(&[Span::plain(text.as_str())], PLAIN, &mut Measure::new(&fonts));
            let lines = break_lines(&cells, width);
            let letters = |cells: &[Cell]| {
                cells.iter().map(|cell| cell.character).filter(|c| !is_space(*c)).collect::<String>()
            };
            let kept: String = lines.iter().map(|line| letters(&cells[line.clone()])).collect();
            prop_assert_eq!(kept, letters(&cells));
            for line in lines {
                let ink = line.len() - cells[line.clone()].iter().filter(|c| is_space(c.character)).count();
                prop_assert!(ink <= 1 || length(&cells[line]) <= width + 1e-5);
            }
        }
    }
}
