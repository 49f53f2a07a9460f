use super::flow::{Flow, Frame};
use super::{Mark, Strip, What, WordsMark};
use crate::export::report::lines::{Look, Measured, Run, break_lines};
use crate::render::text::{ASCENT, width};
use crate::render::{Color, Fonts, Letter};
use crate::report::{Align, Span};

/// Of words that lead somewhere.
const LINK: Color = Color([0x0b, 0x57, 0xa4, 255]);
/// Behind code.
pub(super) const CODE: Color = Color([0xf2, 0xf2, 0xf2, 255]);
/// Height of a font's own line over its size: what is more than that is above and below by halves.
const OWN_LINE: f64 = 1.15;
/// How far raised letters are above the base line and lowered ones below it, over the font size.
const RAISED: f64 = 0.36;
const LOWERED: f64 = 0.14;
/// Lines at the end and the start of a paragraph that do not stand alone on a page.
const COMPANY: usize = 2;
/// More lines than this are never kept on one page.
const MOST_KEPT: usize = 30;

/// How words are set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) look: Look,
    pub(super) italic: bool,
    pub(super) color: Color,
    /// Height of a line, points.
    pub(super) leading: f64,
}

impl Style {
    /// From the top of a line to its base line, points.
    pub(super) fn base(self) -> f64 {
        (self.leading - OWN_LINE * self.look.size) / 2.0 + ASCENT * self.look.size
    }
}

/// What lines are kept on the page of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Keep {
    /// The last line is on the page of what follows.
    pub(super) next: bool,
    /// All lines are on one page.
    pub(super) together: bool,
}

/// Words broken into lines.
#[derive(Debug)]
pub(super) struct Set<'a> {
    words: &'a [Span],
    pub(super) lines: Vec<Vec<Run>>,
    style: Style,
    width: f64,
}

impl<'a> Set<'a> {
    pub(super) fn new(words: &'a [Span], style: Style, width: f64, fonts: &Fonts) -> Self {
        let measured = Measured::new(words, style.look, fonts);
        let lines = measured.letters(&break_lines(&measured.cells, width));
        Self { words, lines, style, width }
    }

    /// The marks of a line whose upper left corner is at `(x, y)`.
    pub(super) fn marks(&self, line: &[Run], align: Align, at: [f64; 2]) -> Vec<Mark> {
        let length: f64 = line.iter().map(|(_, letters)| width(letters)).sum();
        let spare = (self.width - length).max(0.0);
        let mut x = at[0]
            + match align {
                Align::Left => 0.0,
                Align::Center => spare / 2.0,
                Align::Right => spare,
            };
        let mut runs = Vec::new();
        for (span, letters) in line {
            let mut marks = Vec::new();
            if let Some(span) = self.words.get(*span) {
                self.run(span, letters, [x, at[1]], &mut marks);
            }
            runs.push((letters.iter().map(|letter| letter.at).min(), marks));
            x += width(letters);
        }
        // On the sheet they are in the order of reading.
        runs.sort_by_key(|(at, _)| *at);
        runs.into_iter().flat_map(|(_, marks)| marks).collect()
    }

    /// Letters that look alike, and what is behind and through them.
    fn run(&self, span: &Span, letters: &[Letter], at: [f64; 2], marks: &mut Vec<Mark>) {
        let ([x, top], width, style) = (at, width(letters), self.style);
        let size = style.look.size;
        let base = top + style.base();
        let color = if span.link.is_some() { LINK } else { style.color };
        let area = |y: f64, height: f64, color: Color| Mark {
            x,
            y,
            what: What::Area { width, height, color, over_gap: false },
        };
        if span.code {
            marks.push(area(base - 0.86 * size, 1.1 * size, CODE));
        }
        let shift = match (span.raised, span.lowered) {
            (true, _) => -RAISED * size,
            (false, true) => LOWERED * size,
            (false, false) => 0.0,
        };
        let italic = span.italic || style.italic;
        let words = WordsMark { letters: letters.to_vec(), size: style.look.size_of(span), italic, color };
        marks.push(Mark { x, y: base + shift, what: What::Words(words) });
        if let Some(to) = &span.link {
            marks.push(area(base + 0.11 * size, 0.055 * size, color));
            let what = What::Link { width, height: style.leading, to: to.clone() };
            marks.push(Mark { x, y: top, what });
        }
        if span.struck {
            marks.push(area(base - 0.28 * size, 0.06 * size, color));
        }
    }
}

impl Flow<'_> {
    /// Adds the lines of a paragraph, with `gap` between it and what is above.
    pub(super) fn text(&mut self, words: &[Span], style: Style, frame: &Frame, gap: f64, keep: Keep) {
        let set = Set::new(words, style, frame.width(), self.fonts);
        let count = set.lines.len();
        let together = keep.together && count <= MOST_KEPT;
        for (index, line) in set.lines.iter().enumerate() {
            let left = count - index - 1;
            // Neither the first lines stand alone at the end of a page nor the last at the start of one.
            let company = left > 0 && (index + 1 < COMPANY || left < COMPANY);
            let strip = Strip {
                gap: if index == 0 { gap } else { 0.0 },
                height: style.leading,
                keep_next: company || (together && left > 0) || (keep.next && left == 0),
                head: None,
                marks: set.marks(line, Align::Left, [frame.left, 0.0]),
            };
            self.push(strip, Some(style.base()), frame);
        }
    }
}
