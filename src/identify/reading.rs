//! How is a text read to be compared: without case, accents and width, and each letter knows where it stood.

use std::ops::Range;

use unicode_normalization::char::{compose, decompose_compatible, is_combining_mark};

/// How ä, ö, ü, å and ø are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Umlauts {
    /// As their base letter.
    Plain,
    /// As ae, oe, ue, aa and oe.
    Spelled,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Letter,
    Digit,
    /// A letter of a script without spaces between its words.
    Joined,
    Space,
    Other,
}

impl Class {
    pub(super) fn of(c: char) -> Self {
        match c {
            'a'..='z' | 'A'..='Z' => Self::Letter,
            '0'..='9' => Self::Digit,
            _ if c.is_whitespace() => Self::Space,
            _ if c.is_ascii() => Self::Other,
            _ if joined(c) => Self::Joined,
            _ if c.is_alphabetic() || is_combining_mark(c) => Self::Letter,
            _ => Self::Other,
        }
    }

    pub(super) fn is_text(self) -> bool {
        matches!(self, Self::Letter | Self::Digit | Self::Joined)
    }
}

/// One letter as it is compared.
pub(super) struct Unit {
    pub(super) ch: char,
    pub(super) class: Class,
    /// Whether it was written as a capital.
    pub(super) upper: bool,
    /// Where its source begins.
    at: usize,
    /// Where its source ends, with the accents and invisible characters that go with it.
    end: usize,
}

/// A text as it is compared.
pub(super) struct Reading {
    pub(super) units: Vec<Unit>,
    umlauts: Umlauts,
    has_umlauts: bool,
}

impl Reading {
    pub(super) fn new(text: &str, umlauts: Umlauts) -> Self {
        let chars = text.char_indices().map(|(at, c)| (c, at..at + c.len_utf8()));
        Self::of_chars(text.len(), chars, umlauts)
    }

    /// Reads characters that need not stand beside each other, each with its place in the source.
    pub(super) fn of_chars(
        capacity: usize,
        chars: impl Iterator<Item = (char, Range<usize>)>,
        umlauts: Umlauts,
    ) -> Self {
        let mut reading = Self { units: Vec::with_capacity(capacity), umlauts, has_umlauts: false };
        for (c, at) in chars {
            if c.is_ascii() {
                reading.push(c.to_ascii_lowercase(), &at, c.is_ascii_uppercase());
            } else if invisible(c) {
                reading.goes_with_last(&at);
            } else {
                let upper = c.is_uppercase();
                decompose_compatible(c, |part| reading.add(part, &at, upper));
            }
        }
        reading
    }

    fn goes_with_last(&mut self, at: &Range<usize>) {
        if let Some(last) = self.units.last_mut() {
            last.end = at.end;
        }
    }

    fn add(&mut self, part: char, at: &Range<usize>, upper: bool) {
        let after = self.units.last().map(|unit| unit.ch);
        if dropped(part) {
            self.goes_with_last(at);
            let spelled = match (part, after) {
                ('\u{308}', Some('a' | 'o' | 'u')) => 'e',
                ('\u{30a}', Some('a')) => 'a',
                _ => return,
            };
            self.spell(spelled, at, upper);
            return;
        }
        // A syllable that was taken apart, here or in the file name of a Mac, is put together again.
        if matches!(part, '\u{1161}'..='\u{1175}' | '\u{11a8}'..='\u{11c2}' | '\u{3099}' | '\u{309a}')
            && let Some(last) = self.units.last_mut()
            && let Some(whole) = compose(last.ch, part)
        {
            (last.ch, last.end) = (whole, at.end);
            return;
        }
        for c in part.to_lowercase().filter(|c| !dropped(*c)) {
            match letters(c) {
                Some(spelling) => spelling.chars().for_each(|c| self.push(c, at, upper)),
                None => self.push(digit(kana(c)), at, upper),
            }
            if c == '\u{f8}' {
                self.spell('e', at, upper);
            }
        }
    }

    fn spell(&mut self, c: char, at: &Range<usize>, upper: bool) {
        self.has_umlauts = true;
        if self.umlauts == Umlauts::Spelled {
            self.push(c, at, upper);
        }
    }

    fn push(&mut self, ch: char, at: &Range<usize>, upper: bool) {
        self.units.push(Unit { ch, class: Class::of(ch), upper, at: at.start, end: at.end });
    }

    /// Whether the two ways of reading differ.
    pub(super) fn has_umlauts(&self) -> bool {
        self.has_umlauts
    }

