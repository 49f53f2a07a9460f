//! Each limit of `dicom::limits`, by name: what is inside is read, what is outside is refused and takes nothing.

use std::fs;
use std::time::Duration;

use isodense::dicom::limits::{
    DEEPEST, FREE_INFLATED, FREE_SAMPLES, LARGEST_HEADER, LEAST_PART, MOST_FRAGMENTS, MOST_FRAMES,
    MOST_ITEMS, MOST_SAMPLES_PER_BYTE, SURE_FRAME,
};

use crate::build::{Object, deflate};
use crate::common::data;
use crate::measure::{Outcome, read, read_bytes, scratch};

const NATIVE: &str = "1.2.840.10008.1.2.1";
const DEFLATED: &str = "1.2.840.10008.1.2.1.99";
const DEFLATED_FRAMES: &str = "1.2.840.10008.1.2.8.1";
const RLE: &str = "1.2.840.10008.1.2.5";
const JPEG_2000: &str = "1.2.840.10008.1.2.4.90";

/// What any trap may take.
const MOST_MEMORY: usize = 64 << 20;
const LONGEST: Duration = Duration::from_secs(1);

fn outcome(bytes: &[u8]) -> Outcome {
    read_bytes(scratch().path(), bytes)
}

fn refusal(outcome: &Outcome) -> &str {
    outcome.refused.as_deref().unwrap_or("not refused")
}

/// Refused for this reason, at once and for next to nothing.
#[track_caller]
fn assert_refused(bytes: &[u8], why: &str, most: usize) {
    let outcome = outcome(bytes);
    assert!(refusal(&outcome).contains(why), "{outcome:?}");
    assert!(outcome.peak <= most && outcome.took <= LONGEST, "{outcome:?}");
}

#[test]
fn ten_million_huge_frames_in_a_kilobyte_allocate_nothing() {
    for syntax in [NATIVE, RLE, JPEG_2000, DEFLATED_FRAMES, "1.2.3.4.5"] {
        for (rows, columns, frames) in
            [(65535, 65535, "9999999"), (4000, 4000, "10000000"), (64, 64, "2147483647")]
        {
            let object = Object::new(syntax).image(rows, columns, 16, frames);
            let bytes =
                if syntax == NATIVE { object.pixels(&[7; 512]) } else { object.fragments([&[7; 512][..]]) };
            let outcome = outcome(&bytes.bytes());
            assert!(outcome.decoded == 0 || outcome.frames == 1, "{outcome:?}");
            assert!(outcome.header_peak < 256 << 10, "{syntax}: {outcome:?}");
            // A native frame of 4000 x 4000 is shown as the rows there are, where it may be.
            assert!(outcome.peak < MOST_MEMORY && outcome.took < LONGEST, "{syntax}: {outcome:?}");
            assert!(rows == 64 || outcome.refused.is_some(), "{syntax}: {outcome:?}");
        }
    }
}

#[test]
fn largest_header() {
    let folder = scratch();
    let path = folder.path().join("sparse.dcm");
    let length = u32::try_from(LARGEST_HEADER).unwrap();
    let head = Object::new(NATIVE).long(0x0040, 0x0040, *b"OB", length).bytes();
    fs::File::create(&path).and_then(|mut file| std::io::Write::write_all(&mut file, &head)).unwrap();
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(u64::from(length) + 4096).unwrap();
    let outcome = read(&path);
    assert!(refusal(&outcome).contains("a header of more than 512 MiB"), "{outcome:?}");
    assert!(outcome.peak < 1 << 20, "{outcome:?}");
}

#[test]
fn most_inflation() {
    let zeros = vec![0; FREE_INFLATED * 4];
    let length = u32::try_from(zeros.len()).unwrap();
    let bomb = Object::new(DEFLATED).long(0x0040, 0x0040, *b"OB", length).raw(&zeros).image(8, 8, 8, "1");
    assert_refused(&bomb.pixels(&[0; 64]).deflated(), "a header of more than", MOST_MEMORY);
    let inside = Object::new(DEFLATED).long(0x0040, 0x0040, *b"OB", 1 << 20).raw(&zeros[..1 << 20]);
    let fine = outcome(&inside.image(8, 8, 8, "1").pixels(&[0; 64]).deflated());
    assert_eq!((fine.decoded, fine.refused), (1, None));
}

