//! What could say who the patient is in the notebook, where it stands, and what stands there instead.

use std::path::Path;
use std::sync::Arc;

use super::expand::for_words;
use super::facts::SessionFacts;
use super::{Chip, ChipOf, Draft, ReportPart};
use crate::case::notebook::{LiveOf, cited, is_references, sections};
use crate::case::{EventId, Figure};
use crate::image::Frame;
use crate::report::{Block, plain_words};
use crate::session::Session;
use crate::session::gate::{Finding, FindingPlace, Findings, Gate, GateText, file_name_text};
use crate::session::leaving::{lesion_texts, time_point_texts};

impl Session {
    /// What could say who the patient is in a report as it would leave now.
    ///
    /// Headers are read while the notebook waits to leave, and for [`NotebookAction::ReadHeaders`](super::NotebookAction).
    pub fn notebook_findings(&self, part: &ReportPart, output: Option<&Path>) -> Gate {
        let absolute_dates = match part {
            ReportPart::Report(options) => options.absolute_dates,
            ReportPart::Timeline { absolute_dates } => *absolute_dates,
        };
        let ledger = self.ledger_said(absolute_dates);
        let facts = SessionFacts { session: self, ledger: &ledger, absolute_dates };
        let mut kept = self.case().notebook.kept.clone();
        kept.extend(self.leaving.kept.iter().cloned());
        let (mut texts, mut draft) = (Vec::new(), Draft::default());
        match part {
            ReportPart::Timeline { .. } => {
                texts.extend(self.texts_of_course(&facts));
                texts.extend(time_point_texts(&ledger));
            }
            ReportPart::Report(options) => {
                draft = self.report_draft(options);
                texts.extend(self.texts_of_report(&facts, &draft.chips));
                if options.provenance {
                    let words = last_table(&draft.report.blocks);
                    texts.push(GateText::new(FindingPlace::Provenance, "appendix", words));
                }
            }
        }
        texts.extend(output.and_then(file_name_text));
        for (_, figure) in &draft.figures {
            kept.extend(figure.kept.iter().cloned());
        }
        let mut findings = Findings::new(&kept);
        self.in_texts(&texts, &mut findings);
        // The appendix names the program, whose name may be a patient's too.
        self.in_words_read(&draft.report.blocks[..draft.of_author], &kept, &mut findings);
        for (name, figure) in &draft.figures {
            let from = findings.list.len();
            self.in_figure(figure, &format!("{}, ", name.replace("figure-", "Figure ")), &mut findings);
            // What stands in a figure is changed in the figure.
            findings.list[from..].iter_mut().for_each(|finding| finding.cure = None);
        }
        let frames = self.frames_of_notebook(draft.figures.iter().map(|(_, figure)| figure));
        Gate { reading: self.headers_left(frames.into_iter()), findings: findings.list }
    }

    /// The words of a report, but for its figures and its appendix.
    fn texts_of_report(&self, facts: &SessionFacts<'_>, chips: &[Chip]) -> Vec<GateText> {
        let (case, ledger) = (self.case(), facts.ledger);
        let mut texts = texts_of_notes(&case.notes);
        texts.extend(texts_of_values(chips));
        let has = |wanted: &[LiveOf]| chips.iter().filter_map(Chip::block).any(|of| wanted.contains(of));
        let says_times = chips.iter().any(Chip::says_time);
        let has_course = has(&[LiveOf::Timeline, LiveOf::TimelineTable]);
        if has_course {
            texts.extend(self.texts_of_course(facts));
        } else if let Some(anchor) = case.notebook.anchor.filter(|_| says_times) {
            // Times are said by its words: there they can be replaced.
            texts.extend(case.notebook.event(anchor).map(|event| event_text(anchor, &event.words)));
        }
        if has(&[LiveOf::Ledger]) {
            texts.extend(lesion_texts(case, ledger));
        } else if has_course || says_times {
            texts.extend(time_point_texts(ledger));
        }
        texts.push(GateText::new(FindingPlace::CaseTitle, "title of the case", &case.title));
        texts
    }

    /// Adds what is found only where the marks of Markdown are read: `PID\-77`, `Quix<!-- -->ote`.
    fn in_words_read(&self, blocks: &[Block], kept: &[String], findings: &mut Findings<'_>) {
        // Figures are looked at by themselves.
        let mut blocks: Vec<Block> =
            blocks.iter().filter(|block| !matches!(block, Block::Figure(_))).cloned().collect();
        let mut read = [String::new(), String::new()];
        let mut cites = None;
        for block in &mut blocks {
            if let Block::Heading(level, words) = block {
                let ends = cites.is_none_or(|of| *level <= of);
                cites = if ends { is_references(&plain_words(words)).then_some(*level) } else { cites };
            }
            let read = &mut read[usize::from(cites.is_some())];
            for_words(std::slice::from_mut(block), &mut |words| {
                *read += &plain_words(words);
                read.push('\n');
            });
        }
        let mut all = Findings::new(kept);
        let [own, cited] =
            read.map(|read| GateText::new(FindingPlace::Notes(0), "words of the report", read));
        self.in_texts(&[own, GateText { cites: true, ..cited }], &mut all);
        let is_new = |found: &Finding| findings.list.iter().all(|old| old.key != found.key);
        let new: Vec<Finding> = all.list.into_iter().filter(is_new).collect();
        // Where it is typed nobody knows.
        findings.list.extend(new.into_iter().map(|found| Finding { range: None, cure: None, ..found }));
    }

