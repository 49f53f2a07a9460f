//! What the reader says of a picture of the case: its caption and its magnification.

use std::sync::Arc;

use egui::Ui;
use egui_material_icons::icons as icon;

use super::named::line_field;
use super::toolbar::icon_button;
use crate::case::{CasePicture, Edit};
use crate::session::Action;

/// The words that are being typed.
#[derive(Debug, Default)]
pub(super) struct PictureWords {
    typed: Option<CasePicture>,
}

impl PictureWords {
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        index: usize,
        picture: &Arc<CasePicture>,
        actions: &mut Vec<Action>,
    ) {
        let typed = self.typed.as_ref().filter(|typed| typed.sha256 == picture.sha256);
        let mut now = typed.unwrap_or(picture).clone();
        let number = index + 1;
        ui.horizontal(|ui| {
            let room = ui.available_width() - 110.0;
            let caption =
                line_field(ui, &mut now.caption, &format!("Caption of picture {number}"), "Caption", room);
            let name = format!("Magnification of picture {number}");
            let magnification = line_field(ui, &mut now.magnification, &name, "x200", 60.0);
            if caption.changed() || magnification.changed() {
                self.typed = Some(now.clone());
                actions.push(Action::Typing(Some(Edit::ChangePicture(now))));
            }
            if caption.lost_focus() || magnification.lost_focus() {
                actions.extend(self.finish());
            }
            let name = format!("Remove picture {number} from the case");
            if icon_button(ui, icon::ICON_DELETE, &name, false).clicked() {
                self.typed = None;
                actions.push(Action::Commit(Edit::RemovePicture(Arc::clone(&picture.sha256))));
            }
        });
    }

    /// What is typed but not yet in the case.
    pub(super) fn finish(&mut self) -> Option<Action> {
        self.typed.take().map(|typed| Action::Commit(Edit::ChangePicture(typed)))
    }
}
