//! Which keys does a name of a place give?

use super::keys::{Keys, Rule};
use super::known::add_number;
use super::lists;
use super::names::add_word;
use super::reading::{Class, Reading, Umlauts};

/// Adds the whole phrase and every word of it that is telling.
pub(super) fn add(keys: &mut Keys, index: usize, value: &str) {
    add_whole(keys, index, value);
    let plain = Reading::new(value, Umlauts::Plain);
    for umlauts in [Umlauts::Plain, Umlauts::Spelled] {
        let reading = Reading::new(value, umlauts);
        for (token, spelled) in plain.tokens().iter().zip(reading.tokens()) {
            // Whether a word is generic is asked of its plain spelling: "fuer" has four letters, "für" three.
            let word = plain.text(token.start, token.end);
            let telling = word.chars().count() >= 4 && !lists::is_generic(&word) && !lists::is_common(&word);
            if token.class == Class::Letter && telling {
                add_word(keys, index, &reading.text(spelled.start, spelled.end));
            }
        }
        for run in reading.text(0, reading.len()).split(|c| Class::of(c) != Class::Joined) {
            let telling = lists::without_generic(run);
            if telling.chars().count() >= 2 {
                keys.add(&telling, index, Rule::Joined);
            }
        }
    }
}

/// Adds the value as a whole, as words or as the number of a record.
pub(super) fn add_whole(keys: &mut Keys, index: usize, value: &str) {
    for umlauts in [Umlauts::Plain, Umlauts::Spelled] {
        let reading = Reading::new(value, umlauts);
        let tokens = reading.tokens();
        let whole: String = tokens.iter().map(|token| reading.text(token.start, token.end)).collect();
        if whole.chars().count() < 3 {
            return;
        }
        match tokens.as_slice() {
            [token] if token.class == Class::Letter => add_word(keys, index, &whole),
            tokens if tokens.iter().any(|token| token.class == Class::Digit) => {
                add_number(keys, index, value);
                if tokens.len() > 2 {
                    keys.add(&whole, index, Rule::Full);
                }
            }
            _ => keys.add(&whole, index, Rule::Full),
        }
    }
}

/// Adds the postal codes of an address; a number of a house alone tells nothing.
pub(super) fn add_codes(keys: &mut Keys, index: usize, value: &str) {
    let reading = Reading::new(value, Umlauts::Plain);
    for token in reading.tokens().iter().filter(|token| token.class == Class::Digit) {
        if token.end - token.start >= 5 {
            add_number(keys, index, &reading.text(token.start, token.end));
        }
    }
}
