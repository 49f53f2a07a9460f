//! How did a lesion change, and what may be compared with what?
//!
//! A change follows the diameter that RECIST sums, so that the ledger and the criteria say the same of a lesion: the
//! longest axis of the plane of measurement, or the short axis of a node. None runs across an operation.

use super::sizes::in_plane_mm;
use super::{Ledger, LedgerCell, Lesion, LesionId, LesionRole, Measured, column_label};
use crate::response::{Change, Operation, Role, Row, State, Table, TimePoint};

/// What the percentages of a lesion are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// The longest axis of the lesion.
    LongestAxis,
    /// The longest axis of the plane of measurement, where an axis across it is longer.
    LongestInPlane,
    /// The short axis, which counts of a node.
    ShortAxis,
}

impl Basis {
    /// In words: `longest axis`.
    pub fn name(self) -> &'static str {
        match self {
            Self::LongestAxis => "longest axis",
            Self::LongestInPlane => "longest axis in its plane",
            Self::ShortAxis => "short axis",
        }
    }
}

/// A change of a lesion from an earlier column.
#[derive(Debug, Clone, PartialEq)]
pub struct LesionChange {
    /// Of what.
    pub basis: Basis,
    /// In which unit.
    pub unit: String,
    /// Since which column.
    pub since: usize,
    /// Since when, in words: `from the baseline`, `since first measured`.
    pub since_words: String,
    /// By how much.
    pub change: Change,
    /// From the smallest value since then, where that is another change.
    pub from_smallest: Option<Change>,
}

/// A lesion through the columns of the ledger.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LesionCourse {
    /// What it is at each; `None` where it was not assessed.
    pub states: Vec<Option<State>>,
    /// The diameter that counts; 0 where it is gone by itself.
    pub values: Vec<Option<f64>>,
    /// What changed since the baseline, or since it was first measured.
    pub changes: Vec<Option<LesionChange>>,
    /// Why it is not compared with the baseline although it is there: an operation is between.
    pub cuts: Vec<Option<String>>,
    /// Whether a line may lead to a column from the last one before it that has a value.
    pub joined: Vec<bool>,
}

/// The axis that counts.
fn counting(lesion: &Lesion, cell: &LedgerCell) -> Option<(f64, String)> {
    let by_length = |a: &&Measured, b: &&Measured| a.quantity.value.total_cmp(&b.quantity.value);
    let axis = if lesion.node {
        cell.in_slice.iter().min_by(by_length).filter(|_| cell.in_slice.len() == 2)
    } else {
        cell.in_slice.iter().max_by(by_length)
    }?;
    Some((axis.quantity.value, axis.quantity.unit.label().to_owned()))
}

impl Ledger {
    /// The course of a lesion; empty where the ledger does not hold it.
    pub fn course(&self, lesion: &Lesion) -> LesionCourse {
        let Some(cells) = self.cells(lesion.id) else { return LesionCourse::default() };
        let Some(table) = self.table_of(lesion, cells) else { return LesionCourse::default() };
        let columns = 0..cells.len();
        let states: Vec<Option<State>> = columns
            .clone()
            .map(|at| match table.state(0, at) {
                Some(State::Present | State::TooSmall) if lesion.role == LesionRole::New => Some(State::New),
                state => state,
            })
            .collect();
        let sizes: Vec<Option<(f64, String)>> = cells.iter().map(|cell| counting(lesion, cell)).collect();
        let values: Vec<Option<f64>> = columns
            .clone()
            .map(|at| match states[at] {
                Some(State::Absent) => Some(0.0),
                _ => sizes[at].as_ref().map(|(value, _)| *value),
            })
            .collect();
        let seen = Seen { ledger: self, lesion, cells, table, states, sizes, values };
        let joined = columns.clone().map(|at| {
            let before = (0..at).rfind(|before| seen.values[*before].is_some());
            before.is_some_and(|before| !seen.is_severed(before, at))
        });
        LesionCourse {
            joined: joined.collect(),
            changes: columns.clone().map(|at| seen.change(at)).collect(),
            cuts: columns.map(|at| seen.cut(at)).collect(),
            values: seen.values,
            states: seen.states,
        }
    }

    /// The operations of a table whose time points are these columns and whose rows are these lesions.
    pub(super) fn operations_among(&self, columns: &[usize], lesions: &[LesionId]) -> Vec<Operation> {
        let last = |after: usize| columns.iter().rposition(|column| *column <= after);
        let first = |before: usize| columns.iter().position(|column| *column >= before);
        let row = |id: &LesionId| lesions.iter().position(|lesion| lesion == id);
        let operation = |operation: &super::LedgerOperation| Operation {
            name: operation.name.clone(),
            after: operation.after.and_then(last),
            before: operation.before.and_then(first),
            rows: operation.lesions.as_ref().map(|of| of.iter().filter_map(row).collect()),
        };
        self.operations.iter().map(operation).collect()
    }

