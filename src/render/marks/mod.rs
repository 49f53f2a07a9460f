//! What the reader drew: shapes, handles, labels, and what lies under the pointer.

mod hit;
mod label;
mod shape;
#[cfg(test)]
mod tests;

use glam::DVec2;

pub use self::hit::hit_test;
use self::label::Placer;
use self::shape::Shape;

use super::{Color, DrawingList, Fonts, ScreenRect, Stroke, Style, measure, palette};
use crate::case::{Kind, Measurement, MeasurementId, Points, SizeBox};
use crate::geometry::{PatientPoint, PixelPoint};
use crate::image::Frame;
use crate::view::{Resolved, ScreenPoint};

/// The shape of a mark.
#[derive(Debug, Clone, Copy)]
pub enum MarkShape<'a> {
    /// A measurement of the case.
    Measured(&'a Measurement),
    /// A mask, where the plane shown cuts its voxels and its margin: closed lines in pixels of the frame.
    Outlined {
        /// The measurement.
        measurement: &'a Measurement,
        /// Around the voxels.
        body: &'a [Vec<PixelPoint>],
        /// Around the margin.
        margin: &'a [Vec<PixelPoint>],
    },
    /// A shape that is still being drawn; it may have fewer points than its kind needs.
    Draft {
        /// What it will be.
        kind: Kind,
        /// The points so far.
        points: &'a [PixelPoint],
        /// Where the pointer is: the label goes with it. `None` where the label stands beside the shape.
        pointer: Option<PixelPoint>,
    },
}

/// One mark to draw.
#[derive(Debug, Clone, Copy)]
pub struct MarkInput<'a> {
    /// The shape.
    pub shape: MarkShape<'a>,
    /// The label: the reader's words, then the values.
    pub lines: &'a [String],
    /// Drawn in the selection's colour and with handles.
    pub selected: bool,
    /// Drawn brighter.
    pub hovered: bool,
}

/// Where marks are drawn.
#[derive(Debug, Clone, Copy)]
pub struct MarkScene<'a> {
    /// The frame shown.
    pub frame: &'a Frame,
    /// Its drawing.
    pub resolved: &'a Resolved,
    /// Sizes.
    pub style: &'a Style,
    /// Fonts.
    pub fonts: &'a Fonts,
}

/// A drawn mark, and where it can be touched.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MarkDrawing {
    /// The measurement; `None` for a draft.
    pub id: Option<MeasurementId>,
    /// What to draw.
    pub list: DrawingList,
    /// One per point, in the order of the measurement's points.
    pub handles: Vec<ScreenPoint>,
    /// The lines of the shape, for touching it. A closed line repeats its first point.
    pub outline: Vec<Vec<ScreenPoint>>,
    /// Where the label is.
    pub label: Option<ScreenRect>,
    /// Where the label's corner would be if the reader had not moved it and nothing were in its way.
    pub label_home: Option<ScreenPoint>,
}

impl MarkDrawing {
    /// The `label_offset` to store after the label was dragged by screen pixels.
    pub fn dragged_label_offset(&self, drag: DVec2, resolved: &Resolved) -> Option<DVec2> {
        let (label, home) = (self.label?, self.label_home?);
        Some((label.min + drag - home.0) * resolved.mm_per_pixel)
    }
}

/// A part of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The handle of that point.
    Handle(usize),
    /// The label.
    Label,
    /// The lines of the shape.
    Body,
}

/// What is under the pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Which drawing of the slice.
    pub index: usize,
    /// Which part of it.
    pub part: Part,
}

