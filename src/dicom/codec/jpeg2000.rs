//! JPEG 2000 by `hayro-jpeg2000`, which has no unsafe code of its own; high-throughput JPEG 2000 by `htj2k`,
//! which is ours.

use std::borrow::Cow;

use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};
use htj2k::Limits;

use super::codestream::mended;
use super::target::{Samples, Shape, Target};
use crate::dicom::error::{DicomError, Result};

fn damaged(error: &dyn ToString) -> DicomError {
    DicomError::Damaged(format!("JPEG 2000: {}", error.to_string()))
}

/// What the SIZ and COD markers say.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is one bit of the stream")]
struct Codestream {
    start: usize,
    columns: usize,
    rows: usize,
    components: usize,
    bits: u32,
    signed: bool,
    color_transform: bool,
    high_throughput: bool,
    /// All components have the depth and the size of the first.
    even: bool,
    tiles: u64,
}

/// Samples that a stream of a few bytes may have: decoding takes about 12 bytes for each.
const SMALL: usize = 16 << 20;

pub(super) fn decode(target: &Target<'_>, bytes: &[u8]) -> Result<Vec<u8>> {
    let stream = codestream(bytes).ok_or_else(|| DicomError::Damaged("no JPEG 2000 header".to_owned()))?;
    let Codestream { columns, rows, components, bits, .. } = stream;
    target.check(bytes, Shape { columns, rows, components, bits })?;
    if !stream.even {
        let what = "JPEG 2000 with components of several sizes or depths";
        return Err(DicomError::Unsupported(what.to_owned()));
    }
    // ISO 15444-1 A.4.2: a tile's number has 16 bits.
    if stream.tiles > 65535 {
        return Err(DicomError::Damaged(format!("JPEG 2000 in {} tiles", stream.tiles)));
    }
    if columns * rows * components > bytes.len() * 2000 + SMALL {
        return Err(DicomError::TooLarge(format!("{columns} x {rows} pixels in {} bytes", bytes.len())));
    }
    let samples = if stream.high_throughput {
        high_throughput(target, &stream, bytes)?
    } else {
        classic(target, &stream, bytes)?
    };
    target.bytes(Samples::Values(samples), rows)
}

/// Whether the decoder makes red, green and blue of the components.
pub(super) fn transforms_color(bytes: &[u8]) -> bool {
    codestream(bytes).is_some_and(|stream| stream.color_transform)
}

/// ISO 15444-15.
fn high_throughput(target: &Target<'_>, stream: &Codestream, bytes: &[u8]) -> Result<Vec<i32>> {
    let limits = Limits { samples: target.samples() };
    let bytes = mended(bytes.get(stream.start..).unwrap_or_default());
    let image = htj2k::decode(&bytes, &limits).map_err(|error| match error {
        htj2k::Error::Damaged(what) => DicomError::Damaged(what.to_owned()),
        htj2k::Error::Unsupported(what) => DicomError::Unsupported(what.to_owned()),
        htj2k::Error::TooLarge { .. } => DicomError::Damaged(format!("HTJ2K: {error}")),
    })?;
    if image.samples.len() != limits.samples {
        return Err(DicomError::Damaged(format!("HTJ2K: {} samples", image.samples.len())));
    }
    Ok(image.samples)
}

/// ISO 15444-1.
fn classic(target: &Target<'_>, stream: &Codestream, bytes: &[u8]) -> Result<Vec<i32>> {
    let settings = DecodeSettings { resolve_palette_indices: false, strict: true, target_resolution: None };
    // Files with odd boxes around a sound stream exist; the header says what the boxes would.
    let bare = mended(bytes.get(stream.start..).unwrap_or_default());
    let image = match &bare {
        Cow::Borrowed(bare) => Image::new(bytes, &settings).or_else(|_| Image::new(bare, &settings)),
        Cow::Owned(bare) => Image::new(bare, &settings),
    };
    let image = image.map_err(|error| damaged(&error))?;
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(|error| damaged(&error))?;
    let planes: Vec<&[f32]> =
        decoded.components().iter().map(hayro_jpeg2000::ComponentData::samples).collect();
    let pixels = target.size.pixels();
    if planes.len() != stream.components || planes.iter().any(|plane| plane.len() != pixels) {
        return Err(DicomError::Unsupported("JPEG 2000 with components of several sizes".to_owned()));
    }
    let lift = stream.lift();
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
    Ok(samples)
}

impl Codestream {
    /// The decoder lifts every stream by half its range; a signed one must come down again.
    fn lift(&self) -> i32 {
        if self.signed { 1 << (self.bits - 1) } else { 0 }
    }
}

/// Reads the main header, in a JP2 file or bare.
fn codestream(bytes: &[u8]) -> Option<Codestream> {
    let start = bytes.windows(4).position(|four| four == [0xFF, 0x4F, 0xFF, 0x51])?;
    let siz = bytes.get(start + 4..)?;
    let word = |at: usize| Some(u32::from_be_bytes(*siz.get(at..)?.first_chunk::<4>()?));
    let side = |far: usize, near: usize| usize::try_from(word(far)?.checked_sub(word(near)?)?).ok();
    let components = usize::from(u16::from_be_bytes(*siz.get(36..)?.first_chunk::<2>()?));
    let of_component = |index: usize| siz.get(38 + index * 3..41 + index * 3);
    let depth = *of_component(0)?.first()?;
    let bits = u32::from(depth & 0x7F) + 1;
    // A step between samples of more than one pixel is a smaller component.
    let even = (0..components).all(|index| of_component(index) == Some(&[depth, 1, 1]));
    if bits > 24 {
        return None;
    }
    let (columns, rows) = (side(4, 12)?, side(8, 16)?);
    let tiles_along = |far: usize, size: usize, near: usize| {
        let length = word(far)?.checked_sub(word(near)?)?;
        Some(u64::from(length).div_ceil(u64::from(word(size).filter(|size| *size > 0)?)))
    };
    let tiles = tiles_along(4, 20, 28)? * tiles_along(8, 24, 32)?;
    let mut rest = siz.get(usize::from(u16::from_be_bytes(*siz.first_chunk::<2>()?))..)?;
    let (mut color_transform, mut high_throughput) = (false, false);
    while let [0xFF, kind, tail @ ..] = rest {
        if *kind == 0x90 {
            break;
        }
        if *kind == 0x52 {
            color_transform = tail.get(6).is_some_and(|transform| *transform != 0);
            high_throughput = tail.get(10).is_some_and(|style| style & 0x40 != 0);
        }
        rest = tail.get(usize::from(u16::from_be_bytes(*tail.first_chunk::<2>()?))..)?;
    }
    Some(Codestream {
        start,
        columns,
        rows,
        components,
        bits,
        signed: depth & 0x80 != 0,
        color_transform,
        high_throughput,
        even,
        tiles,
    })
}
