//! What the pixels of tiny files are and mean: overlays, loss, packing, what is not there.

use super::*;
use crate::image::{CompressionRatio, Lossy, OverlayPlane};

#[test]
fn an_overlay_in_the_pixels_is_read_and_is_no_part_of_the_value() {
    // Bits 0 to 11 are -7 to 7 hundred; bit 14 is the graphic, set in pixels 2, 3 and 13.
    let words = |i: i16| (((i - 7) * 100) & 0x0FFF) | if matches!(i, 2 | 3 | 13) { 0x4000 } else { 0 };
    let pixels: Vec<u8> = (0..15).flat_map(|i| words(i).to_le_bytes()).collect();
    let group = |bit: u16| {
        Fixture::ct()
            .with((0x7FE0, 0x10), "OW", &pixels)
            .with((0x6002, 0x100), "US", &16_u16.to_le_bytes())
            .with((0x6002, 0x102), "US", &bit.to_le_bytes())
    };
    let (_folder, path) = on_disk(&group(14).bytes());
    let frame = Arc::clone(&read_header(&path).unwrap().frames[0]);
    assert_eq!(load_frame(&frame).unwrap(), Samples::I16((0..15).map(|i| (i - 7) * 100).collect()).into());
    let planes = load_overlays(&frame).unwrap();
    assert_eq!(planes[0].set_pixels().collect::<Vec<_>>(), [(2, 0), (3, 0), (3, 2)]);
    // A bit of the value is no graphic.
    let of_value = group(11).read().unwrap();
    assert!(of_value.frames[0].overlays.is_empty());
    assert!(of_value.warnings.iter().any(|warning| warning.to_string().contains("overlay")));
}

#[test]
fn each_frame_has_its_part_of_a_graphic_of_many_frames() {
    // Three images of 5 x 3; a graphic of two frames of 3 x 2 from image 2 on, at column 0, row 2 (from 1).
    let us = |value: u16| value.to_le_bytes();
    let pixels = vec![0; 3 * 30];
    let instance = Fixture::ct()
        .text((0x28, 8), "IS", "3")
        .with((0x7FE0, 0x10), "OW", &pixels)
        .with((0x6000, 0x10), "US", &us(2))
        .with((0x6000, 0x11), "US", &us(3))
        .text((0x6000, 0x15), "IS", "2")
        .with((0x6000, 0x50), "SS", &[2, 0, 0, 0])
        .with((0x6000, 0x51), "US", &us(2))
        .with((0x6000, 0x3000), "OW", &[0b1000_0001, 0b0000_1000])
        .read()
        .unwrap();
    let set = |frame: usize| -> Vec<_> {
        instance.frames[frame].overlays.iter().flat_map(OverlayPlane::set_pixels).collect()
    };
    assert_eq!(set(0), []);
    assert_eq!(set(1), [(-1, 1)]);
    assert_eq!(set(2), [(0, 1), (1, 2)]);
}

#[test]
fn a_rescale_that_changes_nothing_leaves_the_stored_value() {
    let plain = Fixture::ct().text((8, 0x60), "CS", "MR").text((0x28, 0x1052), "DS", "0").text(
        (0x28, 0x1053),
        "DS",
        "1",
    );
    assert_eq!(plain.read().unwrap().frames[0].unit, ValueUnit::Stored);
}

/// The loss that a file of that syntax, declaration and ratio is taken for; its frame takes 30 bytes.
fn loss(syntax: &str, declared: Option<&str>, ratio: Option<&str>) -> Option<Lossy> {
    let mut fixture = Fixture::ct();
    for (tag, text) in [((0x28, 0x2110), declared), ((0x28, 0x2112), ratio)] {
        if let Some(text) = text {
            fixture = fixture.text(tag, if tag.1 == 0x2110 { "CS" } else { "DS" }, text);
        }
    }
    let mut bytes = fixture.bytes();
    let at = bytes.windows(19).position(|part| part == b"1.2.840.10008.1.2.1").unwrap();
    let syntax = if syntax.len() % 2 == 1 { format!("{syntax}\0") } else { syntax.to_owned() };
    bytes[at - 2] = u8::try_from(syntax.len()).unwrap();
    bytes.splice(at..at + 20, syntax.bytes());
    // The pixel data become fragments: an empty table and 2 bytes, 8 + 8 + 2 in all without a delimiter.
    let pixels = bytes.windows(4).position(|four| four == [0xE0, 0x7F, 0x10, 0]).unwrap();
    bytes.truncate(pixels + 4);
    bytes.extend(b"OB\0\0\xFF\xFF\xFF\xFF\xFE\xFF\x00\xE0\0\0\0\0\xFE\xFF\x00\xE0\x02\0\0\0ab");
    read_bytes(&bytes).unwrap().frames[0].lossy
}

