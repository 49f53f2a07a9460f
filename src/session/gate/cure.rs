//! What stands in the place of what could say who the patient is.

use std::ops::Range;
use std::sync::Arc;

use super::{Finding, FindingPlace, Gate};
use crate::case::{Edit, Kind};
use crate::session::{Notice, Session};

/// Findings that a refusal names.
const NAMED: usize = 3;

impl Session {
    /// What cures a finding in a text of the case or its notebook: in any but a figure's.
    pub(in crate::session) fn cured_in_case(&self, finding: &Finding) -> Option<Edit> {
        let (range, words) = (finding.range.as_ref()?, finding.cure.as_deref()?);
        let case = self.case();
        Some(match finding.at {
            FindingPlace::Measurement(id) => {
                let measurement = case.measurement(id)?;
                let label = replaced(&measurement.label, range, words);
                let wordless = measurement.kind == Kind::Text && label.is_empty();
                if wordless { Edit::Remove(id) } else { Edit::Relabel(id, label) }
            }
            FindingPlace::Lesion(id) => {
                let mut lesion = case.lesion(id)?.clone();
                lesion.name = replaced(&lesion.name, range, words);
                Edit::ChangeLesion(lesion)
            }
            FindingPlace::Site(id) => {
                let mut lesion = case.lesion(id)?.clone();
                lesion.site = replaced(&lesion.site, range, words);
                Edit::ChangeLesion(lesion)
            }
            FindingPlace::TimePoint(index) => {
                let mut points = self.settled_time_points();
                let point = points.get_mut(index)?;
                point.name = replaced(&point.name, range, words);
                Edit::SetTimePoints(points)
            }
            FindingPlace::Notes(start) => {
                let range = range.start + start..range.end + start;
                Edit::SetNotes(replaced(&case.notes, &range, words))
            }
            FindingPlace::CaseTitle => Edit::SetTitle(replaced(&case.title, range, words)),
            FindingPlace::Event(id) => {
                let mut notebook = case.notebook.as_ref().clone();
                let event = notebook.events.iter_mut().find(|event| event.id == id)?;
                event.words = replaced(&event.words, range, words);
                Edit::ChangeNotebook(Arc::new(notebook), "replace what may identify")
            }
            FindingPlace::Title
            | FindingPlace::ColumnHeading(_)
            | FindingPlace::RowHeading(_)
            | FindingPlace::Caption(_)
            | FindingPlace::Mark(..)
            | FindingPlace::Closing
            | FindingPlace::FileName
            | FindingPlace::Image(_)
            | FindingPlace::View
            | FindingPlace::Uids
            | FindingPlace::LiveValue(_)
            | FindingPlace::EventTime(_)
            | FindingPlace::Course
            | FindingPlace::Provenance => return None,
        })
    }
}

/// Why something does not leave, and what to do; what it is stands before "was not written".
pub(in crate::session) fn refusal(what: &str, gate: &Gate) -> Notice {
    let open: Vec<&Finding> = gate.open().collect();
    let mut named: Vec<String> =
        open.iter().take(NAMED).map(|finding| format!("{}: {}", finding.place, finding.what)).collect();
    if open.len() > NAMED {
        named.push(format!("{} more", open.len() - NAMED));
    }
    Notice::error(
        format!("{what} was not written: it may say who the patient is."),
        format!("{}. Replace each, or keep it on purpose.", named.join("; ")),
    )
}

/// Whether a text can be the name of a finding, and nothing that somebody typed.
pub(in crate::session) fn is_name(key: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | ':' | '+');
    key.len() <= 64 && key.chars().all(plain) && key.split(':').count() == 3
}

/// The text with other words in a place, and without the spaces and brackets that nothing would leave behind.
pub(in crate::session) fn replaced(text: &str, range: &Range<usize>, words: &str) -> String {
    let (before, after) = (text.get(..range.start), text.get(range.end..));
    let (Some(before), Some(after)) = (before, after) else { return text.to_owned() };
    if words.is_empty() {
        return closed_up(before, after);
    }
    let mut before = before.to_owned();
    // "on 2015-05-12" is "14 days after ..." and "at the first examination".
    if let Some(rest) = before.strip_suffix("on ").filter(|rest| rest.is_empty() || rest.ends_with(' ')) {
        if words.starts_with(|c: char| c.is_ascii_digit()) {
            before = rest.to_owned();
        } else if words.ends_with("examination") {
            before = format!("{rest}at ");
        }
    }
    if words.starts_with("the ") {
        before = without_titles(&before).to_owned();
    }
    let mut letters = words.chars();
    let first = letters.next().into_iter();
    let words: String = if before.trim().is_empty() {
        first.flat_map(char::to_uppercase).chain(letters).collect()
    } else {
        first.chain(letters).collect()
    };
    format!("{before}{words}{after}")
}

