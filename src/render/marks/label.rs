use glam::DVec2;

use super::{MarkScene, Shape};
use crate::render::ScreenRect;

/// A label's place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placed {
    pub(super) rect: ScreenRect,
    /// Its corner if nothing were in the way and the reader had not moved it.
    pub(super) home: DVec2,
    /// From the shape to the label, where they are apart.
    pub(super) leader: Option<(DVec2, DVec2)>,
}

/// Finds room for labels, one after the other.
#[derive(Debug)]
pub(super) struct Placer<'a> {
    scene: &'a MarkScene<'a>,
    shapes: &'a [Option<Shape>],
    pieces: Vec<Vec<(DVec2, DVec2)>>,
    taken: Vec<ScreenRect>,
    viewport: ScreenRect,
}

/// Directions from a shape in which a label is tried, in order: right, then below, above, left, corners.
const DIRECTIONS: [(f64, f64); 8] =
    [(1.0, 0.0), (0.0, 1.0), (0.0, -1.0), (-1.0, 0.0), (1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)];

impl<'a> Placer<'a> {
    pub(super) fn new(
        scene: &'a MarkScene<'a>,
        shapes: &'a [Option<Shape>],
        keep_clear: &[ScreenRect],
    ) -> Self {
        let pieces = shapes.iter().map(|shape| shape.iter().flat_map(Shape::pieces).collect()).collect();
        let size = scene.resolved.size;
        let corner = DVec2::new(f64::from(size.width), f64::from(size.height));
        let viewport = ScreenRect { min: DVec2::ZERO, max: corner }.grown(-scene.style.px(3.0));
        Self { scene, shapes, pieces, taken: keep_clear.to_vec(), viewport }
    }

    /// The place of a label; `None` when its shape is not in the viewport.
    pub(super) fn place(
        &mut self,
        own: usize,
        shape: &Shape,
        size: DVec2,
        offset: Option<DVec2>,
    ) -> Option<Placed> {
        let visible = self.viewport.grown(self.scene.style.px(3.0));
        if shape.extent.max.cmplt(visible.min).any() || shape.extent.min.cmpgt(visible.max).any() {
            return None;
        }
        let gap = self.scene.style.px(6.0);
        let home = if shape.is_text { shape.bounds.min } else { beside(shape, size, gap, DIRECTIONS[0]) };
        let rect = if let Some(offset) = offset {
            let moved = home + offset / self.scene.resolved.mm_per_pixel;
            self.kept_inside(ScreenRect::from_corner(moved, size))
        } else if shape.is_text {
            self.kept_inside(ScreenRect::from_corner(home, size))
        } else {
            self.best(own, shape, size, gap)
        };
        self.taken.push(rect);
        Some(Placed { rect, home, leader: self.leader(own, shape, &rect) })
    }

    fn best(&self, own: usize, shape: &Shape, size: DVec2, gap: f64) -> ScreenRect {
        let mut best: Option<(f64, ScreenRect)> = None;
        let around = [1.0, 3.0, 6.0, 12.0].into_iter().flat_map(|far| DIRECTIONS.map(|d| (far, d)));
        let beside = around.map(|(far, direction)| beside(shape, size, gap * far, direction));
        let corners = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)]
            .map(|(x, y)| self.viewport.min + (self.viewport.size() - size) * DVec2::new(x, y));
        for (rank, corner) in beside.chain(corners).enumerate() {
            let rect = self.kept_inside(ScreenRect::from_corner(corner, size));
            // A place further down the list costs little; only covering something costs much.
            let cost = self.cost(own, shape, &rect) + rank as f64 * 0.5 * self.scene.style.scale;
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, rect));
            }
        }
        best.map_or_else(|| ScreenRect::from_corner(shape.bounds.max, size), |(_, rect)| rect)
    }

    /// What a label covers there, in output pixels of line, more for other labels and for its own shape.
    fn cost(&self, own: usize, shape: &Shape, rect: &ScreenRect) -> f64 {
        let close = rect.grown(self.scene.style.px(2.0));
        let per_line = self.scene.style.px(self.scene.style.label_pt);
        let labels: f64 = self.taken.iter().map(|taken| taken.overlap(&close)).sum();
        let mut cost = 20.0 * labels / per_line;
        for (index, pieces) in self.pieces.iter().enumerate() {
            let weight = if index == own { 20.0 } else { 6.0 };
            let covered: f64 = pieces.iter().map(|(a, b)| covered_length(*a, *b, &close)).sum();
            cost += weight * covered;
            let region = self.shapes[index].as_ref().filter(|other| other.is_region && index != own);
            cost += region.map_or(0.0, |other| other.bounds.overlap(rect) / per_line);
        }
        if shape.is_region {
            cost += 20.0 * shape.bounds.overlap(rect) / per_line;
        }
        cost
    }

    fn kept_inside(&self, rect: ScreenRect) -> ScreenRect {
        let size = rect.size();
        let most = (self.viewport.max - size).max(self.viewport.min);
        ScreenRect::from_corner(rect.min.clamp(self.viewport.min, most), size)
    }

    fn leader(&self, own: usize, shape: &Shape, rect: &ScreenRect) -> Option<(DVec2, DVec2)> {
        if shape.is_text {
            return None;
        }
        let mut nearest: Option<(f64, DVec2, DVec2)> = None;
        for (a, b) in &self.pieces[own] {
            // The piece's nearest point to the label's middle, then the label's nearest to that: near enough.
            let on_shape = nearest_on(*a, *b, rect.nearest(a.midpoint(*b)));
            let on_label = rect.nearest(on_shape);
            let distance = on_shape.distance(on_label);
            if nearest.is_none_or(|(least, ..)| distance < least) {
                nearest = Some((distance, on_shape, on_label));
            }
        }
        let (distance, on_shape, on_label) = nearest?;
        (distance > self.scene.style.px(14.0)).then_some((on_shape, on_label))
    }
}

/// The corner of a label of that size beside a shape.
fn beside(shape: &Shape, size: DVec2, gap: f64, (right, down): (f64, f64)) -> DVec2 {
    let bounds = shape.bounds.grown(gap);
    let along = |side: f64, low: f64, high: f64, middle: f64, size: f64| {
        if side > 0.0 {
            high
        } else if side < 0.0 {
            low - size
        } else {
            middle - size / 2.0
        }
    };
    DVec2::new(
        along(right, bounds.min.x, bounds.max.x, bounds.center().x, size.x),
        along(down, bounds.min.y, bounds.max.y, shape.label_y, size.y),
    )
}

/// The point of a straight piece that is nearest to another point.
pub(super) fn nearest_on(a: DVec2, b: DVec2, point: DVec2) -> DVec2 {
    let along = b - a;
    let length = along.length_squared();
    if length > 0.0 { a + along * ((point - a).dot(along) / length).clamp(0.0, 1.0) } else { a }
}

/// How much of a straight piece lies in a rectangle (Liang and Barsky's clipping).
fn covered_length(a: DVec2, b: DVec2, rect: &ScreenRect) -> f64 {
    let along = b - a;
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    for (step, start, low, high) in
        [(along.x, a.x, rect.min.x, rect.max.x), (along.y, a.y, rect.min.y, rect.max.y)]
    {
        if step.abs() < 1e-12 {
            if start < low || start > high {
                return 0.0;
            }
        } else {
            let (enter, leave) = ((low - start) / step, (high - start) / step);
            from = from.max(enter.min(leave));
            to = to.min(enter.max(leave));
        }
    }
    (to - from).max(0.0) * along.length()
}
