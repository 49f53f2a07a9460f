//! What could say who the patient is in a figure: its texts and its images.

use std::path::Path;

use crate::case::figure::{FigureShape, MeasurementsShown};
use crate::case::{Figure, MeasurementId};
use crate::identify::find;
use crate::session::Session;
use crate::session::gate::{FindingPlace, Findings, Gate, GateText, ImageFacts, file_name_text};

impl Session {
    /// What could say who the patient is in a figure, in the texts and images that would leave with it as that file.
    ///
    /// Headers are read for the figure that is shown, and for one that is to be written: for another one
    /// [`Gate::reading`] stays.
    pub fn figure_findings(&self, figure: &Figure, output: Option<&Path>) -> Gate {
        let mut findings = Findings::new(&figure.kept);
        self.in_figure(figure, "", &mut findings);
        self.in_texts(output.and_then(file_name_text).as_slice(), &mut findings);
        Gate { reading: self.headers_missing(figure), findings: findings.list }
    }

    /// The same, added to findings of what the figure is a part of; the names of places begin with `of`.
    pub(in crate::session) fn in_figure(&self, figure: &Figure, of: &str, findings: &mut Findings<'_>) {
        self.in_texts(&self.texts_of(figure, of), findings);
        for (index, panel) in figure.panels.iter().enumerate() {
            let Some(viewport) = self.viewport_of_view(&panel.view) else { continue };
            let Some(shown) = self.shown_in(&viewport) else { continue };
            let mut facts = ImageFacts::default();
            self.add_facts(&shown, &self.frames_of_panel(panel), &mut facts);
            let place = format!("{of}image of {}", figure.panel_name(index));
            findings.add_image(&facts, FindingPlace::Image(panel.id), &place, &shown.image_name());
        }
    }

    /// Every text that leaves with a figure. Of measurements those alone in which something
    /// is found: to know whether a panel shows them takes more than to read them.
    fn texts_of(&self, figure: &Figure, of: &str) -> Vec<GateText> {
        let mut texts = vec![GateText::new(FindingPlace::Title, "title", &figure.title)];
        for (index, words) in figure.column_headings.iter().enumerate() {
            let place = format!("heading of column {}", index + 1);
            texts.push(GateText::new(FindingPlace::ColumnHeading(index), place, words));
        }
        for (index, words) in figure.row_headings.iter().enumerate() {
            let place = format!("heading of row {}", index + 1);
            texts.push(GateText::new(FindingPlace::RowHeading(index), place, words));
        }
        for ((index, panel), caption) in figure.panels.iter().enumerate().zip(self.captions(figure)) {
            let letter = figure.panel_name(index);
            texts.push(GateText::new(
                FindingPlace::Caption(panel.id),
                format!("caption of {letter}"),
                caption,
            ));
            for (nth, mark) in panel.marks.iter().enumerate() {
                if let FigureShape::Text(words) = &mark.shape {
                    let place = format!("text on {letter}");
                    texts.push(GateText::new(FindingPlace::Mark(panel.id, nth), place, words));
                }
            }
        }
        let known = self.headers.known();
        for measurement in &self.case().measurements {
            let shown_on = || self.panels_with(figure, measurement.id);
            if let (false, Some(letters)) = (find(&measurement.label, known).is_empty(), shown_on()) {
                let place = format!("words of measurement {} on {letters}", measurement.id.0);
                texts.push(GateText::new(
                    FindingPlace::Measurement(measurement.id),
                    place,
                    &measurement.label,
                ));
            }
        }
        texts.push(GateText::new(FindingPlace::Closing, "closing words", &figure.closing));
        for text in &mut texts {
            text.place.insert_str(0, of);
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
