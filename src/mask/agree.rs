use glam::DVec3;
use rayon::prelude::*;

use super::lattice::Lattice;
use super::nearest::Nearest;
use super::runs::{Run, SliceRuns};
use super::{Mask, MaskError};
use crate::geometry::{Mm, SliceStack};

/// So many neighbouring voxels are looked up one after the other.
const TOGETHER: usize = 512;

/// How alike two masks of one stack are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// Twice the voxels in both by the sum of the voxels of each: 1 where they are the same, 0 where they share none.
    pub dice: f64,
    /// How far their surfaces are apart; `None` where one is empty.
    pub surface: Option<SurfaceDistance>,
}

/// Distances from each voxel of either surface to the nearest of the other one, between centres.
///
/// A voxel is of the surface where one of its six neighbours is not of the mask or not of the stack.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurfaceDistance {
    /// The largest (Hausdorff).
    pub hausdorff: Mm,
    /// The same of 95 % of the voxels (HD95), interpolated: the larger one of either direction.
    pub hausdorff_95: Mm,
    /// The mean of all distances of both directions.
    pub mean: Mm,
}

impl Mask {
    /// Compares two masks of one stack.
    pub fn agreement(&self, other: &Self, stack: &SliceStack) -> Result<Agreement, MaskError> {
        let lattice = Lattice::of(self, stack)?;
        let both = self.intersection(other)?.count();
        let all = self.count() + other.count();
        let dice = if all == 0 { 1.0 } else { 2.0 * both as f64 / all as f64 };
        let surfaces = [self, other].map(|mask| surface(mask, &lattice));
        if surfaces.iter().any(Vec::is_empty) {
            return Ok(Agreement { dice, surface: None });
        }
        let trees = surfaces.clone().map(Nearest::new);
        let distances = [(0, 1), (1, 0)].map(|(from, to)| {
            let parts = surfaces[from].par_chunks(TOGETHER).flat_map_iter(|part| trees[to].distances(part));
            let mut distances: Vec<f64> = parts.collect();
            distances.sort_by(f64::total_cmp);
            distances
        });
        let sum: f64 = distances.iter().flatten().sum();
        let surface = SurfaceDistance {
            hausdorff: Mm(hausdorff(&distances, 1.0)),
            hausdorff_95: Mm(hausdorff(&distances, 0.95)),
            mean: Mm(sum / distances.iter().map(Vec::len).sum::<usize>() as f64),
        };
        Ok(Agreement { dice, surface: Some(surface) })
    }
}

/// The Hausdorff distance of a share of the voxels: the larger one of what this share of either list does not exceed,
/// interpolated between ranks. The lists are sorted.
fn hausdorff(distances: &[Vec<f64>; 2], share: f64) -> f64 {
    let one = |sorted: &Vec<f64>| {
        let at = share * (sorted.len() as f64 - 1.0);
        let values = [at.floor(), at.ceil()]
            .map(|at| super::lattice::nearest_index(at, sorted.len()).map_or(0.0, |index| sorted[index]));
        values[0] + (values[1] - values[0]) * (at - at.floor())
    };
    one(&distances[0]).max(one(&distances[1]))
}

