use std::collections::BTreeMap;

use crate::export::ExportError;
use crate::export::bands::PageBands;
use crate::export::file::encode_png;
use crate::export::options::go_on;
use crate::render::{Fonts, Page};
use crate::report::{Block, Report, ReportFigure};
use crate::work::{Cancel, Progress};

/// The pictures of a report's figures, by the figures' names.
pub(super) type Pictures = BTreeMap<String, Vec<u8>>;

/// Every figure that has a page, in the order of reading.
pub(super) fn figures(blocks: &[Block]) -> Vec<&ReportFigure> {
    let mut found = Vec::new();
    gather(blocks, &mut found);
    found
}

fn gather<'a>(blocks: &'a [Block], found: &mut Vec<&'a ReportFigure>) {
    for block in blocks {
        match block {
            Block::Figure(figure) if figure.page.is_some() => found.push(figure),
            Block::List(_, items) => items.iter().for_each(|item| gather(item, found)),
            Block::Quote(inner) => gather(inner, found),
            Block::Figure(_)
            | Block::Heading(..)
            | Block::Paragraph(_)
            | Block::Code(_)
            | Block::Rule
            | Block::Table(_) => {}
        }
    }
}

/// Draws every figure of a tidy report as a PNG. Each is one step of the progress, and so is the writing after them.
pub(super) fn pictures(
    report: &Report,
    fonts: &Fonts,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Pictures, ExportError> {
    let figures = figures(&report.blocks);
    progress.set_total(figures.len() + 1);
    let mut pictures = Pictures::new();
    // One after the other: a page at print resolution is large, and its panels are drawn side by side.
    for figure in figures {
        if let Some(page) = &figure.page {
            let png = png(page, fonts, cancel).map_err(|error| error.of_figure(&figure.name))?;
            pictures.insert(figure.name.clone(), png);
        }
        progress.advance(1);
    }
    go_on(cancel)?;
    Ok(pictures)
}

/// A page as a PNG with its resolution, as the file of a figure has it.
fn png(page: &Page, fonts: &Fonts, cancel: &Cancel) -> Result<Vec<u8>, ExportError> {
    let bands = PageBands::of(page, fonts, cancel)?;
    let mut png = Vec::new();
    encode_png(&mut png, &bands, page.is_grey(), Some(page.dpi), cancel)?;
    Ok(png)
}
