//! Whose names count, and where they stand in headers.

use isodense::session::Action;

use crate::desk::{DATES, Desk, VIEWPORT};
use crate::files::{self, assert_clean};

/// Another patient beside the one of the case, whose date no other image has.
fn with_another(desk: &mut Desk, name: &'static str) {
    let others = desk.folder.path().join("others");
    let planted =
        [(0x0010_0010, "PN", name), (0x0010_0020, "LO", "OTHER-9"), (0x0010_0030, "DA", "19500101")];
    desk.open_images(&files::write(&others, &["20160301"], &planted));
}

#[test]
fn only_the_patients_of_the_case_are_looked_for() {
    let mut desk = Desk::with_figure(&[]);
    desk.change(|figure| "Seen by Dulcinea, of Quixote".clone_into(&mut figure.title));
    with_another(&mut desk, "Dulcinea^Aldonza");
    desk.settle();
    assert_eq!(desk.places(), [("title".to_owned(), "the patient's name".to_owned())]);
    assert_eq!(desk.open_findings()[0].text.reveal(), "Quixote");
}

#[test]
fn where_a_case_uses_no_image_yet_every_open_patient_is_looked_for() {
    let mut desk = Desk::open(&[]);
    with_another(&mut desk, "Dulcinea^Aldonza");
    desk.show("20160301");
    let path = desk.folder.path().join("Dulcinea.png");
    desk.session.apply(Action::Leave(isodense::session::Leaving::View(
        VIEWPORT,
        path.clone(),
        isodense::export::ExportOptions::default(),
    )));
    desk.wait("it is asked", |session| session.asked_at_gate().is_some());
    assert!(!path.exists());
}

#[test]
fn names_that_stand_for_removed_ones_are_none() {
    let planted =
        [(0x0010_0010, "PN", "REMOVED^ANON"), (0x0010_0020, "LO", "Patient 01"), (0x0008_0090, "PN", "XXX")];
    let mut desk = Desk::with_figure(&planted);
    desk.change(|figure| "The tumour was removed; patient 01, XXX".clone_into(&mut figure.title));
    desk.settle();
    assert_eq!(desk.places(), []);
}

#[test]
fn names_in_comments_and_private_elements_are_found() {
    let planted = [
        (0x0010_0010, "PN", "ANON"),
        (0x0010_1001, "PN", "Saavedra^Miguel"),
        (0x0020_4000, "LT", "Scan of patient Gutierrez, repeated"),
        (0x0029_0010, "LO", "MAKER"),
        (0x0029_1010, "LO", "Galatea^Rosaura"),
    ];
    let mut desk = Desk::with_figure(&planted);
    for name in ["Saavedra", "Gutierrez", "Galatea"] {
        desk.change(|figure| format!("Meningioma of {name}").clone_into(&mut figure.title));
        desk.settle();
        let found = desk.open_findings();
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        assert_eq!(found[0].text.reveal(), name);
    }
    desk.change(|figure| "Scan of a patient, repeated".clone_into(&mut figure.title));
    assert_eq!(desk.places(), []);
}

#[test]
fn whoever_saves_a_case_is_asked_about_a_folder_that_names_the_patient() {
    let mut desk = Desk::open(&[]);
    let asked = |desk: &Desk| -> Vec<String> {
        let places = desk.session.places_asked().iter();
        places.map(|telling| format!("{}: {}", telling.place, telling.what)).collect()
    };
    desk.show(DATES[0]);
    desk.session.apply(Action::SaveCase(desk.folder.path().join("case.json")));
    assert!(asked(&desk).is_empty(), "the folders are called after visits");
    let named = desk.folder.path().join("QUIXOTE_ZEBULON");
    desk.open_images(&files::write(&named, &["20150601"], &[]));
    desk.show("20150601");
    let case = desk.folder.path().join("case.json");
    desk.session.apply(Action::SaveCase(case.clone()));
    assert_eq!(asked(&desk), ["folder of the images: the patient's name"]);
    assert_clean("what is asked", format!("{:?}", desk.session.places_asked()).as_bytes());
    desk.session.apply(Action::KeepPlaces);
    desk.session.apply(Action::SaveCase(case.clone()));
    assert!(asked(&desk).is_empty(), "once is enough");
    let (_, said) = crate::line::isodense(&["verify", case.to_str().unwrap()]);
    assert!(said.contains("folder of the images: the patient's name: rename it"), "{said}");
}
