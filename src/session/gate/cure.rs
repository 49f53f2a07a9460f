//! What stands in the place of what could say who the patient is.

use std::sync::Arc;

use super::removal::{replaced, replaced_in_notes};
use super::{Finding, FindingPlace, Gate};
use crate::case::{Case, Edit, Kind};
use crate::session::{Notice, Session};

/// Findings that a refusal names.
const NAMED: usize = 3;

impl Session {
    /// What cures all findings of that name in the texts of the case and its notebook, in one step; `None` where nothing
    /// does.
    pub(in crate::session) fn cured_all(&self, gate: &Gate, key: &str) -> Option<Edit> {
        let alike = gate.findings.iter().filter(|finding| finding.key == key && !finding.kept);
        let mut case = Case::clone(self.case());
        let mut edits = Vec::new();
        // From the last to the first, so that places before stay where they are.
        for finding in alike.rev() {
            if let Some(edit) = self.cured_in(&case, finding)
                && let Ok(next) = case.with(edit.clone())
            {
                case = next;
                edits.push(edit);
            }
        }
        match edits.len() {
            0 | 1 => edits.pop(),
            _ => Some(Edit::All(edits)),
        }
    }

    /// What cures a finding in a text of a case or its notebook: in any but a figure's.
    pub(in crate::session) fn cured_in(&self, case: &Case, finding: &Finding) -> Option<Edit> {
        let (range, words) = (finding.range.as_ref()?, finding.cure.as_deref()?);
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
                let is_settled = case.time_points != self.case().time_points;
                let mut points =
                    if is_settled { case.time_points.clone() } else { self.settled_time_points() };
                let point = points.get_mut(index)?;
                point.name = replaced(&point.name, range, words);
                Edit::SetTimePoints(points)
            }
            FindingPlace::Notes(start) => {
                let range = range.start + start..range.end + start;
                Edit::SetNotes(replaced_in_notes(&case.notes, &range, words))
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
    let words = |finding: &&Finding| match finding.quote.reveal().as_str() {
        "" => format!("{}: {}", finding.place, finding.what),
        quote => format!("{}: {} (\u{201c}{quote}\u{201d})", finding.place, finding.what),
    };
    let mut named: Vec<String> = open.iter().take(NAMED).map(words).collect();
    if open.len() > NAMED {
        named.push(format!("{} more", open.len() - NAMED));
    }
    Notice::error(
        format!("{what} was not written: it may say who the patient is."),
        format!("{}. Replace each, or keep it on purpose.", named.join("; ")),
    )
}
