use super::*;
use ::png::{BitDepth, ColorType};

/// A PNG by the encoder, with a palette and transparency where they are given.
pub(super) fn encoded(
    (width, height): (u32, u32),
    color: ColorType,
    depth: BitDepth,
    palette: Option<(&[u8], &[u8])>,
    data: &[u8],
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if let Some((palette, alpha)) = palette {
        if !palette.is_empty() {
            encoder.set_palette(palette);
        }
        if !alpha.is_empty() {
            encoder.set_trns(alpha);
        }
    }
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(data).unwrap();
    writer.finish().unwrap();
    bytes
}

pub(super) fn rgb(width: u32, height: u32) -> Vec<u8> {
    let data = gradient(width, height).concat();
    encoded((width, height), ColorType::Rgb, BitDepth::Eight, None, &data)
}

pub(super) fn chunk(name: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(&name);
    crc.update(data);
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [&length, &name[..], data, &crc.sum().to_be_bytes()].concat()
}

/// Puts chunks after the header.
pub(super) fn with(png: &[u8], chunks: &[Vec<u8>]) -> Vec<u8> {
    [&png[..33], &chunks.concat(), &png[33..]].concat()
}

pub(super) fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::read::ZlibEncoder::new(bytes, flate2::Compression::fast());
    let mut out = Vec::new();
    encoder.read_to_end(&mut out).unwrap();
    out
}

#[test]
fn all_metadata_go() {
    let packed = zlib(NAME);
    let mut bytes = with(
        &rgb(7, 5),
        &[
            chunk(*b"tEXt", &[b"Author\0", NAME].concat()),
            chunk(*b"zTXt", &[b"Comment\0\0", &packed[..]].concat()),
            chunk(*b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", NAME].concat()),
            chunk(*b"iTXt", &[b"Title\0\x01\0\0\0", &packed[..]].concat()),
            chunk(*b"eXIf", &exif(1, *b"R98\0")),
            chunk(*b"tIME", &[7, 0xE8, 1, 2, 3, 4, 5]),
            chunk(*b"pHYs", &[0, 0, 0x0B, 0x13, 0, 0, 0x0B, 0x13, 1]),
            chunk(*b"sPLT", &[NAME, b"\0\x08"].concat()),
            chunk(*b"naMe", NAME),
        ],
    );
    bytes.extend(trailing());
    let picture = strips(&bytes);
    assert_eq!(pixels(&picture), gradient(7, 5));
    let mut expected = EXIF_KINDS.to_vec();
    expected.extend([Dropped::Xmp, Dropped::Text, Dropped::Time, Dropped::TrailingBytes, Dropped::Other]);
    expected.sort_unstable();
    assert_eq!(picture.dropped, expected);
    assert_eq!((picture.notes.as_slice(), picture.mm_per_pixel), (&[][..], None));
    // The same picture without metadata is the same file.
    assert_eq!(strips(&rgb(7, 5)).png, picture.png);
}

#[test]
fn the_result_is_the_same_everywhere() {
    let picture = strips(&rgb(7, 5));
    assert_eq!(picture.sha256, SHA256);
    assert_eq!(strips(&picture.png).png, picture.png);
    let again = strips(&picture.png);
    assert_eq!((again.dropped, again.notes), (vec![], vec![]));
}

/// Of the file that comes out of `rgb(7, 5)`: fixed so that a change of encoder is seen.
const SHA256: &str = "aca3fcf2f5595fda040e12bd2cc1d98a50843f7b41536327593d2f0bd77ec7d7";

#[test]
fn few_bits_are_spread_over_all_shades() {
    for (depth, bits, data) in [
        (BitDepth::One, 1, vec![0b0100_0000u8]),
        (BitDepth::Two, 2, vec![0b0001_1011]),
        (BitDepth::Four, 4, vec![0x05, 0xAF]),
    ] {
        let width = if bits == 1 { 2 } else { 4 };
        let picture = strips(&encoded((width, 1), ColorType::Grayscale, depth, None, &data));
        let expected: &[u8] = match bits {
            1 => &[0, 255],
            _ => &[0, 85, 170, 255],
        };
        assert_eq!(pixels(&picture), expected.iter().map(|&v| [v; 3]).collect::<Vec<_>>(), "{bits}");
        // Grey stays one channel.
        assert_eq!(picture.png[25], 0);
    }
}

#[test]
fn sixteen_bits_are_rounded() {
    let values: [u16; 6] = [0, 128, 129, 32_767, 65_406, 65_535];
    let data: Vec<u8> = values.iter().flat_map(|value| value.to_be_bytes()).collect();
    let grey = strips(&encoded((6, 1), ColorType::Grayscale, BitDepth::Sixteen, None, &data));
    let rounded = |value: u16| u8::try_from((u32::from(value) * 255 + 32_767) / 65_535).unwrap();
    assert_eq!(pixels(&grey), values.map(|value| [rounded(value); 3]).to_vec());
    assert_eq!(pixels(&grey)[1..3], [[0; 3], [1; 3]]);
    assert_eq!(grey.notes, [Note::Reduced]);
    let rgb = strips(&encoded((2, 1), ColorType::Rgb, BitDepth::Sixteen, None, &data));
    assert_eq!(pixels(&rgb), [[0, 0, 1], [127, 254, 255]].map(|p: [u8; 3]| p).to_vec());
}

#[test]
fn transparency_lies_on_white() {
    let data = [0, 0, 0, 0, 0, 0, 0, 255, 100, 0, 200, 128];
    let picture = strips(&encoded((3, 1), ColorType::Rgba, BitDepth::Eight, None, &data));
    assert_eq!(pixels(&picture), [[255, 255, 255], [0, 0, 0], [177, 127, 227]]);
    assert_eq!(picture.notes, [Note::OnWhite]);
    let grey = strips(&encoded((2, 1), ColorType::GrayscaleAlpha, BitDepth::Eight, None, &[0, 51, 9, 255]));
    assert_eq!(pixels(&grey), [[204; 3], [9; 3]]);
    let wide = [0u16, 0, 0, 13_107].map(u16::to_be_bytes).concat();
    let wide = strips(&encoded((1, 1), ColorType::Rgba, BitDepth::Sixteen, None, &wide));
    assert_eq!(pixels(&wide), [[204; 3]]);
    assert_eq!(wide.notes, [Note::OnWhite, Note::Reduced]);
    let wide = [0u16, 13_107].map(u16::to_be_bytes).concat();
    let wide = strips(&encoded((1, 1), ColorType::GrayscaleAlpha, BitDepth::Sixteen, None, &wide));
    assert_eq!(pixels(&wide), [[204; 3]]);
    let opaque = strips(&encoded((1, 1), ColorType::Rgba, BitDepth::Eight, None, &[1, 2, 3, 255]));
    assert_eq!((pixels(&opaque), opaque.notes.as_slice()), (vec![[1, 2, 3]], &[][..]));
    // One colour that is transparent.
    let keyed = encoded(
        (2, 1),
        ColorType::Rgb,
        BitDepth::Eight,
        Some((&[], &[0, 1, 0, 2, 0, 3])),
        &[1, 2, 3, 4, 5, 6],
    );
    assert_eq!(pixels(&strips(&keyed)), [[255; 3], [4, 5, 6]]);
}

#[test]
fn palettes_become_colors() {
    let palette = (&[1, 2, 3, 40, 50, 60, 7, 8, 9, 0, 0, 0][..], &[255, 255, 0][..]);
    let picture = strips(&encoded((4, 1), ColorType::Indexed, BitDepth::Two, Some(palette), &[0b0001_1011]));
    assert_eq!(pixels(&picture), [[1, 2, 3], [40, 50, 60], [255; 3], [0; 3]]);
}

#[test]
fn of_an_animation_the_first_picture_stays() {
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, 2, 1);
    encoder.set_color(ColorType::Rgb);
    encoder.set_animated(2, 0).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[1, 2, 3, 4, 5, 6]).unwrap();
    writer.write_image_data(&[9; 6]).unwrap();
    writer.finish().unwrap();
    let picture = strips(&bytes);
    assert_eq!(pixels(&picture), [[1, 2, 3], [4, 5, 6]]);
    assert_eq!(picture.notes, [Note::FirstFrame]);
}

