//! The gate: everything that could say who the patient is in what is about to leave the program.
//!
//! What is found is replaced, kept on purpose, or blocks. What was decided is kept by the name of the finding: its kind
//! and a few digits of a hash of what was found, too few to find the words by. A figure holds its own decisions; of
//! everything else they last as long as the case is open.

mod around;
mod cure;
mod headers;
mod images;
mod keys;
mod patients;
mod picture;
mod places;
mod removal;
mod words;

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

pub(super) use self::cure::refusal;
pub(super) use self::headers::{Headers, READER};
pub(super) use self::images::ImageFacts;
pub(super) use self::keys::is_name;
use self::keys::{Names, placed};
pub(super) use self::patients::series_of_patients;
pub(super) use self::picture::HeadersRead;
pub use self::picture::{PictureParts, picture_findings};
pub use self::places::{CASE_FILE, TellingPlace, telling_places};
pub(super) use self::removal::replaced;
use self::words::{kind_name, kind_words};
use crate::case::{Clock, EventId, Ledger, LedgerColumn, LesionId, MeasurementId, PanelId};
use crate::identify::{Find, FindKind, Identifier, Known, alike, find};
use crate::image::Phi;
use crate::session::Session;

/// What could say who the patient is in something that is about to leave, as far as it is known.
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

    /// Those that are alike, in the order of the first of each: one decision is of all of them.
    pub fn alike(&self) -> Vec<Vec<&Finding>> {
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut all: Vec<Vec<&Finding>> = Vec::new();
        for finding in &self.findings {
            let place = *places.entry(&finding.names.key).or_insert(all.len());
            match all.get_mut(place) {
                Some(alike) => alike.push(finding),
                None => all.push(vec![finding]),
            }
        }
        all
    }

    /// The decisions without those of a finding: of an older case it may be another name, or that of all dates.
    pub(super) fn kept_without(&self, kept: &[String], key: &str) -> Vec<String> {
        let alike: Vec<&Finding> = self.findings.iter().filter(|finding| finding.key == key).collect();
        let is_of = |name: &String| name == key || alike.iter().any(|finding| finding.is_named(name));
        kept.iter().filter(|name| !is_of(name)).cloned().collect()
    }

    /// Whether it may leave the program.
    pub fn lets_through(&self) -> bool {
        self.reading == 0 && self.open().next().is_none()
    }
}

/// Something that could say who the patient is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its name, for decisions, which all that are alike share. It holds nothing of what was found.
    pub key: String,
    pub(super) names: Names,
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
    /// Some words before and after it on its line; empty for images. For the screen only.
    pub around: Phi<[String; 2]>,
    /// The same in one, without anything that was found; empty for images.
    pub quote: Phi<String>,
    /// How sure it is.
    pub severity: FindingSeverity,
    /// What the program can put in its place, which may be nothing; `None` where it has no cure.
    pub cure: Option<String>,
    /// Whether it is kept on purpose.
    pub kept: bool,
}

/// How sure it is that something identifies. Either has to be decided before it leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FindingSeverity {
    /// It repeats a header, or the file says so itself.
    Blocks,
    /// It looks as if.
    Asks,
}

/// Where something was found.
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
    /// The words of a measurement that is seen, or is in a table.
    Measurement(MeasurementId),
    /// The last words of the legend.
    Closing,
    /// The name of the file that is to be written.
    FileName,
    /// The image of a panel.
    Image(PanelId),
    /// The image that leaves by itself, or those of a film.
    View,
    /// The name of a lesion.
    Lesion(LesionId),
    /// The site of a lesion.
    Site(LesionId),
    /// The name of a time point, from 0.
    TimePoint(usize),
    /// The columns of a table that hold UIDs.
    Uids,
    /// A section of the notes, by its first byte.
    Notes(usize),
    /// A value among the notes, from 0.
    LiveValue(usize),
    /// The title of the case.
    CaseTitle,
    /// The words of an event.
    Event(EventId),
    /// The time of an event.
    EventTime(EventId),
    /// An examination on the timeline.
    Course,
    /// The appendix that says where numbers come from.
    Provenance,
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
            Self::View => "view".to_owned(),
            Self::Lesion(id) => format!("lesion-{}", id.0),
            Self::Site(id) => format!("site-{}", id.0),
            Self::TimePoint(index) => format!("time-point-{}", index + 1),
            Self::Uids => "uids".to_owned(),
            Self::Notes(_) => "notes".to_owned(),
            Self::LiveValue(_) => "value".to_owned(),
            Self::CaseTitle => "case-title".to_owned(),
            Self::Event(id) => format!("event-{}", id.0),
            Self::EventTime(id) => format!("event-time-{}", id.0),
            Self::Course => "course".to_owned(),
            Self::Provenance => "provenance".to_owned(),
        }
    }
}

impl Finding {
    /// Whether a decision of that name is of it: [`Finding::key`], or `dates` for all dates but that of a birth.
    pub fn is_named(&self, name: &str) -> bool {
        self.names.has(name)
    }

    /// Whether it is in an image.
    pub fn is_in_image(&self) -> bool {
        matches!(self.at, FindingPlace::Image(_) | FindingPlace::View)
    }
}

/// A text that is about to leave, and where it stands.
#[derive(Debug)]
pub(super) struct GateText {
    pub(super) at: FindingPlace,
    /// The same in words.
    pub(super) place: String,
    pub(super) words: String,
    /// It lists what others published: years, pages and addresses are of that.
    pub(super) cites: bool,
}

impl GateText {
    pub(super) fn new(at: FindingPlace, place: impl Into<String>, words: impl Into<String>) -> Self {
        Self { at, place: place.into(), words: words.into(), cites: false }
    }
}

