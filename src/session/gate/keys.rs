//! What is a finding called, and which decisions are of it?
//!
//! A key is a kind and a few digits of a hash of what was found: the same date in ten places is one decision, however
//! it is written. An image has its place in its key as well: each is looked at by itself.

use sha2::{Digest as _, Sha256};

use super::FindingPlace;

/// Keeps every date, time and year but those of a birth: a report that says dates on purpose.
pub(super) const DATES: &str = "dates";
/// The kinds that it keeps.
const DATE_KINDS: [&str; 3] = ["date", "like-date", "like-year"];

/// The names of one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::session) struct Names {
    /// The name that it shares with all that are alike.
    pub(super) key: String,
    /// Its name in cases of older versions, with its place: each occurrence had its own.
    placed: String,
    is_date: bool,
}

impl Names {
    /// `value` is what all that are alike have in common, and `of` what was found, `again` times at this place before.
    pub(super) fn new(kind: &str, at: FindingPlace, (value, of): (Option<&str>, &str), again: usize) -> Self {
        let placed = placed(kind, at, of);
        let key = value.map_or_else(|| placed.clone(), |value| format!("{kind}:{:04x}", hash(value)));
        let placed = if again > 0 { format!("{placed}+{again}") } else { placed };
        Self { key, placed, is_date: DATE_KINDS.contains(&kind) }
    }

    /// Whether a decision of that name is of this finding.
    pub(super) fn has(&self, name: &str) -> bool {
        self.key == name || self.placed == name || (self.is_date && name == DATES)
    }
}

/// The name with a place.
pub(super) fn placed(kind: &str, at: FindingPlace, of: &str) -> String {
    format!("{kind}:{}:{:04x}", at.name(), hash(of))
}

/// Two bytes of a hash tell a change of the words. More would let somebody try all names until one fits.
fn hash(of: &str) -> u16 {
    let hash = Sha256::digest(of.as_bytes());
    u16::from_be_bytes([hash[0], hash[1]])
}

/// Whether a text can be the name of a decision, and nothing that somebody typed.
pub(in crate::session) fn is_name(key: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | ':' | '+');
    let parts: Vec<&str> = key.split(':').collect();
    let hashed = |part: &&str| part.len() == 4 && part.chars().all(|c| c.is_ascii_hexdigit());
    let named = match parts.as_slice() {
        [_, hash] => hashed(hash),
        [_, _, _] => true,
        _ => key == DATES,
    };
    named && key.len() <= 64 && key.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::PanelId;

    const AT: FindingPlace = FindingPlace::Caption(PanelId(3));

    #[test]
    fn a_name_of_a_finding_holds_nothing_of_it_and_stays() {
        let name = Names::new("name", AT, (Some("quixote"), "Quixote"), 0).key;
        assert!(name.starts_with("name:") && !name.contains("uix"), "{name}");
        assert_eq!(name.len(), "name:1a2b".len());
        let elsewhere = FindingPlace::Caption(PanelId(4));
        assert_eq!(
            name,
            Names::new("name", elsewhere, (Some("quixote"), "QUIXOTE"), 0).key,
            "alike is alike"
        );
        assert_ne!(name, Names::new("name", AT, (Some("zebulon"), "Zebulon"), 0).key);
        let face = |at| Names::new("face", at, (None, "image"), 0).key;
        assert_ne!(face(AT), face(elsewhere), "each image is looked at by itself");
    }

    #[test]
    fn decisions_of_older_cases_and_of_all_dates_are_known() {
        let old = placed("name", AT, "Quixote");
        assert!(Names::new("name", AT, (Some("quixote"), "Quixote"), 0).has(&old));
        let again = Names::new("name", AT, (Some("quixote"), "Quixote"), 1);
        assert!(again.has(&format!("{old}+1")) && !again.has(&old), "it was one of two");
        let date = Names::new("date", AT, (Some("2015-05-12"), "12 May 2015"), 0);
        assert!(date.has("dates") && !again.has("dates"));
        assert!(!Names::new("birth-date", AT, (Some("1954-03-01"), "1 March 1954"), 0).has("dates"));
    }

    #[test]
    fn only_names_of_findings_are_kept() {
        for name in ["name:1a2b", "name:caption-3:1a2b", "like-date:file-name:00ff+1", "dates"] {
            assert!(is_name(name), "{name}");
        }
        for other in
            ["Quixote", "name:Quixote:1a2b", "name:quixote", "name:caption", "date", &"a:b:c".repeat(20)]
        {
            assert!(!is_name(other), "{other}");
        }
    }
}
