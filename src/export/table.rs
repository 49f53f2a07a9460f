//! Tables that leave the program: CSV, JSON, and text that a word processor takes for a table.

use std::io::Write as _;

use serde_json::{Map, Value};

use crate::files::{Target, write_whole};

/// Named columns and rows of values: numbers stay numbers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// The headings; of numbers with their unit.
    pub columns: Vec<String>,
    /// As many values in each row as there are columns.
    pub rows: Vec<Vec<Value>>,
}

/// Why a table was not written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// A row could not be put in words.
    #[error("the table could not be put together: {0}")]
    Csv(#[from] csv::Error),
    /// The file could not be written; what was there is untouched.
    #[error("cannot write the table ({source}); what was there is untouched: {path}")]
    Write {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
}

impl Table {
    /// The table without some of its columns, named by their headings.
    #[must_use]
    pub fn without(self, columns: &[&str]) -> Self {
        let stays: Vec<bool> = self.columns.iter().map(|name| !columns.contains(&&**name)).collect();
        let stay = |cells: Vec<Value>| {
            cells.into_iter().zip(&stays).filter(|(_, stays)| **stays).map(|(cell, _)| cell).collect()
        };
        let rows = self.rows.into_iter().map(stay).collect();
        let columns = self.columns.into_iter().zip(&stays).filter(|(_, stays)| **stays);
        Self { columns: columns.map(|(name, _)| name).collect(), rows }
    }

    /// Comma separated values (RFC 4180), headings first.
    pub fn csv(&self) -> Result<Vec<u8>, TableError> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        writer.write_record(&self.columns)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(harmless))?;
        }
        writer.into_inner().map_err(|error| TableError::Csv(error.into_error().into()))
    }

    /// A list of objects, one a row; what is empty is left out.
    pub fn json(&self) -> Value {
        let object = |row: &Vec<Value>| {
            let pairs = self.columns.iter().cloned().zip(row.iter().cloned());
            Value::Object(pairs.filter(|(_, value)| !is_empty(value)).collect::<Map<_, _>>())
        };
        Value::Array(self.rows.iter().map(object).collect())
    }

    /// Rows of text with tabs between the cells: pasted, it is a table.
    pub fn tabbed(&self) -> String {
        let line = |cells: Vec<String>| {
            let cells: Vec<String> =
                cells.iter().map(|cell| cell.replace(['\t', '\r'], " ").replace('\n', "; ")).collect();
            cells.join("\t")
        };
        let rows = self.rows.iter().map(|row| line(row.iter().map(text).collect()));
        [line(self.columns.clone())].into_iter().chain(rows).collect::<Vec<_>>().join("\n")
    }

    /// Writes the table, whole or not at all: JSON where the name ends so, CSV otherwise.
    pub fn write(&self, to: Target<'_>) -> Result<(), TableError> {
        self.write_marked(to, &[])
    }

    /// The same; CSV begins with a byte order mark, by which spreadsheets know that it is UTF-8.
    pub fn write_with_mark(&self, to: Target<'_>) -> Result<(), TableError> {
        self.write_marked(to, "\u{feff}".as_bytes())
    }

    fn write_marked(&self, to: Target<'_>, mark: &[u8]) -> Result<(), TableError> {
        let is_json = to.path.extension().is_some_and(|end| end.eq_ignore_ascii_case("json"));
        let bytes =
            if is_json { format!("{:#}\n", self.json()).into_bytes() } else { [mark, &self.csv()?].concat() };
        write_whole(to, |file| file.write_all(&bytes)).map_err(|source: std::io::Error| TableError::Write {
            path: to.path.display().to_string(),
            source,
        })
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// Words that a spreadsheet would run as a formula are kept as words.
fn harmless(value: &Value) -> String {
    let text = text(value);
    let formula = value.is_string() && text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cells_keep_their_commas_and_numbers_their_digits() {
        let table = Table {
            columns: vec!["label".to_owned(), "length_mm".to_owned(), "note".to_owned()],
            rows: vec![
                vec![json!("left, \"frontal\""), json!(22.5), json!(null)],
                vec![json!("=HYPERLINK(1)"), json!(-4.0), json!("a\nb")],
            ],
        };
        let csv = String::from_utf8(table.csv().unwrap()).unwrap();
        assert_eq!(
            csv,
            "label,length_mm,note\r\n\"left, \"\"frontal\"\"\",22.5,\r\n'=HYPERLINK(1),-4.0,\"a\nb\"\r\n"
        );
        assert_eq!(table.json()[0], json!({"label": "left, \"frontal\"", "length_mm": 22.5}));
        assert_eq!(table.tabbed().lines().nth(2), Some("=HYPERLINK(1)\t-4.0\ta; b"));
    }
}
