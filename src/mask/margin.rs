use rayon::prelude::*;

use super::bits::{Area, Bits};
use super::lattice::{EDGE, Lattice, count_of, length};
use super::reach::{Reached, Source, reached};
use super::runs::SliceRuns;
use super::{Mask, MaskError};
use crate::geometry::{Mm, SliceStack};
use crate::work::Cancel;

/// A mask with all around it within some length.
///
/// The length counts from the voxels' boxes, as the lengths and the volume of a mask do: the volume is that of the voxels
/// whose centres lie in the boxes dilated by a ball. Of a single box of sides a, b, c dilated by r that is
/// `abc + 2r(ab + bc + ca) + πr²(a + b + c) + 4/3 πr³`, more than the ball of radius r alone. Of a ball of 10 mm marked by
/// the centres of its voxels, a margin of 20 mm is 4 to 7 % more than a ball of 30 mm (by pixels of 0.4 to 0.7 mm on slices
/// of 1 to 2.5 mm; 11 % on slices of 5 mm): where the lesion ends within a thick voxel is not known, and a margin must not fall short of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Margin {
    /// The voxels of the mask and those whose centre lies within the length of its surface.
    pub mask: Mask,
    /// Volume of all of them in mm³.
    pub volume_mm3: f64,
    /// Whether the margin goes beyond the edges of the stack, where there are no voxels.
    pub cut_off: bool,
    /// Whether it goes into a gap between slices, where there are none either.
    pub into_gap: bool,
}

impl Mask {
    /// All voxels whose centre lies within `reach` of the mask's surface, that is of a voxel's box: to distances
    /// between centres half a voxel is added on the mask's side. A length of 0 leaves the mask as it is.
    pub fn margin(&self, stack: &SliceStack, reach: Mm, cancel: &Cancel) -> Result<Margin, MaskError> {
        let lattice = Lattice::of(self, stack)?;
        let radius = length(reach)?;
        let mut mask = self.clone();
        let mut cut_off = false;
        if let (Some(bounds), Some(area)) = (self.bounds(), self.area()) {
            let [first, last] = [bounds.first[2], bounds.last[2]];
            let (low, high) = (lattice.extent(first)[0] - radius, lattice.extent(last)[1] + radius);
            let targets = lattice.slices_within(low - EDGE, high + EDGE);
            let area = around(&lattice, radius, targets.start.min(first)..targets.end.max(last + 1), area);
            let sources = sources(self);
            for (slice, reached) in every(&lattice, radius, targets, area, &sources, cancel)? {
                mask.put(slice, reached.bits.runs());
                cut_off |= reached.cut_off;
            }
            // As if there were one more slice beyond either end.
            let end = lattice.size[2] - 1;
            cut_off |= low - EDGE <= lattice.extent(0)[0] - lattice.reach[0][0]
                || high + EDGE >= lattice.extent(end)[1] + lattice.reach[end][1];
        }
        let volume_mm3 = mask.volume_in(&lattice);
        let into_gap = self.reaches_gap(&lattice, radius);
        Ok(Margin { mask, volume_mm3, cut_off, into_gap })
    }

    /// The mask grown by a length on all sides: the mask of its [`margin`](Self::margin).
    pub fn enlarged(&self, stack: &SliceStack, by: Mm, cancel: &Cancel) -> Result<Self, MaskError> {
        Ok(self.margin(stack, by, cancel)?.mask)
    }

