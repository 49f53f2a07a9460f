use super::tiff_file::Tiff;
use super::*;
use ::tiff::encoder::{Compression, DeflateLevel, Predictor, TiffEncoder, colortype};
use std::io::Cursor;

fn shows(file: &Tiff, expected: &[[u8; 3]]) -> StrippedPicture {
    let picture = strips(&file.bytes());
    assert_eq!(pixels(&picture), expected);
    picture
}

#[test]
fn all_metadata_go() {
    let mut file = Tiff::rgb(7, 5);
    for tag in [269, 270, 271, 272, 285, 305, 306, 315, 316, 33432, 700, 33723, 50000, 40093] {
        file.bytes_tag(tag, 2, NAME);
    }
    file.bytes_tag(34377, 1, &[b"8BIM\x04\x04\0\0\0\0\0\x0C", NAME].concat());
    let mut bytes = file.bytes();
    let picture = strips(&bytes);
    let mut expected = vec![Dropped::Xmp, Dropped::Iptc, Dropped::Text, Dropped::Time, Dropped::Other];
    assert_eq!(picture.dropped, expected);
    assert_eq!(picture.png, shows(&Tiff::rgb(7, 5), &gradient(7, 5)).png);
    assert_eq!(strips(&Tiff::rgb(7, 5).bytes()).dropped, []);
    bytes.extend(trailing());
    expected.insert(4, Dropped::TrailingBytes);
    assert_eq!(strips(&bytes).dropped, expected);
    // Directories of places and of the camera, after the pixels.
    let mut file = Tiff::rgb(7, 5);
    file.bytes_tag(34853, 4, &[0; 4]);
    file.bytes_tag(34665, 4, &[0; 4]);
    let mut bytes = file.bytes();
    let at = u32::try_from(bytes.len()).unwrap().to_le_bytes();
    for tag in [34853u16, 34665] {
        let tag = [&tag.to_le_bytes()[..], &[4, 0, 1, 0, 0, 0]].concat();
        let entry = bytes.windows(8).position(|window| window == tag).unwrap();
        bytes[entry + 8..entry + 12].copy_from_slice(&at);
    }
    bytes.extend([1, 0, 0x7C, 0x92, 7, 0, 3, 0, 0, 0, b'a', b'b', b'c', 0, 0, 0, 0, 0]);
    assert_eq!(strips(&bytes).dropped, [Dropped::Exif, Dropped::Gps, Dropped::MakerNote]);
}

#[test]
fn all_that_the_encoder_writes_is_read() {
    let data = gradient(31, 23);
    for compression in [
        Compression::Uncompressed,
        Compression::Lzw,
        Compression::Deflate(DeflateLevel::Fast),
        Compression::Packbits,
    ] {
        for predictor in [Predictor::None, Predictor::Horizontal] {
            for big in [false, true] {
                let mut bytes = Cursor::new(Vec::new());
                // The encoder refuses to predict where nothing is compressed.
                let predictor = match compression {
                    Compression::Lzw | Compression::Deflate(_) => predictor,
                    Compression::Uncompressed | Compression::Packbits => Predictor::None,
                };
                if big {
                    let encoder = TiffEncoder::new_big(&mut bytes).unwrap();
                    let mut encoder = encoder.with_compression(compression).with_predictor(predictor);
                    encoder.write_image::<colortype::RGB8>(31, 23, &data.concat()).unwrap();
                } else {
                    let encoder = TiffEncoder::new(&mut bytes).unwrap();
                    let mut encoder = encoder.with_compression(compression).with_predictor(predictor);
                    encoder.write_image::<colortype::RGB8>(31, 23, &data.concat()).unwrap();
                }
                let picture = strips(&bytes.into_inner());
                assert_eq!(pixels(&picture), data);
                assert_eq!((picture.dropped.as_slice(), picture.notes.as_slice()), (&[][..], &[][..]));
            }
        }
    }
}

#[test]
fn sixteen_bits_of_both_orders_are_rounded() {
    let values = [0u16, 128, 129, 65_406, 65_535, 300];
    for big_endian in [false, true] {
        let mut file = Tiff::new((2, 1), 2, &[], vec![]);
        file.entries.clear();
        file.big_endian = big_endian;
        let data: Vec<u8> = values.iter().flat_map(|value| file.u16(*value)).collect();
        file.chunks = vec![data];
        for (tag, value) in [(256, 2), (257, 1), (262, 2), (277, 3)] {
            file.short(tag, value);
        }
        file.shorts(258, &[16, 16, 16]);
        assert_eq!(shows(&file, &[[0, 0, 1], [254, 255, 1]]).notes, [Note::Reduced]);
        // Differences, added up with a carry that is lost.
        file.short(317, 2);
        let (r, g, b) = (0u16.wrapping_add(65_406), 128u16.wrapping_add(65_535), 129 + 300);
        let rounded = |value: u16| u8::try_from((u32::from(value) * 255 + 32_767) / 65_535).unwrap();
        shows(&file, &[[0, 0, 1], [rounded(r), rounded(g), rounded(b)]]);
    }
}

