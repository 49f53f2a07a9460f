use std::io::Write as _;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::ExportError;
use super::faces::Faces;
use super::file::{encode_png, named};
use super::options::{check_resolution, go_on};
use crate::files::{Target, write_whole};
use crate::render::{Fonts, Page, PagePanel};
use crate::work::{Cancel, Progress};

/// The picture of a panel, compressed without loss.
#[derive(Debug)]
pub(super) struct PanelImage {
    /// A PNG without a word or number about anything but the samples.
    pub(super) png: Vec<u8>,
    /// Whether it has one sample a pixel, else three.
    pub(super) grey: bool,
}

/// What every vector file of a page begins with.
pub(super) struct Prepared {
    /// The pictures of the panels, in their order.
    pub(super) images: Vec<PanelImage>,
    /// The fonts, cut down to the letters of the page.
    pub(super) faces: Faces,
}

/// Compresses the pictures of a page and gathers its fonts. The steps of the progress are the panels and the writing.
pub(super) fn prepare(
    page: &Page,
    fonts: &Fonts,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Prepared, ExportError> {
    check_resolution(page.dpi)?;
    progress.set_total(page.panels.len() + 1);
    let images = compress(page, cancel, progress)?;
    Ok(Prepared { images, faces: Faces::of(page, fonts) })
}

/// A vector file that is put together: the last step.
pub(super) fn complete(file: Vec<u8>, cancel: &Cancel, progress: &Progress) -> Result<Vec<u8>, ExportError> {
    progress.advance(1);
    go_on(cancel).map(|()| file)
}

/// Writes a vector file, all or nothing.
pub(super) fn write_vector(
    to: Target<'_>,
    cancel: &Cancel,
    bytes: impl FnOnce() -> Result<Vec<u8>, ExportError>,
) -> Result<(), ExportError> {
    write_whole(to, |file| {
        file.write_all(&bytes()?)?;
        go_on(cancel)
    })
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