/// Seven passes (PNG, 8.2), written by hand: the encoder has none.
#[test]
fn interlaced_pictures_are_put_together() {
    let (width, height) = (9usize, 10usize);
    let whole = gradient(9, 10);
    let passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
    let mut raw = Vec::new();
    for (left, top, across, down) in passes {
        for y in (top..height).step_by(down) {
            raw.push(0);
            raw.extend((left..width).step_by(across).flat_map(|x| whole[y * width + x]));
        }
    }
    let header = [&9u32.to_be_bytes()[..], &10u32.to_be_bytes(), &[8, 2, 0, 0, 1]].concat();
    let parts = [chunk(*b"IHDR", &header), chunk(*b"IDAT", &zlib(&raw)), chunk(*b"IEND", &[])];
    let bytes = [b"\x89PNG\r\n\x1A\n", &parts.concat()[..]].concat();
    assert_eq!(pixels(&strips(&bytes)), whole);
}

#[test]
fn a_file_that_breaks_off_is_refused_at_every_length() {
    let bytes = rgb(7, 5);
    for length in 8..bytes.len() {
        assert_eq!(refuses(&bytes[..length]), PictureError::Truncated, "{length}");
    }
    // All chunks are there, but the pixels are not.
    let header = [&9u32.to_be_bytes()[..], &10u32.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let parts = [chunk(*b"IHDR", &header), chunk(*b"IDAT", &zlib(&[0; 100])), chunk(*b"IEND", &[])];
    let bytes = [b"\x89PNG\r\n\x1A\n", &parts.concat()[..]].concat();
    assert!(matches!(refuses(&bytes), PictureError::Damaged(_) | PictureError::Truncated));
}
