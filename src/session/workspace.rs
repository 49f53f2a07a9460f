//! Layout, viewports and what is written over them.

use std::sync::Arc;

use super::over::Over;
use crate::image::{Frame, SeriesKey};
use crate::view::{View, ViewportSize};

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
#[expect(clippy::struct_excessive_bools, reason = "each says one thing of it")]
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
    /// It was opened while files still came, and nobody has done anything with it since.
    pub(super) untouched: bool,
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

    /// The reader does something: what is shown stays as it is.
    pub(super) fn touch(&mut self) {
        for viewport in self.viewports.iter_mut().flatten() {
            viewport.untouched = false;
        }
    }

    pub(super) fn clear(&mut self) {
        self.viewports.fill(None);
        self.left_empty = false;
        self.maximised = None;
        self.active = ViewportId(0);
    }
}
