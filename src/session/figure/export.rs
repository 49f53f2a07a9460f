//! Writing a figure to a file, on a thread of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::PanelDrawing;
use crate::case::figure::{FigureWarning, FileKind, PanelFacts, warnings};
use crate::case::{Figure, FigureId};
use crate::export::write_figure;
use crate::image::ContrastAgent;
use crate::render::{FigureLayout, PanelImage, figure_layout, figure_page, figure_size, fitted_labels};
use crate::session::compare::sort_parts;
use crate::session::gate::refusal;
use crate::session::jobs::Done;
use crate::session::leaving::{WRITES, Writing, megabytes};
use crate::session::{Notice, PanelState, Session};

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

/// A figure that is written once the headers of its files are read.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    /// As it was when it was asked for.
    pub(super) figure: Arc<Figure>,
    path: PathBuf,
    options: FigureOptions,
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
    /// What each panel of a figure is drawn from, or why it is not.
    pub fn panel_drawings(&self, figure: &Figure) -> Vec<Result<PanelDrawing, PanelState>> {
        figure.panels.iter().map(|panel| self.panel_drawing(panel)).collect()
    }

    /// What speaks against a figure as it is now, given its [`Self::panel_drawings`].
    pub fn figure_warnings(
        &self,
        figure: &Figure,
        drawings: &[Result<PanelDrawing, PanelState>],
    ) -> Vec<FigureWarning> {
        let layout = figure_layout(figure, &self.environment.fonts);
        let facts: Vec<_> = drawings
            .iter()
            .zip(&layout.panels)
            .map(|(drawing, area)| match drawing {
                Ok(drawing) => drawing.facts(area.size()),
                Err(PanelState::Loading { .. }) => PanelFacts::default(),
                Err(PanelState::NotOpen | PanelState::Failed(_)) => {
                    PanelFacts { acquired_dpi: None, missing: true }
                }
            })
            .collect();
        let journal = self.journal(figure);
        let mut all = warnings(figure, journal.as_ref(), layout.size_mm.y, &facts);
        all.extend(self.words_without_room(
            figure,
            &layout,
            drawings,
            journal.map(|journal| journal.text_pt),
        ));
        all.extend(self.words_in_doubt(figure));
        all
    }

    /// Headings and labels that have no room, or only in smaller letters.
    fn words_without_room(
        &self,
        figure: &Figure,
        layout: &FigureLayout,
        drawings: &[Result<PanelDrawing, PanelState>],
        least_pt: Option<f64>,
    ) -> Vec<FigureWarning> {
        let mut unfit = layout.headings.unfit.clone();
        let mut smallest = layout.headings.size_pt;
        for (index, (drawing, area)) in drawings.iter().zip(&layout.panels).enumerate() {
            let Ok(drawing) = drawing else { continue };
            let marks = drawing.marks();
            let labels: Vec<&[String]> = marks.iter().map(|mark| mark.lines).collect();
            let room_pt = area.size() / 25.4 * 72.0 - glam::DVec2::splat(6.0);
            let fitted = fitted_labels(&labels, room_pt, figure.page.text_pt, &self.environment.fonts);
            if !fitted.fits {
                unfit.push(format!("the values of {}", figure.panel_name(index)));
            }
            smallest = smallest.min(fitted.size_pt);
        }
        let mut all = Vec::new();
        if !unfit.is_empty() {
            all.push(FigureWarning::NoRoom(unfit));
        }
        if smallest < figure.page.text_pt {
            all.push(FigureWarning::Smaller(smallest));
            let least = least_pt.filter(|least| smallest < *least && figure.page.text_pt >= *least);
            all.extend(least.map(|least_pt| FigureWarning::Text { size_pt: smallest, least_pt }));
        }
        all
    }

    /// What the legend cannot say for certain: whose panels they are, whether contrast was given.
    pub(in crate::session) fn words_in_doubt(&self, figure: &Figure) -> Vec<FigureWarning> {
        let mut all = Vec::new();
        if self.is_of_several_patients(figure) {
            all.push(FigureWarning::Patients);
        }
        let panels = figure.panels.iter().enumerate().filter(|(_, panel)| panel.caption.is_none());
        let (mut not_stated, mut unknown) = (Vec::new(), Vec::new());
        for (index, panel) in panels {
            let parts = self.series_of(&panel.view).map(|series| sort_parts(series));
            let Some(parts) = parts else { continue };
            match (parts.modality.as_str(), parts.contrast) {
                ("CT", ContrastAgent::NotStated) => not_stated.push(figure.panel_name(index)),
                ("CT" | "MR", ContrastAgent::Unknown) => unknown.push(figure.panel_name(index)),
                (
                    _,
                    ContrastAgent::Given
                    | ContrastAgent::None
                    | ContrastAgent::NotStated
                    | ContrastAgent::Unknown,
                ) => {}
            }
        }
        if !not_stated.is_empty() {
            all.push(FigureWarning::ContrastNotStated(not_stated));
        }
        if !unknown.is_empty() {
            all.push(FigureWarning::ContrastUnknown(unknown));
        }
        all
    }

    pub(super) fn export_figure(&mut self, id: FigureId, path: PathBuf, options: FigureOptions) {
        self.close_panel();
        self.leaving.written = None;
        let Some(figure) = self.case().figure(id).map(|figure| options.applied(figure)) else { return };
        if let Err(why) = self.may_write(&path) {
            self.tell(Notice::error("The figure was not written.", why));
            return;
        }
        if let Err(why) = figure_size(&figure, figure.page.dpi, &self.environment.fonts) {
            self.tell(Notice::error("The figure was not written.", why.to_string()));
            return;
        }
        if !self.passes_gate(&figure, &path, options) {
            return;
        }
        let drawings = match self.all_drawings(&figure) {
            Ok(drawings) => drawings,
            Err(why) => {
                self.tell(Notice::error("The figure was not written.", why));
                return;
            }
        };
        let lacks: Vec<String> = drawings.iter().filter_map(|drawing| drawing.lacks.clone()).collect();
        if let Some(first) = lacks.first() {
            self.tell(Notice::warning("The figure has holes.", first.clone()));
        }
        let export = self.begin_writing(path);
        self.jobs.spawn(WRITES, move |report| {
            let marks: Vec<_> = drawings.iter().map(PanelDrawing::marks).collect();
            let panels: Vec<Option<PanelImage<'_>>> =
                drawings.iter().zip(&marks).map(|(drawing, marks)| Some(drawing.panel(marks))).collect();
            let Writing { path, progress, fonts, cancel, .. } = &export;
            let written = figure_page(&figure, &panels, figure.page.dpi, fonts, cancel, progress)
                .ok_or(crate::export::ExportError::Cancelled)
                .and_then(|page| write_figure(export.target(), &page, options.kind, fonts, cancel, progress));
            let written = written.map_err(|error| error.to_string());
            report.send(Done::Figure(path.clone(), options.kind, figure.page.journal.clone(), written));
        });
    }

    /// What every panel is drawn from; why the figure cannot be written, where one is not there or there is none.
    pub(in crate::session) fn all_drawings(&self, figure: &Figure) -> Result<Vec<PanelDrawing>, String> {
        let named = |(index, drawing): (usize, Result<PanelDrawing, PanelState>)| {
            drawing.map_err(|state| format!("{}: {}", figure.panel_name(index), state_words(&state)))
        };
        let drawings: Vec<_> =
            self.panel_drawings(figure).into_iter().enumerate().map(named).collect::<Result<_, _>>()?;
        if drawings.is_empty() {
            return Err("It has no panel: K sends a view to it.".to_owned());
        }
        Ok(drawings)
    }

    /// Whether a figure may leave as that file; if not it waits, or the author is told why.
    fn passes_gate(&mut self, figure: &Figure, path: &Path, options: FigureOptions) -> bool {
        let gate = self.figure_findings(figure, Some(path));
        if gate.reading > 0 {
            let Writing { path, .. } = self.begin_writing(path.to_owned());
            self.figures.waiting = self.case().figure(figure.id).map(|figure| Waiting {
                figure: Arc::clone(figure),
                path,
                options,
            });
            self.want_headers();
            // Of a series without images nothing is left to read.
            self.go_on_with_figure();
            return false;
        }
        if !gate.lets_through() {
            self.tell(refusal("The figure", &gate));
            return false;
        }
        true
    }

    /// Goes on with the figure that waited for headers, if none is left to read.
    pub(in crate::session) fn go_on_with_figure(&mut self) {
        let Some(Waiting { figure, path, options }) = self.figures.waiting.clone() else { return };
        // Another case may have been opened, and the figure of that number is another one.
        let same = self.case().figure(figure.id).is_some_and(|now| Arc::ptr_eq(now, &figure));
        if same && self.headers_missing(&figure) > 0 {
            return;
        }
        (self.figures.waiting, self.leaving.writing) = (None, None);
        if same {
            self.export_figure(figure.id, path, options);
        } else {
            self.tell(Notice::error(
                "The figure was not written.",
                "It was changed while the headers of its images were read; write it again.",
            ));
        }
    }

    /// A figure was written with so many bytes, or not, and why.
    pub(in crate::session) fn take_figure(
        &mut self,
        path: &Path,
        kind: FileKind,
        journal: &str,
        written: Result<u64, String>,
    ) {
        self.end_writing(written.clone());
        let path = path.display();
        match written {
            Ok(bytes) => {
                let refused: Vec<String> = self.journal_named(journal).map_or_else(Vec::new, |journal| {
                    journal.file_warnings(kind, Some(bytes)).iter().map(ToString::to_string).collect()
                });
                let size = megabytes(bytes);
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
