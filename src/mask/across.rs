//! The longest line in a slice at right angles to another one, exactly: between any two points of the pixels' squares.
//!
//! Every run of pixels is a rectangle. Lines at right angles to the long one sweep along it; where one cuts the
//! rectangles, its outermost points lie on edges of only two directions. Of edges of one direction the outermost stays
//! outermost for as long as it lasts, so four heaps tell the ends of each line. How far apart they are changes evenly
//! between corners, but for dents where it grows toward both sides: the longest line goes through a corner.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use glam::{DVec2, DVec3};

use super::lattice::{EDGE, Lattice};
use super::runs::SliceRuns;

/// Ends of the longest line across one between two points of a slice; `None` where that has no length.
pub(super) fn across(
    runs: &SliceRuns,
    lattice: &Lattice<'_>,
    slice: usize,
    long: [DVec3; 2],
) -> Option<[DVec3; 2]> {
    let along = (long[1] - long[0]).truncate().try_normalize()?;
    let first = lattice.origins[slice].truncate() - lattice.step / 2.0;
    let sweep = Sweep { along, first, step: lattice.step };
    let [low, high] = sweep.longest(runs)?;
    Some([low, high].map(|point| point.extend(lattice.origins[slice].z)))
}

/// An edge of a run's rectangle, seen along the lines that sweep.
#[derive(Debug, Clone, Copy)]
struct Edge {
    /// In which of [`Fronts`].
    front: usize,
    /// Where the sweep meets and leaves it, mm along the long line.
    from: f64,
    until: f64,
    /// Index of the row or column that it runs along.
    index: usize,
    /// How far out it lies among edges of its direction and side.
    rank: i64,
}

impl PartialEq for Edge {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Edge {}

impl PartialOrd for Edge {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Edge {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank.cmp(&other.rank).then(self.until.total_cmp(&other.until))
    }
}

/// Edges that the sweep is at, outermost first: those along rows and along columns, on the far and on the near side.
type Fronts = [BinaryHeap<Edge>; 4];

struct Sweep {
    along: DVec2,
    /// The first corner of the first pixel.
    first: DVec2,
    step: DVec2,
}

impl Sweep {
    /// mm right and down from the first corner of the first pixel.
    fn corner(&self, column: usize, row: usize) -> DVec2 {
        DVec2::new(column as f64, row as f64) * self.step
    }

    fn longest(&self, runs: &SliceRuns) -> Option<[DVec2; 2]> {
        let (mut edges, mut stops) = (Vec::new(), Vec::new());
        for run in runs.iter() {
            let (columns, rows) = ([run.first, run.last + 1], [run.row, run.row + 1]);
            for (column, row) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                stops.push(self.corner(columns[column], rows[row]).dot(self.along));
            }
            for side in [0, 1] {
                edges.extend(self.edge(
                    rows[side],
                    side,
                    [0, 1].map(|at| self.corner(columns[at], rows[side])),
                    0,
                ));
                edges.extend(self.edge(
                    columns[side],
                    side,
                    [0, 1].map(|at| self.corner(columns[side], rows[at])),
                    1,
                ));
            }
        }
        edges.sort_by(|a, b| a.from.total_cmp(&b.from));
        stops.sort_by(f64::total_cmp);
        let mut edges = edges.into_iter().peekable();
        let mut fronts = Fronts::default();
        let mut best: Option<(f64, [f64; 3])> = None;
        for at in stops {
            while let Some(edge) = edges.next_if(|edge| edge.from <= at + EDGE) {
                fronts[edge.front].push(edge);
            }
            let [far, near] = [0, 2].map(|side| self.outermost(&mut fronts, side, at));
            let (Some(far), Some(near)) = (far, near) else { continue };
            // Among lines as long as each other the first: rounding must not choose.
            if best.is_none_or(|(length, _)| far - near > length + EDGE) {
                best = Some((far - near, [at, near, far]));
            }
        }
        let (_, [at, near, far]) = best?;
        let aside = self.along.perp();
        Some([near, far].map(|side| self.first + self.along * at + aside * side))
    }

    /// An edge along a row (`turn` 0) or a column (1) on the first or second side of a rectangle; `None` where the sweep
    /// meets it all at once.
    fn edge(&self, index: usize, side: usize, ends: [DVec2; 2], turn: usize) -> Option<Edge> {
        let [a, b] = ends.map(|end| end.dot(self.along));
        // Which way aside the second side lies: rows by the step down, columns by the step right.
        let outward = if turn == 0 { self.along.x } else { -self.along.y };
        let far = (side == 1) == (outward > 0.0);
        let index_rank = i64::try_from(index).ok()?;
        let rank = if side == 1 { index_rank } else { -index_rank };
        let front = turn + if far { 0 } else { 2 };
        ((b - a).abs() > EDGE).then_some(Edge { front, from: a.min(b), until: a.max(b), index, rank })
    }

