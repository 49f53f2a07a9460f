//! Figures: putting views into panels, changing them, and what is shown of them.

mod decide;
mod drawing;
mod export;
mod follow;
mod legend;
mod montage;
mod share;
mod texts;

use std::path::PathBuf;
use std::sync::Arc;

pub use self::drawing::{PanelDrawing, PanelState};
pub use self::export::FigureOptions;
pub(super) use self::legend::{anatomical_plane, capital};
pub use self::legend::{legend_words, panel_caption};
use super::{Notice, Session, Slices, ViewportId};
use crate::case::figure::{Along, Journal, MeasurementsShown, journals};
use crate::case::{Edit, Figure, FigureId, Panel, PanelId};

/// What can be done with figures.
#[derive(Debug, Clone, PartialEq)]
pub enum FigureAction {
    /// Begin a figure and show it.
    New,
    /// Show a figure, or none.
    Show(Option<FigureId>),
    /// Put what a viewport shows into the figure shown; into the last one, or a new one, where none is.
    Send(ViewportId),
    /// Take a panel in hand, or none.
    Select(Option<PanelId>),
    /// The figure becomes this; how, in words.
    Change(Arc<Figure>, &'static str),
    /// Remove the panel in hand.
    RemovePanel,
    /// Move the panel in hand so many places along.
    MovePanel(isize),
    /// Remove a figure.
    Remove(FigureId),
    /// Show a panel in a viewport, to scroll, window and pan it there.
    OpenPanel(PanelId),
    /// The panel stays as it is left in its viewport.
    ClosePanel,
    /// All panels as large on paper as the largest scale of them.
    EqualScale,
    /// Keep the page of the figure shown as a journal of the reader's own, under that name.
    KeepJournal(String),
    /// Forget a journal of the reader's own.
    ForgetJournal(String),
    /// Keep on purpose what could say who the patient is in the figure shown: [`Finding::key`](crate::session::Finding::key).
    Keep(String),
    /// Keep several: one step.
    KeepAll(Vec<String>),
    /// No longer keep it.
    Unkeep(String),
    /// Put something else in its place: [`Finding::cure`](crate::session::Finding::cure).
    Cure(String),
    /// Write a figure to a file, if nothing in it is left that could say who the patient is. Waits for headers that are
    /// still being read.
    Export(FigureId, PathBuf, FigureOptions),
    /// Begin a figure that shows a viewport's series slice by slice, and show it.
    Montage {
        /// The viewport: framing, window and thickness are its own.
        viewport: ViewportId,
        /// Which slices, each a panel.
        slices: Slices,
        /// Panels in a row.
        columns: usize,
    },
}

/// What is shown of figures.
#[derive(Debug, Default)]
pub(super) struct Figures {
    /// The figure shown.
    shown: Option<FigureId>,
    /// The panel in hand.
    selected: Option<PanelId>,
    /// The panel that is changed in a viewport.
    opened: Option<follow::Opened>,
    /// The figure that is written once they are read.
    waiting: Option<export::Waiting>,
}

impl Figures {
    /// The figure that is written once the headers of its files are read.
    pub(super) fn waiting_figure(&self) -> Option<&Arc<Figure>> {
        self.waiting.as_ref().map(|waiting| &waiting.figure)
    }

    /// It is not written.
    pub(super) fn forget_waiting(&mut self) {
        self.waiting = None;
    }
}

impl Session {
    /// The figure shown.
    pub fn figure(&self) -> Option<&Arc<Figure>> {
        self.case().figure(self.figures.shown?)
    }

    /// The panel in hand.
    pub fn selected_panel(&self) -> Option<PanelId> {
        self.figures.selected
    }

    /// The number of a figure, from 1, by its place in the case.
    pub fn figure_number(&self, id: FigureId) -> usize {
        self.case().figures.iter().position(|figure| figure.id == id).map_or(1, |index| index + 1)
    }

    /// The journals on offer: the reader's own, then those that the program knows by other names.
    pub fn journals(&self) -> Vec<Journal> {
        let own = &self.settings.journals;
        let is_own = |journal: &Journal| own.iter().any(|other| other.name == journal.name);
        own.iter().cloned().chain(journals().into_iter().filter(|journal| !is_own(journal))).collect()
    }

    /// The journal of a figure.
    pub fn journal(&self, figure: &Figure) -> Option<Journal> {
        self.journal_named(&figure.page.journal)
    }

    fn journal_named(&self, name: &str) -> Option<Journal> {
        self.journals().into_iter().find(|journal| journal.name == name)
    }

    pub(super) fn do_with_figures(&mut self, action: FigureAction) {
        match action {
            FigureAction::New => self.begin_figure(self.next_figure()),
            FigureAction::Show(id) => {
                self.close_panel();
                self.figures.shown = id.filter(|id| self.case().figure(*id).is_some());
                self.figures.selected = None;
            }
            FigureAction::Send(id) => self.send_to_figure(id),
            FigureAction::Select(panel) => self.figures.selected = panel,
            FigureAction::Change(figure, how) => self.change_figure(&figure, how),
            FigureAction::RemovePanel => self.remove_panel(),
            FigureAction::MovePanel(places) => self.move_panel(places),
            FigureAction::Remove(id) => {
                self.close_panel();
                self.commit(Edit::RemoveFigure(id));
                self.figures.shown = self.figures.shown.filter(|shown| *shown != id);
            }
            FigureAction::OpenPanel(id) => self.open_panel(id),
            FigureAction::ClosePanel => self.close_panel(),
            FigureAction::EqualScale => self.equal_scale(),
            FigureAction::KeepJournal(name) => self.keep_journal(name.trim()),
            FigureAction::ForgetJournal(name) => {
                self.settings.journals.retain(|journal| journal.name != name);
                self.save_settings();
            }
            FigureAction::Keep(key) => self.keep_findings(vec![key]),
            FigureAction::KeepAll(keys) => self.keep_findings(keys),
            FigureAction::Unkeep(key) => self.unkeep_finding(&key),
            FigureAction::Cure(key) => self.cure_finding(&key),
            FigureAction::Export(id, path, options) => self.export_figure(id, path, options),
            FigureAction::Montage { viewport, slices, columns } => {
                self.make_montage(viewport, slices, columns);
            }
        }
        self.want_all();
    }

