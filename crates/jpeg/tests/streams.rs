//! Streams of libjpeg-turbo and DCMTK (synthetic waves of 21 columns and 13 rows), decoded as they do.
//!
//! The sums are of the values that those decoders gave when the streams were made: each value times its place,
//! counted from 1 to 251 and again.

#![expect(clippy::unwrap_used, reason = "a test may panic and report")]

use jpeg_t81::{Error, Header, Image, Limits, Process, Samples, Unmarked, decode, decode_unmarked};

struct Stream {
    name: &'static str,
    hex: &'static str,
    process: Process,
    components: usize,
    bits: u32,
    unmarked: Unmarked,
    sum: u64,
}

macro_rules! stream {
    ($name:literal, $process:ident, $components:literal, $bits:literal, $unmarked:ident, $sum:literal) => {
        Stream {
            name: $name,
            hex: include_str!(concat!("streams/", $name, ".hex")),
            process: Process::$process,
            components: $components,
            bits: $bits,
            unmarked: Unmarked::$unmarked,
            sum: $sum,
        }
    };
}

const STREAMS: [Stream; 5] = [
    stream!("jpeg_12bit", Extended, 1, 12, YCbCr, 30_270_059),
    stream!("jpeg_lossless_point_transform", Lossless, 1, 16, YCbCr, 1_446_487_316),
    stream!("jpeg_lossless_rgb", Lossless, 3, 8, Rgb, 16_733_571),
    stream!("jpeg_420", Baseline, 3, 8, YCbCr, 16_776_838),
    stream!("jpeg_lossless_restart", Lossless, 1, 16, YCbCr, 1_447_176_527),
];

const ROWS: usize = 13;
const COLUMNS: usize = 21;

fn bytes_of(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        hex.bytes().filter_map(|b| char::from(b).to_digit(16)).map(|d| d.try_into().unwrap()).collect();
    digits.chunks_exact(2).map(|two| two[0] << 4 | two[1]).collect()
}

fn values(image: &Image) -> Vec<u64> {
    match &image.samples {
        Samples::U8(samples) => samples.iter().map(|&sample| sample.into()).collect(),
        Samples::U16(samples) => samples.iter().map(|&sample| sample.into()).collect(),
    }
}

#[test]
fn streams_hold_what_their_makers_read() {
    for stream in &STREAMS {
        let bytes = bytes_of(stream.hex);
        let image = decode_unmarked(&bytes, &Limits::default(), stream.unmarked).unwrap();
        let header = Header {
            columns: COLUMNS,
            rows: ROWS,
            components: stream.components,
            bits: stream.bits,
            process: stream.process,
        };
        assert_eq!((image.header, image.complete_rows), (header, ROWS), "{}", stream.name);
        assert_eq!(Header::read(&bytes), Ok(header), "{}", stream.name);
        let lossy_colour = stream.components == 3 && stream.process == Process::Baseline;
        assert_eq!(image.converted, lossy_colour, "{}", stream.name);
        let found = values(&image);
        assert_eq!(found.len(), ROWS * COLUMNS * stream.components, "{}", stream.name);
        let sum: u64 = found.iter().zip((1..=251).cycle()).map(|(value, place)| value * place).sum();
        assert_eq!(sum, stream.sum, "{}", stream.name);
    }
}

#[test]
fn a_stream_that_ends_early_gives_the_rows_that_it_has() {
    for stream in &STREAMS {
        let bytes = bytes_of(stream.hex);
        let whole = values(&decode_unmarked(&bytes, &Limits::default(), stream.unmarked).unwrap());
        let mut before = 0;
        for end in 0..bytes.len() - 2 {
            let Ok(part) = decode_unmarked(&bytes[..end], &Limits::default(), stream.unmarked) else {
                assert_eq!(before, 0, "{} cut at {end}", stream.name);
                continue;
            };
            assert!(part.complete_rows >= before && part.complete_rows <= ROWS, "{}", stream.name);
            before = part.complete_rows;
            // Chrominance of the row below is missing where a stream with loss ends.
            let sure = if stream.process == Process::Lossless { before } else { before.saturating_sub(1) };
            let there = sure * COLUMNS * stream.components;
            assert_eq!(values(&part)[..there], whole[..there], "{} cut at {end}", stream.name);
        }
        // With chrominance of half the height, all of it is one row of blocks.
        assert!(before > 0 || stream.name == "jpeg_420", "{}", stream.name);
    }
}

#[test]
fn spoiled_streams_are_refused_or_decoded() {
    let mut state = 1_u32;
    let (mut decoded, mut refused) = (0, 0);
    for stream in &STREAMS {
        let bytes = bytes_of(stream.hex);
        for round in 0..2000_usize {
            let mut spoiled = bytes.clone();
            for _ in 0..=round % 3 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let at = state as usize / 256 % bytes.len();
                spoiled[at] = state.to_le_bytes()[3];
            }
            match decode(&spoiled, &Limits { samples: 1 << 20 }) {
                Ok(image) => {
                    let Header { columns, rows, components, .. } = image.header;
                    assert_eq!(values(&image).len(), columns * rows * components);
                    assert!(image.complete_rows <= rows);
                    decoded += 1;
                }
                Err(_) => refused += 1,
            }
        }
    }
    assert!(decoded > 1000 && refused > 300, "{decoded} decoded, {refused} refused");
}

#[test]
fn an_image_beyond_the_limit_is_refused_before_it_takes_memory() {
    let mut bytes = bytes_of(STREAMS[0].hex);
    assert!(decode(&bytes, &Limits { samples: ROWS * COLUMNS }).is_ok());
    let refused = Error::TooLarge { columns: COLUMNS, rows: ROWS, components: 1 };
    assert_eq!(decode(&bytes, &Limits { samples: ROWS * COLUMNS - 1 }), Err(refused));
    let header = bytes.windows(2).position(|pair| pair == [0xFF, 0xC1]).unwrap();
    bytes[header + 5..header + 9].fill(0xFF);
    let refused = Error::TooLarge { columns: 65535, rows: 65535, components: 1 };
    assert_eq!(decode(&bytes, &Limits::default()), Err(refused));
    bytes[header + 5..header + 9].fill(0);
    assert!(matches!(decode(&bytes, &Limits::default()), Err(Error::Damaged(_))));
}

#[test]
fn what_is_not_decoded_is_named() {
    let named = |process: u8, bits: u8| {
        let mut bytes = bytes_of(STREAMS[0].hex);
        let header = bytes.windows(2).position(|pair| pair == [0xFF, 0xC1]).unwrap();
        (bytes[header + 1], bytes[header + 4]) = (process, bits);
        decode(&bytes, &Limits::default()).unwrap_err().to_string()
    };
    assert_eq!(named(0xC5, 12), "not supported: hierarchical JPEG");
    assert_eq!(named(0xC9, 12), "not supported: JPEG with arithmetic coding");
    assert_eq!(named(0xC2, 12), "not supported: progressive JPEG of 12 bits");
    assert_eq!(named(0xC0, 12), "not supported: JPEG with 12 bits and loss");
    assert_eq!(named(0xC3, 17), "not supported: lossless JPEG of 17 bits");
    assert_eq!(decode(b"GIF89a", &Limits::default()).unwrap_err().to_string(), "no JPEG header");
}
