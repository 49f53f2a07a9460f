use serde_json::{Map, Value, json};

use crate::case::{
    Case, Clock, LabelStyle, Ledger, LedgerCell, LesionCourse, LesionId, Measured, column_label,
};
use crate::response::{Answer, Criterion, DISCLAIMER};
use crate::session::cell_lines;

/// The ledger and what the response criteria make of it, for scripts. No date: days are counted from the anchor of the case.
pub(super) fn ledger_json(case: &Case, ledger: &Ledger) -> Value {
    let clock = Clock::new(case, ledger, false);
    let columns: Vec<Value> = ledger
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let studies: Vec<&str> =
                column.point.studies.iter().map(crate::image::StudyUid::as_str).collect();
            let is_baseline = ledger.baselines.contains(&at);
            json!({ "name": column.point.name, "day": column.day.map(|day| clock.days(day)), "baseline": is_baseline, "studies": studies })
        })
        .collect();
    let rows: Vec<Value> = ledger
        .rows
        .iter()
        .filter_map(|(id, cells)| {
            let lesion = case.lesion(*id)?;
            let course = ledger.course(lesion);
            let cells: Vec<Value> =
                (0..cells.len()).map(|at| cell_json(case, *id, (cells, &course), at)).collect();
            let (name, site, role, node) = (&lesion.name, &lesion.site, lesion.role.name(), lesion.node);
            Some(json!({ "lesion": id.0, "name": name, "site": site, "role": role, "node": node, "cells": cells }))
        })
        .collect();
    let operations: Vec<Value> = ledger.operations.iter().map(operation_json).collect();
    json!({
        "time_points": columns,
        "days_from": clock.anchor(),
        "day_zero": ledger.day_zero,
        "operations": operations,
        "lesions": rows,
        "response": responses(case, ledger),
    })
}

/// The time points around an operation, counted from 1; `null` where none is known to be.
fn operation_json(operation: &crate::case::LedgerOperation) -> Value {
    let place = |column: Option<usize>| column.map(|column| column + 1);
    json!({
        "name": operation.name,
        "after_time_point": place(operation.after),
        "before_time_point": place(operation.before),
        "lesions": operation.lesions.as_ref().map(|of| of.iter().map(|id| id.0).collect::<Vec<_>>()),
    })
}

fn cell_json(case: &Case, id: LesionId, (cells, course): (&[LedgerCell], &LesionCourse), at: usize) -> Value {
    let cell = &cells[at];
    let value = |measured: Option<&Measured>| {
        measured.map(|measured| {
            let quantity = &measured.quantity;
            json!({ "measurement": measured.id.0, "value": quantity.value, "unit": quantity.unit.label() })
        })
    };
    let size: Vec<Value> = cell.size.iter().filter_map(|axis| value(Some(axis))).collect();
    let changed = course.changes.get(at).and_then(Option::as_ref);
    let change = |change: Option<crate::response::Change>| {
        let (change, of) = change.zip(changed)?;
        let basis = of.basis.name();
        Some(
            json!({ "basis": basis, "absolute": change.absolute, "unit": of.unit, "percent": change.percent }),
        )
    };
    let lesion = case.lesion(id);
    json!({
        "measurements": cell.measurements.iter().map(|id| id.0).collect::<Vec<_>>(),
        "reading": cell.reading,
        "state": course.states.get(at).copied().flatten().map(crate::response::State::name),
        "size": size,
        "size_of": cell.counts.map(|id| id.0),
        "product": value(cell.product.as_ref()),
        "volume": value(cell.volume.as_ref()),
        "density": value(cell.density.as_ref()),
        "suv": value(cell.suv.as_ref()),
        "suv_max": value(cell.suv_max.as_ref()),
        "change": change(changed.map(|of| of.change)),
        "change_since": changed.map(|of| json!({ "time_point": of.since + 1, "words": of.since_words })),
        "change_from_smallest": change(changed.and_then(|of| of.from_smallest)),
        "no_change": course.cuts.get(at).cloned().flatten(),
        "cautions": lesion.map(|lesion| crate::case::cell_cautions(lesion, cells, at)),
    })
}

fn responses(case: &Case, ledger: &Ledger) -> Value {
    if ledger.rows.is_empty() {
        return Value::Null;
    }
    let mut all = Map::new();
    all.insert("note".to_owned(), json!(DISCLAIMER));
    for criterion in Criterion::ALL {
        match ledger.answers(case, criterion) {
            Ok(answers) => {
                let list: Vec<Value> = answers.iter().flatten().map(answer_json).collect();
                all.insert(criterion.name().to_owned(), Value::Array(list));
            }
            Err(why) => return json!({ "problem": why.to_string() }),
        }
    }
    Value::Object(all)
}

fn answer_json(answer: &Answer) -> Value {
    let figures: Vec<Value> = answer
        .figures
        .iter()
        .map(|figure| json!({ "name": figure.name, "value": figure.value, "unit": figure.unit }))
        .collect();
    json!({
        "time_point": answer.time_point + 1,
        "category": answer.category.map(crate::response::Category::abbreviation),
        "figures": figures,
        "why": answer.why,
        "cautions": answer.cautions,
        "not_included": answer.not_included,
    })
}

/// The ledger for people: a line for each lesion and time point that holds something, then the criteria.
pub(super) fn ledger_lines(case: &Case, ledger: &Ledger) -> Vec<String> {
    let mut lines = Vec::new();
    for (id, cells) in &ledger.rows {
        let Some(lesion) = case.lesion(*id) else { continue };
        lines.push(format!("lesion {} \"{}\"", id.0, lesion.name));
        for (at, column) in ledger.columns.iter().enumerate().filter(|(at, _)| !cells[*at].is_empty()) {
            let day = column_label(column);
            let cell = cell_lines(case, ledger, (*id, at), LabelStyle::default());
            lines.push(format!("  {day}: {}", cell.join("; ")));
        }
    }
    if lines.is_empty() {
        return lines;
    }
    for criterion in Criterion::ALL {
        match ledger.answers(case, criterion) {
            Ok(answers) => lines.extend(answer_lines(ledger, criterion, &answers)),
            // It is the same of every criterion.
            Err(why) => {
                lines.push(format!("no response: {why}"));
                break;
            }
        }
    }
    lines
}

/// The categories in a line, then why, time point by time point.
fn answer_lines(ledger: &Ledger, criterion: Criterion, answers: &[Option<Answer>]) -> Vec<String> {
    let label = |at: usize| ledger.columns.get(at).map_or_else(String::new, column_label);
    let category = |(at, answer): (usize, &Option<Answer>)| match answer {
        None => Some(format!("{}: not measured", label(at))),
        Some(answer) => {
            let category = answer.category?;
            Some(format!("{}: {} ({})", label(at), category.abbreviation(), category.words()))
        }
    };
    let of: Vec<String> = answers.iter().enumerate().filter_map(category).collect();
    if !answers.iter().flatten().any(|answer| answer.category.is_some()) {
        return Vec::new();
    }
    let mut lines = vec![format!("{}: {}. {DISCLAIMER}", criterion.name(), of.join(", "))];
    for answer in answers.iter().flatten().filter(|answer| answer.category.is_some()) {
        let cautions = answer.cautions.iter().map(|caution| format!("\u{26a0} {caution}"));
        let why: Vec<String> = answer.why.iter().cloned().chain(cautions).collect();
        lines.push(format!("  {}: {}", label(answer.time_point), why.join(" ")));
    }
    lines
}
