//! A text as it is seen, where a word in it is broken by what is not seen: marks of Markdown, tags of HTML, entities,
//! the break of a line, spaces between its letters, letters of another alphabet or digits that look like its own.
//!
//! Only the words that are broken so are read again, with a neighbour on each side: a text of ordinary words takes no
//! longer than without.

use std::ops::Range;

use super::known::Known;
use super::lists;
use super::looks;
use super::matching;
use super::merge::Candidate;
use super::reading::{Reading, Umlauts};

/// Bytes of a tag, comment or address at most.
const LONGEST_MARK: usize = 300;
/// Marks beside each other at most.
const MOST_MARKS: usize = 16;
/// Bytes that a window goes on on each side at most.
const SIDE: usize = 64;

/// A part of a text that is seen as something else, or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mark {
    range: Range<usize>,
    /// What is seen there.
    seen: Option<char>,
}

/// Known values in words that are broken.
pub(super) fn scan(text: &str, reading: &Reading, known: &Known) -> Vec<Candidate> {
    let mut found = Vec::new();
    let marks = marks(text);
    for window in windows(text, &marks) {
        let inside = of_window(&marks, &window);
        let chars = || seen(text, window.clone(), inside).into_iter();
        for umlauts in [Umlauts::Plain, Umlauts::Spelled] {
            let read = Reading::of_chars(window.len(), chars(), umlauts);
            if umlauts == Umlauts::Spelled && !read.has_umlauts() {
                continue;
            }
            // Whatever has no mark in it is found without.
            let broken = |candidate: &Candidate| {
                let range = candidate.range();
                inside.iter().any(|mark| mark.range.start < range.end && range.start < mark.range.end)
                    && !is_two_words(text, &range)
            };
            let new = matching::scan(&read, known).into_iter().filter(broken);
            found.extend(new.map(|candidate| candidate.widened(|range| balanced(text, range))));
        }
    }
    for read in looks::readings(reading) {
        found.extend(matching::scan(&read, known));
    }
    found
}

/// Whether the break of a line has a word on each side: "for" and "man" are not Forman.
fn is_two_words(text: &str, range: &Range<usize>) -> bool {
    let Some((before, after)) = text.get(range.clone()).and_then(|there| there.split_once('\n')) else {
        return false;
    };
    let is_word =
        |part: &str| lists::is_common(&part.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase());
    !before.trim_end().ends_with(['-', '\u{2010}', '\u{ad}']) && is_word(before) && is_word(after)
}

/// A text without what is not seen.
pub(super) fn plain(text: &str) -> String {
    let marks = marks(text);
    seen(text, 0..text.len(), &marks).into_iter().map(|(c, _)| c).collect()
}

/// The characters of a part of a text that are seen, each with its place.
fn seen(text: &str, window: Range<usize>, marks: &[Mark]) -> Vec<(char, Range<usize>)> {
    let mut all = Vec::with_capacity(window.len());
    let mut at = window.start;
    let plain = |from: usize, to: usize, all: &mut Vec<(char, Range<usize>)>| {
        let part = text.get(from..to).unwrap_or_default();
        all.extend(part.char_indices().map(|(i, c)| (c, from + i..from + i + c.len_utf8())));
    };
    for mark in marks {
        plain(at, mark.range.start, &mut all);
        all.extend(mark.seen.map(|c| (c, mark.range.clone())));
        at = mark.range.end;
    }
    plain(at, window.end, &mut all);
    all
}

/// The marks in a window: all of them are in their order.
fn of_window<'m>(marks: &'m [Mark], window: &Range<usize>) -> &'m [Mark] {
    let from = marks.partition_point(|mark| mark.range.start < window.start);
    let to = marks.partition_point(|mark| mark.range.end <= window.end);
    marks.get(from..to).unwrap_or_default()
}

/// Parts of the text around marks that break a word, in order and without overlap.
fn windows(text: &str, marks: &[Mark]) -> Vec<Range<usize>> {
    let mut windows: Vec<Range<usize>> = Vec::new();
    for (index, mark) in marks.iter().enumerate() {
        if windows.last().is_some_and(|last| mark.range.end <= last.end) || !breaks_word(text, marks, index) {
            continue;
        }
        let from = windows.last().map_or(0, |last| last.end);
        windows.push(before(text, marks, index).max(from)..after(text, marks, index));
    }
    windows
}

