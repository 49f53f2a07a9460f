use std::collections::BTreeSet;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::Predictor;
use pdf_writer::{Dict, Filter, Finish as _, Name, Pdf, Rect, Ref};

use super::ExportError;
use super::faces::Faces;
use super::panels::{PanelImage, Prepared, complete, prepare, write_vector};
use super::pdf_drawing::Drawing;
use super::pdf_fonts::write_font;
use crate::files::Target;
use crate::render::{FaceId, Fonts, Page, PagePanel, narrow};
use crate::work::{Cancel, Progress};

/// Writes a page as a PDF, and nothing but the page: no names, no dates. All or nothing.
///
/// Every panel is one image of exactly its samples; lines are lines and text is text. The same page gives the same
/// bytes. The steps of the progress are the panels and the writing.
pub fn write_pdf(
    to: Target<'_>,
    page: &Page,
    fonts: &Fonts,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<(), ExportError> {
    write_vector(to, cancel, || pdf_bytes(page, fonts, cancel, progress))
}

/// The bytes of [`write_pdf`].
pub fn pdf_bytes(
    page: &Page,
    fonts: &Fonts,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Vec<u8>, ExportError> {
    let Prepared { images, faces } = prepare(page, fonts, cancel, progress)?;
    let drawing = draw(page, fonts, &faces);
    let file = File::new().write(page, &images, &faces, drawing)?;
    complete(file, cancel, progress)
}

/// Points of a printed length.
pub(super) fn points(length_mm: f64) -> f64 {
    length_mm * 72.0 / 25.4
}

/// The name of a panel's image among the resources.
fn image_name(index: usize) -> String {
    format!("Im{index}")
}

/// What the page shows. Its places are pixels of the page, y down, as they are in its lists.
fn draw<'a>(page: &Page, fonts: &'a Fonts, faces: &'a Faces) -> Drawing<'a> {
    let mut drawing = Drawing::new(fonts, faces);
    let scale = narrow(72.0 / page.dpi);
    drawing.content.transform([scale, 0.0, 0.0, -scale, 0.0, narrow(points(page.size_mm.y))]);
    draw_page(&mut drawing, page, 0);
    drawing
}

/// Draws a page. Its images are those from `first` on.
pub(super) fn draw_page(drawing: &mut Drawing<'_>, page: &Page, first: usize) {
    for (index, panel) in page.panels.iter().enumerate() {
        draw_panel(drawing, first + index, panel);
    }
    drawing.list(&page.list);
}

fn draw_panel(drawing: &mut Drawing<'_>, index: usize, panel: &PagePanel) {
    // Renderers take every pixel that an image touches, and one that it ends at (poppler): so it ends a little before
    // it, a hundredth of a micrometre, and at the page's own resolution a sample is a pixel.
    const SHY: f32 = 0.002;
    let size = panel.picture.size;
    let [left, top, width, height] =
        [panel.left, panel.top, size.width, size.height].map(|length| narrow(f64::from(length)));
    let (shy_width, shy_height) = (width - 2.0 * SHY, height - 2.0 * SHY);
    let content = &mut drawing.content;
    content.save_state();
    content.transform([1.0, 0.0, 0.0, 1.0, left, top]);
    content.rect(SHY, SHY, shy_width, shy_height).clip_nonzero().end_path();
    content.save_state();
    // An image is a square of 1 x 1 with its first row at the top, where y is largest.
    content.transform([shy_width, 0.0, 0.0, -shy_height, SHY, height - SHY]);
    content.x_object(Name(image_name(index).as_bytes()));
    content.restore_state();
    drawing.list(&panel.list);
    drawing.content.restore_state();
}

/// A PDF on its way.
pub(super) struct File {
    /// The number of the next object.
    pub(super) next: Ref,
    /// Its objects.
    pub(super) pdf: Pdf,
}

/// Objects, and the names that a page's operators have for them.
pub(super) type Named = Vec<(String, Ref)>;

impl File {
    pub(super) fn new() -> Self {
        Self { next: Ref::new(1), pdf: Pdf::new() }
    }

    fn write(
        mut self,
        page: &Page,
        images: &[PanelImage],
        faces: &Faces,
        drawing: Drawing<'_>,
    ) -> Result<Vec<u8>, ExportError> {
        let [catalog, pages, sheet, content] = [(); 4].map(|()| self.next.bump());
        self.pdf.catalog(catalog).pages(pages);
        self.pdf.pages(pages).kids([sheet]).count(1);
        let named_images = self.images(page, images, 0)?;
        let named_fonts = self.fonts(faces, &drawing.faces)?;
        let named_alphas = self.alphas(&drawing.alphas);
        let stream = deflate(&drawing.content.finish())?;
        self.pdf.stream(content, &stream).filter(Filter::FlateDecode);

        let mut sheet = self.pdf.page(sheet);
        let size = page.size_mm.to_array().map(|side| narrow(points(side)));
        sheet.media_box(Rect::new(0.0, 0.0, size[0], size[1])).parent(pages).contents(content);
        // What is half transparent is mixed as it is on the screen.
        sheet.group().transparency().color_space().device_rgb();
        let mut resources = sheet.resources();
        list_names(resources.x_objects(), &named_images);
        list_names(resources.fonts(), &named_fonts);
        list_names(resources.ext_g_states(), &named_alphas);
        resources.finish();
        sheet.finish();
        Ok(self.pdf.finish())
    }

    /// Writes the pictures of a page, which are the images from `first` on.
    pub(super) fn images(
        &mut self,
        page: &Page,
        images: &[PanelImage],
        first: usize,
    ) -> Result<Named, ExportError> {
        let mut named = Named::new();
        for (index, (panel, image)) in page.panels.iter().zip(images).enumerate() {
            named.push((image_name(first + index), self.image(panel, image)?));
        }
        Ok(named)
    }

    /// Writes the faces that operators name.
    pub(super) fn fonts(&mut self, faces: &Faces, used: &BTreeSet<FaceId>) -> Result<Named, ExportError> {
        let mut named = Named::new();
        for (_, face) in faces.iter().filter(|(id, _)| used.contains(id)) {
            named.push((face.name.clone(), write_font(&mut self.pdf, &mut self.next, face)?));
        }
        Ok(named)
    }

    /// Writes the picture of a panel.
    fn image(&mut self, panel: &PagePanel, image: &PanelImage) -> Result<Ref, ExportError> {
        let id = self.next.bump();
        let rows = image.rows()?;
        let side = |length: u32| i32::try_from(length).map_err(super::file::named);
        let (width, height) = (side(panel.picture.size.width)?, side(panel.picture.size.height)?);
        let colors = if image.grey { 1 } else { 3 };
        let mut object = self.pdf.image_xobject(id, &rows);
        object.width(width).height(height).bits_per_component(8).filter(Filter::FlateDecode);
        if image.grey {
            object.color_space().device_gray();
        } else {
            object.color_space().device_rgb();
        }
        let mut rows = object.decode_parms();
        rows.predictor(Predictor::PngOptimum).colors(colors).bits_per_component(8).columns(width);
        rows.finish();
        Ok(id)
    }

    /// Writes one graphics state for each alpha.
    pub(super) fn alphas(&mut self, alphas: &BTreeSet<u8>) -> Named {
        let state = |alpha: &u8| {
            let (id, part) = (self.next.bump(), f32::from(*alpha) / 255.0);
            self.pdf.ext_graphics(id).stroking_alpha(part).non_stroking_alpha(part);
            (super::pdf_drawing::alpha_name(*alpha), id)
        };
        alphas.iter().map(state).collect()
    }
}

/// Compressed as a PDF's streams are.
pub(super) fn deflate(data: &[u8]) -> Result<Vec<u8>, ExportError> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data)?;
    Ok(encoder.finish()?)
}

/// Lists the names of objects among the resources of a page.
pub(super) fn list_names(mut names: Dict<'_>, objects: &[(String, Ref)]) {
    names.pairs(objects.iter().map(|(name, id)| (Name(name.as_bytes()), *id)));
}
