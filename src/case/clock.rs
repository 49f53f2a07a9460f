//! One clock: from which day all times of a case are counted, and how they are said.

use chrono::NaiveDate;

use super::calendar::days_in_words;
use super::notebook::{Event, EventTime, Precision, TimeForm, date_words, time_words};
use super::{Case, EventId, Ledger, parsed_date};
use crate::image::StudyUid;

const ORDINALS: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "sixth"];

/// Where times are counted from: an event that the author chose, else day 0 of the ledger.
///
/// Text, legends, ledger, timeline, tables and alternative texts all ask it, so that no two of them count from two days.
#[derive(Debug)]
pub struct Clock<'a> {
    ledger: &'a Ledger,
    /// Days of the anchor after day 0 of the ledger.
    day: i64,
    /// What the anchor is called: `the first operation`.
    words: String,
    /// The date of the anchor, where it is known.
    date: Option<NaiveDate>,
    /// The event that it is.
    event: Option<EventId>,
    /// Times are said as dates, not as times after the anchor.
    as_dates: bool,
}

impl<'a> Clock<'a> {
    /// The clock of a case.
    pub fn new(case: &Case, ledger: &'a Ledger, as_dates: bool) -> Self {
        let notebook = &case.notebook;
        let zero = ledger.columns.get(ledger.day_zero);
        let mut clock = Self {
            ledger,
            day: 0,
            words: named_day_zero(ledger),
            date: zero.and_then(|zero| parsed_date(zero.date.as_deref()?)),
            event: None,
            as_dates,
        };
        let event = notebook.anchor.and_then(|id| notebook.event(id));
        // An event whose day nobody knows is no place to count from.
        if let Some((event, day)) = event.and_then(|event| Some((event, clock.day_of(&event.time)?))) {
            let date = clock.date_of(&event.time);
            (clock.day, clock.words, clock.date, clock.event) = (day, event.named(), date, Some(event.id));
        }
        clock
    }

    /// The ledger that it is of.
    pub fn ledger(&self) -> &'a Ledger {
        self.ledger
    }
}

/// What day 0 of the ledger is called: its name, else `the first examination`, `the second examination`.
fn named_day_zero(ledger: &Ledger) -> String {
    let zero = ledger.columns.get(ledger.day_zero);
    let name = zero.map(|zero| zero.point.name.as_str()).filter(|name| !name.is_empty());
    let otherwise = match (ledger.columns.len(), ledger.day_zero) {
        (1, _) => "the examination".to_owned(),
        (_, at) => ORDINALS
            .get(at)
            .map_or_else(|| format!("examination {}", at + 1), |nth| format!("the {nth} examination")),
    };
    name.map_or(otherwise, str::to_owned)
}

/// What a time point is called whose day nobody knows.
fn place_words(at: usize) -> String {
    format!("time point {}", at + 1)
}

