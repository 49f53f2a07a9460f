//! The panel in hand: its caption, what is drawn on it, its size.

use std::sync::Arc;

use egui::{RichText, Role, Ui};

use super::bar::{changed, number};
use super::fields::Text;
use super::{FigurePanel, Seen};
use crate::case::figure::{Figure, FigureShape, Ink, MeasurementsShown, PageSetup, Panel};
use crate::geometry::Mm;
use crate::session::{Action, FigureAction, PanelDrawing};
use crate::ui::named::{choice, named};
use crate::ui::number::number_field;
use crate::ui::theme;

impl FigurePanel {
    pub(super) fn panel(
        &mut self,
        ui: &mut Ui,
        seen: &Seen<'_>,
        panel: &Arc<Panel>,
        actions: &mut Vec<Action>,
    ) {
        let Seen { session, figure, drawings } = *seen;
        let index = figure.index_of(panel.id).unwrap_or(0);
        let name = figure.panel_name(index);
        ui.horizontal(|ui| {
            ui.label(RichText::new(format!("Panel {name}")).size(15.0).strong());
            if ui.button("Open").on_hover_text("Scroll, window and pan it in a viewport").clicked() {
                actions.push(Action::Figure(FigureAction::OpenPanel(panel.id)));
            }
            if ui.button("Delete").on_hover_text("Remove the panel from the figure").clicked() {
                actions.push(Action::Figure(FigureAction::RemovePanel));
            }
        });
        let draft = session.drafted_caption(panel);
        let own = panel.caption.clone().unwrap_or_default();
        let label = format!("Caption of {name}");
        self.fields.show(ui, figure, Text::Caption(panel.id), (&label, &draft, &own), actions);
        switches(ui, figure, panel, actions);
        if let Some(Ok(drawing)) = drawings.get(index) {
            sizes(ui, seen, panel, drawing, actions);
        }
        self.marks(ui, figure, panel, actions);
    }

    fn marks(&mut self, ui: &mut Ui, figure: &Arc<Figure>, panel: &Panel, actions: &mut Vec<Action>) {
        for (index, mark) in panel.marks.iter().enumerate() {
            ui.horizontal(|ui| {
                let chosen = self.mark == Some(index);
                let name = format!("{} {}", mark.shape.name(), index + 1);
                if ui.selectable_label(chosen, &name).clicked() {
                    self.mark = (!chosen).then_some(index);
                }
                let mut next = mark.clone();
                let size = number_field(&mut next.size_pt, 1, 2).range(1.0..=72.0).speed(0.2).suffix(" pt");
                named(&ui.add(size).on_hover_text("Size"), Role::SpinButton, &format!("Size of {name}"));
                let ink = next.ink.name();
                choice(ui, &format!("Colour of {name}"), ink, 60.0, &mut next.ink, Ink::ALL);
                let change = |figure: &mut Figure| {
                    if let Some(own) = figure.panel_mut(panel.id).and_then(|panel| panel.marks.get_mut(index))
                    {
                        *own = next;
                    }
                };
                changed(figure, "change mark of figure", change, actions);
            });
            if let FigureShape::Text(words) = &mark.shape {
                let label = format!("Words of text {}", index + 1);
                self.fields.show(ui, figure, Text::Mark(panel.id, index), (&label, "words", words), actions);
            }
        }
    }
}

fn switches(ui: &mut Ui, figure: &Arc<Figure>, panel: &Panel, actions: &mut Vec<Action>) {
    let mut next = panel.clone();
    ui.horizontal_wrapped(|ui| {
        ui.checkbox(&mut next.scale_bar, "scale bar");
        ui.checkbox(&mut next.orientation, "sides");
        ui.checkbox(&mut next.window, "window");
    });
    ui.horizontal(|ui| {
        ui.label("Measurements");
        let all = MeasurementsShown::ALL.map(|shown| (shown, shown.name()));
        let (now, width) = (next.measurements.name(), ui.spacing().combo_width);
        choice(ui, "Measurements on the panel", now, width, &mut next.measurements, all);
    });
    ui.horizontal(|ui| {
        for (value, short, name) in [
            (&mut next.columns, "columns", "Columns that the panel takes"),
            (&mut next.rows, "rows", "Rows that the panel takes"),
        ] {
            number(ui, short, name, number_field(value, 0, 0).range(1..=PageSetup::MOST_COLUMNS).speed(0.1));
        }
    });
    put(figure, next, "change panel", actions);
}

fn put(figure: &Arc<Figure>, next: Panel, how: &'static str, actions: &mut Vec<Action>) {
    let change = |figure: &mut Figure| {
        if let Some(own) = figure.panel_mut(next.id) {
            *own = next;
        }
    };
    changed(figure, how, change, actions);
}

/// How much of the patient it shows, in mm.
fn sizes(ui: &mut Ui, seen: &Seen<'_>, panel: &Panel, drawing: &PanelDrawing, actions: &mut Vec<Action>) {
    let Seen { session, figure, .. } = *seen;
    let layout = crate::render::figure_layout(figure, session.fonts());
    let Some(area) = figure.index_of(panel.id).and_then(|index| layout.panels.get(index)) else { return };
    let size = area.size();
    let framing = drawing.framing(size.x / size.y);
    let mut height = framing.height.0;
    ui.horizontal(|ui| {
        let field = number_field(&mut height, 0, 1).range(1.0..=2000.0).speed(1.0).suffix(" mm");
        let field = ui.add(field).on_hover_text("Height of the image that the panel shows");
        named(&field, Role::SpinButton, "Height shown, mm");
        let words = format!("shown of the image, {} on paper", crate::case::number(size.y, 1));
        ui.label(RichText::new(words).color(theme::WEAK));
    });
    if (height - framing.height.0).abs() > 1e-9 {
        let mut next = panel.clone();
        let view = Arc::make_mut(&mut next.view);
        view.framing = crate::view::Framing { height: Mm(height), ..framing };
        view.fitted = false;
        put(figure, next, "crop panel", actions);
    }
}
