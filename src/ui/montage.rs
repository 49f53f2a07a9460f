//! Two dialogues that ask which slices of a series: for a montage, and for a film.

use egui::{Button, Checkbox, Grid, RichText, Role, Ui};

use super::dialogs::{Outcome, heading};
use super::files::Purpose;
use super::named::named;
use super::number::number_field;
use super::theme;
use crate::case::figure::{Figure, PageSetup};
use crate::case::number;
use crate::session::{Action, CineOptions, FigureAction, Session, Slices, ViewportId};
use crate::words::counted;

/// Panels that a montage starts with: what a page shows well.
const PANELS: usize = 20;

/// Slices as people count them, from 1.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Range {
    count: usize,
    from: usize,
    to: usize,
    every: usize,
}

impl Range {
    fn of(session: &Session, id: ViewportId, most: usize) -> Self {
        let count = session.shown(id).map_or(1, |shown| shown.count.max(1));
        Self { count, from: 1, to: count, every: count.div_ceil(most) }
    }

    fn slices(self) -> Slices {
        Slices { from: self.from - 1, to: self.to - 1, step: self.every }
    }

    /// How many there are.
    fn len(self) -> usize {
        self.slices().of(self.count).len()
    }

    fn rows(&mut self, ui: &mut Ui) {
        let last = self.count;
        whole(ui, "First slice", &mut self.from, last);
        whole(ui, "Last slice", &mut self.to, last);
        whole(ui, "Every n-th", &mut self.every, last);
    }
}

/// A number of 1 or more with its name.
fn whole(ui: &mut Ui, name: &str, value: &mut usize, most: usize) {
    ui.label(name);
    named(&ui.add(number_field(value, 0, 0).range(1..=most).speed(0.2)), Role::SpinButton, name);
    ui.end_row();
}

/// What the montage dialogue asks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct MontageForm {
    viewport: ViewportId,
    range: Range,
    /// Panels in a row, once the reader chose how many.
    columns: Option<usize>,
}

impl MontageForm {
    /// The slices of the active viewport.
    pub(super) fn new(session: &Session) -> Self {
        let viewport = session.workspace().active;
        Self { viewport, range: Range::of(session, viewport, PANELS), columns: None }
    }

    /// The dialogue.
    pub(super) fn show(&mut self, ui: &mut Ui) -> Outcome {
        ui.set_width(380.0);
        heading(ui, "Montage of the series");
        let mut columns = 1;
        Grid::new("montage").num_columns(2).spacing([16.0, 8.0]).show(ui, |ui| {
            self.range.rows(ui);
            let balanced = Slices::balanced_columns(self.range.len());
            columns = self.columns.unwrap_or(balanced);
            whole(ui, "Slices in a row", &mut columns, PageSetup::MOST_COLUMNS);
            if columns != self.columns.unwrap_or(balanced) {
                self.columns = Some(columns);
            }
        });
        let panels = self.range.len();
        ui.add_space(8.0);
        let fits = panels <= Figure::MOST_PANELS;
        if fits {
            let rows = panels.div_ceil(columns.max(1));
            let (slices, rows) = (counted(panels, "slice"), counted(rows, "row"));
            ui.label(format!("{slices} in {rows}, seen as the viewport shows the series."));
        } else {
            let words =
                format!("{panels} slices are too many: a figure has at most {}.", Figure::MOST_PANELS);
            ui.colored_label(theme::WARNING, words);
        }
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            if ui.add_enabled(fits, Button::new("Make the montage")).clicked() {
                let (viewport, slices) = (self.viewport, self.range.slices());
                return Outcome::Do(Action::Figure(FigureAction::Montage { viewport, slices, columns }));
            }
            if ui.button("Cancel").clicked() { Outcome::Closed } else { Outcome::Open }
        })
        .inner
    }
}

/// What the film dialogue asks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct CineForm {
    viewport: ViewportId,
    range: Range,
    rate: f64,
    options: CineOptions,
}

impl CineForm {
    /// All slices of the active viewport, as fast as its file says.
    pub(super) fn new(session: &Session) -> Self {
        let viewport = session.workspace().active;
        let range = Range::of(session, viewport, usize::MAX);
        Self { viewport, range, rate: session.usual_cine_rate(viewport), options: CineOptions::default() }
    }

    /// The dialogue.
    pub(super) fn show(&mut self, ui: &mut Ui, session: &Session) -> Outcome {
        ui.set_width(380.0);
        heading(ui, "Export the series as a film");
        Grid::new("film").num_columns(2).spacing([16.0, 8.0]).show(ui, |ui| {
            self.range.rows(ui);
            ui.label("Frames a second");
            let rate = number_field(&mut self.rate, 1, 2).range(0.1..=100.0).speed(0.1);
            named(&ui.add(rate), Role::SpinButton, "Frames a second");
            ui.end_row();
            ui.label("Width");
            let width = number_field(&mut self.options.width, 0, 0).range(64..=4096).suffix(" px");
            named(&ui.add(width), Role::SpinButton, "Width in pixels");
            ui.end_row();
            ui.label("Show");
            ui.vertical(|ui| {
                ui.add(Checkbox::new(&mut self.options.marks, "Measurements"));
                ui.add(Checkbox::new(&mut self.options.letters, "Orientation letters"));
                ui.add(Checkbox::new(&mut self.options.ruler, "Ruler"));
            });
            ui.end_row();
        });
        let (slices, rate) = (self.range.slices(), Some(self.rate));
        let options = CineOptions { slices, frames_per_second: rate, ..self.options };
        let frames = self.range.len();
        let size = options.view().size.pixels(session.workspace().size(self.viewport).aspect());
        ui.add_space(8.0);
        match &size {
            Ok(size) => {
                let seconds = number(frames as f64 / self.rate, 1);
                let (width, height) = (size.width, size.height);
                let frames = counted(frames, "frame");
                ui.label(format!("{frames} of {width} x {height} pixels, {seconds} s."))
            }
            Err(why) => ui.colored_label(theme::WARNING, why.to_string()),
        };
        let kinds = "A name that ends in .gif makes a GIF, which plays everywhere, at most 50 frames a second; one that \
                     ends in .png an animated PNG, which loses no colour. No header value goes into the file.";
        ui.label(RichText::new(kinds).color(theme::WEAK));
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            if ui.add_enabled(size.is_ok(), Button::new("Export…")).clicked() {
                return Outcome::Ask(Purpose::Cine(self.viewport, options));
            }
            if ui.button("Cancel").clicked() { Outcome::Closed } else { Outcome::Open }
        })
        .inner
    }
}
