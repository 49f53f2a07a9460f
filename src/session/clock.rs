//! One clock: from which day all times of a case are counted, and how they are said.

use chrono::NaiveDate;

use super::Session;
use super::figure::time_point_in_words;
use crate::case::notebook::{Event, EventTime, Precision, TimeForm, date_words, time_words};
use crate::case::{Case, EventId, Ledger, LedgerColumn, column_day, parsed_date};
use crate::image::Series;

/// Where times are counted from: an event that the author chose, else day 0 of the ledger.
///
/// Text, legends, ledger, timeline, tables and alternative texts all ask it, so that no two of them count from two days.
pub(in crate::session) struct Clock<'a> {
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

impl Session {
    /// The clock of the case.
    pub(in crate::session) fn clock<'a>(&self, ledger: &'a Ledger, as_dates: bool) -> Clock<'a> {
        Clock::new(self.case(), ledger, as_dates)
    }
}

impl<'a> Clock<'a> {
    /// The clock of a case.
    pub(in crate::session) fn new(case: &Case, ledger: &'a Ledger, as_dates: bool) -> Self {
        let notebook = &case.notebook;
        let columns: Vec<&LedgerColumn> = ledger.columns.iter().collect();
        let first = time_point_in_words(&columns, ledger.day_zero);
        let mut clock = Self {
            ledger,
            day: 0,
            words: first.unwrap_or_else(|| "the first examination".to_owned()),
            date: columns.get(ledger.day_zero).and_then(|zero| parsed_date(zero.date.as_deref()?)),
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
    pub(in crate::session) fn ledger(&self) -> &'a Ledger {
        self.ledger
    }
}

impl Clock<'_> {
    /// What times are counted from: `the first operation`.
    pub(in crate::session) fn anchor(&self) -> &str {
        &self.words
    }

    /// The anchor as a part of a name: `first_operation`.
    pub(in crate::session) fn anchor_key(&self) -> String {
        let words = self.words.strip_prefix("the ").unwrap_or(&self.words).to_lowercase();
        let parts = words.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join("_")
    }

    /// Days of the ledger's count on this clock.
    pub(in crate::session) fn days(&self, ledger_day: i64) -> i64 {
        ledger_day - self.day
    }

    /// Days after day 0 of the ledger.
    pub(in crate::session) fn day_of(&self, time: &EventTime) -> Option<i64> {
        let from = match &time.from {
            None => 0,
            Some(study) => self.ledger.columns[self.ledger.column_of(study)?].day?,
        };
        Some(from + time.days)
    }

    /// The date, where that of the study is known that days are counted from.
    pub(in crate::session) fn date_of(&self, time: &EventTime) -> Option<NaiveDate> {
        let column = match &time.from {
            None => self.ledger.day_zero,
            Some(study) => self.ledger.column_of(study)?,
        };
        let from = parsed_date(self.ledger.columns.get(column)?.date.as_deref()?)?;
        from.checked_add_signed(chrono::TimeDelta::try_days(time.days)?)
    }

    /// When an event was: `2 years 4 months after the first operation`, or its date. The anchor itself is day 0, except
    /// as a date.
    pub(in crate::session) fn event(&self, event: &Event, form: TimeForm) -> Option<String> {
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
    pub(in crate::session) fn column(&self, at: usize, form: TimeForm) -> Option<String> {
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

    /// The heading of a time point in a table: when it was, or which one it is.
    pub(in crate::session) fn heading(&self, at: usize) -> String {
        let column = self.ledger.columns.get(at);
        let place = || column.map_or_else(String::new, |column| column_day(column, at));
        self.column(at, TimeForm::Heading).unwrap_or_else(place)
    }

    /// When a series was acquired, for a legend; `None` where there is only one time point, or where it is the one that
    /// times are counted from and has no name of its own.
    pub(in crate::session) fn of_series(&self, series: &Series) -> Option<String> {
        let columns = &self.ledger.columns;
        let at = columns.iter().position(|column| column.point.studies.contains(&series.study.uid))?;
        if columns.len() < 2 && !self.as_dates {
            return None;
        }
        let is_zero = self.event.is_none() && columns[at].day.map(|day| self.days(day)) == Some(0);
        if is_zero && !self.as_dates {
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
