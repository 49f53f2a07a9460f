//! Viewports that follow each other: by place in the patient, by window, by scale.
//!
//! After every action the viewport that it changed leads, and the others of the layout follow. Followers lead nobody.

use super::placing::Pointer;
use super::planes::nearest_of;
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
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
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
    /// Who follows.
    followers: Followers,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Followers {
    /// All others.
    All,
    /// Those of other spaces: those of the same are where they belong already.
    Elsewhere,
    /// The viewport itself, which shows something new, follows the others.
    Itself,
}

impl Lead {
    #[expect(clippy::wildcard_enum_match_arm, reason = "most actions lead nowhere")]
    pub(super) fn of(action: &Action, tool: Tool) -> Option<Self> {
        let (link, id) = match action {
            Action::Scroll(id, _) | Action::GoToSlice(id, _) | Action::SetPlane(id, _) => {
                (Link::Scroll, Some(*id))
            }
            Action::PointAt(id, _) => {
                return Some(Self { link: Link::Scroll, id: Some(*id), followers: Followers::Elsewhere });
            }
            Action::ShowSeries(id, _) | Action::StepSeries(id, _) => {
                return Some(Self { link: Link::Scroll, id: Some(*id), followers: Followers::Itself });
            }
            Action::GoToMeasurement(_) | Action::ShowComparison => (Link::Scroll, None),
            Action::SetLook(id, _) | Action::UsePreset(id, _) | Action::AutoWindow(id) => {
                (Link::Window, Some(*id))
            }
            Action::Place(id, Pointer::Release(..)) if tool == Tool::AutoWindow => (Link::Window, Some(*id)),
            Action::SetFraming(id, _) | Action::Fit(id) | Action::TrueSize(id) => (Link::Scale, Some(*id)),
            Action::ToggleLink(link) => (*link, None),
            _ => return None,
        };
        Some(Self { link, id, followers: Followers::All })
    }
}

impl Session {
    /// After an action: whoever is linked to the viewport that it changed follows.
    pub(super) fn follow(&mut self, lead: Option<Lead>) {
        let links = self.workspace.links;
        let active = self.workspace.active;
        let lead = lead.filter(|lead| links.is_on(lead.link));
        let id = lead.and_then(|lead| lead.id).unwrap_or(active);
        match lead.map(|lead| (lead.link, lead.followers)) {
            Some((Link::Scroll, Followers::Itself)) => self.join(id),
            Some((Link::Scroll, followers)) => {
                for other in self.others(id) {
                    self.follow_scroll(id, other, followers == Followers::Elsewhere);
                }
            }
            Some((Link::Window, _)) => self.follow_window(id),
            Some((Link::Scale, _)) => return self.follow_scale(id),
            None => {}
        }
        // Whatever was shown or resized: the scale stays one.
        self.keep_scale();
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

    /// A viewport that shows another series goes to where those that it is linked to are.
    fn join(&mut self, id: ViewportId) {
        let Some(space) = self.shown(id).map(|shown| shown.series.space.clone()) else { return };
        let knows = |other: &ViewportId| {
            let other = self.shown(*other).map(|other| &other.series.space);
            other.is_some_and(|other| self.case().offset_between(other, &space).is_some())
        };
        let lead = self.others(id).find(knows);
        if let Some(lead) = lead {
            self.follow_scroll(lead, id, false);
        }
    }

    /// One viewport goes to the place that another one shows, if it lies in about the same direction.
    fn follow_scroll(&mut self, lead: ViewportId, id: ViewportId, elsewhere: bool) {
        let (Some(shown), Some(other)) = (self.shown(lead), self.shown(id)) else { return };
        let (Some(plane), Some(middle)) = (shown.frame.plane, shown.middle()) else { return };
        let (from, to) = (&shown.series.space, &other.series.space);
        // One space under two patients' names is none that they share.
        if from == to && (elsewhere || !other.series.shares_space(shown.series)) {
            return;
        }
        let Some(offset) = self.case().offset_between(from, to) else { return };
        let normal = plane.normal();
        let there = PatientPoint(middle.0 + offset);
        match &other.viewport.view.of {
            Slice::Acquired(_) => {
                if let Some(index) = slice_at(&other, there, normal).filter(|index| *index != other.index) {
                    self.go_to_frame(id, index);
                }
            }
            Slice::Reformat(reformat) => {
                let own = reformat.plane;
                let Some(seen) = other.middle().filter(|_| is_parallel(own.normal(), normal)) else { return };
                // Where the line through what is seen meets the plane that the leader shows.
                let meets = seen.0 + normal * (there.0 - seen.0).dot(normal);
                self.go_through(id, PatientPoint(meets));
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
    nearest_of(other.series, Some(other.index), |plane| {
        is_parallel(plane.normal(), normal).then(|| off(plane))
    })
}
