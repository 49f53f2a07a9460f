//! Two visits that scroll together: "these two slices match", said by the reader or proposed.

use super::links::is_parallel;
use super::propose::{self, Proposal};
use super::{Notice, Session, ViewportId};
use crate::case::{Edit, SpaceLink};
use crate::geometry::{FramePlane, Mm, PatientPoint};
use crate::image::FrameOfReference;

/// Stacks that are turned more than 20 degrees to each other are not compared slice by slice.
const ALIKE: f64 = 0.94;

/// One side of a lock: what a viewport shows, and where.
struct Side {
    id: ViewportId,
    space: FrameOfReference,
    plane: FramePlane,
    middle: PatientPoint,
}

impl Session {
    /// The viewports in sight whose space is locked to that of a viewport.
    pub fn locked_to(&self, id: ViewportId) -> Vec<ViewportId> {
        let Some(shown) = self.shown(id) else { return Vec::new() };
        let space = &shown.series.space;
        let locked = |other: &ViewportId| {
            let other = self.shown(*other).map(|other| &other.series.space);
            other.is_some_and(|other| other != space && self.case().offset_between(space, other).is_some())
        };
        self.workspace.visible().into_iter().filter(|other| *other != id && locked(other)).collect()
    }

    fn side(&self, id: ViewportId) -> Option<Side> {
        let shown = self.shown(id)?;
        let (plane, middle) = (shown.frame.plane?, shown.middle()?);
        Some(Side { id, space: shown.series.space.clone(), plane, middle })
    }

    /// The active viewport and the one that it is locked to: the one that was active before, or else the first of
    /// another space, of the same modality if there is one.
    fn sides(&mut self) -> Option<[Side; 2]> {
        let active = self.workspace.active;
        let modality = |id: ViewportId| self.shown(id).map(|shown| shown.series.info.modality.clone());
        let found = self.side(active).and_then(|own| {
            let others = self.workspace.visible().into_iter().filter(|id| *id != active);
            let fit = |other: &Side| {
                other.space != own.space && is_parallel(other.plane.normal(), own.plane.normal())
            };
            let mut others: Vec<Side> = others.filter_map(|id| self.side(id)).filter(fit).collect();
            others.sort_by_key(|other| {
                (self.workspace.before != Some(other.id), modality(other.id) != modality(active))
            });
            let other = others.into_iter().next()?;
            Some([own, other])
        });
        if found.is_none() {
            self.tell(Notice::info(
                "There is nothing to lock these slices to.",
                "Show a series of another date beside them, cut in about the same direction. \
                 Series of one Frame of Reference need no lock: link scrolling is enough.",
            ));
        }
        found
    }

    /// What the active viewport and its partner show now is the same place.
    pub(super) fn lock_slices(&mut self) {
        let Some([own, other]) = self.sides() else { return };
        let offset = other.middle.0 - own.middle.0;
        self.workspace.links.scroll = true;
        self.commit(Edit::LockSpaces(SpaceLink::new(own.space, other.space, offset)));
        let along = Mm(offset.dot(own.plane.normal()));
        self.tell(Notice::info(
            "These slices are locked to each other.",
            format!(
                "Image {} is {along} from image {} along the slices' normal. They scroll together.",
                other.id.0 + 1,
                own.id.0 + 1
            ),
        ));
    }

    /// The space of the active viewport is locked to no other any more.
    pub(super) fn unlock_slices(&mut self) {
        let Some(space) = self.shown(self.workspace.active).map(|shown| shown.series.space.clone()) else {
            return;
        };
        self.commit(Edit::UnlockSpace(space));
    }

    /// Locks the active viewport and its partner by what their images look like.
    pub(super) fn propose_lock(&mut self) {
        let Some([own, other]) = self.sides() else { return };
        let alike = own.plane.normal().dot(other.plane.normal()).abs() > ALIKE;
        let proposal = self
            .volumes(&own, &other)
            .filter(|_| alike)
            .and_then(|(a, b, same)| propose::by_profiles(&a, &b, &own.plane, same));
        let guessed = proposal.or_else(|| {
            let middle = |id| Some(self.shown(id)?.series.slices.as_ref().ok()?.middle());
            let offset = middle(other.id)?.0 - middle(own.id)?.0;
            Some(Proposal { offset, likeness: 0.0 })
        });
        let Some(Proposal { offset, .. }) = guessed else {
            self.tell(Notice::warning(
                "No lock can be proposed.",
                "One of the series is no stack of slices. Lock the slices by hand.",
            ));
            return;
        };
        let along = Mm(offset.dot(own.plane.normal()));
        self.workspace.links.scroll = true;
        self.commit(Edit::LockSpaces(SpaceLink::new(own.space, other.space, offset)));
        let why = if proposal.is_some() {
            "The slices look most alike there."
        } else {
            "The middles of the stacks are put together: their images say no more."
        };
        self.tell(Notice::info(
            format!("Proposed: {along}; lock slices to correct it."),
            format!(
                "{why} From image {} to image {}, along the slices' normal.",
                own.id.0 + 1,
                other.id.0 + 1
            ),
        ));
    }

    /// Both volumes, and whether their values mean the same; `None` while an image of either is not there.
    fn volumes(
        &self,
        own: &Side,
        other: &Side,
    ) -> Option<(crate::image::Volume, crate::image::Volume, bool)> {
        let [own, other] = [self.shown(own.id)?, self.shown(other.id)?];
        let volume = |series| self.volume(series).filter(|v| v.samples.iter().all(Option::is_some));
        let same = own.series.info.modality == other.series.info.modality;
        Some((volume(own.series)?, volume(other.series)?, same))
    }
}
