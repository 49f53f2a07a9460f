//! Reference lines and crosshair of a viewport: where they are on the screen, and what taking hold of them does.

use glam::{DVec2, DVec3};

use crate::geometry::{FramePlane, PatientPoint};
use crate::render::{Color, DrawingList, GuideLine, Style, guides, palette};
use crate::session::{Action, LineOf, ReferenceLine, Session, Shown, ViewportId};
use crate::view::{Plane, Resolved, ScreenPoint};

/// The colour that stands for a viewport.
pub(super) fn color_of(id: ViewportId) -> Color {
    palette::VIEWPORTS[id.0 % palette::VIEWPORTS.len()]
}

/// A reference line that the pointer took hold of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum PlaneGrip {
    /// The other plane follows the pointer.
    Move(ViewportId, Plane),
    /// The other plane turns about a point, from a direction.
    Turn(ViewportId, Plane, Pivot),
}

/// What a plane turns about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pivot {
    at: PatientPoint,
    /// Normal of the plane in which the pointer moves.
    axis: DVec3,
    /// From the pivot to where the handle was taken.
    from: DVec3,
}

/// The guides of a viewport, in screen pixels.
#[derive(Debug)]
pub(super) struct Guides {
    lines: Vec<(ReferenceLine, GuideLine)>,
    crosshair: Option<ScreenPoint>,
}

impl Guides {
    pub(super) fn of(session: &Session, id: ViewportId, resolved: &Resolved) -> Self {
        let crosshair = session.crosshair_on(id).map(|at| resolved.screen_from_pixel(at));
        let lines = session.reference_lines(id);
        let lines = lines.into_iter().map(|line| (line, guide(&line, resolved, crosshair))).collect();
        Self { lines, crosshair }
    }

    pub(super) fn drawing(&self, style: &Style) -> DrawingList {
        let lines: Vec<GuideLine> = self.lines.iter().map(|(_, line)| *line).collect();
        guides(&lines, self.crosshair, style)
    }

    /// What of a movable plane is within reach of a point.
    pub(super) fn hit(
        &self,
        session: &Session,
        shown: &Shown<'_>,
        resolved: &Resolved,
        at: ScreenPoint,
        reach: f64,
    ) -> Option<PlaneGrip> {
        let movable = || self.lines.iter().filter(|(line, _)| line.movable);
        let plane = |of: ViewportId| Some(session.shown(of)?.viewport.view.reformat()?.plane);
        for (line, guide) in movable() {
            let taken = guide.handles.into_iter().flatten().any(|handle| handle.0.distance(at.0) < reach);
            if taken {
                let own = shown.frame.plane?;
                let pivot = patient(&own, resolved, self.pivot(guide));
                let from = patient(&own, resolved, at).0 - pivot.0;
                return Some(PlaneGrip::Turn(
                    line.of,
                    plane(line.of)?,
                    Pivot { at: pivot, axis: own.normal(), from },
                ));
            }
        }
        let near = |guide: &GuideLine| distance_to(guide.ends, at.0) < reach * 0.75;
        let (line, _) = movable().find(|(_, guide)| near(guide))?;
        Some(PlaneGrip::Move(line.of, plane(line.of)?))
    }

    fn pivot(&self, guide: &GuideLine) -> ScreenPoint {
        let on_line = |at: &ScreenPoint| distance_to(guide.ends, at.0) < 2.0;
        self.crosshair.filter(on_line).unwrap_or(ScreenPoint((guide.ends[0].0 + guide.ends[1].0) / 2.0))
    }
}

impl PlaneGrip {
    /// What dragging it to a point of the viewport does.
    pub(super) fn dragged(&self, own: &FramePlane, resolved: &Resolved, to: ScreenPoint) -> Option<Action> {
        let point = patient(own, resolved, to);
        match self {
            Self::Move(of, plane) => Some(Action::SetPlane(*of, plane.through(point))),
            Self::Turn(of, plane, pivot) => {
                let to = point.0 - pivot.at.0;
                if to.length() < 1e-6 || pivot.from.length() < 1e-6 {
                    return None;
                }
                let angle = pivot.from.cross(to).dot(pivot.axis).atan2(pivot.from.dot(to));
                Some(Action::SetPlane(*of, plane.turned(pivot.at, pivot.axis, angle)))
            }
        }
    }
}

fn patient(plane: &FramePlane, resolved: &Resolved, at: ScreenPoint) -> PatientPoint {
    plane.patient_from_pixel(resolved.pixel_from_screen(at))
}

/// The line on the screen, with handles a third of the viewport from the crosshair or its own middle.
fn guide(line: &ReferenceLine, resolved: &Resolved, crosshair: Option<ScreenPoint>) -> GuideLine {
    let ends = line.ends.map(|end| resolved.screen_from_pixel(end));
    let mut handles = [None; 2];
    if line.movable {
        let [a, b] = ends.map(|end| end.0);
        let on_line = crosshair.filter(|at| distance_to(ends, at.0) < 2.0);
        let middle = on_line.map_or((a + b) / 2.0, |at| at.0);
        let along = (b - a).normalize_or_zero();
        let size = resolved.size;
        let corner = DVec2::new(f64::from(size.width), f64::from(size.height));
        let step = corner.min_element() * 0.34;
        for (handle, side) in handles.iter_mut().zip([-1.0, 1.0]) {
            let at = middle + along * step * side;
            let seen = at.cmpge(DVec2::ZERO).all() && at.cmple(corner).all();
            *handle = (seen && along != DVec2::ZERO).then_some(ScreenPoint(at));
        }
    }
    GuideLine { ends, color: color_of(line.of), faint: line.slice == LineOf::End, handles }
}

/// How far a point is from a line between two points.
fn distance_to([a, b]: [ScreenPoint; 2], at: DVec2) -> f64 {
    let step = b.0 - a.0;
    let along = ((at - a.0).dot(step) / step.length_squared().max(1e-12)).clamp(0.0, 1.0);
    at.distance(a.0 + step * along)
}
