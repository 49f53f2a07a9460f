//! What is typed: found, refused, replaced, kept.

use std::io::Cursor;

use isodense::case::figure::FigureShape;
use isodense::session::{Action, Environment, FigureAction, FindingPlace, FindingSeverity, Session};
use tiff::tags::Tag;

use crate::desk::{Desk, VIEWPORT};
use crate::files::assert_clean;
use crate::zip;

#[test]
fn whatever_is_typed_from_the_headers_is_found_where_it_stands() {
    let mut desk = Desk::with_figure(&[]);
    assert_eq!(desk.places(), [], "captions that the program drafts, and the images");
    desk.type_everywhere();
    let expected = [
        ("title", "the patient's name"),
        ("heading of column 1", "the date or time of an examination"),
        ("heading of row 1", "the patient's number"),
        ("caption of (b)", "the date or time of an examination"),
        ("caption of (b)", "the date of birth"),
        ("text on (b)", "the name of a physician or operator"),
        ("words of measurement 1 on (a)", "the number of the order"),
        ("closing words", "the hospital or department"),
    ];
    assert_eq!(desk.places(), expected.map(|(place, what)| (place.to_owned(), what.to_owned())));
    let gate = desk.session.figure_findings(&desk.figure(), Some("/toboso/Fig 1 quixote.png".as_ref()));
    let last = gate.findings.iter().rfind(|finding| finding.at == FindingPlace::FileName).unwrap();
    assert_eq!((last.place.as_str(), &last.cure, last.kept), ("file name", &None, false));
    assert_eq!(gate.findings.len(), expected.len() + 1, "the folder does not leave with the file");
    assert!(gate.findings.iter().all(|finding| finding.severity == FindingSeverity::Blocks));
    assert_clean("the gate", format!("{gate:#?}").as_bytes());
    let title = &gate.findings[0];
    assert_eq!(&desk.figure().title[title.range.clone().unwrap()], "Zebulon Quixote");
    assert_eq!(title.text.reveal(), "Zebulon Quixote");
}

#[test]
fn nothing_leaves_before_it_is_decided_and_nothing_of_it_afterwards() {
    let mut desk = Desk::with_figure(&[]);
    desk.type_everywhere();
    let typed = desk.figure();
    let refused = desk.export("figure.png").unwrap_err();
    let named =
        "may say who the patient is. title: the patient's name (\u{201c}Meningioma of [\u{2026}]\u{201d}); ";
    assert!(refused.contains(named), "{refused}");
    assert!(refused.contains("; 5 more. Replace each, or keep it on purpose."), "{refused}");
    assert_clean("the refusal", refused.as_bytes());
    let mut steps = 0;
    while let Some(finding) = desk.open_findings().first() {
        desk.figure_does(FigureAction::Cure(finding.key.clone()));
        steps += 1;
        assert!(steps < 20, "a cure cures: {}", finding.place);
    }
    assert_eq!(steps, 8);
    let cured = desk.figure();
    assert_eq!(cured.title, "Meningioma of the patient");
    assert_eq!(cured.column_headings, ["CT at the first examination", "CT"]);
    assert_eq!(cured.row_headings, ["first"]);
    let second = &cured.panels[1];
    assert_eq!(second.caption.as_deref(), Some("Axial CT 14 days after the first examination, born"));
    assert_eq!(second.marks[0].shape, FigureShape::Text("The physician".to_owned()));
    assert_eq!(cured.closing, "Arrow: tumour (the institution).");
    assert_eq!(desk.session.case().measurements[0].label, "density");
    let refused = desk.export("Quixote.png").unwrap_err();
    assert!(refused.contains("file name: the patient's name"), "{refused}");

    assert_clean("the picture", &plain_png(&desk.export("figure.png").unwrap()));
    assert_clean("the picture", &plain_tiff(&desk.export("figure.tif").unwrap()));
    assert_clean("the picture", &plain_jpeg(&desk.export("figure.jpg").unwrap()));
    assert_clean("the picture", &desk.export("figure.svg").unwrap());
    assert_clean_pdf(&desk.export("figure.pdf").unwrap());
    let case = desk.folder.path().join("figure.json");
    desk.session.apply(Action::SaveCase(case.clone()));
    assert_clean("the case", &std::fs::read(&case).unwrap());
    for notice in desk.session.notices() {
        assert_clean("a notice", format!("{} {}", notice.summary, notice.details).as_bytes());
    }
    for _ in 0..steps {
        desk.session.apply(Action::Undo);
    }
    assert_eq!(desk.figure(), typed, "each cure is one step");
    assert_eq!(desk.session.case().measurements[0].label, "density ACC-55021");
}

