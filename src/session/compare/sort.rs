//! What a series shows, by what its description and header say.

use crate::image::{Attribute, ContrastAgent, Series, Varying};

/// What series of different dates are matched by.
#[derive(Debug, Clone)]
pub(super) struct Sort {
    modality: String,
    /// The weighting of MR; its words where they name none.
    weighting: String,
    contrast: ContrastAgent,
}

impl PartialEq for Sort {
    /// Contrast tells series apart where it was given: what is not stated may be the same as none.
    fn eq(&self, other: &Self) -> bool {
        let is_given = |sort: &Self| sort.contrast.is_given();
        self.modality == other.modality
            && self.weighting == other.weighting
            && is_given(self) == is_given(other)
    }
}

impl Eq for Sort {}

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

/// Words that say by themselves that no agent was given.
const PLAIN: [&str; 8] =
    ["noncontrast", "unenhanced", "plain", "precontrast", "native", "nativ", "ncct", "nect"];

/// Words that say so before a word for contrast, or at the end: `without fat saturation` says nothing of an agent.
const WITHOUT: [&str; 16] = [
    "without", "no", "non", "wo", "ohne", "kein", "keine", "keinem", "nein", "sans", "senza", "sin", "sem",
    "zonder", "utan", "bez",
];

/// Words that `without` may be said of, beside [`WITH`].
const OF_CONTRAST: [&str; 12] =
    ["iv", "c", "contr", "agent", "medium", "media", "mdc", "mc", "pdc", "injection", "inj", "enhancement"];

/// Words for with, which alone say nothing: an agent may follow, or fat saturation.
const JUST_WITH: [&str; 6] = ["with", "w", "mit", "avec", "con", "med"];

/// Words for and.
const AND: [&str; 6] = ["and", "und", "et", "e", "y", "i"];

/// Words that say that there was an agent.
const WITH: [&str; 18] = [
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
    "contraste",
    "contrasto",
    "contrastes",
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
        let contrast = if without { ContrastAgent::NotStated } else { contrast(series, &words) };
        Self { modality, weighting, contrast }
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

/// What the description says comes first: the agent in the header is often that of the whole visit. Where the
/// description says both, as for a visit with and without, the header has it.
fn contrast(series: &Series, words: &[String]) -> ContrastAgent {
    let said = match (says_without(words), says_with(words)) {
        (true, false) => Some(ContrastAgent::None),
        (false, true) => Some(ContrastAgent::Given),
        (true, true) | (false, false) => None,
    };
    let header = || series.frames.first().map_or(ContrastAgent::NotStated, |frame| frame.contrast);
    said.unwrap_or_else(header)
}

fn is_in(list: &[&str], word: Option<&String>) -> bool {
    word.is_some_and(|word| list.contains(&word.as_str()))
}

fn says_without(words: &[String]) -> bool {
    let is_of_contrast = |word: Option<&String>| is_in(&WITH, word) || is_in(&OF_CONTRAST, word);
    words.iter().enumerate().any(|(at, word)| {
        let next = words.get(at + 1);
        // Before an operation or a therapy is not before contrast.
        let of_therapy = next.is_some_and(|next| {
            ["op", "surg", "treat", "ther", "chemo", "rt", "radi", "tace"]
                .iter()
                .any(|start| next.starts_with(start))
        });
        is_in(&PLAIN, Some(word))
            || (word == "pre" && !of_therapy)
            || (is_in(&WITHOUT, Some(word)) && (next.is_none() || is_of_contrast(next)))
    })
}

fn says_with(words: &[String]) -> bool {
    let glued = |word: &String| {
        let tails = [word.strip_prefix("t1"), word.rsplit_once('+').map(|(_, tail)| tail)];
        let is_agent = |tail: &str| ["c", "ce", "gd", "km", "k", "gad", "contrast"].contains(&tail);
        tails.into_iter().flatten().any(is_agent)
    };
    let operated = words.iter().any(|word| word.starts_with("op"));
    words.iter().enumerate().any(|(at, word)| {
        // "No IV contrast": the no may stand two words before.
        let before = |back: usize| at.checked_sub(back).and_then(|at| words.get(at));
        let negated = is_in(&WITHOUT, before(1))
            || before(1).is_some_and(|word| word == "pre")
            || (is_in(&OF_CONTRAST, before(1)) && is_in(&WITHOUT, before(2)));
        let after_contrast = word == "post" && !operated;
        // "With and without contrast": the contrast of the with stands behind the without.
        let with_and_without = is_in(&JUST_WITH, Some(word))
            && is_in(&AND, words.get(at + 1))
            && is_in(&WITHOUT, words.get(at + 2));
        with_and_without || (!negated && (is_in(&WITH, Some(word)) || glued(word) || after_contrast))
    })
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
    Sort::of(series).contrast.is_given()
}

/// What a series shows, in parts that hold no words of a file but its modality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::session) struct SortParts {
    pub(in crate::session) modality: String,
    /// Of MR; empty where it is not known.
    pub(in crate::session) weighting: &'static str,
    pub(in crate::session) contrast: ContrastAgent,
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
    let contrast = if contrast.is_given() { " with contrast" } else { "" };
    format!("{modality} {weighting}").trim_end().to_owned() + contrast
}
