//! The question after saving: a folder or file of the case is called after the patient.

use egui::{Button, Key, Modifiers, RichText, Role, Ui};

use super::dialogs::{Outcome, heading};
use super::files::Purpose;
use super::named::named;
use super::theme;
use crate::session::{Action, CASE_FILE, Session};

/// Asks whether the names stay. They are not repeated: a screen is seen by many.
pub(super) fn show(ui: &mut Ui, session: &Session) -> Outcome {
    let asked = session.places_asked();
    if asked.is_empty() {
        return Outcome::Closed;
    }
    ui.set_width(520.0_f32.min(ui.ctx().content_rect().width() - 48.0));
    heading(ui, "The case was saved, and names of folders or files in it say who the patient is");
    for place in asked {
        ui.label(format!("{}: {}", place.place, place.what));
    }
    ui.add_space(8.0);
    let of_file = asked.iter().any(|place| place.place == CASE_FILE);
    let of_folder = asked.iter().any(|place| place.place != CASE_FILE);
    if of_folder {
        let how = "Before you pass the case on: rename the folder on the disk, open the images from there, and save again.";
        ui.label(RichText::new(how).color(theme::WEAK));
        ui.add_space(8.0);
    }
    let mut outcome = Outcome::Open;
    ui.horizontal(|ui| {
        if of_file {
            let button = ui.add(Button::new("Save under another name\u{2026}").shortcut_text("S"));
            named(&button, Role::Button, "Save under another name\u{2026}");
            if button.clicked() {
                outcome = Outcome::Ask(Purpose::SaveCase);
            }
        }
        let button = ui.add(Button::new("Keep the names").shortcut_text("Enter"));
        named(&button, Role::Button, "Keep the names");
        if button.clicked() {
            outcome = Outcome::Do(Action::KeepPlaces);
        }
    });
    // Enter on a button presses that one.
    let on_button = ui.memory(|memory| memory.focused().is_some());
    ui.input_mut(|input| {
        if of_file && input.consume_key(Modifiers::NONE, Key::S) {
            outcome = Outcome::Ask(Purpose::SaveCase);
        } else if !on_button && input.consume_key(Modifiers::NONE, Key::Enter) {
            outcome = Outcome::Do(Action::KeepPlaces);
        }
    });
    outcome
}
