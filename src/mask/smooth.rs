use glam::DVec2;
use rayon::prelude::*;

use super::between::pixels_above;
use super::bits::{Area, Bits};
use super::field::Plane;
use super::lattice::{Lattice, count_of, length};
use super::margin::around;
use super::{Mask, MaskError};
use crate::geometry::{Mm, SliceStack};
use crate::work::Cancel;

/// Beyond this many standard deviations the bell curve is taken as 0.
const REACH: f64 = 3.0;

impl Mask {
    /// The mask smoothed so that what is smaller than about `radius` goes, with its volume kept as nearly as its voxels
    /// allow: the mask convolved with a bell curve of standard deviation `radius` / 2 in mm, in space, and cut where
    /// the volume is the same.
    ///
    /// Slices farther apart than the radius bear little on each other. A radius of 0 leaves the mask as it is.
    pub fn smoothed(&self, stack: &SliceStack, radius: Mm, cancel: &Cancel) -> Result<Self, MaskError> {
        let lattice = Lattice::of(self, stack)?;
        let sigma = length(radius)? / 2.0;
        let (Some(area), Some(bounds)) = (self.area(), self.bounds()) else { return Ok(self.clone()) };
        if sigma <= 0.0 {
            return Ok(self.clone());
        }
        let (first, last) = (bounds.first[2], bounds.last[2]);
        let off = REACH * sigma;
        let targets = lattice.slices_within(lattice.origins[first].z - off, lattice.origins[last].z + off);
        let area = around(&lattice, off, targets.clone(), area);
        let filled: Vec<usize> = self.filled_slices().collect();
        let flat: Vec<(usize, Plane)> = filled
            .par_iter()
            .filter_map(|slice| {
                Some((*slice, blurred(&lattice, &Bits::of(self.slice(*slice)?, area), sigma)))
            })
            .collect();
        let planes = targets.into_par_iter().map(|slice| {
            if cancel.is_cancelled() {
                return Err(MaskError::Cancelled);
            }
            Ok((slice, across(&lattice, slice, &flat, area, sigma)))
        });
        let planes: Vec<(usize, Plane)> = planes.collect::<Result<_, _>>()?;
        let least = same_volume(&lattice, &planes, self.volume_in(&lattice));
        let mut mask = self.clone();
        for (slice, plane) in &planes {
            mask.put(*slice, pixels_above(plane, least));
        }
        Ok(mask)
    }
}

/// Slices along the normal, weighted by the bell curve and by how far each reaches; the weights add up to 1 within the
/// stack, so that its ends do not count as empty.
fn across(lattice: &Lattice<'_>, slice: usize, flat: &[(usize, Plane)], area: Area, sigma: f64) -> Plane {
    let place = lattice.origins[slice].z;
    let weight = |other: usize| {
        let off = (lattice.origins[other].z - place) / sigma;
        (-off * off / 2.0).exp() * lattice.voxel(other).z
    };
    let near = lattice.slices_within(place - REACH * sigma, place + REACH * sigma);
    let all: f64 = near.clone().map(weight).sum();
    let mut sum = Plane { area, values: vec![0.0; area.columns * area.rows] };
    for (other, plane) in flat.iter().filter(|(other, _)| near.contains(other)) {
        let shift = lattice.shift(*other, slice);
        // Whole pixels stay whole where the stack is upright, whatever the last digits of its header.
        let shift = if (shift - shift.round()).abs().max_element() < 1e-6 { shift.round() } else { shift };
        sum.add_shifted(plane, shift, weight(*other) / all);
    }
    sum
}

/// The pixels of a slice, 0 or 1, with a bell curve along rows and columns.
fn blurred(lattice: &Lattice<'_>, bits: &Bits, sigma: f64) -> Plane {
    let area = bits.area();
    let mut sharp = Plane { area, values: vec![0.0; area.columns * area.rows] };
    for row in 0..area.rows {
        for (first, last) in super::bits::runs_of(bits.row(row)) {
            sharp.values[row * area.columns + first..=row * area.columns + last].fill(1.0);
        }
    }
    let [columns, rows] = lattice.slice_size();
    let along = |from: &Plane, axis: DVec2, step: f64, start: usize, count: usize| {
        let mut to = Plane { area, values: vec![0.0; from.values.len()] };
        let reach = count_of(REACH * sigma / step);
        let curve: Vec<f64> =
            (0..=reach).map(|steps| (-(steps as f64 * step / sigma).powi(2) / 2.0).exp()).collect();
        let all = curve.iter().sum::<f64>() * 2.0 - 1.0;
        for (steps, weight) in curve.iter().enumerate() {
            to.add_shifted(from, axis * steps as f64, weight / all);
            if steps > 0 {
                to.add_shifted(from, axis * -(steps as f64), weight / all);
            }
        }
        to.normalise(axis, &curve, all, start, count);
        to
    };
    let once = along(&sharp, DVec2::X, lattice.step.x, area.column, columns);
    along(&once, DVec2::Y, lattice.step.y, area.row, rows)
}

