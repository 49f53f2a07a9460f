//! Frames at one place told apart by an order: of time, or of their numbers.
//!
//! The k-th at every place belong together only where every place has its k-th. Where one lacks a frame, what follows
//! would move up and fill the hole with a slice of another acquisition. There the whole stack decides: over the full
//! places the values of each acquisition make a line or an interval, and a frame of a place that is not full belongs
//! to the one that it fits, far better than any other.

use std::sync::Arc;

use super::places::Places;
use super::value::Coded;
use crate::image::{Attribute, Frame, Varying};

/// How much nearer a frame must be to its own acquisition than to the next.
const SURE: f64 = 4.0;
/// Rounding of times in headers, in seconds, and of numbers.
const ROUNDING: f64 = 1e-3;

/// Attributes whose values have an order in time, so that the k-th at every place belong together.
pub(super) fn is_order(attribute: Attribute) -> bool {
    matches!(
        attribute,
        Attribute::TriggerDelay
            | Attribute::TemporalPosition
            | Attribute::TemporalOffset
            | Attribute::Acquisition
            | Attribute::FrameReferenceTime
            | Attribute::AcquisitionTime
            | Attribute::ContentTime
    )
}

/// An order, and of each frame which it is at its place.
#[derive(Debug)]
pub(super) struct Order {
    /// The attribute; the image's number where there is none.
    pub by: Option<Attribute>,
    /// From 0.
    pub ranks: Vec<u32>,
}

/// Numbers of the frames in one order; all of those at one place differ.
struct Candidate {
    by: Option<Attribute>,
    values: Vec<f64>,
}

/// What the values of an acquisition make over its places, the surest first.
#[derive(Debug, Clone, Copy)]
enum Fit {
    ExactLine,
    Line,
    Interval,
}

const FITS: [Fit; 3] = [Fit::ExactLine, Fit::Line, Fit::Interval];

/// The order in which the acquisitions follow each other, if the whole stack bears it out.
pub(super) fn consistent(frames: &[Arc<Frame>], places: &Places, attributes: &[Coded]) -> Option<Order> {
    let members = places.members();
    let candidates = candidates(frames, &members, attributes);
    let fit = |how: Fit, one: &Candidate| {
        let lines =
            |within| Lines::of(&one.values, &members, places)?.ranks(&one.values, &members, places, within);
        match how {
            Fit::ExactLine => lines(ROUNDING),
            Fit::Line => lines(f64::INFINITY),
            Fit::Interval => intervals(&one.values, &members, places),
        }
    };
    let (ranks, found) =
        FITS.iter().find_map(|how| candidates.iter().find_map(|one| Some((fit(*how, one)?, one.by))))?;
    // What says the same and is preferred gives the name.
    let agrees = |one: &&Candidate| FITS.iter().any(|how| fit(*how, one).is_some_and(|own| own == ranks));
    let by = candidates.iter().find(agrees).map_or(found, |one| one.by);
    Some(Order { by, ranks })
}

/// The k-th at every place, where every place has as many frames and so none can move up.
pub(super) fn by_rank(frames: &[Arc<Frame>], places: &Places, attributes: &[Coded]) -> Option<Order> {
    let members = places.members();
    if members.iter().any(|list| list.len() != places.most) {
        return None;
    }
    let best = candidates(frames, &members, attributes).into_iter().next();
    let mut ranks = vec![0; frames.len()];
    for list in &members {
        let mut list = list.clone();
        // Frames come in the order of their numbers, which is all there is without a time.
        if let Some(best) = &best {
            list.sort_by(|a, b| value(&best.values, *a).total_cmp(&value(&best.values, *b)));
        }
        for (rank, index) in (0_u32..).zip(list) {
            if let Some(slot) = ranks.get_mut(index) {
                *slot = rank;
            }
        }
    }
    Some(Order { by: best.and_then(|best| best.by), ranks })
}

/// Times, in the order of preference, then numbers.
fn candidates(frames: &[Arc<Frame>], members: &[Vec<usize>], attributes: &[Coded]) -> Vec<Candidate> {
    let times = attributes.iter().filter(|one| is_order(one.attribute)).filter_map(|one| {
        let values = (0..frames.len()).map(|index| match one.value(index) {
            Some(Varying::Number(number)) => Some(*number),
            Some(_) | None => None,
        });
        Some(Candidate { by: Some(one.attribute), values: values.collect::<Option<_>>()? })
    });
    let one_object = frames
        .iter()
        .all(|frame| frames.first().is_some_and(|first| first.of.sop_instance == frame.of.sop_instance));
    let number = |frame: &Arc<Frame>| {
        if one_object { Some(f64::from(frame.of.frame_number)) } else { frame.instance_number.map(f64::from) }
    };
    let numbers = frames.iter().map(number).collect::<Option<_>>();
    let all = times.chain(numbers.map(|values| Candidate { by: None, values }));
    all.filter(|one| members.iter().all(|list| differ(&one.values, list))).collect()
}

