//! The list of key images: go to one, write its words, move it, delete it.

use egui::{RichText, Ui};
use egui_material_icons::icons as icon;

use super::named::line_field;
use super::theme;
use super::toolbar::icon_button;
use crate::case::{Edit, KeyImage, KeyImageId, SavedView};
use crate::session::{Action, Session, plane_words};
use crate::view::Slice;

/// The label that is being typed in.
#[derive(Debug, Default)]
pub(super) struct Keys {
    label: Option<(KeyImageId, String)>,
    wanted: Option<KeyImageId>,
}

impl Keys {
    /// Sends the keyboard to a label.
    pub(super) fn focus(&mut self, id: KeyImageId) {
        self.wanted = Some(id);
    }

    pub(super) fn show(&mut self, ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
        let list = &session.case().key_images;
        ui.label(RichText::new(format!("Key images ({})", list.len())).size(15.0).strong());
        if list.is_empty() {
            ui.label(RichText::new("Ctrl+K marks the view that you see.").color(theme::WEAK));
            return;
        }
        let most = (ui.available_height() * 0.45).max(80.0);
        egui::ScrollArea::vertical().id_salt("key images").max_height(most).auto_shrink([false, true]).show(
            ui,
            |ui| {
                for (index, key) in list.iter().enumerate() {
                    self.row(ui, session, index, key, actions);
                }
            },
        );
    }

    fn row(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        index: usize,
        key: &KeyImage,
        actions: &mut Vec<Action>,
    ) {
        let chosen = session.key_image() == Some(key.id);
        let name = format!("Key image {}", index + 1);
        let fill = if chosen { theme::CHOSEN } else { theme::BAR };
        let frame = egui::Frame::new().fill(fill).corner_radius(4).inner_margin(8);
        frame.outer_margin(egui::Margin::symmetric(0, 2)).show(ui, |ui| {
            ui.horizontal(|ui| {
                let link = egui::Button::selectable(chosen, RichText::new(&name).strong()).frame(false);
                if ui.add(link).on_hover_text("Show exactly this view").clicked() {
                    actions.push(Action::GoToKeyImage(key.id));
                }
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    if icon_button(ui, icon::ICON_DELETE, &format!("Delete key image {}", index + 1), false)
                        .clicked()
                    {
                        actions.push(Action::Commit(Edit::RemoveKey(key.id)));
                    }
                    for (glyph, way, places) in
                        [(icon::ICON_ARROW_DOWNWARD, "down", 1), (icon::ICON_ARROW_UPWARD, "up", -1)]
                    {
                        let name = format!("Move key image {} {way}", index + 1);
                        if icon_button(ui, glyph, &name, false).clicked() {
                            actions.push(Action::Commit(Edit::MoveKey(key.id, places)));
                        }
                    }
                });
            });
            ui.label(RichText::new(words(session, &key.view)).color(theme::WEAK));
            self.label_field(ui, index, key, actions);
        });
    }

    fn label_field(&mut self, ui: &mut Ui, index: usize, key: &KeyImage, actions: &mut Vec<Action>) {
        let mut text = match &self.label {
            Some((of, text)) if *of == key.id => text.clone(),
            _ => key.label.clone(),
        };
        let name = format!("Label of key image {}", index + 1);
        let field = line_field(ui, &mut text, &name, "Label", f32::INFINITY);
        if self.wanted == Some(key.id) {
            self.wanted = None;
            field.scroll_to_me(None);
            field.request_focus();
        }
        if field.changed() {
            self.label = Some((key.id, text.clone()));
            actions.push(Action::Typing(Some(Edit::RelabelKey(key.id, text.clone()))));
        }
        if field.lost_focus() && self.label.take().is_some() && text != key.label {
            actions.push(Action::Commit(Edit::RelabelKey(key.id, text)));
        }
    }

    /// What is typed but not yet in the case.
    pub(super) fn finish(&mut self) -> Option<Action> {
        self.label.take().map(|(id, text)| Action::Commit(Edit::RelabelKey(id, text)))
    }
}

/// What a view shows, in a line.
fn words(session: &Session, view: &SavedView) -> String {
    let Some(series) = session.series_of(view) else { return "Its images are not open.".to_owned() };
    let name = format!("{} {}", series.info.modality, series.info.description);
    let place = match &view.slice {
        Slice::Reformat(reformat) => plane_words(reformat),
        Slice::Acquired(of) => match series.index_of(of) {
            Some(index) => format!("slice {} of {}", index + 1, series.frames.len()),
            None => "its image is not open".to_owned(),
        },
    };
    format!("{}, {place}", name.trim())
}
