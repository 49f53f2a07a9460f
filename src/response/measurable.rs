//! Could the targets be measured at the baseline at all?

use super::answer::Criterion;
use super::table::{Cell, Presence, Role, Row, Table, size_mm};
use super::threshold::{NORMAL_NODE_MM, at_least};
use super::words::number;

/// Thickest slice for which the least measurable size holds, in mm; above it the least is twice the slice (RECIST
/// 1.1 section 3.2 and Appendix II, taken over by RANO and RANO-BM).
pub const THIN_SLICE_MM: f64 = 5.0;

/// Least longest diameter that can be measured on thin slices, in mm (RECIST 1.1 section 3.1.1).
pub const LEAST_MM: f64 = 10.0;
const LEAST_NODE_MM: f64 = 15.0;
const LEAST_ACROSS_BM_MM: f64 = 5.0;
const LEAST_SLICES: usize = 2;

/// Cautions for every target as it was at the baseline.
pub(super) fn cautions(table: &Table, criterion: Criterion) -> Vec<String> {
    let mut found = Vec::new();
    for row in table.with_role(Role::Target) {
        let Some(cell) = row.cell(table.baseline()) else { continue };
        let reasons = match (cell.presence, criterion) {
            (Presence::Absent, _) => vec!["it was read as gone".to_owned()],
            (Presence::Resected, _) => vec!["it had been taken out".to_owned()],
            (Presence::TooSmall, _) => vec!["it was too small to measure".to_owned()],
            (Presence::Present, Criterion::Recist) => recist(row, cell),
            (Presence::Present, Criterion::Rano) => brain(cell, least(LEAST_MM, cell), "RANO 2010"),
            (Presence::Present, Criterion::RanoBm) => brain(cell, LEAST_ACROSS_BM_MM, "RANO-BM"),
            (Presence::Present, Criterion::Choi) => Vec::new(),
        };
        found.extend(
            reasons
                .iter()
                .map(|why| format!("{} was no measurable target at the baseline: {why}.", row.name)),
        );
    }
    found
}

/// The least measurable size on these slices, in mm.
fn least(thin: f64, cell: &Cell) -> f64 {
    match cell.slice_thickness_mm {
        Some(slice) if !at_least(THIN_SLICE_MM, slice) => thin.max(2.0 * slice),
        Some(_) | None => thin,
    }
}

/// RECIST 1.1 sections 3.1.1, and 4.2 for what a smaller node is.
fn recist(row: &Row, cell: &Cell) -> Vec<String> {
    let (name, size, thin) = if row.node {
        ("short axis", cell.short_mm, LEAST_NODE_MM)
    } else {
        ("longest diameter", cell.longest_mm, LEAST_MM)
    };
    let Some(why) = under(name, size, least(thin, cell)) else { return Vec::new() };
    let node = match size {
        Some(mm) if row.node && !at_least(mm, NORMAL_NODE_MM) => "; a node under 10 mm is normal",
        Some(mm) if row.node && !at_least(mm, LEAST_NODE_MM) => "; a node of 10 to 15 mm is a non-target",
        Some(_) | None => "",
    };
    vec![format!("{why}{node}")]
}

/// Wen 2010 and Lin 2015, "measurable disease".
fn brain(cell: &Cell, across: f64, name: &str) -> Vec<String> {
    let mut found: Vec<String> = [
        under("longest diameter", cell.longest_mm, least(LEAST_MM, cell)),
        under("diameter across", cell.short_mm, across),
    ]
    .into_iter()
    .flatten()
    .collect();
    if let Some(slices) = cell.slices
        && slices < LEAST_SLICES
    {
        found.push(format!("it is seen on {slices} slice, and {name} asks for {LEAST_SLICES}"));
    }
    found
}

fn under(name: &str, size: Option<f64>, least: f64) -> Option<String> {
    let size = size_mm(size).filter(|mm| !at_least(*mm, least))?;
    Some(format!("its {name} was {} mm, and the least is {} mm", number(size), number(least)))
}