#[test]
fn deepest() {
    let image =
        |depth| outcome(&Object::new(NATIVE).image(8, 8, 8, "1").nested(depth).pixels(&[0; 64]).bytes());
    let deep = image(DEEPEST);
    assert_eq!((deep.decoded, deep.warnings), (1, Vec::new()));
    for depth in [DEEPEST + 1, 10_000, 1_000_000] {
        let deeper = image(depth);
        assert_eq!(deeper.decoded, 0);
        assert!(deeper.warnings.iter().any(|text| text.contains("ends inside its header")), "{deeper:?}");
        assert!(deeper.peak < MOST_MEMORY && deeper.took < LONGEST, "{deeper:?}");
    }
}

#[test]
fn a_million_nested_sequences_of_known_length_are_not_followed() {
    const HEADS: u32 = 12 + 8;
    let mut nest = Object::new(NATIVE).image(8, 8, 8, "1");
    for level in (0..1_000_000).rev() {
        // Each sequence is the one item of the one around it.
        nest = nest
            .long(0x0040, 0xA730, *b"SQ", level * HEADS + 8)
            .raw(&[0xFE, 0xFF, 0x00, 0xE0])
            .raw(&(level * HEADS).to_le_bytes());
    }
    let nested = outcome(&nest.pixels(&[0; 64]).bytes());
    assert_eq!((nested.decoded, nested.refused.as_deref()), (1, None));
    assert!(nested.peak < MOST_MEMORY && nested.took < LONGEST, "{nested:?}");
}

#[test]
fn most_items() {
    let image = |items: usize, defined: bool| {
        let bytes = [0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0].repeat(items);
        let length = if defined { u32::try_from(bytes.len()).unwrap() } else { u32::MAX };
        let sequence =
            Object::new(NATIVE).image(8, 8, 8, "1").long(0x5200, 0x9230, *b"SQ", length).raw(&bytes);
        let end: &[u8] = if defined { &[] } else { &[0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0] };
        sequence.raw(end).pixels(&[0; 64]).bytes()
    };
    for (defined, count) in [(true, 10_000_000), (false, MOST_ITEMS + 2)] {
        let inside = image(MOST_ITEMS / 10, defined);
        let fine = outcome(&inside);
        assert_eq!((fine.decoded, fine.refused.as_deref()), (1, None));
        assert!(fine.header_peak <= fine.header_limit(inside.len()), "{fine:?}");
        let bytes = image(count, defined);
        let outside = outcome(&bytes);
        assert!(refusal(&outside).contains("a header of more than 1000000 items"), "{outside:?}");
        // The 80 MB of the file itself, which grow by halves, and the time to read them.
        assert!(outside.peak <= 2 * bytes.len() + MOST_MEMORY, "{outside:?}");
        assert!(outside.took < 8 * LONGEST, "{outside:?}");
    }
}

#[test]
fn a_length_of_four_gigabytes_is_not_believed() {
    for (vr, tag) in [(*b"OB", 0x0040), (*b"SQ", 0xA730), (*b"UN", 0x0555)] {
        let object = Object::new(NATIVE).image(8, 8, 8, "1").long(0x0040, tag, vr, u32::MAX - 1);
        let huge = outcome(&object.raw(&[0; 4096]).bytes());
        assert!(huge.warnings.iter().any(|text| text.contains("ends inside its header")), "{huge:?}");
        assert!(huge.peak < 1 << 20 && huge.took < LONGEST, "{huge:?}");
    }
}

#[test]
fn largest_frame() {
    let bytes = Object::new(NATIVE).image(65535, 65535, 16, "1").pixels(&[0; 512]).bytes();
    assert_refused(&bytes, "would take more than 1 GiB", 1 << 20);
    // A bit of the file is a byte of the image.
    let bits = Object::new(NATIVE).image(60000, 60000, 1, "1").pixels(&[0; 512]).bytes();
    assert_refused(&bits, "would take more than 1 GiB", 1 << 20);
}

#[test]
fn sure_frame() {
    let side = |samples: u64| u16::try_from(samples.isqrt()).unwrap();
    let missing = |side, bits, there| {
        outcome(&Object::new(NATIVE).image(side, side, bits, "1").pixels(&vec![1; there]).bytes())
    };
    for bits in [1, 8, 32] {
        let inside = missing(side(SURE_FRAME * 8 / u64::from(bits.max(8))), bits, 64);
        assert_eq!(inside.decoded, 1, "{bits} bits: {inside:?}");
        assert!(inside.warnings.iter().any(|text| text.contains("end early")), "{inside:?}");
        assert!(inside.peak < MOST_MEMORY, "{inside:?}");
        let outside = missing(side(SURE_FRAME * 8 / u64::from(bits.max(8))) + 1, bits, 64);
        assert!(refusal(&outside).contains("bytes in 64 bytes"), "{outside:?}");
    }
    let large = side(SURE_FRAME * 2);
    let part = usize::from(large) * usize::from(large) / usize::try_from(LEAST_PART).unwrap();
    assert_eq!(missing(large, 8, part + 2).decoded, 1);
    assert_eq!(missing(large, 8, part - 2).decoded, 0);
}

