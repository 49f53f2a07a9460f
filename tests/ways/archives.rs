//! What is in an archive is what was packed.

use std::sync::Mutex;

use isodense::dicom::{ScanEvent, load_frame, scan};
use isodense::store::write_atomic;
use isodense::work::{Cancel, Progress};

use crate::zip::{self, Entry, deflated, files, stored};
use crate::{common, opened, reasons, same_pixels, sample};

/// Every other file stored and deflated.
fn packed(files: &[(String, Vec<u8>)]) -> Vec<Entry> {
    let pack = |(index, (name, bytes)): (usize, &(String, Vec<u8>))| {
        if index % 2 == 0 { stored(name, bytes) } else { deflated(name, bytes) }
    };
    files.iter().enumerate().map(pack).collect()
}

#[test]
fn a_zip_is_a_folder() {
    let root = tempfile::tempdir().unwrap();
    // Whatever it is called: its first bytes count.
    let path = root.path().join("export.dat");
    let all = files(&sample(""));
    zip::write(&path, &packed(&all));
    let (folder, archive) = (opened(&sample("")), opened(&path));
    assert!(same_pixels(&folder, &archive) > 100);
    let mut there = reasons(&folder);
    let mut here = reasons(&archive);
    there.sort();
    here.sort();
    assert_eq!(there, here);
    let inside = &archive.series[0].frames[0].stored;
    assert!(inside.path.starts_with(&path) && *inside.path != *path);
    assert_eq!((inside.file(), inside.folder()), (path.as_path(), Some(path.as_path())));
    // And an archive in a folder is a folder in a folder.
    assert_eq!(opened(root.path()).series.len(), folder.series.len());
}

#[test]
fn progress_counts_what_is_inside() {
    let root = tempfile::tempdir().unwrap();
    let all = files(&sample("2017-09-28_MR_T1"));
    zip::write(&root.path().join("a.zip"), &packed(&all));
    write_atomic(&root.path().join("b.txt"), b"text").unwrap();
    let (progress, events) = (Progress::default(), Mutex::new((0, 0)));
    scan(&[root.path().to_owned()], &Cancel::default(), &progress, |event| match event {
        ScanEvent::Found(_) => events.lock().unwrap().0 += 1,
        ScanEvent::Skipped(_) => events.lock().unwrap().1 += 1,
    });
    assert_eq!(events.into_inner().unwrap(), (all.len(), 1));
    assert_eq!((progress.done(), progress.total()), (all.len() + 2, all.len() + 2));
    let cancel = Cancel::default();
    cancel.cancel();
    let reasons = Mutex::new(Vec::new());
    let progress = Progress::default();
    scan(&[root.path().join("a.zip")], &cancel, &progress, |event| {
        if let ScanEvent::Skipped(problem) = event {
            reasons.lock().unwrap().push(problem.reason);
        }
    });
    assert!(reasons.into_inner().unwrap().iter().all(|reason| reason == "cancelled"));
    assert_eq!(progress.done(), 0, "what was cancelled was not looked at");
}

/// Every set of the shared data reads in an archive as it does in its folder, to the last bit and reason.
#[test]
fn every_set_reads_the_same_in_an_archive() {
    let Some(data) = common::data() else { return };
    let root = tempfile::tempdir().unwrap();
    let mut compared = 0;
    // The traps claim one identity: each by itself.
    for (name, bytes) in files(&data.join("traps")) {
        let path = root.path().join("trap.zip");
        zip::write(
            &path,
            &[if bytes.len() % 4 == 0 { stored(&name, &bytes) } else { deflated(&name, &bytes) }],
        );
        let (file, archive) = (opened(&data.join("traps").join(&name)), opened(&path));
        compared += same_pixels(&file, &archive);
        assert_eq!(reasons(&file), reasons(&archive), "{name}");
    }
    for set in ["codecs_pydicom", "malformed_fodicom", "mr_brain_enhanced_tumour", "charset_pydicom"] {
        let path = root.path().join(format!("{set}.zip"));
        zip::write(&path, &packed(&files(&data.join(set))));
        let (folder, archive) = (opened(&data.join(set)), opened(&path));
        compared += same_pixels(&folder, &archive);
        let sorted = |mut list: Vec<(String, String)>| {
            for (_, reason) in &mut list {
                // The rest of these names another file.
                *reason = reason.split(['/', '\\']).next().unwrap().to_owned();
            }
            list.sort();
            list
        };
        assert_eq!(sorted(reasons(&folder)), sorted(reasons(&archive)), "{set}");
    }
    assert!(compared > 300, "{compared}");
}

