//! Words to outlines: fonts, widths, glyphs.

use std::sync::Arc;

use glam::DVec2;

/// A font file and which of its faces.
#[derive(Debug, Clone)]
pub struct FontFace {
    /// The file's bytes.
    pub data: Arc<[u8]>,
    /// The face in a collection (`.ttc`), 0 otherwise.
    pub index: u32,
}

/// The fonts letters are taken from: the bundled one, then the given ones.
#[derive(Debug, Clone, Default)]
pub struct Fonts {
    /// Faces for letters that the bundled font lacks, first match wins.
    pub faces: Vec<FontFace>,
}

/// Width and line height of one line of text, in the unit of `size_px`.
pub fn measure(fonts: &Fonts, text: &str, size_px: f64) -> DVec2 {
    let _later = fonts;
    DVec2::new(text.chars().count() as f64 * size_px * 0.5, size_px * 1.2)
}
