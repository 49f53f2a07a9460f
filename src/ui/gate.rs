//! What could say who the patient is in what is about to leave: each is replaced or kept on purpose first.

use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat};
use egui::{RichText, Role, ScrollArea, TextStyle, Ui};

use super::dialogs::{Outcome, heading};
use super::named::named;
use super::theme;
use crate::case::Case;
use crate::session::{Action, Finding, FindingSeverity, Gate, GateAction, Leaving, Session};

/// From so many on, those of a kind can be kept together.
const MANY: usize = 2;
/// Sentences shown of findings that are alike.
const SENTENCES: usize = 4;

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

    /// What was found last, and the case that it was found in.
    pub(super) fn last(&self) -> Option<(&Gate, &Arc<Case>)> {
        Some((self.gate.as_ref()?, &self.of.as_ref()?.0))
    }
}

/// The heading over findings, and what there is to say of them as a whole.
pub(super) fn summary(ui: &mut Ui, gate: &Gate) {
    ui.label(RichText::new("Patient data").size(15.0).strong());
    let words = match gate.reading {
        0 if gate.findings.is_empty() => "Nothing was found that could say who the patient is.".to_owned(),
        0 => return,
        1 => "1 header is still to be read.".to_owned(),
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
    // As high as all of it from the first frame on: what grows under the pointer is clicked by mistake.
    let area = ScrollArea::vertical().max_height(high).min_scrolled_height(high).auto_shrink([false, true]);
    let decided = area.show(ui, |ui| rows(ui, gate)).inner;
    ui.add_space(8.0);
    let go_on = buttons(ui, what, gate);
    match decided.or(go_on) {
        Some(action) => Outcome::Do(Action::Gate(action)),
        None => Outcome::Open,
    }
}

/// What was found, all that is alike in one, and what can be said of many at once; what was chosen.
pub(super) fn rows(ui: &mut Ui, gate: &Gate) -> Option<GateAction> {
    let mut decided = keep_all(ui, gate);
    for alike in gate.alike() {
        decided = finding_row(ui, &alike).or(decided);
        ui.add_space(8.0);
    }
    decided
}

/// Years, dates and the like are many: those of a kind that need no name to be hidden can be kept together.
fn keep_all(ui: &mut Ui, gate: &Gate) -> Option<GateAction> {
    let mut kinds: Vec<(&str, Vec<String>)> = Vec::new();
    for finding in
        gate.open().filter(|finding| finding.severity == FindingSeverity::Asks || finding.is_named("dates"))
    {
        let at = kinds.iter().position(|(what, _)| *what == finding.what).unwrap_or(kinds.len());
        if at == kinds.len() {
            kinds.push((&finding.what, Vec::new()));
        }
        if let Some((_, keys)) = kinds.get_mut(at).filter(|(_, keys)| !keys.contains(&finding.key)) {
            keys.push(finding.key.clone());
        }
    }
    let mut chosen = None;
    for (what, keys) in kinds.into_iter().filter(|(_, keys)| keys.len() >= MANY) {
        if ui.button(format!("Keep all {}: {what}", keys.len())).clicked() {
            chosen = Some(GateAction::KeepAll(keys));
        }
    }
    chosen
}

fn buttons(ui: &mut Ui, what: &Leaving, gate: &Gate) -> Option<GateAction> {
    let go_on = if what.file().is_some() { "Export" } else { "Copy" };
    ui.horizontal(|ui| {
        let clicked = ui.add_enabled(gate.lets_through(), egui::Button::new(go_on)).clicked();
        if ui.button("Cancel").clicked() {
            return Some(GateAction::Withdraw);
        }
        let left = gate.alike().iter().filter(|alike| alike.iter().any(|finding| !finding.kept)).count();
        if left > 0 {
            ui.label(RichText::new(format!("{left} to decide")).color(theme::WEAK));
        }
        clicked.then_some(GateAction::GoOn)
    })
    .inner
}

/// Findings that are alike and their answers; the one that was chosen.
fn finding_row(ui: &mut Ui, alike: &[&Finding]) -> Option<GateAction> {
    let finding = alike.first()?;
    let color = match (finding.kept, finding.severity) {
        (true, _) => theme::WEAK,
        (false, FindingSeverity::Blocks) => theme::ERROR,
        (false, FindingSeverity::Asks) => theme::WARNING,
    };
    let place = match alike.len() {
        1 => format!("{}: {}", finding.place, finding.what),
        many => format!("{}, in {many} places", finding.what),
    };
    let kept = if finding.kept { " (kept)" } else { "" };
    ui.label(RichText::new(format!("{place}{kept}")).color(color));
    for one in alike.iter().take(SENTENCES) {
        sentence(ui, one, alike.len() > 1);
    }
    if alike.len() > SENTENCES {
        ui.label(RichText::new(format!("and {} more", alike.len() - SENTENCES)).small().color(theme::WEAK));
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
        if let Some(cure) = alike.iter().find_map(|finding| finding.cure.as_ref()) {
            let words =
                if cure.is_empty() { "Remove".to_owned() } else { format!("Write \u{201c}{cure}\u{201d}") };
            button(words, GateAction::Cure(finding.key.clone()));
        }
        button("Keep on purpose".to_owned(), GateAction::Keep(finding.key.clone()));
    });
    chosen
}

/// What was found among the words around it, and where, if that was not said yet.
fn sentence(ui: &mut Ui, finding: &Finding, says_place: bool) {
    let there = finding.text.reveal();
    if there.is_empty() {
        if says_place {
            ui.label(RichText::new(&finding.place).small());
        }
        return;
    }
    let mut job = LayoutJob::default();
    let small = TextStyle::Small.resolve(ui.style());
    let mut add = |words: &str, color| job.append(words, 0.0, TextFormat::simple(small.clone(), color));
    if says_place {
        add(&format!("{}: ", finding.place), theme::WEAK);
    }
    let [before, after] = finding.around.reveal();
    add(&format!("\u{201c}{before}"), theme::WEAK);
    add(there, theme::TEXT);
    add(&format!("{after}\u{201d}"), theme::WEAK);
    ui.label(job);
}
