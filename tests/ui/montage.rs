//! The dialogues for a montage and for a film, by key and by label.

use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable as _;
use isodense::case::figure::LetterForm;

use super::{Bench, CT, film, sample};

#[test]
fn a_montage_and_a_film_are_asked_for_by_keys_and_labels() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::new();
    bench.keys(Modifiers::ALT, Key::C);
    bench.0.get_by_label_contains("There is no series.");
    bench.open(&sample().join(CT));
    bench.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::M);
    for name in ["First slice", "Last slice", "Every n-th", "Slices in a row"] {
        bench.0.get_by_role_and_label(Role::SpinButton, name);
    }
    bench.0.get_by_label_contains("19 slices in 4 rows");
    bench.click("Make the montage");
    let figure = bench.session().figure().expect("the montage is shown");
    assert_eq!((figure.panels.len(), figure.page.columns), (19, 5));
    assert_eq!((figure.letters.form, figure.title.contains("every 2nd slice")), (LetterForm::None, true));
    bench.key(Key::F9);

    let path = folder.path().join("film.gif");
    bench.keys(Modifiers::ALT, Key::C);
    bench.0.get_by_label_contains("38 frames of 512 x ");
    bench.0.get_by_role_and_label(Role::SpinButton, "Frames a second");
    bench.0.get_by_role_and_label(Role::SpinButton, "Width in pixels");
    bench.click("Export…");
    bench.type_path(&path);
    bench.wait_until("the film is written", |session| {
        session.writing().is_none() && session.written().is_some()
    });
    assert!(std::fs::read(&path).unwrap().starts_with(b"GIF89a"));
    bench.0.get_by_label_contains("The cine was written.");
}

#[test]
fn a_film_is_as_fast_as_its_file_says() {
    let folder = tempfile::tempdir().unwrap();
    film::film(folder.path());
    let mut bench = Bench::new();
    bench.open(folder.path());
    bench.keys(Modifiers::ALT, Key::C);
    bench.0.get_by_label_contains(", 5.0 s.");
}
