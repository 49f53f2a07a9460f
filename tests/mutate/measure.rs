//! Reads a file as the program does, and what that took: time, and the most memory held at once.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use isodense::dicom::limits::{FREE_INFLATED, MOST_INFLATION};
use isodense::dicom::{assemble, load_frame, read_header};
use isodense::image::Frame;
use tempfile::TempDir;

/// Bytes that any header may take: the first read, and growing by halves.
pub(crate) const FREE: usize = 256 << 10;
/// Bytes that any frame may take: tables and groups of 256 x 256 of the decoders.
pub(crate) const FREE_FRAME: usize = 4 << 20;
/// Bytes for each byte of the file while only headers are read: its text and tables, some as numbers, and a map of
/// elements for each item.
pub(crate) const PER_BYTE: usize = 96;
/// Bytes for each frame that the file may declare.
pub(crate) const PER_FRAME: usize = 2048;
/// Bytes for each sample of a decoded frame: the samples, and what a decoder keeps of each (floats, mostly).
pub(crate) const PER_SAMPLE: usize = 24;

/// A folder in memory, where there is one.
pub(crate) fn scratch() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

/// What reading one file came to.
#[derive(Debug, Default, Clone)]
pub(crate) struct Outcome {
    /// Frames that were decoded.
    pub decoded: usize,
    /// Why not, of the header or of the first frame that failed.
    pub refused: Option<String>,
    /// Sentences of the warnings of the file and of its first frame.
    pub warnings: Vec<String>,
    /// Frames of the object.
    pub frames: usize,
    /// Samples of one frame.
    pub samples: usize,
    /// The whole data set is deflated.
    pub deflated: bool,
    pub took: Duration,
    /// Most bytes held at once by the header's reading alone, and with the pixels.
    pub header_peak: usize,
    pub peak: usize,
}

impl Outcome {
    /// Bytes that reading the header may take.
    pub(crate) fn header_limit(&self, file: usize) -> usize {
        // Twice, since a vector that grows is there twice for a moment.
        let inflated = 2 * (1032 * file).min(FREE_INFLATED + MOST_INFLATION * file);
        FREE + PER_BYTE * file + PER_FRAME * self.frames + if self.deflated { inflated } else { 0 }
    }

    /// Bytes that the whole may take.
    pub(crate) fn limit(&self, file: usize) -> usize {
        self.header_limit(file) + FREE_FRAME * usize::from(self.frames > 0) + PER_SAMPLE * self.samples
    }
}

/// Reads the header, two frames and the last one, on this thread alone.
pub(crate) fn read(path: &Path) -> Outcome {
    let start = Instant::now();
    let mut outcome = Outcome { deflated: is_deflated(path), ..Outcome::default() };
    let mut instance = None;
    let peak = |work: &mut dyn FnMut()| {
        usize::try_from(allocation_counter::measure(work).bytes_max).unwrap_or(usize::MAX)
    };
    outcome.header_peak = peak(&mut || instance = Some(read_header(path)));
    let instance = match instance.unwrap() {
        Ok(instance) => instance,
        Err(error) => {
            outcome.refused = Some(error.to_string());
            outcome.peak = outcome.header_peak;
            outcome.took = start.elapsed();
            return outcome;
        }
    };
    outcome.frames = instance.frames.len();
    let own = instance.frames.first().map(|frame| frame.warnings.clone()).unwrap_or_default();
    outcome.warnings = instance.warnings.iter().chain(&own).map(ToString::to_string).collect();
    let wanted: Vec<_> =
        instance.frames.iter().take(2).chain(instance.frames.iter().skip(2).next_back()).cloned().collect();
    outcome.samples = wanted.first().map_or(0, |frame| samples_of(frame));
    outcome.peak = peak(&mut || {
        for frame in &wanted {
            match load_frame(frame) {
                Ok(samples) => {
                    assert_eq!(samples.len(), frame.size.pixels(), "a frame has as many samples as pixels");
                    outcome.decoded += 1;
                }
                Err(error) => {
                    outcome.refused.get_or_insert_with(|| error.to_string());
                }
            }
        }
    });
    drop(assemble(vec![instance]));
    outcome.peak = outcome.peak.max(outcome.header_peak);
    outcome.took = start.elapsed();
    outcome
}

fn is_deflated(path: &Path) -> bool {
    let mut head = Vec::new();
    File::open(path).unwrap().take(1024).read_to_end(&mut head).unwrap();
    let uid = b"1.2.840.10008.1.2.1.99";
    head.windows(uid.len()).any(|bytes| bytes == uid)
}

fn samples_of(frame: &Frame) -> usize {
    frame.size.pixels() * usize::from(frame.stored.layout.samples_per_pixel)
}

/// Writes these bytes as a file and reads it; the time is the better of two where the first was slow.
pub(crate) fn read_bytes(folder: &Path, bytes: &[u8]) -> Outcome {
    let path: PathBuf = folder.join("damaged.dcm");
    // Not atomic and not synced, 20,000 times over: nobody else reads it.
    let mut file = File::create(&path).unwrap();
    file.write_all(bytes).unwrap();
    drop(file);
    let outcome = read(&path);
    if outcome.took < Duration::from_secs(1) {
        return outcome;
    }
    // A busy machine may hold up one file.
    let again = read(&path);
    if again.took < outcome.took { again } else { outcome }
}