    pub(super) fn len(&self) -> usize {
        self.units.len()
    }

    pub(super) fn class(&self, i: usize) -> Class {
        self.units.get(i).map_or(Class::Other, |unit| unit.class)
    }

    pub(super) fn ch(&self, i: usize) -> Option<char> {
        self.units.get(i).map(|unit| unit.ch)
    }

    /// The bytes of some units. Accents and invisible characters go with the letter before them.
    pub(super) fn range(&self, from: usize, to: usize) -> Range<usize> {
        let whole = self.units.last().map_or(0, |unit| unit.end);
        let start = self.units.get(from).map_or(whole, |unit| unit.at);
        start..to.checked_sub(1).and_then(|last| self.units.get(last)).map_or(start, |unit| unit.end)
    }

    /// Whether a word, a number or a part of `camelCase` can begin or end here.
    pub(super) fn is_edge(&self, i: usize) -> bool {
        let (Some(before), Some(after)) =
            (i.checked_sub(1).and_then(|i| self.units.get(i)), self.units.get(i))
        else {
            return true;
        };
        if before.class != after.class || before.class == Class::Joined {
            return true;
        }
        let lower_next = self.units.get(i + 1).is_some_and(|next| next.class == Class::Letter && !next.upper);
        before.at != after.at && after.upper && (!before.upper || lower_next)
    }

    /// Whether a word or number of any form begins or ends here.
    pub(super) fn is_word_edge(&self, i: usize) -> bool {
        let before = i.checked_sub(1).map_or(Class::Other, |i| self.class(i));
        let (before, after) = (before, self.class(i));
        !(matches!(before, Class::Letter | Class::Digit) && matches!(after, Class::Letter | Class::Digit))
    }

    /// The words, numbers and single characters of scripts without words.
    pub(super) fn tokens(&self) -> Vec<Token> {
        let mut tokens: Vec<Token> = Vec::new();
        for (i, unit) in self.units.iter().enumerate().filter(|(_, unit)| unit.class.is_text()) {
            match tokens.last_mut() {
                Some(last) if last.end == i && last.class == unit.class && unit.class != Class::Joined => {
                    last.end += 1;
                }
                _ => tokens.push(Token { start: i, end: i + 1, class: unit.class }),
            }
        }
        tokens
    }

    pub(super) fn text(&self, from: usize, to: usize) -> String {
        self.units.get(from..to).unwrap_or_default().iter().map(|unit| unit.ch).collect()
    }
}

/// A run of units of one class.
#[derive(Clone, Copy)]
pub(super) struct Token {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) class: Class,
}

/// Accents and vowel points; the signs that carry meaning in Indic scripts stay.
fn dropped(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5c7}' | '\u{640}'
        | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{1dc0}'..='\u{1dff}')
}

fn invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{180b}'..='\u{180f}' | '\u{3164}' | '\u{ffa0}'
        | '\u{e0000}'..='\u{e01ef}')
}

fn joined(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{11ff}'
        | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{3099}'..='\u{309a}'
        | '\u{30a1}'..='\u{30ff}' | '\u{3105}'..='\u{312f}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Letters that have no base letter in Unicode but are written with others.
fn letters(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{df}' => "ss",
        '\u{e6}' => "ae",
        '\u{153}' => "oe",
        '\u{f8}' => "o",
        '\u{142}' => "l",
        '\u{111}' | '\u{f0}' => "d",
        '\u{fe}' => "th",
        '\u{127}' => "h",
        '\u{131}' => "i",
        '\u{14b}' => "n",
        '\u{167}' => "t",
        // The final sigma, and letters of Arabic that are typed for one another.
        '\u{3c2}' => "\u{3c3}",
        '\u{649}' | '\u{6cc}' => "\u{64a}",
        '\u{6a9}' => "\u{643}",
        '\u{629}' => "\u{647}",
        _ => return None,
    })
}

/// Katakana as hiragana.
fn kana(c: char) -> char {
    match c {
        '\u{30a1}'..='\u{30f6}' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        _ => c,
    }
}

/// Arabic, Persian and Devanagari digits as ours.
fn digit(c: char) -> char {
    let zero = match c {
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6f0}'..='\u{6f9}' => 0x6f0,
        '\u{966}'..='\u{96f}' => 0x966,
        _ => return c,
    };
    char::from_digit(u32::from(c) - zero, 10).unwrap_or(c)
}
