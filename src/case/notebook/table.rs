//! Tables in the notes, so that they can be edited as tables.

use std::ops::Range;

/// A table with pipes, as GitHub's Markdown writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteTable {
    /// Where it stands in the notes, in bytes, with the end of its last line.
    pub range: Range<usize>,
    /// The headings.
    pub columns: Vec<String>,
    /// What stands under each heading in the line of dashes: `:--`, `:-:`, `--:`.
    pub rules: Vec<String>,
    /// As many cells in each row as there are columns.
    pub rows: Vec<Vec<String>>,
}

impl NoteTable {
    /// An empty table with these headings and one row.
    pub fn new(columns: &[&str]) -> Self {
        let count = columns.len();
        Self {
            range: 0..0,
            columns: columns.iter().map(|&name| name.to_owned()).collect(),
            rules: vec!["---".to_owned(); count],
            rows: vec![vec![String::new(); count]],
        }
    }

    /// The same as Markdown, each line ended.
    pub fn markdown(&self) -> String {
        let cell = |text: &String| text.trim().replace('\n', " ").replace('\\', "\\\\").replace('|', "\\|");
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let mut text = line(self.columns.iter().map(cell).collect());
        text += &line(self.rules.clone());
        for row in &self.rows {
            text += &line(row.iter().map(cell).collect());
        }
        text
    }

    /// Adds a column at the end.
    pub fn add_column(&mut self) {
        self.columns.push(String::new());
        self.rules.push("---".to_owned());
        for row in &mut self.rows {
            row.push(String::new());
        }
    }

    /// Removes a column, unless it is the last one left.
    pub fn remove_column(&mut self, at: usize) {
        if at < self.columns.len() && self.columns.len() > 1 {
            self.columns.remove(at);
            self.rules.remove(at);
            for row in &mut self.rows {
                row.remove(at);
            }
        }
    }
}

/// The tables of the notes, in order.
pub fn tables(notes: &str) -> Vec<NoteTable> {
    let mut found = Vec::new();
    let mut at = 0;
    let lines: Vec<(Range<usize>, &str)> = notes
        .split_inclusive('\n')
        .map(|line| {
            let range = at..at + line.len();
            at = range.end;
            (range, line)
        })
        .collect();
    let mut index = 0;
    while index + 1 < lines.len() {
        let (columns, rules) = (cells(lines[index].1), cells(lines[index + 1].1));
        let is_rule = |text: &String| {
            let bare = text.trim_matches(':');
            !bare.is_empty() && bare.chars().all(|c| c == '-')
        };
        if !lines[index].1.contains('|') || columns.len() != rules.len() || !rules.iter().all(is_rule) {
            index += 1;
            continue;
        }
        let start = lines[index].0.start;
        let mut end = index + 2;
        let mut rows = Vec::new();
        while let Some((_, line)) = lines.get(end).filter(|(_, line)| line.contains('|')) {
            let mut row = cells(line);
            row.resize(columns.len(), String::new());
            rows.push(row);
            end += 1;
        }
        found.push(NoteTable { range: start..lines[end - 1].0.end, columns, rules, rows });
        index = end;
    }
    found
}

/// The cells of a line; a pipe after a backslash belongs to its cell.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let inner = line.strip_prefix('|').unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut letters = inner.chars().peekable();
    while let Some(letter) = letters.next() {
        let last = cells.len() - 1;
        match letter {
            '\\' if matches!(letters.peek(), Some('|' | '\\')) => cells[last].extend(letters.next()),
            '|' => cells.push(String::new()),
            other => cells[last].push(other),
        }
    }
    if line.ends_with('|') && cells.len() > 1 {
        cells.pop();
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_and_written_back() {
        let notes = "Text | no table\n\n| Marker | Result |\n|:---|---:|\n| EMA | + |\n| Ki-67 | 3 \\| 5 % |\n\nAfter\n";
        let found = tables(notes);
        assert_eq!(found.len(), 1);
        let table = &found[0];
        assert_eq!(&notes[table.range.start..table.range.start + 8], "| Marker");
        assert!(notes[table.range.end..].starts_with("\nAfter"));
        assert_eq!(table.columns, ["Marker", "Result"]);
        assert_eq!(table.rows, [["EMA", "+"], ["Ki-67", "3 | 5 %"]]);
        let again = tables(&table.markdown());
        assert_eq!(
            (&again[0].columns, &again[0].rows, &again[0].rules),
            (&table.columns, &table.rows, &table.rules)
        );
        let mut changed = table.clone();
        changed.add_column();
        changed.remove_column(0);
        assert_eq!(changed.markdown(), "| Result |  |\n| ---: | --- |\n| + |  |\n| 3 \\| 5 % |  |\n");
    }
}
