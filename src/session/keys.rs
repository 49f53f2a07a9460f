//! Views that are kept in the case: key images, and what was on the screen when it was saved.

use std::sync::Arc;

use serde_json::Map;

use super::over::Over;
use super::planes::{computed_frame, fresh};
use super::workspace::{Layout, Viewport, WindowOrigin};
use super::{Notice, Session, Shown, ViewportId};
use crate::case::{Edit, KeyImage, KeyImageId, SavedLook, SavedOver, SavedView, SavedWorkspace};
use crate::image::{Frame, Series};
use crate::view::{Framing, Slice, View, ViewportSize};

/// What was on the screen when the case was saved, until all of it is shown again.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    workspace: Arc<SavedWorkspace>,
    /// The layout is the saved one; only views of images that are not open yet are missing.
    laid_out: bool,
}

impl Session {
    /// The key image that was gone to last.
    pub fn key_image(&self) -> Option<KeyImageId> {
        self.key_image
    }

    /// The series of a kept view, if it is open.
    pub fn series_of(&self, view: &SavedView) -> Option<&Arc<Series>> {
        let named = self.library.part(&view.series, view.part.as_ref());
        // A stack has another name when files of its series came or went since: the frame or the place is what counts.
        match &view.slice {
            Slice::Acquired(frame) => {
                let elsewhere = || self.library.find_frame(frame).map(|(series, _)| series);
                let named = named.filter(|series| series.index_of(frame).is_some());
                named.or_else(|| elsewhere().filter(|series| series.info.uid == view.series))
            }
            Slice::Reformat(reformat) => {
                named.or_else(|| self.library.volume_around(&view.series, reformat.plane.through))
            }
        }
    }

    /// What a viewport shows, as the case keeps it; `None` where it shows nothing.
    pub fn saved_view(&self, id: ViewportId) -> Option<SavedView> {
        self.saved_view_of(&self.shown(id)?)
    }

    /// The same of what is shown anywhere.
    pub(super) fn saved_view_of(&self, shown: &Shown<'_>) -> Option<SavedView> {
        let Viewport { view, fitted, window, over, .. } = shown.viewport;
        let settled = *window == WindowOrigin::Settled || !shown.frame.presets.is_empty();
        let view = SavedView {
            series: shown.series.info.uid.clone(),
            part: shown.series.part_id().cloned(),
            slice: view.of.clone(),
            framing: view.framing,
            fitted: *fitted,
            look: SavedLook::of(&view.look, shown.frame, settled),
            over: over.as_ref().and_then(|over| self.saved_over(over)),
            extra: Map::new(),
        };
        view.is_sound().then_some(view)
    }

    fn saved_over(&self, over: &Over) -> Option<SavedOver> {
        let series = self.library.series(&over.series)?;
        Some(SavedOver {
            series: series.info.uid.clone(),
            part: series.part_id().cloned(),
            look: SavedLook::of(&over.look, series.frames.first()?, over.window == WindowOrigin::Settled),
            opacity: over.opacity,
            extra: Map::new(),
        })
    }

    /// Marks what a viewport shows, unless the same view is marked already.
    pub(super) fn mark_key_image(&mut self, id: ViewportId) {
        let Some(view) = self.saved_view(id) else {
            self.tell(Notice::warning("There is no view to mark.", "Show a series first."));
            return;
        };
        if let Some(index) = self.case().key_images.iter().position(|key| *key.view == view) {
            self.key_image = Some(self.case().key_images[index].id);
            let which = format!("It is key image {}.", index + 1);
            self.tell(Notice::info("This view is a key image already.", which));
            return;
        }
        self.commit(Edit::AddKey(KeyImage::new(view)));
        if let Some((count, id)) =
            self.case().key_images.last().map(|last| (self.case().key_images.len(), last.id))
        {
            self.key_image = Some(id);
            let which = format!("It is key image {count}. Shift+K goes from one to the next.");
            self.tell(Notice::info("The view is a key image now.", which));
        }
    }

    /// Shows a key image: in the viewport that shows its series, else in the active one.
    pub(super) fn go_to_key_image(&mut self, id: KeyImageId) {
        let Some(key) = self.case().key_image(id).cloned() else { return };
        self.key_image = Some(id);
        let Some(series) = self.series_of(&key.view).map(|series| series.key()) else {
            self.tell(Notice::warning(
                "The image of this key image is not open.",
                "Open the folder that holds it; the key image is kept.",
            ));
            return;
        };
        let of_series = |id: &ViewportId| self.workspace.viewport(*id).is_some_and(|v| v.series == series);
        let active = self.workspace.active;
        // The active one first: the reader looks there.
        let places = std::iter::once(active).chain(self.workspace.visible());
        let place = places.into_iter().find(of_series).unwrap_or(active);
        if self.show_saved(place, &key.view) {
            self.workspace.active = place;
            self.want_all();
        } else {
            let why = "Its series is open, but does not hold this image or plane any more.";
            self.tell(Notice::warning("This key image cannot be shown.", why));
        }
    }

    /// Goes to the key image after the one gone to last, round and round.
    pub(super) fn next_key_image(&mut self) {
        let list = &self.case().key_images;
        let at = self.key_image.and_then(|id| list.iter().position(|key| key.id == id));
        let next = at.map_or(0, |at| at + 1) % list.len().max(1);
        let count = list.len();
        let Some((id, label)) = list.get(next).map(|key| (key.id, key.label.clone())) else {
            self.tell(Notice::info("There are no key images.", "Ctrl+K marks the view as one."));
            return;
        };
        self.tell(Notice::info(format!("Key image {} of {count}.", next + 1), label));
        self.go_to_key_image(id);
    }

