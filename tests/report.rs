//! The notebook as a report: every number in every kind of file, one number everywhere, and nobody's name.

#![expect(clippy::unwrap_used, reason = "a test may report, and ends where something is missing")]

#[path = "report/alike.rs"]
mod alike;
#[path = "report/course.rs"]
mod course;
#[expect(dead_code, reason = "shared with figure_gate.rs, which uses all of it")]
#[path = "figure_gate/desk.rs"]
mod desk;
#[path = "figure_gate/files.rs"]
mod files;
#[path = "report/kinds.rs"]
mod kinds;
#[path = "report/leave.rs"]
mod leave;
#[path = "common/made.rs"]
mod made;
#[path = "report/number.rs"]
mod number;
#[path = "report/planted.rs"]
mod planted;
#[path = "report/read.rs"]
mod read;
#[path = "common/skip.rs"]
mod skip;
#[path = "report/templates.rs"]
mod templates;
#[expect(dead_code, reason = "shared with report_files.rs, which uses all of it")]
#[path = "report_files/tools.rs"]
mod tools;