    /// The lesion alone at every column. Its role is nothing here: what is new may be there at the first.
    fn table_of(&self, lesion: &Lesion, cells: &[LedgerCell]) -> Option<Table> {
        let cells = cells.iter().map(|cell| super::respond::response_cell(cell, cell.counting())).collect();
        let (name, site) = (lesion.name.clone(), lesion.site.clone());
        let row = Row { name, site, role: Role::Target, node: lesion.node, cells };
        let point = |column| TimePoint { label: column_label(column), day: None };
        let points = self.columns.iter().map(point).collect();
        let columns: Vec<usize> = (0..self.columns.len()).collect();
        let table = Table::new(vec![row], points, self.day_zero).ok()?;
        Some(table.with_operations(self.operations_among(&columns, &[lesion.id])))
    }
}

/// What the changes are computed from.
struct Seen<'a> {
    ledger: &'a Ledger,
    lesion: &'a Lesion,
    cells: &'a [LedgerCell],
    table: Table,
    states: Vec<Option<State>>,
    sizes: Vec<Option<(f64, String)>>,
    values: Vec<Option<f64>>,
}

impl Seen<'_> {
    fn is_severed(&self, from: usize, to: usize) -> bool {
        self.table.is_severed(0, from, to)
    }

    /// Whether there is one size above nothing, in the unit.
    fn is_sized(&self, at: usize, unit: &str) -> bool {
        self.sizes[at].as_ref().is_some_and(|(value, own)| *value > 0.0 && own == unit)
            && self.cells[at].contradicting().is_empty()
    }

    fn change(&self, at: usize) -> Option<LesionChange> {
        let value = self.values[at]?;
        let gone = self.states[at] == Some(State::Absent);
        let start = self.ledger.baseline_of(at).filter(|start| *start < at)?;
        let unit_at = |at: usize| self.sizes[at].as_ref().map(|(_, unit)| unit.clone());
        let unit = unit_at(at).or_else(|| (start..at).find_map(unit_at))?;
        if !gone && !self.is_sized(at, &unit) {
            return None;
        }
        let fits = |from: &usize| self.is_sized(*from, &unit) && !self.is_severed(*from, at);
        let since = (start..at).find(fits)?;
        let change = Change::between(self.values[since]?, value)?;
        let gone_before =
            |from: usize| self.states[from] == Some(State::Absent) && !self.is_severed(from, at);
        let before = (since..at).filter(|from| fits(from) || gone_before(*from));
        let smallest = before.filter_map(|from| self.values[from]).reduce(f64::min)?;
        let from_smallest = Change::between(smallest, value).filter(|other| *other != change);
        let basis = self.basis(&[since, at]);
        let since_words = self.since_words(since, start);
        Some(LesionChange { basis, unit, since, since_words, change, from_smallest })
    }

    fn basis(&self, columns: &[usize]) -> Basis {
        if self.lesion.node {
            return Basis::ShortAxis;
        }
        let longer_across = |at: &usize| {
            let cell = &self.cells[*at];
            let (in_plane, _) = in_plane_mm(&cell.in_slice);
            let longest = cell.longest().and_then(|longest| longest.value_in("mm"));
            longest.zip(in_plane).is_some_and(|(longest, in_plane)| longest > in_plane + 0.05)
        };
        if columns.iter().any(longer_across) { Basis::LongestInPlane } else { Basis::LongestAxis }
    }

    fn since_words(&self, since: usize, start: usize) -> String {
        let label = || self.ledger.columns.get(since).map_or_else(String::new, column_label);
        if since == self.ledger.day_zero {
            "from the baseline".to_owned()
        } else if since == start {
            format!("from the baseline ({})", label())
        } else if (0..since).any(|from| self.values[from].is_some() && self.is_severed(from, since)) {
            "since first measured after the operation".to_owned()
        } else if self.values[..since].iter().flatten().any(|value| *value > 0.0) {
            format!("since the measurement at {}", label())
        } else {
            "since first measured".to_owned()
        }
    }

    fn cut(&self, at: usize) -> Option<String> {
        self.sizes[at].as_ref()?;
        let start = self.ledger.baseline_of(at)?;
        let from = (start..at).find(|from| self.values[*from].is_some() && self.is_severed(*from, at))?;
        let touches =
            |o: &&super::LedgerOperation| o.lesions.as_ref().is_none_or(|of| of.contains(&self.lesion.id));
        let is_between = |o: &&super::LedgerOperation| {
            let (before, after) = (o.before.is_some_and(|b| b <= from), o.after.is_some_and(|a| at <= a));
            !before && !after
        };
        let names = self.ledger.operations.iter().filter(touches).filter(is_between);
        let names: Vec<&str> = names.map(|operation| operation.named.as_str()).collect();
        let names = if names.is_empty() { "its resection".to_owned() } else { names.join(" and ") };
        let column = self.ledger.columns.get(from)?;
        let is_unnamed = from == start && column.point.name.is_empty();
        let label = if is_unnamed { "the baseline".to_owned() } else { column_label(column) };
        Some(format!("not compared with {label}: {names} between"))
    }
}
