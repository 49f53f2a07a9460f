//! What the headers of files say of the patient: read on a thread of its own, each file once.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use super::TellingPlace;
use crate::case::Figure;
use crate::dicom::{self, Identity, PixelHints, Whereabouts};
use crate::identify::{Identifier, Known};
use crate::image::{FileState, Frame, Phi, Series};
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
    pub(super) fn new(frame: &Frame) -> Self {
        let stored = &frame.stored;
        let bytes = stored.archive.as_ref().map_or(Whereabouts::File, |entry| {
            // The same bytes that the pixels are read from.
            Whereabouts::Archive(Arc::clone(entry))
        });
        Self { path: Arc::clone(&stored.path), state: stored.state, bytes }
    }

    /// Whether both are of one file.
    pub(super) fn is_of(&self, other: &Self) -> bool {
        self.path.as_os_str() == other.path.as_os_str()
    }

    /// Reads it; `None` where it cannot be read.
    pub(super) fn read(&self) -> Option<Identity> {
        match catch_unwind(AssertUnwindSafe(|| dicom::read_identity(&self.path, &self.bytes))) {
            Ok(Ok(identity)) => Some(identity),
            // The finding says that nobody knows; why is in the list of elements.
            Ok(Err(_)) | Err(_) => None,
        }
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
    /// What it says of the patient, by the places in [`Headers::values`].
    values: Box<[u32]>,
}

/// What the open files say of the patients of the case.
#[derive(Default)]
pub(in crate::session) struct Headers {
    known: Known,
    /// The series whose patient and study are known: those of the patients of the case.
    series: Vec<Arc<Series>>,
    read: HashMap<OsString, Header>,
    /// What was read, each once: thousands of files of a series say the same.
    values: Vec<(Identifier, Phi<String>)>,
    places: HashMap<(String, String), u32>,
    /// The files that a thread reads now.
    reading: Vec<HeaderOf>,
    /// What the names of folders say that the reader is asked about.
    pub(super) asked_places: Vec<TellingPlace>,
    /// What they say that the reader keeps.
    pub(super) kept_places: Vec<TellingPlace>,
    /// The reader looks at what the notebook says of the patient.
    pub(in crate::session) wants_notebook: bool,
    /// The figure all of whose headers are read: it is asked for after every action.
    whole: Option<Arc<Figure>>,
}

/// Prints nothing that a header says.
impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Headers")
            .field("known", &self.known)
            .field("read", &self.read.len())
            .finish_non_exhaustive()
    }
}

