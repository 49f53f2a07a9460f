use std::borrow::Cow;
use std::io::Write;

use serde_json::Value;

use super::CliError;

/// Where a command's answer goes.
pub(super) struct Console<'a> {
    /// The answer.
    pub(super) out: &'a mut dyn Write,
    /// Progress and complaints.
    pub(super) err: &'a mut dyn Write,
    /// Whether a person watches `err`.
    pub(super) terminal: bool,
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

    /// One JSON document.
    pub(super) fn json(&mut self, value: &Value) -> Result<(), CliError> {
        serde_json::to_writer_pretty(&mut *self.out, value).map_err(std::io::Error::from)?;
        Ok(writeln!(self.out)?)
    }
}

/// The text with control characters as `\n` or `\u{1b}`: a name must not break lines or steer the terminal.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() { plain.extend(c.escape_default()) } else { plain.push(c) }
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_steer_the_terminal() {
        assert_eq!(printable("Größe µ"), "Größe µ");
        assert_eq!(printable("a\nb\u{1b}[31m\u{9b}c"), "a\\nb\\u{1b}[31m\\u{9b}c");
    }
}
