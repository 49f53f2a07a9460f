//! Beside the page: the panel in hand, headings, what panels share, warnings, the legend.

use std::sync::Arc;

use egui::{RichText, Role, Ui};

use super::bar::changed;
use super::fields::Text;
use super::{FigurePanel, Seen};
use crate::case::figure::{Along, Figure, Ink};
use crate::session::{Action, FigureAction, Notice, Session, legend_words};
use crate::typography::typeset;
use crate::ui::named::{choice, line_field, named};
use crate::ui::number::number_field;
use crate::ui::theme;

impl FigurePanel {
    pub(super) fn side(&mut self, ui: &mut Ui, seen: &Seen<'_>, actions: &mut Vec<Action>) {
        let Seen { session, figure, .. } = *seen;
        if let Some(panel) = session.selected_panel().and_then(|id| figure.panel(id)) {
            self.panel(ui, seen, panel, actions);
        } else {
            ui.label(RichText::new("Panels").size(15.0).strong());
            let hint =
                "Click a panel to change it, drag it to reorder, double click to scroll and window it.";
            ui.label(RichText::new(hint).color(theme::WEAK));
        }
        ui.separator();
        warnings(ui, seen);
        self.findings.show(ui, session, figure, actions);
        self.legend(ui, session, figure, actions);
        self.headings(ui, figure, actions);
        sharing(ui, figure, actions);
        sizes(ui, figure, actions);
        self.own_journals(ui, session, actions);
    }

    /// Pages of journals that the program does not know.
    fn own_journals(&mut self, ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
        section(ui, "My journals", |ui| {
            ui.horizontal(|ui| {
                line_field(ui, &mut self.journal, "Name of my journal", "Name", 140.0);
                let is_named = !self.journal.trim().is_empty();
                if ui.add_enabled(is_named, egui::Button::new("Keep this page")).clicked() {
                    let name = std::mem::take(&mut self.journal);
                    actions.push(Action::Figure(FigureAction::KeepJournal(name)));
                }
            });
            for journal in &session.settings().journals {
                ui.horizontal(|ui| {
                    ui.label(&journal.name);
                    let forget = ui.button("Forget");
                    named(&forget, Role::Button, &format!("Forget {}", journal.name));
                    if forget.clicked() {
                        actions.push(Action::Figure(FigureAction::ForgetJournal(journal.name.clone())));
                    }
                });
            }
        });
    }

    fn legend(&mut self, ui: &mut Ui, session: &Session, figure: &Arc<Figure>, actions: &mut Vec<Action>) {
        ui.label(RichText::new("Legend").size(15.0).strong());
        self.fields.show(ui, figure, Text::Title, ("Title of the figure", "Title", &figure.title), actions);
        let closing =
            ("Closing words of the legend", "Closing words: arrows, abbreviations", &*figure.closing);
        self.fields.show(ui, figure, Text::Closing, closing, actions);
        let captions = session.captions(figure);
        let words = typeset(&legend_words(figure, session.figure_number(figure.id), &captions));
        ui.label(RichText::new(&words).color(theme::WEAK));
        if ui.button("Copy legend").clicked() {
            let notice = if self.findings.lets_through(session, figure) {
                ui.ctx().copy_text(words);
                Notice::info("The legend was copied.", "Paste it into the manuscript.")
            } else {
                let what =
                    "Decide first what stands under \"Patient data\": replace it, or keep it on purpose.";
                Notice::warning("The legend was not copied.", what)
            };
            actions.push(Action::Tell(notice));
        }
        ui.separator();
    }

    fn headings(&mut self, ui: &mut Ui, figure: &Arc<Figure>, actions: &mut Vec<Action>) {
        section(ui, "Headings", |ui| {
            let grid = figure.grid();
            let text = |list: &[String], index: usize| list.get(index).cloned().unwrap_or_default();
            for column in 0..grid.columns {
                let (name, own) =
                    (format!("Heading of column {}", column + 1), text(&figure.column_headings, column));
                self.fields.show(ui, figure, Text::Column(column), (&name, &name, &own), actions);
            }
            for row in 0..grid.rows {
                let (name, own) = (format!("Heading of row {}", row + 1), text(&figure.row_headings, row));
                self.fields.show(ui, figure, Text::Row(row), (&name, &name, &own), actions);
            }
        });
    }
}

/// A part that is opened by its heading, and is then seen.
fn section(ui: &mut Ui, name: &str, show: impl FnOnce(&mut Ui)) {
    let section = egui::CollapsingHeader::new(name).default_open(false).show(ui, show);
    let opens = section.openness > 0.0 && section.openness < 1.0;
    if let Some(body) = section.body_response.filter(|_| opens || section.header_response.clicked()) {
        body.scroll_to_me(None);
    }
}

fn warnings(ui: &mut Ui, seen: &Seen<'_>) {
    let Seen { session, figure, drawings } = *seen;
    let all = session.figure_warnings(figure, drawings);
    let layout = crate::render::figure_layout(figure, session.fonts());
    let number = |value: f64| crate::case::number(value, 1);
    let size = format!("{} x {} mm", number(layout.size_mm.x), number(layout.size_mm.y));
    ui.label(RichText::new(size).color(theme::WEAK));
    for warning in all {
        let color = if warning.is_remark() { theme::WEAK } else { theme::WARNING };
        ui.label(RichText::new(warning.to_string()).color(color));
    }
}

fn sharing(ui: &mut Ui, figure: &Arc<Figure>, actions: &mut Vec<Action>) {
    section(ui, "Shared by panels", |ui| {
        let mut sharing = figure.sharing;
        for (name, along) in
            [("Scale", &mut sharing.scale), ("Window", &mut sharing.window), ("Plane", &mut sharing.plane)]
        {
            ui.horizontal(|ui| {
                ui.label(name);
                let all = Along::ALL.map(|along| (along, along.name()));
                let (now, width) = (along.name(), ui.spacing().combo_width);
                choice(ui, &format!("{name} shared by"), now, width, along, all);
            });
        }
        changed(figure, "share between panels", |figure| figure.sharing = sharing, actions);
        if ui
            .button("Equal scale")
            .on_hover_text("All panels as large as in the patient to each other")
            .clicked()
        {
            actions.push(Action::Figure(FigureAction::EqualScale));
        }
    });
}

/// Sizes of text and lines on paper.
fn sizes(ui: &mut Ui, figure: &Arc<Figure>, actions: &mut Vec<Action>) {
    section(ui, "Text and lines", |ui| {
        let mut page = figure.page.clone();
        for (value, name, range) in
            [(&mut page.text_pt, "Text, pt", 4.0..=40.0), (&mut page.line_pt, "Lines, pt", 0.1..=5.0)]
        {
            ui.horizontal(|ui| {
                let response = ui.add(number_field(value, 1, 2).range(range).speed(0.1));
                named(&response, Role::SpinButton, name);
                ui.label(RichText::new(name).color(theme::WEAK));
            });
        }
        let (now, width) = (page.ink.name(), ui.spacing().combo_width);
        choice(ui, "Colour of measurements and scale bars", now, width, &mut page.ink, Ink::ALL);
        changed(figure, "change text and lines of figure", |figure| figure.page = page, actions);
    });
}
