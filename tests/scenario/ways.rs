//! Images from archives and media in a session: measured, saved, found again.

use std::path::Path;

use isodense::case::Kind;
use isodense::dicom::write::Syntax;
use isodense::session::{Action, Elements, ElementsOf, Tool};
use isodense::store;

use crate::drive::{Drive, FIRST};
use crate::zip::{self, deflated, files, stored};
use crate::{tiny, zip::Entry};

/// An archive of a small series, in folders of its own.
fn archive(root: &Path, name: &str, pack: fn(&str, &[u8]) -> Entry) {
    let folder = tiny::write(&root.join("made"), name, Syntax::Plain);
    let entries: Vec<Entry> =
        files(&folder).iter().map(|(name, bytes)| pack(&format!("DICOM/ST0/{name}"), bytes)).collect();
    zip::write(&root.join(format!("{name}.zip")), &entries);
    std::fs::remove_dir_all(root.join("made")).unwrap();
}

#[test]
fn a_measurement_on_an_image_from_an_archive_finds_it_again() {
    for pack in [stored, deflated] {
        let root = tempfile::tempdir().unwrap();
        let (old, new) = (root.path().join("old"), root.path().join("new"));
        std::fs::create_dir_all(&old).unwrap();
        archive(&old, "images", pack);
        let mut drive = Drive::open(&[old.join("images.zip")]);
        drive.apply(Action::Choose(Tool::Measure(Kind::Ellipse)));
        drive.drag([8.0, 4.0], [24.0, 15.0]);
        let lines = drive.session.marks(FIRST)[0].lines.clone();
        drive.apply(Action::SaveCase(old.join("case.json")));
        drop(drive);
        let case = store::load_case(&old.join("case.json")).unwrap();
        let folders: Vec<_> = case.sources.iter().map(|source| source.folder.as_str()).collect();
        assert_eq!(folders, ["images.zip"]);
        // Moved together, as a folder of images would be.
        std::fs::rename(&old, &new).unwrap();
        let mut drive = Drive::open(&[new.join("case.json")]);
        assert_eq!(drive.session.missing_images(), None);
        let id = case.measurements[0].id;
        drive.wait("the values", |session| matches!(session.values(id), Some(Ok(_))));
        assert_eq!(drive.session.marks(FIRST)[0].lines, lines);
        assert!(!drive.session.has_unsaved_changes());
        drop(drive);
        // The archive is gone, and found in another folder.
        std::fs::create_dir(root.path().join("far")).unwrap();
        std::fs::rename(new.join("images.zip"), root.path().join("far/renamed")).unwrap();
        let mut drive = Drive::open(&[new.join("case.json")]);
        assert_eq!(drive.session.missing_images(), Some(1));
        drive.apply(Action::FindMissing(Some(root.path().join("far"))));
        drive.settle();
        assert_eq!((drive.session.missing_images(), drive.session.marks(FIRST).len()), (None, 1));
        assert_eq!(std::fs::read_dir(&new).unwrap().count(), 1, "nothing is unpacked to disk");
    }
}

#[test]
fn an_archive_opened_twice_is_there_once_and_a_bad_one_says_why() {
    let root = tempfile::tempdir().unwrap();
    archive(root.path(), "images", deflated);
    let path = root.path().join("images.zip");
    let mut drive = Drive::open(std::slice::from_ref(&path));
    for again in [path.clone(), root.path().to_owned(), root.path().join(".").join("images.zip")] {
        drive.apply(Action::Open(vec![again]));
        drive.settle();
        assert_eq!(drive.session.library().browse()[0].files, tiny::SLICES);
        assert_eq!(drive.session.library().problems().count(), 0);
    }
    let text = b"no image";
    zip::write(&path, &[Entry { flags: 1, ..stored("a", text) }, Entry { flags: 1, ..stored("b", text) }]);
    let mut drive = Drive::new();
    drive.apply(Action::Open(vec![path]));
    drive.wait("the scan ends", |session| session.scan().is_none());
    assert!(drive.has_notice("No DICOM images were found.") && drive.has_notice("encrypted"));
    assert_eq!(drive.session.library().problem_counts().len(), 1);
}

#[test]
fn the_elements_of_an_image_in_an_archive_are_listed() {
    for pack in [stored, deflated] {
        let root = tempfile::tempdir().unwrap();
        archive(root.path(), "images", pack);
        let mut drive = Drive::open(&[root.path().join("images.zip")]);
        drive.apply(Action::WatchElements(Some(ElementsOf::Shown)));
        drive.wait("the elements", |session| {
            !matches!(session.elements(), Elements::None | Elements::Loading)
        });
        let Elements::Ready(list) = drive.session.elements() else {
            panic!("{:?}", drive.session.elements())
        };
        assert!(list.rows.iter().any(|row| row.tag() == "(0028,0010)"), "Rows is among the elements");
    }
}
