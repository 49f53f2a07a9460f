//! Which voxels hang together with some seeds? Whole words of a row at a time, slices side by side.

use std::ops::Range;

use rayon::prelude::*;

use super::MaskError;
use super::bits::Bits;
use crate::work::Cancel;

/// What a flood reached.
#[derive(Debug)]
pub(super) struct Flooded {
    /// Of each slice of the stack that was reached, its pixels.
    pub(super) seen: Vec<Option<Bits>>,
    /// Whether it stopped because it had reached too many voxels.
    pub(super) capped: bool,
}

/// Where a flood may go.
#[derive(Debug)]
pub(super) struct Bed<F> {
    /// The slices.
    pub(super) slices: Range<usize>,
    /// The open pixels of some slices, of one area; `None` where there is nothing to know. Each slice is asked once,
    /// when the flood has come to the slice beside it.
    pub(super) open: F,
    /// It stops when it has reached more voxels.
    pub(super) most: Option<u64>,
}

impl<F: Fn(&[usize]) -> Vec<Option<Bits>>> Bed<F> {
    /// The open voxels that are 6-connected through open voxels with an open voxel of the seeds: slices and pixels.
    pub(super) fn flood(&self, seeds: Vec<(usize, Bits)>, cancel: &Cancel) -> Result<Flooded, MaskError> {
        let end = self.slices.end;
        let mut sheets: Vec<Option<Sheet>> = (0..end).map(|_| None).collect();
        let mut asked = vec![false; end];
        self.ask(seeds.iter().map(|(slice, _)| *slice), &mut sheets, &mut asked);
        let mut round = Vec::new();
        for (slice, bits) in seeds {
            if let Some(Some(sheet)) = sheets.get_mut(slice) {
                sheet.seed(&bits);
                round.push(slice);
            }
        }
        let (mut count, mut capped) = (0, false);
        while !round.is_empty() {
            if cancel.is_cancelled() {
                return Err(MaskError::Cancelled);
            }
            let taken = round.iter().filter_map(|slice| Some((*slice, sheets[*slice].take()?)));
            let mut active: Vec<(usize, Sheet)> = taken.collect();
            count += active.par_iter_mut().map(|(_, sheet)| sheet.spread()).sum::<u64>();
            for (slice, sheet) in active {
                sheets[slice] = Some(sheet);
            }
            capped = self.most.is_some_and(|most| count > most);
            if capped {
                break;
            }
            self.ask(round.iter().flat_map(|slice| beside(*slice)), &mut sheets, &mut asked);
            round = pass_on(&round, &mut sheets);
        }
        Ok(Flooded { seen: sheets.into_iter().map(|sheet| sheet.map(|sheet| sheet.seen)).collect(), capped })
    }

    fn ask(&self, wanted: impl Iterator<Item = usize>, sheets: &mut [Option<Sheet>], asked: &mut [bool]) {
        let mut new: Vec<usize> =
            wanted.filter(|slice| self.slices.contains(slice) && !asked[*slice]).collect();
        new.sort_unstable();
        new.dedup();
        for (slice, open) in new.iter().copied().zip((self.open)(&new)) {
            asked[slice] = true;
            sheets[slice] = open.map(Sheet::new);
        }
    }
}

fn beside(slice: usize) -> impl Iterator<Item = usize> {
    [slice.checked_sub(1), Some(slice + 1)].into_iter().flatten()
}

/// Hands what these slices found to the slices beside them; those that it is new to.
fn pass_on(round: &[usize], sheets: &mut [Option<Sheet>]) -> Vec<usize> {
    let mut next = Vec::new();
    for slice in round {
        let Some(mut sheet) = sheets[*slice].take() else { continue };
        let rows = sheet.take_found();
        for other in beside(*slice) {
            let Some(Some(neighbour)) = sheets.get_mut(other) else { continue };
            let waited = !neighbour.rows.is_empty();
            for row in &rows {
                neighbour.want(*row, sheet.seen.row(*row));
            }
            if !waited && !neighbour.rows.is_empty() {
                next.push(other);
            }
        }
        sheets[*slice] = Some(sheet);
    }
    next
}

