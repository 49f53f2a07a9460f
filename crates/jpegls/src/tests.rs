use flate2::Crc;

use super::streams::{STREAMS, Stream};
use super::*;

/// The image that a stream was made of.
fn original(stream: &Stream) -> Vec<u32> {
    let highest = (1_u32 << stream.bits) - 1;
    let mut random = 12345_u32;
    let mut samples = Vec::new();
    for y in 0..u32::try_from(stream.rows).unwrap() {
        for x in 0..u32::try_from(stream.columns).unwrap() {
            for c in 0..u32::try_from(stream.planes).unwrap() {
                random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let noise = random >> 16;
                let value = match stream.kind {
                    0 => highest / 3,
                    1 => noise,
                    2 => (x * 7 + y * 5 + c * 11) * highest / 997 + (noise & 3),
                    _ => ((x / 5 + y / 3 + c) % 3) * (highest / 2),
                };
                samples.push(value & highest);
            }
        }
    }
    samples
}

fn bytes_of(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().as_chunks::<2>().0;
    pairs.iter().map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn decoded(bytes: &[u8]) -> Result<Image> {
    decode(bytes, &Limits::default())
}

fn samples_of(samples: &Samples) -> Vec<u32> {
    match samples {
        Samples::U8(samples) => samples.iter().map(|&sample| sample.into()).collect(),
        Samples::U16(samples) => samples.iter().map(|&sample| sample.into()).collect(),
    }
}

#[test]
fn streams_of_charls_decode_exactly() {
    for stream in STREAMS {
        let name = format!("{stream:?}");
        let found = decoded(&bytes_of(stream.hex)).unwrap();
        assert_eq!(found.complete_rows, stream.rows, "{name}");
        let samples = samples_of(&found.samples);
        let original = original(stream);
        assert_eq!(samples.len(), original.len(), "{name}");
        let close = |(a, b): (&u32, &u32)| a.abs_diff(*b) <= stream.near.unsigned_abs();
        assert!(samples.iter().zip(&original).all(close), "{name}");
        let mut crc = Crc::new();
        let bytes = samples.iter().flat_map(|sample| u16::try_from(*sample).unwrap().to_le_bytes());
        crc.update(&bytes.collect::<Vec<u8>>());
        assert_eq!(crc.sum(), stream.crc, "{name}");
    }
}

#[test]
fn fill_bytes_before_a_marker_do_no_harm() {
    for stream in STREAMS {
        let bytes = bytes_of(stream.hex);
        let body = bytes.strip_suffix(b"\xFF\xD9").unwrap();
        let filled = [body, b"\xFF\xFF\xFF\xD9\x00"].concat();
        let (plain, filled) = (decoded(&bytes).unwrap(), decoded(&filled).unwrap());
        assert_eq!(
            (filled.complete_rows, samples_of(&filled.samples)),
            (plain.complete_rows, samples_of(&plain.samples))
        );
    }
}

#[test]
fn a_stream_that_ends_early_gives_the_rows_that_it_has() {
    for stream in STREAMS {
        let bytes = bytes_of(stream.hex);
        let whole = samples_of(&decoded(&bytes).unwrap().samples);
        let per_row = stream.columns * stream.planes;
        let mut before = 0;
        for end in 30..bytes.len() - 2 {
            let Ok(part) = decoded(&bytes[..end]) else { continue };
            assert!(part.complete_rows >= before && part.complete_rows <= stream.rows);
            before = part.complete_rows;
            let samples = samples_of(&part.samples);
            assert_eq!(samples.len(), whole.len());
            let there = part.complete_rows * per_row;
            assert_eq!(samples[..there], whole[..there], "{stream:?} cut at {end}");
        }
        // The last byte but the end marker: at most the last row is lost.
        assert!(stream.interleave == 0 && stream.planes > 1 || before + 1 >= stream.rows || stream.kind == 0);
    }
}

#[test]
fn mutated_streams_never_panic_and_end_soon() {
    let start = std::time::Instant::now();
    let mut state = 7_u64;
    let mut random = move |end: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % end
    };
    let mut tried = 0;
    for stream in STREAMS {
        let bytes = bytes_of(stream.hex);
        for _ in 0..400 {
            let mut bytes = bytes.clone();
            for _ in 0..=random(3) {
                let at = random(bytes.len());
                bytes[at] = u8::try_from(random(256)).unwrap();
            }
            match decode(&bytes, &Limits { samples: 1 << 16 }) {
                Ok(part) => assert!(part.complete_rows <= part.header.rows),
                Err(Error::TooLarge { .. }) => continue,
                Err(Error::Damaged(_) | Error::Unsupported(_)) if Header::read(&bytes).is_err() => continue,
                Err(Error::Damaged(_) | Error::Unsupported(_)) => {}
            }
            tried += 1;
        }
    }
    assert!(tried > 10_000, "{tried}");
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

/// The stream with a marker segment in front of its frame header.
fn with_segment(stream: &Stream, segment: &[u8]) -> Vec<u8> {
    let bytes = bytes_of(stream.hex);
    [&bytes[..2], segment, &bytes[2..]].concat()
}

#[test]
fn what_is_not_supported_is_named() {
    let grey = &STREAMS[6];
    let name = |bytes: &[u8]| decoded(bytes).unwrap_err().to_string();
    // A mapping table's selector in the scan header.
    let mut bytes = bytes_of(grey.hex);
    let scan = bytes.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
    bytes[scan + 6] = 1;
    assert_eq!(name(&bytes), "not supported: JPEG-LS with a mapping table (palette)");
    let mut bytes = bytes_of(grey.hex);
    bytes[scan + 9] = 1;
    assert_eq!(name(&bytes), "not supported: JPEG-LS with a point transform");
    let bytes = with_segment(grey, b"\xFF\xE8\x00\x07mrfx\x01");
    assert_eq!(name(&bytes), "not supported: JPEG-LS with HP's colour transform 1");
}

/// `CharLS` decodes such streams alike, which imagecodecs 2026.3 has shown.
#[test]
fn restart_markers_begin_anew() {
    for stream in STREAMS.iter().filter(|stream| stream.planes == 1 || stream.interleave != 0) {
        let bytes = bytes_of(stream.hex);
        let find = |kind| bytes.windows(2).position(|pair| pair == [0xFF, kind]).unwrap();
        let (header, scan) = (find(0xF7), find(0xDA));
        let data = scan + 2 + usize::from(u16::from_be_bytes([bytes[scan + 2], bytes[scan + 3]]));
        let rows = u16::try_from(stream.rows).unwrap();
        let entropy = &bytes[data..bytes.len() - 2];
        let mut head = bytes[..scan].to_vec();
        head[header + 5..header + 7].copy_from_slice(&(3 * rows).to_be_bytes());
        let [high, low] = rows.to_be_bytes();
        let interval = [0xFF, 0xDD, 0, 4, high, low];
        let begin = [&head, &interval[..], &bytes[scan..data], entropy].concat();
        let joined = [&begin[..], b"\xFF\xD0", entropy, b"\xFF\xFF\xD1", entropy, b"\xFF\xD9"].concat();
        let once = samples_of(&decoded(&bytes).unwrap().samples);
        let thrice = decoded(&joined).unwrap();
        assert_eq!(thrice.complete_rows, 3 * stream.rows);
        assert_eq!(samples_of(&thrice.samples), once.repeat(3), "{stream:?}");
        // Without the marker only the first interval is there.
        let cut = decoded(&[&begin[..], b"\xFF\xD9"].concat()).unwrap();
        assert_eq!(cut.complete_rows, stream.rows);
    }
}

#[test]
fn an_image_beyond_the_limit_is_refused_before_it_takes_memory() {
    let stream = &STREAMS[6];
    let mut bytes = bytes_of(stream.hex);
    let samples = stream.columns * stream.rows;
    assert!(decode(&bytes, &Limits { samples }).is_ok());
    let refused = Error::TooLarge { columns: stream.columns, rows: stream.rows, components: 1 };
    assert_eq!(decode(&bytes, &Limits { samples: samples - 1 }), Err(refused));
    let header = bytes.windows(2).position(|pair| pair == [0xFF, 0xF7]).unwrap();
    bytes[header + 5..header + 9].fill(0xFF);
    assert!(matches!(decoded(&bytes), Err(Error::TooLarge { columns: 65535, rows: 65535, .. })));
}
