//! One lesion at one time point: its numbers, what changed, and where they come from.

use egui::{RichText, Ui};

use super::COLUMN;
use crate::case::{
    Ledger, LedgerCell, LesionId, Measured, Quantity, Reading, cell_cautions, cell_steps, number,
};
use crate::response::Change;
use crate::session::{Action, Session};
use crate::ui::theme;

pub(super) fn show(
    ui: &mut Ui,
    session: &Session,
    ledger: &Ledger,
    (lesion, at): (LesionId, usize),
    cell: &LedgerCell,
    actions: &mut Vec<Action>,
) {
    let lines = lines(session, ledger, (lesion, at), cell);
    let text = match (lines.is_empty(), cell.reading) {
        (true, Some(reading)) => reading.name().to_owned(),
        (true, None) => "\u{2013}".to_owned(),
        (false, _) => lines.join("\n"),
    };
    let color = if lines.is_empty() { theme::WEAK } else { theme::TEXT };
    let response = ui
        .vertical(|ui| {
            ui.set_width(COLUMN);
            ui.spacing_mut().item_spacing.y = 2.0;
            let button = egui::Button::new(RichText::new(&text).color(color)).wrap().frame(false);
            let response = ui.add(button.min_size(egui::vec2(COLUMN, 24.0)));
            for caution in cautions(session, ledger, (lesion, at)) {
                ui.label(RichText::new(format!("\u{26a0} {caution}")).small().color(theme::WARNING));
            }
            response
        })
        .inner;
    let name = session.case().lesion(lesion).map_or("", |lesion| &lesion.name);
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::Button, true, format!("{name}, time point {}: {text}", at + 1))
    });
    let response = match cell.measurements.is_empty() {
        true => response.on_hover_text("Click to measure the same here. Right click: gone, too small."),
        false => response.on_hover_text("Click: the images go to it. Right click for more."),
    };
    if response.clicked() {
        actions.push(match cell.measurements.is_empty() {
            true => Action::MeasureSame(lesion, at),
            false => Action::GoToCell(lesion, at),
        });
    }
    response.context_menu(|ui| menu(ui, (lesion, at), cell, actions));
}

fn cautions(session: &Session, ledger: &Ledger, (lesion, at): (LesionId, usize)) -> Vec<String> {
    let row = ledger.rows.iter().find(|(id, _)| *id == lesion);
    let Some(((_, cells), lesion)) = row.zip(session.case().lesion(lesion)) else { return Vec::new() };
    cell_cautions(lesion, cells, at)
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
    }
    if cell.reading.is_some() {
        item(ui, "Take the reading back", Action::ReadLesion(lesion, at, None));
    }
}

/// Size, product, volume and density, each with its unit; then how the size changed.
fn lines(session: &Session, ledger: &Ledger, (lesion, at): (LesionId, usize), cell: &LedgerCell) -> Vec<String> {
    let mut lines = Vec::new();
    let with_unit = |q: &Quantity, decimals| format!("{} {}", number(q.value, decimals), q.unit.label());
    let axes: Vec<&Quantity> = cell.size.iter().map(|measured| &measured.quantity).collect();
    if !axes.is_empty() {
        lines.push(session.label_style().size(&axes));
    }
    let volume = |measured: &Measured| with_unit(&measured.quantity, 1);
    let area = |measured: &Measured| with_unit(&measured.quantity, 0);
    let more: Vec<String> =
        cell.product.as_ref().map(area).into_iter().chain(cell.volume.as_ref().map(volume)).collect();
    if !more.is_empty() {
        lines.push(more.join(", "));
    }
    if let Some(density) = &cell.density {
        lines.push(with_unit(&density.quantity, 1));
    }
    lines.extend(change(ledger, (lesion, at)));
    lines
}

/// Of the longest axis since day 0 and since the smallest before: `-5.0 mm (-14 %) from day 0, ...`.
fn change(ledger: &Ledger, (lesion, at): (LesionId, usize)) -> Option<String> {
    let (_, cells) = ledger.rows.iter().find(|(id, _)| *id == lesion)?;
    let step = cell_steps(ledger, cells).into_iter().nth(at)??;
    let words = |change: &Change| {
        let percent = change.percent.map(|percent| format!(" ({} %)", signed(percent, 0)));
        format!("{} mm{}", signed(change.absolute, 1), percent.unwrap_or_default())
    };
    let zero = step.from_baseline?;
    let nadir = step.from_nadir.filter(|nadir| *nadir != zero);
    let nadir = nadir.map(|change| format!(", {} from the smallest", words(&change)));
    Some(format!("{} from day 0{}", words(&zero), nadir.unwrap_or_default()))
}

pub(super) fn signed(value: f64, decimals: usize) -> String {
    let text = number(value, decimals);
    if value > 0.0 && !text.trim_matches(['0', '.']).is_empty() { format!("+{text}") } else { text }
}
