//! How far is each pixel of a slice from the edge of the mask there?

use super::bits::{Area, Bits};
use super::lattice::{count_of, nearest_index};
use super::runs::SliceRuns;
use glam::DVec2;

/// A number for each pixel of a part of a slice.
#[derive(Debug, Clone)]
pub(super) struct Plane {
    pub(super) area: Area,
    pub(super) values: Vec<f32>,
}

impl Plane {
    pub(super) fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.area.columns..(row + 1) * self.area.columns]
    }

    /// Adds `weight` times the values found at (column, row) + `shift` of the other plane, between whose pixels is
    /// interpolated, to each pixel's; beyond its edges nothing is added. Both are of one area.
    pub(super) fn add_shifted(&mut self, other: &Self, shift: DVec2, weight: f64) {
        let columns = self.area.columns;
        for (row, own) in self.values.chunks_exact_mut(columns.max(1)).enumerate() {
            for (down, share) in shares(row, shift.y, self.area.rows).into_iter().flatten() {
                add_row(own, other.row(down), shift.x, weight * share);
            }
        }
    }
}

/// Adds a row shifted by columns.
fn add_row(own: &mut [f32], other: &[f32], shift: f64, weight: f64) {
    for [whole, share] in [[shift.floor(), 1.0 - fraction(shift)], [shift.floor() + 1.0, fraction(shift)]] {
        let by = count_of(whole.abs());
        #[expect(clippy::cast_possible_truncation, reason = "a weight, to single precision")]
        let weight = (weight * share) as f32;
        if weight <= 0.0 || by >= other.len() {
            continue;
        }
        let (to, from) = if whole < 0.0 {
            (&mut own[by..], &other[..other.len() - by])
        } else {
            let end = own.len() - by;
            (&mut own[..end], &other[by..])
        };
        for (place, value) in to.iter_mut().zip(from) {
            *place += weight * value;
        }
    }
}

/// The two rows around row + shift, and what each counts.
fn shares(row: usize, shift: f64, rows: usize) -> [Option<(usize, f64)>; 2] {
    let at = row as f64 + shift;
    let (whole, share) = (at.floor(), fraction(at));
    [(whole, 1.0 - share), (whole + 1.0, share)]
        .map(|(row, share)| nearest_index(row, rows).filter(|_| share > 0.0).map(|row| (row, share)))
}

/// How far a number is above the whole one below it.
fn fraction(at: f64) -> f64 {
    at - at.floor()
}

/// Signed distance in mm of each pixel centre of an area: to the nearest pixel centre outside of the set for those in
/// it, minus the distance to the nearest in the set for the others. Half way between the two is the edge.
pub(super) fn signed_distance(runs: &SliceRuns, area: Area, step: DVec2) -> Plane {
    let inside = Bits::of(runs, area);
    let to_set = squared_distance(&inside, step);
    let to_rest = squared_distance(&inside.inverted(), step);
    #[expect(clippy::cast_possible_truncation, reason = "mm, to single precision")]
    let values = to_set.iter().zip(&to_rest).map(|(set, rest)| (rest.sqrt() - set.sqrt()) as f32);
    Plane { area, values: values.collect() }
}

/// What stands for no distance at all: more than any, but finite, so that differences are numbers.
const FAR: f64 = 1e12;

/// Squared distance in mm² of each pixel centre to the nearest set one (Felzenszwalb and Huttenlocher, Distance
/// Transforms of Sampled Functions, Theory of Computing 8 (2012)): along rows, then the lower envelope along columns.
fn squared_distance(bits: &Bits, step: DVec2) -> Vec<f64> {
    let Area { columns, rows, .. } = bits.area();
    let mut squares = vec![FAR; columns * rows];
    for (row, own) in squares.chunks_exact_mut(columns.max(1)).enumerate() {
        let mut end: Option<usize> = None;
        let mut fill = |from: usize, to: usize, before: Option<usize>, after: Option<usize>| {
            for (place, column) in own[from..to].iter_mut().zip(from..) {
                let near = [before.map(|at| column - at), after.map(|at| at - column)];
                if let Some(steps) = near.into_iter().flatten().min() {
                    *place = (steps as f64 * step.x).powi(2);
                }
            }
        };
        for (first, last) in super::bits::runs_of(bits.row(row)) {
            fill(end.map_or(0, |end| end + 1), first, end, Some(first));
            fill(first, last + 1, Some(first), None);
            end = Some(last);
        }
        fill(end.map_or(0, |end| end + 1), columns, end, None);
        let set = super::bits::runs_of(bits.row(row));
        set.for_each(|(first, last)| own[first..=last].fill(0.0));
    }
    let (mut column, mut envelope) = (vec![0.0; rows], Envelope::default());
    for at in 0..columns {
        for (row, value) in column.iter_mut().enumerate() {
            *value = squares[row * columns + at];
        }
        envelope.lower(&column, step.y, |row, value| squares[row * columns + at] = value);
    }
    squares
}

/// The parabolas that are lowest somewhere, and from where on each is.
#[derive(Debug, Default)]
struct Envelope {
    tops: Vec<usize>,
    from: Vec<f64>,
}

impl Envelope {
    /// For each row the least of `values[other] + (distance from row to other)²`.
    fn lower(&mut self, values: &[f64], step: f64, mut put: impl FnMut(usize, f64)) {
        self.tops.clear();
        self.from.clear();
        for (row, value) in values.iter().enumerate().filter(|(_, value)| **value < FAR) {
            let place = row as f64 * step;
            let mut start = f64::NEG_INFINITY;
            while let Some(top) = self.tops.last() {
                let other = *top as f64 * step;
                start = ((value + place * place) - (values[*top] + other * other)) / (2.0 * (place - other));
                if start > self.from[self.from.len() - 1] {
                    break;
                }
                self.tops.pop();
                self.from.pop();
                start = f64::NEG_INFINITY;
            }
            self.tops.push(row);
            self.from.push(start);
        }
        let mut at = 0;
        for row in 0..values.len() {
            let place = row as f64 * step;
            while self.from.get(at + 1).is_some_and(|from| *from <= place) {
                at += 1;
            }
            if let Some(top) = self.tops.get(at) {
                put(row, values[*top] + (place - *top as f64 * step).powi(2));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::runs::Run;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn distances_are_those_of_trying_all(bits in proptest::collection::vec(any::<bool>(), 9 * 7)) {
            let area = Area { column: 3, row: 2, columns: 9, rows: 7 };
            let set: Vec<(usize, usize)> =
                (0..63).filter(|i| bits[*i]).map(|i| (i % 9, i / 9)).collect();
            let runs = SliceRuns::new(set.iter().map(|(c, r)| Run { row: r + 2, first: c + 3, last: c + 3 }));
            let squares = squared_distance(&Bits::of(&runs, area), DVec2::new(0.4, 0.7));
            for (index, square) in squares.iter().enumerate() {
                let (column, row) = (index % 9, index / 9);
                let tried = set.iter().map(|(c, r)| {
                    (0.4 * column.abs_diff(*c) as f64).powi(2) + (0.7 * row.abs_diff(*r) as f64).powi(2)
                });
                let least = tried.fold(FAR, f64::min);
                prop_assert!((square - least).abs() < 1e-9, "{} {}", square, least);
            }
        }
    }
}
