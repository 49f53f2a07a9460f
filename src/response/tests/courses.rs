//! 2,000 random courses, judged by a script that was written from the paper: `tests/response/courses.py`.

use std::collections::HashMap;

use serde_json::Value;

use super::super::{Category, Operation, Table, answers};
use super::*;

const COURSES: &str = include_str!("../../../tests/response/courses.json");

/// A cell as the script writes it: of a node the number is the short axis.
fn cell_of(word: &str, is_node: bool) -> Option<Cell> {
    Some(match word {
        "." => return None,
        "a" => cell(Presence::Absent, None, None),
        "s" => cell(Presence::TooSmall, None, None),
        "x" => cell(Presence::Resected, None, None),
        "p" => cell(Presence::Present, None, None),
        tenths => {
            let mm = tenths.parse::<f64>().unwrap() / 10.0;
            cell(Presence::Present, Some(if is_node { mm * 1.5 } else { mm }), Some(mm).filter(|_| is_node))
        }
    })
}

fn lesion(text: &str) -> Row {
    let (kind, cells) = text.split_once(' ').unwrap();
    let node = kind.chars().all(char::is_lowercase);
    let role = match kind.to_uppercase().as_str() {
        "T" => Role::Target,
        "N" => Role::NonTarget,
        "W" => Role::New,
        other => panic!("{other}"),
    };
    let cells: Vec<_> = cells.split(' ').map(|word| cell_of(word, node)).collect();
    Row { node, ..row(text, role, &cells) }
}

fn operation(text: &str) -> Operation {
    let (after, before) = text.split_once('-').unwrap();
    let place = |text: &str| Some(text.parse().unwrap());
    Operation { name: text.to_owned(), after: place(after), before: place(before), rows: None }
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

#[test]
fn two_thousand_courses_are_judged_as_an_independent_script_judges_them() {
    let courses: Vec<Value> = serde_json::from_str(COURSES).unwrap();
    assert_eq!(courses.len(), 2000);
    let mut met: HashMap<String, usize> = HashMap::new();
    let mut differ = Vec::new();
    for course in &courses {
        let baseline = usize::try_from(course[0].as_u64().unwrap()).unwrap();
        let rows: Vec<Row> = texts(&course[2]).into_iter().map(lesion).collect();
        let count = rows[0].cells.len();
        let table = Table::new(rows, columns(count), baseline).unwrap();
        let table = table.with_operations(texts(&course[1]).into_iter().map(operation).collect());
        let found: Vec<&str> = answers(&table, Criterion::Recist)
            .into_iter()
            .map(|answer| answer.category.map_or("-", Category::abbreviation))
            .collect();
        for category in &found {
            *met.entry((*category).to_owned()).or_default() += 1;
        }
        if found != texts(&course[3]) {
            differ.push(format!("{course}: {found:?}"));
        }
    }
    assert!(differ.is_empty(), "{} differ, such as {:#?}", differ.len(), &differ[..differ.len().min(5)]);
    // No category is left untried.
    for category in ["CR", "PR", "SD", "PD", "NE", "Non-CR/non-PD"] {
        assert!(met.get(category).is_some_and(|count| *count > 50), "{category}: {met:?}");
    }
}
