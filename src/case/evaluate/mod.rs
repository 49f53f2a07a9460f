//! From points and samples to numbers: the one place where a measurement gets its values.

mod found;
mod histogram;
mod mapped;
mod mask;
mod region;
mod statistics;

use std::sync::Arc;

use glam::DVec3;

use super::{Kind, Measurement, Points, Quantity, QuantityKind, QuantityUnit, Step};
use crate::geometry::PixelPoint;
use crate::image::{Calibration, Decoded, Frame, Scale, ValueUnit};

pub use histogram::Histogram;
pub use mask::{evaluate_mask, margin_volume, mask_histogram};
pub use region::Region;
pub use statistics::{Padding, nearest_rank, region_histogram};

/// Why a measurement has no values here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvaluateError {
    /// The points have no place on the frame.
    #[error("the measurement has no place on this image")]
    NotOnFrame,
    /// The pixels are not loaded or could not be read.
    #[error("the image's pixels are not loaded")]
    NoSamples,
    /// Colour has no single value.
    #[error("a colour image has no value to measure")]
    Color,
    /// No pixel centre lies inside.
    #[error("the region is smaller than one pixel: no pixel centre lies inside")]
    NoPixelInside,
    /// Every pixel inside is padding.
    #[error("the region holds only padding: nothing was measured there")]
    OnlyPadding,
    /// Every pixel inside holds no number.
    #[error("the region holds only NaN: no number stands there")]
    OnlyNan,
    /// Nothing of the region lies on the image.
    #[error("the region lies outside the image")]
    RegionOutside,
    /// No pixel centre lies inside a region that is larger than a pixel.
    #[error("no pixel centre lies inside: the region is narrower than a pixel")]
    Narrow,
    /// A region leaves the image, and no pixel centre lies in the part that does not.
    #[error("the region lies partly outside the image: no pixel centre lies in the part inside")]
    NoPixelOfImage,
    /// The outline is a line or a point.
    #[error("the outline encloses no area: its points lie on one line")]
    NoArea,
    /// The outline goes twice round all that it encloses.
    #[error("the outline runs over itself twice: by the even-odd rule nothing lies inside it")]
    RunsTwice,
    /// The point is outside the image.
    #[error("the point is outside the image")]
    Outside,
    /// The file ends before this pixel.
    #[error("the file was cut off before this pixel")]
    CutOff,
    /// Two points that must differ are the same.
    #[error("an angle needs two arms: its points lie on each other")]
    NoArm,
    /// The two points of a line are the same.
    #[error("the line needs two ends: its points lie on each other")]
    NoLine,
    /// A mask has no voxel.
    #[error("nothing is marked: the mask has no voxel")]
    NoVoxel,
    /// A mask was made on other slices than these.
    #[error("the mask belongs to other slices: the series has changed")]
    OtherStack,
    /// A value is infinite or not a number.
    #[error("there is no number here: a pixel holds none, or the shape is beyond all measure")]
    NotFinite,
}