#[test]
fn a_loss_is_said_whether_the_header_declares_it_or_not() {
    let declared = |ratio| Some(Lossy { ratio: Some(CompressionRatio::Declared(ratio)), certain: true });
    // 15 pixels of 12 bits are 22.5 bytes, in 18.
    let computed = |certain| Some(Lossy { ratio: Some(CompressionRatio::Computed(1.25)), certain });
    let (baseline, extended, near, j2k) = (
        "1.2.840.10008.1.2.4.50",
        "1.2.840.10008.1.2.4.51",
        "1.2.840.10008.1.2.4.81",
        "1.2.840.10008.1.2.4.91",
    );
    assert_eq!(loss(baseline, None, None), computed(true));
    assert_eq!(loss(extended, Some("00"), None), computed(true));
    assert_eq!(loss(baseline, Some("01"), Some("4\\2.5")), declared(10.0));
    for syntax in [near, j2k, "1.2.840.10008.1.2.4.203", "1.2.840.10008.1.2.4.112"] {
        assert_eq!(loss(syntax, None, None), computed(false), "{syntax}");
        assert_eq!(loss(syntax, Some("00"), None), None, "{syntax}");
        assert_eq!(loss(syntax, Some("01"), Some("7")), declared(7.0), "{syntax}");
    }
    for syntax in ["1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90"] {
        assert_eq!(loss(syntax, None, None), None, "{syntax}");
        // Compressed with loss once, and stored without since: these bytes tell nothing about it.
        assert_eq!(loss(syntax, Some("01"), None), Some(Lossy { ratio: None, certain: true }), "{syntax}");
    }
}

#[test]
fn pixel_data_longer_than_the_image_are_said_when_it_is_more_than_padding() {
    let with = |length: usize| {
        let instance = Fixture::ct().with((0x7FE0, 0x10), "OW", &vec![1; length]).read().unwrap();
        assert_eq!(instance.frames.len(), 1);
        instance.warnings
    };
    assert!(with(30).is_empty() && with(32).is_empty());
    assert!(matches!(&with(60)[..], [Warning::Ignored(what)] if what.contains("30 bytes longer")));
}

#[test]
fn what_a_truncated_colour_or_second_frame_does_not_hold_is_not_there() {
    let color = |planar: u16, length: usize| {
        let mut fixture = Fixture::ct().text((0x28, 4), "CS", "RGB").without((0x28, 0x103));
        for (tag, value) in [(2, 3), (6, planar), (0x100, 8), (0x101, 8), (0x102, 7)] {
            fixture = fixture.with((0x28, tag), "US", &u16::to_le_bytes(value));
        }
        let mut bytes = fixture.with((0x7FE0, 0x10), "OB", &[9; 46]).bytes();
        bytes.truncate(bytes.len() - 46 + length);
        held(&bytes)[0]
    };
    // 15 pixels of three bytes; of one colour after the other the last colour has begun at byte 30.
    assert_eq!((color(0, 45), color(0, 31), color(0, 30)), (15, 10, 10));
    assert_eq!((color(1, 45), color(1, 37), color(1, 30)), (15, 7, 0));
    let mut bytes = Fixture::ct().text((0x28, 8), "IS", "2").with((0x7FE0, 0x10), "OW", &[0; 60]).bytes();
    bytes.truncate(bytes.len() - 60 + 38);
    assert_eq!(held(&bytes), [15, 4]);
}

/// Pixels of each frame that a file holds.
fn held(bytes: &[u8]) -> Vec<usize> {
    let (_folder, path) = on_disk(bytes);
    let frames = read_header(&path).unwrap().frames;
    frames.iter().map(|frame| load_frame(frame).unwrap().there()).collect()
}

#[test]
fn samples_packed_in_twelve_bits_are_read_in_every_frame() {
    // Frames of 15 pixels take 22.5 bytes: the second one starts in the middle of a byte.
    let values: Vec<u16> = (0..30).map(|i| i * 131 % 4096).collect();
    let mut packed = vec![0_u8; 45];
    for (index, value) in values.iter().enumerate() {
        for bit in 0..12 {
            packed[(index * 12 + bit) / 8] |= u8::from(value >> bit & 1 == 1) << ((index * 12 + bit) % 8);
        }
    }
    let instance = Fixture::ct()
        .text((0x28, 8), "IS", "2")
        .with((0x28, 0x100), "US", &12_u16.to_le_bytes())
        .with((0x28, 0x103), "US", &0_u16.to_le_bytes())
        .with((0x7FE0, 0x10), "OB", &packed);
    let (_folder, path) = on_disk(&instance.bytes());
    let frames = read_header(&path).unwrap().frames;
    for (frame, expected) in frames.iter().zip(values.chunks_exact(15)) {
        assert_eq!(load_frame(frame).unwrap(), Samples::U16(expected.to_vec()).into());
    }
}

