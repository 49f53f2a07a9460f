use std::collections::HashSet;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{StoreError, write_atomic};
use crate::case::Case;

/// The version of case files that this program writes, and the newest that it reads.
pub const CASE_VERSION: u64 = 1;

const FORMAT: &str = "isodense-case";
const COORDINATES: &str = "LPS";
const UNITS: &str = "mm";

/// No case comes near: 64 MB.
const MOST_BYTES: u64 = 64 << 20;

/// The head comes first, so that a person and `file` see at once what this is.
#[derive(Serialize)]
struct Document<'a> {
    format: &'a str,
    version: u64,
    coordinate_system: &'a str,
    units: &'a str,
    #[serde(flatten)]
    case: &'a Case,
}

/// What every version of the format must have.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u64,
}

#[derive(Deserialize)]
struct Body {
    #[serde(rename = "format")]
    _format: String,
    #[serde(rename = "version")]
    _version: u64,
    coordinate_system: String,
    units: String,
    #[serde(flatten)]
    case: Case,
}

/// Writes a case, whole or not at all.
///
/// A file that is there and is no case, or one of a newer version, is never overwritten.
pub fn save_case(path: &Path, case: &Case) -> Result<(), StoreError> {
    let bytes = case_bytes(path, case)?;
    match std::fs::metadata(path) {
        Ok(there) if there.is_file() && there.len() > 0 => {
            head(path, &read(path)?)?;
        }
        Ok(_) | Err(_) => {}
    }
    write_atomic(path, &bytes)
}

/// Reads a case.
pub fn load_case(path: &Path) -> Result<Case, StoreError> {
    let bytes = read(path)?;
    head(path, &bytes)?;
    let body: Body = serde_json::from_slice(&bytes).map_err(|error| damaged(path, &error.to_string()))?;
    if body.coordinate_system != COORDINATES || body.units != UNITS {
        return Err(damaged(path, "points are not in LPS and mm"));
    }
    sound(path, body.case)
}

/// The case as a JSON document.
pub(super) fn case_value(case: &Case) -> Result<Value, StoreError> {
    finite(case)?;
    serde_json::to_value(document(case)).map_err(|error| damaged(Path::new("the case"), &error.to_string()))
}

/// The case of a JSON document that stands inside another file.
pub(super) fn case_from_value(path: &Path, value: &Value) -> Result<Case, StoreError> {
    head_of(path, Head::deserialize(value).ok())?;
    let body = Body::deserialize(value).map_err(|error| damaged(path, &error.to_string()))?;
    sound(path, body.case)
}

fn document(case: &Case) -> Document<'_> {
    Document { format: FORMAT, version: CASE_VERSION, coordinate_system: COORDINATES, units: UNITS, case }
}

fn case_bytes(path: &Path, case: &Case) -> Result<Vec<u8>, StoreError> {
    finite(case)?;
    let mut bytes =
        serde_json::to_vec_pretty(&document(case)).map_err(|error| damaged(path, &error.to_string()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn damaged(path: &Path, reason: &str) -> StoreError {
    StoreError::Damaged { path: path.to_owned(), reason: reason.to_owned() }
}

/// JSON has no word for NaN: it would become `null` and the case could not be read again.
fn finite(case: &Case) -> Result<(), StoreError> {
    let broken = case
        .measurements
        .iter()
        .find(|m| !m.points.is_finite() || m.label_offset.is_some_and(|offset| !offset.is_finite()));
    if let Some(m) = broken {
        return Err(StoreError::NotFinite { id: m.id.0 });
    }
    let shown = case.workspace.iter().flat_map(|workspace| workspace.viewports.iter().flatten());
    let mut views = case.key_images.iter().map(|key| &key.view).chain(shown);
    if views.all(|view| view.is_sound()) { Ok(()) } else { Err(StoreError::UnsoundView) }
}

/// The case if it can be used. A view that cannot be shown leaves an empty place: it is no reason to refuse the rest.
fn sound(path: &Path, mut case: Case) -> Result<Case, StoreError> {
    check(path, &case)?;
    if let Some(workspace) = &mut case.workspace
        && workspace.viewports.iter().flatten().any(|view| !view.is_sound())
    {
        for view in &mut Arc::make_mut(workspace).viewports {
            *view = view.take().filter(|view| view.is_sound());
        }
    }
    Ok(case)
}

/// What serde cannot know: ids are unique and every kind has its number of points.
fn check(path: &Path, case: &Case) -> Result<(), StoreError> {
    let mut seen = HashSet::new();
    for measurement in &case.measurements {
        let id = measurement.id.0;
        if !seen.insert(id) {
            return Err(damaged(path, &format!("two measurements have the id {id}")));
        }
        let (least, most) = measurement.kind.point_count();
        let found = measurement.points.len();
        if !(least..=most).contains(&found) {
            let kind = measurement.kind.name();
            return Err(damaged(path, &format!("measurement {id} ({kind}) has {found} points")));
        }
    }
    let mut keys = HashSet::new();
    for key in &case.key_images {
        let id = key.id.0;
        if !keys.insert(id) {
            return Err(damaged(path, &format!("two key images have the id {id}")));
        }
        if !key.view.is_sound() {
            return Err(damaged(path, &format!("the view of key image {id} cannot be shown")));
        }
    }
    Ok(())
}

/// The whole file, if a case could be that big.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, StoreError> {
    // Opening a pipe waits for a writer that may never come.
    let there = std::fs::metadata(path).map_err(StoreError::read(path))?;
    if !there.is_file() {
        return Err(StoreError::NotACase { path: path.to_owned() });
    }
    let file = File::open(path).map_err(StoreError::read(path))?;
    let bytes = file.metadata().map_err(StoreError::read(path))?.len();
    if bytes > MOST_BYTES {
        return Err(StoreError::TooBig { path: path.to_owned(), bytes });
    }
    let mut content = Vec::new();
    // A pipe or a growing file has no honest length.
    file.take(MOST_BYTES + 1).read_to_end(&mut content).map_err(StoreError::read(path))?;
    if content.len() as u64 > MOST_BYTES {
        return Err(StoreError::TooBig { path: path.to_owned(), bytes: content.len() as u64 });
    }
    Ok(content)
}

/// Whether these bytes are a case that this version may read and overwrite.
fn head(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    match serde_json::from_slice::<Head>(bytes) {
        Ok(head) => head_of(path, Some(head)),
        // A case that was cut off still says so at its start.
        Err(error) if starts_like_a_case(bytes) => Err(damaged(path, &error.to_string())),
        Err(_) => head_of(path, None),
    }
}

fn head_of(path: &Path, head: Option<Head>) -> Result<(), StoreError> {
    match head {
        Some(head) if head.format == FORMAT && head.version > CASE_VERSION => {
            Err(StoreError::Newer { path: path.to_owned(), version: head.version })
        }
        Some(head) if head.format == FORMAT && head.version > 0 => Ok(()),
        Some(_) | None => Err(StoreError::NotACase { path: path.to_owned() }),
    }
}

fn starts_like_a_case(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).replace(char::is_whitespace, "");
    start.starts_with("{\"format\":\"isodense-case\"")
}