/// The values of a measurement on the frame it was drawn on.
///
/// Regions and probes need the samples; lengths and angles do not. An arrow or a text has no values.
pub fn evaluate(
    measurement: &Measurement,
    frame: &Frame,
    samples: Option<&Decoded>,
    padding: Padding,
) -> Result<Vec<Quantity>, EvaluateError> {
    let pixels = measurement.points.on_frame(frame).ok_or(EvaluateError::NotOnFrame)?;
    // One scale for the whole shape: no length of it in mm beside one in pixels.
    let scale = frame.scale_at(&pixels);
    let length = |kind, from: usize, to: usize| {
        Ok(Quantity {
            kind,
            value: distance(&measurement.points, &scale, from, to)?,
            unit: QuantityUnit::Length(scale.calibration),
        })
    };
    let values = match measurement.kind {
        Kind::Arrow | Kind::Text => Vec::new(),
        // Its values come from a volume: see `evaluate_mask`.
        Kind::Mask => return Err(EvaluateError::NotOnFrame),
        Kind::Length => vec![length(QuantityKind::Length, 0, 1)?],
        Kind::Bidirectional => {
            let (long, short) = (length(QuantityKind::Length, 0, 1)?, length(QuantityKind::ShortAxis, 2, 3)?);
            let product = product(&long, &short, scale.calibration);
            vec![long, short, product]
        }
        Kind::Size => {
            let (a, b) = (length(QuantityKind::Length, 0, 1)?, length(QuantityKind::ShortAxis, 2, 3)?);
            let c = length(QuantityKind::ThirdAxis, 4, 5)?;
            let (product, volume) =
                (product(&a, &b, scale.calibration), ellipsoid(&a, &b, &c, scale.calibration));
            vec![a, b, c, product, volume]
        }
        Kind::LineDistance | Kind::MidlineShift | Kind::Height => vec![line_distance(&pixels, &scale)?],
        Kind::Angle => vec![angle(&pixels, &scale)?],
        Kind::Cobb => vec![angle_of_lines(&pixels, &scale, true)?],
        Kind::OpenAngle => vec![angle_of_lines(&pixels, &scale, false)?],
        Kind::Probe => {
            let at = pixels.first().ok_or(EvaluateError::NotOnFrame)?;
            probe_value(*at, frame, samples.ok_or(EvaluateError::NoSamples)?)?
        }
        Kind::Ellipse | Kind::Rectangle | Kind::Polygon | Kind::Freehand => {
            let region = Region::new(measurement.kind, &pixels).ok_or(EvaluateError::NotOnFrame)?;
            statistics::of_region(&region, frame, samples.ok_or(EvaluateError::NoSamples)?, padding)?
        }
    };
    finite(values)
}

/// The values, when they can be shown: a label never says NaN or inf.
fn finite(values: Vec<Quantity>) -> Result<Vec<Quantity>, EvaluateError> {
    if values.iter().all(|quantity| quantity.value.is_finite()) {
        Ok(values)
    } else {
        Err(EvaluateError::NotFinite)
    }
}

/// Count, mean, SD, median, extremes and area of a region of a frame.
pub fn evaluate_region(
    region: &Region,
    frame: &Frame,
    samples: &Decoded,
    padding: Padding,
) -> Result<Vec<Quantity>, EvaluateError> {
    finite(statistics::of_region(region, frame, samples, padding)?)
}

/// The modality value, the stored value and the real world values of the pixel under a point.
pub fn probe_value(at: PixelPoint, frame: &Frame, samples: &Decoded) -> Result<Vec<Quantity>, EvaluateError> {
    let (column, row) = at.pixel(frame.size.columns, frame.size.rows).ok_or(EvaluateError::Outside)?;
    let index = row * frame.size.columns + column;
    if index >= samples.there() {
        return Err(EvaluateError::CutOff);
    }
    if frame.color {
        return Err(EvaluateError::Color);
    }
    let stored = samples.stored(index).ok_or(EvaluateError::NoSamples)?;
    let mut values = vec![
        Quantity {
            kind: QuantityKind::Value,
            value: frame.transform.value(stored),
            // What was interpolated lies between the steps.
            unit: if frame.of.is_computed() {
                QuantityUnit::Value(frame.unit.clone(), Step(frame.step.map(|step| step / 10.0)))
            } else {
                QuantityUnit::of_values(frame)
            },
        },
        Quantity {
            kind: QuantityKind::Stored,
            value: stored,
            unit: QuantityUnit::Value(ValueUnit::Stored, Step::default()),
        },
    ];
    if !frame.padding.is_some_and(|padding| padding.contains(stored)) {
        values.extend(frame.real_world.iter().filter_map(|map| {
            let unit = QuantityUnit::RealWorld { unit: Arc::clone(&map.unit), name: Arc::clone(&map.label) };
            Some(Quantity { kind: QuantityKind::RealWorld, value: map.value(stored)?, unit })
        }));
    }
    finite(values)
}