    /// The mask without the voxels whose centre lies within a length of what does not belong to it.
    ///
    /// What lies beyond the edges of the stack and in its gaps is not known and takes nothing away.
    pub fn shrunk(&self, stack: &SliceStack, by: Mm, cancel: &Cancel) -> Result<Self, MaskError> {
        let lattice = Lattice::of(self, stack)?;
        let radius = length(by)?;
        let (Some(bounds), Some(area)) = (self.bounds(), self.area()) else { return Ok(self.clone()) };
        let targets = bounds.first[2]..bounds.last[2] + 1;
        let (low, high) = (lattice.origins[targets.start].z, lattice.origins[targets.end - 1].z);
        // Slices whose boxes may lie within the length, and of each at least the pixels around the mask.
        let near = lattice.slices_within(low - radius, high + radius);
        let near = near.start.saturating_sub(1)..(near.end + 1).min(lattice.size[2]);
        let wide = around(&lattice, radius, near.clone(), area).wider([1, 1], lattice.slice_size());
        let none = SliceRuns::default();
        let outside = near.map(|slice| {
            let own = Bits::of(self.slice(slice).unwrap_or(&none), wide);
            (slice, Source::new(&own.inverted().runs()))
        });
        let sources: Vec<(usize, Source)> = outside.collect();
        let mut mask = self.clone();
        for (slice, reached) in every(&lattice, radius, targets, area, &sources, cancel)? {
            let gone = reached.bits.runs();
            if let Some(own) = self.slice(slice) {
                mask.put(slice, own.joined(&gone, |own, gone| own && !gone));
            }
        }
        Ok(mask)
    }

    fn reaches_gap(&self, lattice: &Lattice<'_>, radius: f64) -> bool {
        let gaps = lattice.stack.gaps().iter().enumerate().filter(|(_, gap)| **gap);
        let into = |edge: f64, slice: usize| lattice.gap_to(slice, edge) < radius - EDGE;
        gaps.map(|(before, _)| (lattice.extent(before)[1], lattice.extent(before + 1)[0]))
            .any(|(low, high)| low < high && self.filled_slices().any(|s| into(low, s) || into(high, s)))
    }
}

/// The slices of a mask that have voxels, to be reached from.
pub(super) fn sources(mask: &Mask) -> Vec<(usize, Source)> {
    mask.filled_slices().filter_map(|slice| Some((slice, Source::new(mask.slice(slice)?)))).collect()
}

/// The area that holds, in each of these slices, all within `radius` of an area of any of them.
pub(super) fn around(lattice: &Lattice<'_>, radius: f64, slices: std::ops::Range<usize>, area: Area) -> Area {
    let [across, down] = lattice.most_shift(slices);
    let steps = [lattice.step.x, lattice.step.y].map(|step| count_of(radius / step) + 1);
    area.wider([across + steps[0], down + steps[1]], lattice.slice_size())
}

