//! Windows that wait for an answer: help, problems, export, presets, a typed path, unsaved changes.

use std::path::{Path, PathBuf};

use egui::{Context, Modal, RichText, Ui};

use super::commands::{Command, MOUSE, shortcuts_table};
use super::files::Purpose;
use super::montage::{CineForm, MontageForm};
use super::named::{line_field, named};
use super::number::number_field;
use super::planes::typed_point;
use super::typed_path::TypedPath;
use super::{gate, growth, places, problems, screen, theme};
use crate::export::{ExportOptions, FileFormat, OutputSize};
use crate::geometry::Mm;
use crate::session::{Action, Session, ViewportId};
use crate::view::Preset;

/// The window that is open over everything else.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Dialog {
    /// Keys and mouse.
    Help,
    /// Files that were not used.
    Problems,
    /// Size and format of a picture.
    Export(ExportForm),
    /// Which slices of the series become a montage.
    Montage(MontageForm),
    /// Which slices of the series become a film.
    Cine(CineForm),
    /// The window presets.
    Presets(Vec<Preset>),
    /// A path to type, where the system has no file dialogue.
    Path(Purpose, TypedPath),
    /// Something has the typed name already: is it to be replaced?
    Replace(Purpose, PathBuf),
    /// The words of a text that was just placed.
    Words(String),
    /// What the date in that column of the ledger is called.
    DateName(usize, String),
    /// How long the selected line is, mm.
    Length(String),
    /// Coordinates to go to, and the viewport whose space they are in.
    Point(ViewportId, String),
    /// How wide a card is on the screen, in points.
    Screen(f64),
    /// What could say who the patient is in what is about to leave.
    Gate,
    /// A region grew into air or to an end of the image: is it meant?
    Growth,
    /// A folder or file of the case that was saved is called after the patient: is it to stay so?
    Places,
    /// End the program although there are unsaved changes?
    Unsaved,
    /// Close the case although there are unsaved changes?
    UnsavedCase,
}

/// What the export dialogue asks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ExportForm {
    width_mm: f64,
    dpi: f64,
    options: ExportOptions,
}

impl Default for ExportForm {
    fn default() -> Self {
        Self { width_mm: 85.0, dpi: 600.0, options: ExportOptions::default() }
    }
}

/// What a dialogue led to.
#[expect(clippy::large_enum_variant, reason = "there is one at a time, for the length of a frame")]
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    /// It stays open.
    Open,
    /// It is closed.
    Closed,
    /// A file has to be chosen.
    Ask(Purpose),
    /// A path was typed.
    Typed(Purpose, PathBuf),
    /// Another path has to be typed.
    TypeAgain(Purpose, String),
    /// What has the typed name is to be replaced.
    Replaced(Purpose, PathBuf),
    /// Something for the session.
    Do(Action),
    /// Save, then close the program.
    SaveAndQuit,
    /// Save, then close the case.
    SaveAndClose,
    /// Close the program.
    Quit,
}

pub(super) fn show(ctx: &Context, session: &Session, dialog: &mut Dialog) -> Outcome {
    let mut modal = Modal::new(egui::Id::unique("dialog"));
    if matches!(dialog, Dialog::Growth) {
        // What is asked about is on the image.
        let area = Modal::default_area(egui::Id::unique("dialog"));
        modal = modal.area(area.anchor(egui::Align2::CENTER_BOTTOM, [0.0, -48.0]));
        modal = modal.backdrop_color(egui::Color32::TRANSPARENT);
    }
    let modal = modal.show(ctx, |ui| match dialog {
        Dialog::Help => help(ui),
        Dialog::Problems => problems::show(ui, session),
        Dialog::Export(form) => export(ui, session, form),
        Dialog::Montage(form) => form.show(ui),
        Dialog::Cine(form) => form.show(ui, session),
        Dialog::Presets(presets) => super::presets::edit(ui, session, presets),
        Dialog::Path(purpose, text) => text.show(ui, purpose),
        Dialog::Replace(purpose, path) => replace(ui, purpose, path),
        Dialog::Words(text) => words(ui, text),
        Dialog::Length(text) => length(ui, text),
        Dialog::DateName(at, text) => date_name(ui, *at, text),
        Dialog::Point(id, text) => point(ui, *id, text),
        Dialog::Screen(width) => screen::show(ui, width),
        Dialog::Unsaved => unsaved(ui),
        Dialog::UnsavedCase => unsaved_case(ui),
        Dialog::Gate => gate::show(ui, session),
        Dialog::Growth => growth::show(ui, session),
        Dialog::Places => places::show(ui, session),
    });
    match modal.inner {
        Outcome::Open if modal.should_close() => Outcome::Closed,
        outcome => outcome,
    }
}

pub(super) fn heading(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).heading().strong());
    ui.add_space(8.0);
}

pub(super) fn close_button(ui: &mut Ui) -> Outcome {
    ui.add_space(8.0);
    if ui.button("Close").clicked() { Outcome::Closed } else { Outcome::Open }
}

