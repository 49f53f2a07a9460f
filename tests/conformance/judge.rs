//! One file against its reference: bit-exact, near, refused by name, or shown without anything to compare with.

use std::path::Path;

use isodense::dicom::{Instance, load_frame, read_header};
use isodense::image::Samples;
use sha1::{Digest as _, Sha1};

use crate::reference::Reference;

/// What became of a file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Verdict {
    /// Every sample is the reference's.
    Exact,
    /// Every sample that the reference has is near; the text says how near, and where the limit is.
    Near(String),
    /// Not shown, for this reason.
    Refused(String),
    /// Shown with these warnings: there is no right reading.
    Flagged(String),
    /// An object without pixels; its header was read.
    Document,
    /// Decoded, but nobody else's values are known.
    NoReference(String),
    /// Not as the reference says.
    Wrong(String),
}

/// A file and its verdict.
#[derive(Debug)]
pub(crate) struct Judged {
    pub name: String,
    /// Transfer syntax UID as the file's own bytes declare it; empty where they do not.
    pub syntax: String,
    pub verdict: Verdict,
    /// The reader says that it is no DICOM file at all.
    pub foreign: bool,
}

/// Streams that lose something, and how far two good decoders of the format may differ.
fn tolerance(syntax: &str, reference: &Reference) -> f64 {
    match syntax.strip_prefix("1.2.840.10008.1.2.4.") {
        // Inverse DCT, upsampling of chroma and conversion to RGB are rounded in more than one way.
        Some("50" | "51") => 3.0,
        // The irreversible wavelet is rounded once.
        Some("91") => 1.0,
        // YBR to RGB is rounded; everything else is exact.
        _ if reference.width == 1 => 1.0,
        _ => 0.0,
    }
}

/// Reads and compares one file of the data folder.
pub(crate) fn judge(data: &Path, name: &str, reference: &Reference) -> Judged {
    let path = data.join(name);
    let syntax = declared_syntax(&std::fs::read(&path).unwrap());
    let read = read_header(&path).map_err(|error| error.to_string());
    let foreign = read.as_ref().is_err_and(|error| error.starts_with("not DICOM"));
    let verdict = match read {
        Err(reason) => refused(reason, reference),
        Ok(instance) => {
            let color = instance.frames.first().is_some_and(|frame| frame.color);
            match values(&instance, reference.values.is_some()) {
                Err(reason) => refused(reason, reference),
                Ok(_) if instance.frames.is_empty() && !reference.is_none() => {
                    Verdict::Wrong("no image".to_owned())
                }
                Ok(_) if instance.frames.is_empty() => Verdict::Document,
                Ok(found) if reference.is_none() => unknown(&instance, found.len()),
                Ok(found) => compare(&syntax, reference, &found, color),
            }
        }
    };
    Judged { name: name.to_owned(), syntax, verdict, foreign }
}

/// A refusal is right only where the reference could not do better.
fn refused(reason: String, reference: &Reference) -> Verdict {
    let known_unsupported = reason.starts_with("not supported: ");
    if reference.is_none() || known_unsupported {
        Verdict::Refused(reason)
    } else {
        Verdict::Wrong(format!("refused: {reason}"))
    }
}

fn unknown(instance: &Instance, samples: usize) -> Verdict {
    let own = instance.frames.iter().flat_map(|frame| &frame.warnings);
    let mut warnings: Vec<String> = instance.warnings.iter().chain(own).map(ToString::to_string).collect();
    warnings.dedup();
    if warnings.is_empty() {
        return Verdict::NoReference(format!("{samples} samples"));
    }
    Verdict::Flagged(warnings.join(" "))
}

/// The transfer syntax in the file meta information, found without the reader under test.
fn declared_syntax(bytes: &[u8]) -> String {
    let head = &bytes[..bytes.len().min(2048)];
    let tag = b"\x02\x00\x10\x00UI";
    let Some(at) = head.windows(6).position(|six| six == tag) else { return String::new() };
    let length = usize::from(u16::from_le_bytes([head[at + 6], head[at + 7]]));
    let text = String::from_utf8_lossy(&head[at + 8..(at + 8 + length).min(head.len())]).into_owned();
    text.trim_end_matches(['\0', ' ']).to_owned()
}

