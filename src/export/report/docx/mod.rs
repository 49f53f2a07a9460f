//! A report for Word: a package of parts as ISO/IEC 29500 has them.

mod body;
mod numbering;
mod package;
mod picture;
mod styles;
mod table;
mod words;

use self::body::Body;
use self::package::{Part, zip};
use super::pictures::Pictures;
use crate::export::ExportError;
use crate::export::xml::{Tag, escaped};
use crate::render::Fonts;
use crate::report::Report;

/// What every part begins with.
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATED: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE_RELATED: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const CONTENT: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
const CORE: &str = "application/vnd.openxmlformats-package.core-properties+xml";

/// The parts that are beside the document in every file: what they are to it, their name and their content.
const BESIDE: [(&str, &str); 5] = [
    ("styles", styles::STYLES),
    ("numbering", ""),
    ("settings", styles::SETTINGS),
    ("fontTable", styles::FONTS),
    ("footer", styles::FOOTER),
];

/// A tidy report as the bytes of a Word file. The same report gives the same bytes.
pub(super) fn docx(report: &Report, pictures: &Pictures, fonts: &Fonts) -> Result<Vec<u8>, ExportError> {
    let mut body = Body::new(pictures, fonts);
    body.report(&report.blocks);
    let mut parts = vec![
        Part::xml("[Content_Types].xml", content_types()),
        Part::xml("_rels/.rels", package_relations()),
        Part::xml("docProps/core.xml", core(&report.title)),
        Part::xml("word/document.xml", document(&body.xml)),
        Part::xml("word/_rels/document.xml.rels", relations(&body)),
    ];
    for (name, content) in BESIDE {
        let text = if name == "numbering" { numbering::numbering(&body.lists) } else { content.to_owned() };
        parts.push(Part::xml(format!("word/{name}.xml"), format!("{HEAD}{text}")));
    }
    for (place, png) in body.media.iter().enumerate() {
        parts.push(Part::picture(format!("word/media/{}", picture::file_name(place)), png));
    }
    zip(&parts)
}

fn content_types() -> String {
    let default = |ending: &str, kind: &str| {
        Tag::new("Default").with("Extension", ending).with("ContentType", kind).empty()
    };
    let part = |name: &str, kind: &str| {
        Tag::new("Override").with("PartName", name).with("ContentType", kind).empty()
    };
    let mut inner = default("rels", "application/vnd.openxmlformats-package.relationships+xml");
    inner += &default("xml", "application/xml");
    inner += &default("png", "image/png");
    inner += &part("/word/document.xml", &format!("{CONTENT}.document.main+xml"));
    for (name, _) in BESIDE {
        inner += &part(&format!("/word/{name}.xml"), &format!("{CONTENT}.{name}+xml"));
    }
    inner += &part("/docProps/core.xml", CORE);
    let types = Tag::new("Types")
        .with("xmlns", "http://schemas.openxmlformats.org/package/2006/content-types")
        .around(&inner);
    format!("{HEAD}{types}")
}

fn relation(id: &str, kind: &str, target: &str) -> Tag {
    Tag::new("Relationship").with("Id", id).with("Type", kind).with("Target", target)
}

fn all_relations(inner: &str) -> String {
    format!("{HEAD}{}", Tag::new("Relationships").with("xmlns", PACKAGE_RELATED).around(inner))
}

fn package_relations() -> String {
    let core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties";
    let document = relation("rId1", &format!("{RELATED}/officeDocument"), "word/document.xml").empty();
    all_relations(&(document + &relation("rId2", core, "docProps/core.xml").empty()))
}

/// What the document names by a number: the parts beside it, its pictures and where its links lead.
fn relations(body: &Body<'_>) -> String {
    let mut inner = String::new();
    for (name, _) in BESIDE {
        inner += &relation(name, &format!("{RELATED}/{name}"), &format!("{name}.xml")).empty();
    }
    for place in 0..body.media.len() {
        let target = format!("media/{}", picture::file_name(place));
        inner += &relation(&picture::relation(place), &format!("{RELATED}/image"), &target).empty();
    }
    for (place, to) in body.links.iter().enumerate() {
        let link = relation(&words::relation(place), &format!("{RELATED}/hyperlink"), to);
        inner += &link.with("TargetMode", "External").empty();
    }
    all_relations(&inner)
}

/// The title and nothing else: no author, no dates.
fn core(title: &str) -> String {
    let title = Tag::new("dc:title").around(&escaped(title));
    let properties = Tag::new("cp:coreProperties")
        .with("xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties")
        .with("xmlns:dc", "http://purl.org/dc/elements/1.1/")
        .around(&title);
    format!("{HEAD}{properties}")
}

fn document(body: &str) -> String {
    let inner = Tag::new("w:body").around(&format!("{body}{}", styles::SECTION));
    let document = Tag::new("w:document")
        .with("xmlns:w", MAIN)
        .with("xmlns:r", RELATED)
        .with("xmlns:wp", "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing")
        .with("xmlns:a", picture::DRAWING)
        .with("xmlns:pic", picture::PICTURE)
        .around(&inner);
    format!("{HEAD}{document}")
}