/// One slice of a flood.
#[derive(Debug)]
struct Sheet {
    open: Bits,
    seen: Bits,
    /// Open pixels not seen yet that one seen pixel touches.
    waiting: Bits,
    /// The rows that have some, and whether each is among them.
    rows: Vec<usize>,
    is_waiting: Vec<bool>,
    /// The rows in which pixels were seen since the neighbours were told.
    found: Vec<bool>,
    filled: Vec<u64>,
}

impl Sheet {
    fn new(open: Bits) -> Self {
        let (seen, rows) = (Bits::new(open.area()), open.area().rows);
        let waiting = seen.clone();
        let filled = vec![0; if rows == 0 { 0 } else { open.row(0).len() }];
        Self {
            open,
            seen,
            waiting,
            rows: vec![],
            is_waiting: vec![false; rows],
            found: vec![false; rows],
            filled,
        }
    }

    fn seed(&mut self, bits: &Bits) {
        for row in 0..bits.area().rows {
            self.want(row, bits.row(row));
        }
    }

    /// Notes which of these pixels of a row are open and not seen.
    fn want(&mut self, row: usize, pixels: &[u64]) {
        let (open, seen) = (self.open.row(row), self.seen.row(row));
        let mut any = 0;
        for (index, place) in self.waiting.row_mut(row).iter_mut().enumerate() {
            let new = pixels[index] & open[index] & !seen[index];
            any |= new;
            *place |= new;
        }
        if any != 0 && !self.is_waiting[row] {
            self.is_waiting[row] = true;
            self.rows.push(row);
        }
    }

    /// Sees all that hangs together with what waits, in this slice; how many pixels that were.
    fn spread(&mut self) -> u64 {
        let mut count = 0;
        let mut filled = std::mem::take(&mut self.filled);
        while let Some(row) = self.rows.pop() {
            self.is_waiting[row] = false;
            fill_runs(self.open.row(row), self.waiting.row(row), &mut filled);
            let mut new = 0;
            let waiting = self.waiting.row_mut(row);
            for ((place, seen), waiting) in filled.iter_mut().zip(self.seen.row_mut(row)).zip(waiting) {
                *place &= !*seen;
                *seen |= *place;
                *waiting = 0;
                new += u64::from(place.count_ones());
            }
            if new == 0 {
                continue;
            }
            count += new;
            self.found[row] = true;
            let rows = self.found.len();
            for other in beside(row).filter(|other| *other < rows) {
                self.want(other, &filled);
            }
        }
        self.filled = filled;
        count
    }

    fn take_found(&mut self) -> Vec<usize> {
        let found = self.found.iter_mut().enumerate();
        found.filter_map(|(row, found)| std::mem::take(found).then_some(row)).collect()
    }
}

/// The runs of `open` that hold a pixel of `seeds`, all of which are open.
///
/// Adding a seed to its run carries to the run's end and flips all it passes; once upwards, once downwards.
fn fill_runs(open: &[u64], seeds: &[u64], filled: &mut [u64]) {
    let mut carry = false;
    for ((place, open), seeds) in filled.iter_mut().zip(open).zip(seeds) {
        *place = carried(*open, *seeds, &mut carry);
    }
    carry = false;
    for (place, open) in filled.iter_mut().zip(open).rev() {
        *place = carried(open.reverse_bits(), place.reverse_bits(), &mut carry).reverse_bits();
    }
}

fn carried(open: u64, seeds: u64, carry: &mut bool) -> u64 {
    let (sum, first) = open.overflowing_add(seeds);
    let (sum, second) = sum.overflowing_add(u64::from(*carry));
    *carry = first || second;
    ((sum ^ open) | seeds) & open
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_fills_its_run_over_the_words_both_ways() {
        let open = [0xF000_0000_0000_0FF0, u64::MAX, 0b0111];
        let fill = |seeds: [u64; 3]| {
            let mut filled = [0; 3];
            fill_runs(&open, &seeds, &mut filled);
            filled
        };
        let long = [0xF000_0000_0000_0000, u64::MAX, 0b0111];
        assert_eq!(fill([0, 0, 0b0010]), long);
        assert_eq!(fill([1 << 63, 1 << 5 | 1 << 9, 0]), long);
        assert_eq!(fill([1 << 5 | 1 << 8, 0, 0]), [0x0FF0, 0, 0]);
        assert_eq!(fill([1 << 5, 1, 0]), open);
        assert_eq!(fill([0, 0, 0]), [0, 0, 0]);
    }
}
