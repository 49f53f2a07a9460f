//! What of the numbers of a text is a date, a UID, a telephone number or the number of a record?

use super::FindKind;
use super::ages;
use super::dates::{self, Dated};
use super::known::Known;
use super::merge::Candidate;
use super::reading::{Class, Reading};
use super::tokens::{Gap, Tokens};

/// The fewest components and characters of a UID, so that no version is one.
const LEAST_UID: (usize, usize) = (5, 20);
/// PS3.5, section 9.1.
const LONGEST_UID: usize = 64;
/// Digits with so many levels are a version, a date within them apart.
const LEAST_VERSION: usize = 4;
/// The fewest digits of a telephone number, and the most (ITU-T E.164).
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;
/// The most groups of digits of a telephone number.
const MOST_GROUPS: usize = 8;
/// The fewest digits that look like the number of a record.
const LEAST_ID: usize = 6;
/// RFC 5321, section 4.5.3.1.
const LONGEST_MAILBOX: usize = 64;
const LONGEST_HOST: usize = 255;

/// Everything that looks telling without being known, and the known dates and UIDs.
pub(super) fn scan(reading: &Reading, known: &Known) -> Vec<Candidate> {
    let tokens = Tokens::new(reading);
    let mut found = Vec::new();
    let mut k = 0;
    while k < tokens.len() {
        let (kind, next) = at(&tokens, known, k);
        let next = next.max(k + 1);
        if let (Some(kind), Some(first), Some(last)) = (kind, tokens.get(k), tokens.get(next - 1)) {
            let start = if kind == FindKind::PhoneLike { phone_start(&tokens, k) } else { first.start };
            found.push(Candidate::like(reading.range(start, last.end), kind));
        }
        k = next;
    }
    found.extend(ages::scan(&tokens));
    emails(reading, &mut found);
    addresses(reading, &mut found);
    found
}

/// What begins at a token, and the token after it.
fn at(tokens: &Tokens<'_>, known: &Known, k: usize) -> (Option<FindKind>, usize) {
    let number = tokens.digits(k) > 0;
    if number && let Some(found) = uid(tokens, known, k) {
        return found;
    }
    if let Some(dated) = dates::at(tokens, k)
        && let Some(found) = date(tokens, known, &dated)
    {
        return found;
    }
    if !number {
        return (None, k + 1);
    }
    if let Some((time, next)) = dates::time_at(tokens, k)
        && let Some(identifier) = known.time(time.hour, time.minute, time.second)
    {
        return (Some(FindKind::Known(identifier.clone())), next);
    }
    if let Some(next) = phone(tokens, k) {
        return (Some(FindKind::PhoneLike), next);
    }
    let levels = dotted(tokens, k);
    if levels - k >= LEAST_VERSION {
        return (None, levels);
    }
    let fraction = tokens.follows(k, '.') || tokens.follows(k, ',');
    if tokens.digits(k) >= LEAST_ID && !fraction && !tokens.is_measured(k) && !is_measured_decimal(tokens, k)
    {
        return (Some(FindKind::IdLike), k + 1);
    }
    let is_year = tokens.year(k).is_some()
        && !(fraction || tokens.goes_on(k, '.') || tokens.goes_on(k, ','))
        && !(tokens.is_measured(k) || tokens.is_setting(k));
    (is_year.then_some(FindKind::YearLike), k + 1)
}

/// A known date, or what reads as one, with the time that follows it.
fn date(tokens: &Tokens<'_>, known: &Known, dated: &Dated) -> Option<(Option<FindKind>, usize)> {
    let identifier = dated.readings.iter().find_map(|date| known.date(*date));
    let kind = match identifier {
        Some(identifier) => FindKind::Known(identifier.clone()),
        None if dated.sure => FindKind::DateLike,
        None => return None,
    };
    let joins = tokens.is_word(dated.next, &["t", "at", "um"]) && tokens.gap(dated.next - 1) != Gap::Wide;
    let time = dated.next + usize::from(joins);
    let near = tokens.gap(time - 1) != Gap::Wide;
    let next = dates::time_at(tokens, time).filter(|_| near).map_or(dated.next, |(_, next)| next);
    Some((Some(kind), next))
}

