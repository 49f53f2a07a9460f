//! Reports as files that other people's programs open: Markdown, HTML, Word and PDF.

mod addresses;
mod columns;
mod docx;
mod html;
mod layout;
mod lines;
mod markdown;
mod outline;
mod pdf;
mod pictures;
mod tidy;

use std::io::Write as _;
use std::path::Path;

use self::pictures::{Pictures, pictures};
use self::tidy::tidy;
use super::ExportError;
use super::options::go_on;
use super::panels::complete;
use crate::files::{Target, Together, folder_of, write_whole};
use crate::render::Fonts;
use crate::report::Report;
use crate::work::{Cancel, Progress};

/// The kind of a report's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReportKind {
    /// Text with marks, and its pictures in a folder beside it.
    Markdown,
    /// One file for a browser, with its pictures in it.
    Html,
    /// For Word and its like.
    Docx,
    /// For print: A4, its figures as lines and letters.
    Pdf,
}

impl ReportKind {
    /// Every kind, in menu order.
    pub const ALL: [Self; 4] = [Self::Docx, Self::Pdf, Self::Html, Self::Markdown];

    /// The kind that the ending of a file name stands for, in capitals or not.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "md" | "markdown" => Some(Self::Markdown),
            "html" | "htm" => Some(Self::Html),
            "docx" => Some(Self::Docx),
            "pdf" => Some(Self::Pdf),
            _ => None,
        }
    }

    /// The usual ending of a file name, without its dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Docx => "docx",
            Self::Pdf => "pdf",
        }
    }
}

/// Writes a report, and nothing but the report: no names, no dates. How many bytes, with the pictures beside it.
///
/// The file appears under its name only when it is complete. The pictures of a report in Markdown are in a folder
/// beside it, `NAME-figures`, and are there before it. The same report gives the same bytes. The steps of the progress
/// are the pictures and the writing.
pub fn write_report(
    to: Target<'_>,
    report: &Report,
    kind: ReportKind,
    fonts: &Fonts,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<u64, ExportError> {
    if kind == ReportKind::Markdown {
        return write_markdown(to, report, fonts, cancel, progress);
    }
    let bytes = report_bytes(report, kind, fonts, cancel, progress)?;
    put(to, &bytes, cancel)
}

/// The bytes of [`write_report`]; those of Markdown name pictures in a folder `report-figures`.
pub fn report_bytes(
    report: &Report,
    kind: ReportKind,
    fonts: &Fonts,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Vec<u8>, ExportError> {
    let report = tidy(report);
    let drawn = || pictures(&report, fonts, cancel, progress);
    let bytes = match kind {
        ReportKind::Markdown => {
            progress.set_total(1);
            markdown::markdown(&report, "report-figures").into_bytes()
        }
        ReportKind::Html => html::html(&report, &drawn()?).into_bytes(),
        // Another program draws its words: what these fonts lack in them, it may have.
        ReportKind::Docx => docx::docx(&report, &drawn()?, &Fonts::new(fonts.faces.clone()))?,
        ReportKind::Pdf => pdf::pdf(&report, fonts, cancel, progress)?,
    };
    complete(bytes, cancel, progress)
}

/// A report as a text in Markdown whose pictures are in a folder: a path as seen from the text.
pub fn report_markdown(report: &Report, folder: &str) -> String {
    markdown::markdown(&tidy(report), folder)
}

/// The pictures first, so that no text is there whose pictures are not. What was made goes again where the whole does not
/// come about.
fn write_markdown(
    to: Target<'_>,
    report: &Report,
    fonts: &Fonts,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<u64, ExportError> {
    let report = tidy(report);
    let pictures = pictures(&report, fonts, cancel, progress)?;
    let name = figures_folder(to.path);
    let mut made = Together::default();
    let mut written = 0;
    if !pictures.is_empty() {
        let folder = folder_of(to.path).join(&name);
        made.folder(&folder)?;
        written += put_pictures(&folder, to, &pictures, &mut made, cancel)?;
    }
    let text = markdown::markdown(&report, &name);
    // Until all is there, a signal takes the text with its pictures.
    made.file(to.path);
    written += put(to, &complete(text.into_bytes(), cancel, progress)?, cancel)?;
    made.stay();
    Ok(written)
}

fn put_pictures(
    folder: &Path,
    to: Target<'_>,
    pictures: &Pictures,
    made: &mut Together,
    cancel: &Cancel,
) -> Result<u64, ExportError> {
    let mut written = 0;
    for (name, png) in pictures {
        let path = folder.join(format!("{name}.png"));
        made.file(&path);
        written += put(Target { path: &path, ..to }, png, cancel)?;
    }
    Ok(written)
}

/// The name of the folder of a report's pictures.
fn figures_folder(path: &Path) -> String {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    format!("{}-figures", stem.unwrap_or_else(|| "report".to_owned()))
}

fn put(to: Target<'_>, bytes: &[u8], cancel: &Cancel) -> Result<u64, ExportError> {
    write_whole(to, |file| {
        file.write_all(bytes)?;
        go_on(cancel)
    })?;
    Ok(bytes.len() as u64)
}
