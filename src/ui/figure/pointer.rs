//! What the pointer does on the page: choosing, moving and drawing.

use std::sync::Arc;

use egui::{Pos2, Rect, Ui, vec2};
use glam::DVec2;

use super::fields::Text;
use super::page::{Drag, Sheet};
use super::{FigurePanel, MarkTool};
use crate::case::PanelId;
use crate::case::figure::{Figure, FigureMark, FigureShape, Panel};
use crate::render::FigureLayout;
use crate::session::{Action, FigureAction, PanelDrawing, PanelState};
use crate::view::ViewportSize;

/// A mark is touched within so many points of its place.
const REACH: f32 = 10.0;

impl FigurePanel {
    pub(super) fn pointer(
        &mut self,
        ui: &Ui,
        response: &egui::Response,
        page: (&Arc<Figure>, &FigureLayout, &[Result<PanelDrawing, PanelState>]),
        sheet: &Sheet,
        actions: &mut Vec<Action>,
    ) {
        let (figure, layout, drawings) = page;
        let under = |at: Pos2| layout.panels.iter().position(|area| sheet.rect(area).contains(at));
        let now = ui.input(|i| i.pointer.latest_pos());
        let ground = |index: usize| {
            let drawing = drawings.get(index)?.as_ref().ok()?;
            Some(Ground { drawing, rect: sheet.rect(&layout.panels[index]), scale: sheet.scale })
        };
        if response.drag_started()
            && let Some(from) = ui.input(|i| i.pointer.press_origin())
            && let Some(index) = under(from)
        {
            let id = figure.panels[index].id;
            let mark = ground(index).and_then(|ground| touched(&figure.panels[index], &ground, from));
            self.page.drag = Some(match (self.tool, mark) {
                (MarkTool::Choose, Some(mark)) => Drag::Mark(id, mark, from),
                (MarkTool::Choose, None) => Drag::Panel(id, from),
                (_, _) => Drag::Draw(id, from),
            });
        }
        let clicked = response.clicked().then(|| response.interact_pointer_pos()).flatten();
        if let Some(at) = clicked {
            self.click(at, under(at), &|index| ground(index), figure, actions);
        }
        if response.double_clicked()
            && let Some(index) = response.interact_pointer_pos().and_then(under)
        {
            actions.push(Action::Figure(FigureAction::OpenPanel(figure.panels[index].id)));
        }
        if response.drag_stopped()
            && let (Some(drag), Some(to)) = (self.page.drag.take(), now)
        {
            match drag {
                Drag::Panel(id, _) => actions.extend(dropped(figure, layout, sheet, id, to)),
                Drag::Draw(id, from) => {
                    let ground = figure.index_of(id).and_then(ground);
                    actions.extend(ground.and_then(|ground| self.draw(figure, id, &ground, from, to)));
                    actions.push(Action::Figure(FigureAction::Select(Some(id))));
                }
                Drag::Mark(id, mark, from) => {
                    let ground = figure.index_of(id).and_then(ground);
                    actions
                        .extend(ground.and_then(|ground| move_mark(figure, id, mark, &ground, (from, to))));
                    actions.push(Action::Figure(FigureAction::Select(Some(id))));
                    self.mark = Some(mark);
                }
            }
        }
        if !response.dragged() {
            self.page.drag = None;
        }
    }

