//! Is an age over 89 years said? Of those there are so few that the age leads to the person.
//!
//! The Safe Harbor method of de-identification (45 CFR 164.514(b)(2)(i)(C)) puts all of them in one: "90 or older".

use super::FindKind;
use super::merge::Candidate;
use super::reading::Class;
use super::tokens::{Gap, Tokens};

/// Nobody is older.
const OLDEST: u32 = 130;
const LAST_SAID: u32 = 89;

/// Years after a number, as they are compared: without accents.
const YEARS: [&str; 34] = [
    "year",
    "years",
    "yr",
    "yrs",
    "y",
    "yo",
    "yoa",
    "yearold",
    "jahre",
    "jahren",
    "jahrig",
    "jahrige",
    "jahriger",
    "jahrigen",
    "jahriges",
    "jahrigem",
    "jaehrig",
    "jaehrige",
    "jaehriger",
    "jaehrigen",
    "jaehriges",
    "jaehrigem",
    "j",
    "ans",
    "anos",
    "anni",
    "lat",
    "let",
    "rokow",
    "jaar",
    "лет",
    "года",
    "год",
    "годов",
];
/// Words before an age.
const AGED: [&str; 11] =
    ["aged", "age", "ages", "alter", "agee", "age", "edad", "eta", "wiek", "wieku", "возраст"];
const OF: [&str; 9] = ["of", "von", "de", "di", "was", "is", "at", "w", "around"];
/// What is counted instead of years.
const NOT_YEARS: [&str; 22] = [
    "day", "days", "d", "week", "weeks", "wk", "wks", "w", "month", "months", "mo", "mos", "hour", "hours",
    "h", "tag", "tage", "tagen", "wochen", "monate", "monaten", "stunden",
];
const OVER: [&str; 9] = ["over", "above", "than", "least", "beyond", "uber", "ueber", "mindestens", "ab"];
const TENS: [&str; 2] = ["ninety", "nineties"];
const ONES: [&str; 9] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
/// Words that say such an age by themselves, by how they begin or by what stands in them.
const BEGIN: [&str; 8] = [
    "nonagenarian",
    "centenarian",
    "supercentenarian",
    "neunzigjahrig",
    "neunzigjaehrig",
    "hundertjahrig",
    "hundertjaehrig",
    "nonagenaire",
];
const WITHIN: &str = "undneunzig";

/// Every age over 89.
pub(super) fn scan(tokens: &Tokens<'_>) -> Vec<Candidate> {
    let found = (0..tokens.len()).filter_map(|k| {
        let last = number(tokens, k).or_else(|| in_words(tokens, k))?;
        let (first, last) = (tokens.get(k)?, tokens.get(last)?);
        Some(Candidate::like(tokens.reading.range(first.start, last.end), FindKind::AgeLike))
    });
    found.collect()
}

/// A number of years: the token that it ends with.
fn number(tokens: &Tokens<'_>, k: usize) -> Option<usize> {
    let (value, _) = tokens.number(k, 3)?;
    let alone = !(tokens.follows(k, '.')
        || tokens.follows(k, ',')
        || tokens.goes_on(k, '.')
        || tokens.goes_on(k, ','));
    if !(LAST_SAID + 1..=OLDEST).contains(&value) || !alone {
        return None;
    }
    let years = are_years(tokens, k) && !(value == 90 && is_yttrium(tokens, k));
    let aged = is_aged(tokens, k) && !is_near(tokens, k, &NOT_YEARS);
    ((years || aged) && !(value == 90 && is_a_class(tokens, k))).then_some(k)
}

/// Whether one of some words is the next, after no more than a hyphen.
fn is_near(tokens: &Tokens<'_>, k: usize, words: &[&str]) -> bool {
    matches!(tokens.gap(k), Gap::Nothing | Gap::Space | Gap::Sign('-')) && tokens.is_word(k + 1, words)
}

fn are_years(tokens: &Tokens<'_>, k: usize) -> bool {
    is_near(tokens, k, &YEARS)
}

/// "aged 91", "at the age of 91", "age: 91".
fn is_aged(tokens: &Tokens<'_>, k: usize) -> bool {
    let near = |k: usize| {
        let (Some(before), Some(after)) = (tokens.get(k), tokens.get(k + 1)) else { return false };
        after.start - before.end <= 3
    };
    let Some(last) = k.checked_sub(1).filter(|last| near(*last)) else { return false };
    tokens.is_word(last, &AGED)
        || (tokens.is_word(last, &OF)
            && last.checked_sub(1).is_some_and(|first| near(first) && tokens.is_word(first, &AGED)))
}

/// Yttrium-90 is written 90Y.
fn is_yttrium(tokens: &Tokens<'_>, k: usize) -> bool {
    let after = tokens.get(k + 1).and_then(|token| tokens.reading.units.get(token.start..token.end));
    matches!(after, Some([unit]) if unit.upper && unit.ch == 'y')
}

/// "90 years or older", "over 90": the class that all of them are put in.
fn is_a_class(tokens: &Tokens<'_>, k: usize) -> bool {
    let before = tokens.get(k).is_some_and(|token| {
        let sign = |i: usize| matches!(tokens.reading.ch(i), Some('>' | '\u{2265}' | '\u{2a7e}'));
        (token.start.saturating_sub(2)..token.start).any(sign)
    });
    let over = k.checked_sub(1).is_some_and(|last| tokens.is_word(last, &OVER));
    let after = (k + 1..k + 5).any(|next| {
        tokens.is_word(next, &["or", "and", "oder", "und"])
            && tokens
                .is_word(next + 1, &["older", "over", "above", "more", "alter", "aelter", "mehr", "daruber"])
    });
    before || over || after
}

/// "ninety-two years old", "a nonagenarian", "zweiundneunzigjährig".
fn in_words(tokens: &Tokens<'_>, k: usize) -> Option<usize> {
    let token = tokens.get(k).filter(|token| token.class == Class::Letter && token.end - token.start >= 6)?;
    // Few words begin so: all others are read no further.
    let first = tokens.reading.ch(token.start)?;
    let long = token.end - token.start >= 14;
    if !(long || matches!(first, 'n' | 'c' | 's' | 'h')) {
        return None;
    }
    let word = tokens.reading.text(token.start, token.end);
    if BEGIN.iter().any(|begin| word.starts_with(begin)) || (long && word.contains(WITHIN)) {
        return Some(k);
    }
    if !TENS.contains(&word.as_str()) {
        return None;
    }
    let of_somebody = k.checked_sub(1).is_some_and(|last| tokens.is_word(last, &["her", "his", "their"]));
    if word == "nineties" {
        // "the nineties" are years.
        return of_somebody.then_some(k);
    }
    let last = if is_near(tokens, k, &ONES) { k + 1 } else { k };
    (are_years(tokens, last) || is_aged(tokens, k)).then_some(last)
}
