//! What in the notebook could say who the patient is: shown in the text, replaced or kept.

use std::collections::BTreeMap;
use std::ops::Range;

use egui::Ui;

use crate::export::ReportKind;
use crate::session::{
    Action, FindingPlace, FindingSeverity, Gate, GateAction, NotebookAction, ReportOptions, ReportPart,
    Session,
};
use crate::ui::gate::{Found, finding_row, summary};

/// From so many alike on, they can be kept together.
const MANY: usize = 3;

/// The findings of the notebook, with dates or without.
#[derive(Debug, Default)]
pub(super) struct Findings(Found<bool>);

impl Findings {
    /// Where in the notes something stands that is not decided, in bytes.
    pub(super) fn ranges(&self) -> Vec<Range<usize>> {
        let open = self.0.last().into_iter().flat_map(Gate::open);
        let range = |finding: &crate::session::Finding| match (finding.at, &finding.range) {
            (FindingPlace::Notes(start), Some(range)) => Some(range.start + start..range.end + start),
            _ => None,
        };
        open.filter_map(range).collect()
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
        if let Some(keys) = keep_alike(ui, gate) {
            actions.push(Action::Notebook(NotebookAction::Keep(keys)));
        }
        for finding in &gate.findings {
            let decided = finding_row(ui, finding);
            actions.extend(decided.and_then(of_notebook).map(Action::Notebook));
            ui.add_space(8.0);
        }
    }
}

/// Years of references and the like are many: those that only look as if can be kept together.
fn keep_alike(ui: &mut Ui, gate: &Gate) -> Option<Vec<String>> {
    let mut alike: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for finding in gate.open().filter(|finding| finding.severity == FindingSeverity::Asks) {
        alike.entry(&finding.what).or_default().push(finding.key.clone());
    }
    let mut chosen = None;
    for (what, keys) in alike.into_iter().filter(|(_, keys)| keys.len() >= MANY) {
        if ui.button(format!("Keep all {}: {what}", keys.len())).clicked() {
            chosen = Some(keys);
        }
    }
    chosen
}

fn of_notebook(action: GateAction) -> Option<NotebookAction> {
    match action {
        GateAction::Keep(key) => Some(NotebookAction::Keep(vec![key])),
        GateAction::Unkeep(key) => Some(NotebookAction::Unkeep(key)),
        GateAction::Cure(key) => Some(NotebookAction::Cure(key)),
        GateAction::GoOn | GateAction::Withdraw => None,
    }
}
