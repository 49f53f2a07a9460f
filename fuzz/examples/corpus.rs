//! Writes a seed corpus for every target from the test data and the sample: small files, and the pixels of frames.
//!
//! `cargo run --example corpus [FOLDER...]`; without folders `ISODENSE_TEST_DATA` or `../shared/data`, and `sample_dicom`.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use harness::PHOTOMETRICS;
use isodense::dicom::{Instance, read_header};
use isodense::image::{Photometric, PixelLocation};

/// Larger files are cut here for the target that reads whole files: the header is what counts.
const MOST_FILE: usize = 12 << 10;
/// Larger streams make the fuzzer slow.
const MOST_STREAM: usize = 48 << 10;
const MOST_PIXELS: usize = 128 * 128;
/// What is taken of a transfer syntax that has nothing smaller.
const MOST_PIXELS_ELSE: usize = 1024 * 256;

#[path = "../../tests/mutate/streams.rs"]
mod streams;

/// What stands before the pixels: 8 x 8 of 8 or 16 bits, grey or colour.
const GREY8: [u8; 8] = [8, 0, 8, 0, 1, 7, 0, 0];
const GREY16: [u8; 8] = [8, 0, 8, 0, 2, 15, 0, 0];

/// Streams that the test data have no file of: the target, a name, the layout, the stream.
const MADE: &[(&str, &str, [u8; 8], &str)] = &[
    ("jpegxl", "made-grey8", GREY8, streams::JXL_GREY8),
    ("jpegxl", "made-grey16", GREY16, streams::JXL_GREY16),
    ("jpegxl", "made-rgb-lossy", [8, 0, 8, 0, 1, 7, 3, 32], streams::JXL_RGB_LOSSY),
    ("htj2k", "made-grey8", GREY8, streams::HTJ2K_GREY8),
    ("htj2k", "made-grey16", GREY16, streams::HTJ2K_GREY16),
    ("htj2k", "made-rgb", [8, 0, 8, 0, 1, 7, 7, 0], streams::HTJ2K_RGB),
    ("jpeg2000", "made-to-the-end", GREY8, streams::J2K_TO_THE_END),
    ("jpeg2000", "made-ppt", GREY8, streams::J2K_PPT),
    ("jpeg2000", "made-ppm-plm", GREY8, streams::J2K_PPM),
];

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if folders.is_empty() {
        let data = std::env::var_os("ISODENSE_TEST_DATA");
        folders.push(data.map_or_else(|| root.join("../../shared/data"), PathBuf::from));
        folders.push(root.join("../sample_dicom"));
        folders.push(root.join("../tests/cases"));
        folders.push(root.join("regressions"));
    }
    let mut corpus =
        Corpus { folder: root.join("corpus"), written: 0, seen: BTreeSet::new(), large: Vec::new() };
    for folder in &folders {
        for entry in walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten() {
            if entry.file_type().is_file() {
                corpus.file(entry.path());
            }
        }
    }
    for (target, name, layout, hex) in MADE {
        let digit = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        let stream: Vec<u8> = (0..hex.len()).step_by(2).map(digit).collect();
        corpus.add(target, name, &[&layout[..], &stream].concat());
    }
    for (path, instance) in std::mem::take(&mut corpus.large) {
        if !corpus.seen.contains(&*instance.frames[0].stored.transfer_syntax) {
            corpus.pixels(&instance, &fs::read(path).unwrap());
        }
    }
    println!("{} seeds in {}", corpus.written, corpus.folder.display());
}

struct Corpus {
    folder: PathBuf,
    written: usize,
    /// Transfer syntaxes that have a small frame.
    seen: BTreeSet<String>,
    large: Vec<(PathBuf, Instance)>,
}

