use glam::{DVec2, DVec3};

use super::Mask;
use super::hull::hull;
use super::lattice::Lattice;
use crate::geometry::{Mm, PatientPoint};

/// A line across a mask.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Diameter {
    /// Its two ends, half a voxel beyond the centres of the outermost voxels.
    pub ends: [PatientPoint; 2],
    /// Distance of the ends.
    pub length: Mm,
}

/// The longest line across a mask in one slice and the longest at right angles to it there, as RECIST and RANO ask for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SliceDiameters {
    /// Slice index: where the long line is longest.
    pub slice: usize,
    /// The longest line between two pixels of the slice.
    pub long: Diameter,
    /// The longest line at right angles to it. Neither need stay within the mask where that is hollow.
    pub across: Diameter,
}

/// The outermost voxels of each slice, in the stack's own frame.
#[derive(Debug)]
pub(super) struct Corners {
    pub(super) slice: usize,
    pub(super) points: Vec<DVec3>,
    /// A circle that holds them.
    middle: DVec2,
    radius: f64,
}

pub(super) fn corners(mask: &Mask, lattice: &Lattice<'_>) -> Vec<Corners> {
    let of_slice = |slice: usize| {
        let pixels = hull(mask.slice(slice)?);
        let points: Vec<DVec3> =
            pixels.iter().map(|[column, row]| lattice.centre(*column, *row, slice)).collect();
        let (low, high) = points.iter().fold((DVec3::INFINITY, DVec3::NEG_INFINITY), |(low, high), point| {
            (low.min(*point), high.max(*point))
        });
        let middle = ((low + high) / 2.0).truncate();
        let radius = points.iter().map(|point| point.truncate().distance(middle)).fold(0.0, f64::max);
        Some(Corners { slice, points, middle, radius })
    };
    mask.filled_slices().filter_map(of_slice).collect()
}

/// How far a voxel's box of these sides reaches along a unit direction: the length within the double pyramid between the
/// centres of its six faces. Along an axis that is the side of the box, and less in between.
///
/// Centres of the outermost voxels lie inside of the surface: by half a voxel on average where the surface lies along
/// the voxels' own planes, by little where it lies askew, as some voxel then comes near to it. So this much is added to
/// distances of centres, half at each end. Of ellipsoids of known size (semi-axes 11 to 20 mm, voxels of 0.7 x 0.4 x
/// 2.5 mm and of 0.9 mm) both ends are right within half a voxel, and lengths 0.1 to 0.5 mm long on average; centres
/// alone are up to a voxel short, whole boxes up to 1.6 mm long on average.
pub(super) fn width_along(voxel: DVec3, direction: DVec3) -> f64 {
    1.0 / (direction / voxel).abs().element_sum()
}

