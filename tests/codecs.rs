//! Small streams of our own making (synthetic waves), decoded as DCMTK, `OpenJPH`, `OpenJPEG`, libjpeg-turbo and libjxl do.
//!
//! The sums are of the values that those decoders gave when the streams were made: each value times its place,
//! counted from 1 to 251 and again.

#![expect(clippy::unwrap_used, reason = "a test may panic and report")]

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use isodense::dicom::{load_frame, read_header};
use isodense::image::Samples;

/// A stream, how a file declares it, and what it holds.
struct Stream {
    name: &'static str,
    hex: &'static str,
    /// Last part of the transfer syntax.
    syntax: &'static str,
    samples: u16,
    /// Bits allocated and stored.
    bits: (u16, u16),
    signed: u16,
    photometric: &'static str,
    /// How far a value may be off, on average.
    tolerance: f64,
    sum: f64,
}

macro_rules! stream {
    ($folder:literal, $name:literal, $syntax:literal, $samples:literal, $bits:expr, $signed:literal, $photometric:literal, $tolerance:literal, $sum:literal) => {
        Stream {
            name: $name,
            hex: include_str!(concat!($folder, $name, ".hex")),
            syntax: $syntax,
            samples: $samples,
            bits: $bits,
            signed: $signed,
            photometric: $photometric,
            tolerance: $tolerance,
            sum: $sum,
        }
    };
}

const STREAMS: [Stream; 15] = [
    stream!(
        "../crates/jpeg/tests/streams/",
        "jpeg_12bit",
        "4.51",
        1,
        (16, 12),
        0,
        "MONOCHROME2",
        0.0,
        30_270_059.0
    ),
    stream!(
        "../crates/jpeg/tests/streams/",
        "jpeg_lossless_point_transform",
        "4.57",
        1,
        (16, 16),
        0,
        "MONOCHROME2",
        0.0,
        1_446_487_316.0
    ),
    stream!(
        "../crates/jpeg/tests/streams/",
        "jpeg_lossless_rgb",
        "4.57",
        3,
        (8, 8),
        0,
        "RGB",
        0.0,
        16_733_571.0
    ),
    stream!(
        "../crates/jpeg/tests/streams/",
        "jpeg_420",
        "4.50",
        3,
        (8, 8),
        0,
        "YBR_FULL_422",
        0.0,
        16_776_838.0
    ),
    stream!(
        "../crates/jpeg/tests/streams/",
        "jpeg_lossless_restart",
        "4.57",
        1,
        (16, 16),
        0,
        "MONOCHROME2",
        0.0,
        1_447_176_527.0
    ),
    stream!(
        "../crates/htj2k/tests/streams/",
        "htj2k_signed",
        "4.201",
        1,
        (16, 12),
        1,
        "MONOCHROME2",
        0.0,
        24_934_320.0
    ),
    stream!(
        "../crates/htj2k/tests/streams/",
        "htj2k_rgb",
        "4.202",
        3,
        (8, 8),
        0,
        "YBR_RCT",
        0.0,
        16_745_946.0
    ),
    stream!(
        "../crates/htj2k/tests/streams/",
        "htj2k_lossy",
        "4.203",
        1,
        (16, 12),
        0,
        "MONOCHROME2",
        2.0,
        90_556_380.0
    ),
    stream!("streams/", "jpegxl_12bit", "4.110", 1, (16, 12), 0, "MONOCHROME2", 0.0, 90_444_334.0),
    stream!("streams/", "jpegxl_16bit", "4.110", 1, (16, 16), 0, "MONOCHROME2", 0.0, 1_446_616_308.0),
    stream!("streams/", "jpegxl_signed", "4.110", 1, (16, 16), 1, "MONOCHROME2", 0.0, -561_472_268.0),
    stream!("streams/", "jpegxl_rgb", "4.110", 3, (8, 8), 0, "RGB", 0.0, 16_723_223.0),
    stream!("streams/", "jpegxl_lossy", "4.112", 1, (8, 8), 0, "MONOCHROME2", 2.0, 5_609_917.0),
    stream!("streams/", "jpegxl_of_jpeg", "4.111", 1, (8, 8), 0, "MONOCHROME2", 2.0, 5_622_697.0),
    stream!("streams/", "jpeg2000_signed", "4.90", 1, (16, 12), 1, "MONOCHROME2", 0.0, 24_957_133.0),
];

const ROWS: u16 = 13;
const COLUMNS: u16 = 21;

fn bytes_of(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        hex.bytes().filter_map(|b| char::from(b).to_digit(16)).map(|d| d.try_into().unwrap()).collect();
    digits.chunks_exact(2).map(|two| two[0] << 4 | two[1]).collect()
}

fn element(out: &mut Vec<u8>, tag: (u16, u16), vr: &str, value: &[u8]) {
    out.extend(tag.0.to_le_bytes());
    out.extend(tag.1.to_le_bytes());
    out.extend(vr.as_bytes());
    let length = u16::try_from(value.len().next_multiple_of(2)).unwrap();
    out.extend(length.to_le_bytes());
    out.extend(value);
    if value.len() % 2 == 1 {
        out.push(if vr == "UI" { 0 } else { b' ' });
    }
}

