//! What writers do to files: odd groups, no preamble, 4 GiB and more, many fragments, tables that do not keep their word.

use std::fs::OpenOptions;
use std::io::{Seek as _, SeekFrom};

use super::*;
use crate::image::StoredImage;

const RLE: &str = "1.2.840.10008.1.2.5";

fn element(tag: (u16, u16), vr: &str, value: &[u8]) -> Vec<u8> {
    let mut out = [tag.0.to_le_bytes(), tag.1.to_le_bytes()].concat();
    out.extend(vr.bytes());
    out.extend(u16::try_from(value.len()).unwrap().to_le_bytes());
    out.extend(value);
    out
}

fn implicit(tag: (u16, u16), value: &[u8]) -> Vec<u8> {
    let mut out = [tag.0.to_le_bytes(), tag.1.to_le_bytes()].concat();
    out.extend(u32::try_from(value.len()).unwrap().to_le_bytes());
    out.extend(value);
    out
}

fn item(value: &[u8]) -> Vec<u8> {
    implicit((0xFFFE, 0xE000), value)
}

/// The data set without its preamble and meta information.
fn data_set(fixture: Fixture) -> Vec<u8> {
    let bytes = fixture.bytes();
    bytes[132 + 8 + 20..].to_vec()
}

/// The samples that the fixture has are read.
fn assert_read(what: &str, bytes: &[u8]) {
    let (_folder, path) = on_disk(bytes);
    let instance = read_header(&path).unwrap_or_else(|error| panic!("{what}: {error}"));
    let samples = load_frame(&instance.frames[0]).unwrap();
    assert_eq!(*samples, Samples::I16((0..15).map(|i| (i - 7) * 100).collect()), "{what}");
    assert_eq!(instance.patient.name.reveal().to_string(), "Doe, Jane", "{what}");
}

#[test]
fn a_data_set_may_begin_with_a_group_below_8() {
    for group in 1..=7_u16 {
        let own = |element: u16| Fixture::ct().text((group, element), "LO", "ABC 6.0");
        for at in [0x05, 0x10, 0x1410] {
            if group == 2 {
                continue;
            }
            assert_read(&format!("{group:04X},{at:04X}"), &own(at).bytes());
            // Without preamble and meta information the data set speaks for itself.
            if group >= 3 {
                assert_read(&format!("bare {group:04X},{at:04X}"), &data_set(own(at)));
            }
        }
    }
    // Zeros after the last element are padding as before.
    let mut padded = Fixture::ct().without((0x7FE0, 0x10)).bytes();
    padded.extend([0; 64]);
    assert!(read_bytes(&padded).unwrap().frames.is_empty());
}

#[test]
fn meta_information_may_be_implicit_and_without_a_preamble() {
    let syntax = b"1.2.840.10008.1.2.1\0";
    let class = b"1.2.840.10008.5.1.4.1.1.2\0";
    let length = implicit((2, 0), &(8 + 20_u32).to_le_bytes());
    let version = implicit((2, 1), &[0, 1]);
    let class_and = [implicit((2, 2), class), implicit((2, 0x10), syntax)].concat();
    let metas = [
        ("length", [length, implicit((2, 0x10), syntax)].concat()),
        ("version", [version, class_and.clone()].concat()),
        ("class", class_and),
        ("syntax", implicit((2, 0x10), syntax)),
        ("explicit", element((2, 0x10), "UI", syntax)),
    ];
    for (what, meta) in metas {
        let all = [meta.clone(), data_set(Fixture::ct())].concat();
        assert_read(what, &all);
        assert_read(what, &[vec![0; 128], b"DICM".to_vec(), all.clone()].concat());
        assert_read(what, &[vec![0; 128], all].concat());
    }
    // What is no meta information is none.
    assert!(read_bytes(&[2, 0, 3, 0, 200, 200, 200, 200, 1, 2, 3, 4]).is_err());
}

