//! The ledger: lesions as rows, time points as columns.

mod cell;
mod fields;
mod plot;
mod response;

use egui::{RichText, Ui};
use egui_material_icons::icons as icon;

use self::fields::Fields;
use super::commands::{self, Asked, Command};
use super::theme;
use super::toolbar::command_button;
use crate::case::{Clock, Ledger, LedgerColumn};
use crate::session::{Action, Session};
use crate::words::counted;

/// Width of a column, in points.
const COLUMN: f32 = 184.0;
/// Width of the lesions' names.
const NAMES: f32 = 160.0;

/// The panel, and what is being typed in it.
#[derive(Debug, Default)]
pub(super) struct LedgerPanel {
    fields: Fields,
    response: response::Chosen,
}

impl LedgerPanel {
    pub(super) fn show(&mut self, ui: &mut Ui, session: &Session, asked: &mut Asked) {
        let ledger = session.ledger();
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new("Lesions").size(15.0).strong());
            for (command, glyph, name) in [
                (Command::NewLesion, icon::ICON_ADD, "New lesion"),
                (Command::CopyTable, icon::ICON_CONTENT_COPY, "Copy the ledger as a table"),
                (Command::ExportTable, icon::ICON_TABLE_CHART, "Export measurements as a table"),
            ] {
                command_button(ui, command, glyph, name, &mut asked.commands);
            }
            match session.focus().and_then(|id| session.case().lesion(id)) {
                Some(lesion) => self.fields.show(ui, lesion, &mut asked.actions),
                None => hint(ui, session),
            }
        });
        egui::ScrollArea::both().id_salt("ledger").auto_shrink(false).show(ui, |ui| {
            ui.horizontal_top(|ui| {
                ui.vertical(|ui| table(ui, session, &ledger, &mut asked.actions, &mut self.response));
                plot::show(ui, session, &ledger);
            });
        });
    }

    /// Sends the keyboard to the name of the lesion in focus.
    pub(super) fn write_name(&mut self) {
        self.fields.write_name();
    }

    /// What is typed but not yet in the case.
    pub(super) fn finish(&mut self, session: &Session) -> Option<Action> {
        self.fields.finish(session)
    }
}

fn hint(ui: &mut Ui, session: &Session) {
    let words = if session.case().lesions.is_empty() {
        let keys = commands::of(Command::NewLesion).map_or_else(String::new, |row| row.keys_text(ui.ctx()));
        format!("{keys} follows a lesion: what you measure then joins it.")
    } else {
        "Choose a lesion: new measurements join it.".to_owned()
    };
    ui.label(RichText::new(words).color(theme::WEAK));
}

fn table(
    ui: &mut Ui,
    session: &Session,
    ledger: &Ledger,
    actions: &mut Vec<Action>,
    criterion: &mut response::Chosen,
) {
    if ledger.rows.is_empty() {
        return;
    }
    let clock = Clock::new(session.case(), ledger, false);
    egui::Grid::new("ledger table").spacing([8.0, 4.0]).striped(true).show(ui, |ui| {
        ui.vertical(|ui| {
            ui.label(RichText::new("Lesion").color(theme::WEAK));
            if ledger.columns.iter().any(|column| column.day.is_some()) {
                let from = format!("days from {}", clock.anchor());
                ui.label(RichText::new(from).color(theme::WEAK).small());
            }
        });
        for (at, column) in ledger.columns.iter().enumerate() {
            heading(ui, session, &clock, (at, column), actions);
        }
        ui.end_row();
        for (id, cells) in &ledger.rows {
            let Some(lesion) = session.case().lesion(*id) else { continue };
            let chosen = session.focus() == Some(*id);
            ui.vertical(|ui| {
                ui.set_width(NAMES);
                let words = if lesion.site.is_empty() { String::new() } else { format!("\n{}", lesion.site) };
                let kind = if lesion.node { "node, " } else { "" };
                let text = format!("{}{words}\n{kind}{}", lesion.name, lesion.role.name());
                let button = egui::Button::selectable(chosen, text).wrap().min_size(egui::vec2(NAMES, 24.0));
                let response = ui.add(button).on_hover_text("New measurements join this lesion");
                response.widget_info(|| {
                    let name = format!("Lesion {}", lesion.name);
                    egui::WidgetInfo::selected(egui::Role::Button, true, chosen, name)
                });
                if response.clicked() {
                    actions.push(Action::Focus((!chosen).then_some(*id)));
                }
            });
            let course = ledger.course(lesion);
            for at in 0..cells.len() {
                cell::show(ui, session, (cells, &course), (*id, at), actions);
            }
            ui.end_row();
        }
        response::row(ui, session, ledger, criterion);
    });
}

