//! The columns of the ledger: the time points of the case, and those that the dates of its studies propose.

use std::collections::BTreeMap;

use super::{Case, LedgerColumn, TimePoint, Visit, parsed_date};
use crate::image::{Phi, StudyUid};

impl Case {
    /// The visits of the patients that the case is about: of those whose studies it names or measures; all where it does
    /// neither. A study that was measured and is not open is a visit without a date.
    pub(super) fn visits_of(&self, open: &[Visit], measured: impl Iterator<Item = StudyUid>) -> Vec<Visit> {
        let named: Vec<StudyUid> =
            self.time_points.iter().flat_map(|point| point.studies.iter().cloned()).chain(measured).collect();
        let is_open = |study: &StudyUid| open.iter().find(|visit| visit.study == *study);
        let patients: Vec<&Option<Phi<String>>> =
            named.iter().filter_map(is_open).map(|visit| &visit.patient).collect();
        let of_them = |visit: &&Visit| patients.is_empty() || patients.contains(&&visit.patient);
        let mut visits: Vec<Visit> = open.iter().filter(of_them).cloned().collect();
        for study in named {
            if !visits.iter().any(|visit| visit.study == study) {
                visits.push(Visit { patient: None, date: None, study });
            }
        }
        visits
    }

    /// The time points of the case, then one for each date of the studies that are in none.
    pub(super) fn columns(&self, visits: &[Visit]) -> Vec<LedgerColumn> {
        let date_of = |point: &TimePoint| {
            let of = visits.iter().filter(|visit| point.studies.contains(&visit.study));
            of.filter_map(|visit| visit.date.clone()).min()
        };
        let column = |point: TimePoint| LedgerColumn {
            date: date_of(&point),
            day: None,
            point,
            when: String::new(),
            when_short: String::new(),
        };
        let mut columns: Vec<LedgerColumn> = self.time_points.iter().cloned().map(column).collect();
        let mut proposed: BTreeMap<(bool, String), Vec<StudyUid>> = BTreeMap::new();
        for visit in visits.iter().filter(|visit| self.time_point_of(&visit.study).is_none()) {
            // What has no date is told apart by its study, and comes last.
            let key = match &visit.date {
                Some(date) => (false, date.clone()),
                None => (true, visit.study.as_str().to_owned()),
            };
            let studies = proposed.entry(key).or_default();
            if !studies.contains(&visit.study) {
                studies.push(visit.study.clone());
            }
        }
        if columns.iter().all(|column| column.date.is_some()) {
            columns.sort_by(|a, b| a.date.cmp(&b.date));
        }
        // A dated one goes before the first that is later; what has no date stays where the reader has it.
        for studies in proposed.into_values() {
            let new = column(TimePoint::new(studies));
            let later = |old: &LedgerColumn| old.date.is_some() && new.date.is_some() && old.date > new.date;
            let at = columns.iter().position(later).unwrap_or(columns.len());
            columns.insert(at, new);
        }
        columns
    }
}

pub(super) fn with_days(mut columns: Vec<LedgerColumn>, day_zero: usize) -> Vec<LedgerColumn> {
    let date = |column: &LedgerColumn| parsed_date(column.date.as_deref()?);
    if let Some(zero) = columns.get(day_zero).and_then(date) {
        for column in &mut columns {
            column.day = date(column).map(|day| (day - zero).num_days());
        }
    }
    columns
}
