//! Events, their times, and consent.

use std::sync::Arc;

use egui::{RichText, Role, Ui};

use crate::case::notebook::{Event, EventKind, EventTime};
use crate::case::{Edit, EventId, LesionId, Notebook};
use crate::session::{Action, CourseEntry, Session};
use crate::ui::commands::{Asked, Command};
use crate::ui::named::{choice, line_field, named};
use crate::ui::theme;

/// An event that is being typed.
#[derive(Debug)]
pub(super) struct CourseForm {
    kind: EventKind,
    words: String,
    when: String,
    problem: String,
    consent: Option<String>,
    /// The event that is changed; a new one, where there is none.
    of: Option<EventId>,
}

impl Default for CourseForm {
    fn default() -> Self {
        let (words, when, problem) = (String::new(), String::new(), String::new());
        Self { kind: EventKind::Operation, words, when, problem, consent: None, of: None }
    }
}

impl CourseForm {
    pub(super) fn show(&mut self, ui: &mut Ui, session: &Session, asked: &mut Asked) {
        let notebook = &session.case().notebook;
        ui.label(RichText::new("Timeline").size(15.0).strong());
        for entry in session.course(false) {
            self.entry(ui, session, &entry, &mut asked.actions);
        }
        ui.separator();
        self.form(ui, session, &mut asked.actions);
        ui.separator();
        anchor(ui, notebook, &mut asked.actions);
        ui.separator();
        self.consent(ui, session, &mut asked.actions);
        ui.separator();
        let export = ui.button("Export the timeline");
        if export.on_hover_text("As a figure (PDF, SVG, TIFF, PNG, JPEG) or as a table (CSV, JSON)").clicked()
        {
            asked.commands.push(Command::ExportTimeline);
        }
    }

    fn entry(&mut self, ui: &mut Ui, session: &Session, entry: &CourseEntry, actions: &mut Vec<Action>) {
        let notebook = &session.case().notebook;
        let words = format!("{}: {}", entry.when, entry.what);
        let Some(id) = entry.event else {
            ui.label(RichText::new(words).color(theme::WEAK));
            return;
        };
        ui.label(words);
        ui.horizontal(|ui| {
            let change = ui.small_button("Change");
            named(&change, Role::Button, &format!("Change {}", entry.what));
            if let (true, Some(event)) = (change.clicked(), notebook.event(id)) {
                let when = session.typed_time(&event.time);
                let (words, problem) = (event.words.clone(), String::new());
                *self = Self { kind: event.kind, words, when, problem, consent: None, of: Some(id) };
            }
            operated(ui, session, id, actions);
            let delete = ui.small_button("Delete");
            named(&delete, Role::Button, &format!("Delete {}", entry.what));
            if delete.clicked() {
                actions.push(changed(notebook, "delete event", |notebook| {
                    notebook.events.retain(|event| event.id != id);
                    notebook.anchor = notebook.anchor.filter(|anchor| *anchor != id);
                }));
            }
        });
    }

    fn form(&mut self, ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
        ui.label(RichText::new(if self.of.is_some() { "Change event" } else { "New event" }).strong());
        let width = ui.available_width() - 8.0;
        let kinds = EventKind::ALL.map(|kind| (kind, kind.name()));
        choice(ui, "Kind of event", self.kind.name(), width, &mut self.kind, kinds);
        line_field(ui, &mut self.words, "What happened", "First operation, subtotal resection", width);
        line_field(
            ui,
            &mut self.when,
            "When it happened",
            "2015-05, or days after the first examination: -30",
            width,
        );
        let hint = "A date, a month, a year, or days. The case keeps days only, no date.";
        ui.label(RichText::new(hint).small().color(theme::WEAK));
        let ready = !self.words.trim().is_empty() && !self.when.trim().is_empty();
        ui.horizontal(|ui| {
            let name = if self.of.is_some() { "Change the event" } else { "Add the event" };
            if ui.add_enabled(ready, egui::Button::new(name)).clicked() {
                match session.event_time(&self.when) {
                    Ok(time) => actions.push(self.add(&session.case().notebook, time)),
                    Err(why) => self.problem = why,
                }
            }
            if self.of.is_some() && ui.button("Leave it").clicked() {
                *self = Self::default();
            }
        });
        if !self.problem.is_empty() {
            ui.label(RichText::new(&self.problem).color(theme::WARNING));
        }
    }