#[test]
fn a_screen_shot_is_neither_hounsfield_nor_millimetres() {
    let screen = || {
        Fixture::ct()
            .text((8, 0x16), "UI", "1.2.840.10008.5.1.4.1.1.7")
            .without((0x20, 0x32))
            .without((0x20, 0x37))
            .without((0x20, 0x52))
    };
    let frame = |fixture: Fixture| (*fixture.read().unwrap().frames[0]).clone();
    let shot = frame(screen());
    assert_eq!((shot.unit, shot.spacing, shot.calibration), (ValueUnit::Rescaled, None, Calibration::None));
    assert!((shot.pixel_aspect - 1.75).abs() < 1e-12);
    assert!(matches!(&shot.warnings[..], [Warning::Ignored(what)] if what.contains("Pixel Spacing")));
    // Who says how it was calibrated is believed; so is a place in the patient.
    let corrected = frame(screen().text((0x28, 0x0A02), "CS", "FIDUCIAL"));
    assert_eq!(corrected.calibration, Calibration::Corrected { fiducial: true });
    let placed = screen().text((0x20, 0x32), "DS", "-20\\31.5\\7");
    assert_eq!(frame(placed).calibration, Calibration::InPatient);
}

#[test]
fn a_presentation_shape_of_inverse_turns_the_image_and_no_value() {
    let frame =
        |shape: &str| (*Fixture::ct().text((0x2050, 0x20), "CS", shape).read().unwrap().frames[0]).clone();
    let (plain, inverse) = (frame("IDENTITY"), frame("INVERSE"));
    assert!(!plain.inverted && inverse.inverted);
    assert_eq!(plain.transform, inverse.transform);
}

#[test]
fn padding_may_be_a_range_on_either_side() {
    let padding = |value: i16, limit: i16| {
        let fixture = Fixture::ct().with((0x28, 0x120), "SS", &value.to_le_bytes());
        fixture.with((0x28, 0x121), "US", &limit.to_le_bytes()).read().unwrap().frames[0].padding.unwrap()
    };
    for found in [padding(-2000, -1800), padding(-1800, -2000)] {
        assert_eq!((found.low, found.high), (-2000.0, -1800.0));
        assert!(found.contains(-1800.0) && found.contains(-2000.0) && !found.contains(-1799.0));
    }
}

#[test]
fn colours_that_cannot_be_shown_rightly_are_refused_by_name() {
    for (photometric, samples) in [("ARGB", 4), ("CMYK", 4), ("HSV", 3), ("RGB", 4)] {
        let fixture = Fixture::ct().text((0x28, 4), "CS", photometric);
        let error = fixture.with((0x28, 2), "US", &u16::to_le_bytes(samples)).read().unwrap_err();
        let DicomError::Unsupported(what) = error else { panic!("{photometric}: {error}") };
        assert!(what.contains(photometric) || what.contains("4 samples"), "{what}");
    }
}

#[test]
fn frames_of_a_dose_follow_their_offsets() {
    let places = |orientation: &str, offsets: &str| -> Vec<f64> {
        let fixture = Fixture::ct()
            .text((0x20, 0x32), "DS", "-20\\31.5\\7")
            .text((0x20, 0x37), "DS", orientation)
            .text((0x28, 8), "IS", "3")
            .text((0x3004, 0xC), "DS", offsets)
            .with((0x7FE0, 0x10), "OW", &[0; 90]);
        let frames = fixture.read().unwrap().frames;
        frames.iter().map(|frame| frame.plane.unwrap().origin().0.z).collect()
    };
    let (up, down) = ("1\\0\\0\\0\\1\\0", "-1\\0\\0\\0\\1\\0");
    assert_eq!(places(up, "0\\2.5\\5"), [7.0, 9.5, 12.0]);
    // Relative offsets run along the normal, which points down here; absolute ones are z, whatever it does.
    assert_eq!(places(down, "0\\2.5\\5"), [7.0, 4.5, 2.0]);
    assert_eq!(places(up, "7\\9.5\\12"), [7.0, 9.5, 12.0]);
    assert_eq!(places(down, "7\\9.5\\12"), [7.0, 9.5, 12.0]);
}