/// The token after the digits that points join.
fn dotted(tokens: &Tokens<'_>, k: usize) -> usize {
    let mut next = k + 1;
    while tokens.goes_on(next - 1, '.') {
        next += 1;
    }
    next
}

/// A known UID, or what is too long to be anything else.
fn uid(tokens: &Tokens<'_>, known: &Known, k: usize) -> Option<(Option<FindKind>, usize)> {
    let next = dotted(tokens, k);
    let (first, last) = (tokens.get(k)?, tokens.get(next - 1)?);
    if next - k < 2 {
        return None;
    }
    let (components, length) = LEAST_UID;
    let too_long = last.end - first.start > LONGEST_UID;
    if !too_long && let Some(identifier) = known.uid(&tokens.reading.text(first.start, last.end)) {
        return Some((Some(FindKind::Known(identifier.clone())), next));
    }
    let long = next - k >= components && last.end - first.start >= length;
    long.then_some((Some(FindKind::UidLike), next))
}

fn is_measured_decimal(tokens: &Tokens<'_>, k: usize) -> bool {
    (tokens.goes_on(k, '.') || tokens.goes_on(k, ',')) && tokens.is_measured(k + 1)
}

/// The token after a telephone number that begins at a token.
fn phone(tokens: &Tokens<'_>, k: usize) -> Option<usize> {
    let start = tokens.get(k)?.start;
    let before = |steps: usize| start.checked_sub(steps).and_then(|i| tokens.reading.ch(i));
    let plus = before(1) == Some('+') || (before(1) == Some('(') && before(2) == Some('+'));
    let (mut next, mut lengths, mut signs) = (k, Vec::new(), Signs::default());
    let mut total = 0;
    while lengths.len() < MOST_GROUPS && tokens.digits(next) > 0 {
        if total + tokens.digits(next) > *PHONE_DIGITS.end() {
            break;
        }
        total += tokens.digits(next);
        lengths.push(tokens.digits(next));
        next += 1;
        if !signs.add_gap(tokens, next - 1) {
            break;
        }
    }
    if !PHONE_DIGITS.contains(&total) || tokens.digits(next) > 0 && tokens.goes_on(next - 1, '.') {
        return None;
    }
    let measured = || tokens.is_measured(next - 1) || tokens.is_setting(k) || tokens.follows(k, '.');
    let alone =
        lengths.len() < 2 || measured() || !is_shaped(tokens, k, &lengths, &signs, before(1) == Some('('));
    (plus || !alone).then_some(next)
}

/// Whether groups of digits are those of a telephone number and not a list of numbers.
fn is_shaped(tokens: &Tokens<'_>, k: usize, lengths: &[usize], signs: &Signs, bracket: bool) -> bool {
    const WORDS: [&str; 7] = ["tel", "telefon", "telephone", "phone", "fax", "mobile", "mobil"];
    let long = lengths.iter().all(|length| *length >= 2);
    let decimals = signs.point && (signs.space || !long);
    let years = lengths == [4, 4] && tokens.year(k).is_some() && tokens.year(k + 1).is_some();
    if decimals || years {
        return false;
    }
    let zero = tokens.get(k).is_some_and(|token| tokens.reading.ch(token.start) == Some('0'));
    let pairs = lengths.len() >= 4 && lengths.iter().all(|length| *length == 2);
    let american = matches!(lengths, [3, 3, 4] | [1, 3, 3, 4] | [3, 4]);
    let hyphens = signs.hyphen && !signs.space && !signs.point && long;
    let called = k > 0 && tokens.is_word(k - 1, &WORDS);
    bracket || zero || pairs || american || hyphens || called
}

/// What stands between the groups of digits.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "any of them may stand beside the others")]
struct Signs {
    space: bool,
    point: bool,
    hyphen: bool,
}

