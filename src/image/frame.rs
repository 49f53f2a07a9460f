use std::sync::Arc;

use glam::DVec2;

use super::{
    Attribute, Calibration, ContrastAgent, FrameRef, ModalityTransform, NamedVoi, OverlayPlane, RealWorldMap,
    StoredImage, UltrasoundRegion, ValueUnit, Varying, Warning,
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
    /// How many times smaller it became, by all compressions together.
    pub ratio: Option<CompressionRatio>,
    /// The file says so, or its transfer syntax leaves no choice; otherwise the syntax only allows it.
    pub certain: bool,
}

/// How many times smaller a compression made an image, and who says so.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CompressionRatio {
    /// Lossy Image Compression Ratio: several in a row are multiplied.
    Declared(f64),
    /// The size of the pixels over the size of their bytes in the file.
    Computed(f64),
}

impl CompressionRatio {
    /// The number.
    pub fn value(self) -> f64 {
        match self {
            Self::Declared(ratio) | Self::Computed(ratio) => ratio,
        }
    }
}

/// One slice of many that stand side by side in one stored image (Siemens mosaic).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tile {
    /// Column of the stored image where the slice starts.
    pub column: usize,
    /// Row of the stored image where the slice starts.
    pub row: usize,
    /// Size of the stored image.
    pub whole: FrameSize,
}

impl Tile {
    /// How many of the tile's pixels are among the first `held` of the stored image.
    pub fn pixels_before(self, held: usize, size: FrameSize) -> usize {
        let (rows, rest) = (held / self.whole.columns.max(1), held % self.whole.columns.max(1));
        let full = rows.saturating_sub(self.row).min(size.rows);
        let begun = rows >= self.row && full < size.rows;
        let part = if begun { rest.saturating_sub(self.column).min(size.columns) } else { 0 };
        full * size.columns + part
    }
}

/// One acquired frame: everything about it but its samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Which frame of which object; of a mosaic's slices, which slice of it, from 1.
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
    /// How far apart the modality values of neighbouring stored values are, also where they were interpolated
    /// afterwards; `None` where they have no step (Float Pixel Data).
    pub step: Option<f64>,
    /// What stored values mean beside the modality value, each with its unit.
    pub real_world: Arc<[RealWorldMap]>,
    /// Rectangles with a scale of their own (ultrasound); with any, `spacing` is `None`: see [`Frame::scale_at`].
    pub regions: Arc<[UltrasoundRegion]>,
    /// Stored values that are padding.
    pub padding: Option<PaddingRange>,
    /// The file's own windows and tables, in the file's order.
    pub presets: Arc<[NamedVoi]>,
    /// Whether the image was ever compressed with loss.
    pub lossy: Option<Lossy>,
    /// Acquisition lines for the corner overlay, as (name, value): `("kV", "120")`. No patient data.
    pub technique: Arc<[(String, String)]>,
    /// Whether a contrast agent was given, as far as the header says.
    pub contrast: ContrastAgent,
    /// What may tell it from other frames at its place, each attribute once.
    pub varying: Arc<[(Attribute, Varying)]>,
    /// Frames a second that the file wants them shown with; `None` where it does not say.
    pub rate: Option<f64>,
    /// Where the samples are.
    pub stored: Arc<StoredImage>,
    /// Graphics that the file lays over the image.
    pub overlays: Arc<[OverlayPlane]>,
    /// The part of the stored image that this frame is; `None` for all of it.
    pub tile: Option<Tile>,
    /// What was wrong with this frame's own header.
    pub warnings: Vec<Warning>,
}

impl Frame {
    /// Bytes of memory that its samples take once they are decoded.
    pub fn decoded_bytes(&self) -> usize {
        let sample = match self.stored.layout.bits_allocated {
            0..=8 => 1,
            9..=16 => 2,
            17..=32 => 4,
            33.. => 8,
        };
        self.size.pixels().saturating_mul(if self.color { 3 } else { sample })
    }

    /// A plane cut through frames like this one, as a frame: its values are interpolated modality values.
    ///
    /// It carries the series' windows and units, and nothing that belongs to one acquired image.
    pub fn reformatted(&self, plane: FramePlane, [columns, rows]: [usize; 2], thickness: Option<Mm>) -> Self {
        Self {
            of: FrameRef::computed(),
            instance_number: None,
            size: FrameSize { columns, rows },
            plane: Some(plane),
            spacing: Some(plane.spacing()),
            calibration: Calibration::InPatient,
            thickness,
            transform: ModalityTransform::Rescale { slope: 1.0, intercept: 0.0 },
            real_world: Arc::new([]),
            regions: Arc::new([]),
            padding: None,
            varying: Arc::new([]),
            overlays: Arc::new([]),
            tile: None,
            warnings: Vec::new(),
            ..self.clone()
        }
    }

    /// The value of an attribute, if the file gives it.
    pub fn attribute(&self, which: Attribute) -> Option<&Varying> {
        self.varying.iter().find(|(attribute, _)| *attribute == which).map(|(_, value)| value)
    }

    /// The modality value of a stored value; `None` of padding and of what is no number.
    ///
    /// Statistics, automatic windows, histograms, masks and growing all ask here what counts.
    pub fn measured(&self, stored: f64) -> Option<f64> {
        let padding = self.padding.is_some_and(|padding| padding.contains(stored));
        Some(self.transform.value(stored)).filter(|value| !padding && value.is_finite())
    }

    /// Whether its modality values lie between whole numbers: then a window may be narrower than 1.
    pub fn is_fractional(&self) -> bool {
        self.step.is_none_or(|step| step.fract() != 0.0)
    }

    /// The spacing to draw with: the real one, or one unit per pixel width where there is none.
    pub fn display_spacing(&self) -> PixelSpacing {
        self.spacing.unwrap_or(PixelSpacing { between_rows: Mm(self.pixel_aspect), between_columns: Mm(1.0) })
    }

    /// Width and height of all of its pixels, mm by [`Self::display_spacing`].
    pub fn display_extent(&self) -> DVec2 {
        self.display_spacing().mm_from_pixel(DVec2::new(self.size.columns as f64, self.size.rows as f64))
    }
}
