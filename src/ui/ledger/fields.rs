//! What is said of the lesion in focus: name, site, what it counts as, words.

use egui::Ui;
use egui_material_icons::icons as icon;

use crate::case::{Edit, Lesion, LesionRole};
use crate::session::{Action, Session};
use crate::ui::named::{line_field, named};
use crate::ui::toolbar::icon_button;

/// The lesion as it is being typed.
#[derive(Debug, Default)]
pub(super) struct Fields {
    typed: Option<Lesion>,
    wanted: bool,
}

impl Fields {
    pub(super) fn write_name(&mut self) {
        self.wanted = true;
    }

    pub(super) fn show(&mut self, ui: &mut Ui, lesion: &Lesion, actions: &mut Vec<Action>) {
        if self.typed.as_ref().is_some_and(|typed| typed.id != lesion.id) {
            actions.extend(self.typed.take().map(|typed| Action::Commit(Edit::ChangeLesion(typed))));
        }
        let mut edited = self.typed.clone().unwrap_or_else(|| lesion.clone());
        let name = line_field(ui, &mut edited.name, "Name of the lesion", "Name", 96.0);
        if std::mem::take(&mut self.wanted) {
            name.request_focus();
        }
        let site = line_field(ui, &mut edited.site, "Site of the lesion", "Site or organ", 96.0);
        let text = line_field(ui, &mut edited.text, "Words about the lesion", "Words", 96.0);
        let left = [&name, &site, &text].iter().any(|field| field.lost_focus());
        let mut chosen = false;
        let roles = egui::ComboBox::from_id_salt("role").selected_text(edited.role.name()).width(88.0);
        let roles = roles.show_ui(ui, |ui| {
            for role in LesionRole::ALL {
                chosen |= ui.selectable_value(&mut edited.role, role, role.name()).changed();
            }
        });
        named(&roles.response, egui::Role::ComboBox, "What the lesion counts as");
        chosen |= ui.checkbox(&mut edited.node, "lymph node").changed();
        let delete = format!("Delete lesion {}; its measurements stay", lesion.name);
        if icon_button(ui, icon::ICON_DELETE, &delete, false).clicked() {
            self.typed = None;
            actions.push(Action::Commit(Edit::RemoveLesion(lesion.id)));
            return;
        }
        if edited != *lesion && self.typed.as_ref() != Some(&edited) {
            actions.push(Action::Typing(Some(Edit::ChangeLesion(edited.clone()))));
            self.typed = Some(edited);
        }
        if (left || chosen)
            && let Some(typed) = self.typed.take().filter(|typed| typed != lesion)
        {
            actions.push(Action::Commit(Edit::ChangeLesion(typed)));
        }
    }

    pub(super) fn finish(&mut self, session: &Session) -> Option<Action> {
        let typed = self.typed.take()?;
        session.case().lesion(typed.id).is_some().then_some(Action::Commit(Edit::ChangeLesion(typed)))
    }
}
