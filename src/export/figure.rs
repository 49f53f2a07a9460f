use super::bands::PageBands;
use super::file::write_bands;
use super::{ExportError, FileFormat, write_pdf, write_svg};
use crate::case::figure::FileKind;
use crate::files::Target;
use crate::render::{Fonts, Page};
use crate::work::{Cancel, Progress};

/// Writes a page and nothing but the page: no names, no dates, no comments. How many bytes the file has.
///
/// Raster files have the page's pixels and its resolution; in PDF and SVG text and lines stay what they are.
pub fn write_figure(
    to: Target<'_>,
    page: &Page,
    kind: FileKind,
    fonts: &Fonts,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<u64, ExportError> {
    let raster =
        |format: FileFormat| write_bands(to, &PageBands::of(page, fonts, cancel)?, format, page.dpi, cancel);
    match kind {
        FileKind::Tiff => raster(FileFormat::Tiff)?,
        FileKind::Png => raster(FileFormat::Png)?,
        FileKind::Jpeg => raster(FileFormat::Jpeg)?,
        FileKind::Pdf => write_pdf(to, page, fonts, cancel, progress)?,
        FileKind::Svg => write_svg(to, page, fonts, cancel, progress)?,
    }
    Ok(std::fs::metadata(to.path)?.len())
}
