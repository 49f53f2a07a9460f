//! Which pixels does a stroke of the brush touch? For each row of each slice a stretch between two places.

use glam::DVec3;

use super::MaskError;
use super::bits::{Area, Bits};
use super::brush::{Brush, Tip};
use super::lattice::{EDGE, Lattice, indices, length};
use crate::geometry::PatientPoint;

/// What a stroke touches, in the stack's own frame.
pub(super) struct Swept {
    /// The ends of its pieces, laid into the plane where there is one; a dab is a piece without length.
    pieces: Vec<[DVec3; 2]>,
    radius: f64,
    /// Lines are laid into the plane too, along its unit normal; only what lies near to the plane is touched.
    plane: Option<Slab>,
    /// The slices it may touch.
    pub(super) slices: std::ops::Range<usize>,
}

struct Slab {
    normal: DVec3,
    /// Place of the plane along its normal.
    place: f64,
    half: f64,
}

impl Swept {
    pub(super) fn new(
        lattice: &Lattice<'_>,
        stroke: &[PatientPoint],
        brush: &Brush,
    ) -> Result<Self, MaskError> {
        let radius = length(brush.radius)? + EDGE;
        let mut plane = match brush.tip {
            Tip::Ball => None,
            Tip::Disc { .. } => Some(Slab { normal: DVec3::Z, place: 0.0, half: f64::INFINITY }),
            Tip::Plane { point, normal, half } => {
                let map = lattice.stack.first();
                let along =
                    DVec3::new(normal.dot(map.right()), normal.dot(map.down()), normal.dot(map.normal()));
                let normal = along.try_normalize().ok_or(MaskError::Length(along.length()))?;
                let place = lattice.own_from_patient(point).dot(normal);
                Some(Slab { normal, place, half: length(half)? + EDGE })
            }
        };
        let laid = |point: &PatientPoint| {
            let point = lattice.own_from_patient(*point);
            plane.as_ref().map_or(point, |slab| point + slab.normal * (slab.place - point.dot(slab.normal)))
        };
        let points: Vec<DVec3> = stroke.iter().map(laid).filter(|point| point.is_finite()).collect();
        let mut pieces: Vec<[DVec3; 2]> = points.windows(2).map(|pair| [pair[0], pair[1]]).collect();
        if let [only] = points[..] {
            pieces.push([only, only]);
        }
        let off = radius + plane.as_ref().map_or(0.0, |slab| slab.half);
        let places = points.iter().map(|point| point.z);
        let (low, high) =
            places.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), z| (low.min(z), high.max(z)));
        let mut slices = lattice.slices_within(low - off, high + off);
        if let Tip::Disc { slice } = brush.tip {
            slices = slice..(slice + 1).min(lattice.size[2]);
            // One slice is what holds it to its place.
            plane = plane.map(|slab| Slab { half: f64::INFINITY, ..slab });
        }
        Ok(Self { pieces, radius, plane, slices })
    }

    /// The pixels of a slice that are touched.
    pub(super) fn pixels(&self, lattice: &Lattice<'_>, slice: usize) -> Option<Bits> {
        let area = self.area(lattice, slice)?;
        let mut bits = Bits::new(area);
        for piece in &self.pieces {
            let Some((first, last)) = self.rows(lattice, slice, piece) else { continue };
            for row in first..=last {
                let start = lattice.centre(0, row, slice);
                let touched = self.along(start, DVec3::X * lattice.step.x, piece);
                let columns = touched.and_then(|[from, to]| indices(from, to, lattice.size[0]));
                let Some((from, to)) = columns else { continue };
                // Rounding could put an end beside the area by a pixel.
                let (from, to) = (from.max(area.column), to.min(area.column + area.columns - 1));
                if from <= to {
                    bits.set(row - area.row, from - area.column, to - area.column);
                }
            }
        }
        Some(bits)
    }

    /// The area that holds all that may be touched in a slice.
    fn area(&self, lattice: &Lattice<'_>, slice: usize) -> Option<Area> {
        let pieces = self.pieces.iter().filter_map(|piece| {
            let (first, last) = self.rows(lattice, slice, piece)?;
            let origin = lattice.origins[slice].x;
            let [low, high] = self.bounds(piece, DVec3::X).map(|at| (at - origin) / lattice.step.x);
            let (from, to) = indices(low - EDGE, high + EDGE, lattice.size[0])?;
            Some(Area { column: from, row: first, columns: to + 1 - from, rows: last + 1 - first })
        });
        pieces.reduce(Area::with)
    }

    /// The rows of a slice in which a piece may touch pixels.
    fn rows(&self, lattice: &Lattice<'_>, slice: usize, piece: &[DVec3; 2]) -> Option<(usize, usize)> {
        let origin = lattice.origins[slice].y;
        let [low, high] = self.bounds(piece, DVec3::Y).map(|at| (at - origin) / lattice.step.y);
        indices(low, high, lattice.size[1])
    }

    /// Between which places along a direction a piece touches anything; in one slice only the radius counts.
    fn bounds(&self, piece: &[DVec3; 2], along: DVec3) -> [f64; 2] {
        let ends = piece.map(|end| end.dot(along));
        let thick = self.plane.as_ref().filter(|slab| slab.half.is_finite()).map_or(0.0, |slab| slab.half);
        let off = self.radius + thick;
        [ends[0].min(ends[1]) - off, ends[0].max(ends[1]) + off]
    }

    /// From where to where the line `start + t * step` is touched by a piece.
    fn along(&self, start: DVec3, step: DVec3, [a, b]: &[DVec3; 2]) -> Option<[f64; 2]> {
        let Some(slab) = &self.plane else { return in_capsule(start, step, *a, *b, self.radius) };
        let (off, slope) = (start.dot(slab.normal) - slab.place, step.dot(slab.normal));
        let near = between(off, slope, -slab.half, slab.half)?;
        let flat = |v: DVec3| v - slab.normal * v.dot(slab.normal);
        let round = in_capsule(flat(start), flat(step), flat(*a), flat(*b), self.radius)?;
        let both = [near[0].max(round[0]), near[1].min(round[1])];
        (both[0] <= both[1]).then_some(both)
    }
}