#[test]
fn few_bits_and_their_meaning() {
    for (bits, data, white_is_zero, expected) in [
        (1u16, 0b0100_0000u8, false, [0u8, 255]),
        (1, 0b0100_0000, true, [255, 0]),
        (2, 0b0110_0000, false, [85, 170]),
        (4, 0x3F, false, [51, 255]),
        (4, 0x3F, true, [204, 0]),
    ] {
        let file = Tiff::new((2, 1), u16::from(!white_is_zero), &[bits], vec![vec![data]]);
        shows(&file, &expected.map(|value| [value; 3]));
    }
    // Bits of a byte from the other end.
    let mut file = Tiff::new((2, 1), 1, &[1], vec![vec![0b0000_0010]]);
    file.short(266, 2);
    shows(&file, &[[0; 3], [255; 3]]);
    // Twelve bits, packed.
    let file = Tiff::new((2, 1), 1, &[12], vec![vec![0xFF, 0xF0, 0x00]]);
    shows(&file, &[[255; 3], [0; 3]]);
}

#[test]
fn palettes_become_colors() {
    let mut file = Tiff::new((4, 1), 3, &[4], vec![vec![0x01, 0xF2]]);
    let mut palette = vec![0u16; 48];
    for (index, [r, g, b]) in
        [(0, [65_535, 0, 257]), (1, [0, 32_768, 0]), (15, [257, 514, 771]), (2, [65_535; 3])]
    {
        (palette[index], palette[16 + index], palette[32 + index]) = (r, g, b);
    }
    file.shorts(320, &palette);
    shows(&file, &[[255, 0, 1], [0, 128, 0], [1, 2, 3], [255; 3]]);
    // Of 8 bits where 16 belong.
    let mut file = Tiff::new((1, 1), 3, &[1], vec![vec![0x80]]);
    file.shorts(320, &[0, 200, 0, 100, 0, 50]);
    shows(&file, &[[200, 100, 50]]);
}

#[test]
fn transparency_lies_on_white() {
    for (kind, data, expected) in [
        (2, [100u8, 0, 200, 128], [177, 127, 227]),
        (1, [50, 0, 100, 128], [177, 127, 227]),
        (0, [100, 0, 200, 128], [100, 0, 200]),
    ] {
        let mut file = Tiff::new((1, 1), 2, &[8; 4], vec![data.to_vec()]);
        file.short(338, kind);
        let notes = shows(&file, &[expected]).notes;
        assert_eq!(notes.contains(&Note::OnWhite), kind != 0);
    }
    let mut file = Tiff::new((1, 1), 1, &[8; 2], vec![vec![0, 51]]);
    file.short(338, 2);
    shows(&file, &[[204; 3]]);
}

#[test]
fn inks_and_luminance_become_colors() {
    let file = Tiff::new((2, 1), 5, &[8; 4], vec![vec![255, 0, 0, 0, 128, 128, 128, 128]]);
    assert_eq!(shows(&file, &[[0, 255, 255], [63; 3]]).notes, [Note::FromInks]);
    let mut file = Tiff::new((2, 1), 6, &[8; 3], vec![vec![100, 128, 128, 76, 85, 255]]);
    file.shorts(530, &[1, 1]);
    shows(&file, &[[100; 3], [254, 0, 0]]);
}

/// The parts of a picture that is cut into strips or tiles, each with `samples` bytes a pixel.
fn cut(data: &[Vec<u8>], width: usize, (columns, rows): (usize, usize), tiled: bool) -> Vec<Vec<u8>> {
    let height = data.len() / width;
    let samples = data[0].len();
    let mut chunks = Vec::new();
    for top in (0..height).step_by(rows) {
        for left in (0..width).step_by(columns) {
            let mut chunk = Vec::new();
            for y in top..if tiled { top + rows } else { height.min(top + rows) } {
                for x in left..left + columns {
                    let inside = x < width && y < height;
                    chunk.extend(if inside { data[y * width + x].clone() } else { vec![77; samples] });
                }
            }
            chunks.push(chunk);
        }
    }
    chunks
}

