//! The bar that says that the images on the screen are not those of the case's patient, and what to do.

use egui::Ui;

use super::theme;
use crate::session::{Action, Session, Whose};

/// Shows the bar where there is something to say.
pub(super) fn bar(ui: &mut Ui, session: &Session, frame: egui::Frame, actions: &mut Vec<Action>) {
    let text = match session.whose() {
        Some(Whose::Another) => {
            "These images are of another patient than the case: nothing of the case can be changed here."
        }
        Some(Whose::Unknown) => {
            "Isodense cannot tell whether these images are of the patient of the case: check before you measure."
        }
        Some(Whose::Own) | None => return,
    };
    egui::Panel::top("whose").frame(frame).show(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.colored_label(theme::WARNING, text);
            let new = ui.button("New case for these images");
            if new.on_hover_text("Unsaved changes of the case are kept for the next start").clicked() {
                actions.push(Action::NewCaseHere);
            }
            let same = ui.button("It is the same patient");
            if same.on_hover_text("The case remembers it, without a name or number of the patient").clicked()
            {
                actions.push(Action::SamePatient);
            }
            if ui.button("Back to the case's images").clicked() {
                actions.push(Action::BackToCase);
            }
        });
    });
}
