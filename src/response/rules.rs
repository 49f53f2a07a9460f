//! Which numbers does each criterion set?

use super::answer::Criterion;
use super::standing::Measure;
use super::table::{Cell, Row};
use super::threshold::{is_gone, is_gone_or_normal, longest_mm, product_mm2, recist_mm};

/// What progression asks beyond its percentage.
#[derive(Debug, Clone, Copy)]
pub(super) enum Also {
    /// Nothing.
    Nothing,
    /// The sum grew by this many mm.
    SumGrewMm(f64),
    /// At least one lesion grew by this many mm.
    OneLesionGrewMm(f64),
}

/// The rules of a criterion that compares one sum with its baseline and its smallest value.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each rule is there or not")]
pub(super) struct Rules {
    pub(super) name: &'static str,
    /// Where the thresholds stand.
    pub(super) source: &'static str,
    pub(super) sum: &'static str,
    pub(super) unit: &'static str,
    pub(super) measure: Measure,
    /// Whether a lesion counts as gone.
    pub(super) gone: fn(&Row, &Cell) -> bool,
    /// Fall from the baseline that is a partial response.
    pub(super) fall: f64,
    /// Rise from the smallest sum that is progression.
    pub(super) rise: f64,
    pub(super) also: Also,
    /// Whether a lesion that is back after a complete response is progression by itself.
    pub(super) back_is_progression: bool,
    /// Whether a node of normal size is no disease.
    pub(super) knows_nodes: bool,
    /// Whether a response lasts until progression.
    pub(super) keeps_response: bool,
    /// Whether disease without a target has categories of its own.
    pub(super) judges_without_targets: bool,
}

/// Eisenhauer 2009: 4.3.1 for the thresholds, table 2 for disease without targets, table 3 and the EORTC's
/// clarifications "Does a new lesion always result in PD?" and "Abnormal lymph node" for a lesion that is back after a
/// complete response, "Managing PR when TP measurements change slightly over time" for a response that is kept.
pub(super) const RECIST: Rules = Rules {
    name: "RECIST 1.1",
    source: "RECIST 1.1, section 4.3.1",
    sum: "sum of diameters",
    unit: "mm",
    measure: recist_mm,
    gone: is_gone_or_normal,
    fall: 0.30,
    rise: 0.20,
    also: Also::SumGrewMm(5.0),
    back_is_progression: true,
    knows_nodes: true,
    keeps_response: true,
    judges_without_targets: true,
};

/// Wen 2010: "Definition of Radiographic Response" and table 4. A complete response is no enhancing disease at all, so
/// that any that is seen after it is progression.
pub(super) const RANO: Rules = Rules {
    name: "RANO 2010",
    source: "RANO 2010, radiographic response",
    sum: "sum of products",
    unit: "mm2",
    measure: product_mm2,
    gone: is_gone,
    fall: 0.50,
    rise: 0.25,
    also: Also::Nothing,
    back_is_progression: true,
    knows_nodes: false,
    keeps_response: false,
    judges_without_targets: false,
};

/// Lin 2015: "Definition of CNS response", target lesions. Progression always needs one lesion 5 mm larger, also after a
/// complete response.
pub(super) const RANO_BM: Rules = Rules {
    name: "RANO-BM",
    source: "RANO-BM, response of target lesions",
    sum: "sum of longest diameters",
    unit: "mm",
    measure: longest_mm,
    gone: is_gone,
    fall: 0.30,
    rise: 0.20,
    also: Also::OneLesionGrewMm(5.0),
    back_is_progression: false,
    knows_nodes: false,
    keeps_response: false,
    judges_without_targets: false,
};

/// What the criterion also asks and a table of sizes cannot tell.
pub(super) fn not_included(criterion: Criterion) -> &'static [&'static str] {
    match criterion {
        Criterion::Recist => &[
            "Clear growth of a non-target lesion is progression too: read, not computed (section 4.3.4).",
            "Tumour markers and the cytology of effusions are not part of these numbers (section 4.3.3).",
            "Without a control arm, a response counts when a scan 4 weeks later confirms it (section 4.6).",
            "Whether a new lesion is beyond doubt is for the reader (section 4.3.5).",
        ],
        Criterion::Rano => &[
            "Corticosteroid dose and clinical state decide with the images and are not part of these numbers.",
            "Non-enhancing disease on T2 and FLAIR is not part of these numbers.",
            "A response counts only when a scan at least 4 weeks later shows it again.",
            "Within 12 weeks of radiotherapy, growth inside the radiation field may be pseudoprogression.",
        ],
        Criterion::RanoBm => &[
            "Corticosteroid dose and clinical state decide with the images and are not part of these numbers.",
            "Clear growth of a non-target lesion is progression too, but it is read, not computed.",
            "Without a control arm, a response counts when a scan 4 weeks later confirms it.",
            "Disease outside the brain is judged apart, by RECIST 1.1.",
        ],
        Criterion::Choi => &[
            "A new or growing nodule inside a lesion is progression too, but it is read, not computed.",
            "Clear growth of disease that is not measured is read, not computed.",
            "Density compares only in the same contrast phase; the paper used the portal venous one.",
            "Clinical worsening caused by the tumour is not part of these numbers.",
        ],
    }
}
