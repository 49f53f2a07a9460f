//! Places of a text that stay at their words while it is typed.

use std::ops::Range;
use std::sync::Arc;

use crate::case::Case;

/// Places in the notes of a case, in bytes, in order.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// The case whose notes they are places of; `None` where there are none.
    pub(super) of: Option<Arc<Case>>,
    pub(super) ranges: Vec<Range<usize>>,
}

impl Marks {
    /// The same places in the text as it is now. Those whose words were typed over are gone until they are looked for
    /// again.
    pub(super) fn in_text(&self, text: &str) -> Vec<Range<usize>> {
        let Some(case) = &self.of else { return Vec::new() };
        let (before, after) = (case.notes.as_str(), text);
        if self.ranges.is_empty() || before == after {
            return self.ranges.clone();
        }
        let same = |(one, other): &(u8, u8)| one == other;
        let start = before.bytes().zip(after.bytes()).take_while(same).count();
        let most = before.len().min(after.len()) - start;
        let end = before.bytes().rev().zip(after.bytes().rev()).take(most).take_while(same).count();
        let changed = start..before.len() - end;
        let moved = |range: &Range<usize>| {
            if range.end <= changed.start {
                Some(range.clone())
            } else if range.start >= changed.end {
                // Back first: the text may have become shorter.
                let place = |at: usize| after.len() - (before.len() - at);
                Some(place(range.start)..place(range.end))
            } else {
                None
            }
        };
        let is_place =
            |range: &Range<usize>| text.is_char_boundary(range.start) && text.is_char_boundary(range.end);
        self.ranges.iter().filter_map(moved).filter(is_place).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn marked(notes: &str, words: &[&str]) -> Marks {
        let place = |word: &&str| notes.find(word).map(|at| at..at + word.len());
        let case = Case { notes: notes.to_owned(), ..Case::default() };
        Marks { of: Some(Arc::new(case)), ranges: words.iter().filter_map(place).collect() }
    }

    fn seen<'t>(marks: &Marks, text: &'t str) -> Vec<&'t str> {
        marks.in_text(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn marks_stay_at_their_words() {
        let marks = marked("The mass was removed. It is whole.", &["mass", "removed"]);
        assert_eq!(seen(&marks, "The mass was removed. It is whole."), ["mass", "removed"]);
        assert_eq!(seen(&marks, "The \u{e4}lder mass was removed. It is whole."), ["mass", "removed"]);
        assert_eq!(seen(&marks, "The mass of 38 HU was removed. It is whole."), ["mass", "removed"]);
        let two = "A mass was removed. It was whole.";
        assert_eq!(seen(&marks, two), Vec::<&str>::new(), "two changes are one from the first to the last");
        assert_eq!(seen(&marks, "The mass was removd. It is whole."), ["mass"]);
        assert_eq!(seen(&marks, ""), Vec::<&str>::new());
        assert_eq!(seen(&Marks::default(), "any"), Vec::<&str>::new());
    }

    proptest! {
        #[test]
        fn what_is_marked_is_always_the_same_words(
            before in "[a\u{e4} ]{0,12}", after in "[a\u{e4} ]{0,12}", typed in "[\u{e4}b \n]{0,8}", at in 0..30_usize,
        ) {
            let text = format!("{before}Quixote{after}");
            let marks = marked(&text, &["Quixote"]);
            let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let now = format!("{}{typed}{}", &text[..at], &text[at..]);
            for range in marks.in_text(&now) {
                prop_assert_eq!(&now[range], "Quixote");
            }
            if at <= before.len() || at >= before.len() + 7 {
                prop_assert_eq!(marks.in_text(&now).len(), 1);
            }
        }
    }
}
