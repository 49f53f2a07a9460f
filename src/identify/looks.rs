//! What else looks like a letter?

use std::ops::Range;

use super::reading::{Class, Reading, Umlauts};

/// So many single letters in a row are a word that is spaced out.
const LEAST_SPACED: usize = 4;
/// A shorter word with digits in it is a code: T1, L5S1.
const LEAST_WITH_DIGITS: usize = 5;
/// What stands between spaced letters at most.
const WIDEST: usize = 3;

/// Words that may look like others, as these: a letter each, with its place.
pub(super) fn readings(reading: &Reading) -> Vec<Reading> {
    let mut readings = Vec::new();
    let mut words = Words::default();
    let tokens = reading.tokens();
    let mut spaced = Vec::new();
    let mut run = 0..0;
    for (index, token) in tokens.iter().enumerate() {
        let gap = index
            .checked_sub(1)
            .and_then(|last| tokens.get(last))
            .map_or(usize::MAX, |last| token.start - last.end);
        if token.class == Class::Letter {
            words.alphabets(reading, token.start..token.end, &mut readings);
        }
        if gap == 0 && token.class != Class::Joined {
            run.end = token.end;
        } else {
            words.digits(reading, run, &mut readings);
            run = token.start..token.end;
        }
        let single = token.class == Class::Letter && token.end - token.start == 1;
        if !(single && (1..=WIDEST).contains(&gap)) {
            words.spaced(reading, &mut spaced, &mut readings);
        }
        if single {
            spaced.push(token.start);
        }
    }
    words.digits(reading, run, &mut readings);
    words.spaced(reading, &mut spaced, &mut readings);
    readings
}

#[derive(Default)]
struct Words {
    chars: Vec<(char, Range<usize>)>,
}

impl Words {
    fn take(&mut self, readings: &mut Vec<Reading>) {
        let chars = self.chars.drain(..);
        readings.push(Reading::of_chars(16, chars, Umlauts::Plain));
    }

    /// A word of two alphabets, or one of whose letters each looks like a Latin one.
    fn alphabets(&mut self, reading: &Reading, word: Range<usize>, readings: &mut Vec<Reading>) {
        let units = || reading.units.get(word.clone()).unwrap_or_default().iter();
        let latin = units().filter(|unit| unit.ch.is_ascii()).count();
        if latin == word.len() {
            return;
        }
        let alike =
            units().filter(|unit| !unit.ch.is_ascii()).all(|unit| as_latin(unit.ch, unit.upper).is_some());
        if alike {
            for i in word.clone() {
                self.push(reading, i, |c, upper| as_latin(c, upper).unwrap_or(c));
            }
            self.take(readings);
        }
        let cyrillic = units().any(|unit| matches!(unit.ch, '\u{400}'..='\u{52f}'));
        if cyrillic && latin > 0 {
            for i in word {
                self.push(reading, i, |c, _| as_cyrillic(c).unwrap_or(c));
            }
            self.take(readings);
        }
    }

    fn push(&mut self, reading: &Reading, i: usize, of: impl Fn(char, bool) -> char) {
        let Some(unit) = reading.units.get(i) else { return };
        let c = of(unit.ch, unit.upper);
        let c = if unit.upper { c.to_uppercase().next().unwrap_or(c) } else { c };
        self.chars.push((c, reading.range(i, i + 1)));
    }

    /// "Qu1x0te".
    fn digits(&mut self, reading: &Reading, run: Range<usize>, readings: &mut Vec<Reading>) {
        let units = reading.units.get(run.clone()).unwrap_or_default();
        let digits = units.iter().filter(|unit| unit.class == Class::Digit).count();
        if units.len() < LEAST_WITH_DIGITS || digits == 0 || units.len() - digits < 3 {
            return;
        }
        let ways: &[char] = if units.iter().any(|unit| unit.ch == '1') { &['i', 'l'] } else { &['i'] };
        for one in ways {
            for i in run.clone() {
                self.push(reading, i, |c, _| letter_of_digit(c, *one));
            }
            self.take(readings);
        }
    }

    /// "S m i t h", "S.m.i.t.h"; a wider gap is that between words.
    fn spaced(&mut self, reading: &Reading, letters: &mut Vec<usize>, readings: &mut Vec<Reading>) {
        if letters.len() >= LEAST_SPACED {
            let gaps = || letters.windows(2).map(|two| two[1] - two[0]);
            let least = gaps().min().unwrap_or(0);
            for (index, letter) in letters.iter().enumerate() {
                if index > 0 && letter - letters[index - 1] > least {
                    self.chars.push((' ', reading.range(letter - 1, *letter)));
                }
                self.push(reading, *letter, |c, _| c);
            }
            self.take(readings);
        }
        letters.clear();
    }
}

