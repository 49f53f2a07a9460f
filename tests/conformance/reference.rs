//! What independent tools say of a file: arrays of the traps, `truth.json`, and `references.json` beside this.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::common::truth;
use crate::npy::read_npy;

/// What is known of one file's decoded samples.
#[derive(Debug, Default)]
pub(crate) struct Reference {
    /// Modality values of all frames.
    pub values: Option<Vec<f64>>,
    /// SHA-1 of all stored samples, little endian, in the type below; RGB where it is colour.
    pub sha1: Option<String>,
    /// Bytes of one sample of that type.
    pub width: usize,
    pub samples: usize,
    /// SHA-1 of red, green, blue in 8 bits, of palettes and of colour with more.
    pub rgb8_sha1: Option<String>,
    /// Single samples by flat index.
    pub some: Vec<(usize, f64)>,
    /// Smallest, largest, mean.
    pub extremes: Option<[f64; 3]>,
}

impl Reference {
    pub(crate) fn is_none(&self) -> bool {
        self.values.is_none() && self.sha1.is_none() && self.rgb8_sha1.is_none()
    }
}

/// All of them.
#[derive(Debug)]
pub(crate) struct References {
    pub truth: Value,
    more: HashMap<String, Value>,
    /// What made `references.json`.
    pub made_with: String,
}

impl References {
    pub(crate) fn new(data: &Path) -> Self {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/references.json");
        let own: Value = serde_json::from_slice(&fs::read(own).unwrap()).unwrap();
        let more = own["files"].as_object().unwrap().clone().into_iter().collect();
        Self { truth: truth(data), more, made_with: own["made_with"].as_str().unwrap().to_owned() }
    }

    /// The reference of a file, by its path in the data folder.
    pub(crate) fn of(&self, data: &Path, name: &str) -> Reference {
        let mut reference = Reference::default();
        let array = data.join(name).with_extension("npy");
        if name.starts_with("traps/") && array.is_file() {
            reference.values = Some(read_npy(&array));
        }
        for entry in [&self.truth["files"][name], self.more.get(name).unwrap_or(&Value::Null)] {
            if entry["dtype"].is_string() {
                reference.width = width(entry["dtype"].as_str().unwrap());
                reference.samples = product(&entry["shape"]);
                reference.sha1 = entry["sha1_little_endian"].as_str().map(str::to_owned);
            }
            if let (Some(low), Some(high), Some(mean)) =
                (entry["min"].as_f64(), entry["max"].as_f64(), entry["mean"].as_f64())
            {
                reference.extremes = Some([low, high, mean]);
            }
            for (index, value) in entry["samples_flat_index"].as_object().into_iter().flatten() {
                reference.some.push((index.parse().unwrap(), value.as_f64().unwrap()));
            }
            if entry["rgb8_sha1"].is_string() {
                reference.rgb8_sha1 = entry["rgb8_sha1"].as_str().map(str::to_owned);
                // In 8 bits now, three for each pixel of a palette.
                reference.some.clear();
                reference.extremes = None;
                let count = entry_samples(&reference, self, name);
                spaced(&mut reference.some, &entry["rgb8_samples"], count);
            }
            spaced(&mut reference.some, &entry["samples"], reference.samples);
        }
        reference
    }
}

/// Samples in red, green and blue: palettes have one index a pixel in the reference's shape.
fn entry_samples(reference: &Reference, references: &References, name: &str) -> usize {
    let palette = references.truth["files"][name]["photometric"] == "PALETTE COLOR";
    reference.samples * if palette { 3 } else { 1 }
}

/// The values of 256 evenly spaced samples of `count`.
fn spaced(some: &mut Vec<(usize, f64)>, list: &Value, count: usize) {
    let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
    some.extend(list.iter().enumerate().map(|(i, value)| (i * (count - 1) / 255, value.as_f64().unwrap())));
}

fn product(shape: &Value) -> usize {
    shape.as_array().unwrap().iter().map(|n| usize::try_from(n.as_u64().unwrap()).unwrap()).product()
}

/// Bytes of one sample of the reference's own type.
fn width(dtype: &str) -> usize {
    match dtype.trim_start_matches(['<', '>', '|']) {
        "uint8" | "int8" | "u1" | "i1" => 1,
        "uint16" | "int16" | "u2" | "i2" => 2,
        "uint32" | "int32" | "u4" | "i4" => 4,
        other => panic!("a reference of {other}"),
    }
}
