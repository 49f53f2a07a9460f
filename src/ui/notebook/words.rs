//! Words in one paragraph. A value among them has its own ground and leads to its pixels, but it is laid out with the
//! words: it stands on their line, and goes whole to the next one where it does not fit.

use std::ops::Range;

use egui::text::{LayoutJob, TextFormat};
use egui::text_selection::LabelSelectionState;
use egui::{
    Align, Color32, FontId, Galley, Id, Label, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo,
};

use crate::render::Weight;
use crate::report::Span;
use crate::session::{Action, Chip, chip_of};
use crate::ui::named::named;
use crate::ui::{fonts, theme};

/// Ground beside a value's words, points.
const BESIDE: f32 = 3.0;
/// A value that takes more of the width than this is broken between its words.
const WHOLE: f32 = 0.6;

/// How words look: their size in points, and whether they are a heading.
pub(super) type Look = (f32, bool);

/// A value among the letters of a paragraph.
struct Among<'a> {
    chip: &'a Chip,
    /// Its letters, counted from the paragraph's first.
    letters: Range<usize>,
}

/// Words in one paragraph; `went` becomes what a click on a value does.
pub(super) fn words(ui: &mut Ui, text: &[Span], chips: &[Chip], look: Look, went: &mut Option<Action>) {
    let chips_of = |span: &Span| chip_of(span).and_then(|index| chips.get(index));
    let mut job = LayoutJob::default();
    let mut among = Vec::new();
    let mut letters = 0;
    for span in text {
        let Some(chip) = chips_of(span) else {
            letters += span.text.chars().count();
            job.append(&span.text, after(among.last(), &job), format(span, look));
            continue;
        };
        let format = TextFormat { color: color(chip), ..format(span, look) };
        let words = together(ui, &chip.text, &format);
        let count = words.chars().count();
        among.push(Among { chip, letters: letters..letters + count });
        letters += count;
        let apart = if job.is_empty() { 0.0 } else { BESIDE };
        job.append(&words, apart, format);
    }
    if among.is_empty() {
        ui.add(Label::new(job).wrap());
        return;
    }
    let said: String =
        text.iter().map(|span| chips_of(span).map_or(&*span.text, |chip| &chip.text)).collect();
    if let Some(action) = show(ui, job, &said, &among) {
        *went = Some(action);
    }
}

/// A value by itself.
pub(super) fn chip(ui: &mut Ui, chip: &Chip, size: f32) -> Option<Action> {
    let format = TextFormat {
        font_id: fonts::face(size, Weight::Regular),
        color: color(chip),
        ..TextFormat::default()
    };
    let job = LayoutJob::single_section(together(ui, &chip.text, &format), format);
    let letters = 0..chip.text.chars().count();
    show(ui, job, &chip.text, &[Among { chip, letters }])
}

/// Room before words that follow a value.
fn after(last: Option<&Among<'_>>, job: &LayoutJob) -> f32 {
    let follows = last.is_some_and(|last| last.letters.end == job.text.chars().count());
    if follows { BESIDE } else { 0.0 }
}

/// The words of a value without a place to break. One that takes too much of a line is broken between its words, but
/// a number stays with its unit.
fn together(ui: &Ui, words: &str, format: &TextFormat) -> String {
    let wide = ui.fonts_mut(|fonts| {
        fonts.layout_no_wrap(words.to_owned(), format.font_id.clone(), format.color).size().x
    });
    let long = wide > WHOLE * ui.available_width();
    let mut after_digit = false;
    let glued = words.chars().map(|letter| {
        let glue = letter == ' ' && (!long || after_digit);
        after_digit = letter.is_ascii_digit();
        if glue { '\u{a0}' } else { letter }
    });
    glued.collect()
}

