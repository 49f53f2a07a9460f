//! Markdown and HTML, and what is true of every kind.

use std::fs;
use std::path::Path;

use isodense::export::{ExportError, ReportKind, report_bytes, report_markdown, write_report};
use isodense::files::Target;
use isodense::render::Fonts;
use isodense::report::{Block, Report, blocks};
use isodense::work::{Cancel, Progress};
use tempfile::TempDir;

use crate::sample::{all_words, bytes, hostile, printable, report, split};
use crate::tools::assert_in_order;

fn write(folder: &Path, name: &str, report: &Report) -> u64 {
    let kind = ReportKind::of(Path::new(name)).unwrap();
    let progress = Progress::default();
    let written = write_report(
        Target::over(&folder.join(name)),
        report,
        kind,
        &Fonts::default(),
        &Cancel::default(),
        &progress,
    );
    assert_eq!(progress.done(), progress.total());
    written.unwrap()
}

#[test]
fn the_same_report_gives_the_same_bytes_on_every_run_and_number_of_threads() {
    let report = report();
    for kind in ReportKind::ALL {
        let under = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| bytes(&report, kind))
        };
        let once = under(1);
        assert!(once == under(1) && once == under(2), "{kind:?}");
    }
}

#[test]
fn kinds_are_known_by_the_ending_of_a_name() {
    for kind in ReportKind::ALL {
        assert_eq!(ReportKind::of(Path::new(&format!("a.b.{}", kind.extension()))), Some(kind));
    }
    assert_eq!(ReportKind::of(Path::new("A.DOCX")), Some(ReportKind::Docx));
    assert_eq!(ReportKind::of(Path::new("a.markdown")), Some(ReportKind::Markdown));
    assert!(["docx", "a.doc", "a"].iter().all(|name| ReportKind::of(Path::new(name)).is_none()));
}

#[test]
fn files_are_written_whole_or_not_at_all() {
    let folder = TempDir::new().unwrap();
    let report = report();
    for kind in ReportKind::ALL {
        let name = format!("A report, 2.{}", kind.extension());
        let written = write(folder.path(), &name, &report);
        let beside: u64 = match fs::read_dir(folder.path().join("A report, 2-figures")) {
            Ok(files) if kind == ReportKind::Markdown => {
                files.map(|file| file.unwrap().metadata().unwrap().len()).sum()
            }
            _ => 0,
        };
        assert_eq!(written, fs::metadata(folder.path().join(&name)).unwrap().len() + beside);
    }
    let before = fs::read_dir(folder.path()).unwrap().count();
    let cancel = Cancel::default();
    cancel.cancel();
    for kind in ReportKind::ALL {
        let path = folder.path().join("cancelled").with_extension(kind.extension());
        let failed =
            write_report(Target::new(&path), &report, kind, &Fonts::default(), &cancel, &Progress::default());
        assert!(matches!(failed, Err(ExportError::Cancelled)), "{kind:?}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), before);
}

#[test]
fn nothing_that_names_a_program_or_a_time_is_in_a_file() {
    for kind in ReportKind::ALL {
        let file = bytes(&report(), kind);
        let text = String::from_utf8_lossy(&file);
        for word in ["Isodense", "isodense", "dc:creator", "CreationDate", "/Producer", "w:rsid", "/root/"] {
            assert!(!text.contains(word), "{kind:?} {word}");
        }
    }
}

#[test]
fn markdown_is_read_as_the_words_and_blocks_that_were_written() {
    let folder = TempDir::new().unwrap();
    let report = report();
    write(folder.path(), "R ü.md", &report);
    let text = fs::read_to_string(folder.path().join("R ü.md")).unwrap();
    let read = Report { title: String::new(), blocks: blocks(&text) };
    assert_in_order(&all_words(&report), &all_words(&read));
    let kinds = |blocks: &[Block]| {
        let of = |block: &Block| format!("{block:?}").split(['(', ' ']).next().unwrap().to_owned();
        blocks.iter().map(of).collect::<Vec<_>>()
    };
    // What is before the figures comes back as it was.
    let count = report.blocks.iter().position(|block| matches!(block, Block::Figure(_))).unwrap();
    assert_eq!(kinds(&read.blocks)[..count], kinds(&report.blocks)[..count]);
    // Each picture is where the text says.
    let links: Vec<&str> =
        text.split("](R%20%C3%BC-figures/").skip(1).map(|rest| rest.split(')').next().unwrap()).collect();
    assert_eq!(links, ["figure-1.png", "figure-2.png", "figure-3.png"]);
    for link in links {
        let png = fs::read(folder.path().join("R ü-figures").join(link)).unwrap();
        let reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
        // 150 dpi.
        assert_eq!(reader.info().pixel_dims.unwrap().xppu, 5906);
    }
    assert!(text.contains("| Lesion | Longest, mm | Change | Note |\n| :--- | ---: | :---: | :--- |\n"));
    assert!(text.contains("10^9^/L cells, H~2~O, ~~not seen~~"));
}

#[test]
fn markdown_of_hostile_reports_has_their_words() {
    for (name, report) in hostile() {
        let text = report_markdown(&report, "f");
        let read = Report { title: String::new(), blocks: blocks(&text) };
        let found = printable(&all_words(&read));
        if name == "tall figures" {
            assert!(found.contains("Legend"));
        } else {
            assert!(found == printable(&all_words(&report)), "{name}\n{text}");
        }
    }
}

#[test]
fn html_is_one_well_formed_file_with_every_word() {
    for (name, report) in [("sample", report())].into_iter().chain(hostile()) {
        let file = String::from_utf8(bytes(&report, ReportKind::Html)).unwrap();
        let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
        let tree = roxmltree::Document::parse_with_options(&file, options);
        let tree = tree.unwrap_or_else(|error| panic!("{name}: {error}"));
        let body = tree.descendants().find(|node| node.has_tag_name("body")).unwrap();
        let mut text = String::new();
        for node in body.descendants() {
            if let Some(words) = node.text().filter(|_| node.is_text()) {
                text += words;
            }
        }
        assert!(printable(&split(&text)) == printable(&all_words(&report)), "{name}");
    }
    let file = String::from_utf8(bytes(&report(), ReportKind::Html)).unwrap();
    assert!(file.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
    assert_eq!(file.matches("<img src=\"data:image/png;base64,").count(), 3);
    assert_eq!(file.matches("alt=\"Described").count(), 3);
    assert!(file.contains("style=\"width: 90.0mm\"") && file.contains("<ol start=\"3\">"));
    assert!(file.contains("<title>Follow-up of two lesions</title>"));
    assert!(!file.contains("<script") && !file.contains("src=\"http") && !file.contains("@import"));
}

#[test]
fn a_figure_with_no_resolution_is_an_error() {
    let Block::Figure(mut figure) = crate::sample::figure(1, Some([20.0, 20.0])) else { panic!() };
    let mut page = (*crate::sample::page(20.0, 20.0)).clone();
    page.dpi = f64::NAN;
    figure.page = Some(page.into());
    let report = crate::sample::of(vec![Block::Figure(figure)]);
    for kind in [ReportKind::Html, ReportKind::Docx, ReportKind::Pdf] {
        let failed = report_bytes(&report, kind, &Fonts::default(), &Cancel::default(), &Progress::default());
        assert!(matches!(failed, Err(ExportError::Resolution { .. })), "{kind:?}");
    }
}