impl Headers {
    /// Values that would identify the patient.
    pub(in crate::session) fn known(&self) -> &Known {
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
    fn has(&self, all: Vec<&Arc<Series>>) -> bool {
        let mut own = self.series.iter();
        let same = |series: &Arc<Series>| own.next().is_some_and(|own| Arc::ptr_eq(series, own));
        all.into_iter().all(same) && own.next().is_none()
    }

    /// From now on these series are those of the patients of the case; what others said of theirs is known no more.
    fn set_series(&mut self, all: Vec<Arc<Series>>) {
        let mut known = Known::default();
        let mut added = HashSet::new();
        for series in &all {
            add(&mut known, series);
            let read = series.frames.iter().filter_map(|frame| self.read.get(frame.stored.path.as_os_str()));
            for place in read.flat_map(|header| header.values.iter().copied()) {
                if added.insert(place)
                    && let Some((identifier, value)) = self.values.get(place as usize)
                {
                    known.add(identifier.clone(), value.reveal());
                }
            }
        }
        (self.known, self.series, self.whole) = (known, all, None);
    }

    fn put(&mut self, of: &HeaderOf, identity: Option<Identity>) {
        let mut values = Vec::new();
        let hints = identity.map(|identity| {
            for (identifier, value) in identity.values {
                self.known.add(identifier.clone(), value.reveal());
                values.extend(self.place_of(identifier, value));
            }
            identity.hints
        });
        let header = Header { state: of.state, hints, values: values.into() };
        self.read.insert(of.path.as_os_str().to_owned(), header);
    }

    fn place_of(&mut self, identifier: Identifier, value: Phi<String>) -> Option<u32> {
        let new = u32::try_from(self.values.len()).ok()?;
        let place = *self.places.entry((format!("{identifier:?}"), value.reveal().clone())).or_insert(new);
        if place == new {
            self.values.push((identifier, value));
        }
        Some(place)
    }
}

/// What the session knows of a series without reading its files again.
pub(super) fn add(known: &mut Known, series: &Series) {
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
    pub(in crate::session) fn headers_missing(&self, figure: &Figure) -> usize {
        let whole = self.headers.whole.as_ref();
        if self.headers.has(self.series_of_patients())
            && whole.is_some_and(|whole| std::ptr::eq(&raw const **whole, figure))
        {
            return 0;
        }
        self.headers_left(figure.panels.iter().flat_map(|panel| self.frames_of_panel(panel)))
    }

    /// The same of any images.
    pub(in crate::session) fn headers_left(&self, frames: impl Iterator<Item = Arc<Frame>>) -> usize {
        // Series that came since are one thing to do.
        self.unread(frames).len() + usize::from(!self.headers.has(self.series_of_patients()))
    }

    /// The files of images whose headers were not read.
    fn unread(&self, frames: impl Iterator<Item = Arc<Frame>>) -> Vec<HeaderOf> {
        let mut unread: Vec<HeaderOf> = Vec::new();
        for frame in frames {
            let again = unread.last().is_some_and(|last| Arc::ptr_eq(&last.path, &frame.stored.path));
            if !again && matches!(self.headers.hints(&frame), Hints::Unread) {
                unread.push(HeaderOf::new(&frame));
            }
        }
        unread.sort_by(|a, b| a.path.as_os_str().cmp(b.path.as_os_str()));
        unread.dedup_by(|a, b| a.is_of(b));
        unread
    }

    /// Reads the headers of the figure shown, of one that waits to be written, and of whatever else is about to leave,
    /// if they were not read.
    pub(in crate::session) fn want_headers(&mut self) {
        let figures: Vec<Arc<Figure>> =
            self.figure().into_iter().chain(self.figures.waiting_figure()).map(Arc::clone).collect();
        let leaving = self.frames_leaving().or_else(|| self.frames_looked_at());
        if figures.is_empty() && leaving.is_none() {
            return;
        }
        self.know_patients();
        let whole = |figure: &Arc<Figure>| {
            self.headers.whole.as_ref().is_some_and(|whole| Arc::ptr_eq(whole, figure))
        };
        if (leaving.is_none() && figures.iter().all(whole)) || !self.headers.reading.is_empty() {
            return;
        }
        let panels = figures.iter().flat_map(|figure| &figure.panels);
        let frames = panels.flat_map(|panel| self.frames_of_panel(panel));
        let mut unread = self.unread(frames.chain(leaving.into_iter().flatten()));
        unread.truncate(BATCH);
        if unread.is_empty() {
            self.headers.wants_notebook = false;
            self.headers.whole = figures.into_iter().next();
            return;
        }
        self.headers.reading.clone_from(&unread);
        self.jobs.spawn(READER, move |report| {
            report.send(Done::Headers(unread.iter().map(HeaderOf::read).collect()));
        });
    }

    /// From now on what is known is of the patients of the case, as it is now.
    pub(in crate::session) fn know_patients(&mut self) {
        let own: Vec<Arc<Series>> = self.series_of_patients().into_iter().map(Arc::clone).collect();
        if !self.headers.has(own.iter().collect()) {
            self.headers.set_series(own);
        }
    }

    /// Headers were read, in the order that they were asked for; a figure that waited for them goes on.
    pub(in crate::session) fn take_headers(&mut self, read: Vec<Option<Identity>>) {
        let asked = std::mem::take(&mut self.headers.reading);
        let read = read.into_iter().chain(std::iter::repeat_with(|| None));
        for (of, identity) in asked.iter().zip(read) {
            self.headers.put(of, identity);
        }
    }

    /// Whatever was open is not any more: nor is what it said of its patients.
    pub(in crate::session) fn forget_headers(&mut self) {
        let reading = std::mem::take(&mut self.headers.reading);
        self.headers = Headers { reading, ..Headers::default() };
    }
}
