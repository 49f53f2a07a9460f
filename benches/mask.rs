//! How fast a lesion is marked: growing on the sample, a brush stroke on 512 cubed, a margin of 20 mm.
//!
//! `cargo bench --bench mask --no-default-features`. Limits are the issue's: 500 ms, 16.7 ms a frame, 1000 ms.

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints, and ends where something is missing"
)]

use std::path::Path;
use std::time::{Duration, Instant};

use glam::DVec3;
use isodense::cli::open;
use isodense::dicom::load_frame;
use isodense::geometry::{FramePlane, Mm, PatientPoint, PixelSpacing, SliceStack};
use isodense::mask::{Brush, Growth, Limit, Mask, Tip, grow};
use isodense::work::Cancel;

const RUNS: usize = 9;

fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[RUNS / 2]
}

fn line(what: &str, time: Duration, limit_ms: f64) {
    let ms = time.as_secs_f64() * 1000.0;
    println!("{what}: {ms:.2} ms, limit {limit_ms} ms, ratio {:.3}", ms / limit_ms);
}

/// The sample's CT of 2015, as a stack with the values of each slice.
fn sample() -> (SliceStack, Vec<Vec<f64>>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_dicom/2015-05-12_CT");
    let opened = open(&[folder]);
    let series = opened.series.first().expect("the sample's CT");
    let slices = series.slices.as_ref().expect("it is a volume").as_ref().clone();
    let values = series.frames.iter().map(|frame| {
        let samples = load_frame(frame).expect("it can be read");
        (0..samples.len()).map(|at| frame.transform.value(samples.stored(at).expect("grey"))).collect()
    });
    (slices, values.collect())
}

fn growing() {
    let (slices, values) = sample();
    let center =
        slices.voxel_from_patient(PatientPoint::new(46.0, -61.0, 22.0)).expect("the lesion is there");
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a voxel")]
    let seed = center.round().to_array().map(|at| at as usize);
    let accepts = |slice: usize| {
        let mut words = vec![0_u64; values[slice].len().div_ceil(64)];
        for (at, value) in values[slice].iter().enumerate() {
            words[at / 64] |= u64::from((27.0..=49.0).contains(value)) << (at % 64);
        }
        Some(words)
    };
    let limit = Limit { radius: Some(Mm(60.0)), voxels: None };
    let growth = Growth { limit, open: Some(Mm(1.5)), ..Growth::from_seed(seed) };
    let mut grown = None;
    let time = median(|| grown = grow(&slices, &growth, accepts, &Cancel::default()).ok());
    let mask = grown.expect("something grew").mask;
    line(&format!("grow the sample's lesion in 3D, {} voxels", mask.count()), time, 500.0);
    let mut margin = None;
    let time = median(|| margin = mask.margin(&slices, Mm(20.0), &Cancel::default()).ok());
    let volume = margin.expect("a margin").volume_mm3 / 1000.0;
    line(&format!("20 mm around it, {volume:.0} mL"), time, 1000.0);
    let time = median(|| {
        mask.measures(&slices).expect("it fits").expect("it has voxels");
    });
    line("its sizes and volume", time, 16.7);
}

/// 512 cubed, not square and not axial.
fn large() -> SliceStack {
    let spacing = PixelSpacing::new(Mm(0.7), Mm(0.4)).expect("a spacing");
    let (right, down) = (DVec3::new(0.8, 0.6, 0.0), DVec3::new(-0.36, 0.48, 0.8));
    let normal = right.cross(down);
    let plane = |slice: usize| {
        let origin = PatientPoint(DVec3::new(-90.0, 30.0, 12.0) + normal * 0.9 * slice as f64);
        FramePlane::new(origin, right, down, spacing).expect("a plane")
    };
    let planes: Vec<_> = (0..512).map(plane).collect();
    SliceStack::new(&planes, [512, 512], &[]).expect("a stack")
}

fn brushing() {
    let slices = large();
    let at = |column: f64, row: f64, slice: f64| slices.patient_from_voxel(DVec3::new(column, row, slice));
    let middle = Mask::empty_on(&slices);
    for (what, tip) in [
        ("disc", Tip::Disc { slice: 256 }),
        ("ball", Tip::Ball),
        (
            "disc on another plane",
            Tip::Plane { point: at(150.0, 200.0, 256.0), normal: slices.first().down(), half: Mm(0.45) },
        ),
    ] {
        let brush = Brush { radius: Mm(10.0), tip, erase: false };
        let mut mask = middle.clone();
        let mut step = 0.0;
        // A stroke of many pointer moves: each paints a piece, and the outline of the slice shown is drawn again.
        let plane = FramePlane::new(
            slices.patient_from_voxel(DVec3::new(0.0, 0.0, 256.0)),
            slices.first().right(),
            slices.first().down(),
            slices.first().spacing(),
        )
        .expect("a plane");
        let time = median(|| {
            for _ in 0..10 {
                let way = [at(150.0 + step, 200.0 + step, 256.0), at(153.0 + step, 202.0 + step, 256.0)];
                mask = mask.paint(&slices, &way, &brush, None).expect("it fits");
                let lines = mask.outline(&slices, &plane, [512, 512]).expect("it fits");
                assert!(!lines.is_empty());
                step += 2.0;
            }
        });
        line(
            &format!("a move of a brush of 10 mm on 512 x 512 x 512 and its outline, {what}"),
            time / 10,
            16.7,
        );
    }
}

fn main() {
    growing();
    brushing();
}
