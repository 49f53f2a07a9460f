//! Damaged files must give an error or a picture, never a panic, a hang or a gigabyte.

#![expect(clippy::unwrap_used, reason = "a test may panic and report")]

#[path = "mutate/bases.rs"]
mod bases;
#[path = "mutate/build.rs"]
mod build;
#[expect(dead_code, reason = "only the folder is needed here")]
mod common;
#[path = "mutate/damage.rs"]
mod damage;
#[path = "mutate/found.rs"]
mod found;
#[path = "mutate/limits.rs"]
mod limits;
#[path = "mutate/measure.rs"]
mod measure;
#[path = "mutate/streams.rs"]
mod streams;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use common::data;
use damage::{Random, WAYS, damaged, heads};
use measure::{read, read_bytes, scratch};

/// Damaged files in all, at least.
const FILES: usize = 50_000;

/// One small file of each way to store pixels, of the shared data.
const DATA: &[&str] = &[
    // Native: rescale, enhanced, tables, signs, widths, planes, colours.
    "traps/frac_slope.dcm",
    "traps/enh_perframe.dcm",
    "traps/enh_partial.dcm",
    "traps/explicit_labelled_implicit.dcm",
    "traps/implicit_labelled_explicit.dcm",
    "traps/bare_implicit.dcm",
    "traps/nopreamble_withmeta.dcm",
    "traps/modality_lut_seq.dcm",
    "traps/overlay_bits_high_nibble.dcm",
    "traps/signed12_not_extended.dcm",
    "traps/window_mismatch.dcm",
    "traps/s8.dcm",
    "traps/u32.dcm",
    "traps/rgb_planar1.dcm",
    "traps/ybr_422.dcm",
    "traps/odd_unpadded_len9.dcm",
    "codecs_pydicom/rtdose.dcm",
    "codecs_pydicom/rtdose_expb.dcm",
    "codecs_pydicom/SC_rgb_small_odd_big_endian.dcm",
    "codecs_pydicom/image_dfl.dcm",
    "sr_seg_highdicom/seg_image_ct_binary.dcm",
    "sr_seg_highdicom/seg_image_ct_binary_single_frame.dcm",
    "sr_seg_dcmqi/segmentations/23x38x3/multiframe/mf.dcm",
    // Compressed: each codec, one fragment and several, with and without tables.
    "traps/ybr_full_rle.dcm",
    "codecs_pydicom/SC_rgb_rle_16bit_2frame.dcm",
    "codecs_pydicom/rtdose_rle.dcm",
    "codecs_pydicom/MR_small_RLE.dcm",
    "traps/jpeg_8bit_in_16alloc.dcm",
    "codecs_pydicom/SC_rgb_small_odd_jpeg.dcm",
    "codecs_pydicom/SC_rgb_dcmtk_+eb+cy+s2.dcm",
    "codecs_pydicom/SC_rgb_jpeg_gdcm.dcm",
    "codecs_pydicom/JPGExtended.dcm",
    "traps/mf_jpll_2frag_nobot.dcm",
    "traps/mf_jls_2frag_eot.dcm",
    "traps/mf_jls_1frag_bot.dcm",
    "codecs_pydicom/JPEGLSNearLossless_16.dcm",
    "codecs_pydicom/SC_rgb_jls_lossy_line.dcm",
    "codecs_pydicom/SC_rgb_jls_lossy_sample.dcm",
    "traps/mf_j2k_2frag_bot.dcm",
    "traps/mf_j2k_2frag_eot.dcm",
    "codecs_pydicom/MR_small_jp2klossless.dcm",
    "codecs_pydicom/SC_rgb_gdcm_KY.dcm",
    "traps/bomb_htj2k_4000x1.dcm",
    // Documents, directories, private and nested sequences, names.
    "codecs_pydicom/priv_SQ.dcm",
    "codecs_pydicom/nested_priv_SQ.dcm",
    "charset_pydicom/chrH31.dcm",
    "dicomdir_pydicom/DICOMDIR-implicit",
    "dicomdir_pydicom/DICOMDIR-bigEnd",
    "sr_tid1500_dwv/squares.dcm",
    "codecs_pydicom/rtplan.dcm",
    // What other programs' bug reports are about, of each kind that decodes or places pixels.
    "bugs/F01_group_below_8/group0003_implicit.dcm",
    "bugs/F06_j2k_options/all_modes.dcm",
    "bugs/F06_j2k_options/tileparts.dcm",
    "bugs/F06_j2k_options/precincts.dcm",
    "bugs/F07_odd_structure/private_pixels.dcm",
    "bugs/F07_odd_structure/curves.dcm",
    "bugs/F08_jpeg_options/progressive.dcm",
    "bugs/F08_jpeg_options/ybr_2x1_1x2_1x1.dcm",
    "bugs/F10_deep_nesting/depth30.dcm",
    "bugs/F11_encapsulated_icon/icon_jpeg.dcm",
    "bugs/F04_dicomdir/traversal/DICOMDIR",
    "bugs/D04_overlay/frames.dcm",
    "bugs/G02_ect_random_frames/enhanced.dcm",
    "bugs/G03_philips_4d_dims/philips.dcm",
];

/// The first file of each series of the sample: always there.
fn sample() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_dicom");
    let mut files: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .filter_map(|entry| fs::read_dir(entry.unwrap().path()).ok())
        .filter_map(|folder| folder.map(|entry| entry.unwrap().path()).min())
        .collect();
    files.sort();
    assert_eq!(files.len(), 10, "the sample is there");
    files
}

/// What the threads found together.
#[derive(Default)]
struct Report {
    shown: usize,
    refused: usize,
    wrong: Vec<String>,
    slowest: (Duration, String),
    largest: (usize, String),
}

