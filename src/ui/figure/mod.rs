//! The figure composer: the page as it will be printed, and what can be changed on it.

mod bar;
mod fields;
mod gate;
mod page;
mod panel;
mod pointer;
mod side;

use std::sync::Arc;

use egui::Ui;

use self::fields::Fields;
use super::commands::{Asked, Command};
use super::theme;
use super::toolbar::with_keys;
use crate::case::figure::{Figure, FigureMark, FigureShape, Ink};
use crate::case::{FigureId, PanelId};
use crate::session::{Action, FigureAction, PanelDrawing, PanelState, Session, ViewportId};

/// Over the viewports: which panel is changed there, and the way back.
pub(super) fn opened(
    ui: &mut Ui,
    session: &Session,
    (figure, panel): (FigureId, PanelId),
    wanted: &mut Vec<Command>,
) {
    let Some(own) = session.case().figure(figure) else { return };
    let name = own.index_of(panel).map(|index| own.panel_name(index)).unwrap_or_default();
    let number = session.figure_number(figure);
    ui.horizontal(|ui| {
        let words = format!(
            "Panel {name} of figure {number}: scroll, window, pan and zoom it; it stays as you leave it."
        );
        ui.colored_label(theme::ACCENT, words);
        if ui.button(with_keys(ui, Command::Figure, "Back to the figure")).clicked() {
            wanted.push(Command::Figure);
        }
    });
}

/// What of a viewport the panel that is changed in it does not show is darker.
pub(super) fn crop(painter: &egui::Painter, session: &Session, id: ViewportId, rect: egui::Rect) {
    let Some((figure, panel, at)) = session.opened_panel() else { return };
    let fitted = session.workspace().viewport(id).is_none_or(|viewport| viewport.fitted);
    let Some(figure) = session.case().figure(figure).filter(|_| at == id && !fitted) else { return };
    let layout = crate::render::figure_layout(figure, session.fonts());
    let Some(area) = figure.index_of(panel).and_then(|index| layout.panels.get(index)) else { return };
    #[expect(clippy::cast_possible_truncation, reason = "a panel is 0.2 to 5 times as wide as high")]
    let aspect = (area.size().x / area.size().y) as f32;
    let beside = (rect.width() - rect.height() * aspect) / 2.0;
    if beside <= 0.5 {
        return;
    }
    let dark = egui::Color32::from_black_alpha(150);
    for band in [
        egui::Rect::from_min_max(rect.min, egui::pos2(rect.min.x + beside, rect.max.y)),
        egui::Rect::from_min_max(egui::pos2(rect.max.x - beside, rect.min.y), rect.max),
    ] {
        painter.rect_filled(band, 0.0, dark);
    }
}

/// What a click or a drag on a panel draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum MarkTool {
    /// Nothing: panels are chosen and moved.
    #[default]
    Choose,
    /// An arrow from where the drag starts to where it ends.
    Arrow,
    /// A head alone.
    Arrowhead,
    /// A star.
    Asterisk,
    /// Words.
    Text,
    /// A circle from its middle.
    Circle,
    /// A line.
    Line,
}

impl MarkTool {
    const ALL: [Self; 7] =
        [Self::Choose, Self::Arrow, Self::Arrowhead, Self::Asterisk, Self::Text, Self::Circle, Self::Line];

    fn name(self) -> &'static str {
        match self {
            Self::Choose => "Choose and move panels",
            Self::Arrow => "Arrow",
            Self::Arrowhead => "Arrowhead",
            Self::Asterisk => "Asterisk",
            Self::Text => "Text on a panel",
            Self::Circle => "Circle",
            Self::Line => "Line",
        }
    }
}

/// The figure in a frame of the window, and what its panels are drawn from: looked up once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen<'a> {
    session: &'a Session,
    figure: &'a Arc<Figure>,
    drawings: &'a [Result<PanelDrawing, PanelState>],
}

/// The composer, and what is being done in it.
#[derive(Debug, Default)]
pub(super) struct FigurePanel {
    fields: Fields,
    page: page::PageView,
    tool: MarkTool,
    ink: Ink,
    /// The mark in hand, of the panel in hand.
    mark: Option<usize>,
    findings: gate::Findings,
    /// The name that is typed for a journal of the reader's own.
    journal: String,
}

impl FigurePanel {
    /// Whether the composer is what is seen in place of the viewports.
    pub(super) fn is_shown(session: &Session) -> bool {
        session.figure().is_some() && session.opened_panel().is_none()
    }

    /// What is typed but not yet in the case.
    pub(super) fn finish(&mut self, session: &Session) -> Option<Action> {
        self.fields.finish_shown(session)
    }

