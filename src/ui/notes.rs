//! Measurements and notes: what the reader said.

use egui::{RichText, Ui};
use egui_material_icons::icons as icon;

use super::keys::Keys;
use super::named::{line_field, named_text};
use super::theme;
use super::toolbar::icon_button;
use std::sync::Arc;

use crate::case::{
    Compared, ComparedRole, Edit, Histogram, KeyImageId, Kind, LesionId, Measurement, MeasurementId,
    computed_decimals, label_lines_in, number,
};
use crate::session::{Action, Session};
use crate::typography::typeset;

/// Seconds without a key after which typed notes go into the case: one undo step.
const PAUSE: f32 = 1.0;

/// Text fields that are being typed in.
#[derive(Debug, Default)]
pub(super) struct Notes {
    typed: Option<(String, f64)>,
    label: Option<(MeasurementId, String)>,
    wanted: Option<Field>,
    /// The measurement that says where its numbers come from.
    explained: Option<MeasurementId>,
    keys: Keys,
}

/// A field that the keyboard was sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// The notes.
    Notes,
    /// The label of a measurement.
    Label(MeasurementId),
    /// The label of a key image.
    Key(KeyImageId),
}

impl Notes {
    /// Sends the keyboard to a field.
    pub(super) fn focus(&mut self, field: Field) {
        match field {
            Field::Key(id) => self.keys.focus(id),
            Field::Notes | Field::Label(_) => self.wanted = Some(field),
        }
    }

    pub(super) fn show(&mut self, ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
        ui.add_space(4.0);
        let count = session.case().measurements.len();
        ui.label(RichText::new(format!("Measurements ({count})")).size(15.0).strong());
        let half = (ui.available_height() * 0.45).max(80.0);
        egui::ScrollArea::vertical()
            .id_salt("measurements")
            .max_height(half)
            .auto_shrink([false, true])
            .show(ui, |ui| {
                if count == 0 {
                    let hint =
                        "Choose a tool and draw on the image. E draws an ellipse, D a length, X a probe.";
                    ui.label(RichText::new(hint).color(theme::WEAK));
                }
                for measurement in &session.case().measurements {
                    self.row(ui, session, measurement, actions);
                }
            });
        ui.separator();
        self.keys.show(ui, session, actions);
        ui.separator();
        ui.label(RichText::new("Notes (Markdown)").size(15.0).strong());
        self.notes(ui, session, actions);
    }

