//! What other readers than the program find in its reports.

use std::fs;
use std::path::Path;

use data_encoding::BASE64;
use isodense::export::ReportKind;

use crate::tools;

/// Asserts that every reader that is there finds these words in a report; what else holds of the text is `also`'s.
pub(crate) fn assert_in(path: &Path, expected: &[String], also: impl Fn(&str, &str)) {
    for (reader, text) in texts(path) {
        let text = squeezed(&text);
        for value in expected {
            assert!(text.contains(&squeezed(value)), "{} by {reader}: {value}\n{text}", path.display());
        }
        also(reader, &text);
    }
}

/// The text of a report by each reader that is there.
pub(crate) fn texts(path: &Path) -> Vec<(&'static str, String)> {
    let bytes = fs::read(path).unwrap();
    match ReportKind::of(path).unwrap() {
        ReportKind::Markdown => {
            let text = String::from_utf8(bytes).unwrap();
            vec![("plain text", text.replace('\\', "").replace("<br>", "\n"))]
        }
        ReportKind::Html => vec![("roxmltree", html_text(&String::from_utf8(bytes).unwrap()))],
        ReportKind::Docx => {
            let mut texts = vec![("roxmltree", docx_text(&bytes))];
            let python = tools::python("docx", PYTHON_DOCX, path.to_str().unwrap());
            texts.extend(python.map(|text| ("python-docx", text)));
            texts
        }
        ReportKind::Pdf => {
            let mut texts = vec![("lopdf", pdf_text(&bytes))];
            let words = tools::words("pdftotext", &["-raw", path.to_str().unwrap(), "-"]);
            texts.extend(words.map(|text| ("pdftotext", text)));
            texts
        }
    }
}

const PYTHON_DOCX: &str = "
import sys, docx
document = docx.Document(sys.argv[1])
for paragraph in document.paragraphs:
    print(paragraph.text)
for table in document.tables:
    for row in table.rows:
        for cell in row.cells:
            print(cell.text)
";

fn html_text(file: &str) -> String {
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let tree = roxmltree::Document::parse_with_options(file, options).unwrap();
    let body = tree.descendants().find(|node| node.has_tag_name("body")).unwrap();
    body.descendants().filter(roxmltree::Node::is_text).filter_map(|node| node.text()).collect()
}

fn docx_text(bytes: &[u8]) -> String {
    let files = tools::unzip(bytes);
    let (_, document) = files.iter().find(|(name, _)| name == "word/document.xml").unwrap();
    let document = String::from_utf8(document.clone()).unwrap();
    let tree = roxmltree::Document::parse(&document).unwrap();
    let words = tree.descendants().filter(|node| node.tag_name().name() == "t");
    words.filter_map(|node| node.text()).collect()
}

pub(crate) fn pdf_text(bytes: &[u8]) -> String {
    let file = lopdf::Document::load_mem(bytes).unwrap();
    let pages: Vec<u32> = file.get_pages().into_keys().collect();
    file.extract_text(&pages).unwrap()
}

/// The text without space: lines are broken elsewhere in each kind.
pub(crate) fn squeezed(text: &str) -> String {
    // The signs of print count as those that are typed: who sets them is tested by itself.
    isodense::typography::plain(text).chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// Every text in a file: its entries and streams as they are and unpacked, and what lies in a folder beside it.
pub(crate) fn everything(path: &Path) -> Vec<(String, Vec<u8>)> {
    let bytes = fs::read(path).unwrap();
    assert!(!bytes.is_empty(), "{}", path.display());
    let mut all = match ReportKind::of(path).unwrap() {
        ReportKind::Markdown => beside(path),
        ReportKind::Html => pictures_in(&String::from_utf8(bytes.clone()).unwrap()),
        ReportKind::Docx => tools::unzip(&bytes),
        ReportKind::Pdf => streams(&bytes),
    };
    all.push(("the file".to_owned(), bytes));
    let chunks: Vec<(String, Vec<u8>)> =
        all.iter().filter(|(_, bytes)| bytes.starts_with(b"\x89PNG")).map(pixels_of_png).collect();
    all.extend(chunks);
    all
}

fn beside(path: &Path) -> Vec<(String, Vec<u8>)> {
    let name = format!("{}-figures", path.file_stem().unwrap().to_str().unwrap());
    let Ok(files) = fs::read_dir(path.with_file_name(name)) else { return Vec::new() };
    let file = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.unwrap().path();
        (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap())
    };
    files.map(file).collect()
}

fn pictures_in(file: &str) -> Vec<(String, Vec<u8>)> {
    let pictures = file.split("data:image/png;base64,").skip(1);
    pictures
        .enumerate()
        .map(|(at, rest)| {
            (format!("picture {at}"), BASE64.decode(rest.split('"').next().unwrap().as_bytes()).unwrap())
        })
        .collect()
}

fn streams(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let file = lopdf::Document::load_mem(bytes).unwrap();
    let plain = |(id, object): (&lopdf::ObjectId, &lopdf::Object)| {
        let stream = object.as_stream().ok();
        let content =
            stream.map(|stream| stream.decompressed_content().unwrap_or_else(|_| stream.content.clone()));
        let words = format!("{object:?}").into_bytes();
        (format!("object {id:?}"), [words, content.unwrap_or_default()].concat())
    };
    let mut all: Vec<(String, Vec<u8>)> = file.objects.iter().map(plain).collect();
    all.push(("trailer".to_owned(), format!("{:?}", file.trailer).into_bytes()));
    all.push(("text".to_owned(), pdf_text(bytes).into_bytes()));
    all
}

/// Its pixels; fails where a chunk could hold text.
fn pixels_of_png((name, bytes): &(String, Vec<u8>)) -> (String, Vec<u8>) {
    let mut at = 8;
    while at < bytes.len() {
        let length = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        let kind = &bytes[at + 4..at + 8];
        assert!([b"IHDR", b"pHYs", b"IDAT", b"IEND"].iter().any(|known| kind == *known), "{name}: {kind:?}");
        at += 12 + length;
    }
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    (format!("pixels of {name}"), pixels)
}
