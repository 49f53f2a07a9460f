//! What a panel of a figure is drawn from, and whether it is there yet.

use std::sync::Arc;

use crate::case::figure::{MeasurementsShown, PanelFacts};
use crate::case::{Figure, Panel, SavedView};
use crate::geometry::Mm;
use crate::image::{Frame, Voi};
use crate::render::{MarkInput, PanelImage, acquired_dpi, framing_on};
use crate::session::workspace::{Viewport, WindowOrigin};
use crate::session::{Mark, Pixels, Session, Shown, ShownImage};
use crate::view::{Framing, Look, ViewportSize};

/// A panel's shape does not matter where only its image is looked for.
const ANY_SIZE: ViewportSize = ViewportSize { width: 1000, height: 1000 };

/// Why a panel cannot be drawn, or not yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PanelState {
    /// Its series, or the image of it, is not open.
    NotOpen,
    /// Its pixels are on their way: so many of so many images are there.
    Loading {
        /// Images that are there.
        loaded: usize,
        /// Images that there will be.
        of: usize,
    },
    /// It cannot be read.
    Failed(String),
}

/// What a panel is drawn from: held, so that it may be drawn on another thread.
#[derive(Debug, Clone)]
pub struct PanelDrawing {
    image: ShownImage,
    framing: Framing,
    fitted: bool,
    look: Look,
    marks: Vec<Mark>,
    window: String,
    /// What the picture lacks for good, in words.
    pub lacks: Option<String>,
}

impl PanelDrawing {
    /// The measurements as they are drawn.
    pub fn marks(&self) -> Vec<MarkInput<'_>> {
        self.marks.iter().map(Mark::input).collect()
    }

    /// The same for the renderer, with [`Self::marks`].
    pub fn panel<'a>(&'a self, marks: &'a [MarkInput<'a>]) -> PanelImage<'a> {
        PanelImage {
            image: self.image.image(),
            framing: self.framing,
            fitted: self.fitted,
            look: &self.look,
            marks,
            window: &self.window,
        }
    }

    /// The frame shown, acquired or computed.
    pub fn frame(&self) -> &Frame {
        self.image.image().frame
    }

    /// Window, colours, interpolation.
    pub fn look(&self) -> &Look {
        &self.look
    }

    /// The framing in a panel of that width over height.
    pub fn framing(&self, aspect: f64) -> Framing {
        framing_on(self.framing, self.fitted, self.frame(), aspect)
    }

    /// Whether another one looks the same in the same panel.
    pub fn looks_like(&self, other: &Self) -> bool {
        let marks = self.marks.len() == other.marks.len()
            && self.marks.iter().zip(&other.marks).all(|(own, other)| {
                Arc::ptr_eq(&own.measurement, &other.measurement)
                    && own.lines == other.lines
                    && own.outlines == other.outlines
            });
        marks
            && self.framing == other.framing
            && self.fitted == other.fitted
            && self.look == other.look
            && self.window == other.window
            && self.image.is_same(&other.image)
    }

    /// What is known of the image on a panel of that size on paper, mm.
    pub fn facts(&self, size_mm: glam::DVec2) -> PanelFacts {
        let framing = self.framing(size_mm.x / size_mm.y);
        let acquired = acquired_dpi(self.frame(), &framing, Mm(size_mm.y));
        PanelFacts { acquired_dpi: acquired, missing: false }
    }
}

impl Session {
    /// What a kept view would show in a viewport of its own; `None` where its image is not open.
    pub(super) fn viewport_of_view(&self, view: &SavedView) -> Option<Viewport> {
        self.viewport_sized(ANY_SIZE, view)
    }

