//! The PDF, read by lopdf and by poppler's programs.

use std::time::{Duration, Instant};

use isodense::export::ReportKind;
use isodense::report::{Block, Report, Span, plain_words};
use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object};

use crate::sample::{bytes, figure, hostile, of, paragraph, printable, report, split, table};
use crate::tools::{place, words};

/// The margin of the text, points.
const MARGIN: f64 = 25.0 * 72.0 / 25.4;

fn load(report: &Report) -> Document {
    Document::load_mem(&bytes(report, ReportKind::Pdf)).unwrap()
}

fn text_of(object: &Object) -> String {
    lopdf::decode_text_string(object).unwrap()
}

fn dictionaries(document: &Document) -> impl Iterator<Item = &Dictionary> {
    let streams = document.objects.values().filter_map(|object| object.as_stream().ok());
    let plain = document.objects.values().filter_map(|object| object.as_dict().ok());
    plain.chain(streams.map(|stream| &stream.dict))
}

fn is(dictionary: &Dictionary, key: &[u8], name: &[u8]) -> bool {
    dictionary.get(key).is_ok_and(|object| object.as_name().is_ok_and(|found| found == name))
}

/// The text of each page, without the numbers of the pages; `None` without poppler.
fn pages(report: &Report) -> Option<Vec<String>> {
    let placed = place("report.pdf", &bytes(report, ReportKind::Pdf));
    let file = placed.path.to_str().unwrap();
    let text = words("pdftotext", &["-raw", "-x", "0", "-y", "0", "-W", "596", "-H", "790", file, "-"])?;
    let mut pages: Vec<String> = text.split('\u{c}').map(str::to_owned).collect();
    pages.pop();
    Some(pages)
}

/// Left, top, right and bottom of every word, points from the upper left corner; `None` without poppler.
fn boxes(report: &Report) -> Option<Vec<[f64; 4]>> {
    let placed = place("report.pdf", &bytes(report, ReportKind::Pdf));
    let text = words("pdftotext", &["-bbox", placed.path.to_str().unwrap(), "-"])?;
    let side = |line: &str, name: &str| {
        let rest = line.split(&format!("{name}=\"")).nth(1).unwrap();
        rest.split('"').next().unwrap().parse::<f64>().unwrap()
    };
    let of = |line: &str| ["xMin", "yMin", "xMax", "yMax"].map(|name| side(line, name));
    Some(text.lines().filter(|line| line.contains("<word ")).map(of).collect())
}

/// The words of each block that is read in one go, in the order of reading.
fn passages(blocks: &[Block]) -> Vec<String> {
    let mut all = Vec::new();
    for block in blocks {
        match block {
            Block::Heading(_, words) | Block::Paragraph(words) => all.push(plain_words(words)),
            Block::List(_, items) => all.extend(items.iter().flat_map(|item| passages(item))),
            Block::Quote(inner) => all.extend(passages(inner)),
            Block::Code(code) => all.push(code.clone()),
            Block::Rule => {}
            Block::Table(table) => {
                all.push(plain_words(&table.caption));
                all.extend(table.columns.iter().map(|(_, words)| plain_words(words)));
                all.extend(table.rows.iter().flatten().map(|words| plain_words(words)));
            }
            Block::Figure(figure) => all.push(plain_words(&figure.caption)),
        }
    }
    all
}

fn letters(text: &str) -> String {
    printable(&split(text))
}

#[test]
fn every_passage_is_found_whole_and_in_its_order() {
    let report = report();
    let Some(pages) = pages(&report) else { return };
    let found = letters(&pages.concat());
    let mut rest = found.as_str();
    let mut passages = passages(&report.blocks);
    // Words of several cells stand on each line of a row.
    passages.retain(|text| !text.starts_with("words that are long") && !text.contains('|'));
    for passage in passages {
        let passage = letters(&passage);
        let at = rest.find(&passage).unwrap_or_else(|| panic!("{passage} is not in {rest}"));
        rest = &rest[at + passage.len()..];
    }
}

