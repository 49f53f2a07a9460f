//! The sample's notebook: a case report of the synthetic patient, what happened to her, and her consent.

use super::plan;
use crate::case::TimePoint;
use crate::case::notebook::{Event, EventKind, EventTime, Notebook, Precision};
use crate::image::StudyUid;

/// The case report. Its numbers are values and claims of the case's measurements.
pub(super) const NOTES: &str = include_str!("notebook.md");

/// What happened: kind, words, days after the first examination, and how exactly that is known.
const EVENTS: [(EventKind, &str, i64, Precision); 6] = [
    (EventKind::Symptom, "Painless swelling of the left forehead", -62, Precision::Month),
    (EventKind::Operation, "First operation, resection of the tumour and a titanium mesh", 6, Precision::Day),
    (EventKind::Pathology, "Atypical meningioma, grade 2", 13, Precision::Day),
    (
        EventKind::Operation,
        "Second operation, resection of the recurrence and a new mesh",
        876,
        Precision::Day,
    ),
    (EventKind::Pathology, "The same tumour again", 883, Precision::Day),
    (EventKind::FollowUp, "Healed scar, no complaint", LAST_SEEN, Precision::Day),
];

/// Days after the first examination that the patient was last seen, and consented.
const LAST_SEEN: i64 = 980;

/// The events, told from the first operation, and the consent.
pub(super) fn sample_notebook() -> Notebook {
    let from = studies().into_iter().next();
    let time = |days, precision| EventTime { from: from.clone(), days, precision };
    let mut notebook = Notebook::default();
    for (kind, words, days, precision) in EVENTS {
        let id = notebook.push(Event::new(kind, words, time(days, precision)));
        if kind == EventKind::Operation && notebook.anchor.is_none() {
            notebook.anchor = Some(id);
        }
    }
    notebook.consent = Some(time(LAST_SEEN, Precision::Day));
    notebook
}

/// The visits as the dates propose them, so that the notes can speak of them.
pub(super) fn time_points() -> Vec<TimePoint> {
    studies().into_iter().map(|study| TimePoint::new(vec![study])).collect()
}

/// The studies, by their dates.
fn studies() -> Vec<StudyUid> {
    let mut studies: Vec<StudyUid> =
        plan::all().iter().map(|plan| StudyUid::new(&plan.study_to_write().uid)).collect();
    studies.dedup();
    studies
}
