//! JPEG baseline, extended (8 bit) and lossless, by `jpeg-decoder`.

use jpeg_decoder::{CodingProcess, ColorTransform, Decoder, PixelFormat};

use super::{Colors, Raster, Shape, check, damaged};
use crate::dicom::error::{DicomError, Result};
use crate::image::{Frame, Photometric};

/// What a stream says of itself before its first scan.
#[derive(Debug, Default)]
struct Markers {
    precision: u32,
    rows: usize,
    columns: usize,
    components: usize,
    lossless: bool,
    /// A JFIF or Adobe marker says what the components are.
    colors_declared: bool,
}

pub(super) fn decode(frame: &Frame, bytes: &[u8]) -> Result<(Raster, Colors)> {
    let markers = markers(bytes).ok_or_else(|| DicomError::Damaged("no JPEG header".to_owned()))?;
    let Markers { precision, rows, columns, components, .. } = markers;
    check(frame, bytes, Shape { columns, rows, components, bits: precision })?;
    if !markers.lossless && precision != 8 {
        return Err(DicomError::Unsupported(format!("JPEG with {precision} bits and loss")));
    }
    let mut decoder = Decoder::new(bytes);
    decoder.set_max_decoding_buffer_size(frame.size.pixels() * components * 2);
    let declared_rgb = frame.stored.layout.photometric == Photometric::Rgb;
    if components == 3 && (markers.lossless || (declared_rgb && !markers.colors_declared)) {
        // The decoder takes colour without a marker for YCbCr; the header knows better.
        decoder.set_color_transform(ColorTransform::None);
    }
    let decoded = decoder.decode().map_err(|error| damaged("JPEG", &error))?;
    let info = decoder.info().ok_or_else(|| DicomError::Damaged("no JPEG header".to_owned()))?;
    let colors = if markers.lossless { Colors::AsDeclared } else { Colors::Rgb };
    debug_assert!((info.coding_process == CodingProcess::Lossless) == markers.lossless);
    let raster = match info.pixel_format {
        PixelFormat::L8 | PixelFormat::RGB24 => Raster::U8(decoded),
        PixelFormat::L16 => {
            Raster::U16(decoded.as_chunks::<2>().0.iter().map(|b| u16::from_ne_bytes(*b)).collect())
        }
        PixelFormat::CMYK32 => return Err(DicomError::Unsupported("JPEG of four colours".to_owned())),
    };
    Ok((raster, colors))
}

/// Reads the markers up to the frame header.
fn markers(bytes: &[u8]) -> Option<Markers> {
    let mut found = Markers::default();
    let mut rest = bytes.strip_prefix(b"\xFF\xD8")?;
    loop {
        let [0xFF, kind, tail @ ..] = rest else { return None };
        if *kind == 0xFF {
            rest = rest.get(1..)?;
            continue;
        }
        let length = usize::from(u16::from_be_bytes(*tail.first_chunk::<2>()?));
        let body = tail.get(2..length)?;
        match kind {
            0xE0 => found.colors_declared |= body.starts_with(b"JFIF"),
            0xEE => found.colors_declared |= body.starts_with(b"Adobe") && body.len() >= 12,
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                let &[precision, r0, r1, c0, c1, components] = body.first_chunk::<6>()?;
                found.precision = precision.into();
                found.rows = u16::from_be_bytes([r0, r1]).into();
                found.columns = u16::from_be_bytes([c0, c1]).into();
                found.components = components.into();
                found.lossless = matches!(kind, 0xC3 | 0xC7 | 0xCB | 0xCF);
                return Some(found);
            }
            _ => {}
        }
        rest = tail.get(length..)?;
    }
}
