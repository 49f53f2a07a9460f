//! How long a plane through a volume takes: an oblique one of 1024 x 1024 points out of 512 x 512 x 300 of 16 bits.
//!
//! `cargo bench --no-default-features --bench reformat`; `python3 benches/peers_reformat.py` does the same work with
//! `SimpleITK` and VTK. CPU time of all threads (Linux) and wall time, least and median, with one thread and with all.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark may panic and reports by printing"
)]

#[path = "../tests/common/frame.rs"]
mod frame;

use std::sync::Arc;
use std::time::Instant;

use frame::ct_frame;
use glam::DVec3;
use isodense::geometry::{FramePlane, Mm, PatientPoint, PixelSpacing, SliceStack};
use isodense::image::{Decoded, Frame, FrameSize, ModalityTransform, Samples, Volume, Window};
use isodense::render::{Picture, ReformatRenderer, sample_plane, value_at};
use isodense::view::{Framing, Interpolation, Look, Slab, SlabMode, Slice, View, ViewportSize};

const COLUMNS: usize = 512;
const ROWS: usize = 512;
const SLICES: usize = 300;
const SPACING: DVec3 = DVec3::new(0.7, 0.7, 1.0);
const ORIGIN: DVec3 = DVec3::new(-178.0, -181.0, -140.0);
/// Points on a side, and mm from one to the next.
const SIZE: u32 = 1024;
const STEP: f64 = 0.25;
const RUNS: usize = 15;
const BATCH: usize = 10;

/// Time that all threads have run, by the scheduler's own nanoseconds (Linux).
fn cpu_ms() -> f64 {
    let threads = std::fs::read_dir("/proc/self/task").unwrap();
    let text =
        threads.filter_map(|thread| std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok());
    text.map(|text| text.split(' ').next().unwrap().parse::<f64>().unwrap()).sum::<f64>() / 1e6
}

fn report(name: &str, runs: usize, mut run: impl FnMut()) {
    let mut times: Vec<[f64; 2]> = (0..runs)
        .map(|_| {
            let (start, cpu) = (Instant::now(), cpu_ms());
            // The scheduler counts in steps of some milliseconds.
            (0..BATCH).for_each(|_| run());
            [cpu_ms() - cpu, start.elapsed().as_secs_f64() * 1e3].map(|ms| ms / BATCH as f64)
        })
        .collect();
    let [cpu, wall] = [0, 1].map(|which| {
        times.sort_by(|a, b| a[which].total_cmp(&b[which]));
        format!("{:7.1} / {:7.1}", times[0][which], times[runs / 2][which])
    });
    println!("{name:58} {cpu} ms CPU {wall} ms wall");
}

/// A slice's voxels, as `benches/peers_reformat.py` makes them.
fn slice(slice: usize) -> Samples {
    let voxel = |place: usize| {
        let index = slice * COLUMNS * ROWS + place;
        let noise = index.wrapping_mul(2_654_435_761) >> 7 & 255;
        let (column, row) = (place % COLUMNS, place / COLUMNS);
        i16::try_from(noise + (column / 16 + row / 16 + slice / 8) % 2 * 600).unwrap()
    };
    Samples::I16((0..COLUMNS * ROWS).map(voxel).collect())
}

fn frame(plane: FramePlane, size: FrameSize) -> Frame {
    let transform = ModalityTransform::IDENTITY;
    Frame { thickness: Some(Mm(SPACING.z)), transform, ..ct_frame(plane, size) }
}

/// The volume, each slice moved from its regular place by up to `uneven` mm.
fn volume(uneven: f64) -> Volume {
    let spacing = PixelSpacing::new(Mm(SPACING.y), Mm(SPACING.x)).unwrap();
    let planes: Vec<_> = (0..SLICES)
        .map(|slice| {
            let place = slice as f64 * SPACING.z + (slice * slice % 7) as f64 / 6.0 * uneven;
            let origin = PatientPoint(ORIGIN + DVec3::Z * place);
            FramePlane::new(origin, DVec3::X, DVec3::Y, spacing).unwrap()
        })
        .collect();
    let stack = SliceStack::new(&planes, [COLUMNS, ROWS], &vec![Some(Mm(SPACING.z)); SLICES]).unwrap();
    let size = FrameSize { columns: COLUMNS, rows: ROWS };
    Volume {
        slices: Arc::new(stack),
        frames: planes.iter().map(|plane| Arc::new(frame(*plane, size))).collect(),
        samples: (0..SLICES).map(|index| Some(Arc::new(Decoded::from(slice(index))))).collect(),
    }
}

