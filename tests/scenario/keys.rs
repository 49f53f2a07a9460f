//! Views that are kept with the case: key images, and the layout as it was.

use std::fs;
use std::sync::Arc;

use glam::DVec2;
use isodense::case::{Edit, KeyImageId};
use isodense::dicom::write::Syntax;
use isodense::geometry::Mm;
use isodense::image::Window;
use isodense::session::{Action, Cut, Layout, Viewport, ViewportId};
use isodense::store;
use isodense::view::{ColorMap, Framing, Interpolation, Look, Slab, SlabMode, ViewportSize};

use crate::drive::{CT, Drive, FIRST, assert_nameless, sample, shown};
use crate::tiny;

const SECOND: ViewportId = ViewportId(1);
const T1: &str = "2015-05-12_MR_T1";

/// Turns, mirrors, moves and windows the first viewport in ways that no default has.
fn strange(drive: &mut Drive) {
    let framing = Framing {
        center: DVec2::new(3.25, 6.5),
        height: Mm(9.125),
        turn: std::f64::consts::FRAC_PI_2,
        mirrored: true,
    };
    drive.apply(Action::SetFraming(FIRST, framing));
    let look = Look {
        inverted: true,
        colors: ColorMap::Viridis,
        interpolation: Interpolation::Cubic,
        ..Look::with_window(Window::linear(-812.5, 333.25))
    };
    drive.apply(Action::SetLook(FIRST, look));
}

#[test]
fn a_key_image_shows_exactly_its_view_again() {
    let root = tempfile::tempdir().unwrap();
    let mut drive = Drive::open(&[tiny::write(root.path(), "images", Syntax::Plain)]);
    drive.apply(Action::NextKeyImage);
    assert!(drive.has_notice("There are no key images."));
    drive.apply(Action::GoToSlice(FIRST, 2));
    strange(&mut drive);
    let first = drive.viewport().clone();
    drive.apply(Action::MarkKeyImage(FIRST));
    assert!(drive.has_notice("It is key image 1."));
    drive.apply(Action::MarkKeyImage(FIRST));
    assert!(drive.has_notice("This view is a key image already."));
    drive.apply(Action::SetCut(FIRST, Cut::Coronal));
    drive.apply(Action::SetSlab(FIRST, Slab { thickness: Mm(2.5), mode: SlabMode::Mip }));
    let second = drive.viewport().clone();
    drive.apply(Action::MarkKeyImage(FIRST));
    assert_eq!(drive.session.case().key_images.len(), 2);
    assert!(drive.session.has_unsaved_changes() && !drive.session.case().is_blank());
    drive.apply(Action::SetCut(FIRST, Cut::Sagittal));
    // The last one was marked last: on from there, round and round.
    for view in [&first, &second, &first] {
        drive.apply(Action::NextKeyImage);
        assert_eq!(drive.viewport(), view);
    }
    assert_eq!(drive.session.key_image(), Some(KeyImageId(1)));
}

#[test]
fn key_images_are_moved_labelled_deleted_undone_and_kept() {
    let root = tempfile::tempdir().unwrap();
    let case = root.path().join("case.json");
    let mut drive = Drive::open(&[tiny::write(root.path(), "images", Syntax::Plain)]);
    for index in 0..3 {
        drive.apply(Action::GoToSlice(FIRST, index));
        drive.apply(Action::MarkKeyImage(FIRST));
    }
    let ids = |drive: &Drive| drive.session.case().key_images.iter().map(|key| key.id.0).collect::<Vec<_>>();
    assert_eq!(ids(&drive), [1, 2, 3]);
    drive.apply(Action::Commit(Edit::MoveKey(KeyImageId(3), -1)));
    drive.apply(Action::Commit(Edit::MoveKey(KeyImageId(1), 9)));
    assert_eq!(ids(&drive), [3, 2, 1]);
    drive.apply(Action::Commit(Edit::RelabelKey(KeyImageId(2), "the middle".to_owned())));
    drive.apply(Action::Commit(Edit::RemoveKey(KeyImageId(3))));
    assert_eq!(ids(&drive), [2, 1]);
    drive.apply(Action::Undo);
    assert_eq!((ids(&drive), drive.session.history().redo_name()), (vec![3, 2, 1], Some("delete key image")));
    drive.apply(Action::Commit(Edit::RemoveKey(KeyImageId(77))));
    assert!(drive.has_notice("there is no key image of the number 77"));
    drive.apply(Action::SaveCase(case.clone()));
    let bytes = fs::read(&case).unwrap();
    assert_nameless("the case file", &bytes);
    let kept = store::load_case(&case).unwrap();
    assert_eq!(kept.key_images, drive.session.case().key_images);
    assert_eq!(kept.sources.len(), 1, "the images of a key image are found again");

    // On another day, without the images at first.
    let mut drive = Drive::new();
    fs::rename(root.path().join("images"), root.path().join("moved")).unwrap();
    drive.apply(Action::OpenCase(case));
    drive.apply(Action::GoToKeyImage(KeyImageId(2)));
    assert!(drive.has_notice("The image of this key image is not open."));
    drive.apply(Action::FindMissing(Some(root.path().join("moved"))));
    drive.settle();
    drive.apply(Action::GoToKeyImage(KeyImageId(2)));
    assert_eq!(drive.shown().index, 1);
    assert!(!drive.session.has_unsaved_changes(), "looking changes nothing");
}

