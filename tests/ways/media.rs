//! Media with an index, links, mixed content, copies and exams of two patients.

use std::path::{Path, PathBuf};

use isodense::cli::open;
use isodense::dicom::by_reason;
use isodense::store::write_atomic;

use crate::zip::{self, deflated, files};
use crate::{common, described, opened, reasons, same_pixels, sample};

/// What an index is reported as.
fn index_reason(opened: &isodense::cli::Opened) -> String {
    let of = |(name, reason): (String, String)| (name.starts_with("DICOMDIR")).then_some(reason);
    reasons(opened).into_iter().find_map(of).unwrap()
}

fn copy(from: &Path, to: &Path) {
    for (name, bytes) in files(from) {
        let path = to.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        write_atomic(&path, &bytes).unwrap();
    }
}

/// Opening the index opens the medium: what is there counts, not what it names.
#[test]
fn an_index_opens_its_medium() {
    let Some(data) = common::data() else { return };
    // The files and the missing ones were counted with pydicom and `find`.
    for (set, objects, missing) in [
        ("ct_head_philips_phantom", 31, None),
        ("mr_brain_enhanced_tumour", 8, Some("; 123 of the 131 files that it names are not here")),
        ("dicomdir_pydicom/TINY_ALPHA", 50, None),
    ] {
        let folder = data.join(set);
        let by_index = opened(&folder.join("DICOMDIR"));
        let by_folder = opened(&folder);
        assert_eq!(described(&by_index), described(&by_folder), "{set}");
        let problems: Vec<_> = by_index.problems.iter().map(|problem| &problem.reason).collect();
        let found: usize = by_index.series.iter().map(|series| series.files).sum();
        assert_eq!(found, objects, "{set}: {problems:?}");
        let expected = format!("DICOMDIR index, not an image{}", missing.unwrap_or_default());
        assert_eq!(index_reason(&by_index), expected, "{set}");
        // The same in an archive.
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a.zip");
        let entries: Vec<_> = files(&folder).iter().map(|(name, bytes)| deflated(name, bytes)).collect();
        zip::write(&path, &entries);
        let archive = opened(&path);
        let frames = by_folder.series.iter().map(|series| series.frames.len()).sum::<usize>();
        assert_eq!(same_pixels(&by_folder, &archive), frames);
        assert_eq!(index_reason(&archive), expected, "{set}");
    }
}

/// Every odd index of the set, each with the whole medium beside it.
#[test]
fn an_odd_index_hides_nothing() {
    let Some(data) = common::data() else { return };
    let folder = data.join("dicomdir_pydicom");
    let all = described(&opened(&folder));
    let names = files(&folder).into_iter().map(|(name, _)| name).filter(|name| name.starts_with("DICOMDIR"));
    let names: Vec<String> = names.collect();
    assert!(names.len() >= 6, "{names:?}");
    for name in names {
        let by_index = opened(&folder.join(&name));
        assert_eq!(described(&by_index), all, "{name}");
    }
}

/// An index whose names were changed by copying, and one that is followed by nobody.
#[test]
fn names_changed_by_copying_are_found_and_ways_out_are_not_taken() {
    let Some(data) = common::data() else { return };
    let root = tempfile::tempdir().unwrap();
    let disc = root.path().join("disc");
    let from = data.join("dicomdir_pydicom/TINY_ALPHA");
    for (index, (name, bytes)) in files(&from).into_iter().enumerate() {
        let changed = match index % 4 {
            0 => name.to_lowercase(),
            1 => format!("{name}.dcm"),
            2 => format!("{name};1"),
            _ => name.clone(),
        };
        let path = disc.join(if name == "DICOMDIR" { name } else { changed });
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        write_atomic(&path, &bytes).unwrap();
    }
    let secret = root.path().join("SECRET");
    write_atomic(&secret, &std::fs::read(sample("2015-05-12_CT/IM001.dcm")).unwrap()).unwrap();
    let whole = opened(&disc.join("DICOMDIR"));
    assert_eq!(described(&whole), described(&opened(&from)));
    assert_eq!(index_reason(&whole), "DICOMDIR index, not an image");
    // One name leads out of the folder now: PT000000\ST000000\SE000000\IM000001 has as many letters.
    let mut index = std::fs::read(disc.join("DICOMDIR")).unwrap();
    let name = b"PT000000\\ST000000\\SE000000\\IM000001";
    let at = index.windows(name.len()).position(|part| part == name).unwrap();
    let out = b"..\\SECRET                          ";
    index[at..at + name.len()].copy_from_slice(&out[..name.len()]);
    super::put(disc.join("DICOMDIR"), &index);
    let whole = opened(&disc.join("DICOMDIR"));
    assert_eq!(described(&whole), described(&opened(&from)));
    let expected = "DICOMDIR index, not an image; 1 of the files that it names lie outside its folder and are not opened";
    assert_eq!(index_reason(&whole), expected);
}

