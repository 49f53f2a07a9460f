//! Opening, scanning and loading images.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::gate::READER;
use super::jobs::{Done, Reporter, Task};
use super::library::Place;
use super::needs::Purse;
use super::planes;
use super::workspace::{OverlayLevel, ViewportId};
use super::{Library, Notice, Pixels, Session, autosave};
use crate::dicom::{self, Content, Instance, ScanEvent};
use crate::image::{Decoded, Frame, OverlayPlane, Series, SeriesKey, SopInstanceUid};
use crate::words::counted;
use crate::work::{Cancel, Progress};

/// Objects sent together: few enough to show soon, enough to put a series together only so often.
const BATCH: usize = 64;

/// Frames that are taken in at once: readers read on meanwhile, and the window must come to its keys.
const MOST_FRAMES: usize = 32;

/// A scan that is running.
#[derive(Debug, Clone)]
pub struct Scan {
    number: u64,
    cancel: Cancel,
    /// Files looked at, of how many.
    pub progress: Progress,
    /// What is scanned.
    pub paths: Vec<PathBuf>,
    /// What is open already, by the identity that it claims.
    known: Arc<HashMap<(SeriesKey, SopInstanceUid), Content>>,
}

#[cfg(test)]
impl Scan {
    /// A scan of nothing that never ends by itself.
    pub(super) fn for_tests(number: u64) -> Self {
        Self {
            number,
            cancel: Cancel::default(),
            progress: Progress::default(),
            paths: Vec::new(),
            known: Arc::default(),
        }
    }
}

/// What the readers were last asked for: not asked again.
#[derive(Debug, PartialEq)]
pub(super) struct Wanted {
    now: Vec<Place>,
    /// Whether only a thumbnail is wanted, and of which frame.
    later: Vec<(bool, Place)>,
}

