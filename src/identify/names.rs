//! Which keys does a name of a person give?

use super::endings;
use super::keys::{Keys, Rule};
use super::known::add_number;
use super::lists;
use super::placeholders::placeholder;
use super::reading::{Class, Reading, Umlauts};

/// A header with more components than this holds no name but a sentence; pairs of all of them would be many.
const MOST_COMPONENTS: usize = 8;

/// Follows a family name of one character in Chinese, Japanese and Korean.
const FORMS_OF_ADDRESS: [&str; 14] =
    ["先生", "女士", "小姐", "太太", "老师", "患者", "さん", "さま", "様", "氏", "씨", "님", "환자", "선생"];

/// One component of a name, read in one way.
struct Component {
    /// Its words without titles and particles, each of at least 2 letters or an initial.
    words: Vec<String>,
    /// All of it in one.
    whole: String,
    joined: bool,
}

/// Adds the keys of a PN value; returns the initials of its parts. Parts under `least` letters do not count alone.
pub(super) fn add(keys: &mut Keys, index: usize, value: &str, least: usize) -> String {
    let mut initials = String::new();
    for group in value.split('=') {
        if group.contains(|c: char| c.is_ascii_digit()) {
            // A pseudonym such as `PAT-0012`.
            add_number(keys, index, group);
        }
        let components: Vec<&str> = if group.contains('^') {
            group.split('^').take(3).collect()
        } else {
            group.split(|c: char| c.is_whitespace() || c == ',').collect()
        };
        for spelling in [Spelling::Plain, Spelling::Spelled, Spelling::Collapsed] {
            let read = components.iter().map(|component| read(component, spelling));
            let read: Vec<Component> =
                read.filter(|component| !component.whole.is_empty()).take(MOST_COMPONENTS).collect();
            for component in &read {
                add_alone(keys, index, component, least);
                initials.extend(component.words.iter().filter_map(|word| word.chars().next()));
            }
            add_together(keys, index, &read);
        }
    }
    initials
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelling {
    Plain,
    Spelled,
    /// ae, oe and ue as the base letter, so that a header with Mueller finds Muller.
    Collapsed,
}

fn read(text: &str, spelling: Spelling) -> Component {
    let umlauts = if spelling == Spelling::Spelled { Umlauts::Spelled } else { Umlauts::Plain };
    let reading = Reading::new(text, umlauts);
    let joined = reading.units.iter().any(|unit| unit.class == Class::Joined);
    let tokens = reading.tokens().into_iter().filter(|token| token.class != Class::Digit);
    let mut words: Vec<String> = tokens.map(|token| reading.text(token.start, token.end)).collect();
    if joined {
        words = vec![words.concat()];
    }
    words.retain(|word| !lists::is_title(word));
    if spelling == Spelling::Collapsed {
        words = words.iter().map(|word| collapsed(word)).collect();
    }
    let whole = words.concat();
    words.retain(|word| !lists::is_particle(word));
    Component { words, whole, joined }
}

/// Short words stay: "Doe" is not "do".
fn collapsed(word: &str) -> String {
    let short = word.replace("ae", "a").replace("oe", "o").replace("ue", "u");
    if short.chars().count() < 4 { word.to_owned() } else { short }
}

fn add_alone(keys: &mut Keys, index: usize, component: &Component, least: usize) {
    let long_enough = |word: &str| word.chars().count() >= least;
    if component.joined {
        if component.whole.chars().count() >= 2 {
            keys.add(&component.whole, index, Rule::Joined);
        }
        return;
    }
    if component.words.first().is_some_and(|word| *word != component.whole) && long_enough(&component.whole) {
        keys.add(&component.whole, index, Rule::Full);
    }
    for word in component.words.iter().filter(|word| long_enough(word)) {
        add_word(keys, index, word);
    }
    // "von" of "von der Leyen" is no part, but a name that is nothing else, as "Le" or "Al", is one.
    if component.words.is_empty() && long_enough(&component.whole) {
        keys.add(&component.whole, index, Rule::Common);
    }
}

/// Adds a word that is telling alone, or only where it is written as a name.
pub(super) fn add_word(keys: &mut Keys, index: usize, word: &str) {
    if word.chars().count() < 2 {
        return;
    }
    let common = lists::is_common(word) || placeholder(word).is_some();
    let rule = if common { Rule::Common } else { Rule::Part };
    keys.add(word, index, rule);
    if common {
        return;
    }
    if let Some(stem) = stem(word) {
        keys.add(&stem, index, Rule::Stem);
    }
    for stem in endings::stems(word) {
        keys.add(&stem, index, Rule::Inflected);
    }
    if let Some(man) = endings::of_the_family(word) {
        keys.add(man, index, Rule::Part);
    }
}

/// A Greek or Russian name without the ending that its case changes.
fn stem(word: &str) -> Option<String> {
    let is_greek_or_cyrillic = |c: char| matches!(c, '\u{370}'..='\u{52f}');
    if !word.chars().all(is_greek_or_cyrillic) {
        return None;
    }
    let mut letters: Vec<char> = word.chars().collect();
    for _ in 0..2 {
        if letters.len() > 4 && letters.last().is_some_and(|last| "αεηιουωσаеиоуыэюяь".contains(*last))
        {
            letters.pop();
        }
    }
    (letters.len() >= 4 && letters.len() < word.chars().count()).then(|| letters.into_iter().collect())
}

/// Two components beside each other, in both orders.
fn add_together(keys: &mut Keys, index: usize, components: &[Component]) {
    for (i, first) in components.iter().enumerate() {
        for (j, second) in components.iter().enumerate().filter(|(j, _)| *j != i) {
            if first.joined && second.joined {
                add_characters(keys, index, (&first.whole, &second.whole), i < j);
            } else {
                for a in pieces(first) {
                    pieces(second).for_each(|b| add_pair(keys, index, a, b));
                }
            }
        }
        if first.joined && i == 0 {
            for form in FORMS_OF_ADDRESS {
                keys.add(&format!("{}{form}", first.whole), index, Rule::Joined);
            }
        }
    }
}

/// Reversed, one character each is as likely to be a word.
fn add_characters(keys: &mut Keys, index: usize, (first, second): (&str, &str), in_order: bool) {
    let together = format!("{first}{second}");
    if in_order || together.chars().count() >= 3 {
        keys.add(&together, index, Rule::Full);
    }
}

fn add_pair(keys: &mut Keys, index: usize, a: &str, b: &str) {
    let letters = |word: &str| word.chars().count();
    let initial = |word: &str| word.chars().next().map(String::from).unwrap_or_default();
    if letters(a) >= 2 && letters(b) >= 2 {
        keys.add(&format!("{a}{b}"), index, Rule::Full);
    }
    for glued in [format!("{}{b}", initial(a)), format!("{b}{}", initial(a))] {
        // "J" and "Doe" are "jdoe"; "S" and "Doe" are "does", which is a word.
        if letters(b) >= 3 && !lists::is_common(b) && !lists::is_common(&glued) {
            keys.add(&glued, index, Rule::Initials);
        }
    }
}

/// What of a component may stand beside another: all of it, or one of its words.
fn pieces(component: &Component) -> impl Iterator<Item = &str> {
    let several = component.words.len() != 1 || component.words.first() != Some(&component.whole);
    let words = component.words.iter().filter(move |_| several).map(String::as_str);
    std::iter::once(component.whole.as_str()).chain(words)
}
