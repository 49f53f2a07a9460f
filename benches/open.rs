//! How long from opening a folder to its first image, without a window?
//!
//! `cargo bench --no-default-features --bench open -- FOLDER...`; the limit is 0.3 s for 300 slices of JPEG 2000
//! (`benches/encode.py` makes them).

#![expect(clippy::print_stdout, reason = "a benchmark reports by printing")]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use isodense::session::{Action, Environment, Session, ViewportId};

const RUNS: usize = 7;

fn main() {
    let folders: Vec<PathBuf> = std::env::args_os()
        .skip(1)
        .filter(|a| !a.to_string_lossy().starts_with("--"))
        .map(PathBuf::from)
        .collect();
    for folder in folders {
        let mut runs: Vec<[f64; 3]> = (0..RUNS).map(|_| open(&folder)).collect();
        let mut median = |which: usize| {
            runs.sort_by(|a, b| a[which].total_cmp(&b[which]));
            runs[RUNS / 2][which]
        };
        let [image, scan, all] = [median(0), median(1), median(2)];
        println!(
            "{}: first image {:.0} ms, scan {:.0} ms, all images {:.0} ms",
            folder.display(),
            image * 1e3,
            scan * 1e3,
            all * 1e3
        );
    }
}

/// Seconds until the first image shows, until the scan has ended, and until every image of the series is there.
fn open(folder: &std::path::Path) -> [f64; 3] {
    let mut session = Session::new(Environment::for_tests());
    let start = Instant::now();
    session.apply(Action::Open(vec![folder.to_owned()]));
    let mut reached = [None; 3];
    while reached.contains(&None) {
        if !session.poll() {
            std::thread::sleep(Duration::from_micros(200));
        }
        let shown = session.shown(ViewportId(0));
        let first = shown.is_some_and(|shown| session.samples(shown.frame).is_some());
        let scanned = session.scan().is_none();
        let all =
            scanned && shown.is_some_and(|s| session.library().loaded(s.series) == s.series.frames.len());
        for (at, is) in reached.iter_mut().zip([first, scanned, all]) {
            if is && at.is_none() {
                *at = Some(start.elapsed().as_secs_f64());
            }
        }
        assert!(start.elapsed() < Duration::from_mins(2), "the images never came");
    }
    reached.map(|at| at.unwrap_or(f64::NAN))
}
