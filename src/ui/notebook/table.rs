//! The table at the cursor, as a table.

use egui::{Grid, RichText, Role, Ui};

use crate::case::notebook::{NoteTable, spliced, tables};
use crate::ui::named::{line_field, named};
use crate::ui::theme;

/// Width of a cell, points.
const CELL: f32 = 88.0;

/// The form of the table at the cursor.
#[derive(Debug, Default)]
pub(super) struct TableForm;

impl TableForm {
    /// Whether the text was changed.
    #[expect(clippy::unused_self, reason = "forms of the notebook are shown alike")]
    pub(super) fn show(&mut self, ui: &mut Ui, text: &mut String, cursor: usize) -> bool {
        let all = tables(text);
        let at = all.iter().position(|table| table.range.start <= cursor && cursor <= table.range.end);
        let Some(at) = at.or_else(|| (all.len() == 1).then_some(0)) else {
            let hint = match all.len() {
                0 => "There is no table in the text. Insert table begins one.",
                _ => "Put the cursor into a table of the text.",
            };
            ui.label(RichText::new(hint).color(theme::WEAK));
            return false;
        };
        let mut table = all[at].clone();
        ui.label(RichText::new(format!("Table {} of {}", at + 1, all.len())).size(15.0).strong());
        let changed = cells(ui, &mut table) | buttons(ui, &mut table);
        if changed {
            *text = spliced(text, &all[at].range, &table.markdown());
        }
        changed
    }
}

fn cells(ui: &mut Ui, table: &mut NoteTable) -> bool {
    let mut changed = false;
    let mut gone = None;
    egui::ScrollArea::horizontal().show(ui, |ui| {
        Grid::new("note table").spacing([4.0, 4.0]).show(ui, |ui| {
            for (index, heading) in table.columns.iter_mut().enumerate() {
                let name = format!("Heading {}", index + 1);
                changed |= line_field(ui, heading, &name, "Heading", CELL).changed();
            }
            ui.end_row();
            for (number, row) in table.rows.iter_mut().enumerate() {
                for (index, cell) in row.iter_mut().enumerate() {
                    let name = format!("Row {} column {}", number + 1, index + 1);
                    changed |= line_field(ui, cell, &name, "", CELL).changed();
                }
                let remove = ui.small_button("x");
                named(&remove, Role::Button, &format!("Delete row {}", number + 1));
                if remove.clicked() {
                    gone = Some(number);
                }
                ui.end_row();
            }
        });
    });
    if let Some(gone) = gone {
        table.rows.remove(gone);
    }
    changed || gone.is_some()
}

fn buttons(ui: &mut Ui, table: &mut NoteTable) -> bool {
    ui.horizontal_wrapped(|ui| {
        let row = ui.button("Add row").clicked();
        if row {
            table.rows.push(vec![String::new(); table.columns.len()]);
        }
        let column = ui.button("Add column").clicked();
        if column {
            table.add_column();
        }
        let fewer =
            ui.add_enabled(table.columns.len() > 1, egui::Button::new("Delete last column")).clicked();
        if fewer {
            table.remove_column(table.columns.len() - 1);
        }
        row || column || fewer
    })
    .inner
}
