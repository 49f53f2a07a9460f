//! Images without a scale, to which the reader gave one by a line of known length.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Case;
use crate::geometry::{Mm, PixelSpacing};
use crate::image::{Calibration, Frame, ReaderLength, SopInstanceUid};

/// A scale that the reader gave to an image, all frames of it. It is marked as such wherever a length is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReaderCalibration {
    /// The image.
    pub sop_instance: SopInstanceUid,
    /// The length that the reader typed, mm.
    pub length: Mm,
    /// The length of the line it was typed for, in pixel widths.
    pub pixels: f64,
    /// Fields of a newer version, kept as they are.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl ReaderCalibration {
    /// `length` mm are as long as so many pixel widths.
    pub fn new(sop_instance: SopInstanceUid, length: Mm, pixels: f64) -> Self {
        Self { sop_instance, length, pixels, extra: Map::new() }
    }

    /// Whether it makes a scale that can be measured with.
    pub fn is_sound(&self) -> bool {
        let positive = |value: f64| value.is_finite() && value > 0.0;
        positive(self.length.0) && positive(self.pixels) && positive(self.length.0 / self.pixels)
    }

    /// The frame with this scale; `None` where the file has one of its own, which is never overruled.
    pub fn on(&self, frame: &Frame) -> Option<Frame> {
        let free = frame.spacing.is_none() && frame.regions.is_empty() && self.is_sound();
        if frame.of.sop_instance != self.sop_instance || !free {
            return None;
        }
        let width = self.length * (1.0 / self.pixels);
        let spacing = PixelSpacing::new(width * frame.pixel_aspect, width).ok()?;
        let calibration = Calibration::ByReader(ReaderLength { length: self.length });
        Some(Frame { spacing: Some(spacing), calibration, ..frame.clone() })
    }
}

impl Case {
    /// Each image has at most one scale of the reader's.
    pub(super) fn calibrate(&mut self, calibration: ReaderCalibration) {
        self.uncalibrate(&calibration.sop_instance);
        self.calibrations.push(calibration);
    }

    pub(super) fn uncalibrate(&mut self, image: &SopInstanceUid) {
        self.calibrations.retain(|old| old.sop_instance != *image);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Edit;
    use crate::image::testing::oblique_frame;

    #[test]
    fn a_line_of_known_length_gives_both_spacings() {
        let mut frame = oblique_frame();
        (frame.plane, frame.spacing, frame.pixel_aspect) = (None, None, 1.25);
        frame.calibration = Calibration::None;
        // 50 mm along 80 pixel widths.
        let given = ReaderCalibration::new(frame.of.sop_instance.clone(), Mm(50.0), 80.0);
        let scaled = given.on(&frame).unwrap();
        let spacing = scaled.spacing.unwrap();
        assert!((spacing.between_columns.0 - 0.625).abs() < 1e-12);
        assert!((spacing.between_rows.0 - 0.78125).abs() < 1e-12, "pixels are 1.25 times as high as wide");
        assert_eq!(scaled.calibration.name(), "by_reader");
        assert_eq!(given.on(&scaled), None, "a scale that is there is not overruled");
        assert_eq!(given.on(&oblique_frame()), None);
        let other = ReaderCalibration::new(SopInstanceUid::new("1.2.9"), Mm(50.0), 80.0);
        assert_eq!(other.on(&frame), None);
        let none = ReaderCalibration::new(frame.of.sop_instance.clone(), Mm(0.0), 80.0);
        assert_eq!(none.on(&frame), None);
        assert!(Case::default().with(Edit::Calibrate(none)).is_err());
        let case = Case::default().with(Edit::Calibrate(given.clone())).unwrap();
        let again = ReaderCalibration { length: Mm(40.0), ..given };
        let case = case.with(Edit::Calibrate(again.clone())).unwrap();
        assert_eq!(case.calibrations, [again]);
        assert!(case.with(Edit::Uncalibrate(frame.of.sop_instance.clone())).unwrap().calibrations.is_empty());
    }
}
