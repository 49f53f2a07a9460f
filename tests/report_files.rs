//! Reports as other people's programs read them: every word in its order, every figure at its size, nothing else.

#![expect(clippy::unwrap_used, reason = "a test may panic, report and leave half a file")]

#[path = "report_files/docx.rs"]
mod docx;
#[path = "report_files/pdf.rs"]
mod pdf;
#[path = "report_files/sample.rs"]
mod sample;
#[path = "common/skip.rs"]
mod skip;
#[path = "report_files/text.rs"]
mod text;
#[path = "report_files/tools.rs"]
mod tools;
