//! Decoded values against independent references: `traps/*.npy` and `truth.json` of the shared test data.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::panic_in_result_fn,
    clippy::cast_possible_truncation,
    reason = "a test may panic and report"
)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use isodense::dicom::{Instance, load_frame, read_header};
use isodense::image::Samples;
use serde_json::Value;

use common::{data, truth};

/// The numbers of a `.npy` file of little endian doubles.
fn read_npy(path: &Path) -> Vec<f64> {
    let bytes = fs::read(path).unwrap();
    assert!(bytes.starts_with(b"\x93NUMPY\x01"));
    let header = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    assert!(String::from_utf8_lossy(&bytes[10..10 + header]).contains("'<f8'"));
    bytes[10 + header..].chunks_exact(8).map(|eight| f64::from_le_bytes(eight.try_into().unwrap())).collect()
}

/// All samples of all frames; stored values, or modality values.
fn values(instance: &Instance, modality: bool) -> Result<Vec<f64>, String> {
    let mut all = Vec::new();
    for frame in &instance.frames {
        let samples = load_frame(frame).map_err(|error| error.to_string())?;
        assert_eq!(samples.len(), frame.size.pixels(), "a frame has as many samples as pixels");
        if let Samples::Rgb8(pixels) = &samples {
            all.extend(pixels.iter().flatten().map(|&byte| f64::from(byte)));
        } else {
            let stored = (0..samples.len()).filter_map(|index| samples.stored(index));
            all.extend(stored.map(|stored| if modality { frame.transform.value(stored) } else { stored }));
        }
    }
    Ok(all)
}

#[test]
fn traps_have_the_right_values_or_are_refused_by_name() {
    let Some(data) = data() else { return };
    let mut paths: Vec<PathBuf> =
        fs::read_dir(data.join("traps")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "dcm"));
    paths.sort();
    let (mut right, mut wrong, mut refused, mut warned) = (0, Vec::new(), Vec::new(), Vec::new());
    for path in paths {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let reference = path.with_extension("npy");
        let read = read_header(&path).map_err(|error| error.to_string());
        let result = read.and_then(|instance| Ok((values(&instance, true)?, instance)));
        match (result, reference.is_file()) {
            (Ok((found, _)), true) => {
                let expected = read_npy(&reference);
                // Colour conversion may round the other way.
                let tolerance =
                    if name.starts_with("ybr") || name.starts_with("jpeg_8") { 1.0 } else { 1e-9 };
                let worst = found.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
                if found.len() == expected.len() && worst <= tolerance {
                    right += 1;
                } else {
                    wrong.push(format!(
                        "{name}: {} of {} samples, off by {worst}",
                        found.len(),
                        expected.len()
                    ));
                }
            }
            (Err(error), true) => wrong.push(format!("{name}: {error}")),
            (Ok((_, instance)), false) => {
                let own = instance.frames.iter().flat_map(|frame| &frame.warnings);
                let warnings: Vec<String> =
                    instance.warnings.iter().chain(own).map(ToString::to_string).collect();
                if warnings.is_empty() && name != "ybr_422" {
                    wrong.push(format!("{name}: shown without a warning"));
                }
                warned.push(format!("{name}: {}", warnings.join(" ")));
            }
            (Err(error), false) => refused.push(format!("{name}: {error}")),
        }
    }
    println!("traps: {right} right, {} refused, {} shown with a warning", refused.len(), warned.len());
    println!("refused:\n  {}\nwarned:\n  {}", refused.join("\n  "), warned.join("\n  "));
    assert!(wrong.is_empty(), "wrong:\n  {}", wrong.join("\n  "));
    assert!(right >= 76, "only {right} right");
    assert!(refused.iter().filter(|line| line.starts_with("bomb_")).count() >= 24, "bombs are refused");
}

#[test]
fn files_have_the_stored_values_of_the_reference() {
    let Some(data) = data() else { return };
    let truth = truth(&data);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut wrong, mut refused) = (Vec::new(), Vec::new());
    for (name, file) in truth["files"].as_object().unwrap() {
        let path = data.join(name);
        let result = read_header(&path).map_err(|error| error.to_string());
        if file["min"].is_null() {
            // Documents, or files that the reference cannot decode: no panic is all that is asked.
            drop(result.and_then(|instance| values(&instance, false)));
            *counts.entry("without reference").or_default() += 1;
            continue;
        }
        if file["photometric"] == "PALETTE COLOR" {
            let pixels = result.and_then(|instance| values(&instance, false));
            *counts
                .entry(if pixels.is_ok() { "palette, decoded" } else { "palette, refused" })
                .or_default() += 1;
            continue;
        }
        match result.and_then(|instance| values(&instance, false)) {
            Err(error) => refused.push(format!("{name}: {error}")),
            Ok(found) => match compare(file, &found) {
                Ok(kind) => *counts.entry(kind).or_default() += 1,
                Err(what) => wrong.push(format!("{name} ({}): {what}", file["transfer_syntax"])),
            },
        }
    }
    println!("files: {counts:?}, {} refused, {} wrong", refused.len(), wrong.len());
    println!("refused:\n  {}\nwrong:\n  {}", refused.join("\n  "), wrong.join("\n  "));
    assert!(wrong.is_empty(), "wrong:\n  {}", wrong.join("\n  "));
    assert!(counts["exact"] >= 159, "only {} exact", counts["exact"]);
}

