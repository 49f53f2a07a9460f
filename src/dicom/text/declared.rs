//! What a defined term of Specific Character Set means (PS3.3 C.12.1.1.2), also when it is misspelt.

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, ISO_8859_2, ISO_8859_3, ISO_8859_4, ISO_8859_5, ISO_8859_6,
    ISO_8859_7, ISO_8859_8, ISO_8859_15, SHIFT_JIS, UTF_8, WINDOWS_874, WINDOWS_1252, WINDOWS_1254,
};

/// One value of Specific Character Set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Set {
    /// ASCII alone, or a set that is only reached by escape sequences.
    Lower,
    /// ASCII, and what the bytes above it mean.
    Upper(&'static Encoding),
}

impl Set {
    pub(super) fn upper(self) -> Option<&'static Encoding> {
        match self {
            Self::Upper(set) => Some(set),
            Self::Lower => None,
        }
    }
}

/// The set that a term names. Case, spaces, hyphens and underscores do not matter.
pub(super) fn set_of(term: &str) -> Set {
    let name: String =
        term.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    let number = ["ISO2022IR", "ISOIR", "IR"].iter().find_map(|start| name.strip_prefix(start));
    let by_number = match number.unwrap_or_default() {
        "100" => Some(WINDOWS_1252),
        "101" => Some(ISO_8859_2),
        "109" => Some(ISO_8859_3),
        "110" => Some(ISO_8859_4),
        "144" => Some(ISO_8859_5),
        "127" => Some(ISO_8859_6),
        "126" => Some(ISO_8859_7),
        "138" => Some(ISO_8859_8),
        "148" => Some(WINDOWS_1254),
        "203" => Some(ISO_8859_15),
        "166" => Some(WINDOWS_874),
        // Half-width katakana stand at the same places, and who declares this set often writes Shift-JIS.
        "13" => Some(SHIFT_JIS),
        "149" => Some(EUC_KR),
        "58" => Some(GB18030),
        "192" => Some(UTF_8),
        _ => None,
    };
    let by_name = || match name.as_str() {
        "GB18030" | "GBK" | "GB2312" | "ISO2022GBK" | "ISO2022GB2312" => Some(GB18030),
        "UTF8" | "ISO10646" | "UNICODE" => Some(UTF_8),
        "SHIFTJIS" | "SJIS" | "MSKANJI" | "WINDOWS31J" | "CP932" => Some(SHIFT_JIS),
        "EUCJP" => Some(EUC_JP),
        "EUCKR" | "KSC5601" | "KSX1001" | "CP949" => Some(EUC_KR),
        "BIG5" => Some(BIG5),
        "LATIN1" | "ISO88591" => Some(WINDOWS_1252),
        _ => from_label(term, &name),
    };
    by_number.or_else(by_name).map_or(Set::Lower, Set::Upper)
}

/// A name as the web has it: `ISO-8859-5`, `windows-1251`.
fn from_label(term: &str, name: &str) -> Option<&'static Encoding> {
    let spelt = match (name.strip_prefix("ISO8859"), name.strip_prefix("CP125")) {
        (Some(part), _) => format!("iso-8859-{part}"),
        (None, Some(part)) => format!("windows-125{part}"),
        (None, None) => term.trim_matches([' ', '\0']).replace(['_', ' '], "-"),
    };
    // Sets of 16 bits, or that mean "nothing is decoded", cannot be meant.
    Encoding::for_label(spelt.as_bytes()).filter(|set| set.is_ascii_compatible() && *set != WINDOWS_1252)
}