fn help(ui: &mut Ui) -> Outcome {
    let screen = ui.ctx().content_rect();
    let width = (screen.width() - 48.0).min(1120.0);
    ui.set_width(width);
    heading(ui, "Keys and mouse");
    let groups = help_groups(ui.ctx());
    let total: usize = groups.iter().map(|(_, lines)| lines.len() + 2).sum();
    // Each needs room for the longest key and a few words.
    let count = 1 + usize::from(width >= 580.0) + usize::from(width >= 870.0);
    // Below it two lines and the edge of the window.
    let height = (screen.height() - 160.0).max(80.0);
    egui::ScrollArea::vertical().max_height(height).min_scrolled_height(height).show(ui, |ui| {
        ui.spacing_mut().interact_size.y = 16.0;
        // The bar lies over the text, and would cover its end.
        ui.set_width(ui.available_width() - 14.0);
        ui.columns(count, |columns| {
            let mut used = 0;
            for (group, lines) in groups {
                let column = (used * count / total.max(1)).min(count - 1);
                used += lines.len() + 2;
                help_group(&mut columns[column], group, lines);
            }
        });
    });
    ui.label(
        RichText::new("Isodense is not a medical device. Do not use it for diagnosis.").color(theme::WEAK),
    );
    close_button(ui)
}

/// The table by headings. The nine presets share a line.
fn help_groups(ctx: &Context) -> Vec<(&'static str, Vec<(String, &'static str)>)> {
    let mut groups: Vec<(&str, Vec<(String, &str)>)> =
        vec![("Mouse", MOUSE.iter().map(|(key, text)| ((*key).to_owned(), *text)).collect())];
    for row in shortcuts_table() {
        let line = match row.command {
            Command::Preset(1) => ("1 to 9".to_owned(), "Window presets; of the file if no CT"),
            Command::Preset(_) => continue,
            _ => (row.keys_text(ctx), row.text),
        };
        match groups.last_mut() {
            Some((group, lines)) if *group == row.group => lines.push(line),
            _ => groups.push((row.group, vec![line])),
        }
    }
    groups
}

fn help_group(ui: &mut Ui, group: &str, lines: Vec<(String, &str)>) {
    ui.label(RichText::new(group).strong().color(theme::ACCENT));
    for (keys, text) in lines {
        ui.horizontal(|ui| {
            let keys = egui::Label::new(RichText::new(keys).monospace().size(12.0)).halign(egui::Align::LEFT);
            let left = egui::Layout::left_to_right(egui::Align::Center);
            ui.allocate_ui_with_layout(egui::vec2(118.0, 16.0), left, |ui| {
                ui.set_min_width(118.0);
                ui.add(keys);
            });
            ui.add(egui::Label::new(RichText::new(text).size(12.5)).wrap());
        });
    }
    ui.add_space(8.0);
}

fn export(ui: &mut Ui, session: &Session, form: &mut ExportForm) -> Outcome {
    ui.set_width(380.0);
    heading(ui, "Export view");
    egui::Grid::new("export").num_columns(2).spacing([16.0, 8.0]).show(ui, |ui| {
        ui.label("Width");
        let field = number_field(&mut form.width_mm, 1, 2).range(5.0..=1000.0).suffix(" mm").speed(0.5);
        let field = ui.add(field);
        named(&field, egui::Role::SpinButton, "Width in mm");
        ui.end_row();
        ui.label("Resolution");
        let field = number_field(&mut form.dpi, 0, 2).range(72.0..=1200.0).suffix(" dpi").speed(5.0);
        let field = ui.add(field);
        named(&field, egui::Role::SpinButton, "Resolution in dpi");
        ui.end_row();
        ui.label("Format");
        ui.horizontal(|ui| {
            for format in FileFormat::ALL {
                let name = format.extension().to_uppercase();
                ui.selectable_value(&mut form.options.format, format, name);
            }
        });
        ui.end_row();
        ui.label("Show");
        ui.vertical(|ui| {
            ui.checkbox(&mut form.options.marks, "Measurements");
            ui.checkbox(&mut form.options.letters, "Orientation letters");
            ui.checkbox(&mut form.options.ruler, "Ruler");
        });
        ui.end_row();
    });
    form.options.size = OutputSize::Millimetres { width_mm: form.width_mm, dpi: form.dpi };
    let id = session.workspace().active;
    let size = form.options.size.pixels(session.workspace().size(id).aspect());
    ui.add_space(8.0);
    match &size {
        Ok(size) => ui.label(format!(
            "{} x {} pixels, rendered again from the stored samples.",
            size.width, size.height
        )),
        Err(why) => ui.colored_label(theme::WARNING, why.to_string()),
    };
    ui.label(
        RichText::new("No name, date or other header value goes into the picture or the file.")
            .color(theme::WEAK),
    );
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        if ui.add_enabled(size.is_ok(), egui::Button::new("Export…")).clicked() {
            return Outcome::Ask(Purpose::Export(id, form.options));
        }
        if ui.button("Cancel").clicked() { Outcome::Closed } else { Outcome::Open }
    })
    .inner
}

