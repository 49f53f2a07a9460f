//! Which attribute tells frames at one place apart.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::value::{Coded, coded};
use super::{Group, name};
use crate::image::{Attribute, Frame, Varying};

/// Frames closer than this, or than a hundredth of their thickness, lie at one place.
const SAME_PLACE_MM: f64 = 0.001;
/// Splits within splits: weighting, then time, then echo.
const DEEPEST: usize = 4;

/// Splits frames of one shape where several lie at one place. The frames come in the order of their numbers.
pub(super) fn by_attributes(frames: Vec<Arc<Frame>>) -> Vec<Group> {
    parts(frames, 0)
}

fn parts(frames: Vec<Arc<Frame>>, depth: usize) -> Vec<Group> {
    let places = Places::of(&frames);
    if places.most == 1 || depth == DEEPEST {
        return vec![Group::plain(frames)];
    }
    let attributes = coded(&frames);
    if places.count == 1 {
        return vec![film(&frames, &attributes)];
    }
    let Some(choice) = choose(&frames, &places, &attributes) else { return vec![Group::plain(frames)] };
    let mut groups: BTreeMap<Vec<u32>, Vec<usize>> = BTreeMap::new();
    for index in 0..frames.len() {
        groups.entry(choice.key(index)).or_default().push(index);
    }
    let mut all = Vec::new();
    for members in groups.values() {
        let (id, name) = choice.words(members, &attributes);
        let own = members.iter().filter_map(|index| frames.get(*index).map(Arc::clone)).collect();
        for part in parts(own, depth + 1) {
            all.push(Group {
                id: super::joined(&id, &part.id, ";"),
                name: super::joined(&name, &part.name, ", "),
                ..part
            });
        }
    }
    all
}

/// All frames at one place: one stack in the order of what varies, which is a film to the reader.
fn film(frames: &[Arc<Frame>], attributes: &[Coded]) -> Group {
    let mut order: Vec<usize> = (0..frames.len()).collect();
    let telling = attributes.iter().filter(|a| a.values.len() == frames.len());
    // Of those that tell all frames apart, time orders best; an index of the object itself is the next.
    let best = telling.min_by_key(|a| !is_order(a.attribute));
    if let Some(best) = best {
        order.sort_by_key(|index| best.codes.get(*index).copied());
    } else {
        order
            .sort_by_key(|index| attributes.iter().map(|a| a.codes.get(*index).copied()).collect::<Vec<_>>());
    }
    let differ = order.iter().enumerate().all(|(at, index)| {
        let before = at.checked_sub(1).and_then(|at| order.get(at));
        let code = |index: &usize, a: &Coded| a.codes.get(*index).copied();
        before.is_none_or(|before| attributes.iter().any(|a| code(before, a) != code(index, a)))
    });
    let frames = order.iter().filter_map(|index| frames.get(*index).map(Arc::clone)).collect();
    Group { film: differ, ..Group::plain(frames) }
}

