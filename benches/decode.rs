//! How long does a frame of each transfer syntax take, on one thread and on all cores?
//!
//! `python3 benches/encode.py SERIES DIR` writes a folder of DICOM files for each syntax;
//! `cargo bench --no-default-features --bench decode -- DIR` reads them all, and
//! `python3 benches/peers.py --decode DIR` does the same with the C references.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark may panic and reports by printing"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use isodense::dicom::{load_frame, load_frames, read_header};
use isodense::image::Frame;
use isodense::work::Cancel;

const RUNS: usize = 5;
/// Seconds that a run takes at least: the last frame of a short one keeps a single core busy for too much of it.
const RUN: f64 = 0.2;

fn main() {
    let Some(root) = std::env::args().skip(1).find(|argument| !argument.starts_with('-')) else {
        println!("decode: give the folder that benches/encode.py wrote");
        return;
    };
    let only = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).nth(1);
    println!(
        "{:<14}{:>8}{:>12}{:>12}{:>12}{:>10}",
        "syntax", "frames", "ms/frame", "MB/s", "all cores", "speed-up"
    );
    for folder in entries(Path::new(&root)) {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        if only.as_ref().is_none_or(|only| *only == name) {
            measure(&name, &folder);
        }
    }
}

fn measure(name: &str, folder: &Path) {
    let mut frames: Vec<Arc<Frame>> =
        entries(folder).iter().flat_map(|path| read_header(path).unwrap().frames).collect();
    // A codec that the linker left out of a benchmark would be one that is not decoded.
    let decoded = |frame: &Arc<Frame>| load_frame(frame).unwrap_or_else(|error| panic!("{name}: {error}"));
    let bytes: usize = frames.iter().map(decoded).map(|decoded| decoded.bytes()).sum();
    let files = frames.len();
    let once = seconds(|| frames.iter().for_each(|frame| drop(load_frame(frame).unwrap())));
    while frames.len() as f64 / files as f64 * once < RUN {
        frames.extend_from_within(..files);
    }
    // Turn and turn about: what else the machine does hits both alike. The fastest run is the least disturbed.
    let (mut one, mut all) = (f64::MAX, f64::MAX);
    for _ in 0..RUNS {
        one = one.min(seconds(|| frames.iter().for_each(|frame| drop(load_frame(frame).unwrap()))));
        let done = Mutex::new(0);
        all = all.min(seconds(|| {
            load_frames(&frames, &Cancel::default(), |_, samples| {
                *done.lock().unwrap() += samples.unwrap().len();
            });
        }));
    }
    let per_frame = |seconds: f64| seconds * 1e3 / frames.len() as f64;
    println!(
        "{name:<14}{:>8}{:>12.3}{:>12.0}{:>12.3}{:>10.2}",
        files,
        per_frame(one),
        bytes as f64 / files as f64 / per_frame(one) / 1e3,
        per_frame(all),
        one / all,
    );
}

fn seconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}
