//! The sections of the notebook, and what of the CARE checklist they hold.
//!
//! CARE guidelines for case reports (Gagnier 2013, Riley 2017): 13 items. A section is a heading of the first or
//! second level with what follows; it belongs to an item by its words.

use std::ops::Range;

/// One item of the checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CareItem {
    /// Its number, from 1.
    pub number: usize,
    /// The heading of its section.
    pub heading: &'static str,
    /// What belongs there.
    pub hint: &'static str,
    /// Other words of headings that mean it.
    others: &'static [&'static str],
}

const fn item(
    number: usize,
    heading: &'static str,
    hint: &'static str,
    others: &'static [&'static str],
) -> CareItem {
    CareItem { number, heading, hint, others }
}

/// The checklist.
pub const CARE: [CareItem; 13] = [
    item(1, "Title", "The words \"case report\" and what is of most interest", &[]),
    item(2, "Key words", "2 to 5, \"case report\" among them", &["keywords"]),
    item(
        3,
        "Abstract",
        "Introduction, findings, diagnoses, interventions, outcomes, conclusion",
        &["summary"],
    ),
    item(4, "Introduction", "Why this case is new, with references", &["background"]),
    item(
        5,
        "Patient information",
        "De-identified demographics, concerns, histories, past interventions",
        &["patient", "history", "case presentation", "clinical question"],
    ),
    item(6, "Clinical findings", "Physical examination", &["examination", "clinical examination"]),
    item(7, "Timeline", "Dates and times, relative", &["course"]),
    item(
        8,
        "Diagnostic assessment",
        "Methods, challenges, reasoning and differential diagnosis, prognosis",
        &["diagnosis", "imaging", "findings", "imaging findings"],
    ),
    item(
        9,
        "Therapeutic intervention",
        "Types, administration, changes",
        &["treatment", "operation", "therapy", "intervention"],
    ),
    item(
        10,
        "Follow-up and outcomes",
        "Outcomes, tests, adherence, adverse events",
        &["follow-up", "follow up", "outcome", "outcomes"],
    ),
    item(11, "Discussion", "Strengths and limits, literature, rationale, take-away", &["conclusion"]),
    item(12, "Patient perspective", "The patient's own words, where possible", &["perspective"]),
    item(13, "Informed consent", "Whether the patient consented, and when", &["consent"]),
];

/// A section of the notes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The level of its heading, 1 or 2; 0 of what stands before the first.
    pub level: usize,
    /// The words of its heading.
    pub heading: String,
    /// All of it in the notes, in bytes.
    pub range: Range<usize>,
    /// What follows the heading.
    pub body: Range<usize>,
}

impl Section {
    /// The item of the checklist that it belongs to. A first-level heading is the title.
    pub fn care(&self) -> Option<&'static CareItem> {
        if self.level == 1 {
            return CARE.first();
        }
        let words = self.heading.trim().to_lowercase();
        let words = words.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ' ');
        let is_it = |item: &&CareItem| item.heading.to_lowercase() == words || item.others.contains(&words);
        (self.level > 0).then(|| CARE.iter().find(is_it)).flatten()
    }
}

/// The sections of the notes, in order. Headings within fenced code are text.
pub fn sections(notes: &str) -> Vec<Section> {
    let mut found: Vec<Section> = Vec::new();
    let (mut at, mut fenced) = (0, false);
    let start = |level, heading: &str, range: Range<usize>| Section {
        level,
        heading: heading.trim().trim_end_matches('#').trim().to_owned(),
        body: range.end..range.end,
        range,
    };
    for line in notes.split_inclusive('\n') {
        let range = at..at + line.len();
        at = range.end;
        let trimmed = line.trim_start();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            fenced = !fenced;
        }
        let hashes = line.len() - line.trim_start_matches('#').len();
        let is_heading =
            !fenced && (1..=2).contains(&hashes) && line[hashes..].starts_with([' ', '\n', '\t']);
        if is_heading {
            found.push(start(hashes, &line[hashes..], range));
        } else if let Some(last) = found.last_mut() {
            last.range.end = range.end;
            last.body.end = range.end;
        } else if !line.trim().is_empty() {
            found.push(Section { body: range.clone(), ..start(0, "", range) });
        }
    }
    found
}

/// Whether a section says anything: of the title its heading, of others what follows.
pub fn is_filled(notes: &str, section: &Section) -> bool {
    if section.level == 1 {
        return !section.heading.is_empty();
    }
    notes.get(section.body.clone()).is_some_and(|body| body.lines().any(says_something))
}

/// A line that is not only a hint of a template.
fn says_something(line: &str) -> bool {
    let line = line.trim();
    let is_hint = line.starts_with("<!--") && line.ends_with("-->");
    let is_frame = !line.is_empty() && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '));
    !(line.is_empty() || is_hint || is_frame)
}

/// Whether the notes say something to each item of [`CARE`], in its order.
pub fn filled(notes: &str) -> [bool; 13] {
    let mut all = [false; 13];
    for section in sections(notes) {
        if let Some(item) = section.care().filter(|_| is_filled(notes, &section)) {
            all[item.number - 1] = true;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTES: &str = "Before\n\n# Meningioma: a case report\n\n## 2. Key words\nmeningioma\n\n## Timeline\n\
        <!-- relative -->\n\n```\n## no heading\n```\n## Imaging findings ##\n### CT\n## Informed consent\n\n";

    #[test]
    fn sections_are_headings_with_what_follows() {
        let found = sections(NOTES);
        let heads: Vec<(usize, &str)> = found.iter().map(|one| (one.level, &*one.heading)).collect();
        assert_eq!(
            heads,
            [
                (0, ""),
                (1, "Meningioma: a case report"),
                (2, "2. Key words"),
                (2, "Timeline"),
                (2, "Imaging findings"),
                (2, "Informed consent")
            ]
        );
        assert_eq!(&NOTES[found[2].body.clone()], "meningioma\n\n");
        let whole: String = found.iter().map(|one| &NOTES[one.range.clone()]).collect();
        assert_eq!(whole, NOTES);
    }

    #[test]
    fn the_checklist_knows_what_is_said() {
        let numbers: Vec<usize> =
            filled(NOTES).iter().enumerate().filter(|(_, is)| **is).map(|(index, _)| index + 1).collect();
        assert_eq!(numbers, [1, 2, 7, 8], "a fence is words, a hint is none");
        assert_eq!(filled(""), [false; 13]);
        assert!(CARE.iter().enumerate().all(|(index, item)| item.number == index + 1));
    }
}