#[test]
fn strips_and_tiles_chunky_and_planar() {
    let data = gradient(21, 18);
    let whole: Vec<Vec<u8>> = data.iter().map(|pixel| pixel.to_vec()).collect();
    let plane = |at: usize| -> Vec<Vec<u8>> { data.iter().map(|pixel| vec![pixel[at]]).collect() };
    for (tiled, size) in [(false, (21, 5)), (true, (16, 16)), (true, (32, 32))] {
        for planar in [false, true] {
            let chunks = if planar {
                (0..3).flat_map(|at| cut(&plane(at), 21, size, tiled)).collect()
            } else {
                cut(&whole, 21, size, tiled)
            };
            let chunks = chunks.iter().map(|chunk| png::zlib(chunk)).collect();
            let mut file = Tiff::new((21, 18), 2, &[8; 3], chunks);
            file.tiled = tiled;
            file.short(259, 8);
            file.short(284, if planar { 2 } else { 1 });
            if tiled {
                file.short(322, u16::try_from(size.0).unwrap());
                file.short(323, u16::try_from(size.1).unwrap());
            } else {
                file.short(278, u16::try_from(size.1).unwrap());
            }
            shows(&file, &data);
        }
    }
}

#[test]
fn pages_of_jpeg_are_read_with_their_tables() {
    let (width, height) = (16u16, 16u16);
    let data = [210u8, 40, 90].repeat(256);
    for (meaning, color) in [(6, jpeg_encoder::ColorType::Rgb), (2, jpeg_encoder::ColorType::Ycbcr)] {
        let whole = jpeg::encoded((width, height), color, false, jpeg_encoder::SamplingFactor::F_2_2, &data);
        let frame = whole.windows(2).position(|window| window == [0xFF, 0xC0]).unwrap();
        let scan = whole.windows(2).position(|window| window == [0xFF, 0xDA]).unwrap();
        let (quantization, rest) = whole.split_at(frame);
        // The tables alone in a tag of their own, the rest in the strip.
        let frame_length = 2 + usize::from(u16::from_be_bytes([rest[2], rest[3]]));
        let huffman = &rest[frame_length..scan - frame];
        let tables = [quantization, huffman, &[0xFF, 0xD9]].concat();
        let comment = jpeg::segment(0xFE, NAME);
        let strip = [&[0xFF, 0xD8], &comment[..], &rest[..frame_length], &whole[scan..]].concat();
        let mut file = Tiff::new((width, height), meaning, &[8; 3], vec![strip]);
        file.short(259, 7);
        file.bytes_tag(347, 7, &tables);
        let shown = pixels(&strips(&file.bytes()));
        let far = shown.iter().flatten().zip(&data).any(|(a, b)| a.abs_diff(*b) > 3);
        assert!(!far, "{meaning}: {:?}", shown[0]);
    }
}

#[test]
fn the_first_page_is_taken_and_the_others_are_told() {
    let mut file = Tiff::rgb(7, 5);
    let mut small = Tiff::rgb(2, 2);
    small.entries.push((254, 4, vec![1, 0, 0, 0]));
    let other = Tiff { next: Some(Box::new(small.clone())), ..Tiff::rgb(3, 3) };
    file.next = Some(Box::new(other));
    let picture = shows(&file, &gradient(7, 5));
    assert_eq!((picture.notes, picture.dropped), (vec![Note::FirstPageOf(2)], vec![Dropped::Thumbnail]));
    // A small copy that comes first is not the picture.
    small.next = Some(Box::new(Tiff::rgb(7, 5)));
    assert_eq!(shows(&small, &gradient(7, 5)).notes, []);
    // A page that names itself as the next.
    let mut bytes = Tiff::rgb(7, 5).bytes();
    let next = 8 + 2 + 7 * 12;
    bytes[next..next + 4].copy_from_slice(&[8, 0, 0, 0]);
    assert_eq!(strips(&bytes).notes, []);
}

#[test]
fn real_lengths_are_kept_and_dots_are_not() {
    let of = |text: &[u8], across: u32| {
        let mut file = Tiff::rgb(7, 5);
        file.bytes_tag(270, 2, text);
        let fraction = [across.to_le_bytes(), 1000u32.to_le_bytes()].concat();
        file.bytes_tag(282, 5, &fraction);
        file.bytes_tag(283, 5, &fraction);
        file.short(296, 2);
        strips(&file.bytes()).mm_per_pixel
    };
    assert_eq!(
        of(b"Aperio Image Library v11\r\n7x5 Q=70|AppMag = 40|MPP = 0.2500|User = PLANTED^NAME\0", 1),
        Some(0.00025)
    );
    assert_eq!(of(b"ImageJ=1.53t\nunit=micron\n\0", 4_000_000), None);
    assert_eq!(of(b"ImageJ=1.53t\nunit=micron\n\0", 4_000), Some(0.00025));
    assert_eq!(of(b"ImageJ=1.53t\nunit=inch\n\0", 4_000), None);
    for text in [&b"a photo\0"[..], b"Aperio MPP = much\0", b"Aperio|MPP = 1e30\0", b"Aperio|MPP = nan\0"] {
        assert_eq!(of(text, 300_000), None);
    }
}

