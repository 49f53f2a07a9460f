//! Every file of the test data comes back byte for byte, or a reason says why not.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use isodense::dicom::write::{Lengths, data_set_of};
use isodense::dicom::{Object, RowKind, read_elements, read_object};

use crate::{DEFLATED, EXPLICIT, common};

/// Files whose bytes do not come back, and why. None of them loses a value but for what a file says twice or must not say.
const NOT_THE_SAME: [(Kind, &[&str]); 6] = [
    (
        Kind::FragmentsAsWords,
        &[
            "codecs_pydicom/MR_small_jp2klossless.dcm",
            "codecs_pydicom/MR_small_jpeg_ls_lossless.dcm",
            "codecs_pydicom/SC_rgb_rle_16bit.dcm",
            "codecs_pydicom/SC_rgb_rle_16bit_2frame.dcm",
            "codecs_pydicom/rtdose_rle.dcm",
            "codecs_pydicom/rtdose_rle_1frame.dcm",
            "codecs_pydicom_data/emri_small_jpeg_2k_lossless.dcm",
            "codecs_pydicom_data/emri_small_jpeg_ls_lossless.dcm",
            "codecs_pydicom_data/explicit_VR-UN.dcm",
        ],
    ),
    (Kind::OddLength, &["sr_seg_highdicom/dx_image.dcm", "traps/odd_unpadded_len9.dcm"]),
    (Kind::UnknownSequence, &["codecs_pydicom/UN_sequence.dcm"]),
    (Kind::LongItem, &["dicomdir_pydicom/DICOMDIR-nooffset"]),
    (Kind::TwiceOrOutOfOrder, &["palettes_pydicom/winter.dcm"]),
    (
        Kind::GroupsBehindMeta,
        &[
            "bugs/F01_group_below_8/command_group.dcm",
            "bugs/F01_group_below_8/group0001.dcm",
            "bugs/F01_group_below_8/group0001_implicit.dcm",
            "codecs_pydicom/meta_missing_tsyntax.dcm",
            "codecs_pydicom/nested_priv_SQ.dcm",
        ],
    ),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// Compressed pixel data are called OW; dicom-object writes OB, as PS3.5 A.4 wants it.
    FragmentsAsWords,
    /// A value has an odd length; dicom-object pads it, as PS3.5 7.1.1 wants it.
    OddLength,
    /// UN of undefined length is a sequence (PS3.5 6.2.2 note 2), and is written as one.
    UnknownSequence,
    /// An item claims more bytes than its sequence has.
    LongItem,
    /// An element stands there twice, of which one is kept, or behind one with a higher tag.
    TwiceOrOutOfOrder,
    /// Groups 0000 and 0001, which no data set may have (PS3.5 7.8.1), stand behind the file meta information: they are
    /// read with it, in the other encoding.
    GroupsBehindMeta,
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { files(&path, into) } else { into.push(path) }
    }
}

/// The bytes of the data set as they stand in the file, inflated where they are deflated.
fn data_set_in(file: &[u8], object: &Object) -> Vec<u8> {
    if object.transfer_syntax != DEFLATED {
        return file[object.range.clone()].to_vec();
    }
    let mut all = Vec::new();
    // What comes before a stream breaks off counts.
    let _broken_off = flate2::read::DeflateDecoder::new(&file[object.meta_range.end..]).read_to_end(&mut all);
    all[object.range.clone()].to_vec()
}

/// Why the bytes do not come back; `None` where they do.
fn difference(path: &Path, object: &Object) -> Option<Kind> {
    let file = fs::read(path).unwrap();
    let meta = data_set_of(&object.meta, EXPLICIT, Lengths::AsRead).unwrap();
    if meta != file[object.meta_range.clone()] {
        assert!(object.meta.tags().any(|tag| tag.group() < 2), "{}", path.display());
        return Some(Kind::GroupsBehindMeta);
    }
    let data_set = data_set_in(&file, object);
    let again = data_set_of(&object.data_set, object.encoded_as, Lengths::AsRead).unwrap();
    if again == data_set {
        return None;
    }
    let at = again.iter().zip(&data_set).take_while(|(a, b)| a == b).count();
    if data_set[..at].ends_with(b"\xE0\x7F\x10\0O")
        && data_set[at] == b'W'
        && again[at + 1..] == data_set[at + 1..]
    {
        return Some(Kind::FragmentsAsWords);
    }
    if data_set[at..].starts_with(b"UN\0\0\xFF\xFF\xFF\xFF") && again[at..].starts_with(b"SQ") {
        return Some(Kind::UnknownSequence);
    }
    if again.len() == data_set.len() && data_set[..at].ends_with(b"\xFE\xFF\0\xE0") {
        return Some(Kind::LongItem);
    }
    if !in_order(path) {
        return Some(Kind::TwiceOrOutOfOrder);
    }
    let padded = again.len() == data_set.len() + 1 && again[at] == data_set[at] + 1 && data_set[at] % 2 == 1;
    assert!(padded, "{}: {} bytes for {}, from {at} on", path.display(), again.len(), data_set.len());
    Some(Kind::OddLength)
}

/// Whether the elements of each data set ascend, by the list of elements, which keeps the file's order.
fn in_order(path: &Path) -> bool {
    let mut last: Vec<String> = Vec::new();
    read_elements(path).unwrap().rows.iter().all(|row| {
        let depth = usize::from(row.depth);
        last.truncate(depth + 1);
        if row.kind != RowKind::Element {
            return true;
        }
        last.resize(depth + 1, String::new());
        let before = std::mem::replace(&mut last[depth], row.tag());
        before < row.tag()
    })
}

#[test]
fn every_file_that_parses_comes_back_byte_for_byte() {
    let Some(data) = common::data() else { return };
    let mut all = Vec::new();
    files(&data, &mut all);
    let (mut same, mut not_the_same) = (0, BTreeMap::<Kind, Vec<String>>::new());
    for path in all {
        let Ok(object) = read_object(&path) else { continue };
        match difference(&path, &object) {
            None => same += 1,
            Some(kind) => {
                let name = path.strip_prefix(&data).unwrap().to_string_lossy().into_owned();
                not_the_same.entry(kind).or_default().push(name);
            }
        }
    }
    let listed = NOT_THE_SAME.map(|(kind, names)| (kind, names.iter().map(ToString::to_string).collect()));
    assert_eq!(not_the_same, BTreeMap::from(listed));
    assert!(same >= 1496, "{same}");
}
