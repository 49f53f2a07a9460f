//! The words and numbers of a text, and what stands between them.

use super::months;
use super::reading::{Class, Reading, Token};

/// What stands between two tokens; spaces beside a sign do not count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    Nothing,
    Space,
    /// One of `. / - _ , : '`, every dash as a hyphen.
    Sign(char),
    Wide,
}

/// Units after which a number is a measurement.
const UNITS: [&str; 34] = [
    "hu", "mm", "cm", "m", "ms", "s", "sec", "min", "ml", "l", "cc", "hz", "khz", "mhz", "kv", "kvp", "ma",
    "mas", "mgy", "px", "pixel", "pixels", "voxels", "g", "kg", "mg", "mmol", "mbq", "bq", "t", "um", "mm2",
    "days", "slices",
];

/// Words before the settings of a scan or a window.
const SETTINGS: [&str; 18] = [
    "w",
    "l",
    "ww",
    "wl",
    "wc",
    "c",
    "window",
    "width",
    "level",
    "tr",
    "te",
    "ti",
    "b",
    "fov",
    "matrix",
    "x",
    "grid",
    "threshold",
];

/// Words before the number of a version.
const VERSIONS: [&str; 6] = ["v", "ver", "version", "software", "release", "rev"];

pub(super) struct Month {
    pub(super) number: u32,
    /// Whether it can only be a month, as it is written.
    pub(super) clear: bool,
}

pub(super) struct Tokens<'a> {
    pub(super) reading: &'a Reading,
    list: Vec<Token>,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(reading: &'a Reading) -> Self {
        Self { reading, list: reading.tokens() }
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn get(&self, k: usize) -> Option<Token> {
        self.list.get(k).copied()
    }

    /// How many digits a token has; none where it is no number.
    pub(super) fn digits(&self, k: usize) -> usize {
        self.get(k).filter(|token| token.class == Class::Digit).map_or(0, |token| token.end - token.start)
    }

    /// The value of a number of at most so many digits, and how many it has.
    pub(super) fn number(&self, k: usize, most: usize) -> Option<(u32, usize)> {
        let token = self.get(k)?;
        let digits = self.digits(k);
        let value = (token.start..token.end).take(most + 1).try_fold(0, |value: u32, i| {
            let digit = self.reading.ch(i)?.to_digit(10)?;
            value.checked_mul(10)?.checked_add(digit)
        })?;
        (1..=most).contains(&digits).then_some((value, digits))
    }

    /// A year that is alive in the files of a hospital.
    pub(super) fn year(&self, k: usize) -> Option<u32> {
        let (year, digits) = self.number(k, 4)?;
        (digits == 4 && (1900..2100).contains(&year)).then_some(year)
    }

    /// A word as it is compared; long ones are of no interest here.
    fn word(&self, k: usize) -> Option<String> {
        let token = self
            .get(k)
            .filter(|token| token.class == Class::Letter && (3..=12).contains(&(token.end - token.start)))?;
        Some(self.reading.text(token.start, token.end))
    }

    pub(super) fn is_word(&self, k: usize, words: &[&str]) -> bool {
        let Some(token) = self.get(k).filter(|token| token.class != Class::Digit) else { return false };
        let units = self.reading.units.get(token.start..token.end).unwrap_or_default();
        words.iter().any(|word| word.chars().eq(units.iter().map(|unit| unit.ch)))
    }

    pub(super) fn month(&self, k: usize) -> Option<Month> {
        let word = self.word(k)?;
        let number = months::month(&word)?;
        let capital = self.reading.units.get(self.get(k)?.start).is_some_and(|unit| unit.upper);
        Some(Month { number, clear: capital || !months::is_ambiguous(&word) })
    }

    /// What stands after a token.
    pub(super) fn gap(&self, k: usize) -> Gap {
        let (Some(before), Some(after)) = (self.get(k), self.get(k + 1)) else { return Gap::Wide };
        if after.start - before.end > 4 {
            return Gap::Wide;
        }
        let between = || (before.end..after.start).filter_map(|i| self.reading.ch(i));
        let mut signs = between().filter(|c| !c.is_whitespace());
        match (signs.next(), signs.next()) {
            (None, _) if between().next().is_none() => Gap::Nothing,
            (None, _) => Gap::Space,
            (Some('-' | '\u{2010}'..='\u{2014}' | '\u{2212}'), None) => Gap::Sign('-'),
            (Some('\'' | '\u{2019}'), None) => Gap::Sign('\''),
            (Some(sign @ ('.' | '/' | '_' | ',' | ':')), None) => Gap::Sign(sign),
            _ => Gap::Wide,
        }
    }

    /// Whether a sign alone, without spaces, stands after a token and a number follows.
    pub(super) fn goes_on(&self, k: usize, sign: char) -> bool {
        let (Some(before), Some(after)) = (self.get(k), self.get(k + 1)) else { return false };
        after.class == Class::Digit
            && after.start == before.end + 1
            && self.reading.ch(before.end) == Some(sign)
    }

    /// Whether a token is the fraction or the next level of what is before it.
    pub(super) fn follows(&self, k: usize, sign: char) -> bool {
        k.checked_sub(1).is_some_and(|before| self.digits(before) > 0 && self.goes_on(before, sign))
    }

    /// Whether a number is measured: a unit or a factor follows.
    pub(super) fn is_measured(&self, k: usize) -> bool {
        let near = matches!(self.gap(k), Gap::Nothing | Gap::Space);
        let percent = self.get(k).is_some_and(|token| {
            let sign = |i| matches!(self.reading.ch(i), Some('%' | '\u{d7}' | '\u{b0}'));
            sign(token.end) || sign(token.end + 1)
        });
        // "2015 x 3" and "1950HU" are measured, "3 s" is, "2015 in" is not.
        percent || (near && (self.is_word(k + 1, &UNITS) || self.is_word(k + 1, &["x"])))
    }

    /// Whether a number belongs to a setting: "W 2000", "TR/TE 2000/12".
    pub(super) fn is_setting(&self, k: usize) -> bool {
        let Some(before) = k.checked_sub(1) else { return false };
        let near = self.gap(before) != Gap::Wide && self.gap(before) != Gap::Sign('_');
        let times = self.get(k).is_some_and(|token| {
            (token.start.saturating_sub(2)..token.start).any(|i| self.reading.ch(i) == Some('\u{d7}'))
        });
        times || (near && self.is_word(before, &SETTINGS))
    }

    /// Whether a number is a version: "v2.1", "software 12.05.15".
    pub(super) fn is_version(&self, k: usize) -> bool {
        k.checked_sub(1).is_some_and(|before| {
            matches!(self.gap(before), Gap::Nothing | Gap::Space | Gap::Sign('.'))
                && self.is_word(before, &VERSIONS)
        })
    }
}