#[test]
fn frames_beyond_four_gibibytes_are_read_where_they_lie() {
    // 1024 x 1024 x 16 bits are 2 MiB: 2,048 of them are 4 GiB. The file is sparse.
    let (side, frames) = (1024_u16, 2100_u64);
    let one = u64::from(side) * u64::from(side) * 2;
    let whole = one * frames;
    let length = |length: u32| {
        let mut fixture =
            Fixture::ct().text((0x28, 8), "IS", "2100").without((0x20, 0x32)).without((0x20, 0x37));
        for tag in [0x10, 0x11] {
            fixture = fixture.with((0x28, tag), "US", &side.to_le_bytes());
        }
        let mut bytes = fixture.with((0x7FE0, 0x10), "OW", &[]).bytes();
        let at = bytes.len() - 4;
        bytes[at..].copy_from_slice(&length.to_le_bytes());
        bytes
    };
    #[expect(clippy::cast_possible_truncation, reason = "what such writers do")]
    let wrapped = whole as u32;
    for (what, said) in [("wrapped", wrapped), ("undefined", u32::MAX), ("most", u32::MAX - 1)] {
        let header = length(said);
        let (_folder, path) = on_disk(&header);
        let start = header.len() as u64;
        let mut file = OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(start + whole).unwrap();
        // One sample in the last frame, and one right after 4 GiB.
        for (frame, value) in [(2099, 1234_i16), (2048, -77)] {
            file.seek(SeekFrom::Start(start + frame * one + 6)).unwrap();
            file.write_all(&value.to_le_bytes()).unwrap();
        }
        drop(file);
        let instance = read_header(&path).unwrap();
        assert_eq!(instance.frames.len() as u64, frames, "{what}");
        for (frame, value) in [(2099, 1234.0), (2048, -77.0), (0, 0.0)] {
            let samples = load_frame(&instance.frames[frame]).unwrap();
            assert_eq!(samples.stored(3), Some(value), "{what}, frame {frame}");
        }
        assert!(!instance.warnings.iter().any(|w| matches!(w, Warning::Truncated { .. })), "{what}");
    }
}

/// A frame of 5 x 3 pixels of 8 bits, all of one value, in RLE.
fn rle(value: u8) -> Vec<u8> {
    let mut header = [0_u32; 16];
    (header[0], header[1]) = (1, 64);
    let mut out: Vec<u8> = header.iter().flat_map(|n| n.to_le_bytes()).collect();
    out.extend([0xF2, value]);
    out
}

fn eight_bits(fixture: Fixture) -> Fixture {
    [(0x100, 8_u16), (0x101, 8), (0x102, 7), (0x103, 0)]
        .into_iter()
        .fold(fixture, |fixture, (tag, value)| fixture.with((0x28, tag), "US", &value.to_le_bytes()))
}

fn encapsulated(syntax: &str, frames: usize, fragments: &[Vec<u8>]) -> Vec<u8> {
    let items: Vec<u8> = fragments.iter().flat_map(|fragment| item(fragment)).collect();
    let fixture =
        eight_bits(Fixture::ct()).text((2, 0x10), "UI", syntax).text((0x28, 8), "IS", &frames.to_string());
    fixture.with((0x7FE0, 0x10), "OB", &[item(&[]), items].concat()).bytes()
}