/// A file of one frame, its stream in one fragment.
fn write(path: &Path, stream: &Stream, bytes: &[u8], (rows, columns): (u16, u16)) {
    let mut file = vec![0; 128];
    file.extend(b"DICM");
    let syntax = format!("1.2.840.10008.1.2.{}", stream.syntax);
    element(&mut file, (2, 0x10), "UI", syntax.as_bytes());
    element(&mut file, (8, 0x16), "UI", b"1.2.840.10008.5.1.4.1.1.7");
    element(&mut file, (8, 0x18), "UI", b"1.2.3.4");
    element(&mut file, (8, 0x60), "CS", b"OT");
    element(&mut file, (0x20, 0xD), "UI", b"1.2.3");
    element(&mut file, (0x20, 0xE), "UI", b"1.2.3.1");
    let number = |file: &mut Vec<u8>, tag: u16, value: u16| {
        element(file, (0x28, tag), "US", &value.to_le_bytes());
    };
    number(&mut file, 2, stream.samples);
    element(&mut file, (0x28, 4), "CS", stream.photometric.as_bytes());
    if stream.samples == 3 {
        number(&mut file, 6, 0);
    }
    number(&mut file, 0x10, rows);
    number(&mut file, 0x11, columns);
    number(&mut file, 0x100, stream.bits.0);
    number(&mut file, 0x101, stream.bits.1);
    number(&mut file, 0x102, stream.bits.1 - 1);
    number(&mut file, 0x103, stream.signed);
    file.extend(
        b"\xE0\x7F\x10\x00OB\x00\x00\xFF\xFF\xFF\xFF\xFE\xFF\x00\xE0\x00\x00\x00\x00\xFE\xFF\x00\xE0",
    );
    file.extend(u32::try_from(bytes.len().next_multiple_of(2)).unwrap().to_le_bytes());
    file.extend(bytes);
    file.resize(file.len().next_multiple_of(2), 0);
    file.extend(b"\xFE\xFF\xDD\xE0\x00\x00\x00\x00");
    File::create(path).unwrap().write_all(&file).unwrap();
}

fn values(path: &Path) -> Result<Vec<f64>, String> {
    let instance = read_header(path).map_err(|error| error.to_string())?;
    let samples = load_frame(&instance.frames[0]).map_err(|error| error.to_string())?;
    if let Samples::Rgb8(pixels) = &*samples {
        return Ok(pixels.iter().flatten().map(|&byte| f64::from(byte)).collect());
    }
    Ok((0..samples.len()).filter_map(|at| samples.stored(at)).collect())
}

#[test]
fn streams_hold_what_their_makers_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stream.dcm");
    for stream in &STREAMS {
        write(&path, stream, &bytes_of(stream.hex), (ROWS, COLUMNS));
        let found = values(&path).unwrap_or_else(|error| panic!("{}: {error}", stream.name));
        assert_eq!(found.len(), usize::from(ROWS * COLUMNS * stream.samples), "{}", stream.name);
        let places = (1..=251).cycle();
        let sum: f64 = found.iter().zip(places).map(|(value, place)| value * f64::from(place)).sum();
        let weights: f64 = (0..found.len()).map(|at| (at % 251 + 1) as f64).sum();
        let off = (sum - stream.sum).abs() / weights;
        println!("{}: {off:.3}", stream.name);
        assert!(off <= stream.tolerance, "{}: {sum} instead of {}", stream.name, stream.sum);
    }
}

/// The program itself, as linked: a codec that is registered and not called by name could be left out of it.
#[test]
fn the_program_decodes_what_the_library_does() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stream.dcm");
    for stream in STREAMS.iter().filter(|stream| stream.samples == 1) {
        write(&path, stream, &bytes_of(stream.hex), (ROWS, COLUMNS));
        let expected = values(&path).unwrap()[usize::from(7 * COLUMNS + 5)];
        let asked = ["probe", "--pixel", "5,7", "--json"];
        let run = Command::new(env!("CARGO_BIN_EXE_isodense")).args(asked).arg(&path).output().unwrap();
        let answer: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap_or_else(|error| {
            panic!("{}: {error}, {}", stream.name, String::from_utf8_lossy(&run.stderr))
        });
        let found = answer["value"].as_f64();
        assert_eq!(found, Some(expected), "{}: {answer}", stream.name);
    }
}

#[test]
fn streams_of_another_size_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stream.dcm");
    for stream in &STREAMS {
        for size in [(ROWS + 1, COLUMNS), (COLUMNS, ROWS), (60000, 60000)] {
            write(&path, stream, &bytes_of(stream.hex), size);
            let error = values(&path).err().unwrap_or_else(|| panic!("{} is shown", stream.name));
            assert!(!error.contains("gave up"), "{}: {error}", stream.name);
        }
    }
}

