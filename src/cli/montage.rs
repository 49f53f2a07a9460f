//! One series slice by slice, without the window: as a page, or as a film.

use std::sync::Arc;

use super::CliError;
use super::arguments::{Cine, Montage};
use super::console::Console;
use super::figure::figure_options;
use super::headless::{Headless, said};
use crate::export::AnimationFormat;
use crate::session::{Action, CineOptions, FigureAction, Leaving, Slices};

pub(super) fn run(question: &Montage, console: &mut Console<'_>) -> Result<u8, CliError> {
    let options = figure_options(&question.file)?;
    question.file.over.target(&question.file.output)?;
    let mut headless = Headless::new(question.file.over, console.memory);
    headless.show(&question.run, console)?;
    let slices = headless.slices(&question.run)?;
    let count = headless.session.shown(Headless::VIEWPORT).map_or(0, |shown| shown.count);
    let columns = question.columns.unwrap_or_else(|| Slices::balanced_columns(slices.of(count).len()));
    let montage = FigureAction::Montage { viewport: Headless::VIEWPORT, slices, columns };
    headless.session.apply(Action::Figure(montage));
    let figure = headless.session.figure().map(Arc::clone);
    let figure = figure.ok_or_else(|| CliError::failed(said(&headless.session)))?;
    headless.write_figure(&figure, &question.file, options, console)
}

pub(super) fn run_cine(question: &Cine, console: &mut Console<'_>) -> Result<u8, CliError> {
    let output = &question.output;
    if AnimationFormat::of(output).is_none() {
        return Err(CliError::misuse("the film's name must end in .gif, .png or .apng"));
    }
    question.over.target(output)?;
    let mut headless = Headless::new(question.over, console.memory);
    headless.show(&question.run, console)?;
    let (letters, ruler) = (!question.plain, !question.plain);
    let options = CineOptions {
        slices: headless.slices(&question.run)?,
        frames_per_second: question.fps,
        width: question.width_px,
        letters,
        ruler,
        ..CineOptions::default()
    };
    let usual = headless.session.usual_cine_rate(Headless::VIEWPORT);
    let count = headless.session.shown(Headless::VIEWPORT).map_or(0, |shown| shown.count);
    let cine = Leaving::Cine(Headless::VIEWPORT, output.clone(), options);
    let bytes = headless.leave(&cine, &question.keep, console)?;
    console.line(&format!(
        "{} frames, {} a second, {bytes} bytes: {}",
        options.slices.of(count).len(),
        crate::case::number(question.fps.unwrap_or(usual), 2),
        output.display()
    ))?;
    Ok(0)
}