/// What is reached in each of these slices.
pub(super) fn every(
    lattice: &Lattice<'_>,
    radius: f64,
    slices: std::ops::Range<usize>,
    area: Area,
    sources: &[(usize, Source)],
    cancel: &Cancel,
) -> Result<Vec<(usize, Reached)>, MaskError> {
    let one = |slice: usize| {
        if cancel.is_cancelled() {
            return Err(MaskError::Cancelled);
        }
        let sources = sources.iter().map(|(from, source)| (*from, source));
        Ok((slice, reached(lattice, radius, slice, area, sources)))
    };
    slices.into_par_iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{DOWN, RIGHT, centre, even, noise, stack};
    use super::*;
    use glam::DVec3;
    use proptest::prelude::*;

    /// The boxes of a stack's voxels: how far a point is from one, and whether from any of a mask's.
    fn near(stack: &SliceStack, mask: &Mask, point: DVec3, radius: f64) -> bool {
        let lattice = Lattice::new(stack);
        let normal = RIGHT.cross(DOWN);
        let mut found = false;
        mask.for_each_run(|slice, run| {
            for column in run.first..=run.last {
                let off = point - centre(stack, column, run.row, slice);
                let [before, after] = lattice.reach[slice];
                let along = off.dot(normal);
                let beyond = DVec3::new(
                    off.dot(RIGHT).abs() - lattice.step.x / 2.0,
                    off.dot(DOWN).abs() - lattice.step.y / 2.0,
                    (along - after).max(-before - along),
                );
                found |= beyond.max(DVec3::ZERO).length() <= radius + 1e-9;
            }
        });
        found
    }

    fn stacks() -> [SliceStack; 3] {
        [
            stack(&even(2.5, 6), [0.0, 0.0], [0.4, 0.7], [14, 11]),
            stack(&[0.0, 1.0, 2.5, 4.0, 9.0, 10.2], [0.0, 0.0], [0.7, 0.45], [14, 11]),
            stack(&[0.0, 1.7, 3.2, 5.0, 6.1, 8.0], [0.31, -0.47], [0.7, 0.4], [14, 11]),
        ]
    }

    proptest! {
        #[test]
        fn margins_and_what_shrinking_leaves_are_what_trying_all_voxels_finds(
            seed in any::<u64>(), one_in in 2..200_u64, radius in 0.0..4.0_f64, which in 0..3_usize
        ) {
            let (stack, mask) = (&stacks()[which], noise([14, 11, 6], one_in, seed));
            // Lengths that reach from centre to edge or corner exactly, too.
            let radius = if seed % 2 == 0 { (radius / 0.35).round() * 0.35 } else { radius };
            let cancel = Cancel::default();
            let margin = mask.margin(stack, Mm(radius), &cancel).unwrap();
            let tried = Mask::from_fn(mask.size(), |column, row, slice| {
                near(stack, &mask, centre(stack, column, row, slice), radius)
            });
            prop_assert_eq!(&margin.mask, &tried);
            prop_assert!((margin.volume_mm3 - tried.volume_mm3(stack).unwrap()).abs() < 1e-9);
            let outside = Mask::from_fn(mask.size(), |_, _, _| true).difference(&mask).unwrap();
            let kept = Mask::from_fn(mask.size(), |column, row, slice| {
                mask.contains(column, row, slice)
                    && !near(stack, &outside, centre(stack, column, row, slice), radius)
            });
            prop_assert_eq!(mask.shrunk(stack, Mm(radius), &cancel).unwrap(), kept);
        }
    }

    #[test]
    fn a_margin_says_what_it_lost() {
        let cancel = Cancel::default();
        let stack = stack(&[0.0, 1.0, 2.0, 3.0, 8.0, 9.0, 10.0, 11.0], [0.0, 0.0], [0.4, 0.7], [40, 30]);
        let dot = |at: [usize; 3]| Mask::from_fn([40, 30, 8], move |c, r, s| [c, r, s] == at);
        let lost = |mask: &Mask, mm: f64| {
            let margin = mask.margin(&stack, Mm(mm), &cancel).unwrap();
            (margin.cut_off, margin.into_gap)
        };
        // In slice 2 of 0 to 3, with reaches of 0.5 mm: 1 mm from its boxes to the gap and 2 mm to the first slice's end.
        assert_eq!(lost(&dot([20, 15, 2]), 0.9), (false, false));
        assert_eq!(lost(&dot([20, 15, 2]), 1.1), (false, true));
        assert_eq!(lost(&dot([20, 15, 1]), 1.6), (true, false));
        assert_eq!(lost(&dot([20, 15, 1]), 1.4), (false, false));
        // Column 1: 0.4 mm to the centre of column 0 but for half a voxel, 0.8 mm to that of the one there is not.
        assert_eq!(lost(&dot([1, 15, 1]), 0.5), (false, false));
        assert_eq!(lost(&dot([1, 15, 1]), 0.6), (true, false));
        assert_eq!(lost(&dot([20, 29, 6]), 0.36), (true, false));
        let margin = dot([20, 15, 2]).margin(&stack, Mm(0.6), &cancel).unwrap();
        // Two columns (0.2 and 0.6 mm from the box), one row (0.35), a slice (0.5), and corners (0.2 by 0.35 and 0.5).
        assert_eq!(margin.mask.count(), 5 + 2 * 3 + 2 * 3);
        assert!((margin.volume_mm3 - 17.0 * 0.28).abs() < 1e-9);
        cancel.cancel();
        assert_eq!(margin.mask.margin(&stack, Mm(1.0), &cancel), Err(MaskError::Cancelled));
        assert_eq!(margin.mask.margin(&stack, Mm(-1.0), &cancel), Err(MaskError::Length(-1.0)));
    }
}