fn value(values: &[f64], index: usize) -> f64 {
    values.get(index).copied().unwrap_or(f64::NAN)
}

/// Whether no two frames of a place have one value.
fn differ(values: &[f64], list: &[usize]) -> bool {
    let mut own: Vec<f64> = list.iter().map(|index| value(values, *index)).collect();
    own.sort_by(f64::total_cmp);
    own.windows(2).all(|two| two.first() != two.get(1))
}

/// Place and value of each frame of an acquisition at the full places, by acquisition.
fn acquisitions(values: &[f64], members: &[Vec<usize>], places: &Places) -> Option<Vec<Vec<(f64, f64)>>> {
    let mut all = vec![Vec::new(); places.most];
    for (list, mm) in members.iter().zip(&places.mm).filter(|(list, _)| list.len() == places.most) {
        let mut own: Vec<f64> = list.iter().map(|index| value(values, *index)).collect();
        own.sort_by(f64::total_cmp);
        for (points, value) in all.iter_mut().zip(own) {
            points.push((*mm, value));
        }
    }
    (all.first()?.len() > 1).then_some(all)
}

/// The rank at each place that `fits` gives; `None` where it gives two frames of a place one rank, or none.
fn assigned(
    frames: usize,
    members: &[Vec<usize>],
    fits: impl Fn(usize, usize) -> Option<u32>,
) -> Option<Vec<u32>> {
    let mut ranks = vec![0; frames];
    for (place, list) in members.iter().enumerate() {
        let mut taken = Vec::with_capacity(list.len());
        for index in list {
            let rank = fits(*index, place)?;
            if taken.contains(&rank) {
                return None;
            }
            taken.push(rank);
            *ranks.get_mut(*index)? = rank;
        }
    }
    Some(ranks)
}

/// The nearest of these distances, if it is nearer than the next by this factor.
fn nearest(distances: impl Iterator<Item = f64>, factor: f64, within: f64) -> Option<u32> {
    let (mut best, mut second) = ((0, f64::INFINITY), f64::INFINITY);
    for (rank, distance) in (0_u32..).zip(distances) {
        if distance < best.1 {
            (second, best) = (best.1, (rank, distance));
        } else {
            second = second.min(distance);
        }
    }
    (best.1 * factor <= second && best.1 <= within && second > 0.0).then_some(best.0)
}

/// Values that grow evenly from place to place: slices taken or numbered one after the other.
struct Lines(Vec<Line>);

struct Line {
    slope: f64,
    at: (f64, f64),
}

impl Line {
    /// By least squares.
    fn through(points: &[(f64, f64)]) -> Self {
        let count = points.len() as f64;
        let mean = |part: fn(&(f64, f64)) -> f64| points.iter().map(part).sum::<f64>() / count;
        let (x, y) = (mean(|point| point.0), mean(|point| point.1));
        let over: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
        let under: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
        Self { slope: if under > 0.0 { over / under } else { 0.0 }, at: (x, y) }
    }

    fn distance(&self, mm: f64, value: f64) -> f64 {
        (value - self.at.1 - self.slope * (mm - self.at.0)).abs()
    }
}

impl Lines {
    fn of(values: &[f64], members: &[Vec<usize>], places: &Places) -> Option<Self> {
        let all = acquisitions(values, members, places)?;
        Some(Self(all.iter().map(|points| Line::through(points)).collect()))
    }

    /// Every frame by its line, if all lie within this much of one and much farther from the others.
    fn ranks(
        &self,
        values: &[f64],
        members: &[Vec<usize>],
        places: &Places,
        within: f64,
    ) -> Option<Vec<u32>> {
        assigned(values.len(), members, |index, place| {
            let mm = *places.mm.get(place)?;
            let distances = self.0.iter().map(|line| line.distance(mm, value(values, index)));
            nearest(distances, SURE, within)
        })
    }
}

/// Every frame by the interval of values that its acquisition has at the full places, where these lie apart by more
/// than the steps in them.
fn intervals(values: &[f64], members: &[Vec<usize>], places: &Places) -> Option<Vec<u32>> {
    let mut ends = Vec::with_capacity(places.most);
    let mut step = 0.0_f64;
    for points in acquisitions(values, members, places)? {
        let mut own: Vec<f64> = points.into_iter().map(|point| point.1).collect();
        own.sort_by(f64::total_cmp);
        let steps = own.windows(2).filter_map(|two| Some(two.get(1)? - two.first()?));
        step = steps.fold(step, f64::max);
        ends.push((*own.first()?, *own.last()?));
    }
    let apart = ends.windows(2).all(|two| match two {
        [(_, before), (after, _)] => after - before >= step && after > before,
        _ => true,
    });
    if !apart {
        return None;
    }
    assigned(values.len(), members, |index, _| {
        let value = value(values, index);
        nearest(ends.iter().map(|(low, high)| (low - value).max(value - high).max(0.0)), 2.0, f64::INFINITY)
    })
}