impl Signs {
    /// Adds what stands after a token; `false` where a telephone number ends there.
    fn add_gap(&mut self, tokens: &Tokens<'_>, k: usize) -> bool {
        let (Some(before), Some(after)) = (tokens.get(k), tokens.get(k + 1)) else { return false };
        let between = before.end..after.start;
        let part = |i: usize| {
            matches!(tokens.reading.ch(i), Some(' ' | '-' | '\u{2010}' | '\u{2013}' | '.' | '/' | '(' | ')'))
        };
        if after.class != Class::Digit
            || between.is_empty()
            || between.len() > 3
            || !between.clone().all(part)
        {
            return false;
        }
        for i in between {
            match tokens.reading.ch(i) {
                Some(' ') => self.space = true,
                Some('.') => self.point = true,
                Some('-' | '\u{2010}' | '\u{2013}' | '/') => self.hyphen = true,
                _ => {}
            }
        }
        true
    }
}

/// With its bracket and plus.
fn phone_start(tokens: &Tokens<'_>, k: usize) -> usize {
    let mut start = tokens.get(k).map_or(0, |token| token.start);
    while start > 0 && matches!(tokens.reading.ch(start - 1), Some('+' | '(')) {
        start -= 1;
    }
    start
}

fn emails(reading: &Reading, found: &mut Vec<Candidate>) {
    let is_mailbox =
        |i: usize| reading.class(i).is_text() || matches!(reading.ch(i), Some('.' | '_' | '%' | '+' | '-'));
    let is_host = |i: usize| reading.class(i).is_text() || matches!(reading.ch(i), Some('.' | '-'));
    for at in (0..reading.len()).filter(|i| reading.ch(*i) == Some('@')) {
        let first = (at.saturating_sub(LONGEST_MAILBOX)..at).rev().take_while(|i| is_mailbox(*i)).last();
        let last = (at + 1..reading.len().min(at + LONGEST_HOST)).take_while(|i| is_host(*i)).last();
        let (Some(first), Some(mut last)) = (first, last) else { continue };
        while last > at && !reading.class(last).is_text() {
            last -= 1;
        }
        let host = reading.text(at + 1, last + 1);
        let named =
            host.rsplit_once('.').is_some_and(|(name, top)| !name.is_empty() && top.chars().count() >= 2);
        if named {
            found.push(Candidate::like(reading.range(first, last + 1), FindKind::EmailLike));
        }
    }
}

/// Addresses of the web: with a scheme, or beginning with www.
fn addresses(reading: &Reading, found: &mut Vec<Candidate>) {
    const SCHEMES: [&str; 6] = ["http", "https", "ftp", "sftp", "file", "smb"];
    let ends = |i: &usize| {
        reading.class(*i) == Class::Space
            || matches!(reading.ch(*i), None | Some('<' | '>' | '"' | '|' | '`' | ')' | ']'))
    };
    let mut done = 0;
    for at in 0..reading.len() {
        let is = |from: usize, text: &str| (from..).zip(text.chars()).all(|(i, c)| reading.ch(i) == Some(c));
        let start = match reading.ch(at) {
            Some(':') if is(at, "://") => {
                let word = (at.saturating_sub(5)..at)
                    .rev()
                    .take_while(|i| reading.class(*i) == Class::Letter)
                    .last();
                word.filter(|start| SCHEMES.contains(&reading.text(*start, at).as_str()))
            }
            Some('w') if is(at, "www.") && reading.is_word_edge(at) => Some(at),
            _ => None,
        };
        let Some(start) = start.filter(|start| *start >= done) else { continue };
        let mut end = (at..reading.len()).find(ends).unwrap_or(reading.len());
        while end > at && !reading.class(end - 1).is_text() && reading.ch(end - 1) != Some('/') {
            end -= 1;
        }
        if end > at + 3 {
            found.push(Candidate::like(reading.range(start, end), FindKind::UrlLike));
            done = end;
        }
    }
}
