//! A montage: a figure of one series, slice by slice, all seen alike.

use crate::case::figure::{Figure, LetterForm, Panel};
use crate::session::workspace::WindowOrigin;
use crate::session::{Notice, Session, Shown, Slices, ViewportId};
use crate::view::ViewportSize;

/// Between the slices, mm: a line, for they are one picture.
const GAP_MM: f64 = 0.5;

impl Session {
    /// Begins a figure with a panel for each of the slices of what a viewport shows.
    pub(super) fn make_montage(&mut self, id: ViewportId, slices: Slices, columns: usize) {
        match self.montage(id, slices, columns) {
            Ok(figure) => self.begin_figure(figure),
            Err(why) => self.tell(Notice::error("No montage was made.", why)),
        }
    }

    fn montage(&self, id: ViewportId, slices: Slices, columns: usize) -> Result<Figure, String> {
        let shown = self.shown(id).ok_or("Show a series first.")?;
        // The panels have one window: that of the viewport, which its first image may still have to say.
        if shown.viewport.window != WindowOrigin::Settled {
            return Err("The image is not loaded yet.".to_owned());
        }
        let indices = slices.of(shown.count);
        let (count, most) = (indices.len(), Figure::MOST_PANELS);
        if count > most {
            return Err(format!("{count} slices are too many: a figure has at most {most} panels."));
        }
        let size = self.workspace.size(id);
        let mut figure = self.next_figure();
        (figure.title, figure.closing) = self.montage_words(&shown, slices.step);
        figure.letters.form = LetterForm::None;
        figure.page.columns = columns.clamp(1, count.max(1));
        figure.page.gap_mm = GAP_MM;
        figure.page.aspect = panel_aspect(&shown, size);
        figure.page = figure.page.sound();
        for index in &indices {
            let there = shown.at_slice(size, *index);
            let there = there.as_ref().and_then(|there| self.shown_in(there));
            let view = there.and_then(|there| self.saved_view_of(&there));
            let view = view.ok_or_else(|| format!("Slice {} cannot be shown.", index + 1))?;
            // The title speaks for all of them.
            let caption = Some(String::new());
            figure.push(Panel { caption, scale_bar: Some(index) == indices.last(), ..Panel::new(view) });
        }
        Ok(figure)
    }
}

/// Width over height of the panels: the frame's where all of it is seen, so that nothing is black for no reason; else
/// the viewport's, so that they show the same part.
fn panel_aspect(shown: &Shown<'_>, size: ViewportSize) -> f64 {
    if !shown.viewport.fitted {
        return size.aspect();
    }
    let extent = shown.frame.display_extent();
    let aspect = extent.x / extent.y;
    let (sine, cosine) = shown.viewport.view.framing.turn.sin_cos();
    if sine.abs() > cosine.abs() { aspect.recip() } else { aspect }
}
