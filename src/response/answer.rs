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

/// What the earlier time points came to.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "three questions of the past, each by itself")]
pub(super) struct Course {
    /// One of them was a complete response.
    pub(super) was_complete: bool,
    /// One of them was progression.
    pub(super) was_progressive: bool,
    /// One of them was a response, and none since was progression.
    pub(super) responds: bool,
}

impl Course {
    fn so_far(answers: &[Answer]) -> Self {
        let mut course = Self::default();
        for category in answers.iter().filter_map(|answer| answer.category) {
            match category {
                Category::CompleteResponse => (course.was_complete, course.responds) = (true, true),
                Category::PartialResponse => course.responds = true,
                Category::ProgressiveDisease => (course.was_progressive, course.responds) = (true, false),
                Category::StableDisease | Category::NonCrNonPd | Category::NotEvaluable => {}
            }
        }
        course
    }
}

/// The answer of one criterion at one time point; `None` when there is no such time point.
pub fn answer(table: &Table, criterion: Criterion, time_point: usize) -> Option<Answer> {
    answers(table, criterion).into_iter().nth(time_point)
}

/// The answers of one criterion at every time point, in order.
pub fn answers(table: &Table, criterion: Criterion) -> Vec<Answer> {
    let mut found: Vec<Answer> = Vec::new();
    for time_point in 0..table.time_points().len() {
        let course = Course::so_far(&found);
        let verdict = match criterion {
            Criterion::Recist => judge::judge(table, time_point, &rules::RECIST, course),
            Criterion::Rano => judge::judge(table, time_point, &rules::RANO, course),
            Criterion::RanoBm => judge::judge(table, time_point, &rules::RANO_BM, course),
            Criterion::Choi => choi::judge(table, time_point, course),
        };
        let mut warnings = verdict.cautions;
        warnings.extend(cautions::all(table, criterion, time_point, course.was_progressive));
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
