//! Background work: named threads, two queues, one channel of results. The only place that spawns a thread.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crossbeam_channel::{Receiver, Sender, bounded};

use super::library::Place;
use super::load::load_frame;
use super::pictures::Added;
use crate::case::figure::FileKind;
use crate::case::{LesionMask, MeasurementId};
use crate::dicom::{self, DicomError, ElementList, Identity, Instance, Problem};
use crate::image::{Decoded, Frame, FrameRef, OverlayPlane, SeriesKey};
use crate::mask::{Margin, Mask};
use crate::render::{self, FontFace, Picture};

/// Side of a thumbnail in pixels.
const THUMBNAIL: u32 = 96;
/// Threads that read pixels.
const READERS: usize = 2;
/// Frames read ahead that wait for the session at most. They are taken in one go, and what the reader wants next waits
/// for that: a second of reading ahead must not pile up behind one picture of the window.
const AHEAD: usize = 32;
/// Bytes of samples that wait for the session at most; one frame waits however large it is.
const WAITING: usize = 64 << 20;

/// What a worker tells the session.
#[derive(Debug)]
pub(super) enum Done {
    /// Objects the scan of that number found.
    Found(u64, Vec<Instance>),
    /// Files the scan of that number did not use.
    Skipped(u64, Vec<Problem>),
    /// The scan of that number is over.
    ScanEnded(u64),
    /// Overlay planes of a frame that had to be read with its pixels.
    Overlays(Arc<Frame>, Vec<OverlayPlane>),
    /// Pixels of a frame, or why there are none.
    Samples(Arc<Frame>, Result<Decoded, String>),
    /// Files that were to join the case of that number as pictures, and those that can.
    Pictures(u64, Vec<(PathBuf, Result<Added, String>)>),
    /// A small picture of a series, from this frame.
    Thumbnail(SeriesKey, FrameRef, Option<Picture>),
    /// A view was written with so many bytes, or not, and why.
    View(PathBuf, Result<u64, String>),
    /// A figure was written with so many bytes, or not, and why: its file, its kind, its journal.
    Figure(PathBuf, FileKind, String, Result<u64, String>),
    /// A report was written with so many bytes, or not, and why: its file and what its author should know of it.
    Report(PathBuf, Vec<String>, Result<u64, String>),
    /// What headers say of the patient, in the order that they were asked for; `None` of one that cannot be read.
    Headers(Vec<Option<Identity>>),
    /// A cine was written with so many bytes, or not, and why; how many of the images of its planes could not be read whole.
    Cine(PathBuf, usize, Result<u64, String>),
    /// Every element of a file, or why there are none.
    Elements(PathBuf, Result<Box<ElementList>, String>),
    /// Faces that have the letters that were missing.
    Fonts(Vec<FontFace>),
    /// The margin of a mask, or why there is none.
    Margin(Arc<LesionMask>, Result<Box<Margin>, String>),
    /// A mask after a change and what it is called, or why not.
    Mask(MeasurementId, Arc<LesionMask>, Result<(Mask, &'static str), String>),
    /// How two masks lie to each other, in words.
    Compared(MeasurementId, MeasurementId, String),
    /// The case was autosaved, or not, and why.
    Autosaved(Result<(), String>),
    /// A thread panicked; it goes on with its next task.
    Panicked(&'static str),
}

/// One thing to read.
#[derive(Debug, Clone)]
pub(super) enum Task {
    /// The pixels of a frame.
    Frame(Arc<Frame>),
    /// A small picture of a series, from this frame.
    Thumbnail(SeriesKey, Arc<Frame>),
}

#[derive(Default)]
struct Queue {
    now: VecDeque<Task>,
    later: VecDeque<Task>,
    /// Frames that a reader has, or whose pixels wait for the session.
    reading: HashSet<Place>,
    /// Those of them that somebody waits for: nothing is read ahead meanwhile.
    urgent: HashSet<Place>,
    /// Bytes of their samples.
    waiting: usize,
    closed: bool,
}

/// Called by workers after each result, so that a sleeping window looks again.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// The workers and the channel that their results come through.
pub(super) struct Jobs {
    queue: Arc<(Mutex<Queue>, Condvar)>,
    sender: Sender<Done>,
    results: Receiver<Done>,
    wake: Wake,
}

impl fmt::Debug for Jobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jobs").finish_non_exhaustive()
    }
}

fn lock(queue: &Mutex<Queue>) -> MutexGuard<'_, Queue> {
    // A panic while the lock is held leaves plain lists behind: they are still good.
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Jobs {
    pub(super) fn new(wake: Wake) -> Self {
        let (sender, results) = bounded(1024);
        let jobs = Self { queue: Arc::default(), sender, results, wake };
        for _ in 0..READERS {
            let queue = Arc::clone(&jobs.queue);
            jobs.spawn("isodense-pixels", move |report| read_pixels(&queue, report));
        }
        jobs
    }

    /// Runs `work` on its own thread. A panic becomes a notice. The one spawn point.
    pub(super) fn spawn(&self, name: &'static str, work: impl Fn(&Reporter) + Send + 'static) {
        let report = Reporter { sender: self.sender.clone(), wake: Arc::clone(&self.wake) };
        let thread = std::thread::Builder::new().name(name.to_owned());
        let started = thread.spawn(move || {
            while catch_unwind(AssertUnwindSafe(|| work(&report))).is_err() {
                report.send(Done::Panicked(name));
                if name != "isodense-pixels" {
                    break;
                }
            }
        });
        if let Err(error) = started {
            log::error!("cannot start the thread {name}: {error}");
            // This is the thread that reads the channel: it must not wait for itself.
            if self.sender.try_send(Done::Panicked(name)).is_err() {
                log::error!("and nobody is told");
            }
        }
    }

    /// Replaces what is waiting: what nobody wants any more is never read.
    pub(super) fn want(&self, now: Vec<Task>, later: Vec<Task>) {
        let (queue, ready) = &*self.queue;
        let mut queue = lock(queue);
        queue.now = now.into();
        queue.later = later.into();
        ready.notify_all();
    }

    /// The next result that is ready.
    pub(super) fn next(&self) -> Option<Done> {
        let done = self.results.try_recv().ok()?;
        if let Done::Samples(frame, _) = &done {
            // Only now: until the session holds the pixels it asks for them again.
            let (place, mut queue) = (Place::of(frame), lock(&self.queue.0));
            queue.urgent.remove(&place);
            if queue.reading.remove(&place) {
                queue.waiting = queue.waiting.saturating_sub(frame.decoded_bytes());
            }
            self.queue.1.notify_all();
        }
        Some(done)
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        lock(&self.queue.0).closed = true;
        self.queue.1.notify_all();
    }
}

/// A worker's way to the session.
#[derive(Clone)]
pub(super) struct Reporter {
    sender: Sender<Done>,
    wake: Wake,
}

impl Reporter {
    /// Sends a result and wakes the window. A session that is gone wants none.
    pub(super) fn send(&self, done: Done) {
        if self.sender.send(done).is_ok() {
            (self.wake)();
        }
    }
}

fn next_task(shared: &(Mutex<Queue>, Condvar)) -> Option<Task> {
    let (queue, ready) = shared;
    let mut queue = lock(queue);
    loop {
        if queue.closed {
            return None;
        }
        // Nobody may look for a while: what is read then must not pile up.
        let full = queue.waiting >= WAITING;
        let urgent = queue.now.pop_front_if(|_| !full);
        let (is_urgent, ahead) = (urgent.is_some(), queue.urgent.is_empty() && queue.reading.len() < AHEAD);
        match urgent.or_else(|| queue.later.pop_front_if(|_| ahead && !full)) {
            Some(Task::Frame(frame)) => {
                let place = Place::of(&frame);
                if is_urgent {
                    queue.urgent.insert(place.clone());
                }
                if queue.reading.insert(place) {
                    queue.waiting = queue.waiting.saturating_add(frame.decoded_bytes());
                    return Some(Task::Frame(frame));
                }
            }
            Some(task) => return Some(task),
            None => queue = ready.wait(queue).unwrap_or_else(PoisonError::into_inner),
        }
    }
}

fn read_pixels(shared: &(Mutex<Queue>, Condvar), report: &Reporter) {
    while let Some(task) = next_task(shared) {
        match task {
            Task::Frame(frame) => {
                let samples = catch_unwind(|| load_frame(&frame));
                let samples = samples.unwrap_or_else(|_panic| {
                    let what = "the decoder met an error it did not expect".to_owned();
                    Err(DicomError::Damaged(what).to_string())
                });
                if !frame.overlays.is_empty()
                    && let Ok(Ok(planes)) = catch_unwind(|| dicom::load_overlays(&frame))
                {
                    report.send(Done::Overlays(Arc::clone(&frame), planes));
                }
                report.send(Done::Samples(frame, samples));
            }
            Task::Thumbnail(series, frame) => {
                let picture = catch_unwind(|| {
                    let samples = load_frame(&frame).ok()?;
                    let voi = render::default_voi(&frame, &samples);
                    Some(render::thumbnail(&frame, &samples, &voi, THUMBNAIL))
                });
                let picture = picture.ok().flatten();
                report.send(Done::Thumbnail(series, frame.of.clone(), picture));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::image::testing::oblique_frame;

    fn wait_for_one(jobs: &Jobs) {
        let start = Instant::now();
        while jobs.results.is_empty() {
            assert!(start.elapsed() < Duration::from_secs(20), "nothing was read");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn a_frame_is_not_read_again_while_its_pixels_wait_for_the_session() {
        let jobs = Jobs::new(Arc::new(|| {}));
        let frame = Arc::new(oblique_frame());
        let want = || jobs.want(vec![Task::Frame(Arc::clone(&frame))], Vec::new());
        want();
        wait_for_one(&jobs);
        want();
        std::thread::sleep(Duration::from_millis(50));
        assert_eq!(jobs.results.len(), 1);
        assert!(matches!(jobs.next(), Some(Done::Samples(..))));
        want();
        wait_for_one(&jobs);
    }

    /// Ten thousand frames nearby, and then the reader goes somewhere else.
    #[test]
    fn what_is_wanted_now_waits_for_no_more_than_was_read_ahead() {
        let jobs = Jobs::new(Arc::new(|| {}));
        let frame = |number: u32| {
            let mut frame = oblique_frame();
            frame.of.frame_number = number;
            Arc::new(frame)
        };
        jobs.want(Vec::new(), (2..10_002).map(|number| Task::Frame(frame(number))).collect());
        // The session sleeps: nobody takes anything.
        let start = Instant::now();
        while jobs.results.len() < AHEAD {
            assert!(start.elapsed() < Duration::from_secs(20), "nothing is read ahead");
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(50));
        assert_eq!(jobs.results.len(), AHEAD, "more is read than anybody looks at");
        jobs.want(
            vec![Task::Frame(frame(1))],
            (2..10_002).map(|number| Task::Frame(frame(number))).collect(),
        );
        let mut before = 0;
        loop {
            match jobs.next() {
                Some(Done::Samples(frame, _)) if frame.of.frame_number == 1 => break,
                Some(_) => before += 1,
                None => std::thread::sleep(Duration::from_millis(1)),
            }
            assert!(start.elapsed() < Duration::from_secs(20), "what is wanted now never comes");
        }
        assert!(before <= AHEAD + READERS, "{before} frames were read before the one that is wanted");
    }
}
