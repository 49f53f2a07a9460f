//! Which keys are commands now, and which type: by the page, the dialogue and the field that has the cursor.

use egui::Context;

use super::App;
use crate::session::Session;
use crate::ui::commands::{FreeKeys, Page};
use crate::ui::dialogs::Dialog;
use crate::ui::figure::FigurePanel;

impl App {
    /// What fills the window.
    pub(super) fn page(&self, session: &Session) -> Page {
        if self.notebook.is_shown(session) {
            Page::Notebook
        } else if FigurePanel::is_shown(session) {
            Page::Figure
        } else {
            Page::Viewports
        }
    }

    /// Whether keys that type are commands: not where the reader writes, who may have lost the cursor, nor while a
    /// menu or a dialogue of the system waits for its answer.
    pub(super) fn takes_letters(&self, ctx: &Context, session: &Session) -> bool {
        self.page(session) == Page::Viewports && !egui::Popup::is_any_open(ctx) && !self.files.is_waiting()
    }

    /// Which keys are commands now. `typing` while a field has the cursor.
    pub(super) fn free_keys(&self, ctx: &Context, session: &Session, typing: bool) -> FreeKeys {
        let open = egui::Popup::is_any_open(ctx);
        FreeKeys {
            letters: !typing && self.takes_letters(ctx, session),
            moves: !open,
            // egui has taken the cursor out of the field by now: whoever typed there leaves the field and nothing else.
            escape: !open && !self.told.typing,
        }
    }

    /// The dialogue that the session waits for.
    pub(super) fn open_due_dialog(&mut self, session: &Session) {
        if self.dialog.is_some() {
            return;
        }
        if session.wants_words() {
            self.dialog = Some(Dialog::Words(String::new()));
        } else if session.asked_at_gate().is_some() {
            self.dialog = Some(Dialog::Gate);
        } else if session.growth_question().is_some() {
            self.dialog = Some(Dialog::Growth);
        } else if !session.places_asked().is_empty() {
            self.dialog = Some(Dialog::Places);
        }
    }

    /// What is typed while a dialogue opens goes to it, not to the field that had the cursor.
    pub(super) fn take_focus_for_dialog(&mut self, ctx: &Context) {
        let open = self.dialog.is_some();
        if open && !self.told.dialog {
            ctx.memory_mut(|memory| {
                if let Some(id) = memory.focused() {
                    memory.surrender_focus(id);
                }
            });
        }
        self.told.dialog = open;
    }
}

/// A letter typed with Alt is a shortcut, not text. On a Mac Alt (Option) types letters of its own.
pub(super) fn drop_letters_with_alt(ctx: &Context) {
    if ctx.os().is_mac() {
        return;
    }
    ctx.input_mut(|input| {
        let mut modifiers = input.modifiers;
        input.events.retain(|event| {
            if let egui::Event::Key { modifiers: with, .. } = event {
                modifiers = *with;
            }
            // Ctrl and Alt together are AltGr on some systems, which types.
            let shortcut = modifiers.alt && !modifiers.ctrl;
            !(shortcut && matches!(event, egui::Event::Text(_)))
        });
    });
}
