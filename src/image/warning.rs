use std::fmt;

use super::{CompressionRatio, Lossy};
use crate::geometry::Mm;
use crate::numbers::decimal;
use crate::words::counted;

/// A problem that did not stop the work. It stays with its series and shows as a badge.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// The distance between neighbouring slices varies by more than 1 % and 0.01 mm.
    UnevenSpacing {
        /// Smallest distance.
        least: Mm,
        /// Largest distance.
        most: Mm,
    },
    /// At least one distance is a multiple of the usual one: slices are missing.
    Gap {
        /// How many slices are missing.
        missing: usize,
        /// Where the first gap starts: the slice index before it, from 0.
        after: usize,
    },
    /// Several frames lie at one place.
    DuplicatePositions {
        /// How many frames share a place with an earlier one.
        count: usize,
    },
    /// Files claim to be images of the series that are shown from other files, and hold something else.
    TwoVersions {
        /// How many files.
        count: usize,
    },
    /// The slices are shifted against each other: gantry tilt.
    Tilt {
        /// Angle between the slice step and the slice normal.
        degrees: f64,
    },
    /// Slices are thicker than they are apart. A note: many scanners are asked to do so.
    Overlap {
        /// Slice Thickness.
        thickness: Mm,
        /// The usual distance from slice to slice.
        spacing: Mm,
    },
    /// Slices are thinner than they are apart. A note: most MR has a gap.
    BetweenSlices {
        /// Slice Thickness.
        thickness: Mm,
        /// The usual distance from slice to slice.
        spacing: Mm,
    },
    /// The series holds frames of several sizes.
    MixedSizes,
    /// The series holds frames of several directions.
    SeveralOrientations {
        /// How many.
        count: usize,
    },
    /// Frames of the series use different rescale values; each is read with its own.
    RescaleVaries,
    /// Frames of the series use different pixel spacings; each is measured with its own.
    SpacingVaries,
    /// No spacing at all: lengths are in pixels.
    NotCalibrated,
    /// Lengths are in mm inside the image's calibrated ultrasound regions only.
    InRegions,
    /// The spacing is at the detector.
    AtDetector,
    /// The spacing at the detector was divided by an estimated magnification.
    Magnified {
        /// That magnification.
        factor: f64,
    },
    /// The file's first window shows none of the values that the pixels could hold: it was meant for others.
    WindowMisfit,
    /// The image was compressed with loss.
    Lossy(Lossy),
    /// The file gives no position or orientation.
    NoPosition,
    /// Nuclear medicine: the file places the detector, not the image.
    PlacesDetector,
    /// The file declares no Frame of Reference: points hold for this series only.
    NoFrameOfReference,
    /// A siemens mosaic or similar: many slices tiled in one image.
    Mosaic,
    /// Pixel data end early: the rest of the image is padding.
    Truncated {
        /// Bytes there should be.
        expected: u64,
        /// Bytes there are.
        found: u64,
    },
    /// One image ends early: what follows its last row was never measured.
    CutOff {
        /// Rows that are there, the last one perhaps in part.
        rows: usize,
        /// Rows there should be.
        of: usize,
    },
    /// The header was wrong or incomplete; this says what was assumed instead.
    Repaired(String),
    /// An attribute's value made no sense and is not used.
    Ignored(String),
    /// A grey image whose stored values from some number on are colours.
    ColorsFrom {
        /// The first stored value that is a colour.
        first: i32,
    },
    /// A frame's pixels could not be read.
    Unreadable(String),
    /// An SUV is shown, and what it was computed from can hardly be right; the end of the sentence says what.
    SuvDoubtful(String),
    /// A PET image whose values are not shown as SUV; the end of the sentence says why.
    NoSuv(String),
}

impl Warning {
    /// Whether it is worth knowing but no reason for care: a sentence in the list, no badge.
    pub fn is_note(&self) -> bool {
        matches!(self, Self::Overlap { .. } | Self::BetweenSlices { .. })
    }