/// What people call a time point: its name or date, and the days since day 0.
pub(super) fn column_words(session: &Session, column: &LedgerColumn) -> (String, String) {
    let hidden = session.workspace().patient_hidden;
    let date = column.date.as_ref().filter(|_| !hidden).map(|date| match date.len() {
        8 if date.is_ascii() => format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]),
        _ => date.clone(),
    });
    let days = column.day.map(|_| column.when_short.clone());
    let own = Some(column.point.name.clone()).filter(|name| !name.is_empty());
    // A date that is hidden is known: the day says where it stands.
    let instead = || match column.day {
        Some(day) => format!("day {}", day.to_string().replace('-', "\u{2212}")),
        None if column.date.is_some() => "date hidden".to_owned(),
        None => "date not known".to_owned(),
    };
    let first = own.clone().or_else(|| date.clone()).unwrap_or_else(instead);
    let days = days.filter(|words| *words != first);
    let rest: Vec<String> = own.and(date).into_iter().chain(days).collect();
    (first, rest.join(", "))
}

fn heading(
    ui: &mut Ui,
    session: &Session,
    clock: &Clock<'_>,
    (at, column): (usize, &LedgerColumn),
    actions: &mut Vec<Action>,
) {
    let ledger = clock.ledger();
    ui.vertical(|ui| {
        ui.set_width(COLUMN);
        ui.spacing_mut().item_spacing.y = 0.0;
        let (first, rest) = column_words(session, column);
        ui.horizontal(|ui| {
            ui.label(RichText::new(first).strong());
            let name = format!("Time point {}", at + 1);
            let menu = ui.menu_button(icon::ICON_MORE_VERT.codepoint, |ui| {
                heading_menu(ui, session, ledger, (at, column), actions);
            });
            menu.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
        });
        // The first baseline is day 0, unless an event is.
        let baseline = ledger.baselines.contains(&at) && !clock.is_anchor(at);
        let rest = if baseline { format!("{rest}, baseline") } else { rest };
        ui.label(RichText::new(rest.trim_start_matches(", ")).small().color(theme::WEAK));
    });
}

fn heading_menu(
    ui: &mut Ui,
    session: &Session,
    ledger: &Ledger,
    (at, column): (usize, &LedgerColumn),
    actions: &mut Vec<Action>,
) {
    ui.set_min_width(240.0);
    let id = ui.scope_id().with("name");
    let mut name =
        ui.data_mut(|data| data.get_temp::<String>(id)).unwrap_or_else(|| column.point.name.clone());
    let field = ui
        .add(egui::TextEdit::singleline(&mut name).hint_text("Name of the time point").desired_width(224.0));
    if field.changed() {
        ui.data_mut(|data| data.insert_temp(id, name.clone()));
    }
    if field.lost_focus() {
        ui.data_mut(|data| data.remove::<String>(id));
        if name != column.point.name {
            actions.push(Action::NameTimePoint(at, name));
        }
    }
    if ui.button("Count days from here").clicked() {
        actions.push(Action::SetDayZero(at));
        ui.close();
    }
    if at != ledger.day_zero {
        let is_baseline = ledger.baselines.contains(&at);
        let words = if is_baseline {
            "Take this baseline back"
        } else {
            "New baseline: compare later dates with this"
        };
        if ui.button(words).clicked() {
            actions.push(Action::SetBaseline(at, !is_baseline));
            ui.close();
        }
    }
    if ui.add_enabled(at > 0, egui::Button::new("Read with the time point before")).clicked() {
        actions.push(Action::JoinTimePoint(at));
        ui.close();
    }
    let several = column.point.studies.len() > 1;
    if ui.add_enabled(several, egui::Button::new("Read each study by itself")).clicked() {
        actions.push(Action::PartTimePoint(at));
        ui.close();
    }
    let studies = counted(column.point.studies.len(), "study");
    ui.label(RichText::new(studies).color(theme::WEAK));
    if let Some(id) = session.focus() {
        ui.separator();
        if ui.button("Measure the same here").clicked() {
            actions.push(Action::MeasureSame(id, at));
            ui.close();
        }
    }
}
