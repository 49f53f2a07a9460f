//! Figures as the text speaks of them: "Figure 2a" becomes "Figure 1a" where it is the first that is mentioned.

use super::expand::for_words;
use crate::report::Block;

/// Words before the number of a figure.
const WORDS: [&str; 4] = ["Figures ", "Figure ", "Figs. ", "Fig. "];

/// A figure's number in a text: where its digits stand, and the number.
fn numbers(text: &str) -> Vec<(std::ops::Range<usize>, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let Some((start, word)) = WORDS
            .iter()
            .filter_map(|word| text[at..].find(word).map(|start| (at + start, *word)))
            .min_by_key(|(start, word)| (*start, std::cmp::Reverse(word.len())))
        else {
            break;
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
            found.push((at..at + digits, number));
            at += digits;
            at += text[at..].bytes().take_while(u8::is_ascii_alphabetic).count();
            let rest = &text[at..];
            let joint = [", ", " and ", "\u{2013}", "-"].into_iter().find(|joint| {
                rest.strip_prefix(joint).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()))
            });
            match joint {
                Some(joint) => at += joint.len(),
                None => break,
            }
        }
    }
    found
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
