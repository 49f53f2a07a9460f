use std::borrow::Cow;
use std::io::Write;

use serde_json::Value;

use super::CliError;
use crate::memory::Memory;

/// Where a command's answer goes.
pub(super) struct Console<'a> {
    /// The answer.
    pub(super) out: &'a mut dyn Write,
    /// Progress and complaints.
    pub(super) err: &'a mut dyn Write,
    /// Whether a person watches `err`.
    pub(super) terminal: bool,
    /// How much memory images may take.
    pub(super) memory: Memory,
}

impl Console<'_> {
    /// One line for people, whatever stands in a file's name or header.
    pub(super) fn line(&mut self, text: &str) -> Result<(), CliError> {
        Ok(writeln!(self.out, "{}", printable(text))?)
    }

    /// One line about the answer that is no part of it: a note, a finding, an error.
    pub(super) fn note(&mut self, text: &str) -> Result<(), CliError> {
        Ok(writeln!(self.err, "{}", printable(text))?)
    }

    /// One JSON document. What would steer a terminal stands in it as `\u202e`, which means the same.
    pub(super) fn json(&mut self, value: &Value) -> Result<(), CliError> {
        let text = serde_json::to_string_pretty(value).map_err(std::io::Error::from)?;
        let mut plain = String::with_capacity(text.len());
        let mut units = [0; 2];
        for c in text.chars() {
            // Outside of strings a document holds no such character but its own line breaks.
            if c != '\n' && steers(c) {
                plain.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
            } else {
                plain.push(c);
            }
        }
        Ok(writeln!(self.out, "{plain}")?)
    }
}

/// The text with control characters as `\n` or `\u{1b}`: a name must not break lines or steer the terminal.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if !steers(c) {
            plain.push(c);
        } else if c.is_control() {
            plain.extend(c.escape_default());
        } else {
            plain.extend(c.escape_unicode());
        }
    }
    Cow::Owned(plain)
}

/// Whether a character does something to a line instead of standing in it: controls, changes of direction, marks that
/// nobody sees (Unicode's `Cc`, `Zl`, `Zp` and `Cf`, but for the two joiners that scripts and emoji are written with).
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{600}'..='\u{605}' | '\u{61C}' | '\u{6DD}' | '\u{70F}' | '\u{890}'..='\u{891}' | '\u{8E2}'
            | '\u{180E}' | '\u{200B}' | '\u{200E}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{110BD}' | '\u{110CD}'
            | '\u{13430}'..='\u{1343F}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_steer_the_terminal() {
        assert_eq!(printable("Größe µ"), "Größe µ");
        assert_eq!(printable("a\nb\u{1b}[31m\u{9b}c"), "a\\nb\\u{1b}[31m\\u{9b}c");
        for c in ('\u{202A}'..='\u{202E}').chain('\u{2066}'..='\u{2069}').chain(['\u{200F}', '\u{FEFF}']) {
            assert_eq!(printable(&format!("A{c}B")), format!("A\\u{{{:x}}}B", u32::from(c)));
        }
        // Persian and emoji are written with joiners.
        assert_eq!(printable("\u{645}\u{6CC}\u{200C}\u{62E}"), "\u{645}\u{6CC}\u{200C}\u{62E}");
    }

    #[test]
    fn json_stays_the_same_and_steers_nothing() {
        let value = serde_json::json!({ "name": "A\u{202e}B\u{9b}C\u{E0041}\n", "list": [1, 2] });
        let (mut out, mut err) = (Vec::new(), Vec::new());
        Console { out: &mut out, err: &mut err, terminal: false, memory: Memory::Share }
            .json(&value)
            .unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.contains(|c| c != '\n' && steers(c)), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
