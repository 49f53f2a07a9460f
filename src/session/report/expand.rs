//! The notes with their values in them, each marked so that it can be found again among the blocks.

use std::ops::Range;

use super::facts::{SessionFacts, values_of};
use crate::case::notebook::{Live, LiveOf, live_text, lives};
use crate::case::{Claim, Ledger, LedgerColumn, MeasurementId, claims};
use crate::report::{Block, Span, Words};
use crate::session::Session;

/// Around a value: before its number, between that and its text, after it. No font has letters for them.
const OPEN: char = '\u{E000}';
const MIDDLE: char = '\u{E001}';
const CLOSE: char = '\u{E002}';
/// What stands where a value says nothing.
const GAP: &str = "[?]";
/// The address that a value's words have among the blocks of a preview, before its number.
const ADDRESS: &str = "isodense:";

/// A value among the words, as it is now.
#[derive(Debug, Clone, PartialEq)]
pub struct Chip {
    /// Where it stands in the notes, in bytes.
    pub range: Range<usize>,
    /// What it says.
    pub text: String,
    /// What it is.
    pub of: ChipOf,
    /// Why it may not be trusted: the measurement is gone, the pixels are others, the claim does not agree.
    pub problem: Option<String>,
}

/// What a value among the words is.
#[derive(Debug, Clone, PartialEq)]
pub enum ChipOf {
    /// It is computed; `None` where it does not read as anything.
    Live(Option<LiveOf>),
    /// It is typed, and this was measured of it.
    Claim(Claim, Option<String>),
}

impl Chip {
    /// The measurement whose pixels it comes from.
    pub fn measurement(&self) -> Option<MeasurementId> {
        match &self.of {
            ChipOf::Live(of) => of.as_ref()?.measurement(),
            ChipOf::Claim(claim, _) => Some(claim.measurement),
        }
    }

    /// Whether it says when something was.
    pub(super) fn says_time(&self) -> bool {
        matches!(self.of, ChipOf::Live(Some(LiveOf::TimePoint(_) | LiveOf::Event(_) | LiveOf::Clock)))
    }

    /// Whether nothing can be said in its place.
    pub(super) fn is_gap(&self) -> bool {
        matches!(self.of, ChipOf::Live(_)) && self.text == GAP
    }

    /// What it is, if it is no words but a drawing or a table.
    pub(super) fn block(&self) -> Option<&LiveOf> {
        match &self.of {
            ChipOf::Live(Some(of @ (LiveOf::Timeline | LiveOf::TimelineTable | LiveOf::Ledger))) => Some(of),
            ChipOf::Live(_) | ChipOf::Claim(..) => None,
        }
    }
}

/// The number of the value that words of a preview are.
pub fn chip_of(span: &Span) -> Option<usize> {
    span.link.as_deref()?.strip_prefix(ADDRESS)?.parse().ok()
}

impl Session {
    /// The values of the notes as they are now, in the order of the text.
    pub(super) fn chips(&self, notes: &str, facts: &SessionFacts<'_>) -> Vec<Chip> {
        let live = lives(notes).into_iter().map(|live| self.live_chip(&live, facts));
        let claims = claims(notes).into_iter().map(|claim| self.claim_chip(claim));
        let mut chips: Vec<Chip> = live.chain(claims).collect();
        chips.sort_by_key(|chip| chip.range.start);
        // One within another is text of it.
        let mut end = 0;
        chips.retain(|chip| {
            let apart = chip.range.start >= end;
            end = end.max(chip.range.end);
            apart
        });
        chips
    }

    fn live_chip(&self, live: &Live, facts: &SessionFacts<'_>) -> Chip {
        let (text, problem) = match live_text(live, self.case(), facts.ledger, facts) {
            Ok(text) => (text, self.changed_pixels(live.of.as_ref(), facts.ledger)),
            Err(why) => (GAP.to_owned(), Some(why)),
        };
        Chip { range: live.range.clone(), text, of: ChipOf::Live(live.of.clone()), problem }
    }

    fn claim_chip(&self, claim: Claim) -> Chip {
        let checked = values_of(self.values(claim.measurement)).and_then(|values| claim.check(&values));
        let checked = match self.case().measurement(claim.measurement) {
            Some(_) => checked,
            None => Err(format!("measurement {} is gone", claim.measurement.0)),
        };
        let (measured, problem) = match checked {
            Ok((measured, true)) => (Some(measured), self.other_pixels(&[claim.measurement])),
            Ok((measured, false)) => {
                let why = format!("measured {measured}, claimed {}", claim.text);
                (Some(measured), Some(why))
            }
            Err(why) => (None, Some(why)),
        };
        Chip {
            range: claim.range.clone(),
            text: claim.text.clone(),
            of: ChipOf::Claim(claim, measured),
            problem,
        }
    }

