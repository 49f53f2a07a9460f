//! Puts a page together of its chunks.

use image::DynamicImage;

use super::bits::{undo_differences, unpack};
use super::layout::{Alpha, Layout, Meaning, Packing};
use super::plain;
use crate::pictures::directory::Tags;
use crate::pictures::error::{PictureError, Result};
use crate::pictures::limits::Limits;
use crate::pictures::raster::{from_inks, over_white, picture, reduce};
use crate::pictures::report::Note;

/// Decodes all samples of a page and says what they look like.
pub(super) fn decode(tags: &Tags<'_>, layout: &Layout, limits: &Limits) -> Result<(DynamicImage, Vec<Note>)> {
    let mut shades = Shades::new(layout);
    let planes: Vec<DynamicImage> = (0..layout.planes())
        .map(|plane| plain::decode(tags, layout, plane, limits))
        .collect::<Result<_>>()?;
    let (width, height) = (layout.width as usize, layout.height as usize);
    let mut shown = Vec::with_capacity(width * height * if shades.color { 3 } else { 1 });
    let mut one = vec![0u16; width * layout.chunk_samples()];
    let mut all = vec![0u16; width * layout.samples];
    for y in 0..height {
        for (at, plane) in planes.iter().enumerate() {
            samples(plane, y, layout, tags.big_endian, &mut one).ok_or(PictureError::Truncated)?;
            let places = all.iter_mut().skip(at).step_by(planes.len());
            places.zip(&one).for_each(|(to, from)| *to = *from);
        }
        for pixel in all.chunks_exact(layout.samples) {
            if shades.color {
                shown.extend(shades.color(pixel));
            } else {
                shown.push(shades.grey(pixel));
            }
        }
    }
    Ok((picture(layout.width, layout.height, shades.color, shown)?, shades.notes(layout)))
}

/// The samples of a row of a plane.
fn samples(
    plane: &DynamicImage,
    row: usize,
    layout: &Layout,
    big_endian: bool,
    out: &mut [u16],
) -> Option<()> {
    let bytes = plane.as_luma8()?.as_raw().chunks_exact(plane.width() as usize).nth(row)?;
    unpack(bytes, layout.bits, out);
    if layout.bits == 16 && !big_endian {
        for sample in out.iter_mut() {
            *sample = sample.swap_bytes();
        }
    }
    if layout.differences {
        // They start anew in every tile.
        let across = layout.chunk.0 as usize * layout.chunk_samples();
        out.chunks_mut(across).for_each(|part| undo_differences(part, layout.chunk_samples(), layout.bits));
    }
    Some(())
}

/// What samples look like.
struct Shades {
    color: bool,
    meaning: Meaning,
    alpha: Alpha,
    /// The largest sample.
    most: u32,
    palette: Vec<[u8; 3]>,
    /// Whether anything was transparent.
    transparent: bool,
}

impl Shades {
    fn new(layout: &Layout) -> Self {
        let meaning = match (layout.meaning, layout.packing) {
            // The JPEG decoder has made them RGB.
            (Meaning::YCbCr, Packing::Jpeg) => Meaning::Rgb,
            (meaning, _) => meaning,
        };
        // Some programs write 8 bits where the standard wants 16.
        let small = layout.palette.iter().all(|value| *value < 256);
        let entry = |at: usize| {
            let value = layout.palette.get(at).and_then(|value| u32::try_from(*value).ok()).unwrap_or(0);
            reduce(value, if small { 255 } else { 65_535 })
        };
        let colors = layout.palette.len() / 3;
        Self {
            color: !matches!(meaning, Meaning::WhiteIsZero | Meaning::BlackIsZero),
            meaning,
            alpha: layout.alpha,
            most: (1 << layout.bits) - 1,
            palette: (0..colors).map(|at| [entry(at), entry(colors + at), entry(2 * colors + at)]).collect(),
            transparent: false,
        }
    }

    /// A sample on white, of 8 bits; `alpha` is the sample after the colours.
    fn shade(&mut self, value: u32, alpha: Option<&u16>) -> u8 {
        let alpha = alpha.map_or(self.most, |alpha| u32::from(*alpha).min(self.most));
        let value = match self.alpha {
            Alpha::None => value,
            Alpha::Straight => over_white(value, alpha, self.most),
            Alpha::Multiplied => value + (self.most - alpha),
        };
        self.transparent |= self.alpha != Alpha::None && alpha != self.most;
        reduce(value, self.most)
    }

    fn grey(&mut self, pixel: &[u16]) -> u8 {
        let value = pixel.first().map_or(0, |value| u32::from(*value));
        let value =
            if self.meaning == Meaning::WhiteIsZero { self.most.saturating_sub(value) } else { value };
        self.shade(value, pixel.get(1))
    }

    fn color(&mut self, pixel: &[u16]) -> [u8; 3] {
        let sample = |at: usize| pixel.get(at).copied().unwrap_or(0);
        let byte = |at: usize| u8::try_from(sample(at)).unwrap_or(u8::MAX);
        let colors = match self.meaning {
            Meaning::Palette => {
                let entry = self.palette.get(usize::from(sample(0))).copied().unwrap_or_default();
                return entry;
            }
            Meaning::Cmyk => return from_inks([byte(0), byte(1), byte(2), byte(3)]),
            Meaning::YCbCr => from_luminance(byte(0), byte(1), byte(2)).map(u32::from),
            Meaning::WhiteIsZero | Meaning::BlackIsZero | Meaning::Rgb => {
                [sample(0), sample(1), sample(2)].map(u32::from)
            }
        };
        colors.map(|value| self.shade(value, pixel.get(3)))
    }

    fn notes(&self, layout: &Layout) -> Vec<Note> {
        let notes = [
            (self.transparent, Note::OnWhite),
            (layout.bits > 8, Note::Reduced),
            (self.meaning == Meaning::Cmyk, Note::FromInks),
        ];
        notes.into_iter().filter(|(holds, _)| *holds).map(|(_, note)| note).collect()
    }
}

/// BT.601 with all 256 levels, in 65536ths.
fn from_luminance(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let (y, cb, cr) = (i32::from(y) << 16, i32::from(cb) - 128, i32::from(cr) - 128);
    let sums = [y + 91_881 * cr, y - 22_554 * cb - 46_802 * cr, y + 116_130 * cb];
    sums.map(|sum| u8::try_from(((sum + 32_768) >> 16).clamp(0, 255)).unwrap_or(0))
}
