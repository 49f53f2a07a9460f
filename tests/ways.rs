//! The ways that images come in: archives, media, links, copies. What is there is found, or named.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests too, and say what they skip")]

#[path = "ways/archives.rs"]
mod archives;
#[path = "ways/changed.rs"]
mod changed;
#[expect(dead_code, reason = "shared with other tests, which use all of it")]
#[path = "common/mod.rs"]
mod common;
#[path = "ways/hostile.rs"]
mod hostile;
#[path = "ways/media.rs"]
mod media;
#[path = "common/put.rs"]
mod put;
#[path = "ways/zip.rs"]
mod zip;

use std::path::{Path, PathBuf};

use isodense::cli::{Opened, open};

use put::put;

fn sample(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_dicom").join(folder)
}

/// What was not used: the end of the path, and why.
fn reasons(opened: &Opened) -> Vec<(String, String)> {
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    opened.problems.iter().map(|problem| (name(&problem.path), problem.reason.clone())).collect()
}

/// Series as they compare: identity, number of files and frames, kind, warnings.
fn described(opened: &Opened) -> Vec<String> {
    let one = |s: &isodense::image::Series| {
        let warnings: Vec<_> = s.warnings.iter().map(ToString::to_string).collect();
        // What has no UID is told apart by its place.
        let uid = if s.info.uid.as_str().starts_with("no-uid-") { "no-uid" } else { s.info.uid.as_str() };
        format!("{uid} {} {} {} {warnings:?}", s.files, s.frames.len(), s.kind().name())
    };
    opened.series.iter().map(one).collect()
}

/// The same series, frames and samples in the same order; how many frames were compared.
fn same_pixels(a: &Opened, b: &Opened) -> usize {
    assert_eq!(described(a), described(b));
    let mut compared = 0;
    for (a, b) in a.series.iter().zip(&b.series) {
        for (a, b) in a.frames.iter().zip(&b.frames) {
            assert!(a.of == b.of || a.of.sop_instance.as_str().starts_with("no-uid-"));
            assert_eq!((&a.plane, &a.transform, &a.warnings), (&b.plane, &b.transform, &b.warnings));
            match (isodense::dicom::load_frame(a), isodense::dicom::load_frame(b)) {
                (Ok(a), Ok(b)) => assert_eq!(a, b),
                (Err(a), Err(b)) => assert_eq!(a.to_string(), b.to_string()),
                (a, b) => panic!("{:?} and {:?}", a.err(), b.err()),
            }
            compared += 1;
        }
    }
    compared
}

fn opened(path: &Path) -> Opened {
    open(&[path.to_owned()])
}
