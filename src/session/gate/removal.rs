//! A text with something else, or nothing, where something could say who the patient is.
//!
//! What goes is the words and the spaces on their line that would be doubled. A line break stays where it is, and so
//! does the mark that begins a line: a heading never takes in the paragraph below it, nor a cell its neighbour.

use std::ops::Range;

use crate::report::Outline;

/// Stands where nothing would change the blocks around it.
const LEFT_OUT: &str = "\u{2026}";

/// The text with other words in a place, and without the spaces and brackets that nothing would leave behind.
pub(in crate::session) fn replaced(text: &str, range: &Range<usize>, words: &str) -> String {
    with(text, range, words, |text, part, words| match words {
        "" => closed_up(text, part),
        words => spoken(text, part, words),
    })
}

/// The same of notes, whose blocks stay as they are: where nothing cannot stand, an ellipsis does.
pub(in crate::session) fn replaced_in_notes(text: &str, range: &Range<usize>, words: &str) -> String {
    with(text, range, words, |text, part, words| {
        let before = Outline::of(text);
        let plain = |words: &str| spliced(text, part, words);
        let ways = match words {
            // A year may be the number that a list begins with.
            "" => vec![closed_up(text, part), plain(""), plain(LEFT_OUT), plain("1")],
            words => vec![spoken(text, part, words), plain(words)],
        };
        let after: Vec<Outline> = ways.iter().map(|way| Outline::of(way)).collect();
        let best = after.iter().position(|after| after.has_parts_of(&before));
        let best = best.or_else(|| after.iter().position(|after| after.has_blocks_of(&before)));
        best.and_then(|at| ways.into_iter().nth(at))
            .unwrap_or_else(|| plain(if words.is_empty() { LEFT_OUT } else { words }))
    })
}

/// Each part of a range that stands on a line by itself, from the last to the first: the words stand in the first.
fn with(
    text: &str,
    range: &Range<usize>,
    words: &str,
    put: impl Fn(&str, &Range<usize>, &str) -> String,
) -> String {
    let Some(there) = text.get(range.clone()) else { return text.to_owned() };
    let mut parts = Vec::new();
    let mut at = range.start;
    for piece in there.split_inclusive(['\n', '|']) {
        let begins = piece.trim_start_matches(|c: char| at > range.start && (c.is_whitespace() || c == '>'));
        let ends = begins.trim_end_matches(|c: char| c.is_whitespace() || c == '|');
        // The mark of a break stays with it.
        let ends = if piece.ends_with('\n') { ends.trim_end_matches('\\') } else { ends };
        let start = at + piece.len() - begins.len();
        if !ends.is_empty() {
            parts.push(start..start + ends.len());
        }
        at += piece.len();
    }
    let mut text = text.to_owned();
    for (index, part) in parts.iter().enumerate().rev() {
        text = put(&text, part, if index == 0 { words } else { "" });
    }
    text
}

fn spliced(text: &str, range: &Range<usize>, words: &str) -> String {
    let [before, after] = around(text, range);
    format!("{before}{words}{after}")
}

fn around<'t>(text: &'t str, range: &Range<usize>) -> [&'t str; 2] {
    [text.get(..range.start).unwrap_or_default(), text.get(range.end..).unwrap_or_default()]
}

/// The line of a place: what stands on it before and after, and what stands before and after the line.
struct Line<'t> {
    lines_before: &'t str,
    /// Marks of quotes, headings, lists and cells, with their spaces.
    mark: &'t str,
    before: &'t str,
    after: &'t str,
    /// The spaces of a break, and its carriage return.
    end: &'t str,
    lines_after: &'t str,
}

