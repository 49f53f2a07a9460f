use glam::DVec2;

use crate::case::Kind;
use crate::render::{ScreenRect, Style};
use crate::view::ScreenPoint;

/// How far a flattened curve may be from the true one, in output pixels.
const FLATNESS: f64 = 0.1;

/// Straight pieces from point to point.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) points: Vec<DVec2>,
    pub(super) closed: bool,
}

impl Line {
    fn open(points: &[DVec2]) -> Self {
        Self { points: points.to_vec(), closed: false }
    }

    pub(super) fn screen(&self) -> Vec<ScreenPoint> {
        self.points.iter().map(|p| ScreenPoint(*p)).collect()
    }

    /// The points, with the first one again at the end of a closed line.
    fn outline(&self) -> Vec<ScreenPoint> {
        let again = self.points.first().filter(|_| self.closed);
        self.points.iter().chain(again).map(|p| ScreenPoint(*p)).collect()
    }
}

/// A mark in output pixels.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shape {
    pub(super) lines: Vec<Line>,
    pub(super) fills: Vec<Vec<DVec2>>,
    pub(super) handles: Vec<DVec2>,
    /// All of its lines.
    pub(super) extent: ScreenRect,
    /// What the label stands beside: an arrow's tail, otherwise `extent`.
    pub(super) bounds: ScreenRect,
    /// Where on the right side of `bounds` the label stands first.
    pub(super) label_y: f64,
    /// The label is the shape: it stands at the point itself.
    pub(super) is_text: bool,
    /// It has an inside that a label should not cover.
    pub(super) is_region: bool,
}

impl Shape {
    /// The shape of a kind through its points; a draft may have fewer. `None` without points.
    pub(super) fn new(kind: Kind, points: &[DVec2], finished: bool, style: &Style) -> Option<Self> {
        if points.is_empty() || !points.iter().all(|p| p.is_finite()) {
            return None;
        }
        let handles = match kind {
            // A stroke of the hand is moved as a whole: it has too many points to touch one.
            Kind::Freehand | Kind::Mask => Vec::new(),
            Kind::Probe
            | Kind::Length
            | Kind::Angle
            | Kind::Bidirectional
            | Kind::Ellipse
            | Kind::Rectangle
            | Kind::Polygon
            | Kind::Arrow
            | Kind::Text
            | Kind::Size
            | Kind::LineDistance
            | Kind::MidlineShift
            | Kind::Height
            | Kind::Cobb
            | Kind::OpenAngle => points.to_vec(),
        };
        let (lines, fills) = lines_of(kind, points, finished, style);
        let all: Vec<ScreenPoint> = lines.iter().flat_map(Line::screen).collect();
        let own: Vec<ScreenPoint> = points.iter().map(|p| ScreenPoint(*p)).collect();
        let extent = ScreenRect::around(if all.is_empty() { &own } else { &all })?;
        let tail = ScreenRect::around(&own[..1])?;
        let bounds = if kind == Kind::Arrow { tail } else { extent };
        let beside = if kind == Kind::Arrow { &points[..1] } else { points };
        let rightmost = beside.iter().max_by(|a, b| a.x.total_cmp(&b.x)).map_or(0.0, |p| p.y);
        let label_y = if kind.is_region() { bounds.center().y } else { rightmost };
        let is_text = kind == Kind::Text;
        Some(Self { lines, fills, handles, extent, bounds, label_y, is_text, is_region: kind.is_region() })
    }

