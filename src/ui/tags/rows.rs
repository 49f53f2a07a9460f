//! Which rows of a list are in sight: what is opened, and what the search finds.

use std::collections::HashSet;
use std::sync::Arc;

use crate::dicom::{ElementList, ElementQuery, ElementRow};
use crate::words::counted;

/// Sequences with more rows than this start closed.
const OPEN_AT_FIRST: usize = 100;

/// The rows in sight, kept until something changes them.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Rows that are not as [`OPEN_AT_FIRST`] has them.
    turned: HashSet<usize>,
    /// "Open all" or "Close all" was the last word.
    all: Option<bool>,
    made_of: Option<MadeOf>,
    visible: Vec<usize>,
    /// Of the visible ones, those that the search found and not only leads to.
    matching: HashSet<usize>,
    changes: u64,
}

#[derive(Debug, PartialEq)]
struct MadeOf {
    list: usize,
    query: ElementQuery,
    hidden: bool,
    changes: u64,
}

impl Rows {
    pub(super) fn forget(&mut self) {
        *self = Self { changes: self.changes + 1, all: self.all, ..Self::default() };
    }

    pub(super) fn toggle(&mut self, row: usize) {
        if !self.turned.remove(&row) {
            self.turned.insert(row);
        }
        self.changes += 1;
    }

    pub(super) fn set_all(&mut self, open: bool) {
        self.turned.clear();
        self.all = Some(open);
        self.changes += 1;
    }

    pub(super) fn is_open(&self, list: &ElementList, row: usize) -> bool {
        let below = list.rows.get(row).map_or(0, |row| row.below);
        self.all.unwrap_or(below <= OPEN_AT_FIRST) != self.turned.contains(&row)
    }

    /// Whether a search is on: then rows lead to what is found, open or closed.
    pub(super) fn is_search(&self) -> bool {
        self.made_of.as_ref().is_some_and(|made| !made.query.is_empty())
    }

    pub(super) fn visible(&self) -> &[usize] {
        &self.visible
    }

    /// Whether a row only leads to one that is found.
    pub(super) fn is_way(&self, row: usize) -> bool {
        self.is_search() && !self.matching.contains(&row)
    }

    /// Makes the rows again if anything changed.
    pub(super) fn refresh(&mut self, list: Option<&Arc<ElementList>>, query: &ElementQuery, hidden: bool) {
        let of = MadeOf {
            list: list.map_or(0, |list| Arc::as_ptr(list).addr()),
            query: query.clone(),
            hidden,
            changes: self.changes,
        };
        if self.made_of.as_ref() == Some(&of) {
            return;
        }
        self.made_of = Some(of);
        self.visible.clear();
        self.matching.clear();
        let Some(list) = list else { return };
        if query.is_empty() {
            let mut at = 0;
            while let Some(row) = list.rows.get(at) {
                self.visible.push(at);
                at += 1 + if self.is_open(list, at) { 0 } else { row.below };
            }
            return;
        }
        let mut way: Vec<(usize, usize)> = Vec::new();
        for (at, row) in list.rows.iter().enumerate() {
            way.retain(|(_, end)| at <= *end);
            if query.matches(row, hidden) {
                self.visible.extend(way.drain(..).map(|(row, _)| row));
                self.visible.push(at);
                self.matching.insert(at);
            } else if row.below > 0 {
                way.push((at, at + row.below));
            }
        }
    }

    pub(super) fn found<'a>(&'a self, list: &'a ElementList) -> impl Iterator<Item = &'a ElementRow> {
        self.visible.iter().filter_map(|row| list.rows.get(*row))
    }

    /// How many there are, in words.
    pub(super) fn count(&self, list: Option<&Arc<ElementList>>) -> String {
        let all = list.map_or(0, |list| list.rows.len());
        match (all, self.is_search()) {
            (0, _) => String::new(),
            (_, true) => format!("{} of {}", self.matching.len(), counted(all, "row")),
            (_, false) => counted(all, "row"),
        }
    }

    /// The row some visible rows further on.
    pub(super) fn step(&self, from: Option<usize>, steps: isize) -> Option<usize> {
        let last = self.visible.len().checked_sub(1)?;
        let at = from.and_then(|row| self.visible.binary_search(&row).ok());
        let next = match at {
            Some(at) => at.saturating_add_signed(steps).min(last),
            None if steps > 0 => 0,
            None => last,
        };
        self.visible.get(next).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_rows_hide_what_is_in_them_and_a_search_finds_it() {
        // A file of this program's own, with a sequence.
        let bytes = crate::sample::slice_file("2015-05-12_CT", 30).unwrap().unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::io::Write::write_all(&mut file.as_file(), &bytes).unwrap();
        let list = Arc::new(crate::dicom::read_elements(file.path()).unwrap());
        let mut rows = Rows::default();
        rows.refresh(Some(&list), &ElementQuery::default(), false);
        assert_eq!(rows.visible().len(), list.rows.len(), "little is open at first");
        let nested = list.rows.iter().position(|row| row.below > 0);
        rows.set_all(false);
        rows.refresh(Some(&list), &ElementQuery::default(), false);
        let top = list.rows.iter().filter(|row| row.depth == 0).count();
        assert_eq!(rows.visible().len(), top);
        if let Some(nested) = nested {
            rows.toggle(nested);
            rows.refresh(Some(&list), &ElementQuery::default(), false);
            assert_eq!(rows.visible().len(), top + 1, "an item, closed");
        }
        rows.refresh(Some(&list), &ElementQuery::new("modality"), false);
        assert_eq!(rows.count(Some(&list)), format!("1 of {} rows", list.rows.len()));
        assert_eq!(rows.step(None, 1), rows.visible().first().copied());
        assert_eq!(rows.step(rows.step(None, 1), 50), rows.visible().last().copied());
    }
}
