//! Nothing that says who the patient is leaves the program, unless it is kept on purpose.

#![expect(clippy::unwrap_used, reason = "a test may report, and ends where something is missing")]

#[expect(dead_code, reason = "no reference values are needed here")]
mod common;
#[path = "figure_gate/desk.rs"]
mod desk;
#[path = "figure_gate/files.rs"]
mod files;
#[path = "figure_gate/images.rs"]
mod images;
#[path = "figure_gate/leaving.rs"]
mod leaving;
#[path = "figure_gate/line.rs"]
mod line;
#[path = "common/made.rs"]
mod made;
#[path = "figure_gate/patients.rs"]
mod patients;
#[path = "figure_gate/texts.rs"]
mod texts;
#[expect(dead_code, reason = "shared with ways.rs, which uses all of it")]
#[path = "ways/zip.rs"]
mod zip;
