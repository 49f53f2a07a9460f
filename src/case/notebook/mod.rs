//! The notebook: the reader's words in Markdown, with live values in them, and the events of the course.

mod care;
mod event;
mod live;
mod live_text;
mod references;
mod table;

use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{LesionId, MeasurementId, claims};

pub use self::care::{CARE, CareItem, Section, filled, is_filled, sections};
pub use self::event::{Event, EventId, EventKind, EventTime, Precision, TimeForm, date_words, time_words};
pub use self::live::{Live, LiveFormat, LiveOf, lives};
pub use self::live_text::{LiveFacts, live_text};
pub use self::references::{cited, is_references};
pub use self::table::{NoteTable, tables};

/// What the notebook holds beside its words, which are [`Case::notes`](super::Case::notes).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Notebook {
    /// What happened, in the reader's order. Studies are not among them: the ledger knows them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Event>,
    /// The largest name that an event ever had: the notes may still speak of one that is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_event: Option<EventId>,
    /// The event that relative dates are counted from; without one, day 0 of the ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<EventId>,
    /// When the patient gave informed consent; `None` while nobody says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<EventTime>,
    /// What may leave with the report although it may say who the patient is: the names of such findings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<String>,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Notebook {
    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The event of that name.
    pub fn event(&self, id: EventId) -> Option<&Event> {
        self.events.iter().find(|event| event.id == id)
    }

    /// Adds an event and gives it a name that none ever had here.
    pub fn push(&mut self, mut event: Event) -> EventId {
        let last = self.events.iter().map(|event| event.id).chain(self.last_event).max();
        let id = EventId(last.map_or(1, |id| id.0.saturating_add(1)));
        event.id = id;
        self.last_event = Some(id);
        self.events.push(event);
        id
    }

    /// Whether a file may hold it: names are unique, days are within a life.
    pub fn is_sound(&self) -> bool {
        let mut ids: Vec<EventId> = self.events.iter().map(|event| event.id).collect();
        ids.sort_unstable();
        let unique = ids.windows(2).all(|two| two[0] != two[1]);
        let times = self.events.iter().map(|event| &event.time).chain(&self.consent);
        unique && times.into_iter().all(EventTime::is_sound)
    }
}

/// The measurements that the notes speak of, by values and by claims.
pub fn measurements_in(notes: &str) -> impl Iterator<Item = MeasurementId> {
    let of = |live: Live| live.of?.measurement();
    lives(notes).into_iter().filter_map(of).chain(claims(notes).into_iter().map(|claim| claim.measurement))
}

/// The lesions that the notes speak of.
pub fn lesions_in(notes: &str) -> impl Iterator<Item = LesionId> {
    let of = |live: Live| live.of?.lesion();
    lives(notes).into_iter().filter_map(of)
}

/// The text with other words in a place.
pub fn spliced(text: &str, range: &Range<usize>, words: &str) -> String {
    match (text.get(..range.start), text.get(range.end..)) {
        (Some(before), Some(after)) => format!("{before}{words}{after}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_is_gone_leaves_its_name_to_no_other() {
        let mut notebook = Notebook::default();
        let event = |words: &str| Event::new(EventKind::Other, words, EventTime::days(1));
        assert_eq!([notebook.push(event("a")), notebook.push(event("b"))], [EventId(1), EventId(2)]);
        notebook.events.clear();
        assert_eq!(notebook.push(event("c")), EventId(3));
    }
}
