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

/// Places on each side of the viewport that are tried in a crowd.
const GRID: u32 = 16;

/// Marks beyond which no room is looked for: there is none, and the search takes their square for every frame.
const CROWD: usize = 200;

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
        } else if shape.is_text || self.shapes.len() > CROWD {
            self.kept_inside(ScreenRect::from_corner(home, size))
        } else {
            self.best(own, shape, size, gap)
        };
        self.taken.push(rect);
        Some(Placed { rect, home, leader: self.leader(own, shape, &rect) })
    }

    /// The place of a label that goes with the pointer: beyond it as seen from the shape, on its other side where the
    /// viewport ends. It never looks for room, which would make it jump from side to side.
    pub(super) fn at_pointer(&self, shape: &Shape, size: DVec2, pointer: DVec2) -> Placed {
        let (gap, hair) = (self.scene.style.px(14.0), self.scene.style.px(8.0));
        let from = shape.bounds.center();
        let along = |pointer: f64, from: f64, size: f64, low: f64, high: f64| {
            let (after, before) = (pointer + gap, pointer - gap - size);
            let (fits_after, fits_before) = (after + size <= high, before >= low);
            if (pointer >= from - hair && fits_after) || !fits_before { after } else { before }
        };
        let (low, high) = (self.viewport.min, self.viewport.max);
        let home = DVec2::new(
            along(pointer.x, from.x, size.x, low.x, high.x),
            along(pointer.y, from.y, size.y, low.y, high.y),
        );
        Placed { rect: self.kept_inside(ScreenRect::from_corner(home, size)), home, leader: None }
    }

    fn best(&self, own: usize, shape: &Shape, size: DVec2, gap: f64) -> ScreenRect {
        let around = [1.0, 3.0, 6.0, 12.0].into_iter().flat_map(|far| DIRECTIONS.map(|d| (far, d)));
        let beside = around.map(|(far, direction)| beside(shape, size, gap * far, direction));
        // A place further down the list costs little; only covering something costs much.
        let step = 0.5 * self.scene.style.scale;
        let ranked = beside.enumerate().map(|(rank, corner)| (rank as f64 * step, corner));
        let near = self.cheapest(own, shape, size, ranked);
        if near.is_some_and(|(cost, _)| cost <= 40.0 * step) {
            return near.map_or(shape.bounds, |(_, rect)| rect);
        }
        // A crowd: look for room anywhere, as near as can be.
        let places = (0..=GRID).flat_map(|down| (0..=GRID).map(move |right| (right, down)));
        let anywhere = places.map(|(right, down)| {
            let share = DVec2::new(f64::from(right), f64::from(down)) / f64::from(GRID);
            let corner = self.viewport.min + (self.viewport.size() - size).max(DVec2::ZERO) * share;
            let away = ScreenRect::from_corner(corner, size).center().distance(shape.bounds.center());
            (0.3 * away, corner)
        });
        let far = self.cheapest(own, shape, size, anywhere);
        let best = near.into_iter().chain(far).min_by(|a, b| a.0.total_cmp(&b.0));
        best.map_or_else(|| ScreenRect::from_corner(shape.bounds.max, size), |(_, rect)| rect)
    }

    /// The place that covers least, each given with what it costs by itself.
    fn cheapest(
        &self,
        own: usize,
        shape: &Shape,
        size: DVec2,
        places: impl Iterator<Item = (f64, DVec2)>,
    ) -> Option<(f64, ScreenRect)> {
        let priced = places.map(|(price, corner)| {
            let rect = self.kept_inside(ScreenRect::from_corner(corner, size));
            (price + self.cost(own, shape, &rect), rect)
        });
        priced.min_by(|a, b| a.0.total_cmp(&b.0))
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
            let (on_shape, on_label) = closest(*a, *b, rect);
            let distance = on_shape.distance(on_label);
            if nearest.is_none_or(|(least, ..)| distance < least) {
                nearest = Some((distance, on_shape, on_label));
            }
        }
        let (distance, on_shape, on_label) = nearest?;
        (distance > self.scene.style.px(14.0)).then_some((on_shape, on_label))
    }
}

/// Where a straight piece and a rectangle come closest: each in turn moves to its point nearest to the other's.
fn closest(a: DVec2, b: DVec2, rect: &ScreenRect) -> (DVec2, DVec2) {
    let mut on_label = rect.nearest(a.midpoint(b));
    for _ in 0..12 {
        on_label = rect.nearest(nearest_on(a, b, on_label));
    }
    (nearest_on(a, b, on_label), on_label)
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
