use std::sync::Arc;

use glam::DVec2;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{LesionId, LesionMask, SizeBox};
use crate::geometry::{PatientPoint, PixelPoint};
use crate::image::{Frame, FrameOfReference, FrameRef, SeriesUid, StudyUid};
use crate::view::Reformat;

/// Names a measurement within its case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MeasurementId(pub u32);

/// What was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One point: the value of the pixel there.
    Probe,
    /// Two points.
    Length,
    /// Three points, the vertex in the middle.
    Angle,
    /// Long axis (two points), then the short axis at right angles to it (two points).
    Bidirectional,
    /// Centre, then the tips of the two half axes.
    Ellipse,
    /// Four corners in order; sides along the rows and columns of the frame it was drawn on.
    Rectangle,
    /// Three corners or more.
    Polygon,
    /// A closed outline drawn in one stroke.
    Freehand,
    /// Tail, then head.
    Arrow,
    /// One point, with the words in the label.
    Text,
    /// Three axes at right angles, two points each: two in one plane, the third across it.
    Size,
    /// Two points of a line, then a point beside it.
    LineDistance,
    /// Two points of the midline, then the point of the structure that was shifted from it.
    MidlineShift,
    /// Two points of a base line, then the highest point above it.
    Height,
    /// Two lines of two points each; the smaller angle between them.
    Cobb,
    /// Two lines of two points each, as arrows; the angle between them.
    OpenAngle,
    /// Voxels of a stack; its one point is where it was begun.
    Mask,
}

impl Kind {
    /// Every kind, in tool order.
    pub const ALL: [Self; 17] = [
        Self::Probe,
        Self::Length,
        Self::Angle,
        Self::Bidirectional,
        Self::Ellipse,
        Self::Rectangle,
        Self::Polygon,
        Self::Freehand,
        Self::Arrow,
        Self::Text,
        Self::Size,
        Self::LineDistance,
        Self::MidlineShift,
        Self::Height,
        Self::Cobb,
        Self::OpenAngle,
        Self::Mask,
    ];

    /// The word in menus, undo texts and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Probe => "probe",
            Self::Length => "length",
            Self::Angle => "angle",
            Self::Bidirectional => "bidirectional",
            Self::Ellipse => "ellipse",
            Self::Rectangle => "rectangle",
            Self::Polygon => "polygon",
            Self::Freehand => "freehand region",
            Self::Arrow => "arrow",
            Self::Text => "text",
            Self::Size => "three-axis size",
            Self::LineDistance => "distance to a line",
            Self::MidlineShift => "midline shift",
            Self::Height => "height above a line",
            Self::Cobb => "Cobb angle",
            Self::OpenAngle => "open angle",
            Self::Mask => "lesion mask",
        }
    }

    /// The fewest and the most points.
    pub fn point_count(self) -> (usize, usize) {
        match self {
            Self::Probe | Self::Text | Self::Mask => (1, 1),
            Self::Length | Self::Arrow => (2, 2),
            Self::Angle | Self::Ellipse | Self::LineDistance | Self::MidlineShift | Self::Height => (3, 3),
            Self::Bidirectional | Self::Rectangle | Self::Cobb | Self::OpenAngle => (4, 4),
            Self::Size => (6, 6),
            Self::Polygon | Self::Freehand => (3, 100_000),
        }
    }

    /// Whether its values come from the pixels, not only from where its points are.
    pub fn needs_samples(self) -> bool {
        self.is_region() || matches!(self, Self::Probe | Self::Mask)
    }

    /// Whether it encloses pixels.
    pub fn is_region(self) -> bool {
        match self {
            Self::Ellipse | Self::Rectangle | Self::Polygon | Self::Freehand => true,
            Self::Probe
            | Self::Length
            | Self::Angle
            | Self::Bidirectional
            | Self::Arrow
            | Self::Text
            | Self::Size
            | Self::LineDistance
            | Self::MidlineShift
            | Self::Height
            | Self::Cobb
            | Self::OpenAngle
            | Self::Mask => false,
        }
    }
}

/// Where a measurement is. `drawn_on` given is DICOM's SCOORD, `None` its SCOORD3D.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "in", rename_all = "snake_case")]
pub enum Points {
    /// In the patient: mm, LPS.
    Patient {
        /// The space of the points.
        space: FrameOfReference,
        /// The points, as the kind orders them.
        points: Vec<PatientPoint>,
        /// The frame they were drawn on, whose pixels the values come from.
        drawn_on: Option<FrameRef>,
    },
    /// On a frame that has no place in the patient.
    Pixel {
        /// The frame.
        frame: FrameRef,
        /// (column, row), the first pixel's centre is (0, 0).
        points: Vec<PixelPoint>,
    },
}

impl Points {
    /// The points of a shape drawn on a frame: in the patient wherever the frame has a place there.
    pub fn drawn(frame: &Frame, space: &FrameOfReference, pixels: &[PixelPoint]) -> Self {
        match &frame.plane {
            Some(plane) => Self::Patient {
                space: space.clone(),
                points: pixels.iter().map(|p| plane.patient_from_pixel(*p)).collect(),
                drawn_on: (!frame.of.is_computed()).then(|| frame.of.clone()),
            },
            None => Self::Pixel { frame: frame.of.clone(), points: pixels.to_vec() },
        }
    }

