//! A mask on another series of its space, and two masks against each other.

use std::sync::Arc;

use glam::DVec3;

use super::jobs::Done;
use super::{Notice, Session};
use crate::case::{Edit, Measurement};
use crate::geometry::SliceStack;
use crate::mask::Mask;

impl Session {
    /// Marks the same place in the series of the active viewport: density on CT of what was marked on MR.
    pub(super) fn copy_mask(&mut self) {
        let Some((id, mask, from)) = self.selected_mask() else { return };
        let active = self.workspace.active;
        let there = self.shown(active).map(|shown| Arc::clone(shown.series));
        let own = self.series_of_mask(&mask).cloned();
        let (Some(there), Some(own)) = (there, own) else { return };
        let Some(to) =
            there.slices.clone().ok().filter(|_| there.shares_space(&own) && !there.is(&own.key()))
        else {
            self.tell(Notice::info(
                "The mask is on this series already, or there is no way to it.",
                "Show another series of the same Frame of Reference in the active viewport.",
            ));
            return;
        };
        let voxels = resampled(&mask.voxels, &from, &to);
        if voxels.is_empty() {
            self.tell(Notice::warning(
                "The other series does not reach there.",
                "No voxel of it lies in the mask.",
            ));
            return;
        }
        let Some(old) = self.case().measurement(id).cloned() else { return };
        let at = old.points.middle().unwrap_or_else(|| to.middle());
        let slice = super::planes::nearest_slice(&there, at).unwrap_or(0);
        let (lesion, label) = (old.lesion, old.label.clone());
        let copy = Measurement { label, lesion, ..super::mold::mask_on(&there, voxels, at, slice) };
        self.commit(Edit::Add(copy));
        self.selected = self.case().measurements.last().map(|m| m.id);
    }

    /// How two masks of one stack lie to each other: the selected one and the next of its lesion.
    pub(super) fn compare_masks(&mut self) {
        let Some((id, mask, slices)) = self.selected_mask() else { return };
        let lesion = self.case().measurement(id).and_then(|m| m.lesion);
        let others = self.case().measurements.iter().filter(|m| m.id != id && m.lesion == lesion);
        let mut others = others.filter_map(|m| Some((m.id, m.mask.clone()?)));
        let other = others.find(|(_, other)| (&other.series, &other.part) == (&mask.series, &mask.part));
        let Some((other_id, other)) = other else {
            self.tell(Notice::info(
                "There is no other mask of this lesion on this series.",
                "Two masks of one series are compared, such as those of two readers.",
            ));
            return;
        };
        self.jobs.spawn("isodense-masks", move |report| {
            let words = match mask.voxels.agreement(&other.voxels, &slices) {
                Ok(found) => {
                    let surface = found.surface.map_or_else(String::new, |surface| {
                        format!(
                            "; surfaces {} mm apart on average, {} mm at most (Hausdorff), {} mm for 95 %",
                            crate::case::number(surface.mean.0, 2),
                            crate::case::number(surface.hausdorff.0, 2),
                            crate::case::number(surface.hausdorff_95.0, 2)
                        )
                    });
                    format!("Dice {}{surface}.", crate::case::number(found.dice, 3))
                }
                Err(why) => why.to_string(),
            };
            report.send(Done::Compared(id, other_id, words));
        });
    }
}

/// The voxels of another stack whose centres lie in a mask.
fn resampled(mask: &Mask, from: &SliceStack, to: &SliceStack) -> Mask {
    let [columns, rows] = to.size();
    let size = [columns, rows, to.slices()];
    let Some(bounds) = mask.bounds() else { return Mask::empty(size) };
    // The box of the mask with a voxel around it, in voxels of the other stack.
    let corner = |corner: usize| {
        let side = |axis: usize| {
            if corner >> axis & 1 == 0 {
                bounds.first[axis] as f64 - 1.0
            } else {
                bounds.last[axis] as f64 + 1.0
            }
        };
        from.patient_from_voxel(DVec3::new(side(0), side(1), side(2)))
    };
    let normal = from.first().normal() * from.between_slices().0;
    let corners = (0..8).flat_map(|index| [-1.0, 1.0].map(|side| corner(index).0 + normal * side));
    let (low, high) = corners.fold((DVec3::INFINITY, DVec3::NEG_INFINITY), |(low, high), point| {
        let local = to.local_from_patient() * (point - to.origins()[0]);
        (low.min(local), high.max(local))
    });
    // A tilted gantry shifts the slices: by how much at most.
    let shift = to.origins().iter().map(|origin| to.local_from_patient() * (*origin - to.origins()[0]));
    let shift = shift.fold(0.0_f64, |most, off| most.max(off.x.abs()).max(off.y.abs()));
    let within = |at: usize, axis: usize| {
        let at = at as f64;
        at >= low[axis] - shift - 1.0 && at <= high[axis] + shift + 1.0
    };
    Mask::from_fn(size, |column, row, slice| {
        let place = to.places()[slice];
        if place < low.z || place > high.z || !within(row, 1) || !within(column, 0) {
            return false;
        }
        let point = to.patient_from_voxel(DVec3::new(column as f64, row as f64, slice as f64));
        from.voxel_from_patient(point).is_some_and(|voxel| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the stack")]
            let at = |value: f64| value.round().max(0.0) as usize;
            mask.contains(at(voxel.x), at(voxel.y), at(voxel.z))
        })
    })
}
