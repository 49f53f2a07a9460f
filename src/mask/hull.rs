//! The corners of the smallest convex outline around the pixels of a slice: no others can be ends of a longest line.

use super::runs::SliceRuns;

/// Columns and rows of the pixels at the corners of the convex hull, in its order (A. M. Andrew, Another efficient
/// algorithm for convex hulls in two dimensions, Information Processing Letters 9 (1979)).
pub(super) fn hull(runs: &SliceRuns) -> Vec<[usize; 2]> {
    let mut points: Vec<[usize; 2]> = Vec::new();
    for run in runs.iter() {
        match points.as_slice() {
            // Only the first and the last pixel of a row can be corners.
            [.., first, last] if first[1] == run.row && last[1] == run.row => {
                points.pop();
            }
            _ => points.push([run.first, run.row]),
        }
        points.push([run.last, run.row]);
    }
    points.dedup();
    around(points)
}

/// The corners of the smallest convex outline around the squares of these pixels, as column and row of the pixel that
/// begins there: of pixel (c, r) they are (c, r) to (c + 1, r + 1).
pub(super) fn outer_corners(pixels: &[[usize; 2]]) -> Vec<[usize; 2]> {
    let square =
        |[column, row]: [usize; 2]| [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(c, r)| [column + c, row + r]);
    let mut points: Vec<[usize; 2]> = pixels.iter().flat_map(|pixel| square(*pixel)).collect();
    points.sort_unstable_by_key(|[column, row]| (*row, *column));
    points.dedup();
    around(points)
}

/// Of points row by row.
fn around(points: Vec<[usize; 2]>) -> Vec<[usize; 2]> {
    if points.len() < 3 {
        return points;
    }
    let mut corners = half(points.iter().copied());
    let back = half(points.into_iter().rev());
    // Each half ends where the other begins.
    corners.pop();
    corners.extend(back.into_iter().rev().skip(1).rev());
    corners
}

fn half(points: impl Iterator<Item = [usize; 2]>) -> Vec<[usize; 2]> {
    let mut corners: Vec<[usize; 2]> = Vec::new();
    for point in points {
        while let [.., a, b] = corners.as_slice() {
            if turn(*a, *b, point) < 0 {
                break;
            }
            corners.pop();
        }
        corners.push(point);
    }
    corners
}

/// Twice the signed area of a triangle, by columns and rows.
fn turn(a: [usize; 2], b: [usize; 2], c: [usize; 2]) -> i64 {
    let step = |from: usize, to: usize| i64::try_from(to).unwrap_or(0) - i64::try_from(from).unwrap_or(0);
    step(a[0], b[0]) * step(a[1], c[1]) - step(a[1], b[1]) * step(a[0], c[0])
}

#[cfg(test)]
mod tests {
    use super::super::runs::Run;
    use super::*;

    #[test]
    fn corners_are_those_of_the_outline() {
        let rows = [(2, 4, 4), (3, 2, 3), (3, 5, 6), (4, 2, 6), (5, 4, 4)];
        let runs = SliceRuns::new(rows.map(|(row, first, last)| Run { row, first, last }));
        let mut corners = hull(&runs);
        corners.sort_unstable();
        assert_eq!(corners, [[2, 3], [2, 4], [4, 2], [4, 5], [6, 3], [6, 4]]);
        let line = SliceRuns::new([Run { row: 7, first: 3, last: 9 }]);
        assert_eq!(hull(&line), [[3, 7], [9, 7]]);
        let dot = SliceRuns::new([Run { row: 7, first: 3, last: 3 }]);
        assert_eq!(hull(&dot), [[3, 7]]);
        let mut squares = outer_corners(&hull(&line));
        squares.sort_unstable();
        assert_eq!(squares, [[3, 7], [3, 8], [10, 7], [10, 8]]);
        let mut squares = outer_corners(&[[2, 4], [4, 2]]);
        squares.sort_unstable();
        assert_eq!(squares, [[2, 4], [2, 5], [3, 5], [4, 2], [5, 2], [5, 3]]);
    }
}
