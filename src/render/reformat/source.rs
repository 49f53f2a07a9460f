use super::cut::Cut;
use super::fast::Fast;
use super::points::Points;
use crate::image::{ModalityTransform, Samples, Volume};
use crate::render::reader::{Reader, Stored};
use crate::render::tone::{Origin, narrow};
use crate::view::{Interpolation, SlabMode};

/// What is done with the points of a volume, whatever type its samples have.
pub(super) trait Draw {
    fn draw<P: Points>(self, points: impl Fn(&Cut) -> P);
}

/// The one affine rescale of all slices, which need not be applied point by point.
pub(super) fn common_rescale(volume: &Volume) -> Option<&ModalityTransform> {
    let first = &volume.frames.first()?.transform;
    volume.frames.iter().all(|frame| frame.transform == *first).then_some(first)
}

/// What shows `mode` of the modality values among the stored values: a negative slope exchanges the ends.
pub(super) fn turned(mode: SlabMode, rescale: &ModalityTransform) -> SlabMode {
    let turned = matches!(rescale, ModalityTransform::Rescale { slope, .. } if *slope < 0.0);
    match mode {
        SlabMode::Mip if turned => SlabMode::MinIp,
        SlabMode::MinIp if turned => SlabMode::Mip,
        SlabMode::Mean | SlabMode::Mip | SlabMode::MinIp => mode,
    }
}

/// Draws a volume whose samples are of one usual type, with values as `origin` says: stored values where there is one
/// rescale, otherwise modality values. Gives other volumes back.
pub(super) fn fast<D: Draw>(
    volume: &Volume,
    interpolation: Interpolation,
    origin: Origin,
    draw: D,
) -> Result<(), D> {
    let first = volume.samples.iter().flatten().next();
    match first.map(|decoded| &***decoded) {
        Some(Samples::U8(_)) => typed(volume, interpolation, origin, bytes, draw),
        Some(Samples::U16(_)) => typed(volume, interpolation, origin, words, draw),
        Some(Samples::I16(_)) => typed(volume, interpolation, origin, signed_words, draw),
        Some(Samples::F32(_)) => typed(volume, interpolation, origin, floats, draw),
        // Rare, and each type would be compiled for every set of instructions.
        Some(Samples::I8(_) | Samples::U32(_) | Samples::I32(_) | Samples::F64(_) | Samples::Rgb8(_))
        | None => Err(draw),
    }
}

fn typed<T: Stored + Default, D: Draw>(
    volume: &Volume,
    interpolation: Interpolation,
    origin: Origin,
    samples: fn(&Samples) -> Option<&[T]>,
    draw: D,
) -> Result<(), D> {
    let (Some(first), Some(samples)) = (volume.frames.first(), slices(volume, samples)) else {
        return Err(draw);
    };
    let scales = if common_rescale(volume).is_some() { Vec::new() } else { scales(volume, origin.base) };
    // Scaled after a slice's own interpolation: what stands for padding would be scaled too.
    let scalable =
        T::WHOLE && first.padding.is_none() && scales.iter().flatten().all(|part| part.is_finite());
    let alike = volume.frames.iter().all(|frame| frame.padding == first.padding);
    let folded = origin.folded && matches!(first.transform, ModalityTransform::Rescale { .. });
    if !alike || !folded || !(scales.is_empty() || scalable) || samples.len() != volume.slices.slices() {
        return Err(draw);
    }
    // The tone's base is in the offsets.
    let base = if scales.is_empty() { origin.base } else { 0.0 };
    let reader = Reader::new(first, Origin { base, ..origin });
    draw.draw(|cut| Fast::new(volume, &samples, (&reader, &scales), cut, interpolation));
    Ok(())
}

/// The samples of each slice as far as they are there; `None` if they are not all of that type, or too few or too many
/// for the fast way.
fn slices<T>(volume: &Volume, samples: fn(&Samples) -> Option<&[T]>) -> Option<Vec<&[T]>> {
    let [columns, rows] = volume.slices.size();
    let usual = 2..=usize::from(u16::MAX);
    if !usual.contains(&columns) || !usual.contains(&rows) || volume.frames.len() != volume.samples.len() {
        return None;
    }
    let slices = volume.samples.iter().map(|decoded| match decoded {
        Some(decoded) => samples(decoded)?.get(..decoded.there().min(columns * rows)),
        None => Some(&[][..]),
    });
    slices.collect()
}

/// Slope and offset of each slice, less `base`; not a number for a table.
fn scales(volume: &Volume, base: f64) -> Vec<[f32; 2]> {
    let scale = |transform: &ModalityTransform| match transform {
        ModalityTransform::Rescale { slope, intercept } => [narrow(*slope), narrow(intercept - base)],
        ModalityTransform::Lut { .. } => [f32::NAN; 2],
    };
    volume.frames.iter().map(|frame| scale(&frame.transform)).collect()
}

fn bytes(samples: &Samples) -> Option<&[u8]> {
    if let Samples::U8(samples) = samples { Some(samples) } else { None }
}

fn words(samples: &Samples) -> Option<&[u16]> {
    if let Samples::U16(samples) = samples { Some(samples) } else { None }
}

fn signed_words(samples: &Samples) -> Option<&[i16]> {
    if let Samples::I16(samples) = samples { Some(samples) } else { None }
}

fn floats(samples: &Samples) -> Option<&[f32]> {
    if let Samples::F32(samples) = samples { Some(samples) } else { None }
}
