use std::sync::Mutex;

use rayon::prelude::*;

use super::accepted::Field;
use super::bits::Bits;
use super::flood::{Bed, Flooded};
use super::lattice::{Lattice, length};
use super::open::Thick;
use super::{Mask, MaskError};
use crate::geometry::{Mm, SliceStack};
use crate::work::Cancel;

/// How far a region may grow.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Limit {
    /// No voxel whose centre is farther than this from the seed's.
    pub radius: Option<Mm>,
    /// Growth stops when it has more voxels than this.
    pub voxels: Option<u64>,
}

/// What to grow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Growth {
    /// Column, row and slice where it starts.
    pub seed: [usize; 3],
    /// How far it may go.
    pub limit: Limit,
    /// Goes through no place where a ball of this radius does not fit, so as not to leak along thin bridges: the
    /// region is the union of the balls that fit into it and hang together.
    pub open: Option<Mm>,
    /// Stays in the seed's slice.
    pub one_slice: bool,
}

impl Growth {
    /// Grows without limit from a column, row and slice.
    pub fn from_seed(seed: [usize; 3]) -> Self {
        Self { seed, limit: Limit::default(), open: None, one_slice: false }
    }
}

/// A region that has grown.
#[derive(Debug, Clone, PartialEq)]
pub struct Grown {
    /// Its voxels; some of the region only where `capped`.
    pub mask: Mask,
    /// The slices whose pixels were asked for and missing, ascending: the region may go on there.
    pub missing: Vec<usize>,
    /// Whether it stopped because it had more voxels than the limit.
    pub capped: bool,
}

/// Why nothing grew.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum GrowError {
    /// The seed is not a voxel of the stack.
    #[error("voxel {0:?} lies outside of the slices")]
    Outside([usize; 3]),
    /// The pixels of the seed's slice are missing.
    #[error("the pixels of slice {0} are missing")]
    Missing(usize),
    /// The seed is not within the thresholds.
    #[error("the value at the seed is not within the thresholds")]
    NotAccepted,
    /// No ball of the radius to open by fits around the seed.
    #[error("the region is thinner than {0} at the seed")]
    Thin(Mm),
    /// A radius is no length, or the job was stopped.
    #[error(transparent)]
    Mask(#[from] MaskError),
}