    /// Two or three words for a badge on the image.
    pub fn badge(&self) -> String {
        match self {
            Self::UnevenSpacing { .. } => "UNEVEN SPACING".to_owned(),
            Self::Gap { .. } => "GAP".to_owned(),
            Self::DuplicatePositions { .. } => "DUPLICATES".to_owned(),
            Self::TwoVersions { .. } => "TWO VERSIONS".to_owned(),
            Self::Tilt { degrees } => format!("TILT {}°", decimal(*degrees, 1)),
            Self::Overlap { .. } => "OVERLAP".to_owned(),
            Self::BetweenSlices { .. } => "SLICE GAP".to_owned(),
            Self::MixedSizes => "MIXED SIZES".to_owned(),
            Self::SeveralOrientations { .. } => "SEVERAL ORIENTATIONS".to_owned(),
            Self::RescaleVaries => "RESCALE VARIES".to_owned(),
            Self::SpacingVaries => "SPACING VARIES".to_owned(),
            Self::NotCalibrated => "NOT CALIBRATED".to_owned(),
            Self::InRegions => "MM IN REGIONS".to_owned(),
            Self::AtDetector => "MM AT DETECTOR".to_owned(),
            Self::Magnified { .. } => "MAGNIFICATION ESTIMATED".to_owned(),
            Self::WindowMisfit => "WINDOW MISFIT".to_owned(),
            Self::Lossy(lossy) => {
                let maybe = if lossy.certain { "LOSSY" } else { "MAYBE LOSSY" };
                match lossy.ratio {
                    Some(CompressionRatio::Declared(ratio)) => format!("{maybe} {}:1", decimal(ratio, 0)),
                    Some(CompressionRatio::Computed(ratio)) => {
                        format!("{maybe} about {}:1", decimal(ratio, 0))
                    }
                    None => maybe.to_owned(),
                }
            }
            Self::NoPosition | Self::PlacesDetector => "NO POSITION".to_owned(),
            Self::NoFrameOfReference => "OWN SPACE".to_owned(),
            Self::Mosaic => "MOSAIC".to_owned(),
            Self::Truncated { .. } | Self::CutOff { .. } => "TRUNCATED".to_owned(),
            Self::Repaired(_) => "HEADER REPAIRED".to_owned(),
            Self::Ignored(_) => "HEADER ODD".to_owned(),
            Self::ColorsFrom { .. } => "COLOUR VALUES".to_owned(),
            Self::Unreadable(_) => "UNREADABLE".to_owned(),
            Self::SuvDoubtful(_) => "SUV DOUBTFUL".to_owned(),
            Self::NoSuv(_) => "NO SUV".to_owned(),
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnevenSpacing { least, most } => {
                write!(f, "Slices are {least:.2} to {most:.2} apart, not evenly spaced.")
            }
            Self::Gap { missing: 1, after } => {
                write!(f, "1 slice seems to be missing, after slice {}.", after + 1)
            }
            Self::Gap { missing, after } => {
                let (slices, seem) = (counted(*missing, "slice"), if *missing == 1 { "seems" } else { "seem" });
                write!(f, "{slices} {seem} to be missing, the first after slice {}.", after + 1)
            }
            Self::DuplicatePositions { count: 1 } => {
                f.write_str("1 image lies at the same place as another one.")
            }
            Self::DuplicatePositions { count } => {
                let (images, lie) = (counted(*count, "image"), if *count == 1 { "lies" } else { "lie" });
                write!(f, "{images} {lie} at the same place as another one.")
            }
            Self::TwoVersions { count: 1 } => f.write_str(
                "1 other file has the identity (UID) of an image shown here but other content.",
            ),
            Self::TwoVersions { count } => {
                write!(
                    f,
                    "{count} other files have the identity (UID) of images shown here but other content."
                )
            }
            Self::Tilt { degrees } => write!(f, "The stack is tilted by {} degrees.", decimal(*degrees, 1)),
            Self::Overlap { thickness, spacing } => {
                write!(f, "Slices overlap: {thickness:.2} thick, {spacing:.2} apart.")
            }
            Self::BetweenSlices { thickness, spacing } => {
                let between = *spacing - *thickness;
                write!(
                    f,
                    "Slices are {thickness:.2} thick and {spacing:.2} apart: {between:.2} between two are not shown."
                )
            }
            Self::MixedSizes => f.write_str("The images have different sizes."),
            Self::SeveralOrientations { count } => {
                write!(f, "The images point in {count} different directions.")
            }
            Self::RescaleVaries => f.write_str("Rescale differs from image to image; each uses its own."),
            Self::SpacingVaries => {
                f.write_str("Pixel spacing differs from image to image; each uses its own.")
            }
            Self::NotCalibrated => f.write_str("The file gives no pixel spacing: lengths are in pixels."),
            Self::InRegions => f.write_str(
                "Lengths are in mm where both ends lie in one calibrated region of the image, else in pixels.",
            ),
            Self::Magnified { factor } => write!(
                f,
                "Lengths are divided by an estimated magnification of {factor:.3}: they hold in the patient at that distance from the source only."
            ),
            Self::AtDetector => f.write_str("Lengths are measured at the detector, not in the patient."),
            Self::WindowMisfit => f.write_str(
                "The file's window does not fit the image's values and would show none of them; an automatic one is used, the file's own is in the list of windows.",
            ),
            Self::Lossy(lossy) => lossy_words(*lossy, f),
            Self::NoPosition => f.write_str("The file does not say where the image lies in the patient."),
            Self::PlacesDetector => f.write_str(
                "The file says where the detector was, not where the image lies in the patient: that form of nuclear medicine image is not supported.",
            ),
            Self::NoFrameOfReference => {
                f.write_str("The file declares no Frame of Reference: marks hold for this series only.")
            }
            Self::Mosaic => f.write_str("One image holds many slices side by side (mosaic)."),
            Self::Truncated { expected, found } => {
                write!(f, "Pixel data end early: {found} of {expected} bytes are there.")
            }
            Self::CutOff { rows, of } => {
                write!(f, "The image ends early: {rows} of {of} rows are there.")
            }
            Self::Repaired(what) | Self::Ignored(what) | Self::Unreadable(what) => f.write_str(what),
            Self::ColorsFrom { first } => {
                write!(f, "Stored values from {first} on are colours of a palette; planes show them in grey.")
            }
            Self::SuvDoubtful(what) => write!(f, "The SUV may be wrong: {what}"),
            Self::NoSuv(why) => write!(f, "No SUV is shown: {why}."),
        }
    }
}

fn lossy_words(lossy: Lossy, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(if lossy.certain {
        "The image was compressed with loss"
    } else {
        "The file does not say whether its compression lost anything"
    })?;
    match lossy.ratio {
        Some(CompressionRatio::Declared(ratio)) => write!(f, ", {} to 1.", decimal(ratio, 1)),
        Some(CompressionRatio::Computed(ratio)) => {
            write!(f, ", about {} to 1 by the size of its bytes.", decimal(ratio, 1))
        }
        None => f.write_str("."),
    }
}
