//! What in the notebook could say who the patient is: shown in the text, replaced or kept.

use std::sync::Arc;

use egui::Ui;

use super::marks::Marks;
use crate::export::ReportKind;
use crate::session::{Action, FindingPlace, GateAction, NotebookAction, ReportOptions, ReportPart, Session};
use crate::ui::gate::{Found, rows, summary};

/// The findings of the notebook, with dates or without.
#[derive(Debug, Default)]
pub(super) struct Findings(Found<bool>);

impl Findings {
    /// Where in the notes something stands that is not decided, and the notes that it was found in.
    pub(super) fn marks(&self) -> Marks {
        let Some((gate, case)) = self.0.last() else { return Marks::default() };
        let range = |finding: &crate::session::Finding| match (finding.at, &finding.range) {
            (FindingPlace::Notes(start), Some(range)) => Some(range.start + start..range.end + start),
            _ => None,
        };
        Marks { of: Some(Arc::clone(case)), ranges: gate.open().filter_map(range).collect() }
    }

    pub(super) fn forget(&mut self) {
        self.0 = Found::default();
    }

    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        absolute_dates: bool,
        actions: &mut Vec<Action>,
    ) {
        let options = ReportOptions { absolute_dates, ..ReportOptions::new(ReportKind::Docx) };
        let look = || session.notebook_findings(&ReportPart::Report(options), None);
        let gate = self.0.now(session, absolute_dates, look);
        summary(ui, gate);
        if gate.reading > 0 {
            actions.push(Action::Notebook(NotebookAction::ReadHeaders));
            ui.ctx().request_repaint_after_secs(0.1);
        }
        actions.extend(rows(ui, gate).and_then(of_notebook).map(Action::Notebook));
    }
}

fn of_notebook(action: GateAction) -> Option<NotebookAction> {
    match action {
        GateAction::Keep(key) => Some(NotebookAction::Keep(vec![key])),
        GateAction::KeepAll(keys) => Some(NotebookAction::Keep(keys)),
        GateAction::Unkeep(key) => Some(NotebookAction::Unkeep(key)),
        GateAction::Cure(key) => Some(NotebookAction::Cure(key)),
        GateAction::GoOn | GateAction::Withdraw => None,
    }
}
