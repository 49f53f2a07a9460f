use std::fmt;

use serde::{Deserialize, Serialize};

use crate::geometry::Mm;

/// A length that the reader gave to a drawn line, to calibrate an image that had no spacing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ReaderLength {
    /// The length the reader typed.
    pub length: Mm,
}

/// Where a spacing in mm comes from, and so what a length on the image means.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Calibration {
    /// Pixel Spacing of a cross-sectional image: millimetres in the patient.
    InPatient,
    /// Pixel Spacing of a projection whose Calibration Type says how it was corrected (PS3.3 10.7.1.3).
    Corrected {
        /// From markers of known size (`FIDUCIAL`), otherwise from the geometry of the machine.
        fiducial: bool,
    },
    /// Imager Pixel Spacing: millimetres at the detector, divided by the magnification where it is known.
    AtDetector {
        /// Estimated Radiographic Magnification Factor or SID / SOD; the spacing was divided by it.
        magnification: Option<f64>,
    },
    /// The reader drew a line of known length.
    ByReader(ReaderLength),
    /// Physical Delta of the ultrasound region that holds all the points: millimetres in the patient.
    InRegion,
    /// No spacing: lengths are in pixels.
    None,
}

impl Calibration {
    /// The unit of a length: `mm`, `mm at detector` or `px`.
    pub fn length_unit(self) -> &'static str {
        self.units()[0]
    }

    /// The unit of an area.
    pub fn area_unit(self) -> &'static str {
        self.units()[1]
    }

    /// The unit of a volume.
    pub fn volume_unit(self) -> &'static str {
        self.units()[2]
    }

    /// Of lengths, areas and volumes, with what has to be known of the scale beside them.
    fn units(self) -> [&'static str; 3] {
        match self {
            Self::InPatient | Self::InRegion | Self::Corrected { .. } => ["mm", "mm²", "mL"],
            Self::ByReader(_) => {
                ["mm (calibrated by hand)", "mm² (calibrated by hand)", "mL (calibrated by hand)"]
            }
            Self::AtDetector { magnification: Some(_) } => [
                "mm (magnification estimated)",
                "mm² (magnification estimated)",
                "mL (magnification estimated)",
            ],
            Self::AtDetector { magnification: None } => {
                ["mm at detector", "mm² at detector", "mL at detector"]
            }
            Self::None => ["px", "px²", "1000 px³"],
        }
    }

    /// The word for files and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::InPatient => "in_patient",
            Self::Corrected { fiducial: true } => "corrected_fiducial",
            Self::Corrected { fiducial: false } => "corrected_geometry",
            Self::AtDetector { magnification: Some(_) } => "at_detector_magnification_estimated",
            Self::AtDetector { magnification: None } => "at_detector",
            Self::ByReader(_) => "by_reader",
            Self::InRegion => "in_region",
            Self::None => "none",
        }
    }
}

impl fmt::Display for Calibration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InPatient => "pixel spacing in the patient",
            Self::Corrected { fiducial: true } => "pixel spacing corrected by markers of known size",
            Self::Corrected { fiducial: false } => "pixel spacing corrected for assumed geometry",
            Self::AtDetector { magnification: Some(_) } => {
                "imager pixel spacing divided by an estimated magnification"
            }
            Self::AtDetector { magnification: None } => "imager pixel spacing, at the detector",
            Self::ByReader(_) => "calibrated by the reader with a line of known length",
            Self::InRegion => "scale of the ultrasound region that holds it",
            Self::None => "not calibrated: the file gives no pixel spacing",
        })
    }
}