    /// How far aside the outermost edge lies where the sweep is.
    fn outermost(&self, fronts: &mut Fronts, side: usize, at: f64) -> Option<f64> {
        let mut found: Option<f64> = None;
        for turn in [0, 1] {
            let front = &mut fronts[side + turn];
            while front.peek().is_some_and(|edge| edge.until < at - EDGE) {
                front.pop();
            }
            if let Some(edge) = front.peek() {
                let own = self.aside(turn, edge.index, at.clamp(edge.from, edge.until));
                let outer = |known: f64| if side == 0 { known.max(own) } else { known.min(own) };
                found = Some(found.map_or(own, outer));
            }
        }
        found
    }

    /// Where the line of the sweep cuts a row's or a column's edge, mm aside: points `along * at + aside * s` whose y or
    /// x is that of the edge.
    fn aside(&self, turn: usize, index: usize, at: f64) -> f64 {
        if turn == 0 {
            (index as f64 * self.step.y - at * self.along.y) / self.along.x
        } else {
            (at * self.along.x - index as f64 * self.step.x) / self.along.y
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{noise, stack};
    use super::*;
    use crate::mask::Mask;
    use proptest::prelude::*;

    /// The longest line aside through a corner of any pixel, pixel by pixel.
    fn tried(mask: &Mask, lattice: &Lattice<'_>, slice: usize, long: [DVec3; 2]) -> f64 {
        let along = (long[1] - long[0]).truncate().normalize();
        let aside = along.perp();
        let half = lattice.step / 2.0;
        let mut centres = Vec::new();
        for run in mask.slice_runs(slice) {
            centres.extend(
                (run.first..=run.last).map(|column| lattice.centre(column, run.row, slice).truncate()),
            );
        }
        let corners = centres.iter().flat_map(|centre| {
            [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)]
                .map(|(x, y)| *centre + half * DVec2::new(x, y))
        });
        corners.fold(0.0, |best, corner| {
            let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
            for centre in &centres {
                // The line `corner + aside * s` within the square: both coordinates bound s.
                let to = (*centre - corner) / aside;
                let reach = (half / aside).abs();
                let (from, until) = ((to - reach).max_element(), (to + reach).min_element());
                if from <= until + 1e-9 {
                    (low, high) = (low.min(from), high.max(until));
                }
            }
            f64::max(best, high - low)
        })
    }

    proptest! {
        #[test]
        fn the_line_across_is_the_longest_of_all_through_corners(
            seed in any::<u64>(), one_in in 2..60_u64, spacing in 0.3..1.2_f64,
            ends in [0.0..9.0_f64, 0.0..9.0, 0.1..9.0, 0.1..9.0],
        ) {
            let stack = stack(&[0.0, 2.0], [0.3, -0.2], [spacing, 0.7], [13, 11]);
            let (mask, lattice) = (noise([13, 11, 2], one_in, seed), Lattice::new(&stack));
            let Some(runs) = mask.slice(1) else { return Ok(()) };
            let [x, y, right, down] = ends;
            let long = [DVec3::new(x, y, 0.0), DVec3::new(x + right, y - down, 0.0)];
            let [a, b] = across(runs, &lattice, 1, long).unwrap();
            prop_assert!((a.distance(b) - tried(&mask, &lattice, 1, long)).abs() < 1e-6);
            prop_assert!((b - a).dot(long[1] - long[0]).abs() < 1e-9);
            // Both ends are points of the mask.
            for end in [a, b] {
                let at = (end - lattice.origins[1]).truncate() / lattice.step;
                let is_in = (0..4).any(|side| {
                    let off = DVec2::new(f64::from(side % 2), f64::from(side / 2)) * 2e-6 - 1e-6;
                    let [column, row] = (at + off).round().max(DVec2::ZERO).to_array();
                    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a pixel")]
                    let (column, row) = (column as usize, row as usize);
                    column < 13 && row < 11 && mask.contains(column, row, 1)
                });
                prop_assert!(is_in, "{at}");
            }
        }
    }

    #[test]
    fn a_line_along_rows_is_crossed_by_columns() {
        let stack = stack(&[0.0, 2.0], [0.0, 0.0], [0.4, 0.7], [13, 11]);
        let lattice = Lattice::new(&stack);
        let mask = Mask::from_fn([13, 11, 2], |c, r, s| {
            s == 0 && (2..=8).contains(&c) && (r == 3 || r == 7 && c > 6)
        });
        let long = [DVec3::ZERO, DVec3::X];
        let [a, b] = across(mask.slice(0).unwrap(), &lattice, 0, long).unwrap();
        assert!((a.distance(b) - 5.0 * 0.7).abs() < 1e-9, "over the hollow between them");
        assert_eq!(across(mask.slice(0).unwrap(), &lattice, 0, [DVec3::X; 2]), None);
    }
}
