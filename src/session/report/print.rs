//! The words of a report as print sets them.

use super::expand::for_words;
use crate::report::Block;
use crate::typography::typeset;

/// Sets every word of the blocks but code, which says what is typed.
pub(super) fn print(blocks: &mut [Block]) {
    for_words(blocks, &mut |words| {
        for span in words.iter_mut().filter(|span| !span.code) {
            span.text = typeset(&span.text);
        }
        tie(words);
    });
    for block in blocks {
        describe(block);
    }
}

/// Where a number ends one span and its unit begins the next, the space between them is no place for a break either.
fn tie(words: &mut crate::report::Words) {
    for at in 1..words.len() {
        let (before, after) = words.split_at_mut(at);
        let (Some(left), Some(right)) = (before.last_mut(), after.first_mut()) else { continue };
        if left.code || right.code {
            continue;
        }
        let set = typeset(&format!("{}{}", left.text, right.text));
        // The same letters, other spaces: they go back to where they were.
        let count = left.text.chars().count();
        if set.chars().count() == count + right.text.chars().count() {
            left.text = set.chars().take(count).collect();
            right.text = set.chars().skip(count).collect();
        }
    }
}

/// The text that stands for a figure where it cannot be seen.
fn describe(block: &mut Block) {
    match block {
        Block::Figure(figure) => figure.described = typeset(&figure.described),
        Block::List(_, items) => items.iter_mut().flatten().for_each(describe),
        Block::Quote(inner) => inner.iter_mut().for_each(describe),
        Block::Heading(..) | Block::Paragraph(_) | Block::Code(_) | Block::Rule | Block::Table(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Span, plain_words};

    #[test]
    fn numbers_are_set_across_spans_and_code_stays() {
        let code = Span { code: true, ..Span::plain("-5 mm") };
        let mut blocks = vec![Block::Paragraph(vec![
            Span::plain("Size (Figure "),
            Span::bold("1f) of "),
            Span::bold("-12.5"),
            Span::plain(" % or 3 x 4 mm, "),
            code,
        ])];
        print(&mut blocks);
        let Block::Paragraph(words) = &blocks[0] else { panic!("a paragraph") };
        assert_eq!(
            plain_words(words),
            "Size (Figure\u{a0}1f) of \u{2212}12.5\u{a0}% or 3\u{a0}\u{d7}\u{a0}4\u{a0}mm, -5 mm"
        );
    }
}
