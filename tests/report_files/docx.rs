//! The Word file, read by rawzip and roxmltree, by python-docx and by `LibreOffice`.

use std::collections::{BTreeMap, BTreeSet};

use isodense::export::ReportKind;
use isodense::report::Report;
use roxmltree::{Document, Node};

use crate::sample::{all_words, bytes, hostile, printable, report, split};
use crate::tools::{assert_in_order, office_pdf, place, python, unzip, words};

const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const WP: &str = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing";

/// The order of the schema (ISO/IEC 29500-1, annex A) among the elements that are written.
const ORDERS: [(&str, &[&str]); 10] = [
    (
        "pPr",
        &[
            "pStyle",
            "keepNext",
            "keepLines",
            "numPr",
            "pBdr",
            "shd",
            "spacing",
            "ind",
            "contextualSpacing",
            "jc",
            "outlineLvl",
        ],
    ),
    (
        "rPr",
        &[
            "rStyle",
            "rFonts",
            "b",
            "bCs",
            "i",
            "iCs",
            "strike",
            "noProof",
            "color",
            "sz",
            "szCs",
            "u",
            "shd",
            "vertAlign",
            "lang",
        ],
    ),
    ("tblPr", &["tblStyle", "tblW", "tblInd", "tblBorders", "tblLayout", "tblCellMar", "tblLook"]),
    ("tcPr", &["tcW", "shd"]),
    ("trPr", &["cantSplit", "tblHeader"]),
    ("sectPr", &["footerReference", "pgSz", "pgMar"]),
    ("numPr", &["ilvl", "numId"]),
    ("lvl", &["start", "numFmt", "lvlText", "lvlJc", "pPr"]),
    (
        "style",
        &[
            "name",
            "basedOn",
            "next",
            "uiPriority",
            "unhideWhenUsed",
            "qFormat",
            "pPr",
            "rPr",
            "tblPr",
            "tblStylePr",
        ],
    ),
    ("tbl", &["tblPr", "tblGrid", "tr"]),
];

/// The text of every part that has one, and the names of all of them in their order.
struct Package(BTreeMap<String, String>, Vec<String>);

impl Package {
    fn of(file: &[u8]) -> Self {
        let files = unzip(file);
        let names = files.iter().map(|(name, _)| name.clone()).collect();
        let texts = files.into_iter().filter(|(name, _)| !name.starts_with("word/media/"));
        Self(texts.map(|(name, data)| (name, String::from_utf8(data).unwrap())).collect(), names)
    }

    fn part(&self, name: &str) -> Document<'_> {
        Document::parse(&self.0[name]).unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

fn elements<'a>(document: &'a Document<'a>, name: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
    document.descendants().filter(move |node| node.has_tag_name((W, name)))
}

fn value<'a>(node: Node<'a, 'a>) -> &'a str {
    node.attribute((W, "val")).unwrap()
}

/// The words of the body; paragraphs and breaks are space.
fn body_text(document: &Document<'_>) -> String {
    let mut text = String::new();
    for node in document.descendants() {
        match node.tag_name().name() {
            "t" => text += node.text().unwrap_or_default(),
            "p" | "br" => text.push('\n'),
            _ => {}
        }
    }
    text
}

