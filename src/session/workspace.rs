use super::library::Place;
use super::over::Over;
use super::planes::{self, Run};
use super::{ElementsOf, Session};
use crate::case::DrawnPlane;
use crate::geometry::{PatientPoint, PixelPoint};
use crate::image::{Frame, Series, SeriesKey};
use crate::view::{Framing, Look, Slice, View, ViewportSize};
use std::sync::Arc;

/// A viewport's place in the layout, row by row from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ViewportId(pub usize);

/// The most viewports that a layout has.
pub const MOST_VIEWPORTS: usize = 16;

/// How many viewports side by side and above each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Layout {
    /// Viewports in a row.
    pub columns: usize,
    /// Rows of viewports.
    pub rows: usize,
}

impl Layout {
    /// The layouts on offer.
    pub const ALL: [Self; 3] =
        [Self { columns: 1, rows: 1 }, Self { columns: 2, rows: 1 }, Self { columns: 2, rows: 2 }];

    /// The most viewports in a row, and rows.
    pub const MOST: usize = 4;

    /// Number of viewports.
    pub fn count(self) -> usize {
        self.columns * self.rows
    }

    /// The name in menus: rows x columns, as readers say it.
    pub fn name(self) -> String {
        format!("{}x{}", self.rows, self.columns)
    }
}

/// How much is written over the images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OverlayLevel {
    /// Corners, letters, ruler, badges, marks.
    #[default]
    Full,
    /// Letters, badges, marks.
    Minimal,
    /// The bare image.
    Off,
}

impl OverlayLevel {
    /// The next one round.
    pub fn next(self) -> Self {
        match self {
            Self::Full => Self::Minimal,
            Self::Minimal => Self::Off,
            Self::Off => Self::Full,
        }
    }
}

/// Where a viewport's window comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WindowOrigin {
    /// Not settled: the samples of the first image will say.
    FirstImage,
    /// Settled, by the samples or by the reader.
    Settled,
}

/// One viewport: a series and the view of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Viewport {
    /// The series.
    pub series: SeriesKey,
    /// What is shown, and how.
    pub view: View,
    /// The whole image is kept in sight until the reader pans or zooms.
    pub fitted: bool,
    /// Where the window comes from.
    pub window: WindowOrigin,
    /// The series plays as a film.
    pub cine: bool,
    /// What lies over the image.
    pub over: Option<Over>,
    /// The frame that stands for the plane, where one is cut through the volume.
    pub(super) computed: Option<Arc<Frame>>,
}

/// Layout, viewports and what is written over them.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own that the reader turns")]
#[derive(Debug, Clone)]
pub struct Workspace {
    /// How many viewports.
    pub layout: Layout,
    /// The one that keys go to.
    pub active: ViewportId,
    /// The one that fills the window.
    pub maximised: Option<ViewportId>,
    /// How much is written over the images.
    pub overlays: OverlayLevel,
    /// Whether the graphics that files lay over their images are hidden.
    pub graphics_hidden: bool,
    /// Whether patient data are hidden.
    pub patient_hidden: bool,
    /// Whether the crosshair is hidden.
    pub crosshair_hidden: bool,
    /// Whether the lines where the viewports cut each other are hidden.
    pub lines_hidden: bool,
    /// Empty places stay empty: they were so in the layout of the case, or dates are compared.
    pub(super) left_empty: bool,
    /// What the viewports have in common.
    pub links: super::Links,
    /// The viewport that keys went to before.
    pub(super) before: Option<ViewportId>,
    viewports: Vec<Option<Viewport>>,
    sizes: Vec<ViewportSize>,
}

impl Default for Workspace {
    fn default() -> Self {
        Self {
            layout: Layout::ALL[0],
            active: ViewportId(0),
            maximised: None,
            overlays: OverlayLevel::Full,
            graphics_hidden: false,
            patient_hidden: false,
            crosshair_hidden: false,
            lines_hidden: false,
            left_empty: false,
            links: super::Links::default(),
            before: None,
            viewports: vec![None; MOST_VIEWPORTS],
            sizes: vec![ViewportSize { width: 512, height: 512 }; MOST_VIEWPORTS],
        }
    }
}

impl Workspace {
    /// The viewport at a place; `None` when it is empty.
    pub fn viewport(&self, id: ViewportId) -> Option<&Viewport> {
        self.viewports.get(id.0)?.as_ref()
    }

