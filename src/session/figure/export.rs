//! Writing a figure to a file, on a thread of its own.

use std::path::PathBuf;
use std::sync::Arc;

use super::PanelDrawing;
use crate::case::figure::{FileKind, warnings};
use crate::case::{Figure, FigureId};
use crate::export::write_figure;
use crate::render::{PanelImage, figure_layout, figure_page};
use crate::session::jobs::Done;
use crate::session::{Notice, PanelState, Session};
use crate::work::{Cancel, Progress};

/// How a figure is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FigureOptions {
    /// The kind of file.
    pub kind: FileKind,
    /// Another resolution than the figure's.
    pub dpi: Option<f64>,
    /// Another width than the figure's, mm.
    pub width_mm: Option<f64>,
}

/// The threads that write.
pub(super) const WRITES_FIGURE: &str = "isodense-figure";
pub(super) const WRITES_CINE: &str = "isodense-cine";

/// A figure or a cine that is being written.
#[derive(Debug, Clone)]
pub struct FigureExport {
    /// The file.
    pub path: PathBuf,
    /// Panels or slices that are drawn, of how many.
    pub progress: Progress,
    pub(super) cancel: Cancel,
}

impl FigureOptions {
    /// The figure as these options want it.
    pub fn applied(self, figure: &Figure) -> Figure {
        let mut figure = figure.clone();
        figure.page.dpi = self.dpi.unwrap_or(figure.page.dpi);
        figure.page.width_mm = self.width_mm.unwrap_or(figure.page.width_mm);
        figure.page = figure.page.sound();
        figure
    }
}

impl Session {
    /// The figure or cine that is being written: one at a time.
    pub fn figure_export(&self) -> Option<&FigureExport> {
        self.figures.export.as_ref()
    }

    /// How writing the last figure or cine went: the bytes of the file, or why there is none.
    pub fn figure_written(&self) -> Option<&Result<u64, String>> {
        self.figures.written.as_ref()
    }

    /// What each panel of a figure is drawn from, or why it is not.
    pub fn panel_drawings(&self, figure: &Figure) -> Vec<Result<PanelDrawing, PanelState>> {
        figure.panels.iter().map(|panel| self.panel_drawing(panel)).collect()
    }

    /// What speaks against a figure as it is now.
    pub fn figure_warnings(&self, figure: &Figure) -> Vec<crate::case::figure::FigureWarning> {
        let layout = figure_layout(figure, &self.environment.fonts);
        let facts: Vec<_> = self
            .panel_drawings(figure)
            .iter()
            .zip(&layout.panels)
            .map(|(drawing, area)| match drawing {
                Ok(drawing) => drawing.facts(area.size()),
                Err(PanelState::Loading { .. }) => crate::case::figure::PanelFacts::default(),
                Err(PanelState::NotOpen | PanelState::Failed(_)) => {
                    crate::case::figure::PanelFacts { acquired_dpi: None, missing: true }
                }
            })
            .collect();
        warnings(figure, self.journal(figure).as_ref(), layout.size_mm.y, &facts)
    }

    pub(super) fn export_figure(&mut self, id: FigureId, path: PathBuf, options: FigureOptions) {
        self.close_panel();
        self.figures.written = None;
        let refused = |session: &mut Self, why: &str, what: String| session.tell(Notice::error(why, what));
        let Some(figure) = self.case().figure(id).map(|figure| options.applied(figure)) else { return };
        if self.figures.export.is_some() {
            refused(self, "A figure is being written already.", "Wait for it, or cancel it.".to_owned());
            return;
        }
        let mut drawings = Vec::new();
        for (index, drawing) in self.panel_drawings(&figure).into_iter().enumerate() {
            match drawing {
                Ok(drawing) => drawings.push(drawing),
                Err(state) => {
                    let panel = figure.panel_name(index);
                    refused(self, "The figure was not written.", format!("{panel}: {}", state_words(&state)));
                    return;
                }
            }
        }
        if drawings.is_empty() {
            refused(self, "The figure was not written.", "It has no panel: K sends a view to it.".to_owned());
            return;
        }
        let lacks: Vec<String> = drawings.iter().filter_map(|drawing| drawing.lacks.clone()).collect();
        if let Some(first) = lacks.first() {
            self.tell(Notice::warning("The figure has holes.", first.clone()));
        }
        let export = FigureExport { path, progress: Progress::default(), cancel: Cancel::default() };
        self.figures.export = Some(export.clone());
        let fonts = Arc::clone(&self.environment.fonts);
        self.jobs.spawn(WRITES_FIGURE, move |report| {
            let marks: Vec<_> = drawings.iter().map(PanelDrawing::marks).collect();
            let panels: Vec<Option<PanelImage<'_>>> =
                drawings.iter().zip(&marks).map(|(drawing, marks)| Some(drawing.panel(marks))).collect();
            let FigureExport { path, progress, cancel } = &export;
            let written = figure_page(&figure, &panels, figure.page.dpi, &fonts, cancel, progress)
                .ok_or(crate::export::ExportError::Cancelled)
                .and_then(|page| write_figure(path, &page, options.kind, &fonts, cancel, progress));
            let written = written.map_err(|error| error.to_string());
            report.send(Done::Figure(path.clone(), options.kind, figure.page.journal.clone(), written));
        });
    }

    /// A thread failed. If it wrote a file, nothing is being written any more.
    pub(in crate::session) fn writer_failed(&mut self, thread: &str) {
        if [WRITES_FIGURE, WRITES_CINE].contains(&thread) {
            self.figures.export = None;
            self.figures.written = Some(Err("the thread that writes it failed".to_owned()));
        }
    }

    /// A figure was written with so many bytes, or not, and why.
    pub(in crate::session) fn take_figure(
        &mut self,
        path: &std::path::Path,
        kind: FileKind,
        journal: &str,
        written: Result<u64, String>,
    ) {
        self.figures.export = None;
        self.figures.written = Some(written.clone());
        let path = path.display();
        match written {
            Ok(bytes) => {
                let journal = self.journals().into_iter().find(|known| known.name == journal);
                let refused: Vec<String> = journal.map_or_else(Vec::new, |journal| {
                    journal.file_warnings(kind, Some(bytes)).iter().map(ToString::to_string).collect()
                });
                let size = format!("{} MB", crate::case::number(bytes as f64 / 1e6, 1));
                if refused.is_empty() {
                    self.tell(Notice::info("The figure was written.", format!("{size}: {path}")));
                } else {
                    let refused = refused.join("; ");
                    self.tell(Notice::warning("The figure was written.", format!("{refused}: {path}")));
                }
            }
            Err(why) => self.tell(Notice::error("The figure was not written.", format!("{why}: {path}"))),
        }
    }
}

/// Why a panel is not there, in words.
pub(super) fn state_words(state: &PanelState) -> String {
    match state {
        PanelState::NotOpen => "its image is not open; open the folder that holds it".to_owned(),
        PanelState::Loading { loaded, of } => {
            format!("{loaded} of its {of} images are loaded yet; try again")
        }
        PanelState::Failed(why) => format!("its image cannot be read: {why}"),
    }
}
