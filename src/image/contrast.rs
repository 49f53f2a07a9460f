//! Was the patient given a contrast agent for an image, as far as its header says?

/// What a header says of a contrast agent. Only [`Self::None`] says that there was none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ContrastAgent {
    /// An agent was given.
    Given,
    /// The header says that none was: "off", "none", an empty agent, a volume of 0.
    None,
    /// The header does not speak of it, which proves nothing: archives and anonymisers take the attributes out.
    #[default]
    NotStated,
    /// The header has a word for it that is neither an agent nor a no: the author has to say. The word is not kept, as
    /// it may be anything, a name too.
    Unknown,
}

/// Words that say that no agent was given, and signs alone.
const NONE: [&str; 40] = [
    "off",
    "none",
    "no",
    "n",
    "non",
    "not",
    "nil",
    "null",
    "false",
    "without",
    "wo",
    "plain",
    "native",
    "nativ",
    "unenhanced",
    "noncontrast",
    "precontrast",
    "ncct",
    "nect",
    "nein",
    "ohne",
    "kein",
    "keine",
    "keines",
    "sans",
    "aucun",
    "aucune",
    "senza",
    "nessun",
    "nessuno",
    "sin",
    "sem",
    "ninguno",
    "nenhum",
    "zonder",
    "geen",
    "utan",
    "uden",
    "bez",
    "brak",
];
/// The same where words are not divided by spaces.
const NONE_PARTS: [&str; 8] = ["なし", "無し", "無", "単純", "无", "平扫", "нет", "без"];

/// How names of agents and words for giving one begin.
const GIVEN: [&str; 58] = [
    "gad",
    "magnevist",
    "dotarem",
    "clariscan",
    "prohance",
    "omniscan",
    "multihance",
    "primovist",
    "eovist",
    "vueway",
    "elucirem",
    "artirem",
    "ablavar",
    "vasovist",
    "dotagraf",
    "magnescope",
    "feridex",
    "resovist",
    "feraheme",
    "ferumoxytol",
    "omnipaq",
    "iohexol",
    "isovue",
    "iopam",
    "ultravist",
    "ioprom",
    "visipaque",
    "iodixanol",
    "optiray",
    "ioversol",
    "xenetix",
    "iobitridol",
    "imeron",
    "iomeron",
    "iomeprol",
    "accupaque",
    "solutrast",
    "oxilan",
    "hexabrix",
    "conray",
    "telebrix",
    "urografin",
    "gastrografin",
    "barium",
    "baryt",
    "sonovue",
    "definity",
    "lumason",
    "optison",
    "iodin",
    "jod",
    "iopro",
    "kontrast",
    "contrast",
    "kontrastmittel",
    "enhanced",
    "postcontrast",
    "bolus",
];
/// Whole words for the same.
const GIVEN_WORDS: [&str; 31] = [
    "on",
    "yes",
    "y",
    "ja",
    "oui",
    "si",
    "sí",
    "sim",
    "tak",
    "true",
    "applied",
    "given",
    "administered",
    "with",
    "mit",
    "avec",
    "con",
    "com",
    "iv",
    "i.v",
    "oral",
    "rectal",
    "ce",
    "cect",
    "km",
    "gd",
    "c+",
    "+c",
    "+",
    "post",
    "iodo",
];
const GIVEN_PARTS: [&str; 4] = ["造影", "あり", "有", "增强"];
/// Words that say that nobody knows, and what anonymisers put.
const UNKNOWN: [&str; 13] = [
    "unknown",
    "unk",
    "unspecified",
    "undefined",
    "n/a",
    "na",
    "?",
    "removed",
    "anonymous",
    "anonymized",
    "anonymised",
    "deidentified",
    "redacted",
];

impl ContrastAgent {
    /// What Contrast/Bolus Agent (0018,0010) and Contrast/Bolus Volume (0018,1041), in ml, say. `agent` is `None` where
    /// the attribute is missing; blank it says that there was no agent.
    ///
    /// PS3.3 C.7.6.4.1: the module is required where an agent was given, but a blank or made-up agent is common.
    pub fn read(agent: Option<&str>, volume_ml: Option<f64>) -> Self {
        let said = agent.map(Self::of_words);
        let is_blank = agent.is_some_and(|agent| agent.trim().is_empty());
        match (said, volume_ml) {
            // What was given in no amount was not given.
            (_, Some(volume)) if volume <= 0.0 => Self::None,
            (Some(_), Some(_)) if is_blank => Self::Unknown,
            // Something was injected, whatever its name is.
            (Some(Self::Unknown | Self::NotStated) | None, Some(_)) => Self::Given,
            (Some(said), _) => said,
            (None, None) => Self::NotStated,
        }
    }

