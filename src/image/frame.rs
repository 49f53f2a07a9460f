use std::sync::Arc;

use super::{
    Attribute, Calibration, FrameRef, ModalityTransform, NamedVoi, PixelLocation, StoredImage, ValueUnit,
    Varying, Warning,
};
use crate::geometry::{FramePlane, Mm, PixelSpacing};

/// Columns and rows of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FrameSize {
    /// Pixels in a row.
    pub columns: usize,
    /// Pixels in a column.
    pub rows: usize,
}

impl FrameSize {
    /// Number of pixels.
    pub fn pixels(self) -> usize {
        self.columns * self.rows
    }
}

/// Stored values that stand for "nothing was measured here" (PS3.3 C.7.5.1.1.2).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PaddingRange {
    /// Lowest such stored value.
    pub low: f64,
    /// Highest such stored value.
    pub high: f64,
}

impl PaddingRange {
    /// Whether a stored value is padding.
    pub fn contains(self, stored: f64) -> bool {
        self.low <= stored && stored <= self.high
    }
}

/// The image went through a lossy compression at some time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lossy {
    /// Lossy Image Compression Ratio, where the file says it.
    pub ratio: Option<f64>,
}

/// One acquired frame: everything about it but its samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Which frame of which object.
    pub of: FrameRef,
    /// Instance Number: for the overlay only, never for sorting.
    pub instance_number: Option<i32>,
    /// Columns and rows.
    pub size: FrameSize,
    /// Where the frame lies in the patient, if the file says so.
    pub plane: Option<FramePlane>,
    /// Distances between pixel centres; `None` when not calibrated.
    pub spacing: Option<PixelSpacing>,
    /// Where `spacing` comes from.
    pub calibration: Calibration,
    /// Height of a pixel over its width, for images without a spacing (Pixel Aspect Ratio).
    pub pixel_aspect: f64,
    /// Slice Thickness: for labels, not geometry.
    pub thickness: Option<Mm>,
    /// Low values are white: MONOCHROME1 or Presentation LUT Shape INVERSE.
    pub inverted: bool,
    /// Colour image: values are `[r, g, b]`, windows do not apply.
    pub color: bool,
    /// From stored to modality value, for this frame.
    pub transform: ModalityTransform,
    /// What the modality value is measured in.
    pub unit: ValueUnit,
    /// Stored values that are padding.
    pub padding: Option<PaddingRange>,
    /// The file's own windows and tables, in the file's order.
    pub presets: Arc<[NamedVoi]>,
    /// Whether the image was ever compressed with loss.
    pub lossy: Option<Lossy>,
    /// Acquisition lines for the corner overlay, as (name, value): `("kV", "120")`. No patient data.
    pub technique: Arc<[(String, String)]>,
    /// What may tell it from other frames at its place, each attribute once.
    pub varying: Arc<[(Attribute, Varying)]>,
    /// Where the samples are.
    pub stored: Arc<StoredImage>,
    /// What was wrong with this frame's own header.
    pub warnings: Vec<Warning>,
}

impl Frame {
    /// The value of an attribute, if the file gives it.
    pub fn attribute(&self, which: Attribute) -> Option<&Varying> {
        self.varying.iter().find(|(attribute, _)| *attribute == which).map(|(_, value)| value)
    }

    /// The spacing to draw with: the real one, or one unit per pixel width where there is none.
    pub fn display_spacing(&self) -> PixelSpacing {
        self.spacing.unwrap_or(PixelSpacing { between_rows: Mm(self.pixel_aspect), between_columns: Mm(1.0) })
    }

    /// Pixels from the top left that the file holds; what follows in a truncated file was never measured.
    ///
    /// Of compressed images, and of those with several samples a pixel, all of them.
    pub fn pixels_there(&self) -> usize {
        let (layout, pixels) = (&self.stored.layout, self.size.pixels() as u64);
        let length = match self.stored.location {
            PixelLocation::Native { length, .. } | PixelLocation::Deflated { length, .. } => length,
            PixelLocation::Encapsulated { .. } => return self.size.pixels(),
        };
        if layout.samples_per_pixel != 1 || layout.bits_allocated == 0 {
            return self.size.pixels();
        }
        let before = pixels.saturating_mul(u64::from(self.of.frame_number.saturating_sub(1)));
        let held = length.saturating_mul(8) / u64::from(layout.bits_allocated);
        usize::try_from(held.saturating_sub(before).min(pixels)).unwrap_or(self.size.pixels())
    }
}
