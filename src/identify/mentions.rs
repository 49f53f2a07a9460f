//! Who is named in a comment?
//!
//! A comment says mostly what is seen. Three ways of writing in it are those of names: the form of the standard
//! (`Quixote^Zebulon`), a form of address or the word "patient" or "name" before it, and a comma between two words with
//! capitals. Any other word with a capital that is no word of reports may be a name: it is one in a text where it is
//! written as one.

use super::keys::{Keys, Rule};
use super::lists;
use super::names;
use super::placeholders::placeholder;
use super::reading::{Class, Reading, Umlauts};

/// Words of a comment that are looked at.
const MOST_WORDS: usize = 200;
/// Words of one name.
const MOST_PARTS: usize = 3;
/// A shorter word alone is found too often.
const LEAST_ALONE: usize = 4;

/// Before a name.
const CUES: [&str; 26] = [
    "patient",
    "patients",
    "pat",
    "pt",
    "patientin",
    "paciente",
    "paziente",
    "pacjent",
    "pacient",
    "name",
    "names",
    "nom",
    "nome",
    "nombre",
    "nazwisko",
    "jmeno",
    "surname",
    "firstname",
    "lastname",
    "forename",
    "physician",
    "referrer",
    "relative",
    "mother",
    "father",
    "called",
];

/// Makers and scanners, which authors name too.
const MAKERS: [&str; 36] = [
    "siemens",
    "healthineers",
    "philips",
    "toshiba",
    "canon",
    "hitachi",
    "elscint",
    "bruker",
    "agfa",
    "fujifilm",
    "kodak",
    "carestream",
    "hologic",
    "varian",
    "elekta",
    "accuray",
    "imaging",
    "medical",
    "systems",
    "magnetom",
    "somatom",
    "skyra",
    "prisma",
    "verio",
    "avanto",
    "aera",
    "vida",
    "ingenia",
    "achieva",
    "discovery",
    "signa",
    "optima",
    "aquilion",
    "brilliance",
    "biograph",
    "gadovist",
];

/// How words end that say what is seen, in English and German.
const ENDINGS: [&str; 46] = [
    "oma", "omas", "itis", "osis", "oses", "asis", "ectasia", "plasia", "graphy", "gram", "grams", "scopy",
    "tomy", "plasty", "pathy", "emia", "aemia", "uria", "algia", "tion", "tions", "sion", "ment", "ments",
    "ing", "ity", "ness", "ance", "ence", "able", "ible", "ical", "ial", "ous", "ive", "ular", "ated",
    "ized", "ised", "ung", "ungen", "heit", "keit", "schaft", "ische", "ischer",
];

/// One word as it is written and as it is compared.
struct Word {
    plain: String,
    capital: bool,
    all_capitals: bool,
    /// What stands between it and the next.
    gap: String,
}

/// Adds what may be names in a comment.
pub(super) fn add(keys: &mut Keys, index: usize, value: &str) -> String {
    let mut initials = String::new();
    for part in
        value.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')')).take(MOST_WORDS)
    {
        let letters = |side: &str| side.chars().filter(|c| c.is_alphabetic()).count() >= 2;
        if part.split_once('^').is_some_and(|(family, given)| letters(family) || letters(given)) {
            initials += &names::add(keys, index, part, 2);
        }
    }
    let words = words(value);
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let cue = CUES.contains(&word.plain.as_str()) || lists::is_title(&word.plain);
        let name = if cue { name_after(&words, at + 1) } else { with_comma(&words, at) };
        if let Some((name, next)) = name {
            initials += &names::add(keys, index, &name, 2);
            at = next;
            continue;
        }
        if !cue && is_a_name(word) && !(word.all_capitals && words.len() > MOST_PARTS) {
            keys.add(&word.plain, index, Rule::Common);
        }
        at += 1;
    }
    initials
}

fn words(value: &str) -> Vec<Word> {
    let reading = Reading::new(value, Umlauts::Plain);
    let tokens = reading.tokens();
    let ends = tokens.iter().skip(1).map(|token| token.start).chain(std::iter::once(reading.len()));
    let words = tokens.iter().zip(ends).filter(|(token, _)| token.class != Class::Digit);
    words
        .take(MOST_WORDS)
        .map(|(token, next)| {
            let units = reading.units.get(token.start..token.end).unwrap_or_default();
            Word {
                plain: reading.text(token.start, token.end),
                capital: units.first().is_some_and(|unit| unit.upper || unit.class == Class::Joined),
                all_capitals: units.iter().all(|unit| unit.upper),
                gap: reading.text(token.end, next),
            }
        })
        .collect()
}

/// Whether a word is written as a name and none of reports.
fn is_a_name(word: &Word) -> bool {
    let long = word.plain.chars().count();
    word.capital
        && long >= LEAST_ALONE
        && !lists::is_common(&word.plain)
        && !lists::is_generic(&word.plain)
        && !MAKERS.contains(&word.plain.as_str())
        && placeholder(&word.plain).is_none()
        && !CUES.contains(&word.plain.as_str())
        && !ENDINGS.iter().any(|ending| word.plain.ends_with(ending))
}

/// The name after a word that announces one, and the word after it.
fn name_after(words: &[Word], from: usize) -> Option<(String, usize)> {
    let mut next = from;
    // "Patient name: Mr Quixote"
    while words
        .get(next)
        .is_some_and(|word| CUES.contains(&word.plain.as_str()) || lists::is_title(&word.plain))
    {
        next += 1;
    }
    let before = words.get(next.checked_sub(1)?)?;
    if before.gap.chars().any(|c| !matches!(c, ' ' | ':' | '=' | '.' | '-' | '\t')) {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    while let Some(word) = words.get(next).filter(|word| parts.len() < MOST_PARTS && is_a_name(word)) {
        parts.push(&word.plain);
        next += 1;
        if !matches!(word.gap.as_str(), " " | ", " | "," | "-") {
            break;
        }
    }
    (!parts.is_empty()).then(|| (parts.join("^"), next))
}

/// "Quixote, Zebulon".
fn with_comma(words: &[Word], at: usize) -> Option<(String, usize)> {
    let (family, given) = (words.get(at)?, words.get(at + 1)?);
    let comma = matches!(family.gap.as_str(), ", " | ",") && is_a_name(family) && is_a_name(given);
    comma.then(|| (format!("{}^{}", family.plain, given.plain), at + 2))
}
