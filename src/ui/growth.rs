//! The question before a doubtful region enters the case. The image stays in sight: the reader judges by its outline.

use egui::{Button, Key, Modifiers, RichText, Role, Ui};

use super::dialogs::Outcome;
use super::named::named;
use super::theme;
use crate::session::{Action, Session};

/// What to do instead of taking it.
const INSTEAD: &str =
    "If not: click within the lesion, drag to the left for less, or mark it with the brush (Alt+B).";

/// Asks whether the region is meant.
pub(super) fn show(ui: &mut Ui, session: &Session) -> Outcome {
    let Some(question) = session.growth_question() else { return Outcome::Closed };
    ui.set_width(460.0_f32.min(ui.ctx().content_rect().width() - 48.0));
    ui.label(RichText::new(question.text()).size(15.0).strong());
    ui.label(RichText::new(INSTEAD).color(theme::WEAK));
    ui.add_space(8.0);
    let mut answer = None;
    ui.horizontal(|ui| {
        for (words, keys, take) in [("Drop it", "N", false), ("Take it", "Y, Enter", true)] {
            let button = ui.add(Button::new(words).shortcut_text(keys));
            named(&button, Role::Button, words);
            if button.clicked() {
                answer = Some(take);
            }
        }
    });
    // Enter on a button presses that one.
    let on_button = ui.memory(|memory| memory.focused().is_some());
    ui.input_mut(|input| {
        let mut typed = |key| input.consume_key(Modifiers::NONE, key);
        if typed(Key::N) {
            answer = Some(false);
        } else if typed(Key::Y) || (!on_button && typed(Key::Enter)) {
            answer = Some(true);
        }
    });
    answer.map_or(Outcome::Open, |take| Outcome::Do(Action::AnswerGrowth(take)))
}