#[test]
fn fonts_are_embedded_and_tell_their_characters() {
    let document = load(&report());
    let mut embedded = 0;
    for font in dictionaries(&document).filter(|dictionary| is(dictionary, b"Subtype", b"Type0")) {
        assert!(font.has(b"ToUnicode"));
        let glyphs = font.get(b"DescendantFonts").unwrap().as_array().unwrap()[0].as_reference().unwrap();
        let about = document.get_dictionary(glyphs).unwrap().get(b"FontDescriptor").unwrap();
        let about = document.get_dictionary(about.as_reference().unwrap()).unwrap();
        assert!(about.has(b"FontFile2") || about.has(b"FontFile3"));
        embedded += 1;
    }
    assert!(embedded >= 2, "{embedded}");
    assert!(!dictionaries(&document).any(|dictionary| is(dictionary, b"Subtype", b"Type1")));
}

#[test]
fn the_file_says_its_title_and_its_language_and_no_more() {
    let document = load(&report());
    let about = document.trailer.get(b"Info").unwrap().as_reference().unwrap();
    let about = document.get_dictionary(about).unwrap();
    assert_eq!(about.len(), 1);
    assert_eq!(text_of(about.get(b"Title").unwrap()), "Follow-up of two lesions");
    assert_eq!(text_of(document.catalog().unwrap().get(b"Lang").unwrap()), "en-US");
    for sheet in document.get_pages().values() {
        let media = document.get_dictionary(*sheet).unwrap().get(b"MediaBox").unwrap().as_array().unwrap();
        let sides: Vec<f64> = media.iter().map(|side| f64::from(side.as_float().unwrap())).collect();
        assert!((sides[2] - 595.276).abs() < 0.01 && (sides[3] - 841.89).abs() < 0.01);
    }
}

#[test]
fn headings_are_bookmarks_and_links_lead_where_they_say() {
    let document = load(&report());
    let root = document.catalog().unwrap().get(b"Outlines").unwrap().as_reference().unwrap();
    let mut titles = Vec::new();
    let mut waiting =
        vec![(document.get_dictionary(root).unwrap().get(b"First").unwrap().as_reference().unwrap(), 0)];
    while let Some((id, depth)) = waiting.pop() {
        let item = document.get_dictionary(id).unwrap();
        titles.push((depth, text_of(item.get(b"Title").unwrap())));
        waiting.extend(item.get(b"Next").ok().map(|next| (next.as_reference().unwrap(), depth)));
        waiting.extend(item.get(b"First").ok().map(|first| (first.as_reference().unwrap(), depth + 1)));
    }
    let titles: Vec<(i32, &str)> = titles.iter().map(|(depth, title)| (*depth, title.as_str())).collect();
    assert_eq!(
        titles,
        [
            (0, "Follow-up of two lesions — Größe, HU und Verlauf"),
            (1, "What was done"),
            (2, "Smaller heading"),
            (3, "Smaller still"),
            (4, "Fifth"),
            (5, "Sixth"),
        ]
    );
    let mut to: Vec<String> = dictionaries(&document)
        .filter(|dictionary| is(dictionary, b"Subtype", b"Link"))
        .map(|link| link.get(b"A").unwrap().as_dict().unwrap().get(b"URI").unwrap())
        .map(|uri| String::from_utf8(uri.as_str().unwrap().to_vec()).unwrap())
        .collect();
    to.sort();
    assert_eq!(to, ["https://example.org/criteria?v=1.1&part=2#sum", "mailto:reader@example.org"]);
}

#[test]
fn figures_are_lines_and_letters_at_their_own_size_if_they_fit() {
    let report = of(vec![figure(1, Some([90.0, 60.0])), figure(2, Some([320.0, 60.0]))]);
    let document = load(&report);
    let images = dictionaries(&document).filter(|dictionary| is(dictionary, b"Subtype", b"Image")).count();
    assert_eq!(images, 2);
    let sheet = document.get_pages()[&1];
    let operations = Content::decode(&document.get_page_content(sheet)).unwrap().operations;
    let scales: Vec<f64> = operations
        .iter()
        .filter(|operation| operation.operator == "cm")
        .map(|operation| f64::from(operation.operands[0].as_float().unwrap()))
        .collect();
    // 150 dpi at its own size, and at half of it: the text is 160 mm wide.
    for expected in [0.48, 0.24] {
        assert_eq!(scales.iter().filter(|scale| (*scale - expected).abs() < 1e-4).count(), 1, "{scales:?}");
    }
    let Some(pages) = pages(&report) else { return };
    assert!(pages[0].contains("12.4 mm") && pages[0].contains("Figure 2."));
}