impl<'t> Line<'t> {
    fn of(text: &'t str, range: &Range<usize>) -> Self {
        let [before, after] = around(text, range);
        let (lines_before, before) = before.split_at(before.rfind('\n').map_or(0, |at| at + 1));
        let (after, lines_after) = after.split_at(after.find('\n').unwrap_or(after.len()));
        let (mark, before) = before.split_at(mark(before));
        let words = after.trim_end();
        let words = words.strip_suffix('\\').filter(|_| !lines_after.is_empty()).unwrap_or(words);
        let (after, end) = after.split_at(words.len());
        // At the end of a text spaces break nothing.
        let end = if lines_after.is_empty() { "" } else { end };
        Self { lines_before, mark, before, after, end, lines_after }
    }

    /// Whether a block may begin with this line.
    fn opens(&self) -> bool {
        let last = self.lines_before.trim_end_matches(['\n', '\r', ' ']).len();
        let breaks = self.lines_before.get(last..).unwrap_or_default().matches('\n').count();
        !self.mark.trim().is_empty() || breaks != 1
    }

    /// Whether a block may end with it.
    fn closes(&self) -> bool {
        let next = self.lines_after.get(1..).unwrap_or_default();
        self.mark.contains('#') || next.trim_start_matches([' ', '\r']).starts_with('\n') || next.is_empty()
    }

    fn with(&self, words: &str) -> String {
        let Self { lines_before, mark, end, lines_after, .. } = self;
        format!("{lines_before}{mark}{words}{end}{lines_after}")
    }
}

/// How much of a line is the marks that it begins with.
fn mark(line: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = &line[at..];
        let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let rest = &rest[spaces..];
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let long = if rest.starts_with(['>', '|']) {
            1
        } else if rest.starts_with('#') {
            rest.len() - rest.trim_start_matches('#').len()
        } else if rest.starts_with(['-', '*', '+']) && rest[1..].starts_with(' ') {
            1
        } else if (1..=9).contains(&digits)
            && rest[digits..].starts_with(['.', ')'])
            && rest[digits + 1..].starts_with(' ')
        {
            digits + 1
        } else {
            0
        };
        at += spaces + long;
        if long == 0 {
            return at;
        }
    }
}

/// With words in its place that are said as the words before them ask for.
fn spoken(text: &str, range: &Range<usize>, words: &str) -> String {
    let line = Line::of(text, range);
    let mut before = line.before.to_owned();
    // "on 2015-05-12" is "14 days after ..." and "at the first examination".
    if let Some(rest) = before.strip_suffix("on ").filter(|rest| rest.is_empty() || rest.ends_with(' ')) {
        if words.starts_with(|c: char| c.is_ascii_digit()) {
            before = rest.to_owned();
        } else if words.ends_with("examination") {
            before = format!("{rest}at ");
        }
    }
    // "a 92-year-old" is "an over 89-year-old".
    if words.starts_with("over ") && (before == "a " || before == "A " || before.ends_with(" a ")) {
        before.insert(before.len() - 1, 'n');
    }
    if words.starts_with("the ") {
        before = without_titles(&before).to_owned();
    }
    let mut letters = words.chars();
    let first = letters.next().into_iter();
    let words: String = if before.trim().is_empty() && line.opens() {
        first.flat_map(char::to_uppercase).chain(letters).collect()
    } else {
        first.chain(letters).collect()
    };
    line.with(&format!("{before}{words}{}", line.after))
}

/// What stands before a name, without the forms of address that belong to it.
fn without_titles(mut before: &str) -> &str {
    const TITLES: [&str; 12] =
        ["Dr.", "Dr", "Prof.", "Prof", "Mr.", "Mr", "Mrs.", "Mrs", "Ms.", "Ms", "Herr", "Frau"];
    while let Some(rest) = TITLES.iter().find_map(|title| {
        let rest = before.trim_end().strip_suffix(title)?;
        (rest.is_empty() || rest.ends_with([' ', '('])).then_some(rest)
    }) {
        before = rest;
    }
    before
}

