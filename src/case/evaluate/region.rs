use glam::{DMat2, DVec2};

use crate::case::Kind;
use crate::geometry::PixelPoint;
use crate::image::FrameSize;

/// How near an edge counts as on it, in pixels: far above rounding of patient coordinates, far below sight.
const ON_EDGE: f64 = 1e-7;

/// The outline of a region, in pixels of one frame.
///
/// A pixel belongs to it when its centre lies inside or on the edge.
#[derive(Debug, Clone, PartialEq)]
pub enum Region {
    /// Centre and the two half axes as vectors: need not be at right angles after a change of spacing.
    Ellipse {
        /// The middle.
        center: DVec2,
        /// From the middle to the tips.
        half_axes: DMat2,
    },
    /// Half axes along the columns and rows, as typed: `((c - cx) / a)² + ((r - cy) / b)² <= 1`, to the last bit.
    UprightEllipse {
        /// The middle.
        center: DVec2,
        /// Half axes in columns and rows.
        half_axes: DVec2,
    },
    /// Corners in order; even-odd where it crosses itself.
    Polygon(Vec<DVec2>),
}

impl Region {
    /// The region of a measurement's points; `None` when the kind has no inside or points are missing.
    pub fn new(kind: Kind, pixels: &[PixelPoint]) -> Option<Self> {
        match kind {
            Kind::Ellipse => {
                let [center, first, second] = pixels else { return None };
                let half_axes = DMat2::from_cols(first.0 - center.0, second.0 - center.0);
                Some(Self::Ellipse { center: center.0, half_axes })
            }
            Kind::Rectangle | Kind::Polygon | Kind::Freehand => {
                (pixels.len() >= 3).then(|| Self::Polygon(pixels.iter().map(|p| p.0).collect()))
            }
            Kind::Probe
            | Kind::Length
            | Kind::Angle
            | Kind::Bidirectional
            | Kind::Arrow
            | Kind::Text
            | Kind::Size
            | Kind::LineDistance
            | Kind::MidlineShift
            | Kind::Height
            | Kind::Cobb
            | Kind::OpenAngle
            | Kind::Mask => None,
        }
    }

    /// Area of what the outline encloses, in pixels.
    pub fn area(&self) -> f64 {
        match self {
            Self::Ellipse { half_axes, .. } => std::f64::consts::PI * half_axes.determinant().abs(),
            Self::UprightEllipse { half_axes, .. } => std::f64::consts::PI * half_axes.x * half_axes.y,
            Self::Polygon(corners) => polygon_area(corners),
        }
    }

    /// The area of the part within an image, in pixels; `None` where all of the outline lies on it.
    ///
    /// The image reaches half a pixel beyond its outermost pixel centres.
    pub fn area_inside(&self, size: FrameSize) -> Option<f64> {
        let edges = [DVec2::splat(-0.5), DVec2::new(size.columns as f64, size.rows as f64) - 0.5];
        let on_image = |point: &PixelPoint| {
            let least = (point.0 - edges[0]).min(edges[1] - point.0);
            least.min_element() >= -ON_EDGE
        };
        if self.reach().iter().all(on_image) {
            return None;
        }
        let corners = match self {
            Self::Ellipse { center, half_axes } => ellipse_corners(*center, *half_axes),
            Self::UprightEllipse { center, half_axes } => {
                ellipse_corners(*center, DMat2::from_diagonal(*half_axes))
            }
            Self::Polygon(corners) => corners.clone(),
        };
        let whole = polygon_area(&corners);
        let inside = polygon_area(&clipped(corners, edges));
        // The corners on an ellipse enclose a little less than it does.
        Some(if whole > 0.0 { inside / whole * self.area() } else { 0.0 })
    }

    /// What an outline that crosses itself goes round more than once and the even-odd rule leaves out, in pixels;
    /// `None` of an outline that does not.
    pub fn area_twice(&self) -> Option<f64> {
        let Self::Polygon(corners) = self else { return None };
        let simple = shoelace(corners);
        let [even_odd, non_zero] = areas(corners)?;
        ((even_odd - simple).abs() > 1e-6 * non_zero).then_some((non_zero - even_odd).max(0.0))
    }

