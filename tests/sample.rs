//! The bundled case: the program writes the checked-in bytes again.
//!
//! A few slices of every series by default; all of them with `ISODENSE_SAMPLE_FULL=1`.

use std::path::Path;

use isodense::sample;
use isodense::work::{Cancel, Progress};

fn checked_in() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_dicom")
}

#[test]
fn the_program_writes_the_checked_in_files() {
    let full = std::env::var_os("ISODENSE_SAMPLE_FULL").is_some();
    let mut compared = 0;
    for folder in sample::series_folders() {
        let files = std::fs::read_dir(checked_in().join(folder)).unwrap().count();
        let slices: Vec<usize> = (0..files).filter(|k| full || k % 15 == 7).collect();
        assert!(sample::slice_file(folder, files).is_none(), "{folder} has another number of slices");
        for slice in slices {
            let path = checked_in().join(folder).join(format!("IM{:03}.dcm", slice + 1));
            let written = sample::slice_file(folder, slice).unwrap().unwrap();
            assert!(written == std::fs::read(&path).unwrap(), "{} differs", path.display());
            compared += 1;
        }
    }
    assert!(compared >= 20, "{compared}");
}

#[test]
fn truth_and_case_are_the_checked_in_ones() {
    let out = tempfile::tempdir().unwrap();
    sample::write_truth(out.path()).unwrap();
    sample::write_case_file(out.path()).unwrap();
    for name in ["truth.json", "case.json"] {
        let written = std::fs::read_to_string(out.path().join(name)).unwrap();
        assert_eq!(written, std::fs::read_to_string(checked_in().join(name)).unwrap(), "{name}");
    }
}

#[test]
fn one_slice_twice_is_the_same() {
    let write = || sample::slice_file("2015-05-12_MR_T1", 20).unwrap().unwrap();
    assert!(write() == write());
}

#[test]
fn the_case_is_small_enough_for_git() {
    let bytes: u64 = walkdir::WalkDir::new(checked_in())
        .into_iter()
        .map(|entry| entry.unwrap().metadata().unwrap())
        .filter(std::fs::Metadata::is_file)
        .map(|metadata| metadata.len())
        .sum();
    assert!(bytes < 20_000_000, "{bytes}");
}

#[test]
fn a_cancelled_job_says_so() {
    let out = tempfile::tempdir().unwrap();
    let cancel = Cancel::default();
    cancel.cancel();
    let result = sample::write_case(out.path(), &cancel, &Progress::default());
    assert!(matches!(result, Err(sample::SampleError::Cancelled)));
}

#[test]
#[ignore = "writes sample_dicom/ anew: run it by hand after a change of the head"]
fn write_the_case() {
    let out = std::env::var("ISODENSE_SAMPLE_OUT").map_or_else(|_| checked_in(), std::path::PathBuf::from);
    let (cancel, progress) = (Cancel::default(), Progress::default());
    match std::env::var("ISODENSE_SAMPLE_SERIES") {
        Err(_) => {
            sample::write_case(&out, &cancel, &progress).unwrap();
            sample::write_case_file(&out).unwrap();
        }
        Ok(list) => {
            let list: Vec<&str> = list.split(',').collect();
            sample::write_series(&out, &list, &cancel, &progress).unwrap();
        }
    }
}
