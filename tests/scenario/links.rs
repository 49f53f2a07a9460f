//! Viewports that follow each other, dates side by side, and slices that the reader says match.

use glam::DVec3;
use isodense::geometry::PatientPoint;
use isodense::image::{Voi, Window};
use isodense::session::{Action, Cut, Layout, Link, ViewportId};
use isodense::view::{Look, ViewportSize};

use crate::drive::{CT, Drive, FIRST, sample};

const SECOND: ViewportId = ViewportId(1);
const THIRD: ViewportId = ViewportId(2);

/// The place of what a viewport shows, at the middle of it, in mm from feet to head.
fn height(drive: &Drive, id: ViewportId) -> f64 {
    drive.session.shown(id).unwrap().middle().unwrap().0.z
}

fn index(drive: &Drive, id: ViewportId) -> usize {
    drive.session.shown(id).unwrap().index
}

/// The CT, T1 and T2 of one date in a row, as they are named.
fn side_by_side(folders: &[&str], series: &[(&str, &str)]) -> Drive {
    let paths: Vec<_> = folders.iter().map(|folder| sample(folder)).collect();
    let mut drive = Drive::open(&paths);
    drive.apply(Action::SetLayout(Layout { columns: series.len(), rows: 1 }));
    for (place, (date, what)) in series.iter().enumerate() {
        let key = drive.series(date, what).key();
        drive.apply(Action::ShowSeries(ViewportId(place), key));
    }
    drive.apply(Action::Activate(FIRST));
    drive.settle();
    drive
}

#[test]
fn linked_viewports_scroll_to_one_place_of_the_patient() {
    let folders = [CT, "2015-05-12_MR_T1", "2015-05-12_MR_T2"];
    let date = "20150512";
    let mut drive = side_by_side(&folders, &[(date, "CT"), (date, "T1 SE"), (date, "T2 TSE oblique")]);
    drive.apply(Action::Scroll(FIRST, 5));
    assert_eq!(index(&drive, SECOND), 16, "nothing is linked at first");
    drive.apply(Action::ToggleLink(Link::Scroll));
    for slice in [3, 20, 30] {
        drive.apply(Action::GoToSlice(FIRST, slice));
        let own = height(&drive, FIRST);
        assert!((own - (-58.0 + 4.0 * slice as f64)).abs() < 1e-9);
        // The T1 reaches from -49 to 75 mm in steps of 4 mm; the T2 is turned, so that it lies lower at its end.
        let want = own.clamp(-49.0, 75.0);
        assert!((height(&drive, SECOND) - want).abs() <= 2.0, "slice {slice}: {}", height(&drive, SECOND));
        let off = (height(&drive, THIRD) - own).abs();
        assert!(off <= 2.1, "slice {slice}: the oblique T2 is {off} mm off");
    }
    // The T1's 20th slice is at -49 + 19 * 4 = 27 mm: the CT has 26 and 30 mm.
    drive.apply(Action::GoToSlice(SECOND, 19));
    assert!((height(&drive, FIRST) - 26.0).abs() < 1e-9, "whoever is scrolled leads");

    // A plane that lies across stays; a parallel one goes along.
    drive.apply(Action::SetCut(SECOND, Cut::Coronal));
    drive.apply(Action::SetCut(THIRD, Cut::Axial));
    let coronal = drive.session.shown(SECOND).unwrap().middle().unwrap();
    drive.apply(Action::Scroll(FIRST, 4));
    assert!((height(&drive, FIRST) - 42.0).abs() < 1e-9);
    assert!((height(&drive, THIRD) - 42.0).abs() < 1e-9, "a plane goes to the very place");
    assert_eq!(drive.session.shown(SECOND).unwrap().middle().unwrap(), coronal);
    // What is shown anew comes to where the others are.
    let t1 = drive.series(date, "T1 SE").key();
    drive.apply(Action::ShowSeries(THIRD, t1));
    assert!((height(&drive, THIRD) - 43.0).abs() < 1e-9, "{}", height(&drive, THIRD));
    drive.apply(Action::ToggleLink(Link::Scroll));
    drive.apply(Action::Scroll(FIRST, 4));
    assert!((height(&drive, THIRD) - 43.0).abs() < 1e-9, "parted again");
}