impl Plane {
    /// Raises pixels near the slice's edges by the share of the curve that lies beyond them.
    fn normalise(&mut self, axis: DVec2, curve: &[f64], all: f64, start: usize, count: usize) {
        let columns = self.area.columns;
        let inside = |at: usize| {
            let (before, after) = (start + at, count - 1 - start - at);
            let weights = curve.iter().enumerate().map(|(steps, weight)| match steps {
                0 => *weight,
                _ => weight * (f64::from(u8::from(steps <= before)) + f64::from(u8::from(steps <= after))),
            });
            weights.sum::<f64>() / all
        };
        let (across, down) = (axis.x > 0.0, axis.y > 0.0);
        let length = if down { self.area.rows } else { columns };
        #[expect(clippy::cast_possible_truncation, reason = "a factor, to single precision")]
        let factors: Vec<f32> = (0..length).map(|at| (1.0 / inside(at)) as f32).collect();
        for (index, value) in self.values.iter_mut().enumerate() {
            *value *= factors[if across { index % columns } else { index / columns }];
        }
    }
}

/// The value above which the planes hold the volume in mm³ that comes nearest to this one, but not nothing.
fn same_volume(lattice: &Lattice<'_>, planes: &[(usize, Plane)], wanted: f64) -> f32 {
    let volume = |least: f32| -> f64 {
        let slices = planes.par_iter().map(|(slice, plane)| {
            plane.values.iter().filter(|value| **value > least).count() as f64 * lattice.voxel_mm3(*slice)
        });
        slices.sum()
    };
    let (mut low, mut high) = (0.0_f32, 1.0_f32);
    // More halvings than a single-precision number has digits.
    for _ in 0..30 {
        let middle = f32::midpoint(low, high);
        if volume(middle) >= wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    let (more, less) = (volume(low), volume(high));
    if less > 0.0 && wanted - less < more - wanted { high } else { low }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{DOWN, RIGHT, ellipsoid, even, noise, stack};
    use super::*;

    #[test]
    fn smoothing_takes_spikes_and_pits_and_keeps_the_volume() {
        let uneven: Vec<f64> =
            (0..24).scan(0.0, |at, k| Some(std::mem::replace(at, *at + [0.8, 1.7][k % 2]))).collect();
        for (places, shear) in
            [(even(1.25, 24), [0.0, 0.0]), (uneven, [0.0, 0.0]), (even(1.25, 24), [0.2, -0.3])]
        {
            let stack = stack(&places, shear, [0.5, 0.7], [80, 60]);
            let axes = [RIGHT, DOWN, RIGHT.cross(DOWN)];
            let body = ellipsoid(&stack, stack.middle().0, axes, [12.0, 9.0, 10.0]);
            // One voxel in twenty turned over near to the body and in it.
            let wide = ellipsoid(&stack, stack.middle().0, axes, [13.0, 10.0, 11.0]);
            let speckle = noise(body.size(), 20, 3).intersection(&wide).unwrap();
            let both = body.intersection(&speckle).unwrap();
            let rough = body.union(&speckle).unwrap().difference(&both).unwrap();
            let smooth = rough.smoothed(&stack, Mm(2.4), &Cancel::default()).unwrap();
            let volume = [&rough, &smooth].map(|mask| mask.volume_mm3(&stack).unwrap());
            assert!((volume[1] / volume[0] - 1.0).abs() < 0.002, "{volume:?}");
            assert_eq!(smooth.islands().len(), 1);
            assert_eq!(smooth.holes_filled(&Cancel::default()).unwrap(), smooth);
            let off = |mask: &Mask| {
                mask.difference(&body).unwrap().count() + body.difference(mask).unwrap().count()
            };
            assert!(off(&smooth) * 3 < off(&rough) * 2, "{} {}", off(&smooth), off(&rough));
        }
    }

    #[test]
    fn what_reaches_the_edge_of_the_stack_is_not_rounded_there() {
        let stack = stack(&even(1.25, 8), [0.0, 0.0], [0.5, 0.7], [40, 30]);
        let half = Mask::from_fn([40, 30, 8], |column, _, _| column < 17);
        assert_eq!(half.smoothed(&stack, Mm(3.0), &Cancel::default()).unwrap(), half);
        let dot = Mask::from_fn([40, 30, 8], |column, row, slice| [column, row, slice] == [9, 8, 3]);
        assert_eq!(dot.smoothed(&stack, Mm(3.0), &Cancel::default()).unwrap(), dot);
        assert_eq!(half.smoothed(&stack, Mm(0.0), &Cancel::default()).unwrap(), half);
    }
}
