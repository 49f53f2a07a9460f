//! How may a name end in a text, where its language inflects names?
//!
//! Slavic languages give a name another ending in each case (Nowak, Nowakiem; Novotná, Novotnou; Marek, Markem;
//! Иван, Иваном) and often another to a woman of the family (Ivanov, Ivanova). German and English add an s, which is
//! an ending here as well.

use super::reading::{Class, Reading};

/// The longest of the endings below, in letters.
const LONGEST: usize = 6;

/// Endings of cases, as they are compared: without accents.
const LATIN: [&str; 48] = [
    "a", "e", "i", "u", "y", "ou", "oj", "ej", "oy", "ey", "ie", "ii", "iu", "ia", "im", "ym", "om", "em",
    "iem", "am", "ach", "ami", "ich", "ych", "iej", "iego", "iemu", "ego", "emu", "eho", "ovi", "owi",
    "iowi", "ova", "owa", "ove", "owie", "ovou", "ovej", "owej", "ovu", "ovym", "owym", "ovych", "owych",
    "ovci", "ovia", "imi",
];

/// The same in Cyrillic letters.
const CYRILLIC: [&str; 20] = [
    "а", "у", "е", "ы", "и", "ю", "я", "ом", "ем", "ои", "еи", "ою", "ею", "ым", "им", "ых", "ами", "ах",
    "ого", "ому",
];

/// Endings that a short name may have: others would make a word of it.
const LONG: [&str; 14] =
    ["em", "iem", "ovi", "owi", "iowi", "ova", "owa", "ovou", "ovej", "owej", "owie", "ом", "ем", "ами"];

/// The end of a word that has an ending of a case from a unit on; `short` where the name has three letters.
pub(super) fn inflected(reading: &Reading, end: usize, short: bool) -> Option<usize> {
    let whole = (end + 1..=end + LONGEST).find(|end| reading.is_edge(*end))?;
    if reading.class(whole - 1) != Class::Letter {
        return None;
    }
    let ending = reading.text(end, whole);
    let list: &[&str] = if short { &LONG } else { &LATIN };
    let known = list.contains(&ending.as_str()) || (!short && CYRILLIC.contains(&ending.as_str()));
    known.then_some(whole)
}

/// What is left of a name when its language puts an ending in the place of its own, and another may follow it.
pub(super) fn stems(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let text = |letters: &[char]| letters.iter().collect::<String>();
    let is_latin = letters.iter().all(char::is_ascii_lowercase);
    let is_cyrillic = letters.iter().all(|c| matches!(c, '\u{430}'..='\u{44f}' | '\u{451}'));
    let mut stems = Vec::new();
    match letters.as_slice() {
        // Of three letters only what women are called: Jan- of Jana, not Ton- of Tony.
        [stem @ .., last @ ('a' | 'e' | 'i' | 'o' | 'u' | 'y')]
            if is_latin && (stem.len() >= 4 || (stem.len() == 3 && *last == 'a')) =>
        {
            stems.push(text(stem));
        }
        [stem @ .., 'а' | 'я'] if is_cyrillic && stem.len() == 3 => stems.push(text(stem)),
        _ => {}
    }
    // The e that stands in no other case: Marek, Marka; Stępień, Stępnia.
    match letters.as_slice() {
        [stem @ .., 'e', last @ ('k' | 'c' | 'l')] if is_latin && stem.len() >= 3 => {
            stems.push(format!("{}{last}", text(stem)));
        }
        [stem @ .., 'i', 'e', 'n'] if is_latin && stem.len() >= 4 => stems.push(format!("{}n", text(stem))),
        _ => {}
    }
    stems
}

/// What the men of the family are called, where a name says that it is a woman's.
pub(super) fn of_the_family(word: &str) -> Option<&str> {
    let man = word.strip_suffix('a').filter(|man| man.ends_with("ov") || man.ends_with("ev"));
    man.or_else(|| word.strip_suffix('а').filter(|man| man.ends_with("ов") || man.ends_with("ев")))
        .filter(|man| man.chars().count() >= 5)
}