impl Session {
    pub(super) fn open(&mut self, paths: Vec<PathBuf>) {
        let (cases, images): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| {
            path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json")) && path.is_file()
        });
        let with_case = !cases.is_empty();
        if let Some(case) = cases.into_iter().next() {
            self.open_case(&case);
        }
        let images = self.open_pictures(images);
        if !images.is_empty() {
            self.expect_opened(&images, with_case);
            self.start_scan(images);
        }
    }

    pub(super) fn start_scan(&mut self, paths: Vec<PathBuf>) {
        // A second folder joins the first: both are scanned again together, so nothing is cut off.
        let running = self.scan.take();
        let mut all = Vec::new();
        if let Some(scan) = running {
            if !scan.cancel.is_cancelled() {
                all = scan.paths;
            }
            scan.cancel.cancel();
        }
        // One name for one folder, however it was called: a file opened twice is known by its path.
        all.extend(paths.into_iter().map(|path| path.canonicalize().unwrap_or(path)));
        self.scans += 1;
        let scan = Scan {
            number: self.scans,
            cancel: Cancel::default(),
            progress: Progress::default(),
            paths: all,
            known: Arc::new(self.library.contents()),
        };
        self.scan = Some(scan.clone());
        self.jobs.spawn("isodense-scan", move |report| run_scan(&scan, report));
    }

    pub(super) fn cancel_scan(&mut self) {
        if let Some(scan) = &self.scan {
            scan.cancel.cancel();
        }
    }

    pub(super) fn close_images(&mut self) {
        if let Some(scan) = self.scan.take() {
            scan.cancel.cancel();
        }
        self.scans += 1;
        self.opening = None;
        self.drop_images();
    }

    /// Forgets every image that is open; a scan goes on.
    pub(super) fn drop_images(&mut self) {
        self.forget_headers();
        self.library = Library::default();
        self.library.calibrate(&Arc::clone(self.history.present()).calibrations);
        self.draft = None;
        self.molding = None;
        self.third_axis = None;
        self.grip = None;
        self.workspace.clear();
        // They belong to the case, which stays.
        self.put_pictures();
        self.refresh_values(None);
        self.forget_changes_of_library();
    }

    /// Takes in what the workers have done since; whether there was anything.
    pub fn poll(&mut self) -> bool {
        let mut any = false;
        let was_anothers = self.is_anothers();
        let mut frames = 0;
        while frames < MOST_FRAMES
            && let Some(done) = self.jobs.next()
        {
            any = true;
            frames += usize::from(matches!(done, Done::Samples(..)));
            self.take(done);
        }
        if frames == MOST_FRAMES {
            // Perhaps some are left, and nobody else says so.
            (self.environment.wake)();
        }
        if any {
            self.library.assemble();
            self.follow_frames();
            self.learn_patients();
            self.show_opened();
            self.fill_viewports();
            if !was_anothers {
                let before = Arc::clone(self.history.present());
                self.keep_typed();
                if !Arc::ptr_eq(&before, self.history.present()) {
                    self.case_changed();
                }
            }
            self.keep_scale();
            self.want_all();
            self.want_elements();
            self.want_headers();
            self.go_on_with_figure();
            self.go_on_leaving();
            self.want_fonts();
        }
        self.autosave_if_due();
        any
    }

    fn take(&mut self, done: Done) {
        match done {
            Done::Found(number, found) if self.is_current(number) => {
                let found = self.take_opened(found);
                self.library.add(found);
            }
            Done::Skipped(number, problems) if self.is_current(number) => self.library.add_problems(problems),
            Done::Found(..) | Done::Skipped(..) => {}
            Done::ScanEnded(number) => {
                if self.is_current(number) {
                    self.library.assemble();
                    self.follow_frames();
                    self.library.forget_old_thumbnails();
                    self.learn_patients();
                    self.show_opened();
                    self.scan_ended();
                }
            }
            Done::Overlays(frame, planes) => self.library.put_overlays(&frame, planes),
            Done::Samples(frame, samples) => self.take_samples(&frame, samples),
            Done::Thumbnail(series, frame, picture) => self.library.put_thumbnail(series, frame, picture),
            Done::View(path, written) => self.take_view(&path, written),
            Done::Figure(path, kind, journal, written) => self.take_figure(&path, kind, &journal, written),
            Done::Report(path, remarks, written) => self.take_report(&path, &remarks, written),
            Done::Cine(path, holes, written) => self.take_cine(&path, holes, written),
            Done::Mask(id, of, changed) => {
                let before = Arc::clone(self.history.present());
                self.take_mask(id, &of, changed);
                if !Arc::ptr_eq(&before, self.history.present()) {
                    self.case_changed();
                }
            }
            Done::Pictures(case, added) => {
                let before = Arc::clone(self.history.present());
                self.take_pictures(case, added);
                if !Arc::ptr_eq(&before, self.history.present()) {
                    self.case_changed();
                }
            }
            Done::Margin(mask, margin) => self.take_margin(&mask, margin),
            Done::Compared(a, b, words) => {
                self.tell(Notice::info(
                    "Two masks were compared.",
                    format!("Masks {} and {}: {words}", a.0, b.0),
                ));
            }
            Done::Fonts(found) => self.take_fonts(found),
            Done::Headers(read) => self.take_headers(read),
            Done::Elements(path, read) => self.take_elements(&path, read),
            Done::Autosaved(written) => self.take_autosaved(written),
            Done::Panicked(autosave::AUTOSAVER) => {
                self.take_autosaved(Err("the thread that writes it failed".to_owned()));
            }
            // Those that it had were not read: nobody waits for ever.
            Done::Panicked(READER) => self.take_headers(Vec::new()),
            Done::Panicked(name) => {
                self.writer_failed(name);
                let what = format!(
                    "The task \"{name}\" met an error it did not expect. The rest goes on; save your case."
                );
                self.tell(Notice::error("A background task failed.", what));
            }
        }
    }

    fn is_current(&self, number: u64) -> bool {
        self.scan.as_ref().is_some_and(|scan| scan.number == number)
    }

    /// The file's graphics over a frame, as far as they are to be shown.
    pub fn graphics<'a>(&'a self, frame: &'a Frame) -> &'a [OverlayPlane] {
        if self.hides_graphics() { &[] } else { self.library.overlays(frame) }
    }

    /// Whether the graphics of files are not to be shown.
    pub(super) fn hides_graphics(&self) -> bool {
        self.workspace.graphics_hidden || self.workspace.overlays == OverlayLevel::Off
    }

    fn take_samples(&mut self, frame: &Frame, samples: Result<Decoded, String>) {
        let pixels = match samples {
            Ok(samples) => Pixels::Loaded(Arc::new(samples)),
            Err(why) => {
                self.tell_of_bad_picture(frame, &why);
                Pixels::Failed(why)
            }
        };
        self.library.put_pixels(frame, pixels);
        self.settle_windows(frame);
        let measured = self.case().measurements.iter().any(|m| {
            m.drawn_on_plane.is_some() || m.mask.is_some() || m.points.drawn_on() == Some(&frame.of)
        });
        if measured {
            self.refresh_values(Some(&frame.of));
        }
        self.trim_pixels();
    }

    fn scan_ended(&mut self) {
        let Some(scan) = self.scan.take() else { return };
        self.open_at_middle();
        self.refresh_values(None);
        if scan.cancel.is_cancelled() {
            self.opening = None;
            self.tell(Notice::warning(
                "The scan was cancelled.",
                format!("{} of {} looked at.", scan.progress.done(), counted(scan.progress.total(), "file")),
            ));
        } else if !self.tell_of_opened() || self.library.has_only_pictures() {
            let mut details = "Open a folder, files or a ZIP archive that hold DICOM.".to_owned();
            if let Some((reason, count)) = self.library.problem_counts().first() {
                let files = counted(*count, "file");
                details = format!("{files}: {reason}. F4 lists why each file was not used.");
            }
            self.tell(Notice::error("No DICOM images were found.", details));
        }
        self.report_missing();
    }

    /// A viewport stays with its frame when the stack that held it is split or joined by files that came.
    fn follow_frames(&mut self) {
        for id in (0..self.workspace.viewports()).map(ViewportId) {
            let Some(viewport) = self.workspace.viewport(id) else { continue };
            let Some(frame) = viewport.view.acquired() else {
                self.follow_plane(id);
                continue;
            };
            if self.library.series(&viewport.series).is_some_and(|series| series.index_of(frame).is_some()) {
                continue;
            }
            let key = self.library.stack_with(&viewport.series, frame).map(|series| series.key());
            if let (Some(key), Some(viewport)) = (key, self.workspace.viewport_mut(id)) {
                viewport.series = key;
            }
        }
    }

    /// Empty viewports take the first series as they come.
    pub(super) fn fill_viewports(&mut self) {
        while let Some(id) = self.workspace.first_empty() {
            let shown = self.shown_series();
            // Another patient's only where the window would be empty without them.
            let free = |s: &&Arc<Series>| {
                !s.frames.is_empty()
                    && !s.is_picture()
                    && !shown.contains(&s.key())
                    && (shown.is_empty() || !self.is_of_another(s))
            };
            let next = self.library.browse().into_iter().find(free).map(|s| s.key());
            let Some(uid) = next else { break };
            let active = self.workspace.active;
            self.show_series(id, &uid);
            self.workspace.active = active;
        }
    }

    /// Asks for what is needed now, then for thumbnails, then for the neighbours of what is shown.
    pub(super) fn want_all(&mut self) {
        let visible: Vec<ViewportId> = (0..self.workspace.layout.count()).map(ViewportId).collect();
        let (needed, purse) = self.count_needs();
        let mut seen = HashSet::new();
        let (mut now, mut later) = (Vec::new(), Vec::new());
        for frame in needed {
            if self.library.pixels(&frame).is_none() && seen.insert(Place::of(&frame)) {
                now.push(Task::Frame(frame));
            }
        }
        if self.environment.reads_ahead {
            for series in self.library.browse() {
                let Some(middle) = series.middle() else { continue };
                let key = series.key();
                let made = self.library.thumbnail_of(&key);
                // While files still come the middle moves with each: one picture now, the right one at the end.
                if made.is_none() || (self.scan.is_none() && made != Some(&middle.of)) {
                    later.push(Task::Thumbnail(key, Arc::clone(middle)));
                }
            }
            let mut ahead = Ahead { budget: purse.ahead(), seen, later, whole: Vec::new() };
            for id in &visible {
                self.want_neighbours(*id, &purse, &mut ahead);
            }
            later = ahead.later;
        }
        self.keep_counted(purse);
        let of = |task: &Task| match task {
            Task::Frame(frame) => (false, Place::of(frame)),
            Task::Thumbnail(_, frame) => (true, Place::of(frame)),
        };
        // Task by task: lists of equal length are not yet equal wishes.
        let wanted = Wanted {
            now: now.iter().map(|task| of(task).1).collect(),
            later: later.iter().map(of).collect(),
        };
        if self.wanted.as_ref() != Some(&wanted) {
            self.wanted = Some(wanted);
            self.jobs.want(now, later);
        }
    }

    /// The other frames of a shown series, and of the one over it, nearest first, as far as memory allows.
    fn want_neighbours(&self, id: ViewportId, purse: &Purse, ahead: &mut Ahead) {
        let Some(shown) = self.shown(id) else { return };
        let middle = || shown.middle();
        let nearest = |series: &Series| middle().and_then(|middle| planes::nearest_slice(series, middle));
        let index = match shown.viewport.view.reformat() {
            Some(_) => nearest(shown.series).unwrap_or(0),
            None => shown.index,
        };
        let over = self.over(&shown).map(|(_, over)| (over, nearest(over).unwrap_or(over.frames.len() / 2)));
        for (series, index) in [(shown.series, index)].into_iter().chain(over) {
            if ahead.whole.iter().any(|whole| Arc::ptr_eq(whole, series)) {
                continue;
            }
            let before = ahead.later.len();
            for frame in series.frames_around(index) {
                let place = Place::of(frame);
                if purse.holds(&place) || ahead.seen.contains(&place) {
                    continue;
                }
                let Some(left) = ahead.budget.checked_sub(frame.decoded_bytes()) else { return };
                ahead.budget = left;
                if self.library.pixels(frame).is_none() {
                    ahead.seen.insert(place);
                    ahead.later.push(Task::Frame(Arc::clone(frame)));
                }
            }
            if ahead.later.len() == before {
                ahead.whole.push(Arc::clone(series));
            }
        }
    }
}

