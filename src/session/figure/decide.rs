//! What the author decides of a finding: kept on purpose, or something else in its place.

use std::sync::Arc;

use crate::case::figure::FigureShape;
use crate::case::{Edit, Figure};
use crate::session::gate::{Finding, FindingPlace, is_name, replaced};
use crate::session::{Notice, Session};

impl Session {
    /// Keeps something in the figure shown on purpose, by the name of the finding.
    pub(super) fn keep_finding(&mut self, key: String) {
        let Some(figure) = self.figure().filter(|figure| is_name(&key) && !figure.kept.contains(&key)) else {
            return;
        };
        let mut figure = Figure::clone(figure);
        figure.kept.push(key);
        self.commit(Edit::ChangeFigure(Arc::new(figure), "keep what may identify"));
    }

    /// Takes back that something is kept.
    pub(super) fn unkeep_finding(&mut self, key: &str) {
        let Some(figure) = self.figure().filter(|figure| figure.kept.iter().any(|kept| kept == key)) else {
            return;
        };
        let mut figure = Figure::clone(figure);
        figure.kept.retain(|kept| kept != key);
        self.commit(Edit::ChangeFigure(Arc::new(figure), "no longer keep what may identify"));
    }

    /// Puts in the place of a finding what its cure says.
    pub(super) fn cure_finding(&mut self, key: &str) {
        let Some(figure) = self.figure().map(Arc::clone) else { return };
        let gate = self.figure_findings(&figure, None);
        let Some(finding) = gate.findings.iter().find(|finding| finding.key == key) else { return };
        match self.cured(&figure, finding) {
            Some(edit) => self.commit(edit),
            None => self.tell(Notice::warning(
                "There is nothing to put in its place.",
                format!("{}: {}. Keep it on purpose, or show another image.", finding.place, finding.what),
            )),
        }
    }

    fn cured(&self, figure: &Figure, finding: &Finding) -> Option<Edit> {
        let (range, words) = (finding.range.as_ref()?, finding.cure.as_deref()?);
        let mut figure = figure.clone();
        let cure = |text: &mut String| *text = replaced(text, range, words);
        match finding.at {
            FindingPlace::Title => cure(&mut figure.title),
            FindingPlace::Closing => cure(&mut figure.closing),
            FindingPlace::ColumnHeading(index) => cure(figure.column_headings.get_mut(index)?),
            FindingPlace::RowHeading(index) => cure(figure.row_headings.get_mut(index)?),
            FindingPlace::Caption(id) => {
                // What the program drafted becomes the author's: it would say the same again.
                let mut caption = self.caption_of(figure.panel(id)?);
                cure(&mut caption);
                figure.panel_mut(id)?.caption = Some(caption);
            }
            FindingPlace::Mark(id, index) => {
                let panel = figure.panel_mut(id)?;
                let FigureShape::Text(text) = &mut panel.marks.get_mut(index)?.shape else { return None };
                cure(text);
                if text.is_empty() {
                    panel.marks.remove(index);
                }
            }
            FindingPlace::Measurement(_)
            | FindingPlace::Lesion(_)
            | FindingPlace::Site(_)
            | FindingPlace::TimePoint(_)
            | FindingPlace::FileName
            | FindingPlace::Image(_)
            | FindingPlace::View
            | FindingPlace::Uids
            | FindingPlace::Notes(_)
            | FindingPlace::LiveValue(_)
            | FindingPlace::CaseTitle
            | FindingPlace::Event(_)
            | FindingPlace::EventTime(_)
            | FindingPlace::Course
            | FindingPlace::Provenance => return self.cured_in_case(finding),
        }
        Some(Edit::ChangeFigure(Arc::new(figure), "replace what may identify"))
    }
}