#[test]
fn a_file_that_breaks_off_is_refused() {
    let mut file = Tiff::rgb(7, 5);
    file.chunks = vec![png::zlib(&gradient(7, 5).concat())];
    file.short(259, 8);
    let bytes = file.bytes();
    for length in 4..bytes.len() {
        assert!(
            matches!(refuses(&bytes[..length]), PictureError::Truncated | PictureError::Damaged(_)),
            "{length}"
        );
    }
    assert_eq!(refuses(&bytes[..bytes.len() - 1]), PictureError::Truncated);
    // The strip is there, but too little comes out of it.
    for (packing, packed) in
        [(1, vec![0; 50]), (8, png::zlib(&[0; 50])), (32773, vec![200, 1]), (5, vec![0x80, 0x40])]
    {
        let mut file = Tiff::new((7, 5), 2, &[8; 3], vec![packed]);
        file.short(259, packing);
        assert_eq!(refuses(&file.bytes()), PictureError::Truncated, "{packing}");
    }
}

/// The rows that a strip lacks are not taken from what follows it.
#[test]
fn a_strip_that_breaks_off_before_the_next_is_refused() {
    let data = gradient(16, 32).concat();
    let (first, second) = data.split_at(16 * 16 * 3);
    let literally = |rows: &[u8]| -> Vec<u8> {
        rows.chunks(100)
            .flat_map(|part| [&[u8::try_from(part.len() - 1).unwrap()][..], part].concat())
            .collect()
    };
    let lzw = |rows: &[u8]| {
        weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8).encode(rows).unwrap()
    };
    for (packing, packed) in [
        (1, [first, second].map(<[u8]>::to_vec)),
        (5, [first, second].map(lzw)),
        (8, [first, second].map(png::zlib)),
        (32_773, [first, second].map(literally)),
    ] {
        let mut file = Tiff::new((16, 32), 2, &[8; 3], packed.to_vec());
        file.short(259, packing);
        file.short(278, 16);
        shows(&file, &gradient(16, 32));
        let length = file.chunks[0].len();
        file.chunks[0].truncate(length / 2);
        assert_eq!(refuses(&file.bytes()), PictureError::Truncated, "{packing}");
    }
}

/// A few bytes that are named as every strip of a tall picture do not become as many copies.
#[test]
fn strips_that_share_their_bytes_are_counted_each() {
    let mut file = Tiff::new((1, 3000), 1, &[8], vec![vec![0x80; 1 << 20]]);
    file.short(259, 32_773);
    file.short(278, 1);
    let mut bytes = file.bytes();
    let at = u32::try_from(bytes.len()).unwrap();
    let place = u32::from_le_bytes(entry(&bytes, 273).1);
    bytes.extend(place.to_le_bytes().repeat(3000));
    bytes.extend((1u32 << 20).to_le_bytes().repeat(3000));
    for (tag, from) in [(273, at), (279, at + 12_000)] {
        let (start, _) = entry(&bytes, tag);
        bytes[start + 4..start + 8].copy_from_slice(&3000u32.to_le_bytes());
        bytes[start + 8..start + 12].copy_from_slice(&from.to_le_bytes());
    }
    let error = refuses(&bytes);
    assert!(error.to_string().starts_with("refused: it takes 3"), "{error}");
}

/// Where the entry of a tag starts, and its value.
fn entry(bytes: &[u8], tag: u16) -> (usize, [u8; 4]) {
    let start = (10..).step_by(12).find(|at| bytes[*at..at + 2] == tag.to_le_bytes()).unwrap();
    (start, *bytes[start + 8..].first_chunk().unwrap())
}

#[test]
fn what_is_not_decoded_is_named() {
    let with = |tag: u16, value: u16| {
        let mut file = Tiff::rgb(7, 5);
        file.entries.retain(|entry| entry.0 != tag);
        file.short(tag, value);
        refuses(&file.bytes()).to_string()
    };
    assert!(with(259, 4).starts_with("a TIFF with fax compression cannot be read: save it as"));
    assert!(with(259, 33003).starts_with("a TIFF with JPEG 2000 compression"));
    assert!(with(262, 8).starts_with("a TIFF of L*a*b* colours"));
    assert!(with(339, 3).starts_with("a TIFF of numbers with a sign or a fraction"));
    assert!(with(258, 32).starts_with("a TIFF of 32 bits"));
    assert!(with(50706, 1).starts_with("this is a camera's raw picture"));
}
