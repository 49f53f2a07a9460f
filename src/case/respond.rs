//! From the ledger to the response criteria, and the rules that a cell does not keep.

use super::{
    Case, LabelStyle, Ledger, LedgerCell, LedgerColumn, Lesion, LesionId, LesionRole, Measured, Reading,
    SizeDrawn,
};
use crate::numbers::shortest;
use crate::response::{
    Answer, Category, Cell, Criterion, LEAST_MM, Presence, Role, Row, State, THIN_SLICE_MM, Table,
    TableError, TimePoint, answers,
};

/// A lesion on fewer slices has none that is wholly inside it.
pub const LEAST_SLICES: usize = 3;

/// A line of less has its two ends at one place, in any unit.
const LEAST_LINE: f64 = 0.001;

/// More ways than this to choose between contradicting sizes are not all tried.
const MOST_CHOICES: usize = 64;

/// The time points that share a baseline.
struct Epoch {
    /// Their columns.
    columns: Vec<usize>,
    /// Which of them is the baseline.
    baseline: usize,
}

/// Sizes that contradict each other in one cell: its row, its column, and the sizes, the one that counts first.
struct Doubt<'a> {
    row: usize,
    column: usize,
    sizes: Vec<&'a SizeDrawn>,
}

impl Ledger {
    /// What a criterion makes of each time point; `None` where nothing was measured or read. Day 0 is the baseline until
    /// the reader sets another.
    ///
    /// The time point of an answer is the column of the ledger.
    pub fn answers(&self, case: &Case, criterion: Criterion) -> Result<Vec<Option<Answer>>, TableError> {
        let mut found = vec![None; self.columns.len()];
        for epoch in self.epochs() {
            for mut answer in self.answers_of(case, criterion, &epoch)? {
                let column = epoch.columns[answer.time_point];
                answer.time_point = column;
                found[column] = Some(answer).filter(|_| self.has_something(column));
            }
        }
        Ok(found)
    }

    /// A visit at which nothing was measured is no assessment: it makes no sum incomplete.
    fn epochs(&self) -> Vec<Epoch> {
        let first = self.baselines.first().copied().unwrap_or(self.day_zero);
        let starts = if self.baselines.is_empty() { vec![first] } else { self.baselines.clone() };
        let of = |(at, start): (usize, &usize)| {
            let end = starts.get(at + 1).copied().unwrap_or(self.columns.len());
            // What is before the first baseline stands with it.
            let columns = (if at == 0 { 0 } else { *start })..end;
            let columns: Vec<usize> =
                columns.filter(|column| column == start || self.has_something(*column)).collect();
            let baseline = columns.iter().position(|column| column == start).unwrap_or(0);
            Epoch { columns, baseline }
        };
        starts.iter().enumerate().map(of).collect()
    }

    fn answers_of(
        &self,
        case: &Case,
        criterion: Criterion,
        epoch: &Epoch,
    ) -> Result<Vec<Answer>, TableError> {
        let doubts = self.doubts(case, epoch);
        let mut all = Vec::new();
        for choice in choices(&doubts) {
            all.push(answers(&self.response_table(case, epoch, &doubts, &choice)?, criterion));
        }
        let mut ways = all.into_iter();
        let mut first = ways.next().unwrap_or_default();
        let others: Vec<Vec<Answer>> = ways.collect();
        for (at, answer) in first.iter_mut().enumerate() {
            let column = epoch.columns.get(at).copied().unwrap_or_default();
            answer.cautions.extend(self.lines_said(case, column));
            // At the baseline and before it nothing is compared yet.
            let until = column.max(epoch.columns[epoch.baseline]);
            let open = doubts.iter().filter(|doubt| doubt.column <= until);
            let words: Vec<String> = open.map(|doubt| self.doubt_words(case, doubt)).collect();
            let differs = others.iter().any(|way| way.get(at).is_some_and(|a| a.category != answer.category));
            if differs {
                answer.category = Some(Category::NotEvaluable);
                answer.figures.clear();
                answer.why = words;
                answer.why.push(
                    "Not evaluable: the category depends on which of them counts. Choose one.".to_owned(),
                );
            } else {
                answer.cautions.extend(words);
            }
        }
        Ok(first)
    }