#[test]
fn fragments_of_many_frames_are_found_once() {
    let count = 10_240;
    let fragments: Vec<Vec<u8>> = (0..count).map(|n| rle(u8::try_from(n % 251).unwrap())).collect();
    let (_folder, path) = on_disk(&encapsulated(RLE, count, &fragments));
    let instance = read_header(&path).unwrap();
    let known = |stored: &StoredImage| {
        let PixelLocation::Encapsulated { fragments, .. } = &stored.location else { panic!("no fragments") };
        fragments.map.get().map(|map| map.starts.as_ptr())
    };
    let started = std::time::Instant::now();
    assert_eq!(known(&instance.frames[0].stored), None);
    let mut first = None;
    for (index, frame) in instance.frames.iter().enumerate() {
        let samples = load_frame(frame).unwrap();
        assert_eq!(samples.stored(14), Some((index % 251) as f64));
        let map = known(&frame.stored);
        assert!(map.is_some() && *first.get_or_insert(map) == map, "found again for frame {index}");
    }
    // Linear: some 10 microseconds each. A search for each frame takes minutes.
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn films_are_called_so_by_name() {
    let names = [
        ("4.100", "video (MPEG-2)"),
        ("4.100.1", "video (MPEG-2)"),
        ("4.101", "video (MPEG-2)"),
        ("4.102", "video (MPEG-4 AVC/H.264)"),
        ("4.103.1", "video (MPEG-4 AVC/H.264)"),
        ("4.106", "video (MPEG-4 AVC/H.264)"),
        ("4.107", "video (HEVC/H.265)"),
        ("4.108", "video (HEVC/H.265)"),
        ("7.1", "video (SMPTE ST 2110)"),
        ("7.2", "video (SMPTE ST 2110)"),
        ("7.3", "sound (SMPTE ST 2110)"),
        ("4.94", "pixels on a server (JPIP)"),
    ];
    for (syntax, name) in names {
        let syntax = format!("1.2.840.10008.1.2.{syntax}");
        // A film of 30 images, or of 3 million in a few bytes, in one fragment; and in two.
        for (frames, parts) in [(30, 1), (3_000_000, 1), (30, 2), (1, 1)] {
            let stream = vec![b"\0\0\x01\xB3film, and no image ".to_vec(); parts];
            let (_folder, path) = on_disk(&encapsulated(&syntax, frames, &stream));
            let said = match read_header(&path) {
                Ok(instance) => load_frame(&instance.frames[0]).unwrap_err().to_string(),
                Err(error) => error.to_string(),
            };
            assert!(said.contains(name), "{syntax}, {frames} frames: {said}");
        }
    }
}

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).unwrap()
}

#[test]
fn code_streams_of_jpeg_2000_are_read_as_openjpeg_reads_them() {
    // A ramp of 8 x 8, 3 a pixel, by OpenJPEG 2.5: the last tile-part to the end; packet headers of tile-parts (PPT),
    // again to the end; packet headers of the main header (PPM), with packet lengths (PLM).
    let streams = [
        "ff4fff510029000000000008000000080000000000000000000000080000000800000000000000000001070101ff52000c00000001000104040001ff5c00074040484850ff90000a0000000000000001ff93df8090120f3f5d1c8b93fa772afeb24b5d0693a75fc03a1c1f383022187f037e97ffd9",
        "ff4fff510029000000000008000000080000000000000000000000080000000400000000000000000001070101ff52000c00000001000104040001ff5c00074040484850ff90000a00000000002c0001ff61000c00df8058c03a141f3830ff9307aae7c7933edbb3c9ff7f157b0b40cfff90000a0001000000000001ff61000c00c7d410c03a141f3830ff93077767e8ee56a71d157b0b40cfffd9",
        "ff4fff510029000000000008000000080000000000000000000000080000000400000000000000000001070101ff52000c00000001000104040001ff5c00074040484850ff60001d0000000009df8058c03a141f383000000009c7d410c03a141f3830ff5700040001ff90000a00000000001e0001ff9307aae7c7933edbb3c9ff7f157b0b40cfff90000a00010000001b0001ff93077767e8ee56a71d157b0b40cfffd9",
    ];
    for (index, stream) in streams.iter().enumerate() {
        let stream = hex(stream);
        let padded = [&stream[..], &[0, 0]].concat();
        for stream in [&stream, &padded] {
            let mut fixture = eight_bits(Fixture::ct()).text((2, 0x10), "UI", "1.2.840.10008.1.2.4.90");
            for tag in [0x10, 0x11] {
                fixture = fixture.with((0x28, tag), "US", &[8, 0]);
            }
            let items = [item(&[]), item(stream)].concat();
            let (_folder, path) = on_disk(&fixture.with((0x7FE0, 0x10), "OB", &items).bytes());
            let frame = Arc::clone(&read_header(&path).unwrap().frames[0]);
            let samples = load_frame(&frame).unwrap_or_else(|error| panic!("stream {index}: {error}"));
            assert_eq!(*samples, Samples::U8((0..64).map(|n| n * 3).collect()), "stream {index}");
        }
        // One that is cut off is no image.
        let cut = [item(&[]), item(&stream[..stream.len() - 6])].concat();
        let mut fixture = eight_bits(Fixture::ct()).text((2, 0x10), "UI", "1.2.840.10008.1.2.4.90");
        for tag in [0x10, 0x11] {
            fixture = fixture.with((0x28, tag), "US", &[8, 0]);
        }
        let (_folder, path) = on_disk(&fixture.with((0x7FE0, 0x10), "OB", &cut).bytes());
        assert!(load_frame(&read_header(&path).unwrap().frames[0]).is_err(), "stream {index}");
    }
}