    /// The images whose headers are looked at: those of the figures, and one of each open series of the patients of the
    /// case.
    pub(in crate::session) fn frames_of_notebook<'f>(
        &self,
        figures: impl Iterator<Item = &'f Arc<Figure>>,
    ) -> Vec<Arc<Frame>> {
        let panels = figures.flat_map(|figure| &figure.panels);
        let mut frames: Vec<Arc<Frame>> = panels.flat_map(|panel| self.frames_of_panel(panel)).collect();
        frames.extend(
            self.series_of_patients().into_iter().filter_map(|series| series.middle()).map(Arc::clone),
        );
        frames
    }

    /// The same of the notebook that the reader looks at.
    pub(in crate::session) fn frames_looked_at(&self) -> Option<Vec<Arc<Frame>>> {
        if !self.headers.wants_notebook {
            return None;
        }
        let part = ReportPart::Report(super::ReportOptions::new(crate::export::ReportKind::Markdown));
        Some(self.frames_of_notebook(self.figures_of_part(&part).iter()))
    }

    fn texts_of_course(&self, facts: &SessionFacts<'_>) -> Vec<GateText> {
        let mut texts = Vec::new();
        for entry in self.course_of(facts) {
            let Some(id) = entry.event else {
                texts.push(GateText::new(FindingPlace::Course, "time of an examination", entry.when));
                // Its name is looked at by itself: it can be replaced.
                let column = entry.column.and_then(|column| facts.ledger.columns.get(column));
                let words = column.map(|column| self.studies_words(column)).unwrap_or_default();
                texts.push(GateText::new(FindingPlace::Course, "an examination", words));
                continue;
            };
            texts.push(event_text(id, &entry.what));
            texts.push(GateText::new(
                FindingPlace::EventTime(id),
                format!("time of event {}", id.0),
                entry.when,
            ));
        }
        texts
    }

    /// What is found in the whole of the notebook.
    pub(super) fn findings_of_notes(&self) -> Gate {
        let part = ReportPart::Report(super::ReportOptions::new(crate::export::ReportKind::Markdown));
        self.notebook_findings(&part, None)
    }

    pub(super) fn cure_in_report(&mut self, key: &str) {
        if let Some(edit) = self.cured_all(&self.findings_of_notes(), key) {
            self.commit(edit);
        }
    }
}

fn event_text(id: EventId, words: &str) -> GateText {
    GateText::new(FindingPlace::Event(id), format!("event {}", id.0), words)
}

/// The notes, section by section. Words of headings are the author's: the places are named without them.
fn texts_of_notes(notes: &str) -> Vec<GateText> {
    let mut texts = Vec::new();
    for (index, section) in sections(notes).into_iter().enumerate() {
        let place = match section.care() {
            Some(item) => format!("section {}", item.heading.to_lowercase()),
            None => format!("section {} of the notes", index + 1),
        };
        // A list of references may be a part of a section, under a heading of a deeper level.
        for (range, cites) in cited(notes, section.range) {
            let place = if cites { "list of references".to_owned() } else { place.clone() };
            let words = notes.get(range.clone()).unwrap_or_default();
            texts.push(GateText { cites, ..GateText::new(FindingPlace::Notes(range.start), place, words) });
        }
    }
    texts
}

fn texts_of_values(chips: &[Chip]) -> Vec<GateText> {
    let live = chips.iter().enumerate().filter(|(_, chip)| matches!(chip.of, ChipOf::Live(_)));
    live.map(|(index, chip)| {
        let place = format!("value {} of the notes", index + 1);
        GateText::new(FindingPlace::LiveValue(index), place, &chip.text)
    })
    .collect()
}

/// The words of the last table, which is the appendix.
fn last_table(blocks: &[Block]) -> String {
    let table = blocks.iter().rev().find_map(|block| {
        let Block::Table(table) = block else { return None };
        Some(table)
    });
    let cells = table.into_iter().flat_map(|table| table.rows.iter().flatten());
    cells.map(|cell| plain_words(cell)).collect::<Vec<_>>().join("\n")
}
