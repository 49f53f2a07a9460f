use super::label::nearest_on;
use super::{Hit, MarkDrawing, Part};
use crate::view::ScreenPoint;

/// What is within `reach_px` of a point: handles before labels before bodies, the nearest first.
///
/// Where two are equally near, the one drawn last (on top).
pub fn hit_test(drawings: &[MarkDrawing], at: ScreenPoint, reach_px: f64) -> Option<Hit> {
    let near = |index: usize, part: Part, distance: f64| (distance, Hit { index, part });
    let nearest = |candidates: &mut dyn Iterator<Item = (f64, Hit)>, reach: f64| {
        let mut best: Option<(f64, Hit)> = None;
        for (distance, hit) in candidates {
            if distance <= reach && best.is_none_or(|(least, _)| distance <= least) {
                best = Some((distance, hit));
            }
        }
        best.map(|(_, hit)| hit)
    };
    let each = || drawings.iter().enumerate();
    let mut handles = each().flat_map(|(index, drawing)| {
        let handles = drawing.handles.iter().enumerate();
        handles.map(move |(point, place)| near(index, Part::Handle(point), place.0.distance(at.0)))
    });
    let mut labels = each().filter_map(|(index, drawing)| {
        let rect = drawing.label?;
        Some(near(index, Part::Label, rect.nearest(at.0).distance(at.0)))
    });
    let mut bodies = each().flat_map(|(index, drawing)| {
        let pieces = drawing.outline.iter().flat_map(|line| line.windows(2));
        pieces.map(move |pair| near(index, Part::Body, nearest_on(pair[0].0, pair[1].0, at.0).distance(at.0)))
    });
    nearest(&mut handles, reach_px)
        .or_else(|| nearest(&mut labels, 0.0))
        .or_else(|| nearest(&mut bodies, reach_px))
        .or_else(|| nearest(&mut labels_of(drawings, at), reach_px / 2.0))
}

/// Labels once more, for a pointer just beside their letters.
fn labels_of(drawings: &[MarkDrawing], at: ScreenPoint) -> impl Iterator<Item = (f64, Hit)> {
    drawings.iter().enumerate().filter_map(move |(index, drawing)| {
        let rect = drawing.label?;
        Some((rect.nearest(at.0).distance(at.0), Hit { index, part: Part::Label }))
    })
}
