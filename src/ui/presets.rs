//! The windows on offer: a list to choose from, with the one that is shown marked, and the dialogue that edits them.

use egui::{Button, RichText, Ui};
use egui_material_icons::icons as icon;

use super::commands::{self, Command};
use super::dialogs::{Outcome, heading};
use super::named::named;
use super::number::number_field;
use super::theme;
use crate::image::Window;
use crate::session::{Action, Session, ViewportId, WindowOffer};
use crate::typography::typeset;
use crate::view::{Preset, standard_presets};

/// The name of a window and its numbers.
pub(super) fn words(offer: &WindowOffer) -> String {
    let window = offer.voi.as_window();
    let number = |value| crate::numbers::fitting(value, window.width);
    typeset(&format!("{}   W {}  L {}", offer.name, number(window.width), number(window.center)))
}

/// A button that opens the list.
pub(super) fn button(ui: &mut Ui, session: &Session, id: ViewportId, actions: &mut Vec<Action>) {
    let arrow = icon::ICON_ARROW_DROP_DOWN.rich_text().size(16.0);
    let button = Button::new(("Presets", arrow)).gap(2.0);
    let (response, _) = egui::containers::menu::MenuButton::from_button(button)
        .ui(ui, |ui| entries(ui, session, id, actions));
    named(&response, egui::Role::Button, "Presets");
}

/// The list: what is shown now is marked, and each says its key.
pub(super) fn entries(ui: &mut Ui, session: &Session, id: ViewportId, actions: &mut Vec<Action>) {
    let offers = session.presets(id);
    let keys_of = |command| commands::of(command).map(|row| row.keys_text(ui.ctx())).unwrap_or_default();
    let of_file = keys_of(Command::FileWindow);
    let automatic = keys_of(Command::AutoWindow);
    for (index, offer) in offers.iter().enumerate() {
        let keys = match (offer.digit, offer.of_file) {
            (Some(digit), false) => digit.to_string(),
            (Some(digit), true) => format!("{digit} or {of_file}"),
            (None, true) => of_file.clone(),
            (None, false) => String::new(),
        };
        let words = words(offer);
        // Unseen where it is not meant: every name begins in one column.
        let ink = if offer.active { theme::ACCENT } else { egui::Color32::TRANSPARENT };
        let mark = icon::ICON_CHECK.rich_text().color(ink);
        let entry = Button::new((mark, words.as_str())).selected(offer.active).shortcut_text(keys);
        let response = ui.add(entry);
        response
            .widget_info(|| egui::WidgetInfo::selected(egui::Role::RadioButton, true, offer.active, &words));
        if response.clicked() {
            actions.push(Action::UsePreset(id, index));
        }
    }
    if ui.add(Button::new("Auto window").shortcut_text(automatic)).clicked() {
        actions.push(Action::AutoWindow(id));
    }
}

/// The dialogue that edits the presets.
pub(super) fn edit(ui: &mut Ui, session: &Session, presets: &mut Vec<Preset>) -> Outcome {
    ui.set_width(420.0);
    heading(ui, "Window presets for CT");
    let shown = session.shown(session.workspace().active);
    if shown.is_some_and(|shown| shown.series.info.modality != "CT") {
        let help = "The image shown is no CT: it has the windows of its own file only.";
        ui.label(RichText::new(help).color(theme::WEAK));
    }
    let mut remove = None;
    egui::ScrollArea::vertical().max_height(420.0).show(ui, |ui| {
        egui::Grid::new("presets").num_columns(4).spacing([8.0, 6.0]).show(ui, |ui| {
            for (index, preset) in presets.iter_mut().enumerate() {
                let number = index + 1;
                // Of a fixed size: a grid gives a field no more than its column had before.
                let text = egui::TextEdit::singleline(&mut preset.name);
                let name = ui.add_sized([150.0, ui.spacing().interact_size.y], text);
                named(&name, egui::Role::TextInput, &format!("Name of preset {number}"));
                let least = Window::least_width(preset.window.function);
                let decimals = crate::numbers::drag_decimals(preset.window.width);
                let width = number_field(&mut preset.window.width, decimals, 6)
                    .prefix("W ")
                    .range(least..=f64::INFINITY);
                named(&ui.add(width), egui::Role::SpinButton, &format!("Width of preset {number}"));
                let center = number_field(&mut preset.window.center, decimals, 6).prefix("L ");
                named(&ui.add(center), egui::Role::SpinButton, &format!("Center of preset {number}"));
                if ui.button("Remove").clicked() {
                    remove = Some(index);
                }
                ui.end_row();
            }
        });
    });
    if let Some(index) = remove {
        presets.remove(index);
    }
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        if ui.button("Add").clicked() {
            presets.push(Preset { name: "New".to_owned(), window: Window::linear(40.0, 400.0) });
        }
        if ui.button("Standard presets").clicked() {
            *presets = standard_presets();
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if ui.button("Save presets").clicked() {
                return Outcome::Do(Action::SetPresets(presets.clone()));
            }
            if ui.button("Cancel").clicked() { Outcome::Closed } else { Outcome::Open }
        })
        .inner
    })
    .inner
}
