//! What the headers of a figure's files say of the patient: read on a thread of its own, each file once.

use std::collections::HashMap;
use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use crate::case::Figure;
use crate::dicom::{self, Identity, PixelHints, Whereabouts};
use crate::identify::{Identifier, Known};
use crate::image::{FileState, Frame, Series};
use crate::session::Session;
use crate::session::jobs::Done;

/// The thread that reads headers.
pub(in crate::session) const READER: &str = "isodense-headers";
/// Files that are read at a time: few enough to hear of soon.
const BATCH: usize = 64;

/// A file whose header is wanted.
#[derive(Debug, Clone)]
pub(in crate::session) struct HeaderOf {
    path: Arc<Path>,
    /// As the scan found it: a file that was written anew is read anew.
    state: Option<FileState>,
    bytes: Whereabouts,
}

impl HeaderOf {
    fn new(frame: &Frame) -> Self {
        let stored = &frame.stored;
        let bytes = stored.archive.as_ref().map_or(Whereabouts::File, |entry| {
            // The same bytes that the pixels are read from.
            Whereabouts::Archive(Arc::clone(entry))
        });
        Self { path: Arc::clone(&stored.path), state: stored.state, bytes }
    }
}

/// What is known of the pixels of a file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Hints<'h> {
    /// Its header was not read yet.
    Unread,
    /// It could not be read.
    None,
    /// What it says.
    Said(&'h PixelHints),
}

/// What was read of one file.
#[derive(Debug)]
struct Header {
    state: Option<FileState>,
    /// `None` where it could not be read.
    hints: Option<PixelHints>,
}

/// What the open files say of their patients.
#[derive(Debug, Default)]
pub(super) struct Headers {
    known: Known,
    /// The series whose patient and study are known.
    series: Vec<Arc<Series>>,
    read: HashMap<OsString, Header>,
    /// The files that a thread reads now.
    reading: Vec<HeaderOf>,
    /// The figure all of whose headers are read: it is asked for after every action.
    whole: Option<Arc<Figure>>,
}

impl Headers {
    /// Values that would identify the patient.
    pub(super) fn known(&self) -> &Known {
        &self.known
    }

    /// What is known of the pixels of a frame's file.
    pub(super) fn hints(&self, frame: &Frame) -> Hints<'_> {
        match self.read.get(frame.stored.path.as_os_str()) {
            Some(header) if header.state == frame.stored.state => {
                header.hints.as_ref().map_or(Hints::None, Hints::Said)
            }
            Some(_) | None => Hints::Unread,
        }
    }

    /// Whether the patients of these series are known.
    fn has<'s>(&self, all: impl IntoIterator<Item = &'s Arc<Series>>) -> bool {
        let mut own = self.series.iter();
        let same = |series: &Arc<Series>| own.next().is_some_and(|own| Arc::ptr_eq(series, own));
        all.into_iter().all(same) && own.next().is_none()
    }

    fn add_series(&mut self, all: Vec<Arc<Series>>) {
        // All of them: what is known already is not added again.
        for series in &all {
            add(&mut self.known, series);
        }
        self.series = all;
        self.whole = None;
    }

    fn put(&mut self, of: &HeaderOf, identity: Option<Identity>) {
        let hints = identity.map(|identity| {
            for (identifier, value) in identity.values {
                self.known.add(identifier, value.reveal());
            }
            identity.hints
        });
        self.read.insert(of.path.as_os_str().to_owned(), Header { state: of.state, hints });
    }
}

/// What the session knows of a series without reading its files again.
fn add(known: &mut Known, series: &Series) {
    let (patient, study) = (&series.patient, &series.study);
    let name = patient.name.reveal();
    for group in [&name.alphabetic, &name.ideographic, &name.phonetic] {
        known.add(Identifier::PatientName, group);
    }
    known.add(Identifier::PatientId, patient.id.reveal());
    known.add(Identifier::BirthDate, patient.birth_date.reveal());
    known.add(Identifier::Institution, study.institution.reveal());
    for date in [&study.date, &study.time, &series.info.date].into_iter().flatten() {
        known.add(Identifier::StudyDate, date);
    }
    known.add(Identifier::Uid, study.uid.as_str());
    known.add(Identifier::Uid, series.info.uid.as_str());
}

