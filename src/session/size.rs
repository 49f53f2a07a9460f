//! The three-axis size: two axes in one plane, then the third on any plane of the same space.

use glam::DVec3;

use super::placing::{Placing, Pointer};
use super::{DraftMark, Notice, Session, Shown, ViewportId, shape};
use crate::case::{DrawnOn, Kind, Measurement, Points};
use crate::geometry::{PatientPoint, PixelPoint};
use crate::image::SeriesKey;

/// A size whose two axes are drawn, and which waits for its third.
#[derive(Debug, Clone)]
pub(super) struct ThirdAxis {
    /// The first two axes: four points.
    in_plane: Measurement,
    /// Out of their plane.
    normal: DVec3,
    /// Where they were drawn: the third is drawn in the same space.
    series: SeriesKey,
    placing: Placing<PatientPoint>,
    /// What the pointer was over last.
    on: Option<DrawnOn>,
}

impl Session {
    /// Whether a three-axis size waits for its third axis.
    pub fn wants_third_axis(&self) -> bool {
        self.third_axis.is_some()
    }

    /// Two axes are drawn: the crosshair goes to their middle, so that other planes show it, and the third is awaited.
    pub(super) fn begin_third_axis(&mut self, id: ViewportId, in_plane: Measurement) {
        let shown = self.shown(id);
        let plane = shown.as_ref().and_then(|shown| shown.frame.plane);
        let middle = in_plane.points.middle();
        let (Some(shown), Some(plane), Some(middle)) = (shown, plane, middle) else {
            self.add(Measurement { kind: Kind::Bidirectional, ..in_plane });
            self.tell(Notice::warning(
                "There is no third axis on this image.",
                "It does not say where it lies in the patient; its two axes were kept.",
            ));
            return;
        };
        let series = shown.series.key();
        let placing = Placing::new(Kind::Length);
        self.third_axis = Some(ThirdAxis { in_plane, normal: plane.normal(), series, placing, on: None });
        self.point_at(id, middle);
    }

    /// The pointer while the third axis is awaited.
    pub(super) fn place_third_axis(&mut self, id: ViewportId, pointer: Pointer<PixelPoint>) {
        let Some(mut third) = self.third_axis.take() else { return };
        match pointer {
            Pointer::Cancel => return,
            // Two axes are a size too.
            Pointer::Finish if !third.placing.is_started() => {
                self.add(Measurement { kind: Kind::Bidirectional, ..third.in_plane });
                return;
            }
            Pointer::Finish | Pointer::Press(_) | Pointer::Move(_) | Pointer::Release(..) => {}
        }
        let place = self.shown(id).filter(|shown| third.is_in_space_of(self, shown));
        let Some((plane, on)) = place.and_then(|shown| Some((shown.frame.plane?, shown.drawn_on()))) else {
            if matches!(pointer, Pointer::Press(_)) {
                self.tell(Notice::warning(
                    "The third axis lies in the same space as the first two.",
                    "This series has another Frame of Reference: draw on a plane of the first.",
                ));
            }
            self.third_axis = Some(third);
            return;
        };
        let in_patient = |pixel| plane.patient_from_pixel(pixel);
        let pointer = match pointer {
            Pointer::Press(at) => Pointer::Press(in_patient(at)),
            Pointer::Move(at) => Pointer::Move(in_patient(at)),
            Pointer::Release(at, moved) => Pointer::Release(in_patient(at), moved),
            Pointer::Finish => Pointer::Finish,
            Pointer::Cancel => Pointer::Cancel,
        };
        third.on = Some(on);
        let clicks = third.placing.update(pointer);
        match clicks.and_then(|clicks| third.finished(&clicks)) {
            Some(size) => self.add(size),
            None => self.third_axis = Some(third),
        }
    }

    /// What is seen of a size that waits for its third axis: its two axes where they were drawn.
    pub fn in_plane_draft(&self, id: ViewportId) -> Option<DraftMark> {
        let third = self.third_axis.as_ref()?;
        let shown = self.shown(id).filter(|shown| third.is_in_space_of(self, shown))?;
        third.in_plane.points.shows_on(shown.frame, &shown.series.space, shown.reach()).then_some(())?;
        let points = third.in_plane.points.on_frame(shown.frame)?;
        // From the first press on the third axis says all three.
        let lines = if third.placing.is_started() {
            Vec::new()
        } else {
            let axes = Measurement { kind: Kind::Bidirectional, ..third.in_plane.clone() };
            super::marks::lines(&axes, Some(&self.evaluate_on(&axes, shown.frame)), self.label_style())
        };
        Some(DraftMark { kind: Kind::Size, points, pointer: None, lines })
    }

