use glam::{DVec2, DVec3};

use super::Mask;
use super::across::across;
use super::hull::{hull, outer_corners};
use super::lattice::Lattice;
use crate::geometry::{Mm, PatientPoint};

/// A line across a mask.
///
/// Lengths of masks are lengths of the voxels' boxes, from corner to corner: the longest line between any two points of
/// what the volume counts. So none is shorter than the boxes' extent along any direction, one in a slice is never longer
/// than the one in space, and both grow with the mask. Beside other definitions, of the same mask:
///
/// * ITK's Feret diameter (`LabelShapeStatisticsImageFilter`) lies between centres of voxels, up to a voxel's diagonal
///   shorter, and is 0 of one voxel;
/// * IBSI's maximum 3D diameter (the reference manual, L0JK) lies between vertices of a mesh, which of a mask of zeros
///   and ones are the middles of the voxels' outer faces: never longer, and shorter by at most half a diagonal at each
///   end.
///
/// Of ellipses of known size the line in a slice is 0.4 to 0.6 mm long on average (pixels of 0.5 to 0.7 mm); of
/// ellipsoids askew to slices of 2.5 mm the one in space is about 2 mm long, since which part of a thick voxel belongs
/// to a lesion is not known. Extents along own axes ([`Extent`](super::Extent)) are free of that.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Diameter {
    /// Its two ends: corners of voxels' boxes; of lines in a slice, corners of pixels on the slice's own plane.
    pub ends: [PatientPoint; 2],
    /// Distance of the ends.
    pub length: Mm,
}

/// The longest line across a mask in one slice and the longest at right angles to it there, as RECIST and RANO ask for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SliceDiameters {
    /// Slice index: where the long line is longest.
    pub slice: usize,
    /// The longest line between two points of the slice's pixels, corner to corner.
    pub long: Diameter,
    /// The longest line between two points of its pixels that lies at right angles to it. Neither need stay within the
    /// mask where that is hollow.
    pub across: Diameter,
}

/// The outermost voxels of each slice, in the stack's own frame.
#[derive(Debug)]
pub(super) struct Corners {
    pub(super) slice: usize,
    /// Centres of the outermost voxels.
    pub(super) points: Vec<DVec3>,
    /// The corners of the convex outline around the pixels' squares.
    outline: Vec<DVec2>,
    /// A circle that holds the outline.
    middle: DVec2,
    radius: f64,
}

pub(super) fn corners(mask: &Mask, lattice: &Lattice<'_>) -> Vec<Corners> {
    let of_slice = |slice: usize| {
        let pixels = hull(mask.slice(slice)?);
        let points = pixels.iter().map(|[column, row]| lattice.centre(*column, *row, slice)).collect();
        // The corner of a pixel's square before it, by index, lies half a pixel before its centre.
        let first = lattice.origins[slice].truncate() - lattice.step / 2.0;
        let corner = |[column, row]: [usize; 2]| first + DVec2::new(column as f64, row as f64) * lattice.step;
        let outline: Vec<DVec2> = outer_corners(&pixels).into_iter().map(corner).collect();
        let (low, high) =
            outline.iter().fold((DVec2::INFINITY, DVec2::NEG_INFINITY), |(low, high), point| {
                (low.min(*point), high.max(*point))
            });
        let middle = (low + high) / 2.0;
        let radius = outline.iter().map(|point| point.distance(middle)).fold(0.0, f64::max);
        Some(Corners { slice, points, outline, middle, radius })
    };
    mask.filled_slices().filter_map(of_slice).collect()
}

/// How far a voxel's box of these sides reaches along a unit direction: the length within the double pyramid between the
/// centres of its six faces. Along an axis that is the side of the box, and less in between.
///
/// Centres of the outermost voxels lie inside of the surface: by half a voxel on average where the surface lies along
/// the voxels' own planes, by little where it lies askew, as some voxel then comes near to it. So this much is added to
/// extents of centres, half at each end. Of ellipsoids of known size (semi-axes 11 to 20 mm, voxels of 0.7 x 0.4 x
/// 2.5 mm and of 0.9 mm) both ends are right within half a voxel; centres alone are up to a voxel short, whole boxes up
/// to 1.6 mm long on average.
pub(super) fn width_along(voxel: DVec3, direction: DVec3) -> f64 {
    1.0 / (direction / voxel).abs().element_sum()
}

