//! The image and its tiles (ISO 15444-1 A.5.1 and B.3).

use super::Error::{Damaged, Unsupported};
use super::{Error, Limits};

/// Bytes to be taken from the front.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'s>(pub(super) &'s [u8]);

impl<'s> Cursor<'s> {
    pub(super) fn bytes(&mut self, count: usize) -> Option<&'s [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(byte)
    }

    pub(super) fn word(&mut self) -> Option<u16> {
        let (word, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u16::from_be_bytes(*word))
    }

    pub(super) fn long(&mut self) -> Option<u32> {
        let (long, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_be_bytes(*long))
    }

    pub(super) fn length(&mut self) -> Option<usize> {
        usize::try_from(self.long()?).ok()
    }
}

/// A rectangle of the reference grid, a resolution or a band; the far sides are outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Area {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) right: usize,
    pub(super) bottom: usize,
}

impl Area {
    pub(super) fn width(&self) -> usize {
        self.right.saturating_sub(self.left)
    }

    pub(super) fn height(&self) -> usize {
        self.bottom.saturating_sub(self.top)
    }

    pub(super) fn samples(&self) -> usize {
        self.width() * self.height()
    }
}

/// SIZ: the image, its tiles and its components.
#[derive(Debug)]
pub(super) struct Size {
    pub(super) image: Area,
    /// The first tile; the others follow it to the right and below.
    pub(super) tile: Area,
    pub(super) components: Vec<Component>,
}

/// What the samples of a component are (T.800 A.5.1, Ssiz).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Component {
    /// Bits of a sample, 1 to 24.
    pub bits: u32,
    /// Whether samples have a sign.
    pub signed: bool,
}

impl Size {
    pub(super) fn tiles_across(&self) -> usize {
        (self.image.right - self.tile.left).div_ceil(self.tile.width())
    }

    pub(super) fn tiles(&self) -> usize {
        self.tiles_across() * (self.image.bottom - self.tile.top).div_ceil(self.tile.height())
    }

    /// The part of the image in a tile.
    pub(super) fn tile(&self, index: usize) -> Area {
        let (across, down) = (index % self.tiles_across(), index / self.tiles_across());
        let (left, top) =
            (self.tile.left + across * self.tile.width(), self.tile.top + down * self.tile.height());
        Area {
            left: left.max(self.image.left),
            top: top.max(self.image.top),
            right: (left + self.tile.width()).min(self.image.right),
            bottom: (top + self.tile.height()).min(self.image.bottom),
        }
    }

    pub(super) fn read(mut segment: Cursor<'_>, limits: Limits) -> Result<Self, Error> {
        let short = Damaged("the SIZ marker of the HTJ2K stream is too short");
        let mut fields = [0; 8];
        if segment.word().is_none() {
            return Err(short);
        }
        for field in &mut fields {
            *field = segment.length().ok_or(short)?;
        }
        let [right, bottom, left, top, tile_width, tile_height, tile_left, tile_top] = fields;
        let image = Area { left, top, right, bottom };
        let tile = Area {
            left: tile_left,
            top: tile_top,
            right: tile_left + tile_width,
            bottom: tile_top + tile_height,
        };
        let begins = tile_left <= left && tile_top <= top && left < tile.right && top < tile.bottom;
        if image.width() == 0 || image.height() == 0 || !begins {
            return Err(Damaged("the HTJ2K stream has no image or a first tile outside it"));
        }
        let count = segment.word().ok_or(short)?;
        if !(1..=4).contains(&count) {
            return Err(Unsupported("HTJ2K of more than four components"));
        }
        let mut components = Vec::with_capacity(usize::from(count));
        for _ in 0..count {
            let (depth, steps) = (segment.byte().ok_or(short)?, segment.bytes(2).ok_or(short)?);
            if steps != [1, 1] {
                return Err(Unsupported("HTJ2K with components of several sizes"));
            }
            let bits = u32::from(depth & 0x7F) + 1;
            if bits > 24 {
                return Err(Unsupported("HTJ2K of more than 24 bits"));
            }
            components.push(Component { bits, signed: depth & 0x80 != 0 });
        }
        let samples = image.width().checked_mul(image.height()).and_then(|all| all.checked_mul(count.into()));
        if samples.is_none_or(|samples| samples > limits.samples) {
            let (columns, rows) = (image.width(), image.height());
            return Err(Error::TooLarge { columns, rows, components: count.into() });
        }
        let size = Self { image, tile, components };
        // A.4.2: a tile's number has 16 bits.
        if size.tiles() > 65535 {
            return Err(Damaged("the HTJ2K stream has more than 65535 tiles"));
        }
        Ok(size)
    }
}
