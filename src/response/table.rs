//! Which lesions were measured when?

use super::check::{self, TableError};
use super::operation::Operation;

/// What a lesion is to the criteria (RECIST 1.1 section 4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Measured at every time point; its size is part of the sum.
    Target,
    /// Followed, not measured: is it still there?
    NonTarget,
    /// Not there at the baseline.
    New,
}

/// How a lesion was read at one time point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Presence {
    /// Seen. Only this state carries sizes.
    #[default]
    Present,
    /// Seen, but too small to measure: RECIST 1.1 section 4.3.2 counts 5 mm.
    TooSmall,
    /// Read as gone: counts 0 mm.
    Absent,
    /// Taken out by an operation: no response to a treatment, so it counts nothing at all.
    Resected,
}

/// One lesion at one time point.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Cell {
    /// How the lesion was read.
    pub presence: Presence,
    /// Longest diameter in mm.
    pub longest_mm: Option<f64>,
    /// Longest diameter at right angles to the longest one, in mm: the short axis of a node.
    pub short_mm: Option<f64>,
    /// Volume in mm3.
    pub volume_mm3: Option<f64>,
    /// Mean density in HU.
    pub mean_hu: Option<f64>,
    /// Number of slices on which the lesion is seen.
    pub slices: Option<usize>,
    /// Thickness of those slices in mm.
    pub slice_thickness_mm: Option<f64>,
    /// Separate parts of the outline that the sizes come from, where there are more than one.
    pub parts: Option<usize>,
    /// The reader says that the lesion came back after it had been removed.
    pub recurrent: bool,
}

impl Cell {
    /// Product of the two diameters in mm2, 0 for a lesion read as gone.
    pub fn product_mm2(&self) -> Option<f64> {
        match self.presence {
            Presence::Absent => Some(0.0),
            Presence::TooSmall | Presence::Resected => None,
            Presence::Present => Some(size_mm(self.longest_mm)? * size_mm(self.short_mm)?),
        }
    }

    /// Seen, measured or not.
    pub(super) fn is_there(&self) -> bool {
        matches!(self.presence, Presence::Present | Presence::TooSmall)
    }
}

/// A diameter that says how large something is. One of 0 mm says neither that nor that the lesion is gone: only the
/// reader says so (RECIST 1.1 section 4.3.2 lets a lesion that disappeared count 0 mm, not a line without length).
pub(super) fn size_mm(measured: Option<f64>) -> Option<f64> {
    measured.filter(|mm| *mm >= LEAST_LINE_MM)
}

/// A shorter line has its two ends at one place: no image tells a micrometre.
const LEAST_LINE_MM: f64 = 0.001;

/// One lesion through time.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Name of the lesion, as the sentences give it.
    pub name: String,
    /// Organ, for the rule of two targets per organ. "Left" and "right" do not make two organs of one.
    pub site: String,
    /// What the lesion is to the criteria.
    pub role: Role,
    /// Whether the lesion is a lymph node, which RECIST measures by its short axis.
    pub node: bool,
    /// One cell per time point; `None` where the lesion was not assessed.
    pub cells: Vec<Option<Cell>>,
}

impl Row {
    pub(super) fn cell(&self, time_point: usize) -> Option<&Cell> {
        self.cells.get(time_point)?.as_ref()
    }
}

/// One column of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct TimePoint {
    /// Name of the time point, as the sentences give it.
    pub label: String,
    /// Day of the examination, counted from any day the whole table shares.
    pub day: Option<f64>,
}

/// Lesions as rows, time points as columns in order, one of them the baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    rows: Vec<Row>,
    time_points: Vec<TimePoint>,
    baseline: usize,
    operations: Vec<Operation>,
}

impl Table {
    /// A table whose numbers are all usable: every row as long as the table, every value finite and no larger than
    /// 1e12, no size below 0, the days in order, no new lesion that is there at the baseline.
    pub fn new(rows: Vec<Row>, time_points: Vec<TimePoint>, baseline: usize) -> Result<Self, TableError> {
        check::time_points(&time_points, baseline)?;
        for row in &rows {
            check::row(row, &time_points)?;
            check::is_not_new_at(row, &time_points, baseline)?;
        }
        Ok(Self { rows, time_points, baseline, operations: Vec::new() })
    }

    /// The lesions.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The time points in order.
    pub fn time_points(&self) -> &[TimePoint] {
        &self.time_points
    }

    /// Index of the baseline among the time points.
    pub fn baseline(&self) -> usize {
        self.baseline
    }

    /// The operations.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    pub(super) fn place_operations(&mut self, operations: Vec<Operation>) {
        self.operations = operations;
    }

    pub(super) fn rows_mut(&mut self) -> &mut [Row] {
        &mut self.rows
    }

    pub(super) fn label(&self, time_point: usize) -> &str {
        self.time_points.get(time_point).map_or("", |t| t.label.as_str())
    }

    /// What had been taken out by the time of the baseline is no target or non-target of it.
    pub(super) fn with_role(&self, role: Role) -> impl Iterator<Item = &Row> {
        let removed = |row: &Row| row.cell(self.baseline).is_some_and(|c| c.presence == Presence::Resected);
        self.rows.iter().filter(move |row| row.role == role && (role == Role::New || !removed(row)))
    }
}
