use serde_json::{Value, json};

use super::CliError;
use super::arguments::Tags as Question;
use super::console::Console;
use crate::dicom::{ElementQuery, ElementRow, read_elements};

pub(super) fn run(question: &Question, console: &mut Console<'_>) -> Result<u8, CliError> {
    let hidden = !question.show_patient_data;
    let list = read_elements(&question.path)
        .map_err(|error| CliError::failed(format!("{error}: {}", question.path.display())))?;
    let query = ElementQuery::new(question.find.as_deref().unwrap_or_default());
    let found: Vec<&ElementRow> = list.rows.iter().filter(|row| query.matches(row, hidden)).collect();
    if question.json {
        let rows: Vec<Value> = found.iter().map(|row| as_json(row, hidden)).collect();
        console.json(&json!({ "elements": rows, "notes": list.notes, "patient_data_hidden": hidden }))?;
    } else {
        for row in &found {
            console.line(&row.line(hidden))?;
        }
        for note in &list.notes {
            console.note(&format!("note: {note}"))?;
        }
    }
    // As with grep: nothing was found.
    Ok(u8::from(found.is_empty()))
}

fn as_json(row: &ElementRow, hidden: bool) -> Value {
    let is_hidden = row.is_hidden(hidden);
    json!({
        "tag": row.tag(),
        "vr": row.vr(),
        "vr_in_file": row.vr_in_file(),
        "name": row.name(),
        "keyword": row.keyword,
        "creator": row.creator.as_deref(),
        "depth": row.depth,
        "offset": row.offset,
        "length": row.length,
        "value": if is_hidden { Value::Null } else { row.value(false).into() },
        "hidden": is_hidden,
    })
}
