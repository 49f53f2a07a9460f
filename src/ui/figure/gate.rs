//! What could say who the patient is: each is replaced or kept on purpose before the figure leaves.

use std::sync::Arc;

use egui::Ui;

use crate::case::{Figure, FigureId};
use crate::session::{Action, FigureAction, Gate, GateAction, Session};
use crate::ui::gate::{Found, rows, summary};

/// The findings of a figure.
#[derive(Debug, Default)]
pub(super) struct Findings(Found<FigureId>);

impl Findings {
    fn of(&mut self, session: &Session, figure: &Figure) -> &Gate {
        self.0.now(session, figure.id, || session.figure_findings(figure, None))
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
        summary(ui, gate);
        actions.extend(rows(ui, gate).and_then(of_figure).map(Action::Figure));
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
        GateAction::KeepAll(keys) => Some(FigureAction::KeepAll(keys)),
        GateAction::Unkeep(key) => Some(FigureAction::Unkeep(key)),
        GateAction::Cure(key) => Some(FigureAction::Cure(key)),
        GateAction::GoOn | GateAction::Withdraw => None,
    }
}