/// Between two points: in the patient where they are patient points, else by the frame's spacing, else in pixels.
fn distance(points: &Points, scale: &Scale, from: usize, to: usize) -> Result<f64, EvaluateError> {
    match points {
        Points::Patient { points, .. } => match (points.get(from), points.get(to)) {
            (Some(a), Some(b)) => Ok(a.distance(*b).0),
            _ => Err(EvaluateError::NotOnFrame),
        },
        Points::Pixel { points, .. } => match (points.get(from), points.get(to)) {
            (Some(a), Some(b)) => Ok(scale.spacing.mm_from_pixel(b.0 - a.0).length()),
            _ => Err(EvaluateError::NotOnFrame),
        },
    }
}

/// The product of the two diameters at right angles (RANO, WHO).
fn product(long: &Quantity, short: &Quantity, calibration: Calibration) -> Quantity {
    let value = long.value * short.value;
    Quantity { kind: QuantityKind::Product, value, unit: QuantityUnit::Area(calibration) }
}

/// pi / 6 a b c: the ellipsoid of these three diameters, in mL where they are in mm.
fn ellipsoid(a: &Quantity, b: &Quantity, c: &Quantity, calibration: Calibration) -> Quantity {
    let value = std::f64::consts::PI / 6.0 * a.value * b.value * c.value / 1000.0;
    Quantity { kind: QuantityKind::EllipsoidVolume, value, unit: QuantityUnit::Millilitres(calibration) }
}

/// From the third point to the line through the first two, at right angles.
fn line_distance(pixels: &[PixelPoint], scale: &Scale) -> Result<Quantity, EvaluateError> {
    let [from, to, beside] = pixels else { return Err(EvaluateError::NotOnFrame) };
    let mm = |end: &PixelPoint| scale.spacing.mm_from_pixel(end.0 - from.0);
    let along = mm(to).try_normalize().ok_or(EvaluateError::NoLine)?;
    let value = along.perp_dot(mm(beside)).abs();
    Ok(Quantity { kind: QuantityKind::Distance, value, unit: QuantityUnit::Length(scale.calibration) })
}

/// Between two lines; of the four angles where they cross the smaller one (Cobb), or the one between their arrows.
fn angle_of_lines(pixels: &[PixelPoint], scale: &Scale, smaller: bool) -> Result<Quantity, EvaluateError> {
    let [a, b, c, d] = pixels else { return Err(EvaluateError::NotOnFrame) };
    let line = |from: &PixelPoint, to: &PixelPoint| scale.spacing.mm_from_pixel(to.0 - from.0).extend(0.0);
    let mut angle = angle_between(line(a, b), line(c, d))?;
    if smaller {
        angle.value = angle.value.min(180.0 - angle.value);
    }
    Ok(angle)
}

fn angle(pixels: &[PixelPoint], scale: &Scale) -> Result<Quantity, EvaluateError> {
    let [first, vertex, last] = pixels else { return Err(EvaluateError::NotOnFrame) };
    let arm = |end: &PixelPoint| -> DVec3 { scale.spacing.mm_from_pixel(end.0 - vertex.0).extend(0.0) };
    angle_between(arm(first), arm(last))
}

fn angle_between(a: DVec3, b: DVec3) -> Result<Quantity, EvaluateError> {
    // atan2 of nothing is 0: an angle that nobody drew.
    if a == DVec3::ZERO || b == DVec3::ZERO {
        return Err(EvaluateError::NoArm);
    }
    // atan2 keeps its digits near 0 and 180 degrees, where acos of a dot product loses them.
    let value = a.cross(b).length().atan2(a.dot(b)).to_degrees();
    Ok(Quantity { kind: QuantityKind::Angle, value, unit: QuantityUnit::Degrees })
}
