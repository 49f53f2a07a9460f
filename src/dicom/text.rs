//! Text of any Specific Character Set (PS3.5 6.1), decoded before it is split at backslashes.

use dicom_encoding::text::{SpecificCharacterSet, TextCodec as _};

const ESCAPE: u8 = 0x1B;

/// The character sets of a file.
#[derive(Debug, Clone, Default)]
pub(super) struct Charset {
    first: Option<SpecificCharacterSet>,
}

impl Charset {
    /// From the value of Specific Character Set (0008,0005).
    pub(super) fn new(value: &[u8]) -> Self {
        let text = String::from_utf8_lossy(value);
        let first = text.split('\\').next().map(|code| code.trim_matches([' ', '\0']));
        Self { first: first.filter(|code| !code.is_empty()).and_then(from_code) }
    }

    /// The text, without padding. Bytes that mean nothing in the character set stay visible as `\ooo`.
    pub(super) fn decode(&self, bytes: &[u8]) -> String {
        let text = if bytes.iter().all(|&b| b < 0x80 && b != ESCAPE) {
            String::from_utf8_lossy(bytes).into_owned()
        } else if bytes.contains(&ESCAPE) {
            self.decode_extended(bytes)
        } else {
            self.decode_plain(bytes)
        };
        text.trim_matches([' ', '\0']).to_owned()
    }

    fn decode_plain(&self, bytes: &[u8]) -> String {
        if self.first.is_none()
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            // Undeclared, but valid UTF-8 is hardly ever anything else.
            return text.to_owned();
        }
        let charset = self.first.clone().unwrap_or(SpecificCharacterSet::ISO_IR_100);
        charset.decode(bytes).unwrap_or_else(|_| String::from_utf8_lossy(bytes).into_owned())
    }

    /// Splits at escape sequences (ISO 2022) and decodes each part by what was switched to last.
    fn decode_extended(&self, bytes: &[u8]) -> String {
        let mut text = String::new();
        let mut parts = bytes.split(|&b| b == ESCAPE);
        if let Some(before) = parts.next() {
            text.push_str(&self.decode_plain(before));
        }
        for part in parts {
            // Delimiters switch back to the first character set (PS3.5 6.1.2.5.3).
            let (code, rest) = escape(part);
            let end = if code.is_double_byte_g0() {
                rest.iter().position(|b| matches!(b, b'\r' | b'\n' | b'\t')).unwrap_or(rest.len())
            } else {
                rest.iter().position(|b| b"^=\\\r\n\t".contains(b)).unwrap_or(rest.len())
            };
            let (switched, first) = rest.split_at(end);
            text.push_str(&self.decode_part(code, switched));
            text.push_str(&self.decode_plain(first));
        }
        text
    }

    fn decode_part(&self, code: Switch, bytes: &[u8]) -> String {
        let by = |name: &str, bytes: &[u8]| {
            from_code(name).and_then(|set| set.decode(bytes).ok()).unwrap_or_default()
        };
        match code {
            Switch::First => self.decode_plain(bytes),
            Switch::JapaneseDouble(escape) => by("ISO_IR 87", &[escape, bytes].concat()),
            Switch::Named(name) => by(name, bytes),
        }
    }
}

fn from_code(code: &str) -> Option<SpecificCharacterSet> {
    SpecificCharacterSet::from_code(&code.replace('-', "_"))
}

#[derive(Clone, Copy)]
enum Switch {
    /// ASCII, or something unknown.
    First,
    /// JIS X 0208 or 0212: the decoder wants the escape itself.
    JapaneseDouble(&'static [u8]),
    /// One of the crate's character sets.
    Named(&'static str),
}

impl Switch {
    /// In seven-bit double-byte text a delimiter's code may be half a character.
    fn is_double_byte_g0(self) -> bool {
        matches!(self, Self::JapaneseDouble(_))
    }
}

/// The character set that the bytes after ESC switch to, and what follows them (PS3.3 C.12.1.1.2).
fn escape(part: &[u8]) -> (Switch, &[u8]) {
    const TABLE: &[(&[u8], Switch)] = &[
        (b"$B", Switch::JapaneseDouble(b"\x1B$B")),
        (b"$@", Switch::JapaneseDouble(b"\x1B$@")),
        (b"$(D", Switch::JapaneseDouble(b"\x1B$(D")),
        (b"$)C", Switch::Named("ISO_IR 149")),
        (b"$)A", Switch::Named("GB18030")),
        (b")I", Switch::Named("ISO_IR 13")),
        (b"(J", Switch::Named("ISO_IR 13")),
        (b"-A", Switch::Named("ISO_IR 100")),
        (b"-B", Switch::Named("ISO_IR 101")),
        (b"-C", Switch::Named("ISO_IR 109")),
        (b"-D", Switch::Named("ISO_IR 110")),
        (b"-F", Switch::Named("ISO_IR 126")),
        (b"-G", Switch::Named("ISO_IR 127")),
        (b"-H", Switch::Named("ISO_IR 138")),
        (b"-L", Switch::Named("ISO_IR 144")),
        (b"-T", Switch::Named("ISO_IR 166")),
        (b"(B", Switch::First),
    ];
    for (code, switch) in TABLE {
        if let Some(rest) = part.strip_prefix(*code) {
            return (*switch, rest);
        }
    }
    (Switch::First, part)
}

/// A person's name for people: carets become spaces, the scripts are joined by ` / `.
pub(super) fn person_name(text: &str) -> String {
    let group = |group: &str| group.split('^').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    text.split('=').map(|part| group(part.trim())).filter(|g| !g.is_empty()).collect::<Vec<_>>().join(" / ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_in_their_scripts() {
        let japanese = Charset::new(b"\\ISO 2022 IR 87");
        let name = b"Yamada^Tarou=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B";
        assert_eq!(person_name(&japanese.decode(name)), "Yamada Tarou / 山田 太郎");
        let korean = Charset::new(b"\\ISO 2022 IR 149");
        assert_eq!(korean.decode(b"\x1B$)C\xb1\xe8\xc8\xf1\xc1\xdf "), "김희중");
        let chinese = Charset::new(b"\\ISO 2022 IR 58");
        assert_eq!(
            chinese.decode(b"Zhang^XiaoDong=\x1B$)A\xd5\xc5^\x1B$)A\xd0\xa1\xb6\xab="),
            "Zhang^XiaoDong=张^小东="
        );
    }

    #[test]
    fn a_second_byte_of_0x5c_is_no_separator() {
        // 0x81 0x5C is one character of GBK.
        assert_eq!(Charset::new(b"GBK").decode(b"\x81\x5c^A").chars().count(), 3);
    }
}