/// A palette image: the indices, first mapped value and bits of the descriptor, and each colour's data.
fn palette(indices: [u8; 15], descriptor: [u16; 3], data: [&[u8]; 3]) -> Vec<[u8; 3]> {
    let about: Vec<u8> = descriptor.iter().flat_map(|word| word.to_le_bytes()).collect();
    let mut fixture = eight_bits(Fixture::ct()).text((0x28, 4), "CS", "PALETTE COLOR").with(
        (0x7FE0, 0x10),
        "OW",
        &[indices.to_vec(), vec![0]].concat(),
    );
    for (channel, data) in (0..3_u16).zip(data) {
        fixture =
            fixture.with((0x28, 0x1101 + channel), "US", &about).with((0x28, 0x1201 + channel), "OW", data);
    }
    rgb(fixture)
}

fn rgb(fixture: Fixture) -> Vec<[u8; 3]> {
    let (_folder, path) = on_disk(&fixture.bytes());
    let frame = Arc::clone(&read_header(&path).unwrap().frames[0]);
    let decoded = load_frame(&frame).unwrap();
    let Samples::Rgb8(pixels) = &*decoded else { panic!("no colour") };
    pixels.clone()
}

fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

#[test]
fn palettes_that_break_their_descriptor_show_their_colours() {
    let indices = [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 9];
    let right = [[10, 0, 255], [20, 1, 128], [30, 2, 64], [40, 3, 0]];
    let expected: Vec<[u8; 3]> = indices.iter().map(|index| right[usize::from(*index).min(3)]).collect();
    let channel = |at: usize| -> Vec<u8> { right.iter().map(|color| color[at]).collect() };
    let channels = [0, 1, 2].map(channel);
    let wide = |of: fn(u16) -> u16| {
        let channels = channels.clone();
        channels.map(|channel| words(&channel.iter().map(|v| of(u16::from(*v))).collect::<Vec<_>>()))
    };
    let check = |what: &str, descriptor: [u16; 3], data: [Vec<u8>; 3]| {
        let data = [&*data[0], &*data[1], &*data[2]];
        assert_eq!(palette(indices, descriptor, data), expected, "{what}");
    };
    check("8 bits in bytes", [4, 0, 8], channels.clone());
    check("8 bits in words", [4, 0, 8], wide(|v| v));
    check("16 bits in words", [4, 0, 16], wide(|v| v << 8 | v));
    check("16 said, 8 in words", [4, 0, 16], wide(|v| v));
    check("16 said, 8 in bytes", [4, 0, 16], channels.clone());
    check("8 said, 16 in words", [4, 0, 8], wide(|v| v << 8 | v));
    // More entries said than there are: the last colour goes on.
    check("256 said, 4 there", [256, 0, 16], wide(|v| v << 8));
    check("0 (65,536) said, 4 there", [0, 0, 16], wide(|v| v << 8));
    // A channel that is dark keeps the scale of the others.
    let dark = [words(&[200, 200, 200, 200]), words(&[0xFF00; 4]), words(&[0; 4])];
    assert_eq!(palette([0; 15], [4, 0, 16], [&dark[0], &dark[1], &dark[2]])[0], [0, 255, 0]);
    // The first value that is mapped is not zero: what is below takes the first colour.
    let shifted = palette(indices, [4, 1, 8], [&channels[0], &channels[1], &channels[2]]);
    assert_eq!(shifted[..5], [right[0], right[0], right[1], right[2], right[0]]);
}

