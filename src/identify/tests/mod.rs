//! Tables of what is found and what is not, and what holds for every text.

mod ages;
mod any_text;
mod broken;
mod dates;
mod likes;
mod names;
mod prose;
mod scripts;
mod values;

use super::{Find, FindKind, Identifier, Known, find};

pub(super) fn known(values: &[(Identifier, &str)]) -> Known {
    let mut known = Known::default();
    for (identifier, value) in values {
        known.add(identifier.clone(), value);
    }
    known
}

pub(super) fn patient(name: &str) -> Known {
    known(&[(Identifier::PatientName, name)])
}

/// What is found, as it stands in the text.
pub(super) fn parts<'a>(text: &'a str, known: &Known) -> Vec<(FindKind, &'a str)> {
    find(text, known).into_iter().map(|Find { kind, range }| (kind, &text[range])).collect()
}

/// Each text holds just this one find of a kind.
pub(super) fn each_has(known: &Known, kind: &FindKind, cases: &[(&str, &str)]) {
    for (text, part) in cases {
        assert_eq!(parts(text, known), [(kind.clone(), *part)], "{text}");
    }
}

pub(super) fn each_has_name(name: &str, cases: &[(&str, &str)]) {
    each_has(&patient(name), &FindKind::Known(Identifier::PatientName), cases);
}

pub(super) fn none_has(known: &Known, texts: &[&str]) {
    for text in texts {
        assert_eq!(parts(text, known), [], "{text}");
    }
}
