//! Archives that lie, end early or attack: named, and nothing else in them is lost.

use std::time::{Duration, Instant};

use isodense::cli::Opened;
use isodense::dicom::load_frame;
use isodense::store::write_atomic;

use crate::zip::{self, Entry, archive, deflated, end, files, stored};
use crate::{opened, reasons, sample};

fn images() -> Vec<(String, Vec<u8>)> {
    files(&sample("2017-09-28_MR_T1"))
}

/// An archive of six images and one other file, which is the second; what comes of it.
fn beside(other: Entry) -> (Opened, Vec<(String, String)>) {
    let images = images();
    let mut entries: Vec<Entry> = images[..6].iter().map(|(name, bytes)| deflated(name, bytes)).collect();
    entries.insert(1, other);
    of_bytes(&archive(&entries))
}

fn of_bytes(bytes: &[u8]) -> (Opened, Vec<(String, String)>) {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("a.zip");
    write_atomic(&path, bytes).unwrap();
    let opened = opened(&path);
    for frame in opened.series.iter().flat_map(|series| &series.frames) {
        if frame.stored.path.file_name().is_some_and(|name| name != "other") {
            load_frame(frame).unwrap();
        }
    }
    let reasons = reasons(&opened);
    (opened, reasons)
}

fn refused(other: Entry, why: &str) {
    let (opened, reasons) = beside(other);
    assert_eq!(opened.series[0].files, 6, "{why}");
    assert_eq!(reasons.len(), 1, "{reasons:?}");
    assert_eq!(reasons[0].0, "other");
    assert!(reasons[0].1.contains(why), "{reasons:?} for {why}");
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_there() {
    let image = &images()[10].1;
    let packed = deflated("other", image);
    refused(Entry { flags: 1, ..packed.clone() }, "not supported: the file is encrypted");
    refused(Entry { method: 99, flags: 1, ..packed.clone() }, "encrypted");
    refused(Entry { method: 14, ..packed.clone() }, "not supported: packing method 14 (LZMA)");
    refused(Entry { method: 9, ..packed.clone() }, "DEFLATE64");
    refused(Entry { size: 5, ..stored("other", image) }, "sizes of this file in it contradict");
    refused(stored("other", &archive(std::slice::from_ref(&packed))), "an archive inside an archive");
    refused(deflated("other", b"%PDF-1.7"), "not DICOM: PDF document");
    refused(stored("other", b""), "not DICOM: empty file");
    refused(Entry { packed: vec![0xFF; 300], ..packed.clone() }, "the archive is damaged here");
    // Small ones are looked at as a whole.
    refused(Entry { crc: 7, ..deflated("other", &image[..900]) }, "checksum");
    refused(Entry { crc: 7, ..stored("other", &image[..900]) }, "checksum");
}

#[test]
fn a_wrong_checksum_is_no_image() {
    let (name, image) =
        files(&sample("2015-05-12_CT")).into_iter().max_by_key(|(_, bytes)| bytes.len()).unwrap();
    let big = [image.as_slice(), &vec![0; 70_000]].concat();
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("a.zip");
    let spoilt = |mut entry: Entry| {
        entry.crc ^= 1;
        entry
    };
    for entry in [spoilt(deflated(&name, &big)), spoilt(stored(&name, &big))] {
        zip::write(&path, &[entry]);
        let opened = opened(&path);
        let error = load_frame(&opened.series[0].frames[0]).unwrap_err().to_string();
        assert_eq!(error, "the archive is damaged: the checksum of this file in it is wrong");
    }
    // The header is right, and claims more or less than comes out.
    for size in [big.len() as u64 - 9, big.len() as u64 + 9] {
        zip::write(&path, &[Entry { size, ..deflated(&name, &big) }]);
        let opened = opened(&path);
        let error = load_frame(&opened.series[0].frames[0]).unwrap_err().to_string();
        assert!(error.contains("unpacks to another size"), "{error}");
    }
}

#[test]
fn bombs_are_refused_at_once() {
    // A DICOM header, then a quarter of a gigabyte of nothing, in a quarter of a megabyte.
    let mut bomb = images()[10].1.clone();
    bomb.resize(256 << 20, 0);
    let bomb = deflated("other", &bomb);
    let start = Instant::now();
    refused(bomb.clone(), "refused: the file claims to unpack to");
    // It says that it is small: what comes out beyond is not taken.
    let (small, _) = beside(Entry { size: 30_000, ..bomb.clone() });
    assert_eq!(small.series[0].files, 6);
    // It says gigabytes and holds nothing.
    let claim = Entry { size: 60 << 30, wide: true, ..deflated("other", &images()[10].1) };
    refused(claim, "refused: the file claims to unpack to");
    let claim = Entry { size: 60 << 30, claimed: Some(60 << 30), wide: true, ..stored("other", b"DICM") };
    refused(claim, "it ends inside this file");
    assert!(start.elapsed() < Duration::from_secs(20), "it takes {:?}", start.elapsed());
}

#[test]
fn overlapping_files_are_named_and_the_others_are_there() {
    let images = images();
    let entries: Vec<Entry> = images[..6].iter().map(|(name, bytes)| deflated(name, bytes)).collect();
    let (mut out, mut list) = (Vec::new(), Vec::new());
    let all: usize = entries.iter().map(|entry| entry.local().len()).sum();
    for entry in &entries {
        list.extend(entry.record(out.len()));
        out.extend(entry.local());
    }
    // One that claims all of the others, and one that is another's bytes once more.
    let greedy = Entry { name: b"other".to_vec(), claimed: Some(all as u64 - 200), ..entries[0].clone() };
    list.extend(greedy.record(0));
    list.extend(
        Entry { name: b"other".to_vec(), ..entries[2].clone() }
            .record(entries[..2].iter().map(|entry| entry.local().len()).sum()),
    );
    let end = end(8, &list, out.len());
    let (opened, reasons) = of_bytes(&[out, list, end].concat());
    assert_eq!(opened.series[0].files, 6);
    assert_eq!(reasons.len(), 2);
    assert!(reasons.iter().all(|(_, reason)| reason.contains("part of another file's")), "{reasons:?}");
}

#[test]
fn an_archive_without_its_list_is_read_file_by_file() {
    let images = images();
    for flags in [0, 8] {
        let entries: Vec<Entry> =
            images[..6].iter().map(|(name, bytes)| Entry { flags, ..deflated(name, bytes) }).collect();
        let whole = archive(&entries);
        let locals: Vec<usize> = entries.iter().map(|entry| entry.local().len()).collect();
        let ends: Vec<usize> = locals
            .iter()
            .scan(0, |at, length| {
                *at += length;
                Some(*at)
            })
            .collect();
        // The list is gone.
        let (opened, reasons) = of_bytes(&whole[..ends[5]]);
        assert_eq!(opened.series[0].files, 6);
        assert_eq!(reasons.len(), 1);
        assert_eq!(reasons[0].0, "a.zip");
        assert!(reasons[0].1.contains("its list of files is missing"), "{reasons:?}");
        // The last file is cut off.
        let (opened, reasons) = of_bytes(&whole[..ends[5] - 900]);
        assert_eq!(opened.series[0].files, 5);
        assert_eq!(reasons.len(), 2);
        assert!(reasons.iter().any(|(_, reason)| reason.contains("ends inside this file")), "{reasons:?}");
        // A file in the middle is damaged: those after it are found again.
        let mut damaged = whole[..ends[5]].to_vec();
        damaged[ends[1]..ends[1] + 40].fill(0xAA);
        let (opened, _) = of_bytes(&damaged);
        assert_eq!(opened.series[0].files, 5);
        // The list points nowhere, or breaks off.
        let list = ends[5];
        let mut wrong = whole.clone();
        wrong[list + 42] ^= 0x55;
        let (opened, reasons) = of_bytes(&wrong);
        assert_eq!((opened.series[0].files, reasons.len()), (6, 1), "{reasons:?}");
        assert!(reasons[0].1.contains("its list of files is wrong"), "{reasons:?}");
        let mut broken = whole.clone();
        let third = list + 2 * entries[0].record(0).len();
        broken[third] = b'X';
        let (opened, reasons) = of_bytes(&broken);
        assert_eq!((opened.series[0].files, reasons.len()), (6, 1), "{reasons:?}");
        assert!(reasons[0].1.contains("its list of files is damaged"), "{reasons:?}");
    }
}

#[test]
fn an_archive_of_nothing_says_so() {
    let (opened, reasons) = of_bytes(&archive(&[]));
    assert!(opened.series.is_empty());
    assert_eq!(reasons, [("a.zip".to_owned(), "not DICOM: an archive without files".to_owned())]);
    let (opened, reasons) = of_bytes(b"PK\x03\x04");
    assert!(opened.series.is_empty() && reasons.len() == 1, "{reasons:?}");
    // Every cut of a small archive ends in a word, not in a panic.
    let whole = archive(&[deflated("a", b"text"), stored("b", b"more text"), stored("other", b"")]);
    for length in 0..whole.len() {
        let (_, reasons) = of_bytes(&whole[..length]);
        assert!(!reasons.is_empty(), "{length}");
    }
}
