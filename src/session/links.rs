//! Viewports that follow each other: by place in the patient, by window, by scale.
//!
//! After every action the viewport that it changed leads, and the others of the layout follow. Followers lead nobody.

use super::placing::Pointer;
use super::{Action, Session, Shown, Tool, ViewportId, WindowOrigin};
use crate::geometry::{FramePlane, Mm, PatientPoint, PixelPoint};
use crate::image::Voi;
use crate::view::Slice;
use glam::DVec3;

/// Slices whose normals are less than 30 degrees apart scroll together; others cut across.
const PARALLEL: f64 = 0.866;

/// What viewports can have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Link {
    /// The place in the patient.
    Scroll,
    /// The window.
    Window,
    /// mm per pixel of the screen.
    Scale,
}

impl Link {
    /// Every link, in menu order.
    pub const ALL: [Self; 3] = [Self::Scroll, Self::Window, Self::Scale];

    /// The name in menus.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scroll => "Link scrolling",
            Self::Window => "Link window",
            Self::Scale => "Link scale",
        }
    }
}

/// What the viewports have in common now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Links {
    /// Scrolling one moves the others to the same place in the patient.
    pub scroll: bool,
    /// A window goes to the others of the same modality and unit.
    pub window: bool,
    /// All show as many mm per pixel of the screen.
    pub scale: bool,
}

impl Links {
    /// Whether a link is on.
    pub fn is_on(self, link: Link) -> bool {
        match link {
            Link::Scroll => self.scroll,
            Link::Window => self.window,
            Link::Scale => self.scale,
        }
    }

    pub(super) fn toggle(&mut self, link: Link) {
        let on = match link {
            Link::Scroll => &mut self.scroll,
            Link::Window => &mut self.window,
            Link::Scale => &mut self.scale,
        };
        *on = !*on;
    }
}

/// Who leads after an action, and in what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lead {
    link: Link,
    /// `None` for the viewport that is active then.
    id: Option<ViewportId>,
    /// Viewports of the same space are where they belong already.
    elsewhere: bool,
}

impl Lead {
    #[expect(clippy::wildcard_enum_match_arm, reason = "most actions lead nowhere")]
    pub(super) fn of(action: &Action, tool: Tool) -> Option<Self> {
        let (link, id) = match action {
            Action::Scroll(id, _) | Action::GoToSlice(id, _) | Action::SetPlane(id, _) => {
                (Link::Scroll, Some(*id))
            }
            Action::PointAt(id, _) => {
                return Some(Self { link: Link::Scroll, id: Some(*id), elsewhere: true });
            }
            Action::GoToMeasurement(_) | Action::ShowComparison => (Link::Scroll, None),
            Action::SetLook(id, _) | Action::UsePreset(id, _) | Action::AutoWindow(id) => {
                (Link::Window, Some(*id))
            }
            Action::Place(id, Pointer::Release(..)) if tool == Tool::AutoWindow => (Link::Window, Some(*id)),
            Action::SetFraming(id, _) | Action::Fit(id) => (Link::Scale, Some(*id)),
            Action::ToggleLink(link) => (*link, None),
            _ => return None,
        };
        Some(Self { link, id, elsewhere: false })
    }
}

impl Session {
    /// After an action: whoever is linked to the viewport that it changed follows.
    pub(super) fn follow(&mut self, lead: Option<Lead>) {
        let links = self.workspace.links;
        let active = self.workspace.active;
        if let Some(Lead { link, id, elsewhere }) = lead.filter(|lead| links.is_on(lead.link)) {
            let id = id.unwrap_or(active);
            match link {
                Link::Scroll => self.follow_scroll(id, elsewhere),
                Link::Window => self.follow_window(id),
                Link::Scale => self.follow_scale(id),
            }
        } else if links.scale {
            // Whatever was shown or resized: the scale stays one.
            self.follow_scale(active);
        }
    }

    /// The scale of the active viewport goes to whatever was shown since.
    pub(super) fn keep_scale(&mut self) {
        if self.workspace.links.scale {
            self.follow_scale(self.workspace.active);
        }
    }

    /// Also viewports out of sight follow: they are right when they come back.
    fn others(&self, lead: ViewportId) -> impl Iterator<Item = ViewportId> + use<> {
        (0..self.workspace.layout.count()).map(ViewportId).filter(move |id| *id != lead)
    }

