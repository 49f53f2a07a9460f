//! How large may a picture of pixels be? Asked before anything of it is allocated, and nowhere else.

use std::fmt;

use glam::DVec2;

use super::Page;
use crate::memory::Memory;
use crate::view::ViewportSize;

/// Bytes that a pixel of a picture takes while it is held.
const BYTES: f64 = 4.0;

/// A picture that is too large to be made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TooLarge {
    /// No program opens it: more pixels, or more on a side, than anything prints.
    Pixels {
        /// Pixels across and down.
        pixels: DVec2,
        /// The resolution at which it would be small enough.
        dpi: f64,
    },
    /// It takes more memory than it may.
    Memory {
        /// Pixels across and down.
        pixels: DVec2,
        /// Bytes that it would take.
        bytes: f64,
        /// Bytes that it may take.
        most: f64,
        /// The resolution at which it would be small enough.
        dpi: f64,
    },
}

impl TooLarge {
    /// Pixels on a side at most.
    pub const MOST_SIDE: f64 = 30_000.0;
    /// Pixels at most.
    pub const MOST_PIXELS: f64 = 400e6;
    /// Bytes at most of the pictures that are held while a file is written, and less where little is free; the rest of it
    /// is drawn in bands. A page of a journal, 180 x 240 mm, full of images at 1200 dpi takes 386 MB.
    pub const MOST_BYTES: f64 = 390e6;
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Pixels { pixels, dpi } | Self::Memory { pixels, dpi, .. }) = self;
        write!(f, "a picture of {} x {} pixels cannot be made: ", pixels.x, pixels.y)?;
        match self {
            Self::Pixels { .. } => f.write_str("at most 30,000 a side and 400 million")?,
            Self::Memory { bytes, most, .. } => {
                let (bytes, most) = ((bytes / 1e6).ceil(), (most / 1e6).floor());
                write!(f, "it takes {bytes:.0} MB of memory, and {most:.0} MB are the most")?;
            }
        }
        if *dpi >= 1.0 {
            write!(f, "; choose a smaller size, or at most {dpi:.0} dpi")
        } else {
            f.write_str("; choose a smaller size")
        }
    }
}

impl std::error::Error for TooLarge {}

/// Bytes that pictures may take where so many are free: a third, for a file is compressed beside them. What the
/// allocator has set aside already does not count as free, and a small picture still has room there.
fn most_bytes(free: u64) -> f64 {
    TooLarge::MOST_BYTES.min((free / 3).max(Memory::LEAST as u64) as f64)
}

/// Whether a picture of that many pixels across and down can be made at a resolution, of which these many pixels are
/// held at once; its size in whole pixels.
pub fn raster_size(pixels: DVec2, held: f64, dpi: f64) -> Result<ViewportSize, TooLarge> {
    let pixels = pixels.round();
    let side = 1.0..=TooLarge::MOST_SIDE;
    let area = pixels.x * pixels.y;
    // Of what is not a number nothing is true.
    if !(side.contains(&pixels.x) && side.contains(&pixels.y) && area <= TooLarge::MOST_PIXELS) {
        let most = (TooLarge::MOST_SIDE / pixels.max_element()).min((TooLarge::MOST_PIXELS / area).sqrt());
        return Err(TooLarge::Pixels { pixels, dpi: (dpi * most).floor() });
    }
    let bytes = held * BYTES;
    let most = most_bytes(crate::memory::free());
    if bytes > most {
        return Err(TooLarge::Memory { pixels, bytes, most, dpi: (dpi * (most / bytes).sqrt()).floor() });
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked above")]
    Ok(ViewportSize { width: pixels.x as u32, height: pixels.y as u32 })
}

/// The same of a page of printed sizes: of the page itself, of which bands are held, and of the pictures on it, which are
/// held as they are.
pub fn page_size(page_mm: DVec2, pictures_mm: &[DVec2], dpi: f64) -> Result<ViewportSize, TooLarge> {
    let pixels = |mm: &DVec2| DVec2::new(Page::pixels(mm.x, dpi), Page::pixels(mm.y, dpi)).max(DVec2::ONE);
    let held = pictures_mm.iter().map(pixels).map(|pixels| pixels.x * pixels.y).sum();
    raster_size(pixels(&page_mm), held, dpi)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metre_at_600_dpi_is_refused_and_what_would_do_is_said() {
        // 1000 mm / 25.4 * 600 = 23,622; 667 mm: 15,756. 372,188,232 pixels of 4 bytes.
        let metre = DVec2::new(1000.0, 667.0);
        let refused = page_size(metre, &[metre], 600.0).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "a picture of 23622 x 15756 pixels cannot be made: it takes 1489 MB of memory, and 390 MB are the most; \
             choose a smaller size, or at most 307 dpi"
        );
        let less = page_size(metre, &[metre], 307.0).unwrap();
        assert_eq!((less.width, less.height), (12087, 8062));
        // Paper without a picture is drawn in bands.
        assert!(page_size(metre, &[], 600.0).is_ok());
    }

    #[test]
    fn a_small_machine_makes_small_pictures() {
        let megabytes = [0, 300_000_000, 64 << 30].map(|free| (most_bytes(free) / 1e6 * 10.0).round());
        assert!(megabytes.map(|most| format!("{most}")) == ["336", "1000", "3900"], "{megabytes:?}");
    }

    #[test]
    fn no_side_is_longer_than_programs_open() {
        // 12,000 events, some 5.8 mm each.
        let long = page_size(DVec2::new(160.0, 69_600.0), &[], 300.0).unwrap_err();
        assert_eq!(
            long.to_string(),
            "a picture of 1890 x 822047 pixels cannot be made: at most 30,000 a side and 400 million; choose a smaller \
             size, or at most 10 dpi"
        );
        for none in [DVec2::new(f64::NAN, 9.0), DVec2::new(0.0, 9.0), DVec2::new(9.0, f64::INFINITY)] {
            assert!(raster_size(none, 1.0, 300.0).is_err(), "{none}");
        }
        assert!(raster_size(DVec2::splat(20_001.0), 1.0, 600.0).is_err());
        assert!(raster_size(DVec2::splat(20_000.0), 1.0, 600.0).is_ok());
        assert!(raster_size(DVec2::splat(10_001.0), 10_001.0 * 10_001.0, 600.0).is_err());
    }
}
