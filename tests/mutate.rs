//! Damaged files must give an error or a picture, never a panic, a hang or a gigabyte.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic and report")]

#[expect(dead_code, reason = "only the folder is needed here")]
mod common;

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use isodense::dicom::{load_frame, read_header};

use common::data;

/// One small file of each way to store pixels.
const FILES: [&str; 14] = [
    "traps/frac_slope.dcm",
    "traps/enh_perframe.dcm",
    "traps/explicit_labelled_implicit.dcm",
    "traps/modality_lut_seq.dcm",
    "traps/ybr_full_rle.dcm",
    "traps/mf_jls_2frag_eot.dcm",
    "traps/mf_j2k_2frag_bot.dcm",
    "traps/mf_jpll_2frag_nobot.dcm",
    "traps/jpeg_8bit_in_16alloc.dcm",
    "traps/window_mismatch.dcm",
    "codecs_pydicom/image_dfl.dcm",
    "codecs_pydicom/SC_rgb_small_odd_big_endian.dcm",
    "codecs_pydicom/priv_SQ.dcm",
    "charset_pydicom/chrH31.dcm",
];

/// A fixed sequence: a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        // Knuth's MMIX constants; the high bits are the good ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

/// Reads a file as far as it goes; whether pixels came out.
fn try_all(path: &Path) -> bool {
    let Ok(instance) = read_header(path) else { return false };
    instance.frames.iter().take(2).any(|frame| load_frame(frame).is_ok())
}

#[test]
fn damaged_files_never_panic() {
    let Some(data) = data() else { return };
    let folder = tempfile::tempdir().unwrap();
    let start = Instant::now();
    let (mut tried, mut shown) = (0, 0);
    for (seed, name) in FILES.iter().enumerate() {
        let Ok(original) = fs::read(data.join(name)) else { continue };
        let mut random = Random(seed as u64 + 1);
        let path = folder.path().join("damaged.dcm");
        for round in 0..120 {
            let mut bytes = original.clone();
            if round % 3 == 0 {
                bytes.truncate(random.below(original.len()));
            } else {
                // Most of the damage goes into the header, where lengths and sizes are.
                let reach = if round % 3 == 1 { original.len().min(1500) } else { original.len() };
                for _ in 0..=random.below(4) {
                    let at = random.below(reach);
                    bytes[at] = u8::try_from(random.below(256)).unwrap();
                }
            }
            File::create(&path).unwrap().write_all(&bytes).unwrap();
            let before = Instant::now();
            shown += usize::from(try_all(&path));
            tried += 1;
            assert!(before.elapsed().as_secs_f64() < 2.0, "{name}, round {round}: too slow");
        }
    }
    println!("{tried} damaged files, {shown} still shown, {:.1} s", start.elapsed().as_secs_f64());
}