#[test]
fn what_is_kept_on_purpose_leaves_and_nothing_else() {
    let mut desk = Desk::with_figure(&[]);
    desk.change(|figure| {
        "After Eisenhauer (2009)".clone_into(&mut figure.title);
        "Call 555-1234.".clone_into(&mut figure.closing);
    });
    let open = desk.open_findings();
    let whats: Vec<&str> = open.iter().map(|finding| finding.what.as_str()).collect();
    assert_eq!(whats, ["what looks like a year", "what looks like a telephone number"]);
    assert!(open.iter().all(|finding| finding.severity == FindingSeverity::Asks));
    for finding in &open {
        assert!(desk.export("figure.png").is_err());
        desk.figure_does(FigureAction::Keep(finding.key.clone()));
    }
    desk.figure_does(FigureAction::Keep("Zebulon Quixote".to_owned()));
    assert_eq!(desk.figure().kept, [open[0].key.clone(), open[1].key.clone()]);
    assert!(desk.gate().lets_through() && desk.gate().findings.iter().all(|finding| finding.kept));
    desk.export("figure.png").unwrap();
    // The same decision does not go over to other words.
    desk.change(|figure| "After Eisenhauer (2010)".clone_into(&mut figure.title));
    assert!(desk.export("figure.png").is_err());
    desk.session.apply(Action::Undo);
    assert!(desk.gate().lets_through());
    desk.figure_does(FigureAction::Unkeep(open[1].key.clone()));
    assert_eq!(desk.places(), [("closing words".to_owned(), open[1].what.clone())]);
    desk.session.apply(Action::Undo);
    assert!(desk.gate().lets_through());
    // The same words again are the same decision, wherever they stand.
    desk.change(|figure| "555-1234 or 555-1234".clone_into(&mut figure.closing));
    assert_eq!(desk.gate().findings.len(), 3);
    assert!(desk.gate().lets_through());
    desk.change(|figure| "555-1234 or 555-1235".clone_into(&mut figure.closing));
    assert_eq!(desk.open_findings().len(), 1);
}

#[test]
fn decisions_last_over_saving_and_opening() {
    let mut desk = Desk::with_figure(&[]);
    desk.type_everywhere();
    let keys: Vec<String> = desk.open_findings().into_iter().map(|finding| finding.key).collect();
    desk.figure_does(FigureAction::Keep(keys[0].clone()));
    desk.figure_does(FigureAction::Keep(keys[5].clone()));
    let case = desk.folder.path().join("images/figure.json");
    desk.session.apply(Action::SaveCase(case.clone()));
    let mut again = Desk { session: Session::new(Environment::for_tests()), folder: desk.folder };
    again.session.apply(Action::OpenCase(case));
    again.wait("the images", |session| session.scan().is_none() && !session.library().is_empty());
    again.show_figure();
    // Moving a panel changes its letter, not the decision.
    again.change(|figure| figure.move_panel(isodense::case::PanelId(2), 0));
    let gate = again.gate();
    let mut found: Vec<&str> = gate.findings.iter().map(|finding| finding.key.as_str()).collect();
    let mut expected: Vec<&str> = keys.iter().map(String::as_str).collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
    let kept: Vec<&str> = gate.findings.iter().filter(|one| one.kept).map(|one| one.key.as_str()).collect();
    assert_eq!(kept, [&keys[0], &keys[5]]);
}

#[test]
fn a_drafted_caption_that_names_the_patient_becomes_the_authors() {
    let mut desk = Desk::with_figure(&[]);
    // The name of a time point goes into the captions that the program drafts.
    desk.session.apply(Action::NameTimePoint(0, "Zebulon's operation".to_owned()));
    let places: Vec<String> = desk.places().into_iter().map(|(place, _)| place).collect();
    assert_eq!(places, ["caption of (a)", "caption of (b)"]);
    for finding in desk.open_findings() {
        desk.figure_does(FigureAction::Cure(finding.key));
    }
    assert_eq!(desk.places(), []);
    let captions: Vec<_> = desk.figure().panels.iter().map(|panel| panel.caption.clone().unwrap()).collect();
    assert!(
        captions[1].contains("14 days after the patient") && !captions[0].contains("Zebulon"),
        "{captions:?}"
    );
    // A cure never brings in what identifies: the date would be said by the name of its time point.
    desk.change(|figure| "CT of 2015-05-12".clone_into(&mut figure.title));
    let finding = desk.open_findings().remove(0);
    assert_eq!(finding.cure.as_deref(), Some(""));
}