    fn add(&mut self, notebook: &Notebook, time: EventTime) -> Action {
        let form = std::mem::take(self);
        let words = form.words.trim().to_owned();
        match form.of {
            Some(id) => changed(notebook, "change event", |notebook| {
                if let Some(event) = notebook.events.iter_mut().find(|event| event.id == id) {
                    (event.kind, event.words, event.time) = (form.kind, words, time);
                }
            }),
            None => changed(notebook, "add event", |notebook| {
                notebook.push(Event::new(form.kind, words, time));
            }),
        }
    }

    fn consent(&mut self, ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
        let notebook = &session.case().notebook;
        ui.label(RichText::new("Informed consent").strong());
        let mut given = notebook.consent.is_some() || self.consent.is_some();
        if ui.checkbox(&mut given, "The patient consented to publication").changed() {
            if given {
                self.consent = Some(String::new());
            } else {
                self.consent = None;
                actions.push(changed(notebook, "take consent back", |notebook| notebook.consent = None));
            }
        }
        if let (Some(time), None) = (&notebook.consent, &self.consent) {
            ui.label(RichText::new(format!("on {}", session.typed_time(time))).color(theme::WEAK));
        }
        let Some(when) = &mut self.consent else { return };
        line_field(ui, when, "Date of consent", "2015-06-01", 140.0);
        if ui.button("Keep the date").clicked() {
            match session.event_time(when) {
                Ok(time) => {
                    self.consent = None;
                    actions
                        .push(changed(notebook, "state consent", |notebook| notebook.consent = Some(time)));
                }
                Err(why) => self.problem = why,
            }
        }
    }
}

/// Which event relative times are counted from.
fn anchor(ui: &mut Ui, notebook: &Notebook, actions: &mut Vec<Action>) {
    ui.label(RichText::new("Times are counted from").strong());
    let words = |id: Option<EventId>| match id.and_then(|id| notebook.event(id)) {
        Some(event) => event.named(),
        None => "the first examination".to_owned(),
    };
    let list = egui::ComboBox::from_id_salt("anchor").selected_text(words(notebook.anchor));
    let response = list.width(ui.available_width() - 8.0).show_ui(ui, |ui| {
        let all = notebook.events.iter().map(|event| Some(event.id));
        for id in [None].into_iter().chain(all) {
            if ui.selectable_label(notebook.anchor == id, words(id)).clicked() {
                actions.push(changed(notebook, "count times from another event", |notebook| {
                    notebook.anchor = id;
                }));
            }
        }
    });
    named(&response.response, Role::ComboBox, "Times are counted from");
}

fn changed(notebook: &Notebook, how: &'static str, change: impl FnOnce(&mut Notebook)) -> Action {
    let mut notebook = notebook.clone();
    change(&mut notebook);
    Action::Commit(Edit::ChangeNotebook(Arc::new(notebook), how))
}

/// Which lesions an operation was on: with two or more followed, on every one until the reader says otherwise.
fn operated(ui: &mut Ui, session: &Session, id: EventId, actions: &mut Vec<Action>) {
    let case = session.case();
    let event = case.notebook.event(id).filter(|event| event.kind == EventKind::Operation);
    let Some(event) = event.filter(|_| case.lesions.len() > 1) else { return };
    let all = || case.lesions.iter().map(|lesion| lesion.id);
    let is_on = |lesion| event.lesions.as_ref().is_none_or(|of| of.contains(&lesion));
    let menu = ui.menu_button("Lesions", |ui| {
        for lesion in &case.lesions {
            let mut on = is_on(lesion.id);
            if ui.checkbox(&mut on, format!("on {}", lesion.name)).changed() {
                let of: Vec<LesionId> =
                    all().filter(|other| if *other == lesion.id { on } else { is_on(*other) }).collect();
                let every = of.len() == case.lesions.len();
                actions.push(changed(&case.notebook, "name operated lesions", |notebook| {
                    if let Some(event) = notebook.events.iter_mut().find(|event| event.id == id) {
                        event.lesions = (!every).then_some(of);
                    }
                }));
            }
        }
    });
    named(&menu.response, Role::Button, &format!("Lesions of {}", event.words));
}