impl Clock<'_> {
    /// What times are counted from: `the first operation`.
    pub fn anchor(&self) -> &str {
        &self.words
    }

    /// The anchor as a part of a name: `first_operation`.
    pub fn anchor_key(&self) -> String {
        let words = self.words.strip_prefix("the ").unwrap_or(&self.words).to_lowercase();
        let parts = words.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join("_")
    }

    /// Days of the ledger's count on this clock.
    pub fn days(&self, ledger_day: i64) -> i64 {
        ledger_day - self.day
    }

    /// Days after day 0 of the ledger.
    pub fn day_of(&self, time: &EventTime) -> Option<i64> {
        let from = match &time.from {
            None => 0,
            Some(study) => self.ledger.columns[self.ledger.column_of(study)?].day?,
        };
        Some(from + time.days)
    }

    /// The date, where that of the study is known that days are counted from.
    pub fn date_of(&self, time: &EventTime) -> Option<NaiveDate> {
        let column = match &time.from {
            None => self.ledger.day_zero,
            Some(study) => self.ledger.column_of(study)?,
        };
        let from = parsed_date(self.ledger.columns.get(column)?.date.as_deref()?)?;
        from.checked_add_signed(chrono::TimeDelta::try_days(time.days)?)
    }

    /// When an event was: `2 years 4 months after the first operation`, or its date. The anchor itself is day 0, except
    /// as a date.
    pub fn event(&self, event: &Event, form: TimeForm) -> Option<String> {
        let time = &event.time;
        if self.is_date(form) {
            return Some(date_words(self.date_of(time)?, time.precision, form));
        }
        let days = self.days(self.day_of(time)?);
        if self.event == Some(event.id) {
            return Some(self.day_zero(form));
        }
        Some(self.relative(days, time.precision))
    }

    /// When a time point was, in the same words.
    pub fn column(&self, at: usize, form: TimeForm) -> Option<String> {
        let column = self.ledger.columns.get(at)?;
        if self.is_date(form) {
            return Some(date_words(parsed_date(column.date.as_deref()?)?, Precision::Day, form));
        }
        let days = self.days(column.day?);
        if days == 0 && self.event.is_none() {
            return Some(self.day_zero(form));
        }
        Some(self.relative(days, Precision::Day))
    }

    /// Whether a time point is on the day that is counted from.
    pub fn is_anchor(&self, at: usize) -> bool {
        self.ledger.columns.get(at).and_then(|column| column.day).is_some_and(|day| self.days(day) == 0)
    }

    /// The heading of a time point in a table: when it was, or which one it is.
    pub fn heading(&self, at: usize) -> String {
        self.column(at, TimeForm::Heading).unwrap_or_else(|| place_words(at))
    }

    /// The same where there is no room for more: `8 days`, `6 days before`, `day 0`.
    pub fn short(&self, at: usize) -> String {
        let day = self.ledger.columns.get(at).and_then(|column| column.day);
        day.map_or_else(|| place_words(at), |day| days_in_words(self.days(day), self.date))
    }

    /// A time point as a noun without its date: `the first examination`, `8 days after the first operation`.
    pub fn noun(&self, at: usize) -> Option<String> {
        let column = self.ledger.columns.get(at)?;
        let days = self.days(column.day?);
        match days {
            0 if !column.point.name.is_empty() => Some(column.point.name.clone()),
            0 if self.event.is_none() => Some(self.words.clone()),
            _ => Some(self.relative(days, Precision::Day)),
        }
    }

    /// When a study was acquired, for a legend; `None` where there is only one time point, or where it is the one that
    /// times are counted from and has no name of its own.
    pub fn of_study(&self, study: &StudyUid) -> Option<String> {
        let columns = &self.ledger.columns;
        let at = self.ledger.column_of(study)?;
        if columns.len() < 2 && !self.as_dates {
            return None;
        }
        if self.event.is_none() && self.is_anchor(at) && !self.as_dates {
            return Some(columns[at].point.name.clone()).filter(|name| !name.is_empty());
        }
        self.column(at, TimeForm::Heading)
    }

    fn is_date(&self, form: TimeForm) -> bool {
        self.as_dates || matches!(form, TimeForm::Date | TimeForm::OnDate)
    }

    fn relative(&self, days: i64, precision: Precision) -> String {
        time_words(days, precision, &self.words, self.date)
    }

    /// The day that is counted from: `day 0 (first operation)` in tables, `at the first examination` in a sentence.
    fn day_zero(&self, form: TimeForm) -> String {
        let bare = self.words.strip_prefix("the ").unwrap_or(&self.words);
        match form {
            TimeForm::Heading => format!("day 0 ({bare})"),
            TimeForm::Sentence | TimeForm::Noun | TimeForm::Date | TimeForm::OnDate
                if self.event.is_some() =>
            {
                "on day 0".to_owned()
            }
            TimeForm::Sentence | TimeForm::Noun | TimeForm::Date | TimeForm::OnDate => {
                format!("at {}", self.words)
            }
        }
    }
}
