//! What could say who the patient is: each is replaced or kept on purpose before the figure leaves.

use std::sync::Arc;

use egui::{RichText, Ui};

use crate::case::{Case, Figure, FigureId};
use crate::session::{Action, FigureAction, Finding, FindingSeverity, Gate, Session};
use crate::ui::named::named;
use crate::ui::theme;

/// The findings of a figure, looked for again only when something changed.
#[derive(Debug, Default)]
pub(super) struct Findings {
    of: Option<(Arc<Case>, FigureId, u64)>,
    gate: Option<Gate>,
}

impl Findings {
    fn of(&mut self, session: &Session, figure: &Arc<Figure>) -> &Gate {
        // Captions and measurements come from the case, images from the library.
        let now = (Arc::clone(session.case()), figure.id, session.library().changes());
        let same = |old: &(Arc<Case>, FigureId, u64)| {
            Arc::ptr_eq(&old.0, &now.0) && (old.1, old.2) == (now.1, now.2)
        };
        let known =
            self.of.as_ref().is_some_and(same) && self.gate.as_ref().is_some_and(|gate| gate.reading == 0);
        if !known {
            self.gate = None;
            self.of = Some(now);
        }
        self.gate.get_or_insert_with(|| session.figure_findings(figure, None))
    }

    /// The panel: nothing to do, or one line with its answers for each finding.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        figure: &Arc<Figure>,
        actions: &mut Vec<Action>,
    ) {
        let gate = self.of(session, figure);
        ui.label(RichText::new("Patient data").size(15.0).strong());
        if gate.reading > 0 {
            let words = format!("{} headers are still to be read.", gate.reading);
            ui.label(RichText::new(words).color(theme::WEAK));
        } else if gate.findings.is_empty() {
            ui.label(
                RichText::new("Nothing was found that could say who the patient is.").color(theme::WEAK),
            );
        }
        for finding in &gate.findings {
            one(ui, finding, actions);
        }
        ui.separator();
    }

    /// Whether words may leave the program: everything that was found is decided.
    pub(super) fn lets_through(&mut self, session: &Session, figure: &Arc<Figure>) -> bool {
        self.of(session, figure).lets_through()
    }
}

fn one(ui: &mut Ui, finding: &Finding, actions: &mut Vec<Action>) {
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
    ui.horizontal_wrapped(|ui| {
        let mut button = |words: String, action: FigureAction| {
            let response = ui.button(&words);
            named(&response, egui::Role::Button, &format!("{words}: {place}"));
            if response.clicked() {
                actions.push(Action::Figure(action));
            }
        };
        if finding.kept {
            button("Do not keep".to_owned(), FigureAction::Unkeep(finding.key.clone()));
            return;
        }
        if let Some(cure) = &finding.cure {
            let words =
                if cure.is_empty() { "Remove".to_owned() } else { format!("Write \u{201c}{cure}\u{201d}") };
            button(words, FigureAction::Cure(finding.key.clone()));
        }
        button("Keep on purpose".to_owned(), FigureAction::Keep(finding.key.clone()));
    });
}
