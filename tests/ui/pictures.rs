//! A picture joins the case, gets its words and leaves again, by keys and accessible labels.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::{Bench, FIRST};

fn png() -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 40, 30);
    encoder.set_color(png::ColorType::Rgb);
    encoder.add_text_chunk("Author".to_owned(), "Quillfeather".to_owned())?;
    encoder.write_header()?.write_image_data(&[120; 40 * 30 * 3])?;
    Ok(bytes)
}

#[test]
fn a_picture_is_added_described_and_removed() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("stain.png");
    isodense::store::write_atomic(&path, &png().unwrap()).unwrap();
    let mut bench = Bench::with_state(Some(root.path().join("state")));
    assert!(bench.0.query_by_label("Pictures").is_none());
    bench.keys(Modifiers::COMMAND, Key::I);
    bench.type_path(&path);
    bench.wait_until("the picture shows", |session| {
        session.shown(FIRST).is_some_and(|shown| session.samples(shown.frame).is_some())
    });
    bench.0.get_by_label("The picture 1 was added to the case.");
    bench.0.get_by_label("Pictures");
    bench.type_into("Caption of picture 1", "Elastica stain");
    bench.0.get_by_label("Magnification of picture 1").focus();
    bench.steps(3);
    assert_eq!(bench.session().case().pictures[0].caption, "Elastica stain");
    bench.0.get_by_label("Magnification of picture 1").type_text("x40");
    bench.steps(2);
    bench.key(Key::Enter);
    bench.keys(Modifiers::COMMAND, Key::S);
    let case = root.path().join("case.json");
    bench.type_path(&case);
    bench.wait_until("it is saved", |session| !session.has_unsaved_changes());
    let kept = isodense::store::load_case(&case).unwrap();
    assert_eq!(kept.pictures[0].words(), "Elastica stain, x40");
    bench.click("Remove picture 1 from the case");
    assert!(bench.session().case().pictures.is_empty() && bench.session().shown(FIRST).is_none());
    bench.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(bench.session().case().pictures, kept.pictures);
}