    /// Points that lie around the whole outline: what holds all of them holds every point inside.
    pub(super) fn reach(&self) -> Vec<PixelPoint> {
        let around = |center: DVec2, reach: DVec2| {
            [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
                .map(|(x, y)| PixelPoint(center + reach * DVec2::new(x, y)))
                .to_vec()
        };
        match self {
            Self::Ellipse { center, half_axes } => {
                around(*center, DVec2::new(half_axes.row(0).length(), half_axes.row(1).length()))
            }
            Self::UprightEllipse { center, half_axes } => around(*center, *half_axes),
            Self::Polygon(corners) => corners.iter().copied().map(PixelPoint).collect(),
        }
    }

    /// Calls `visit(row, first column, last column)` for every run of pixels that belong, rows ascending.
    pub fn for_each_run(&self, size: FrameSize, mut visit: impl FnMut(usize, usize, usize)) {
        let (low, high) = self.rows();
        let Some((first, last)) = whole_range(low, high, size.rows) else { return };
        let mut spans = Vec::new();
        for row in first..=last {
            spans.clear();
            self.spans(row as f64, &mut spans);
            spans.sort_by(|a: &(f64, f64), b| a.0.total_cmp(&b.0));
            // Spans may touch or overlap where an edge lies on a pixel centre: each pixel counts once.
            let mut from = 0;
            for (low, high) in &spans {
                if let Some((start, end)) = whole_range(*low, *high, size.columns) {
                    let start = start.max(from);
                    if start <= end {
                        visit(row, start, end);
                        from = end + 1;
                    }
                }
            }
        }
    }

    fn rows(&self) -> (f64, f64) {
        match self {
            Self::Ellipse { center, half_axes } => {
                let reach = half_axes.row(1).length();
                (center.y - reach, center.y + reach)
            }
            Self::UprightEllipse { center, half_axes } => (center.y - half_axes.y, center.y + half_axes.y),
            Self::Polygon(corners) => corners
                .iter()
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), p| (low.min(p.y), high.max(p.y))),
        }
    }

    /// The closed column intervals of one row of pixel centres.
    fn spans(&self, row: f64, spans: &mut Vec<(f64, f64)>) {
        match self {
            Self::Ellipse { center, half_axes } => spans.extend(ellipse_span(*center, *half_axes, row)),
            Self::UprightEllipse { center, half_axes } => {
                spans.extend(upright_span(*center, *half_axes, row));
            }
            Self::Polygon(corners) => polygon_spans(corners, row, spans),
        }
    }
}

/// Corners up to which an outline is searched for crossings: the search takes their square.
const MOST_CORNERS_TO_CROSS: usize = 4096;

/// By the even-odd rule, as the pixels are counted: the two loops of an 8 add up, they do not cancel out.
fn polygon_area(corners: &[DVec2]) -> f64 {
    let simple = shoelace(corners);
    let Some([even_odd, _]) = areas(corners) else { return simple };
    // Where nothing crosses, the shorter sum has fewer roundings.
    if (even_odd - simple).abs() <= 1e-9 * simple { simple } else { even_odd }
}

/// The area of an outline that does not cross itself.
fn shoelace(corners: &[DVec2]) -> f64 {
    let next = corners.iter().cycle().skip(1);
    (corners.iter().zip(next).map(|(a, b)| a.perp_dot(*b)).sum::<f64>() / 2.0).abs()
}

/// By the even-odd and by the non-zero rule; `None` where no corner lets an outline cross itself, or too many do.
fn areas(corners: &[DVec2]) -> Option<[f64; 2]> {
    if corners.len() <= 3 || corners.len() > MOST_CORNERS_TO_CROSS {
        return None;
    }
    let mut rows: Vec<f64> = corners.iter().map(|corner| corner.y).collect();
    rows.sort_by(f64::total_cmp);
    rows.dedup();
    let bands = rows.windows(2).map(|pair| band_areas(corners, pair[0], pair[1]));
    Some(bands.fold([0.0, 0.0], |sum, band| [sum[0] + band[0], sum[1] + band[1]]))
}

