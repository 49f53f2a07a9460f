//! The PDF, read by lopdf and by poppler's programs.

use std::collections::BTreeSet;

use glam::{DAffine2, DVec2};
use isodense::export::pdf_bytes;
use isodense::render::{DrawingList, Fonts, Item, Page, Picture};
use isodense::work::{Cancel, Progress};
use lopdf::content::{Content, Operation};
use lopdf::{Document, Object};

use crate::page::{DPI, WORDS, assert_pixels_of_a_panel, difference, labelled, page, quarter, raster};
use crate::tools::{other_fonts, place, read_png, run, words};

fn bytes(page: &Page) -> Vec<u8> {
    pdf_bytes(page, &Fonts::default(), &Cancel::default(), &Progress::default()).unwrap()
}

fn operations(document: &Document) -> Vec<Operation> {
    let sheet = document.get_pages()[&1];
    Content::decode(&document.get_page_content(sheet)).unwrap().operations
}

fn numbers(operation: &Operation) -> Vec<f64> {
    operation.operands.iter().map(|o| f64::from(o.as_float().unwrap())).collect()
}

/// Every straight piece of the page, in points from its lower left corner.
fn pieces(operations: &[Operation]) -> Vec<[DVec2; 2]> {
    let (mut now, mut kept, mut at, mut found) = (DAffine2::IDENTITY, Vec::new(), DVec2::ZERO, Vec::new());
    for operation in operations {
        match operation.operator.as_str() {
            "q" => kept.push(now),
            "Q" => now = kept.pop().unwrap(),
            "cm" => {
                let m = numbers(operation);
                now *= DAffine2::from_cols_array(&[m[0], m[1], m[2], m[3], m[4], m[5]]);
            }
            "m" | "l" => {
                let place = numbers(operation);
                let to = now.transform_point2(DVec2::new(place[0], place[1]));
                if operation.operator == "l" {
                    found.push([at, to]);
                }
                at = to;
            }
            _ => {}
        }
    }
    found
}

fn images(document: &Document) -> Vec<&lopdf::Stream> {
    let is_image = |stream: &&lopdf::Stream| {
        stream.dict.get(b"Subtype").is_ok_and(|kind| kind.as_name().is_ok_and(|name| name == b"Image"))
    };
    document.objects.values().filter_map(|object| object.as_stream().ok()).filter(is_image).collect()
}

#[test]
fn lengths_on_paper_are_those_of_the_page() {
    let document = Document::load_mem(&bytes(&page())).unwrap();
    let sheet = document.get_dictionary(document.get_pages()[&1]).unwrap();
    let media: Vec<f64> = sheet
        .get(b"MediaBox")
        .unwrap()
        .as_array()
        .unwrap()
        .iter()
        .map(|o| f64::from(o.as_float().unwrap()))
        .collect();
    let mm = |points: f64| points * 25.4 / 72.0;
    assert!((mm(media[2]) - 90.0).abs() < 1e-4 && (mm(media[3]) - 60.0).abs() < 1e-4, "{media:?}");
    assert_eq!(media[..2], [0.0, 0.0]);
    let found = pieces(&operations(&document));
    let lengths = found.iter().map(|[a, b]| mm(a.distance(*b)));
    assert_eq!(lengths.filter(|length| (length - 50.0).abs() < 0.01).count(), 1);
    // It starts where the page has it: 100 and 680 pixels from the upper left corner.
    let start = DVec2::new(100.0, 680.0) * 72.0 / DPI;
    let start = DVec2::new(start.x, media[3] - start.y);
    assert!(found.iter().any(|[a, _]| a.distance(start) < 1e-3));
}

#[test]
fn every_panel_is_one_image_of_exactly_its_samples() {
    let page = page();
    let document = Document::load_mem(&bytes(&page)).unwrap();
    let images = images(&document);
    assert_eq!(images.len(), 2);
    for (panel, (image, grey)) in page.panels.iter().zip(images.iter().zip([true, false])) {
        let samples: Vec<u8> =
            panel.picture.pixels.iter().flat_map(|p| p[..if grey { 1 } else { 3 }].to_vec()).collect();
        assert_eq!(image.decompressed_content().unwrap(), samples);
        let named = |key: &[u8]| image.dict.get(key).unwrap().as_name().unwrap().to_vec();
        assert_eq!(named(b"ColorSpace"), if grey { &b"DeviceGray"[..] } else { b"DeviceRGB" });
        assert_eq!(named(b"Filter"), b"FlateDecode");
        assert!(!image.dict.has(b"Interpolate") && !image.dict.has(b"SMask"));
    }
    // Each is shown once, on whole pixels.
    let shown = operations(&document).iter().filter(|o| o.operator == "Do").count();
    assert_eq!(shown, 2);
}