    /// Why a value is not of the pixels that it was saved with.
    fn changed_pixels(&self, of: Option<&LiveOf>, ledger: &Ledger) -> Option<String> {
        match of? {
            LiveOf::Measurement(id, _) => self.other_pixels(&[*id]),
            LiveOf::Lesion(id, at, what) => {
                // A change is that of all before it.
                let counts = |column: &LedgerColumn| column.point.id == *at || what == "change";
                let cells = ledger.columns.iter().zip(ledger.cells(*id)?);
                let cells = cells.filter(|(column, _)| counts(column)).map(|(_, cell)| cell);
                let measured: Vec<MeasurementId> =
                    cells.flat_map(|cell| cell.measurements.iter().copied()).collect();
                self.other_pixels(&measured)
            }
            LiveOf::Panel(..)
            | LiveOf::TimePoint(_)
            | LiveOf::Event(_)
            | LiveOf::Clock
            | LiveOf::Timeline
            | LiveOf::TimelineTable
            | LiveOf::Ledger => None,
        }
    }

    fn other_pixels(&self, measured: &[MeasurementId]) -> Option<String> {
        let others = measured.iter().any(|id| self.has_other_pixels(*id));
        others.then(|| "the image's pixels are not those that were measured".to_owned())
    }
}

/// The notes with the text of each value in its place, and without comments.
pub(super) fn expanded(notes: &str, chips: &[Chip]) -> String {
    let mut text = String::with_capacity(notes.len() + chips.len() * 16);
    let mut at = 0;
    for (index, chip) in chips.iter().enumerate() {
        let Some(before) = notes.get(at..chip.range.start) else { continue };
        text += before;
        text.push(OPEN);
        text += &index.to_string();
        text.push(MIDDLE);
        text += &escaped(&chip.text);
        text.push(CLOSE);
        at = chip.range.end;
    }
    text += notes.get(at..).unwrap_or_default();
    without_comments(&text)
}

/// Text that Markdown takes for nothing but text.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_punctuation() {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// The text that was [`escaped`].
fn unescaped(text: &str) -> String {
    let mut letters = text.chars().peekable();
    let mut plain = String::with_capacity(text.len());
    while let Some(letter) = letters.next() {
        let escapes = letter == '\\' && letters.peek().is_some_and(char::is_ascii_punctuation);
        plain.extend(if escapes { letters.next() } else { Some(letter) });
    }
    plain
}

fn without_comments(text: &str) -> String {
    let mut rest = text;
    let mut plain = String::with_capacity(text.len());
    while let Some((before, after)) = rest.split_once("<!--") {
        let Some((_, after)) = after.split_once("-->") else { break };
        plain += before;
        rest = after;
    }
    plain + rest
}

/// Gives the marked words of blocks an address that [`chip_of`] reads, in a preview; in a report they are words.
pub(super) fn addressed(blocks: &mut [Block], in_preview: bool) {
    for_words(blocks, &mut |words| {
        if words.iter().any(|span| span.text.contains(OPEN)) {
            *words = words.drain(..).flat_map(|span| split(&span, in_preview)).collect();
        }
    });
}

/// Calls `change` with the words of all blocks, in order.
pub(super) fn for_words(blocks: &mut [Block], change: &mut impl FnMut(&mut Words)) {
    for block in blocks {
        match block {
            Block::Heading(_, words) | Block::Paragraph(words) => change(words),
            Block::List(_, items) => items.iter_mut().for_each(|item| for_words(item, change)),
            Block::Quote(inner) => for_words(inner, change),
            Block::Code(text) => {
                let mut words = vec![Span { code: true, ..Span::plain(std::mem::take(text)) }];
                change(&mut words);
                *text = crate::report::plain_words(&words);
            }
            Block::Rule => {}
            Block::Table(table) => {
                change(&mut table.caption);
                table.columns.iter_mut().for_each(|(_, words)| change(words));
                table.rows.iter_mut().flatten().for_each(&mut *change);
            }
            Block::Figure(figure) => change(&mut figure.caption),
        }
    }
}

fn split(span: &Span, in_preview: bool) -> Vec<Span> {
    let mut parts = Vec::new();
    let mut push = |text: &str, number: Option<&str>| {
        if text.is_empty() {
            return;
        }
        let address = number.filter(|_| in_preview).map(|number| format!("{ADDRESS}{number}"));
        parts.push(Span {
            text: text.to_owned(),
            link: address.or_else(|| span.link.clone()),
            ..span.clone()
        });
    };
    let mut rest = span.text.as_str();
    while let Some((before, after)) = rest.split_once(OPEN) {
        push(before, None);
        let (number, after) = after.split_once(MIDDLE).unwrap_or(("", after));
        let (text, after) = after.split_once(CLOSE).unwrap_or((after, ""));
        // In code the backslashes would be seen.
        let plain = if span.code { unescaped(text) } else { text.to_owned() };
        push(&plain, Some(number));
        rest = after;
    }
    push(rest, None);
    parts
}

/// The number of the value that is all there is of a paragraph. Before [`addressed`].
pub(super) fn only_chip(words: &Words) -> Option<usize> {
    let text = crate::report::plain_words(words);
    let (number, rest) = text.trim().strip_prefix(OPEN)?.split_once(MIDDLE)?;
    let (_, after) = rest.split_once(CLOSE)?;
    after.is_empty().then(|| number.parse().ok())?
}