    /// A click takes a panel or a mark in hand, or draws a mark.
    fn click<'a>(
        &mut self,
        at: Pos2,
        under: Option<usize>,
        ground: &dyn Fn(usize) -> Option<Ground<'a>>,
        figure: &Figure,
        actions: &mut Vec<Action>,
    ) {
        let panel = under.and_then(|index| figure.panels.get(index));
        actions.push(Action::Figure(FigureAction::Select(panel.map(|panel| panel.id))));
        self.mark = None;
        let (Some(index), Some(panel)) = (under, panel) else { return };
        let Some(ground) = ground(index) else { return };
        if self.tool == MarkTool::Choose {
            self.mark = touched(panel, &ground, at);
        } else {
            actions.extend(self.draw(figure, panel.id, &ground, at, at));
        }
    }

    /// Adds a mark from one place to another.
    fn draw(
        &mut self,
        figure: &Figure,
        id: PanelId,
        ground: &Ground<'_>,
        from: Pos2,
        to: Pos2,
    ) -> Option<Action> {
        let tail = (from - to) / ground.scale * 72.0 / 25.4;
        let tail = DVec2::new(f64::from(tail.x), f64::from(tail.y));
        let mark = self.drawn(ground.mm(from), ground.mm(to), tail)?;
        let is_text = matches!(mark.shape, FigureShape::Text(_));
        let mut changed = figure.clone();
        let panel = changed.panel_mut(id)?;
        panel.marks.push(mark);
        let index = panel.marks.len() - 1;
        self.mark = Some(index);
        if is_text {
            self.fields.focus(Text::Mark(id, index));
        }
        self.tool = MarkTool::Choose;
        Some(Action::Figure(FigureAction::Change(changed.into(), "draw on figure")))
    }
}

/// A panel on the screen, and how its image lies there.
#[derive(Debug, Clone, Copy)]
struct Ground<'a> {
    drawing: &'a PanelDrawing,
    rect: Rect,
    /// Points of a mm of paper.
    scale: f32,
}

impl Ground<'_> {
    fn resolved(&self) -> crate::view::Resolved {
        let size = self.rect.size();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a screen's points")]
        let fine = |points: f32| (points * 8.0).round().max(1.0) as u32;
        let size = ViewportSize { width: fine(size.x), height: fine(size.y) };
        let framing = self.drawing.framing(size.aspect());
        crate::view::Resolved::new(self.drawing.frame(), &framing, size)
    }

    /// mm of the image under a place on the screen.
    fn mm(&self, at: Pos2) -> DVec2 {
        let step = (at - self.rect.min) * 8.0;
        let screen = crate::view::ScreenPoint::new(f64::from(step.x), f64::from(step.y));
        let pixel = self.resolved().pixel_from_screen(screen);
        self.drawing.frame().display_spacing().mm_from_pixel(pixel.0)
    }

    /// Where mm of the image are on the screen.
    fn place(&self, mm: DVec2) -> Pos2 {
        let pixel = self.drawing.frame().display_spacing().pixel_from_mm(mm);
        let screen = self.resolved().screen_from_pixel(crate::geometry::PixelPoint(pixel)).0 / 8.0;
        #[expect(clippy::cast_possible_truncation, reason = "places on the screen")]
        let step = vec2(screen.x as f32, screen.y as f32);
        self.rect.min + step
    }
}

/// The mark under the pointer: the last one drawn lies on top.
fn touched(panel: &Panel, ground: &Ground<'_>, at: Pos2) -> Option<usize> {
    let near = |mark: &FigureMark| ground.place(mark.at).distance(at) <= REACH;
    panel.marks.iter().rposition(near)
}

fn move_mark(
    figure: &Figure,
    id: PanelId,
    index: usize,
    ground: &Ground<'_>,
    (from, to): (Pos2, Pos2),
) -> Option<Action> {
    let step = ground.mm(to) - ground.mm(from);
    let mut changed = figure.clone();
    let mark = changed.panel_mut(id)?.marks.get_mut(index)?;
    mark.at += step;
    if let FigureShape::Line { to } = &mut mark.shape {
        *to += step;
    }
    Some(Action::Figure(FigureAction::Change(changed.into(), "move mark of figure")))
}

/// A panel that is dropped on another takes its place in the order; on an empty cell it lies there.
fn dropped(figure: &Figure, layout: &FigureLayout, sheet: &Sheet, id: PanelId, at: Pos2) -> Option<Action> {
    let mut changed = figure.clone();
    let onto = layout.panels.iter().position(|area| sheet.rect(area).contains(at));
    if let Some(index) = onto {
        if figure.index_of(id) == Some(index) {
            return None;
        }
        changed.panel_mut(id)?.place = None;
        changed.move_panel(id, index);
    } else {
        let cell = layout.cells.iter().position(|cell| sheet.rect(cell).contains(at))?;
        changed.panel_mut(id)?.place = Some([cell / layout.columns, cell % layout.columns]);
    }
    Some(Action::Figure(FigureAction::Change(changed.into(), "move panel")))
}
