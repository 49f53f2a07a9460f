use std::collections::BTreeSet;
use std::sync::Arc;

use glam::DVec2;
use pdf_writer::types::{ActionType, AnnotationType};
use pdf_writer::{Filter, Finish as _, Rect, Ref, Str, TextStr};

use super::addresses::uri;
use super::layout::{Mark, SHEET, Sheet, What, layout};
use super::outline::{Entry, tree};
use crate::export::ExportError;
use crate::export::faces::{Faces, page_letters};
use crate::export::options::{check_resolution, go_on};
use crate::export::panels::compress;
use crate::export::pdf::{File, Named, deflate, draw_page, list_names};
use crate::export::pdf_drawing::Drawing;
use crate::render::{FaceId, Fonts, Letter, Page, narrow};
use crate::report::Report;
use crate::work::{Cancel, Progress};

/// How far letters lean that stand for italic ones: a step to the right for so many up.
const SLANT: f32 = 0.2;

/// A tidy report as the bytes of a PDF on A4. The same report gives the same bytes.
///
/// The pictures of the figures are the steps of the progress, and the writing after them.
pub(super) fn pdf(
    report: &Report,
    fonts: &Fonts,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Vec<u8>, ExportError> {
    let sheets = layout(report, fonts);
    go_on(cancel)?;
    let figures: Vec<&Arc<Page>> =
        sheets.iter().flat_map(|sheet| sheet.marks.iter().filter_map(figure)).collect();
    progress.set_total(figures.iter().map(|page| page.panels.len()).sum::<usize>() + 1);
    let faces = Faces::of_letters(letters(&sheets, &figures, fonts), fonts);
    let mut book = Book::new(&sheets);
    let mut shown = Vec::new();
    for page in &figures {
        check_resolution(page.dpi)?;
        let first: usize = shown.iter().map(Vec::len).sum();
        let images = compress(page, cancel, progress)?;
        shown.push(book.file.images(page, &images, first)?);
    }
    let drawings: Vec<Drawing<'_>> = draw(&sheets, fonts, &faces);
    book.resources(&faces, &drawings)?;
    let mut images = shown.into_iter();
    for (index, (sheet, drawing)) in sheets.iter().zip(drawings).enumerate() {
        go_on(cancel)?;
        let count = sheet.marks.iter().filter_map(figure).count();
        let images: Named = images.by_ref().take(count).flatten().collect();
        book.sheet(index, sheet, drawing, &images)?;
    }
    Ok(book.finish(report))
}

fn figure(mark: &Mark) -> Option<&Arc<Page>> {
    match &mark.what {
        What::Figure { page, .. } => Some(page),
        What::Words(_) | What::Area { .. } | What::Link { .. } | What::Heading { .. } => None,
    }
}

/// Every letter of the words and of the figures.
fn letters<'a>(
    sheets: &'a [Sheet],
    figures: &'a [&Arc<Page>],
    fonts: &'a Fonts,
) -> impl Iterator<Item = Letter> + 'a {
    let words = |mark: &'a Mark| match &mark.what {
        What::Words(words) => words.letters.as_slice(),
        What::Area { .. } | What::Figure { .. } | What::Link { .. } | What::Heading { .. } => &[],
    };
    let words = sheets.iter().flat_map(|sheet| &sheet.marks).flat_map(words).cloned();
    words.chain(figures.iter().flat_map(|page| page_letters(page, fonts)))
}

/// The operators of every sheet.
fn draw<'a>(sheets: &[Sheet], fonts: &'a Fonts, faces: &'a Faces) -> Vec<Drawing<'a>> {
    let mut images = 0;
    let mut sheet = |sheet: &Sheet| {
        let mut drawing = Drawing::new(fonts, faces);
        drawing.content.transform([1.0, 0.0, 0.0, -1.0, 0.0, narrow(SHEET[1])]);
        for mark in &sheet.marks {
            draw_mark(&mut drawing, mark, &mut images);
        }
        drawing
    };
    sheets.iter().map(&mut sheet).collect()
}

fn draw_mark(drawing: &mut Drawing<'_>, mark: &Mark, images: &mut usize) {
    let at = DVec2::new(mark.x, mark.y);
    match &mark.what {
        What::Words(words) => {
            let slant = if words.italic { SLANT } else { 0.0 };
            drawing.letters(&words.letters, words.size, at, slant, words.color);
        }
        What::Area { width, height, color, .. } => drawing.area(at, DVec2::new(*width, *height), *color),
        What::Figure { page, scale } => {
            let scale = narrow(*scale);
            drawing.content.save_state();
            drawing.content.transform([scale, 0.0, 0.0, scale, narrow(at.x), narrow(at.y)]);
            let [width, height] = [page.size.width, page.size.height].map(|side| narrow(f64::from(side)));
            // What hangs over the edge of a figure's paper is on no other paper either.
            drawing.content.rect(0.0, 0.0, width, height).clip_nonzero().end_path();
            draw_page(drawing, page, *images);
            drawing.content.restore_state();
            *images += page.panels.len();
        }
        What::Link { .. } | What::Heading { .. } => {}
    }
}

/// A heading in the outline.
#[derive(Debug)]
struct Bookmark {
    level: u8,
    title: String,
    sheet: usize,
    /// Its top, from the upper edge.
    y: f64,
}

/// A PDF of many pages on its way.
struct Book {
    file: File,
    catalog: Ref,
    pages: Ref,
    sheets: Vec<Ref>,
    fonts: Named,
    alphas: Named,
    bookmarks: Vec<Bookmark>,
}