/// A line between corners in the stack's own frame, mm.
#[derive(Debug, Clone, Copy)]
struct Line {
    ends: [DVec3; 2],
    length: f64,
}

impl Line {
    fn diameter(self, lattice: &Lattice<'_>) -> Diameter {
        Diameter { ends: self.ends.map(|end| lattice.patient(end)), length: Mm(self.length) }
    }
}

/// The longest of all lines between two corners of the voxels' boxes.
pub(super) fn longest(lattice: &Lattice<'_>, corners: &[Corners]) -> Option<Diameter> {
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (i, a) in corners.iter().enumerate() {
        pairs.extend(corners.iter().enumerate().skip(i).map(|(j, b)| {
            let flat = a.middle.distance(b.middle) + a.radius + b.radius;
            (flat.hypot(height(heights(lattice, a, b))), i, j)
        }));
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut best: Option<Line> = None;
    for (most, i, j) in pairs {
        if best.is_some_and(|best| best.length >= most) {
            break;
        }
        best = longest_between(&corners[i], &corners[j], heights(lattice, &corners[i], &corners[j]), best);
    }
    best.map(|line| line.diameter(lattice))
}

/// Where along the normal the voxels of two slices are farthest from each other: a place in the one and in the other.
fn heights(lattice: &Lattice<'_>, from: &Corners, to: &Corners) -> [f64; 2] {
    let [a, b] = [from, to].map(|own| lattice.extent(own.slice));
    if b[1] - a[0] >= a[1] - b[0] { [a[0], b[1]] } else { [a[1], b[0]] }
}

fn height(places: [f64; 2]) -> f64 {
    (places[1] - places[0]).abs()
}

/// The longest line between corners of two slices at these heights, or a longer one that is known.
fn longest_between(from: &Corners, to: &Corners, heights: [f64; 2], known: Option<Line>) -> Option<Line> {
    let high = height(heights).powi(2);
    let mut square = known.map_or(f64::NEG_INFINITY, |known| known.length.powi(2));
    let mut found = None;
    for a in &from.outline {
        for b in &to.outline {
            let own = a.distance_squared(*b) + high;
            if own > square {
                square = own;
                found = Some([a.extend(heights[0]), b.extend(heights[1])]);
            }
        }
    }
    found.map(|ends| Line { ends, length: ends[0].distance(ends[1]) }).or(known)
}

/// The longest line within any slice, and the longest across it.
pub(super) fn in_slice(mask: &Mask, lattice: &Lattice<'_>, corners: &[Corners]) -> Option<SliceDiameters> {
    let mut best: Option<(usize, Line)> = None;
    for own in corners {
        let known = best.map(|(_, line)| line);
        // Within its plane, or a pixel alone would be as long as its slice is thick.
        let plane = [lattice.origins[own.slice].z; 2];
        if known.is_some_and(|known| known.length >= 2.0 * own.radius) {
            continue;
        }
        let found = longest_between(own, own, plane, known);
        if let Some(found) = found.filter(|found| known.is_none_or(|known| found.length > known.length)) {
            best = Some((own.slice, found));
        }
    }
    let (slice, long) = best?;
    let across = across(mask.slice(slice)?, lattice, slice, long.ends)?;
    let across = Line { ends: across, length: across[0].distance(across[1]) };
    Some(SliceDiameters { slice, long: long.diameter(lattice), across: across.diameter(lattice) })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{DOWN, RIGHT, centre, even, noise, stack};
    use super::*;
    use crate::geometry::SliceStack;
    use proptest::prelude::*;

    const SIZE: [usize; 3] = [14, 11, 6];

    fn stacks() -> [SliceStack; 3] {
        [
            stack(&even(2.5, 6), [0.0, 0.0], [0.4, 0.7], [14, 11]),
            stack(&[0.0, 1.0, 2.5, 4.0, 9.0, 10.2], [0.0, 0.0], [0.7, 0.45], [14, 11]),
            stack(&[0.0, 1.7, 3.2, 5.0, 6.1, 8.0], [0.31, -0.47], [0.7, 0.4], [14, 11]),
        ]
    }

    /// Corners of all boxes in the patient, of a slice or of all; flat ones on the slice's own plane.
    fn boxes(stack: &SliceStack, mask: &Mask, only: Option<usize>) -> Vec<DVec3> {
        let (lattice, normal) = (Lattice::new(stack), RIGHT.cross(DOWN));
        let mut found = Vec::new();
        mask.for_each_run(|slice, run| {
            let [before, after] = if only.is_some() { [0.0; 2] } else { lattice.reach[slice] };
            for column in (run.first..=run.last).filter(|_| only.is_none_or(|only| only == slice)) {
                let at = centre(stack, column, run.row, slice);
                for (right, down) in [(-0.5, -0.5), (0.5, -0.5), (-0.5, 0.5), (0.5, 0.5)] {
                    let corner = at + RIGHT * (right * lattice.step.x) + DOWN * (down * lattice.step.y);
                    found.extend([corner - normal * before, corner + normal * after]);
                }
            }
        });
        found
    }

    fn farthest(points: &[DVec3]) -> f64 {
        points.iter().flat_map(|a| points.iter().map(|b| a.distance(*b))).fold(0.0, f64::max)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn lines_are_the_longest_of_all_pairs_of_corners_and_as_long_as_any_extent(
            seed in any::<u64>(), one_in in 3..300_u64, which in 0..3_usize, turn in [-1.0..1.0_f64, -1.0..1.0, -1.0..1.0]
        ) {
            let (stack, mask) = (&stacks()[which], noise(SIZE, one_in, seed));
            let Some(measures) = mask.measures(stack).unwrap() else { return Ok(()) };
            let all = boxes(stack, &mask, None);
            let (diameter, in_slice) = (measures.diameter.length.0, measures.in_slice);
            prop_assert!((diameter - farthest(&all)).abs() < 1e-9);
            let slices = (0..SIZE[2]).map(|slice| farthest(&boxes(stack, &mask, Some(slice))));
            prop_assert!((in_slice.long.length.0 - slices.fold(0.0, f64::max)).abs() < 1e-9);
            prop_assert!(diameter >= in_slice.long.length.0 && in_slice.long.length >= in_slice.across.length);
            for extent in measures.extents {
                prop_assert!(diameter >= extent.length.0 - 1e-9);
            }
            // Along rows, columns, the normal and any other way.
            let normal = RIGHT.cross(DOWN);
            let askew = DVec3::from_array(turn).try_normalize().unwrap_or(DVec3::X);
            let extent = |points: &[DVec3], along: DVec3| {
                let places = points.iter().map(|point| point.dot(along));
                places.clone().fold(f64::NEG_INFINITY, f64::max) - places.fold(f64::INFINITY, f64::min)
            };
            for along in [RIGHT, DOWN, normal, askew] {
                prop_assert!(diameter >= extent(&all, along) - 1e-9);
            }
            let flat = boxes(stack, &mask, Some(in_slice.slice));
            for along in [RIGHT, DOWN, (RIGHT * turn[0] + DOWN * turn[1]).try_normalize().unwrap_or(RIGHT)] {
                prop_assert!(in_slice.long.length.0 >= extent(&flat, along) - 1e-9);
            }
        }
    }

    /// Lengths of the same masks by numpy and scipy, from all pairs of corners in patient space.
    #[test]
    fn lengths_are_those_that_another_program_finds() {
        let thick = || stack(&even(2.5, 6), [0.0, 0.0], [0.4, 0.7], [14, 11]);
        let sheared = || stack(&[0.0, 1.7, 3.2, 5.0, 6.1, 8.0], [0.31, -0.47], [0.7, 0.4], [14, 11]);
        for (stack, one_in, seed, voxels, diameter, long) in [
            (thick(), 40, 1, 25, 16.936_646_657_470, 6.609_841_147_864),
            (thick(), 200, 7, 4, 16.026_540_487_579, 0.806_225_774_830),
            (sheared(), 40, 3, 19, 13.610_878_002_539, 8.065_358_020_572),
            (sheared(), 150, 11, 4, 11.596_778_863_115, 5.656_854_249_492),
        ] {
            let measures = noise(SIZE, one_in, seed).measures(&stack).unwrap().unwrap();
            assert_eq!(measures.voxels, voxels);
            assert!((measures.diameter.length.0 - diameter).abs() < 1e-9, "{:?}", measures.diameter);
            assert!((measures.in_slice.long.length.0 - long).abs() < 1e-9, "{:?}", measures.in_slice);
        }
    }
}
