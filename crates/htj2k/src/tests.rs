use flate2::Crc;

use super::streams::STREAMS;
use super::*;

/// The samples alone, however many.
fn decode(stream: &[u8]) -> Result<Vec<i32>, Error> {
    super::decode(stream, &Limits { samples: usize::MAX }).map(|image| image.samples)
}

fn bytes_of(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().as_chunks::<2>().0;
    pairs.iter().map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// Four columns and three rows, signed, of 16 bits: by `OpenJPH` 0.26.
const TWELVE: &str = "ff4fff5100294000000000040000000300000000000000000000000400000003000000000000000000018f0101ff500008000200000009ff52000c00020001000104044001ff5c00072088888888ff64001700014f70656e4a50482056657220302e32362e332eff90000a0000000000440001ff93c0002ac023ba3c78a8fef10206b400c0002b20001510000a904d34ed4343f4e70301639400eb43ecf101223400dd87441ff801823400ffd9";

#[test]
fn values_are_the_stream_s_own() {
    let values = [0, 1000, -2000, 3, 4, -5, 32767, -32768, 7, 8, 9, 10];
    assert_eq!(decode(&bytes_of(TWELVE)), Ok(values.to_vec()));
}

#[test]
fn streams_hold_what_their_judges_read() {
    for stream in STREAMS {
        let samples =
            decode(&bytes_of(stream.hex)).unwrap_or_else(|error| panic!("{}: {error:?}", stream.name));
        assert_eq!(samples.len(), stream.samples, "{}", stream.name);
        let mut crc = Crc::new();
        crc.update(&samples.iter().flat_map(|sample| sample.to_le_bytes()).collect::<Vec<u8>>());
        assert_eq!(crc.sum(), stream.crc, "{}", stream.name);
    }
}

#[test]
fn a_stream_that_ends_early_says_so() {
    for stream in STREAMS {
        let bytes = bytes_of(stream.hex);
        // Without the end marker alone, all is there.
        let whole = bytes.strip_suffix(b"\xFF\xD9").unwrap();
        assert!(decode(whole).is_ok(), "{}", stream.name);
        for length in 4..whole.len() {
            match decode(&whole[..length]) {
                Err(Error::Damaged(what)) => {
                    assert!(what.contains("ends"), "{}, {length}: {what}", stream.name);
                }
                other => panic!("{}, {length}: {other:?}", stream.name),
            }
        }
    }
}

#[test]
fn a_cut_that_the_lengths_hide_is_still_one() {
    let whole = bytes_of(TWELVE);
    let whole = whole.strip_suffix(b"\xFF\xD9").unwrap();
    // One tile-part; its length counts from its marker on, and 14 bytes are its header.
    let part = whole.windows(4).position(|four| four == [0xFF, 0x90, 0, 10]).unwrap();
    for length in part + 14..whole.len() {
        let mut bytes = whole[..length].to_vec();
        let of_part = u32::try_from(length - part).unwrap();
        bytes[part + 6..part + 10].copy_from_slice(&of_part.to_be_bytes());
        let found = decode(&bytes);
        assert!(
            matches!(found, Err(Error::Damaged(what)) if what.contains("ends in the middle")),
            "{found:?}"
        );
    }
}

/// The stream with a marker segment after its SIZ marker.
fn with_marker(marker: &[u8]) -> Vec<u8> {
    let mut bytes = bytes_of(TWELVE);
    let after_size = 4 + usize::from(u16::from_be_bytes([bytes[4], bytes[5]]));
    bytes.splice(after_size..after_size, marker.iter().copied());
    bytes
}

#[test]
fn markers_that_only_comment_are_skipped() {
    let plain = decode(&bytes_of(TWELVE));
    for marker in [
        b"\xFF\x64\x00\x06\x00\x01hi".as_slice(),
        b"\xFF\x55\x00\x04\x00\x40",
        b"\xFF\x63\x00\x06\x00\x00\x00\x00",
    ] {
        assert_eq!(decode(&with_marker(marker)), plain);
    }
}

#[test]
fn what_is_not_known_is_named() {
    let named = |bytes: &[u8], what: &str| match decode(bytes) {
        Err(Error::Unsupported(text)) => assert!(text.contains(what), "{text}"),
        other => panic!("{what}: {other:?}"),
    };
    named(&with_marker(b"\xFF\x5E\x00\x05\x00\x00\x07"), "RGN");
    named(&with_marker(b"\xFF\x5F\x00\x09\x00\x00\x00\x01\x01\x01\x00"), "POC");
    named(&with_marker(b"\xFF\x60\x00\x03\x00"), "PPM");
    let changed = |at: usize, byte: u8| {
        let mut bytes = bytes_of(TWELVE);
        bytes[at] = byte;
        bytes
    };
    let style = bytes_of(TWELVE).windows(2).position(|two| two == [0xFF, 0x52]).unwrap() + 12;
    named(&changed(style, 0), "without high-throughput blocks");
    named(&changed(style, 0xC0), "both kinds");
    named(&changed(style, 0x41), "block options");
    named(&changed(41, 5), "four components");
    named(&changed(42, 0x98), "24 bits");
    named(&changed(43, 2), "several sizes");
}

#[test]
fn more_packets_than_bytes_are_refused_before_they_take_memory() {
    // A side of 30000 in precincts of two by two: 225 million.
    let mut bytes = bytes_of(TWELVE);
    for at in [8, 12, 24, 28] {
        bytes[at..at + 4].copy_from_slice(&30000_u32.to_be_bytes());
    }
    let style = bytes.windows(2).position(|two| two == [0xFF, 0x52]).unwrap();
    bytes[style + 3] += 2;
    bytes[style + 4] |= 1;
    bytes.splice(style + 14..style + 14, [0x11, 0x11]);
    let found = decode(&bytes);
    assert!(
        matches!(found, Err(Error::Damaged(what)) if what.contains("more packets than bytes")),
        "{found:?}"
    );
}

#[test]
fn an_image_beyond_the_limit_is_refused_before_it_takes_memory() {
    let bytes = bytes_of(TWELVE);
    assert!(super::decode(&bytes, &Limits { samples: 12 }).is_ok());
    let found = super::decode(&bytes, &Limits { samples: 11 });
    assert_eq!(found, Err(Error::TooLarge { columns: 4, rows: 3, components: 1 }));
    // Sides whose product is no number of 64 bits with four components.
    let mut bytes = bytes;
    for at in [8, 12, 24, 28] {
        bytes[at..at + 4].copy_from_slice(&u32::MAX.to_be_bytes());
    }
    assert!(matches!(super::decode(&bytes, &Limits::default()), Err(Error::TooLarge { .. })));
}

/// Streams with a byte changed are decoded or refused.
#[test]
fn no_byte_makes_the_decoder_panic() {
    for stream in STREAMS {
        let bytes = bytes_of(stream.hex);
        // What the size says is the caller's to check.
        for at in (42..bytes.len()).step_by(3) {
            for change in [1, 0x80, 0xFF] {
                let mut bytes = bytes.clone();
                bytes[at] ^= change;
                _ = decode(&bytes);
            }
        }
    }
}
