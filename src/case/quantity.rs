use std::sync::Arc;

use crate::image::{Calibration, Frame, RealWorldMap, ValueUnit};

/// What a number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QuantityKind {
    /// Value of one pixel.
    Value,
    /// What the stored value stands for by a mapping of the file (Real World Value Mapping).
    RealWorld,
    /// Mean of a region or mask by a linear mapping, each pixel mapped by its own frame.
    RealWorldMean,
    /// Largest value of a region or mask by a linear mapping.
    RealWorldMax,
    /// The number in the file behind `Value`.
    Stored,
    /// Pixels in a region, padding left out.
    Count,
    /// Pixels of a region that are padding and were left out.
    PaddingCount,
    /// Arithmetic mean.
    Mean,
    /// Standard deviation of the sample (n - 1).
    Sd,
    /// Median.
    Median,
    /// Smallest value.
    Min,
    /// Largest value.
    Max,
    /// Pixels of a region that hold no number (NaN or infinite) and were left out.
    NanCount,
    /// Area of the outline.
    Area,
    /// The part of that area that lies inside the image; given where the outline leaves the image.
    AreaInside,
    /// Area that an outline which crosses itself goes round an even number of times, and so counts as outside.
    AreaTwice,
    /// Length of a line, or of the long axis.
    Length,
    /// Length of the short axis.
    ShortAxis,
    /// Length of the third axis, across the plane of the other two.
    ThirdAxis,
    /// Long axis times short axis.
    Product,
    /// Volume of the ellipsoid of three axes: pi / 6 a b c.
    EllipsoidVolume,
    /// Volume of the voxels of a mask.
    Volume,
    /// Volume of a mask with the margin around it, as far as the slices hold it: its unit says whether they hold it all.
    MarginVolume,
    /// The longest line between two corners of the voxels of a mask.
    Diameter,
    /// The longest line within a slice of a mask.
    InSliceLong,
    /// The longest line across that in its slice.
    InSliceAcross,
    /// Slices that a mask spans.
    Slices,
    /// Parts of a mask that do not touch, where there are more than one.
    Parts,
    /// From a point to a line, at right angles.
    Distance,
    /// Mean minus another region's mean.
    Difference,
    /// Mean over another region's mean.
    Ratio,
    /// Difference in percent of the other region's mean.
    Change,
    /// Angle between two lines.
    Angle,
}

impl QuantityKind {
    /// The word for tables and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::RealWorld => "real_world",
            Self::RealWorldMean => "real_world_mean",
            Self::RealWorldMax => "real_world_max",
            Self::Stored => "stored",
            Self::Count => "n",
            Self::PaddingCount => "padding",
            Self::Mean => "mean",
            Self::Sd => "sd",
            Self::Median => "median",
            Self::Min => "min",
            Self::Max => "max",
            Self::NanCount => "nan",
            Self::Area => "area",
            Self::AreaInside => "area_inside",
            Self::AreaTwice => "area_twice",
            Self::Length => "length",
            Self::ShortAxis => "short_axis",
            Self::ThirdAxis => "third_axis",
            Self::Product => "product",
            Self::EllipsoidVolume => "ellipsoid_volume",
            Self::Volume => "volume",
            Self::MarginVolume => "margin_volume",
            Self::Diameter => "diameter",
            Self::InSliceLong => "in_slice_long",
            Self::InSliceAcross => "in_slice_across",
            Self::Slices => "slices",
            Self::Parts => "parts",
            Self::Distance => "distance",
            Self::Difference => "difference",
            Self::Ratio => "ratio",
            Self::Change => "change",
            Self::Angle => "angle",
        }
    }
}

/// How far apart neighbouring values of an image are, where that is known: how many decimals say something.
///
/// It is no part of what a number means: two values of one unit are of one unit however finely each is stored.
#[derive(Debug, Clone, Copy, Default)]
pub struct Step(pub Option<f64>);

