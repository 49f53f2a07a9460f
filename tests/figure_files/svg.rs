//! The SVG, read by roxmltree, resvg and librsvg.

use std::fs;
use std::process::Command;
use std::sync::Arc;

use isodense::export::svg_bytes;
use isodense::render::text::{BOLD, REGULAR};
use isodense::render::{Fonts, Page, Picture};
use isodense::view::ViewportSize;
use isodense::work::{Cancel, Progress};
use resvg::tiny_skia::{Pixmap, PremultipliedColorU8, Transform};
use resvg::usvg;
use roxmltree::{Document, Node};

use crate::page::{DPI, WORDS, assert_pixels_of_a_panel, difference, labelled, page, raster};
use crate::tools::{on_white, other_fonts, output, place, read_png};

const XLINK: &str = "http://www.w3.org/1999/xlink";

fn text(page: &Page) -> String {
    let bytes = svg_bytes(page, &Fonts::default(), &Cancel::default(), &Progress::default()).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn elements<'a>(document: &'a Document<'_>, name: &str) -> Vec<Node<'a, 'a>> {
    document.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", name))).collect()
}

/// The bytes behind `data:...;base64,`.
fn data(address: &str) -> Vec<u8> {
    data_encoding::BASE64.decode(address.split_once(";base64,").unwrap().1.as_bytes()).unwrap()
}

/// The font files in the file's style sheet.
fn embedded(document: &Document<'_>) -> Vec<Vec<u8>> {
    let styles = elements(document, "style");
    let lines = styles.iter().flat_map(|style| style.text().unwrap().lines());
    lines.filter_map(|line| line.split_once("url(")?.1.strip_suffix(")}")).map(data).collect()
}

/// What resvg makes of it with these fonts and no other.
fn seen(svg: &str, size: ViewportSize, fonts: &[&[u8]]) -> Picture {
    let mut options = usvg::Options::default();
    let database = Arc::get_mut(&mut options.fontdb).unwrap();
    for font in fonts {
        database.load_font_data(font.to_vec());
    }
    let tree = usvg::Tree::from_str(svg, &options).unwrap();
    let mut pixels = Pixmap::new(size.width, size.height).unwrap();
    // An SVG's own pixel is 1/96 inch.
    let scale = 300.0 / 96.0;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    let straight = |p: &PremultipliedColorU8| {
        let p = p.demultiply();
        [p.red(), p.green(), p.blue(), p.alpha()]
    };
    on_white(Picture { size, pixels: pixels.pixels().iter().map(straight).collect() })
}

/// The words in an element and in those in it.
fn all_words(node: &Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|part| part.text()).collect()
}

#[test]
fn its_size_is_that_of_the_paper_and_its_pixels_are_those_of_the_panels() {
    let page = page();
    let svg = text(&page);
    let document = Document::parse(&svg).unwrap();
    let root = document.root_element();
    assert_eq!((root.attribute("width"), root.attribute("height")), (Some("90mm"), Some("60mm")));
    let sides: Vec<f64> = root.attribute("viewBox").unwrap().split(' ').map(|n| n.parse().unwrap()).collect();
    assert!((sides[2] / DPI * 25.4 - 90.0).abs() < 1e-3 && (sides[3] / DPI * 25.4 - 60.0).abs() < 1e-3);
    let images = elements(&document, "image");
    assert_eq!(images.len(), 2);
    for ((image, panel), kind) in images.iter().zip(&page.panels).zip([0_u8, 2]) {
        let png = data(image.attribute((XLINK, "href")).unwrap());
        assert_eq!(read_png(&png), panel.picture);
        // The kind of samples in the header: grey, or red, green and blue.
        assert_eq!(png[25], kind);
        for chunk in [&b"tEXt"[..], b"iTXt", b"zTXt", b"eXIf", b"tIME", b"pHYs"] {
            assert!(!png.windows(4).any(|four| four == chunk));
        }
    }
}

#[test]
fn words_stand_there_once_and_as_they_are() {
    let svg = text(&page());
    let document = Document::parse(&svg).unwrap();
    let found: Vec<String> = elements(&document, "text").iter().map(all_words).collect();
    assert_eq!(found, WORDS);
    let whole = document.root_element().children().filter(|node| !node.has_tag_name("style"));
    let all: String = whole.map(|node| all_words(&node)).collect();
    assert_eq!(
        all.split_whitespace().collect::<String>(),
        WORDS.concat().split_whitespace().collect::<String>()
    );
    for name in ["metadata", "title", "desc"] {
        assert!(elements(&document, name).is_empty());
    }
    assert!(!document.descendants().any(|node| node.is_comment() || node.is_pi()));
}