/// Whether letters stand on both sides of a mark, other marks apart; or on one of a letter that it is.
fn breaks_word(text: &str, marks: &[Mark], index: usize) -> bool {
    let Some(mark) = marks.get(index) else { return false };
    let (mut start, mut end) = (mark.range.start, mark.range.end);
    let letter = mark.seen.is_some_and(char::is_alphanumeric);
    let side = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let (mut left, mut right) = (None, None);
    for mark in marks.get(..index).unwrap_or_default().iter().rev().take(MOST_MARKS) {
        if mark.range.end != start || left.is_some() {
            break;
        }
        (start, left) = (mark.range.start, mark.seen);
    }
    for mark in marks.get(index + 1..).unwrap_or_default().iter().take(MOST_MARKS) {
        if mark.range.start != end || right.is_some() {
            break;
        }
        (end, right) = (mark.range.end, mark.seen);
    }
    let left = side(left.or_else(|| text.get(..start)?.chars().next_back()));
    let right = side(right.or_else(|| text.get(end..)?.chars().next()));
    if letter { left || right } else { left && right }
}

/// Counts words on the way from a mark: the one that it breaks, and one more.
struct Words {
    over: usize,
    inside: bool,
}

impl Default for Words {
    fn default() -> Self {
        Self { over: 0, inside: true }
    }
}

impl Words {
    /// Whether the second word is over before this character; `None` of what is not seen, which neither begins a word nor
    /// ends it.
    fn end_with(&mut self, letter: Option<bool>) -> bool {
        let Some(letter) = letter else { return false };
        self.over += usize::from(self.inside && !letter);
        self.inside = letter;
        self.over == 2
    }
}

/// Where the window of a mark begins: before the word that it breaks, and one more.
fn before(text: &str, marks: &[Mark], index: usize) -> usize {
    let Some(mark) = marks.get(index) else { return 0 };
    let mut at = mark.range.start;
    let least = at.saturating_sub(SIDE);
    let mut marks = marks.get(..index).unwrap_or_default().iter().rev().peekable();
    let mut words = Words::default();
    while at > least {
        let (to, letter) = match marks.peek() {
            Some(mark) if mark.range.end == at => {
                let to = (mark.range.start, mark.seen.map(char::is_alphanumeric));
                marks.next();
                to
            }
            _ => match text.get(..at).and_then(|before| before.chars().next_back()) {
                Some(c) => (at - c.len_utf8(), Some(c.is_alphanumeric())),
                None => break,
            },
        };
        if words.end_with(letter) {
            break;
        }
        at = to;
    }
    at
}

/// Where it ends.
fn after(text: &str, marks: &[Mark], index: usize) -> usize {
    let Some(mark) = marks.get(index) else { return text.len() };
    let mut at = mark.range.end;
    let most = at + SIDE;
    let mut marks = marks.get(index + 1..).unwrap_or_default().iter().peekable();
    let mut words = Words::default();
    while at < most {
        let (to, letter) = match marks.peek() {
            Some(mark) if mark.range.start == at => {
                let to = (mark.range.end, mark.seen.map(char::is_alphanumeric));
                marks.next();
                to
            }
            _ => match text.get(at..).and_then(|after| after.chars().next()) {
                Some(c) => (at + c.len_utf8(), Some(c.is_alphanumeric())),
                None => break,
            },
        };
        if words.end_with(letter) {
            break;
        }
        at = to;
    }
    at
}

/// Everything in a text that is seen as something else or not at all, in order and without overlap.
fn marks(text: &str) -> Vec<Mark> {
    let bytes = text.as_bytes();
    let mut marks = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let rest = || text.get(at..).unwrap_or_default();
        let mark = match byte {
            b'*' | b'`' | b'~' | b'[' => Some((1, None)),
            b'\\' => escape(rest()),
            b'<' => tag(rest()).map(|length| (length, None)),
            b'&' => looks::entity(rest()).map(|(length, c)| (length, Some(c))),
            b'%' => looks::percent(rest()).map(|(length, c)| (length, Some(c))),
            b']' => Some((1 + address(text.get(at + 1..).unwrap_or_default()), None)),
            b'\n' => line_break(rest()).map(|length| (length, None)),
            _ => None,
        };
        let Some((length, seen)) = mark else {
            at += 1;
            continue;
        };
        let start = if *byte == b'\n' { line_end(text, at) } else { at };
        let end = at + length;
        let start = marks.last().map_or(start, |last: &Mark| start.max(last.range.end));
        marks.push(Mark { range: start..end, seen });
        at = end;
    }
    marks
}