    fn row(&mut self, ui: &mut Ui, session: &Session, measurement: &Measurement, actions: &mut Vec<Action>) {
        let id = measurement.id;
        let chosen = session.selected() == Some(id);
        let fill = if chosen { theme::CHOSEN } else { theme::BAR };
        egui::Frame::new()
            .fill(fill)
            .corner_radius(4)
            .inner_margin(8)
            .outer_margin(egui::Margin::symmetric(0, 2))
            .show(ui, |ui| {
                ui.horizontal(|ui| {
                    let title = format!("{} {}", id.0, measurement.kind.name());
                    let link =
                        ui.add(egui::Button::selectable(chosen, RichText::new(title).strong()).frame(false));
                    if link.on_hover_text("Go to its image").clicked() {
                        actions.push(Action::GoToMeasurement(id));
                    }
                    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                        let name = format!("Where {} {} comes from", measurement.kind.name(), id.0);
                        let open = self.explained == Some(id);
                        if icon_button(ui, icon::ICON_INFO, &name, open).clicked() {
                            self.explained = (!open).then_some(id);
                        }
                        let name = format!("Delete {} {}", measurement.kind.name(), id.0);
                        if icon_button(ui, icon::ICON_DELETE, &name, false).clicked() {
                            actions.push(Action::Commit(Edit::Remove(id)));
                        }
                    });
                });
                match session.values(id) {
                    Some(Ok(values)) => {
                        for line in label_lines_in(values, session.label_style()) {
                            ui.label(typeset(&line));
                        }
                    }
                    Some(Err(why)) => {
                        ui.label(RichText::new(why.to_string()).color(theme::WARNING));
                    }
                    None => {}
                }
                if let Some(line) = session.compared_line(measurement) {
                    ui.label(typeset(&line));
                }
                if let Some(drawn) = &measurement.drawn_on_plane {
                    let place = crate::session::plane_place(&drawn.reformat);
                    ui.label(RichText::new(format!("on a plane: {place}")).color(theme::WEAK));
                }
                if self.explained == Some(id) {
                    explain(ui, session, measurement);
                }
                compare_box(ui, session, measurement, actions);
                lesion_box(ui, session, measurement, actions);
                self.label_field(ui, measurement, actions);
            });
    }

    fn label_field(&mut self, ui: &mut Ui, measurement: &Measurement, actions: &mut Vec<Action>) {
        let id = measurement.id;
        let mut text = match &self.label {
            Some((of, text)) if *of == id => text.clone(),
            _ => measurement.label.clone(),
        };
        let name = format!("Label of {} {}", measurement.kind.name(), id.0);
        let hint = if measurement.kind == Kind::Text { "Text on the image" } else { "Label" };
        let field = line_field(ui, &mut text, &name, hint, f32::INFINITY);
        if self.wanted == Some(Field::Label(id)) {
            self.wanted = None;
            field.scroll_to_me(None);
            field.request_focus();
        }
        if field.changed() {
            self.label = Some((id, text.clone()));
            actions.push(Action::Typing(Some(Edit::Relabel(id, text.clone()))));
        }
        if field.lost_focus() && self.label.take().is_some() && text != measurement.label {
            actions.push(Action::Commit(Edit::Relabel(id, text)));
        }
    }

    fn notes(&mut self, ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
        let now = ui.input(|i| i.time);
        let mut text =
            self.typed.as_ref().map_or_else(|| session.case().notes.clone(), |(text, _)| text.clone());
        let response = egui::ScrollArea::vertical()
            .id_salt("notes")
            .auto_shrink(false)
            .show(ui, |ui| {
                let rows = (ui.available_height() / 18.0).max(4.0);
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a few dozen rows"
                )]
                let rows = rows as usize;
                ui.add(
                    egui::TextEdit::multiline(&mut text)
                        .hint_text("Findings, impression, anything. Saved with the case.")
                        .desired_rows(rows)
                        .desired_width(f32::INFINITY),
                )
            })
            .inner;
        named_text(&response, egui::Role::MultilineTextInput, "Notes", &text);
        if self.wanted == Some(Field::Notes) {
            self.wanted = None;
            response.request_focus();
        }
        if response.changed() {
            actions.push(Action::Typing(Some(Edit::SetNotes(text.clone()))));
            self.typed = Some((text, now));
            ui.ctx().request_repaint_after_secs(PAUSE + 0.05);
        }
        let settled = self.typed.as_ref().is_some_and(|(_, at)| now - at >= f64::from(PAUSE));
        if response.lost_focus() || settled {
            actions.extend(self.finish());
        }
    }

    /// What is typed but not yet in the case.
    pub(super) fn finish(&mut self) -> Vec<Action> {
        let notes = self.typed.take().map(|(text, _)| Action::Commit(Edit::SetNotes(text)));
        let label = self.label.take().map(|(id, text)| Action::Commit(Edit::Relabel(id, text)));
        notes.into_iter().chain(label).chain(self.keys.finish()).collect()
    }
}

/// Series, slice, plane, spacing and whatever else a number rests on.
fn explain(ui: &mut Ui, session: &Session, measurement: &Measurement) {
    let facts = session.provenance(measurement);
    if facts.is_empty() {
        ui.label(RichText::new("Its images are not open.").color(theme::WEAK));
    }
    if let Some(found) = session.histogram(measurement) {
        histogram(ui, &found);
    }
    for fact in facts {
        ui.label(RichText::new(format!("{}: {}", fact.name, fact.value)).small().color(theme::WEAK));
    }
}