    /// The size last reported for a viewport.
    pub fn size(&self, id: ViewportId) -> ViewportSize {
        self.sizes.get(id.0).copied().unwrap_or(ViewportSize { width: 1, height: 1 })
    }

    /// The viewports in sight.
    pub fn visible(&self) -> Vec<ViewportId> {
        match self.maximised {
            Some(id) => vec![id],
            None => (0..self.layout.count()).map(ViewportId).collect(),
        }
    }

    /// How many viewports there are, in sight or not.
    pub(super) fn viewports(&self) -> usize {
        self.viewports.len()
    }

    /// The first visible empty viewport.
    pub(super) fn first_empty(&self) -> Option<ViewportId> {
        let empty = |id: &ViewportId| !self.left_empty && self.viewport(*id).is_none();
        self.visible().into_iter().find(empty)
    }

    pub(super) fn viewport_mut(&mut self, id: ViewportId) -> Option<&mut Viewport> {
        self.viewports.get_mut(id.0)?.as_mut()
    }

    pub(super) fn put(&mut self, id: ViewportId, viewport: Option<Viewport>) {
        if let Some(slot) = self.viewports.get_mut(id.0) {
            *slot = viewport;
        }
    }

    pub(super) fn set_layout(&mut self, layout: Layout) {
        let side = |count: usize| count.clamp(1, Layout::MOST);
        self.layout = Layout { columns: side(layout.columns), rows: side(layout.rows) };
        self.maximised = None;
        self.left_empty = false;
        self.before = None;
        // What the reader looks at stays in sight: it changes places with the last that does.
        let last = self.layout.count() - 1;
        if self.active.0 > last {
            let shows = self.viewport(self.active).is_some();
            if shows {
                self.viewports.swap(self.active.0, last);
            }
            self.active = ViewportId(if shows { last } else { 0 });
        }
    }

    /// Whether empty viewports are meant to be: there is nothing that matches.
    pub fn is_left_empty(&self) -> bool {
        self.left_empty
    }

    /// Keys go to another viewport; the one that they went to is remembered.
    pub(super) fn activate(&mut self, id: ViewportId) {
        if id != self.active {
            self.before = Some(self.active);
            self.active = id;
        }
    }

    pub(super) fn set_size(&mut self, id: ViewportId, size: ViewportSize) {
        if let Some(slot) = self.sizes.get_mut(id.0) {
            *slot = size;
        }
    }

    pub(super) fn clear(&mut self) {
        self.viewports.fill(None);
        self.left_empty = false;
        self.maximised = None;
        self.active = ViewportId(0);
    }
}

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
        let viewport = self.workspace.viewport(id)?;
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
            self.tell(super::Notice::info(
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
        self.workspace.put(id, Some(viewport));
        self.workspace.active = id;
        self.want_all();
    }

    /// The file's first window; without one, what the samples say once they are there.
    pub(super) fn first_look(&self, frame: &Frame) -> Look {
        let mut look = Look::with_window(crate::image::Window::linear(0.0, 1.0));
        match self.samples(frame) {
            Some(samples) => look.voi = crate::render::default_voi(frame, samples),
            None => {
                if let Some(preset) = frame.presets.first() {
                    look.voi = preset.voi.clone();
                }
            }
        }
        look
    }

    /// Goes to a frame of the series in a viewport; framing and look stay.
    pub(super) fn go_to_frame(&mut self, id: ViewportId, index: usize) {
        if self.go_to_plane(id, index) {
            return;
        }
        let Some(shown) = self.shown(id) else { return };
        let last = shown.series.frames.len().saturating_sub(1);
        let Some(frame) = shown.series.frames.get(index.min(last)).cloned() else { return };
        let refit = shown.frame.size != frame.size || shown.frame.spacing != frame.spacing;
        let size = self.workspace.size(id);
        if let Some(viewport) = self.workspace.viewport_mut(id) {
            if refit || viewport.fitted {
                viewport.view.framing = Framing {
                    turn: viewport.view.framing.turn,
                    mirrored: viewport.view.framing.mirrored,
                    ..Framing::fit(&frame, size)
                };
            }
            viewport.view.of = Slice::Acquired(frame.of.clone());
        }
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