fn replace(ui: &mut Ui, purpose: &Purpose, path: &Path) -> Outcome {
    ui.set_width(520.0);
    heading(ui, "Replace the file that is there?");
    ui.label(format!("A file of that name is there already: {}", path.display()));
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        // The safe answer first: Enter never replaces anything.
        if ui.button("Choose another name").clicked() {
            return Outcome::TypeAgain(purpose.clone(), path.display().to_string());
        }
        if ui.button("Replace").clicked() {
            return Outcome::Replaced(purpose.clone(), path.to_owned());
        }
        if ui.button("Cancel").clicked() { Outcome::Closed } else { Outcome::Open }
    })
    .inner
}

fn words(ui: &mut Ui, text: &mut String) -> Outcome {
    ui.set_width(360.0);
    heading(ui, "Text on the image");
    ui.label(RichText::new("Esc: no text.").color(theme::WEAK));
    line(ui, "Text", text, |text| Outcome::Do(Action::GiveWords(Some(text.to_owned()))))
}

fn date_name(ui: &mut Ui, at: usize, text: &mut String) -> Outcome {
    ui.set_width(360.0);
    heading(ui, "What is this time point called?");
    let help = "For example: before the operation, baseline, last follow-up.";
    ui.label(RichText::new(help).color(theme::WEAK));
    line(ui, "Name of the date", text, |text| Outcome::Do(Action::NameTimePoint(at, text.to_owned())))
}

fn length(ui: &mut Ui, text: &mut String) -> Outcome {
    ui.set_width(360.0);
    heading(ui, "How long is the selected line?");
    let help = "In mm. Lengths on this image are then in mm, and say that you calibrated it.";
    ui.label(RichText::new(help).color(theme::WEAK));
    let typed = |text: &str| {
        text.trim().replace(',', ".").parse::<f64>().ok().filter(|mm| *mm > 0.0 && mm.is_finite())
    };
    if !text.trim().is_empty() && typed(text).is_none() {
        ui.label(RichText::new("A number above zero, for example 50.").color(theme::WARNING));
    }
    line(ui, "Length in mm", text, |text| match typed(text) {
        Some(mm) => Outcome::Do(Action::Calibrate(Mm(mm))),
        None => Outcome::Open,
    })
}

fn point(ui: &mut Ui, id: ViewportId, text: &mut String) -> Outcome {
    ui.set_width(360.0);
    heading(ui, "Go to coordinates");
    let help = "mm in the patient: L/R, P/A, H/F as in the status line, or x, y, z (LPS).";
    ui.label(RichText::new(help).color(theme::WEAK));
    let wrong = !text.trim().is_empty() && typed_point(text).is_none();
    if wrong {
        ui.label(RichText::new("Three numbers, for example R 12.3 P 4 H 88.").color(theme::WARNING));
    }
    line(ui, "Coordinates", text, |text| match typed_point(text) {
        Some(point) => Outcome::Do(Action::PointAt(id, point)),
        None => Outcome::Open,
    })
}

/// One line to type, taken by OK or Enter when it is not blank.
pub(super) fn line(ui: &mut Ui, name: &str, text: &mut String, taken: impl Fn(&str) -> Outcome) -> Outcome {
    helped_line(ui, name, text, |_ui, _field, _text| {}, taken)
}

/// The same with a helper that may change what is typed once the field is there.
pub(super) fn helped_line(
    ui: &mut Ui,
    name: &str,
    text: &mut String,
    helper: impl FnOnce(&Ui, &egui::Response, &mut String),
    taken: impl Fn(&str) -> Outcome,
) -> Outcome {
    let field = line_field(ui, text, name, "", f32::INFINITY);
    helper(ui, &field, text);
    let entered = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
    if !entered && ui.memory(|memory| memory.focused().is_none()) {
        field.request_focus();
    }
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        let typed = text.trim();
        let ok = ui.add_enabled(!typed.is_empty(), egui::Button::new("OK")).clicked();
        if ok || (entered && !typed.is_empty()) {
            return taken(typed);
        }
        if ui.button("Cancel").clicked() { Outcome::Closed } else { Outcome::Open }
    })
    .inner
}

fn unsaved(ui: &mut Ui) -> Outcome {
    ui.set_width(380.0);
    heading(ui, "The case has unsaved changes");
    ui.label("They are autosaved, and are offered again at the next start if you do not save them.");
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        if ui.button("Save and quit").clicked() {
            return Outcome::SaveAndQuit;
        }
        if ui.button("Quit without saving").clicked() {
            return Outcome::Quit;
        }
        if ui.button("Cancel").clicked() { Outcome::Closed } else { Outcome::Open }
    })
    .inner
}

fn unsaved_case(ui: &mut Ui) -> Outcome {
    ui.set_width(420.0);
    heading(ui, "The case has unsaved changes");
    ui.label(
        "The case is closed with its images. Changes that you do not save are offered at the next start.",
    );
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        if ui.button("Save and close").clicked() {
            return Outcome::SaveAndClose;
        }
        if ui.button("Close without saving").clicked() {
            return Outcome::Do(Action::CloseCase);
        }
        if ui.button("Cancel").clicked() { Outcome::Closed } else { Outcome::Open }
    })
    .inner
}
