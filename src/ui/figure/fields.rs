//! Text that is typed into a figure: one undo step when the field is left.

use std::sync::Arc;

use egui::Ui;

use crate::case::figure::{Figure, FigureShape};
use crate::case::{Edit, PanelId};
use crate::session::{Action, FigureAction, Session};
use crate::ui::named::named_text;

/// Which text of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    /// The first words of the legend.
    Title,
    /// The last words of the legend.
    Closing,
    /// The heading of a column, from 0.
    Column(usize),
    /// The heading of a row, from 0.
    Row(usize),
    /// The caption of a panel.
    Caption(PanelId),
    /// The words of a mark of a panel.
    Mark(PanelId, usize),
}

impl Text {
    /// What typing it is called as a step.
    fn how(self) -> &'static str {
        match self {
            Self::Title => "edit title of figure",
            Self::Closing => "edit closing words of figure",
            Self::Column(_) | Self::Row(_) => "edit heading",
            Self::Caption(_) => "edit caption",
            Self::Mark(..) => "edit text of mark",
        }
    }

    /// The figure with that text.
    fn put(self, figure: &Figure, text: &str) -> Figure {
        let mut figure = figure.clone();
        let heading = |list: &mut Vec<String>, index: usize| {
            if list.len() <= index {
                list.resize(index + 1, String::new());
            }
            text.clone_into(&mut list[index]);
            while list.last().is_some_and(String::is_empty) {
                list.pop();
            }
        };
        match self {
            Self::Title => text.clone_into(&mut figure.title),
            Self::Closing => text.clone_into(&mut figure.closing),
            Self::Column(index) => heading(&mut figure.column_headings, index),
            Self::Row(index) => heading(&mut figure.row_headings, index),
            Self::Caption(id) => {
                if let Some(panel) = figure.panel_mut(id) {
                    // An empty caption is the program's again.
                    panel.caption = (!text.trim().is_empty()).then(|| text.to_owned());
                }
            }
            Self::Mark(id, index) => {
                let mark = figure.panel_mut(id).and_then(|panel| panel.marks.get_mut(index));
                if let Some(FigureShape::Text(words)) = mark.map(|mark| &mut mark.shape) {
                    text.clone_into(words);
                }
            }
        }
        figure
    }
}

/// The field that is being typed in.
#[derive(Debug, Default)]
pub(super) struct Fields {
    typed: Option<(Text, String)>,
    wanted: Option<Text>,
}

impl Fields {
    /// Sends the keyboard to a field.
    pub(super) fn focus(&mut self, text: Text) {
        self.wanted = Some(text);
    }

    /// A field with a label for those who do not see it.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        figure: &Figure,
        which: Text,
        (name, hint, current): (&str, &str, &str),
        actions: &mut Vec<Action>,
    ) {
        let mut text = match &self.typed {
            Some((of, text)) if *of == which => text.clone(),
            _ => current.to_owned(),
        };
        let lines = match which {
            Text::Caption(_) | Text::Title | Text::Closing => 2,
            Text::Column(_) | Text::Row(_) | Text::Mark(..) => 1,
        };
        let edit = egui::TextEdit::multiline(&mut text).desired_rows(lines).hint_text(hint);
        let field = ui.add(edit.desired_width(f32::INFINITY));
        named_text(&field, egui::Role::MultilineTextInput, name, &text);
        if self.wanted == Some(which) {
            self.wanted = None;
            field.scroll_to_me(None);
            field.request_focus();
        }
        if field.changed() {
            let changed = Arc::new(which.put(figure, &text));
            actions.push(Action::Typing(Some(Edit::ChangeFigure(changed, which.how()))));
            self.typed = Some((which, text));
        }
        if field.lost_focus() {
            actions.extend(self.finish(figure));
        }
    }

    /// What is typed but not yet in the case.
    pub(super) fn finish(&mut self, figure: &Figure) -> Option<Action> {
        let (which, text) = self.typed.take()?;
        let changed = Arc::new(which.put(figure, &text));
        Some(Action::Figure(FigureAction::Change(changed, which.how())))
    }

    /// The same for the figure shown.
    pub(super) fn finish_shown(&mut self, session: &Session) -> Option<Action> {
        let figure = session.figure()?;
        self.finish(figure)
    }
}
