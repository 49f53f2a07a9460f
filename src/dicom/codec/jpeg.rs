//! JPEG (T.81) by `jpeg-t81`, which is ours.

use jpeg_t81::{Error, Header, Limits, Unmarked};

use super::target::{Samples, Shape, Target};
use crate::dicom::error::{DicomError, Result};

pub(super) fn decode(target: &Target<'_>, bytes: &[u8]) -> Result<Vec<u8>> {
    let Header { columns, rows, components, bits, .. } = Header::read(bytes).map_err(error)?;
    target.check(bytes, Shape { columns, rows, components, bits })?;
    let unmarked = if target.photometric == "RGB" { Unmarked::Rgb } else { Unmarked::YCbCr };
    let limits = Limits { samples: target.samples() };
    let image = jpeg_t81::decode_unmarked(bytes, &limits, unmarked).map_err(error)?;
    let samples = match image.samples {
        jpeg_t81::Samples::U8(samples) => Samples::U8(samples),
        jpeg_t81::Samples::U16(samples) => Samples::U16(samples),
    };
    target.bytes(samples, image.complete_rows)
}

fn error(error: Error) -> DicomError {
    match error {
        Error::Unsupported(what) => DicomError::Unsupported(what),
        Error::Damaged(_) | Error::TooLarge { .. } => DicomError::Damaged(format!("JPEG: {error}")),
    }
}
