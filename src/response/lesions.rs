//! Which lesions are there, gone or not read?

use super::table::{Cell, Role, Row, Table};

type Gone = fn(&Row, &Cell) -> bool;

/// What the lesions of one role came to at one time point.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    pub(super) there: Vec<String>,
    pub(super) not_read: Vec<String>,
}

impl Seen {
    pub(super) fn at(table: &Table, role: Role, time_point: usize, gone: Gone) -> Self {
        let mut seen = Self::default();
        for row in table.with_role(role) {
            match row.cell(time_point) {
                None => seen.not_read.push(row.name.clone()),
                Some(cell) if !gone(row, cell) => seen.there.push(row.name.clone()),
                Some(_) => {}
            }
        }
        seen
    }

    pub(super) fn all_gone(&self) -> bool {
        self.there.is_empty() && self.not_read.is_empty()
    }
}

/// Names of lesions other than nodes that are there. A node of normal size is no disease, and one that grows past
/// 10 mm again may still be normal (EORTC, "New lymph node lesions").
pub(super) fn there_without_nodes(table: &Table, time_point: usize, gone: Gone) -> Vec<String> {
    let there = |row: &&Row| row.cell(time_point).is_some_and(|cell| !gone(row, cell));
    let known = table.rows().iter().filter(|row| row.role != Role::New && !row.node);
    known.filter(there).map(|row| row.name.clone()).collect()
}
