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
    /// One line for people.
    pub(super) fn line(&mut self, text: &str) -> Result<(), CliError> {
        Ok(writeln!(self.out, "{text}")?)
    }

    /// One JSON document.
    pub(super) fn json(&mut self, value: &Value) -> Result<(), CliError> {
        serde_json::to_writer_pretty(&mut *self.out, value).map_err(std::io::Error::from)?;
        Ok(writeln!(self.out)?)
    }
}
