//! Over the notebook: templates, what can be put into the text, the report.

use egui::{ComboBox, RichText, Role, Ui};
use egui_material_icons::icons as icon;

use super::NotebookPanel;
use crate::case::notebook::NoteTable;
use crate::session::{Action, NotebookAction, Session};
use crate::ui::commands::{Asked, Command};
use crate::ui::named::named;
use crate::ui::toolbar::{command_button, writing};

/// Tables that are begun with their headings.
const TABLES: [(&str, &[&str]); 3] = [
    ("Immunohistochemistry", &["Marker", "Result"]),
    ("Differential diagnosis", &["Diagnosis", "For", "Against"]),
    ("Empty table", &["", ""]),
];

impl NotebookPanel {
    pub(super) fn bar(&mut self, ui: &mut Ui, session: &Session, asked: &mut Asked) {
        ui.horizontal_wrapped(|ui| {
            self.templates(ui, session, &mut asked.actions);
            if ui.button("Insert value").on_hover_text("The same as typing {{").clicked() {
                let at = self.editor.selection().end;
                self.offers.begin(at..at, None);
            }
            self.tie(ui, session);
            self.tables(ui, session, &mut asked.actions);
            ui.separator();
            ui.checkbox(&mut self.options.absolute_dates, "Dates").on_hover_text(
                "Write dates, not times after the first event. Each has to be kept on purpose.",
            );
            ui.checkbox(&mut self.options.provenance, "Provenance")
                .on_hover_text("An appendix that says where each number comes from.");
            for (command, glyph, name) in [
                (Command::ExportReport, icon::ICON_FILE_SAVE, "Export the report"),
                (Command::Notebook, icon::ICON_CLOSE, "Back to the viewports"),
            ] {
                command_button(ui, command, glyph, name, &mut asked.commands);
            }
            writing(ui, session, "", &mut asked.actions);
        });
    }

    fn templates(&mut self, ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
        let list = ComboBox::from_id_salt("template").selected_text("Template").width(96.0);
        let response = list.show_ui(ui, |ui| {
            for template in session.templates() {
                if ui.button(&template.name).clicked() {
                    actions.extend(self.finish());
                    actions.push(Action::Notebook(NotebookAction::UseTemplate(template.text)));
                }
            }
            if let Some(folder) = session.template_folder() {
                ui.label(RichText::new(format!("Your own: .md files in\n{}", folder.display())).small());
            }
        });
        named(&response.response, Role::ComboBox, "Template");
    }

    /// A selected number becomes a claim of what was measured.
    fn tie(&mut self, ui: &mut Ui, session: &Session) {
        let selection = self.editor.selection();
        let words = self.text(session).get(selection.clone()).unwrap_or_default().trim().to_owned();
        let fits = words.chars().any(|c| c.is_ascii_digit()) && !words.contains(['\n', '[', ']', '{']);
        let button = ui.add_enabled(fits, egui::Button::new("Tie to a measurement"));
        let hint = "Select a number in the text, as in \u{201c}about 38 HU\u{201d}: it is then checked.";
        if button.on_hover_text(hint).clicked() {
            self.offers.begin(selection, Some(words));
        }
    }

    fn tables(&mut self, ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
        let list = ComboBox::from_id_salt("insert table").selected_text("Insert table").width(110.0);
        let response = list.show_ui(ui, |ui| {
            for (name, columns) in TABLES {
                if ui.button(name).clicked() {
                    let mut text = self.text(session).to_owned();
                    let at = line_end(&text, self.editor.selection().end);
                    let before =
                        if text[..at].is_empty() || text[..at].ends_with("\n\n") { "" } else { "\n\n" };
                    let table = format!("{before}{}\n", NoteTable::new(columns).markdown());
                    text.insert_str(at, &table);
                    self.change(ui, &text, actions);
                    self.editor.go_to(at + before.len() + 2);
                }
            }
        });
        named(&response.response, Role::ComboBox, "Insert table");
    }
}

fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| at + end)
}
