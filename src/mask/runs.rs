//! The pixels of one slice as runs along its rows, and how two such sets are joined.

use std::iter::Peekable;

/// Neighbouring pixels of one row, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Row index.
    pub row: usize,
    /// Column of the first pixel.
    pub first: usize,
    /// Column of the last pixel.
    pub last: usize,
}

impl Run {
    /// Number of pixels.
    pub fn count(self) -> usize {
        self.last - self.first + 1
    }
}

/// A [`Run`] in six bytes: DICOM's rows and columns are 16-bit numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Packed {
    row: u16,
    first: u16,
    last: u16,
}

impl From<Run> for Packed {
    fn from(run: Run) -> Self {
        // A mask is never wider or higher than 65,535, so nothing is cut here.
        let narrow = |index: usize| u16::try_from(index).unwrap_or(u16::MAX);
        Self { row: narrow(run.row), first: narrow(run.first), last: narrow(run.last) }
    }
}

impl From<Packed> for Run {
    fn from(run: Packed) -> Self {
        Self { row: run.row.into(), first: run.first.into(), last: run.last.into() }
    }
}

/// Some pixels of one slice: runs in row-major order, none of which touches the next in its row.
///
/// So two of them are the same set just when they are equal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct SliceRuns(Vec<Packed>);

impl SliceRuns {
    /// The set of these runs, which come in row-major order; runs of a row may overlap and touch.
    pub(super) fn new(runs: impl IntoIterator<Item = Run>) -> Self {
        let mut own = Self::default();
        for run in runs {
            own.push(run);
        }
        own.0.shrink_to_fit();
        own
    }

    /// Adds a run that starts at or after the last one's start.
    fn push(&mut self, run: Run) {
        let packed = Packed::from(run);
        match self.0.last_mut() {
            Some(last) if last.row == packed.row && usize::from(last.last) + 1 >= run.first => {
                last.last = last.last.max(packed.last);
            }
            Some(_) | None => self.0.push(packed),
        }
    }

    /// The runs, in row-major order.
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = Run> + DoubleEndedIterator + '_ {
        self.0.iter().map(|run| Run::from(*run))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Number of pixels.
    pub(super) fn count(&self) -> u64 {
        self.0.iter().map(|run| u64::from(run.last - run.first) + 1).sum()
    }

    pub(super) fn contains(&self, column: usize, row: usize) -> bool {
        let at = self.0.partition_point(|run| (usize::from(run.row), usize::from(run.last)) < (row, column));
        self.0.get(at).is_some_and(|run| usize::from(run.row) == row && usize::from(run.first) <= column)
    }

    /// The pixels for which `keeps` says so, given whether each is in `self` and in `other`; it keeps none that is in
    /// neither.
    pub(super) fn joined(&self, other: &Self, keeps: impl Fn(bool, bool) -> bool) -> Self {
        let (mut own, mut others) = (edges(&self.0).peekable(), edges(&other.0).peekable());
        let mut result = Self::default();
        let (mut in_own, mut in_other, mut since) = (false, false, None);
        while let Some(at) = nearest(&mut own, &mut others) {
            in_own ^= own.next_if_eq(&at).is_some();
            in_other ^= others.next_if_eq(&at).is_some();
            match (since, keeps(in_own, in_other)) {
                (None, true) => since = Some(at),
                (Some(start), false) => {
                    result.0.push(from_edges(start, at));
                    since = None;
                }
                (None, false) | (Some(_), true) => {}
            }
        }
        result
    }
}

/// Where runs begin and end, in pixels of rows that are one pixel longer than any can be, so that none meets the next.
fn edges(runs: &[Packed]) -> impl Iterator<Item = u64> + '_ {
    runs.iter().flat_map(|run| {
        let row = u64::from(run.row) * LONG_ROW;
        [row + u64::from(run.first), row + u64::from(run.last) + 1]
    })
}

const LONG_ROW: u64 = 65_537;

fn from_edges(start: u64, end: u64) -> Packed {
    let narrow = |index: u64| u16::try_from(index).unwrap_or(u16::MAX);
    Packed {
        row: narrow(start / LONG_ROW),
        first: narrow(start % LONG_ROW),
        last: narrow((end - 1) % LONG_ROW),
    }
}

fn nearest(
    a: &mut Peekable<impl Iterator<Item = u64>>,
    b: &mut Peekable<impl Iterator<Item = u64>>,
) -> Option<u64> {
    match (a.peek(), b.peek()) {
        (Some(a), Some(b)) => Some(*a.min(b)),
        (a, b) => a.or(b).copied(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(row: usize, first: usize, last: usize) -> Run {
        Run { row, first, last }
    }

    #[test]
    fn runs_that_touch_are_one_but_not_across_rows() {
        let runs = SliceRuns::new([run(0, 3, 4), run(0, 5, 8), run(1, 0, 2), run(1, 4, 4)]);
        assert_eq!(runs.iter().collect::<Vec<_>>(), [run(0, 3, 8), run(1, 0, 2), run(1, 4, 4)]);
        assert_eq!(runs.count(), 10);
        assert!(runs.contains(8, 0) && runs.contains(0, 1) && runs.contains(4, 1));
        assert!(!runs.contains(9, 0) && !runs.contains(3, 1) && !runs.contains(0, 2));
    }

    #[test]
    fn the_last_column_does_not_meet_the_next_row() {
        let a = SliceRuns::new([run(0, 65_000, 65_534)]);
        let b = SliceRuns::new([run(1, 0, 7)]);
        let both = a.joined(&b, |a, b| a || b);
        assert_eq!(both.iter().collect::<Vec<_>>(), [run(0, 65_000, 65_534), run(1, 0, 7)]);
        assert_eq!(both.joined(&a, |a, b| a && !b), b);
        assert!(a.joined(&b, |a, b| a && b).is_empty());
    }
}
