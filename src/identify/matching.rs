//! Where does a text repeat a known value?

use super::endings;
use super::keys::{Key, Rule};
use super::known::{Known, Value};
use super::lists;
use super::merge::{Candidate, Rank};
use super::reading::{Class, Reading};
use super::written::is_name_here;

/// The fewest letters of a part that is found inside a longer word.
const LEAST_GLUED: usize = 6;
/// Units between two words that still belong together, spaces apart.
const WIDEST_GAP: usize = 4;
/// Units of one gap at most, with its spaces.
const LONGEST_GAP: usize = 24;

/// Signs that group the digits of a number, beside spaces.
const GROUPING: &str = "-_./:#,'()[]\u{2010}\u{2013}\u{2014}\u{2019}\u{2212}\u{b7}\u{2022}";

/// One more than the initials taken beside a name on each side.
const MOST_INITIALS: usize = 4;

/// What stands between the parts of a match, the widest of its gaps.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    /// One hyphen or underscore.
    Tight,
    /// One sign or space that groups the digits of a number.
    Single,
    /// What groups the digits of a number.
    Grouping,
    Any,
}

/// Every known value but dates and UIDs.
pub(super) fn scan(reading: &Reading, known: &Known) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut run_end = 0;
    for start in 0..reading.len() {
        let class = reading.class(start);
        if !class.is_text() {
            continue;
        }
        if start >= run_end {
            run_end = (start..reading.len()).find(|i| reading.class(*i) != class).unwrap_or(reading.len());
        }
        if run_end - start >= LEAST_GLUED || reading.is_edge(start) {
            walk(reading, known, start, &mut found);
        }
    }
    found
}

fn walk(reading: &Reading, known: &Known, start: usize, found: &mut Vec<Candidate>) {
    let (mut node, mut i, mut widest) = (0, start, Gap::None);
    while let Some(unit) = reading.units.get(i) {
        if !unit.class.is_text() {
            let Some((end, gap)) = gap(reading, i) else { return };
            (i, widest) = (end, widest.max(gap));
            continue;
        }
        let Some(next) = known.keys.step(node, unit.ch) else { return };
        (node, i) = (next, i + 1);
        for key in known.keys.at(node) {
            let Some(value) = known.values.get(key.value) else { continue };
            if let Some((from, to)) = accept(reading, *key, value, (start, i), widest) {
                let rank = if key.rule == Rule::Common { Rank::CommonWord } else { Rank::Known };
                found.push(Candidate::known(reading.range(from, to), rank, &value.identifier));
            }
        }
    }
}

/// Where a gap ends, and what it is; `None` where it is too wide.
fn gap(reading: &Reading, start: usize) -> Option<(usize, Gap)> {
    let (mut end, mut others, mut grouping, mut comma) = (start, 0, true, false);
    while let Some(unit) = reading.units.get(end).filter(|unit| !unit.class.is_text()) {
        others += usize::from(unit.class == Class::Other);
        grouping &= unit.class == Class::Space || GROUPING.contains(unit.ch);
        comma |= unit.ch == ',';
        end += 1;
        if others > WIDEST_GAP || end - start > LONGEST_GAP {
            return None;
        }
    }
    let tight = end - start == 1 && matches!(reading.ch(start), Some('-' | '_'));
    let gap = if tight {
        Gap::Tight
    } else if grouping && end - start == 1 {
        Gap::Single
    } else if grouping && !comma && end - start <= 3 {
        // "12, 34" is a list.
        Gap::Grouping
    } else {
        Gap::Any
    };
    Some((end, gap))
}

/// The units of a match, if its key may stand here.
fn accept(
    reading: &Reading,
    key: Key,
    value: &Value,
    (start, end): (usize, usize),
    gap: Gap,
) -> Option<(usize, usize)> {
    let whole = reading.is_edge(start) && reading.is_edge(end);
    match key.rule {
        Rule::Full => {
            let glued = key.length >= 7 && (reading.is_edge(start) || reading.is_edge(end));
            (whole || glued).then(|| with_initials(reading, value, start, end))
        }
        Rule::Part if gap == Gap::None => {
            let end = part_end(reading, key.length, start, end)?;
            Some(with_initials(reading, value, start, end))
        }
        Rule::Stem if gap == Gap::None && reading.is_edge(start) => {
            tail(reading, end, 3).map(|end| (start, end))
        }
        Rule::Inflected if gap == Gap::None && reading.is_edge(start) => {
            inflected(reading, start, end, false).map(|end| (start, end))
        }
        Rule::Common if gap == Gap::None && whole => {
            let wide = with_initials(reading, value, start, end);
            (wide != (start, end) || is_name_here(reading, start, end)).then_some(wide)
        }
        Rule::Common if gap == Gap::None && reading.is_edge(start) => {
            inflected(reading, start, end, true).map(|end| (start, end))
        }
        Rule::Initials => {
            let whole = reading.is_word_edge(start) && reading.is_word_edge(end);
            (gap == Gap::None && whole).then_some((start, end))
        }
        Rule::Joined => (gap == Gap::None && is_joined_name(reading, start, end)).then_some((start, end)),
        Rule::Number => is_number(reading, key.length, (start, end), gap).then_some((start, end)),
        Rule::ShortNumber => {
            let whole = reading.is_word_edge(start) && reading.is_word_edge(end);
            (gap == Gap::None && whole && is_after_id(reading, start)).then_some((start, end))
        }
        Rule::Part | Rule::Stem | Rule::Inflected | Rule::Common => None,
    }
}