#[test]
fn the_layout_and_every_view_come_back_with_the_case() {
    let root = tempfile::tempdir().unwrap();
    let case = root.path().join("case.json");
    let mut drive = Drive::open(&[sample(CT), sample(T1)]);
    let (ct, t1) = (drive.series("20150512", "CT").key(), drive.series("20150512", "MR").key());
    drive.apply(Action::SetLayout(Layout { columns: 2, rows: 2 }));
    drive.apply(Action::ShowSeries(FIRST, ct.clone()));
    drive.apply(Action::GoToSlice(FIRST, 9));
    drive.settle();
    strange(&mut drive);
    drive.apply(Action::ShowSeries(SECOND, t1.clone()));
    drive.apply(Action::SetCut(SECOND, Cut::Sagittal));
    drive.apply(Action::ShowSeries(ViewportId(3), ct.clone()));
    let over = drive.session.first_over(&t1);
    drive.apply(Action::SetOver(ViewportId(3), over));
    drive.settle();
    drive.apply(Action::Activate(SECOND));
    let before: Vec<(ViewportId, Viewport)> =
        shown(&drive.session).map(|(id, shown)| (id, shown.viewport.clone())).collect();
    assert_eq!(before.len(), 3, "the third place is empty");
    drive.apply(Action::SaveCase(case.clone()));
    assert!(!drive.session.has_unsaved_changes());
    let undo = drive.session.history().undo_name().map(ToOwned::to_owned);
    assert_eq!(undo, None, "it is no step");
    assert_nameless("the case file", &fs::read(&case).unwrap());

    let mut drive = Drive::new();
    // Another window, another size: what was fitted is fitted, the rest is as it was.
    drive.apply(Action::Resized(SECOND, ViewportSize { width: 300, height: 700 }));
    drive.apply(Action::OpenCase(case));
    drive.settle();
    let workspace = drive.session.workspace();
    assert_eq!((workspace.layout, workspace.active), (Layout { columns: 2, rows: 2 }, SECOND));
    let after: Vec<(ViewportId, Viewport)> =
        shown(&drive.session).map(|(id, shown)| (id, shown.viewport.clone())).collect();
    assert_eq!(after.len(), 3, "an empty place stays empty");
    for ((id, before), (now, after)) in before.iter().zip(&after) {
        assert_eq!((id, &before.series, &before.view.of), (now, &after.series, &after.view.of));
        assert_eq!((&before.view.look, &before.over), (&after.view.look, &after.over));
        assert_eq!(before.view.framing == after.view.framing, *id != SECOND, "{id:?}");
    }
    assert!(!drive.session.has_unsaved_changes());
    drive.apply(Action::SetLayout(Layout { columns: 2, rows: 1 }));
    assert_eq!(shown(&drive.session).count(), 2);
}

