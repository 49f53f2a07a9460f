//! The edges of pixels between what is set and what is not, as closed lines.

use glam::DVec2;

use super::bits::Bits;

/// Steps along edges of pixels: right, down, left, up. What is set lies to the right of each.
const STEPS: [[isize; 2]; 4] = [[1, 0], [0, 1], [-1, 0], [0, -1]];

/// Corners of pixels of an area, and for each the edges that go out from it, a bit for each of [`STEPS`].
struct Edges {
    columns: usize,
    out: Vec<u8>,
}

/// The closed outlines of what is set: corners of pixels, at half-integer columns and rows of the slice, where the line
/// turns; the last joins the first. Clockwise as seen on the screen around what is set, the other way round holes.
/// Pixels that touch by a corner only have outlines of their own.
pub(super) fn outlines(bits: &Bits) -> Vec<Vec<DVec2>> {
    let area = bits.area();
    let mut edges = Edges::of(bits);
    let origin = DVec2::new(area.column as f64 - 0.5, area.row as f64 - 0.5);
    let mut outlines = Vec::new();
    for start in 0..edges.out.len() {
        while edges.out[start] != 0 {
            let corners = edges
                .take(start)
                .into_iter()
                .map(|at| origin + DVec2::new((at % edges.columns) as f64, (at / edges.columns) as f64));
            outlines.push(corners.collect());
        }
    }
    outlines
}

impl Edges {
    fn of(bits: &Bits) -> Self {
        let area = bits.area();
        let columns = area.columns + 1;
        let mut out = vec![0_u8; columns * (area.rows + 1)];
        let set = |column: usize, row: usize| bits.get(area.column + column, area.row + row);
        for row in 0..area.rows {
            for (first, last) in super::bits::runs_of(bits.row(row)) {
                // Up along the left end, down along the right one.
                out[(row + 1) * columns + first] |= 8;
                out[row * columns + last + 1] |= 2;
                for column in first..=last {
                    if row == 0 || !set(column, row - 1) {
                        out[row * columns + column] |= 1;
                    }
                    if row + 1 == area.rows || !set(column, row + 1) {
                        out[(row + 1) * columns + column + 1] |= 4;
                    }
                }
            }
        }
        Self { columns, out }
    }

    /// Takes away the line that goes out from a corner; the corners where it turns.
    fn take(&mut self, start: usize) -> Vec<usize> {
        let mut turns = Vec::new();
        let mut at = start;
        let Some(mut heading) = (0..4).find(|way| self.out[start] >> way & 1 == 1) else { return turns };
        let first = heading;
        loop {
            self.out[at] &= !(1 << heading);
            let [across, down] = STEPS[heading];
            at = at.wrapping_add_signed(across + down * self.columns.cast_signed());
            // To the right first: it keeps to the pixel whose edge it is on.
            let next = [1, 0, 3].map(|turn| (heading + turn) % 4);
            let next = next.into_iter().find(|way| self.out[at] >> way & 1 == 1);
            let turned = next.unwrap_or(first);
            if turned != heading {
                turns.push(at);
            }
            let Some(next) = next else { return turns };
            heading = next;
        }
    }
}