/// The Latin letter that a small letter of another alphabet looks like; some only do as capitals.
fn as_latin(c: char, upper: bool) -> Option<char> {
    let as_capital = match c {
        'в' | 'β' => 'b',
        'н' | 'η' => 'h',
        'к' | 'κ' => 'k',
        'м' | 'μ' => 'm',
        'т' | 'τ' => 't',
        'ζ' => 'z',
        'ν' => 'n',
        'υ' => 'y',
        _ => '\0',
    };
    if upper && as_capital != '\0' {
        return Some(as_capital);
    }
    Some(match c {
        'а' | 'α' => 'a',
        'ь' | 'в' | 'β' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ε' | 'є' => 'e',
        'ɡ' => 'g',
        'н' | 'һ' => 'h',
        'і' | 'ι' => 'i',
        'ј' | 'ϳ' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' => 'l',
        'м' => 'm',
        'п' | 'η' => 'n',
        'о' | 'ο' | 'σ' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'г' => 'r',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' | 'μ' | 'и' => 'u',
        'ν' | 'ѵ' => 'v',
        'ԝ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        _ if c.is_ascii() => c,
        _ => return None,
    })
}

fn as_cyrillic(c: char) -> Option<char> {
    Some(match c {
        'a' => 'а',
        'b' => 'в',
        'c' => 'с',
        'e' => 'е',
        'h' => 'н',
        'i' => 'і',
        'k' => 'к',
        'm' => 'м',
        'o' => 'о',
        'p' => 'р',
        's' => 'ѕ',
        't' => 'т',
        'x' => 'х',
        'y' => 'у',
        _ => return None,
    })
}

fn letter_of_digit(c: char, one: char) -> char {
    match c {
        '0' => 'o',
        '1' => one,
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        _ => c,
    }
}

/// The bytes of an entity of HTML, and what it shows.
pub(super) fn entity(rest: &str) -> Option<(usize, char)> {
    const LONGEST: usize = 12;
    let end = rest.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = rest.get(1..end)?;
    let length = end + 1;
    if let Some(number) = name.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']);
        let code = hex.map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok())?;
        return Some((length, char::from_u32(code)?));
    }
    named(name).map(|c| (length, c))
}

/// Letters of HTML 4 with an accent, by the name of their accent; and what is no letter.
fn named(name: &str) -> Option<char> {
    let whole = match name {
        "szlig" => 'ß',
        "aelig" => 'æ',
        "AElig" => 'Æ',
        "oslash" => 'ø',
        "Oslash" => 'Ø',
        "eth" => 'ð',
        "thorn" => 'þ',
        "lstrok" => 'ł',
        "Lstrok" => 'Ł',
        "shy" | "zwnj" | "zwj" => '\u{ad}',
        "nbsp" => ' ',
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" | "rsquo" => '\'',
        "hyphen" | "ndash" => '-',
        _ => '\0',
    };
    if whole != '\0' {
        return Some(whole);
    }
    let mut letters = name.chars();
    let base = letters.next().filter(char::is_ascii_alphabetic)?;
    let accent = match letters.as_str() {
        "uml" => '\u{308}',
        "acute" => '\u{301}',
        "grave" => '\u{300}',
        "circ" => '\u{302}',
        "tilde" => '\u{303}',
        "ring" => '\u{30a}',
        "cedil" => '\u{327}',
        "caron" => '\u{30c}',
        "ogon" => '\u{328}',
        "dot" => '\u{307}',
        "dblac" => '\u{30b}',
        _ => return None,
    };
    unicode_normalization::char::compose(base, accent)
}

/// The bytes of a character written as in an address, `%C3%BC`, and the character.
pub(super) fn percent(rest: &str) -> Option<(usize, char)> {
    let mut bytes = Vec::new();
    let mut left = rest;
    while let Some(hex) = left.strip_prefix('%').and_then(|left| left.get(..2)) {
        bytes.push(u8::from_str_radix(hex, 16).ok()?);
        if let Ok(text) = std::str::from_utf8(&bytes) {
            return Some((3 * bytes.len(), text.chars().next()?));
        }
        if bytes.len() == 4 {
            return None;
        }
        left = left.get(3..)?;
    }
    None
}