#[test]
fn headers_in_an_archive_are_read_too_and_a_figure_waits_for_them() {
    let mut desk = Desk::open(&[]);
    let images = desk.folder.path().join("images/visit 1");
    let entries: Vec<_> = (0..6)
        .map(|slice| {
            zip::deflated(
                &format!("{slice}.dcm"),
                &std::fs::read(images.join(format!("{slice}.dcm"))).unwrap(),
            )
        })
        .collect();
    let archive = desk.folder.path().join("images.zip");
    zip::write(&archive, &entries);
    desk.session.apply(Action::CloseImages);
    desk.open_images(&archive);
    desk.figure_does(FigureAction::Send(VIEWPORT));
    // It is not shown: nobody has asked for its headers yet.
    assert!(desk.gate().reading > 0);
    desk.change(|figure| "Seen by Panza at ROCINANTE7".clone_into(&mut figure.title));
    let refused = desk.export("figure.png").unwrap_err();
    let quote = "(\u{201c}Seen by [\u{2026}] at [\u{2026}]\u{201d})";
    let expected = format!(
        "title: the name of a physician or operator {quote}; title: a value of the header (Station Name) {quote}. Replace"
    );
    assert!(refused.contains(&expected), "{refused}");
    desk.change(|figure| "Tumour".clone_into(&mut figure.title));
    desk.export("figure.png").unwrap();
}

/// Fails where the file, one of its streams or its text holds what was planted, or the text is not read at all.
fn assert_clean_pdf(bytes: &[u8]) {
    assert_clean("the file", bytes);
    let file = lopdf::Document::load_mem(bytes).unwrap();
    for object in file.objects.values() {
        let stream = object.as_stream().ok();
        let plain =
            stream.map(|stream| stream.decompressed_content().unwrap_or_else(|_| stream.content.clone()));
        assert_clean("a stream", &plain.unwrap_or_else(|| format!("{object:?}").into_bytes()));
    }
    let text = file.extract_text(&[1]).unwrap();
    assert!(text.contains("CT at the first examination") && text.contains("The physician"), "{text}");
    assert_clean("the text", text.as_bytes());
}

/// The pixels; fails where there is a chunk besides those of the picture.
fn plain_png(bytes: &[u8]) -> Vec<u8> {
    let mut at = 8;
    while at < bytes.len() {
        let length = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        let kind = &bytes[at + 4..at + 8];
        assert!([b"IHDR", b"pHYs", b"IDAT", b"IEND"].iter().any(|known| kind == *known), "{kind:?}");
        at += 12 + length;
    }
    let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    [bytes, &pixels].concat()
}

/// The pixels; fails where a tag holds text.
fn plain_tiff(bytes: &[u8]) -> Vec<u8> {
    let mut decoder = tiff::decoder::Decoder::new(Cursor::new(bytes)).unwrap();
    for tag in [
        Tag::ImageDescription,
        Tag::Software,
        Tag::DateTime,
        Tag::Artist,
        Tag::HostComputer,
        Tag::Copyright,
        Tag::Unknown(269),
        Tag::Unknown(700),
        Tag::Unknown(34665),
        Tag::Unknown(33723),
    ] {
        assert!(decoder.find_tag(tag).unwrap().is_none(), "{tag:?}");
    }
    let tiff::decoder::DecodingResult::U8(pixels) = decoder.read_image().unwrap() else { panic!("8 bits") };
    [bytes, &pixels].concat()
}

/// The pixels; fails where there is a comment or an application segment besides JFIF's.
fn plain_jpeg(bytes: &[u8]) -> Vec<u8> {
    let mut at = 2;
    while bytes[at + 1] != 0xDA {
        let marker = bytes[at + 1];
        assert!(marker == 0xE0 || !(0xE0..=0xEF).contains(&marker) && marker != 0xFE, "{marker:X}");
        at += 2 + usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
    }
    let pixels = jpeg_decoder::Decoder::new(Cursor::new(bytes)).decode().unwrap();
    [bytes, &pixels].concat()
}