/// The longest of the lines between two voxels' centres, each with the voxels' width along it.
pub(super) fn longest(lattice: &Lattice<'_>, corners: &[Corners]) -> Option<Diameter> {
    let most = |a: &Corners, b: &Corners| {
        let flat = a.middle.distance(b.middle) + a.radius + b.radius;
        let high = lattice.origins[a.slice].z - lattice.origins[b.slice].z;
        let wide = lattice.voxel(a.slice).max(lattice.voxel(b.slice)).max_element();
        flat.hypot(high) + wide
    };
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (i, a) in corners.iter().enumerate() {
        pairs.extend(corners.iter().enumerate().skip(i).map(|(j, b)| (most(a, b), i, j)));
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut best: Option<Diameter> = None;
    for (most, i, j) in pairs {
        if best.is_some_and(|best| best.length.0 >= most) {
            break;
        }
        best = longest_between(lattice, &corners[i], &corners[j], best);
    }
    best
}

/// The longest line between voxels of two slices, or a longer one that is known.
fn longest_between(
    lattice: &Lattice<'_>,
    from: &Corners,
    to: &Corners,
    known: Option<Diameter>,
) -> Option<Diameter> {
    let voxel = (lattice.voxel(from.slice) + lattice.voxel(to.slice)) / 2.0;
    let wide = voxel.max_element();
    let mut length = known.map_or(f64::NEG_INFINITY, |known| known.length.0);
    let mut found = None;
    for a in &from.points {
        for b in &to.points {
            let apart = a.distance(*b);
            if apart + wide > length {
                // One voxel alone is as long as its longest side.
                let direction = (*b - *a).try_normalize().unwrap_or_else(|| longest_side(voxel));
                let own = apart + width_along(voxel, direction);
                if own > length {
                    length = own;
                    found = Some((*a, *b, direction));
                }
            }
        }
    }
    let Some((a, b, direction)) = found else { return known };
    let off = direction * (width_along(voxel, direction) / 2.0);
    Some(Diameter { ends: [lattice.patient(a - off), lattice.patient(b + off)], length: Mm(length) })
}

fn longest_side(voxel: DVec3) -> DVec3 {
    let longest = voxel.max_element();
    [DVec3::X, DVec3::Y].into_iter().find(|axis| voxel.dot(*axis) >= longest).unwrap_or(DVec3::Z)
}

/// The longest line within any slice, and the longest across it.
pub(super) fn in_slice(mask: &Mask, lattice: &Lattice<'_>, corners: &[Corners]) -> Option<SliceDiameters> {
    let mut best: Option<(usize, Diameter)> = None;
    for own in corners {
        let known = best.map(|(_, long)| long);
        let found = longest_flat(lattice, own);
        if let Some(found) = found.filter(|found| known.is_none_or(|known| found.length.0 > known.length.0)) {
            best = Some((own.slice, found));
        }
    }
    let (slice, long) = best?;
    let ends = long.ends.map(|end| lattice.own_from_patient(end));
    let across = across(mask, lattice, slice, ends)?;
    Some(SliceDiameters { slice, long, across })
}

/// Without the third side of the voxels, or a pixel alone would be as long as its slice is thick.
fn longest_flat(lattice: &Lattice<'_>, corners: &Corners) -> Option<Diameter> {
    let mut best: Option<(f64, DVec3, DVec3, DVec3)> = None;
    for (index, a) in corners.points.iter().enumerate() {
        for b in &corners.points[index..] {
            let voxel = lattice.voxel(corners.slice);
            let side = if voxel.x >= voxel.y { DVec3::X } else { DVec3::Y };
            let direction = (*b - *a).try_normalize().unwrap_or(side);
            let wide = width_along(voxel, direction);
            let length = a.distance(*b) + wide;
            if best.is_none_or(|best| length > best.0) {
                best = Some((length, *a, *b, direction * (wide / 2.0)));
            }
        }
    }
    let (length, a, b, off) = best?;
    Some(Diameter { ends: [lattice.patient(a - off), lattice.patient(b + off)], length: Mm(length) })
}

/// The longest line in a slice at right angles to one between two points: pixels are sorted into strips across it, one
/// pixel wide and overlapping by half, and the strip counts whose outermost pixels are farthest apart.
fn across(mask: &Mask, lattice: &Lattice<'_>, slice: usize, ends: [DVec3; 2]) -> Option<Diameter> {
    let voxel = lattice.voxel(slice);
    let along = (ends[1] - ends[0]).try_normalize()?;
    let aside = DVec3::new(-along.y, along.x, 0.0).try_normalize()?;
    let strip = width_along(voxel, along) / 2.0;
    let length = ends[0].distance(ends[1]);
    let strips = super::lattice::count_of(length / strip) + 2;
    let mut outermost = vec![[f64::INFINITY, f64::NEG_INFINITY]; strips];
    for run in mask.slice_runs(slice) {
        for column in run.first..=run.last {
            let off = lattice.centre(column, run.row, slice) - ends[0];
            let side = off.dot(aside);
            let at = off.dot(along) / strip;
            // The first pixel of the line is in the middle of strip 1.
            let nearest = super::lattice::nearest_index(at, strips);
            let other = super::lattice::nearest_index(at + if at.round() > at { -1.0 } else { 1.0 }, strips);
            for place in [nearest, other].into_iter().flatten() {
                let [low, high] = &mut outermost[place];
                (*low, *high) = (low.min(side), high.max(side));
            }
        }
    }
    let widest =
        outermost.into_iter().enumerate().max_by(|(_, a), (_, b)| (a[1] - a[0]).total_cmp(&(b[1] - b[0])));
    let (place, [low, high]) = widest?;
    let half = width_along(voxel, aside) / 2.0;
    let middle = ends[0] + along * (place as f64 * strip);
    let ends = [low - half, high + half].map(|side| lattice.patient(middle + aside * side));
    Some(Diameter { ends, length: Mm(high - low + 2.0 * half) })
}