    /// What the words of an agent say.
    fn of_words(text: &str) -> Self {
        let text = text.trim().to_lowercase();
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'' || c == '\0');
        if text.is_empty() || text.chars().all(|c| "-–—._/\\0".contains(c)) {
            return Self::None;
        }
        if UNKNOWN.contains(&text) || text.chars().all(|c| c == '*') {
            return Self::NotStated;
        }
        let text = text.replace("w/o", "without").replace("w/", "with ").replace("i.v.", "iv");
        let words: Vec<&str> =
            text.split(|c: char| !c.is_alphanumeric() && c != '+').filter(|word| !word.is_empty()).collect();
        let is_none =
            words.iter().any(|word| NONE.contains(word)) || NONE_PARTS.iter().any(|part| text.contains(part));
        if is_none {
            return Self::None;
        }
        let given =
            |word: &&str| GIVEN_WORDS.contains(word) || GIVEN.iter().any(|start| word.starts_with(start));
        if words.iter().any(given) || GIVEN_PARTS.iter().any(|part| text.contains(part)) {
            return Self::Given;
        }
        // A number alone may be an amount; of anything.
        if text.parse::<f64>().is_ok_and(|amount| amount == 0.0) { Self::None } else { Self::Unknown }
    }

    /// Whether an agent was given for certain.
    pub fn is_given(self) -> bool {
        self == Self::Given
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_no_agent_are_none_and_names_are_given() {
        let none = [
            "off",
            "OFF ",
            "none",
            "NONE",
            "no",
            "N",
            "0",
            "0.0",
            "-",
            "--",
            "without",
            "no contrast",
            "",
            "  ",
            "No IV",
            "w/o",
            "non-contrast",
            "ohne",
            "ohne KM",
            "sans",
            "sans contraste",
            "senza",
            "senza mdc",
            "sin",
            "sin contraste",
            "nein",
            "造影なし",
            "単純",
            "not given",
            "unenhanced",
            "'none'",
            "bez kontrastu",
        ];
        for text in none {
            assert_eq!(ContrastAgent::read(Some(text), None), ContrastAgent::None, "{text:?}");
        }
        let given = [
            "Gadolinium chelate (simulated)",
            "GADOVIST",
            "Gd-DTPA",
            "OMNIPAQUE 350",
            "Ultravist 300",
            "APPLIED",
            "ON",
            "yes",
            "IV",
            "i.v.",
            "Oral & IV",
            "contrast",
            "mit KM",
            "avec contraste",
            "Dotarem 15ml",
            "+C",
            "造影剤",
            "Iomeron-400",
        ];
        for text in given {
            assert_eq!(ContrastAgent::read(Some(text), None), ContrastAgent::Given, "{text:?}");
        }
        for text in ["Quixote", "blue", "7", "protocol B", "XYZ-4"] {
            assert_eq!(ContrastAgent::read(Some(text), None), ContrastAgent::Unknown, "{text:?}");
        }
        for text in ["unknown", "N/A", "?", "***", "REMOVED"] {
            assert_eq!(ContrastAgent::read(Some(text), None), ContrastAgent::NotStated, "{text:?}");
        }
    }

    #[test]
    fn a_missing_agent_says_nothing_and_a_volume_of_zero_says_none() {
        assert_eq!(ContrastAgent::read(None, None), ContrastAgent::NotStated);
        assert_eq!(ContrastAgent::read(None, Some(0.0)), ContrastAgent::None);
        assert_eq!(ContrastAgent::read(Some("Dotarem"), Some(0.0)), ContrastAgent::None);
        assert_eq!(ContrastAgent::read(None, Some(80.0)), ContrastAgent::Given);
        assert_eq!(ContrastAgent::read(Some("lot 7"), Some(15.0)), ContrastAgent::Given);
        assert_eq!(ContrastAgent::read(Some("off"), Some(15.0)), ContrastAgent::None);
        assert_eq!(ContrastAgent::read(Some(" "), Some(15.0)), ContrastAgent::Unknown);
    }
}
