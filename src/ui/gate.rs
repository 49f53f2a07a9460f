//! What could say who the patient is in what is about to leave: each is replaced or kept on purpose first.

use std::sync::Arc;

use egui::{RichText, Role, ScrollArea, Ui};

use super::dialogs::{Outcome, heading};
use super::named::named;
use super::theme;
use crate::case::Case;
use crate::session::{Action, Finding, FindingSeverity, Gate, GateAction, Leaving, Session};

/// What was found, looked for again only when the case, the library or `K` changed, or headers were still to be read.
#[derive(Debug)]
pub(super) struct Found<K> {
    of: Option<(Arc<Case>, u64, K)>,
    gate: Option<Gate>,
}

impl<K> Default for Found<K> {
    fn default() -> Self {
        Self { of: None, gate: None }
    }
}

impl<K: PartialEq> Found<K> {
    /// What is found now.
    pub(super) fn now(&mut self, session: &Session, of: K, look: impl FnOnce() -> Gate) -> &Gate {
        // Words come from the case, images from the library.
        let now = (Arc::clone(session.case()), session.library().changes(), of);
        let same =
            |old: &(Arc<Case>, u64, K)| Arc::ptr_eq(&old.0, &now.0) && (old.1, &old.2) == (now.1, &now.2);
        let whole = self.gate.as_ref().is_some_and(|gate| gate.reading == 0);
        if !(whole && self.of.as_ref().is_some_and(same)) {
            (self.of, self.gate) = (Some(now), None);
        }
        self.gate.get_or_insert_with(look)
    }

    /// What was found last.
    pub(super) fn last(&self) -> Option<&Gate> {
        self.gate.as_ref()
    }
}

/// The heading over findings, and what there is to say of them as a whole.
pub(super) fn summary(ui: &mut Ui, gate: &Gate) {
    ui.label(RichText::new("Patient data").size(15.0).strong());
    let words = match gate.reading {
        0 if gate.findings.is_empty() => "Nothing was found that could say who the patient is.".to_owned(),
        0 => return,
        reading => format!("{reading} headers are still to be read."),
    };
    ui.label(RichText::new(words).color(theme::WEAK));
}

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
