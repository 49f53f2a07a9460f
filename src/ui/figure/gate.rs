//! What could say who the patient is: each is replaced or kept on purpose before the figure leaves.

use std::sync::Arc;

use egui::{RichText, Ui};

use crate::case::{Case, Figure, FigureId};
use crate::session::{Action, FigureAction, Gate, GateAction, Session};
use crate::ui::gate::finding_row;
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
            actions.extend(finding_row(ui, finding).and_then(of_figure).map(Action::Figure));
        }
        ui.separator();
    }

    /// Whether words may leave the program: everything that was found is decided.
    pub(super) fn lets_through(&mut self, session: &Session, figure: &Arc<Figure>) -> bool {
        self.of(session, figure).lets_through()
    }
}

/// The same decision of the figure shown, which holds it.
fn of_figure(action: GateAction) -> Option<FigureAction> {
    match action {
        GateAction::Keep(key) => Some(FigureAction::Keep(key)),
        GateAction::Unkeep(key) => Some(FigureAction::Unkeep(key)),
        GateAction::Cure(key) => Some(FigureAction::Cure(key)),
        GateAction::GoOn | GateAction::Withdraw => None,
    }
}
