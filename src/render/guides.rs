use glam::DVec2;

use super::{Color, DrawingList, Stroke, Style, palette};
use crate::view::ScreenPoint;

/// A line where another viewport's slice cuts through the picture, in output pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GuideLine {
    /// Its two ends.
    pub ends: [ScreenPoint; 2],
    /// The colour of the other viewport.
    pub color: Color,
    /// Drawn fainter and dashed: the first or last slice, not the one shown.
    pub faint: bool,
    /// Where it can be taken to turn the other plane.
    pub handles: [Option<ScreenPoint>; 2],
}

/// Reference lines, and the crosshair with its middle left open so that what it points at shows.
pub fn guides(lines: &[GuideLine], crosshair: Option<ScreenPoint>, style: &Style) -> DrawingList {
    let mut list = DrawingList::default();
    for line in lines {
        let [a, b] = line.ends.map(|end| end.0);
        let alpha = if line.faint { 150 } else { 255 };
        let stroke = Stroke { width: style.px(1.0), color: line.color.with_alpha(alpha), halo: None };
        if line.faint {
            dashes(&mut list, a, b, style.px(6.0), stroke);
        } else {
            open_at(&mut list, a, b, crosshair, style.px(10.0), stroke);
        }
        for handle in line.handles.into_iter().flatten() {
            let ring = (0..16).map(|part| f64::from(part) * std::f64::consts::TAU / 16.0);
            let ring = ring.map(|angle| ScreenPoint(handle.0 + DVec2::from_angle(angle) * style.px(4.0)));
            list.line(
                ring.collect(),
                true,
                Stroke { width: style.px(1.25), halo: Some(palette::HALO), ..stroke },
            );
        }
    }
    if let Some(ScreenPoint(at)) = crosshair {
        let stroke = Stroke { width: style.px(1.25), color: palette::CROSSHAIR, halo: Some(palette::HALO) };
        let [near, far] = [style.px(6.0), style.px(18.0)];
        for side in [DVec2::X, DVec2::NEG_X, DVec2::Y, DVec2::NEG_Y] {
            list.line(vec![ScreenPoint(at + side * near), ScreenPoint(at + side * far)], false, stroke);
        }
    }
    list
}

/// A line that leaves the crosshair's middle free.
fn open_at(
    list: &mut DrawingList,
    a: DVec2,
    b: DVec2,
    crosshair: Option<ScreenPoint>,
    gap: f64,
    stroke: Stroke,
) {
    let length = a.distance(b);
    let along = (b - a) / length.max(1e-9);
    let middle = crosshair.map(|at| (at.0 - a).dot(along));
    let near = middle.filter(|at| (a + along * *at).distance(crosshair.map_or(a, |c| c.0)) < gap);
    let pieces = match near {
        Some(at) => vec![(0.0, at - gap), (at + gap, length)],
        None => vec![(0.0, length)],
    };
    for (from, to) in pieces.into_iter().map(|(from, to)| (from.max(0.0), to.min(length))) {
        if from < to {
            list.line(vec![ScreenPoint(a + along * from), ScreenPoint(a + along * to)], false, stroke);
        }
    }
}

fn dashes(list: &mut DrawingList, a: DVec2, b: DVec2, dash: f64, stroke: Stroke) {
    /// A line far beyond the picture is not cut into millions of pieces.
    const MOST: f64 = 400.0;
    let length = a.distance(b);
    let dash = dash.max(length / MOST);
    let along = (b - a) / length.max(1e-9);
    let mut from = 0.0;
    while from < length {
        let to = (from + dash).min(length);
        list.line(vec![ScreenPoint(a + along * from), ScreenPoint(a + along * to)], false, stroke);
        from += 2.0 * dash;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Item;

    #[test]
    fn the_line_leaves_the_crosshair_open() {
        let ends = [ScreenPoint::new(10.0, 20.0), ScreenPoint::new(110.0, 20.0)];
        let line = GuideLine { ends, color: palette::MARK, faint: false, handles: [None; 2] };
        let list = guides(&[line], Some(ScreenPoint::new(50.0, 20.0)), &Style::screen(1.0));
        let pieces: Vec<_> = list
            .items
            .iter()
            .filter_map(|item| match item {
                Item::Line { points, stroke, .. } if stroke.color == palette::MARK => {
                    Some((points[0].0.x, points[1].0.x))
                }
                Item::Line { .. } | Item::Fill { .. } | Item::Text { .. } => None,
            })
            .collect();
        assert_eq!(pieces, [(10.0, 40.0), (60.0, 110.0)]);
    }
}
