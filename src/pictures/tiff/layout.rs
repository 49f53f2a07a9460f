//! What the tags say of the pixels, checked before any is decoded.

use crate::pictures::directory::Directory;
use crate::pictures::error::{PictureError, Result};
use crate::pictures::limits::Limits;

/// What samples mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    WhiteIsZero,
    BlackIsZero,
    Rgb,
    Palette,
    Cmyk,
    YCbCr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    None,
    Lzw,
    Jpeg,
    Deflate,
    PackBits,
}

/// What the sample after the colours is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alpha {
    None,
    /// Colours are already multiplied with it.
    Multiplied,
    Straight,
}

/// How the pixels of a page lie.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "as many independent tags")]
pub(super) struct Layout {
    pub width: u32,
    pub height: u32,
    pub meaning: Meaning,
    pub packing: Packing,
    pub alpha: Alpha,
    /// Of one sample, 1 to 16.
    pub bits: u32,
    /// Samples of one pixel.
    pub samples: usize,
    /// The samples of a pixel lie in chunks of their own.
    pub planar: bool,
    /// Differences from the pixel before.
    pub differences: bool,
    /// The lowest bit of a byte is the first.
    pub reversed: bool,
    /// Columns and rows of a strip or tile; the last strip may have fewer rows.
    pub chunk: (u32, u32),
    pub tiled: bool,
    /// Where each chunk is, and its bytes.
    pub places: Vec<(u64, u64)>,
    /// Red, then green, then blue.
    pub palette: Vec<u64>,
    pub tables: Vec<u8>,
}

impl Layout {
    /// Reads the tags and holds the limits.
    pub(super) fn of(page: &Directory<'_>, limits: &Limits) -> Result<Self> {
        let side = |tag: u16| page.first(tag).and_then(|value| u32::try_from(value).ok());
        let width = side(256).ok_or(PictureError::Damaged("it has no width"))?;
        let height = side(257).ok_or(PictureError::Damaged("it has no height"))?;
        limits.check_size(width, height)?;
        let samples = usize::try_from(page.first(277).unwrap_or(1)).unwrap_or(0);
        let meaning = meaning(page)?;
        let colors = match meaning {
            Meaning::WhiteIsZero | Meaning::BlackIsZero | Meaning::Palette => 1,
            Meaning::Rgb | Meaning::YCbCr => 3,
            Meaning::Cmyk => 4,
        };
        if !(colors..=colors + 8).contains(&samples) {
            return Err(PictureError::Damaged("it has too few or too many samples for its colours"));
        }
        let alpha = match page.first(338) {
            Some(1) if samples > colors => Alpha::Multiplied,
            Some(2) if samples > colors => Alpha::Straight,
            _ => Alpha::None,
        };
        let tiled = page.get(324).is_some();
        let chunk = if tiled {
            (side(322).unwrap_or(0), side(323).unwrap_or(0))
        } else {
            (width, side(278).unwrap_or(height).min(height))
        };
        let layout = Self {
            width,
            height,
            meaning,
            packing: packing(page)?,
            alpha,
            bits: depth(page)?,
            samples,
            planar: page.first(284) == Some(2) && samples > 1,
            differences: differences(page)?,
            reversed: page.first(266) == Some(2),
            chunk,
            tiled,
            places: Vec::new(),
            palette: page.numbers(320),
            tables: page.get(347).map(|entry| entry.data.to_vec()).unwrap_or_default(),
        };
        layout.check(page)?;
        let layout = Self { places: layout.find_places(page)?, ..layout };
        layout.check_memory(limits)?;
        Ok(layout)
    }

    /// Refuses what is not decoded.
    fn check(&self, page: &Directory<'_>) -> Result<()> {
        if self.chunk.0 == 0 || self.chunk.1 == 0 {
            return Err(PictureError::Damaged("its tiles have no size"));
        }
        let bits = u64::from(self.chunk.0) * self.chunk_samples() as u64 * u64::from(self.bits);
        if self.tiled && !bits.is_multiple_of(8) {
            return Err(PictureError::Damaged("its tiles end within a byte"));
        }
        if self.meaning == Meaning::Palette && self.palette.len() != 3 << self.bits {
            return Err(PictureError::Damaged("its palette has a wrong length"));
        }
        if matches!(self.meaning, Meaning::YCbCr | Meaning::Cmyk) && self.bits != 8 {
            return Err(PictureError::Unsupported(format!("a TIFF of such colours with {} bits", self.bits)));
        }
        if self.packing == Packing::Jpeg && (self.bits != 8 || self.differences) {
            return Err(PictureError::Damaged("its JPEG has a wrong depth"));
        }
        let shared = page.numbers(530);
        // Without the tag, colours are shared by two by two pixels.
        let shares = shared != [1, 1] || self.planar;
        if self.meaning == Meaning::YCbCr && self.packing != Packing::Jpeg && shares {
            return Err(PictureError::Unsupported("a TIFF whose pixels share their colours".to_owned()));
        }
        if self.packing == Packing::Jpeg && self.planar && self.meaning == Meaning::YCbCr {
            return Err(PictureError::Unsupported("a TIFF of JPEG in planes".to_owned()));
        }
        Ok(())
    }

