//! Values as text: decoded letters, numbers, the first bytes of what is neither.

#![expect(clippy::wildcard_enum_match_arm, reason = "most of the 34 VRs are text, and are read alike")]

use std::fmt::Write as _;

use dicom_core::VR;
use dicom_core::dictionary::UidDictionary as _;
use dicom_dictionary_std::StandardSopClassDictionary;

use super::super::heads::Encoding;
use super::super::text::Charset;
use super::ElementRow;

/// Bytes of a text that are kept.
const TEXT: usize = 64 << 10;
/// Binary values that are shown.
const NUMBERS: usize = 32;
/// Bytes that are shown of a value that is neither text nor numbers.
const BYTES: usize = 16;

/// Bytes of a value that have to be read to show it.
pub(super) fn bytes_wanted(vr: VR) -> usize {
    match width(vr) {
        Some(width) => width * NUMBERS,
        // Of a value that nothing is known about, enough to see whether it is text.
        None if vr == VR::UN => 256,
        None if vr == VR::OB => BYTES,
        None => TEXT,
    }
}

/// Bytes of one number.
fn width(vr: VR) -> Option<usize> {
    match vr {
        VR::US | VR::SS | VR::OW => Some(2),
        VR::UL | VR::SL | VR::FL | VR::AT | VR::OL | VR::OF => Some(4),
        VR::FD | VR::UV | VR::SV | VR::OD | VR::OV => Some(8),
        _ => None,
    }
}

/// The value of `length` bytes, of which `bytes` are the first.
pub(super) fn value(vr: VR, bytes: &[u8], length: u64, encoding: Encoding, charset: &Charset) -> String {
    if length == 0 {
        return String::new();
    }
    if let Some(width) = width(vr) {
        return numbers(vr, width, bytes, length, encoding);
    }
    match vr {
        VR::UN if (bytes.len() as u64) < length || !is_text(bytes) => bytes_of(bytes, length),
        VR::OB => bytes_of(bytes, length),
        VR::UI => uid(bytes),
        VR::PN => text(charset.decode_name(bytes), bytes, length),
        _ => text(charset.decode(bytes), bytes, length),
    }
}

fn text(mut text: String, bytes: &[u8], length: u64) -> String {
    if (bytes.len() as u64) < length {
        // Writing to a string cannot fail.
        let _written = write!(text, " … ({} bytes)", grouped(length));
    }
    text
}

/// Letters, digits and layout: a value of unknown VR that is worth reading.
fn is_text(bytes: &[u8]) -> bool {
    let printable = |byte: &u8| matches!(byte, b'\t' | b'\r' | b'\n' | 0x20..0x7F);
    bytes.strip_suffix(b"\0").unwrap_or(bytes).iter().all(printable)
}

fn uid(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_matches([' ', '\0']);
    match StandardSopClassDictionary.by_uid(text) {
        Some(known) => format!("{text} ({})", known.name),
        None => text.to_owned(),
    }
}

fn numbers(vr: VR, width: usize, bytes: &[u8], length: u64, encoding: Encoding) -> String {
    let one = |bytes: &[u8]| -> Option<String> {
        let e = encoding;
        Some(match vr {
            VR::US | VR::OW => e.u16(bytes)?.to_string(),
            VR::SS => e.u16(bytes)?.cast_signed().to_string(),
            VR::UL | VR::OL => e.u32(bytes)?.to_string(),
            VR::SL => e.u32(bytes)?.cast_signed().to_string(),
            VR::FL | VR::OF => f32::from_bits(e.u32(bytes)?).to_string(),
            VR::FD | VR::OD => f64::from_bits(e.u64(bytes)?).to_string(),
            VR::SV => e.u64(bytes)?.cast_signed().to_string(),
            VR::AT => format!("({:04X},{:04X})", e.u16(bytes)?, e.u16(bytes.get(2..)?)?),
            _ => e.u64(bytes)?.to_string(),
        })
    };
    let count = length / width as u64;
    let is_bulk = matches!(vr, VR::OW | VR::OL | VR::OF | VR::OD | VR::OV) && count > 8;
    let shown = if is_bulk { 8 } else { NUMBERS };
    let list: Vec<String> = bytes.chunks_exact(width).take(shown).filter_map(one).collect();
    let more = (list.len() as u64) < count;
    let list = list.join("\\");
    match (is_bulk, more) {
        (true, _) => format!("{} bytes: {list}\\…", grouped(length)),
        (false, true) => format!("{list}\\… ({} values)", grouped(count)),
        (false, false) => list,
    }
}

fn bytes_of(bytes: &[u8], length: u64) -> String {
    let list: Vec<String> = bytes.iter().take(BYTES).map(|byte| format!("{byte:02X}")).collect();
    let more = if length > list.len() as u64 { " …" } else { "" };
    let unit = if length == 1 { "byte" } else { "bytes" };
    format!("{} {unit}: {}{more}", grouped(length), list.join(" "))
}

/// A count for people: 1,234,567.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A keyword as words: `SOPInstanceUID` is "SOP Instance UID".
pub(super) fn words(keyword: &str) -> String {
    let letters: Vec<char> = keyword.chars().collect();
    let mut text = String::with_capacity(keyword.len() + 8);
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(at + 1);
        let starts = letter.is_uppercase()
            && before.is_some_and(|before| {
                !before.is_uppercase() || after.is_some_and(|after| after.is_lowercase() && *after != 's')
            });
        if starts {
            text.push(' ');
        }
        text.push(*letter);
    }
    text
}

