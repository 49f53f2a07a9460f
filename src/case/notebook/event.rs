//! What happened to the patient, and when, without a date: days are counted from an examination.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::case::LesionId;
use crate::case::calendar::length_in_words;
use crate::image::StudyUid;
use crate::words::counted;

/// Days that a time may be from an examination at most: two lives.
const MOST_DAYS: i64 = 366 * 200;

/// Names an event within its case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(pub u32);

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its name within the case.
    pub id: EventId,
    /// What kind of thing.
    pub kind: EventKind,
    /// In words: "first operation".
    pub words: String,
    /// When.
    pub time: EventTime,
    /// Of an operation, the lesions that it was on; `None` where nobody says: then it may have been on any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lesions: Option<Vec<LesionId>>,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Event {
    /// An event. The notebook gives it its name when it is added.
    pub fn new(kind: EventKind, words: impl Into<String>, time: EventTime) -> Self {
        Self { id: EventId(0), kind, words: words.into(), time, lesions: None, extra: Map::new() }
    }

    /// Its words as others name it: "the first operation", of "First operation, subtotal" as well.
    pub fn named(&self) -> String {
        let words = self.words.split([',', '(', ';']).next().unwrap_or_default().trim();
        let mut letters = words.chars();
        let Some(first) = letters.next() else { return format!("the {}", self.kind.name()) };
        let rest = letters.as_str();
        // "MRI" stays as it is.
        let shout = rest.starts_with(|c: char| c.is_uppercase());
        let first = if shout { first.to_string() } else { first.to_lowercase().to_string() };
        let words = format!("{first}{rest}");
        if words.starts_with("the ") { words } else { format!("the {words}") }
    }
}

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The patient noticed something.
    Symptom,
    /// An operation.
    Operation,
    /// Another treatment.
    Treatment,
    /// A specimen was examined.
    Pathology,
    /// The patient was seen again.
    FollowUp,
    /// Anything else.
    Other,
}

impl EventKind {
    /// Every kind, in menu order.
    pub const ALL: [Self; 6] =
        [Self::Symptom, Self::Operation, Self::Treatment, Self::Pathology, Self::FollowUp, Self::Other];

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Symptom => "symptom",
            Self::Operation => "operation",
            Self::Treatment => "treatment",
            Self::Pathology => "pathology",
            Self::FollowUp => "follow-up",
            Self::Other => "event",
        }
    }
}

/// How exactly a time is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// To the day.
    #[default]
    Day,
    /// To the month.
    Month,
    /// To the year.
    Year,
}

impl Precision {
    /// Every precision, in menu order.
    pub const ALL: [Self; 3] = [Self::Day, Self::Month, Self::Year];

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "to the day",
            Self::Month => "to the month",
            Self::Year => "to the year",
        }
    }
}

/// When something happened: so many days from an examination, so that the case holds no date.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventTime {
    /// The study that days are counted from; without one, day 0 of the ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<StudyUid>,
    /// Days after it; before it below zero. Of a month or a year its middle.
    pub days: i64,
    /// How exactly it is known.
    #[serde(default)]
    pub precision: Precision,
}

impl EventTime {
    /// So many days after day 0 of the ledger, to the day.
    pub fn days(days: i64) -> Self {
        Self { from: None, days, precision: Precision::Day }
    }

    pub(super) fn is_sound(&self) -> bool {
        (-MOST_DAYS..=MOST_DAYS).contains(&self.days)
    }
}

/// How long after or before something, in words: `14 days after the first operation`, `about 2 years before it`.
///
/// On the same day it is `at` it. Years and months are those of the calendar, counted from the anchor's date where it is known.
pub fn time_words(days: i64, precision: Precision, anchor: &str, date: Option<NaiveDate>) -> String {
    let about = |size: i64, word: &str| format!("about {}", counted(size, word));
    let size = days.abs();
    let length = match precision {
        Precision::Day if days == 0 => return format!("at {anchor}"),
        Precision::Day => length_in_words(days, date),
        Precision::Month if size < 16 => return format!("about the time of {anchor}"),
        Precision::Month if size < 700 => about(whole(size, 30.44), "month"),
        Precision::Year if size < 183 => return format!("about the year of {anchor}"),
        Precision::Month | Precision::Year => about(whole(size, 365.25), "year"),
    };
    format!("{length} {} {anchor}", if days < 0 { "before" } else { "after" })
}

/// How a time stands among words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeForm {
    /// Anywhere in a sentence: `14 days after the first operation`, `on 28 September 2017`.
    Sentence,
    /// Behind a preposition: `28 September 2017`.
    Noun,
    /// At the head of a row or column: `day 0 (first operation)`, `28 September 2017`.
    Heading,
    /// A date, whatever the report says of others.
    Date,
    /// The same with its preposition.
    OnDate,
}

/// A date as exact as it is known: `28 September 2017`, `May 2015`, `2015`; in a sentence with its preposition.
pub fn date_words(date: NaiveDate, precision: Precision, form: TimeForm) -> String {
    let (format, preposition) = match precision {
        Precision::Day => ("%-d %B %Y", "on"),
        Precision::Month => ("%B %Y", "in"),
        Precision::Year => ("%Y", "in"),
    };
    let words = date.format(format);
    match form {
        TimeForm::Sentence | TimeForm::OnDate => format!("{preposition} {words}"),
        TimeForm::Noun | TimeForm::Heading | TimeForm::Date => words.to_string(),
    }
}

/// Days in whole longer units, one at least.
fn whole(days: i64, unit: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "fewer than the days")]
    let units = (days as f64 / unit).round().max(1.0) as i64;
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_as_exact_in_words_as_it_is_known() {
        let date = NaiveDate::from_ymd_opt(2015, 5, 18);
        let words = |days, precision| time_words(days, precision, "the first operation", date);
        assert_eq!(words(14, Precision::Day), "14 days after the first operation");
        assert_eq!(words(0, Precision::Day), "at the first operation");
        assert_eq!(words(854, Precision::Day), "2 years 4 months after the first operation");
        assert_eq!(words(-62, Precision::Month), "about 2 months before the first operation");
        assert_eq!(words(-3, Precision::Month), "about the time of the first operation");
        assert_eq!(words(-400, Precision::Year), "about 1 year before the first operation");
        let alone = time_words(854, Precision::Day, "the first operation", None);
        assert_eq!(alone, "854 days after the first operation", "no months without a date");
    }

    #[test]
    fn an_event_is_named_by_its_first_words() {
        let named = |words: &str| Event::new(EventKind::Operation, words, EventTime::days(0)).named();
        assert_eq!(named("First operation, subtotal resection"), "the first operation");
        assert_eq!(named("MRI (outside)"), "the MRI");
        assert_eq!(named("the relapse"), "the relapse");
        assert_eq!(named(" "), "the operation");
    }
}
