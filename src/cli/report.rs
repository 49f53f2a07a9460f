//! The notebook of a case as a report, without the window.

use super::CliError;
use super::arguments::Report as Question;
use super::console::Console;
use super::headless::{Headless, said};
use crate::export::ReportKind;
use crate::session::{Action, Leaving, ReportOptions, ReportPart};

pub(super) fn run(question: &Question, console: &mut Console<'_>) -> Result<u8, CliError> {
    let absolute_dates = question.dates;
    let part = if question.timeline {
        ReportPart::Timeline { absolute_dates }
    } else {
        let kind = ReportKind::of(&question.output)
            .ok_or_else(|| CliError::misuse("the report's name must end in .md, .html, .docx or .pdf"))?;
        ReportPart::Report(ReportOptions {
            kind,
            absolute_dates,
            provenance: question.provenance,
            draft: question.draft,
        })
    };
    question.over.target(&question.output)?;
    let mut headless = Headless::new(question.over, console.memory);
    headless.session.apply(Action::OpenCase(question.case.clone()));
    if headless.session.case_path().is_none() {
        return Err(CliError::failed(said(&headless.session)));
    }
    headless.open(&question.data, console)?;
    let what = Leaving::Notebook(question.output.clone(), part);
    let bytes = headless.leave(&what, &question.keep, console)?;
    console.line(&format!("{bytes} bytes: {}", question.output.display()))?;
    Ok(0)
}
