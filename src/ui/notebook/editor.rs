//! The text that is typed, with values, claims and what identifies in colour.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::Range;
use std::sync::Arc;

use egui::text::{CCursor, CCursorRange, LayoutJob, TextFormat};
use egui::{FontId, Galley, ScrollArea, TextEdit, Ui};

use super::marks::Marks;
use crate::case::claims;
use crate::case::notebook::lives;
use crate::ui::named::named_text;
use crate::ui::theme;

const NAME: &str = "Notebook text";
const SIZE: f32 = 14.0;

/// The editor, and where its cursor is.
#[derive(Debug, Default)]
pub(super) struct Editor {
    /// What is selected, in bytes of the text.
    selection: Range<usize>,
    wants_focus: bool,
    /// Where the cursor goes, in bytes.
    wanted: Option<usize>,
    /// The coloured text as it was last, and a hash of what it was made from.
    job: Option<(u64, Arc<LayoutJob>)>,
}

impl Editor {
    /// What is selected, in bytes; empty where the cursor stands.
    pub(super) fn selection(&self) -> Range<usize> {
        self.selection.clone()
    }

    /// Sends the keyboard to it.
    pub(super) fn focus(&mut self) {
        self.wants_focus = true;
    }

    /// Sends the cursor to a place in the text.
    pub(super) fn go_to(&mut self, at: usize) {
        self.wanted = Some(at);
        self.wants_focus = true;
    }

    /// Whether the text was changed. Places in `marked` identify somebody. While `offers` are open some keys are theirs.
    pub(super) fn show(&mut self, ui: &mut Ui, text: &mut String, marked: &Marks, offers: bool) -> bool {
        let id = ui.scope_id().with(NAME);
        if let Some(at) = self.wanted.take() {
            let mut state = egui::text_edit::TextEditState::load(ui.ctx(), id).unwrap_or_default();
            let cursor = CCursor::new(text.get(..at).map_or(0, |before| before.chars().count()));
            state.cursor.set_char_range(Some(CCursorRange::one(cursor)));
            state.store(ui.ctx(), id);
        }
        let job = &mut self.job;
        let mut layouter = |ui: &Ui, buffer: &dyn egui::TextBuffer, width: f32| -> Arc<Galley> {
            // What is typed in this frame is here already.
            let job = coloured(job, buffer.as_str(), &marked.in_text(buffer.as_str()));
            let mut job = LayoutJob::clone(&job);
            job.wrap.max_width = width;
            ui.fonts_mut(|fonts| fonts.layout_job(job))
        };
        let output = ScrollArea::vertical()
            .id_salt("notebook text")
            .auto_shrink(false)
            .show(ui, |ui| {
                let rows = ((ui.available_height() - 8.0) / 16.2).max(4.0);
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a few dozen rows"
                )]
                let rows = rows as usize;
                TextEdit::multiline(text)
                    .id(id)
                    .hint_text("Begin with a template, or type. Two braces {{ offer what the case knows.")
                    .desired_rows(rows)
                    .desired_width(f32::INFINITY)
                    .lock_focus(!offers)
                    .layouter(&mut layouter)
                    .show(ui)
            })
            .inner;
        let response = &output.response.response;
        named_text(response, egui::Role::MultilineTextInput, NAME, text);
        if std::mem::take(&mut self.wants_focus) {
            response.request_focus();
        }
        if let Some(range) = output.cursor_range {
            let chars = range.as_sorted_char_range();
            self.selection = byte_at(text, chars.start.0)..byte_at(text, chars.end.0);
        }
        response.changed()
    }
}

fn byte_at(text: &str, character: usize) -> usize {
    text.char_indices().nth(character).map_or(text.len(), |(at, _)| at)
}

/// The text with its colours, made anew only when it changed.
fn coloured(
    known: &mut Option<(u64, Arc<LayoutJob>)>,
    text: &str,
    marked: &[Range<usize>],
) -> Arc<LayoutJob> {
    let mut hasher = DefaultHasher::new();
    (text, marked).hash(&mut hasher);
    let hash = hasher.finish();
    if let Some((_, job)) = known.as_ref().filter(|(of, _)| *of == hash) {
        return Arc::clone(job);
    }
    let job = Arc::new(color(text, marked));
    *known = Some((hash, Arc::clone(&job)));
    job
}

fn color(text: &str, marked: &[Range<usize>]) -> LayoutJob {
    let plain = TextFormat::simple(FontId::proportional(SIZE), theme::TEXT);
    let in_color = |color| TextFormat { color, ..plain.clone() };
    let mut parts: Vec<(Range<usize>, TextFormat)> =
        lives(text).into_iter().map(|live| (live.range, in_color(theme::ACCENT))).collect();
    parts.extend(claims(text).into_iter().map(|claim| (claim.range, in_color(theme::ACCENT))));
    let found = TextFormat { background: theme::ERROR.gamma_multiply(0.35), ..plain.clone() };
    parts.extend(marked.iter().map(|range| (range.clone(), found.clone())));
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with('#') {
            parts.push((
                at..at + line.len(),
                TextFormat {
                    font_id: crate::ui::fonts::face(SIZE, crate::render::Weight::Bold),
                    ..plain.clone()
                },
            ));
        }
        at += line.len();
    }
    parts.sort_by_key(|(range, _)| range.start);
    let mut job = LayoutJob::default();
    let mut at = 0;
    for (range, format) in parts {
        let (Some(before), Some(part)) = (text.get(at..range.start), text.get(range.clone())) else {
            continue;
        };
        job.append(before, 0.0, plain.clone());
        job.append(part, 0.0, format);
        at = range.end;
    }
    job.append(text.get(at..).unwrap_or_default(), 0.0, plain);
    job
}
