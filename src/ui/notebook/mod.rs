//! The notebook: the text at the left, how it reads in the middle, what it says of the case at the right.

mod bar;
mod course;
mod editor;
mod gate;
mod marks;
mod offers;
mod preview;
mod side;
mod table;
mod values;
mod words;

use std::sync::Arc;

use egui::{Panel, Ui};

use self::course::CourseForm;
use self::editor::Editor;
use self::gate::Findings;
use self::offers::Offers;
use self::preview::Preview;
use self::side::Tab;
use self::table::TableForm;
use super::commands::{Asked, Command};
use super::theme;
use crate::case::{Case, Edit};
use crate::session::{Action, NotebookView, Session};

/// Seconds without a key after which the text is read again: values, preview.
const READ_AFTER: f64 = 0.25;
/// Seconds without a key after which typed text goes into the case: one undo step.
const KEPT_AFTER: f64 = 1.0;

/// The notebook, and what is being done in it.
#[derive(Debug, Default)]
pub(super) struct NotebookPanel {
    shown: bool,
    /// What is typed and not yet in the case, and when the last key came.
    typed: Option<(String, f64)>,
    editor: Editor,
    offers: Offers,
    preview: Preview,
    reading: Reading,
    tab: Tab,
    table: TableForm,
    course: CourseForm,
    findings: Findings,
    options: ReportChoice,
}

/// How a report is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct ReportChoice {
    /// With dates, not with times after an event.
    pub(super) absolute_dates: bool,
    /// With the appendix that says where each number comes from.
    pub(super) provenance: bool,
}

/// The text as it was read last.
#[derive(Debug, Default)]
struct Reading {
    of: Option<(Arc<Case>, u64, usize)>,
    /// The text that was read.
    text: String,
    view: NotebookView,
    /// Counts the readings.
    count: u64,
}

impl Reading {
    /// Reads the text again, if it, the case or its images have changed.
    fn read(&mut self, session: &Session, text: &str) {
        let measured =
            session.case().measurements.iter().filter(|m| matches!(session.values(m.id), Some(Ok(_))));
        let now = (Arc::clone(session.case()), session.library().changes(), measured.count());
        let same = self
            .of
            .as_ref()
            .is_some_and(|old| Arc::ptr_eq(&old.0, &now.0) && (old.1, old.2) == (now.1, now.2));
        if same && self.text == text {
            return;
        }
        self.view = session.notebook_view(text);
        text.clone_into(&mut self.text);
        self.of = Some(now);
        self.count += 1;
    }
}

impl NotebookPanel {
    /// Whether the notebook is what is seen in place of the viewports.
    pub(super) fn is_shown(&self, session: &Session) -> bool {
        self.shown && session.figure().is_none()
    }

    pub(super) fn toggle(&mut self) {
        self.shown = !self.shown;
        self.editor.focus();
    }

    fn hide(&mut self) {
        self.shown = false;
    }

    /// What is typed but not yet in the case.
    pub(super) fn finish(&mut self) -> Vec<Action> {
        let notes = self.typed.take().map(|(text, _)| Action::Commit(Edit::SetNotes(text)));
        notes.into_iter().collect()
    }

    /// How a report would be written.
    pub(super) fn choice(&self) -> ReportChoice {
        self.options
    }

    /// It is seen now, whatever was.
    pub(super) fn show_instead(&mut self) {
        self.shown = true;
        self.editor.focus();
    }

    /// What a command does here instead of what it does elsewhere.
    pub(super) fn takes(&mut self, command: Command) -> bool {
        if command == Command::Escape {
            self.offers.close();
            return true;
        }
        false
    }

    pub(super) fn show(&mut self, ui: &mut Ui, session: &Session, asked: &mut Asked) {
        let now = ui.input(|input| input.time);
        let bar = egui::Frame::new().fill(theme::BAR).inner_margin(egui::Margin::symmetric(8, 4));
        Panel::top("notebook bar").frame(bar).show(ui, |ui| self.bar(ui, session, asked));
        let typing = self.typed.as_ref().is_some_and(|(_, at)| now - at < READ_AFTER);
        let mut text = self.text(session).to_owned();
        if !typing {
            self.reading.read(session, &text);
        }
        let side = egui::Frame::new().fill(theme::PANEL).inner_margin(8);
        let width = ui.available_width();
        Panel::right("notebook side")
            .default_size((width * 0.26).clamp(240.0, 420.0))
            .size_range(200.0..=(width * 0.5).max(200.0))
            .frame(side)
            .show(ui, |ui| self.side(ui, session, &mut text, asked));
        Panel::left("notebook text")
            .default_size(width * 0.38)
            .size_range(200.0..=(width * 0.6).max(200.0))
            .frame(side)
            .show(ui, |ui| self.write(ui, session, &mut text, &mut asked.actions));
        egui::CentralPanel::default().frame(side).show(ui, |ui| {
            asked.actions.extend(self.preview.show(ui, &self.reading.view, self.reading.count));
        });
        // Whoever wants to see the pixels sees them.
        if asked.actions.iter().any(|action| matches!(action, Action::GoToMeasurement(_))) {
            self.hide();
        }
        let settled = self.typed.as_ref().is_some_and(|(_, at)| now - at >= KEPT_AFTER);
        if settled {
            asked.actions.extend(self.finish());
        }
        if self.typed.is_some() {
            ui.ctx().request_repaint_after_secs(0.3);
        }
    }

    /// The text as it is typed.
    fn text<'a>(&'a self, session: &'a Session) -> &'a str {
        self.typed.as_ref().map_or(&session.case().notes, |(text, _)| text)
    }

    /// The text becomes another one.
    fn change(&mut self, ui: &Ui, text: &str, actions: &mut Vec<Action>) {
        actions.push(Action::Typing(Some(Edit::SetNotes(text.to_owned()))));
        self.typed = Some((text.to_owned(), ui.input(|input| input.time)));
    }

    fn write(&mut self, ui: &mut Ui, session: &Session, text: &mut String, actions: &mut Vec<Action>) {
        let chosen = self.offers.show(ui, session, text, &self.editor.selection());
        let before = text.len();
        if let Some((range, words)) = chosen {
            *text = crate::case::notebook::spliced(text, &range, &words);
            self.editor.go_to(range.start + words.len());
            self.change(ui, text, actions);
            actions.push(Action::Notebook(crate::session::NotebookAction::SettleTimePoints));
        }
        let marked = self.findings.marks();
        if self.editor.show(ui, text, &marked, self.offers.is_open()) {
            self.offers.typed(text, &self.editor.selection(), text.len() > before);
            self.change(ui, text, actions);
        }
    }
}
