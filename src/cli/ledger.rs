use serde_json::{Map, Value, json};

use crate::case::{Case, LabelStyle, Ledger, LedgerCell, Measured, column_label};
use crate::response::{Answer, Criterion, DISCLAIMER};
use crate::session::cell_lines;

/// The ledger and what the response criteria make of it, for scripts. No date: days are counted from day 0.
pub(super) fn ledger_json(case: &Case, ledger: &Ledger) -> Value {
    let columns: Vec<Value> = ledger
        .columns
        .iter()
        .map(|column| {
            let studies: Vec<&str> =
                column.point.studies.iter().map(crate::image::StudyUid::as_str).collect();
            json!({ "name": column.point.name, "day": column.day, "studies": studies })
        })
        .collect();
    let rows: Vec<Value> = ledger
        .rows
        .iter()
        .filter_map(|(id, cells)| {
            let lesion = case.lesion(*id)?;
            let cells: Vec<Value> = (0..cells.len()).map(|at| cell_json(case, ledger, *id, cells, at)).collect();
            let (name, site, role, node) = (&lesion.name, &lesion.site, lesion.role.name(), lesion.node);
            Some(json!({ "lesion": id.0, "name": name, "site": site, "role": role, "node": node, "cells": cells }))
        })
        .collect();
    json!({ "time_points": columns, "day_zero": ledger.day_zero, "lesions": rows, "response": responses(case, ledger) })
}

fn cell_json(
    case: &Case,
    ledger: &Ledger,
    id: crate::case::LesionId,
    cells: &[LedgerCell],
    at: usize,
) -> Value {
    let cell = &cells[at];
    let value = |measured: Option<&Measured>| {
        measured.map(|measured| {
            let quantity = &measured.quantity;
            json!({ "measurement": measured.id.0, "value": quantity.value, "unit": quantity.unit.label() })
        })
    };
    let size: Vec<Value> = cell.size.iter().filter_map(|axis| value(Some(axis))).collect();
    let unit = cell.longest().map_or("mm", |longest| longest.quantity.unit.label());
    let step = crate::case::cell_steps(ledger, cells).into_iter().nth(at).flatten();
    let change = |change: Option<crate::response::Change>| {
        change.map(|change| json!({ "absolute": change.absolute, "unit": unit, "percent": change.percent }))
    };
    let lesion = case.lesion(id);
    json!({
        "measurements": cell.measurements.iter().map(|id| id.0).collect::<Vec<_>>(),
        "reading": cell.reading,
        "size": size,
        "product": value(cell.product.as_ref()),
        "volume": value(cell.volume.as_ref()),
        "density": value(cell.density.as_ref()),
        "suv": value(cell.suv.as_ref()),
        "suv_max": value(cell.suv_max.as_ref()),
        "from_day_zero": change(step.and_then(|step| step.from_baseline)),
        "from_smallest": change(step.and_then(|step| step.from_nadir)),
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
            let day = column_label(column, at);
            let cell = cell_lines(case, ledger, (*id, at), LabelStyle::default());
            lines.push(format!("  {day}: {}", cell.join("; ")));
        }
    }
    if lines.is_empty() {
        return lines;
    }
    for criterion in Criterion::ALL {
        let Ok(answers) = ledger.answers(case, criterion) else { return lines };
        let of: Vec<String> = answers
            .iter()
            .flatten()
            .filter_map(|answer| {
                let column = ledger.columns.get(answer.time_point)?;
                Some(format!(
                    "{} {}",
                    column_label(column, answer.time_point),
                    answer.category?.abbreviation()
                ))
            })
            .collect();
        if !of.is_empty() {
            lines.push(format!("{}: {} ({DISCLAIMER})", criterion.name(), of.join(", ")));
        }
    }
    lines
}
