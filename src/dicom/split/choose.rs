//! Which attribute tells frames at one place apart.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::order::{self, Order, is_order};
use super::places::{Places, Score};
use super::value::{Coded, Said, coded, others};
use super::{Group, name};
use crate::image::{Attribute, Frame};

/// Splits within splits: weighting, then time, then echo.
const DEEPEST: usize = 4;

/// Splits frames of one shape where several lie at one place. The frames come in the order of their numbers.
pub(super) fn by_attributes(frames: Vec<Arc<Frame>>, said: &Said<'_>) -> Vec<Group> {
    parts(frames, said, 0)
}

fn parts(frames: Vec<Arc<Frame>>, said: &Said<'_>, depth: usize) -> Vec<Group> {
    let places = Places::of(&frames);
    if places.most == 1 || depth == DEEPEST {
        return vec![Group::plain(frames)];
    }
    let attributes = coded(&frames);
    if places.count == 1 {
        return vec![film(&frames, &attributes)];
    }
    let Some(choice) = choose(&frames, said, &places, &attributes) else { return vec![Group::plain(frames)] };
    let mut groups: BTreeMap<Vec<u32>, Vec<usize>> = BTreeMap::new();
    for index in 0..frames.len() {
        groups.entry(choice.key(index)).or_default().push(index);
    }
    let mut all = Vec::new();
    for members in groups.values() {
        let (id, name) = choice.words(members, &attributes);
        let own = members.iter().filter_map(|index| frames.get(*index).map(Arc::clone)).collect();
        for part in parts(own, said, depth + 1) {
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

/// What tells the frames of one group from the others.
#[derive(Debug)]
enum Choice {
    /// The values of one or two attributes.
    Values(Vec<Coded>),
    /// The order at each place, by this attribute's values; by number where there is none.
    Order(Order),
}

impl Choice {
    fn key(&self, frame: usize) -> Vec<u32> {
        match self {
            Self::Values(all) => all.iter().filter_map(|one| one.codes.get(frame).copied()).collect(),
            Self::Order(Order { ranks, .. }) => ranks.get(frame).copied().into_iter().collect(),
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
            Self::Order(Order { by, ranks }) => {
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

fn choose(frames: &[Arc<Frame>], said: &Said<'_>, places: &Places, attributes: &[Coded]) -> Option<Choice> {
    let score = |one: &Coded| places.score(|i| u64::from(one.codes.get(i).copied().unwrap_or(0)));
    let scores: Vec<Score> = attributes.iter().map(score).collect();
    // As many groups as there are frames at the fullest place are enough.
    let few = |score: &Score| score.groups * 2 <= places.most * 3;
    // Segments seldom reach as far as each other.
    let enough = |one: &Coded, score: &Score| one.attribute == Attribute::Segment || few(score);
    let all = || attributes.iter().zip(&scores);
    let clean = all().filter(|(one, score)| score.duplicates == 0 && enough(one, score));
    let best = clean.min_by_key(|(_, score)| score.groups);
    if let Some((one, score)) = best
        && (score.groups <= places.most || one.attribute == Attribute::Segment)
    {
        return Some(Choice::Values(vec![one.clone()]));
    }
    // What is not understood must tell as many apart as there are, and all of them.
    let (steady, wayward): (Vec<_>, Vec<_>) = others(frames, said, places.most)
        .into_iter()
        .filter(|one| score(one).duplicates == 0)
        .partition(|one| !one.follows_the_slice());
    let values = |one: &Coded| Choice::Values(vec![one.clone()]);
    if let Some(choice) = best_supported(&steady).or(best.map(|(one, _)| one)).map(values) {
        return Some(choice);
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
    if let Some(order) = order::consistent(frames, places, attributes) {
        return Some(Choice::Order(order));
    }
    if let Some(one) = best_supported(&wayward) {
        return Some(values(one));
    }
    if let Some(order) = order::by_rank(frames, places, attributes) {
        return Some(Choice::Order(order));
    }
    let whole = places.of.len() - places.count;
    let some = all().filter(|(_, score)| few(score) && score.duplicates * 2 <= whole);
    let (one, _) = some.min_by_key(|(_, score)| (score.duplicates, score.groups))?;
    Some(Choice::Values(vec![one.clone()]))
}

/// Of attributes that tell frames apart in several ways, one that most of them agree with; of equals the first.
fn best_supported(all: &[Coded]) -> Option<&Coded> {
    let mut ways: Vec<(&Coded, usize)> = Vec::new();
    for one in all {
        // Codes follow the order in which values first come: equal ways have equal codes.
        match ways.iter_mut().find(|(known, _)| known.codes == one.codes) {
            Some((_, count)) => *count += 1,
            None => ways.push((one, 1)),
        }
    }
    ways.iter().rev().max_by_key(|(_, count)| *count).map(|(one, _)| *one)
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
