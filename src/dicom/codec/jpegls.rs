//! JPEG-LS (T.87) by `jpegls`, which is ours.

use jpegls::{Error, Header, Limits};

use super::target::{Samples, Shape, Target};
use crate::dicom::error::{DicomError, Result};

pub(super) fn decode(target: &Target<'_>, bytes: &[u8]) -> Result<Vec<u8>> {
    let Header { columns, rows, components, bits } = Header::read(bytes).map_err(error)?;
    target.check(bytes, Shape { columns, rows, components, bits })?;
    let image = jpegls::decode(bytes, &Limits { samples: target.samples() }).map_err(error)?;
    let samples = match image.samples {
        jpegls::Samples::U8(samples) => Samples::U8(samples),
        jpegls::Samples::U16(samples) => Samples::U16(samples),
    };
    target.bytes(samples, image.complete_rows)
}

fn error(error: Error) -> DicomError {
    match error {
        Error::Unsupported(what) => DicomError::Unsupported(what),
        Error::Damaged(_) | Error::TooLarge { .. } => DicomError::Damaged(format!("JPEG-LS: {error}")),
    }
}