/// Elements as they stand in an item.
pub(in crate::dicom) fn item(elements: &[((u16, u16), &str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for ((group, element), vr, value) in elements {
        bytes.extend([group.to_le_bytes(), element.to_le_bytes()].concat());
        bytes.extend(vr.as_bytes());
        if *vr == "SQ" {
            bytes.extend([0, 0]);
            bytes.extend(u32::try_from(value.len()).unwrap().to_le_bytes());
        } else {
            bytes.extend(u16::try_from(value.len()).unwrap().to_le_bytes());
        }
        bytes.extend(*value);
    }
    let length = u32::try_from(bytes.len()).unwrap().to_le_bytes();
    [&[0xFE, 0xFF, 0x00, 0xE0], &length[..], &bytes].concat()
}

#[test]
fn each_frame_has_its_own_lines_and_its_own_real_world_values() {
    let frame = |echo: f64, slope: f64, first: i16| {
        let echo = item(&[((0x18, 0x9082), "FD", &echo.to_le_bytes())]);
        let unit = item(&[((8, 0x100), "SH", b"mm2/s "), ((8, 0x104), "LO", b"mm2/s ")]);
        let map = item(&[
            ((0x40, 0x8EA), "SQ", &unit),
            ((0x40, 0x9210), "SH", b"ADC "),
            // Wrongly unsigned: the pixels are signed, so this is below zero.
            ((0x40, 0x9211), "US", &700_i16.to_le_bytes()),
            ((0x40, 0x9216), "US", &first.to_le_bytes()),
            ((0x40, 0x9224), "FD", &0.0_f64.to_le_bytes()),
            ((0x40, 0x9225), "FD", &slope.to_le_bytes()),
        ]);
        item(&[((0x18, 0x9114), "SQ", &echo), ((0x40, 0x9096), "SQ", &map)])
    };
    let groups = [frame(5.5, 1e-6, -700), frame(11.0, 2e-6, 0)].concat();
    let instance = Fixture::ct()
        .text((0x28, 8), "IS", "2")
        .with((0x5200, 0x9230), "SQ", &groups)
        .with((0x7FE0, 0x10), "OW", &[0; 60])
        .read()
        .unwrap();
    let lines: Vec<_> = instance.frames.iter().map(|frame| frame.technique.to_vec()).collect();
    assert!(lines[0].contains(&("TE".to_owned(), "5.5 ms".to_owned())), "{lines:?}");
    assert!(lines[1].contains(&("TE".to_owned(), "11 ms".to_owned())), "{lines:?}");
    let value = |frame: usize, stored: f64| instance.frames[frame].real_world[0].value(stored);
    assert_eq!((value(0, -700.0), value(0, 701.0)), (Some(-700.0 * 1e-6), None));
    assert_eq!((value(1, 350.0), value(1, -1.0)), (Some(350.0 * 2e-6), None));
    assert_eq!(&*instance.frames[0].real_world[0].unit, "mm2/s");
}

#[test]
fn a_film_has_the_rate_that_its_file_recommends() {
    let film = || Fixture::ct().text((0x28, 8), "IS", "3").with((0x7FE0, 0x10), "OW", &[0; 90]);
    let rate = |fixture: Fixture| {
        let frames = fixture.read().unwrap().frames;
        assert!(frames.len() == 3 && frames.iter().all(|frame| frame.rate == frames[0].rate));
        frames[0].rate
    };
    assert_eq!(rate(film()), None);
    let by_vector = film().text((0x18, 0x1065), "DS", "0\\30\\50");
    assert_eq!(rate(by_vector), Some(25.0), "40 ms on the average, the first number is no step");
    let by_time = film().text((0x18, 0x1065), "DS", "0\\30\\50").text((0x18, 0x1063), "DS", "62.5");
    assert_eq!(rate(by_time), Some(16.0));
    let cine = film().text((0x18, 0x1063), "DS", "62.5").text((0x18, 0x40), "IS", "12");
    assert_eq!(rate(cine), Some(12.0));
    let recommended = film().text((0x18, 0x40), "IS", "12").text((8, 0x2144), "IS", "7");
    assert_eq!(rate(recommended), Some(7.0));
    for nonsense in ["0", "-5", "1e9", "0.0000001", "abc"] {
        assert_eq!(rate(film().text((0x18, 0x1063), "DS", nonsense)), None, "{nonsense}");
    }
}
