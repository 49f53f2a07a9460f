//! Panels that follow each other in scale, window or plane.

use std::sync::Arc;

use crate::case::figure::Along;
use crate::case::{Figure, PanelId, SavedView};
use crate::geometry::{Mm, PatientPoint, PixelPoint};
use crate::image::Series;
use crate::render::figure_layout;
use crate::session::Session;
use crate::session::planes::nearest_slice;
use crate::view::{Framing, Slice};

impl Session {
    /// The figure with the panels that follow those that differ from before.
    pub(super) fn followed(&self, before: &Figure, after: &Arc<Figure>) -> Arc<Figure> {
        let mut figure = Arc::clone(after);
        let (now, then) = (after.sharing, before.sharing);
        for (index, panel) in after.panels.iter().enumerate() {
            let old = before.panel(panel.id);
            let leads = |now: Along, then: Along, differs: fn(&SavedView, &SavedView) -> bool| {
                // What was just chosen to be shared is led by the first panel.
                (index == 0 && now != then && now != Along::None)
                    || old.is_some_and(|old| differs(&panel.view, &old.view))
            };
            if leads(now.scale, then.scale, scale_differs) {
                self.share_scale(&mut figure, panel.id, now.scale);
            }
            if leads(now.window, then.window, |a, b| a.look.voi != b.look.voi) {
                self.share_window(&mut figure, panel.id, now.window);
            }
            if leads(now.plane, then.plane, |a, b| a.slice != b.slice) {
                self.share_plane(&mut figure, panel.id, now.plane);
            }
        }
        figure
    }

    /// mm of the patient on a mm of paper of a panel; `None` where the image is not there.
    pub(super) fn scale_of(&self, figure: &Figure, id: PanelId) -> Option<f64> {
        let (framing, height) = self.on_paper(figure, id)?;
        Some(framing.height.0 / height)
    }

    /// Gives a panel a scale; what is in its middle stays there.
    pub(super) fn set_scale(&self, figure: &mut Figure, id: PanelId, scale: f64) {
        let Some((framing, height)) = self.on_paper(figure, id) else { return };
        let framing = Framing { height: Mm(scale * height), ..framing };
        if let Some(panel) = figure.panel_mut(id)
            && panel.view.framing != framing
        {
            let view = Arc::make_mut(&mut panel.view);
            (view.framing, view.fitted) = (framing, false);
        }
    }

    /// Which part of its image a panel shows, and how high it is on paper, mm.
    fn on_paper(&self, figure: &Figure, id: PanelId) -> Option<(Framing, f64)> {
        let index = figure.index_of(id)?;
        let size = figure_layout(figure, &self.environment.fonts).panels.get(index)?.size();
        let drawing = self.panel_drawing(&figure.panels[index]).ok()?;
        Some((drawing.framing(size.x / size.y), size.y))
    }

    fn share_scale(&self, figure: &mut Arc<Figure>, of: PanelId, along: Along) {
        let followers = figure.followers(of, along);
        if followers.is_empty() {
            return;
        }
        if let Some(scale) = self.scale_of(figure, of) {
            let changed = Arc::make_mut(figure);
            for id in followers {
                self.set_scale(changed, id, scale);
            }
        }
    }

    /// The window goes to images of the same modality: HU and MR values have nothing in common.
    fn share_window(&self, figure: &mut Arc<Figure>, of: PanelId, along: Along) {
        let Some(lead) = figure.panel(of).map(|panel| Arc::clone(&panel.view)) else { return };
        let modality = |view: &SavedView| self.series_of(view).map(|series| series.info.modality.clone());
        for id in figure.followers(of, along) {
            let same = figure.panel(id).is_some_and(|panel| modality(&panel.view) == modality(&lead));
            if let Some(panel) = Arc::make_mut(figure).panel_mut(id).filter(|_| same) {
                Arc::make_mut(&mut panel.view).look.voi.clone_from(&lead.look.voi);
            }
        }
    }

    /// The place in the patient goes to images of the same space: the nearest slice, or the plane through it.
    fn share_plane(&self, figure: &mut Arc<Figure>, of: PanelId, along: Along) {
        let Some(lead) = figure.panel(of).map(|panel| Arc::clone(&panel.view)) else { return };
        let (Some(series), Some(place)) = (self.series_of(&lead), self.place_of(&lead)) else { return };
        for id in figure.followers(of, along) {
            let Some(view) = figure.panel(id).map(|panel| Arc::clone(&panel.view)) else { continue };
            let Some(there) = self.series_of(&view).filter(|there| there.shares_space(series)) else {
                continue;
            };
            let slice = match (&lead.slice, &view.slice) {
                (Slice::Reformat(lead), Slice::Reformat(_)) => Some(Slice::Reformat(*lead)),
                (Slice::Acquired(_), Slice::Reformat(own)) => {
                    let plane = own.plane.through(place);
                    Some(Slice::Reformat(crate::view::Reformat { plane, ..*own }))
                }
                (_, Slice::Acquired(_)) => slice_at(there, place),
            };
            if let (Some(slice), Some(panel)) = (slice, Arc::make_mut(figure).panel_mut(id))
                && panel.view.slice != slice
            {
                Arc::make_mut(&mut panel.view).slice = slice;
            }
        }
    }

    /// The point of the patient that is in the middle of a kept view.
    fn place_of(&self, view: &SavedView) -> Option<PatientPoint> {
        let viewport = self.viewport_of_view(view)?;
        let plane = self.shown_in(&viewport)?.frame.plane?;
        let pixel = plane.spacing().pixel_from_mm(viewport.view.framing.center);
        Some(plane.patient_from_pixel(PixelPoint(pixel)))
    }
}

fn scale_differs(a: &SavedView, b: &SavedView) -> bool {
    a.framing.height != b.framing.height || a.fitted != b.fitted
}

fn slice_at(series: &Series, place: PatientPoint) -> Option<Slice> {
    let frame = series.frames.get(nearest_slice(series, place)?)?;
    Some(Slice::Acquired(frame.of.clone()))
}