#[test]
fn it_looks_as_the_page_does_with_the_bundled_fonts_and_with_those_inside_it() {
    let page = page();
    let svg = text(&page);
    let drawn = raster(&page, &Fonts::default());
    let document = Document::parse(&svg).unwrap();
    let inside = embedded(&document);
    let sizes: Vec<usize> = inside.iter().map(Vec::len).collect();
    assert_eq!(sizes.len(), 3);
    assert!(sizes.iter().all(|size| *size < 40_000), "{sizes:?}");
    let inside: Vec<&[u8]> = inside.iter().map(Vec::as_slice).collect();
    let bundled = [REGULAR, BOLD, epaint_default_fonts::HACK_REGULAR];
    for (name, fonts) in [("bundled", &bundled[..]), ("inside", &inside[..])] {
        let picture = seen(&svg, page.size, fonts);
        let off = difference(&picture, &drawn);
        println!("resvg, fonts {name}: {off:?}");
        // It draws edges as the page does; where two rims overlap it may be darker.
        assert!(off.mean < 0.1 && off.far < 0.001 && off.blurred < 32.0, "{off:?}");
        assert_pixels_of_a_panel(&page, &picture, &drawn);
    }
}

#[test]
fn letters_of_other_fonts_are_there_too() {
    for (face, character) in other_fonts() {
        let fonts = Fonts::new(vec![face]);
        let text = format!("a {character} b");
        let page = labelled(&text);
        let svg = svg_bytes(&page, &fonts, &Cancel::default(), &Progress::default()).unwrap();
        let svg = String::from_utf8(svg).unwrap();
        let document = Document::parse(&svg).unwrap();
        assert_eq!(all_words(&elements(&document, "text")[0]), text);
        let inside = embedded(&document);
        let inside: Vec<&[u8]> = inside.iter().map(Vec::as_slice).collect();
        let off = difference(&seen(&svg, page.size, &inside), &raster(&page, &fonts));
        assert!(off.mean < 0.6 && off.far < 0.002 && off.blurred < 48.0, "{character}: {off:?}");
    }
}

#[test]
fn words_of_every_direction_are_drawn_and_found() {
    for text in crate::page::SHAPED {
        let (page, fonts) = (labelled(text), Fonts::default());
        let svg = svg_bytes(&page, &fonts, &Cancel::default(), &Progress::default()).unwrap();
        let svg = String::from_utf8(svg).unwrap();
        let document = Document::parse(&svg).unwrap();
        let lines = elements(&document, "text");
        assert_eq!((lines.len(), all_words(&lines[0])), (1, text.to_owned()));
        // What no cut-down face can set is drawn; the words are there to be found, once.
        let drawn = text.chars().any(|c| ('\u{300}'..'\u{1000}').contains(&c));
        assert_eq!(lines[0].attribute("visibility"), drawn.then_some("hidden"), "{text}");
        let inside = embedded(&document);
        let inside: Vec<&[u8]> = inside.iter().map(Vec::as_slice).collect();
        let off = difference(&seen(&svg, page.size, &inside), &raster(&page, &fonts));
        assert!(off.mean < 0.6 && off.far < 0.002 && off.blurred < 48.0, "{text}: {off:?}");
    }
}

/// librsvg with the bundled fonts. It moves pairs of letters together whatever the file says, and so has some words
/// shorter; all else is where it should be.
#[test]
fn another_renderer_sees_it_too() {
    let page = page();
    let placed = place("page.svg", text(&page).as_bytes());
    let folder = placed.folder.path();
    let fonts = [("a.ttf", REGULAR), ("b.ttf", BOLD), ("c.ttf", epaint_default_fonts::HACK_REGULAR)];
    for (name, data) in fonts {
        fs::write(folder.join(name), data).unwrap();
    }
    let place = folder.to_str().unwrap();
    let config = format!("<fontconfig><dir>{place}</dir><cachedir>{place}/cache</cachedir></fontconfig>");
    fs::write(folder.join("fonts.conf"), config).unwrap();
    let target = folder.join("page.png");
    let mut command = Command::new("rsvg-convert");
    command.args(["-d", "300", "-p", "300", "-o"]).arg(&target).arg(&placed.path);
    if output("rsvg-convert", command.env("FONTCONFIG_FILE", folder.join("fonts.conf"))).is_none() {
        return;
    }
    let picture = on_white(read_png(&fs::read(target).unwrap()));
    let drawn = raster(&page, &Fonts::default());
    let off = difference(&picture, &drawn);
    println!("rsvg-convert: {off:?}");
    assert!(off.mean < 1.5 && off.far < 0.01, "{off:?}");
    assert_pixels_of_a_panel(&page, &picture, &drawn);
}
