//! Key images and overlays by keys and accessible labels.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::{Bench, CT, FIRST, sample};

#[test]
fn key_images_are_marked_walked_through_moved_and_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    bench.0.get_by_label("Key images (0)");
    bench.key(Key::Home);
    bench.keys(Modifiers::COMMAND, Key::K);
    bench.0.get_by_label("The view is a key image now.");
    bench.key(Key::ArrowDown);
    bench.key(Key::I);
    bench.keys(Modifiers::COMMAND, Key::K);
    bench.0.get_by_label("Key images (2)");
    bench.click("Key image 1");
    let inverted = |bench: &Bench| bench.session().shown(FIRST).unwrap().viewport.view.look.inverted;
    assert_eq!((bench.index(), inverted(&bench)), (0, false));
    bench.keys(Modifiers::SHIFT, Key::K);
    assert_eq!((bench.index(), inverted(&bench)), (1, true));
    bench.keys(Modifiers::SHIFT, Key::K);
    assert_eq!(bench.index(), 0, "round again");
    bench.keys(Modifiers::ALT, Key::PageDown);
    bench.click("Key image 1");
    assert_eq!(bench.index(), 1);
    bench.keys(Modifiers::SHIFT, Key::Enter);
    bench.0.get_by_label("Label of key image 1").type_text("Widest part");
    bench.steps(2);
    bench.key(Key::Enter);
    assert_eq!(bench.session().case().key_images[0].label, "Widest part");
    bench.click("Delete key image 2");
    assert_eq!(bench.session().case().key_images.len(), 1);
    bench.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(bench.session().case().key_images.len(), 2);
    bench.click("Key image 1");
    bench.keys(Modifiers::SHIFT, Key::Delete);
    assert_eq!(bench.session().case().key_images[0].label, "", "the other one is left");
    bench.keys(Modifiers::COMMAND, Key::Z);
    bench.click("Move key image 2 up");
    assert_eq!(bench.session().case().key_images[1].label, "Widest part");
    bench.keys(Modifiers::COMMAND, Key::S);
    bench.type_path(&folder.path().join("case.json"));
    bench.wait_until("it is saved", |session| !session.has_unsaved_changes());
    let kept = isodense::store::load_case(&folder.path().join("case.json")).unwrap();
    assert_eq!(kept.key_images, bench.session().case().key_images);
}

#[test]
fn an_overlay_is_chosen_by_key_and_both_values_are_said() {
    let mut bench = Bench::new();
    bench.open(&sample());
    bench.wait_until("all ten series", |session| session.library().browse().len() == 10);
    let of = |session: &isodense::session::Session, date: &str, modality: &str| {
        let is = |s: &&&std::sync::Arc<isodense::image::Series>| {
            s.study.date.as_deref() == Some(date) && s.info.modality == modality
        };
        session.library().browse().iter().find(is).expect("the series is open").key()
    };
    let ct = of(bench.session(), "20150512", "CT");
    for _ in 0..10 {
        if bench.session().workspace().viewport(FIRST).is_some_and(|viewport| viewport.series == ct) {
            break;
        }
        bench.key(Key::ArrowRight);
    }
    bench.keys(Modifiers::SHIFT, Key::B);
    bench.wait_until("every frame of the overlay is there", |session| {
        let shown = session.shown(FIRST).expect("the CT is shown");
        session.samples(shown.frame).is_some()
            && session.over(&shown).is_some_and(|(_, s)| session.library().loaded(s) == s.frames.len())
    });
    let at = bench.screen(128.0, 160.0);
    bench.0.hover_at(at);
    bench.steps(2);
    let status = bench.0.state().status().expect("the pointer is over the image");
    assert!(status.contains(" HU") && status.contains(" interpolated (MR"), "{status}");
    let opacity =
        |bench: &Bench| bench.session().workspace().viewport(FIRST).unwrap().over.clone().map(|o| o.opacity);
    let before = opacity(&bench).expect("it lies there");
    bench.key(Key::Quote);
    assert!((opacity(&bench).unwrap() - before - 0.1).abs() < 1e-6);
    for _ in 0..12 {
        bench.key(Key::Semicolon);
    }
    assert_eq!(opacity(&bench), Some(0.0));
    bench.click("Overlay: on");
    bench.0.get_by_label("Overlay opacity");
    bench.click("No overlay");
    assert_eq!(opacity(&bench), None);
}