/// With nothing in its place: one space between words, none before a full stop, no empty brackets.
fn closed_up(text: &str, range: &Range<usize>) -> String {
    let line = Line::of(text, range);
    line.with(&joined(&line, line.before, line.after))
}

fn joined(line: &Line<'_>, before: &str, after: &str) -> String {
    let (start, rest) = (before.trim_end(), after.trim_start());
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let (Some(start), Some(rest)) = (start.strip_suffix(open), rest.strip_prefix(close)) {
            return joined(line, start, rest);
        }
    }
    let spaced = start.len() < before.len() || rest.len() < after.len();
    let joins = start.is_empty()
        || rest.is_empty()
        || start.ends_with(['(', '['])
        || rest.starts_with([')', ']', ',', '.', ';', ':', '!', '?']);
    // What separated it from what stood before separates nothing any more.
    let (opens, closes) = (start.is_empty() && line.opens(), rest.is_empty() && line.closes());
    let start = if closes || opens { start.trim_end_matches([',', ';', ':', ' ']) } else { start };
    let rest = if opens { rest.trim_start_matches([',', ';', ':', '.', ' ']) } else { rest };
    if spaced && !joins { format!("{start} {rest}") } else { format!("{start}{rest}") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn place(text: &str, part: &str) -> Range<usize> {
        let start = text.find(part).unwrap();
        start..start + part.len()
    }

    fn without(text: &str, part: &str, words: &str) -> String {
        replaced(text, &place(text, part), words)
    }

    fn noted(text: &str, part: &str, words: &str) -> String {
        replaced_in_notes(text, &place(text, part), words)
    }

    #[test]
    fn what_stood_around_nothing_closes_up() {
        for (text, part, closed) in [
            ("CT of 77-41, brain window", "77-41", "CT of, brain window"),
            ("CT 77-41 brain", "77-41", "CT brain"),
            ("CT (77-41) brain", "77-41", "CT brain"),
            ("CT brain (77-41).", "77-41", "CT brain."),
            ("CT [77-41]", "77-41", "CT"),
            ("CT (left, 77-41)", "77-41", "CT (left,)"),
            ("CT brain, 77-41", "77-41", "CT brain"),
            ("77-41: CT", "77-41", "CT"),
            ("a77-41b", "77-41", "ab"),
            ("77-41", "77-41", ""),
            ("CT 77-41\nbrain", "77-41", "CT\nbrain"),
            ("CT\n77-41 brain", "77-41", "CT\nbrain"),
            ("CT\n77-41\nbrain", "77-41", "CT\n\nbrain"),
        ] {
            assert_eq!(without(text, part, ""), closed, "{text}");
        }
    }

    #[test]
    fn words_stand_where_the_finding_stood() {
        assert_eq!(without("CT of Quixote, axial", "Quixote", "the patient"), "CT of the patient, axial");
        assert_eq!(without("Quixote, axial", "Quixote", "the patient"), "The patient, axial");
        assert_eq!(without("by Prof. Dr. Panza", "Panza", "the physician"), "by the physician");
        assert_eq!(without("Ä 2015 ö", "2015", "x"), "Ä x ö");
        assert_eq!(without("of a 92-year-old", "92", "over 89"), "of an over 89-year-old");
        let later = "14 days after the first examination";
        assert_eq!(without("CT on 2015-05-26", "2015-05-26", later), format!("CT {later}"));
        let first = without("CT on 2015-05-12", "2015-05-12", "the first examination");
        assert_eq!(first, "CT at the first examination");
    }

    #[test]
    fn a_removal_in_notes_keeps_lines_and_blocks() {
        for (text, part, left) in [
            ("## Key words\n\n1111\n\nCase report\n", "1111", "## Key words\n\n\u{2026}\n\nCase report\n"),
            ("## Key words\n1111\nCase report\n", "1111", "## Key words\n\u{2026}\nCase report\n"),
            ("MRN 12345678\nThird line.", "12345678", "MRN\nThird line."),
            ("# Of 77-41\ntext", "77-41", "# Of\ntext"),
            ("# 77-41: a case\n\ntext", "77-41", "# a case\n\ntext"),
            ("- a 77-41\n- b", "77-41", "- a\n- b"),
            ("a\n- 77-41\n- b", "77-41", "a\n- \u{2026}\n- b"),
            ("a  b 77-41  \nc", "77-41", "a  b  \nc"),
            ("|a|b|\n|-|-|\n|77-41|d|\n", "77-41", "|a|b|\n|-|-|\n||d|\n"),
            ("a|b\n-|-\n77-41|d\n", "77-41", "a|b\n-|-\n\u{2026}|d\n"),
            ("seen (77-41) by", "77-41", "seen by"),
            ("of **77-41** a", "77-41", "of **\u{2026}** a"),
            ("2015. One\n2. Two", "2015", "1. One\n2. Two"),
            ("a 77-41\r\nb", "77-41", "a\r\nb"),
            ("a 77-41\\\nb", "77-41", "a\\\nb"),
        ] {
            assert_eq!(noted(text, part, ""), left, "{text:?}");
        }
    }

    #[test]
    fn words_over_lines_and_cells_leave_both() {
        let patient = "the patient";
        assert_eq!(noted("of Jane\n  Doe, a", "Jane\n  Doe", patient), "of the patient\n  , a");
        assert_eq!(noted("> of Jane\n> Doe was", "Jane\n> Doe", patient), "> of the patient\n> was");
        assert_eq!(noted("# Jane\n\nDoe is", "Jane\n\nDoe", patient), "# The patient\n\nis");
        let cells = noted("a|b\n-|-\nJane | Doe\n", "Jane | Doe", patient);
        assert_eq!(cells, "a|b\n-|-\nthe patient |\n");
        assert_eq!(noted("## Case\n\nQuixote was", "Quixote", patient), "## Case\n\nThe patient was");
        assert_eq!(noted("seen of\nQuixote was", "Quixote", patient), "seen of\nthe patient was");
    }

    /// Blocks of every kind, with a word that is to go anywhere in them.
    fn notes() -> impl Strategy<Value = String> {
        let word =
            prop::sample::select(vec!["QQ7", "a", "of", "(QQ7)", "**QQ7**", "QQ7.", "QQ7,", "`QQ7`", "b"]);
        let line = prop::collection::vec(word, 1..5).prop_map(|words| words.join(" "));
        let block = (0..9_usize, line.clone(), line).prop_map(|(kind, one, two)| match kind {
            0 => format!("# {one}\n{two}\n"),
            1 => format!("## {one}\n\n"),
            2 => format!("- {one}\n- {two}\n"),
            3 => format!("1. {one}\n   - {two}\n"),
            4 => format!("| {one} | {two} |\n|---|---|\n| {two} | {one} |\n"),
            5 => format!("> {one}\n> {two}\n\n"),
            6 => format!("{one}  \n{two}\n\n"),
            7 => format!("```\n{one}\n{two}\n```\n"),
            _ => format!("{one}\n{two}\n"),
        });
        prop::collection::vec(block, 1..5).prop_map(|blocks| blocks.concat())
    }

    proptest! {
        #[test]
        fn no_removal_changes_lines_or_blocks(notes in notes(), words in prop::sample::select(vec!["", "the patient"])) {
            let kinds = |text: &str| Outline::of(text);
            let mut text = notes.clone();
            while let Some(start) = text.find("QQ7") {
                let next = replaced_in_notes(&text, &(start..start + 3), words);
                prop_assert!(kinds(&next).has_blocks_of(&kinds(&text)), "{:?} became {:?}", text, next);
                prop_assert_eq!(next.matches("QQ7").count() + 1, text.matches("QQ7").count());
                text = next;
            }
            prop_assert_eq!(text.matches('\n').count(), notes.matches('\n').count());
        }
    }
}
