//! From the notes to blocks: values in their places, figures after their first mention, tables, an appendix.

use std::sync::Arc;

use super::course::course_table;
use super::expand::{addressed, expanded, only_chip};
use super::facts::{SessionFacts, values_of};
use super::mentions::{dangling, mentioned, renumber, renumber_words};
use super::print::print;
use super::{Chip, Draft, ReportOptions};
use crate::case::notebook::LiveOf;
use crate::case::{Figure, LabelStyle, label_lines_in};
use crate::report::{Align, Block, Report, ReportFigure, ReportTable, Span, blocks, plain_words};
use crate::session::{Session, legend_words};

/// The notebook as its preview shows it.
#[derive(Debug, Clone, Default)]
pub struct NotebookView {
    /// Its blocks; words of values have the address that [`super::chip_of`] reads.
    pub blocks: Vec<Block>,
    /// Its values, in the order of the text.
    pub chips: Vec<Chip>,
}

/// Figures of a report by the names that their files have.
type NamedFigures = Vec<(String, Arc<Figure>)>;

impl Session {
    /// The notebook with its values, as it would be read now.
    pub fn notebook_view(&self, notes: &str) -> NotebookView {
        let ledger = self.ledger();
        let facts = SessionFacts { session: self, ledger: &ledger, absolute_dates: false };
        let chips = self.chips(notes, &facts);
        let (mut blocks, ..) = self.notebook_blocks(notes, &chips, &facts);
        addressed(&mut blocks, true);
        print(&mut blocks);
        NotebookView { blocks, chips }
    }

    /// The report, but for the drawing of its figures.
    pub(super) fn report_draft(&self, options: &ReportOptions) -> Draft {
        let ledger = self.ledger_said(options.absolute_dates);
        let facts = SessionFacts { session: self, ledger: &ledger, absolute_dates: options.absolute_dates };
        let notes = &self.case().notes;
        let chips = self.chips(notes, &facts);
        let (mut blocks, figures, dangling) = self.notebook_blocks(notes, &chips, &facts);
        addressed(&mut blocks, false);
        self.complete_title(&mut blocks);
        let of_author = blocks.len();
        if options.provenance {
            blocks.extend(self.appendix());
        }
        let title = blocks.iter().find_map(|block| {
            let Block::Heading(1, words) = block else { return None };
            Some(plain_words(words))
        });
        let mut gaps = dangling;
        for chip in chips.iter().filter(|chip| chip.is_gap()) {
            let typed = notes.get(chip.range.clone()).unwrap_or_default();
            gaps.push(format!("{typed}: {}.", chip.problem.as_deref().unwrap_or("it says nothing")));
        }
        let remarks = self.remarks(notes, &chips, &figures, &gaps);
        let report = Report { title: title.unwrap_or_default(), blocks };
        Draft { report, of_author, chips, figures, remarks, gaps }
    }

    /// The letters of the panels of each figure, in lower case and without brackets.
    fn letters_of_figures(&self) -> Vec<Vec<String>> {
        let letter = |figure: &Figure, index: usize| {
            figure.letters.form.letter(index).trim_matches(['(', ')', '.', ' ']).to_lowercase()
        };
        let letters = |figure: &Arc<Figure>| {
            let all = (0..figure.panels.len()).map(|index| letter(figure, index));
            all.filter(|letter| !letter.is_empty()).collect()
        };
        self.case().figures.iter().map(letters).collect()
    }

    /// The title of the case, where the notes begin with none.
    fn complete_title(&self, blocks: &mut Vec<Block>) {
        let title = self.case().title.trim();
        if !title.is_empty() && !blocks.iter().any(|block| matches!(block, Block::Heading(1, _))) {
            blocks.insert(0, Block::Heading(1, vec![Span::plain(title)]));
        }
    }

    fn notebook_blocks(
        &self,
        notes: &str,
        chips: &[Chip],
        facts: &SessionFacts<'_>,
    ) -> (Vec<Block>, NamedFigures, Vec<String>) {
        let mut all = blocks(&expanded(notes, chips));
        for block in &mut all {
            let Block::Paragraph(words) = block else { continue };
            let of = only_chip(words).and_then(|index| chips.get(index)).and_then(Chip::block);
            if let Some(of) = of {
                *block = self.live_block(of, facts);
            }
        }
        let dangling = dangling(&mut all, &self.letters_of_figures());
        let figures = self.place_figures(&mut all, facts);
        (all, figures, dangling)
    }

    fn live_block(&self, of: &LiveOf, facts: &SessionFacts<'_>) -> Block {
        match of {
            LiveOf::Timeline => {
                let course = self.course_of(facts);
                let words: Vec<String> =
                    course.iter().map(|entry| format!("{}: {}", entry.when, entry.what)).collect();
                Block::Figure(ReportFigure {
                    name: "timeline".to_owned(),
                    page: Some(Arc::new(self.course_page(&course))),
                    described: format!("Timeline. {}", words.join("; ")),
                    caption: vec![Span::plain("Timeline, drawn to scale.")],
                })
            }
            LiveOf::TimelineTable => Block::Table(course_table(&self.course_of(facts))),
            LiveOf::Ledger
            | LiveOf::Measurement(..)
            | LiveOf::Lesion(..)
            | LiveOf::Panel(..)
            | LiveOf::TimePoint(_)
            | LiveOf::Event(_)
            | LiveOf::Clock => Block::Table(self.ledger_table(facts)),
        }
    }