fn assert_sound(name: &str, report: &Report) -> Package {
    let package = Package::of(&bytes(report, ReportKind::Docx));
    let document = package.part("word/document.xml");
    for part in package.0.keys() {
        for (parent, order) in ORDERS {
            for node in package.part(part).descendants().filter(|node| node.has_tag_name((W, parent))) {
                let names: Vec<&str> =
                    node.children().filter(Node::is_element).map(|child| child.tag_name().name()).collect();
                let places: Vec<usize> = names
                    .iter()
                    .map(|name| {
                        order
                            .iter()
                            .position(|known| known == name)
                            .unwrap_or_else(|| panic!("{parent} {name}"))
                    })
                    .collect();
                assert!(places.is_sorted(), "{name} {part} {parent} {names:?}");
                assert!(parent == "tbl" || names.iter().collect::<BTreeSet<_>>().len() == names.len());
            }
        }
    }
    // The file begins with its content types, and every part has one.
    assert_eq!(package.1[0], "[Content_Types].xml");
    let types = package.part("[Content_Types].xml");
    let typed = |attribute: &str| {
        types
            .root_element()
            .children()
            .filter_map(|node| node.attribute(attribute).map(str::to_owned))
            .collect::<BTreeSet<_>>()
    };
    let (endings, parts) = (typed("Extension"), typed("PartName"));
    for part in &package.1 {
        let ending = part.rsplit('.').next().unwrap();
        assert!(
            parts.contains(&format!("/{part}"))
                || (endings.contains(ending) && ending != "xml")
                || part == "[Content_Types].xml",
            "{part}"
        );
    }
    assert!(parts.iter().all(|part| package.1.contains(&part[1..].to_owned())));
    assert_relations(&package, &document);
    assert_styles(&package, &document);
    assert!(printable(&split(&body_text(&document))) == printable(&all_words(report)), "{name}");
    package
}

fn assert_relations(package: &Package, document: &Document<'_>) {
    let relations = package.part("word/_rels/document.xml.rels");
    let mut ids = BTreeMap::new();
    for node in relations.root_element().children() {
        let target = node.attribute("Target").unwrap();
        if node.attribute("TargetMode").is_none() {
            assert!(package.1.contains(&format!("word/{target}")), "{target}");
        }
        assert!(ids.insert(node.attribute("Id").unwrap(), target).is_none());
    }
    for node in document.descendants() {
        for attribute in node.attributes().filter(|a| a.namespace() == Some(R)) {
            assert!(ids.contains_key(attribute.value()), "{}", attribute.value());
        }
    }
    let package_relations = package.part("_rels/.rels");
    for node in package_relations.root_element().children() {
        assert!(package.1.contains(&node.attribute("Target").unwrap().to_owned()));
    }
}

/// Every style and numbering that is named is there.
fn assert_styles(package: &Package, document: &Document<'_>) {
    let styles = package.part("word/styles.xml");
    let known: BTreeSet<&str> =
        elements(&styles, "style").map(|node| node.attribute((W, "styleId")).unwrap()).collect();
    for naming in ["pStyle", "rStyle", "tblStyle", "basedOn", "next"] {
        for part in [document, &styles] {
            for node in part.descendants().filter(|node| node.has_tag_name((W, naming))) {
                assert!(known.contains(node.attribute((W, "val")).unwrap()), "{node:?}");
            }
        }
    }
    let numbering = package.part("word/numbering.xml");
    let numbers: BTreeSet<String> =
        elements(&numbering, "num").map(|node| node.attribute((W, "numId")).unwrap().to_owned()).collect();
    for node in document.descendants().filter(|node| node.has_tag_name((W, "numId"))) {
        assert!(numbers.contains(node.attribute((W, "val")).unwrap()));
    }
}

#[test]
fn every_part_is_sound_and_every_word_is_in_its_order() {
    assert_sound("sample", &report());
    for (name, report) in hostile() {
        assert_sound(name, &report);
    }
}

