//! JPEG 2000 by `hayro-jpeg2000`.

use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};

use super::{Colors, Raster, Shape, check, damaged};
use crate::dicom::error::{DicomError, Result};
use crate::image::{Frame, Photometric};

/// What the SIZ and COD markers say.
#[derive(Debug)]
struct Codestream {
    start: usize,
    columns: usize,
    rows: usize,
    components: usize,
    bits: u32,
    signed: bool,
    color_transform: bool,
}

pub(super) fn decode(frame: &Frame, bytes: &[u8]) -> Result<(Raster, Colors)> {
    let stream = codestream(bytes).ok_or_else(|| DicomError::Damaged("no JPEG 2000 header".to_owned()))?;
    let Codestream { columns, rows, components, bits, .. } = stream;
    check(frame, bytes, Shape { columns, rows, components, bits })?;
    let settings = DecodeSettings { resolve_palette_indices: false, strict: true, target_resolution: None };
    // Files with odd boxes around a sound stream exist; the header says what the boxes would.
    let image = Image::new(bytes, &settings)
        .or_else(|_| Image::new(bytes.get(stream.start..).unwrap_or_default(), &settings))
        .map_err(|error| damaged("JPEG 2000", &error))?;
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(|error| damaged("JPEG 2000", &error))?;
    let planes: Vec<&[f32]> =
        decoded.components().iter().map(hayro_jpeg2000::ComponentData::samples).collect();
    let pixels = frame.size.pixels();
    if planes.len() != stream.components || planes.iter().any(|plane| plane.len() != pixels) {
        return Err(DicomError::Unsupported("JPEG 2000 with components of several sizes".to_owned()));
    }
    // The decoder lifts every stream by half its range; a signed one must come down again.
    let lift = if stream.signed { 1_i32 << (stream.bits - 1) } else { 0 };
    let highest = ((1_u32 << stream.bits) - 1) as f32;
    let value = |sample: f32| {
        #[expect(clippy::cast_possible_truncation, reason = "clamped to at most 24 bits")]
        let whole = sample.round().clamp(0.0, highest) as i32;
        whole - lift
    };
    let samples = match planes.as_slice() {
        [grey] => grey.iter().map(|&sample| value(sample)).collect(),
        [red, green, blue] => red
            .iter()
            .zip(*green)
            .zip(*blue)
            .flat_map(|((&r, &g), &b)| [value(r), value(g), value(b)])
            .collect(),
        _ => return Err(DicomError::Unsupported(format!("JPEG 2000 of {} colours", planes.len()))),
    };
    let full = matches!(frame.stored.layout.photometric, Photometric::YbrFull | Photometric::YbrFull422);
    let colors = if full && !stream.color_transform { Colors::AsDeclared } else { Colors::Rgb };
    Ok((Raster::Values(samples), colors))
}

/// Reads the main header, in a JP2 file or bare.
fn codestream(bytes: &[u8]) -> Option<Codestream> {
    let start = bytes.windows(4).position(|four| four == [0xFF, 0x4F, 0xFF, 0x51])?;
    let siz = bytes.get(start + 4..)?;
    let word = |at: usize| Some(u32::from_be_bytes(*siz.get(at..)?.first_chunk::<4>()?));
    let side = |far: usize, near: usize| usize::try_from(word(far)?.checked_sub(word(near)?)?).ok();
    let components = usize::from(u16::from_be_bytes(*siz.get(36..)?.first_chunk::<2>()?));
    let mut depths = (0..components).map(|index| siz.get(38 + index * 3).copied());
    let depth = depths.next()??;
    let bits = u32::from(depth & 0x7F) + 1;
    let same = depths.all(|other| other == Some(depth));
    if !same || bits > 24 {
        return None;
    }
    let (columns, rows) = (side(4, 12)?, side(8, 16)?);
    let mut rest = siz.get(usize::from(u16::from_be_bytes(*siz.first_chunk::<2>()?))..)?;
    let mut color_transform = false;
    while let [0xFF, kind, tail @ ..] = rest {
        if *kind == 0x90 {
            break;
        }
        if *kind == 0x52 {
            color_transform = tail.get(6).is_some_and(|transform| *transform != 0);
        }
        rest = tail.get(usize::from(u16::from_be_bytes(*tail.first_chunk::<2>()?))..)?;
    }
    Some(Codestream { start, columns, rows, components, bits, signed: depth & 0x80 != 0, color_transform })
}
