//! One point of the patient shared by all viewports, and the lines where they cut each other.

use super::planes::nearest_of;
use super::{Session, Shown, ViewportId};
use crate::geometry::{FramePlane, PatientPoint, PixelPoint};
use crate::image::{Frame, FrameOfReference};
use crate::view::Slice;

/// A point of the patient that all viewports of its space show.
#[derive(Debug, Clone, PartialEq)]
pub struct Crosshair {
    /// The space of the point.
    pub space: FrameOfReference,
    /// The point.
    pub point: PatientPoint,
}

/// Which slice of a viewport a reference line stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineOf {
    /// The one that it shows.
    Shown,
    /// The first or last of its series.
    End,
}

/// Where another viewport's slice cuts through the one shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReferenceLine {
    /// The other viewport.
    pub of: ViewportId,
    /// Which of its slices.
    pub slice: LineOf,
    /// Both ends, in pixels of the frame shown.
    pub ends: [PixelPoint; 2],
    /// Whether the other viewport shows a plane that can be moved and turned.
    pub movable: bool,
}

impl Session {
    /// The shared point, once there is one.
    pub fn crosshair(&self) -> Option<&Crosshair> {
        self.crosshair.as_ref()
    }

    /// The shared point, if it is one of that space.
    pub fn crosshair_in(&self, space: &FrameOfReference) -> Option<PatientPoint> {
        self.crosshair.as_ref().filter(|crosshair| crosshair.space == *space).map(|crosshair| crosshair.point)
    }

    /// Where the crosshair lies on what a viewport shows, in pixels; `None` while it is hidden or of another space.
    pub fn crosshair_on(&self, id: ViewportId) -> Option<PixelPoint> {
        if self.workspace.crosshair_hidden {
            return None;
        }
        let shown = self.shown(id)?;
        let point = self.crosshair_in(&shown.series.space)?;
        Some(shown.frame.plane?.pixel_from_patient(point).0)
    }

    /// Moves the crosshair of what a viewport shows: every viewport of that space goes to the slice that holds the point.
    pub(super) fn point_at(&mut self, from: ViewportId, point: PatientPoint) {
        let Some(space) = self.shown(from).map(|shown| shown.series.space.clone()) else { return };
        if !point.0.is_finite() {
            return;
        }
        self.crosshair = Some(Crosshair { space, point });
        for id in self.workspace.visible() {
            let shares = |shown: &Shown<'_>| {
                self.shown(from).is_some_and(|from| shown.series.shares_space(from.series))
            };
            let Some(shown) = self.shown(id).filter(shares) else { continue };
            match &shown.viewport.view.of {
                Slice::Acquired(_) => {
                    // Another image at the same place would be another time.
                    let off = |plane: &FramePlane| Some(plane.pixel_from_patient(point).1.0.abs());
                    let index = nearest_of(shown.series, Some(shown.index), off);
                    if let Some(index) = index.filter(|index| *index != shown.index) {
                        self.go_to_frame(id, index);
                    }
                }
                Slice::Reformat(reformat) => {
                    let plane = reformat.plane.through(point);
                    if reformat.plane.distance(point).0.abs() > 1e-9 {
                        self.set_plane(id, plane);
                    }
                }
            }
        }
    }

    /// The lines where the slices of the other viewports in sight cut through what one shows.
    ///
    /// Of the active viewport the first and last slice are there as well. Only viewports of one Frame of Reference
    /// know where they are to each other.
    pub fn reference_lines(&self, id: ViewportId) -> Vec<ReferenceLine> {
        let mut lines = Vec::new();
        if self.workspace.lines_hidden {
            return lines;
        }
        let Some(shown) = self.shown(id) else { return lines };
        let Some(plane) = shown.frame.plane else { return lines };
        let cut = |frame: &Frame| {
            let outline = frame.plane?.outline(frame.size.columns, frame.size.rows);
            Some(plane.cut(&outline)?.map(|end| plane.pixel_from_patient(end).0))
        };
        for of in self.workspace.visible().into_iter().filter(|of| *of != id) {
            let Some(other) = self.shown(of).filter(|other| other.series.shares_space(shown.series)) else {
                continue;
            };
            let movable = other.viewport.view.reformat().is_some();
            lines.extend(cut(other.frame).map(|ends| ReferenceLine {
                of,
                slice: LineOf::Shown,
                ends,
                movable,
            }));
            if of == self.workspace.active && !movable {
                let frames = &other.series.frames;
                let ends = [frames.first(), frames.last()].into_iter().flatten();
                let ends = ends.filter(|frame| frame.of != other.frame.of).filter_map(|frame| cut(frame));
                lines.extend(ends.map(|ends| ReferenceLine { of, slice: LineOf::End, ends, movable: false }));
            }
        }
        lines
    }
}
