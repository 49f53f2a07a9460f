//! The tag browser: every element of a file, searched, opened, copied.

mod rows;
mod table;

use std::sync::Arc;

use egui::{Context, Event, Id, Key, Modifiers, RichText, Ui};

use super::named::named_text;
use super::theme;
use crate::dicom::{ElementList, ElementQuery};
use crate::session::{Action, Elements, ElementsOf, Session};
use rows::Rows;

/// Rows that Page Up and Page Down go over.
const PAGE: isize = 20;

/// What the tag browser remembers from frame to frame.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked for by itself")]
pub(super) struct Tags {
    find: String,
    rows: Rows,
    /// The row that keys and copying are about, by its place in the list.
    selected: Option<usize>,
    /// The list shown: while the next one is read, the last one stays, greyed.
    list: Option<Arc<ElementList>>,
    was_open: bool,
    /// The keyboard belongs to this window.
    holds_focus: bool,
    /// The selected row has to come into sight.
    reveal: bool,
}

/// Something to put on the clipboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Copied {
    Row(usize),
    Value(usize),
    List,
}

impl Tags {
    /// Whether keys go here and not to the images.
    pub(super) fn holds_focus(&self) -> bool {
        self.holds_focus
    }

    pub(super) fn show(&mut self, ctx: &Context, session: &Session, actions: &mut Vec<Action>) {
        if session.elements_of().is_none() {
            self.was_open = false;
            self.holds_focus = false;
            self.list = None;
            return;
        }
        let hidden = session.workspace().patient_hidden;
        self.take_list(session);
        let keys = if self.holds_focus { self.keys(ctx) } else { Keys::default() };
        if keys.close {
            if self.find.is_empty() || keys.toggled {
                actions.push(Action::WatchElements(None));
            } else {
                self.find.clear();
            }
        }
        let mut open = true;
        let screen = ctx.content_rect();
        let size = egui::vec2((screen.width() - 40.0).min(960.0), (screen.height() - 120.0).min(600.0));
        egui::Window::new("DICOM elements")
            .id(Id::unique("elements"))
            .open(&mut open)
            .default_size(size)
            .default_pos(screen.center() - size / 2.0)
            .min_size([420.0, 240.0])
            .collapsible(false)
            .frame(egui::Frame::window(&ctx.global_style()).inner_margin(12))
            .show(ctx, |ui| self.contents(ui, session, hidden, &keys));
        if !open {
            actions.push(Action::WatchElements(None));
        }
        self.was_open = true;
    }

    fn take_list(&mut self, session: &Session) {
        match session.elements() {
            Elements::Ready(list) => {
                let is_new = self.list.as_ref().is_none_or(|old| !Arc::ptr_eq(old, list));
                if is_new {
                    let len = self.list.as_ref().map_or(0, |old| old.rows.len());
                    if len != list.rows.len() {
                        // Another kind of object: what was opened and chosen means nothing here.
                        self.rows.forget();
                        self.selected = None;
                    }
                    self.list = Some(Arc::clone(list));
                }
            }
            Elements::Loading => {}
            Elements::None | Elements::Failed(_) => self.list = None,
        }
    }

