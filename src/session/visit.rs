//! Going to what was measured: the slice or plane that it was drawn on.

use super::workspace::Viewport;
use super::{Notice, Session, ViewportId};
use crate::case::{DrawnPlane, MeasurementId};
use crate::image::SeriesKey;
use crate::view::Reformat;

impl Session {
    pub(super) fn go_to_measurement(&mut self, id: MeasurementId) {
        let measurement = self.history.present().measurement(id).cloned();
        if let Some(drawn) = measurement.as_ref().and_then(|m| m.drawn_on_plane.clone()) {
            self.go_to_drawn_plane(id, &drawn);
            return;
        }
        let of = measurement.as_ref().and_then(|m| m.points.drawn_on());
        let place = of.and_then(|of| self.library.find_frame(of));
        let Some((series, index)) = place.map(|(series, index)| (series.key(), index)) else {
            self.tell_not_open();
            return;
        };
        let acquired = |view: &Viewport| view.series == series && view.view.acquired().is_some();
        let viewport = self.viewport_for(&series, acquired);
        self.workspace.active = viewport;
        self.go_to_frame(viewport, index);
        self.selected = Some(id);
    }

    fn go_to_drawn_plane(&mut self, id: MeasurementId, drawn: &DrawnPlane) {
        let Some(series) = self.library.drawn_on(drawn).map(|series| series.key()) else {
            self.tell_not_open();
            return;
        };
        let (right, down) = (drawn.reformat.plane.right, drawn.reformat.plane.down);
        let is_it = |view: &Viewport| {
            let alike = |r: &Reformat| r.plane.right.dot(right) > 0.999 && r.plane.down.dot(down) > 0.999;
            view.series == series && view.view.reformat().is_some_and(alike)
        };
        let viewport = self.viewport_for(&series, is_it);
        self.workspace.active = viewport;
        self.set_reformat(viewport, drawn.reformat);
        self.selected = Some(id);
    }

    /// The viewport in sight that shows what is wanted; otherwise the active one, which then shows the series.
    fn viewport_for(&mut self, series: &SeriesKey, is_it: impl Fn(&Viewport) -> bool) -> ViewportId {
        let mut visible = self.workspace.visible().into_iter();
        let showing = visible.find(|id| self.workspace.viewport(*id).is_some_and(&is_it));
        showing.unwrap_or_else(|| {
            let active = self.workspace.active;
            self.show_series(active, series);
            active
        })
    }

    pub(super) fn tell_not_open(&mut self) {
        self.tell(Notice::warning(
            "The image of this measurement is not open.",
            "Open the folder that holds it; the measurement is kept.",
        ));
    }
}
