use super::*;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

pub(super) fn encoded(
    (width, height): (u16, u16),
    color: ColorType,
    progressive: bool,
    factor: SamplingFactor,
    data: &[u8],
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 100);
    encoder.set_sampling_factor(factor);
    encoder.set_progressive(progressive);
    encoder.encode(data, width, height, color).unwrap();
    bytes
}

pub(super) fn rgb(width: u16, height: u16) -> Vec<u8> {
    let data = gradient(u32::from(width), u32::from(height)).concat();
    encoded((width, height), ColorType::Rgb, false, SamplingFactor::F_1_1, &data)
}

pub(super) fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker], &length[..], data].concat()
}

/// Puts segments after the mark of the start.
pub(super) fn with(jpeg: &[u8], segments: &[Vec<u8>]) -> Vec<u8> {
    [&jpeg[..2], &segments.concat(), &jpeg[2..]].concat()
}

fn near(found: &[[u8; 3]], expected: &[[u8; 3]], most: u8) {
    assert_eq!(found.len(), expected.len());
    for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
        let far = found.iter().zip(expected).any(|(a, b)| a.abs_diff(*b) > most);
        assert!(!far, "{at}: {found:?} instead of {expected:?}");
    }
}

/// A caption as the press writes it, in Photoshop's resources, and Photoshop's small picture.
fn photoshop() -> Vec<u8> {
    let caption = [&[0x1C, 2, 120, 0, 12][..], NAME].concat();
    let resource = |number: u16, data: &[u8]| {
        let length = u32::try_from(data.len()).unwrap().to_be_bytes();
        [b"8BIM", &number.to_be_bytes()[..], &[0, 0], &length, data, &[0][..data.len() % 2]].concat()
    };
    [b"Photoshop 3.0\0", &resource(0x0404, &caption)[..], &resource(0x040C, NAME)].concat()
}

#[test]
fn all_metadata_go() {
    let jfif = [b"JFIF\0\x01\x01\x01\0\x48\0\x48\x02\x02", NAME].concat();
    let mut bytes = with(
        &rgb(9, 6),
        &[
            segment(0xE0, &jfif),
            segment(0xE1, &[b"Exif\0\0", &exif(1, *b"R98\0")[..]].concat()),
            segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0", NAME].concat()),
            segment(0xE2, &[b"MPF\0", NAME].concat()),
            segment(0xED, &photoshop()),
            segment(0xFE, NAME),
            segment(0xE5, NAME),
        ],
    );
    bytes.extend(trailing());
    let picture = strips(&bytes);
    let mut expected = EXIF_KINDS.to_vec();
    expected.extend([Dropped::Xmp, Dropped::Iptc, Dropped::Comment, Dropped::TrailingBytes, Dropped::Other]);
    expected.sort_unstable();
    assert_eq!(picture.dropped, expected);
    assert_eq!((picture.notes.as_slice(), picture.mm_per_pixel), (&[][..], None));
    assert_eq!(strips(&rgb(9, 6)).png, picture.png);
    assert_eq!(strips(&rgb(9, 6)).dropped, []);
    near(&pixels(&picture), &gradient(9, 6), 24);
}

#[test]
fn comments_between_and_after_scans_go_too() {
    let data = gradient(20, 20).concat();
    let bytes = encoded((20, 20), ColorType::Rgb, true, SamplingFactor::F_1_1, &data);
    let comment = segment(0xFE, NAME);
    let scan = bytes.windows(2).rposition(|window| window == [0xFF, 0xDA]).unwrap();
    let end = bytes.len() - 2;
    let commented = [&bytes[..scan], &comment, &bytes[scan..end], &comment, &bytes[end..]].concat();
    let picture = strips(&commented);
    assert_eq!(picture.dropped, [Dropped::Comment]);
    assert_eq!(picture.png, strips(&bytes).png);
}

#[test]
fn progressive_shared_and_grey_pictures_are_read() {
    let smooth: Vec<[u8; 3]> = (0..40 * 30u8 as usize)
        .map(|at| [u8::try_from(at % 40 * 4).unwrap(), u8::try_from(at / 40 * 4).unwrap(), 90])
        .collect();
    for progressive in [false, true] {
        for factor in [SamplingFactor::F_1_1, SamplingFactor::F_2_2, SamplingFactor::F_2_1] {
            let bytes = encoded((40, 30), ColorType::Rgb, progressive, factor, &smooth.concat());
            near(&pixels(&strips(&bytes)), &smooth, 12);
        }
        let grey: Vec<u8> = smooth.iter().map(|pixel| pixel[0]).collect();
        let bytes = encoded((40, 30), ColorType::Luma, progressive, SamplingFactor::F_1_1, &grey);
        let picture = strips(&bytes);
        assert_eq!(picture.png[25], 0, "one channel");
        near(&pixels(&picture), &grey.iter().map(|&v| [v; 3]).collect::<Vec<_>>(), 4);
    }
}