/// The voxels that hang together with a seed through accepted voxels.
///
/// `accepts` gives the pixels of a slice within the thresholds: row-major, columns x rows bits, the first pixel in the
/// lowest bit of the first word; `None` where the slice's pixels are missing. A set of another length counts as missing.
/// Each slice is asked at most once, when growth comes to its neighbour, and two may be asked at a time.
pub fn grow(
    stack: &SliceStack,
    growth: &Growth,
    accepts: impl Fn(usize) -> Option<Vec<u64>> + Sync,
    cancel: &Cancel,
) -> Result<Grown, GrowError> {
    let lattice = Lattice::new(stack);
    let [column, row, slice] = growth.seed;
    if growth.seed.iter().zip(Mask::empty_on(stack).size()).any(|(at, side)| *at >= side) {
        return Err(GrowError::Outside(growth.seed));
    }
    let field = Field::new(&lattice, growth, accepts)?;
    let start = field.pixels(slice).ok_or(GrowError::Missing(slice))?;
    if !start.get(column, row) {
        return Err(GrowError::NotAccepted);
    }
    let first = Mutex::new(Some(start));
    // The seed's slice has been asked already.
    let pixels = |asked: usize| {
        let kept = (asked == slice).then(|| first.lock().ok()?.take()).flatten();
        kept.or_else(|| field.pixels(asked))
    };
    let flooded = match growth.open.map(length).transpose()?.filter(|open| *open > 0.0) {
        None => {
            let mut seed = Bits::new(field.area);
            seed.set(row - field.area.row, column - field.area.column, column - field.area.column);
            let bed = Bed {
                slices: field.slices.clone(),
                open: |slices: &[usize]| {
                    let open = |slice: &usize| Some(field.limited(*slice, pixels(*slice)?));
                    slices.par_iter().map(open).collect()
                },
                most: growth.limit.voxels,
            };
            bed.flood(vec![(slice, seed)], cancel)?
        }
        Some(open) => {
            let thick = Thick::new(&field, open, &pixels);
            thick.flood(growth, cancel)?.ok_or(GrowError::Thin(Mm(open)))?
        }
    };
    let Flooded { seen, capped } = flooded;
    let mut mask = Mask::empty_on(stack);
    for (slice, bits) in seen.iter().enumerate() {
        if let Some(bits) = bits {
            mask.put(slice, bits.runs());
        }
    }
    Ok(Grown { mask, missing: field.into_missing(), capped })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::super::fixture::{centre, even, noise, stack};
    use super::*;
    use proptest::prelude::*;

    const SIZE: [usize; 3] = [13, 11, 6];

    fn sheared() -> SliceStack {
        stack(&[0.0, 1.7, 3.2, 5.0, 6.1, 8.0], [0.31, -0.47], [0.7, 0.4], [13, 11])
    }

    /// A slice as `grow` asks for it.
    fn words(mask: &Mask, slice: usize) -> Vec<u64> {
        let [columns, rows, _] = mask.size();
        let mut words = vec![0_u64; (columns * rows).div_ceil(64)];
        for run in mask.slice_runs(slice) {
            for column in run.first..=run.last {
                let at = run.row * columns + column;
                words[at / 64] |= 1 << (at % 64);
            }
        }
        words
    }

    /// Steps from voxel to voxel.
    fn tried(open: &Mask, seed: [usize; 3], one_slice: bool) -> Mask {
        let mut reached = vec![seed];
        let mut next = 0;
        while let Some([c, r, s]) = reached.get(next).copied() {
            let mut beside =
                vec![[c.wrapping_sub(1), r, s], [c + 1, r, s], [c, r.wrapping_sub(1), s], [c, r + 1, s]];
            if !one_slice {
                beside.extend([[c, r, s.wrapping_sub(1)], [c, r, s + 1]]);
            }
            let new: Vec<_> = beside
                .into_iter()
                .filter(|v| open.contains(v[0], v[1], v[2]) && !reached.contains(v))
                .collect();
            reached.extend(new);
            next += 1;
        }
        Mask::from_fn(open.size(), |c, r, s| reached.contains(&[c, r, s]))
    }

    proptest! {
        #[test]
        fn growth_is_what_steps_from_voxel_to_voxel_reach(
            seed in any::<u64>(), one_in in 2..5_u64, one_slice in any::<bool>(), radius in 0.5..9.0_f64,
            limited in any::<bool>(), at in (0..13_usize, 0..11_usize, 0..6_usize)
        ) {
            let stack = sheared();
            let noise = noise(SIZE, one_in, seed);
            let at = [at.0, at.1, at.2];
            let open = Mask::from_fn(SIZE, |c, r, s| !noise.contains(c, r, s) || [c, r, s] == at);
            let asked: Vec<AtomicUsize> = (0..6).map(|_| AtomicUsize::new(0)).collect();
            let accepts = |slice: usize| {
                asked[slice].fetch_add(1, Ordering::Relaxed);
                Some(words(&open, slice))
            };
            let limit = Limit { radius: limited.then_some(Mm(radius)), voxels: None };
            let growth = Growth { limit, one_slice, ..Growth::from_seed(at) };
            let grown = grow(&stack, &growth, accepts, &Cancel::default()).unwrap();
            let middle = centre(&stack, at[0], at[1], at[2]);
            let within = Mask::from_fn(SIZE, |c, r, s| {
                open.contains(c, r, s) && (!limited || centre(&stack, c, r, s).distance(middle) <= radius)
            });
            prop_assert_eq!(&grown.mask, &tried(&within, at, one_slice));
            prop_assert!(grown.missing.is_empty() && !grown.capped);
            prop_assert!(asked.iter().all(|times| times.load(Ordering::Relaxed) <= 1));
        }
    }

    #[test]
    fn a_missing_slice_is_said_and_not_passed() {
        let stack = sheared();
        let accepts = |slice: usize| (slice != 4).then(|| vec![u64::MAX; 3]);
        let cancel = Cancel::default();
        let grown = grow(&stack, &Growth::from_seed([3, 5, 1]), accepts, &cancel).unwrap();
        assert_eq!((grown.mask.count(), grown.missing), (13 * 11 * 4, vec![4]));
        let at = |seed: [usize; 3]| grow(&stack, &Growth::from_seed(seed), accepts, &cancel);
        assert_eq!(at([3, 5, 4]), Err(GrowError::Missing(4)));
        assert_eq!(at([13, 5, 1]), Err(GrowError::Outside([13, 5, 1])));
        let none = |_: usize| Some(vec![0; 3]);
        assert_eq!(grow(&stack, &Growth::from_seed([3, 5, 1]), none, &cancel), Err(GrowError::NotAccepted));
        // A set of another length is no set of the slice's pixels.
        let short = |_: usize| Some(vec![u64::MAX; 2]);
        assert_eq!(grow(&stack, &Growth::from_seed([3, 5, 1]), short, &cancel), Err(GrowError::Missing(1)));
        let few = Growth { limit: Limit { radius: None, voxels: Some(150) }, ..Growth::from_seed([3, 5, 1]) };
        assert!(grow(&stack, &few, accepts, &cancel).unwrap().capped);
        let wrong = Growth { open: Some(Mm(f64::NAN)), ..Growth::from_seed([3, 5, 1]) };
        assert!(matches!(grow(&stack, &wrong, accepts, &cancel), Err(GrowError::Mask(_))));
        cancel.cancel();
        let stopped = grow(&stack, &Growth::from_seed([3, 5, 1]), accepts, &cancel);
        assert_eq!(stopped, Err(GrowError::Mask(MaskError::Cancelled)));
    }

    #[test]
    fn an_opening_stops_a_leak_through_a_bridge() {
        let stack = stack(&even(1.5, 18), [0.0, 0.0], [0.4, 0.7], [70, 40]);
        let size = [70, 40, 18];
        let ball = |c: usize, r: usize, s: usize, at: [usize; 3]| {
            centre(&stack, c, r, s).distance(centre(&stack, at[0], at[1], at[2])) <= 6.0
        };
        let [here, there] = [[18, 18, 9], [52, 22, 9]];
        // Two balls of 6 mm whose middles are 14 mm apart, and a bridge of three rows and two slices.
        let open = Mask::from_fn(size, |c, r, s| {
            ball(c, r, s, here)
                || ball(c, r, s, there)
                || ((19..=21).contains(&r) && (9..=10).contains(&s) && (18..=52).contains(&c))
        });
        let accepts = |slice: usize| Some(words(&open, slice));
        let cancel = Cancel::default();
        let leaked = grow(&stack, &Growth::from_seed(here), accepts, &cancel).unwrap().mask;
        assert_eq!(leaked, open);
        let growth = Growth { open: Some(Mm(2.5)), ..Growth::from_seed(here) };
        let kept = grow(&stack, &growth, accepts, &cancel).unwrap().mask;
        let own = Mask::from_fn(size, |c, r, s| ball(c, r, s, here));
        assert!(!kept.contains(there[0], there[1], there[2]) && !kept.contains(35, 20, 9));
        let lost = own.difference(&kept).unwrap().count();
        let more = kept.difference(&own).unwrap().count();
        assert!(own.count() > 1500 && lost * 20 < own.count() && more * 20 < own.count(), "{lost} {more}");
        assert!(kept.difference(&open).unwrap().is_empty());
        // The same within a limit that the ball does not reach, and with one that cuts it.
        let limit = Limit { radius: Some(Mm(9.0)), voxels: None };
        assert_eq!(grow(&stack, &Growth { limit, ..growth }, accepts, &cancel).unwrap().mask, kept);
        let thin = Growth { open: Some(Mm(2.5)), ..Growth::from_seed([35, 20, 9]) };
        assert_eq!(grow(&stack, &thin, accepts, &cancel), Err(GrowError::Thin(Mm(2.5))));
        let flat = Growth { one_slice: true, ..growth };
        let flat = grow(&stack, &flat, accepts, &cancel).unwrap().mask;
        assert_eq!(flat.filled_slices().collect::<Vec<_>>(), [9]);
        assert!(!flat.contains(there[0], there[1], 9));
    }
}
