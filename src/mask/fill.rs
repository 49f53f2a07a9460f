use rayon::prelude::*;

use super::bits::{Area, Bits};
use super::flood::Bed;
use super::runs::SliceRuns;
use super::{Mask, MaskError};
use crate::work::Cancel;

impl Mask {
    /// The mask with the holes of each slice: pixels that no path of 4-connected pixels outside of the mask joins with
    /// the slice's border. A hole whose wall is closed only diagonally is a hole.
    pub fn holes_filled_by_slice(&self, cancel: &Cancel) -> Result<Self, MaskError> {
        let filled: Vec<usize> = self.filled_slices().collect();
        let outside = filled.into_par_iter().map(|slice| {
            let area = self.slice(slice).and_then(Area::around);
            self.outside(slice..slice + 1, area, Sides::Border, cancel)
        });
        let outside: Vec<_> = outside.collect::<Result<_, MaskError>>()?;
        Ok(self.with_all_but(outside.into_iter().flatten()))
    }

    /// The mask with its holes in space: voxels that no path of 6-connected voxels outside of the mask joins with the
    /// edges of the stack.
    pub fn holes_filled(&self, cancel: &Cancel) -> Result<Self, MaskError> {
        let Some(bounds) = self.bounds() else { return Ok(self.clone()) };
        let slices = bounds.first[2]..bounds.last[2] + 1;
        let outside = self.outside(slices, self.area(), Sides::BorderAndEnds, cancel)?;
        Ok(self.with_all_but(outside))
    }

    /// The voxels around the mask that hang together with the border of these slices and of this area, one wider.
    fn outside(
        &self,
        slices: std::ops::Range<usize>,
        area: Option<Area>,
        sides: Sides,
        cancel: &Cancel,
    ) -> Result<Vec<(usize, Bits)>, MaskError> {
        let [columns, rows, _] = self.size();
        let Some(area) = area.map(|area| area.wider([1, 1], [columns, rows])) else { return Ok(vec![]) };
        let none = SliceRuns::default();
        let open = |slices: &[usize]| {
            let own = slices.iter().map(|slice| self.slice(*slice).unwrap_or(&none));
            own.map(|runs| Some(Bits::of(runs, area).inverted())).collect()
        };
        let ends = match sides {
            Sides::Border => [None, None],
            Sides::BorderAndEnds => [Some(slices.start), Some(slices.end - 1)],
        };
        let seeds = slices.clone().map(|slice| {
            let whole = ends.contains(&Some(slice));
            (slice, if whole { Bits::new(area).inverted() } else { border(area) })
        });
        let seeds = seeds.collect();
        let flooded = Bed { slices, open, most: None }.flood(seeds, cancel)?;
        Ok(flooded.seen.into_iter().enumerate().filter_map(|(slice, bits)| Some((slice, bits?))).collect())
    }

    /// The mask with all pixels of the areas of these slices that are not outside.
    fn with_all_but(&self, outside: impl IntoIterator<Item = (usize, Bits)>) -> Self {
        let mut mask = self.clone();
        for (slice, bits) in outside {
            mask.put(slice, bits.inverted().runs());
        }
        mask
    }
}

/// What counts as the outside of some slices.
#[derive(Debug, Clone, Copy)]
enum Sides {
    /// What is beside them.
    Border,
    /// That, and what is before the first and after the last.
    BorderAndEnds,
}

/// The outermost pixels of an area.
fn border(area: Area) -> Bits {
    let mut bits = Bits::new(area);
    let last = area.columns - 1;
    for row in 0..area.rows {
        if row == 0 || row == area.rows - 1 {
            bits.set(row, 0, last);
        } else {
            bits.set(row, 0, 0);
            bits.set(row, last, last);
        }
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::Cancel;

    /// A mask of slices drawn row by row.
    fn drawn(slices: &[&[&str]]) -> Mask {
        let size = [slices[0][0].len(), slices[0].len(), slices.len()];
        Mask::from_fn(size, |column, row, slice| slices[slice][row].as_bytes()[column] == b'#')
    }

    const RING: &[&str] = &[".......", ".####..", ".#..#.#", ".#..###", ".####.#", "..##..#"];
    const FULL: &[&str] = &[".......", ".####..", ".######", ".######", ".######", "..##..#"];
    const EMPTY: &[&str] = &[".......", ".......", ".......", ".......", ".......", "......."];

    #[test]
    fn holes_of_a_slice_are_what_its_border_does_not_reach() {
        let cancel = Cancel::default();
        // The bays at the right and lower border are open to it; a wall closed by corners only holds.
        let filled = [".......", ".####..", ".####.#", ".######", ".####.#", "..##..#"];
        let mask = drawn(&[EMPTY, RING]);
        assert_eq!(mask.holes_filled_by_slice(&cancel).unwrap(), drawn(&[EMPTY, &filled]));
        let diagonal = drawn(&[&["......", "..#...", ".#.#..", "..#...", "......"]]);
        assert_eq!(diagonal.holes_filled_by_slice(&cancel).unwrap().count(), 5);
        assert_eq!(Mask::empty([3, 4, 5]).holes_filled_by_slice(&cancel).unwrap(), Mask::empty([3, 4, 5]));
    }

    #[test]
    fn a_hole_in_space_is_closed_above_and_below() {
        let cancel = Cancel::default();
        let closed = drawn(&[EMPTY, FULL, RING, RING, FULL, EMPTY]);
        let filled = closed.holes_filled(&cancel).unwrap();
        assert_eq!(filled.count() - closed.count(), 8);
        assert!(filled.contains(2, 2, 2) && filled.contains(3, 3, 3) && !filled.contains(5, 2, 2));
        // Open to one side, or in one slice alone, or at the end of the stack: no hole.
        for open in [drawn(&[EMPTY, RING, RING, FULL]), drawn(&[EMPTY, RING, EMPTY]), drawn(&[RING, RING])] {
            assert_eq!(open.holes_filled(&cancel).unwrap(), open);
        }
    }
}