/// What is read ahead, as it is chosen.
struct Ahead {
    /// Bytes that are left.
    budget: usize,
    /// Images that are asked for already.
    seen: HashSet<Place>,
    later: Vec<Task>,
    /// Series of which nothing is left to read: four planes of one are looked through once.
    whole: Vec<Arc<Series>>,
}

fn run_scan(scan: &Scan, report: &Reporter) {
    let batch: Mutex<Vec<Instance>> = Mutex::default();
    let seen = Mutex::new(HashMap::clone(&scan.known));
    let flush = |found: Vec<Instance>| {
        if !found.is_empty() {
            report.send(Done::Found(scan.number, found));
        }
    };
    dicom::scan(&scan.paths, &scan.cancel, &scan.progress, |event| match event {
        ScanEvent::Found(instance) => {
            let key = SeriesKey::new(&instance.patient, &instance.study, &instance.series);
            let claim = (key, instance.sop_instance.clone());
            let twin = match seen.lock().unwrap_or_else(PoisonError::into_inner).entry(claim) {
                Entry::Occupied(first) => Some(first.get().clone()),
                Entry::Vacant(none) => {
                    none.insert(instance.content.clone());
                    None
                }
            };
            if let Some(twin) = twin {
                // Here, where nobody waits: the answer is remembered when the series is put together.
                let _remembered = twin.is_same_as(&instance.content);
            }
            let mut waiting = batch.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.push(*instance);
            if waiting.len() >= BATCH {
                let full = std::mem::take(&mut *waiting);
                drop(waiting);
                flush(full);
            }
        }
        ScanEvent::Skipped(problem) => report.send(Done::Skipped(scan.number, vec![problem])),
    });
    flush(batch.into_inner().unwrap_or_else(PoisonError::into_inner));
    report.send(Done::ScanEnded(scan.number));
}