#[test]
fn long_reports_break_into_pages_and_no_heading_stands_at_the_end_of_one() {
    let mut blocks = Vec::new();
    for number in 0..300 {
        if number % 7 == 0 {
            blocks.push(Block::Heading(2, vec![Span::plain(format!("Heading{number}"))]));
        }
        let length = 3 + number * 37 % 90;
        let words: Vec<String> = (0..length).map(|word| format!("w{number}x{word}")).collect();
        blocks.push(paragraph(&words.join(" ")));
    }
    let report = of(blocks);
    let count = load(&report).get_pages().len();
    let Some(pages) = pages(&report) else { return };
    assert!(pages.len() == count && (25..50).contains(&count), "{count}");
    let expected: Vec<String> = passages(&report.blocks).iter().flat_map(|text| split(text)).collect();
    assert_eq!(split(&pages.concat()), expected);
    for page in &pages {
        let last = page.lines().last().unwrap();
        assert!(!last.starts_with("Heading"), "{last}");
    }
    // The first line of a paragraph does not stand alone at the end of a page.
    for page in pages.windows(2) {
        let (last, next) = (page[0].lines().last().unwrap(), page[1].lines().next().unwrap());
        let paragraph = |line: &str| line.split('x').next().unwrap().to_owned();
        assert!(!last.contains("x0 ") || paragraph(last) != paragraph(next), "{last} {next}");
    }
    for [left, top, right, bottom] in boxes(&report).unwrap() {
        let numbers = top > 780.0;
        assert!(left >= MARGIN - 0.1 && right <= 595.3 - MARGIN + 0.1, "{left} {right}");
        assert!(top >= MARGIN - 3.0 && (numbers || bottom <= 841.9 - MARGIN + 3.0), "{top} {bottom}");
    }
}

#[test]
fn the_head_of_a_long_table_is_on_every_page() {
    let report = of(vec![table(4, 120, |row, at| format!("r{row}c{at}"))]);
    let Some(pages) = pages(&report) else { return };
    assert!(pages.len() > 2);
    assert!(pages.iter().all(|page| page.contains("Head0 Head1 Head2 Head3")));
    let cells: Vec<String> =
        split(&pages.concat()).into_iter().filter(|word| word.starts_with('r')).collect();
    let expected: Vec<String> = (0..480).map(|cell| format!("r{}c{}", cell / 4, cell % 4)).collect();
    assert_eq!(cells, expected);
}

#[test]
fn nothing_breaks_it_and_nothing_is_off_the_paper() {
    for (name, report) in hostile() {
        assert!(!load(&report).get_pages().is_empty(), "{name}");
        let Some(boxes) = boxes(&report) else { return };
        for [left, top, right, bottom] in boxes {
            let inside = left >= 0.0 && top >= 0.0 && right <= 595.3 && bottom <= 841.9;
            assert!(inside, "{name} {left} {top} {right} {bottom}");
        }
    }
    let found = pages(&hostile()[1].1).unwrap();
    assert_eq!(letters(&found.concat()).matches('x').count(), 30_000);
}

#[test]
fn characters_that_no_font_has_are_found_and_seen_as_boxes() {
    let report = of(vec![paragraph("before 漢字 ᚠ after ∅")]);
    let Some(pages) = pages(&report) else { return };
    assert_eq!(pages[0].trim(), "before 漢字 ᚠ after ∅");
}

#[test]
fn twenty_thousand_words_take_about_a_second() {
    let words = "The lesion measures 12.4 mm, which is **more** than before. ".repeat(12);
    let report = of(isodense::report::blocks(&format!("{words}\n\n").repeat(170)));
    let start = Instant::now();
    let file = bytes(&report, ReportKind::Pdf);
    println!("{} bytes in {:?}", file.len(), start.elapsed());
    assert!(start.elapsed() < Duration::from_secs(6), "{:?}", start.elapsed());
}
