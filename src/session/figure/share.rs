//! Panels that follow each other in scale, window or plane.

use std::sync::Arc;

use crate::case::figure::Along;
use crate::case::{Figure, PanelId, SavedView};
use crate::geometry::{Mm, PatientPoint, PixelPoint};
use crate::image::Series;
use crate::render::figure_layout;
use crate::session::Session;
use crate::session::planes::nearest_slice;
use crate::view::Slice;

impl Session {
    /// The figure with the panels that follow those that differ from before.
    pub(super) fn followed(&self, before: &Figure, after: &Arc<Figure>) -> Arc<Figure> {
        let mut figure = Arc::clone(after);
        let was = |id: PanelId| before.panel(id).map(|panel| &panel.view);
        let sharing = figure.sharing;
        let newly = |now: Along, then: Along| now != then && now != Along::None;
        let leads =
            |view: &SavedView, old: Option<&Arc<SavedView>>, what: fn(&SavedView, &SavedView) -> bool| {
                old.is_some_and(|old| what(view, old))
            };
        for panel in after.panels.clone() {
            let old = was(panel.id);
            let first = after.panels.first().is_some_and(|first| first.id == panel.id);
            // What was just chosen to be shared is led by the first panel.
            if leads(&panel.view, old, scale_differs) || (first && newly(sharing.scale, before.sharing.scale))
            {
                self.share_scale(&mut figure, panel.id, sharing.scale);
            }
            if leads(&panel.view, old, |a, b| a.look.voi != b.look.voi)
                || (first && newly(sharing.window, before.sharing.window))
            {
                self.share_window(&mut figure, panel.id, sharing.window);
            }
            if leads(&panel.view, old, |a, b| a.slice != b.slice)
                || (first && newly(sharing.plane, before.sharing.plane))
            {
                self.share_plane(&mut figure, panel.id, sharing.plane);
            }
        }
        figure
    }

    /// mm of the patient on a mm of paper, of each panel; `None` where the image is not there.
    pub(super) fn scales(&self, figure: &Figure) -> Vec<Option<f64>> {
        let layout = figure_layout(figure, &self.environment.fonts);
        let scale = |(panel, area): (&Arc<crate::case::Panel>, &crate::render::PaperRect)| {
            let drawing = self.panel_drawing(panel).ok()?;
            let size = area.size();
            Some(drawing.framing(size.x / size.y).height.0 / size.y)
        };
        figure.panels.iter().zip(&layout.panels).map(scale).collect()
    }

    /// Gives a panel a scale; what is in its middle stays there.
    pub(super) fn set_scale(&self, figure: &mut Figure, id: PanelId, scale: f64) {
        let layout = figure_layout(figure, &self.environment.fonts);
        let Some(area) = figure.index_of(id).and_then(|index| layout.panels.get(index)) else { return };
        let Some(panel) = figure.panel(id) else { return };
        let Ok(drawing) = self.panel_drawing(panel) else { return };
        let size = area.size();
        let mut framing = drawing.framing(size.x / size.y);
        framing.height = Mm(scale * size.y);
        if let Some(panel) = figure.panel_mut(id)
            && panel.view.framing != framing
        {
            let view = Arc::make_mut(&mut panel.view);
            (view.framing, view.fitted) = (framing, false);
        }
    }

    fn share_scale(&self, figure: &mut Arc<Figure>, of: PanelId, along: Along) {
        let followers = figure.followers(of, along);
        let index = figure.index_of(of);
        let scale = index.and_then(|index| self.scales(figure).get(index).copied().flatten());
        if let (Some(scale), false) = (scale, followers.is_empty()) {
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
