//! The course: what happened, and the examinations, by their days.

use super::facts::SessionFacts;
use crate::case::EventId;
use crate::case::notebook::TimeForm;
use crate::export::Table;
use crate::render::{Page, TimelineEntry, timeline_page};
use crate::report::{Align, ReportTable, Span};
use crate::session::Session;
use crate::session::figure::capital;

/// Dots of a timeline's lines and letters: pixels per inch.
const DPI: f64 = 300.0;

/// Something of the course.
#[derive(Debug, Clone, PartialEq)]
pub struct CourseEntry {
    /// The reader's event; `None` of an examination.
    pub event: Option<EventId>,
    /// The column of the ledger, of an examination.
    pub column: Option<usize>,
    /// Days after the day that times are counted from; `None` where nobody knows.
    pub day: Option<i64>,
    /// When, in words.
    pub when: String,
    /// What kind of thing: `operation`, `examination`.
    pub kind: &'static str,
    /// In words.
    pub what: String,
}

impl Session {
    /// Events and examinations in the order of their days, those without one last.
    pub fn course(&self, absolute_dates: bool) -> Vec<CourseEntry> {
        let ledger = self.ledger_said(absolute_dates);
        self.course_of(&SessionFacts { session: self, ledger: &ledger, absolute_dates })
    }

    pub(super) fn course_of(&self, facts: &SessionFacts<'_>) -> Vec<CourseEntry> {
        let mut course = Vec::new();
        let notebook = &self.case().notebook;
        let clock = facts.clock();
        for event in &notebook.events {
            let when = clock.event(event, TimeForm::Heading).unwrap_or_else(|| "date not known".to_owned());
            course.push(CourseEntry {
                event: Some(event.id),
                column: None,
                day: clock.day_of(&event.time).map(|day| clock.days(day)),
                when,
                kind: event.kind.name(),
                what: event.words.clone(),
            });
        }
        for (index, column) in facts.ledger.columns.iter().enumerate() {
            let what = self.studies_words(column);
            let named = !column.point.name.is_empty();
            let what = if named { format!("{}: {what}", column.point.name) } else { what };
            course.push(CourseEntry {
                event: None,
                column: Some(index),
                day: column.day.map(|day| clock.days(day)),
                when: clock.heading(index),
                kind: "examination",
                what,
            });
        }
        course.sort_by_key(|entry| (entry.day.is_none(), entry.day));
        course
    }

    /// What was examined at a time point: `CT, MR`.
    pub(super) fn studies_words(&self, column: &crate::case::LedgerColumn) -> String {
        let mut kinds: Vec<String> = Vec::new();
        for series in self.library.browse() {
            let modality = &series.info.modality;
            if column.point.studies.contains(&series.study.uid) && !kinds.contains(modality) {
                kinds.push(modality.clone());
            }
        }
        if kinds.is_empty() { "examination".to_owned() } else { kinds.join(", ") }
    }

    /// The course drawn to scale; what has no day is not on it.
    pub(super) fn course_page(&self, course: &[CourseEntry]) -> Page {
        let entry = |entry: &CourseEntry| {
            let what = if entry.event.is_some() && entry.kind != "event" {
                format!("{}: {}", capital(entry.kind), entry.what)
            } else {
                entry.what.clone()
            };
            Some(TimelineEntry {
                day: entry.day?,
                when: entry.when.clone(),
                what,
                is_study: entry.event.is_none(),
            })
        };
        let entries: Vec<TimelineEntry> = course.iter().filter_map(entry).collect();
        timeline_page(&entries, DPI, &self.environment.fonts)
    }
}

/// The course as rows of words.
pub(super) fn course_table(course: &[CourseEntry]) -> ReportTable {
    let columns = ["Time", "Kind", "What"].map(|name| (Align::Left, vec![Span::plain(name)])).to_vec();
    let row = |entry: &CourseEntry| {
        [capital(&entry.when), entry.kind.to_owned(), entry.what.clone()]
            .map(|words| vec![Span::plain(words)])
            .to_vec()
    };
    ReportTable { caption: Vec::new(), columns, rows: course.iter().map(row).collect() }
}

/// The same for other programs; the heading of the days names what they are counted from.
pub(super) fn course_rows(course: &[CourseEntry], anchor: &str) -> Table {
    let columns = [&format!("days_from_{anchor}"), "time", "kind", "what"].map(str::to_owned).to_vec();
    let row = |entry: &CourseEntry| {
        vec![entry.day.into(), entry.when.as_str().into(), entry.kind.into(), entry.what.as_str().into()]
    };
    Table { columns, rows: course.iter().map(row).collect() }
}
