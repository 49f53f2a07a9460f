//! A panel that is opened in a viewport keeps what it is left at.

use std::sync::Arc;

use crate::case::{Edit, Figure, FigureId, PanelId, SavedView};
use crate::session::{Notice, Session, ViewportId};

/// A panel that is changed in a viewport.
#[derive(Debug, Clone)]
pub(super) struct Opened {
    figure: FigureId,
    panel: PanelId,
    viewport: ViewportId,
    /// The view as the viewport showed it first, or when the panel last took it over.
    first: SavedView,
    /// The viewport shows something else by now, which is autosaved.
    pending: bool,
}

impl Session {
    /// The panel that is changed in a viewport, and in which.
    pub fn opened_panel(&self) -> Option<(FigureId, PanelId, ViewportId)> {
        let opened = self.figures.opened.as_ref()?;
        Some((opened.figure, opened.panel, opened.viewport))
    }

    /// Whether the opened panel was changed and has not taken it over yet.
    pub(in crate::session) fn is_panel_changed(&self) -> bool {
        self.figures.opened.as_ref().is_some_and(|opened| opened.pending)
    }

    /// Shows a panel in the active viewport.
    pub(super) fn open_panel(&mut self, id: PanelId) {
        self.close_panel();
        let Some(figure) = self.figure().map(Arc::clone) else { return };
        let Some(panel) = figure.panel(id) else { return };
        let viewport = self.workspace.active;
        if !self.show_saved(viewport, &panel.view) {
            self.tell(Notice::warning(
                "The image of this panel is not open.",
                "Open the folder that holds it; the panel is kept.",
            ));
            return;
        }
        let Some(first) = self.saved_view(viewport) else { return };
        self.figures.selected = Some(id);
        self.figures.opened = Some(Opened { figure: figure.id, panel: id, viewport, first, pending: false });
    }

    /// The change that the opened panel would take over now; `None` where it was left as it was.
    fn left_at(&self) -> Option<Edit> {
        let opened = self.figures.opened.as_ref()?;
        let view = self.saved_view(opened.viewport)?;
        // Something else is shown there: the panel keeps what it had.
        if view == opened.first || view.series != opened.first.series {
            return None;
        }
        let before = self.case().figure(opened.figure)?;
        let mut figure = Figure::clone(before);
        figure.panel_mut(opened.panel)?.view = Arc::new(view);
        let figure = self.followed(before, &Arc::new(figure));
        Some(Edit::ChangeFigure(figure, "change view of panel"))
    }

    /// After every action: what was done in the viewport is not lost although it is no step yet.
    pub(in crate::session) fn follow_panel(&mut self) {
        let Some(opened) = &self.figures.opened else { return };
        let gone =
            self.case().figure(opened.figure).is_none_or(|figure| figure.panel(opened.panel).is_none());
        let other = self.workspace.viewport(opened.viewport).is_none_or(|viewport| {
            self.series_of(&opened.first).is_none_or(|series| !series.is(&viewport.series))
        });
        if gone || other {
            self.figures.opened = None;
            return;
        }
        let pending = opened.pending;
        match self.left_at() {
            Some(edit) if self.typing.as_ref() != Some(&edit) => self.keep_typing(Some(edit)),
            // It was put back as it was.
            None if pending => self.keep_typing(None),
            Some(_) | None => return,
        }
        let pending = self.typing.is_some();
        if let Some(opened) = &mut self.figures.opened {
            opened.pending = pending;
        }
    }

    /// The opened panel takes over what its viewport shows, and stays open: one step.
    pub(in crate::session) fn keep_panel(&mut self) {
        let Some(edit) = self.left_at() else { return };
        self.commit(edit);
        let now = self.figures.opened.as_ref().and_then(|opened| self.saved_view(opened.viewport));
        if let (Some(opened), Some(now)) = (&mut self.figures.opened, now) {
            (opened.first, opened.pending) = (now, false);
        }
    }

    /// The same, and it is closed.
    pub(in crate::session) fn close_panel(&mut self) {
        self.keep_panel();
        self.figures.opened = None;
    }
}