/// Compares extremes, mean and single samples; exactly where the stream is lossless.
fn compare(file: &Value, found: &[f64]) -> Result<&'static str, String> {
    let samples: usize = file["shape"]
        .as_array()
        .unwrap()
        .iter()
        .map(|n| usize::try_from(n.as_u64().unwrap()).unwrap())
        .product();
    if samples != found.len() {
        return Err(format!("{} samples instead of {samples}", found.len()));
    }
    let number = |key: &str| file[key].as_f64().unwrap();
    let syntax = file["transfer_syntax"].as_str().unwrap_or_default();
    let lossy = ["4.50", "4.51", "4.81", "4.91"].iter().any(|end| syntax.ends_with(end));
    let color = file["photometric"].as_str().is_some_and(|p| p == "RGB" || p.starts_with("YBR"));
    // Colour is shown with 8 bits.
    let scale = match file["dtype"].as_str() {
        Some("uint16") if color => 1.0 / 257.0,
        Some("uint32") if color => 1.0 / 16_843_009.0,
        _ => 1.0,
    };
    let rounding = if color && scale < 1.0 { 1.0 } else { 0.0 };
    let tolerance = if lossy { 4.0 } else { rounding };
    let near = |what: &str, expected: f64, found: f64, tolerance: f64| {
        if (expected * scale - found).abs() <= tolerance {
            Ok(())
        } else {
            Err(format!("{what} is {found} instead of {}", expected * scale))
        }
    };
    let extremes = found.iter().fold((f64::MAX, f64::MIN), |(low, high), &v| (low.min(v), high.max(v)));
    let mean = found.iter().sum::<f64>() / found.len() as f64;
    near("mean", number("mean"), mean, tolerance / 4.0 + 1e-9 * number("mean").abs())?;
    near("minimum", number("min"), extremes.0, tolerance)?;
    near("maximum", number("max"), extremes.1, tolerance)?;
    for (index, expected) in file["samples_flat_index"].as_object().unwrap() {
        let at: usize = index.parse().unwrap();
        near(&format!("sample {index}"), expected.as_f64().unwrap(), found[at], tolerance)?;
    }
    // The sum of every sample, but for the largest, which take long without optimisation.
    if !lossy && scale >= 1.0 && found.len() <= 600_000 {
        let dtype = file["dtype"].as_str().unwrap();
        let width = width(dtype);
        let mut bytes = Vec::with_capacity(found.len() * width);
        for &value in found {
            bytes.extend_from_slice(&(value as i64).to_le_bytes()[..width]);
        }
        if sha1(&bytes) != file["sha1_little_endian"].as_str().unwrap() {
            return Err("the SHA-1 of all samples differs".to_owned());
        }
    }
    Ok(if lossy {
        "lossy, near"
    } else if rounding > 0.0 {
        "deep colour, near"
    } else {
        "exact"
    })
}

/// Bytes of one sample of the reference's own type.
fn width(dtype: &str) -> usize {
    match dtype {
        "uint8" | "int8" => 1,
        "uint16" | "int16" | ">i2" => 2,
        _ => 4,
    }
}

/// FIPS 180-4, 6.1: only here, to compare with the reference's own sums.
fn sha1(message: &[u8]) -> String {
    let mut state: [u32; 5] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0];
    let mut padded = message.to_vec();
    padded.push(0x80);
    padded.resize((padded.len() + 8).next_multiple_of(64) - 8, 0);
    padded.extend((message.len() as u64 * 8).to_be_bytes());
    for block in padded.chunks_exact(64) {
        let mut words = [0_u32; 80];
        for (word, four) in words.iter_mut().zip(block.chunks_exact(4)) {
            *word = u32::from_be_bytes(four.try_into().unwrap());
        }
        for t in 16..80 {
            words[t] = (words[t - 3] ^ words[t - 8] ^ words[t - 14] ^ words[t - 16]).rotate_left(1);
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (t, word) in words.iter().enumerate() {
            let (mix, constant) = match t / 20 {
                0 => ((b & c) | (!b & d), 0x5A82_7999),
                1 => (b ^ c ^ d, 0x6ED9_EBA1),
                2 => ((b & c) | (b & d) | (c & d), 0x8F1B_BCDC),
                _ => (b ^ c ^ d, 0xCA62_C1D6_u32),
            };
            let next =
                a.rotate_left(5).wrapping_add(mix).wrapping_add(e).wrapping_add(constant).wrapping_add(*word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next);
        }
        for (sum, part) in state.iter_mut().zip([a, b, c, d, e]) {
            *sum = sum.wrapping_add(part);
        }
    }
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap();
    state.iter().flat_map(|word| word.to_be_bytes()).flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

#[test]
fn names_read_in_their_scripts() {
    let Some(data) = data() else { return };
    let truth = truth(&data);
    let (mut right, mut wrong) = (0, Vec::new());
    for (name, file) in truth["charset"].as_object().unwrap() {
        let instance = read_header(&data.join(name)).unwrap();
        let found = instance.patient.name.reveal();
        let group = |name: &str| file["components"][name].as_str().unwrap_or_default();
        let expected = ["alphabetic", "ideographic", "phonetic"].map(group);
        let groups = [&found.alphabetic, &found.ideographic, &found.phonetic];
        if groups == expected && expected.join("=").trim_end_matches('=') == file["patient_name"] {
            right += 1;
        } else {
            wrong.push(format!("{name}: {groups:?} instead of {expected:?}"));
        }
    }
    println!("names: {right} right");
    assert!(wrong.is_empty(), "wrong:\n  {}", wrong.join("\n  "));
}
