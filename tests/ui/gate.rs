//! The dialogue before a view, a film or a table leaves, by key and by label.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::{Bench, CT, sample};

const CTRL_SHIFT: Modifiers = Modifiers { ctrl: true, command: true, shift: true, ..Modifiers::NONE };

#[test]
fn what_names_the_patient_is_replaced_or_kept_before_a_view_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    bench.key(Key::D);
    bench.drag(bench.screen(60.0, 70.0), bench.screen(110.0, 90.0));
    let before = bench.session().case().measurements[0].label.clone();
    bench.type_into("Label of length 1", "of Sample, Isodense");
    bench.key(Key::Enter);
    bench.key(Key::Escape);
    let path = folder.path().join("view.png");
    let place = "words of measurement 1: the patient's name";
    let ask = |bench: &mut Bench| {
        bench.keys(Modifiers::COMMAND, Key::E);
        bench.click("Export…");
        bench.type_path(&path);
        bench.wait_until("it is asked", |session| session.asked_at_gate().is_some());
        bench.steps(2);
    };
    ask(&mut bench);
    bench.0.get_by_label("Before the picture leaves");
    bench.0.get_by_label("1 to decide");
    bench.key(Key::Escape);
    assert!(bench.session().leaving().is_none() && !path.exists());
    assert_eq!(bench.session().case().measurements[0].label, "of Sample, Isodense");

    ask(&mut bench);
    bench.click(&format!("Write \u{201c}the patient\u{201d}: {place}"));
    assert_eq!(bench.session().case().measurements[0].label, "of the patient");
    bench.click("Export");
    bench.wait_until("it is written", |session| session.leaving().is_none() && session.writing().is_none());
    assert!(path.exists());
    for _ in 0..2 {
        bench.keys(Modifiers::COMMAND, Key::Z);
    }
    assert_eq!(bench.session().case().measurements[0].label, before);

    let table = folder.path().join("table.csv");
    bench.keys(CTRL_SHIFT, Key::E);
    bench.type_path(&table);
    bench.wait_until("it is asked", |session| session.asked_at_gate().is_some());
    bench.steps(2);
    bench.click("Remove: columns of UIDs: with access to the archive a UID leads to the patient");
    bench.click("Export");
    bench.steps(2);
    assert!(table.exists());
}

/// UX 36: the sentence of each finding is seen, all of a kind are kept at once, and nothing moves under the pointer.
#[test]
fn the_dialogue_shows_sentences_and_keeps_its_height() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::new();
    bench.open(&sample().join(CT));
    bench.key(Key::D);
    bench.drag(bench.screen(60.0, 70.0), bench.screen(110.0, 90.0));
    let years = "as in 1990, 1991, 1992, 1993, 1994, 1995, 1996, 1997, 1998, 1999, 2000 and of Isodense";
    bench.type_into("Label of length 1", years);
    bench.key(Key::Enter);
    bench.key(Key::Escape);
    let path = folder.path().join("view.png");
    bench.keys(Modifiers::COMMAND, Key::E);
    bench.click("Export…");
    bench.type_path(&path);
    bench.wait_until("it is asked", |session| session.asked_at_gate().is_some());
    bench.steps(2);
    let places = |bench: &Bench| {
        ["Before the picture leaves", "Export"].map(|label| bench.0.get_by_label(label).rect().top())
    };
    let first = places(&bench);
    bench.steps(5);
    let moved =
        |now: [f32; 2]| now.iter().zip(first).map(|(now, then)| (now - then).abs()).fold(0.0, f32::max);
    assert!(moved(places(&bench)) < 0.5, "it opens as high as it stays");
    assert!(first[1] - first[0] > 300.0, "{first:?}");
    assert!(bench.0.query_all_by_label_contains("as in 1990, 1991, 1992").count() > 0, "no sentence is seen");
    bench.click("Keep all 11: what looks like a year");
    bench.steps(3);
    bench.0.get_by_label("1 to decide");
    assert!((places(&bench)[0] - first[0]).abs() < 0.5, "it stays where it was");
    assert!(bench.session().asked_at_gate().unwrap().open().count() == 1);
}
