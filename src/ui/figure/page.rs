//! The page on the screen: the same panels that a file is made of, rendered at the screen's resolution.

use std::sync::Arc;

use egui::{Pos2, Rect, Sense, Ui, Vec2, pos2, vec2};
use glam::DVec2;

use super::{FigurePanel, Seen};
use crate::case::PanelId;
use crate::case::figure::{Figure, Letters, PageSetup, Panel};
use crate::render::{FigureLayout, PaperRect, figure_headings, figure_layout, figure_panel};
use crate::session::{Action, PanelDrawing, PanelState, Session};
use crate::ui::canvas::centered;
use crate::ui::named::named;
use crate::ui::paint::{self, Canvas, Scale};
use crate::ui::theme;
use crate::words::counted;

/// Around the page, in points.
const MARGIN: f32 = 16.0;
/// What a panel's texture shows: rendered again only when this changes.
#[derive(Debug, Clone)]
struct Key {
    panel: Arc<Panel>,
    index: usize,
    page: PageSetup,
    letters: Letters,
    drawing: Result<PanelDrawing, PanelState>,
    dpi: f64,
    size_mm: DVec2,
}

impl Key {
    fn is(&self, other: &Self) -> bool {
        let drawing = match (&self.drawing, &other.drawing) {
            (Ok(own), Ok(other)) => own.looks_like(other),
            (Err(own), Err(other)) => own == other,
            (Ok(_), Err(_)) | (Err(_), Ok(_)) => false,
        };
        drawing
            && Arc::ptr_eq(&self.panel, &other.panel)
            && self.index == other.index
            && self.page == other.page
            && self.letters == other.letters
            && self.dpi.to_bits() == other.dpi.to_bits()
            && self.size_mm == other.size_mm
    }
}

/// A panel's texture.
#[derive(Debug, Default)]
struct Shown {
    key: Option<Key>,
    canvas: Canvas,
}

/// What a drag on the page does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Drag {
    /// A panel is on its way to another place.
    Panel(PanelId, Pos2),
    /// A mark is drawn, from there.
    Draw(PanelId, Pos2),
    /// A mark is moved.
    Mark(PanelId, usize, Pos2),
}

/// Textures of the panels, and the drag that goes on.
#[derive(Debug, Default)]
pub(super) struct PageView {
    shown: Vec<(PanelId, Shown)>,
    pub(super) drag: Option<Drag>,
}

/// Where the page is on the screen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sheet {
    corner: Pos2,
    /// Points of a mm.
    pub(super) scale: f32,
    pixels_per_point: f32,
}

impl Sheet {
    fn fit(area: Rect, size_mm: DVec2, pixels_per_point: f32) -> Self {
        let room = (area.size() - Vec2::splat(2.0 * MARGIN)).max(Vec2::splat(32.0));
        #[expect(clippy::cast_possible_truncation, reason = "a page's size in mm")]
        let size = vec2(size_mm.x as f32, size_mm.y as f32);
        // No larger than a screen that is looked at closely.
        let scale = (room.x / size.x).min(room.y / size.y).min(24.0);
        let corner = area.center() - size * scale / 2.0;
        // Whole pixels: a texture is shown one to one.
        let whole = |at: f32| (at * pixels_per_point).round() / pixels_per_point;
        Self { corner: pos2(whole(corner.x), whole(corner.y)), scale, pixels_per_point }
    }

    /// Output pixels per inch of paper.
    fn dpi(&self) -> f64 {
        f64::from(self.scale * self.pixels_per_point) * 25.4
    }

    #[expect(clippy::cast_possible_truncation, reason = "places on the screen")]
    pub(super) fn rect(&self, area: &PaperRect) -> Rect {
        let at = |mm: DVec2| self.corner + vec2(mm.x as f32, mm.y as f32) * self.scale;
        Rect::from_min_max(at(area.min), at(area.max))
    }
}

impl FigurePanel {
    /// The page, and what the pointer does on it.
    pub(super) fn page(&mut self, ui: &mut Ui, seen: &Seen<'_>, actions: &mut Vec<Action>) {
        let Seen { session, figure, drawings } = *seen;
        let area = ui.available_rect_before_wrap();
        let response = ui.allocate_rect(area, Sense::click_and_drag());
        let painter = ui.painter_at(area);
        painter.rect_filled(area, 0.0, theme::LINE);
        let layout = figure_layout(figure, session.fonts());
        let sheet = Sheet::fit(area, layout.size_mm, ui.pixels_per_point());
        let whole = PaperRect { min: DVec2::ZERO, max: layout.size_mm };
        painter.rect_filled(sheet.rect(&whole), 0.0, egui::Color32::WHITE);
        cells(&painter, figure, &layout, &sheet);
        let scale = Scale { corner: sheet.corner, pixels_per_point: sheet.pixels_per_point };
        paint::list(&painter, &figure_headings(&layout, sheet.dpi(), session.fonts()), scale);
        self.page.shown.retain(|(id, _)| figure.panel(*id).is_some());
        for (index, (panel, drawing)) in figure.panels.iter().zip(drawings).enumerate() {
            let rect = sheet.rect(&layout.panels[index]);
            let key = Key {
                panel: Arc::clone(panel),
                index,
                page: figure.page.clone(),
                letters: figure.letters.clone(),
                drawing: drawing.clone(),
                dpi: sheet.dpi(),
                size_mm: layout.panels[index].size(),
            };
            self.page.paint(&painter, session, (figure, &layout), key, &sheet);
            if let Err(state) = drawing {
                centered(&painter, rect, &state_text(state), theme::WARNING);
            }
            name_panel(ui, figure, index, rect);
        }
        self.pointer(ui, &response, (figure, &layout, drawings), &sheet, actions);
        self.outlines(&painter, session, figure, &layout, &sheet);
        if figure.panels.is_empty() {
            let hint = "K in a viewport sends its view here.\nF9 goes back to the viewports.";
            centered(&painter, sheet.rect(&whole), hint, theme::WEAK);
        }
    }

