use std::borrow::Cow;

use crate::report::Span;

/// A mark around words, from the outermost to the innermost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark<'a> {
    Link(&'a str),
    Bold,
    Italic,
    Struck,
    Raised,
    Lowered,
    Code,
}

impl Mark<'_> {
    /// What stands at both ends.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Mark::Link(_) | Mark::Code => "",
            Mark::Bold => "**",
            Mark::Italic => "_",
            Mark::Struck => "~~",
            Mark::Raised => "^",
            Mark::Lowered => "~",
        }
    }
}

/// Words or space, and the marks around them.
#[derive(Debug, Clone)]
pub(super) struct Piece<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) marks: Vec<Mark<'a>>,
}

/// Splits words at their space. Marks go around words: space has those that stay open across it.
pub(super) fn pieces(words: &[Span]) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    for span in words {
        let marks = marks(span);
        for text in split(span) {
            pieces.push(Piece { text: Cow::Borrowed(text), marks: marks.clone() });
        }
    }
    let space: Vec<bool> = pieces.iter().map(Piece::is_space).collect();
    for index in (0..pieces.len()).filter(|index| space[*index]) {
        let none = Vec::new();
        let before = index.checked_sub(1).map_or(&none, |before| &pieces[before].marks);
        let after = (index..pieces.len()).find(|after| !space[*after]).map_or(&none, |at| &pieces[at].marks);
        // Nothing that is raised or lowered has space in it.
        let goes_on = |(a, b): &(&Mark<'_>, &Mark<'_>)| a == b && !matches!(a, Mark::Raised | Mark::Lowered);
        pieces[index].marks = before.iter().zip(after).take_while(goes_on).map(|(mark, _)| *mark).collect();
    }
    lose_tildes(&mut pieces);
    lose_definitions(&mut pieces);
    join_code(pieces)
}

/// `[...]:` defines where links lead, whether it is code or not: in a link such code is words.
fn lose_definitions(pieces: &mut [Piece<'_>]) {
    for piece in pieces.iter_mut().filter(|piece| piece.text.contains("]:")) {
        if piece.marks.iter().any(|mark| matches!(mark, Mark::Link(_))) {
            piece.marks.retain(|mark| *mark != Mark::Code);
        }
    }
}

/// Code beside code is one: two backticks in a row would be something else.
fn join_code(pieces: Vec<Piece<'_>>) -> Vec<Piece<'_>> {
    let mut joined: Vec<Piece<'_>> = Vec::new();
    for piece in pieces {
        match joined.last_mut() {
            Some(last) if last.is_code() && piece.is_code() && last.marks == piece.marks => {
                last.text.to_mut().push_str(&piece.text);
            }
            Some(_) | None => joined.push(piece),
        }
    }
    joined
}

impl Piece<'_> {
    pub(super) fn is_space(&self) -> bool {
        self.text.trim().is_empty()
    }

    pub(super) fn is_code(&self) -> bool {
        self.marks.contains(&Mark::Code) && !self.is_space()
    }
}

/// Words and space by turns; code stays together, for space in it is words too, unless it is raised or lowered.
fn split(span: &Span) -> Vec<&str> {
    let whole = span.code && !span.raised && !span.lowered;
    let mut parts = Vec::new();
    let mut rest = span.text.as_str();
    let space = |c: char| c.is_whitespace();
    while let Some(first) = rest.chars().next() {
        let end = if whole && !space(first) {
            let line = rest.split('\n').next().unwrap_or_default();
            line.trim_end().len()
        } else if space(first) {
            rest.find(|c| !space(c)).unwrap_or(rest.len())
        } else {
            rest.find(space).unwrap_or(rest.len())
        };
        let (part, after) = rest.split_at(end);
        parts.push(part);
        rest = after;
    }
    parts
}

fn marks(span: &Span) -> Vec<Mark<'_>> {
    let looks = [
        (span.bold, Mark::Bold),
        (span.italic, Mark::Italic),
        (span.struck, Mark::Struck),
        (span.raised, Mark::Raised),
        (span.lowered, Mark::Lowered),
        (span.code, Mark::Code),
    ];
    let looks = looks.into_iter().filter(|(is, _)| *is).map(|(_, mark)| mark);
    span.link.as_deref().map(Mark::Link).into_iter().chain(looks).collect()
}

/// Three tildes in a row would be read as something else: what is struck out, or beside it, is not lowered.
fn lose_tildes(pieces: &mut [Piece<'_>]) {
    let struck: Vec<bool> = pieces.iter().map(|piece| piece.marks.contains(&Mark::Struck)).collect();
    let is = |index: Option<usize>| index.and_then(|index| struck.get(index)).copied().unwrap_or(false);
    for (index, piece) in pieces.iter_mut().enumerate() {
        if [index.checked_sub(1), Some(index), Some(index + 1)].into_iter().any(is) {
            piece.marks.retain(|mark| *mark != Mark::Lowered);
        }
    }
}
