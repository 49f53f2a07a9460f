use std::sync::Arc;

use super::{Figure, FigureId};
use crate::case::{Case, EditError};

impl Case {
    /// The figure of that name.
    pub fn figure(&self, id: FigureId) -> Option<&Arc<Figure>> {
        self.figures.iter().find(|figure| figure.id == id)
    }

    pub(in crate::case) fn add_figure(&mut self, mut figure: Figure) -> Result<(), EditError> {
        if !figure.is_sound() {
            return Err(EditError::UnsoundFigure);
        }
        let last = self.figures.iter().map(|figure| figure.id.0).max().unwrap_or(0);
        figure.id = FigureId(last.saturating_add(1));
        self.figures.push(Arc::new(figure));
        Ok(())
    }

    pub(in crate::case) fn change_figure(&mut self, figure: Arc<Figure>) -> Result<(), EditError> {
        if !figure.is_sound() {
            return Err(EditError::UnsoundFigure);
        }
        let id = figure.id;
        let own = self.figures.iter_mut().find(|own| own.id == id);
        *own.ok_or(EditError::NoSuchFigure(id))? = figure;
        Ok(())
    }

    pub(in crate::case) fn remove_figure(&mut self, id: FigureId) -> Result<(), EditError> {
        let index = self.figures.iter().position(|figure| figure.id == id);
        self.figures.remove(index.ok_or(EditError::NoSuchFigure(id))?);
        Ok(())
    }
}
