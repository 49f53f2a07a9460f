//! One bit for each pixel of a part of a slice: what floods and dilations work on.

use super::runs::{Run, SliceRuns};

/// A rectangle of pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) column: usize,
    pub(super) row: usize,
    pub(super) columns: usize,
    pub(super) rows: usize,
}

impl Area {
    /// All of a slice.
    pub(super) fn whole([columns, rows]: [usize; 2]) -> Self {
        Self { column: 0, row: 0, columns, rows }
    }

    /// The smallest area around some pixels.
    pub(super) fn around(runs: &SliceRuns) -> Option<Self> {
        let (row, last) = (runs.iter().next()?.row, runs.iter().next_back()?.row);
        let column = runs.iter().map(|run| run.first).min()?;
        let end = runs.iter().map(|run| run.last).max()? + 1;
        Some(Self { column, row, columns: end - column, rows: last + 1 - row })
    }

    /// The smallest area that holds both.
    pub(super) fn with(self, other: Self) -> Self {
        let (column, row) = (self.column.min(other.column), self.row.min(other.row));
        Self {
            column,
            row,
            columns: (self.column + self.columns).max(other.column + other.columns) - column,
            rows: (self.row + self.rows).max(other.row + other.rows) - row,
        }
    }

    /// So many columns and rows more on each side, within slices of `size`.
    pub(super) fn wider(self, [across, down]: [usize; 2], [columns, rows]: [usize; 2]) -> Self {
        let (column, row) = (self.column.saturating_sub(across), self.row.saturating_sub(down));
        Self {
            column,
            row,
            columns: self.column.saturating_add(self.columns).saturating_add(across).min(columns) - column,
            rows: self.row.saturating_add(self.rows).saturating_add(down).min(rows) - row,
        }
    }
}

/// A bit for each pixel of an area; each row starts with a new word. Row arguments count from the area's first row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bits {
    area: Area,
    stride: usize,
    words: Vec<u64>,
}

impl Bits {
    /// No bit is set.
    pub(super) fn new(area: Area) -> Self {
        let stride = area.columns.div_ceil(64);
        Self { area, stride, words: vec![0; stride * area.rows] }
    }

    /// The pixels of a slice that lie in an area.
    pub(super) fn of(runs: &SliceRuns, area: Area) -> Self {
        let mut bits = Self::new(area);
        let (last_column, last_row) = (area.column + area.columns, area.row + area.rows);
        for run in runs.iter() {
            let inside =
                (area.row..last_row).contains(&run.row) && run.first < last_column && run.last >= area.column;
            if inside {
                let first = run.first.max(area.column) - area.column;
                let last = run.last.min(last_column - 1) - area.column;
                bits.set(run.row - area.row, first, last);
            }
        }
        bits
    }

    /// The part of a row-major bitset of slices of `columns` that lies in an area.
    pub(super) fn of_words(words: &[u64], columns: usize, area: Area) -> Self {
        let mut bits = Self::new(area);
        let word = |index: usize| words.get(index).copied().unwrap_or(0);
        let last = last_word(area.columns);
        for row in 0..area.rows {
            let start = (area.row + row) * columns + area.column;
            let (skip, shift) = (start / 64, start % 64);
            let own = bits.row_mut(row);
            for (index, place) in own.iter_mut().enumerate() {
                let low = word(skip + index) >> shift;
                *place = if shift == 0 { low } else { low | word(skip + index + 1) << (64 - shift) };
            }
            if let Some(end) = own.last_mut() {
                *end &= last;
            }
        }
        bits
    }

    pub(super) fn area(&self) -> Area {
        self.area
    }

    pub(super) fn row(&self, row: usize) -> &[u64] {
        &self.words[row * self.stride..(row + 1) * self.stride]
    }

    pub(super) fn row_mut(&mut self, row: usize) -> &mut [u64] {
        &mut self.words[row * self.stride..(row + 1) * self.stride]
    }

    /// Sets the pixels of a row from `first` to `last`, counted from the area's first column.
    pub(super) fn set(&mut self, row: usize, first: usize, last: usize) {
        let words = self.row_mut(row);
        let (low, high) = (first / 64, last / 64);
        let (from, to) = (u64::MAX << (first % 64), u64::MAX >> (63 - last % 64));
        if low == high {
            words[low] |= from & to;
        } else {
            words[low] |= from;
            words[low + 1..high].fill(u64::MAX);
            words[high] |= to;
        }
    }

