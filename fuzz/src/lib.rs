//! What the targets share: a scratch folder, the rule for panics, and DICOM files around a codec's bytes.
//!
//! Every target goes through the program's own public functions (`scan`, `read_header`, `load_frame`, `assemble`,
//! `load_case`) on a file in memory (`/dev/shm`), so that nothing exists for the fuzzer alone.

mod file;
mod panics;
mod scratch;

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use isodense::dicom::{Instance, ScanEvent, assemble, load_frame, read_header, scan};
use isodense::store::load_case;
use isodense::work::{Cancel, Progress};

pub use file::{DEFLATE, HTJ2K, JPEG, JPEG_2000, JPEG_LS, JPEG_XL, NATIVE, PHOTOMETRICS, RLE, Syntaxes};
use file::{Layout, wrap};
use scratch::scratch;

/// Bytes of the layout that stands before the pixels in the input of a codec's target.
pub const LAYOUT_BYTES: usize = 8;

/// Decodes the first two frames and the last one.
fn frames(instance: &Instance) {
    let last = instance.frames.last().filter(|_| instance.frames.len() > 2);
    for frame in instance.frames.iter().take(2).chain(last) {
        if let Ok(samples) = load_frame(frame) {
            assert_eq!(samples.len(), frame.size.pixels(), "as many samples as pixels");
        }
    }
}

fn header_and_frames(path: &Path) {
    if let Ok(instance) = read_header(path) {
        frames(&instance);
    }
}

/// Pixels of a frame that the targets of headers decode: large ones are the codecs' matter, and slow.
const SMALL: usize = 128 * 128;

fn header_and_small_frames(path: &Path) {
    if let Ok(instance) = read_header(path) {
        if instance.frames.first().is_some_and(|frame| frame.size.pixels() <= SMALL) {
            frames(&instance);
        }
        drop(assemble(vec![instance]));
    }
}

/// What opening this folder or file does: scan, sort into series, look at the pictures.
fn open(path: &Path) {
    let found = Mutex::new(Vec::new());
    scan(&[path.to_owned()], &Cancel::default(), &Progress::default(), |event| {
        if let ScanEvent::Found(instance) = event {
            found.lock().unwrap().push(*instance);
        }
    });
    let found = found.into_inner().unwrap();
    let small = |instance: &&Instance| instance.frames.first().is_some_and(|f| f.size.pixels() <= SMALL);
    found.iter().filter(small).take(4).for_each(frames);
    drop(assemble(found));
}

/// Any bytes as a file: the list of its elements.
pub fn elements(bytes: &[u8]) {
    panics::rule();
    if let Ok(list) = isodense::dicom::read_elements(&scratch("file.dcm", bytes)) {
        drop(list.text(true));
    }
}

/// Any bytes as a file.
pub fn whole_file(bytes: &[u8]) {
    panics::rule();
    header_and_small_frames(&scratch("file.dcm", bytes));
}

/// Any bytes as a file that is opened under this name.
pub fn named_file(name: &str, bytes: &[u8]) {
    panics::rule();
    open(&scratch(name, bytes));
}

/// Any bytes as the DICOMDIR beside one image, and as the one a folder below it: some count IDs from the parent.
pub fn medium(bytes: &[u8]) {
    panics::rule();
    let index = scratch("medium/DICOMDIR", bytes);
    scratch("medium/BELOW/DICOMDIR", bytes);
    let image = wrap(&NATIVE, Layout::of(&[2, 0, 2, 0, 1, 7, 0, 0]), &[0; 4]);
    scratch("medium/IMAGE", &image);
    open(index.parent().unwrap_or(Path::new("/")));
}

/// The input cut at the word `CUT!` into at most four files of one folder.
pub fn folder(bytes: &[u8]) {
    panics::rule();
    let mut rest = bytes;
    let mut path = PathBuf::new();
    for name in ["folder/a", "folder/b.dcm", "folder/sub/c.zip", "folder/sub/DICOMDIR"] {
        let cut = rest.windows(4).position(|four| four == b"CUT!");
        let (one, after) = cut.map_or((rest, &[][..]), |at| (&rest[..at], &rest[at + 4..]));
        let file = scratch(name, one);
        if name == "folder/a" {
            file.parent().unwrap().clone_into(&mut path);
        }
        rest = after;
    }
    open(&path);
}

/// Samples that a codec's crate is allowed: as many as the program allows a stream of any length.
pub const SAMPLES: usize = 16 << 20;

/// What stands behind the layout, for a codec's own crate.
pub fn stream(bytes: &[u8]) -> &[u8] {
    panics::rule();
    bytes.get(LAYOUT_BYTES..).unwrap_or_default()
}

/// A layout of eight bytes, then one codec's bytes, in a DICOM file of that layout.
pub fn pixels(syntaxes: &Syntaxes, bytes: &[u8]) {
    panics::rule();
    let Some((layout, stream)) = bytes.split_at_checked(LAYOUT_BYTES) else { return };
    let file = wrap(syntaxes, Layout::of(layout), stream);
    header_and_frames(&scratch("pixels.dcm", &file));
}

/// A layout of eight bytes, then items as they come.
pub fn fragments(bytes: &[u8]) {
    panics::rule();
    let Some((layout, items)) = bytes.split_at_checked(LAYOUT_BYTES) else { return };
    header_and_frames(&scratch("fragments.dcm", &file::wrap_items(Layout::of(layout), items)));
}

/// Any bytes as a case.
pub fn case_file(bytes: &[u8]) {
    panics::rule();
    drop(load_case(&scratch("case.json", bytes)));
}
