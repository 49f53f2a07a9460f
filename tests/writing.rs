//! Files that the program writes: nothing of anybody's is lost, nothing half written stays, nobody else reads its own.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "helpers of tests are tests too")]

#[path = "writing/interrupted.rs"]
mod interrupted;
#[path = "writing/overwriting.rs"]
mod overwriting;
#[path = "writing/private.rs"]
mod private;

use std::path::{Path, PathBuf};

/// A series of the sample.
const FOLDER: &str = "2015-05-12_CT";

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_dicom")
}

/// The file of the sample that holds an image.
fn image_called(folder: &str, sop_instance: &str) -> PathBuf {
    let files = std::fs::read_dir(sample().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let holds =
        |bytes: &[u8]| bytes.windows(sop_instance.len()).any(|window| window == sop_instance.as_bytes());
    files.into_iter().find(|path| holds(&std::fs::read(path).unwrap()[..1000])).unwrap()
}
