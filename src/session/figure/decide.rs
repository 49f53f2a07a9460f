//! What the author decides of a finding: kept on purpose, or something else in its place.

use std::sync::Arc;

use crate::case::figure::FigureShape;
use crate::case::{Edit, Figure};
use crate::session::gate::{Finding, FindingPlace, is_name, replaced};
use crate::session::{Notice, Session};

impl Session {
    /// Keeps something in the figure shown on purpose, by the names of the findings.
    pub(super) fn keep_findings(&mut self, keys: Vec<String>) {
        let Some(mut figure) = self.figure().map(|figure| Figure::clone(figure)) else { return };
        for key in keys {
            if is_name(&key) && !figure.kept.contains(&key) {
                figure.kept.push(key);
            }
        }
        if self.figure().is_some_and(|old| old.kept != figure.kept) {
            self.commit(Edit::ChangeFigure(Arc::new(figure), "keep what may identify"));
        }
    }

    /// Takes back that something is kept.
    pub(super) fn unkeep_finding(&mut self, key: &str) {
        let Some(figure) = self.figure() else { return };
        let left = self.figure_findings(figure, None).kept_without(&figure.kept, key);
        if left != figure.kept {
            let figure = Figure { kept: left, ..Figure::clone(figure) };
            self.commit(Edit::ChangeFigure(Arc::new(figure), "no longer keep what may identify"));
        }
    }

    /// Puts in the place of a finding, and of all that is alike, what its cure says.
    pub(super) fn cure_finding(&mut self, key: &str) {
        let Some(figure) = self.figure().map(Arc::clone) else { return };
        let gate = self.figure_findings(&figure, None);
        let alike: Vec<&Finding> =
            gate.findings.iter().filter(|finding| finding.key == key && !finding.kept).collect();
        let Some(first) = alike.first() else { return };
        let mut cured = Figure::clone(&figure);
        // From the last to the first, so that places before stay where they are.
        for finding in alike.iter().rev() {
            if let Some(next) = self.cured(&cured, finding) {
                cured = next;
            }
        }
        let in_figure =
            (cured != *figure).then(|| Edit::ChangeFigure(Arc::new(cured), "replace what may identify"));
        let edits: Vec<Edit> = in_figure.into_iter().chain(self.cured_all(&gate, key)).collect();
        match <[Edit; 1]>::try_from(edits) {
            Ok([edit]) => self.commit(edit),
            Err(edits) if edits.is_empty() => self.tell(Notice::warning(
                "There is nothing to put in its place.",
                format!("{}: {}. Keep it on purpose, or show another image.", first.place, first.what),
            )),
            Err(edits) => self.commit(Edit::All(edits)),
        }
    }

    /// The figure with the cure of a finding in one of its own texts.
    fn cured(&self, figure: &Figure, finding: &Finding) -> Option<Figure> {
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
            | FindingPlace::Provenance => return None,
        }
        Some(figure)
    }
}
