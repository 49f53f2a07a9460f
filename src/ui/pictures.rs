//! What the reader says of a picture of the case: its caption and its magnification.

use std::sync::Arc;

use egui::Ui;
use egui_material_icons::icons as icon;

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
                field(ui, &mut now.caption, "Caption", &format!("Caption of picture {number}"), room);
            let name = format!("Magnification of picture {number}");
            let magnification = field(ui, &mut now.magnification, "x200", &name, 60.0);
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

fn field(ui: &mut Ui, text: &mut String, hint: &str, name: &str, width: f32) -> egui::Response {
    let field = ui.add(egui::TextEdit::singleline(text).hint_text(hint).desired_width(width));
    field.widget_info(|| {
        let mut info = egui::WidgetInfo::labeled(egui::Role::TextInput, true, name);
        info.current_text_value = Some(text.clone());
        info
    });
    field
}
