//! What a held mouse button does in a viewport.

use egui::{PointerButton, Pos2};
use glam::DVec2;

use crate::case::MeasurementId;
use crate::geometry::PixelPoint;
use crate::image::Window;
use crate::render::{Hit, MarkDrawing};
use crate::session::placing::{Moved, Pointer};
use crate::session::{Action, Grip, GripDrag, Session, ViewportId};
use crate::view::{Framing, Look, Resolved, ScreenPoint};

use super::guides::PlaneGrip;
use super::paint::Scale;

/// Further than this (points) a click is a drag.
const TREMBLE: f32 = 4.0;

/// What the held button does.
#[derive(Debug, Clone)]
pub(super) enum Act {
    /// Window and level, from this look.
    Window(Look, Window),
    /// Move the image, from this framing.
    Pan(Framing),
    /// Magnify about where the button went down.
    Zoom(Framing),
    /// Place a shape.
    Place,
    /// Move the crosshair.
    Point,
    /// Move or turn the plane of another viewport by its line here.
    Plane(PlaneGrip),
    /// Drag a part of a mark: its name, the part, where it was taken, its drawing then.
    Grip(MeasurementId, Grip, PixelPoint, Box<MarkDrawing>),
}

/// A held button.
#[derive(Debug, Clone)]
pub(super) struct Gesture {
    pub(super) button: PointerButton,
    pub(super) act: Act,
    pub(super) from: Pos2,
    pub(super) moved: bool,
}

/// The viewport a gesture happens in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) id: ViewportId,
    pub(super) session: &'a Session,
    pub(super) resolved: &'a Resolved,
    pub(super) scale: Scale,
    /// What is drawn over the image.
    pub(super) drawings: &'a [MarkDrawing],
    /// What of it is under the pointer.
    pub(super) over: Option<Hit>,
    /// Which line of another viewport's plane is under the pointer.
    pub(super) plane: Option<PlaneGrip>,
}

impl Place<'_> {
    /// The frame point under the pointer.
    pub(super) fn pixel(&self, at: Pos2) -> PixelPoint {
        self.resolved.pixel_from_screen(self.scale.pixel(at))
    }

    /// Moves the crosshair to what is under the pointer.
    pub(super) fn point_at(&self, at: Pos2) -> Option<Action> {
        let plane = self.session.shown(self.id)?.frame.plane?;
        Some(Action::PointAt(self.id, plane.patient_from_pixel(self.pixel(at))))
    }

    fn screen_step(&self, from: Pos2, to: Pos2) -> DVec2 {
        let ScreenPoint(a) = self.scale.pixel(from);
        let ScreenPoint(b) = self.scale.pixel(to);
        b - a
    }
}

impl Gesture {
    pub(super) fn new(button: PointerButton, act: Act, from: Pos2) -> Self {
        Self { button, act, from, moved: false }
    }

    /// The pointer is at `to`, with the button held.
    pub(super) fn drag(&mut self, to: Pos2, fast: bool, place: &Place<'_>) -> Option<Action> {
        self.moved |= self.from.distance(to) > TREMBLE;
        if !self.moved && !matches!(self.act, Act::Place | Act::Point) {
            return None;
        }
        let id = place.id;
        let size = place.resolved.size;
        // Ctrl makes drags five times as fast.
        let speed = if fast { 5.0 } else { 1.0 };
        let points = (to - self.from) * speed;
        match &self.act {
            Act::Window(look, start) => {
                let sense = if place.session.settings().inverted_window_drag { -1.0 } else { 1.0 };
                let (right, up) = (f64::from(points.x) * sense, f64::from(-points.y) * sense);
                Some(Action::SetLook(id, look.window_dragged(*start, right, up)))
            }
            Act::Pan(framing) => {
                let step = place.screen_step(self.from, to) * f64::from(speed);
                Some(Action::SetFraming(id, framing.panned(step, size)))
            }
            Act::Zoom(framing) => {
                let factor = (-f64::from(points.y) / 120.0).exp();
                let ScreenPoint(anchor) = place.scale.pixel(self.from);
                Some(Action::SetFraming(id, framing.zoomed(factor, anchor, size)))
            }
            Act::Place => Some(Action::Place(id, Pointer::Move(place.pixel(to)))),
            Act::Point => place.point_at(to),
            Act::Plane(grip) => {
                let own = place.session.shown(id)?.frame.plane?;
                grip.dragged(&own, place.resolved, place.scale.pixel(to))
            }
            Act::Grip(mark, grip, from, drawing) => {
                let step = place.screen_step(self.from, to);
                let drag = GripDrag {
                    id: *mark,
                    grip: *grip,
                    from: *from,
                    to: place.pixel(to),
                    label_offset: drawing.dragged_label_offset(step, place.resolved),
                };
                Some(Action::DragGrip(id, drag))
            }
        }
    }

    /// The button comes up at `to`.
    pub(super) fn release(mut self, to: Pos2, fast: bool, place: &Place<'_>) -> Vec<Action> {
        let last = self.drag(to, fast, place);
        match self.act {
            Act::Place => {
                let moved = if self.moved { Moved::Yes } else { Moved::No };
                vec![Action::Place(place.id, Pointer::Release(place.pixel(to), moved))]
            }
            Act::Grip(mark, ..) if !self.moved => vec![Action::Select(Some(mark))],
            Act::Grip(..) => last.into_iter().chain([Action::DropGrip]).collect(),
            Act::Window(..) | Act::Pan(_) | Act::Zoom(_) | Act::Point | Act::Plane(_) => {
                last.into_iter().collect()
            }
        }
    }
}
