//! Puts a page together of its chunks.

use std::borrow::Cow;

use super::bits::{undo_differences, unpack};
use super::chunks;
use super::layout::{Alpha, Layout, Meaning, Packing};
use crate::pictures::directory::Tags;
use crate::pictures::error::{PictureError, Result};
use crate::pictures::limits::Limits;
use crate::pictures::raster::{Raster, from_inks, over_white, reduce};
use crate::pictures::report::Note;

/// Decodes all chunks of a page.
pub(super) fn decode(tags: &Tags<'_>, layout: &Layout, limits: &Limits) -> Result<(Raster, Vec<Note>)> {
    let mut shades = Shades::new(layout);
    let (across, down) = layout.grid();
    let channels = if shades.color { 3 } else { 1 };
    let length = layout.width as usize * layout.height as usize * channels;
    let mut samples = vec![0; length];
    for row in 0..down {
        for column in 0..across {
            let index = row as usize * across as usize + column as usize;
            let origin = (column * layout.chunk.0, row * layout.chunk.1);
            let planes = planes(tags, layout, index, origin.1, limits)?;
            place(tags, layout, &planes, origin, &mut shades, &mut samples)?;
        }
    }
    let raster = Raster { width: layout.width, height: layout.height, color: shades.color, samples };
    Ok((raster, shades.notes(layout)))
}

/// The rows of a chunk, for each plane that it has.
fn planes<'a>(
    tags: &Tags<'a>,
    layout: &Layout,
    index: usize,
    top: u32,
    limits: &Limits,
) -> Result<Vec<Cow<'a, [u8]>>> {
    let (across, down) = layout.grid();
    let per_plane = across as usize * down as usize;
    // The rows below the picture are not needed: many writers leave them out of the last strip.
    let rows = layout.chunk.1.min(layout.height - top);
    let planes = layout.samples / layout.chunk_samples();
    (0..planes).map(|plane| chunks::bytes(tags, layout, plane * per_plane + index, rows, limits)).collect()
}

/// Turns the samples of a chunk into shades and puts them where they belong.
fn place(
    tags: &Tags<'_>,
    layout: &Layout,
    planes: &[Cow<'_, [u8]>],
    (left, top): (u32, u32),
    shades: &mut Shades,
    out: &mut [u8],
) -> Result<()> {
    let (per_chunk, samples) = (layout.chunk_samples(), layout.samples);
    let columns = layout.chunk.0.min(layout.width - left) as usize;
    let rows = layout.chunk.1.min(layout.height - top) as usize;
    let row_bytes = usize::try_from(layout.row_bytes()).unwrap_or(usize::MAX);
    let channels = if shades.color { 3 } else { 1 };
    let mut one = vec![0u16; columns * per_chunk];
    let mut all = vec![0u16; if planes.len() > 1 { columns * samples } else { 0 }];
    for row in 0..rows {
        for (plane, bytes) in planes.iter().enumerate() {
            let bytes = bytes.get(row * row_bytes..(row + 1) * row_bytes).ok_or(PictureError::Truncated)?;
            unpack(bytes, layout.bits, tags.big_endian, &mut one);
            if layout.differences {
                undo_differences(&mut one, per_chunk, layout.bits);
            }
            let mixed = all.iter_mut().skip(plane).step_by(samples);
            mixed.zip(&one).for_each(|(to, from)| *to = *from);
        }
        let pixels = if planes.len() > 1 { &all } else { &one };
        let at = ((top as usize + row) * layout.width as usize + left as usize) * channels;
        let out = out.get_mut(at..at + columns * channels).ok_or(PictureError::Truncated)?;
        for (pixel, out) in pixels.chunks_exact(samples).zip(out.chunks_exact_mut(channels)) {
            if shades.color {
                out.copy_from_slice(&shades.color(pixel));
            } else {
                out.fill(shades.grey(pixel));
            }
        }
    }
    Ok(())
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
