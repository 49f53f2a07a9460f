//! Which rules of the criterion do these measurements not keep?

use super::answer::Criterion;
use super::lesions::Seen;
use super::measurable::{self, THIN_SLICE_MM};
use super::table::{Cell, Presence, Role, Row, Table, size_mm};
use super::threshold::{at_least, is_gone, is_gone_or_normal};
use super::words::{list, number};

/// RECIST 1.1 section 4.2, Wen 2010 and Lin 2015.
const MOST_TARGETS: usize = 5;
/// RECIST 1.1 section 4.2.
const MOST_PER_ORGAN: usize = 2;

pub(super) fn all(
    table: &Table,
    criterion: Criterion,
    time_point: usize,
    was_progressive: bool,
) -> Vec<String> {
    let mut found: Vec<String> = too_many(table, criterion).into_iter().collect();
    if criterion == Criterion::Recist {
        found.extend(too_many_per_organ(table));
    }
    if time_point >= table.baseline() {
        found.extend(measurable::cautions(table, criterion));
    }
    for row in table.with_role(Role::Target) {
        if let Some(cell) = row.cell(time_point) {
            found.extend(of_cell(row, cell, criterion));
        }
    }
    found.extend(new_lesions(table, criterion, time_point));
    if was_progressive {
        let caution = "An earlier time point was progression already; a later category does not undo it.";
        found.push(caution.to_owned());
    }
    found
}

fn too_many(table: &Table, criterion: Criterion) -> Option<String> {
    let names: Vec<&str> = table.with_role(Role::Target).map(|row| row.name.as_str()).collect();
    let limited = match criterion {
        Criterion::Recist | Criterion::Rano | Criterion::RanoBm => names.len() > MOST_TARGETS,
        // Choi 2007 selected targets by RECIST 1.0 and states no number of its own.
        Criterion::Choi => false,
    };
    limited.then(|| {
        format!(
            "{} target lesions, and {} takes at most {MOST_TARGETS}: {}. The sum takes all of them.",
            names.len(),
            criterion.name(),
            list(&names)
        )
    })
}

/// Nodes are one organ, and so is a pair (EORTC, "Paired organs" and "Two target lesions").
fn too_many_per_organ(table: &Table) -> Vec<String> {
    let mut organs: Vec<(String, Vec<&str>)> = Vec::new();
    let mut unnamed = Vec::new();
    for row in table.with_role(Role::Target) {
        let organ = organ(row);
        if organ.is_empty() {
            unnamed.push(row.name.as_str());
        } else if let Some((_, names)) = organs.iter_mut().find(|(name, _)| *name == organ) {
            names.push(&row.name);
        } else {
            organs.push((organ, vec![&row.name]));
        }
    }
    let over = organs.into_iter().filter(|(_, names)| names.len() > MOST_PER_ORGAN);
    let mut found: Vec<String> = over.map(|(organ, names)| per_organ(&organ, &names)).collect();
    if !unnamed.is_empty() && table.with_role(Role::Target).nth(MOST_PER_ORGAN).is_some() {
        let names = list(&unnamed);
        found.push(format!("No organ given, so the two targets per organ are not checked: {names}."));
    }
    found
}

fn per_organ(organ: &str, names: &[&str]) -> String {
    let count = names.len();
    format!(
        "{count} target lesions in {organ}, and RECIST 1.1 takes at most {MOST_PER_ORGAN}: {}.",
        list(names)
    )
}

fn organ(row: &Row) -> String {
    if row.node {
        return "lymph nodes".to_owned();
    }
    let site = row.site.to_lowercase();
    let words = site.split_whitespace().filter(|word| !matches!(*word, "left" | "right" | "both"));
    words.collect::<Vec<_>>().join(" ")
}

fn of_cell(row: &Row, cell: &Cell, criterion: Criterion) -> Vec<String> {
    let name = &row.name;
    let mut found = Vec::new();
    if let Some(slice) = cell.slice_thickness_mm.filter(|slice| !at_least(THIN_SLICE_MM, *slice)) {
        found.push(format!("{name}: slices of {} mm, and the criteria ask for 5 mm or less.", number(slice)));
    }
    if let (Some(longest), Some(short)) = (cell.longest_mm, cell.short_mm)
        && !at_least(longest, short)
    {
        found.push(format!("{name}: the diameter across is longer than the longest diameter."));
    }
    if let Some(half) = half_measured(row, cell, criterion) {
        found.push(format!("{name}: {half}"));
    }
    if cell.presence == Presence::TooSmall {
        found.push(format!("{name}: {}", too_small(criterion)));
    }
    if [cell.longest_mm, cell.short_mm].iter().any(|mm| mm.is_some() && size_mm(*mm).is_none()) {
        found.push(format!(
            "{name}: a line of 0 mm is no size. Where the lesion is gone, it must be read as gone."
        ));
    }
    if let Some(parts) = cell.parts.filter(|parts| *parts > 1) {
        found.push(format!(
            "{name}: its mask has {parts} separate parts, and a diameter may reach from one to another."
        ));
    }
    found
}

/// Why a lesion with a longest diameter is still not measured for the criterion.
fn half_measured(row: &Row, cell: &Cell, criterion: Criterion) -> Option<&'static str> {
    if cell.presence != Presence::Present || cell.longest_mm.is_none() || cell.short_mm.is_some() {
        return None;
    }
    match criterion {
        Criterion::Recist if row.node => Some("a node counts by its short axis, which was not measured."),
        Criterion::Rano => Some("the diameter across was not measured, so there is no product."),
        Criterion::Recist | Criterion::RanoBm | Criterion::Choi => None,
    }
}

fn too_small(criterion: Criterion) -> &'static str {
    match criterion {
        Criterion::Recist => "too small to measure, counted as 5 mm (section 4.3.2).",
        Criterion::RanoBm => "too small to measure, counted as 5 mm, as in RECIST 1.1.",
        Criterion::Choi => "too small to measure, counted as 5 mm as in RECIST 1.1; Choi states no value.",
        Criterion::Rano => {
            "too small to measure; RANO 2010 states no value for it, so measure it or read it as gone."
        }
    }
}

fn new_lesions(table: &Table, criterion: Criterion, time_point: usize) -> Vec<String> {
    let mut found = Vec::new();
    let seen = |at, gone| Seen::at(table, Role::New, at, gone).there;
    // At the baseline itself the table is refused.
    for at in 0..table.baseline() {
        let early = seen(at, is_gone);
        if !early.is_empty() {
            let label = table.label(at);
            found.push(format!(
                "Recorded as new, yet seen at {label}, not after the baseline: {}.",
                list(&early)
            ));
        }
    }
    if criterion == Criterion::Recist && time_point > table.baseline() {
        let counted = seen(time_point, is_gone_or_normal);
        let mut normal = seen(time_point, is_gone);
        normal.retain(|name| !counted.contains(name));
        if !normal.is_empty() {
            found.push(format!("Not counted as new, being a node under 10 mm: {}.", list(&normal)));
        }
    }
    found
}