#[test]
fn windows_go_to_the_same_modality_and_scales_to_all() {
    let late = "20170928";
    let folders = [CT, "2017-09-28_CT", "2015-05-12_MR_T1"];
    let mut drive = side_by_side(&folders, &[("20150512", "CT"), (late, "CT"), ("20150512", "T1 SE")]);
    for (place, (width, height)) in [(300, 500), (420, 250), (333, 777)].into_iter().enumerate() {
        drive.apply(Action::Resized(ViewportId(place), ViewportSize { width, height }));
    }
    let voi = |drive: &Drive, id| drive.session.shown(id).unwrap().viewport.view.look.voi.clone();
    let wide = Voi::Window(Window::linear(480.0, 2500.0));
    let look = Look { voi: wide.clone(), ..drive.viewport().view.look.clone() };
    let (ct, mr) = (voi(&drive, SECOND), voi(&drive, THIRD));
    drive.apply(Action::SetLook(FIRST, look.clone()));
    assert_eq!(voi(&drive, SECOND), ct, "nothing is linked at first");
    drive.apply(Action::ToggleLink(Link::Window));
    assert_eq!(voi(&drive, SECOND), wide, "linking begins with what the active one has");
    drive.apply(Action::UsePreset(SECOND, 0));
    assert_eq!(voi(&drive, FIRST), Voi::Window(Window::linear(40.0, 80.0)));
    assert_eq!(voi(&drive, THIRD), mr, "HU mean nothing on MR");
    drive.apply(Action::SetLook(FIRST, Look { inverted: true, ..look }));
    assert!(!drive.session.shown(SECOND).unwrap().viewport.view.look.inverted, "only the window goes");

    let scale = |drive: &Drive, id: ViewportId| {
        let shown = drive.session.shown(id).unwrap();
        shown.viewport.view.resolve(shown.frame, drive.session.workspace().size(id)).mm_per_pixel
    };
    let equal = |drive: &Drive| {
        let all = [FIRST, SECOND, THIRD].map(|id| scale(drive, id));
        all.iter().all(|one| (one - all[0]).abs() < 1e-12)
    };
    assert!(!equal(&drive));
    drive.apply(Action::ToggleLink(Link::Scale));
    assert!(equal(&drive));
    let centers = [FIRST, THIRD].map(|id| drive.session.shown(id).unwrap().viewport.view.framing.center);
    let framing = drive.session.shown(SECOND).unwrap().viewport.view.framing;
    let size = drive.session.workspace().size(SECOND);
    let before = scale(&drive, FIRST);
    drive.apply(Action::SetFraming(SECOND, framing.zoomed(1.6, size.middle(), size)));
    assert!((scale(&drive, FIRST) * 1.6 - before).abs() < 1e-12 && equal(&drive));
    let after = [FIRST, THIRD].map(|id| drive.session.shown(id).unwrap().viewport.view.framing.center);
    assert_eq!(after, centers, "zooming moves nobody");
    drive.apply(Action::Resized(THIRD, ViewportSize { width: 200, height: 300 }));
    assert!(equal(&drive), "a viewport of another size shows as many mm per pixel");
    drive.apply(Action::Scroll(THIRD, 3));
    drive.apply(Action::Fit(THIRD));
    assert!(equal(&drive));
}

