//! What viewports show of their series, and going through it.

use std::sync::Arc;

use super::library::Place;
use super::planes::{self, Run};
use super::workspace::{Viewport, WindowOrigin};
use super::{ElementsOf, Notice, Session, ViewportId};
use crate::case::{DrawnOn, DrawnPlane};
use crate::geometry::{PatientPoint, PixelPoint};
use crate::image::{Frame, Series, SeriesKey};
use crate::view::{Framing, Look, Slice, View, ViewportSize};

/// A viewport with everything needed to draw it.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The viewport.
    pub viewport: &'a Viewport,
    /// Its series.
    pub series: &'a Arc<Series>,
    /// The frame shown; of a plane cut through the volume the one that stands for it.
    pub frame: &'a Arc<Frame>,
    /// The frame's index in the series; the plane's among its parallels.
    pub index: usize,
    /// How many there are.
    pub count: usize,
}

impl Shown<'_> {
    /// How far (mm) what is shown extends against and along its normal.
    pub fn reach(&self) -> [f64; 2] {
        let Some(reformat) = self.viewport.view.reformat() else { return self.series.reach(self.index) };
        let step =
            self.series.slices.as_ref().map_or(1.0, |slices| slices.step_along(reformat.plane.normal()).0);
        [step.max(reformat.slab.thickness.0) / 2.0; 2]
    }

    /// The plane to note with what is drawn here; `None` on an acquired frame.
    pub(super) fn drawn_plane(&self) -> Option<DrawnPlane> {
        let reformat = *self.viewport.view.reformat()?;
        let part = self.series.part_id().cloned();
        Some(DrawnPlane { series: self.series.info.uid.clone(), part, reformat })
    }

    /// The frame or plane shown, to note with what is drawn here.
    pub(super) fn drawn_on(&self) -> DrawnOn {
        self.drawn_plane().map_or_else(|| DrawnOn::Frame(self.frame.of.clone()), DrawnOn::Plane)
    }

    /// The point of the patient in the middle of the viewport.
    pub fn middle(&self) -> Option<PatientPoint> {
        let plane = self.frame.plane?;
        let pixel = plane.spacing().pixel_from_mm(self.viewport.view.framing.center);
        Some(plane.patient_from_pixel(PixelPoint(pixel)))
    }
}

