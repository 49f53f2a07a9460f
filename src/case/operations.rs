//! Between which columns of the ledger do the operations of the notebook lie?

use super::notebook::{Event, EventKind, Precision};
use super::{Case, LedgerColumn, LesionId};

/// An operation in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerOperation {
    /// The reader's words.
    pub name: String,
    /// Their beginning, as a sentence names it: "the first operation".
    pub named: String,
    /// The last column that is known to be before it.
    pub after: Option<usize>,
    /// The first column that is known to be after it.
    pub before: Option<usize>,
    /// The lesions that it was on; `None` where nobody says.
    pub lesions: Option<Vec<LesionId>>,
}

/// Days around the middle of a month or a year that are still in it.
fn reach(precision: Precision) -> i64 {
    match precision {
        Precision::Day => 0,
        Precision::Month => 16,
        Precision::Year => 183,
    }
}

impl Case {
    /// The operations of the notebook. An examination of the same day may be before or after; one that the reader set as
    /// a baseline (`set`) is after.
    pub(super) fn operations(
        &self,
        columns: &[LedgerColumn],
        day_zero: usize,
        set: &[usize],
    ) -> Vec<LedgerOperation> {
        let events = self.notebook.events.iter().filter(|event| event.kind == EventKind::Operation);
        events.map(|event| place(event, columns, day_zero, set)).collect()
    }
}

fn place(event: &Event, columns: &[LedgerColumn], day_zero: usize, set: &[usize]) -> LedgerOperation {
    let time = &event.time;
    let origin = match &time.from {
        None => Some(day_zero),
        Some(study) => columns.iter().position(|column| column.point.studies.contains(study)),
    };
    let day = origin.and_then(|origin| columns.get(origin)?.day).map(|from| from + time.days);
    let reach = reach(time.precision);
    let known = |at: usize| day.zip(columns[at].day);
    // Even without any date the study that days are counted from is before or after.
    let is_origin = |at: usize| origin == Some(at);
    let is_before = |at: &usize| match known(*at) {
        Some((day, column)) => column < day - reach,
        None => is_origin(*at) && time.days > reach,
    };
    let is_after = |at: &usize| match known(*at) {
        Some((day, column)) => column > day + reach || (column >= day && set.contains(at)),
        None => is_origin(*at) && time.days < -reach,
    };
    let words = event.words.trim();
    LedgerOperation {
        name: if words.is_empty() { event.kind.name().to_owned() } else { words.to_owned() },
        named: event.named(),
        after: (0..columns.len()).rfind(is_before),
        before: (0..columns.len()).find(is_after),
        lesions: event.lesions.clone(),
    }
}
