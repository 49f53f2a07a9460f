//! Figures as the text speaks of them: "Figure 2a" becomes "Figure 1a" where it is the first that is mentioned.

use super::expand::for_words;
use crate::report::Block;

/// Words before the number of a figure.
const WORDS: [&str; 8] =
    ["Figures ", "Figure ", "Figs. ", "Fig. ", "Figures\u{a0}", "Figure\u{a0}", "Figs.\u{a0}", "Fig.\u{a0}"];

/// The same of a table.
const TABLE_WORDS: [&str; 4] = ["Tables ", "Table ", "Tables\u{a0}", "Table\u{a0}"];

/// A figure or table as a text names it.
#[derive(Debug, PartialEq, Eq)]
struct Mention {
    /// Where its digits stand.
    range: std::ops::Range<usize>,
    number: usize,
    /// The letters of panels behind it: `a`, and the ends of `f-i`.
    letters: Vec<String>,
}

/// A figure's number in a text: where its digits stand, and the number.
fn numbers(text: &str) -> Vec<(std::ops::Range<usize>, usize)> {
    mentions(text, &WORDS).into_iter().map(|mention| (mention.range, mention.number)).collect()
}

/// What a text says behind one of the words.
fn mentions(text: &str, words: &[&str]) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut at = 0;
    // All of them begin with the same letter, which is quicker to look for than each of them.
    let Some(initial) = words.first().and_then(|word| word.chars().next()) else { return found };
    while let Some(start) = text[at..].find(initial).map(|start| at + start) {
        let Some(word) = words.iter().find(|word| text[start..].starts_with(**word)) else {
            at = start + initial.len_utf8();
            continue;
        };
        at = start + word.len();
        // "Myfigure 1" is no figure, but capitals make that rare; a letter before it is.
        if text[..start].ends_with(char::is_alphanumeric) {
            continue;
        }
        // "Figures 1a and 2", "Figure 1a, b": what follows a comma or "and" and begins with digits is another.
        loop {
            let digits = text[at..].bytes().take_while(u8::is_ascii_digit).count();
            let Ok(number) = text[at..at + digits].parse::<usize>() else { break };
            let range = at..at + digits;
            at += digits;
            let mut letters = Vec::new();
            while let Some(letter) = letter_at(&text[at..]) {
                at += letter.len();
                letters.push(letter.to_owned());
                let joint = joint(&text[at..]).filter(|joint| letter_at(&text[at + joint.len()..]).is_some());
                let Some(joint) = joint else { break };
                at += joint.len();
            }
            found.push(Mention { range, number, letters });
            at += text[at..].bytes().take_while(u8::is_ascii_alphabetic).count();
            let next = joint(&text[at..]);
            match next.filter(|joint| text[at + joint.len()..].starts_with(|c: char| c.is_ascii_digit())) {
                Some(joint) => at += joint.len(),
                None => break,
            }
        }
    }
    found
}

/// What stands between two figures or panels.
fn joint(text: &str) -> Option<&'static str> {
    [", and ", ", ", " and ", "\u{2013}", "-"].into_iter().find(|joint| text.starts_with(joint))
}

/// The letter of a panel at the beginning of a text: one or two letters that are no word.
fn letter_at(text: &str) -> Option<&str> {
    let length = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let ends = !text[length..].starts_with(|c: char| c.is_alphanumeric());
    // After z comes aa: two different letters are "of", "is", "in".
    let bytes = text.as_bytes();
    let is_letter =
        length == 1 || (length == 2 && bytes[0].eq_ignore_ascii_case(&b'a') && !is_word(&text[..2]));
    (is_letter && ends).then(|| &text[..length])
}

fn is_word(letters: &str) -> bool {
    ["as", "at", "an", "am"].contains(&letters)
}

/// Figures, panels and tables that the blocks mention and that are not there, in sentences. `panels` has for each figure
/// of the case the letters of its panels, in lower case.
pub(super) fn dangling(blocks: &mut [Block], panels: &[Vec<String>]) -> Vec<String> {
    let tables = blocks.iter().map(tables_in).sum::<usize>();
    let mut found: Vec<String> = Vec::new();
    let mut say = |words: String| {
        if !found.contains(&words) {
            found.push(words);
        }
    };
    for_words(blocks, &mut |words| {
        let text: String = words.iter().filter(|span| !span.code).map(|span| span.text.as_str()).collect();
        for mention in mentions(&text, &WORDS) {
            let number = mention.number;
            let Some(letters) = number.checked_sub(1).and_then(|index| panels.get(index)) else {
                say(format!(
                    "The text mentions Figure {number}, and {}.",
                    there_are(panels.len(), "figure", "case")
                ));
                continue;
            };
            for letter in mention.letters.iter().filter(|letter| !letters.contains(&letter.to_lowercase())) {
                let last = letters.last().map_or_else(
                    || "its panels have no letters".to_owned(),
                    |last| format!("its last panel is {last}"),
                );
                say(format!("The text mentions Figure {number}{letter}, and {last}."));
            }
        }
        for mention in
            mentions(&text, &TABLE_WORDS).iter().filter(|mention| !(1..=tables).contains(&mention.number))
        {
            say(format!(
                "The text mentions Table {}, and {}.",
                mention.number,
                there_are(tables, "table", "text")
            ));
        }
    });
    found
}

