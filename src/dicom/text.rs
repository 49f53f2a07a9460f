//! Text of any Specific Character Set (PS3.5 6.1), decoded before it is split at backslashes.
//!
//! What the file declares is tried first. Where the bytes contradict it, they are read as what they look like; a
//! byte that means nothing stays visible as `<E9>`. Nothing is dropped.

mod declared;
mod guess;
mod iso2022;
#[cfg(test)]
mod tests;

use encoding_rs::{Encoding, GB18030, ISO_8859_15, UTF_8, WINDOWS_1252, WINDOWS_1254};

use declared::{Set, set_of};

const ESCAPE: u8 = 0x1B;

/// The character sets of a file.
#[derive(Debug, Clone, Default)]
pub(super) struct Charset {
    declared: Vec<Set>,
}

impl Charset {
    /// From the value of Specific Character Set (0008,0005).
    pub(super) fn new(value: &[u8]) -> Self {
        let text = String::from_utf8_lossy(value);
        if text.trim_matches([' ', '\0']).is_empty() {
            return Self::default();
        }
        Self { declared: text.split('\\').map(set_of).collect() }
    }

    /// The text, without padding.
    pub(super) fn decode(&self, bytes: &[u8]) -> String {
        self.read(bytes, b"\\")
    }

    /// The same of a person's name, where carets and equals signs end an extension as well (PS3.5 6.1.2.5.3).
    pub(super) fn decode_name(&self, bytes: &[u8]) -> String {
        self.read(bytes, b"\\^=")
    }

    fn read(&self, bytes: &[u8], delimiters: &[u8]) -> String {
        // No character of several bytes ends in a space or zero.
        let bytes = trimmed(bytes);
        let text = if bytes.iter().all(|byte| (0x20..0x7F).contains(byte)) {
            String::from_utf8_lossy(bytes).into_owned()
        } else if bytes.contains(&ESCAPE) && iso2022::switches(bytes) {
            iso2022::decode(bytes, delimiters, &self.declared)
        } else {
            self.decode_plain(bytes)
        };
        text.trim_matches(' ').to_owned()
    }

    /// Text without code extensions.
    fn decode_plain(&self, bytes: &[u8]) -> String {
        let utf8 = || std::str::from_utf8(bytes).ok().filter(|text| is_clean(text)).map(str::to_owned);
        // `\ISO 2022 IR 149` without an escape sequence is as good as declared: nothing else fits.
        match self.declared.iter().find_map(|set| set.upper()) {
            Some(set) if set == UTF_8 => utf8().unwrap_or_else(|| guess::decode(bytes)),
            Some(set) => utf8()
                .filter(|text| is_rather_utf8(set, text))
                .or_else(|| exact(set, bytes))
                .or_else(utf8)
                .unwrap_or_else(|| with_escapes(set, bytes)),
            None => utf8().unwrap_or_else(|| guess::decode(bytes)),
        }
    }
}

fn trimmed(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | 0, rest @ ..] = bytes {
        bytes = rest;
    }
    while let [rest @ .., b' ' | 0] = bytes {
        bytes = rest;
    }
    bytes
}

/// Whether valid UTF-8 is likelier than the declared set: as that set it would be nonsense.
fn is_rather_utf8(declared: &'static Encoding, text: &str) -> bool {
    let mut beyond = text.chars().filter(|c| !c.is_ascii());
    if [WINDOWS_1252, WINDOWS_1254, ISO_8859_15].contains(&declared) {
        // In these sets a letter would be followed by symbols, as in `MÃ¼ller`.
        return beyond.next().is_some();
    }
    // Two-byte characters of UTF-8 are now and then good Chinese; three-byte ones in a row are not.
    declared == GB18030 && beyond.next().is_some() && text.chars().all(|c| c.is_ascii() || c.len_utf8() == 3)
}

/// No control characters but those that lay out text.
fn is_clean(text: &str) -> bool {
    text.chars().all(|c| !c.is_control() || is_layout(c))
}

fn is_layout(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\t' | '\u{c}')
}

/// The text, if every byte means something.
fn exact(set: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let text = set.decode_without_bom_handling_and_without_replacement(bytes)?;
    is_clean(&text).then(|| text.into_owned())
}

/// The text with what means nothing as visible escapes.
fn with_escapes(set: &'static Encoding, bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        // The shortest run that is a character: no set of DICOM needs more than four bytes.
        let run = (1..=rest.len().min(4)).find_map(|length| {
            let (character, after) = rest.split_at(length);
            Some((exact(set, character)?, after))
        });
        if let Some((character, after)) = run {
            text.push_str(&character);
            rest = after;
        } else {
            push_escape(&mut text, *first);
            rest = after;
        }
    }
    text
}

/// `<E9>`: no backslash, which would look like the start of another value.
fn push_escape(text: &mut String, byte: u8) {
    use std::fmt::Write as _;
    // Writing to a string cannot fail.
    let _written = write!(text, "<{byte:02X}>");
}