/// The name of a file that is about to be written, which leaves with it.
pub(super) fn file_name_text(path: &Path) -> Option<GateText> {
    Some(GateText::new(FindingPlace::FileName, "file name", path.file_stem()?.to_string_lossy()))
}

/// Findings as they come.
#[derive(Debug)]
pub(super) struct Findings<'k> {
    /// The names of those that are kept on purpose.
    kept: &'k [String],
    pub(super) list: Vec<Finding>,
    /// How often the same words were found at the same place.
    seen: HashMap<String, usize>,
}

/// What is found, before it has a name.
#[derive(Debug)]
pub(super) struct Found<'a> {
    /// A word for its kind.
    pub(super) kind: &'static str,
    /// Changes when what was found does.
    pub(super) of: &'a str,
    /// What it has in common with all that are alike; `None` where each is decided by itself.
    pub(super) value: Option<String>,
    pub(super) at: FindingPlace,
    pub(super) place: String,
    pub(super) what: String,
    pub(super) severity: FindingSeverity,
    pub(super) range: Option<Range<usize>>,
    pub(super) around: [String; 2],
    pub(super) quote: String,
    pub(super) cure: Option<String>,
}

impl<'k> Findings<'k> {
    pub(super) fn new(kept: &'k [String]) -> Self {
        Self { kept, list: Vec::new(), seen: HashMap::new() }
    }

    pub(super) fn add(&mut self, found: Found<'_>) {
        let again = self.seen.entry(placed(found.kind, found.at, found.of)).or_default();
        let names = Names::new(found.kind, found.at, (found.value.as_deref(), found.of), *again);
        *again += 1;
        let kept = self.kept.iter().any(|kept| names.has(kept));
        let text = if found.range.is_some() { found.of.to_owned() } else { String::new() };
        self.list.push(Finding {
            key: names.key.clone(),
            names,
            at: found.at,
            place: found.place,
            what: found.what,
            range: found.range,
            text: Phi::new(text),
            around: Phi::new(found.around),
            quote: Phi::new(found.quote),
            severity: found.severity,
            cure: found.cure,
            kept,
        });
    }
}

impl Session {
    /// Adds what could say who the patient is in texts that are about to leave.
    pub(super) fn in_texts(&self, texts: &[GateText], findings: &mut Findings<'_>) {
        let known = self.headers.known();
        let dates = Dates { session: self, columns: OnceCell::new() };
        for text in texts {
            in_text(text, known, |date| dates.in_words(date), findings);
        }
    }
}

/// `in_words` says a known date without the date.
fn in_text(
    text: &GateText,
    known: &Known,
    in_words: impl Fn(&str) -> Option<String>,
    findings: &mut Findings<'_>,
) {
    let all: Vec<Find> =
        find(&text.words, known).into_iter().filter(|found| !(text.cites && is_cited(text, found))).collect();
    let ranges: Vec<Range<usize>> = all.iter().map(|found| found.range.clone()).collect();
    for found in all {
        let Some(words) = text.words.get(found.range.clone()) else { continue };
        let severity = if found.kind.is_known() { FindingSeverity::Blocks } else { FindingSeverity::Asks };
        let curable = !matches!(
            text.at,
            FindingPlace::FileName
                | FindingPlace::LiveValue(_)
                | FindingPlace::EventTime(_)
                | FindingPlace::Course
                | FindingPlace::Provenance
        );
        let cure = || match found.kind.in_its_place() {
            Some(words) => words.to_owned(),
            // What a cure says must not identify in turn: names of time points are typed.
            None => in_words(words).filter(|cure| find(cure, known).is_empty()).unwrap_or_default(),
        };
        findings.add(Found {
            kind: kind_name(&found.kind),
            of: words,
            value: Some(alike(words, known)),
            at: text.at,
            place: text.place.clone(),
            what: kind_words(&found.kind),
            severity,
            cure: curable.then(cure),
            around: around::around(&text.words, &found.range),
            quote: around::without_found(&text.words, &found.range, &ranges),
            range: Some(found.range),
        });
    }
}

/// Whether it belongs to a work that is cited: its year and month, volume and pages, DOI and address.
fn is_cited(text: &GateText, found: &Find) -> bool {
    /// "12:34" may be a volume and its first page.
    const LONGEST_TIME: usize = 5;
    match found.kind {
        FindKind::DateLike
        | FindKind::YearLike
        | FindKind::UidLike
        | FindKind::IdLike
        | FindKind::PhoneLike
        | FindKind::UrlLike
        | FindKind::AgeLike => true,
        FindKind::Known(Identifier::StudyDate) => {
            let said = text.words.get(found.range.clone()).unwrap_or_default();
            said.len() <= LONGEST_TIME
        }
        FindKind::Known(_) | FindKind::EmailLike => false,
    }
}

/// The dates of the time points, looked up only where a text has a date.
struct Dates<'s> {
    session: &'s Session,
    columns: OnceCell<(Ledger, Vec<Known>)>,
}

impl Dates<'_> {
    /// How a known date is said without the date: "14 days after the first examination".
    fn in_words(&self, date: &str) -> Option<String> {
        let (ledger, dates) = self.columns.get_or_init(|| {
            let with_date = |column: &LedgerColumn| {
                let mut known = Known::default();
                known.add(Identifier::StudyDate, column.date.as_deref().unwrap_or_default());
                known
            };
            let ledger = self.session.ledger();
            let dates = ledger.columns.iter().map(with_date).collect();
            (ledger, dates)
        });
        let is_it =
            |known: &Known| find(date, known).iter().any(|found| matches!(found.kind, FindKind::Known(_)));
        Clock::new(self.session.case(), ledger, false).noun(dates.iter().position(is_it)?)
    }
}