fn there_are(count: usize, what: &str, of: &str) -> String {
    match count {
        0 => format!("the {of} has no {what}"),
        1 => format!("the {of} has 1 {what}"),
        count => format!("the {of} has {count} {what}s"),
    }
}

fn tables_in(block: &Block) -> usize {
    match block {
        Block::Table(_) => 1,
        Block::List(_, items) => items.iter().flatten().map(tables_in).sum(),
        Block::Quote(inner) => inner.iter().map(tables_in).sum(),
        Block::Heading(..) | Block::Paragraph(_) | Block::Code(_) | Block::Rule | Block::Figure(_) => 0,
    }
}

/// The figures that the blocks mention, each once, in the order of their mention; which block mentions it first.
pub(super) fn mentioned(blocks: &mut [Block]) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (index, block) in blocks.iter_mut().enumerate() {
        for_words(std::slice::from_mut(block), &mut |words| {
            for (_, number) in words.iter().flat_map(|span| numbers(&span.text)) {
                if !found.iter().any(|(known, _)| *known == number) {
                    found.push((number, index));
                }
            }
        });
    }
    found
}

/// Gives the figures other numbers: `renumbered` of each that there is.
pub(super) fn renumber(blocks: &mut [Block], renumbered: impl Fn(usize) -> Option<usize>) {
    for_words(blocks, &mut |words| {
        for span in words {
            renumber_words(&mut span.text, &renumbered);
        }
    });
}

/// The same in a text.
pub(super) fn renumber_words(text: &mut String, renumbered: &impl Fn(usize) -> Option<usize>) {
    for (range, number) in numbers(text).into_iter().rev() {
        if let Some(new) = renumbered(number) {
            text.replace_range(range, &new.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Span, plain_words};

    #[test]
    fn what_is_mentioned_and_not_there_is_listed_once() {
        let words = |text: &str| Block::Paragraph(vec![Span::plain(text)]);
        let letters = |text: &str| text.chars().map(String::from).collect::<Vec<_>>();
        let mut blocks = vec![
            words("See Figure 2 and Table 3 and Figure 1z, then Figure 2 again."),
            words(
                "Figures 1b, c, d and Figure 1a\u{2013}d, Figure 1a and b, (Figure 1k), Figure 1 as a whole, Table 1.",
            ),
            words("Figure 1a, in which a mass grows; Figure\u{a0}1B; figure 9."),
            Block::Table(crate::report::ReportTable::default()),
        ];
        let found = dangling(&mut blocks, &[letters("abcd")]);
        assert_eq!(
            found,
            [
                "The text mentions Figure 2, and the case has 1 figure.",
                "The text mentions Figure 1z, and its last panel is d.",
                "The text mentions Table 3, and the text has 1 table.",
                "The text mentions Figure 1k, and its last panel is d.",
            ]
        );
        assert!(dangling(&mut [words("Figure 1 and Table 1")], &[]).len() == 2);
    }

    #[test]
    fn numbers_of_figures_are_found_and_changed() {
        let text =
            "See Figure 12a, Figs. 3 and 4b\u{2013}5; Fig. x, Subfigure 7, figure 8. Figures 2a, b. Figure ";
        let of: Vec<usize> = numbers(text).into_iter().map(|(_, number)| number).collect();
        assert_eq!(of, [12, 3, 4, 5, 2]);
        let mut blocks = vec![
            Block::Paragraph(vec![Span::plain("Figure 3a, then")]),
            Block::List(None, vec![vec![Block::Paragraph(vec![Span::plain("Fig. 1 and Figure 3")])]]),
        ];
        assert_eq!(mentioned(&mut blocks), [(3, 0), (1, 1)]);
        renumber(&mut blocks, |number| match number {
            3 => Some(1),
            1 => Some(2),
            _ => None,
        });
        let Block::Paragraph(words) = &blocks[0] else { panic!("a paragraph") };
        assert_eq!(plain_words(words), "Figure 1a, then");
    }
}
