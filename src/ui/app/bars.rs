//! Bars above the images that ask for something: a lost case, missing images, a file dialogue on its way.

use egui::Ui;

use super::App;
use crate::session::{Action, Session};
use crate::ui::files::Purpose;
use crate::ui::theme;
use crate::words::counted;

impl App {
    /// The system may take seconds to show its dialogue, and may show it behind this window.
    pub(super) fn waiting(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            ui.spinner();
            ui.label("The file dialogue opens in a window of its own.");
            if ui.button("Go on without it").clicked() {
                self.files.stop_waiting();
            }
        });
    }

    pub(super) fn missing(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        count: usize,
        actions: &mut Vec<Action>,
    ) {
        ui.horizontal(|ui| {
            let were = if count == 1 { "was" } else { "were" };
            let text = format!("{count} series of this case {were} not found where the case says.");
            ui.colored_label(theme::WARNING, text);
            if ui.button("Choose their folder…").clicked() {
                self.files.ask(Purpose::FindMissing, session, ui.ctx());
            }
            if ui.button("Go on without them").clicked() {
                actions.push(Action::FindMissing(None));
            }
        });
    }
}

pub(super) fn recovery(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let Some(recovered) = session.recovered() else { return };
    ui.horizontal(|ui| {
        let age = match recovered.time.elapsed().map_or(0, |age| age.as_secs() / 60) {
            0 => "less than a minute".to_owned(),
            minutes if minutes < 120 => counted(minutes, "minute"),
            minutes if minutes < 48 * 60 => counted(minutes / 60, "hour"),
            minutes => counted(minutes / (24 * 60), "day"),
        };
        let keys = match recovered.case.key_images.len() {
            0 => String::new(),
            keys => format!(" and {}", counted(keys, "key image")),
        };
        let drawn = counted(recovered.case.measurements.len(), "measurement");
        let text = format!("The last run ended without saving: {drawn}{keys}, autosaved {age} ago.");
        ui.colored_label(theme::WARNING, text);
        if ui.button("Recover").clicked() {
            actions.push(Action::Recover);
        }
        if ui.button("Discard").clicked() {
            actions.push(Action::DiscardRecovered);
        }
    });
}
