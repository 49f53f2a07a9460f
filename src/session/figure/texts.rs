//! The texts that leave with a figure.

use std::path::Path;

use super::gate::FindingPlace;
use crate::case::figure::{FigureShape, MeasurementsShown};
use crate::case::{Figure, MeasurementId};
use crate::identify::{Known, find};
use crate::session::Session;

/// A text of a figure, and where it stands.
pub(super) struct FigureText {
    pub(super) at: FindingPlace,
    /// The same in words.
    pub(super) place: String,
    pub(super) words: String,
}

impl Session {
    /// Every text that leaves with a figure that is written to that file. Of measurements those alone in which something
    /// is found: to know whether a panel shows them takes more than to read them.
    pub(super) fn texts_of(&self, figure: &Figure, output: Option<&Path>, known: &Known) -> Vec<FigureText> {
        let text = |at, place: String, words: &str| FigureText { at, place, words: words.to_owned() };
        let mut texts = vec![text(FindingPlace::Title, "title".to_owned(), &figure.title)];
        for (index, words) in figure.column_headings.iter().enumerate() {
            let place = format!("heading of column {}", index + 1);
            texts.push(text(FindingPlace::ColumnHeading(index), place, words));
        }
        for (index, words) in figure.row_headings.iter().enumerate() {
            let place = format!("heading of row {}", index + 1);
            texts.push(text(FindingPlace::RowHeading(index), place, words));
        }
        for ((index, panel), caption) in figure.panels.iter().enumerate().zip(self.captions(figure)) {
            let letter = figure.panel_name(index);
            texts.push(text(FindingPlace::Caption(panel.id), format!("caption of {letter}"), &caption));
            for (nth, mark) in panel.marks.iter().enumerate() {
                if let FigureShape::Text(words) = &mark.shape {
                    let place = format!("text on {letter}");
                    texts.push(text(FindingPlace::Mark(panel.id, nth), place, words));
                }
            }
        }
        for measurement in &self.case().measurements {
            let shown_on = || self.panels_with(figure, measurement.id);
            if let (false, Some(letters)) = (find(&measurement.label, known).is_empty(), shown_on()) {
                let place = format!("words of measurement {} on {letters}", measurement.id.0);
                texts.push(text(FindingPlace::Measurement(measurement.id), place, &measurement.label));
            }
        }
        texts.push(text(FindingPlace::Closing, "closing words".to_owned(), &figure.closing));
        if let Some(name) = output.and_then(Path::file_stem) {
            texts.push(text(FindingPlace::FileName, "file name".to_owned(), &name.to_string_lossy()));
        }
        texts
    }

    /// The letters of the panels that show the words of a measurement.
    fn panels_with(&self, figure: &Figure, id: MeasurementId) -> Option<String> {
        let shows = |panel: &crate::case::Panel| {
            if panel.measurements != MeasurementsShown::Values {
                return false;
            }
            let Some(viewport) = self.viewport_of_view(&panel.view) else { return false };
            let shown = self.shown_in(&viewport);
            shown
                .is_some_and(|shown| self.marks_on(&shown, None).iter().any(|mark| mark.measurement.id == id))
        };
        let with = figure.panels.iter().enumerate().filter(|(_, panel)| shows(panel));
        let letters: Vec<String> = with.map(|(index, _)| figure.panel_name(index)).collect();
        (!letters.is_empty()).then(|| letters.join(", "))
    }
}