    /// Whether a pixel of the slice lies in the area and is set.
    pub(super) fn get(&self, column: usize, row: usize) -> bool {
        let (at, down) = (column.wrapping_sub(self.area.column), row.wrapping_sub(self.area.row));
        at < self.area.columns
            && down < self.area.rows
            && self.words[down * self.stride + at / 64] >> (at % 64) & 1 == 1
    }

    /// Clears in a row what lies before `first` and after `last`; all of it where `None`.
    pub(super) fn keep(&mut self, row: usize, kept: Option<(usize, usize)>) {
        let (low, high) = kept.map_or((1, 0), |(first, last)| (first / 64, last / 64));
        for (index, word) in self.row_mut(row).iter_mut().enumerate() {
            let Some((first, last)) = kept.filter(|_| (low..=high).contains(&index)) else {
                *word = 0;
                continue;
            };
            let from = if index == low { u64::MAX << (first % 64) } else { u64::MAX };
            let to = if index == high { u64::MAX >> (63 - last % 64) } else { u64::MAX };
            *word &= from & to;
        }
    }

    /// Keeps what is set in both; they are of one area.
    pub(super) fn intersect(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= other;
        }
    }

    /// The pixels of the area that are not set.
    pub(super) fn inverted(mut self) -> Self {
        let last = last_word(self.area.columns);
        for row in 0..self.area.rows {
            let words = self.row_mut(row);
            for word in words.iter_mut() {
                *word = !*word;
            }
            if let Some(end) = words.last_mut() {
                *end &= last;
            }
        }
        self
    }

    /// The set pixels as runs of the slice.
    pub(super) fn runs(&self) -> SliceRuns {
        let area = self.area;
        SliceRuns::new((0..area.rows).flat_map(|row| {
            runs_of(self.row(row)).map(move |(first, last)| Run {
                row: area.row + row,
                first: area.column + first,
                last: area.column + last,
            })
        }))
    }
}

fn last_word(columns: usize) -> u64 {
    if columns.is_multiple_of(64) { u64::MAX } else { !(u64::MAX << (columns % 64)) }
}

/// First and last place of each run of set bits.
pub(super) fn runs_of(words: &[u64]) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let first = next_set(words, at, false)?;
        let end = next_set(words, first, true).unwrap_or(words.len() * 64);
        at = end;
        Some((first, end - 1))
    })
}

/// The first set (or, `inverted`, clear) bit at or after a place.
fn next_set(words: &[u64], from: usize, inverted: bool) -> Option<usize> {
    let mut index = from / 64;
    let mut passed = u64::MAX << (from % 64);
    while let Some(word) = words.get(index) {
        let found = if inverted { !word } else { *word } & passed;
        if found != 0 {
            return Some(index * 64 + found.trailing_zeros() as usize);
        }
        index += 1;
        passed = u64::MAX;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_bitset_is_cut_out_of_it() {
        // 70 columns, 3 rows: every third pixel in row-major order.
        let columns = 70;
        let mut words = vec![0_u64; (columns * 3_usize).div_ceil(64)];
        for pixel in (0..columns * 3).step_by(3) {
            words[pixel / 64] |= 1 << (pixel % 64);
        }
        let area = Area { column: 2, row: 1, columns: 67, rows: 2 };
        let bits = Bits::of_words(&words, columns, area);
        for row in 0..4 {
            for column in 0..72 {
                let inside = (2..69).contains(&column) && (1..3).contains(&row);
                assert_eq!(bits.get(column, row), inside && (row * columns + column).is_multiple_of(3));
            }
        }
        assert_eq!(Bits::of(&bits.runs(), area), bits);
        assert_eq!(bits.clone().inverted().inverted(), bits);
        let kept = |first, last| {
            let mut bits = bits.clone();
            bits.keep(1, Some((first, last)));
            runs_of(bits.row(1)).map(|(first, _)| first).collect::<Vec<_>>()
        };
        // Row 2 starts at pixel 140: multiples of three are at columns 1, 4, ..., places -1, 2, ... of the area.
        assert_eq!(kept(3, 9), [5, 8]);
        assert_eq!(kept(60, 66), [62, 65]);
    }

    #[test]
    fn a_run_may_span_words() {
        let mut bits = Bits::new(Area { column: 5, row: 9, columns: 200, rows: 1 });
        bits.set(0, 60, 199);
        bits.set(0, 3, 3);
        assert_eq!(runs_of(bits.row(0)).collect::<Vec<_>>(), [(3, 3), (60, 199)]);
    }
}
