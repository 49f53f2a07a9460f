//! Files that end early: what is shown is right, and what is not there counts as not there.

#![expect(
    clippy::unwrap_used,
    clippy::cast_sign_loss,
    clippy::cast_possible_truncation,
    reason = "a test may panic and report"
)]

#[expect(dead_code, reason = "truth.json is not needed here")]
mod common;
#[path = "common/npy.rs"]
mod npy;

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use isodense::dicom::{load_frame, read_header};
use isodense::image::{Frame, Samples, Warning};

use common::data;
use npy::read_npy;

/// Parts of the file that are kept.
const PARTS: [f64; 6] = [0.35, 0.5, 0.7, 0.85, 0.95, 0.999];

/// Where a cut hides in the picture: whole, in part, or not at all.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
struct Tally {
    whole: usize,
    partly: usize,
    refused: usize,
}

/// Compares what a cut file shows of a frame with the reference of the whole one.
fn check(name: &str, frame: &Frame, reference: &[f64], tolerance: f64, tally: &mut Tally) {
    let Ok(decoded) = load_frame(frame) else {
        tally.refused += 1;
        return;
    };
    let there = decoded.there();
    let cut = decoded.cut(frame.size);
    assert_eq!(cut.is_some(), there < frame.size.pixels(), "{name}: a cut is told");
    if there == frame.size.pixels() {
        tally.whole += 1;
    } else {
        assert!(matches!(cut, Some(Warning::CutOff { rows, of }) if rows <= of));
        tally.partly += 1;
    }
    if matches!(&*decoded, Samples::Rgb8(_)) {
        return;
    }
    let start = frame.of.frame_index() * frame.size.pixels();
    for index in 0..there {
        let value = frame.transform.value(decoded.stored(index).unwrap());
        let expected = reference[start + index];
        let number = frame.of.frame_number;
        assert!(
            (value - expected).abs() <= tolerance,
            "{name}, frame {number}, pixel {index}: {value} instead of {expected}"
        );
    }
}

#[test]
fn a_file_that_ends_early_shows_nothing_wrong() {
    let Some(data) = data() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.dcm");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(data.join("traps")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.with_extension("npy").is_file() && path.extension().unwrap() == "dcm");
    paths.sort();
    let (mut all, mut multi) = (Tally::default(), Tally::default());
    for original in paths {
        let name = original.file_stem().unwrap().to_string_lossy().into_owned();
        let reference = read_npy(&original.with_extension("npy"));
        let bytes = fs::read(&original).unwrap();
        let tolerance = if name.starts_with("jpeg_8") { 1.0 } else { 1e-9 };
        for part in PARTS {
            let kept = (bytes.len() as f64 * part) as usize;
            fs::File::create(&path).unwrap().write_all(&bytes[..kept]).unwrap();
            let Ok(instance) = read_header(&path) else { continue };
            let tally = if name.starts_with("mf_") { &mut multi } else { &mut all };
            for frame in &instance.frames {
                check(&format!("{name} cut at {part}"), frame, &reference, tolerance, tally);
            }
        }
    }
    println!("single images: {all:?}; multi-frame in fragments: {multi:?}");
    assert!(all.whole > 20 && all.partly > 200, "uncompressed images show what they have");
    assert!(multi.whole > 60, "the first frames of a file that ends early are whole");
}

/// The sample's files are deflated as a whole: where one ends, the stream just stops.
#[test]
fn a_deflated_file_that_ends_early_shows_the_rows_that_it_has() {
    let sample =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_dicom/2015-05-12_CT/IM030.dcm");
    let bytes = fs::read(&sample).unwrap();
    let whole = read_header(&sample).unwrap();
    let whole = load_frame(&whole.frames[0]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.dcm");
    let mut before = 0;
    for percent in [30, 50, 70, 90] {
        fs::File::create(&path).unwrap().write_all(&bytes[..bytes.len() * percent / 100]).unwrap();
        let instance = read_header(&path).unwrap();
        let frame = &instance.frames[0];
        let cut = load_frame(frame).unwrap();
        assert!(cut.there() > before && cut.there() < whole.len(), "{percent} %");
        assert!(matches!(cut.cut(frame.size), Some(Warning::CutOff { .. })));
        assert!((0..cut.there()).all(|index| cut.stored(index) == whole.stored(index)), "{percent} %");
        before = cut.there();
    }
}
