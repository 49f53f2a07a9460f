//! Writing a report, and the course by itself, on a thread of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::course::course_rows;
use super::facts::SessionFacts;
use super::print::print;
use super::{Draft, ReportOptions, ReportPart};
use crate::case::Figure;
use crate::case::figure::FileKind;
use crate::export::{ExportError, write_figure, write_report};
use crate::render::{Page, PanelImage, figure_page, figure_size};
use crate::report::Block;
use crate::session::jobs::Done;
use crate::session::leaving::{WRITES, Writing, megabytes};
use crate::session::{Notice, PanelDrawing, PanelState, Session};

/// Figures in a report are drawn with no more pixels per inch: they are read, not printed by a journal.
const MOST_DPI: f64 = 300.0;

impl Session {
    /// The figures that leave with a part of the notebook.
    pub(in crate::session) fn figures_of_part(&self, part: &ReportPart) -> Vec<Arc<Figure>> {
        match part {
            ReportPart::Report(options) => {
                self.report_draft(options).figures.into_iter().map(|(_, figure)| figure).collect()
            }
            ReportPart::Timeline { .. } => Vec::new(),
        }
    }

    /// Panels of its figures and measurements whose pixels are on their way.
    pub(in crate::session) fn still_loading(&self, part: &ReportPart, figures: &[Arc<Figure>]) -> usize {
        let panels = figures.iter().flat_map(|figure| &figure.panels);
        let loading =
            panels.filter(|panel| matches!(self.panel_drawing(panel), Err(PanelState::Loading { .. })));
        let values = self.case().measurements.iter().filter(|measurement| self.waits_for_pixels(measurement));
        loading.count() + if matches!(part, ReportPart::Report(_)) { values.count() } else { 0 }
    }

    /// Whether there is anything to write; if not, why.
    pub(in crate::session) fn may_report(&self, path: &Path, part: &ReportPart) -> Result<(), String> {
        match part {
            ReportPart::Report(_) if self.case().notes.trim().is_empty() => {
                Err("The notebook is empty: write something, or begin with a template.".to_owned())
            }
            ReportPart::Report(_) => Ok(()),
            ReportPart::Timeline { .. } if is_table(path) || FileKind::of(path).is_some() => Ok(()),
            ReportPart::Timeline { .. } => {
                Err("Its name must end in .pdf, .svg, .tif, .png, .jpg, .csv or .json.".to_owned())
            }
        }
    }

    pub(in crate::session) fn export_part(&mut self, path: PathBuf, part: &ReportPart) {
        match part {
            ReportPart::Report(options) => self.export_report(path, options),
            ReportPart::Timeline { absolute_dates } => self.export_course(path, *absolute_dates),
        }
    }

    fn export_report(&mut self, path: PathBuf, options: &ReportOptions) {
        let Draft { mut report, figures, remarks, gaps, .. } = self.report_draft(options);
        if !gaps.is_empty() && !options.draft {
            self.tell(Notice::error(
                "The report was not written.",
                format!("{} Mend the text, or write it as it is with --draft.", gaps.join(" ")),
            ));
            return;
        }
        // After the gate, which reads the words as they are typed.
        print(&mut report.blocks);
        let mut drawn = Vec::new();
        for (name, figure) in figures {
            match self.all_drawings(&figure) {
                Ok(drawings) => {
                    let dpi = figure.page.dpi.min(MOST_DPI);
                    if let Err(why) = figure_size(&figure, dpi, &self.environment.fonts) {
                        self.tell(Notice::error("The report was not written.", format!("{name}: {why}")));
                        return;
                    }
                    drawn.push((name, figure, drawings));
                }
                Err(why) => {
                    self.tell(Notice::error("The report was not written.", format!("{name}: {why}")));
                    return;
                }
            }
        }
        let writing = self.begin_writing(path);
        let kind = options.kind;
        self.jobs.spawn(WRITES, move |report_back| {
            let Writing { path, progress, fonts, cancel, .. } = &writing;
            let mut report = report.clone();
            let written = drawn
                .iter()
                .try_for_each(|figure| {
                    let page = page_of(figure, &writing).ok_or(ExportError::Cancelled)?;
                    put(&mut report.blocks, &figure.0, &Arc::new(page));
                    Ok(())
                })
                .and_then(|()| write_report(writing.target(), &report, kind, fonts, cancel, progress));
            let written = written.map_err(|error| error.to_string());
            report_back.send(Done::Report(path.clone(), remarks.clone(), written));
        });
    }

    fn export_course(&mut self, path: PathBuf, absolute_dates: bool) {
        let ledger = self.ledger_said(absolute_dates);
        let facts = SessionFacts { session: self, ledger: &ledger, absolute_dates };
        let course = self.course_of(&facts);
        if is_table(&path) {
            let written = course_rows(&course, &facts.clock().anchor_key())
                .write(self.target(&path))
                .map_err(|error| error.to_string());
            let size = || std::fs::metadata(&path).map_or(0, |file| file.len());
            self.take_report(&path, &[], written.map(|()| size()));
            return;
        }
        let Some(kind) = FileKind::of(&path) else { return };
        let page = self.course_page(&course);
        let writing = self.begin_writing(path);
        self.jobs.spawn(WRITES, move |report_back| {
            let Writing { path, progress, fonts, cancel, .. } = &writing;
            let written = write_figure(writing.target(), &page, kind, fonts, cancel, progress);
            report_back.send(Done::Report(
                path.clone(),
                Vec::new(),
                written.map_err(|error| error.to_string()),
            ));
        });
    }

    /// A report was written with so many bytes, or not, and why.
    pub(in crate::session) fn take_report(
        &mut self,
        path: &Path,
        remarks: &[String],
        written: Result<u64, String>,
    ) {
        self.end_writing(written.clone());
        let path = path.display();
        match written {
            Ok(bytes) if remarks.is_empty() => {
                self.tell(Notice::info("The report was written.", format!("{}: {path}", megabytes(bytes))));
            }
            Ok(_) => {
                self.tell(Notice::warning(
                    "The report was written.",
                    format!("{} {path}", remarks.join(" ")),
                ));
            }
            Err(why) => self.tell(Notice::error("The report was not written.", format!("{why}: {path}"))),
        }
    }
}

fn is_table(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv") || end.eq_ignore_ascii_case("json"))
}

fn page_of(
    (_, figure, drawings): &(String, Arc<Figure>, Vec<PanelDrawing>),
    writing: &Writing,
) -> Option<Page> {
    let marks: Vec<_> = drawings.iter().map(PanelDrawing::marks).collect();
    let panels: Vec<Option<PanelImage<'_>>> =
        drawings.iter().zip(&marks).map(|(drawing, marks)| Some(drawing.panel(marks))).collect();
    let dpi = figure.page.dpi.min(MOST_DPI);
    figure_page(figure, &panels, dpi, &writing.fonts, &writing.cancel, &writing.progress)
}

/// Puts a drawn page into the figure of that name.
fn put(blocks: &mut [Block], name: &str, page: &Arc<Page>) {
    for block in blocks {
        if let Block::Figure(figure) = block
            && figure.name == name
        {
            figure.page = Some(Arc::clone(page));
        }
    }
}