impl Session {
    /// What a viewport shows, if it shows anything.
    pub fn shown(&self, id: ViewportId) -> Option<Shown<'_>> {
        self.shown_in(self.workspace.viewport(id)?)
    }

    /// What a viewport shows that need not be one of the workspace.
    pub(super) fn shown_in<'a>(&'a self, viewport: &'a Viewport) -> Option<Shown<'a>> {
        let series = self.library.series(&viewport.series)?;
        match &viewport.view.of {
            Slice::Acquired(of) => {
                let (index, count) = (series.index_of(of)?, series.frames.len());
                Some(Shown { viewport, series, frame: series.frames.get(index)?, index, count })
            }
            Slice::Reformat(reformat) => {
                let normal = reformat.plane.normal();
                let run = Run::of(series.slices.as_ref().ok()?, normal);
                let index = run.index(reformat.plane.through.0.dot(normal));
                let frame = viewport.computed.as_ref()?;
                Some(Shown { viewport, series, frame, index, count: run.count() })
            }
        }
    }

    pub(super) fn show_series(&mut self, id: ViewportId, uid: &SeriesKey) {
        let Some(series) = self.library.series(uid).cloned() else { return };
        let Some(frame) = series.middle() else {
            let modality = match series.info.modality.as_str() {
                "" => String::new(),
                modality => format!(" ({modality})"),
            };
            self.tell(Notice::info(
                "This series holds no image.",
                format!("It is a document{modality}: its elements are shown instead."),
            ));
            let file = self.library.files(uid).next().map(ToOwned::to_owned);
            self.watch_elements(file.map(ElementsOf::File));
            return;
        };
        let view = View {
            of: Slice::Acquired(frame.of.clone()),
            framing: Framing::fit(frame, self.workspace.size(id)),
            look: self.first_look(frame),
        };
        let settled = self.samples(frame).is_some();
        let window = if settled { WindowOrigin::Settled } else { WindowOrigin::FirstImage };
        let viewport = planes::fresh(uid.clone(), view, window);
        let untouched = self.scan.is_some() && !series.is_picture();
        self.workspace.put(id, Some(Viewport { untouched, ..viewport }));
        self.workspace.active = id;
        self.want_all();
    }

    /// A series that was opened while its files still came shows the middle of all of them, unless the reader has done
    /// something with it: which files were found first is no reason to show one of them.
    pub(super) fn open_at_middle(&mut self) {
        let active = self.workspace.active;
        for id in (0..self.workspace.viewports()).map(ViewportId) {
            let Some(viewport) = self.workspace.viewport(id).filter(|viewport| viewport.untouched) else {
                continue;
            };
            let key = viewport.series.clone();
            let middle = self.library.series(&key).and_then(|series| series.middle());
            if middle.is_some_and(|middle| viewport.view.acquired() != Some(&middle.of)) {
                self.show_series(id, &key);
            }
            if let Some(viewport) = self.workspace.viewport_mut(id) {
                viewport.untouched = false;
            }
        }
        self.workspace.active = active;
    }

    /// The file's first window; without one, what the samples say once they are there.
    pub(super) fn first_look(&self, frame: &Frame) -> Look {
        let mut look = Look::with_window(crate::image::Window::linear(0.0, 1.0));
        let misfit = frame.warnings.contains(&crate::image::Warning::WindowMisfit);
        if let Some(samples) = self.samples(frame) {
            look.voi = crate::render::default_voi(frame, samples);
        } else if let Some(preset) = frame.presets.first().filter(|_| !misfit) {
            look.voi = preset.voi.clone();
        }
        look
    }

    /// Goes to a frame of the series in a viewport; framing and look stay.
    pub(super) fn go_to_frame(&mut self, id: ViewportId, index: usize) {
        let Some(shown) = self.shown(id) else { return };
        let index = index.min(shown.count.saturating_sub(1));
        let Some(there) = shown.at_slice(self.workspace.size(id), index) else { return };
        self.workspace.put(id, Some(there));
        self.want_all();
    }

    pub(super) fn scroll(&mut self, id: ViewportId, steps: isize) {
        if self.scroll_plane(id, steps) {
            return;
        }
        if let Some(shown) = self.shown(id) {
            let last = shown.series.frames.len().saturating_sub(1);
            let index = shown.index.saturating_add_signed(steps).min(last);
            self.go_to_frame(id, index);
        }
    }

    pub(super) fn step_series(&mut self, id: ViewportId, step: isize) {
        let order: Vec<_> = self.library.browse().into_iter().filter(|s| !s.frames.is_empty()).collect();
        let here = self.workspace.viewport(id).and_then(|v| order.iter().position(|s| s.key() == v.series));
        let next = here.map_or(Some(0), |at| at.checked_add_signed(step));
        if let Some(series) = next.and_then(|at| order.get(at)) {
            let uid = series.key();
            self.show_series(id, &uid);
        }
    }

    pub(super) fn resized(&mut self, id: ViewportId, size: ViewportSize) {
        self.workspace.set_size(id, size);
        self.refit(id);
    }

    pub(super) fn refit(&mut self, id: ViewportId) {
        let Some(frame) = self.shown(id).map(|shown| Arc::clone(shown.frame)) else { return };
        let size = self.workspace.size(id);
        if let Some(viewport) = self.workspace.viewport_mut(id).filter(|v| v.fitted) {
            let Framing { turn, mirrored, .. } = viewport.view.framing;
            viewport.view.framing = Framing { turn, mirrored, ..Framing::fit(&frame, size) };
        }
    }

    /// Once the samples of a viewport's first image are there, its window can be taken from them.
    pub(super) fn settle_windows(&mut self, loaded: &Frame) {
        self.settle_overs(loaded);
        for id in (0..self.workspace.layout.count()).map(ViewportId) {
            let Some(shown) = self.shown(id) else { continue };
            // A plane has the window that the middle image of its series would have.
            let first = match shown.viewport.view.acquired() {
                Some(_) => Some(shown.frame),
                None => shown.series.middle(),
            };
            let Some(first) = first.filter(|first| {
                shown.viewport.window != WindowOrigin::Settled && Place::of(first) == Place::of(loaded)
            }) else {
                continue;
            };
            let Some(samples) = self.samples(loaded) else { continue };
            let voi = crate::render::default_voi(first, samples);
            if let Some(viewport) = self.workspace.viewport_mut(id) {
                viewport.view.look.voi = voi;
                viewport.window = WindowOrigin::Settled;
            }
        }
    }
}

#[cfg(test)]
mod tests;