    /// What is in hand, and what is being dragged.
    fn outlines(
        &self,
        painter: &egui::Painter,
        session: &Session,
        figure: &Figure,
        layout: &FigureLayout,
        sheet: &Sheet,
    ) {
        let chosen = session.selected_panel().and_then(|id| figure.index_of(id));
        if let Some(area) = chosen.and_then(|index| layout.panels.get(index)) {
            let stroke = egui::Stroke::new(2.0, theme::ACCENT);
            painter.rect_stroke(sheet.rect(area), 0.0, stroke, egui::StrokeKind::Outside);
        }
        let Some(pointer) = painter.ctx().input(|i| i.pointer.latest_pos()) else { return };
        match self.page.drag {
            Some(Drag::Panel(id, from)) => {
                let Some(index) = figure.index_of(id) else { return };
                let rect = sheet.rect(&layout.panels[index]).translate(pointer - from);
                if let Some((_, shown)) = self.page.shown.iter().find(|(own, _)| *own == id) {
                    shown.canvas.paint_faint(painter, rect, 0.75);
                }
                painter.rect_stroke(
                    rect,
                    0.0,
                    egui::Stroke::new(1.0, theme::ACCENT),
                    egui::StrokeKind::Inside,
                );
            }
            Some(Drag::Draw(_, from)) => {
                painter.line_segment([from, pointer], egui::Stroke::new(1.5, theme::ACCENT));
            }
            Some(Drag::Mark(_, _, from)) => {
                painter.line_segment([from, pointer], egui::Stroke::new(1.0, theme::ACCENT));
            }
            None => {}
        }
    }
}

impl PageView {
    fn paint(
        &mut self,
        painter: &egui::Painter,
        session: &Session,
        (figure, layout): (&Figure, &FigureLayout),
        key: Key,
        sheet: &Sheet,
    ) {
        let (id, index) = (key.panel.id, key.index);
        let at = self.shown.iter().position(|(own, _)| *own == id).unwrap_or_else(|| {
            self.shown.push((id, Shown::default()));
            self.shown.len() - 1
        });
        let shown = &mut self.shown[at].1;
        if shown.key.as_ref().is_none_or(|old| !old.is(&key)) {
            let marks = key.drawing.as_ref().map_or_else(|_| Vec::new(), PanelDrawing::marks);
            let image = key.drawing.as_ref().ok().map(|drawing| drawing.panel(&marks));
            let fonts = session.fonts();
            let panel = figure_panel(figure, index, layout, image.as_ref(), sheet.dpi(), fonts);
            shown.canvas.set(painter.ctx(), "panel", &panel.drawn(fonts), false);
            drop(marks);
            shown.key = Some(key);
        }
        shown.canvas.paint(painter, sheet.rect(&layout.panels[index]));
    }
}

/// Empty cells are seen: a panel can be dropped there.
fn cells(painter: &egui::Painter, figure: &Figure, layout: &FigureLayout, sheet: &Sheet) {
    let grid = figure.grid();
    let stroke = egui::Stroke::new(1.0, egui::Color32::from_gray(200));
    for (index, cell) in layout.cells.iter().enumerate() {
        let (row, column) = (index / layout.columns, index % layout.columns);
        if !grid.places.iter().any(|place| place.holds(row, column)) {
            painter.rect_stroke(sheet.rect(cell), 2.0, stroke, egui::StrokeKind::Inside);
        }
    }
}

/// A panel is known by its letter to those who do not see it.
fn name_panel(ui: &Ui, figure: &Figure, index: usize, rect: Rect) {
    let panel = &figure.panels[index];
    let id = ui.scope_id().with(("panel of figure", panel.id.0));
    let response = ui.interact(rect, id, Sense::hover());
    named(&response, egui::Role::Image, &format!("Image of {}", figure.panel_name(index)));
}

fn state_text(state: &PanelState) -> String {
    match state {
        PanelState::NotOpen => "image not open".to_owned(),
        PanelState::Loading { loaded, of } => format!("loading: {loaded} of {}", counted(*of, "image")),
        PanelState::Failed(why) => why.clone(),
    }
}
