//! The line at the bottom: what is under the pointer, as numbers with their units.

use egui::Ui;

use super::chrome::Hover;
use super::theme;
use crate::case::{
    EvaluateError, Quantity, QuantityKind, QuantityUnit, computed_decimals, decimals_of, number, probe_value,
    value_decimals,
};
use crate::geometry::{PatientPoint, position_letters};
use crate::image::{Series, ValueUnit};
use crate::session::{Action, GateAction, Session, Shown, Tool, slab_words};
use crate::typography::typeset;
use crate::words::counted;

/// The status line's text: value, stored value, pixel, slice and place in the patient.
pub(super) fn text(session: &Session, hover: Option<Hover>) -> Option<String> {
    let hover = hover?;
    let shown = session.shown(hover.id)?;
    let frame = shown.frame;
    if shown.viewport.view.reformat().is_some() {
        return on_plane(session, &shown, hover);
    }
    let (column, row) = hover.at.pixel(frame.size.columns, frame.size.rows)?;
    let mut parts = Vec::new();
    if let Some(samples) = session.samples(frame) {
        match probe_value(hover.at, frame, samples) {
            Ok(values) => {
                for value in values {
                    let decimals = match &value.unit {
                        QuantityUnit::Value(_, step) => value_decimals(value.value, step.0),
                        _ => decimals_of(value.value),
                    };
                    let digits = number(value.value, decimals);
                    match value.kind {
                        // It was said just before.
                        QuantityKind::Stored if frame.unit == ValueUnit::Stored => {}
                        QuantityKind::Stored => parts.push(format!("stored {digits}")),
                        QuantityKind::RealWorld => parts.push(real_world(&value, &digits)),
                        _ => parts.push(format!("{digits} {}", value.unit.label())),
                    }
                }
            }
            Err(EvaluateError::Color) => {
                let color = samples.color(row * frame.size.columns + column);
                parts.extend(color.map(|[r, g, b]| format!("red {r}  green {g}  blue {b}")));
            }
            Err(_) => {}
        }
    }
    if let Some(plane) = &frame.plane {
        parts.extend(over(session, &shown, plane.patient_from_pixel(hover.at)));
    }
    parts.push(format!("column {column}, row {row}"));
    parts.push(format!("slice {} of {}", shown.index + 1, shown.count));
    if let Some(plane) = &frame.plane {
        parts.push(position_letters(plane.patient_from_pixel(hover.at)));
    }
    Some(parts.join("   |   "))
}

/// On a plane through the volume: the value between the voxels, and where it is.
fn on_plane(session: &Session, shown: &Shown<'_>, hover: Hover) -> Option<String> {
    let point = shown.frame.plane?.patient_from_pixel(hover.at);
    let mut parts = Vec::new();
    if let Some(value) = session.value_on_plane(shown, shown.series, point) {
        let digits = between(value, shown.series);
        parts.push(format!("{digits} {} {}", shown.frame.unit.label(), means(shown)));
    }
    parts.extend(over(session, shown, point));
    parts.push(format!("plane {} of {}", shown.index + 1, shown.count));
    parts.push(position_letters(point));
    Some(parts.join("   |   "))
}

/// A value between the voxels of a series: one decimal more than they have.
fn between(value: f64, series: &Series) -> String {
    let step = series.frames.first().and_then(|frame| frame.step);
    number(value, computed_decimals(value, step))
}

/// How a value between voxels came about.
fn means(shown: &Shown<'_>) -> String {
    let slab = shown.viewport.view.reformat().map(|reformat| reformat.slab);
    slab.and_then(slab_words).unwrap_or_else(|| "interpolated".to_owned())
}

/// What lies over the image there: value, unit, and of which series.
fn over(session: &Session, shown: &Shown<'_>, point: PatientPoint) -> Option<String> {
    let (_, series) = session.over(shown)?;
    let value = session.over_value(shown, point)?;
    let digits = between(value, series);
    let unit = series.frames.first()?.unit.label();
    let name = format!("{} {}", series.info.modality, series.info.description);
    Some(format!("{digits} {unit} {} ({})", means(shown), name.trim()))
}

/// A physical value with its unit and which of the file's mappings it comes from.
fn real_world(value: &Quantity, digits: &str) -> String {
    format!("{} {digits} {}", value.unit.mapping().unwrap_or_default(), value.unit.label())
        .trim_start()
        .to_owned()
}

/// How far the file is that is being written. A figure says so in its own bar.
fn writing(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let (words, cancel) = match session.writing().filter(|_| session.figure().is_none()) {
        Some(writing) => {
            let (done, total) = (writing.progress.done(), writing.progress.total());
            (format!("writing: {done} of {total}"), Action::CancelWriting)
        }
        None if session.leaving().is_some() && session.asked_at_gate().is_none() => {
            let words = format!("reading {}", counted(session.headers_before_leaving(), "header"));
            (words, Action::Gate(GateAction::Withdraw))
        }
        None => return,
    };
    if ui.small_button("Cancel writing").clicked() {
        actions.push(cancel);
    }
    ui.label(egui::RichText::new(words).small().color(theme::ACCENT));
    // The thread that writes wakes the window only at the end.
    ui.ctx().request_repaint_after(std::time::Duration::from_millis(200));
}

pub(super) fn show(ui: &mut Ui, session: &Session, hover: Option<Hover>, actions: &mut Vec<Action>) {
    let height = ui.spacing().interact_size.y;
    let size = egui::vec2(ui.available_width(), height);
    // The right end first: in a small window the line gives way, it never runs into what stands there.
    ui.allocate_ui_with_layout(size, egui::Layout::right_to_left(egui::Align::Center), |ui| {
        ui.label(egui::RichText::new("Not a medical device").small().color(theme::WEAK));
        if session.workspace().patient_hidden {
            ui.label(egui::RichText::new("HIDDEN: patient data").small().strong().color(theme::WARNING));
        }
        writing(ui, session, actions);
        let tool = session.tool();
        let hint = match tool {
            _ if session.wants_third_axis() => {
                "Third axis: draw it on a plane across this one, or from the first to the last slice; Enter: none".to_owned()
            }
            Tool::Measure(crate::case::Kind::Polygon) => {
                "Polygon: click corners, double click ends it".to_owned()
            }
            Tool::Grow => "Grow: click in the lesion, drag right for more, left for less".to_owned(),
            Tool::Brush | Tool::Eraser => {
                let settings = session.settings();
                let shape = if settings.brush_is_ball { "ball" } else { "disc" };
                format!("{}: {shape} of {} mm radius", tool.name(), number(settings.brush_mm, 1))
            }
            Tool::Window => String::new(),
            tool => format!("Tool: {}", tool.name()),
        };
        ui.label(egui::RichText::new(hint).small().color(theme::ACCENT));
        ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
            let line = typeset(&text(session, hover).unwrap_or_default());
            let line = egui::RichText::new(line).color(theme::TEXT).monospace();
            ui.add(egui::Label::new(line).truncate());
        });
    });
}
