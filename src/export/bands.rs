//! Pictures that are encoded from the top down, a band at a time: of a large page no more is held.

use std::borrow::Cow;

use super::ExportError;
use super::options::check_resolution;
use crate::render::{Fonts, Page, Picture};
use crate::view::ViewportSize;
use crate::work::Cancel;

/// Rows that are encoded between two looks at the cancel flag; a strip of a TIFF.
pub(super) const ROWS: usize = 256;

/// A picture in bands.
pub(super) trait Bands {
    /// Columns and rows of all of it.
    fn size(&self) -> ViewportSize;
    /// Whether no pixel has a colour.
    fn is_grey(&self) -> bool;
    /// Rows of each band but the last: all, or a multiple of [`ROWS`].
    fn band_rows(&self) -> u32;
    /// One band, from 0 at the top.
    fn band(&self, index: u32) -> Result<Cow<'_, Picture>, ExportError>;
}

impl Bands for Picture {
    fn size(&self) -> ViewportSize {
        self.size
    }

    fn is_grey(&self) -> bool {
        Self::is_grey(self)
    }

    fn band_rows(&self) -> u32 {
        self.size.height.max(1)
    }

    fn band(&self, _: u32) -> Result<Cow<'_, Picture>, ExportError> {
        Ok(Cow::Borrowed(self))
    }
}

/// A page, drawn band by band.
pub(super) struct PageBands<'a> {
    page: &'a Page,
    fonts: &'a Fonts,
    cancel: &'a Cancel,
}

impl<'a> PageBands<'a> {
    /// A page that can be made of pixels; what would do, where it cannot.
    pub(super) fn of(page: &'a Page, fonts: &'a Fonts, cancel: &'a Cancel) -> Result<Self, ExportError> {
        check_resolution(page.dpi)?;
        page.check_size().map_err(|why| {
            // Without an image on it, only the file makes pixels of it.
            if page.panels.is_empty() {
                ExportError::DrawingTooLarge(why)
            } else {
                ExportError::TooLarge(why)
            }
        })?;
        Ok(Self { page, fonts, cancel })
    }
}

impl Bands for PageBands<'_> {
    fn size(&self) -> ViewportSize {
        self.page.size
    }

    fn is_grey(&self) -> bool {
        self.page.is_grey()
    }

    fn band_rows(&self) -> u32 {
        self.page.band_rows()
    }

    fn band(&self, index: u32) -> Result<Cow<'_, Picture>, ExportError> {
        self.page.band(index, self.fonts, self.cancel).map(Cow::Owned).ok_or(ExportError::Cancelled)
    }
}

/// Hands on pieces of [`ROWS`] rows with one or three bytes a pixel, from the top down.
pub(super) fn strips(
    bands: &impl Bands,
    grey: bool,
    mut take: impl FnMut(&[u8]) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let size = bands.size();
    let length = (size.width as usize * ROWS).max(1);
    let mut strip = Vec::with_capacity(length * if grey { 1 } else { 3 });
    for index in 0..size.height.div_ceil(bands.band_rows().max(1)) {
        for pixels in bands.band(index)?.pixels.chunks(length) {
            strip.clear();
            if grey {
                strip.extend(pixels.iter().map(|p| p[0]));
            } else {
                strip.extend(pixels.iter().flat_map(|p| [p[0], p[1], p[2]]));
            }
            take(&strip)?;
        }
    }
    Ok(())
}