impl Book {
    fn new(sheets: &[Sheet]) -> Self {
        let mut file = File::new();
        let [catalog, pages] = [(); 2].map(|()| file.next.bump());
        let numbers = sheets.iter().map(|_| file.next.bump()).collect();
        let mut bookmarks = Vec::new();
        for (sheet, mark) in sheets
            .iter()
            .enumerate()
            .flat_map(|(index, sheet)| sheet.marks.iter().map(move |mark| (index, mark)))
        {
            if let What::Heading { level, title } = &mark.what {
                bookmarks.push(Bookmark { level: *level, title: title.clone(), sheet, y: mark.y });
            }
        }
        Self { file, catalog, pages, sheets: numbers, fonts: Named::new(), alphas: Named::new(), bookmarks }
    }

    /// Writes what the sheets share.
    fn resources(&mut self, faces: &Faces, drawings: &[Drawing<'_>]) -> Result<(), ExportError> {
        let used: BTreeSet<FaceId> = drawings.iter().flat_map(|drawing| &drawing.faces).copied().collect();
        let alphas: BTreeSet<u8> = drawings.iter().flat_map(|drawing| &drawing.alphas).copied().collect();
        self.fonts = self.file.fonts(faces, &used)?;
        self.alphas = self.file.alphas(&alphas);
        Ok(())
    }

    fn sheet(
        &mut self,
        index: usize,
        sheet: &Sheet,
        drawing: Drawing<'_>,
        images: &Named,
    ) -> Result<(), ExportError> {
        let content = self.file.next.bump();
        let stream = deflate(&drawing.content.finish())?;
        self.file.pdf.stream(content, &stream).filter(Filter::FlateDecode);
        let links = self.links(sheet);
        let mut page = self.file.pdf.page(self.sheets[index]);
        let [width, height] = SHEET.map(narrow);
        page.media_box(Rect::new(0.0, 0.0, width, height)).parent(self.pages).contents(content);
        page.group().transparency().color_space().device_rgb();
        if !links.is_empty() {
            page.annotations(links);
        }
        let mut resources = page.resources();
        list_names(resources.x_objects(), images);
        list_names(resources.fonts(), &self.fonts);
        list_names(resources.ext_g_states(), &self.alphas);
        resources.finish();
        page.finish();
        Ok(())
    }

    fn links(&mut self, sheet: &Sheet) -> Vec<Ref> {
        let mut links = Vec::new();
        for mark in &sheet.marks {
            let What::Link { width, height, to } = &mark.what else { continue };
            let id = self.file.next.bump();
            links.push(id);
            let [left, right] = [mark.x, mark.x + width].map(narrow);
            let [lower, upper] = [mark.y + height, mark.y].map(|y| narrow(SHEET[1] - y));
            let mut link = self.file.pdf.annotation(id);
            link.subtype(AnnotationType::Link).rect(Rect::new(left, lower, right, upper));
            link.border(0.0, 0.0, 0.0, None);
            link.action().action_type(ActionType::Uri).uri(Str(uri(to).as_bytes()));
            link.finish();
        }
        links
    }

    /// Writes the headings as bookmarks. The outline that holds them; `None` when there are none.
    fn outline(&mut self) -> Option<Ref> {
        let levels: Vec<u8> = self.bookmarks.iter().map(|bookmark| bookmark.level).collect();
        let entries = tree(&levels);
        let root = self.file.next.bump();
        let items: Vec<Ref> = entries.iter().map(|_| self.file.next.bump()).collect();
        let top = |entry: &&Entry| entry.parent.is_none();
        let first = entries.iter().position(|entry| top(&entry))?;
        let last = entries.iter().rposition(|entry| top(&entry))?;
        let count = i32::try_from(entries.len()).unwrap_or(i32::MAX);
        self.file.pdf.outline(root).first(items[first]).last(items[last]).count(count);
        for ((entry, bookmark), id) in entries.iter().zip(&self.bookmarks).zip(&items) {
            let mut item = self.file.pdf.outline_item(*id);
            item.title(TextStr(&bookmark.title)).parent(entry.parent.map_or(root, |parent| items[parent]));
            if let Some(prev) = entry.prev {
                item.prev(items[prev]);
            }
            if let Some(next) = entry.next {
                item.next(items[next]);
            }
            if let (Some(first), Some(last)) = (entry.first, entry.last) {
                item.first(items[first]).last(items[last]);
                item.count(i32::try_from(entry.below).unwrap_or(i32::MAX));
            }
            let top = narrow(SHEET[1] - bookmark.y);
            item.dest().page(self.sheets[bookmark.sheet]).xyz(0.0, top, None);
            item.finish();
        }
        Some(root)
    }

    fn finish(mut self, report: &Report) -> Vec<u8> {
        let outline = self.outline();
        let about = self.file.next.bump();
        let pdf = &mut self.file.pdf;
        let count = i32::try_from(self.sheets.len()).unwrap_or(i32::MAX);
        pdf.pages(self.pages).kids(self.sheets).count(count);
        // Without a title readers show the name of the file.
        let titled = !report.title.is_empty();
        if titled {
            pdf.document_info(about).title(TextStr(&report.title));
        }
        let mut catalog = pdf.catalog(self.catalog);
        catalog.pages(self.pages).lang(TextStr("en-US"));
        if let Some(outline) = outline {
            catalog.outlines(outline);
        }
        if titled {
            catalog.viewer_preferences().display_doc_title(true);
        }
        catalog.finish();
        self.file.pdf.finish()
    }
}
