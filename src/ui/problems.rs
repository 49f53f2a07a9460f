//! The files that were not used: how many for each reason, and each by its path.

use std::path::Path;

use egui::{Label, RichText, Role, Ui};

use super::dialogs::{Outcome, close_button, heading};
use super::named::named;
use super::theme;
use crate::dicom::{Problem, Whereabouts};
use crate::session::{Action, ElementsOf, Session};
use crate::words::counted;

/// Reasons that are counted above the list of files, at most.
const REASONS: usize = 8;
/// A line of text with the space below it.
const LINE: f32 = 22.0;
/// What a dialogue needs beside its list and its reasons: heading, lines, button, margins.
const AROUND: f32 = 190.0;

pub(super) fn show(ui: &mut Ui, session: &Session) -> Outcome {
    let screen = ui.ctx().content_rect();
    ui.set_width((screen.width() - 48.0).clamp(200.0, 760.0));
    heading(ui, "Files not used");
    let mut list: Vec<_> = session.library().problems().collect();
    if list.is_empty() {
        ui.label("Every file was used.");
    }
    // What should have been an image is looked for here; a folder may hold anything else as well.
    list.sort_by_key(|problem| problem.reason.starts_with("not DICOM"));
    let counts = session.library().problem_counts();
    let mut lines = 0;
    if list.len() > counts.len() {
        // At most half of what there is.
        let fits = |lines: &usize| *lines as f32 * 2.0 * LINE <= screen.height() - AROUND;
        lines = reasons(ui, &counts, (1..=REASONS).rev().find(fits).unwrap_or(1));
        ui.separator();
    }
    let hidden = session.workspace().patient_hidden;
    if hidden && !list.is_empty() {
        ui.label(RichText::new("Paths are hidden with the patient data.").color(theme::WEAK));
        lines += 1;
    }
    let mut outcome = Outcome::Open;
    // A line with a button, a line of text.
    let text = if hidden { 0.0 } else { ui.text_style_height(&egui::TextStyle::Body) + 6.0 };
    let height = ui.spacing().interact_size.y + text;
    let most = (screen.height() - AROUND - LINE * lines as f32).clamp(2.0 * height, 420.0);
    egui::ScrollArea::both()
        .max_height(most)
        .min_scrolled_height(height)
        .auto_shrink([false, true])
        .show_rows(ui, height, list.len(), |ui, rows| {
            for problem in list.get(rows).unwrap_or_default() {
                if file(ui, problem, hidden) {
                    let of = ElementsOf::File(problem.path.clone());
                    outcome = Outcome::Do(Action::WatchElements(Some(of)));
                }
            }
        });
    if outcome == Outcome::Open { close_button(ui) } else { outcome }
}

/// The commonest reasons; how many lines they took.
fn reasons(ui: &mut Ui, counts: &[(String, usize)], most: usize) -> usize {
    for (reason, count) in counts.iter().take(most) {
        let files = counted(*count, "file");
        ui.add(Label::new(format!("{files}: {reason}")).truncate());
    }
    match counts.len().saturating_sub(most) {
        0 => return counts.len(),
        more => ui.label(format!("and {}", counted(more, "more reason"))),
    };
    most + 1
}

/// One file; whether its elements are wanted. Its path and the reason that names another may name the patient.
fn file(ui: &mut Ui, problem: &Problem, hidden: bool) -> bool {
    let clicked = ui
        .horizontal(|ui| {
            let can = problem.bytes != Whereabouts::OutOfReach;
            let button = ui
                .add_enabled(can, egui::Button::new("Elements").small())
                .on_hover_text("What stands in the file")
                .on_disabled_hover_text("There are no bytes of it that could be read");
            named(&button, Role::Button, &format!("Elements of {}", name(&problem.path, hidden)));
            let reason = if hidden { problem.kind() } else { &problem.reason };
            ui.add(Label::new(RichText::new(reason).color(theme::WARNING)).extend());
            button.clicked()
        })
        .inner;
    if !hidden {
        ui.add(Label::new(RichText::new(problem.path.display().to_string()).color(theme::WEAK)).extend());
    }
    clicked
}

fn name(path: &Path, hidden: bool) -> String {
    if hidden {
        return "a file".to_owned();
    }
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
