//! Figures of a case without the window: the same session draws them.

use std::sync::Arc;

use super::CliError;
use super::arguments::{Figure as Question, PageFile};
use super::console::Console;
use super::headless::{Headless, said};
use crate::case::Figure;
use crate::case::figure::{FileKind, PageSetup};
use crate::session::{Action, FigureOptions};

pub(super) fn run(question: &Question, console: &mut Console<'_>) -> Result<u8, CliError> {
    let options = figure_options(&question.file)?;
    question.file.over.target(&question.file.output)?;
    let mut headless = Headless::new(question.file.over, console.memory);
    headless.session.apply(Action::OpenCase(question.case.clone()));
    if headless.session.case_path().is_none() {
        return Err(CliError::failed(said(&headless.session)));
    }
    headless.open(&question.data, console)?;
    let figure = figure(&headless, question.number)?;
    headless.write_figure(&figure, &question.file, options, console)
}

/// How a figure is written under that name.
pub(super) fn figure_options(file: &PageFile) -> Result<FigureOptions, CliError> {
    let PageFile { output, dpi, width_mm, .. } = file;
    let (dpi, width_mm) = (*dpi, *width_mm);
    let kind = FileKind::of(output)
        .ok_or_else(|| CliError::misuse("the figure's name must end in .pdf, .svg, .tif, .png or .jpg"))?;
    for (value, name, range) in
        [(dpi, "--dpi", PageSetup::RESOLUTIONS), (width_mm, "--width-mm", PageSetup::WIDTHS_MM)]
    {
        if value.is_some_and(|value| !range.contains(&value)) {
            let (low, high) = (range.start(), range.end());
            return Err(CliError::misuse(format!("{name} takes {low} to {high}")));
        }
    }
    Ok(FigureOptions { kind, dpi, width_mm })
}

fn figure(headless: &Headless, number: u32) -> Result<Arc<Figure>, CliError> {
    let figures = &headless.session.case().figures;
    let index = usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
    figures.get(index).map(Arc::clone).ok_or_else(|| match figures.len() {
        0 => CliError::failed("the case has no figure"),
        1 => CliError::failed("the case has one figure"),
        many => CliError::failed(format!("the case has {many} figures")),
    })
}
