//! How did each value of a lesion change?

use super::change::{Step, steps};
use super::table::{Cell, Presence, Table};

/// A value the ledger follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// Longest diameter.
    Longest,
    /// Longest diameter at right angles to it.
    Short,
    /// Product of the two.
    Product,
    /// Volume.
    Volume,
    /// Mean density.
    MeanHu,
}

impl Quantity {
    /// Every quantity, in the order of the ledger.
    pub const ALL: [Self; 5] = [Self::Longest, Self::Short, Self::Product, Self::Volume, Self::MeanHu];

    /// Unit of the value.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Longest | Self::Short => "mm",
            Self::Product => "mm2",
            Self::Volume => "mm3",
            Self::MeanHu => "HU",
        }
    }

    /// The value of a cell: what was measured, 0 for the size of a lesion read as gone. The 5 mm of a lesion too
    /// small to measure belong to the sum of the criteria and are no measurement, so they are not here.
    pub fn of(self, cell: &Cell) -> Option<f64> {
        let gone = (cell.presence == Presence::Absent).then_some(0.0);
        match self {
            Self::Longest => cell.longest_mm.or(gone),
            Self::Short => cell.short_mm.or(gone),
            Self::Product => cell.product_mm2(),
            Self::Volume => cell.volume_mm3.or(gone),
            Self::MeanHu => cell.mean_hu,
        }
    }
}

/// One value of one lesion through time, with its changes, whatever was done between. Empty when there is no such row.
pub fn ledger(table: &Table, row: usize, quantity: Quantity) -> Vec<Option<Step>> {
    let Some(row) = table.rows().get(row) else { return Vec::new() };
    let values: Vec<_> = row.cells.iter().map(|cell| quantity.of(cell.as_ref()?)).collect();
    steps(&values, table.baseline())
}