    fn follow_scroll(&mut self, lead: ViewportId, elsewhere: bool) {
        let Some(shown) = self.shown(lead) else { return };
        let (Some(plane), Some(middle)) = (shown.frame.plane, shown.middle()) else { return };
        let (space, normal) = (shown.series.space.clone(), plane.normal());
        for id in self.others(lead) {
            let Some(other) = self.shown(id) else { continue };
            let same = other.series.space == space;
            let Some(offset) = self.case().offset_between(&space, &other.series.space) else { continue };
            if same && elsewhere {
                continue;
            }
            let there = PatientPoint(middle.0 + offset);
            match &other.viewport.view.of {
                Slice::Acquired(_) => {
                    if let Some(index) = slice_at(&other, there, normal).filter(|index| *index != other.index)
                    {
                        self.go_to_frame(id, index);
                    }
                }
                Slice::Reformat(reformat) => {
                    let own = reformat.plane;
                    let Some(seen) = other.middle().filter(|_| is_parallel(own.normal(), normal)) else {
                        continue;
                    };
                    // Where the line through what is seen meets the plane that the leader shows.
                    let meets = seen.0 + normal * (there.0 - seen.0).dot(normal);
                    self.go_through(id, PatientPoint(meets));
                }
            }
        }
    }

    fn follow_window(&mut self, lead: ViewportId) {
        let Some(shown) = self.shown(lead).filter(|shown| !shown.frame.color) else { return };
        // A table is of one file: it says nothing of other images.
        let Voi::Window(window) = shown.viewport.view.look.voi else { return };
        let (modality, unit) = (shown.series.info.modality.clone(), shown.frame.unit.clone());
        for id in self.others(lead) {
            let alike = self.shown(id).is_some_and(|other| {
                other.series.info.modality == modality && other.frame.unit == unit && !other.frame.color
            });
            if let Some(viewport) = self.workspace.viewport_mut(id).filter(|_| alike) {
                viewport.view.look.voi = Voi::Window(window);
                viewport.window = WindowOrigin::Settled;
            }
        }
    }

    fn follow_scale(&mut self, lead: ViewportId) {
        let Some(shown) = self.shown(lead).filter(|shown| shown.frame.spacing.is_some()) else { return };
        let scale = shown.viewport.view.framing.mm_per_pixel(self.workspace.size(lead));
        for id in self.others(lead) {
            let size = self.workspace.size(id);
            let measured = self.shown(id).is_some_and(|other| other.frame.spacing.is_some());
            let Some(viewport) = self.workspace.viewport_mut(id).filter(|_| measured) else { continue };
            let framing = &mut viewport.view.framing;
            if (framing.mm_per_pixel(size) / scale - 1.0).abs() > 1e-9 {
                framing.height = Mm(scale * f64::from(size.height.max(1)));
                viewport.fitted = false;
            }
        }
    }
}

/// Whether slices with these normals lie side by side.
pub(super) fn is_parallel(a: DVec3, b: DVec3) -> bool {
    a.dot(b).abs() > PARALLEL
}

/// Of the slices that lie along a normal the one that is nearest to a point, as far as the middle of the view goes.
///
/// At the middle of what is seen, not of the frame: tilted slices are beside the point in different ways.
fn slice_at(other: &Shown<'_>, there: PatientPoint, normal: DVec3) -> Option<usize> {
    let center = other.viewport.view.framing.center;
    let off = |plane: &FramePlane| {
        let seen = plane.patient_from_pixel(PixelPoint(plane.spacing().pixel_from_mm(center)));
        (seen.0 - there.0).dot(normal).abs()
    };
    let parallel = |plane: &&FramePlane| is_parallel(plane.normal(), normal);
    let offs = other
        .series
        .frames
        .iter()
        .enumerate()
        .filter_map(|(index, frame)| Some((off(frame.plane.as_ref().filter(parallel)?), index)));
    let (least, nearest) = offs.min_by(|a, b| a.0.total_cmp(&b.0))?;
    // Of several images at one place the one that is shown stays.
    let now = other.frame.plane.as_ref().filter(parallel).map(off);
    Some(if now.is_some_and(|now| now <= least + 1e-6) { other.index } else { nearest })
}
