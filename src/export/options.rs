use glam::DVec2;

use crate::render::{TooLarge, raster_size};
use crate::view::ViewportSize;
use crate::work::Cancel;

/// How large a picture file is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OutputSize {
    /// Pixels across; `dpi` is written into the file and sizes the letters.
    Pixels {
        /// Pixels across.
        width: u32,
        /// Pixels per inch.
        dpi: f64,
    },
    /// A printed width.
    Millimetres {
        /// Width on paper.
        width_mm: f64,
        /// Pixels per inch.
        dpi: f64,
    },
}

impl OutputSize {
    /// Pixels per inch.
    pub fn dpi(self) -> f64 {
        match self {
            Self::Pixels { dpi, .. } | Self::Millimetres { dpi, .. } => dpi,
        }
    }

    /// The size in pixels of a picture of that aspect (width over height).
    pub fn pixels(self, aspect: f64) -> Result<ViewportSize, ExportError> {
        let dpi = self.dpi();
        check_resolution(dpi)?;
        let width = match self {
            Self::Pixels { width, .. } => f64::from(width),
            Self::Millimetres { width_mm, .. } => (width_mm / 25.4 * dpi).round(),
        };
        let height = (width / aspect).round().max(1.0);
        // A view is one picture, which is held.
        Ok(raster_size(DVec2::new(width, height), width * height, dpi)?)
    }
}

/// Whether the work goes on: nobody has cancelled it.
pub(super) fn go_on(cancel: &Cancel) -> Result<(), ExportError> {
    if cancel.is_cancelled() { Err(ExportError::Cancelled) } else { Ok(()) }
}

/// Whether something can be made at so many pixels per inch.
pub(super) fn check_resolution(dpi: f64) -> Result<(), ExportError> {
    // What is not a number is in no range.
    if (1.0..=4800.0).contains(&dpi) { Ok(()) } else { Err(ExportError::Resolution { dpi }) }
}

/// The kind of a picture file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileFormat {
    /// Lossless, small, for screens and most journals.
    Png,
    /// Lossless (LZW), for print.
    Tiff,
    /// With loss, quality 95.
    Jpeg,
}

impl FileFormat {
    /// Every format, in menu order.
    pub const ALL: [Self; 3] = [Self::Png, Self::Tiff, Self::Jpeg];

    /// The usual ending of a file name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Tiff => "tif",
            Self::Jpeg => "jpg",
        }
    }
}

/// What an exported view shows, and how large.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches")]
pub struct ExportOptions {
    /// Size and resolution.
    pub size: OutputSize,
    /// The kind of file.
    pub format: FileFormat,
    /// Draw the measurements.
    pub marks: bool,
    /// Draw the orientation letters.
    pub letters: bool,
    /// Draw the ruler.
    pub ruler: bool,
}

impl Default for ExportOptions {
    fn default() -> Self {
        Self {
            size: OutputSize::Millimetres { width_mm: 85.0, dpi: 600.0 },
            format: FileFormat::Png,
            marks: true,
            letters: true,
            ruler: true,
        }
    }
}

/// Why a picture was not written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// More pixels than any journal prints, or than memory should hold.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// The same of a drawing, which needs no pixels.
    #[error("{0}, or SVG or PDF, which draw it without pixels")]
    DrawingTooLarge(TooLarge),
    /// The same of a figure of a report.
    #[error("{name}: {why}")]
    FigureTooLarge {
        /// What it is called.
        name: String,
        /// Why not.
        why: Box<Self>,
    },
    /// Not a resolution.
    #[error("{dpi} dpi is not a resolution between 1 and 4800")]
    Resolution {
        /// What was asked for.
        dpi: f64,
    },
    /// An animation of nothing.
    #[error("an animation needs at least one frame")]
    NoFrames,
    /// More frames than a series has, or more pixels than slides can play.
    #[error(
        "an animation of {count} frames of {width} x {height} pixels cannot be made: \
         at most 10,000 frames and 400 million pixels in all"
    )]
    TooLong {
        /// How many frames were asked for.
        count: usize,
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// Not a speed of an animation.
    #[error("{frames_per_second} frames per second is not a speed between 0.01 and 1000")]
    Speed {
        /// What was asked for.
        frames_per_second: f64,
    },
    /// A frame does not have the size of the animation.
    #[error("frame {number} of the animation has another size than the animation")]
    FrameSize {
        /// Which frame, the first is 1.
        number: usize,
    },
    /// A frame of an animation without colours has a colour.
    #[error("frame {number} of the animation has colours, but the animation was to be grey")]
    NotGrey {
        /// Which frame, the first is 1.
        number: usize,
    },
    /// The samples of a frame cannot be read.
    #[error("frame {number} of the animation cannot be read: {why}")]
    Unreadable {
        /// Which frame, the first is 1.
        number: usize,
        /// Why not.
        why: String,
    },
    /// The user cancelled it.
    #[error("cancelled")]
    Cancelled,
    /// The picture does not fit the file format.
    #[error("the picture could not be encoded: {0}")]
    Encode(String),
    /// The file could not be written.
    #[error("the file could not be written ({0})")]
    Io(#[from] std::io::Error),
}

impl ExportError {
    /// The same, said of a figure of a report.
    pub(super) fn of_figure(self, name: &str) -> Self {
        if matches!(self, Self::TooLarge(_) | Self::DrawingTooLarge(_)) {
            Self::FigureTooLarge { name: name.to_owned(), why: Box::new(self) }
        } else {
            self
        }
    }
}