    /// Whatever was done: no figure or panel is shown that the case does not hold.
    pub(super) fn forget_figures(&mut self) {
        self.figures.shown = self.figures.shown.filter(|id| self.case().figure(*id).is_some());
        let figure = self.figure().map(Arc::clone);
        let there = |id: &PanelId| figure.as_ref().is_some_and(|figure| figure.panel(*id).is_some());
        self.figures.selected = self.figures.selected.filter(there);
    }

    /// The page of the figure shown becomes a journal; one of the same name makes room.
    fn keep_journal(&mut self, name: &str) {
        let Some(figure) = self.figure().filter(|_| !name.is_empty()).map(Arc::clone) else { return };
        let own = figure.as_journal(name);
        self.settings.journals.retain(|journal| journal.name != name);
        self.settings.journals.push(own);
        self.save_settings();
        let mut next = Figure::clone(&figure);
        name.clone_into(&mut next.page.journal);
        self.change_figure(&Arc::new(next), "choose journal");
    }

    /// An empty figure for the journal of the case's last one.
    fn next_figure(&self) -> Figure {
        let mut figure = Figure::new();
        if let Some(last) = self.case().figures.last() {
            (figure.page, figure.letters) = (last.page.clone(), last.letters.clone());
        }
        figure
    }

    /// Adds a figure to the case and shows it.
    fn begin_figure(&mut self, figure: Figure) {
        self.close_panel();
        self.commit(Edit::AddFigure(figure));
        self.figures.shown = self.case().figures.last().map(|figure| figure.id);
        self.figures.selected = None;
    }

    /// Puts what a viewport shows into a figure, as the next panel.
    fn send_to_figure(&mut self, id: ViewportId) {
        let Some(view) = self.saved_view(id) else {
            self.tell(Notice::warning("There is no view for the figure.", "Show a series first."));
            return;
        };
        self.close_panel();
        let into = self.figure().or_else(|| self.case().figures.last()).map(Arc::clone);
        let mut figure = into.as_deref().cloned().unwrap_or_default();
        let mut panel = Panel::new(view);
        if let Some(last) = figure.panels.last() {
            panel.measurements = last.measurements;
            panel.scale_bar = last.scale_bar;
            panel.orientation = last.orientation;
            panel.window = last.window;
        } else {
            panel.measurements = MeasurementsShown::None;
        }
        let panel = figure.push(panel);
        let letter = figure.index_of(panel).map(|index| figure.panel_name(index)).unwrap_or_default();
        match into {
            Some(_) => self.commit(Edit::ChangeFigure(Arc::new(figure), "send view to figure")),
            None => self.commit(Edit::AddFigure(figure)),
        }
        let number = match self.figures.shown {
            Some(id) => self.figure_number(id),
            None => self.case().figures.len(),
        };
        if self.figures.shown.is_some() {
            self.figures.selected = Some(panel);
        }
        self.tell(Notice::info(
            format!("The view is panel {letter} of figure {number}."),
            "F9 shows the figure.",
        ));
    }

    fn remove_panel(&mut self) {
        let (Some(figure), Some(id)) = (self.figure(), self.figures.selected) else { return };
        let mut figure = Figure::clone(figure);
        let index = figure.index_of(id).unwrap_or(0);
        figure.panels.retain(|panel| panel.id != id);
        let next = figure.panels.get(index).or(figure.panels.last()).map(|panel| panel.id);
        self.change_figure(&Arc::new(figure), "delete panel");
        self.figures.selected = next;
    }

    fn move_panel(&mut self, places: isize) {
        let (Some(figure), Some(id)) = (self.figure(), self.figures.selected) else { return };
        let Some(index) = figure.index_of(id) else { return };
        let to = index.saturating_add_signed(places).min(figure.panels.len() - 1);
        if to != index {
            let mut figure = Figure::clone(figure);
            figure.move_panel(id, to);
            self.change_figure(&Arc::new(figure), "move panel");
        }
    }

    /// The figure becomes another; panels that follow those that changed come along.
    fn change_figure(&mut self, figure: &Arc<Figure>, how: &'static str) {
        let Some(before) = self.case().figure(figure.id).map(Arc::clone) else { return };
        let figure = self.followed(&before, figure);
        if *figure != *before {
            self.commit(Edit::ChangeFigure(figure, how));
        }
    }

    /// All panels at one scale: that of the one that shows the most of the patient on a mm of paper.
    fn equal_scale(&mut self) {
        let Some(figure) = self.figure().map(Arc::clone) else { return };
        let scales = figure.panels.iter().filter_map(|panel| self.scale_of(&figure, panel.id));
        let Some(coarsest) = scales.max_by(f64::total_cmp) else { return };
        let mut changed = Figure::clone(&figure);
        for panel in &figure.panels {
            self.set_scale(&mut changed, panel.id, coarsest);
        }
        changed.sharing.scale = Along::All;
        if changed != *figure {
            self.commit(Edit::ChangeFigure(Arc::new(changed), "make scales equal"));
        }
    }
}
