//! What could say who the patient is in what is about to leave: each is replaced or kept on purpose first.

use egui::{RichText, Role, ScrollArea, Ui};

use super::dialogs::{Outcome, heading};
use super::named::named;
use super::theme;
use crate::session::{Action, Finding, FindingSeverity, Gate, GateAction, Leaving, Session};

/// The dialogue that stands before something leaves.
pub(super) fn show(ui: &mut Ui, session: &Session) -> Outcome {
    let (Some(what), Some(gate)) = (session.leaving(), session.asked_at_gate()) else {
        return Outcome::Closed;
    };
    ui.set_width(440.0);
    let name = what.name().to_lowercase();
    heading(ui, &format!("Before {name} leaves"));
    ui.label(format!("This could say who the patient is. Replace it, or keep it in {name} on purpose."));
    ui.add_space(8.0);
    let high = (ui.ctx().content_rect().height() - 240.0).max(80.0);
    let decided = ScrollArea::vertical().max_height(high).show(ui, |ui| rows(ui, gate)).inner;
    ui.add_space(8.0);
    let go_on = buttons(ui, what, gate);
    match decided.or(go_on) {
        Some(action) => Outcome::Do(Action::Gate(action)),
        None => Outcome::Open,
    }
}

fn rows(ui: &mut Ui, gate: &Gate) -> Option<GateAction> {
    let mut decided = None;
    for finding in &gate.findings {
        decided = finding_row(ui, finding).or(decided);
        ui.add_space(8.0);
    }
    decided
}

fn buttons(ui: &mut Ui, what: &Leaving, gate: &Gate) -> Option<GateAction> {
    let go_on = if what.file().is_some() { "Export" } else { "Copy" };
    ui.horizontal(|ui| {
        let clicked = ui.add_enabled(gate.lets_through(), egui::Button::new(go_on)).clicked();
        if ui.button("Cancel").clicked() {
            return Some(GateAction::Withdraw);
        }
        let left = gate.open().count();
        if left > 0 {
            ui.label(RichText::new(format!("{left} to decide")).color(theme::WEAK));
        }
        clicked.then_some(GateAction::GoOn)
    })
    .inner
}

/// A finding and its answers; the one that was chosen.
pub(super) fn finding_row(ui: &mut Ui, finding: &Finding) -> Option<GateAction> {
    let color = match (finding.kept, finding.severity) {
        (true, _) => theme::WEAK,
        (false, FindingSeverity::Blocks) => theme::ERROR,
        (false, FindingSeverity::Asks) => theme::WARNING,
    };
    let place = format!("{}: {}", finding.place, finding.what);
    let kept = if finding.kept { " (kept)" } else { "" };
    ui.label(RichText::new(format!("{place}{kept}")).color(color));
    let there = finding.text.reveal();
    if !there.is_empty() {
        ui.label(RichText::new(format!("\u{201c}{there}\u{201d}")).small());
    }
    let mut chosen = None;
    ui.horizontal_wrapped(|ui| {
        let mut button = |words: String, action: GateAction| {
            let response = ui.button(&words);
            named(&response, Role::Button, &format!("{words}: {place}"));
            if response.clicked() {
                chosen = Some(action);
            }
        };
        if finding.kept {
            button("Do not keep".to_owned(), GateAction::Unkeep(finding.key.clone()));
            return;
        }
        if let Some(cure) = &finding.cure {
            let words =
                if cure.is_empty() { "Remove".to_owned() } else { format!("Write \u{201c}{cure}\u{201d}") };
            button(words, GateAction::Cure(finding.key.clone()));
        }
        button("Keep on purpose".to_owned(), GateAction::Keep(finding.key.clone()));
    });
    chosen
}