/// Draws the marks that have a place on the frame, in order; labels keep off shapes and off each other.
///
/// The result has one drawing per input; a mark without a place on the frame has an empty one.
pub fn marks(inputs: &[MarkInput<'_>], scene: &MarkScene<'_>) -> Vec<MarkDrawing> {
    marks_clear_of(inputs, scene, &[])
}

/// [`marks`] whose labels also keep off other things, such as [`DrawingList::text_areas`] of the overlay.
pub fn marks_clear_of(
    inputs: &[MarkInput<'_>],
    scene: &MarkScene<'_>,
    keep_clear: &[ScreenRect],
) -> Vec<MarkDrawing> {
    let shapes: Vec<Option<Shape>> = inputs.iter().map(|input| shape_of(input, scene)).collect();
    let mut placer = Placer::new(scene, &shapes, keep_clear);
    // What the reader placed by hand comes first, so that the rest keeps off it.
    let moved = |input: &&MarkInput<'_>| offset(input).is_some();
    let (by_hand, free): (Vec<_>, Vec<_>) = (0..inputs.len()).partition(|i| moved(&&inputs[*i]));
    let mut labels = vec![None; inputs.len()];
    for index in by_hand.into_iter().chain(free) {
        if let Some(shape) = &shapes[index] {
            let size = label_size(&words(&inputs[index]), scene);
            let at = match inputs[index].shape {
                MarkShape::Draft { pointer, .. } => pointer.map(|at| scene.resolved.screen_from_pixel(at).0),
                MarkShape::Measured(_) | MarkShape::Outlined { .. } => None,
            };
            labels[index] = size.and_then(|size| match at {
                Some(pointer) => Some(placer.at_pointer(shape, size, pointer)),
                None => placer.place(index, shape, size, offset(&inputs[index])),
            });
        }
    }
    let drawn = inputs.iter().zip(shapes).zip(labels);
    drawn
        .map(|((input, shape), label)| {
            shape.map_or_else(MarkDrawing::default, |shape| draw(input, &shape, label.as_ref(), scene))
        })
        .collect()
}

fn shape_of(input: &MarkInput<'_>, scene: &MarkScene<'_>) -> Option<Shape> {
    if let MarkShape::Measured(measurement) = input.shape
        && let Some(body) = measurement.size_box()
    {
        return size_shape(measurement, &body, scene);
    }
    if let MarkShape::Outlined { body, margin, .. } = input.shape {
        let screen = |line: &Vec<PixelPoint>| -> Vec<DVec2> {
            line.iter().map(|pixel| scene.resolved.screen_from_pixel(*pixel).0).collect()
        };
        let lines: Vec<_> = body.iter().chain(margin).map(screen).collect();
        return Shape::of_body(&lines, &[], scene.style);
    }
    let (kind, points, finished) = match input.shape {
        MarkShape::Measured(measurement) => {
            (measurement.kind, measurement.points.on_frame(scene.frame)?, true)
        }
        MarkShape::Draft { kind, points, .. } => (kind, points.to_vec(), false),
        MarkShape::Outlined { .. } => return None,
    };
    let screen: Vec<DVec2> = points.iter().map(|p| scene.resolved.screen_from_pixel(*p).0).collect();
    Shape::new(kind, &screen, finished, scene.style)
}

/// The box of a three-axis size where this plane cuts it, and the axes that lie in the plane.
fn size_shape(measurement: &Measurement, body: &SizeBox, scene: &MarkScene<'_>) -> Option<Shape> {
    let plane = scene.frame.plane.as_ref()?;
    let Points::Patient { points, .. } = &measurement.points else { return None };
    let screen = |pixel: PixelPoint| scene.resolved.screen_from_pixel(pixel).0;
    let half = scene.frame.thickness.map_or(0.5, |thickness| (thickness.0 / 2.0).max(0.5));
    let on = |point: &PatientPoint| {
        let (pixel, off) = plane.pixel_from_patient(*point);
        (screen(pixel), off.0.abs() <= half)
    };
    let ends: Vec<_> = points.iter().map(on).collect();
    let outline: Vec<DVec2> = body.cut(plane).into_iter().map(screen).collect();
    // An axis is seen whole or not at all: a piece of it would look like a length.
    let both = |pair: &[(DVec2, bool)]| pair.iter().all(|(_, seen)| *seen);
    let ends: Vec<_> =
        ends.chunks(2).flat_map(|pair| pair.iter().map(move |(at, _)| (*at, both(pair)))).collect();
    Shape::of_body(&[outline], &ends, scene.style)
}

fn offset(input: &MarkInput<'_>) -> Option<DVec2> {
    match input.shape {
        MarkShape::Measured(measurement) | MarkShape::Outlined { measurement, .. } => {
            measurement.label_offset
        }
        MarkShape::Draft { .. } => None,
    }
}

/// The label's lines: those given, or a text mark's own words.
fn words<'a>(input: &'a MarkInput<'_>) -> Vec<&'a str> {
    let given = input.lines.iter().flat_map(|line| line.lines()).filter(|line| !line.trim().is_empty());
    let mut lines: Vec<&str> = given.collect();
    if let (true, MarkShape::Measured(Measurement { kind: Kind::Text, label, .. })) =
        (lines.is_empty(), input.shape)
    {
        lines.extend(label.lines().filter(|line| !line.trim().is_empty()));
    }
    lines
}

fn label_size(lines: &[&str], scene: &MarkScene<'_>) -> Option<DVec2> {
    let size_px = scene.style.px(scene.style.label_pt);
    let sizes = lines.iter().map(|line| measure(scene.fonts, line, size_px));
    let size = sizes.fold(DVec2::ZERO, |sum, line| DVec2::new(sum.x.max(line.x), sum.y + line.y));
    (size.x > 0.0).then_some(size)
}

fn color_of(input: &MarkInput<'_>) -> Color {
    match input.shape {
        MarkShape::Draft { .. } => palette::DRAFT,
        MarkShape::Measured(_) | MarkShape::Outlined { .. } if input.selected => palette::SELECTED,
        MarkShape::Measured(_) | MarkShape::Outlined { .. } if input.hovered => palette::HOVERED,
        MarkShape::Measured(_) | MarkShape::Outlined { .. } => palette::MARK,
    }
}

fn draw(
    input: &MarkInput<'_>,
    shape: &Shape,
    label: Option<&label::Placed>,
    scene: &MarkScene<'_>,
) -> MarkDrawing {
    let (style, color) = (scene.style, color_of(input));
    let stroke = Stroke { width: style.px(style.line_pt), color, halo: Some(palette::HALO) };
    let mut list = DrawingList::default();
    if let Some((from, to)) = label.and_then(|placed| placed.leader) {
        let thin = Stroke {
            width: style.px(style.line_pt * 0.5),
            color: color.with_alpha(200),
            halo: Some(palette::HALO),
        };
        list.line(vec![ScreenPoint(from), ScreenPoint(to)], false, thin);
    }
    for line in &shape.lines {
        list.line(line.screen(), line.closed, stroke);
    }
    for fill in &shape.fills {
        list.line(
            fill.iter().map(|p| ScreenPoint(*p)).collect(),
            true,
            Stroke { width: stroke.width * 0.5, ..stroke },
        );
        list.fill(fill.iter().map(|p| ScreenPoint(*p)).collect(), color);
    }
    if input.selected {
        for handle in shape.handles.iter().filter(|handle| handle.is_finite()) {
            let ring = shape::circle(*handle, style.px(3.5));
            list.fill(ring.clone(), palette::HALO.with_alpha(255));
            list.line(ring, true, Stroke { width: style.px(1.25), ..stroke });
        }
    }
    if let Some(placed) = label {
        let size_px = style.px(style.label_pt);
        let mut at = placed.rect.min;
        for line in words(input) {
            list.text(at, size_px, line, color);
            at.y += measure(scene.fonts, line, size_px).y;
        }
    }
    let id = match input.shape {
        MarkShape::Measured(measurement) | MarkShape::Outlined { measurement, .. } => Some(measurement.id),
        MarkShape::Draft { .. } => None,
    };
    MarkDrawing {
        id,
        list,
        handles: shape.handles.iter().map(|p| ScreenPoint(*p)).collect(),
        outline: shape.outline(),
        label: label.map(|placed| placed.rect),
        label_home: label.map(|placed| ScreenPoint(placed.home)),
    }
}