/// The part between two rows with no corner between them: there every edge is one straight line.
fn band_areas(corners: &[DVec2], low: f64, high: f64) -> [f64; 2] {
    let at = |(a, b): &(&DVec2, &DVec2), row: f64| a.x + (row - a.y) / (b.y - a.y) * (b.x - a.x);
    let edges: Vec<_> = corners
        .iter()
        .zip(corners.iter().cycle().skip(1))
        .filter(|(a, b)| a.y.min(b.y) <= low && a.y.max(b.y) >= high)
        .collect();
    let mut rows = vec![low, high];
    for (index, edge) in edges.iter().enumerate() {
        for other in &edges[index + 1..] {
            let (above, below) = (at(edge, low) - at(other, low), at(edge, high) - at(other, high));
            if above * below < 0.0 {
                rows.push(low + above / (above - below) * (high - low));
            }
        }
    }
    rows.sort_by(f64::total_cmp);
    let mut sums = [0.0, 0.0];
    for pair in rows.windows(2) {
        let middle = f64::midpoint(pair[0], pair[1]);
        let down = |(a, b): &(&DVec2, &DVec2)| if a.y < b.y { 1 } else { -1 };
        let mut columns: Vec<(f64, i32)> = edges.iter().map(|edge| (at(edge, middle), down(edge))).collect();
        columns.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut winding = 0;
        for (index, ends) in columns.windows(2).enumerate() {
            winding += ends[0].1;
            let area = (ends[1].0 - ends[0].0) * (pair[1] - pair[0]);
            sums[0] += if index % 2 == 0 { area } else { 0.0 };
            sums[1] += if winding == 0 { 0.0 } else { area };
        }
    }
    sums
}

/// Corners on an ellipse, near enough for its share on an image to a millionth.
fn ellipse_corners(center: DVec2, half_axes: DMat2) -> Vec<DVec2> {
    const CORNERS: u32 = 1440;
    let turn = std::f64::consts::TAU / f64::from(CORNERS);
    (0..CORNERS).map(|index| center + half_axes * DVec2::from_angle(f64::from(index) * turn)).collect()
}

/// What of an outline lies in a box (Sutherland and Hodgman); what it encloses there stays enclosed as often.
fn clipped(mut corners: Vec<DVec2>, [low, high]: [DVec2; 2]) -> Vec<DVec2> {
    for (side, edge) in [(DVec2::X, low.x), (-DVec2::X, -high.x), (DVec2::Y, low.y), (-DVec2::Y, -high.y)] {
        let inside = |point: &DVec2| side.dot(*point) - edge;
        let mut kept = Vec::with_capacity(corners.len() + 4);
        for (a, b) in corners.iter().zip(corners.iter().cycle().skip(1)) {
            let (from, to) = (inside(a), inside(b));
            if from >= 0.0 {
                kept.push(*a);
            }
            if (from >= 0.0) != (to >= 0.0) {
                kept.push(a.lerp(*b, from / (from - to)));
            }
        }
        corners = kept;
    }
    corners
}

/// Whole numbers in `low ..= high`, widened by the edge tolerance, within `0 .. count`.
fn whole_range(low: f64, high: f64, count: usize) -> Option<(usize, usize)> {
    let (low, high) = ((low - ON_EDGE).ceil().max(0.0), (high + ON_EDGE).floor().min(count as f64 - 1.0));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the frame")]
    (low <= high).then_some((low as usize, high as usize))
}

