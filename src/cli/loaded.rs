//! The samples that commands read: as few at once as a question needs, and never more than images may take.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::CliError;
use super::console::Console;
use super::find::read_samples;
use super::open::watched;
use crate::case::fingerprint_of_all;
use crate::dicom::load_frames;
use crate::image::{Decoded, Frame, FrameRef, Series, Volume, fingerprint};
use crate::memory::{Memory, TooMuch};
use crate::work::Cancel;

/// What was read so far: several measurements lie on one image. The longest unused goes first.
#[derive(Debug)]
pub(super) struct Loaded {
    memory: Memory,
    held: HashMap<FrameRef, (u64, Arc<Decoded>)>,
    bytes: usize,
    uses: u64,
}

impl Loaded {
    pub(super) fn new(memory: Memory) -> Self {
        Self { memory, held: HashMap::new(), bytes: 0, uses: 0 }
    }

    /// The samples of a frame, read once.
    pub(super) fn samples(&mut self, frame: &Frame) -> Result<Arc<Decoded>, CliError> {
        if let Some(samples) = self.used(&frame.of) {
            return Ok(samples);
        }
        self.make_room(frame.decoded_bytes(), &BTreeSet::new());
        let samples = Arc::new(read_samples(frame)?);
        self.hold(frame, &samples);
        Ok(samples)
    }

    /// A series as a volume with the samples of these slices alone; why not, where it is none, where they do not fit and
    /// where one cannot be read.
    pub(super) fn part(
        &mut self,
        series: &Series,
        slices: impl IntoIterator<Item = usize>,
        console: &mut Console<'_>,
    ) -> Result<Volume, CliError> {
        if let Err(why) = &series.slices {
            return Err(CliError::failed(format!("the series is no volume: {why}")));
        }
        let slices: BTreeSet<usize> = slices.into_iter().collect();
        let frames: Vec<Arc<Frame>> =
            slices.iter().filter_map(|slice| series.frames.get(*slice)).map(Arc::clone).collect();
        let needed = frames.iter().fold(0_usize, |sum, frame| sum.saturating_add(frame.decoded_bytes()));
        TooMuch::check(needed, self.memory.bytes(self.bytes)).map_err(CliError::failed)?;
        self.read_all(&frames, console)?;
        let of = |frame: &Frame| self.held.get(&frame.of).map(|(_, samples)| Arc::clone(samples));
        let (first, end) = (slices.first().copied().unwrap_or(0), slices.last().map_or(0, |last| last + 1));
        let samples =
            (first..end).map(|slice| of(series.frames.get(slice).filter(|_| slices.contains(&slice))?));
        Volume::part(series, &(first..end), samples.collect())
            .ok_or_else(|| CliError::failed("the series is no volume"))
    }

    /// One fingerprint of the samples of several images, in their order: none of them is held.
    pub(super) fn fingerprint(
        &mut self,
        frames: &[&Frame],
        console: &mut Console<'_>,
    ) -> Result<Option<String>, CliError> {
        let frames: Vec<Arc<Frame>> = frames.iter().map(|frame| Arc::new((*frame).clone())).collect();
        let mut prints = HashMap::new();
        for (index, frame) in frames.iter().enumerate() {
            prints.extend(self.used(&frame.of).map(|samples| (index, fingerprint(&samples))));
        }
        let missing: Vec<usize> = (0..frames.len()).filter(|index| !prints.contains_key(index)).collect();
        let to_read: Vec<Arc<Frame>> = missing.iter().map(|index| Arc::clone(&frames[*index])).collect();
        let read = each(&to_read, console, |samples| fingerprint(&samples))?;
        prints.extend(read.into_iter().map(|(at, print)| (missing[at], print)));
        let prints: Option<Vec<String>> = (0..frames.len()).map(|index| prints.remove(&index)).collect();
        Ok(prints.and_then(|prints| fingerprint_of_all(&prints)))
    }

    fn used(&mut self, of: &FrameRef) -> Option<Arc<Decoded>> {
        self.uses += 1;
        let (used, samples) = self.held.get_mut(of)?;
        *used = self.uses;
        Some(Arc::clone(samples))
    }

    fn hold(&mut self, frame: &Frame, samples: &Arc<Decoded>) {
        self.uses += 1;
        self.bytes += samples.bytes();
        if let Some((_, old)) = self.held.insert(frame.of.clone(), (self.uses, Arc::clone(samples))) {
            self.bytes -= old.bytes();
        }
    }

    /// Lets the longest unused go until so many bytes more fit, but none of those that stay.
    fn make_room(&mut self, bytes: usize, stay: &BTreeSet<FrameRef>) {
        let most = self.memory.bytes(self.bytes);
        while self.bytes.saturating_add(bytes) > most {
            let oldest =
                self.held.iter().filter(|(of, _)| !stay.contains(of)).min_by_key(|(_, (used, _))| *used);
            let Some(of) = oldest.map(|(of, _)| of.clone()) else { break };
            if let Some((_, samples)) = self.held.remove(&of) {
                self.bytes -= samples.bytes();
            }
        }
    }

    fn read_all(&mut self, frames: &[Arc<Frame>], console: &mut Console<'_>) -> Result<(), CliError> {
        let stay: BTreeSet<FrameRef> = frames.iter().map(|frame| frame.of.clone()).collect();
        let missing: Vec<Arc<Frame>> =
            frames.iter().filter(|frame| self.used(&frame.of).is_none()).map(Arc::clone).collect();
        self.make_room(missing.iter().map(|frame| frame.decoded_bytes()).sum(), &stay);
        for (index, samples) in each(&missing, console, |samples| samples)? {
            self.hold(&missing[index], &Arc::new(samples));
        }
        Ok(())
    }
}

/// Reads frames on all cores and makes something of each; the first that cannot be read ends it.
pub(super) fn each<T: Send>(
    frames: &[Arc<Frame>],
    console: &mut Console<'_>,
    make: impl Fn(Decoded) -> T + Sync + Send,
) -> Result<BTreeMap<usize, T>, CliError> {
    let made = watched("reading", console, |progress| {
        progress.set_total(frames.len());
        let made: Mutex<BTreeMap<usize, T>> = Mutex::default();
        let problem = Mutex::new(None);
        let cancel = Cancel::default();
        load_frames(frames, &cancel, |index, samples| {
            progress.advance(1);
            match samples {
                Ok(samples) => {
                    let one = make(samples);
                    made.lock().unwrap_or_else(PoisonError::into_inner).insert(index, one);
                }
                Err(error) => {
                    problem.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert((index, error));
                    cancel.cancel();
                }
            }
        });
        match problem.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some((index, error)) => Err((index, error)),
            None => Ok(made.into_inner().unwrap_or_else(PoisonError::into_inner)),
        }
    })?;
    made.map_err(|(index, error)| {
        let path = frames.get(index).map(|frame| frame.stored.path.display().to_string());
        CliError::failed(format!("{error}: {}", path.unwrap_or_default()))
    })
}