#[test]
fn views_of_missing_images_wait_in_their_place() {
    let root = tempfile::tempdir().unwrap();
    let case = root.path().join("case.json");
    let folders = ["one", "two"].map(|name| tiny::write(root.path(), name, Syntax::Plain));
    let mut drive = Drive::open(&folders);
    drive.apply(Action::SetLayout(Layout { columns: 2, rows: 1 }));
    let two = drive.series("20200229", "two").key();
    drive.apply(Action::ShowSeries(FIRST, two.clone()));
    drive.apply(Action::ShowSeries(SECOND, drive.series("20200229", "one").key()));
    drive.apply(Action::GoToSlice(FIRST, 2));
    drive.apply(Action::SaveCase(case.clone()));
    let kept = store::load_case(&case).unwrap().workspace;
    fs::rename(&folders[1], root.path().join("elsewhere")).unwrap();

    let mut drive = Drive::new();
    drive.apply(Action::OpenCase(case.clone()));
    drive.settle();
    assert_eq!(drive.session.missing_images(), Some(1));
    let seen: Vec<_> = shown(&drive.session).map(|(id, _)| id).collect();
    assert_eq!(seen, [SECOND], "the place of what is missing stays empty");
    // Saving now loses nothing of what is not there.
    drive.apply(Action::SaveCase(case.clone()));
    assert_eq!(store::load_case(&case).unwrap().workspace, kept);
    drive.apply(Action::FindMissing(Some(root.path().join("elsewhere"))));
    drive.settle();
    assert_eq!((&drive.viewport().series, drive.shown().index), (&two, 2));

    // Gone altogether: the case says still what was there.
    drive.apply(Action::CloseImages);
    drive.apply(Action::SaveCase(case.clone()));
    assert_eq!(store::load_case(&case).unwrap().workspace, kept);
}

#[test]
fn a_case_keeps_its_images_and_its_layout_when_they_are_closed_before_the_next_save() {
    let root = tempfile::tempdir().unwrap();
    let case = root.path().join("case.json");
    let mut drive = Drive::open(&[sample(CT)]);
    drive.apply(Action::ShowPlanes(FIRST));
    drive.settle();
    drive.apply(Action::MarkKeyImage(FIRST));
    drive.apply(Action::SaveCase(case.clone()));
    let saved = store::load_case(&case).unwrap();
    assert_eq!((saved.sources.len(), saved.workspace.as_ref().unwrap().viewports.len()), (1, 4));
    drive.apply(Action::CloseImages);
    drive.apply(Action::Commit(Edit::SetNotes("seen".to_owned())));
    drive.apply(Action::SaveCase(case.clone()));
    let again = store::load_case(&case).unwrap();
    assert_eq!(again.notes, "seen");
    assert_eq!((&again.sources, &again.workspace), (&saved.sources, &saved.workspace));
    // Saved elsewhere it names the same folder from there.
    fs::create_dir(root.path().join("below")).unwrap();
    let below = root.path().join("below/case.json");
    drive.apply(Action::SaveCase(below.clone()));
    drive.apply(Action::OpenCase(below));
    drive.settle();
    assert_eq!(drive.session.missing_images(), None);
    assert!(drive.session.shown(FIRST).is_some(), "the images are found and the layout is back");
    // What was never saved is kept as well.
    let mut drive = Drive::open(&[sample(CT)]);
    drive.apply(Action::MarkKeyImage(FIRST));
    drive.apply(Action::CloseImages);
    drive.apply(Action::SaveCase(case.clone()));
    assert_eq!(store::load_case(&case).unwrap().sources, saved.sources);
}

#[test]
fn a_plane_finds_its_stack_when_the_series_has_other_stacks_since() {
    let root = tempfile::tempdir().unwrap();
    let case = root.path().join("case.json");
    let mut drive = Drive::open(&[sample(CT)]);
    drive.apply(Action::SetCut(FIRST, Cut::Coronal));
    drive.apply(Action::MarkKeyImage(FIRST));
    drive.apply(Action::SaveCase(case.clone()));
    // What the stack was called then is not what it is called now.
    let text = fs::read_to_string(&case).unwrap();
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    value["key_images"][0]["view"]["part"] = "another".into();
    value["workspace"]["viewports"][0]["part"] = "another".into();
    store::write_atomic(&case, value.to_string().as_bytes()).unwrap();
    let mut drive = Drive::new();
    drive.apply(Action::OpenCase(case));
    drive.settle();
    let key = Arc::clone(&drive.session.case().key_images[0]);
    assert!(drive.session.series_of(&key.view).is_some());
    assert_eq!(drive.viewport().view.reformat().map(|reformat| reformat.plane.name()), Some("coronal"));
}
