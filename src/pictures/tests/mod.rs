//! Every file is made here: a plain one by an encoder, and what must not survive put into it.

mod colors;
mod damage;
mod jpeg;
mod limits;
mod png;
mod tiff;
mod tiff_file;
mod turn;

use std::io::Read as _;

use super::{Dropped, Limits, Note, PictureError, StrippedPicture, decode, strip};

/// What must be nowhere in the result.
const NAME: &[u8] = b"PLANTED^NAME";

/// A picture without symmetry: every pixel of its own colour.
fn gradient(width: u32, height: u32) -> Vec<[u8; 3]> {
    let byte = |value: u32| u8::try_from(value % 256).unwrap();
    let pixel = |at: u32| [byte(at % width * 11), byte(at / width * 17), byte(at * 3)];
    (0..width * height).map(pixel).collect()
}

fn strips(bytes: &[u8]) -> StrippedPicture {
    let picture = strip(bytes, &Limits::default()).unwrap();
    assert_pure(&picture);
    picture
}

fn refuses(bytes: &[u8]) -> PictureError {
    strip(bytes, &Limits::default()).unwrap_err()
}

/// The pixels of a result.
fn pixels(picture: &StrippedPicture) -> Vec<[u8; 3]> {
    let shown = decode(&picture.png).unwrap();
    assert_eq!(shown.dimensions(), (picture.width, picture.height));
    shown.pixels().map(|pixel| pixel.0).collect()
}

/// Only the three chunks, nothing after them, and the name nowhere, inflated or not.
fn assert_pure(picture: &StrippedPicture) {
    let holds = |bytes: &[u8]| bytes.windows(NAME.len()).any(|window| window.eq_ignore_ascii_case(NAME));
    assert!(!holds(&picture.png));
    let mut rest = picture.png.strip_prefix(b"\x89PNG\r\n\x1A\n").unwrap();
    let (mut names, mut data) = (Vec::new(), Vec::new());
    while !rest.is_empty() {
        let length = u32::from_be_bytes(*rest.first_chunk().unwrap()) as usize;
        names.push(rest[4..8].to_vec());
        if &rest[4..8] == b"IDAT" {
            data.extend_from_slice(&rest[8..8 + length]);
        }
        rest = &rest[length + 12..];
    }
    assert_eq!(names.first().unwrap(), b"IHDR");
    assert_eq!(names.last().unwrap(), b"IEND");
    assert!(names.len() > 2 && names[1..names.len() - 1].iter().all(|name| name == b"IDAT"));
    let mut inflated = Vec::new();
    let mut decoder = flate2::bufread::ZlibDecoder::new(&data[..]);
    decoder.read_to_end(&mut inflated).unwrap();
    assert!(!holds(&inflated));
    assert!(decoder.into_inner().is_empty(), "bytes after the compressed data");
    let channels = if picture.png[25] == 2 { 3 } else { 1 };
    assert_eq!(inflated.len(), (picture.width as usize * channels + 1) * picture.height as usize);
}

/// Exif data: orientation, the name, GPS, a maker note, Adobe RGB or not, and a small picture.
fn exif(orientation: u16, interoperability: [u8; 4]) -> Vec<u8> {
    let mut bytes = b"MM\0*\0\0\0\x08".to_vec();
    let entry = |bytes: &mut Vec<u8>, tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        bytes.extend_from_slice(&tag.to_be_bytes());
        bytes.extend_from_slice(&kind.to_be_bytes());
        bytes.extend_from_slice(&count.to_be_bytes());
        bytes.extend_from_slice(&value);
    };
    let [high, low] = orientation.to_be_bytes();
    let at = |value: u32| value.to_be_bytes();
    bytes.extend_from_slice(&4u16.to_be_bytes());
    entry(&mut bytes, 274, 3, 1, [high, low, 0, 0]);
    entry(&mut bytes, 315, 2, 13, at(200));
    entry(&mut bytes, 34665, 4, 1, at(100));
    entry(&mut bytes, 34853, 4, 1, at(160));
    bytes.extend_from_slice(&at(240));
    bytes.resize(100, 0);
    bytes.extend_from_slice(&2u16.to_be_bytes());
    entry(&mut bytes, 37500, 7, 13, at(200));
    entry(&mut bytes, 40965, 4, 1, at(140));
    bytes.resize(140, 0);
    bytes.extend_from_slice(&1u16.to_be_bytes());
    entry(&mut bytes, 1, 2, 4, interoperability);
    bytes.resize(160, 0);
    bytes.extend_from_slice(&1u16.to_be_bytes());
    entry(&mut bytes, 1, 2, 2, *b"N\0\0\0");
    bytes.resize(200, 0);
    bytes.extend_from_slice(NAME);
    bytes.resize(240, 0);
    bytes.extend_from_slice(&0u16.to_be_bytes());
    bytes.extend_from_slice(&[0; 8]);
    bytes
}

/// What [`exif`] plants.
const EXIF_KINDS: [Dropped; 4] = [Dropped::Exif, Dropped::Gps, Dropped::MakerNote, Dropped::Thumbnail];

/// A ZIP archive's first bytes, with the name.
fn trailing() -> Vec<u8> {
    [b"PK\x03\x04", NAME].concat()
}
