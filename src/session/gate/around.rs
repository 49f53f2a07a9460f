//! The words around what was found: whoever decides sees its sentence.

use std::ops::Range;

/// Characters on each side at most.
const SIDE: usize = 48;
/// Stands for what was found, where it must not be said again.
const HIDDEN: &str = "[\u{2026}]";

/// Some words before and after a place, on its line.
pub(super) fn around(text: &str, range: &Range<usize>) -> [String; 2] {
    let [before, after] = sides(text, range);
    [spaced(text.get(before).unwrap_or_default()), spaced(text.get(after).unwrap_or_default())]
}

/// The same in one, without anything that was found: for what others may read.
pub(super) fn without_found(text: &str, range: &Range<usize>, found: &[Range<usize>]) -> String {
    let [before, after] = sides(text, range);
    let (mut quote, mut at) = (String::new(), before.start);
    for found in found.iter().filter(|found| found.end > before.start && found.start < after.end) {
        quote += text.get(at..found.start).unwrap_or_default();
        quote += HIDDEN;
        at = found.end.max(at);
    }
    quote += text.get(at..after.end).unwrap_or_default();
    let begins = if is_cut(text, before.start) { "\u{2026}" } else { "" };
    let ends = if is_cut(text, after.end) { "\u{2026}" } else { "" };
    format!("{begins}{}{ends}", spaced(quote.trim()))
}

/// Whether a line goes on there.
fn is_cut(text: &str, at: usize) -> bool {
    let ends = |side: Option<&str>, c: Option<char>| side.is_none_or(|_| c.is_none_or(|c| c == '\n'));
    let (before, after) = (text.get(..at), text.get(at..));
    !(ends(before, before.and_then(|side| side.chars().next_back()))
        || ends(after, after.and_then(|side| side.chars().next())))
}

fn sides(text: &str, range: &Range<usize>) -> [Range<usize>; 2] {
    let (before, after) = (text.get(..range.start), text.get(range.end..));
    let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let far = before.char_indices().rev().take(SIDE).last().map_or(before.len(), |(at, _)| at);
    // The first word may be half of one.
    let start = if far > line { before[far..].find(' ').map_or(far, |at| far + at + 1) } else { line };
    let line = after.find('\n').unwrap_or(after.len());
    let far = after.char_indices().nth(SIDE).map_or(after.len(), |(at, _)| at);
    let end = if far < line { after[..far].rfind(' ').unwrap_or(far) } else { line };
    [start..range.start, range.end..range.end + end]
}

/// On one line.
fn spaced(text: &str) -> String {
    text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str, part: &str) -> Range<usize> {
        let start = text.find(part).unwrap();
        start..start + part.len()
    }

    #[test]
    fn words_around_are_those_of_the_line() {
        let text = "# Title\nA mass was removed from Quixote in Toboso.\nMore";
        let at = range(text, "Quixote");
        assert_eq!(around(text, &at), ["A mass was removed from ", " in Toboso."]);
        let found = [at.clone(), range(text, "Toboso")];
        let quote = without_found(text, &at, &found);
        assert_eq!(quote, "A mass was removed from [\u{2026}] in [\u{2026}].");
    }

    #[test]
    fn long_lines_are_cut_at_words() {
        let text = format!("{} Quixote {}", "before ".repeat(30).trim(), "\u{e4}fter ".repeat(30).trim());
        let at = range(&text, "Quixote");
        let [before, after] = around(&text, &at);
        assert!(before.starts_with("before ") && before.ends_with("before "), "{before}");
        assert!(after.starts_with(" \u{e4}fter") && after.ends_with("\u{e4}fter"), "{after}");
        assert!(before.len() <= SIDE && after.chars().count() <= SIDE);
        let quote = without_found(&text, &at, std::slice::from_ref(&at));
        assert!(quote.starts_with("\u{2026}before") && quote.ends_with("\u{e4}fter\u{2026}"), "{quote}");
        assert!(!quote.contains("Quixote"));
    }

    #[test]
    fn a_word_alone_has_nothing_around() {
        assert_eq!(around("Quixote", &(0..7)), ["", ""]);
        assert_eq!(without_found("Quixote", &(0..7), std::slice::from_ref(&(0..7))), "[\u{2026}]");
    }
}