    /// The third axis as far as it is drawn.
    pub(super) fn third_axis_draft(&self, id: ViewportId) -> Option<DraftMark> {
        let third = self.third_axis.as_ref()?;
        let shown = self.shown(id).filter(|shown| third.is_in_space_of(self, shown))?;
        let clicks = third.placing.points();
        let size = third.finished(&clicks)?;
        let last = clicks.last()?;
        let Points::Patient { points, .. } = &size.points else { return None };
        let plane = shown.frame.plane?;
        let pixels = points[4..].iter().map(|point| plane.pixel_from_patient(*point).0).collect();
        let lines =
            super::marks::lines(&size, Some(&self.evaluate_on(&size, shown.frame)), self.label_style());
        let pointer = Some(plane.pixel_from_patient(*last).0);
        Some(DraftMark { kind: Kind::Length, points: pixels, pointer, lines })
    }
}

impl ThirdAxis {
    /// Whether the space of what is shown is that of the first two axes.
    fn is_in_space_of(&self, session: &Session, shown: &Shown<'_>) -> bool {
        session.library.series(&self.series).is_some_and(|own| own.shares_space(shown.series))
    }

    /// The size with the third axis through these two clicks: as far as they lie apart across the plane of the first two.
    fn finished(&self, clicks: &[PatientPoint]) -> Option<Measurement> {
        let (Some(first), Some(last)) = (clicks.first(), clicks.last()) else { return None };
        let Points::Patient { space, points, drawn_on } = &self.in_plane.points else { return None };
        let foot = (first.0 + last.0) / 2.0;
        let end = |click: &PatientPoint| PatientPoint(foot + self.normal * (click.0 - foot).dot(self.normal));
        let ends = [end(first), end(last)];
        if ends[0].distance(ends[1]).0 < 1e-6 {
            return None;
        }
        let points = points.iter().copied().chain(ends).collect();
        let points = Points::Patient { space: space.clone(), points, drawn_on: drawn_on.clone() };
        let third_axis_on = self.on.clone().map(Box::new);
        Some(Measurement { points, third_axis_on, ..self.in_plane.clone() })
    }
}

/// The points of a size after one of its ends was dragged to `to` on a plane.
///
/// On its own plane the first two axes turn and stretch as those of two dimensions do; every other end moves along its
/// own axis.
pub(super) fn reshaped(
    points: &Points,
    handle: usize,
    to: PixelPoint,
    shown: &Shown<'_>,
    own: bool,
) -> Option<Points> {
    let Points::Patient { space, points, drawn_on } = points else { return None };
    let plane = shown.frame.plane?;
    let mut changed = points.clone();
    if own && handle < 4 {
        let pixels: Vec<_> = points[..4].iter().map(|point| plane.pixel_from_patient(*point).0).collect();
        let spacing = shown.frame.display_spacing();
        let new = shape::reshaped(Kind::Size, &pixels, handle, to, spacing);
        for (slot, pixel) in changed.iter_mut().zip(new) {
            *slot = plane.patient_from_pixel(pixel);
        }
    } else {
        let (end, other) = (points.get(handle)?, points.get(handle ^ 1)?);
        let along = (end.0 - other.0).try_normalize()?;
        let step = (plane.patient_from_pixel(to).0 - end.0).dot(along);
        changed[handle] = PatientPoint(end.0 + along * step);
    }
    Some(Points::Patient { space: space.clone(), points: changed, drawn_on: drawn_on.clone() })
}

/// All points of a size moved by what a drag from one pixel to another is in the patient.
pub(super) fn moved(points: &Points, from: PixelPoint, to: PixelPoint, shown: &Shown<'_>) -> Option<Points> {
    let Points::Patient { space, points, drawn_on } = points else { return None };
    let plane = shown.frame.plane?;
    let step = plane.patient_from_pixel(to).0 - plane.patient_from_pixel(from).0;
    let points = points.iter().map(|point| PatientPoint(point.0 + step)).collect();
    Some(Points::Patient { space: space.clone(), points, drawn_on: drawn_on.clone() })
}