/// Where the row meets `|half_axes⁻¹ (p - center)| <= 1`: a quadratic in the column.
fn ellipse_span(center: DVec2, half_axes: DMat2, row: f64) -> Option<(f64, f64)> {
    if half_axes.determinant().abs() < f64::MIN_POSITIVE {
        return None;
    }
    let inverse = half_axes.inverse();
    let (along, start) = (inverse.x_axis, inverse * DVec2::new(0.0, row - center.y));
    let (a, b, c) = (along.length_squared(), along.dot(start), start.length_squared() - 1.0);
    let discriminant = b * b - a * c;
    // At the topmost and lowest row the exact answer is one point; rounding must not lose it.
    if discriminant < -ON_EDGE * a {
        return None;
    }
    let root = discriminant.max(0.0).sqrt();
    Some((center.x + (-b - root) / a, center.x + (-b + root) / a))
}

/// The same without tolerance: a reader who types numbers gets what the formula says of them.
fn upright_span(center: DVec2, half_axes: DVec2, row: f64) -> Option<(f64, f64)> {
    let inside = |column: f64| {
        let (x, y) = ((column - center.x) / half_axes.x, (row - center.y) / half_axes.y);
        x * x + y * y <= 1.0
    };
    let height = (row - center.y) / half_axes.y;
    let reach = half_axes.x * (1.0 - height * height).max(0.0).sqrt();
    // The square root may be off by its last bits: the formula decides about the columns at both ends.
    let (mut first, mut last) = ((center.x - reach).floor(), (center.x + reach).ceil());
    while first <= last && !inside(first) {
        first += 1.0;
    }
    while last >= first && !inside(last) {
        last -= 1.0;
    }
    (first <= last).then_some((first, last))
}

