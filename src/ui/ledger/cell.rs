//! One lesion at one time point: its numbers, what changed, and where they come from.

use egui::{RichText, Ui};

use super::COLUMN;
use crate::case::{Edit, LedgerCell, LesionCourse, LesionId, Reading, size_words};
use crate::session::{Action, Session, lines_of};
use crate::typography::typeset;
use crate::ui::theme;

pub(super) fn show(
    ui: &mut Ui,
    session: &Session,
    (cells, course): (&[LedgerCell], &LesionCourse),
    (lesion, at): (LesionId, usize),
    actions: &mut Vec<Action>,
) {
    let (Some(cell), Some(of)) = (cells.get(at), session.case().lesion(lesion)) else { return };
    let lines = lines_of(of, (cells, course), at, session.label_style());
    let lines: Vec<String> = lines.iter().map(|line| typeset(line)).collect();
    let (cautions, lines): (Vec<_>, Vec<_>) =
        lines.into_iter().partition(|line| line.starts_with('\u{26a0}'));
    let text = if lines.is_empty() { "\u{2013}".to_owned() } else { lines.join("\n") };
    let color = if lines.is_empty() { theme::WEAK } else { theme::TEXT };
    let response = ui
        .vertical(|ui| {
            ui.set_width(COLUMN);
            ui.spacing_mut().item_spacing.y = 2.0;
            let button = egui::Button::new(RichText::new(&text).color(color)).wrap().frame(false);
            let response = ui.add(button.min_size(egui::vec2(COLUMN, 24.0)));
            for caution in cautions {
                ui.label(RichText::new(caution).small().color(theme::WARNING));
            }
            response
        })
        .inner;
    let name = &of.name;
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::Button, true, format!("{name}, time point {}: {text}", at + 1))
    });
    let (hint, click) = if cell.measurements.is_empty() {
        (
            "Click to measure the same here. Right click: gone, too small, taken out.",
            Action::MeasureSame(lesion, at),
        )
    } else {
        ("Click: the images go to it. Right click for more.", Action::GoToCell(lesion, at))
    };
    let response = response.on_hover_text(hint);
    if response.clicked() {
        actions.push(click);
    }
    response.context_menu(|ui| menu(ui, (lesion, at), cell, actions));
}

fn menu(ui: &mut Ui, (lesion, at): (LesionId, usize), cell: &LedgerCell, actions: &mut Vec<Action>) {
    ui.set_min_width(200.0);
    let mut item = |ui: &mut Ui, text: &str, action: Action| {
        if ui.button(text).clicked() {
            actions.push(action);
            ui.close();
        }
    };
    item(ui, "Measure the same here", Action::MeasureSame(lesion, at));
    if cell.measurements.is_empty() {
        item(ui, "It is gone", Action::ReadLesion(lesion, at, Some(Reading::Absent)));
        item(ui, "It is too small to measure", Action::ReadLesion(lesion, at, Some(Reading::TooSmall)));
        item(ui, "It was taken out", Action::ReadLesion(lesion, at, Some(Reading::Resected)));
    }
    item(ui, "It came back after its removal", Action::ReadLesion(lesion, at, Some(Reading::Recurrent)));
    if cell.sizes.len() > 1 {
        for size in &cell.sizes {
            let counts = cell.chosen && cell.counts == Some(size.id);
            let words = if counts { "No longer choose" } else { "Its size is" };
            let edit = Edit::CountSize(size.id, !counts);
            item(ui, &format!("{words} {}", size_words(size)), Action::Commit(edit));
        }
    }
    if cell.reading.is_some() {
        item(ui, "Take the reading back", Action::ReadLesion(lesion, at, None));
    }
}