    fn contents(&mut self, ui: &mut Ui, session: &Session, hidden: bool, keys: &Keys) {
        let mut focusable = Vec::new();
        let what = subject(session, hidden);
        ui.add(egui::Label::new(RichText::new(what).color(theme::WEAK)).truncate());
        ui.add_space(4.0);
        let mut copied = keys.copied;
        let list = self.list.clone();
        ui.horizontal(|ui| {
            let field = egui::TextEdit::singleline(&mut self.find)
                .hint_text("Find a tag, name or value")
                // Beside it the count and three buttons.
                .desired_width((ui.available_width() - 340.0).clamp(100.0, 300.0))
                .show(ui)
                .response
                .response;
            named_text(&field, egui::Role::TextInput, "Find elements", &self.find);
            if !self.was_open || keys.refocus {
                field.request_focus();
            }
            focusable.push(field.id);
            self.rows.refresh(list.as_ref(), &ElementQuery::new(&self.find), hidden);
            ui.label(RichText::new(self.rows.count(list.as_ref())).color(theme::WEAK));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let mut button = |ui: &mut Ui, text: &str| {
                    let button = ui.add_enabled(list.is_some(), egui::Button::new(text));
                    focusable.push(button.id);
                    button.clicked()
                };
                if button(ui, "Copy list") {
                    copied = Some(Copied::List);
                }
                if button(ui, "Close all") {
                    self.rows.set_all(false);
                }
                if button(ui, "Open all") {
                    self.rows.set_all(true);
                }
            });
        });
        self.rows.refresh(list.as_ref(), &ElementQuery::new(&self.find), hidden);
        if let Some(list) = &list {
            self.follow_keys(keys);
            let stale = !matches!(session.elements(), Elements::Ready(_));
            let view = table::View { list, hidden, stale, rows: &self.rows, selected: self.selected };
            let touched = table::show(ui, &view, std::mem::take(&mut self.reveal));
            if let Some(row) = touched.clicked {
                self.selected = Some(row);
                ui.memory_mut(|memory| focusable.first().map(|find| memory.request_focus(*find)));
            }
            if let Some(row) = touched.toggled {
                self.rows.toggle(row);
            }
            copied = copied.or(touched.copied);
            if let Some(text) = copied.and_then(|what| self.text(list, what, hidden)) {
                ui.copy_text(text);
            }
            footer(ui, list);
        } else {
            ui.add_space(16.0);
            match session.elements() {
                Elements::Failed(why) => ui.colored_label(theme::WARNING, format!("No elements: {why}.")),
                Elements::None => ui.label("No image is shown."),
                Elements::Loading | Elements::Ready(_) => ui.label("Reading…"),
            };
            ui.allocate_space(ui.available_size());
        }
        let focused = ui.memory(egui::Memory::focused);
        self.holds_focus = focused.is_some_and(|id| focusable.contains(&id));
    }

    fn follow_keys(&mut self, keys: &Keys) {
        if keys.steps != 0 {
            self.selected = self.rows.step(self.selected, keys.steps);
            self.reveal = true;
        }
        if keys.toggle_row
            && let Some(row) = self.selected
        {
            self.rows.toggle(row);
        }
    }

    /// What goes to the clipboard. Hidden values are not in it.
    fn text(&self, list: &ElementList, what: Copied, hidden: bool) -> Option<String> {
        let row = |row: usize| list.rows.get(row);
        match what {
            Copied::Row(at) => row(at).map(|row| row.line(hidden).trim_start().to_owned()),
            Copied::Value(at) => {
                row(at).filter(|row| !row.is_hidden(hidden)).map(|row| row.value(hidden).to_owned())
            }
            // What the search found; with none, everything.
            Copied::List if self.find.trim().is_empty() => Some(list.text(hidden)),
            Copied::List => {
                Some(self.rows.found(list).fold(String::new(), |text, row| text + &row.line(hidden) + "\n"))
            }
        }
    }

    /// The keys of this window, taken before the text field sees them.
    fn keys(&self, ctx: &Context) -> Keys {
        // Ctrl+C is the text field's while something is marked there.
        let marked = ctx.memory(egui::Memory::focused).is_some_and(|id| {
            let state = egui::TextEdit::load_state(ctx, id);
            state.and_then(|state| state.cursor.char_range()).is_some_and(|range| !range.is_empty())
        });
        let in_field = ctx.text_edit_focused();
        ctx.input_mut(|input| {
            let mut keys = Keys::default();
            let mut taken = |key| input.consume_key(Modifiers::NONE, key);
            for (key, steps) in
                [(Key::ArrowDown, 1), (Key::ArrowUp, -1), (Key::PageDown, PAGE), (Key::PageUp, -PAGE)]
            {
                if taken(key) {
                    keys.steps += steps;
                }
            }
            keys.close = taken(Key::Escape);
            // On a button Enter presses it.
            keys.toggle_row = in_field && taken(Key::Enter);
            keys.refocus = keys.close || keys.toggle_row;
            keys.toggled = input.consume_key(Modifiers::COMMAND, Key::T);
            keys.close |= keys.toggled;
            let value = input.modifiers.shift;
            if let Some(row) = self.selected.filter(|_| !marked) {
                let before = input.events.len();
                input.events.retain(|event| *event != Event::Copy);
                if input.events.len() < before {
                    keys.copied = Some(if value { Copied::Value(row) } else { Copied::Row(row) });
                }
            }
            keys
        })
    }
}

/// What the keys of a frame ask for.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key")]
struct Keys {
    steps: isize,
    toggle_row: bool,
    close: bool,
    /// Closed by the key that opened it.
    toggled: bool,
    refocus: bool,
    copied: Option<Copied>,
}

/// Whose elements these are. A path may hold the patient's name.
fn subject(session: &Session, hidden: bool) -> String {
    match session.elements_of() {
        Some(ElementsOf::Shown) => match session.shown(session.workspace().active) {
            Some(shown) => {
                let number = shown.series.info.number.map_or_else(String::new, |n| format!(" #{n}"));
                let (image, images) = (shown.index + 1, shown.series.frames.len());
                let series = format!("{}{number}", shown.series.info.modality);
                let colon = if series.is_empty() { "" } else { ": " };
                format!("The image shown{colon}{series}, {image} of {images}")
            }
            None => "The image shown".to_owned(),
        },
        Some(ElementsOf::File(_)) if hidden => "A file (its path is hidden with the patient data)".to_owned(),
        Some(ElementsOf::File(path)) => path.display().to_string(),
        None => String::new(),
    }
}

fn footer(ui: &mut Ui, list: &ElementList) {
    for note in &list.notes {
        ui.add(egui::Label::new(RichText::new(note).color(theme::WARNING).size(12.0)).truncate());
    }
    let keys =
        "Up, Down: choose   Enter: open or close   Ctrl+C: copy row   Ctrl+Shift+C: copy value   Esc: close";
    ui.add(egui::Label::new(RichText::new(keys).color(theme::WEAK).size(12.0)).truncate());
}