fn polygon_spans(corners: &[DVec2], row: f64, spans: &mut Vec<(f64, f64)>) {
    let mut crossings = Vec::new();
    for (a, b) in corners.iter().zip(corners.iter().cycle().skip(1)) {
        let on_row = |p: &DVec2| (p.y - row).abs() <= ON_EDGE;
        if on_row(a) {
            spans.push(if on_row(b) { (a.x.min(b.x), a.x.max(b.x)) } else { (a.x, a.x) });
        }
        // Half-open, so that a corner on the row is crossed once or twice as the outline passes or turns there.
        if (a.y <= row) != (b.y <= row) {
            crossings.push(a.x + (row - a.y) / (b.y - a.y) * (b.x - a.x));
        }
    }
    crossings.sort_by(f64::total_cmp);
    spans.extend(crossings.chunks_exact(2).map(|pair| (pair[0], pair[1])));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SIZE: FrameSize = FrameSize { columns: 31, rows: 23 };

    fn pixels(region: &Region) -> Vec<(usize, usize)> {
        let mut list = Vec::new();
        region.for_each_run(SIZE, |row, first, last| list.extend((first..=last).map(|column| (column, row))));
        list
    }

    fn points(list: &[(f64, f64)]) -> Vec<PixelPoint> {
        list.iter().map(|(column, row)| PixelPoint::new(*column, *row)).collect()
    }

    #[test]
    fn a_circle_of_radius_five_holds_its_81_lattice_points() {
        // Gauss's circle problem: N(5) = 81, with twelve points exactly on the edge.
        let circle =
            Region::new(Kind::Ellipse, &points(&[(15.0, 11.0), (20.0, 11.0), (15.0, 16.0)])).unwrap();
        assert_eq!(pixels(&circle).len(), 81);
        let turned = Region::new(Kind::Ellipse, &points(&[(15.0, 11.0), (18.0, 15.0), (19.0, 8.0)])).unwrap();
        assert_eq!(pixels(&turned).len(), 81);
        assert!((circle.area() - 25.0 * std::f64::consts::PI).abs() < 1e-9);
    }

    #[test]
    fn typed_numbers_follow_the_formula_to_the_last_bit() {
        // 11.6 - 4.6 is 7 on paper; in f64 the tip pixel of row 7 lies outside by 2e-15.
        let typed =
            Region::UprightEllipse { center: DVec2::new(15.0, 11.6), half_axes: DVec2::new(7.3, 4.6) };
        let formula =
            |c: usize, r: usize| ((c as f64 - 15.0) / 7.3).powi(2) + ((r as f64 - 11.6) / 4.6).powi(2) <= 1.0;
        let all = (0..SIZE.rows).flat_map(|r| (0..SIZE.columns).map(move |c| (c, r)));
        let expected: Vec<_> = all.filter(|(c, r)| formula(*c, *r)).collect();
        assert_eq!(pixels(&typed), expected);
        let round = Region::UprightEllipse { center: DVec2::new(15.0, 11.0), half_axes: DVec2::splat(5.0) };
        assert_eq!(pixels(&round).len(), 81);
    }

    #[test]
    fn edges_and_corners_of_a_polygon_belong() {
        let square = [(2.0, 3.0), (6.0, 3.0), (6.0, 5.0), (2.0, 5.0)];
        assert_eq!(pixels(&Region::new(Kind::Rectangle, &points(&square)).unwrap()).len(), 15);
        let diamond = [(10.0, 4.0), (13.0, 7.0), (10.0, 10.0), (7.0, 7.0)];
        assert_eq!(pixels(&Region::new(Kind::Polygon, &points(&diamond)).unwrap()).len(), 25);
        let between = [(2.2, 3.2), (2.8, 3.2), (2.8, 3.8), (2.2, 3.8)];
        assert_eq!(pixels(&Region::new(Kind::Polygon, &points(&between)).unwrap()), Vec::new());
    }

    #[test]
    fn loops_of_an_outline_that_crosses_itself_add_up() {
        let area = |list: &[(f64, f64)]| Region::new(Kind::Polygon, &points(list)).unwrap().area();
        // Two triangles of base 10 and height 5: signed sums would cancel out to 0.
        let eight = [(0.0, 0.0), (10.0, 10.0), (10.0, 0.0), (0.0, 10.0)];
        assert!((area(&eight) - 50.0).abs() < 1e-9, "{}", area(&eight));
        let bow = [(0.0, 0.0), (10.0, 10.0), (0.0, 10.0), (10.0, 0.0)];
        assert!((area(&bow) - 50.0).abs() < 1e-9, "{}", area(&bow));
        // Traced twice, nothing is inside by the even-odd rule: no pixel but those on the edge.
        let square = [(2.0, 2.0), (6.0, 2.0), (6.0, 6.0), (2.0, 6.0)];
        let twice = [square, square].concat();
        assert!(area(&twice).abs() < 1e-9);
        let over = |list: &[(f64, f64)]| Region::new(Kind::Polygon, &points(list)).unwrap().area_twice();
        assert!((over(&twice).unwrap() - 16.0).abs() < 1e-9);
        assert!(over(&eight).unwrap().abs() < 1e-9 && over(&bow).is_some() && over(&square).is_none());
        // A loop of 2 x 2 in the corner of a square of 6 x 6, gone round the same way: 4 counted out.
        let loops =
            [(0.0, 0.0), (6.0, 0.0), (6.0, 6.0), (2.0, 6.0), (2.0, 4.0), (4.0, 4.0), (4.0, 6.0), (0.0, 6.0)];
        assert!((over(&loops).unwrap() - 4.0).abs() < 1e-9);
        assert!((area(&square) - 16.0).abs() < 1e-12);
    }

    #[test]
    fn what_leaves_the_frame_is_cut() {
        let far = [(-50.0, -50.0), (500.0, -50.0), (500.0, 500.0), (-50.0, 500.0)];
        assert_eq!(pixels(&Region::new(Kind::Rectangle, &points(&far)).unwrap()).len(), SIZE.pixels());
    }

    #[test]
    fn what_leaves_the_frame_is_measured_on_both_sides() {
        let inside = |region: &Region| region.area_inside(SIZE);
        let square = |at: f64| {
            let corners = [(at, at), (at + 4.0, at), (at + 4.0, at + 4.0), (at, at + 4.0)];
            Region::new(Kind::Rectangle, &points(&corners)).unwrap()
        };
        assert_eq!(inside(&square(-0.5)), None);
        assert!((inside(&square(-2.5)).unwrap() - 4.0).abs() < 1e-9);
        assert_eq!(inside(&square(-9.0)), Some(0.0));
        let round = |x: f64, y: f64| Region::UprightEllipse {
            center: DVec2::new(x, y),
            half_axes: DVec2::new(6.0, 3.0),
        };
        // Half of it, a quarter of it, all of it.
        let whole = std::f64::consts::PI * 18.0;
        assert!((inside(&round(-0.5, 10.0)).unwrap() - whole / 2.0).abs() < 1e-4);
        assert!((inside(&round(30.5, 22.5)).unwrap() - whole / 4.0).abs() < 1e-4);
        assert_eq!((inside(&round(10.0, 10.0)), inside(&round(100.0, 100.0))), (None, Some(0.0)));
        // The loops of an 8 of which one lies outside.
        let eight = [(-10.5, 0.0), (9.5, 10.0), (9.5, 0.0), (-10.5, 10.0)];
        let eight = Region::new(Kind::Polygon, &points(&eight)).unwrap();
        assert!((eight.area() - 100.0).abs() < 1e-9 && (inside(&eight).unwrap() - 50.0).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn a_polygon_agrees_with_the_even_odd_rule_point_by_point(
            corners in prop::collection::vec((-3.0..34.0_f64, -3.0..26.0_f64), 3..9)
        ) {
            let region = Region::new(Kind::Polygon, &points(&corners)).unwrap();
            // A centre on the outline counts, as the tests above say; of the even-odd rule it may be either.
            let is_on_edge = |x: f64, y: f64| {
                let next = corners.iter().cycle().skip(1);
                corners.iter().zip(next).any(|(a, b)| {
                    let (from, to) = (DVec2::new(a.0, a.1), DVec2::new(b.0, b.1));
                    let (along, at) = (to - from, DVec2::new(x, y));
                    let share = ((at - from).dot(along) / along.length_squared().max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
                    at.distance(from + along * share) <= 10.0 * ON_EDGE
                })
            };
            let centres = (0..SIZE.rows).flat_map(|row| (0..SIZE.columns).map(move |column| (column, row)));
            prop_assume!(!centres.clone().any(|(column, row)| is_on_edge(column as f64, row as f64)));
            let inside = |x: f64, y: f64| {
                let next = corners.iter().cycle().skip(1);
                corners.iter().zip(next).filter(|(a, b)| {
                    (a.1 > y) != (b.1 > y) && x < (b.0 - a.0) * (y - a.1) / (b.1 - a.1) + a.0
                }).count() % 2 == 1
            };
            let expected = centres
                .filter(|(column, row)| inside(*column as f64, *row as f64))
                .collect::<Vec<_>>();
            prop_assert_eq!(pixels(&region), expected);
        }

        #[test]
        fn an_area_is_what_many_fine_rows_add_up_to(
            corners in prop::collection::vec((-3.0..34.0_f64, -3.0..26.0_f64), 3..9)
        ) {
            const FINE: u32 = 4000;
            let outline: Vec<_> = corners.iter().map(|(x, y)| DVec2::new(*x, *y)).collect();
            let step = 29.0 / f64::from(FINE);
            let width = |index: u32| {
                let row = -3.0 + (f64::from(index) + 0.5) * step;
                let next = outline.iter().cycle().skip(1);
                let mut columns: Vec<f64> = outline.iter().zip(next)
                    .filter(|(a, b)| (a.y > row) != (b.y > row))
                    .map(|(a, b)| a.x + (row - a.y) / (b.y - a.y) * (b.x - a.x))
                    .collect();
                columns.sort_by(f64::total_cmp);
                columns.chunks_exact(2).map(|ends| ends[1] - ends[0]).sum::<f64>()
            };
            let sum: f64 = (0..FINE).map(|index| width(index) * step).sum();
            prop_assert!((polygon_area(&outline) - sum).abs() < 2.0, "{} {}", polygon_area(&outline), sum);
        }
    }
}