#[test]
fn locked_dates_scroll_by_the_offset_that_the_case_keeps() {
    let mut drive = side_by_side(&[CT, "2017-10-16_CT"], &[("20150512", "CT"), ("20171016", "CT")]);
    drive.apply(Action::ToggleLink(Link::Scroll));
    drive.apply(Action::GoToSlice(FIRST, 12));
    assert_eq!(index(&drive, SECOND), 19, "two Frames of Reference know nothing of each other");
    drive.apply(Action::ToggleLink(Link::Scroll));
    drive.apply(Action::GoToSlice(SECOND, 16));
    assert!(drive.session.locked_to(FIRST).is_empty());
    drive.apply(Action::LockSlices);
    assert!(drive.has_notice("locked"));
    assert_eq!(drive.session.history().undo_name(), Some("lock slices"));
    let link = drive.session.case().space_links[0].clone();
    // Slice 12 is at -58 + 48 = -10 mm, slice 16 of the other at -57 + 64 = 7 mm.
    assert!((link.offset.z - 17.0).abs() < 1e-9, "{}", link.offset);
    assert_eq!(drive.session.locked_to(FIRST), [SECOND]);
    drive.apply(Action::Scroll(FIRST, 9));
    assert_eq!((index(&drive, FIRST), index(&drive, SECOND)), (21, 25), "locking links scrolling");
    drive.apply(Action::Scroll(SECOND, -20));
    assert_eq!((index(&drive, FIRST), index(&drive, SECOND)), (1, 5));

    // The crosshair leads as well.
    drive.apply(Action::PointAt(FIRST, PatientPoint::new(10.0, 20.0, 30.0)));
    assert_eq!((index(&drive, FIRST), index(&drive, SECOND)), (22, 26));

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("case.json");
    drive.apply(Action::SaveCase(file.clone()));
    assert_eq!(isodense::store::load_case(&file).unwrap().space_links, [link]);
    drive.apply(Action::UnlockSlices);
    assert!(drive.session.case().space_links.is_empty() && drive.session.has_unsaved_changes());
    drive.apply(Action::Scroll(FIRST, 3));
    assert_eq!(index(&drive, SECOND), 26);
    drive.apply(Action::Undo);
    assert_eq!(drive.session.locked_to(SECOND), [FIRST], "undo locks them again");
    drive.apply(Action::Undo);
    assert!(drive.session.locked_to(SECOND).is_empty());
    drive.apply(Action::LockSlices);
    drive.apply(Action::UnlockSlices);
    drive.apply(Action::SetLayout(Layout::ALL[0]));
    drive.apply(Action::LockSlices);
    assert!(drive.has_notice("nothing to lock"));
}

/// Every date of the sample has the head at one place of its own space: the true offset is 0.
#[test]
fn a_lock_is_proposed_where_the_heads_match() {
    let folders = [CT, "2017-10-16_CT", "2015-05-26_CT", "2017-09-28_MR_T1"];
    let dates = [
        ("20150512", "CT"),
        ("20171016", "CT"),
        ("20150526", "Head without contrast, tilted gantry"),
        ("20170928", "T1 SE"),
    ];
    let mut drive = side_by_side(&folders, &dates);
    let loaded = |session: &isodense::session::Session| {
        session
            .library()
            .browse()
            .iter()
            .all(|series| session.library().loaded(series) == series.frames.len())
    };
    drive.wait("every image is there", loaded);
    for other in 1..4 {
        drive.apply(Action::Activate(ViewportId(other)));
        drive.apply(Action::Activate(FIRST));
        drive.apply(Action::ProposeLock);
        let link = drive.session.case().space_links.last().unwrap().clone();
        // Thin slices against tilted ones, CT against MR.
        assert!(link.offset.length() < 1.0, "viewport {other} is proposed {} off", link.offset);
        assert!(drive.has_notice("Proposed: ") && drive.has_notice("look most alike"));
        assert_eq!(drive.session.history().undo_name(), Some("lock slices"));
    }
    assert_eq!(drive.session.case().space_links.len(), 3);
}

