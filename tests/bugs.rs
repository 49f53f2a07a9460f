//! Small inputs made after public bug reports: what is right of each, as a table (`../shared/data/bugs/RIGHT.md`).
//!
//! Right values are arithmetic on what `gen.py` beside each input puts into it, or quoted from PS3.3. Not here are F01 and
//! F04 (`tests/series.rs`), E03 (right-to-left text in print) and L01 (3.7 GB).

#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[expect(dead_code, reason = "the reference here is arithmetic, not truth.json")]
mod common;

#[path = "bugs/geometry.rs"]
mod geometry;
#[path = "bugs/regions.rs"]
mod regions;
#[path = "bugs/values.rs"]
mod values;
#[path = "bugs/windows.rs"]
mod windows;
#[path = "bugs/words.rs"]
mod words;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use isodense::cli::{self, Outcome};
use isodense::dicom::{load_frame, read_header};
use isodense::image::{Decoded, Frame};
use serde_json::Value;

/// The folder of the inputs; `None` with a line that says so.
fn bugs() -> Option<PathBuf> {
    let folder = common::data()?.join("bugs");
    assert!(folder.join("RIGHT.md").is_file(), "no inputs in {}", folder.display());
    Some(folder)
}

/// What the program answers.
struct Answer {
    code: u8,
    out: String,
    err: String,
}

impl Answer {
    /// Both streams.
    fn all(&self) -> String {
        format!("{}{}", self.out, self.err)
    }
}

/// Runs a command on one of the inputs.
fn isodense(command: &str, input: &str, more: &[&str]) -> Answer {
    let path = bugs().unwrap().join(input);
    assert!(path.exists(), "{input} is not there");
    let words = [OsString::from("isodense"), command.into(), path.into()];
    let words: Vec<OsString> = words.into_iter().chain(more.iter().map(OsString::from)).collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let outcome = cli::run(words, &mut out, &mut err, false);
    let Outcome::Exit(code) = outcome else { panic!("{command} opens a window") };
    Answer { code, out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap() }
}

/// The answer of a command that succeeds, as text.
fn text(command: &str, input: &str, more: &[&str]) -> String {
    let answer = isodense(command, input, more);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{command} {input} {more:?}");
    answer.out
}

/// The same as JSON.
fn json(command: &str, input: &str, more: &[&str]) -> Value {
    let more: Vec<&str> = more.iter().copied().chain(["--json"]).collect();
    serde_json::from_str(&text(command, input, &more)).unwrap()
}

fn probe(input: &str, pixel: &str) -> Value {
    json("probe", input, &["--pixel", pixel])
}

/// The first line of a probe: value and unit.
fn first_line(input: &str, pixel: &str) -> String {
    text("probe", input, &["--pixel", pixel]).lines().next().unwrap().to_owned()
}

fn measure(input: &str, shape: &str) -> Value {
    json("measure", input, &["--shape", shape])
}

/// The frames of a file.
fn frames(input: &str) -> Vec<Arc<Frame>> {
    let path = bugs().unwrap().join(input);
    read_header(&path).unwrap().frames
}

/// The first frame of a file with its samples.
fn frame(input: &str) -> (Arc<Frame>, Decoded) {
    let frame = Arc::clone(&frames(input)[0]);
    let samples = load_frame(&frame).unwrap();
    (frame, samples)
}

/// The stacks of all series of a folder, as `inspect` gives them.
fn stacks(input: &str) -> Vec<Value> {
    let found = json("inspect", input, &[]);
    let patients = found["patients"].as_array().unwrap();
    let studies = patients.iter().flat_map(|patient| patient["studies"].as_array().unwrap());
    let series = studies.flat_map(|study| study["series"].as_array().unwrap());
    series.flat_map(|series| series["stacks"].as_array().unwrap()).cloned().collect()
}

/// All that `inspect` warns of.
fn warnings(input: &str) -> String {
    let all = stacks(input);
    let texts = all.iter().flat_map(|stack| stack["warnings"].as_array().unwrap());
    texts.map(|text| text.as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

fn near(found: &Value, right: f64, what: &str) {
    let found = found.as_f64().unwrap_or_else(|| panic!("{what}: {found} is no number, {right} is right"));
    assert!((found - right).abs() <= 1e-6 * right.abs().max(1e-6), "{what}: {found}, {right} is right");
}
