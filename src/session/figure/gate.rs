//! The gate: everything in a figure that could say who the patient is, before it leaves the program.
//!
//! What is found is replaced, kept on purpose, or blocks. What the author decided stands in the figure, by the name
//! of the finding: kind, place and a few digits of a hash of the words, too few to find the words by.

use std::cell::OnceCell;
use std::ops::Range;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::texts::FigureText;
use crate::case::{Figure, LedgerColumn, MeasurementId, PanelId};
use crate::identify::{FindKind, Identifier, Known, find};
use crate::image::Phi;
use crate::session::Session;

/// What could say who the patient is in a figure, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gate {
    /// Headers that are still to be read. Until none is left more may be found.
    pub reading: usize,
    /// What was found: in the texts from the title to the name of the file, then in the images.
    pub findings: Vec<Finding>,
}

impl Gate {
    /// What is neither replaced nor kept.
    pub fn open(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| !finding.kept)
    }

    /// Whether the figure may leave the program.
    pub fn lets_through(&self) -> bool {
        self.reading == 0 && self.open().next().is_none()
    }
}

/// Something in a figure that could say who the patient is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its name, for decisions. It holds nothing of what was found.
    pub key: String,
    /// Where it is.
    pub at: FindingPlace,
    /// The same in words: "caption of (b)".
    pub place: String,
    /// What it is in words, without its value: "the patient's name".
    pub what: String,
    /// Where it stands in its text, in bytes; `None` in images.
    pub range: Option<Range<usize>>,
    /// What stands there; empty for images. For the screen only.
    pub text: Phi<String>,
    /// How sure it is.
    pub severity: FindingSeverity,
    /// What [`FigureAction::Cure`](super::FigureAction::Cure) puts in its place, which may be nothing; `None` where the
    /// program has no cure.
    pub cure: Option<String>,
    /// Whether the author keeps it on purpose.
    pub kept: bool,
}

/// How sure it is that something identifies. Either has to be decided before a figure leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FindingSeverity {
    /// It repeats a header, or the file says so itself.
    Blocks,
    /// It looks as if.
    Asks,
}

/// Where in a figure something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FindingPlace {
    /// The first words of the legend.
    Title,
    /// Over a column, from 0.
    ColumnHeading(usize),
    /// Beside a row, from 0.
    RowHeading(usize),
    /// The caption of a panel.
    Caption(PanelId),
    /// A text that the author drew on a panel; which of its marks, from 0.
    Mark(PanelId, usize),
    /// The words of a measurement that a panel shows.
    Measurement(MeasurementId),
    /// The last words of the legend.
    Closing,
    /// The name of the file that is to be written.
    FileName,
    /// The image of a panel.
    Image(PanelId),
}

impl FindingPlace {
    /// The same for names of findings: it stays when panels change places.
    fn name(self) -> String {
        match self {
            Self::Title => "title".to_owned(),
            Self::ColumnHeading(index) => format!("column-{}", index + 1),
            Self::RowHeading(index) => format!("row-{}", index + 1),
            Self::Caption(panel) => format!("caption-{}", panel.0),
            Self::Mark(panel, _) => format!("text-{}", panel.0),
            Self::Measurement(id) => format!("measurement-{}", id.0),
            Self::Closing => "closing".to_owned(),
            Self::FileName => "file-name".to_owned(),
            Self::Image(panel) => format!("image-{}", panel.0),
        }
    }
}

/// Findings as they come, each with a name of its own.
#[derive(Debug)]
pub(super) struct Findings<'f> {
    figure: &'f Figure,
    pub(super) list: Vec<Finding>,
}

/// What is found, before it has a name.
#[derive(Debug)]
pub(super) struct Found<'a> {
    /// A word for its kind.
    pub(super) kind: &'static str,
    /// Changes when what was found does.
    pub(super) of: &'a str,
    pub(super) at: FindingPlace,
    pub(super) place: String,
    pub(super) what: String,
    pub(super) severity: FindingSeverity,
    pub(super) range: Option<Range<usize>>,
    pub(super) cure: Option<String>,
}

impl Findings<'_> {
    pub(super) fn add(&mut self, found: Found<'_>) {
        let key = key(found.kind, found.at, found.of);
        let same = self.list.iter().filter(|old| old.key.split('+').next() == Some(&*key)).count();
        // The same words again at the same place.
        let key = if same > 0 { format!("{key}+{same}") } else { key };
        let kept = self.figure.kept.contains(&key);
        let text = if found.range.is_some() { found.of.to_owned() } else { String::new() };
        self.list.push(Finding {
            key,
            at: found.at,
            place: found.place,
            what: found.what,
            range: found.range,
            text: Phi::new(text),
            severity: found.severity,
            cure: found.cure,
            kept,
        });
    }
}

/// Two bytes of a hash tell a change of the words. More would let somebody try all names until one fits.
fn key(kind: &str, at: FindingPlace, of: &str) -> String {
    let hash = Sha256::digest(of.as_bytes());
    let number = u16::from_be_bytes([hash[0], hash[1]]);
    format!("{kind}:{}:{number:04x}", at.name())
}