#[test]
fn segmented_palettes_repeat_their_segments() {
    let about = words(&[12, 0, 16]);
    let indices: Vec<u8> = (0..15).map(|n: u8| n.min(11)).chain([0]).collect();
    // Four discrete entries, a line up to 60,000 in two, then both segments again.
    let first = [0, 4, 0, 256, 512, 768, 1, 2, 60_000];
    let again = |offset: u16| words(&[&first[..], &[2, 2, offset, 0]].concat());
    let line = |offset: u16| words(&[&first[..], &[2, 1, offset, 0, 0, 4, 0, 0, 0, 0]].concat());
    let red = |data: &[u8]| {
        let mut fixture = eight_bits(Fixture::ct()).text((0x28, 4), "CS", "PALETTE COLOR").with(
            (0x7FE0, 0x10),
            "OW",
            &indices,
        );
        for channel in 0..3 {
            fixture = fixture.with((0x28, 0x1101 + channel), "US", &about).with(
                (0x28, 0x1221 + channel),
                "OW",
                data,
            );
        }
        rgb(fixture).iter().map(|pixel| pixel[0]).collect::<Vec<_>>()
    };
    let once = [0, 1, 2, 3, 118, 234];
    assert_eq!(red(&again(0))[..12], [once, once].concat());
    // The line alone, from byte 12, which is word 6.
    for offset in [12, 6] {
        assert_eq!(red(&line(offset))[..12], [&once[..], &[234, 234, 0, 0, 0, 0]].concat(), "{offset}");
    }
}

#[test]
fn a_supplemental_palette_is_one_where_the_image_says_so() {
    let fixture = |presentation: &str| {
        let mut fixture = Fixture::ct().text((8, 0x9205), "CS", presentation);
        for (channel, entries) in (0..3_u16).zip([[0xFF00, 1], [0x0A00, 2], [0, 0xC800]]) {
            fixture = fixture.with((0x28, 0x1101 + channel), "US", &words(&[2, 4000, 16])).with(
                (0x28, 0x1201 + channel),
                "OW",
                &words(&entries),
            );
        }
        fixture.read().unwrap()
    };
    for presentation in ["COLOR", "MIXED"] {
        let read = fixture(presentation);
        let palette = read.frames[0].stored.layout.supplemental().unwrap();
        let colors = palette.colors();
        assert_eq!((palette.first(), colors.at(4000), colors.at(4001)), (4000, [255, 10, 0], [0, 0, 200]));
        assert!(!read.frames[0].color, "it stays an image of densities");
        let said: Vec<String> = read.warnings.iter().map(ToString::to_string).collect();
        assert!(said.iter().any(|text| text.contains("4000 on are colours")), "{said:?}");
    }
    // A table that nothing asks for is none (PS3.3 C.7.6.19).
    let plain = fixture("MONOCHROME");
    assert!(plain.frames[0].stored.layout.supplemental().is_none() && plain.warnings.is_empty());
}

#[test]
fn a_narrow_table_is_said() {
    // A VOI table of 16 bits that uses 12 is shown over 12; one that uses 15 is dim.
    let table = |highest: u16| {
        let lut = [
            element((0x28, 0x3002), "US", &words(&[4, 0, 16])),
            element((0x28, 0x3006), "US", &words(&[0, 100, 200, highest])),
        ];
        let sequence = item(&lut.concat());
        let frame =
            Arc::clone(&Fixture::ct().with((0x28, 0x3010), "SQ", &sequence).read().unwrap().frames[0]);
        let bits = frame.presets.iter().find_map(|preset| match &preset.voi {
            Voi::Lut(lut) => Some(lut.bits),
            Voi::Window(_) => None,
        });
        (bits.unwrap(), frame.warnings.iter().any(|warning| warning.to_string().contains("VOI table")))
    };
    assert_eq!(table(4095), (12, true));
    assert_eq!(table(255), (8, true));
    assert_eq!(table(40_000), (16, false));
    assert_eq!(table(32_767), (16, false));
}