/// Attributes whose values have an order in time, so that the k-th at every place belong together.
fn is_order(attribute: Attribute) -> bool {
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

/// Attributes that mean another kind of image: worth a split although duplicates stay.
fn is_strong(attribute: Attribute) -> bool {
    matches!(
        attribute,
        Attribute::Segment
            | Attribute::BValue
            | Attribute::EchoTime
            | Attribute::EchoNumber
            | Attribute::InversionTime
            | Attribute::FlipAngle
            | Attribute::TubeVoltage
            | Attribute::Kernel
            | Attribute::CardiacPercent
            | Attribute::TemporalPosition
            | Attribute::ContrastPhase
            | Attribute::ImageType
            | Attribute::ComplexComponent
    )
}

/// Where frames of one direction lie.
#[derive(Debug)]
struct Places {
    /// Of each frame, which place.
    of: Vec<usize>,
    /// How many places.
    count: usize,
    /// Most frames at one place.
    most: usize,
}

impl Places {
    fn of(frames: &[Arc<Frame>]) -> Self {
        let normal = frames.iter().find_map(|frame| frame.plane).map(|plane| plane.normal());
        let mut at: Vec<(f64, usize)> = Vec::with_capacity(frames.len());
        for (index, frame) in frames.iter().enumerate() {
            let (Some(plane), Some(normal)) = (frame.plane, normal) else { continue };
            at.push((plane.origin().0.dot(normal), index));
        }
        at.sort_by(|a, b| a.0.total_cmp(&b.0));
        let thickness = frames.first().and_then(|frame| frame.thickness).map_or(0.0, |mm| mm.0);
        let near = SAME_PLACE_MM.max(thickness * 0.01);
        let mut of = vec![0; frames.len()];
        let (mut count, mut most, mut here) = (0, 0, 0);
        let mut first = f64::NEG_INFINITY;
        for (mm, index) in at {
            // From the first of a place, so that a chain of small steps is no place.
            if mm - first >= near {
                (count, here, first) = (count + 1, 0, mm);
            }
            here += 1;
            most = most.max(here);
            if let Some(slot) = of.get_mut(index) {
                *slot = count - 1;
            }
        }
        Self { of, count, most }
    }

    /// Groups that the keys make, and frames that share group and place with another.
    fn score(&self, key: impl Fn(usize) -> u64) -> Score {
        let mut pairs: Vec<(u64, usize)> =
            self.of.iter().enumerate().map(|(index, place)| (key(index), *place)).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let duplicates = self.of.len() - pairs.len();
        let sizes: Vec<usize> = pairs.chunk_by(|a, b| a.0 == b.0).map(<[_]>::len).collect();
        Score { groups: sizes.len(), duplicates, smallest: sizes.into_iter().min().unwrap_or(0) }
    }
}

#[derive(Debug, Clone, Copy)]
struct Score {
    groups: usize,
    duplicates: usize,
    /// Places that the smallest group has.
    smallest: usize,
}

/// What tells the frames of one group from the others.
#[derive(Debug)]
enum Choice {
    /// The values of one or two attributes.
    Values(Vec<Coded>),
    /// The order at each place, by this attribute's values; by number where there is none.
    Order { by: Option<Attribute>, ranks: Vec<u32> },
}

impl Choice {
    fn key(&self, frame: usize) -> Vec<u32> {
        match self {
            Self::Values(all) => all.iter().filter_map(|one| one.codes.get(frame).copied()).collect(),
            Self::Order { ranks, .. } => ranks.get(frame).copied().into_iter().collect(),
        }
    }

    /// ID and name of the group of these frames.
    fn words(&self, members: &[usize], attributes: &[Coded]) -> (String, String) {
        let first = members.first().copied().unwrap_or(0);
        let (mut ids, mut names) = (Vec::new(), Vec::new());
        match self {
            Self::Values(all) => {
                if all.iter().any(|one| matches!(one.attribute, Attribute::GradientDirection)) {
                    names.extend(weighting(members, attributes));
                }
                for one in all {
                    ids.push(name::value_id(one.attribute, one.value(first)));
                    names.extend(name::of_value(one, first));
                }
            }
            Self::Order { by, ranks } => {
                let rank = ranks.get(first).copied().unwrap_or(0) + 1;
                ids.push(name::order_id(*by, rank));
                names.extend(weighting(members, attributes));
                names.push(name::of_order(*by, rank));
            }
        }
        (ids.join(";"), names.join(", "))
    }
}

/// The b-value, where all of these frames have one and others have another.
fn weighting(members: &[usize], attributes: &[Coded]) -> Option<String> {
    let weight = attributes.iter().find(|one| one.attribute == Attribute::BValue)?;
    let mut codes = members.iter().map(|index| weight.codes.get(*index));
    let first = codes.next()?;
    if codes.all(|code| code == first) { name::of_value(weight, *members.first()?) } else { None }
}

fn choose(frames: &[Arc<Frame>], places: &Places, attributes: &[Coded]) -> Option<Choice> {
    let scores: Vec<Score> = attributes
        .iter()
        .map(|one| places.score(|i| u64::from(one.codes.get(i).copied().unwrap_or(0))))
        .collect();
    // As many groups as there are frames at the fullest place are enough.
    let few = |score: &Score| score.groups * 2 <= places.most * 3;
    // Segments seldom reach as far as each other.
    let enough = |one: &Coded, score: &Score| one.attribute == Attribute::Segment || few(score);
    let all = || attributes.iter().zip(&scores);
    let clean = all().filter(|(one, score)| score.duplicates == 0 && enough(one, score));
    if let Some((one, _)) = clean.min_by_key(|(_, score)| score.groups) {
        return Some(Choice::Values(vec![one.clone()]));
    }
    // Another kind of image at nearly every place, weighting before time; what is left is split again.
    let strong = all()
        .filter(|(one, score)| is_strong(one.attribute) && few(score) && score.smallest * 2 >= places.count);
    if let Some((one, _)) =
        strong.min_by_key(|(one, _)| is_order(one.attribute) || one.attribute == Attribute::CardiacPercent)
    {
        return Some(Choice::Values(vec![one.clone()]));
    }
    if let Some(pair) = pair(places, attributes, &scores) {
        return Some(pair);
    }
    if let Some(order) = order(frames, places, attributes) {
        return Some(order);
    }
    let whole = places.of.len() - places.count;
    let some = all().filter(|(_, score)| few(score) && score.duplicates * 2 <= whole);
    let (one, _) = some.min_by_key(|(_, score)| (score.duplicates, score.groups))?;
    Some(Choice::Values(vec![one.clone()]))
}

/// Two attributes that only together tell all frames apart.
fn pair(places: &Places, attributes: &[Coded], scores: &[Score]) -> Option<Choice> {
    let mut best: Option<(usize, Choice)> = None;
    for (at, (a, a_score)) in attributes.iter().zip(scores).enumerate() {
        for (b, b_score) in attributes.iter().zip(scores).skip(at + 1) {
            // What has more values than there are groups to make cannot be half of them.
            if a_score.groups.max(b_score.groups) > places.most {
                continue;
            }
            let code = |one: &Coded, i: usize| u64::from(one.codes.get(i).copied().unwrap_or(0));
            let score = places.score(|i| code(a, i) << 32 | code(b, i));
            let better = best.as_ref().is_none_or(|(groups, _)| score.groups < *groups);
            if score.duplicates == 0 && score.groups * 2 <= places.most * 3 && better {
                best = Some((score.groups, Choice::Values(vec![a.clone(), b.clone()])));
            }
        }
    }
    best.map(|(_, choice)| choice)
}

/// The k-th in time at every place belong together, where nearly every place has as many frames.
fn order(frames: &[Arc<Frame>], places: &Places, attributes: &[Coded]) -> Option<Choice> {
    if frames.len() * 5 < places.most * places.count * 4 {
        return None;
    }
    let mut at: Vec<Vec<usize>> = vec![Vec::new(); places.count];
    for (index, place) in places.of.iter().enumerate() {
        if let Some(list) = at.get_mut(*place) {
            list.push(index);
        }
    }
    let by = attributes.iter().filter(|one| is_order(one.attribute)).find(|one| {
        at.iter().all(|list| {
            let mut codes: Vec<_> = list.iter().map(|index| one.codes.get(*index)).collect();
            codes.sort_unstable();
            let numbers = list.iter().all(|index| matches!(one.value(*index), Some(Varying::Number(_))));
            numbers && codes.windows(2).all(|two| two.first() != two.get(1))
        })
    });
    let mut ranks = vec![0; frames.len()];
    for list in &mut at {
        // Frames come in the order of their numbers, which is all there is without a time.
        if let Some(by) = by {
            list.sort_by_key(|index| by.codes.get(*index).copied());
        }
        for (rank, index) in (0_u32..).zip(list) {
            if let Some(slot) = ranks.get_mut(*index) {
                *slot = rank;
            }
        }
    }
    Some(Choice::Order { by: by.map(|by| by.attribute), ranks })
}