impl Session {
    /// What could say who the patient is in a figure, in the texts and images that would leave with it as that file.
    ///
    /// Headers are read for the figure that is shown, and for one that is to be written: for another one
    /// [`Gate::reading`] stays.
    pub fn figure_findings(&self, figure: &Figure, output: Option<&Path>) -> Gate {
        let known = self.figures.headers.known();
        let mut findings = Findings { figure, list: Vec::new() };
        let dates = Dates { session: self, columns: OnceCell::new() };
        for text in self.texts_of(figure, output, known) {
            in_text(&text, known, &dates, &mut findings);
        }
        self.in_images(figure, &mut findings);
        Gate { reading: self.headers_missing(figure), findings: findings.list }
    }
}

fn in_text(text: &FigureText, known: &Known, dates: &Dates<'_>, findings: &mut Findings<'_>) {
    for found in find(&text.words, known) {
        let Some(words) = text.words.get(found.range.clone()) else { continue };
        let severity = match found.kind {
            FindKind::Known(_) => FindingSeverity::Blocks,
            FindKind::DateLike
            | FindKind::YearLike
            | FindKind::UidLike
            | FindKind::IdLike
            | FindKind::EmailLike
            | FindKind::PhoneLike => FindingSeverity::Asks,
        };
        let curable = !matches!(text.at, FindingPlace::FileName);
        let cure = || match found.kind.in_its_place() {
            Some(words) => words.to_owned(),
            // What a cure says must not identify in turn: names of time points are typed.
            None => dates.in_words(words).filter(|cure| find(cure, known).is_empty()).unwrap_or_default(),
        };
        findings.add(Found {
            kind: kind_name(&found.kind),
            of: words,
            at: text.at,
            place: text.place.clone(),
            what: kind_words(&found.kind),
            severity,
            cure: curable.then(cure),
            range: Some(found.range),
        });
    }
}

/// The dates of the time points, looked up only where a text has a date.
struct Dates<'s> {
    session: &'s Session,
    columns: OnceCell<Vec<(LedgerColumn, Known)>>,
}

impl Dates<'_> {
    /// How a known date is said without the date: "14 days after the first examination".
    fn in_words(&self, date: &str) -> Option<String> {
        let columns = self.columns.get_or_init(|| {
            let with_date = |column: LedgerColumn| {
                let mut known = Known::default();
                known.add(Identifier::StudyDate, column.date.as_deref().unwrap_or_default());
                (column, known)
            };
            self.session.ledger().columns.into_iter().map(with_date).collect()
        });
        let is_it = |(_, known): &(LedgerColumn, Known)| {
            find(date, known).iter().any(|found| matches!(found.kind, FindKind::Known(_)))
        };
        let at = columns.iter().position(is_it)?;
        let columns: Vec<&LedgerColumn> = columns.iter().map(|(column, _)| column).collect();
        super::legend::time_point_in_words(&columns, at)
    }
}

/// The kind in names of findings.
fn kind_name(kind: &FindKind) -> &'static str {
    match kind {
        FindKind::Known(Identifier::PatientName) => "name",
        FindKind::Known(Identifier::PatientId) => "patient-id",
        FindKind::Known(Identifier::BirthDate) => "birth-date",
        FindKind::Known(Identifier::StudyDate) => "date",
        FindKind::Known(Identifier::Institution) => "institution",
        FindKind::Known(Identifier::Person) => "person",
        FindKind::Known(Identifier::AccessionNumber) => "order",
        FindKind::Known(Identifier::Uid) => "uid",
        FindKind::Known(Identifier::Address) => "address",
        FindKind::Known(Identifier::Other(_)) => "header",
        FindKind::DateLike => "like-date",
        FindKind::YearLike => "like-year",
        FindKind::UidLike => "like-uid",
        FindKind::IdLike => "like-number",
        FindKind::EmailLike => "like-mail",
        FindKind::PhoneLike => "like-phone",
    }
}

/// What it is, for people.
fn kind_words(kind: &FindKind) -> String {
    let words = match kind {
        FindKind::Known(Identifier::PatientName) => "the patient's name",
        FindKind::Known(Identifier::PatientId) => "the patient's number",
        FindKind::Known(Identifier::BirthDate) => "the date of birth",
        FindKind::Known(Identifier::StudyDate) => "the date or time of an examination",
        FindKind::Known(Identifier::Institution) => "the hospital or department",
        FindKind::Known(Identifier::Person) => "the name of a physician or operator",
        FindKind::Known(Identifier::AccessionNumber) => "the number of the order",
        FindKind::Known(Identifier::Uid) => "a UID of the images",
        FindKind::Known(Identifier::Address) => "an address",
        FindKind::Known(Identifier::Other(element)) => return format!("a value of the header ({element})"),
        FindKind::DateLike => "what looks like a date",
        FindKind::YearLike => "what looks like a year",
        FindKind::UidLike => "what looks like a UID",
        FindKind::IdLike => "what looks like the number of a record",
        FindKind::EmailLike => "an e-mail address",
        FindKind::PhoneLike => "what looks like a telephone number",
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_finding_holds_nothing_of_it_and_stays() {
        let at = FindingPlace::Caption(PanelId(3));
        let name = key("name", at, "Quixote");
        assert_eq!(name, key("name", at, "Quixote"));
        assert!(name.starts_with("name:caption-3:") && !name.contains("Quix"), "{name}");
        assert_eq!(name.len(), "name:caption-3:1a2b".len());
        assert_ne!(name, key("name", at, "Zebulon"));
        assert_ne!(name, key("name", FindingPlace::Caption(PanelId(4)), "Quixote"));
    }
}
