//! What live values are said from.

use chrono::{Days, NaiveDate};

use crate::case::notebook::{Event, EventTime, LiveFacts, Precision, time_words};
use crate::case::{EventId, Ledger, Measurement, MeasurementId, Quantity, TimePointId};
use crate::image::{Frame, Series};
use crate::session::figure::time_point_in_words;
use crate::session::{Session, Values};

/// The session and its ledger, computed once.
pub(super) struct SessionFacts<'s> {
    pub(super) session: &'s Session,
    pub(super) ledger: &'s Ledger,
    /// Times are said as dates where nothing else is asked for.
    pub(super) absolute_dates: bool,
}

impl LiveFacts for SessionFacts<'_> {
    fn quantities(&self, id: MeasurementId) -> Result<Vec<Quantity>, String> {
        values_of(self.session.values(id))
    }

    fn technique(&self, id: MeasurementId) -> Option<Vec<(String, String)>> {
        self.session.technique_of(self.session.case().measurement(id)?)
    }

    fn panel_technique(&self, panel: &str) -> Option<Vec<(String, String)>> {
        let digits = panel.find(|c: char| !c.is_ascii_digit())?;
        let figure = panel[..digits].parse::<usize>().ok()?.checked_sub(1)?;
        let figure = self.session.case().figures.get(figure)?;
        let plain = |name: &str| name.trim_matches(['(', ')', '.', ' ']).to_lowercase();
        let index = (0..figure.panels.len())
            .find(|index| plain(&figure.letters.form.letter(*index)) == plain(&panel[digits..]))?;
        let frames = self.session.frames_of_panel(figure.panels.get(index)?);
        Some(frames.first()?.technique.to_vec())
    }

    fn time_point(&self, id: TimePointId, as_date: bool) -> Option<String> {
        let at = self.ledger.columns.iter().position(|column| column.point.id == id)?;
        let column = &self.ledger.columns[at];
        if as_date || self.absolute_dates {
            return Some(date_words(parsed(column.date.as_deref()?)?, Precision::Day));
        }
        let anchor = self.anchor().and_then(|(day, words)| Some((column.day? - day, words)));
        if let Some((days, words)) = anchor {
            return Some(time_words(days, Precision::Day, &words));
        }
        let columns: Vec<_> = self.ledger.columns.iter().collect();
        time_point_in_words(&columns, at)
    }

    fn event(&self, id: EventId, as_date: bool) -> Option<String> {
        self.when(self.session.case().notebook.event(id)?, as_date)
    }
}

impl SessionFacts<'_> {
    /// When an event was: its date, or how long after the anchor; the anchor itself after day 0.
    pub(super) fn when(&self, event: &Event, as_date: bool) -> Option<String> {
        let time = &event.time;
        let is_anchor = self.session.case().notebook.anchor == Some(event.id);
        if as_date || self.absolute_dates {
            return Some(date_words(self.date(time)?, time.precision));
        }
        let day = self.day(time)?;
        let (from, words) =
            self.anchor().filter(|_| !is_anchor).unwrap_or_else(|| (0, self.day_zero_words()));
        Some(time_words(day - from, time.precision, &words))
    }

    /// Days after day 0.
    pub(super) fn day(&self, time: &EventTime) -> Option<i64> {
        let from = match &time.from {
            None => 0,
            Some(study) => self.ledger.columns[self.ledger.column_of(study)?].day?,
        };
        Some(from + time.days)
    }

    /// The date, where that of the study is known that days are counted from.
    pub(super) fn date(&self, time: &EventTime) -> Option<NaiveDate> {
        let column = match &time.from {
            None => self.ledger.day_zero,
            Some(study) => self.ledger.column_of(study)?,
        };
        let from = parsed(self.ledger.columns.get(column)?.date.as_deref()?)?;
        let days = Days::new(time.days.unsigned_abs());
        if time.days < 0 { from.checked_sub_days(days) } else { from.checked_add_days(days) }
    }

    /// The event that relative dates are counted from: its day after day 0, and what it is called.
    pub(super) fn anchor(&self) -> Option<(i64, String)> {
        let notebook = &self.session.case().notebook;
        let event = notebook.event(notebook.anchor?)?;
        Some((self.day(&event.time)?, event.named()))
    }

    fn day_zero_words(&self) -> String {
        let columns: Vec<_> = self.ledger.columns.iter().collect();
        time_point_in_words(&columns, self.ledger.day_zero)
            .unwrap_or_else(|| "the first examination".to_owned())
    }
}

impl Session {
    /// How the image of a measurement was acquired, and with what.
    fn technique_of(&self, measurement: &Measurement) -> Option<Vec<(String, String)>> {
        let series = self.series_measured(measurement)?;
        let frame = self.acquired_frame(measurement).or_else(|| series.middle().map(AsRef::as_ref))?;
        Some(technique_lines(series, frame))
    }
}

/// How an image was acquired, and with what: names and values.
pub fn technique_lines(series: &Series, frame: &Frame) -> Vec<(String, String)> {
    let mut lines = frame.technique.to_vec();
    lines.push(("Modality".to_owned(), series.info.modality.clone()));
    lines
}

pub(super) fn values_of(values: Option<&Values>) -> Result<Vec<Quantity>, String> {
    match values {
        Some(Ok(values)) => Ok(values.clone()),
        Some(Err(why)) => Err(why.to_string()),
        None => Err("its images are not open".to_owned()),
    }
}

pub(super) fn parsed(date: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(date, "%Y%m%d").ok()
}

/// A date as exact as it is known: `2015-05-26`, `May 2015`, `2015`.
pub(super) fn date_words(date: NaiveDate, precision: Precision) -> String {
    let format = match precision {
        Precision::Day => "%Y-%m-%d",
        Precision::Month => "%B %Y",
        Precision::Year => "%Y",
    };
    date.format(format).to_string()
}
