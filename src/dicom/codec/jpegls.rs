//! JPEG-LS (T.87) by `jpegls`, which is ours.

use jpegls::{Error, Header, Limits, Samples};

use super::{Colors, Raster, Shape, Unpacked, check};
use crate::dicom::error::{DicomError, Result};
use crate::image::Frame;

pub(super) fn decode(frame: &Frame, bytes: &[u8]) -> Result<Unpacked> {
    let Header { columns, rows, components, bits } = Header::read(bytes).map_err(error)?;
    check(frame, bytes, Shape { columns, rows, components, bits })?;
    let image = jpegls::decode(bytes, &Limits { samples: columns * rows * components }).map_err(error)?;
    let raster = match image.samples {
        Samples::U8(samples) => Raster::U8(samples),
        Samples::U16(samples) => Raster::U16(samples),
    };
    Ok(Unpacked { raster, colors: Colors::AsDeclared, rows: image.complete_rows })
}

fn error(error: Error) -> DicomError {
    match error {
        Error::Unsupported(what) => DicomError::Unsupported(what),
        Error::Damaged(_) | Error::TooLarge { .. } => DicomError::Damaged(format!("JPEG-LS: {error}")),
    }
}