/// Where a part of a name ends with its ending; `None` where it is but letters of another word.
fn part_end(reading: &Reading, length: usize, start: usize, end: usize) -> Option<usize> {
    let (starts, ends) = (reading.is_edge(start), reading.is_edge(end));
    if starts && ends {
        return Some(end);
    }
    let ending = if starts { tail(reading, end, 3) } else { None };
    let inflected = |short| if starts { inflected(reading, start, end, short) } else { None };
    match length {
        LEAST_GLUED.. => ending.or_else(|| inflected(false)).or_else(|| (starts || ends).then_some(end)),
        5 => ending.or_else(|| inflected(false)),
        4 => ending
            .filter(|tail| *tail == end + 1 && reading.ch(end) == Some('s'))
            .or_else(|| inflected(false)),
        3 => inflected(true),
        _ => None,
    }
}

/// The end of a name with its capital and an ending of a case, unless the two are another word.
fn inflected(reading: &Reading, start: usize, end: usize, short: bool) -> Option<usize> {
    let capital = reading.units.get(start).is_some_and(|unit| unit.upper);
    let whole = capital.then(|| endings::inflected(reading, end, short)).flatten()?;
    (!lists::is_common(&reading.text(start, whole))).then_some(whole)
}

/// The end of the word, if it is at most so many letters away.
fn tail(reading: &Reading, end: usize, most: usize) -> Option<usize> {
    (end..=end + most).find(|end| reading.is_edge(*end))
}

/// Widened by the initial of another part: "J. Doe", "Jane D.".
fn with_initials(reading: &Reading, value: &Value, start: usize, end: usize) -> (usize, usize) {
    let is_initial = |i: usize, beside: usize| {
        let Some(unit) = reading.units.get(i) else { return false };
        // A small letter after a space is more likely an article than an initial.
        let written = unit.upper || matches!(reading.ch(beside), Some('_' | '-' | '.'));
        let alone = unit.class == Class::Letter && reading.is_word_edge(i) && reading.is_word_edge(i + 1);
        alone && written && value.initials.contains(unit.ch)
    };
    let is_gap = |i: usize| matches!(reading.ch(i), Some(' ' | '.' | ',' | '_' | '-' | '^'));
    let before = |from: usize| {
        let gap = (1..=2).filter(|width| from > *width && (from - width..from).all(is_gap));
        gap.map(|width| from - width - 1).find(|left| is_initial(*left, left + 1))
    };
    let after = |to: usize| {
        let gap = (1..=2).filter(|width| (to..to + width).all(is_gap));
        let right = gap.map(|width| to + width).find(|right| is_initial(*right, right - 1));
        right.map(|right| right + 1)
    };
    let from = std::iter::successors(Some(start), |from| before(*from)).take(MOST_INITIALS).last();
    let to = std::iter::successors(Some(end), |to| after(*to)).take(MOST_INITIALS).last().unwrap_or(end);
    let point = to > end && reading.ch(to) == Some('.');
    (from.unwrap_or(start), to + usize::from(point))
}

/// Hangul has words, and two kana are mostly grammar.
fn is_joined_name(reading: &Reading, start: usize, end: usize) -> bool {
    let hangul = |c: char| matches!(c, '\u{ac00}'..='\u{d7a3}');
    let kana = |c: char| matches!(c, '\u{3041}'..='\u{3096}');
    let inside = |is: fn(char) -> bool| (start..end).all(|i| reading.ch(i).is_some_and(is));
    let before = |is: fn(char) -> bool| start.checked_sub(1).and_then(|i| reading.ch(i)).is_some_and(is);
    let after = |is: fn(char) -> bool| reading.ch(end).is_some_and(is);
    if inside(hangul) {
        return !before(hangul);
    }
    !(inside(kana) && end - start == 2 && (before(kana) || after(kana)))
}

/// Long numbers count wherever digits begin, and grouped in any way; short ones only as they are.
fn is_number(reading: &Reading, length: usize, (start, end): (usize, usize), gap: Gap) -> bool {
    let whole = if length >= 5 {
        reading.is_edge(start) && reading.is_edge(end)
    } else {
        reading.is_word_edge(start) && reading.is_word_edge(end)
    };
    let widest = match length {
        6.. => Gap::Grouping,
        5 => Gap::Single,
        _ => Gap::Tight,
    };
    let together = gap <= widest;
    whole && together && (length >= 6 || !is_in_decimal(reading, start, end))
}

/// "0.512" does not hold the number 512.
fn is_in_decimal(reading: &Reading, start: usize, end: usize) -> bool {
    let is_point = |i: usize| matches!(reading.ch(i), Some('.' | ','));
    let is_digit = |i: usize| reading.class(i) == Class::Digit;
    let before = start >= 2 && is_point(start - 1) && is_digit(start - 2);
    before || (is_digit(end - 1) && is_point(end) && is_digit(end + 1))
}

fn is_after_id(reading: &Reading, start: usize) -> bool {
    let Some(last) = (start.saturating_sub(4)..start).rev().find(|i| reading.class(*i).is_text()) else {
        return false;
    };
    let word = |length: usize| {
        let from = (last + 1).checked_sub(length)?;
        reading.is_edge(from).then(|| reading.text(from, last + 1))
    };
    [2, 3].into_iter().filter_map(word).any(|word| lists::NUMBER_WORDS.contains(&word.as_str()))
}
