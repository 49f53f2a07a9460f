//! One slice after the other of what a viewport shows: for the wheel, for montages and for films.

use std::sync::Arc;

use super::planes::{Run, computed_frame};
use super::{Shown, Viewport};
use crate::case::figure::PageSetup;
use crate::geometry::Mm;
use crate::view::{Framing, Reformat, Slice, ViewportSize};

/// Every n-th slice between two, counted from 0; backwards where the first comes after the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slices {
    /// The first.
    pub from: usize,
    /// None lies beyond this one.
    pub to: usize,
    /// From one to the next, at least 1.
    pub step: usize,
}

impl Slices {
    /// Every slice.
    pub const ALL: Self = Self { from: 0, to: usize::MAX, step: 1 };

    /// Their indices where there are so many slices; what lies beyond the last means the last.
    pub fn of(self, count: usize) -> Vec<usize> {
        let Some(last) = count.checked_sub(1) else { return Vec::new() };
        let (from, to, step) = (self.from.min(last), self.to.min(last), self.step.max(1));
        if from <= to {
            (from..=to).step_by(step).collect()
        } else {
            (to..=from).rev().step_by(step).collect()
        }
    }

    /// Slices in a row, so that they fill about a square and few places of it stay empty.
    pub fn balanced_columns(count: usize) -> usize {
        const MOST: usize = PageSetup::MOST_COLUMNS;
        let side = (1..=MOST).find(|side| side * side >= count).unwrap_or(MOST);
        let empty = |columns: &usize| count.next_multiple_of(*columns) - count;
        (side..=side + 2).min_by_key(empty).unwrap_or(side).min(MOST)
    }
}

impl Default for Slices {
    fn default() -> Self {
        Self::ALL
    }
}

impl Shown<'_> {
    /// What a viewport of that size would show if it went to a slice, from 0; `None` where there is none.
    ///
    /// Framing and look stay. An image of another size than the one shown is fitted.
    pub(super) fn at_slice(&self, size: ViewportSize, index: usize) -> Option<Viewport> {
        let mut viewport = Viewport { untouched: false, ..self.viewport.clone() };
        let Some(reformat) = self.viewport.view.reformat() else {
            let frame = self.series.frames.get(index)?;
            let other = self.frame.size != frame.size || self.frame.spacing != frame.spacing;
            if other || viewport.fitted {
                let Framing { turn, mirrored, .. } = viewport.view.framing;
                viewport.view.framing = Framing { turn, mirrored, ..Framing::fit(frame, size) };
            }
            viewport.view.of = Slice::Acquired(frame.of.clone());
            return Some(viewport);
        };
        let normal = reformat.plane.normal();
        let run = Run::of(self.series.slices.as_ref().ok()?, normal);
        let step = run.place(index) - reformat.plane.through.0.dot(normal);
        let reformat = Reformat { plane: reformat.plane.moved(Mm(step)), ..*reformat };
        viewport.computed = Some(Arc::new(computed_frame(self.series, &reformat)?));
        viewport.view.of = Slice::Reformat(reformat);
        Some(viewport)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_nth_slice_in_either_direction() {
        let of = |from, to, step| Slices { from, to, step }.of(10);
        assert_eq!(of(0, 9, 3), [0, 3, 6, 9]);
        assert_eq!(of(2, 8, 4), [2, 6]);
        assert_eq!(of(8, 2, 4), [8, 4]);
        assert_eq!(of(7, usize::MAX, 0), [7, 8, 9]);
        assert_eq!(of(50, 50, 1), [9]);
        assert_eq!(Slices::ALL.of(3), [0, 1, 2]);
        assert!(Slices::ALL.of(0).is_empty());
    }

    #[test]
    fn a_montage_leaves_few_places_empty() {
        let columns = [0, 1, 2, 4, 5, 12, 13, 20, 500, 9999].map(Slices::balanced_columns);
        assert_eq!(columns, [1, 1, 2, 2, 5, 4, 5, 5, 25, 26]);
    }
}
