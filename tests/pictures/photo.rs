//! Photographs that are made here, with what must not survive planted into them.

use std::fs;
use std::path::Path;

/// The name of a person in the metadata and the name of the file: nothing that the program writes holds it.
pub(crate) const PLANTED: &str = "Quillfeather";

pub(crate) const WIDTH: u16 = 400;
pub(crate) const HEIGHT: u16 = 300;

/// A JPEG of a grey slide with a dark spot, and with a place and an artist in its Exif. `shade` tells pictures apart.
pub(crate) fn jpeg(path: &Path, shade: u8) {
    let mut pixels = vec![shade; usize::from(WIDTH) * usize::from(HEIGHT) * 3];
    for row in 100..140 {
        for column in 60..90 {
            let at = (row * usize::from(WIDTH) + column) * 3;
            pixels[at..at + 3].copy_from_slice(&[70, 30, 90]);
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 95);
    encoder.add_app_segment(1, exif()).unwrap();
    encoder.encode(&pixels, WIDTH, HEIGHT, jpeg_encoder::ColorType::Rgb).unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert!(text.contains(PLANTED) && text.contains("GPSPLACE"), "nothing was planted");
    fs::write(path, bytes).unwrap();
}

/// Exif in little endian: an artist, and a directory of a place with its date.
fn exif() -> Vec<u8> {
    let artist = format!("Dr {PLANTED}\0");
    let stamp = b"GPSPLACE 1\0";
    let entry = |tag: u16, kind: u16, count: usize, value: usize| {
        let mut bytes = [tag.to_le_bytes(), kind.to_le_bytes()].concat();
        bytes.extend(u32::try_from(count).unwrap().to_le_bytes());
        bytes.extend(u32::try_from(value).unwrap().to_le_bytes());
        bytes
    };
    // Header 8, two entries: 2 + 24 + 4; then the directory of the place: 2 + 12 + 4; then the texts.
    let (place, texts) = (8 + 30, 8 + 30 + 18);
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    tiff.extend(2_u16.to_le_bytes());
    tiff.extend(entry(0x013B, 2, artist.len(), texts));
    tiff.extend(entry(0x8825, 4, 1, place));
    tiff.extend([0; 4]);
    tiff.extend(1_u16.to_le_bytes());
    tiff.extend(entry(0x001D, 2, stamp.len(), texts + artist.len()));
    tiff.extend([0; 4]);
    tiff.extend(artist.as_bytes());
    tiff.extend(stamp);
    [b"Exif\0\0".as_slice(), &tiff].concat()
}

/// Fails when a file below a folder, or its name, holds what was planted.
pub(crate) fn assert_clean(folder: &Path) {
    for entry in walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok) {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(!name.contains(PLANTED), "{name}");
        if entry.file_type().is_file() {
            let bytes = fs::read(entry.path()).unwrap();
            for token in [PLANTED.as_bytes(), b"GPSPLACE", b"Exif"] {
                let found = bytes.windows(token.len()).any(|window| window == token);
                assert!(!found, "{} holds {}", entry.path().display(), String::from_utf8_lossy(token));
            }
        }
    }
}
