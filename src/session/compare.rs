//! Dates side by side: which series of one visit is the same as which of another.

mod sort;

use std::collections::HashSet;
use std::sync::Arc;

use self::sort::Sort;
pub(super) use self::sort::{SortParts, direction_of, has_agent, sort_parts, sort_words};
use super::{Cut, Layout, Notice, Session, ViewportId};
use crate::image::{Attribute, Series, SeriesKey};

/// Series by date and by what they show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Study dates (`YYYYMMDD`), oldest first; empty where the files say none.
    pub dates: Vec<String>,
    /// Matched series, one place for each date; a place without a match is empty. The active series' row is the first.
    pub rows: Vec<Vec<Option<SeriesKey>>>,
}

/// A day; what has no date is told apart by its study.
type Visit = (String, String);

fn visit(series: &Series) -> Visit {
    match &series.study.date {
        Some(date) => (date.clone(), String::new()),
        None => (String::new(), series.study.uid.as_str().to_owned()),
    }
}

/// The series of the active one's patient, matched: at most four dates and four rows.
///
/// CT with CT, T1 with T1, with and without contrast told apart. Of several that would do, the one whose direction,
/// words, stack, kernel, thickness and number of images come nearest. Rows with more matches stand higher.
pub fn matched(all: &[&Arc<Series>], active: &Series) -> Comparison {
    let own = active.key();
    let usable = |series: &&&Arc<Series>| {
        series.key().same_patient(&own) && (series.is(&own) || sort::is_comparable(series))
    };
    let all: Vec<&Arc<Series>> = all.iter().filter(usable).copied().collect();
    let dates = visits(&all, &visit(active));
    let mut taken = HashSet::new();
    let mut rows = Vec::new();
    // Those of the active date say what is looked for; then whatever the others have beside it.
    let mut order: Vec<&Arc<Series>> =
        all.iter().copied().filter(|series| dates.contains(&visit(series))).collect();
    order.sort_by_key(|series| {
        let number = series.info.number.unwrap_or(i32::MAX);
        (!series.is(&own), visit(series) != visit(active), visit(series), number)
    });
    for reference in &order {
        if taken.contains(&reference.key()) {
            continue;
        }
        let row: Vec<Option<SeriesKey>> = dates
            .iter()
            .map(|date| {
                if visit(reference) == *date {
                    return Some(reference.key());
                }
                let there = order.iter().filter(|other| visit(other) == *date);
                let free = there.filter(|other| !taken.contains(&other.key()));
                let alike = free.filter(|other| Sort::of(other) == Sort::of(reference));
                alike.min_by_key(|other| unlikeness(reference, other)).map(|other| other.key())
            })
            .collect();
        taken.extend(row.iter().flatten().cloned());
        rows.push(row);
    }
    let first = rows.first().cloned();
    rows.sort_by_key(|row| (first.as_ref() != Some(row), std::cmp::Reverse(row.iter().flatten().count())));
    rows.truncate(Layout::MOST);
    Comparison { dates: dates.into_iter().map(|(date, _)| date).collect(), rows }
}

/// The latest visits and the active one, oldest first.
fn visits(all: &[&Arc<Series>], active: &Visit) -> Vec<Visit> {
    let mut visits: Vec<Visit> = all.iter().map(|series| visit(series)).collect();
    // What has no date comes last.
    visits.sort_by_key(|visit| (visit.0.is_empty(), visit.clone()));
    visits.dedup();
    while visits.len() > Layout::MOST {
        let oldest = usize::from(visits.first() == Some(active));
        visits.remove(oldest);
    }
    visits
}

/// How far a series is from another of its sort: less is nearer.
fn unlikeness(a: &Series, b: &Series) -> (bool, bool, bool, bool, u64, usize) {
    let words = |series: &Series| series.info.description.trim().to_lowercase();
    let part = |series: &Series| series.part.as_ref().map(|part| part.name.clone());
    let kernel = |series: &Series| series.frames.first()?.attribute(Attribute::Kernel).cloned();
    let thickness =
        |series: &Series| series.frames.first().and_then(|frame| frame.thickness).map_or(0.0, |mm| mm.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole hundredths of a mm")]
    let thicker = ((thickness(a) - thickness(b)).abs() * 100.0) as u64;
    (
        sort::direction(a) != sort::direction(b),
        words(a) != words(b),
        part(a) != part(b),
        kernel(a) != kernel(b),
        thicker,
        a.frames.len().abs_diff(b.frames.len()),
    )
}

impl Session {
    /// Dates side by side, matched series below each other; places without a match stay empty.
    pub(super) fn show_comparison(&mut self) {
        let active = self.workspace.active;
        let Some(shown) = self.shown(active).filter(|shown| !shown.series.is_picture()) else {
            self.tell(Notice::info("There is nothing to compare.", "Open images of two dates first."));
            return;
        };
        let (series, own) = (Arc::clone(shown.series), shown.viewport.clone());
        let mut images = self.library.browse();
        images.retain(|series| !series.is_picture());
        let Comparison { dates, rows } = matched(&images, &series);
        if dates.len() < 2 {
            self.tell(Notice::info(
                "There is only one date of this patient.",
                "Open the folder of another date as well, then compare.",
            ));
            return;
        }
        self.waiting = None;
        self.workspace.set_layout(Layout { columns: dates.len(), rows: rows.len() });
        self.workspace.left_empty = true;
        self.workspace.links.scroll = true;
        let key = series.key();
        let mut active = ViewportId(0);
        for (index, place) in rows.into_iter().flatten().enumerate() {
            let id = ViewportId(index);
            self.workspace.put(id, None);
            match place {
                // It stays where the reader was.
                Some(place) if place == key => {
                    self.workspace.put(id, Some(own.clone()));
                    if own.view.reformat().is_some() {
                        self.set_cut(id, Cut::Acquired);
                    }
                    self.refit(id);
                    active = id;
                }
                Some(place) => self.show_series(id, &place),
                None => {}
            }
        }
        self.workspace.active = active;
        self.want_all();
    }
}

#[cfg(test)]
mod tests;
