//! What is done with the notebook besides typing in it.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::case::notebook::{EventTime, Precision};
use crate::case::{Edit, Notebook, parsed_date};
use crate::session::Session;
use crate::session::gate::is_name;

/// The longest template that is read, bytes.
const LONGEST_TEMPLATE: u64 = 1 << 20;

/// What can be done with the notebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotebookAction {
    /// Keep on purpose what could say who the patient is: [`Finding::key`](crate::session::Finding::key).
    Keep(Vec<String>),
    /// No longer keep it.
    Unkeep(String),
    /// Put something else in its place: [`Finding::cure`](crate::session::Finding::cure).
    Cure(String),
    /// Read the headers that say whether something in it could say who the patient is.
    ReadHeaders,
    /// Give the time points that the dates propose their numbers, so that the notes can speak of them.
    SettleTimePoints,
    /// Begin the notes with a template, or add it to them.
    UseTemplate(String),
}

/// A notebook to begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// For people.
    pub name: String,
    /// Markdown.
    pub text: String,
}

/// The templates that the program brings: name and Markdown.
pub const TEMPLATES: [(&str, &str); 3] = [
    ("Case report (CARE)", include_str!("../../../assets/templates/case-report.md")),
    ("Radiology read", include_str!("../../../assets/templates/radiology-read.md")),
    ("Tumour board", include_str!("../../../assets/templates/tumour-board.md")),
];

impl Session {
    /// The program's templates, then the reader's own: Markdown files in the folder `templates` of the program's own
    /// folder.
    pub fn templates(&self) -> Vec<Template> {
        let own = TEMPLATES.iter().map(|(name, text)| {
            let (name, text) = ((*name).to_owned(), (*text).to_owned());
            Template { name, text }
        });
        own.chain(self.own_templates()).collect()
    }

    /// The folder of the reader's own templates.
    pub fn template_folder(&self) -> Option<std::path::PathBuf> {
        Some(self.environment.state_dir.as_ref()?.join("templates"))
    }

    fn own_templates(&self) -> Vec<Template> {
        let Some(Ok(files)) = self.template_folder().map(std::fs::read_dir) else { return Vec::new() };
        let template = |path: std::path::PathBuf| {
            let is_markdown = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("md"));
            let short = std::fs::metadata(&path).ok()?.len() <= LONGEST_TEMPLATE;
            let text = (is_markdown && short).then(|| std::fs::read_to_string(&path).ok())??;
            Some(Template { name: path.file_stem()?.to_string_lossy().into_owned(), text })
        };
        let mut found: Vec<Template> = files.flatten().filter_map(|file| template(file.path())).collect();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        found
    }

    pub(in crate::session) fn do_with_notebook(&mut self, action: NotebookAction) {
        match action {
            NotebookAction::Keep(keys) => self.keep_in_report(keys),
            NotebookAction::Unkeep(key) => {
                let left = self.findings_of_notes().kept_without(&self.case().notebook.kept, &key);
                self.change_notebook("no longer keep what may identify", |notebook| notebook.kept = left);
            }
            NotebookAction::Cure(key) => self.cure_in_report(&key),
            NotebookAction::ReadHeaders => self.headers.wants_notebook = true,
            NotebookAction::SettleTimePoints => {
                let points = self.settled_time_points();
                if points != self.case().time_points {
                    self.commit(Edit::SetTimePoints(points));
                }
            }
            NotebookAction::UseTemplate(text) => {
                let notes = self.case().notes.trim_end();
                let notes = if notes.is_empty() { text } else { format!("{notes}\n\n{text}") };
                self.commit(Edit::SetNotes(notes));
            }
        }
    }

    /// Keeps something in the report on purpose, by the names of the findings: one step.
    pub(in crate::session) fn keep_in_report(&mut self, keys: Vec<String>) {
        self.change_notebook("keep what may identify", |notebook| {
            for key in keys {
                if is_name(&key) && !notebook.kept.contains(&key) {
                    notebook.kept.push(key);
                }
            }
        });
    }

    pub(in crate::session) fn change_notebook(
        &mut self,
        how: &'static str,
        change: impl FnOnce(&mut Notebook),
    ) {
        let mut notebook = Notebook::clone(&self.case().notebook);
        change(&mut notebook);
        if notebook != *self.case().notebook {
            self.commit(Edit::ChangeNotebook(Arc::new(notebook), how));
        }
    }

    /// A time as it is typed: a date (`2015-05-12`, `2015-05`, `2015`), or days after day 0 of the ledger (`14`, `-30`). Why not.
    ///
    /// The case keeps no date: days are counted from an examination whose date is known.
    pub fn event_time(&self, typed: &str) -> Result<EventTime, String> {
        let typed = typed.trim();
        let ledger = self.ledger();
        let zero = ledger.columns.get(ledger.day_zero);
        let study = zero.and_then(|column| column.point.studies.first()).cloned();
        if let Some((date, precision)) = typed_date(typed) {
            let zero = zero.and_then(|column| parsed_date(column.date.as_deref()?));
            let zero = zero.ok_or(
                "No examination with a date is open: say days after the first examination, as in 14 or -30.",
            )?;
            return Ok(EventTime { from: study, days: (date - zero).num_days(), precision });
        }
        let days = typed.strip_suffix("days").or_else(|| typed.strip_suffix("day")).unwrap_or(typed).trim();
        let days: i64 = days.replace('\u{2212}', "-").trim_start_matches('+').parse().map_err(
            |_error: std::num::ParseIntError| {
                "Type a date (2015-05-12, 2015-05 or 2015), or days after the first examination (14 or -30)."
                    .to_owned()
            },
        )?;
        Ok(EventTime { from: study, days, precision: Precision::Day })
    }

    /// A time as it would be typed: its date where that is known, else its days.
    pub fn typed_time(&self, time: &EventTime) -> String {
        let ledger = self.ledger();
        let facts = super::facts::SessionFacts { session: self, ledger: &ledger, absolute_dates: true };
        match facts.clock().date_of(time) {
            Some(date) => match time.precision {
                Precision::Day => date.format("%Y-%m-%d").to_string(),
                Precision::Month => date.format("%Y-%m").to_string(),
                Precision::Year => date.format("%Y").to_string(),
            },
            None => time.days.to_string(),
        }
    }
}

/// A date and how exact it is: of a month or a year its middle.
fn typed_date(typed: &str) -> Option<(NaiveDate, Precision)> {
    let parts: Vec<&str> = typed.split('-').collect();
    let number =
        |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u32>().ok())?;
    let year = parts.first().filter(|year| year.len() == 4).and_then(number)?;
    let year = i32::try_from(year).ok()?;
    match parts.as_slice() {
        [_] => Some((NaiveDate::from_ymd_opt(year, 7, 1)?, Precision::Year)),
        [_, month] => Some((NaiveDate::from_ymd_opt(year, number(month)?, 15)?, Precision::Month)),
        [_, month, day] => {
            Some((NaiveDate::from_ymd_opt(year, number(month)?, number(day)?)?, Precision::Day))
        }
        _ => None,
    }
}
