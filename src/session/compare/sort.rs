//! What a series shows, by what its description and header say.

use crate::image::{Attribute, Series, Varying};

/// What series of different dates are matched by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sort {
    modality: String,
    /// The weighting of MR; its words where they name none.
    weighting: String,
    contrast: bool,
}

/// A weighting and how words that mean it begin. The first that fits counts: `T2 FLAIR` is no T2.
const WEIGHTINGS: [(&str, &[&str]); 12] = [
    ("ADC", &["adc", "eadc", "dadc"]),
    ("DWI", &["dwi", "diff", "trace", "dti"]),
    ("perfusion", &["perf", "pwi", "dsc", "dce"]),
    ("SWI", &["swi", "swan"]),
    ("TOF", &["tof"]),
    ("T1", &["t1"]),
    ("FLAIR", &["flair", "darkfluid"]),
    ("STIR", &["stir"]),
    ("T2*", &["t2*", "t2star", "hemo"]),
    ("T2", &["t2"]),
    ("PD", &["pd"]),
    ("T1", &["mprage", "mp2rage", "bravo", "spgr", "vibe", "tfl", "fspgr"]),
];

const WITHOUT: [&str; 15] = [
    "without",
    "no",
    "non",
    "noncontrast",
    "unenhanced",
    "plain",
    "pre",
    "precontrast",
    "native",
    "nativ",
    "ohne",
    "sans",
    "ncct",
    "nect",
    "wo",
];

const WITH: [&str; 15] = [
    "contrast",
    "postcontrast",
    "enhanced",
    "km",
    "gd",
    "gad",
    "gado",
    "gadolinium",
    "ce",
    "cect",
    "kontrast",
    "kontrastmittel",
    "dotarem",
    "gadovist",
    "c+",
];

/// Words of a description, in lower case; `+` and `*` belong to them.
fn words(text: &str) -> Vec<String> {
    let text = text
        .to_lowercase()
        .replace("w/o", "wo")
        .replace("dark-fluid", "darkfluid")
        .replace("dark fluid", "darkfluid");
    let parts = text.split(|c: char| !c.is_alphanumeric() && c != '+' && c != '*');
    parts.filter(|word| !word.is_empty()).map(ToOwned::to_owned).collect()
}

impl Sort {
    pub(super) fn of(series: &Series) -> Self {
        let modality = series.info.modality.clone();
        let words = words(&series.info.description);
        let weighting = if modality == "MR" { weighting(series, &words) } else { String::new() };
        // The words of a picture speak of a stain, not of a contrast agent.
        let without = ["PT", "NM"].contains(&modality.as_str()) || series.is_picture();
        Self { contrast: !without && has_contrast(series, &words), modality, weighting }
    }
}

fn weighting(series: &Series, words: &[String]) -> String {
    let means = |(_, starts): &&(&str, &[&str])| {
        words.iter().any(|word| starts.iter().any(|start| word.starts_with(start)))
    };
    if let Some((name, _)) = WEIGHTINGS.iter().find(means) {
        return (*name).to_owned();
    }
    match by_numbers(series) {
        Some(name) => name.to_owned(),
        None => words.join(" "),
    }
}

/// The weighting by echo, repetition and inversion time, where words say nothing.
fn by_numbers(series: &Series) -> Option<&'static str> {
    let frame = series.frames.first()?;
    if matches!(frame.attribute(Attribute::BValue), Some(Varying::Number(b)) if *b > 0.0) {
        return Some("DWI");
    }
    let number = |name: &str| {
        let (_, text) = frame.technique.iter().find(|(line, _)| line == name)?;
        text.split(' ').next()?.parse::<f64>().ok()
    };
    let (echo, repetition) = (number("TE")?, number("TR")?);
    match number("TI") {
        Some(inversion) if inversion > 1500.0 && echo > 60.0 => Some("FLAIR"),
        _ if repetition < 1000.0 && echo < 30.0 => Some("T1"),
        _ if repetition > 2000.0 && echo > 60.0 => Some("T2"),
        _ if repetition > 2000.0 && echo < 40.0 => Some("PD"),
        _ => None,
    }
}

/// What the description says comes first: the agent in the header is often that of the whole visit.
fn has_contrast(series: &Series, words: &[String]) -> bool {
    let is = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if is(&WITHOUT) {
        return false;
    }
    let glued = |word: &String| {
        let tail = word.strip_prefix("t1").or_else(|| word.rsplit_once('+').map(|(_, tail)| tail));
        tail.is_some_and(|tail| ["c", "ce", "gd", "km", "k", "gad", "contrast"].contains(&tail))
    };
    let operated = words.iter().any(|word| word.starts_with("op"));
    if is(&WITH) || words.iter().any(glued) || (is(&["post"]) && !operated) {
        return true;
    }
    series.frames.first().is_some_and(|frame| frame.attribute(Attribute::Contrast).is_some())
}

/// Whether a series can stand in a comparison: no document, scout or single picture of a scanner.
pub(super) fn is_comparable(series: &Series) -> bool {
    let Some(frame) = series.frames.first() else { return false };
    let scout = ["localizer", "localiser", "loc", "scout", "topogram", "surview", "scanogram", "survey"];
    let named = words(&series.info.description).iter().any(|word| scout.contains(&word.as_str()));
    let typed = matches!(frame.attribute(Attribute::ImageType), Some(Varying::Text(text)) if text.contains("LOCALIZER"));
    let slices = ["CT", "MR", "PT", "NM"].contains(&series.info.modality.as_str());
    !named && !typed && (!slices || series.frames.len() > 2)
}

/// The patient's axis along which the slices follow each other: 0 across, 1 front to back, 2 along.
pub(super) fn direction(series: &Series) -> Option<usize> {
    Some(direction_of(series.frames.first()?.plane?.normal()))
}

/// The patient's axis that a direction is nearest to.
pub(in crate::session) fn direction_of(normal: glam::DVec3) -> usize {
    let normal = normal.abs().to_array();
    (0..3).max_by(|a, b| normal[*a].total_cmp(&normal[*b])).unwrap_or(2)
}

/// Whether the patient was given contrast for a series.
pub(in crate::session) fn has_agent(series: &Series) -> bool {
    Sort::of(series).contrast
}

/// What a series shows, in parts that hold no words of a file but its modality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::session) struct SortParts {
    pub(in crate::session) modality: String,
    /// Of MR; empty where it is not known.
    pub(in crate::session) weighting: &'static str,
    pub(in crate::session) contrast: bool,
}

/// What a series shows.
pub(in crate::session) fn sort_parts(series: &Series) -> SortParts {
    let Sort { modality, weighting, contrast } = Sort::of(series);
    // A description that names no weighting may name anything, a patient too.
    let known = WEIGHTINGS.iter().map(|(name, _)| *name).find(|name| *name == weighting);
    SortParts { modality: modality.trim().to_owned(), weighting: known.unwrap_or_default(), contrast }
}

/// What a series shows, in words: `MR T1 with contrast`.
pub(in crate::session) fn sort_words(series: &Series) -> String {
    let SortParts { modality, weighting, contrast } = sort_parts(series);
    let contrast = if contrast { " with contrast" } else { "" };
    format!("{modality} {weighting}").trim_end().to_owned() + contrast
}