    /// A body that the plane cuts: its outlines there, and those of its axes that lie in the plane.
    ///
    /// `points` are the ends of its axes; the handles of those that do not lie in the plane are nowhere.
    pub(super) fn of_body(outlines: &[Vec<DVec2>], points: &[(DVec2, bool)], style: &Style) -> Option<Self> {
        let mut lines = Vec::new();
        for outline in outlines.iter().filter(|outline| outline.len() > 2) {
            lines.push(Line { points: outline.clone(), closed: true });
        }
        for axis in points.chunks_exact(2) {
            let [(from, true), (to, true)] = axis else { continue };
            lines.extend([Line::open(&[*from, *to]), tick(*from, *to, style), tick(*to, *from, style)]);
        }
        let all: Vec<ScreenPoint> = lines.iter().flat_map(Line::screen).collect();
        let extent = ScreenRect::around(&all).filter(|_| all.iter().all(|point| point.0.is_finite()))?;
        let handles = points.iter().map(|(at, seen)| if *seen { *at } else { DVec2::NAN }).collect();
        let label_y = extent.center().y;
        let (fills, bounds) = (Vec::new(), extent);
        Some(Self { lines, fills, handles, extent, bounds, label_y, is_text: false, is_region: true })
    }

    /// The lines, and the edges of what is filled; a closed line repeats its first point.
    pub(super) fn outline(&self) -> Vec<Vec<ScreenPoint>> {
        let filled =
            self.fills.iter().map(|corners| Line { points: corners.clone(), closed: true }.outline());
        self.lines.iter().map(Line::outline).chain(filled).collect()
    }

    /// The straight pieces, thinned where there are very many.
    pub(super) fn pieces(&self) -> impl Iterator<Item = (DVec2, DVec2)> {
        const MOST: usize = 400;
        self.outline().into_iter().flat_map(|outline| {
            let step = outline.len().div_ceil(MOST).max(1);
            let kept: Vec<DVec2> = outline.iter().step_by(step).chain(outline.last()).map(|p| p.0).collect();
            kept.windows(2).map(|pair| (pair[0], pair[1])).collect::<Vec<_>>()
        })
    }
}

fn lines_of(kind: Kind, points: &[DVec2], finished: bool, style: &Style) -> (Vec<Line>, Vec<Vec<DVec2>>) {
    let lines = match (kind, points) {
        (Kind::Text | Kind::Mask, _) => Vec::new(),
        (Kind::Probe, [at, ..]) => cross(*at, style),
        (Kind::Length, [from, to]) => {
            vec![Line::open(points), tick(*from, *to, style), tick(*to, *from, style)]
        }
        (Kind::Angle, [first, vertex, last]) => {
            let mut lines = vec![Line::open(points)];
            lines.extend(arc(*first, *vertex, *last, style));
            lines
        }
        (Kind::Bidirectional, [from, to, side, other]) => vec![
            Line::open(&[*from, *to]),
            Line::open(&[*side, *other]),
            tick(*from, *to, style),
            tick(*to, *from, style),
        ],
        (Kind::Ellipse, [center, first, second]) => {
            vec![Line { points: ellipse(*center, *first - *center, *second - *center), closed: true }]
        }
        (Kind::LineDistance | Kind::MidlineShift | Kind::Height, [from, to, beside]) => {
            beside_line(*from, *to, *beside, style)
        }
        (Kind::Cobb | Kind::OpenAngle, [a, b, c, d]) => vec![Line::open(&[*a, *b]), Line::open(&[*c, *d])],
        (Kind::Arrow, [tail, head]) => return arrow(*tail, *head, style),
        (Kind::Rectangle, _) => vec![Line { points: points.to_vec(), closed: points.len() == 4 }],
        (Kind::Polygon | Kind::Freehand, _) => vec![Line { points: points.to_vec(), closed: finished }],
        // A draft that does not have all its points yet.
        (
            Kind::Probe
            | Kind::Length
            | Kind::Angle
            | Kind::Bidirectional
            | Kind::Ellipse
            | Kind::Arrow
            | Kind::Size
            | Kind::LineDistance
            | Kind::MidlineShift
            | Kind::Height
            | Kind::Cobb
            | Kind::OpenAngle,
            _,
        ) => points.chunks(2).map(Line::open).chain(join(kind, points)).collect(),
    };
    (lines, Vec::new())
}

