//! What in the notebook could say who the patient is: shown in the text, replaced or kept.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use egui::{RichText, Ui};

use crate::case::Case;
use crate::export::ReportKind;
use crate::session::{
    Action, FindingPlace, FindingSeverity, Gate, GateAction, NotebookAction, ReportOptions, ReportPart,
    Session,
};
use crate::ui::gate::finding_row;
use crate::ui::theme;

/// From so many alike on, they can be kept together.
const MANY: usize = 3;

/// The findings of the notebook, looked for again only when something changed.
#[derive(Debug, Default)]
pub(super) struct Findings {
    of: Option<(Arc<Case>, u64, bool)>,
    gate: Option<Gate>,
}

impl Findings {
    /// Where in the notes something stands that is not decided, in bytes.
    pub(super) fn ranges(&self) -> Vec<Range<usize>> {
        let open = self.gate.iter().flat_map(Gate::open);
        let range = |finding: &crate::session::Finding| match (finding.at, &finding.range) {
            (FindingPlace::Notes(start), Some(range)) => Some(range.start + start..range.end + start),
            _ => None,
        };
        open.filter_map(range).collect()
    }

    pub(super) fn forget(&mut self) {
        (self.of, self.gate) = (None, None);
    }

    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        session: &Session,
        absolute_dates: bool,
        actions: &mut Vec<Action>,
    ) {
        let now = (Arc::clone(session.case()), session.library().changes(), absolute_dates);
        let same = self
            .of
            .as_ref()
            .is_some_and(|old| Arc::ptr_eq(&old.0, &now.0) && (old.1, old.2) == (now.1, now.2));
        if !same || self.gate.as_ref().is_none_or(|gate| gate.reading > 0) {
            let options = ReportOptions { absolute_dates, ..ReportOptions::new(ReportKind::Docx) };
            self.gate = Some(session.notebook_findings(&ReportPart::Report(options), None));
            self.of = Some(now);
        }
        let Some(gate) = &self.gate else { return };
        ui.label(RichText::new("Patient data").size(15.0).strong());
        if gate.reading > 0 {
            let words = format!("{} headers are still to be read.", gate.reading);
            ui.label(RichText::new(words).color(theme::WEAK));
            actions.push(Action::Notebook(NotebookAction::ReadHeaders));
            ui.ctx().request_repaint_after_secs(0.1);
        }
        if gate.findings.is_empty() && gate.reading == 0 {
            let words = "Nothing was found that could say who the patient is.";
            ui.label(RichText::new(words).color(theme::WEAK));
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
pub(in crate::ui) fn keep_alike(ui: &mut Ui, gate: &Gate) -> Option<Vec<String>> {
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
