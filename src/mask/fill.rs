use super::bits::{Area, Bits};
use super::flood::Bed;
use super::runs::SliceRuns;
use super::{Mask, MaskError};
use crate::work::Cancel;

impl Mask {
    /// The mask with its holes in space: voxels that no path of 6-connected voxels outside of the mask joins with the
    /// edges of the stack.
    pub fn holes_filled(&self, cancel: &Cancel) -> Result<Self, MaskError> {
        let (Some(bounds), Some(area)) = (self.bounds(), self.area()) else { return Ok(self.clone()) };
        let [columns, rows, _] = self.size();
        let area = area.wider([1, 1], [columns, rows]);
        let (first, last) = (bounds.first[2], bounds.last[2]);
        let none = SliceRuns::default();
        let open = |slices: &[usize]| {
            let own = slices.iter().map(|slice| self.slice(*slice).unwrap_or(&none));
            own.map(|runs| Some(Bits::of(runs, area).inverted())).collect()
        };
        // Outside is what lies before the first slice, after the last, or along the border of the area.
        let seeds = (first..=last).map(|slice| {
            let whole = slice == first || slice == last;
            (slice, if whole { Bits::new(area).inverted() } else { border(area) })
        });
        let seeds = seeds.collect();
        let outside = Bed { slices: first..last + 1, open, most: None }.flood(seeds, cancel)?;
        let mut mask = self.clone();
        for (slice, bits) in outside.seen.into_iter().enumerate() {
            if let Some(bits) = bits {
                mask.put(slice, bits.inverted().runs());
            }
        }
        Ok(mask)
    }
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
