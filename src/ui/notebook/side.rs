//! Beside the notebook: what is written yet, values and claims, the course, the table at the cursor, patient data.

use egui::{RichText, Role, ScrollArea, Ui};

use super::NotebookPanel;
use crate::case::notebook::{CARE, filled, sections};
use crate::session::{Action, Session};
use crate::ui::commands::Asked;
use crate::ui::named::named;
use crate::ui::theme;

/// What is seen beside the notebook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Tab {
    /// The sections, and what of the checklist they hold.
    #[default]
    Sections,
    /// Values and claims.
    Values,
    /// Events and consent.
    Course,
    /// The table at the cursor.
    Table,
    /// What could say who the patient is.
    Patient,
}

impl Tab {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Sections, "Sections"),
        (Self::Values, "Values"),
        (Self::Course, "Timeline"),
        (Self::Table, "Table"),
        (Self::Patient, "Privacy"),
    ];
}

impl NotebookPanel {
    pub(super) fn side(&mut self, ui: &mut Ui, session: &Session, text: &mut String, asked: &mut Asked) {
        ui.horizontal_wrapped(|ui| {
            for (tab, name) in Tab::ALL {
                ui.selectable_value(&mut self.tab, tab, name);
            }
        });
        ui.separator();
        ScrollArea::vertical().id_salt("notebook side").auto_shrink(false).show(ui, |ui| match self.tab {
            Tab::Sections => self.sections(ui, text, &mut asked.actions),
            Tab::Values => self.values(ui, text, &mut asked.actions),
            Tab::Course => self.course.show(ui, session, asked),
            Tab::Table => {
                if self.table.show(ui, text, self.editor.selection().start) {
                    self.change(ui, text, &mut asked.actions);
                }
            }
            Tab::Patient => self.findings.show(ui, session, self.options.absolute_dates, &mut asked.actions),
        });
        if self.tab != Tab::Patient {
            self.findings.forget();
        }
    }

    /// The checklist: a click goes to a section, or begins it.
    fn sections(&mut self, ui: &mut Ui, text: &mut String, actions: &mut Vec<Action>) {
        let written = filled(text);
        let count = written.iter().filter(|is| **is).count();
        ui.label(RichText::new(format!("CARE: {count} of 13")).size(15.0).strong());
        ui.add(egui::ProgressBar::new(count as f32 / 13.0).desired_height(6.0));
        let all = sections(text);
        for (item, is_written) in CARE.iter().zip(written) {
            let there = all.iter().find(|section| section.care() == Some(item));
            let (mark, color) = match (is_written, there.is_some()) {
                (true, _) => ("\u{2713}", theme::TEXT),
                (false, true) => ("\u{2026}", theme::WEAK),
                (false, false) => ("+", theme::WEAK),
            };
            let words = format!("{mark} {} {}", item.number, item.heading);
            let response = ui.selectable_label(false, RichText::new(words).color(color));
            let state = match (is_written, there.is_some()) {
                (true, _) => "written",
                (false, true) => "still empty",
                (false, false) => "not begun",
            };
            named(&response, Role::Button, &format!("{} ({state})", item.heading));
            if !response.on_hover_text(item.hint).clicked() {
                continue;
            }
            if let Some(section) = there {
                self.editor.go_to(section.body.start);
                continue;
            }
            let heading =
                if item.number == 1 { "# \n\n".to_owned() } else { format!("## {}\n\n", item.heading) };
            let at = place_of(item.number, text);
            let before = if at == 0 || text[..at].ends_with("\n\n") { "" } else { "\n\n" };
            text.insert_str(at, &format!("{before}{heading}"));
            self.change(ui, text, actions);
            let end =
                if item.number == 1 { at + before.len() + 2 } else { at + before.len() + heading.len() };
            self.editor.go_to(end);
        }
    }
}

/// Where a section belongs: before the first one of a later item, else at the end.
fn place_of(number: usize, text: &str) -> usize {
    let later =
        |section: &crate::case::notebook::Section| section.care().is_some_and(|item| item.number > number);
    sections(text).iter().find(|section| later(section)).map_or(text.len(), |section| section.range.start)
}
