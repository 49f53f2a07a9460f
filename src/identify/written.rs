//! Is a common word written here as the name of a person?

use super::lists;
use super::reading::{Class, Reading};

/// How far to look back for what comes before a word.
const NEAR: usize = 8;

/// Whether a word that is also a common one stands here as a name; see the module for the reasons.
pub(super) fn is_name_here(reading: &Reading, start: usize, end: usize) -> bool {
    let before = before(reading, start);
    if before.is_some_and(|i| is_title_end(reading, i)) {
        return true;
    }
    let capital = reading.units.get(start).is_some_and(|unit| unit.upper);
    let capitals = (start..end).all(|i| reading.units.get(i).is_some_and(|unit| unit.upper));
    if !capital
        || before.is_some_and(|i| reading.class(i) == Class::Digit && reading.ch(start - 1) != Some('_'))
    {
        return false;
    }
    if capitals && lists::is_abbreviation(&reading.text(start, end)) {
        return false;
    }
    !(begins_sentence(reading, start, before) && goes_on_in_lower_case(reading, end))
}

/// The last unit before a word that is neither space nor underscore.
fn before(reading: &Reading, start: usize) -> Option<usize> {
    let is_gap = |i: usize| reading.class(i) == Class::Space || reading.ch(i) == Some('_');
    (start.saturating_sub(NEAR)..start).rev().find(|i| !is_gap(*i))
}

/// "Mr Long", "Dr. Head": the title ends here, with or without its point.
fn is_title_end(reading: &Reading, last: usize) -> bool {
    let end = if reading.ch(last) == Some('.') { last } else { last + 1 };
    let start =
        (end.saturating_sub(NEAR)..end).rev().take_while(|i| reading.class(*i) == Class::Letter).last();
    let Some(start) = start.filter(|start| reading.is_edge(*start)) else { return false };
    let word = reading.text(start, end);
    // "MR" is a modality and "PD" a weighting.
    let capitals = (start..end).all(|i| reading.units.get(i).is_some_and(|unit| unit.upper));
    lists::is_title(&word) && !(capitals && lists::is_abbreviation(&word))
}

fn begins_sentence(reading: &Reading, start: usize, before: Option<usize>) -> bool {
    let new_line = (start.saturating_sub(NEAR)..start).any(|i| reading.ch(i) == Some('\n'));
    let ends =
        |i: usize| matches!(reading.ch(i), Some('.' | '!' | '?' | '\u{3002}' | '\u{2022}' | '*' | '#'));
    // Further back than is looked there are only spaces, which begin a paragraph as well.
    new_line || before.is_none_or(ends)
}

fn goes_on_in_lower_case(reading: &Reading, end: usize) -> bool {
    reading.class(end) == Class::Space
        && reading.units.get(end + 1).is_some_and(|unit| unit.class == Class::Letter && !unit.upper)
}
