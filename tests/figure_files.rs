//! A figure as PDF and as SVG: what other people's programs read in it is what the page has, to the pixel and to
//! the hundredth of a millimetre, and nothing else.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may panic, report and leave half a file"
)]

#[path = "figure_files/page.rs"]
mod page;
#[path = "figure_files/pdf.rs"]
mod pdf;
#[path = "common/skip.rs"]
mod skip;
#[path = "figure_files/svg.rs"]
mod svg;
#[path = "figure_files/tools.rs"]
mod tools;

use std::fs;

use isodense::export::{ExportError, pdf_bytes, svg_bytes, write_pdf, write_svg};
use isodense::files::Target;
use isodense::render::{Fonts, Page};
use isodense::work::{Cancel, Progress};
use tempfile::TempDir;

type Bytes = fn(&Page, &Fonts, &Cancel, &Progress) -> Result<Vec<u8>, ExportError>;

const KINDS: [Bytes; 2] = [pdf_bytes, svg_bytes];

#[test]
fn the_same_page_gives_the_same_bytes_on_every_run_and_number_of_threads() {
    let page = page::page();
    for bytes in KINDS {
        let under = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let progress = Progress::default();
            let file =
                pool.install(|| bytes(&page, &Fonts::default(), &Cancel::default(), &progress)).unwrap();
            assert_eq!((progress.done(), progress.total()), (3, 3));
            file
        };
        let once = under(1);
        assert!(once == under(1) && once == under(2));
    }
}

#[test]
fn files_are_written_whole_or_not_at_all() {
    let page = page::page();
    let folder = TempDir::new().unwrap();
    let (fonts, progress) = (Fonts::default(), Progress::default());
    let [pdf, svg] = ["a.pdf", "a.svg"].map(|name| folder.path().join(name));
    write_pdf(Target::new(&pdf), &page, &fonts, &Cancel::default(), &progress).unwrap();
    write_svg(Target::new(&svg), &page, &fonts, &Cancel::default(), &progress).unwrap();
    assert!(
        fs::read(&pdf).unwrap().starts_with(b"%PDF-1.7") && fs::read(&svg).unwrap().starts_with(b"<svg ")
    );
    let cancel = Cancel::default();
    cancel.cancel();
    let other = folder.path().join("b");
    assert!(matches!(
        write_pdf(Target::new(&other), &page, &fonts, &cancel, &progress),
        Err(ExportError::Cancelled)
    ));
    assert!(matches!(
        write_svg(Target::new(&other), &page, &fonts, &cancel, &progress),
        Err(ExportError::Cancelled)
    ));
    let mut page = page;
    page.dpi = f64::NAN;
    for bytes in KINDS {
        let failed = bytes(&page, &fonts, &Cancel::default(), &progress);
        assert!(matches!(failed, Err(ExportError::Resolution { .. })));
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}
