//! D03, F06, F07, F08, F10, F11, S01, T02: what is read, and how it is said.

use isodense::dicom::load_frame;

use super::{bugs, frame, frames, isodense, probe, stacks};

#[test]
fn nesting_too_deep_is_passed_over_and_said() {
    let Some(_) = bugs() else { return };
    for name in ["depth30", "depth3000"] {
        let answer = isodense("tags", &format!("F10_deep_nesting/{name}.dcm"), &[]);
        assert_eq!(answer.code, 0, "{name}");
        let answer = answer.all();
        assert!(answer.contains("deeper than 16 levels"), "{name}");
        assert!(!answer.contains("makes no sense"), "{name}");
        // What stands behind the nest is there.
        assert!(answer.contains("Pixel Data") || answer.contains("(7FE0,0010)"), "{name}");
    }
}

#[test]
fn nothing_in_a_file_steers_the_terminal() {
    let Some(_) = bugs() else { return };
    let steers = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200B}' | '\u{200E}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
    };
    for (command, more) in [
        ("inspect", &[][..]),
        ("inspect", &["--json"]),
        ("tags", &["--show-patient-data"]),
        ("tags", &["--show-patient-data", "--json"]),
        ("probe", &["--pixel", "2,1"]),
    ] {
        let answer = isodense(command, "T02_terminal/esc.dcm", more).all();
        assert_eq!(answer.chars().find(|c| steers(*c)), None, "{command} {more:?}");
        assert!(
            !answer.lines().any(|line| line.trim_start().starts_with("CT volume, series 9")),
            "{command}"
        );
    }
}

#[test]
fn code_streams_of_every_option_hold_the_same_pixels() {
    let Some(folder) = bugs() else { return };
    let (_, plain) = frame("F06_j2k_options/plain.dcm");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder.join("F06_j2k_options")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "dcm") {
            let name = path.file_name().unwrap().to_str().unwrap();
            let (_, samples) = frame(&format!("F06_j2k_options/{name}"));
            assert!(*samples == *plain, "{name}");
            seen += 1;
        }
    }
    assert!(seen >= 20, "{seen}");
}

#[test]
fn odd_structures_are_read_around() {
    let Some(_) = bugs() else { return };
    for name in ["curves", "group_lengths_wrong", "private_pixels", "acr_dates", "zero_dates", "iso_dates"] {
        let found = probe(&format!("F07_odd_structure/{name}.dcm"), "3,2");
        assert_eq!(found["value"], 23.0, "{name}");
    }
    // 75 bits in frames of 25 that do not end on a byte.
    let bits = frames("F07_odd_structure/onebit.dcm");
    assert_eq!(bits.len(), 3);
    for (number, frame) in bits.iter().enumerate() {
        let samples = load_frame(frame).unwrap();
        for pixel in 0..25 {
            let right = f64::from(u8::from((number * 25 + pixel) * 7 % 5 < 2));
            assert_eq!(samples.stored(pixel), Some(right), "frame {number}, pixel {pixel}");
        }
    }
    let (icon, _) = frame("F11_encapsulated_icon/icon_jpeg.dcm");
    assert_eq!((icon.size.columns, icon.size.rows), (32, 32), "the image, not its icon");
}

#[test]
fn jpeg_as_encoders_write_it_is_read() {
    let Some(_) = bugs() else { return };
    let right = |column: usize, row: usize| {
        (128.0 + 90.0 * (row as f64 / 9.0).sin() * (column as f64 / 11.0).cos()).floor()
    };
    for name in ["grey", "restart", "optimize", "fill_bytes", "no_eoi", "junk_after", "exif"] {
        let (frame, samples) = frame(&format!("F08_jpeg_options/{name}.dcm"));
        assert_eq!((frame.size.columns, frame.size.rows), (83, 61));
        for (column, row) in [(0, 0), (40, 30), (80, 60)] {
            let found = samples.stored(row * 83 + column).unwrap();
            assert!((found - right(column, row)).abs() <= 4.0, "{name} {column},{row}: {found}");
        }
    }
}

#[test]
fn colours_come_out_of_every_layout() {
    let Some(_) = bugs() else { return };
    let right = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [200, 120, 40]];
    for (name, mirrored) in
        [("ybr_full_planar1", false), ("rgb_window", false), ("ybr_full_planar1_3frames", true)]
    {
        let all = frames(&format!("D03_colour/{name}.dcm"));
        for (number, frame) in all.iter().enumerate() {
            let samples = load_frame(frame).unwrap();
            for (index, right) in right.iter().enumerate() {
                let column = 4 * index + 1;
                let column = if mirrored && number == 1 { 15 - column } else { column };
                let found = samples.color(3 * 16 + column).unwrap();
                let near = found.iter().zip(right).all(|(a, b)| a.abs_diff(*b) <= 2);
                assert!(near, "{name} frame {number}: {found:?}, {right:?} is right");
            }
        }
    }
}

#[test]
fn two_patients_under_one_series_uid_are_two() {
    let Some(_) = bugs() else { return };
    let two = stacks("S01_identity/two_patients");
    assert_eq!(two.iter().map(|stack| stack["frames"].as_u64().unwrap()).collect::<Vec<_>>(), [3, 3]);
    let one = stacks("S01_identity/instance_numbers");
    assert_eq!(one.iter().map(|stack| stack["frames"].as_u64().unwrap()).collect::<Vec<_>>(), [6]);
}