    fn doubts(&self, case: &Case, epoch: &Epoch) -> Vec<Doubt<'_>> {
        let is_target =
            |id: LesionId| case.lesion(id).is_some_and(|lesion| lesion.role == LesionRole::Target);
        let rows = self.rows.iter().enumerate().filter(|(_, (id, _))| is_target(*id));
        let mut found = Vec::new();
        for (row, (_, cells)) in rows {
            for column in &epoch.columns {
                let sizes = cells.get(*column).map(LedgerCell::contradicting).unwrap_or_default();
                if !sizes.is_empty() {
                    found.push(Doubt { row, column: *column, sizes });
                }
            }
        }
        found
    }

    fn doubt_words(&self, case: &Case, doubt: &Doubt<'_>) -> String {
        let name = self.rows.get(doubt.row).and_then(|(id, _)| case.lesion(*id));
        let name = name.map_or("", |lesion| lesion.name.as_str());
        let label = self.columns.get(doubt.column).map_or_else(String::new, column_label);
        format!("{name}, {label}: {} contradict each other, and none is chosen.", sizes_words(&doubt.sizes))
    }

    /// Lines of another length beside the size that counts, in sentences.
    fn lines_said(&self, case: &Case, column: usize) -> Vec<String> {
        let said = self.rows.iter().filter_map(|(id, cells)| {
            let lesion = case.lesion(*id).filter(|lesion| lesion.role == LesionRole::Target)?;
            let words = other_lines_words(cells.get(column)?)?;
            Some(format!("{}: {words}.", lesion.name))
        });
        said.collect()
    }

    /// The ledger as the response criteria read it; `choice` says which size counts in each doubt.
    fn response_table(
        &self,
        case: &Case,
        epoch: &Epoch,
        doubts: &[Doubt<'_>],
        choice: &[usize],
    ) -> Result<Table, TableError> {
        let start = epoch.columns[epoch.baseline];
        let chosen = |row: usize, column: usize| {
            let is = |doubt: &&Doubt<'_>| doubt.row == row && doubt.column == column;
            let (doubt, at) = doubts.iter().zip(choice).find(|(doubt, _)| is(doubt))?;
            doubt.sizes.get(*at).copied()
        };
        let mut rows = Vec::new();
        let mut lesions = Vec::new();
        for (index, (id, cells)) in self.rows.iter().enumerate() {
            let Some(lesion) = case.lesion(*id) else { continue };
            let states = self.course(lesion).states;
            let cell = |column: &usize| {
                let own = cells.get(*column)?;
                let size = chosen(index, *column).or_else(|| own.counting());
                let mut cell = response_cell(own, size)?;
                if states.get(*column).copied().flatten() == Some(State::Resected) {
                    cell.presence = Presence::Resected;
                }
                Some(cell)
            };
            let cells = epoch.columns.iter().map(cell).collect();
            // What was new before a later baseline is followed from there on.
            let there = states.get(start).copied().flatten().is_some_and(State::is_there);
            let is_later = Some(&start) != self.baselines.first();
            rows.push(row(lesion, cells, is_later && there));
            lesions.push(*id);
        }
        let points = epoch.columns.iter().filter_map(|at| self.columns.get(*at));
        let points = points
            .map(|column| TimePoint { label: column_label(column), day: column.day.map(|day| day as f64) });
        let table = Table::new(rows, points.collect(), epoch.baseline)?;
        Ok(table.with_operations(self.operations_among(&epoch.columns, &lesions)))
    }

    fn has_something(&self, column: usize) -> bool {
        self.rows.iter().any(|(_, cells)| cells.get(column).is_some_and(|cell| !cell.is_empty()))
    }
}