/// Centres of the voxels at the surface.
fn surface(mask: &Mask, lattice: &Lattice<'_>) -> Vec<DVec3> {
    let none = SliceRuns::default();
    let mut points = Vec::new();
    let both = |a: bool, b: bool| a && b;
    for (slice, own) in mask.filled_slices().filter_map(|slice| Some((slice, mask.slice(slice)?))) {
        let before = slice.checked_sub(1).and_then(|slice| mask.slice(slice)).unwrap_or(&none);
        let after = mask.slice(slice + 1).unwrap_or(&none);
        let beside = own.iter().filter(|run| run.count() > 2);
        let beside =
            SliceRuns::new(beside.map(|run| Run { first: run.first + 1, last: run.last - 1, ..run }));
        let above = own.iter().filter(|run| run.row > 0);
        let above = SliceRuns::new(above.map(|run| Run { row: run.row - 1, ..run }));
        let below = SliceRuns::new(own.iter().map(|run| Run { row: run.row + 1, ..run }));
        let inner = [before, after, &above, &below]
            .into_iter()
            .fold(beside, |inner, other| inner.joined(other, both));
        for run in own.joined(&inner, |own, inner| own && !inner).iter() {
            points.extend((run.first..=run.last).map(|column| lattice.centre(column, run.row, slice)));
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{centre, even, noise, stack};
    use super::*;

    #[test]
    fn distances_of_a_few_voxels_are_those_counted_by_hand() {
        let stack = stack(&even(2.5, 4), [0.0, 0.4], [0.4, 0.7], [30, 20]);
        let dots =
            |dots: &'static [[usize; 3]]| Mask::from_fn([30, 20, 4], |c, r, s| dots.contains(&[c, r, s]));
        let (a, b) = (dots(&[[3, 4, 1], [3, 5, 1]]), dots(&[[3, 4, 1], [8, 4, 1], [3, 5, 2]]));
        let agreement = a.agreement(&b, &stack).unwrap();
        assert!((agreement.dice - 2.0 / 5.0).abs() < 1e-12);
        let surface = agreement.surface.unwrap();
        // From a: 0 and 0.7 mm. From b: 0, 2 mm, and a slice on, 1 mm down by the shear: the square root of 7.25.
        let far = 7.25_f64.sqrt();
        assert!((surface.hausdorff.0 - far).abs() < 1e-9);
        assert!((surface.mean.0 - (0.7 + 2.0 + far) / 5.0).abs() < 1e-9);
        assert!((surface.hausdorff_95.0 - (2.0 + 0.9 * (far - 2.0))).abs() < 1e-9);
        let none = Mask::empty([30, 20, 4]);
        assert_eq!(a.agreement(&none, &stack).unwrap(), Agreement { dice: 0.0, surface: None });
        assert_eq!(none.agreement(&none, &stack).unwrap(), Agreement { dice: 1.0, surface: None });
    }

    #[test]
    fn distances_are_those_of_trying_all_pairs() {
        let stack = stack(&[0.0, 1.7, 4.2, 5.9, 9.0, 11.0], [0.2, -0.3], [0.7, 0.45], [19, 17]);
        let size = [19, 17, 6];
        // Blocks with holes in them, so that some voxels are inside.
        let mask = |seed: u64, from: usize| {
            let holes = noise(size, 9, seed);
            Mask::from_fn(size, |c, r, s| {
                c > from && c < from + 11 && r > 2 && r < 14 && s > 0 && !holes.contains(c, r, s)
            })
        };
        let (a, b) = (mask(1, 1), mask(2, 5));
        let surface = |mask: &Mask| {
            let mut points = Vec::new();
            for (s, r, c) in (0..6).flat_map(|s| (0..17).flat_map(move |r| (0..19).map(move |c| (s, r, c)))) {
                let has = |c: usize, r: usize, s: usize| mask.contains(c, r, s);
                let inner = c > 0
                    && r > 0
                    && s > 0
                    && has(c + 1, r, s)
                    && has(c - 1, r, s)
                    && has(c, r + 1, s)
                    && has(c, r - 1, s)
                    && has(c, r, s + 1)
                    && has(c, r, s - 1);
                if has(c, r, s) && !inner {
                    points.push(centre(&stack, c, r, s));
                }
            }
            points
        };
        let (of_a, of_b) = (surface(&a), surface(&b));
        let apart = |from: &[DVec3], to: &[DVec3]| -> Vec<f64> {
            from.iter().map(|p| to.iter().map(|q| p.distance(*q)).fold(f64::INFINITY, f64::min)).collect()
        };
        let all = [apart(&of_a, &of_b), apart(&of_b, &of_a)].concat();
        let found = a.agreement(&b, &stack).unwrap().surface.unwrap();
        assert!((found.hausdorff.0 - all.iter().copied().fold(0.0, f64::max)).abs() < 1e-9);
        assert!((found.mean.0 - all.iter().sum::<f64>() / all.len() as f64).abs() < 1e-9);
        assert!(found.hausdorff_95 < found.hausdorff && all.len() > 500);
    }
}