/// All samples of all frames; stored values, or modality values.
pub(crate) fn values(instance: &Instance, modality: bool) -> Result<Vec<f64>, String> {
    let mut all = Vec::new();
    for frame in &instance.frames {
        let samples = load_frame(frame).map_err(|error| error.to_string())?;
        if samples.len() != frame.size.pixels() {
            return Err("a frame has not as many samples as pixels".to_owned());
        }
        if let Samples::Rgb8(pixels) = &*samples {
            all.extend(pixels.iter().flatten().map(|&byte| f64::from(byte)));
        } else {
            let stored = (0..samples.len()).filter_map(|index| samples.stored(index));
            let values = stored.map(|stored| if modality { frame.transform.value(stored) } else { stored });
            let Some(tile) = frame.tile else {
                all.extend(values);
                continue;
            };
            // The reference has the whole mosaic, black where there is no slice.
            all.resize(tile.whole.pixels(), 0.0);
            for (index, value) in values.enumerate() {
                let (column, row) = (index % frame.size.columns, index / frame.size.columns);
                all[(tile.row + row) * tile.whole.columns + tile.column + column] = value;
            }
        }
    }
    Ok(all)
}

fn compare(syntax: &str, reference: &Reference, found: &[f64], color: bool) -> Verdict {
    if let Some(values) = &reference.values {
        return against_array(syntax, values, found, color);
    }
    let deep = reference.rgb8_sha1.as_ref();
    let (sum, width) = (deep.or(reference.sha1.as_ref()), if deep.is_some() { 1 } else { reference.width });
    let samples = found.len();
    if deep.is_none() && samples != reference.samples {
        return Verdict::Wrong(format!("{samples} samples instead of {}", reference.samples));
    }
    if sum.is_some_and(|sum| *sum == sha1_of(found, width)) {
        return if deep.is_some() {
            Verdict::Near("every sample equal to the reference's, brought to 8 bits".to_owned())
        } else {
            Verdict::Exact
        };
    }
    let lossless = !matches!(syntax.strip_prefix("1.2.840.10008.1.2.4."), Some("50" | "51" | "81" | "91"));
    if lossless && !color {
        return Verdict::Wrong("the SHA-1 of all samples differs".to_owned());
    }
    let limit = if deep.is_some() { 1.0 } else { tolerance(syntax, reference) };
    near(reference, found, limit)
}

fn against_array(syntax: &str, values: &[f64], found: &[f64], color: bool) -> Verdict {
    if found.len() != values.len() {
        return Verdict::Wrong(format!("{} samples instead of {}", found.len(), values.len()));
    }
    let worst = found.iter().zip(values).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    let lossy = syntax.ends_with(".4.50");
    if worst == 0.0 {
        Verdict::Exact
    } else if worst <= 1e-9 {
        Verdict::Near("within 1e-9 of every sample: the rescale's own rounding".to_owned())
    } else if (color || lossy) && worst <= 1.0 {
        Verdict::Near(format!("all samples within {worst} (limit 1)"))
    } else {
        Verdict::Wrong(format!("off by {worst}"))
    }
}

fn near(reference: &Reference, found: &[f64], limit: f64) -> Verdict {
    let mut worst = 0.0_f64;
    for &(at, expected) in &reference.some {
        let Some(value) = found.get(at) else { return Verdict::Wrong(format!("no sample {at}")) };
        worst = worst.max((value - expected).abs());
    }
    let low = found.iter().copied().fold(f64::MAX, f64::min);
    let high = found.iter().copied().fold(f64::MIN, f64::max);
    let mean = found.iter().sum::<f64>() / found.len() as f64;
    let [low, high, mean] = reference
        .extremes
        .map_or([0.0; 3], |[l, h, m]| [(l - low).abs(), (h - high).abs(), (m - mean).abs()]);
    let what = format!(
        "{} samples within {worst}, minimum and maximum within {}, mean within {mean:.3} (limit {limit}, mean {})",
        reference.some.len(),
        low.max(high),
        limit / 4.0,
    );
    if worst.max(low).max(high) > limit || mean > limit / 4.0 || reference.some.is_empty() {
        return Verdict::Wrong(what);
    }
    Verdict::Near(what)
}

/// SHA-1 of the samples as little endian integers of this width.
fn sha1_of(found: &[f64], width: usize) -> String {
    let mut bytes = Vec::with_capacity(found.len() * width);
    for &value in found {
        bytes.extend_from_slice(&(value as i64).to_le_bytes()[..width]);
    }
    data_encoding::HEXLOWER.encode(&Sha1::digest(&bytes))
}