impl PartialEq for Step {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

/// What a number is measured in.
#[derive(Debug, Clone, PartialEq)]
pub enum QuantityUnit {
    /// Modality values, and how finely they are stored.
    Value(ValueUnit, Step),
    /// A physical value by one of the file's mappings.
    RealWorld {
        /// Its unit.
        unit: Arc<str>,
        /// Which mapping.
        name: Arc<str>,
    },
    /// Millimetres, millimetres at the detector, or pixels.
    Length(Calibration),
    /// The square of a length.
    Area(Calibration),
    /// Millilitres, of lengths measured so.
    Millilitres(Calibration),
    /// Millilitres in the patient of what goes on beyond the slices or into a gap between them: the whole is more.
    MillilitresCutOff,
    /// Degrees.
    Degrees,
    /// Pixels.
    Pixels,
    /// Voxels.
    Voxels,
    /// Slices.
    Slices,
    /// Parts.
    Parts,
    /// Times another value.
    Times,
    /// Hundredths of another value.
    Percent,
}

impl QuantityUnit {
    /// The modality values of a frame.
    pub fn of_values(frame: &Frame) -> Self {
        Self::Value(frame.unit.clone(), Step(frame.step))
    }

    /// The unit as labels write it.
    pub fn label(&self) -> &str {
        match self {
            Self::Value(unit, _) => unit.label(),
            Self::RealWorld { unit, .. } => unit,
            Self::Length(calibration) => calibration.length_unit(),
            Self::Area(calibration) => calibration.area_unit(),
            Self::Millilitres(calibration) => calibration.volume_unit(),
            Self::MillilitresCutOff => "mL (cut off)",
            Self::Degrees => "°",
            Self::Pixels => "px",
            Self::Voxels => "voxels",
            Self::Slices => "slices",
            Self::Parts => "parts",
            Self::Times => "x",
            Self::Percent => "%",
        }
    }

    /// What a length or an area is measured with; `None` of other numbers.
    pub fn calibration(&self) -> Option<Calibration> {
        match self {
            Self::Length(calibration) | Self::Area(calibration) | Self::Millilitres(calibration) => {
                Some(*calibration)
            }
            Self::MillilitresCutOff => Some(Calibration::InPatient),
            Self::Value(..)
            | Self::RealWorld { .. }
            | Self::Degrees
            | Self::Pixels
            | Self::Voxels
            | Self::Slices
            | Self::Parts
            | Self::Times
            | Self::Percent => None,
        }
    }

    /// Which of the file's mappings a real world value comes from; `None` of other numbers, or where it has no name.
    pub fn mapping(&self) -> Option<&str> {
        match self {
            Self::RealWorld { name, .. } => Some(&**name).filter(|name| !name.is_empty()),
            Self::Value(..)
            | Self::Length(_)
            | Self::Area(_)
            | Self::Millilitres(_)
            | Self::MillilitresCutOff
            | Self::Degrees
            | Self::Pixels
            | Self::Voxels
            | Self::Slices
            | Self::Parts
            | Self::Times
            | Self::Percent => None,
        }
    }
}

/// A number that cannot be separated from its unit and calibration (invariant 6).
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// What it says.
    pub kind: QuantityKind,
    /// The number.
    pub value: f64,
    /// What it is measured in.
    pub unit: QuantityUnit,
}

impl Quantity {
    /// The first quantity of a kind in a list.
    pub fn find(list: &[Self], kind: QuantityKind) -> Option<&Self> {
        list.iter().find(|quantity| quantity.kind == kind)
    }

    /// The first of a kind by a mapping, the `SUVbw` before all others.
    pub fn find_mapped(list: &[Self], kind: QuantityKind) -> Option<&Self> {
        let suv = list.iter().find(|quantity| quantity.kind == kind && quantity.is_suv_bw());
        suv.or_else(|| Self::find(list, kind))
    }

    /// Whether it is a standardized uptake value by body weight.
    pub fn is_suv_bw(&self) -> bool {
        self.unit.mapping() == Some(RealWorldMap::SUV_BW)
    }
}

/// Whether the slices hold only a part of the margin around a mask; `None` where no margin was measured.
pub fn margin_cut_off(quantities: &[Quantity]) -> Option<bool> {
    let margin = Quantity::find(quantities, QuantityKind::MarginVolume)?;
    Some(margin.unit == QuantityUnit::MillilitresCutOff)
}