impl Corpus {
    /// The name is the content's checksum: the same seed is there once.
    fn add(&mut self, target: &str, name: &str, bytes: &[u8]) {
        let folder = self.folder.join(target);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("{name}-{:08x}", crc32fast::hash(bytes))), bytes).unwrap();
        self.written += 1;
    }

    fn file(&mut self, path: &Path) {
        let Ok(bytes) = fs::read(path) else { return };
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with(".json") {
            if bytes.len() < 1 << 20 {
                self.add("case_file", "case", &bytes);
            }
            return;
        }
        if name.ends_with(".npy") || name.ends_with(".md") {
            return;
        }
        let small = bytes.get(..MOST_FILE).unwrap_or(&bytes);
        self.add("header", "file", small);
        self.add("tags", "file", small);
        if ["DICOMDIR", "DIRFILE"].iter().any(|index| name.starts_with(index)) {
            self.add("dicomdir", "index", bytes.get(..4 * MOST_FILE).unwrap_or(&bytes));
            self.add("scan", "index", &[b"CUT!CUT!CUT!", small].concat());
        } else if bytes.len() <= MOST_FILE / 2 {
            self.add("scan", "pair", &[small, b"CUT!", small].concat());
            self.add("zip", "stored", &zip(&[("a/b.dcm", small), ("readme.txt", b"text")]));
        }
        if let Ok(instance) = read_header(path) {
            match instance.frames.first().map(|frame| (frame.size.pixels(), &frame.stored.transfer_syntax)) {
                Some((..=MOST_PIXELS, syntax)) => {
                    self.seen.insert(syntax.to_string());
                    self.pixels(&instance, &bytes);
                }
                Some((..=MOST_PIXELS_ELSE, _)) => self.large.push((path.to_owned(), instance)),
                _ => {}
            }
        }
    }

    fn pixels(&mut self, instance: &Instance, bytes: &[u8]) {
        let Some(frame) = instance.frames.first() else { return };
        let stored = &frame.stored;
        let Some((target, syntax)) = target_of(&stored.transfer_syntax) else { return };
        let layout = &stored.layout;
        let photometric = match layout.photometric {
            Photometric::Monochrome2 => 0,
            Photometric::Monochrome1 => 1,
            Photometric::PaletteColor => 2,
            Photometric::Rgb => 3,
            Photometric::YbrFull => 4,
            Photometric::YbrFull422 => 5,
            Photometric::YbrIct => 6,
            Photometric::YbrRct => 7,
        };
        assert!(photometric < PHOTOMETRICS.len());
        let allocated = match layout.bits_allocated {
            1 => 0,
            8 => 1,
            16 => 2,
            _ => 3,
        };
        let flags = u8::from(layout.signed) | u8::from(layout.planar) << 1 | syntax << 4;
        let [r0, r1] = (frame.size.rows as u16).to_le_bytes();
        let [c0, c1] = (frame.size.columns as u16).to_le_bytes();
        let head = [r0, r1, c0, c1, allocated, layout.bits_stored as u8 - 1, photometric as u8, flags];
        match stored.location {
            PixelLocation::Native { offset, length, .. } if length as usize <= MOST_STREAM => {
                let (from, to) = (offset as usize, (offset + length) as usize);
                self.add("native", "pixels", &[&head, bytes.get(from..to).unwrap_or_default()].concat());
                // The same pixels behind item heads: none, one for all, and a table.
                let pixels = bytes.get(from..to).unwrap_or_default();
                let items = [&item(&[]), &item(pixels), &[0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0][..]].concat();
                let deflated = deflate(pixels);
                self.add("deflate", "pixels", &[&head[..], &deflated].concat());
                self.add("encapsulated", "plain", &[&head[..], &items].concat());
            }
            PixelLocation::Encapsulated { offset, .. } => {
                let all = bytes.get(offset as usize..).unwrap_or_default();
                let fragments = fragments(all);
                let frames = stored.frames.max(1) as usize;
                let stream = match fragments.get(1..) {
                    Some(some) if frames == 1 => some.concat(),
                    Some([first, ..]) => first.to_vec(),
                    Some([]) | None => Vec::new(),
                };
                if stream.len() <= MOST_STREAM {
                    self.add(target, "stream", &[&head[..], &stream].concat());
                }
                if all.len() <= MOST_STREAM {
                    let mut head = head;
                    // Three frames; the syntax that guesses the codec, or RLE.
                    head[7] = flags & 3 | (2 << 2) | if target == "rle" { 1 << 4 } else { 2 << 4 };
                    self.add("encapsulated", "items", &[&head[..], all].concat());
                }
            }
            PixelLocation::Native { .. } | PixelLocation::Deflated { .. } | PixelLocation::Picture { .. } => {
            }
        }
    }
}

/// The target for a transfer syntax and the place of the syntax in its list.
fn target_of(uid: &str) -> Option<(&'static str, u8)> {
    Some(match uid.strip_prefix("1.2.840.10008.1.2")? {
        "" | ".1" => ("native", 0),
        ".2" => ("native", 1),
        ".8.1" => ("deflate", 0),
        ".5" => ("rle", 0),
        ".4.50" => ("jpeg", 0),
        ".4.51" => ("jpeg", 1),
        ".4.57" => ("jpeg", 2),
        ".4.70" => ("jpeg", 3),
        ".4.80" => ("jpegls", 0),
        ".4.81" => ("jpegls", 1),
        ".4.90" => ("jpeg2000", 0),
        ".4.91" => ("jpeg2000", 1),
        ".4.201" => ("htj2k", 0),
        ".4.202" => ("htj2k", 1),
        ".4.203" => ("htj2k", 2),
        ".4.110" => ("jpegxl", 0),
        ".4.111" => ("jpegxl", 1),
        ".4.112" => ("jpegxl", 2),
        _ => return None,
    })
}

/// Raw deflate, as DICOM has it.
fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn item(value: &[u8]) -> Vec<u8> {
    [&[0xFE, 0xFF, 0x00, 0xE0][..], &(value.len() as u32).to_le_bytes(), value].concat()
}

/// The values of the items from here on.
fn fragments(mut rest: &[u8]) -> Vec<&[u8]> {
    let mut all = Vec::new();
    while let [0xFE, 0xFF, 0x00, 0xE0, a, b, c, d, tail @ ..] = rest {
        let length = (u32::from_le_bytes([*a, *b, *c, *d]) as usize).min(tail.len());
        all.push(&tail[..length]);
        rest = &tail[length..];
    }
    all
}

/// A ZIP archive of stored entries (APPNOTE 4.3).
fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut central) = (Vec::new(), Vec::new());
    for (name, bytes) in entries {
        let at = out.len() as u32;
        let mut about = Vec::new();
        for part in [20_u16, 0, 0, 0, 0x21] {
            about.extend(part.to_le_bytes());
        }
        for part in [crc32fast::hash(bytes), bytes.len() as u32, bytes.len() as u32] {
            about.extend(part.to_le_bytes());
        }
        about.extend((name.len() as u16).to_le_bytes());
        about.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&about);
        out.extend(name.as_bytes());
        out.extend(*bytes);
        central.extend(b"PK\x01\x02\x14\0");
        central.extend(&about);
        central.extend([0; 10]);
        central.extend(at.to_le_bytes());
        central.extend(name.as_bytes());
    }
    let (at, size, count) = (out.len() as u32, central.len() as u32, entries.len() as u16);
    out.extend(central);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    out.extend([size.to_le_bytes(), at.to_le_bytes()].concat());
    out.extend([0, 0]);
    out
}