/// From where to where a line is within `radius` of a piece: within a ball about either end or the tube between them.
///
/// All of it is convex, so what lies between the outermost places is within it too.
fn in_capsule(start: DVec3, step: DVec3, a: DVec3, b: DVec3, radius: f64) -> Option<[f64; 2]> {
    let axis = b - a;
    let long = axis.length_squared();
    let tube = (long > 0.0).then(|| {
        let beside = |v: DVec3| v - axis * (v.dot(axis) / long);
        let round = in_ball(beside(start - a), beside(step), radius)?;
        let part = between((start - a).dot(axis), step.dot(axis), 0.0, long)?;
        let both = [round[0].max(part[0]), round[1].min(part[1])];
        (both[0] <= both[1]).then_some(both)
    });
    let balls = [in_ball(start - a, step, radius), in_ball(start - b, step, radius), tube.flatten()];
    balls.into_iter().flatten().reduce(|own, other| [own[0].min(other[0]), own[1].max(other[1])])
}

/// For which `t` the length of `start + t * step` is at most `radius`.
fn in_ball(start: DVec3, step: DVec3, radius: f64) -> Option<[f64; 2]> {
    let square = step.length_squared();
    let left = radius * radius - start.length_squared();
    if square < 1e-18 {
        return (left >= 0.0).then_some([f64::NEG_INFINITY, f64::INFINITY]);
    }
    let middle = -start.dot(step) / square;
    let half = middle * middle + left / square;
    (half >= 0.0).then(|| [middle - half.sqrt(), middle + half.sqrt()])
}

/// For which `t` a place `at + t * slope` is within `low..=high`.
fn between(at: f64, slope: f64, low: f64, high: f64) -> Option<[f64; 2]> {
    if slope.abs() < 1e-12 {
        return (low..=high).contains(&at).then_some([f64::NEG_INFINITY, f64::INFINITY]);
    }
    let ends = [(low - at) / slope, (high - at) / slope];
    Some([ends[0].min(ends[1]), ends[0].max(ends[1])])
}