/// A backslash before a sign is not seen; before the end of a line it breaks it.
fn escape(rest: &str) -> Option<(usize, Option<char>)> {
    match rest.as_bytes().get(1) {
        Some(b'\n') => Some((1, None)),
        Some(sign) if sign.is_ascii_punctuation() => Some((2, Some(char::from(*sign)))),
        _ => None,
    }
}

/// The bytes of a tag or comment of HTML.
fn tag(rest: &str) -> Option<usize> {
    let near = rest.as_bytes().get(..rest.len().min(LONGEST_MARK))?;
    if near.starts_with(b"<!--") {
        return near.windows(3).skip(4).position(|three| three == b"-->").map(|at| at + 7);
    }
    let begins =
        near.get(1).is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!' | b'?'));
    let end = near.iter().skip(1).position(|byte| matches!(byte, b'>' | b'<')).map(|at| at + 1)?;
    (begins && near.get(end) == Some(&b'>')).then_some(end + 1)
}

/// The bytes of the address that may follow the words of a link.
fn address(rest: &str) -> usize {
    let near = rest.as_bytes().get(..rest.len().min(LONGEST_MARK)).unwrap_or_default();
    if near.first() != Some(&b'(') {
        return 0;
    }
    let end = near.iter().position(|byte| matches!(byte, b')' | b'\n'));
    end.filter(|end| near.get(*end) == Some(&b')')).map_or(0, |end| end + 1)
}

/// The break of a line with what begins the next: spaces, and the marks of a quote.
///
/// A line without words between them ends a paragraph, and with it any word.
fn line_break(rest: &str) -> Option<usize> {
    let next = rest.get(1..)?.trim_start_matches([' ', '\t', '\r', '>']);
    (!next.starts_with('\n')).then_some(rest.len() - next.len())
}

/// Where what ends the line before begins: spaces, and the hyphen of a word that is divided.
fn line_end(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    let line = before.trim_end_matches([' ', '\t', '\r']);
    let words = line.trim_end_matches(['-', '\u{2010}', '\u{ad}']);
    let hyphens = line.len() - words.len();
    if (1..=3).contains(&hyphens) { words.len() } else { line.len() }
}

/// With the marks beside it that begin or end in it: of `**Qui**xote` all.
fn balanced(text: &str, mut range: Range<usize>) -> Range<usize> {
    const MARKS: [&str; 5] = ["**", "*", "~~", "`", "__"];
    let side = |range: &Range<usize>| {
        (text.get(..range.start).unwrap_or_default(), text.get(range.end..).unwrap_or_default())
    };
    for mark in MARKS {
        let inside = text.get(range.clone()).unwrap_or_default();
        // Both stars of two are not one and one.
        let count = if mark == "*" {
            inside.replace("**", "").matches('*').count()
        } else {
            inside.matches(mark).count()
        };
        let (before, after) = side(&range);
        if count % 2 == 1 && before.ends_with(mark) {
            range.start -= mark.len();
        } else if count % 2 == 1 && after.starts_with(mark) {
            range.end += mark.len();
        }
    }
    let inside = text.get(range.clone()).unwrap_or_default();
    let (opens, closes) = (inside.matches('[').count(), inside.matches("](").count());
    let (before, after) = side(&range);
    if closes > opens && before.ends_with('[') {
        range.start -= 1;
    } else if opens > closes && after.starts_with("](") {
        range.end += 1 + address(after.get(1..).unwrap_or_default());
    }
    let inside = text.get(range.clone()).unwrap_or_default();
    let (opens, closes) =
        (inside.matches('<').count() - inside.matches("</").count(), inside.matches("</").count());
    let (before, after) = side(&range);
    if closes > opens && before.ends_with('>') {
        let from = before.rfind('<').filter(|from| tag(&before[*from..]) == Some(before.len() - from));
        range.start = from.unwrap_or(range.start);
    } else if opens > closes && after.starts_with("</") {
        range.end += tag(after).unwrap_or(0);
    }
    range
}