    /// What a panel is drawn from; why not, where it cannot be drawn or not yet.
    pub fn panel_drawing(&self, panel: &Panel) -> Result<PanelDrawing, PanelState> {
        let viewport = self.viewport_of_view(&panel.view).ok_or(PanelState::NotOpen)?;
        let shown = self.shown_in(&viewport).ok_or(PanelState::NotOpen)?;
        let (loaded, of) = self.loaded_of(&shown);
        if loaded < of {
            if let Some(why) = self.needs.refused_figures() {
                return Err(PanelState::Failed(why.to_string()));
            }
            return Err(PanelState::Loading { loaded, of });
        }
        if shown.viewport.view.reformat().is_none()
            && let Some(Pixels::Failed(why)) = self.library.pixels(shown.frame)
        {
            return Err(PanelState::Failed(why.clone()));
        }
        let image = self.image_of(&shown).ok_or(PanelState::Loading { loaded, of })?;
        let mut marks = match panel.measurements {
            MeasurementsShown::None => Vec::new(),
            MeasurementsShown::Lines | MeasurementsShown::Values => self.marks_on(&shown, None),
        };
        if panel.measurements == MeasurementsShown::Values {
            // A label without its values would say something else than it will.
            let waits = |mark: &&Mark| self.waits_for_pixels(&mark.measurement);
            let waiting = marks.iter().filter(waits).count();
            if waiting > 0 {
                return Err(PanelState::Loading { loaded, of: of + waiting });
            }
        }
        for mark in &mut marks {
            mark.selected = false;
            if panel.measurements == MeasurementsShown::Lines {
                mark.lines.clear();
            }
        }
        let look = viewport.view.look.clone();
        Ok(PanelDrawing {
            image,
            framing: panel.view.framing,
            fitted: panel.view.fitted,
            window: window_words(&look),
            look,
            marks,
            lacks: self.lacks_of(&shown),
        })
    }

    /// How many of the images that a picture needs have been read, or could not be.
    fn loaded_of(&self, shown: &Shown<'_>) -> (usize, usize) {
        let frames = self.frames_shown(shown);
        (frames.iter().filter(|frame| self.library.pixels(frame).is_some()).count(), frames.len())
    }

    /// The figure shown, and those of a report that is about to leave.
    fn figures_wanted(&self) -> Vec<Arc<Figure>> {
        self.figure().into_iter().chain(self.figures_leaving()).map(Arc::clone).collect()
    }

    /// The series of the figures wanted: their pixels are kept.
    pub(in crate::session) fn series_of_figure(&self) -> Vec<crate::image::SeriesKey> {
        let figures = self.figures_wanted();
        let panels = || figures.iter().flat_map(|figure| &figure.panels);
        let own = panels().filter_map(|panel| self.series_of(&panel.view)).map(|series| series.key());
        let over = panels().filter_map(|panel| {
            let over = panel.view.over.as_ref()?;
            self.library.part(&over.series, over.part.as_ref()).map(|series| series.key())
        });
        own.chain(over).collect()
    }

    /// The images that the figures wanted need, each as often as it is needed.
    pub(in crate::session) fn frames_of_figure(&self) -> Vec<Arc<Frame>> {
        let figures = self.figures_wanted();
        let panels = figures.iter().flat_map(|figure| &figure.panels);
        panels.flat_map(|panel| self.frames_of_panel(panel)).collect()
    }

    /// The images that a panel needs.
    pub(in crate::session) fn frames_of_panel(&self, panel: &Panel) -> Vec<Arc<Frame>> {
        let Some(viewport) = self.viewport_of_view(&panel.view) else { return Vec::new() };
        let Some(shown) = self.shown_in(&viewport) else { return Vec::new() };
        let mut frames = self.frames_shown(&shown);
        if viewport.window != WindowOrigin::Settled {
            frames.extend(shown.series.middle().map(Arc::clone));
        }
        frames
    }
}

/// A window in words, as on the screen: `W 80 L 40`. Tables have none.
pub(super) fn window_words(look: &Look) -> String {
    match &look.voi {
        Voi::Window(window) => {
            let words = |value: f64| crate::numbers::fitting(value, window.width);
            format!("W {} L {}", words(window.width), words(window.center))
        }
        Voi::Lut(_) => String::new(),
    }
}
