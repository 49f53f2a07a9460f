//! JPEG (T.81) by `jpeg-t81`, which is ours.

use jpeg_t81::{Error, Header, Limits, Process, Samples, Unmarked};

use super::{Colors, Raster, Shape, Unpacked, check};
use crate::dicom::error::{DicomError, Result};
use crate::image::{Frame, Photometric};

pub(super) fn decode(frame: &Frame, bytes: &[u8]) -> Result<Unpacked> {
    let Header { columns, rows, components, bits, process } = Header::read(bytes).map_err(error)?;
    check(frame, bytes, Shape { columns, rows, components, bits })?;
    let rgb = frame.stored.layout.photometric == Photometric::Rgb;
    let unmarked = if rgb { Unmarked::Rgb } else { Unmarked::YCbCr };
    let limits = Limits { samples: columns * rows * components };
    let image = jpeg_t81::decode_unmarked(bytes, &limits, unmarked).map_err(error)?;
    let raster = match image.samples {
        Samples::U8(samples) => Raster::U8(samples),
        Samples::U16(samples) => Raster::U16(samples),
    };
    let colors = if process == Process::Lossless { Colors::AsDeclared } else { Colors::Rgb };
    Ok(Unpacked { raster, colors, rows: image.complete_rows })
}

fn error(error: Error) -> DicomError {
    match error {
        Error::Unsupported(what) => DicomError::Unsupported(what),
        Error::Damaged(_) | Error::TooLarge { .. } => DicomError::Damaged(format!("JPEG: {error}")),
    }
}
