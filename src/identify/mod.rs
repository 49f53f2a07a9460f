//! Which parts of a text could identify the patient?
//!
//! [`Known`] holds the values of the headers; [`find`] lists where a text repeats one of them, and what looks like a
//! date, a UID, a number of a record, an e-mail address or a telephone number without being known. A find that is
//! wrong costs a glance; a name that is missed leaves the house. Where a rule must choose, it finds too much.
//!
//! How names are compared, and why:
//!
//! * Case, accents and width do not count. An umlaut is its base letter or its spelling with e, both ways.
//! * A part of a name counts as a whole word; from 4 letters on also with a genitive s, from 5 with any ending of up
//!   to 3 letters ("Ивановой"), from 6 glued to one end of a longer run (`mullermri`).
//! * A part that is also a word of reports (Long, May, Head) does not count alone in lower case, after a number
//!   ("38 HU"), or where a sentence begins and goes on in lower case ("Long axis of the lesion"). Capitalised anywhere
//!   else it counts, so "Left Kidney" is a false alarm for a patient named Left, and the price for "Patient: Long".
//! * Two parts of a name beside each other always count, in any order and case, glued or with anything between.
//! * Chinese, Japanese, Korean and Thai are not written in words. There the full name counts anywhere, a family name
//!   of one character only with the given name or a form of address (王 is also "king"), and two characters or
//!   more alone; in Hangul only where a word begins, in kana two only as a run of their own, since かな is grammar.

mod dates;
mod keys;
mod known;
mod lists;
mod matching;
mod merge;
mod months;
mod names;
mod numbers;
mod phrases;
mod reading;
mod tokens;
mod written;

#[cfg(test)]
mod tests;

use std::ops::Range;

pub use known::Known;

use reading::{Reading, Umlauts};

/// What a value in a header is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identifier {
    /// The name of the patient.
    PatientName,
    /// The number of the patient.
    PatientId,
    /// The date of birth.
    BirthDate,
    /// Any date or time of acquisition.
    StudyDate,
    /// A hospital or department.
    Institution,
    /// A physician or operator.
    Person,
    /// The number of the order.
    AccessionNumber,
    /// A UID of a study, series or image.
    Uid,
    /// An address.
    Address,
    /// Another attribute, by its name.
    Other(String),
}

/// Why a part of a text may identify the patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FindKind {
    /// It repeats a value of a header.
    Known(Identifier),
    /// It reads as a date, or as a month of a year.
    DateLike,
    /// It reads as a year.
    YearLike,
    /// It reads as a DICOM UID.
    UidLike,
    /// It is a long run of digits.
    IdLike,
    /// It reads as an e-mail address.
    EmailLike,
    /// It reads as a telephone number.
    PhoneLike,
}

impl FindKind {
    /// What can stand in its place; `None` for dates, whose relative form the caller knows.
    pub fn in_its_place(&self) -> Option<&'static str> {
        match self {
            Self::DateLike | Self::YearLike | Self::Known(Identifier::BirthDate | Identifier::StudyDate) => {
                None
            }
            Self::Known(Identifier::PatientName) => Some("the patient"),
            Self::Known(Identifier::Person) => Some("the physician"),
            Self::Known(Identifier::Institution) => Some("the institution"),
            Self::Known(
                Identifier::PatientId
                | Identifier::AccessionNumber
                | Identifier::Uid
                | Identifier::Address
                | Identifier::Other(_),
            )
            | Self::UidLike
            | Self::IdLike
            | Self::EmailLike
            | Self::PhoneLike => Some(""),
        }
    }
}

/// A part of a text that may identify the patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Find {
    /// Why.
    pub kind: FindKind,
    /// Where, in bytes of the text.
    pub range: Range<usize>,
}

/// Everything in a text that may identify the patient, in order and without overlap.
pub fn find(text: &str, known: &Known) -> Vec<Find> {
    let plain = Reading::new(text, Umlauts::Plain);
    let mut found = matching::scan(&plain, known);
    if plain.has_umlauts() {
        found.extend(matching::scan(&Reading::new(text, Umlauts::Spelled), known));
    }
    found.extend(numbers::scan(&plain, known));
    merge::merge(text, found)
}
