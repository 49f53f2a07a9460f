//! Which values are known, and how are they looked for?

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::Identifier;
use super::keys::{Keys, Rule};
use super::placeholders::{Placeholder, placeholder};
use super::reading::{Class, Reading, Umlauts};
use super::{mentions, names, phrases};

/// Values found in the headers of the loaded files.
#[derive(Default)]
pub struct Known {
    pub(super) keys: Keys,
    pub(super) values: Vec<Value>,
    uids: HashMap<String, usize>,
    dates: HashMap<(u32, u32, u32), usize>,
    times: HashMap<(u32, u32), Vec<KnownTime>>,
    added: HashSet<(String, String)>,
}

/// The seconds of a time, and its value.
type KnownTime = (Option<u32>, usize);

/// A value that was added.
pub(super) struct Value {
    pub(super) identifier: Identifier,
    /// First letters of the parts of a name; empty for all else.
    pub(super) initials: String,
}

/// Prints no value, so that a log cannot identify anyone.
impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known").field("values", &self.values.len()).finish_non_exhaustive()
    }
}

impl Known {
    /// Adds a value as it stands in the header; several may be separated by backslashes.
    #[expect(clippy::needless_pass_by_value, reason = "it is kept, and callers make it in place")]
    pub fn add(&mut self, identifier: Identifier, value: &str) {
        for value in value.split('\\') {
            let value = value.trim_matches(|c: char| c.is_whitespace() || c == '\0');
            // Hundreds of files of a series hold the same values.
            if !value.is_empty() && self.added.insert((format!("{identifier:?}"), value.to_owned())) {
                self.add_one(identifier.clone(), value);
            }
        }
    }

    fn add_one(&mut self, identifier: Identifier, value: &str) {
        let index = self.values.len();
        let keys = &mut self.keys;
        let mut initials = String::new();
        let dated = matches!(identifier, Identifier::BirthDate | Identifier::StudyDate | Identifier::Uid);
        match placeholder(value).filter(|_| !dated) {
            Some(Placeholder::Nothing) => return,
            Some(Placeholder::Pseudonym) => {
                add_number(keys, index, value);
                self.values.push(Value { identifier, initials });
                return;
            }
            None => {}
        }
        match &identifier {
            Identifier::PatientName => initials = names::add(keys, index, value, 2),
            // Staff are named in many headers: a short part of one alone would be found everywhere.
            Identifier::Person => initials = names::add(keys, index, value, 4),
            Identifier::PatientId | Identifier::AccessionNumber => add_number(keys, index, value),
            Identifier::BirthDate | Identifier::StudyDate => self.add_date(index, value),
            Identifier::Uid => self.add_uid(index, value),
            Identifier::Institution => phrases::add(keys, index, value),
            Identifier::Address => {
                phrases::add(keys, index, value);
                phrases::add_codes(keys, index, value);
            }
            Identifier::Comment(_) => initials = mentions::add(keys, index, value),
            Identifier::Other(_) if value.contains('^') => initials = names::add(keys, index, value, 2),
            Identifier::Other(_) => {
                self.add_date(index, value);
                self.add_uid(index, value);
                phrases::add_whole(&mut self.keys, index, value);
            }
        }
        self.values.push(Value { identifier, initials });
    }

    fn add_uid(&mut self, index: usize, value: &str) {
        if value.contains('.') && value.chars().all(|c| c.is_ascii_digit() || c == '.') {
            self.uids.entry(value.to_owned()).or_insert(index);
        }
    }

    /// Takes DA, TM and DT, and the older forms with dots and colons.
    fn add_date(&mut self, index: usize, value: &str) {
        let plain = value.split(['+', ' ', 'T']).next().unwrap_or_default();
        let body =
            plain.rsplit_once('.').filter(|(whole, _)| digits(whole).len() >= 6 && !whole.contains('.'));
        let (body, fraction) = body.map_or((plain, ""), |(whole, fraction)| (whole, fraction));
        let digits = digits(body);
        let others = |c: char| !c.is_ascii_digit() && !".-/:".contains(c);
        if digits.is_empty() || body.contains(others) || fraction.contains(|c: char| !c.is_ascii_digit()) {
            return;
        }
        let part = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<u32>().ok());
        let mut time = 0;
        if let (Some(year), Some(month), Some(day)) = (part(0, 4), part(4, 6), part(6, 8)) {
            self.dates.entry((year, month, day)).or_insert(index);
            time = 8;
        }
        if let (Some(hour), Some(minute)) = (part(time, time + 2), part(time + 2, time + 4)) {
            let second = part(time + 4, time + 6);
            self.times.entry((hour, minute)).or_default().push((second, index));
        }
    }

    /// The value that has this date.
    pub(super) fn date(&self, date: (u32, u32, u32)) -> Option<&Identifier> {
        self.dates.get(&date).and_then(|index| self.identifier(*index))
    }

    /// The value that has this time; seconds count where both have them.
    pub(super) fn time(&self, hour: u32, minute: u32, second: Option<u32>) -> Option<&Identifier> {
        let agrees = |known: &Option<u32>| known.is_none() || second.is_none() || *known == second;
        let times = self.times.get(&(hour, minute))?;
        times.iter().find(|(known, _)| agrees(known)).and_then(|(_, index)| self.identifier(*index))
    }

    /// The value that is this UID.
    pub(super) fn uid(&self, uid: &str) -> Option<&Identifier> {
        self.uids.get(uid).and_then(|index| self.identifier(*index))
    }

    fn identifier(&self, index: usize) -> Option<&Identifier> {
        self.values.get(index).map(|value| &value.identifier)
    }
}

/// Adds a number of a record: its letters and digits alone, and without leading zeros.
pub(super) fn add_number(keys: &mut Keys, index: usize, value: &str) {
    let reading = Reading::new(value, Umlauts::Plain);
    let text: String = reading.units.iter().filter(|unit| unit.class.is_text()).map(|unit| unit.ch).collect();
    let short = text.chars().count() < 3;
    keys.add(&text, index, if short { Rule::ShortNumber } else { Rule::Number });
    let bare = text.trim_start_matches('0');
    if bare.len() < text.len() && bare.len() >= 4 {
        keys.add(bare, index, Rule::Number);
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(|c| Class::of(*c) == Class::Digit).collect()
}