    fn ledger_table(&self, facts: &SessionFacts<'_>) -> ReportTable {
        let table = self.lesion_table_on(&facts.clock(), LabelStyle::default());
        let cell = |value: &serde_json::Value| vec![Span::plain(value.as_str().unwrap_or_default())];
        ReportTable {
            caption: Vec::new(),
            columns: table.columns.iter().map(|name| (Align::Left, vec![Span::plain(name)])).collect(),
            rows: table.rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
        }
    }

    /// Numbers the figures by their first mention and puts each after the block that mentions it first.
    fn place_figures(&self, all: &mut Vec<Block>, facts: &SessionFacts<'_>) -> Vec<(String, Arc<Figure>)> {
        let figures = &self.case().figures;
        let of = |number: usize| number.checked_sub(1).and_then(|index| figures.get(index));
        let found: Vec<(usize, usize)> =
            mentioned(all).into_iter().filter(|(number, _)| of(*number).is_some()).collect();
        let now = |number: usize| found.iter().position(|(known, _)| *known == number).map(|index| index + 1);
        renumber(all, now);
        let mut placed = Vec::new();
        for (index, (number, block)) in found.iter().enumerate().rev() {
            let Some(figure) = of(*number) else { continue };
            let name = format!("figure-{}", index + 1);
            let words = legend_words(figure, index + 1, &self.captions_on(figure, &facts.clock()));
            let (head, rest) = words.split_once(". ").unwrap_or((&words, ""));
            let mut rest = rest.to_owned();
            renumber_words(&mut rest, &now);
            let described = format!("{head}. {rest}");
            let caption = vec![Span::bold(format!("{head}. ")), Span::plain(rest)];
            let drawing = ReportFigure { name: name.clone(), page: None, described, caption };
            all.insert(block + 1, Block::Figure(drawing));
            placed.push((name, Arc::clone(figure)));
        }
        placed.reverse();
        placed
    }

    /// Where each number of the case comes from, and which program says so.
    fn appendix(&self) -> Vec<Block> {
        let columns = ["Measurement", "Series", "Slice or plane", "Values"];
        let row = |measurement: &Arc<crate::case::Measurement>| {
            let facts = self.provenance(measurement);
            let fact = |key: &str| facts.iter().find(|fact| fact.key == key).map(|fact| fact.value.clone());
            let values = values_of(self.values(measurement.id))
                .map_or_else(|why| why, |values| label_lines_in(&values, LabelStyle::default()).join("\n"));
            let name = format!("{} {}", measurement.id.0, measurement.kind.name());
            let slice = fact("slice").or_else(|| fact("plane_words")).unwrap_or_default();
            [name, fact("series").unwrap_or_default(), slice, values]
                .map(|words| vec![Span::plain(words)])
                .to_vec()
        };
        let table = ReportTable {
            caption: Vec::new(),
            columns: columns.map(|name| (Align::Left, vec![Span::plain(name)])).to_vec(),
            rows: self.case().measurements.iter().map(row).collect(),
        };
        let version = env!("CARGO_PKG_VERSION");
        let words = format!("Measured with Isodense {version}, which is not a medical device.");
        vec![
            Block::Heading(2, vec![Span::plain("Appendix: provenance of the measurements")]),
            Block::Paragraph(vec![Span::plain(words)]),
            Block::Table(table),
        ]
    }

    /// What the author should know of a report before it leaves.
    fn remarks(
        &self,
        notes: &str,
        chips: &[Chip],
        figures: &[(String, Arc<Figure>)],
        gaps: &[String],
    ) -> Vec<String> {
        let mut remarks = gaps.to_vec();
        if self.case().notebook.consent.is_none() {
            remarks.push("The notebook states no informed consent (CARE 13).".to_owned());
        }
        for chip in chips.iter().filter(|chip| !chip.is_gap()) {
            if let Some(problem) = &chip.problem {
                let typed = notes.get(chip.range.clone()).unwrap_or_default();
                remarks.push(format!("{typed}: {problem}."));
            }
        }
        for (index, figure) in self.case().figures.iter().enumerate() {
            if !figures.iter().any(|(_, placed)| placed.id == figure.id) {
                let number = index + 1;
                remarks.push(format!("The text does not mention Figure {number}: it is not in the report."));
            }
        }
        for (name, figure) in figures {
            let name = name.replace("figure-", "Figure ");
            remarks.extend(self.words_in_doubt(figure).iter().map(|doubt| format!("{name}: {doubt}.")));
        }
        remarks
    }
}
