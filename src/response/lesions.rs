//! Which lesions are there, gone, removed or not read?

use super::table::{Cell, Presence, Role, Row, Table};

type Gone = fn(&Row, &Cell) -> bool;

/// What the lesions of one role came to at one time point.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    pub(super) there: Vec<String>,
    pub(super) not_read: Vec<String>,
    pub(super) resected: Vec<String>,
}

impl Seen {
    pub(super) fn at(table: &Table, role: Role, time_point: usize, gone: Gone) -> Self {
        let mut seen = Self::default();
        for row in table.with_role(role) {
            match row.cell(time_point) {
                None => seen.not_read.push(row.name.clone()),
                Some(cell) if cell.presence == Presence::Resected => seen.resected.push(row.name.clone()),
                Some(cell) if !gone(row, cell) => seen.there.push(row.name.clone()),
                Some(_) => {}
            }
        }
        seen
    }

    /// Every lesion went by itself: none is there, unread or taken out.
    pub(super) fn all_gone(&self) -> bool {
        self.there.is_empty() && self.not_read.is_empty() && self.resected.is_empty()
    }
}

/// Names of lesions that are there again. Of nodes, where the criterion knows normal ones, only targets: a non-target
/// node that is seen again must have grown without doubt, which is read (EORTC, "Abnormal lymph node").
pub(super) fn there_again(table: &Table, time_point: usize, gone: Gone, knows_nodes: bool) -> Vec<String> {
    let there = |row: &&Row| row.cell(time_point).is_some_and(|cell| cell.is_there() && !gone(row, cell));
    let counts = |row: &&Row| match row.role {
        Role::Target => true,
        Role::NonTarget => !(knows_nodes && row.node),
        Role::New => false,
    };
    table.rows().iter().filter(counts).filter(there).map(|row| row.name.clone()).collect()
}

/// Names of lesions that are there again after they had been removed since the baseline, or of which the reader says so.
pub(super) fn recurrent(table: &Table, time_point: usize, gone: Gone) -> Vec<String> {
    let is_back = |row: &&Row| {
        let there = row.cell(time_point).is_some_and(|cell| cell.is_there() && !gone(row, cell));
        let baseline = table.baseline();
        let cell = |at: usize| row.cell(at);
        let removed = |at| cell(at).is_some_and(|cell| cell.presence == Presence::Resected);
        let said = |at| cell(at).is_some_and(|cell| cell.recurrent);
        there && ((baseline..time_point).any(removed) || (baseline + 1..=time_point).any(said))
    };
    let known = table.rows().iter().filter(|row| row.role != Role::New);
    known.filter(is_back).map(|row| row.name.clone()).collect()
}