#[test]
fn inks_become_colors() {
    // Ink of each kind alone, none, black, and half of all.
    let inks: [[u8; 4]; 6] =
        [[255, 0, 0, 0], [0, 255, 0, 0], [0, 0, 255, 0], [0; 4], [0, 0, 0, 255], [128, 128, 128, 128]];
    let expected = [[0, 255, 255], [255, 0, 255], [255, 255, 0], [255; 3], [0; 3], [63; 3]];
    for (inks, expected) in inks.into_iter().zip(expected) {
        let data = inks.repeat(64);
        for (color, expected_transform) in [(ColorType::Cmyk, 0), (ColorType::CmykAsYcck, 2)] {
            let bytes = encoded((8, 8), color, false, SamplingFactor::F_1_1, &data);
            let adobe = bytes.windows(5).position(|window| window == b"Adobe").unwrap();
            assert_eq!(bytes[adobe + 11], expected_transform);
            let picture = strips(&bytes);
            near(&pixels(&picture), &[expected; 64], 3);
            assert_eq!(picture.notes, [Note::FromInks]);
        }
    }
}

/// Photoshop writes RGB without conversion, numbers its components as others number YCbCr, and says so in its mark.
#[test]
fn adobes_mark_tells_rgb() {
    let data = [200u8, 30, 90].repeat(64);
    // Taken for YCbCr by the encoder, so that the samples are what is written.
    let mut bytes = encoded((8, 8), ColorType::Ycbcr, false, SamplingFactor::F_1_1, &data);
    let jfif = bytes.windows(4).position(|window| window == b"JFIF").unwrap();
    let length = usize::from(u16::from_be_bytes([bytes[jfif - 2], bytes[jfif - 1]]));
    bytes.drain(jfif - 4..jfif - 2 + length);
    let adobe = with(&bytes, &[segment(0xEE, b"Adobe\0\x64\0\0\0\0\0")]);
    near(&pixels(&strips(&adobe)), &[[200, 30, 90]; 64], 2);
    let without = strips(&bytes);
    assert!(pixels(&without)[0][1] > 200, "YCbCr where nothing tells");
}

#[test]
fn a_camera_that_is_set_to_adobe_rgb_is_believed() {
    let segment = segment(0xE1, &[b"Exif\0\0", &exif(1, *b"R03\0")[..]].concat());
    let picture = strips(&with(&rgb(9, 6), &[segment]));
    assert_eq!(picture.notes, [Note::Converted(crate::pictures::ColorSpace::AdobeRgb)]);
}

#[test]
fn a_file_that_breaks_off_is_refused_at_every_length() {
    let data = gradient(20, 20).concat();
    for progressive in [false, true] {
        let bytes = encoded((20, 20), ColorType::Rgb, progressive, SamplingFactor::F_2_2, &data);
        for length in 3..bytes.len() {
            assert_eq!(refuses(&bytes[..length]), PictureError::Truncated, "{length}");
        }
    }
}

#[test]
fn what_is_not_decoded_is_named() {
    let frame = |marker: u8, bits: u8, height: u16, components: u8| {
        let size = [&[bits], &height.to_be_bytes()[..], &[0, 8, components]].concat();
        let parts: Vec<u8> = (0..components).flat_map(|at| [at + 1, 0x11, 0]).collect();
        [&[0xFF, 0xD8], &segment(marker, &[size, parts].concat())[..], &[0xFF, 0xD9]].concat()
    };
    for (bytes, expected) in [
        (frame(0xC1, 12, 8, 1), "a JPEG of 12 bits"),
        (frame(0xC3, 8, 8, 1), "a lossless JPEG"),
        (frame(0xC9, 8, 8, 1), "a JPEG with arithmetic coding"),
        (frame(0xC5, 8, 8, 1), "a hierarchical JPEG"),
        (frame(0xC0, 8, 8, 2), "a JPEG of 2 components"),
        (frame(0xC0, 8, 0, 1), "a JPEG that does not say its height"),
    ] {
        assert_eq!(refuses(&bytes), PictureError::Unsupported(expected.to_owned()));
    }
}
