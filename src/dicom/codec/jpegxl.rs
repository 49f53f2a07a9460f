//! JPEG XL by `jxl-oxide`.

use jxl_oxide::{AllocTracker, JxlImage};

use super::target::{Samples, Shape, Target};
use crate::dicom::error::{DicomError, Result};

pub(super) fn decode(target: &Target<'_>, bytes: &[u8]) -> Result<Vec<u8>> {
    let damaged = |error: &dyn ToString| DicomError::Damaged(format!("JPEG XL: {}", error.to_string()));
    // Floats of every channel, a few times over.
    let limit = (target.samples() * 4 * 8).max(64 << 20);
    let image = JxlImage::builder()
        .alloc_tracker(AllocTracker::with_limit(limit))
        .read(bytes)
        .map_err(|error| damaged(&error))?;
    let format = image.pixel_format();
    let bits = image.image_header().metadata.bit_depth.bits_per_sample();
    if bits > 24 || bits == 0 {
        return Err(DicomError::Unsupported(format!("JPEG XL of {bits} bits")));
    }
    let (columns, rows) = (image.width() as usize, image.height() as usize);
    target.check(bytes, Shape { columns, rows, components: format.channels(), bits })?;
    let render = image.render_frame(0).map_err(|error| damaged(&error))?;
    let buffer = render.image_all_channels();
    let highest = ((1_u32 << bits) - 1) as f32;
    #[expect(clippy::cast_possible_truncation, reason = "clamped to at most 24 bits")]
    let values = buffer.buf().iter().map(|v| (v * highest).round().clamp(0.0, highest) as i32).collect();
    target.bytes(Samples::Values(values), rows)
}