impl Session {
    /// How many headers of a figure's files are still to be read before it can be said what identifies in it.
    pub(super) fn headers_missing(&self, figure: &Figure) -> usize {
        let headers = &self.figures.headers;
        let has_all = headers.has(self.library.all());
        if has_all && headers.whole.as_ref().is_some_and(|whole| std::ptr::eq(&raw const **whole, figure)) {
            return 0;
        }
        // Series that came since are one thing to do.
        self.unread(figure).len() + usize::from(!has_all)
    }

    /// The files of a figure whose headers were not read.
    fn unread(&self, figure: &Figure) -> Vec<HeaderOf> {
        let mut unread: Vec<HeaderOf> = Vec::new();
        for frame in figure.panels.iter().flat_map(|panel| self.frames_of_panel(panel)) {
            let again = unread.last().is_some_and(|last| Arc::ptr_eq(&last.path, &frame.stored.path));
            if !again && matches!(self.figures.headers.hints(&frame), Hints::Unread) {
                unread.push(HeaderOf::new(&frame));
            }
        }
        unread.sort_by(|a, b| a.path.as_os_str().cmp(b.path.as_os_str()));
        unread.dedup_by(|a, b| a.path.as_os_str() == b.path.as_os_str());
        unread
    }

    /// Reads the headers of the figure shown, and of one that waits to be written, if they were not read.
    pub(in crate::session) fn want_headers(&mut self) {
        let waiting = self.figures.waiting.as_ref().map(|waiting| &waiting.figure);
        let figures: Vec<Arc<Figure>> = self.figure().into_iter().chain(waiting).map(Arc::clone).collect();
        if figures.is_empty() {
            return;
        }
        if !self.figures.headers.has(self.library.all()) {
            let all = self.library.all().map(Arc::clone).collect();
            self.figures.headers.add_series(all);
        }
        let whole = |figure: &Arc<Figure>| {
            self.figures.headers.whole.as_ref().is_some_and(|whole| Arc::ptr_eq(whole, figure))
        };
        if figures.iter().all(whole) || !self.figures.headers.reading.is_empty() {
            return;
        }
        let mut unread: Vec<HeaderOf> = figures.iter().flat_map(|figure| self.unread(figure)).collect();
        unread.truncate(BATCH);
        if unread.is_empty() {
            self.figures.headers.whole = figures.into_iter().next();
            return;
        }
        self.figures.headers.reading.clone_from(&unread);
        self.jobs.spawn(READER, move |report| {
            let read = |of: &HeaderOf| {
                let read = catch_unwind(AssertUnwindSafe(|| dicom::read_identity(&of.path, &of.bytes)));
                match read {
                    Ok(Ok(identity)) => Some(identity),
                    // The finding says that nobody knows; why is in the list of elements.
                    Ok(Err(_)) | Err(_) => None,
                }
            };
            report.send(Done::Headers(unread.iter().map(read).collect()));
        });
    }

    /// Headers were read, in the order that they were asked for; a figure that waited for them goes on.
    pub(in crate::session) fn take_headers(&mut self, read: Vec<Option<Identity>>) {
        let asked = std::mem::take(&mut self.figures.headers.reading);
        let read = read.into_iter().chain(std::iter::repeat_with(|| None));
        for (of, identity) in asked.iter().zip(read) {
            self.figures.headers.put(of, identity);
        }
    }

    /// Whatever was open is not any more: nor is what it said of its patients.
    pub(in crate::session) fn forget_headers(&mut self) {
        let reading = std::mem::take(&mut self.figures.headers.reading);
        self.figures.headers = Headers { reading, ..Headers::default() };
    }
}