#[test]
fn frames_of_one_packed_file_are_unpacked_once() {
    let Some(data) = common::data() else { return };
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("a.zip");
    let all = files(&data.join("mr_brain_enhanced_tumour"));
    let all: Vec<Entry> = all.iter().map(|(name, bytes)| deflated(name, bytes)).collect();
    zip::write(&path, &all);
    let archive = opened(&path);
    let frames =
        archive.series.iter().map(|series| &series.frames).max_by_key(|frames| frames.len()).unwrap();
    let entry = frames[0].stored.archive.as_ref().unwrap();
    assert!(frames.len() > 10 && entry.deflated && entry.archive.kept().get(entry.at).is_none());
    load_frame(&frames[0]).unwrap();
    let first = entry.archive.kept().get(entry.at).unwrap();
    // Gone from the disk, the frames are still there: nobody unpacks again.
    std::fs::remove_file(&path).unwrap();
    load_frame(&frames[1]).unwrap();
    assert_eq!(entry.archive.kept().get(entry.at).unwrap().as_ptr(), first.as_ptr());
    assert_eq!(first.len() as u64, entry.size);
}

#[test]
fn names_are_shown_and_never_followed() {
    let root = tempfile::tempdir().unwrap();
    let all = files(&sample("2017-09-28_MR_T1"));
    let names: [&[u8]; 8] = [
        b"../../../../tmp/up.dcm",
        b"/etc/root.dcm",
        b"C:\\windows\\drive.dcm",
        b"nul\0byte.dcm",
        b"M\x81ller.dcm",
        b"same.dcm",
        b"same.dcm",
        b"",
    ];
    let entries: Vec<Entry> =
        names.iter().zip(&all).map(|(name, (_, bytes))| deflated("", bytes).named(name)).collect();
    let path = root.path().join("names.zip");
    zip::write(&path, &entries);
    let archive = opened(&path);
    assert_eq!((archive.series.len(), archive.series[0].files, archive.problems.len()), (1, names.len(), 0));
    let mut shown: Vec<String> = archive.series[0]
        .frames
        .iter()
        .map(|frame| frame.stored.path.strip_prefix(&path).unwrap().display().to_string())
        .collect();
    shown.sort();
    let expected = [
        "(..)/(..)/(..)/(..)/tmp/up.dcm",
        "(without a name)",
        "C:/windows/drive.dcm",
        "Müller.dcm",
        "etc/root.dcm",
        "nul\u{FFFD}byte.dcm",
        "same.dcm",
        "same.dcm (2)",
    ];
    assert_eq!(shown, expected);
    for frame in &archive.series[0].frames {
        load_frame(frame).unwrap();
    }
    let beside: Vec<_> = std::fs::read_dir(root.path()).unwrap().collect();
    assert_eq!(beside.len(), 1, "nothing is unpacked to disk");
}

#[test]
fn wide_sizes_and_sizes_said_later_work() {
    let root = tempfile::tempdir().unwrap();
    let all = files(&sample("2017-09-28_MR_T1"));
    let (wide, later) = (root.path().join("wide.zip"), root.path().join("later.zip"));
    let each =
        |change: &dyn Fn(Entry) -> Entry| -> Vec<Entry> { packed(&all).into_iter().map(change).collect() };
    zip::write(&wide, &each(&|entry| Entry { wide: true, ..entry }));
    zip::write(&later, &each(&|entry| Entry { flags: 8, ..entry }));
    let folder = opened(&sample("2017-09-28_MR_T1"));
    for path in [wide, later] {
        let archive = opened(&path);
        assert_eq!(same_pixels(&folder, &archive), all.len());
        assert_eq!(archive.problems.len(), 0);
    }
}