/// Every way to choose a size in each doubt, the sizes that count first; where that is too many, each doubt by itself.
fn choices(doubts: &[Doubt<'_>]) -> Vec<Vec<usize>> {
    let count = doubts.iter().try_fold(1_usize, |all, doubt| all.checked_mul(doubt.sizes.len()));
    let own = vec![0; doubts.len()];
    if count.is_none_or(|count| count > MOST_CHOICES) {
        let alone =
            doubts.iter().enumerate().flat_map(|(at, doubt)| (1..doubt.sizes.len()).map(move |to| (at, to)));
        let other = |(at, to): (usize, usize)| {
            let mut choice = own.clone();
            choice[at] = to;
            choice
        };
        return std::iter::once(own.clone()).chain(alone.map(other)).collect();
    }
    doubts.iter().enumerate().fold(vec![own], |ways, (at, doubt)| {
        let with = |way: Vec<usize>| {
            (0..doubt.sizes.len()).map(move |to| {
                let mut way = way.clone();
                way[at] = to;
                way
            })
        };
        ways.into_iter().flat_map(with).collect()
    })
}

/// `30.0 x 20.0 mm (measurement 3) and 24.0 x 18.0 mm (measurement 5)`.
fn sizes_words(sizes: &[&SizeDrawn]) -> String {
    let words: Vec<String> = sizes.iter().map(|size| size_words(size)).collect();
    words.join(" and ")
}

/// `30.0 x 20.0 mm (measurement 3)`.
pub fn size_words(size: &SizeDrawn) -> String {
    let axes: Vec<&super::Quantity> = size.axes.iter().map(|measured| &measured.quantity).collect();
    format!("{} (measurement {})", LabelStyle::default().size(&axes), size.id.0)
}

/// Which sizes contradict each other, in words; nothing where none do or the reader chose one.
pub(super) fn contradiction(cell: &LedgerCell) -> Option<String> {
    let sizes = cell.contradicting();
    (!sizes.is_empty()).then(|| format!("{} contradict each other", sizes_words(&sizes)))
}

fn other_lines_words(cell: &LedgerCell) -> Option<String> {
    let lines = cell.other_lines();
    let counting = cell.counting().filter(|_| !lines.is_empty())?;
    let words = sizes_words(&lines);
    Some(format!("{} counts, beside {words}", size_words(counting)))
}

/// How the sentences call a time point: never by its date, which is the patient's.
pub fn column_label(column: &LedgerColumn) -> String {
    let name = &column.point.name;
    if name.is_empty() { column.when.clone() } else { name.clone() }
}

fn row(lesion: &Lesion, cells: Vec<Option<Cell>>, is_known: bool) -> Row {
    Row {
        name: lesion.name.clone(),
        site: lesion.site.clone(),
        role: match lesion.role {
            LesionRole::Target => Role::Target,
            LesionRole::NonTarget => Role::NonTarget,
            LesionRole::New if is_known => Role::NonTarget,
            LesionRole::New => Role::New,
        },
        node: lesion.node,
        cells,
    }
}

/// A cell with one of the sizes drawn: the longest axis in the plane of measurement (RECIST 1.1, section 3.1.1), and the
/// one across it there.
pub(super) fn response_cell(cell: &LedgerCell, size: Option<&SizeDrawn>) -> Option<Cell> {
    if cell.is_empty() {
        return None;
    }
    // The rules are in mm in the patient: what is measured otherwise is no part of them.
    let value = |measured: &Option<Measured>, unit: &str| measured.as_ref()?.value_in(unit);
    let (longest_mm, short_mm) = size.map_or((None, None), SizeDrawn::in_plane_mm);
    // A measurement outweighs words that contradict it.
    let said = cell.reading.filter(|_| longest_mm.is_none());
    let presence = match said {
        Some(Reading::Absent) => Presence::Absent,
        Some(Reading::TooSmall) => Presence::TooSmall,
        Some(Reading::Resected) => Presence::Resected,
        Some(Reading::Recurrent) | None => Presence::Present,
    };
    let is_there = presence == Presence::Present;
    Some(Cell {
        presence,
        longest_mm,
        short_mm,
        volume_mm3: value(&cell.volume, "mL").map(|ml| ml * 1000.0).filter(|_| is_there),
        mean_hu: value(&cell.density, "HU"),
        slices: size.and_then(|size| size.slices),
        slice_thickness_mm: size.and_then(|size| size.thickness_mm),
        parts: size.and_then(|size| size.parts),
        recurrent: cell.reading == Some(Reading::Recurrent),
    })
}

/// Rules of measuring that a cell does not keep: said beside its numbers, never in their place.
pub fn cell_cautions(lesion: &Lesion, cells: &[LedgerCell], at: usize) -> Vec<String> {
    let Some(cell) = cells.get(at) else { return Vec::new() };
    let mut cautions = Vec::new();
    if let Some(thickness) = cell.thickness_mm.filter(|mm| *mm > THIN_SLICE_MM + 1e-6) {
        cautions.push(format!("measured on slices of {} mm: more than 5 mm", shortest(thickness, 2)));
    }
    if let Some(slices) = cell.slices.filter(|slices| *slices < LEAST_SLICES) {
        cautions.push(format!("partial volume: it spans {slices} slices, fewer than 3"));
    }
    cautions.extend(contradiction(cell).map(|sizes| format!("{sizes}: choose which counts")));
    cautions.extend(other_lines_words(cell));
    if let Some(parts) = cell.counting().and_then(|size| size.parts) {
        cautions
            .push(format!("the mask has {parts} separate parts: a diameter may reach from one to another"));
    }
    if cell.size.iter().any(|axis| axis.quantity.value < LEAST_LINE) {
        cautions.push("a line of no length is no size: read the lesion as gone where it is".to_owned());
    }
    if let Some(reading) = cell.reading.filter(|reading| *reading != Reading::Recurrent)
        && !cell.size.is_empty()
    {
        cautions.push(format!("read as {}, yet measured: the measurement counts", reading.name()));
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