#[test]
fn words_are_found_once_and_whole_by_a_reader_that_did_not_write_them() {
    let page = page();
    let file = bytes(&page);
    let document = Document::load_mem(&file).unwrap();
    let text = document.extract_text(&[1]).unwrap();
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != 'ᚠ').collect::<String>();
    // lopdf knows no /ActualText, which stands for what no font has a glyph of.
    let found = letters(&text).replace(['\u{0}', '\u{fffd}'], "");
    assert_eq!(found, letters(&WORDS.concat()));
    let placed = place("page.pdf", &file);
    if let Some(text) = words("pdftotext", &["-raw", placed.path.to_str().unwrap(), "-"]) {
        // It ends a line where it likes.
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(one_line(&text), one_line(&WORDS.join(" ")));
    }
}

#[test]
fn fonts_are_in_the_file_and_only_what_is_used_of_them() {
    let page = page();
    let file = bytes(&page);
    let document = Document::load_mem(&file).unwrap();
    let mut names = Vec::new();
    for object in document.objects.values() {
        let Ok(font) = object.as_dict() else { continue };
        if !font.has_type(b"FontDescriptor") {
            continue;
        }
        names.push(String::from_utf8(font.get(b"FontName").unwrap().as_name().unwrap().to_vec()).unwrap());
        let file = font.get(b"FontFile2").unwrap().as_reference().unwrap();
        let data = document.get_object(file).unwrap().as_stream().unwrap().decompressed_content().unwrap();
        assert!(data.len() < 40_000, "{} bytes of a font", data.len());
    }
    let families: Vec<&str> = names.iter().map(|name| &name[7..]).collect();
    assert_eq!(families, ["LiberationSans", "LiberationSans-Bold", "Hack-Regular"]);
    assert!(
        names
            .iter()
            .all(|name| name.as_bytes()[6] == b'+' && name[..6].bytes().all(|b| b.is_ascii_uppercase()))
    );
    let placed = place("page.pdf", &file);
    if let Some(table) = words("pdffonts", &[placed.path.to_str().unwrap()]) {
        assert_eq!(table.lines().count(), 5, "{table}");
        let kept =
            |line: &str| line.contains("CID TrueType") && line.contains("Identity-H       yes yes yes");
        assert!(table.lines().skip(2).all(kept), "{table}");
    }
}

#[test]
fn there_is_nothing_but_the_page_in_the_file() {
    let file = bytes(&page());
    let document = Document::load_mem(&file).unwrap();
    assert!(!document.trailer.has(b"Info") && !document.trailer.has(b"ID"));
    let dictionaries = document
        .objects
        .values()
        .filter_map(|o| o.as_dict().or_else(|_| o.as_stream().map(|stream| &stream.dict)).ok());
    for dictionary in dictionaries {
        for key in
            [&b"Metadata"[..], b"CreationDate", b"ModDate", b"LastModified", b"Author", b"Title", b"Producer"]
        {
            assert!(!dictionary.has(key), "{}", String::from_utf8_lossy(key));
        }
    }
    let placed = place("page.pdf", &file);
    let path = placed.path.to_str().unwrap();
    if let Some(about) = words("pdfinfo", &[path]) {
        assert!(about.contains("Pages:           1\n") && about.contains("255.118 x 170.079 pts"), "{about}");
        assert!(
            !about.contains("Date") && !about.contains("Author") && !about.contains("Producer"),
            "{about}"
        );
    }
    if let Some(table) = words("pdfimages", &["-list", path]) {
        let rows: Vec<Vec<&str>> =
            table.lines().skip(2).map(|line| line.split_whitespace().collect()).collect();
        let told: Vec<[&str; 5]> = rows.iter().map(|row| [row[3], row[4], row[5], row[9], row[12]]).collect();
        assert_eq!(told, [["480", "560", "gray", "no", "300"], ["480", "560", "rgb", "no", "300"]]);
    }
    run("qpdf", &["--check", path]);
}