/// Lays the paragraph out, then the values' grounds below it.
fn show(ui: &mut Ui, job: LayoutJob, said: &str, among: &[Among<'_>]) -> Option<Action> {
    let (at, galley, response) = Label::new(job).wrap().layout_in_ui(ui);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, said));
    let mut went = None;
    for (number, one) in among.iter().enumerate() {
        let id = response.id.with(("value", number));
        went = went.or(value(ui, one.chip, &runs(&galley, at, &one.letters), id));
    }
    if ui.is_rect_visible(response.rect) {
        LabelSelectionState::label_text_selection(ui, &response, at, galley, theme::TEXT, Stroke::NONE);
    }
    went
}

/// Where some letters stand: one rectangle a line.
fn runs(galley: &Galley, at: Pos2, letters: &Range<usize>) -> Vec<Rect> {
    let mut first = 0;
    let mut runs = Vec::new();
    for row in &galley.rows {
        let count = row.glyphs.len();
        let part = letters.start.max(first) - first..letters.end.clamp(first, first + count) - first;
        // The space at which a line was broken takes no ground.
        let part = row.glyphs.get(part).unwrap_or_default();
        let seen = |glyph: &&egui::epaint::text::Glyph| !glyph.chr.is_whitespace();
        if let (Some(left), Some(right)) = (part.iter().find(seen), part.iter().rev().find(seen)) {
            // The ground follows its own letters, however high the line is.
            let of = left.logical_rect().union(right.logical_rect());
            runs.push(of.translate(at.to_vec2() + row.pos.to_vec2()).expand2([BESIDE, 0.0].into()));
        }
        first += count + usize::from(row.ends_with_newline);
    }
    runs
}

/// The ground of a value, which is a button; what a click on it does.
fn value(ui: &Ui, chip: &Chip, runs: &[Rect], id: Id) -> Option<Action> {
    let measurement = chip.measurement();
    let hint = match (&chip.problem, measurement) {
        (Some(problem), _) => problem.clone(),
        (None, Some(id)) => format!("Measurement {}: click goes to its pixels", id.0),
        (None, None) => "Follows the case".to_owned(),
    };
    let name = match &chip.problem {
        Some(problem) => format!("Value {}: {problem}", chip.text),
        None => format!("Value {}", chip.text),
    };
    let (first, rest) = runs.split_first()?;
    let button = ui.interact(*first, id, Sense::click());
    named(&button, Role::Button, &name);
    // Its further lines are clicked as well, but the keyboard comes to it once.
    let further = rest.iter().enumerate().map(|(line, rect)| ui.interact(*rect, id.with(line), Sense::CLICK));
    let parts: Vec<Response> = std::iter::once(button).chain(further).collect();
    let (lit, focused) = (parts.iter().any(Response::hovered), parts[0].has_focus());
    for rect in runs {
        ui.painter().rect_filled(*rect, 3, color(chip).gamma_multiply(if lit { 0.3 } else { 0.15 }));
        if focused {
            ui.painter().rect_stroke(*rect, 3, Stroke::new(1.0, color(chip)), StrokeKind::Outside);
        }
    }
    let clicks = parts.into_iter().filter(|part| part.clone().on_hover_text(hint.as_str()).clicked()).count();
    let clicked = clicks > 0;
    measurement.filter(|_| clicked).map(Action::GoToMeasurement)
}

fn color(chip: &Chip) -> Color32 {
    if chip.problem.is_some() { theme::WARNING } else { theme::ACCENT }
}

fn format(span: &Span, (size, heading): Look) -> TextFormat {
    let size = if span.raised || span.lowered { size * 0.7 } else { size };
    let weight = if span.bold || heading { Weight::Bold } else { Weight::Regular };
    let line = if span.struck { Stroke::new(1.0, theme::TEXT) } else { Stroke::NONE };
    let color = if span.link.is_some() { theme::ACCENT } else { theme::TEXT };
    let valign = match (span.raised, span.lowered) {
        (true, _) => Align::TOP,
        (false, _) => Align::BOTTOM,
    };
    TextFormat {
        font_id: if span.code { FontId::monospace(size) } else { fonts::face(size, weight) },
        color,
        italics: span.italic,
        strikethrough: line,
        valign,
        ..TextFormat::default()
    }
}
