//! The marks that `CommonMark` has not: `~~struck~~`, `10^9^` and `H~2~O`, inside words too.

use super::{Span, Words};

/// A mark that may stand on both sides of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// `^`: raised.
    Raise,
    /// `~`: lowered.
    Lower,
    /// `~~`: struck out.
    Strike,
}

impl Mark {
    fn sign(self) -> &'static str {
        match self {
            Self::Raise => "^",
            Self::Lower => "~",
            Self::Strike => "~~",
        }
    }

    /// Gives words the look that the mark stands for.
    fn put_on(self, span: &mut Span) {
        match self {
            Self::Raise => span.raised = true,
            Self::Lower => span.lowered = true,
            Self::Strike => span.struck = true,
        }
    }
}

/// What may be marks in a text, from a byte on. Three tildes or more are none.
pub(super) fn marks_in(text: &str, from: usize) -> impl Iterator<Item = (usize, Mark)> + '_ {
    let mut at = from;
    std::iter::from_fn(move || {
        loop {
            let start = at + text.get(at..)?.find(['^', '~'])?;
            let tildes = text.get(start..)?.bytes().take_while(|byte| *byte == b'~').count();
            at = start + tildes.max(1);
            match tildes {
                0 => return Some((start, Mark::Raise)),
                1 => return Some((start, Mark::Lower)),
                2 => return Some((start, Mark::Strike)),
                _ => {}
            }
        }
    })
}

/// Whether words look alike, whatever they say.
pub(super) fn same_looks(a: &Span, b: &Span) -> bool {
    let looks = |span: &Span| [span.bold, span.italic, span.code, span.struck, span.raised, span.lowered];
    looks(a) == looks(b) && a.link == b.link
}

/// Words with the looks that pairs of marks give them. A mark of no pair is a word.
///
/// Each mark is the span and the byte in it that it begins at.
pub(super) fn marked(words: &[Span], marks: &[(usize, usize, Mark)]) -> Words {
    let mut pairing = Pairing::default();
    let mut waiting = marks.iter().copied().peekable();
    for (index, span) in words.iter().enumerate() {
        let mut start = 0;
        while let Some((_, at, mark)) = waiting.next_if(|(of, _, _)| *of == index) {
            pairing.piece(span, &span.text[start..at]);
            start = at + mark.sign().len();
            let rest = span.text[start..].chars().next();
            let next = rest.or_else(|| words.get(index + 1)?.text.chars().next());
            pairing.meet(span, mark, next);
        }
        pairing.piece(span, &span.text[start..]);
    }
    join_alike(pairing.words)
}

/// Words whose marks are being looked at.
#[derive(Debug, Default)]
struct Pairing {
    words: Words,
    /// The mark that waits for another, of each kind, as the place of the word after it. The mark itself is the word
    /// before it.
    open: [Option<usize>; 3],
}

impl Pairing {
    fn piece(&mut self, span: &Span, text: &str) {
        if !text.is_empty() {
            self.words.push(Span { text: text.to_owned(), ..span.clone() });
        }
    }

    /// Meets a mark in a span, with the character after it.
    fn meet(&mut self, span: &Span, mark: Mark, next: Option<char>) {
        if let Some(first) = self.open[mark as usize]
            && self.ends_pair(first, mark)
        {
            self.words.iter_mut().skip(first).for_each(|inner| mark.put_on(inner));
            self.words.remove(first - 1);
            // Marks that were opened in between are words.
            self.open = self.open.map(|open| open.filter(|opened| *opened < first));
            return;
        }
        self.piece(span, mark.sign());
        if next.is_some_and(|next| !next.is_whitespace()) {
            self.open[mark as usize] = Some(self.words.len());
        }
    }

    /// Whether a mark here and the one before `first` are a pair: space is nowhere between them or, where they strike
    /// out, not right before the second.
    fn ends_pair(&self, first: usize, mark: Mark) -> bool {
        let inside = self.words.get(first..).unwrap_or_default();
        let Some(last) = inside.last() else { return false };
        match mark {
            Mark::Raise | Mark::Lower => !inside.iter().any(|span| span.text.contains(char::is_whitespace)),
            Mark::Strike => !last.text.ends_with(char::is_whitespace),
        }
    }
}

fn join_alike(words: Words) -> Words {
    let mut joined = Words::new();
    for span in words {
        match joined.last_mut() {
            Some(last) if same_looks(last, &span) => last.text += &span.text,
            Some(_) | None => joined.push(span),
        }
    }
    joined
}
