//! From the ledger to the response criteria, and the rules that a cell does not keep.

use super::{
    Case, Ledger, LedgerCell, LedgerColumn, Lesion, LesionId, LesionRole, Measured, Reading, days_in_words,
};
use crate::response::{
    Answer, Cell, Criterion, LEAST_MM, Presence, Role, Row, Step, THIN_SLICE_MM, Table, TableError,
    TimePoint, answers, steps,
};

/// A lesion on fewer slices has none that is wholly inside it.
pub const LEAST_SLICES: usize = 3;

impl Ledger {
    /// What a criterion makes of each time point; `None` where nothing was measured or read. Day 0 is the baseline.
    ///
    /// The time point of an answer is the column of the ledger.
    pub fn answers(&self, case: &Case, criterion: Criterion) -> Result<Vec<Option<Answer>>, TableError> {
        let (table, columns) = self.response_table(case)?;
        let mut found = vec![None; self.columns.len()];
        for (mut answer, column) in answers(&table, criterion).into_iter().zip(columns) {
            answer.time_point = column;
            found[column] = Some(answer).filter(|_| self.has_something(column));
        }
        Ok(found)
    }

    /// The ledger as the response criteria read it, and the column of each of its time points.
    ///
    /// A visit at which nothing was measured is no assessment: it makes no sum incomplete.
    fn response_table(&self, case: &Case) -> Result<(Table, Vec<usize>), TableError> {
        let columns: Vec<usize> =
            (0..self.columns.len()).filter(|at| *at == self.day_zero || self.has_something(*at)).collect();
        let row = |(id, cells): &(LesionId, Vec<LedgerCell>)| {
            let cells = columns.iter().filter_map(|at| cells.get(*at)).map(response_cell);
            Some(row(case.lesion(*id)?, cells.collect()))
        };
        let rows = self.rows.iter().filter_map(row).collect();
        let points = columns.iter().filter_map(|at| Some((*at, self.columns.get(*at)?)));
        let points = points.map(|(at, column)| TimePoint {
            label: column_label(column, at),
            day: column.day.map(|day| day as f64),
        });
        let baseline = columns.iter().position(|at| *at == self.day_zero).unwrap_or(0);
        let table = Table::new(rows, points.collect(), baseline)?;
        Ok((table, columns))
    }

    fn has_something(&self, column: usize) -> bool {
        self.rows.iter().any(|(_, cells)| cells.get(column).is_some_and(|cell| !cell.is_empty()))
    }
}

/// How the sentences call a time point: never by its date, which is the patient's.
pub fn column_label(column: &LedgerColumn, at: usize) -> String {
    let name = &column.point.name;
    if name.is_empty() { column_day(column, at) } else { name.clone() }
}

/// When a time point is, since day 0; its place in the ledger where that is not known.
pub fn column_day(column: &LedgerColumn, at: usize) -> String {
    column.day.map_or_else(|| format!("time point {}", at + 1), days_in_words)
}

fn row(lesion: &Lesion, cells: Vec<Option<Cell>>) -> Row {
    Row {
        name: lesion.name.clone(),
        site: lesion.site.clone(),
        role: match lesion.role {
            LesionRole::Target => Role::Target,
            LesionRole::NonTarget => Role::NonTarget,
            LesionRole::New => Role::New,
        },
        node: lesion.node,
        cells,
    }
}

/// The longest axis in the plane of measurement (RECIST 1.1, section 3.1.1), and the one across it there.
fn response_cell(cell: &LedgerCell) -> Option<Cell> {
    // The rules are in mm in the patient: what is measured otherwise is no part of them.
    let value = |measured: &Option<Measured>, unit: &str| measured.as_ref()?.value_in(unit);
    let in_plane: Vec<f64> = cell.in_slice.iter().filter_map(|axis| axis.value_in("mm")).collect();
    let longest_mm = in_plane.iter().copied().reduce(f64::max);
    // A measurement outweighs words that contradict it.
    let presence = match cell.reading.filter(|_| longest_mm.is_none()) {
        Some(Reading::Absent) => Presence::Absent,
        Some(Reading::TooSmall) => Presence::TooSmall,
        None => Presence::Present,
    };
    if cell.is_empty() {
        return None;
    }
    Some(Cell {
        presence,
        longest_mm,
        short_mm: in_plane.iter().copied().reduce(f64::min).filter(|_| in_plane.len() == 2),
        volume_mm3: value(&cell.volume, "mL").map(|ml| ml * 1000.0),
        mean_hu: value(&cell.density, "HU"),
        slices: cell.slices,
        slice_thickness_mm: cell.thickness_mm,
    })
}

/// The longest axis of a lesion through time with its changes since day 0 and since the smallest before, in the unit of
/// the axis and in %. What is measured in another unit than the first has no change.
pub fn cell_steps(ledger: &Ledger, cells: &[LedgerCell]) -> Vec<Option<Step>> {
    let unit = |cell: &LedgerCell| cell.longest().map(|longest| longest.quantity.unit.label().to_owned());
    let zero = cells.get(ledger.day_zero).and_then(unit).or_else(|| cells.iter().find_map(unit));
    let values: Vec<_> = cells
        .iter()
        .map(|cell| match (cell.longest(), cell.reading) {
            (Some(longest), _) => Some(longest.quantity.value).filter(|_| unit(cell) == zero),
            (None, Some(Reading::Absent)) => Some(0.0),
            (None, Some(Reading::TooSmall) | None) => None,
        })
        .collect();
    steps(&values, ledger.day_zero)
}

/// Rules of measuring that a cell does not keep: said beside its numbers, never in their place.
pub fn cell_cautions(lesion: &Lesion, cells: &[LedgerCell], at: usize) -> Vec<String> {
    let Some(cell) = cells.get(at) else { return Vec::new() };
    let mut cautions = Vec::new();
    if let Some(thickness) = cell.thickness_mm.filter(|mm| *mm > THIN_SLICE_MM + 1e-6) {
        cautions.push(format!("measured on slices of {thickness:.1} mm: more than 5 mm"));
    }
    if let Some(slices) = cell.slices.filter(|slices| *slices < LEAST_SLICES) {
        cautions.push(format!("partial volume: it spans {slices} slices, fewer than 3"));
    }
    match cell.longest() {
        Some(_) if lesion.node => {
            cautions.push("a node counts by its short axis".to_owned());
        }
        Some(longest) if longest.value_in("mm").is_some_and(|mm| mm < LEAST_MM) => {
            cautions.push("its longest diameter is under 10 mm".to_owned());
        }
        Some(_) | None => {}
    }
    let before = cells[..at].iter().rev().find_map(|cell| cell.manner.as_ref());
    if let (Some(before), Some(now)) = (before, &cell.manner)
        && before != now
    {
        cautions.push(format!("measured on {now}; the time before on {before}"));
    }
    cautions
}