/// The page as poppler sees it.
fn seen(file: &[u8], dpi: &str) -> Option<Picture> {
    let placed = place("page.pdf", file);
    let target = placed.folder.path().join("page");
    let [from, to] = [placed.path.to_str()?, target.to_str()?];
    run("pdftoppm", &["-r", dpi, "-png", "-singlefile", from, to])?;
    Some(read_png(&std::fs::read(target.with_extension("png")).unwrap()))
}

#[test]
fn it_looks_as_the_page_does() {
    let page = page();
    let file = bytes(&page);
    let drawn = raster(&page, &Fonts::default());
    let Some(picture) = seen(&file, "300") else { return };
    assert_pixels_of_a_panel(&page, &picture, &drawn);
    // poppler puts letters on whole rows of pixels: so the shapes are compared at four times the resolution. A row
    // there is a quarter of an edge here; and in the eyes of small letters tiny-skia leaves pinholes in a rim.
    let fine = seen(&file, "1200").unwrap();
    let off = difference(&quarter(&fine, page.size), &drawn);
    println!("pdftoppm: {off:?}");
    assert!(off.mean < 0.6 && off.far < 0.002 && off.blurred < 64.0, "{off:?}");
}

#[test]
fn a_page_without_words_has_no_font() {
    let mut page = page();
    for list in page.panels.iter_mut().map(|panel| &mut panel.list) {
        *list = DrawingList::default();
    }
    page.list.items.retain(|item| !matches!(item, Item::Text { .. }));
    let file = bytes(&page);
    let document = Document::load_mem(&file).unwrap();
    let is_font = |object: &Object| object.as_dict().is_ok_and(|d| d.has_type(b"Font"));
    assert!(!document.objects.values().any(is_font));
}

#[test]
fn letters_of_other_fonts_are_there_too() {
    for (face, character) in other_fonts() {
        let fonts = Fonts::new(vec![face]);
        let text = format!("\u{b5} \u{3bc} 5\u{a0}mm {character}!");
        let page = labelled(&text);
        let file = pdf_bytes(&page, &fonts, &Cancel::default(), &Progress::default()).unwrap();
        let placed = place("page.pdf", &file);
        if let Some(found) = words("pdftotext", &["-raw", placed.path.to_str().unwrap(), "-"]) {
            // poppler writes the space that does not break as one that does.
            assert_eq!(found.trim_end(), text.replace('\u{a0}', " "));
        }
        if let Some(table) = words("pdffonts", &[placed.path.to_str().unwrap()]) {
            assert!(
                table.lines().skip(2).count() == 2 && table.matches("yes yes yes").count() == 2,
                "{table}"
            );
        }
        let Some(fine) = seen(&file, "1200") else { continue };
        let off = difference(&quarter(&fine, page.size), &raster(&page, &fonts));
        // Nearly all of it is edges of letters.
        assert!(off.mean < 1.5 && off.far < 0.002 && off.blurred < 64.0, "{character}: {off:?}");
    }
}

#[test]
fn words_of_every_direction_are_copied_in_the_order_of_reading() {
    for text in crate::page::SHAPED {
        let page = labelled(text);
        let file = pdf_bytes(&page, &Fonts::default(), &Cancel::default(), &Progress::default()).unwrap();
        let placed = place("page.pdf", &file);
        if let Some(found) = words("pdftotext", &["-raw", placed.path.to_str().unwrap(), "-"]) {
            // poppler says by signs where words of the other direction begin and end, and ends a line where the next word
            // is at the left of the last. It leaves Hebrew and Arabic marks where they are when it turns a word around.
            let shown = |c: &char| !c.is_whitespace() && !('\u{202a}'..='\u{202e}').contains(c);
            let mark = |c: &char| ('\u{591}'..='\u{5c7}').contains(c) || ('\u{64b}'..='\u{652}').contains(c);
            let letters = |text: &str| text.chars().filter(|c| shown(c) && !mark(c)).collect::<String>();
            assert_eq!(letters(&found), letters(text));
            let marks = |text: &str| text.chars().filter(mark).collect::<BTreeSet<char>>();
            assert_eq!(marks(&found), marks(text));
        }
        let Some(fine) = seen(&file, "1200") else { continue };
        let off = difference(&quarter(&fine, page.size), &raster(&page, &Fonts::default()));
        // The eye of the q has such a pinhole in its rim; letters fill more of this page than of the others.
        assert!(off.mean < 2.5 && off.far < 0.006 && off.blurred < 128.0, "{text}: {off:?}");
    }
}