    /// Chunks across and down.
    pub(super) fn grid(&self) -> (u32, u32) {
        (self.width.div_ceil(self.chunk.0), self.height.div_ceil(self.chunk.1))
    }

    /// Samples of one pixel in one chunk.
    pub(super) fn chunk_samples(&self) -> usize {
        if self.planar { 1 } else { self.samples }
    }

    /// Bytes of so many columns of a chunk.
    pub(super) fn row_bytes(&self, columns: u32) -> u64 {
        (u64::from(columns) * self.chunk_samples() as u64 * u64::from(self.bits)).div_ceil(8)
    }

    /// Planes that the samples lie in.
    pub(super) fn planes(&self) -> usize {
        self.samples / self.chunk_samples()
    }

    /// Bytes of all samples of a plane.
    pub(super) fn plane_bytes(&self) -> u64 {
        self.row_bytes(self.width).saturating_mul(u64::from(self.height))
    }

    /// A page is written anew, decoded twice as large, reduced and perhaps turned.
    fn check_memory(&self, limits: &Limits) -> Result<()> {
        let is_jpeg = self.packing == Packing::Jpeg;
        let chunk = self.row_bytes(self.chunk.0).saturating_mul(u64::from(self.chunk.1));
        let packed = if is_jpeg {
            chunk.saturating_mul(self.places.len() as u64)
        } else {
            self.places.iter().fold(0, |sum: u64, place| sum.saturating_add(place.1))
        };
        // A JPEG of a chunk takes planes, pixels and coefficients, each with its padding.
        let chunk = chunk.saturating_mul(if is_jpeg { 5 } else { self.planes() as u64 });
        let pixels = u64::from(self.width) * u64::from(self.height);
        let planes = self.plane_bytes().saturating_mul(self.planes() as u64);
        let decoding = packed.saturating_add(self.plane_bytes()).saturating_add(planes);
        let reducing = planes.saturating_add(pixels * 3);
        limits.check_memory(chunk.saturating_add(decoding.max(reducing).max(pixels * 6)))
    }

    fn find_places(&self, page: &Directory<'_>) -> Result<Vec<(u64, u64)>> {
        let (offsets, counts) = if self.tiled { (324, 325) } else { (273, 279) };
        let offsets = page.numbers(offsets);
        let mut counts = page.numbers(counts);
        if counts.is_empty() && self.packing == Packing::None && offsets.len() == 1 {
            counts.push(self.plane_bytes());
        }
        let (across, down) = self.grid();
        let needed = u64::from(across) * u64::from(down) * self.planes() as u64;
        if (offsets.len() as u64) < needed || (counts.len() as u64) < needed {
            return Err(PictureError::Truncated);
        }
        Ok(offsets.into_iter().zip(counts).collect())
    }
}

fn meaning(page: &Directory<'_>) -> Result<Meaning> {
    Ok(match page.first(262) {
        Some(0) => Meaning::WhiteIsZero,
        Some(1) => Meaning::BlackIsZero,
        Some(2) => Meaning::Rgb,
        Some(3) => Meaning::Palette,
        Some(5) => Meaning::Cmyk,
        Some(6) => Meaning::YCbCr,
        Some(8..=10) => return Err(PictureError::Unsupported("a TIFF of L*a*b* colours".to_owned())),
        Some(_) | None => return Err(PictureError::Unsupported("a TIFF of unknown colours".to_owned())),
    })
}

fn packing(page: &Directory<'_>) -> Result<Packing> {
    let name = match page.first(259).unwrap_or(1) {
        1 => return Ok(Packing::None),
        5 => return Ok(Packing::Lzw),
        7 => return Ok(Packing::Jpeg),
        8 | 32946 => return Ok(Packing::Deflate),
        32773 => return Ok(Packing::PackBits),
        2..=4 => "fax compression",
        6 => "the old JPEG compression",
        33003 | 33005 | 34712 => "JPEG 2000 compression",
        34925 => "LZMA compression",
        50000 => "Zstandard compression",
        50001 => "WebP compression",
        _ => "an unknown compression",
    };
    Err(PictureError::Unsupported(format!("a TIFF with {name}")))
}

/// Bits of a sample, the same for all.
fn depth(page: &Directory<'_>) -> Result<u32> {
    let formats = page.numbers(339);
    // 1 is a whole number; 4 is undefined, which is taken for it.
    if formats.iter().any(|format| !matches!(format, 1 | 4)) {
        return Err(PictureError::Unsupported("a TIFF of numbers with a sign or a fraction".to_owned()));
    }
    let bits = page.numbers(258);
    let first = bits.first().copied().unwrap_or(1);
    if bits.iter().any(|other| *other != first) {
        return Err(PictureError::Unsupported("a TIFF of samples of several depths".to_owned()));
    }
    match u32::try_from(first) {
        Ok(bits @ 1..=16) => Ok(bits),
        Ok(_) | Err(_) => Err(PictureError::Unsupported(format!("a TIFF of {first} bits for each sample"))),
    }
}

fn differences(page: &Directory<'_>) -> Result<bool> {
    match page.first(317).unwrap_or(1) {
        1 => Ok(false),
        2 => Ok(true),
        _ => Err(PictureError::Unsupported("a TIFF of differences of fractions".to_owned())),
    }
}