#[test]
fn a_mosaic_of_united_imaging_is_split_by_its_own_positions() {
    // Four tiles of 4 x 2 in 8 x 4, three of them used.
    let position = |index: i32| {
        let text = format!("{}\\{}\\{} ", -20 - 3 * index, 31 + 4 * index, 7);
        element((0x20, 0x32), "DS", &text.as_bytes()[..text.len() / 2 * 2])
    };
    let items: Vec<u8> = (0..3).flat_map(|index| item(&position(index))).collect();
    let us = |value: u16| value.to_le_bytes();
    let mosaic = |count: &str| {
        let pixels: Vec<u8> = (0..32_i16).flat_map(i16::to_le_bytes).collect();
        Fixture::ct()
            .text((8, 8), "CS", "ORIGINAL\\PRIMARY\\OTHER\\VFRAME")
            .with((0x28, 0x10), "US", &us(4))
            .with((0x28, 0x11), "US", &us(8))
            .text((0x65, 0x10), "LO", "Image Private Header")
            .text((0x65, 0x1050), "DS", count)
            .with((0x65, 0x1051), "SQ", &items)
            .with((0x7FE0, 0x10), "OW", &pixels)
    };
    let (_folder, path) = on_disk(&mosaic("3").bytes());
    let instance = read_header(&path).unwrap();
    assert!(!instance.mosaic);
    let places: Vec<DVec3> = instance.frames.iter().map(|frame| frame.plane.unwrap().origin().0).collect();
    let at = |x: f64, y: f64| DVec3::new(x, y, 7.0);
    assert_eq!(places, [at(-20.0, 31.0), at(-23.0, 35.0), at(-26.0, 39.0)]);
    let tile = load_frame(&instance.frames[2]).unwrap();
    assert_eq!(*tile, Samples::I16(vec![16, 17, 18, 19, 24, 25, 26, 27]));
    // Where the numbers disagree it is one image, in no plane, and called a mosaic.
    let odd = mosaic("4").read().unwrap();
    assert!(odd.mosaic && odd.frames.len() == 1 && odd.frames[0].plane.is_none());
}

#[test]
fn copies_that_differ_in_a_lossless_encoding_are_one_image() {
    let pixels = [rle(7), rle(9)];
    let two = |value: u8| vec![value; 15];
    let plain = |second: u8, comment: &str| {
        let all = [two(7), two(second)].concat();
        let fixture = eight_bits(Fixture::ct()).text((0x28, 8), "IS", "2").with((0x7FE0, 0x10), "OW", &all);
        if comment.is_empty() { fixture } else { fixture.text((0x20, 0x4000), "LT", comment) }
    };
    let packed = on_disk(&encapsulated(RLE, 2, &pixels));
    for (other, same) in [(plain(9, ""), true), (plain(8, ""), false), (plain(9, "edited"), false)] {
        let other = on_disk(&other.bytes());
        let (series, problems) =
            assemble(vec![read_header(&packed.1).unwrap(), read_header(&other.1).unwrap()]);
        assert_eq!(problems.len(), 1);
        let said = &problems[0].reason;
        assert_eq!(said.starts_with("same image as "), same, "{said}");
        let two_versions = series[0].warnings.iter().any(|w| matches!(w, Warning::TwoVersions { .. }));
        assert_eq!(two_versions, !same);
    }
}

#[test]
fn the_study_is_called_what_its_images_call_it() {
    let images = (1..4).map(|n| {
        let place = format!("-20\\31.5\\{}", 7 + n);
        Fixture::ct()
            .text((8, 0x18), "UI", &format!("1.2.3.4.{n}"))
            .text((8, 0x1030), "LO", "CT chest")
            .text((0x20, 0x11), "IS", "5")
            .text((0x20, 0x32), "DS", &place)
            .read()
            .unwrap()
    });
    let state = Fixture::ct()
        .text((8, 0x60), "CS", "PR")
        .text((8, 0x18), "UI", "1.2.3.5")
        .text((8, 0x1030), "LO", "Presentation of somebody")
        .text((0x20, 0xE), "UI", "1.2.3.2")
        .text((0x20, 0x11), "IS", "1")
        .without((0x7FE0, 0x10))
        .read()
        .unwrap();
    let (series, _) = assemble(images.chain([state]).collect());
    assert_eq!(series[0].study.description, "Presentation of somebody", "it stands first");
    assert_eq!(crate::image::StudyInfo::of_series(&series).unwrap().description, "CT chest");
    assert_eq!(
        crate::image::StudyInfo::of_series(&series[..1]).unwrap().description,
        "Presentation of somebody"
    );
    assert!(crate::image::StudyInfo::of_series([]).is_none());
}
