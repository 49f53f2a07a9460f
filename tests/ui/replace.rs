//! A typed path that is taken: the window asks, as the system's own dialogues do.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use isodense::case::Case;
use isodense::store::{load_case, save_case, write_atomic};

use crate::{Bench, sample};

#[test]
fn a_file_that_is_there_is_replaced_only_after_a_question() {
    let root = tempfile::tempdir().expect("a folder");
    let other = root.path().join("other.json");
    save_case(&other, &Case { title: "somebody else's".to_owned(), ..Case::default() })
        .expect("it is written");
    let mut bench = Bench::new();
    bench.open(&sample().join("2015-05-12_CT"));
    let before = std::fs::read(&other).expect("it is there");

    bench.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
    bench.type_path(&other);
    bench.click("Choose another name");
    let mine = root.path().join("mine.json");
    bench.type_path(&mine);
    assert!(mine.is_file(), "a free name is not asked about");
    assert_eq!(std::fs::read(&other).expect("it is there"), before);

    bench.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
    bench.type_path(&other);
    bench.key(Key::Escape);
    assert!(bench.0.query_by_label("Replace").is_none());
    assert_eq!(std::fs::read(&other).expect("it is there"), before);

    bench.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
    bench.type_path(&other);
    bench.click("Replace");
    assert_eq!(load_case(&other).expect("a case").title, "");

    // Under its own name it is saved without a question.
    bench.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
    bench.type_path(&other);
    assert!(bench.0.query_by_label("Replace").is_none());
}

#[test]
fn an_image_is_not_replaced_whatever_is_answered() {
    let root = tempfile::tempdir().expect("a folder");
    let closed = root.path().join("table.csv");
    let bytes = std::fs::read(sample().join("2015-05-12_MR_T1/IM001.dcm")).expect("the sample");
    write_atomic(&closed, &bytes).expect("it is written");
    let mut bench = Bench::new();
    bench.open(&sample().join("2015-05-12_CT"));
    bench.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::E);
    bench.type_path(&closed);
    bench.click("Replace");
    assert_eq!(std::fs::read(&closed).expect("it is there"), bytes);
    let told = bench.session().notices().iter().any(|notice| notice.details.contains("DICOM"));
    assert!(told, "{:?}", bench.session().notices());
}
