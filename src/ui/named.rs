//! Names of fields for those who do not see them, and fields that bring theirs.

use egui::{ComboBox, Response, Role, TextEdit, Ui, WidgetInfo};

/// What a control is, and its name.
pub(super) fn named(response: &Response, role: Role, name: &str) {
    response.widget_info(|| WidgetInfo::labeled(role, true, name));
}

/// The same of a field with text in it.
pub(super) fn named_text(response: &Response, role: Role, name: &str, text: &str) {
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(role, true, name);
        info.current_text_value = Some(text.to_owned());
        info
    });
}

/// One line to type in.
pub(super) fn line_field(ui: &mut Ui, text: &mut String, name: &str, hint: &str, width: f32) -> Response {
    let response = ui.add(TextEdit::singleline(text).hint_text(hint).desired_width(width));
    named_text(&response, Role::TextInput, name, text);
    response
}

/// One of several values, each with its words; `selected` are those of the value now.
pub(super) fn choice<T: PartialEq>(
    ui: &mut Ui,
    name: &str,
    selected: &str,
    width: f32,
    value: &mut T,
    all: impl IntoIterator<Item = (T, &'static str)>,
) {
    let list = ComboBox::from_id_salt(name).selected_text(selected).width(width).show_ui(ui, |ui| {
        for (one, words) in all {
            ui.selectable_value(value, one, words);
        }
    });
    named(&list.response, Role::ComboBox, name);
}
