//! Worked examples by hand, boundaries, and what holds for every table.
#![expect(clippy::unnecessary_wraps, reason = "the cells of a row are optional, so their makers are")]

mod any_table;
mod changes;
mod choi;
mod courses;
mod guards;
mod operations;
mod rano;
mod recist;
mod recist_nodes;
mod recist_rules;

use super::{Answer, Category, Cell, Criterion, Presence, Role, Row, Table, TimePoint, answer};

pub(super) const CR: Option<Category> = Some(Category::CompleteResponse);
pub(super) const PR: Option<Category> = Some(Category::PartialResponse);
pub(super) const SD: Option<Category> = Some(Category::StableDisease);
pub(super) const PD: Option<Category> = Some(Category::ProgressiveDisease);
pub(super) const NE: Option<Category> = Some(Category::NotEvaluable);

pub(super) const GONE: Option<Cell> = Some(cell(Presence::Absent, None, None));
pub(super) const SMALL: Option<Cell> = Some(cell(Presence::TooSmall, None, None));
pub(super) const RESECTED: Option<Cell> = Some(cell(Presence::Resected, None, None));
pub(super) const SEEN: Option<Cell> = Some(cell(Presence::Present, None, None));

pub(super) const fn cell(presence: Presence, longest_mm: Option<f64>, short_mm: Option<f64>) -> Cell {
    Cell {
        presence,
        longest_mm,
        short_mm,
        volume_mm3: None,
        mean_hu: None,
        slices: None,
        slice_thickness_mm: None,
        parts: None,
        recurrent: false,
    }
}

pub(super) fn long(mm: f64) -> Option<Cell> {
    Some(cell(Presence::Present, Some(mm), None))
}

pub(super) fn cross(longest: f64, short: f64) -> Option<Cell> {
    Some(cell(Presence::Present, Some(longest), Some(short)))
}

pub(super) fn dense(mm: f64, hu: f64) -> Option<Cell> {
    Some(Cell { mean_hu: Some(hu), ..cell(Presence::Present, Some(mm), None) })
}

pub(super) fn row(name: &str, role: Role, cells: &[Option<Cell>]) -> Row {
    Row { name: name.to_owned(), site: name.to_owned(), role, node: false, cells: cells.to_vec() }
}

pub(super) fn target(name: &str, cells: &[Option<Cell>]) -> Row {
    row(name, Role::Target, cells)
}

/// A target with these longest diameters.
pub(super) fn lengths(name: &str, mm: &[f64]) -> Row {
    target(name, &mm.iter().map(|mm| long(*mm)).collect::<Vec<_>>())
}

/// A target node with these short axes.
pub(super) fn node(name: &str, mm: &[f64]) -> Row {
    let cells: Vec<_> = mm.iter().map(|mm| cross(mm * 1.5, *mm)).collect();
    Row { node: true, ..target(name, &cells) }
}

pub(super) fn columns(count: usize) -> Vec<TimePoint> {
    (0..count).map(|i| TimePoint { label: format!("T{i}"), day: Some(i as f64 * 60.0) }).collect()
}

pub(super) fn table(rows: Vec<Row>) -> Table {
    let count = rows.first().map_or(2, |row| row.cells.len());
    Table::new(rows, columns(count), 0).unwrap()
}

pub(super) fn at(table: &Table, criterion: Criterion, time_point: usize) -> Answer {
    answer(table, criterion, time_point).unwrap()
}

pub(super) fn categories(table: &Table, criterion: Criterion) -> Vec<Option<Category>> {
    super::answers(table, criterion).into_iter().map(|a| a.category).collect()
}

pub(super) fn figure(answer: &Answer, name: &str, unit: &str) -> f64 {
    let found = answer.figures.iter().find(|f| f.name == name && f.unit == unit);
    found.unwrap_or_else(|| panic!("no {name} in {unit}: {:?}", answer.figures)).value
}

#[track_caller]
pub(super) fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-9 * b.abs().max(1.0), "{a} is not {b}");
}

pub(super) fn says(lines: &[String], part: &str) -> bool {
    lines.iter().any(|line| line.contains(part))
}
