use std::ffi::OsString;
use std::str::FromStr;

use super::Chosen;
use super::arguments::Numbers;
use glam::DVec2;

use crate::case::{Kind, Measurement, Points, Region};
use crate::geometry::PixelPoint;

/// The words that `--shape` knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ShapeKind {
    /// Centre and half axes.
    Ellipse,
    /// Two opposite corners.
    Rect,
    /// Corners in order.
    Polygon,
    /// Two ends.
    Length,
    /// An end, the vertex, the other end.
    Angle,
}

impl ShapeKind {
    const ALL: [Self; 5] = [Self::Ellipse, Self::Rect, Self::Polygon, Self::Length, Self::Angle];

    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ellipse => "ellipse",
            Self::Rect => "rect",
            Self::Polygon => "polygon",
            Self::Length => "length",
            Self::Angle => "angle",
        }
    }

    /// The kind of measurement that it makes.
    pub fn kind(self) -> Kind {
        match self {
            Self::Ellipse => Kind::Ellipse,
            Self::Rect => Kind::Rectangle,
            Self::Polygon => Kind::Polygon,
            Self::Length => Kind::Length,
            Self::Angle => Kind::Angle,
        }
    }
}

/// A shape on an image: pixels, counted from 0 at the first pixel's centre.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// What it is.
    pub kind: ShapeKind,
    /// Its points, as `case::Kind` orders them.
    pub points: Vec<PixelPoint>,
    /// The half axes of an ellipse exactly as given: the points would round them.
    half_axes: Option<[f64; 2]>,
}

impl Shape {
    /// An upright ellipse, from its centre and its half axes in columns and rows.
    pub fn ellipse(center: [f64; 2], half_axes: [f64; 2]) -> Self {
        let [column, row] = center;
        let points = [[column, row], [column + half_axes[0], row], [column, row + half_axes[1]]];
        Self { half_axes: Some(half_axes), ..Self::new(ShapeKind::Ellipse, &points) }
    }

    /// A rectangle between two opposite corners.
    pub fn rect(first: [f64; 2], last: [f64; 2]) -> Self {
        let (low, high) =
            ([first[0].min(last[0]), first[1].min(last[1])], [first[0].max(last[0]), first[1].max(last[1])]);
        Self::new(ShapeKind::Rect, &[low, [high[0], low[1]], high, [low[0], high[1]]])
    }

    /// A polygon, length or angle through these points.
    pub fn new(kind: ShapeKind, points: &[[f64; 2]]) -> Self {
        let points = points.iter().map(|[column, row]| PixelPoint::new(*column, *row)).collect();
        Self { kind, points, half_axes: None }
    }

    /// The region of an ellipse, with its numbers as they were given.
    pub(super) fn ellipse_region(&self) -> Option<Region> {
        let (center, [across, down]) = (self.points.first()?.0, self.half_axes?);
        Some(Region::UprightEllipse { center, half_axes: DVec2::new(across, down) })
    }

    /// The shape as if it had been drawn on a frame in the window.
    pub fn drawn_on(&self, chosen: Chosen<'_>) -> Measurement {
        let points = Points::drawn(chosen.frame, &chosen.series.space, &self.points);
        Measurement::new(self.kind.kind(), points)
    }
}

impl FromStr for Shape {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut words = text.split_whitespace();
        let name = words.next().unwrap_or_default();
        let Some(kind) = ShapeKind::ALL.into_iter().find(|kind| kind.name() == name) else {
            return Err(format!("`{name}` is not ellipse, rect, polygon, length or angle"));
        };
        let pairs = words.map(|word| word.parse().map(|Numbers(pair)| pair));
        let pairs: Vec<[f64; 2]> = pairs.collect::<Result<_, String>>()?;
        match (kind, pairs.as_slice()) {
            (ShapeKind::Ellipse, [_, half]) if half[0] <= 0.0 || half[1] <= 0.0 => {
                Err("an ellipse needs two half axes above 0".to_owned())
            }
            (ShapeKind::Ellipse, [center, half]) => Ok(Self::ellipse(*center, *half)),
            (ShapeKind::Rect, [first, last]) => Ok(Self::rect(*first, *last)),
            (ShapeKind::Length, [_, _])
            | (ShapeKind::Angle, [_, _, _])
            | (ShapeKind::Polygon, [_, _, _, ..]) => Ok(Self::new(kind, &pairs)),
            (ShapeKind::Ellipse, _) => Err("an ellipse is CX,CY SEMI_COL,SEMI_ROW".to_owned()),
            (ShapeKind::Rect, _) => Err("a rect is C0,R0 C1,R1".to_owned()),
            (ShapeKind::Polygon, _) => Err("a polygon is C,R C,R C,R and so on".to_owned()),
            (ShapeKind::Length, _) => Err("a length is C,R C,R".to_owned()),
            (ShapeKind::Angle, _) => Err("an angle is C,R VERTEX_C,VERTEX_R C,R".to_owned()),
        }
    }
}

/// The arguments with a shape's words joined, so that `--shape rect -1,2 3,4` needs no quotes.
pub(super) fn joined(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut joined: Vec<OsString> = Vec::new();
    let mut arguments = arguments.into_iter().peekable();
    while let Some(argument) = arguments.next() {
        let inline = argument.to_str().is_some_and(|text| text.starts_with("--shape="));
        let mut whole = argument;
        if whole == "--shape" {
            match arguments.next() {
                None => {
                    joined.push(whole);
                    break;
                }
                Some(first) => {
                    whole.push("=");
                    whole.push(first);
                }
            }
        } else if !inline {
            joined.push(whole);
            continue;
        }
        while let Some(pair) = arguments.next_if(is_pair) {
            whole.push(" ");
            whole.push(pair);
        }
        joined.push(whole);
    }
    joined
}

fn is_pair(argument: &OsString) -> bool {
    argument.to_str().is_some_and(|text| {
        text.split_whitespace().all(|word| word.contains(',') && word.parse::<Numbers<2>>().is_ok())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_read_as_they_are_written() {
        let rect: Shape = "rect 10,20 -3,4.5".parse().unwrap();
        assert_eq!(
            rect,
            Shape::new(ShapeKind::Rect, &[[-3.0, 4.5], [10.0, 4.5], [10.0, 20.0], [-3.0, 20.0]])
        );
        let ellipse: Shape = " ellipse  1.5,2 3,4 ".parse().unwrap();
        assert_eq!(ellipse, Shape::ellipse([1.5, 2.0], [3.0, 4.0]));
        assert_eq!(ellipse.points[2], PixelPoint::new(1.5, 6.0));
        for odd in [
            "",
            "circle 1,2 3,4",
            "rect 1,2",
            "ellipse 1,2 0,4",
            "polygon 1,2 3,4",
            "angle 1,2 3",
            "length 1 2",
        ] {
            assert!(odd.parse::<Shape>().is_err(), "{odd}");
        }
    }

    #[test]
    fn words_of_a_shape_are_joined_and_nothing_else() {
        let join = |text: &str| {
            let words = joined(text.split(' ').map(OsString::from));
            words.into_iter().map(|word| word.into_string().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(join("m a --shape rect -1,2 3,4 --json"), ["m", "a", "--shape=rect -1,2 3,4", "--json"]);
        assert_eq!(join("m --shape=length 1,2 3,4 b"), ["m", "--shape=length 1,2 3,4", "b"]);
        assert_eq!(join("m 1,2 --shape"), ["m", "1,2", "--shape"]);
    }
}