/// Everything that is done to one file.
fn try_file(name: &str, original: &[u8], rounds: std::ops::Range<usize>, folder: &Path) -> Report {
    let mut report = Report::default();
    let heads = heads(original);
    for round in rounds {
        let mut random = Random::new(crc(name) ^ (round as u64) << 20);
        let way = round % WAYS;
        let bytes = damaged(original, &heads, way, &mut random);
        let outcome = std::panic::catch_unwind(|| read_bytes(folder, &bytes));
        let what = || format!("{name}, round {round} (way {way}, {} bytes)", bytes.len());
        let Ok(outcome) = outcome else {
            report.wrong.push(format!("{}: panic", what()));
            continue;
        };
        *if outcome.decoded > 0 { &mut report.shown } else { &mut report.refused } += 1;
        if outcome.took > Duration::from_secs(2) {
            report.wrong.push(format!("{}: {:.1} s", what(), outcome.took.as_secs_f64()));
        }
        if outcome.header_peak > outcome.header_limit(bytes.len())
            || outcome.peak > outcome.limit(bytes.len())
        {
            let (header, all) = (outcome.header_peak, outcome.peak);
            let shape = (outcome.frames, outcome.samples);
            report.wrong.push(format!("{}: {header} and {all} bytes for {shape:?}", what()));
        }
        if outcome.took > report.slowest.0 {
            report.slowest = (outcome.took, what());
        }
        if outcome.peak > report.largest.0 {
            report.largest = (outcome.peak, what());
        }
    }
    report
}

/// A seed of a name that does not depend on where the files are.
fn crc(name: &str) -> u64 {
    name.bytes()
        .fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3))
}

#[test]
fn damaged_files_never_panic_hang_or_take_the_memory() {
    let start = Instant::now();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for path in sample() {
        let name = path.strip_prefix(root).unwrap().display().to_string();
        files.push((name, fs::read(path).unwrap()));
    }
    files.extend(bases::bases());
    if let Some(data) = data() {
        for name in DATA {
            files.push(((*name).to_owned(), fs::read(data.join(name)).unwrap()));
        }
    }
    let folder = scratch();
    let whole = files.iter().filter(|(_, bytes)| read_bytes(folder.path(), bytes).decoded > 0).count();
    assert!(
        whole * 5 > files.len() * 4,
        "{whole} of {} files can be read before they are damaged",
        files.len()
    );
    let rounds = FILES.div_ceil(files.len() * WAYS) * WAYS;
    // Slices of one file's rounds, so that a slow one does not keep one thread busy at the end.
    let jobs: Vec<(usize, std::ops::Range<usize>)> = (0..rounds / WAYS)
        .flat_map(|slice| (0..files.len()).map(move |file| (file, slice * WAYS..(slice + 1) * WAYS)))
        .collect();
    let next = AtomicUsize::new(0);
    let report = Mutex::new(Report::default());
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                // One thread of its own for whatever a decoder shares out, so that all memory is counted.
                let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
                let folder = scratch();
                while let Some((file, rounds)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let (name, bytes) = &files[*file];
                    let one = pool.install(|| try_file(name, bytes, rounds.clone(), folder.path()));
                    let mut report = report.lock().unwrap();
                    report.shown += one.shown;
                    report.refused += one.refused;
                    report.wrong.extend(one.wrong);
                    report.slowest = std::mem::take(&mut report.slowest).max(one.slowest);
                    report.largest = std::mem::take(&mut report.largest).max(one.largest);
                }
            });
        }
    });
    let report = report.into_inner().unwrap();
    println!(
        "{} damaged files of {}, {} still shown, {:.1} s; slowest {:.2} s: {}; most memory {:.1} MB: {}",
        report.shown + report.refused,
        files.len(),
        report.shown,
        start.elapsed().as_secs_f64(),
        report.slowest.0.as_secs_f64(),
        report.slowest.1,
        report.largest.0 as f64 / 1e6,
        report.largest.1,
    );
    assert!(report.wrong.is_empty(), "{} wrong:\n  {}", report.wrong.len(), report.wrong.join("\n  "));
    assert!(report.shown + report.refused >= 20_000, "at least 20,000 files");
    assert!(report.shown > 1000, "most damage leaves something to see");
}

/// Damage finds what a whole file reaches: a mosaic that is not split, or a tree that is refused, tests nothing.
#[test]
fn the_files_that_once_got_through_are_read_as_what_they_are() {
    let folder = scratch();
    for (name, bytes) in found::found() {
        let outcome = read_bytes(folder.path(), &bytes);
        let frames = if name.contains("mosaic") { 4 } else { 1 };
        assert_eq!((outcome.frames, outcome.refused.as_deref()), (frames, None), "{name}");
        let said = |part: &str| outcome.warnings.iter().any(|warning| warning.contains(part));
        assert_eq!(
            said("colours of a palette"),
            name.contains("supplemental"),
            "{name}: {:?}",
            outcome.warnings
        );
        assert_eq!(said("fewer entries"), name.contains("short palette"), "{name}: {:?}", outcome.warnings);
    }
}

/// What the fuzzer once found: `fuzz/README.md` says how a file gets here.
#[test]
fn finds_of_the_fuzzer_stay_fixed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/regressions");
    let mut tried = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "dcm") {
            continue;
        }
        let bytes = usize::try_from(fs::metadata(&path).unwrap().len()).unwrap();
        let outcome = read(&path);
        println!("{}: {outcome:?}", path.display());
        assert!(outcome.took < Duration::from_secs(2), "{}", path.display());
        assert!(outcome.peak <= outcome.limit(bytes), "{}", path.display());
        tried += 1;
    }
    println!("{tried} old finds");
    if tried == 0 {
        common::skipped("the fuzzer has found nothing yet that is kept in tests/regressions");
    }
}