#[test]
fn paragraphs_have_the_styles_of_word() {
    let package = assert_sound("sample", &report());
    let document = package.part("word/document.xml");
    let used: Vec<&str> = elements(&document, "pStyle").map(value).collect();
    for style in [
        "Title",
        "Heading1",
        "Heading2",
        "Heading3",
        "Heading4",
        "Heading5",
        "ListBullet",
        "ListNumber",
        "ListContinue",
        "Quote",
        "Code",
        "Caption",
        "Figure",
        "Rule",
        "TableHead",
        "TableText",
    ] {
        assert!(used.contains(&style), "{style}");
    }
    // Each numbered list begins anew.
    let numbering = package.part("word/numbering.xml");
    let starts: Vec<&str> = elements(&numbering, "startOverride").map(value).collect();
    assert_eq!(starts, ["1", "3"]);
    let heads = elements(&document, "tblHeader").count();
    assert_eq!((heads, elements(&document, "tbl").count()), (2, 2));
    let links = package.part("word/_rels/document.xml.rels");
    let to: Vec<&str> = links
        .root_element()
        .children()
        .filter(|n| n.attribute("TargetMode").is_some())
        .map(|n| n.attribute("Target").unwrap())
        .collect();
    assert_eq!(to, ["https://example.org/criteria?v=1.1&part=2#sum", "mailto:reader@example.org"]);
    // Title and nothing else.
    assert!(
        package.0["docProps/core.xml"]
            .contains("<dc:title>Follow-up of two lesions</dc:title></cp:coreProperties>")
    );
}

#[test]
fn pictures_have_their_size_on_paper_and_what_they_show() {
    let package = assert_sound("sample", &report());
    let document = package.part("word/document.xml");
    let sizes: Vec<[f64; 2]> = document
        .descendants()
        .filter(|node| node.has_tag_name((WP, "extent")))
        .map(|node| ["cx", "cy"].map(|side| node.attribute(side).unwrap().parse::<f64>().unwrap() / 36_000.0))
        .collect();
    let expected = [[90.0, 60.0], [160.0, 160.0 / 3.0], [70.0 * 215.0 / 400.0, 215.0]];
    assert_eq!(sizes.len(), 3);
    for (size, expected) in sizes.iter().zip(expected) {
        assert!(size.iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.001), "{size:?}");
    }
    let described: Vec<&str> = document
        .descendants()
        .filter(|node| node.has_tag_name((WP, "docPr")))
        .map(|node| node.attribute("descr").unwrap())
        .collect();
    assert_eq!(described[0], "Described1: a \"disc\" & a line");
    for (_, data) in
        unzip(&bytes(&report(), ReportKind::Docx)).iter().filter(|(name, _)| name.starts_with("word/media/"))
    {
        assert!(data.starts_with(b"\x89PNG"));
    }
}

#[test]
fn another_library_finds_the_same_paragraphs_and_tables() {
    let placed = place("report.docx", &bytes(&report(), ReportKind::Docx));
    let program = "import docx, sys\n\
        d = docx.Document(sys.argv[1])\n\
        print(d.core_properties.title, '|', d.core_properties.author, '|', len(d.tables), len(d.inline_shapes))\n\
        for p in d.paragraphs: print(p.style.name, '|', p.text)\n\
        for t in d.tables:\n\
        \x20 for r in t.rows: print('row', '|', ' '.join(c.text for c in r.cells))\n";
    let Some(seen) = python("docx", program, placed.path.to_str().unwrap()) else { return };
    assert!(seen.starts_with("Follow-up of two lesions |  | 2 3\n"), "{seen}");
    for line in [
        "Title | Follow-up of two lesions — Größe, HU und Verlauf",
        "Heading 1 | What was done",
        "List Number | Open the case",
        "List Bullet | axial, soft tissue",
        "Caption | Figure 4. Legend of figure 4: window 40/400 HU, axial plane.",
    ] {
        assert!(seen.contains(line), "{line} is not in\n{seen}");
    }
    assert!(seen.contains("row | A | left 12.4 −21 % grew\nagain\n"), "{seen}");
}

#[test]
fn an_office_program_prints_every_word() {
    let placed = place("report.docx", &bytes(&report(), ReportKind::Docx));
    let Some(pdf) = office_pdf(&placed) else { return };
    let Some(text) = words("pdftotext", &["-raw", pdf.to_str().unwrap(), "-"]) else { return };
    let letters =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).map(String::from).collect::<Vec<_>>();
    assert_in_order(&letters(&all_words(&report()).concat()), &letters(&text));
}
