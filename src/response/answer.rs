//! What is the answer of a criterion at a time point?

use super::table::Table;
use super::{cautions, choi, judge, rules};

/// Stands beside every category.
pub const DISCLAIMER: &str = "Arithmetic, not a diagnosis.";

/// A set of response criteria.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Criterion {
    /// RECIST 1.1, solid tumours.
    Recist,
    /// RANO 2010, enhancing high-grade glioma.
    Rano,
    /// RANO-BM, brain metastases.
    RanoBm,
    /// Choi, gastrointestinal stromal tumour on CT.
    Choi,
}

impl Criterion {
    /// Every criterion.
    pub const ALL: [Self; 4] = [Self::Recist, Self::Rano, Self::RanoBm, Self::Choi];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Recist => "RECIST 1.1",
            Self::Rano => "RANO 2010",
            Self::RanoBm => "RANO-BM",
            Self::Choi => "Choi",
        }
    }
}

/// Response category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    /// CR.
    CompleteResponse,
    /// PR.
    PartialResponse,
    /// SD.
    StableDisease,
    /// Non-CR/non-PD: disease without a target lesion (RECIST 1.1 table 2).
    NonCrNonPd,
    /// PD.
    ProgressiveDisease,
    /// NE: something was not measured.
    NotEvaluable,
}

impl Category {
    /// The abbreviation of the criteria.
    pub fn abbreviation(self) -> &'static str {
        match self {
            Self::CompleteResponse => "CR",
            Self::PartialResponse => "PR",
            Self::StableDisease => "SD",
            Self::NonCrNonPd => "Non-CR/non-PD",
            Self::ProgressiveDisease => "PD",
            Self::NotEvaluable => "NE",
        }
    }

    /// The category in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::CompleteResponse => "complete response",
            Self::PartialResponse => "partial response",
            Self::StableDisease => "stable disease",
            Self::NonCrNonPd => "neither complete response nor progressive disease",
            Self::ProgressiveDisease => "progressive disease",
            Self::NotEvaluable => "not evaluable",
        }
    }
}

/// A number the answer was computed from.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What it is.
    pub name: String,
    /// Its value, always finite.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
}

/// What a criterion says of one time point, with everything it rests on. Show [`DISCLAIMER`] with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The criterion applied.
    pub criterion: Criterion,
    /// Index of the time point in the table.
    pub time_point: usize,
    /// The category. `None` when there is nothing to compare, as at the baseline: `why` then says so.
    pub category: Option<Category>,
    /// The numbers used.
    pub figures: Vec<Figure>,
    /// Why this category, in sentences.
    pub why: Vec<String>,
    /// Rules of the criterion that these measurements do not keep.
    pub cautions: Vec<String>,
    /// What the criterion also asks and these numbers cannot tell.
    pub not_included: &'static [&'static str],
}

/// The answer of one criterion at one time point; `None` when there is no such time point.
pub fn answer(table: &Table, criterion: Criterion, time_point: usize) -> Option<Answer> {
    answers(table, criterion).into_iter().nth(time_point)
}

/// The answers of one criterion at every time point, in order.
pub fn answers(table: &Table, criterion: Criterion) -> Vec<Answer> {
    let mut found: Vec<Answer> = Vec::new();
    for time_point in 0..table.time_points().len() {
        let was = |category| found.iter().any(|a| a.category == Some(category));
        let was_complete = was(Category::CompleteResponse);
        let was_progressive = was(Category::ProgressiveDisease);
        let verdict = match criterion {
            Criterion::Recist => judge::judge(table, time_point, &rules::RECIST, was_complete),
            Criterion::Rano => judge::judge(table, time_point, &rules::RANO, was_complete),
            Criterion::RanoBm => judge::judge(table, time_point, &rules::RANO_BM, was_complete),
            Criterion::Choi => choi::judge(table, time_point),
        };
        let mut warnings = verdict.cautions;
        warnings.extend(cautions::all(table, criterion, time_point, was_progressive));
        found.push(Answer {
            criterion,
            time_point,
            category: verdict.category,
            figures: verdict.figures,
            why: verdict.why,
            cautions: warnings,
            not_included: rules::not_included(criterion),
        });
    }
    found
}