#[cfg(unix)]
#[test]
fn a_link_to_a_file_is_that_file() {
    use std::os::unix::fs::symlink;
    let root = tempfile::tempdir().unwrap();
    let real = root.path().join("real");
    copy(&sample("2017-09-28_MR_T1"), &real);
    symlink(real.join("IM001.dcm"), root.path().join("a_link.dcm")).unwrap();
    symlink(&real, root.path().join("the same folder")).unwrap();
    symlink(root.path(), real.join("back")).unwrap();
    symlink(root.path().join("nowhere"), root.path().join("dangling")).unwrap();
    let opened = opened(root.path());
    assert_eq!(opened.series.len(), 1);
    assert_eq!(opened.series[0].files, files(&sample("2017-09-28_MR_T1")).len());
    let mut counts = by_reason(&opened.problems);
    counts.sort();
    let names: Vec<_> = counts.iter().map(|(reason, _)| reason.as_str()).collect();
    let expected =
        ["a link that leads back to a folder around it", "the file could not be read: it is not there"];
    assert_eq!(names, expected);
    // Named twice, by itself and by a link, it is one file.
    let both = open(&[root.path().join("a_link.dcm"), real.join("IM001.dcm")]);
    assert_eq!((both.series[0].files, both.problems.len()), (1, 0));
}

#[test]
fn what_else_is_on_a_disc_is_skipped_and_counted() {
    let root = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| write_atomic(&root.path().join(name), bytes).unwrap();
    for number in 0..40 {
        put(&format!("viewer{number}.dll"), b"MZ\x90\0program");
    }
    put("viewer.exe", b"MZ\x90\0program");
    put("report.pdf", b"%PDF-1.4");
    put("key.jpg", b"\xFF\xD8\xFF\xE0");
    put("autorun.inf", b"[autorun]\r\nopen=viewer.exe");
    put("thumbs.db", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    put(
        "manual.docx",
        &zip::archive(&[deflated("[Content_Types].xml", b"<?xml version"), deflated("word/a.xml", b"<?xml")]),
    );
    copy(&sample("2017-09-28_MR_T1"), &root.path().join("DICOM"));
    let opened = opened(root.path());
    assert_eq!(opened.series.len(), 1);
    let counts = by_reason(&opened.problems);
    assert_eq!(counts[0], ("not DICOM: Windows program".to_owned(), 41));
    assert_eq!(counts.iter().map(|(_, count)| count).sum::<usize>(), opened.problems.len());
    assert_eq!(opened.problems.len(), 46);
    assert!(reasons(&opened).contains(&("manual.docx".to_owned(), "not DICOM: office document".to_owned())));
}

#[test]
fn one_person_under_two_identities_is_two_patients() {
    let Some(data) = common::data() else { return };
    let opened = opened(&data.join("timepoints_spine_ja"));
    let mut ids: Vec<_> = opened.series.iter().map(|series| series.patient.id.reveal().clone()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 2);
    let mut studies: Vec<_> = opened.series.iter().map(|series| series.study.uid.clone()).collect();
    studies.sort();
    studies.dedup();
    assert_eq!(studies.len(), 2);
    // No series holds images of both.
    assert_eq!(opened.series.iter().map(|series| series.files).sum::<usize>(), 31);
    assert_eq!(opened.problems.len(), 0);
}

/// One Patient ID, the name once in Latin letters and once in others: one series.
#[test]
fn a_name_in_two_encodings_is_one_patient() {
    let root = tempfile::tempdir().unwrap();
    let all = files(&sample("2017-09-28_MR_T1"));
    let find = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).position(|part| part == what);
    let mut changed = 0;
    for (index, (name, bytes)) in all.iter().enumerate() {
        let mut bytes = bytes.clone();
        // Patient's Name: tag, PN, length of 16 bits.
        if index % 2 == 0 {
            let at = find(&bytes, b"\x10\0\x10\0PN").unwrap() + 6;
            let length = usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
            bytes[at + 2..at + 2 + length].fill(b' ');
            bytes[at + 2..at + 7].copy_from_slice(b"A^B=C");
            changed += 1;
        }
        write_atomic(&root.path().join(name), &bytes).unwrap();
    }
    let opened = opened(root.path());
    assert_eq!((opened.series.len(), opened.problems.len()), (1, 0), "{:?}", reasons(&opened));
    assert_eq!(opened.series[0].files, all.len());
    assert!(changed > 10);
}

#[test]
fn copies_in_archives_and_folders_are_known() {
    let root = tempfile::tempdir().unwrap();
    copy(&sample("2017-09-28_MR_T1"), &root.path().join("plain"));
    let all = files(&sample("2017-09-28_MR_T1"));
    let entries: Vec<_> = all.iter().map(|(name, bytes)| deflated(name, bytes)).collect();
    zip::write(&root.path().join("a.zip"), &entries);
    let mut other = all[0].1.clone();
    *other.last_mut().unwrap() ^= 1;
    write_atomic(&root.path().join("zother"), &other).unwrap();
    let opened = opened(root.path());
    assert_eq!((opened.series.len(), opened.series[0].files), (1, all.len()));
    let counts = by_reason(&opened.problems);
    let expected = [
        ("second copy of an image".to_owned(), all.len()),
        ("another image with the same identity (UID) as one that is shown".to_owned(), 1),
    ];
    assert_eq!(counts, expected);
    let named: Vec<PathBuf> = opened.problems.iter().map(|problem| problem.path.clone()).collect();
    assert!(named.contains(&root.path().join("zother")));
}
