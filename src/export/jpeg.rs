use std::cell::{Cell, RefCell};
use std::io::Write;

use jpeg_encoder::{
    ImageBuffer, JpegColorType, PixelDensity, PixelDensityUnit, SamplingFactor, rgb_to_ycbcr,
};

use super::ExportError;
use super::bands::Bands;
use super::file::{named, whole};
use crate::render::Picture;
use crate::view::ViewportSize;

/// Of 100: no block shows at any zoom, a third of the size of a lossless file.
const JPEG_QUALITY: u8 = 95;
/// Up to so many pixels the codes are made for the picture, a twentieth smaller: the encoder holds it whole for that.
const MOST_OPTIMIZED: f64 = 32e6;

/// Encodes a picture as a JPEG file.
pub(super) fn encode_jpeg(
    writer: impl Write,
    bands: &impl Bands,
    grey: bool,
    dpi: f64,
) -> Result<(), ExportError> {
    let size = bands.size();
    // The format ends there; a larger picture is refused before it is drawn.
    let side = |length: u32| u16::try_from(length).map_err(named);
    let (_, _) = (side(size.width)?, side(size.height)?);
    let mut encoder = jpeg_encoder::Encoder::new(writer, JPEG_QUALITY);
    let density = u16::try_from(whole(dpi)).unwrap_or(u16::MAX);
    encoder.set_density(PixelDensity { density: (density, density), unit: PixelDensityUnit::Inches });
    // Full colour resolution: thin coloured lines stay sharp.
    encoder.set_sampling_factor(SamplingFactor::F_1_1);
    let area = f64::from(size.width) * f64::from(size.height);
    encoder.set_optimized_huffman_tables(area <= MOST_OPTIMIZED);
    let failed = Cell::default();
    let rows = Rows { bands, grey, size, held: RefCell::default(), failed: &failed };
    encoder.encode_image(rows).map_err(named)?;
    failed.take().map_or(Ok(()), Err)
}

/// The rows of a picture, asked for from the top down.
struct Rows<'a, B> {
    bands: &'a B,
    grey: bool,
    size: ViewportSize,
    /// The band that the last row was of.
    held: RefCell<Option<(u32, Picture)>>,
    /// Why a band could not be drawn: the encoder knows no failing rows.
    failed: &'a Cell<Option<ExportError>>,
}

impl<B: Bands> Rows<'_, B> {
    fn with_row(&self, row: u32, mut take: impl FnMut(&[[u8; 4]])) {
        let high = self.bands.band_rows().max(1);
        let mut held = self.held.borrow_mut();
        if held.as_ref().is_none_or(|(index, _)| *index != row / high) {
            *held = None;
            match self.bands.band(row / high) {
                Ok(band) => *held = Some((row / high, band.into_owned())),
                Err(error) => self.failed.set(Some(error)),
            }
        }
        let width = self.size.width as usize;
        let pixels = held.as_ref().and_then(|(_, band)| {
            let from = (row % high) as usize * width;
            band.pixels.get(from..from + width)
        });
        match pixels {
            Some(pixels) => take(pixels),
            None => take(&vec![Picture::BLACK; width]),
        }
    }
}

impl<B: Bands> ImageBuffer for Rows<'_, B> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        if self.grey { JpegColorType::Luma } else { JpegColorType::Ycbcr }
    }

    fn width(&self) -> u16 {
        u16::try_from(self.size.width).unwrap_or(u16::MAX)
    }

    fn height(&self) -> u16 {
        u16::try_from(self.size.height).unwrap_or(u16::MAX)
    }

    fn fill_buffers(&self, row: u16, buffers: &mut [Vec<u8>; 4]) {
        let [first, second, third, _] = buffers;
        self.with_row(u32::from(row), |pixels| {
            for [red, green, blue, _] in pixels {
                if self.grey {
                    first.push(*red);
                } else {
                    let (y, cb, cr) = rgb_to_ycbcr(*red, *green, *blue);
                    first.push(y);
                    second.push(cb);
                    third.push(cr);
                }
            }
        });
    }
}