/// What stands before a name, without the forms of address that belong to it.
fn without_titles(mut before: &str) -> &str {
    const TITLES: [&str; 12] =
        ["Dr.", "Dr", "Prof.", "Prof", "Mr.", "Mr", "Mrs.", "Mrs", "Ms.", "Ms", "Herr", "Frau"];
    while let Some(rest) = TITLES.iter().find_map(|title| {
        let rest = before.trim_end().strip_suffix(title)?;
        (rest.is_empty() || rest.ends_with([' ', '('])).then_some(rest)
    }) {
        before = rest;
    }
    before
}

/// What stood around nothing: one space between words, none before a full stop, no empty brackets.
fn closed_up(before: &str, after: &str) -> String {
    let (start, rest) = (before.trim_end(), after.trim_start());
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let (Some(start), Some(rest)) = (start.strip_suffix(open), rest.strip_prefix(close)) {
            return closed_up(start, rest);
        }
    }
    let spaced = start.len() < before.len() || rest.len() < after.len();
    let joins = start.is_empty()
        || rest.is_empty()
        || start.ends_with(['(', '['])
        || rest.starts_with([')', ']', ',', '.', ';', ':', '!', '?']);
    // What separated it from what stood before separates nothing any more.
    let start = if rest.is_empty() || start.is_empty() {
        start.trim_end_matches([',', ';', ':', ' '])
    } else {
        start
    };
    let rest = if start.is_empty() { rest.trim_start_matches([',', ';', ':', '.', ' ']) } else { rest };
    if spaced && !joins { format!("{start} {rest}") } else { format!("{start}{rest}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(text: &str, part: &str, words: &str) -> String {
        let start = text.find(part).unwrap();
        replaced(text, &(start..start + part.len()), words)
    }

    #[test]
    fn what_stood_around_nothing_closes_up() {
        for (text, part, closed) in [
            ("CT of 77-41, brain window", "77-41", "CT of, brain window"),
            ("CT 77-41 brain", "77-41", "CT brain"),
            ("CT (77-41) brain", "77-41", "CT brain"),
            ("CT brain (77-41).", "77-41", "CT brain."),
            ("CT [77-41]", "77-41", "CT"),
            ("CT (left, 77-41)", "77-41", "CT (left,)"),
            ("CT brain, 77-41", "77-41", "CT brain"),
            ("77-41: CT", "77-41", "CT"),
            ("a77-41b", "77-41", "ab"),
            ("77-41", "77-41", ""),
        ] {
            assert_eq!(without(text, part, ""), closed, "{text}");
        }
    }

    #[test]
    fn words_stand_where_the_finding_stood() {
        assert_eq!(without("CT of Quixote, axial", "Quixote", "the patient"), "CT of the patient, axial");
        assert_eq!(without("Quixote, axial", "Quixote", "the patient"), "The patient, axial");
        assert_eq!(without("by Prof. Dr. Panza", "Panza", "the physician"), "by the physician");
        assert_eq!(without("Ä 2015 ö", "2015", "x"), "Ä x ö");
        let later = "14 days after the first examination";
        assert_eq!(without("CT on 2015-05-26", "2015-05-26", later), format!("CT {later}"));
        let first = without("CT on 2015-05-12", "2015-05-12", "the first examination");
        assert_eq!(first, "CT at the first examination");
    }

    #[test]
    fn only_names_of_findings_are_kept() {
        assert!(is_name("name:caption-3:1a2b") && is_name("like-date:file-name:00ff+1"));
        for other in ["Quixote", "name:Quixote:1a2b", "name:caption-3", &"a:b:c".repeat(20)] {
            assert!(!is_name(other), "{other}");
        }
    }
}
