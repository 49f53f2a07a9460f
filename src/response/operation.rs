//! Which operations lie between two time points, and what became of the lesions by them?
//!
//! None of the four criteria calls a lesion that a surgeon took out a response. What was compared with a lesion before
//! is compared with nothing after: the baseline of that lesion ends until the reader sets a new one.

use super::table::{Cell, Presence, Role, Row, Table};
use super::words::list;

/// Something was taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// What the sentences call it.
    pub name: String,
    /// The last time point that is known to be before it.
    pub after: Option<usize>,
    /// The first time point that is known to be after it.
    pub before: Option<usize>,
    /// The rows that it was on; `None` where nobody says: then on every one.
    pub rows: Option<Vec<usize>>,
}

impl Operation {
    /// Whether it lies, or may lie, between two time points.
    pub fn is_between(&self, from: usize, to: usize) -> bool {
        let is_before = self.before.is_some_and(|before| before <= from);
        let is_after = self.after.is_some_and(|after| to <= after);
        from < to && !is_before && !is_after
    }

    /// Whether it was, or may have been, on a row.
    pub fn touches(&self, row: usize) -> bool {
        self.rows.as_ref().is_none_or(|rows| rows.contains(&row))
    }

    fn words(&self, table: &Table, (from, to): (usize, usize)) -> String {
        let known = self.after.filter(|after| *after >= from).zip(self.before.filter(|before| *before <= to));
        let (words, (from, to)) = match known {
            Some(known) => ("", known),
            None => (", which lies or may lie", (from, to)),
        };
        let (from, to) = (table.label(from), table.label(to));
        format!("operation \"{}\"{words} between {from} and {to}", self.name)
    }
}

/// What a lesion is at one time point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// There.
    Present,
    /// There, too small to measure.
    TooSmall,
    /// Gone by itself.
    Absent,
    /// Taken out.
    Resected,
    /// There, and not at the baseline.
    New,
    /// There again after it had been gone or taken out.
    Recurrent,
}

impl State {
    /// Whether there is something to see.
    pub fn is_there(self) -> bool {
        matches!(self, Self::Present | Self::TooSmall | Self::New | Self::Recurrent)
    }

    /// The word in the ledger.
    pub fn name(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::TooSmall => "too small to measure",
            Self::Absent => "gone",
            Self::Resected => "resected",
            Self::New => "new",
            Self::Recurrent => "recurrent",
        }
    }
}

impl Table {
    /// The same table with operations. A lesion read as gone right after one that was, or may have been, on it is
    /// resected, and stays so until it is there again.
    #[must_use]
    pub fn with_operations(mut self, operations: Vec<Operation>) -> Self {
        for (index, row) in self.rows_mut().iter_mut().enumerate() {
            let own: Vec<&Operation> =
                operations.iter().filter(|operation| operation.touches(index)).collect();
            resect(row, &own);
        }
        self.place_operations(operations);
        self
    }

    /// What a lesion is at a time point; `None` where it was not assessed.
    pub fn state(&self, row: usize, time_point: usize) -> Option<State> {
        let row = self.rows().get(row)?;
        let cell = row.cell(time_point)?;
        let present = match cell.presence {
            Presence::Absent => return Some(State::Absent),
            Presence::Resected => return Some(State::Resected),
            Presence::TooSmall => State::TooSmall,
            Presence::Present => State::Present,
        };
        let earlier: Vec<&Cell> = (0..time_point).filter_map(|at| row.cell(at)).collect();
        let first = earlier.iter().position(|cell| cell.is_there()).unwrap_or(earlier.len());
        let was_gone = earlier.iter().skip(first).any(|cell| cell.presence == Presence::Absent);
        let was_removed = earlier.iter().any(|cell| cell.presence == Presence::Resected || cell.recurrent);
        if cell.recurrent || was_gone || was_removed {
            return Some(State::Recurrent);
        }
        Some(if row.role == Role::New { State::New } else { present })
    }

    /// Whether a lesion at one time point is no longer what it was at another: something was, or may have been, taken
    /// out of it between the two.
    pub fn is_severed(&self, row: usize, from: usize, to: usize) -> bool {
        !self.severed_by(row, from, to).is_empty()
    }

    /// By which operations, each in words.
    pub fn severed_by(&self, row: usize, from: usize, to: usize) -> Vec<String> {
        let Some(cells) = self.rows().get(row) else { return Vec::new() };
        let own = |to| self.operations().iter().filter(move |o| o.touches(row) && o.is_between(from, to));
        let mut found: Vec<String> = own(to).map(|operation| operation.words(self, (from, to))).collect();
        // The reader says so where no operation is recorded.
        let removed = |at: &usize| cells.cell(*at).is_some_and(|cell| cell.presence == Presence::Resected);
        if let Some(at) = (from + 1..=to).find(removed).filter(|at| own(*at).next().is_none()) {
            let (name, from, at) = (&cells.name, self.label(from), self.label(at));
            found.push(format!("resection of {name} between {from} and {at}"));
        }
        found
    }

    /// Why the targets (where there are none, the non-targets) at a time point cannot be compared with the baseline;
    /// `None` where nothing ended it.
    pub(super) fn end_of_baseline(&self, time_point: usize) -> Option<String> {
        let mut ends: Vec<String> = Vec::new();
        let role = if self.with_role(Role::Target).next().is_some() { Role::Target } else { Role::NonTarget };
        let is_of_baseline = |row: &Row| self.with_role(role).any(|known| std::ptr::eq(known, row));
        let rows = self.rows().iter().enumerate().filter(|(_, row)| is_of_baseline(row));
        for words in rows.flat_map(|(index, _)| self.severed_by(index, self.baseline(), time_point)) {
            if !ends.contains(&words) {
                ends.push(words);
            }
        }
        (!ends.is_empty()).then(|| {
            format!(
                "Not evaluable: {}. What an operation removes is no response: the baseline ends there, until a new \
                 one is set.",
                list(&ends)
            )
        })
    }
}

fn resect(row: &mut Row, operations: &[&Operation]) {
    let mut before: Option<(usize, Cell)> = None;
    for at in 0..row.cells.len() {
        let Some(cell) = row.cells[at].as_mut() else { continue };
        if cell.presence == Presence::Absent
            && let Some((from, was)) = before
        {
            let removed = was.is_there() && operations.iter().any(|o| o.is_between(from, at));
            if removed || was.presence == Presence::Resected {
                cell.presence = Presence::Resected;
            }
        }
        before = Some((at, *cell));
    }
}