/// How often values occur, as bars.
fn histogram(ui: &mut Ui, found: &Histogram) {
    let most = found.counts.iter().copied().max().unwrap_or(0);
    if most == 0 || found.counts.len() < 2 {
        return;
    }
    let size = egui::vec2(ui.available_width(), 56.0);
    let (rect, response) = ui.allocate_exact_size(size, egui::Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, "Histogram of its values"));
    let painter = ui.painter_at(rect);
    let step = rect.width() / found.counts.len() as f32;
    for (index, count) in found.counts.iter().enumerate() {
        let height = rect.height() * *count as f32 / most as f32;
        let left = rect.left() + step * index as f32;
        let bar = egui::Rect::from_min_max(
            egui::pos2(left, rect.bottom() - height),
            egui::pos2(left + (step - 1.0).max(0.5), rect.bottom()),
        );
        painter.rect_filled(bar, 0.0, theme::ACCENT);
    }
    let ends =
        [found.low, found.high()].map(|value| number(value, computed_decimals(value, Some(found.width))));
    let text = format!("{} to {} {}, up to {most} in a bar", ends[0], ends[1], found.unit.label());
    ui.label(RichText::new(text).small().color(theme::WEAK));
}

/// What a region is compared with.
fn compare_box(ui: &mut Ui, session: &Session, measurement: &Measurement, actions: &mut Vec<Action>) {
    let others: Vec<&Arc<Measurement>> = session
        .case()
        .measurements
        .iter()
        .filter(|other| other.kind.is_region() && other.id != measurement.id)
        .collect();
    if !measurement.kind.is_region() || others.is_empty() {
        return;
    }
    let words = |compared: Option<&Compared>| match compared {
        None => "compared with nothing".to_owned(),
        Some(Compared { with, role: ComparedRole::Reference }) => format!("reference: region {}", with.0),
        Some(Compared { with, role: ComparedRole::Plain }) => format!("before contrast: region {}", with.0),
    };
    let salt = ("compared", measurement.id.0);
    let own = measurement.compared.as_ref();
    let list = egui::ComboBox::from_id_salt(salt).selected_text(words(own)).width(ui.available_width());
    let response = list.show_ui(ui, |ui| {
        let with = |role| others.iter().map(move |other| Some(Compared { with: other.id, role }));
        let all = [None].into_iter().chain(with(ComparedRole::Reference)).chain(with(ComparedRole::Plain));
        for choice in all {
            if ui.selectable_label(own == choice.as_ref(), words(choice.as_ref())).clicked() {
                actions.push(Action::Commit(Edit::Compare(measurement.id, choice)));
            }
        }
    });
    let label = format!("Comparison of {} {}", measurement.kind.name(), measurement.id.0);
    response.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, &label));
}

/// Which lesion a measurement is of.
fn lesion_box(ui: &mut Ui, session: &Session, measurement: &Measurement, actions: &mut Vec<Action>) {
    if session.case().lesions.is_empty() || matches!(measurement.kind, Kind::Arrow | Kind::Text) {
        return;
    }
    let name = |id: Option<LesionId>| match id.and_then(|id| session.case().lesion(id)) {
        Some(lesion) => lesion.name.clone(),
        None => "no lesion".to_owned(),
    };
    let salt = ("lesion", measurement.id.0);
    let list = egui::ComboBox::from_id_salt(salt)
        .selected_text(name(measurement.lesion))
        .width(ui.available_width());
    let response = list.show_ui(ui, |ui| {
        let all = session.case().lesions.iter().map(|lesion| Some(lesion.id));
        for id in [None].into_iter().chain(all) {
            if ui.selectable_label(measurement.lesion == id, name(id)).clicked() {
                actions.push(Action::Commit(Edit::Assign(measurement.id, id)));
            }
        }
    });
    let label = format!("Lesion of {} {}", measurement.kind.name(), measurement.id.0);
    response.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, &label));
}