#[test]
fn most_frames() {
    let image = |frames: u32| {
        let pixels = vec![0; frames as usize];
        Object::new(NATIVE).image(1, 1, 8, &frames.to_string()).pixels(&pixels).bytes()
    };
    let most = image(MOST_FRAMES);
    let inside = outcome(&most);
    assert_eq!((inside.frames, inside.decoded), (MOST_FRAMES as usize, 3));
    assert!(inside.header_peak <= inside.header_limit(most.len()), "{inside:?}");
    assert_refused(&image(MOST_FRAMES + 2), "images in one file", 1 << 20);
    // A compressed frame takes 8 bytes, for its item.
    let compressed = Object::new(RLE).image(1, 1, 8, "1000").fragments([&[0; 64][..]]).bytes();
    assert_refused(&compressed, "1000 images in", 1 << 20);
}

#[test]
fn most_fragments() {
    let image =
        |count| Object::new(RLE).image(8, 8, 8, "1").fragments(std::iter::repeat_n(&[][..], count)).bytes();
    let bytes = image(MOST_FRAGMENTS + 1);
    let outcome = outcome(&bytes);
    assert!(refusal(&outcome).contains("fragments"), "{outcome:?}");
    assert!(outcome.peak <= outcome.limit(bytes.len()), "{outcome:?}");
    assert!(outcome.took < Duration::from_secs(8), "a million system calls: {outcome:?}");
}

#[test]
fn most_samples_per_byte() {
    // A deflated frame of 256 MB in 256 kB.
    let zeros = deflate(&vec![0; 1 << 28]);
    let bomb = Object::new(DEFLATED_FRAMES).image(1 << 14, 1 << 14, 8, "1").fragments([&zeros[..]]).bytes();
    assert!((1 << 28) > FREE_SAMPLES + MOST_SAMPLES_PER_BYTE * zeros.len() as u64);
    assert_refused(&bomb, "16384 x 16384 pixels in", 4 << 20);
    // The same in a deflated data set.
    let bomb = Object::new(DEFLATED).image(1 << 14, 1 << 14, 8, "1").pixels(&vec![0; 1 << 28]).deflated();
    assert_refused(&bomb, "16384 x 16384 pixels in", 4 << 20);
    // A blank image of usual size shrinks more than that, and is shown.
    let blank = deflate(&vec![0; 1 << 20]);
    let fine = Object::new(DEFLATED_FRAMES).image(1 << 10, 1 << 10, 8, "1").fragments([&blank[..]]).bytes();
    assert_eq!(outcome(&fine).decoded, 1);
    // JPEG 2000 whose own header agrees with the file's.
    let mut siz = b"\xFF\x4F\xFF\x51\x00\x29\x00\x00".to_vec();
    let side = 5000_u32;
    for word in [side, side, 0, 0, side, side, 0, 0] {
        siz.extend(word.to_be_bytes());
    }
    siz.extend([0, 1, 15, 1, 1]);
    let bomb = Object::new(JPEG_2000).image(5000, 5000, 16, "1").fragments([&siz[..]]).bytes();
    assert_refused(&bomb, "5000 x 5000 pixels in", 1 << 20);
}

#[test]
fn bombs_of_the_test_data_take_neither_memory_nor_time() {
    let Some(data) = data() else { return };
    let mut worst = (0, Duration::ZERO);
    let mut count = 0;
    for entry in fs::read_dir(data.join("traps")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.starts_with("bomb_") {
            continue;
        }
        let outcome = read(&path);
        assert!(outcome.peak < MOST_MEMORY && outcome.took < LONGEST, "{name}: {outcome:?}");
        assert!(outcome.refused.is_some() || !outcome.warnings.is_empty(), "{name}: {outcome:?}");
        worst = (worst.0.max(outcome.peak), worst.1.max(outcome.took));
        count += 1;
    }
    println!("{count} bombs, at most {:.1} MB and {:.3} s", worst.0 as f64 / 1e6, worst.1.as_secs_f64());
    assert!(count >= 24, "the bombs are there");
}
