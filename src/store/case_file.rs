use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::atomic::write_to;
use super::check::{finite, sound};
use super::{Stamp, StoreError, versions, write_atomic};
use crate::case::Case;
use crate::files::Target;

/// The version of case files that this program writes, and the newest that it understands whole.
///
/// It rises whenever an older program would not read, or read wrongly, what this one writes. 2 brought lesions, time
/// points and six kinds of measurements.
pub const CASE_VERSION: u64 = 2;

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

/// A case as its file holds it.
#[derive(Debug, Clone)]
pub struct OpenedCase {
    /// The case, as far as this version understands it.
    pub case: Case,
    /// What the file held.
    pub stamp: Stamp,
    /// Set when a newer version wrote the file: it must not be written over.
    pub newer: Option<NewerCase>,
    /// References to nothing that were let go, in words.
    pub mended: Vec<String>,
}

/// What is known of a case that a newer version wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewerCase {
    /// The version of its file.
    pub version: u64,
    /// Entries that this version does not understand and left out.
    pub left_out: usize,
}

/// Writes a case, whole or not at all.
///
/// A file that is there and is no case, or one of a newer version, is never overwritten.
pub fn save_case(path: &Path, case: &Case) -> Result<(), StoreError> {
    save_case_over(path, case, None).map(drop)
}

/// Writes a case as [`save_case`] does, and only over what is known; what the file holds now.
///
/// With `known`, a file that holds anything else was changed by somebody and is left alone.
pub fn save_case_over(path: &Path, case: &Case, known: Option<Stamp>) -> Result<Stamp, StoreError> {
    let bytes = case_bytes(path, case)?;
    match std::fs::metadata(path) {
        Ok(there) if there.is_file() && there.len() > 0 => {
            let old = read(path)?;
            head(path, &old)?;
            if known.is_some_and(|known| known != Stamp::of(&old)) {
                return Err(StoreError::Changed { path: path.to_owned() });
            }
        }
        Ok(_) | Err(_) => {}
    }
    write_atomic(path, &bytes)?;
    Ok(Stamp::of(&bytes))
}

/// Writes a case to a new file. One that holds the very same counts as written; anything else is left as it is.
pub fn save_case_new(path: &Path, case: &Case) -> Result<(), StoreError> {
    write_to(Target::new(path), &case_bytes(path, case)?)
}

/// Whether a file is a case of any version, by its head.
pub fn is_case(path: &Path) -> bool {
    let is_file = std::fs::metadata(path).is_ok_and(|file| file.is_file());
    let head = || read(path).and_then(|bytes| head(path, &bytes));
    is_file && matches!(head(), Ok(_) | Err(StoreError::Newer { .. }))
}

/// Reads a case of this version or an older one.
pub fn load_case(path: &Path) -> Result<Case, StoreError> {
    let opened = open_case(path)?;
    match opened.newer {
        Some(NewerCase { version, .. }) => Err(StoreError::Newer { path: path.to_owned(), version }),
        None => Ok(opened.case),
    }
}

/// Reads a case; one of a newer version as far as this one understands it.
pub fn open_case(path: &Path) -> Result<OpenedCase, StoreError> {
    let bytes = read(path)?;
    let stamp = Stamp::of(&bytes);
    match head(path, &bytes) {
        Ok(version) => {
            let (case, mended) = sound(path, body(path, &bytes, version)?)?;
            Ok(OpenedCase { case, stamp, newer: None, mended })
        }
        Err(StoreError::Newer { path, version }) => {
            let newer = || StoreError::Newer { path: path.clone(), version };
            let mut document: Value = serde_json::from_slice(&bytes).map_err(|_damaged| newer())?;
            let left_out = versions::understood(&mut document);
            let case = Body::deserialize(&document).map_err(|_foreign| newer())?.case(&path);
            let (case, mended) = sound(&path, case.map_err(|_units| newer())?).map_err(|_unsound| newer())?;
            Ok(OpenedCase { case, stamp, newer: Some(NewerCase { version, left_out }), mended })
        }
        Err(error) => Err(error),
    }
}

impl Body {
    fn case(self, path: &Path) -> Result<Case, StoreError> {
        if self.coordinate_system == COORDINATES && self.units == UNITS {
            Ok(self.case)
        } else {
            Err(damaged(path, "points are not in LPS and mm"))
        }
    }
}

/// The case of a document of this version or an older one.
fn body(path: &Path, bytes: &[u8], version: u64) -> Result<Case, StoreError> {
    let damaged = |error: serde_json::Error| damaged(path, &error.to_string());
    if version == CASE_VERSION {
        return serde_json::from_slice::<Body>(bytes).map_err(damaged)?.case(path);
    }
    let mut document: Value = serde_json::from_slice(bytes).map_err(damaged)?;
    versions::migrate(version, &mut document);
    Body::deserialize(&document).map_err(damaged)?.case(path)
}

/// The case as a JSON document.
pub(super) fn case_value(case: &Case) -> Result<Value, StoreError> {
    finite(case)?;
    serde_json::to_value(document(case)).map_err(|error| damaged(Path::new("the case"), &error.to_string()))
}

/// The case of a JSON document that stands inside another file.
pub(super) fn case_from_value(path: &Path, mut value: Value) -> Result<Case, StoreError> {
    let version = head_of(path, Head::deserialize(&value).ok())?;
    versions::migrate(version, &mut value);
    let body = Body::deserialize(&value).map_err(|error| damaged(path, &error.to_string()))?;
    sound(path, body.case(path)?).map(|(case, _mended)| case)
}

fn document(case: &Case) -> Document<'_> {
    Document { format: FORMAT, version: CASE_VERSION, coordinate_system: COORDINATES, units: UNITS, case }
}

fn case_bytes(path: &Path, case: &Case) -> Result<Vec<u8>, StoreError> {
    finite(case)?;
    let mut bytes =
        serde_json::to_vec_pretty(&document(case)).map_err(|error| damaged(path, &error.to_string()))?;
    bytes.push(b'\n');
    // What could not be read again must not take the place of what can.
    if bytes.len() as u64 > MOST_BYTES {
        return Err(StoreError::TooBig { path: path.to_owned(), bytes: bytes.len() as u64 });
    }
    sound(path, body(path, &bytes, CASE_VERSION)?)?;
    Ok(bytes)
}

pub(super) fn damaged(path: &Path, reason: &str) -> StoreError {
    StoreError::Damaged { path: path.to_owned(), reason: reason.to_owned() }
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

/// The version of these bytes, if they are a case that this version may read and overwrite.
fn head(path: &Path, bytes: &[u8]) -> Result<u64, StoreError> {
    match serde_json::from_slice::<Head>(bytes) {
        Ok(head) => head_of(path, Some(head)),
        // A case that was cut off still says so at its start.
        Err(error) if starts_like_a_case(bytes) => Err(damaged(path, &error.to_string())),
        Err(_) => head_of(path, None),
    }
}

fn head_of(path: &Path, head: Option<Head>) -> Result<u64, StoreError> {
    match head {
        Some(head) if head.format == FORMAT && head.version > CASE_VERSION => {
            Err(StoreError::Newer { path: path.to_owned(), version: head.version })
        }
        Some(head) if head.format == FORMAT && head.version > 0 => Ok(head.version),
        Some(_) | None => Err(StoreError::NotACase { path: path.to_owned() }),
    }
}

fn starts_like_a_case(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).replace(char::is_whitespace, "");
    start.starts_with("{\"format\":\"isodense-case\"")
}
