use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::ExportError;
use super::file::{encode_png, named};
use crate::render::{Page, PagePanel};
use crate::work::{Cancel, Progress};

/// The picture of a panel, compressed without loss.
#[derive(Debug)]
pub(super) struct PanelImage {
    /// A PNG without a word or number about anything but the samples.
    pub(super) png: Vec<u8>,
    /// Whether it has one sample a pixel, else three.
    pub(super) grey: bool,
}

/// Compresses the panels of a page side by side. Each is one step of the progress.
pub(super) fn compress(
    page: &Page,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Vec<PanelImage>, ExportError> {
    let compressed = |panel: &PagePanel| {
        let grey = panel.picture.is_grey();
        let mut png = Vec::new();
        encode_png(&mut png, &panel.picture, grey, None, cancel)?;
        progress.advance(1);
        Ok(PanelImage { png, grey })
    };
    page.panels.par_iter().map(compressed).collect()
}

impl PanelImage {
    /// The compressed rows alone: a zlib stream of rows that each start with the number of their filter. A PDF
    /// stores an image so too.
    pub(super) fn rows(&self) -> Result<Vec<u8>, ExportError> {
        const SIGNATURE: usize = 8;
        let mut rows = Vec::new();
        let mut rest = self.png.get(SIGNATURE..).unwrap_or_default();
        while let Some((head, tail)) = rest.split_first_chunk::<8>() {
            let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
            let data = tail.get(..length).ok_or_else(|| named("a PNG chunk is cut off"))?;
            if head.ends_with(b"IDAT") {
                rows.extend(data);
            }
            // After the data comes a checksum of 4 bytes.
            rest = tail.get(length + 4..).unwrap_or_default();
        }
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;
    use crate::render::Picture;
    use crate::view::ViewportSize;

    #[test]
    fn rows_are_a_stream_of_filters_and_samples() {
        let mut picture = Picture::new(ViewportSize { width: 300, height: 700 });
        picture.pixels[5] = [1, 2, 3, 255];
        let mut png = Vec::new();
        encode_png(&mut png, &picture, false, None, &Cancel::default()).unwrap();
        let rows = PanelImage { png: png.clone(), grey: false }.rows().unwrap();
        let mut samples = Vec::new();
        flate2::read::ZlibDecoder::new(&rows[..]).read_to_end(&mut samples).unwrap();
        assert_eq!(samples.len(), 700 * (1 + 300 * 3));
        png.truncate(60);
        assert!(matches!(PanelImage { png, grey: false }.rows(), Err(ExportError::Encode(_))));
    }
}
