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
//!   to 3 letters ("Ивановой"), from 6 glued to one end of a longer run (`mullermri`). With a capital also with the
//!   endings of Slavic cases, which may stand in the place of its own: Novotná is found in "Novotnou", Marek in "Markem",
//!   Jan in "Janem", Ivanova in "Ivanov".
//! * A word is read as it is seen: marks of Markdown, tags, entities, the end of a line, spaces between its letters,
//!   letters of another alphabet that look like its own and digits that look like letters do not hide it.
//! * A part that is also a word of reports (Long, May, Head) does not count alone in lower case, after a number
//!   ("38 HU"), or where a sentence begins and goes on in lower case ("Long axis of the lesion"). Capitalised anywhere
//!   else it counts, so "Left Kidney" is a false alarm for a patient named Left, and the price for "Patient: Long".
//! * What stands in place of a removed value ("REMOVED", "ANON^0012", "Patient 01", "***") is no name; with three or more
//!   digits it is a pseudonym, which counts as a whole alone.
//! * Two parts of a name beside each other always count, in any order and case, glued or with anything between.
//! * Chinese, Japanese, Korean and Thai are not written in words. There the full name counts anywhere, a family name
//!   of one character only with the given name or a form of address (王 is also "king"), and two characters or
//!   more alone; in Hangul only where a word begins, in kana two only as a run of their own, since かな is grammar.

mod ages;
mod broken;
mod dates;
mod endings;
mod keys;
mod known;
mod lists;
mod looks;
mod matching;
mod mentions;
mod merge;
mod months;
mod names;
mod numbers;
mod phrases;
mod placeholders;
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
    /// A comment or another free text, by the name of its attribute: whoever is named in it.
    Comment(String),
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
    /// It reads as the address of a page or file on the web.
    UrlLike,
    /// It reads as an age over 89 years, which the Safe Harbor method (45 CFR 164.514(b)(2)(i)(C)) takes for a name.
    AgeLike,
}

impl FindKind {
    /// Whether it repeats a value of a header.
    pub fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }

    /// What can stand in its place; `None` for dates, whose relative form the caller knows.
    pub fn in_its_place(&self) -> Option<&'static str> {
        match self {
            Self::DateLike | Self::YearLike | Self::Known(Identifier::BirthDate | Identifier::StudyDate) => {
                None
            }
            Self::AgeLike => Some("over 89"),
            Self::Known(Identifier::PatientName) => Some("the patient"),
            Self::Known(Identifier::Person) => Some("the physician"),
            Self::Known(Identifier::Institution) => Some("the institution"),
            Self::Known(
                Identifier::PatientId
                | Identifier::AccessionNumber
                | Identifier::Uid
                | Identifier::Address
                | Identifier::Other(_)
                | Identifier::Comment(_),
            )
            | Self::UidLike
            | Self::IdLike
            | Self::EmailLike
            | Self::PhoneLike
            | Self::UrlLike => Some(""),
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
    found.extend(broken::scan(text, &plain, known));
    merge::merge(text, found)
}

/// What all finds have in common that are alike: a date however it is written, else its letters and digits.
pub fn alike(words: &str, known: &Known) -> String {
    let reading = Reading::new(&broken::plain(words), Umlauts::Plain);
    let tokens = tokens::Tokens::new(&reading);
    if let Some(dated) = dates::at(&tokens, 0)
        && let Some((year, month, day)) =
            dated.readings.iter().find(|date| known.date(**date).is_some()).or_else(|| dated.readings.first())
    {
        return format!("{year:04}-{month:02}-{day:02}");
    }
    reading.units.iter().filter(|unit| unit.class.is_text()).map(|unit| unit.ch).collect()
}
