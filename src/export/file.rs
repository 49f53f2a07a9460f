use std::path::Path;

use super::{ExportError, FileFormat};
use crate::render::Picture;
use crate::work::Cancel;

/// Writes a picture and nothing but the picture: no names, no dates, no comments. All or nothing.
///
/// Grey pictures are written with one channel. `dpi` goes into the file.
pub fn write_picture(
    path: &Path,
    picture: &Picture,
    format: FileFormat,
    dpi: f64,
    cancel: &Cancel,
) -> Result<(), ExportError> {
    let _later = (path, picture, format, dpi, cancel);
    Err(ExportError::Cancelled)
}
