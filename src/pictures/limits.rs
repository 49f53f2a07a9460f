use super::error::{PictureError, Result};

/// What a picture may take. Both are held by what the header says, before any pixel is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Width times height.
    pub pixels: u64,
    /// Bytes of memory while it is decoded, beside the file.
    pub memory: u64,
}

impl Default for Limits {
    /// Twice the largest cameras; and what a picture of that size takes in the plainest form.
    fn default() -> Self {
        Self { pixels: 200_000_000, memory: 2 << 30 }
    }
}

impl Limits {
    /// Whether a picture of that size may be decoded.
    pub(super) fn check_size(&self, width: u32, height: u32) -> Result<()> {
        if width == 0 || height == 0 {
            return Err(PictureError::Damaged("it has no width or no height"));
        }
        if u64::from(width) * u64::from(height) > self.pixels {
            let most = self.pixels / 1_000_000;
            let text =
                format!("{width} x {height} pixels, more than the {most} million that a picture may have");
            return Err(PictureError::TooLarge(text));
        }
        Ok(())
    }

    /// Whether so many bytes may be taken.
    pub(super) fn check_memory(&self, bytes: u64) -> Result<()> {
        if bytes > self.memory {
            let (needed, most) = (bytes.div_ceil(1 << 20), self.memory >> 20);
            let text =
                format!("it takes {needed} MiB to decode, more than the {most} MiB that a picture may take");
            return Err(PictureError::TooLarge(text));
        }
        Ok(())
    }

    /// As the decoders want it: so many bytes in all.
    pub(super) fn of_decoder(bytes: u64) -> image::Limits {
        let mut limits = image::Limits::no_limits();
        limits.max_alloc = Some(bytes);
        limits
    }
}
