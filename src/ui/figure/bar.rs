//! The composer's bar: which figure, the journal's page, tools for marks, export.

use std::sync::Arc;

use egui::{ComboBox, DragValue, RichText, Role, Ui};
use egui_material_icons::MaterialIcon;
use egui_material_icons::icons as icon;

use super::{FigurePanel, MarkTool};
use crate::case::figure::{Figure, Ink, Journal, LetterForm, PageSetup};
use crate::session::{Action, FigureAction, Session};
use crate::ui::commands::{Asked, Command};
use crate::ui::named::{choice, named};
use crate::ui::number::number_field;
use crate::ui::theme;
use crate::ui::toolbar::{command_button, icon_button, writing};

fn glyph(tool: MarkTool) -> MaterialIcon {
    match tool {
        MarkTool::Choose => icon::ICON_ARROW_SELECTOR_TOOL,
        MarkTool::Arrow => icon::ICON_NORTH_EAST,
        MarkTool::Arrowhead => icon::ICON_PLAY_ARROW,
        MarkTool::Asterisk => icon::ICON_EMERGENCY,
        MarkTool::Text => icon::ICON_TEXT_FIELDS,
        MarkTool::Circle => icon::ICON_CIRCLE,
        MarkTool::Line => icon::ICON_PEN_SIZE_1,
    }
}

/// One change of the figure as a step.
pub(super) fn changed(
    figure: &Arc<Figure>,
    how: &'static str,
    change: impl FnOnce(&mut Figure),
    actions: &mut Vec<Action>,
) {
    let mut next = Figure::clone(figure);
    change(&mut next);
    if next != **figure {
        actions.push(Action::Figure(FigureAction::Change(next.into(), how)));
    }
}

impl FigurePanel {
    pub(super) fn bar(&mut self, ui: &mut Ui, session: &Session, figure: &Arc<Figure>, asked: &mut Asked) {
        ui.horizontal_wrapped(|ui| {
            which(ui, session, figure, &mut asked.actions);
            ui.separator();
            page(ui, session, figure, &mut asked.actions);
            ui.separator();
            self.tools(ui);
            ui.separator();
            for (command, glyph, name) in [
                (Command::ExportFigure, icon::ICON_FILE_SAVE, "Export the figure"),
                (Command::Figure, icon::ICON_CLOSE, "Back to the viewports"),
            ] {
                command_button(ui, command, glyph, name, &mut asked.commands);
            }
            writing(ui, session, "panel ", &mut asked.actions);
        });
    }

    fn tools(&mut self, ui: &mut Ui) {
        ui.spacing_mut().item_spacing.x = 2.0;
        for tool in MarkTool::ALL {
            if icon_button(ui, glyph(tool), tool.name(), self.tool == tool).clicked() {
                self.tool = tool;
            }
        }
        let ink = self.ink.name();
        choice(ui, "Colour of new marks", ink, 64.0, &mut self.ink, Ink::ALL);
        ui.spacing_mut().item_spacing.x = 8.0;
    }
}

/// Which figure of the case.
fn which(ui: &mut Ui, session: &Session, figure: &Figure, actions: &mut Vec<Action>) {
    let number = session.figure_number(figure.id);
    let list = ComboBox::from_id_salt("figure").selected_text(format!("Figure {number}")).width(84.0);
    let response = list.show_ui(ui, |ui| {
        for (index, other) in session.case().figures.iter().enumerate() {
            if ui.selectable_label(other.id == figure.id, format!("Figure {}", index + 1)).clicked() {
                actions.push(Action::Figure(FigureAction::Show(Some(other.id))));
            }
        }
        if ui.button("New figure").clicked() {
            actions.push(Action::Figure(FigureAction::New));
        }
        if ui.button("Delete this figure").clicked() {
            actions.push(Action::Figure(FigureAction::Remove(figure.id)));
        }
    });
    named(&response.response, Role::ComboBox, "Which figure");
}

/// The journal, the paper and the letters.
fn page(ui: &mut Ui, session: &Session, figure: &Arc<Figure>, actions: &mut Vec<Action>) {
    journal(ui, session, figure, actions);
    let mut page = figure.page.clone();
    number(
        ui,
        "mm",
        "Width of the figure, mm",
        number_field(&mut page.width_mm, 1, 2).range(PageSetup::WIDTHS_MM),
    );
    number(
        ui,
        "dpi",
        "Pixels per inch",
        number_field(&mut page.dpi, 0, 2).range(PageSetup::RESOLUTIONS).speed(10.0),
    );
    number(
        ui,
        "columns",
        "Panels in a row",
        number_field(&mut page.columns, 0, 0).range(1..=PageSetup::MOST_COLUMNS).speed(0.1),
    );
    let shape = number_field(&mut page.aspect, 2, 3).range(0.2..=5.0).speed(0.01);
    number(ui, "shape", "Width of a panel over its height", shape);
    let gap = number_field(&mut page.gap_mm, 1, 2).range(0.0..=20.0).speed(0.1);
    number(ui, "gap", "Between panels, mm", gap);
    changed(figure, "change page of figure", |figure| figure.page = page, actions);
    letters(ui, figure, actions);
}

/// A number with a short word behind it; its name is told on demand.
pub(super) fn number(ui: &mut Ui, short: &str, name: &str, value: DragValue<'_>) {
    named(&ui.add(value).on_hover_text(name), Role::SpinButton, name);
    ui.label(RichText::new(short).color(theme::WEAK));
}

fn journal(ui: &mut Ui, session: &Session, figure: &Arc<Figure>, actions: &mut Vec<Action>) {
    let own = figure.page.journal.as_str();
    let words = |journal: &Journal, width: f64| {
        format!("{}, {} mm", journal.name, crate::case::number(width, usize::from(width.fract() > 0.0)))
    };
    let name = if own.is_empty() { "No journal" } else { own };
    let list = ComboBox::from_id_salt("journal").selected_text(name).width(120.0);
    let response = list.show_ui(ui, |ui| {
        if ui.selectable_label(own.is_empty(), "No journal").clicked() {
            changed(figure, "choose journal", |figure| figure.page.journal.clear(), actions);
        }
        for journal in session.journals() {
            for width in journal.widths_mm.clone() {
                let is = own == journal.name && (figure.page.width_mm - width).abs() < 0.5;
                if ui.selectable_label(is, words(&journal, width)).clicked() {
                    changed(figure, "choose journal", |figure| figure.follow(&journal, width), actions);
                }
            }
        }
    });
    named(&response.response, Role::ComboBox, "Journal");
}

fn letters(ui: &mut Ui, figure: &Arc<Figure>, actions: &mut Vec<Action>) {
    let mut letters = figure.letters.clone();
    let list = ComboBox::from_id_salt("letters").selected_text(letters.form.name()).width(52.0);
    let response = list.show_ui(ui, |ui| {
        for form in LetterForm::ALL {
            ui.selectable_value(&mut letters.form, form, form.name());
        }
        ui.checkbox(&mut letters.bold, "bold");
        ui.separator();
        for corner in crate::case::figure::Corner::ALL {
            ui.selectable_value(&mut letters.corner, corner, corner.name());
        }
        ui.separator();
        for (ink, name) in Ink::ALL {
            ui.selectable_value(&mut letters.ink, ink, name);
        }
        ui.separator();
        ui.add(number_field(&mut letters.size_pt, 1, 2).range(4.0..=40.0).speed(0.1).suffix(" pt"));
    });
    named(&response.response, Role::ComboBox, "Letters of panels");
    changed(figure, "change letters of panels", |figure| figure.letters = letters, actions);
}
