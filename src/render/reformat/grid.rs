#![expect(clippy::inline_always, reason = "has to be compiled with the caller's vector instructions")]

use glam::{DAffine2, DVec2};

use super::points::{At, Points};
use super::strip::{Axis, STRIP};

/// The values of a slab at the pixels of its plane, linear between: finer than its samples a slab shows nothing more.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid<'a> {
    pub(super) values: &'a [f32],
    /// At least two columns and rows.
    pub(super) size: [usize; 2],
    /// From points of the picture to pixels of the grid.
    pub(super) map: DAffine2,
}

/// Places, shares and values of a strip of points.
#[derive(Debug)]
pub(super) struct Strip {
    columns: [u32; STRIP],
    rows: [u32; STRIP],
    shares: [[f32; STRIP]; 2],
    /// Two neighbours of a row, in two rows.
    pairs: [[[f32; 2]; STRIP]; 2],
}

impl Points for Grid<'_> {
    type Work = Strip;

    fn work(&self) -> Strip {
        Strip {
            columns: [0; STRIP],
            rows: [0; STRIP],
            shares: [[0.0; STRIP]; 2],
            pairs: [[[0.0; 2]; STRIP]; 2],
        }
    }

    #[inline(always)]
    fn row(&self, at: At, values: &mut [f32], strip: &mut Strip) {
        let step = self.map.matrix2.x_axis;
        let [columns, rows] = self.size;
        for (part, values) in values.chunks_mut(STRIP).enumerate() {
            let count = values.len().min(STRIP);
            let column = (at.column + part * STRIP) as f64;
            let first = self.map.transform_point2(DVec2::new(column, at.row as f64));
            let [right, down] = &mut strip.shares;
            Axis::new(first.x, step.x, columns - 1).between(&mut strip.columns[..count], &mut right[..count]);
            Axis::new(first.y, step.y, rows - 1).between(&mut strip.rows[..count], &mut down[..count]);
            let [upper, lower] = &mut strip.pairs;
            for lane in 0..count {
                let start = strip.rows[lane] as usize * columns + strip.columns[lane] as usize;
                let pair = |start: usize| {
                    let pair = self.values.get(start..).and_then(<[f32]>::first_chunk);
                    pair.copied().unwrap_or([f32::NAN; 2])
                };
                (upper[lane], lower[lane]) = (pair(start), pair(start + columns));
            }
            let (upper, lower) = (&upper[..count], &lower[..count]);
            let (right, down) = (&right[..count], &down[..count]);
            for (lane, value) in values[..count].iter_mut().enumerate() {
                *value = between(upper[lane], lower[lane], right[lane], down[lane]);
            }
        }
    }
}

/// Where the nearest has no value there is none; where another has none the nearest counts for it.
#[inline(always)]
fn between([a, b]: [f32; 2], [c, d]: [f32; 2], right: f32, down: f32) -> f32 {
    let upper = if right >= 0.5 { b } else { a };
    let lower = if right >= 0.5 { d } else { c };
    let nearest = if down >= 0.5 { lower } else { upper };
    let or_nearest = |value: f32| if value.is_nan() { nearest } else { value };
    let [a, b, c, d] = [or_nearest(a), or_nearest(b), or_nearest(c), or_nearest(d)];
    let (upper, lower) = (a + (b - a) * right, c + (d - c) * right);
    upper + (lower - upper) * down
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_is_linear_between_its_pixels_and_ends_where_the_nearest_does() {
        let values = [1.0, 2.0, 3.0, 5.0, 6.0, f32::NAN];
        // Half a column to the right and a quarter of a row down for each point; rows are a row apart.
        let map = DAffine2::from_cols(DVec2::new(0.5, 0.25), DVec2::new(0.0, 1.0), DVec2::ZERO);
        let grid = Grid { values: &values, size: [3, 2], map };
        let mut row = [0.0; 5];
        grid.row(At { column: 0, row: 0, along: 0.0 }, &mut row, &mut grid.work());
        // 1; between 1.5 and 5.5; between 2 and 6; the last two are nearest to nothing, or hold 2.5 and 6 = 6 for it.
        assert!((row[0] - 1.0).abs() < 1e-6 && (row[1] - 2.5).abs() < 1e-6 && (row[2] - 4.0).abs() < 1e-6);
        assert!(row[3].is_nan() && row[4].is_nan());
        let mut last = [0.0; 2];
        grid.row(At { column: 1, row: 0, along: 0.0 }, &mut last, &mut grid.work());
        assert_eq!(last.map(f32::to_bits), [row[1], row[2]].map(f32::to_bits));
    }
}