/// Turned by 25 degrees about z, tilted by 35 degrees about its own right, spun by 20 degrees in itself.
fn oblique() -> [DVec3; 2] {
    let (turn, tilt, spin) = (25_f64.to_radians(), 35_f64.to_radians(), 20_f64.to_radians());
    let right = DVec3::new(turn.cos(), turn.sin(), 0.0);
    let flat = DVec3::new(-turn.sin(), turn.cos(), 0.0);
    let down = flat * tilt.cos() + DVec3::Z * tilt.sin();
    [right * spin.cos() + down * spin.sin(), down * spin.cos() - right * spin.sin()]
}

fn planes(volume: &Volume) {
    let screen = ViewportSize { width: SIZE, height: SIZE };
    let look = Look::with_window(Window::linear(40.5, 401.0));
    let stack = &*volume.slices;
    let whole = |mode, mm| Slab { thickness: Mm(mm), mode };
    let plain = Slab::default();
    let cases: [(&str, [DVec3; 2], Interpolation, Slab, usize); 10] = [
        ("oblique, linear, window", oblique(), Interpolation::Linear, plain, RUNS),
        ("oblique, nearest", oblique(), Interpolation::Nearest, plain, RUNS),
        ("oblique, cubic", oblique(), Interpolation::Cubic, plain, RUNS / 3),
        ("axial, linear", [DVec3::X, DVec3::Y], Interpolation::Linear, plain, RUNS),
        ("coronal, linear", [DVec3::X, DVec3::NEG_Z], Interpolation::Linear, plain, RUNS),
        ("sagittal, linear", [DVec3::Y, DVec3::NEG_Z], Interpolation::Linear, plain, RUNS),
        ("oblique, MIP of 20 mm", oblique(), Interpolation::Linear, whole(SlabMode::Mip, 20.0), RUNS / 3),
        (
            "oblique, MIP of 20 mm, cubic",
            oblique(),
            Interpolation::Cubic,
            whole(SlabMode::Mip, 20.0),
            RUNS / 5,
        ),
        ("oblique, mean of 20 mm", oblique(), Interpolation::Linear, whole(SlabMode::Mean, 20.0), RUNS / 3),
        (
            "coronal, MIP of 20 mm",
            [DVec3::X, DVec3::NEG_Z],
            Interpolation::Linear,
            whole(SlabMode::Mip, 20.0),
            RUNS / 3,
        ),
    ];
    let only = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    for (name, [right, down], interpolation, slab, runs) in cases {
        if only.as_ref().is_some_and(|only| !name.contains(only)) {
            continue;
        }
        let (plane, [columns, rows]) = stack.covering(stack.middle(), right, down).unwrap();
        let frame = frame(plane, FrameSize { columns, rows });
        let (middle, _) = plane.pixel_from_patient(stack.middle());
        let center = plane.spacing().mm_from_pixel(middle.0);
        let height = Mm(STEP * f64::from(SIZE));
        let framing = Framing { center, height, turn: 0.0, mirrored: false };
        let view = View { of: Slice::Acquired(frame.of.clone()), framing, look: look.clone() };
        let resolved = view.resolve(&frame, screen);
        let look = Look { interpolation, ..look.clone() };
        let (mut renderer, mut picture) = (ReformatRenderer::default(), Picture::new(screen));
        report(name, runs, || {
            renderer.render(volume, &plane, &resolved, slab, &look, &mut picture);
        });
        let black = picture.pixels.iter().filter(|pixel| **pixel == Picture::BLACK).count();
        if interpolation == Interpolation::Linear && slab == plain && black == 0 {
            println!("  wholly inside");
        }
    }
    let (plane, [columns, rows]) = stack.covering(stack.middle(), oblique()[0], oblique()[1]).unwrap();
    report(&format!("samples of {columns} x {rows} pixels in full precision"), 3, || {
        drop(sample_plane(volume, &plane, FrameSize { columns, rows }, plain, Interpolation::Linear));
    });
}

fn main() {
    let (volume, uneven) = (volume(0.0), volume(0.02));
    println!("value in the middle: {:?}", value_at(&volume, volume.slices.middle()));
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    // Both live to the end: a thread that has ended is no longer counted.
    let pools = [1, std::thread::available_parallelism().unwrap().get()].map(pool);
    for pool in &pools {
        println!("{} threads", pool.current_num_threads());
        pool.install(|| planes(&volume));
        println!("{} threads, no two steps from slice to slice alike", pool.current_num_threads());
        pool.install(|| planes(&uneven));
    }
}