#[test]
fn short_and_spoiled_streams_are_refused_or_decoded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stream.dcm");
    let (mut shown, mut refused, mut gave_up) = (0, 0, 0);
    for stream in &STREAMS {
        let bytes = bytes_of(stream.hex);
        let mut state = 1_u32;
        for round in 0..150_usize {
            let mut spoiled = bytes.clone();
            if round < 50 {
                spoiled.truncate(bytes.len() * round / 50);
            } else {
                for _ in 0..=round % 3 {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let at = state as usize / 256 % bytes.len();
                    spoiled[at] = state.to_le_bytes()[3];
                }
            }
            write(&path, stream, &spoiled, (ROWS, COLUMNS));
            let before = Instant::now();
            match values(&path) {
                Ok(_) => shown += 1,
                Err(error) => {
                    refused += 1;
                    gave_up += usize::from(error.contains("gave up"));
                    assert!(!(error.contains("gave up") && error.contains("JPEG decoder")), "{error}");
                }
            }
            // A hang, not slowness: these tests also run beside others on a busy machine.
            let took = before.elapsed().as_secs_f64();
            assert!(took < 20.0, "{}, round {round}: {took} s", stream.name);
        }
    }
    println!("{shown} shown, {refused} refused, {gave_up} of them by a panic that was caught");
}

#[test]
fn a_jpeg_that_ends_early_shows_the_rows_that_it_has() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stream.dcm");
    for name in ["jpeg_12bit", "jpeg_lossless_restart"] {
        let stream = STREAMS.iter().find(|stream| stream.name == name).unwrap();
        let bytes = bytes_of(stream.hex);
        write(&path, stream, &bytes[..bytes.len() - 40], (ROWS, COLUMNS));
        let part = values(&path).unwrap();
        let frame = read_header(&path).unwrap().frames.remove(0);
        let decoded = load_frame(&frame).unwrap();
        let rows = decoded.there() / frame.size.columns;
        assert!((1..13).contains(&rows), "{name}: {rows} rows");
        let told = decoded.cut(frame.size).unwrap().to_string();
        assert_eq!(told, format!("The image ends early: {rows} of 13 rows are there."), "{name}");
        write(&path, stream, &bytes, (ROWS, COLUMNS));
        let there = decoded.there() * usize::from(stream.samples);
        assert_eq!(part[..there], values(&path).unwrap()[..there], "{name}");
    }
}

/// Raw bytes in a fragment, as such and deflated; what they mean is worked out by hand.
#[test]
fn bytes_in_fragments_read_as_in_a_plain_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plain.dcm");
    let of = |samples, bits, signed, photometric| Stream {
        name: "plain",
        hex: "",
        syntax: "1.98",
        samples,
        bits,
        signed,
        photometric,
        tolerance: 0.0,
        sum: 0.0,
    };
    let cases = [
        (of(1, (1, 1), 0, "MONOCHROME2"), vec![0b0011_0101], vec![1.0, 0.0, 1.0, 0.0, 1.0, 1.0]),
        (
            of(1, (8, 8), 1, "MONOCHROME2"),
            vec![0, 1, 127, 128, 255, 2],
            vec![0.0, 1.0, 127.0, -128.0, -1.0, 2.0],
        ),
        (
            of(1, (16, 12), 1, "MONOCHROME2"),
            vec![0, 0, 1, 0, 0xFF, 0x0F, 0, 0xF8, 0xFF, 0x07, 2, 0x70],
            vec![0.0, 1.0, -1.0, -2048.0, 2047.0, 2.0],
        ),
        (
            of(1, (32, 32), 0, "MONOCHROME2"),
            [1_u32, 70_000, 3, 4, 5, u32::MAX].iter().flat_map(|v| v.to_le_bytes()).collect(),
            vec![1.0, 70_000.0, 3.0, 4.0, 5.0, f64::from(u32::MAX)],
        ),
        (
            of(3, (8, 8), 0, "YBR_FULL_422"),
            vec![81, 100, 128, 128, 7, 8, 128, 128, 9, 10, 128, 128],
            [81, 100, 7, 8, 9, 10].iter().flat_map(|&grey| [f64::from(grey); 3]).collect(),
        ),
    ];
    for (mut stream, bytes, expected) in cases {
        write(&path, &stream, &bytes, (2, 3));
        assert_eq!(values(&path).unwrap(), expected, "{:?} {}", stream.bits, stream.photometric);
        write(&path, &stream, &bytes[1..], (3, 7));
        assert!(values(&path).is_err(), "less than the header says");
        stream.syntax = "8.1";
        // RFC 1951 3.2.4: one stored block.
        let length = u16::try_from(bytes.len()).unwrap();
        let mut deflated = vec![1];
        deflated.extend(length.to_le_bytes());
        deflated.extend((!length).to_le_bytes());
        deflated.extend(&bytes);
        write(&path, &stream, &deflated, (2, 3));
        assert_eq!(values(&path).unwrap(), expected, "deflated");
        write(&path, &stream, &deflated, (1, 1));
        assert!(values(&path).is_err() || stream.bits.0 == 1, "more than the header says");
        write(&path, &stream, &deflated, (20_000, 20_000));
        assert!(values(&path).is_err(), "less than the header says");
    }
}