/// What is looked for in a list of elements: a tag, a name, a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ElementQuery {
    /// In lower case.
    text: String,
    /// The same without spaces, as keywords are.
    keyword: String,
    /// The digits of a tag.
    digits: Option<String>,
}

impl ElementQuery {
    /// From what was typed.
    pub fn new(typed: &str) -> Self {
        let text = typed.trim().to_lowercase();
        let is_tag = |c: char| c.is_ascii_hexdigit() || matches!(c, ',' | '(' | ')' | ' ' | 'x');
        let digits: String = text.chars().filter(char::is_ascii_hexdigit).collect();
        // A word such as "face" is a word; "0018" and "0018,9087" are tags.
        let looks_like_tag = text.chars().all(is_tag)
            && (2..=8).contains(&digits.len())
            && digits.contains(|c: char| c.is_ascii_digit());
        let keyword = text.chars().filter(|c| !c.is_whitespace()).collect();
        Self { text, keyword, digits: looks_like_tag.then_some(digits) }
    }

    /// Whether everything matches.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether a row has it in its tag, name, creator or value. What is hidden is not found.
    pub fn matches(&self, row: &ElementRow, patient_hidden: bool) -> bool {
        if self.is_empty() {
            return true;
        }
        let contains = |text: &str, part: &str| match (text.is_ascii(), part.is_ascii()) {
            (true, true) => contains_ascii(text.as_bytes(), part.as_bytes()),
            (true, false) => false,
            (false, _) => text.to_lowercase().contains(part),
        };
        let tag = || format!("{:04x}{:04x}", row.tag.0, row.tag.1);
        self.digits.as_ref().is_some_and(|digits| {
            let tag = tag();
            tag.starts_with(digits) || tag.get(4..).is_some_and(|element| element.starts_with(digits))
        }) || contains(row.keyword, &self.keyword)
            || (row.keyword.is_empty() && contains(&row.name(), &self.text))
            || row.vr().eq_ignore_ascii_case(&self.text)
            || (!row.is_hidden(patient_hidden) && contains(row.value(false), &self.text))
    }
}

/// Whether `text` holds `part`, which is in lower case.
fn contains_ascii(text: &[u8], part: &[u8]) -> bool {
    part.is_empty() || text.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(vr: VR, bytes: &[u8]) -> String {
        value(vr, bytes, bytes.len() as u64, Encoding::EXPLICIT, &Charset::default())
    }

    #[test]
    fn numbers_and_bytes_are_read_by_their_vr() {
        assert_eq!(shown(VR::US, &[0xFF, 0xFF, 1, 0]), "65535\\1");
        assert_eq!(shown(VR::SS, &[0xFE, 0xFF]), "-2");
        assert_eq!(shown(VR::FL, &1.5_f32.to_le_bytes()), "1.5");
        assert_eq!(shown(VR::FD, &0.1_f64.to_le_bytes()), "0.1");
        assert_eq!(shown(VR::SV, &(-3_i64).to_le_bytes()), "-3");
        assert_eq!(shown(VR::AT, &[0x20, 0, 0x13, 0]), "(0020,0013)");
        assert_eq!(shown(VR::OB, &[0, 1]), "2 bytes: 00 01");
        assert_eq!(shown(VR::UN, b"some words "), "some words");
        assert_eq!(shown(VR::UN, &[1, 2, 3, 4]), "4 bytes: 01 02 03 04");
        assert_eq!(shown(VR::DS, b"1.5\\2 "), "1.5\\2");
        assert_eq!(
            shown(VR::UI, b"1.2.840.10008.5.1.4.1.1.2\0"),
            "1.2.840.10008.5.1.4.1.1.2 (CT Image Storage)"
        );
        assert_eq!(value(VR::US, &[0, 1], 2, Encoding::BIG_ENDIAN, &Charset::default()), "1");
        assert_eq!(shown(VR::LO, b""), "");
    }

    #[test]
    fn keywords_become_words() {
        for (keyword, name) in [
            ("PatientName", "Patient Name"),
            ("SOPInstanceUID", "SOP Instance UID"),
            ("DiffusionBValue", "Diffusion B Value"),
            ("OtherPatientIDs", "Other Patient IDs"),
            ("VOILUTFunction", "VOILUT Function"),
        ] {
            assert_eq!(words(keyword), name);
        }
    }

    #[test]
    fn long_values_say_how_long_they_are() {
        let pixels = value(VR::OW, &[1, 0].repeat(32), 1_234_568, Encoding::EXPLICIT, &Charset::default());
        assert_eq!(pixels, "1,234,568 bytes: 1\\1\\1\\1\\1\\1\\1\\1\\…");
        let bytes = value(VR::OB, &[7; 16], 1_234_567, Encoding::EXPLICIT, &Charset::default());
        assert!(bytes.starts_with("1,234,567 bytes: 07 07") && bytes.ends_with('…'), "{bytes}");
        let many = value(VR::US, &[1, 0].repeat(32), 4000, Encoding::EXPLICIT, &Charset::default());
        assert!(many.ends_with("\\… (2,000 values)"), "{many}");
        assert_eq!(["0", "999", "1,000", "12,345,678"], [0, 999, 1000, 12_345_678].map(grouped));
    }
}
