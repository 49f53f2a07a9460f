//! Which of several finds at one place is reported?

use std::ops::Range;

use super::{Find, FindKind, Identifier};

/// How specific a find is, the most first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Known,
    Uid,
    Email,
    Url,
    Date,
    Age,
    /// A known name that is also a common word: in "May 2015" it is the month.
    CommonWord,
    Phone,
    Number,
    Year,
}

/// A find that others may overlap.
pub(super) struct Candidate {
    range: Range<usize>,
    rank: Rank,
    kind: FindKind,
}

impl Candidate {
    pub(super) fn known(range: Range<usize>, rank: Rank, identifier: &Identifier) -> Self {
        Self { range, rank, kind: FindKind::Known(identifier.clone()) }
    }

    pub(super) fn like(range: Range<usize>, kind: FindKind) -> Self {
        let rank = match kind {
            FindKind::Known(_) => Rank::Known,
            FindKind::UidLike => Rank::Uid,
            FindKind::EmailLike => Rank::Email,
            FindKind::DateLike => Rank::Date,
            FindKind::PhoneLike => Rank::Phone,
            FindKind::IdLike => Rank::Number,
            FindKind::YearLike => Rank::Year,
            FindKind::UrlLike => Rank::Url,
            FindKind::AgeLike => Rank::Age,
        };
        Self { range, rank, kind }
    }

    pub(super) fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The same of another part of the text.
    pub(super) fn widened(self, to: impl FnOnce(Range<usize>) -> Range<usize>) -> Self {
        Self { range: to(self.range), ..self }
    }

    fn is_better_than(&self, other: &Self) -> bool {
        (self.rank, other.range.len()) < (other.rank, self.range.len())
    }
}

/// In order and without overlap. Finds that overlap become one that covers them all, so that nothing of either is
/// left, and the most specific says what it is.
pub(super) fn merge(text: &str, mut found: Vec<Candidate>) -> Vec<Find> {
    found.sort_by_key(|candidate| (candidate.range.start, candidate.range.end));
    let mut merged: Vec<Find> = Vec::new();
    let mut best: Option<(Candidate, Range<usize>)> = None;
    for candidate in found {
        match &mut best {
            Some((winner, covered)) if candidate.range.start < covered.end => {
                covered.end = covered.end.max(candidate.range.end);
                if candidate.is_better_than(winner) {
                    *winner = candidate;
                }
            }
            _ => {
                let range = candidate.range.clone();
                if let Some(done) = best.replace((candidate, range)) {
                    push(text, &mut merged, done);
                }
            }
        }
    }
    if let Some(done) = best {
        push(text, &mut merged, done);
    }
    merged
}

/// Adds a find, to the one before where both are parts of one name: "Doe, Jane" is replaced once.
fn push(text: &str, merged: &mut Vec<Find>, (winner, range): (Candidate, Range<usize>)) {
    if range.is_empty() {
        return;
    }
    if let Some(last) = merged.last_mut()
        && last.kind == winner.kind
        && is_of_words(&winner.kind)
        && let Some(between) = text.get(last.range.end..range.start)
        && between.chars().count() <= 3
        && matches!(between.trim(), "" | "," | "-" | "_" | "^" | "'" | "\u{2019}" | "\u{b7}" | "\u{30fb}")
    {
        last.range.end = range.end;
        return;
    }
    merged.push(Find { kind: winner.kind, range });
}

fn is_of_words(kind: &FindKind) -> bool {
    matches!(
        kind,
        FindKind::Known(
            Identifier::PatientName | Identifier::Person | Identifier::Institution | Identifier::Address
        )
    )
}