/// Between the pairs of a draft whose points are one path.
fn join(kind: Kind, points: &[DVec2]) -> Option<Line> {
    let pairs = matches!(kind, Kind::Bidirectional | Kind::Size | Kind::Cobb | Kind::OpenAngle);
    (!pairs && points.len() > 2).then(|| Line::open(&points[1..3]))
}

/// The line, and the way to it from the point beside it; the line reaches as far as that way needs.
fn beside_line(from: DVec2, to: DVec2, beside: DVec2, style: &Style) -> Vec<Line> {
    let along = (to - from).normalize_or_zero();
    let at = (beside - from).dot(along);
    let foot = from + along * at;
    let mut lines = vec![Line::open(&[from, to]), Line::open(&[foot, beside]), tick(beside, foot, style)];
    // The foot may lie beyond the ends that the reader drew.
    let end = if at < 0.0 { from } else { to };
    if at < 0.0 || at > (to - from).length() {
        lines.push(Line::open(&[end, foot]));
    }
    lines
}

/// Four short lines around a free middle, so that the pixel itself stays visible.
fn cross(at: DVec2, style: &Style) -> Vec<Line> {
    let (inner, outer) = (style.px(2.5), style.px(7.0));
    let sides = [DVec2::X, DVec2::NEG_X, DVec2::Y, DVec2::NEG_Y];
    sides.iter().map(|side| Line::open(&[at + *side * inner, at + *side * outer])).collect()
}

/// A short line across the end of a measured distance.
fn tick(end: DVec2, other: DVec2, style: &Style) -> Line {
    let across = (other - end).perp().normalize_or_zero() * style.px(4.0);
    Line::open(&[end - across, end + across])
}

fn arc(first: DVec2, vertex: DVec2, last: DVec2, style: &Style) -> Option<Line> {
    let (a, b) = (first - vertex, last - vertex);
    let radius = (a.length().min(b.length()) * 0.4).min(style.px(18.0));
    let angle = a.angle_to(b);
    if radius < style.px(3.0) || !angle.is_finite() {
        return None;
    }
    let steps = steps_of(radius);
    let start = a.normalize_or_zero() * radius;
    let turned = |step: u32| DVec2::from_angle(angle * f64::from(step) / f64::from(steps)).rotate(start);
    Some(Line { points: (0..=steps).map(|step| vertex + turned(step)).collect(), closed: false })
}

/// A line to a filled head.
fn arrow(tail: DVec2, head: DVec2, style: &Style) -> (Vec<Line>, Vec<Vec<DVec2>>) {
    let along = (head - tail).normalize_or_zero();
    let length = style.px(11.0).min((head - tail).length());
    let (neck, half) = (head - along * length, along.perp() * length * 0.36);
    (vec![Line::open(&[tail, head - along * length * 0.6])], vec![vec![head, neck + half, neck - half]])
}

fn ellipse(center: DVec2, first: DVec2, second: DVec2) -> Vec<DVec2> {
    let steps = 4 * steps_of(first.length().max(second.length())).div_ceil(2);
    let point = |step: u32| {
        let (sine, cosine) = (std::f64::consts::TAU * f64::from(step) / f64::from(steps)).sin_cos();
        center + first * cosine + second * sine
    };
    (0..steps).map(point).collect()
}

pub(super) fn circle(center: DVec2, radius: f64) -> Vec<ScreenPoint> {
    ellipse(center, DVec2::X * radius, DVec2::Y * radius).into_iter().map(ScreenPoint).collect()
}

/// Straight pieces that a half circle needs to stay within [`FLATNESS`]: the sagitta of a chord is r a² / 8.
fn steps_of(radius: f64) -> u32 {
    let steps = std::f64::consts::PI * (radius / (8.0 * FLATNESS)).sqrt();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 6 and 200")]
    let steps = steps.ceil().clamp(6.0, 200.0) as u32;
    steps
}