    pub(super) fn show(&mut self, ui: &mut Ui, session: &Session, asked: &mut Asked) {
        let Some(figure) = session.figure() else { return };
        let drawings = session.panel_drawings(figure);
        let seen = Seen { session, figure, drawings: &drawings };
        if self.mark.is_some() && self.mark_in_hand(session, figure).is_none() {
            self.mark = None;
        }
        let bar = egui::Frame::new().fill(theme::BAR).inner_margin(egui::Margin::symmetric(8, 4));
        egui::Panel::top("figure bar").frame(bar).show(ui, |ui| self.bar(ui, session, figure, asked));
        let side = egui::Frame::new().fill(theme::PANEL).inner_margin(8);
        let width = (ui.available_width() * 0.32).clamp(120.0, 300.0);
        egui::Panel::right("figure side").default_size(width).size_range(120.0..=420.0).frame(side).show(
            ui,
            |ui| {
                egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                    self.side(ui, &seen, &mut asked.actions);
                });
            },
        );
        self.page(ui, &seen, &mut asked.actions);
    }

    /// The mark in hand.
    fn mark_in_hand<'a>(&self, session: &Session, figure: &'a Figure) -> Option<&'a FigureMark> {
        figure.panel(session.selected_panel()?)?.marks.get(self.mark?)
    }

    /// What the composer makes of a command that means something else for viewports; `None` if nothing.
    pub(super) fn takes(&mut self, session: &Session, command: Command) -> Option<Vec<Action>> {
        let figure = session.figure()?;
        #[expect(clippy::wildcard_enum_match_arm, reason = "every other command is that of the window")]
        match command {
            Command::Delete => Some(vec![self.delete(session, figure)]),
            Command::Series(step) => Some(self.step(session, figure, step.signum())),
            Command::Scroll(step) => {
                let row = isize::try_from(figure.page.columns).unwrap_or(1);
                Some(self.step(session, figure, step.signum() * row))
            }
            Command::Escape => {
                if self.tool != MarkTool::Choose {
                    self.tool = MarkTool::Choose;
                    return Some(Vec::new());
                }
                if self.mark.take().is_some() {
                    return Some(Vec::new());
                }
                session.selected_panel()?;
                Some(vec![Action::Figure(FigureAction::Select(None))])
            }
            _ => None,
        }
    }

    /// Removes the mark in hand, else the panel in hand.
    fn delete(&mut self, session: &Session, figure: &Figure) -> Action {
        let panel = session.selected_panel();
        if let (Some(index), Some(id)) = (self.mark.take(), panel) {
            let mut changed = figure.clone();
            if let Some(panel) = changed.panel_mut(id).filter(|panel| index < panel.marks.len()) {
                panel.marks.remove(index);
                return Action::Figure(FigureAction::Change(changed.into(), "delete mark of figure"));
            }
        }
        Action::Figure(FigureAction::RemovePanel)
    }

    /// Takes the panel so many places on in hand.
    fn step(&mut self, session: &Session, figure: &Figure, places: isize) -> Vec<Action> {
        self.mark = None;
        let Some(last) = figure.panels.len().checked_sub(1) else { return Vec::new() };
        let at = session.selected_panel().and_then(|id| figure.index_of(id));
        let to = at.map_or(0, |at| at.saturating_add_signed(places).min(last));
        vec![Action::Figure(FigureAction::Select(figure.panels.get(to).map(|panel| panel.id)))]
    }

    /// A new mark of the tool in hand; places in mm of the image, `tail_pt` on paper.
    fn drawn(&self, from: glam::DVec2, to: glam::DVec2, tail_pt: glam::DVec2) -> Option<FigureMark> {
        /// From lower left, as most arrows come.
        const USUAL_PT: glam::DVec2 = glam::DVec2::new(-14.0, 14.0);
        let long = tail_pt.length() > 4.0;
        let tail_pt = if long { tail_pt } else { USUAL_PT };
        let (shape, at) = match self.tool {
            MarkTool::Choose => return None,
            MarkTool::Arrow => (FigureShape::Arrow { tail_pt }, to),
            MarkTool::Arrowhead => (FigureShape::Arrowhead { tail_pt }, to),
            MarkTool::Asterisk => (FigureShape::Asterisk, to),
            MarkTool::Text => (FigureShape::Text("text".to_owned()), to),
            MarkTool::Circle => {
                let radius_mm = from.distance(to);
                (FigureShape::Circle { radius_mm: if long { radius_mm } else { 5.0 } }, from)
            }
            MarkTool::Line if !long => return None,
            MarkTool::Line => (FigureShape::Line { to }, from),
        };
        Some(FigureMark { ink: self.ink, ..FigureMark::new(shape, at) })
    }
}