/// Only the upper part of the second head is open: the middles of the stacks are 26 mm apart, the heads are not.
#[test]
fn a_proposal_looks_at_the_images_not_at_the_ends_of_the_stacks() {
    let folder = tempfile::tempdir().unwrap();
    let late = sample("2017-10-16_CT");
    for slice in 14..=38 {
        let name = format!("IM{slice:03}.dcm");
        std::fs::copy(late.join(&name), folder.path().join(&name)).unwrap();
    }
    let mut drive = Drive::open(&[sample(CT), folder.path().to_owned()]);
    drive.apply(Action::SetLayout(Layout::ALL[1]));
    for (place, date) in ["20150512", "20171016"].into_iter().enumerate() {
        let key = drive.series(date, "CT").key();
        drive.apply(Action::ShowSeries(ViewportId(place), key));
    }
    drive.apply(Action::ProposeLock);
    assert!(
        drive.has_notice("middles of the stacks"),
        "while images are not there, their middles are all there is"
    );
    let first = drive.session.case().space_links[0].offset;
    assert!((first.z.abs() - 27.0).abs() < 1e-9, "{first}");
    drive.wait("every image is there", |session| {
        session
            .library()
            .browse()
            .iter()
            .all(|series| session.library().loaded(series) == series.frames.len())
    });
    drive.apply(Action::ProposeLock);
    let offset = drive.session.case().space_links[0].offset;
    assert!(offset.distance(DVec3::ZERO) < 1.5, "{offset}");
}

#[test]
fn the_sample_is_compared_date_by_date() {
    let mut drive = Drive::open(&[sample("")]);
    let key = drive.series("20170928", "CT").key();
    drive.show(&key);
    drive.apply(Action::GoToSlice(FIRST, 30));
    drive.apply(Action::ShowComparison);
    drive.settle();
    let workspace = drive.session.workspace();
    assert_eq!(workspace.layout, Layout { columns: 4, rows: 4 });
    let cell = |id: usize| {
        let shown = drive.session.shown(ViewportId(id))?;
        let date = shown.series.study.date.clone()?;
        Some(format!("{date} #{} {}", shown.series.info.number?, shown.series.info.description))
    };
    let cells: Vec<Option<String>> = (0..16).map(cell).collect();
    let want = [
        [
            Some("20150512 #2 Head without contrast"),
            Some("20150526 #2 Head without contrast, tilted gantry"),
            Some("20170928 #2 Head without contrast"),
            Some("20171016 #2 Head without contrast"),
        ],
        [Some("20150512 #3 T1 SE"), None, Some("20170928 #3 T1 SE"), None],
        [Some("20150512 #4 T2 TSE oblique"), None, Some("20170928 #4 T2 TSE"), None],
        [Some("20150512 #5 T1 SE with contrast"), None, Some("20170928 #5 T1 SE with contrast"), None],
    ];
    let want: Vec<Option<String>> = want.iter().flatten().map(|cell| cell.map(ToOwned::to_owned)).collect();
    assert_eq!(cells, want);
    assert_eq!(
        (workspace.active, index(&drive, ViewportId(2))),
        (ViewportId(2), 30),
        "the reader stays where he was"
    );
    assert!(workspace.links.scroll);
    // Of the same date the MR goes along; the others wait for a lock.
    assert!((height(&drive, ViewportId(6)) - height(&drive, ViewportId(2))).abs() < 2.5);
    drive.apply(Action::Scroll(ViewportId(2), -2));
    drive.session.poll();
    assert!(drive.session.shown(ViewportId(5)).is_none(), "an empty place stays empty");
    drive.apply(Action::SetLayout(Layout::ALL[2]));
    drive.settle();
    assert!(drive.session.shown(ViewportId(3)).is_some(), "another layout fills as ever");
}

#[test]
fn one_date_is_no_comparison() {
    let mut drive = Drive::open(&[sample(CT)]);
    drive.apply(Action::ShowComparison);
    assert!(drive.has_notice("only one date"));
    assert_eq!(drive.session.workspace().layout, Layout::ALL[0]);
}