    /// Puts a kept view into a viewport; `false` where its image or plane is not there.
    pub(super) fn show_saved(&mut self, id: ViewportId, saved: &SavedView) -> bool {
        let Some(viewport) = self.viewport_of(id, saved) else { return false };
        self.workspace.put(id, Some(viewport));
        true
    }

    fn viewport_of(&self, id: ViewportId, saved: &SavedView) -> Option<Viewport> {
        self.viewport_sized(self.workspace.size(id), saved)
    }

    /// A kept view as a viewport of that size would show it.
    pub(super) fn viewport_sized(&self, size: ViewportSize, saved: &SavedView) -> Option<Viewport> {
        let series = self.series_of(saved)?;
        let (frame, computed): (Arc<Frame>, _) = match &saved.slice {
            Slice::Acquired(of) => (series.frames.get(series.index_of(of)?).map(Arc::clone)?, None),
            Slice::Reformat(reformat) => {
                let frame = Arc::new(computed_frame(series, reformat)?);
                (Arc::clone(&frame), Some(frame))
            }
        };
        let framing = if saved.fitted {
            let Framing { turn, mirrored, .. } = saved.framing;
            Framing { turn, mirrored, ..Framing::fit(&frame, size) }
        } else {
            saved.framing
        };
        // A plane has no samples of its own: its first window is that of the middle image.
        let first = match computed {
            Some(_) => series.middle()?,
            None => &frame,
        };
        let (look, settled) = saved.look.on(&frame, || self.first_look(first).voi);
        let settled = settled || self.samples(first).is_some();
        let window = if settled { WindowOrigin::Settled } else { WindowOrigin::FirstImage };
        let over = saved.over.as_ref().and_then(|over| self.over_of(over));
        let view = View { of: saved.slice.clone(), framing, look };
        Some(Viewport { fitted: saved.fitted, computed, over, ..fresh(series.key(), view, window) })
    }

    fn over_of(&self, saved: &SavedOver) -> Option<Over> {
        let series = self.library.part(&saved.series, saved.part.as_ref())?;
        let first = self.first_over(&series.key())?;
        let (look, settled) = saved.look.on(series.frames.first()?, || first.look.voi.clone());
        let window = if settled { WindowOrigin::Settled } else { first.window };
        Some(Over { look, window, opacity: saved.opacity, ..first })
    }

    /// What is on the screen, for the case file. Where a kept view still waits for its images it stays as it is.
    pub(super) fn saved_workspace(&self) -> Option<Arc<SavedWorkspace>> {
        let waiting = self.waiting.as_ref();
        let before = waiting.map(|waiting| &waiting.workspace);
        let Layout { columns, rows } = self.workspace.layout;
        let places = 0..self.workspace.layout.count();
        let own = |id: ViewportId| {
            let series = self.library.series(&self.workspace.viewport(id)?.series)?;
            (!self.is_of_another(series)).then_some(id)
        };
        let nothing = places.clone().all(|index| own(ViewportId(index)).is_none());
        if nothing || waiting.is_some_and(|waiting| !waiting.laid_out) {
            let kept = || self.kept.workspace.clone().or_else(|| self.case().workspace.clone());
            return before.cloned().or_else(kept);
        }
        let view = |index: usize| {
            let kept = || before?.viewports.get(index)?.clone();
            own(ViewportId(index)).and_then(|id| self.saved_view(id)).map(Arc::new).or_else(kept)
        };
        Some(Arc::new(SavedWorkspace {
            rows,
            columns,
            active: self.workspace.active.0,
            viewports: places.map(view).collect(),
            extra: self.case().workspace.as_ref().map_or_else(Map::new, |old| old.extra.clone()),
        }))
    }

    /// The views of the case are to be shown as soon as their images are there.
    pub(super) fn expect_workspace(&mut self) {
        let workspace = self.case().workspace.clone();
        self.waiting = workspace.map(|workspace| Waiting { workspace, laid_out: false });
    }

    /// Shows the views of the case whose images are open now; whether any is shown or was.
    pub(super) fn restore_workspace(&mut self) -> bool {
        let Some(waiting) = self.waiting.clone() else { return false };
        let views = || waiting.workspace.viewports.iter().take(Layout::MOST * Layout::MOST).enumerate();
        let all = || views().filter_map(|(index, view)| Some((ViewportId(index), view.as_deref()?)));
        if !waiting.laid_out {
            if !all().any(|(id, view)| self.viewport_of(id, view).is_some()) {
                return false;
            }
            let SavedWorkspace { rows, columns, active, .. } = *waiting.workspace;
            self.workspace.clear();
            self.workspace.set_layout(Layout { columns, rows });
            self.workspace.left_empty = true;
            if active < self.workspace.layout.count() {
                self.workspace.active = ViewportId(active);
            }
        }
        let mut missing = false;
        for (id, view) in all() {
            // A place that the reader filled meanwhile is the reader's.
            if self.workspace.viewport(id).is_none() {
                missing |= !self.show_saved(id, view);
            }
        }
        self.waiting = missing.then_some(Waiting { laid_out: true, ..waiting });
        self.want_all();
        true
    }
}
