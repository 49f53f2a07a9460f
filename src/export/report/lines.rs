use std::ops::Range;

use crate::render::{Fonts, Letter, Paragraph, Weight, is_spaceless};
use crate::report::Span;

/// Size of raised and lowered letters over that of the others.
pub(super) const SMALL: f64 = 0.7;

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
    /// Where it begins in all the words, bytes.
    pub(super) at: usize,
    /// Which span it is of.
    pub(super) span: usize,
    /// Points.
    pub(super) advance: f64,
    /// It is drawn with the one before it.
    joined: bool,
}

/// Words that are measured letter by letter.
#[derive(Debug)]
pub(super) struct Measured<'a> {
    words: &'a [Span],
    look: Look,
    fonts: &'a Fonts,
    text: String,
    /// Every character. A line break is one of no width.
    pub(super) cells: Vec<Cell>,
}

/// Letters in a row of one span.
pub(super) type Run = (usize, Vec<Letter>);

impl<'a> Measured<'a> {
    pub(super) fn new(words: &'a [Span], look: Look, fonts: &'a Fonts) -> Self {
        let text: String = words.iter().map(|span| span.text.as_str()).collect();
        let mut cells = Vec::with_capacity(text.len());
        let mut at = 0;
        for (index, span) in words.iter().enumerate() {
            for character in span.text.chars() {
                cells.push(Cell { character, at, span: index, advance: 0.0, joined: false });
                at += character.len_utf8();
            }
        }
        let mut measured = Self { words, look, fonts, text, cells };
        measured.measure();
        measured
    }

    fn measure(&mut self) {
        let paragraph = Paragraph::new(&self.text);
        let lines = self.cells.split(|cell| cell.character == '\n').filter(|line| !line.is_empty());
        let letters: Vec<Letter> =
            lines.flat_map(|line| self.line(&paragraph, line)).flat_map(|(_, letters)| letters).collect();
        for letter in letters {
            let first = self.cells.partition_point(|cell| cell.at < letter.at);
            let end = letter.at + letter.text.len();
            for (index, cell) in
                self.cells.iter_mut().skip(first).take_while(|cell| cell.at < end).enumerate()
            {
                (cell.joined, cell.advance) = if index == 0 { (false, letter.advance) } else { (true, 0.0) };
            }
        }
    }

    /// The letters of lines, from left to right.
    pub(super) fn letters(&self, lines: &[Range<usize>]) -> Vec<Vec<Run>> {
        let paragraph = Paragraph::new(&self.text);
        lines
            .iter()
            .map(|line| self.line(&paragraph, self.cells.get(line.clone()).unwrap_or_default()))
            .collect()
    }

    fn line(&self, paragraph: &Paragraph<'_>, cells: &[Cell]) -> Vec<Run> {
        let [Some(first), Some(last)] = [cells.first(), cells.last()] else { return Vec::new() };
        let end = |cell: &Cell| cell.at + cell.character.len_utf8();
        let mut line: Vec<Run> = Vec::new();
        for (run, right_to_left) in paragraph.runs(first.at..end(last)) {
            let at = |byte: usize| cells.partition_point(|cell| cell.at < byte);
            let cells = cells.get(at(run.start)..at(run.end)).unwrap_or_default();
            let mut parts: Vec<&[Cell]> = cells.chunk_by(|a, b| a.span == b.span).collect();
            if right_to_left {
                parts.reverse();
            }
            for part in parts {
                let ([first, .., last] | [first @ last]) = part else { continue };
                let Some(span) = self.words.get(first.span) else { continue };
                let (size, weight) = (self.look.size_of(span), self.look.weight(span));
                let letters = paragraph.letters(first.at..end(last), right_to_left, self.fonts, size, weight);
                match line.last_mut() {
                    Some((index, before)) if *index == first.span => before.extend(letters),
                    Some(_) | None => line.push((first.span, letters)),
                }
            }
        }
        line
    }
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
        if !space && !cell.joined && index > start && x + cell.advance > width + 1e-6 {
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
        '、' | '。' | '，' => is_spaceless(next),
        before => is_spaceless(before) && is_spaceless(next),
    }
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
    use crate::render::measure;

    fn length(cells: &[Cell]) -> f64 {
        cells.iter().map(|cell| cell.advance).sum()
    }

    const PLAIN: Look = Look { size: 10.0, bold: false };

    fn set(text: &str, width: f64) -> Vec<String> {
        let fonts = Fonts::default();
        let words = [Span::plain(text)];
        let cells = Measured::new(&words, PLAIN, &fonts).cells;
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
        assert_eq!(set("CT 病変、肝臓の", 48.0), ["CT 病変、", "肝臓の"]);
    }

    #[test]
    fn looks_change_the_width_of_letters() {
        let fonts = Fonts::default();
        let words = [Span::plain("mm"), Span { raised: true, ..Span::plain("mm") }, Span::bold("mm")];
        let all = Measured::new(&words, PLAIN, &fonts).cells;
        let [plain, raised, bold] = [0, 2, 4].map(|start| length(&all[start..start + 2]));
        assert!((plain - measure(&fonts, "mm", 10.0).x).abs() < 1e-9);
        assert!((raised - plain * SMALL).abs() < 1e-9 && bold > plain);
        let [line, part] = extent(&Measured::new(&[Span::plain("aa bb\nc")], PLAIN, &fonts).cells);
        assert!(line > 2.0 * part && part > 10.0);
    }

    proptest! {
        #[test]
        fn no_letter_is_lost_and_no_line_is_too_wide(text in "[a-d \u{a0}\n-]{0,60}", width in 1.0_f64..80.0) {
            let fonts = Fonts::default();
            let words = [Span::plain(text.as_str())];
            let cells = Measured::new(&words, PLAIN, &fonts).cells;
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