    /// The frame whose pixels the values come from.
    pub fn drawn_on(&self) -> Option<&FrameRef> {
        match self {
            Self::Patient { drawn_on, .. } => drawn_on.as_ref(),
            Self::Pixel { frame, .. } => Some(frame),
        }
    }

    /// The middle of the points in the patient; `None` for pixel points.
    pub fn middle(&self) -> Option<PatientPoint> {
        match self {
            Self::Patient { points, .. } => {
                let sum = points.iter().map(|point| point.0).sum::<glam::DVec3>();
                Some(PatientPoint(sum / points.len().max(1) as f64))
            }
            Self::Pixel { .. } => None,
        }
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        match self {
            Self::Patient { points, .. } => points.len(),
            Self::Pixel { points, .. } => points.len(),
        }
    }

    /// Whether there are no points.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The points in pixels of a frame; `None` when they have no place on it.
    pub fn on_frame(&self, frame: &Frame) -> Option<Vec<PixelPoint>> {
        match self {
            Self::Patient { points, .. } => {
                let plane = frame.plane.as_ref()?;
                Some(points.iter().map(|p| plane.pixel_from_patient(*p).0).collect())
            }
            Self::Pixel { frame: of, points } => (*of == frame.of).then(|| points.clone()),
        }
    }

    /// Whether every coordinate is a finite number.
    pub fn is_finite(&self) -> bool {
        match self {
            Self::Patient { points, .. } => points.iter().all(|p| p.0.is_finite()),
            Self::Pixel { points, .. } => points.iter().all(|p| p.0.is_finite()),
        }
    }

    /// Whether the points show on a frame of a series in `space`. There is no looser rule (invariant 5).
    ///
    /// Patient points: the spaces are equal and every point lies within `reach`: how far the slice extends
    /// (mm) against and along its normal. Pixel points: the frame is the same.
    pub fn shows_on(&self, frame: &Frame, space: &FrameOfReference, reach: [f64; 2]) -> bool {
        match self {
            Self::Patient { space: own, points, drawn_on } => {
                if drawn_on.as_ref() == Some(&frame.of) {
                    return own == space;
                }
                own == space
                    && frame.plane.as_ref().is_some_and(|plane| {
                        points.iter().all(|p| {
                            let off = plane.pixel_from_patient(*p).1.0;
                            -reach[0] <= off && off < reach[1]
                        })
                    })
            }
            Self::Pixel { frame: of, .. } => *of == frame.of,
        }
    }
}

/// The plane that something was drawn on where it was no acquired frame.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DrawnPlane {
    /// The series that the plane was cut through: values come from it.
    pub series: SeriesUid,
    /// Which stack of the series, where it holds several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Arc<str>>,
    /// The plane and its thickness.
    #[serde(flatten)]
    pub reformat: Reformat,
}

/// Where something was drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DrawnOn {
    /// On an acquired frame.
    Frame(FrameRef),
    /// On a plane cut through a volume.
    Plane(DrawnPlane),
}

/// What a region is compared with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// The other region.
    pub with: MeasurementId,
    /// What that is to this one.
    #[serde(rename = "as")]
    pub role: ComparedRole,
}

/// What the other region is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComparedRole {
    /// Healthy tissue of the same image, such as the other side: ratio and difference say how bright the lesion is.
    Reference,
    /// The same place before contrast was given: the change is the enhancement.
    Plain,
}

/// One thing the reader drew. Its values are computed, never stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// Its name within the case.
    pub id: MeasurementId,
    /// What it is.
    pub kind: Kind,
    /// Where it is.
    pub points: Points,
    /// The reader's words; for `Text` these are what is shown.
    #[serde(default)]
    pub label: String,
    /// The plane it was drawn on, where that was cut through a volume.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn_on_plane: Option<DrawnPlane>,
    /// The lesion that it is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lesion: Option<LesionId>,
    /// The study that it was drawn in; those of older case files have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub study: Option<StudyUid>,
    /// Where the third axis of a size was drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub third_axis_on: Option<Box<DrawnOn>>,
    /// The voxels of a mask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mask: Option<Arc<LesionMask>>,
    /// The region that this one is compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared: Option<Compared>,
    /// Where the reader dragged the label: mm right and down of its automatic place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_offset: Option<DVec2>,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Measurement {
    /// A measurement without a label. The case gives it its id when it is added.
    pub fn new(kind: Kind, points: Points) -> Self {
        Self {
            id: MeasurementId(0),
            kind,
            points,
            label: String::new(),
            drawn_on_plane: None,
            lesion: None,
            study: None,
            third_axis_on: None,
            mask: None,
            compared: None,
            label_offset: None,
            extra: Map::new(),
        }
    }

    /// The box of a three-axis size.
    pub fn size_box(&self) -> Option<SizeBox> {
        match (self.kind, &self.points) {
            (Kind::Size, Points::Patient { points, .. }) => SizeBox::new(points),
            _ => None,
        }
    }

    /// Whether it shows on a frame of a series in `space`: see [`Points::shows_on`].
    ///
    /// A body (a three-axis size) shows on every plane of its space that cuts it.
    pub fn shows_on(&self, frame: &Frame, space: &FrameOfReference, reach: [f64; 2]) -> bool {
        match (self.size_box(), &self.points, &frame.plane) {
            (Some(body), Points::Patient { space: own, .. }, Some(plane)) => {
                own == space && body.meets(plane, reach)
            }
            _ => self.points.shows_on(frame, space, reach),
        }
    }
}
